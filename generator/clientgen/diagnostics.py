"""What is wrong with a document, for the person who has to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from clientgen.load import Document

Key = str | int


class Severity(str, Enum):
    """How much a diagnostic costs the user."""

    ERROR = "error"
    """The document cannot be used, or an option makes no sense with it."""
    UNSUPPORTED = "unsupported"
    """A part of the document is left out of the SDK."""
    WARNING = "warning"
    """The document is off the specification; the obvious reading was taken."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Where:
    """A node of a document: which one, and the keys that lead to it."""

    document: Document
    keys: tuple[Key, ...] = ()

    @property
    def pointer(self) -> str:
        """The JSON Pointer (RFC 6901) of the node."""
        return json_pointer(self.keys)

    @property
    def position(self) -> Position:
        """Line and column, found when asked for."""
        return self.document.position(self.keys)

    def __str__(self) -> str:
        """`file:line:column`, as compilers write it."""
        position = self.position
        return f"{self.document.name}:{position.line}:{position.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user.

    Attributes:
        code: Stable identifier, such as `CG201`.
        severity: What it costs.
        message: What is wrong and what to do, in one line.
        where: The node that it is about.
    """

    code: str
    severity: Severity
    message: str
    where: Where | None = None

    def __str__(self) -> str:
        """`file:line:column: severity CODE: message`, as compilers write it; always one line."""
        place = "" if self.where is None else f"{self.where}: "
        return one_line(f"{place}{self.severity.value} {self.code}: {self.message}")


class Diagnostics:
    """Diagnostics collected on the way, each told once.

    Args:
        ignored: Codes that are not kept; errors are all the same.
    """

    def __init__(self, ignored: Collection[str] = ()) -> None:
        self._ignored = ignored
        self._found: dict[tuple[str, str, object], Diagnostic] = {}

    def warning(self, code: str, message: str, where: Where | None) -> None:
        """Note that the obvious reading of something odd was taken."""
        self.add(Diagnostic(code, Severity.WARNING, message, where))

    def unsupported(self, code: str, message: str, where: Where | None) -> None:
        """Note that a part of the document is left out."""
        self.add(Diagnostic(code, Severity.UNSUPPORTED, message, where))

    def error(self, code: str, message: str, where: Where | None) -> None:
        """Note that something cannot be used at all."""
        self.add(Diagnostic(code, Severity.ERROR, message, where))

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic unless the same was told of the same node."""
        if diagnostic.code in self._ignored and diagnostic.severity is not Severity.ERROR:
            return
        where = diagnostic.where
        node = (where.document.name, where.keys) if where else None
        self._found.setdefault((diagnostic.code, diagnostic.message, node), diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)


def one_line(text: str) -> str:
    """The text with everything escaped that could break a line or command a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def json_pointer(keys: Sequence[Key]) -> str:
    """The JSON Pointer (RFC 6901) that these keys make."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
