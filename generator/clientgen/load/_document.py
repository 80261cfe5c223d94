"""A document that has been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientgen.diagnostics import Key, Position
    from clientgen.load._text import Text

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class Places(Protocol):
    """Knows where the nodes of a text are."""

    def offset(self, keys: Sequence[Key]) -> int:
        """The first character of a node, or of its nearest ancestor that exists."""


def index(key: Key) -> int:
    """A key as the index of an array, as JSON Pointers write it (RFC 6901 section 4); else -1."""
    if isinstance(key, int):
        return key
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 else -1


@dataclass(frozen=True)
class FixedPlace:
    """The only place of a text that could not be parsed: its mistake."""

    at: int

    def offset(self, keys: Sequence[Key]) -> int:
        """The place of the mistake, whatever is asked for."""
        return self.at


@dataclass(frozen=True, eq=False)
class Document:
    """The values of one JSON or YAML document, and where each of them stands.

    Two documents are equal only when they are the same object; a `Loader` makes one per URI.

    Attributes:
        uri: Absolute: `file:///…`, `https://…`, or `stdin:`. Relative references start from it.
        name: What diagnostics show: the path as the user gave it, the URL, or `<stdin>`.
        value: The content. Keys are always text as it is written in the document, so `200:` in
            YAML is the key `"200"`. YAML aliases share one object: do not change it in place.
        sha256: Hexadecimal digest of what was read, the same with the line ends of any system.
    """

    uri: str
    name: str
    value: Json = field(repr=False)
    sha256: str
    _text: Text = field(repr=False)
    _places: Places = field(repr=False)

    @property
    def path(self) -> Path | None:
        """The file that it was read from; None for what came from elsewhere."""
        return Path(unquote(urlsplit(self.uri).path)) if self.uri.startswith("file:") else None

    def position(self, keys: Sequence[Key]) -> Position:
        """Line and column of a node; of its key for an entry of a mapping.

        The first question about a document reads its text once more; those that follow are cheap.

        Args:
            keys: The keys and indexes that lead to the node. Where they lead nowhere, the last
                node that exists on the way is meant.
        """
        return self._text.position(self._places.offset(keys))

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end; empty beyond the last line."""
        return self._text.line(number)
