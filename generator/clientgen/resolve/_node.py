"""Places in a document: a value together with the way that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientgen.diagnostics import Key, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.load import Document, Json


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value of a document. Children are made when asked for, so walking copies nothing."""

    value: Json
    document: Document
    parent: Node | None = None
    key: Key = ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that lead here from the root."""
        found: list[Key] = []
        node = self
        while node.parent is not None:
            found.append(node.key)
            node = node.parent
        return tuple(reversed(found))

    @property
    def where(self) -> Where:
        """The place, for diagnostics."""
        return Where(self.document, self.keys)

    @property
    def mapping(self) -> Mapping[str, Json]:
        """The value when it is an object, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, key: str) -> Node | None:
        """The entry of that name, if there is one that is not null."""
        value = self.mapping.get(key)
        return None if value is None else Node(value, self.document, self, key)

    def child(self, key: Key) -> Node | None:
        """The entry or item under a key of a JSON Pointer, null included."""
        if isinstance(self.value, dict):
            key = str(key)
            if key in self.value:
                return Node(self.value[key], self.document, self, key)
        elif isinstance(self.value, list) and str(key).isdecimal() and str(key).isascii():
            index = int(key)
            if index < len(self.value):
                return Node(self.value[index], self.document, self, index)
        return None

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The entries of an object, in the order of the document."""
        for key, value in self.mapping.items():
            yield key, Node(value, self.document, self, key)

    def items(self) -> Iterator[Node]:
        """The items of an array."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(value, self.document, self, index)

    def text(self, key: str) -> str:
        """The entry of that name as text; empty when it is absent or no scalar."""
        value = self.mapping.get(key)
        return scalar_text(value)

    def flag(self, key: str) -> bool:
        """Whether the entry of that name is true; `"true"` counts as authors mean it."""
        value = self.mapping.get(key)
        return value is True or value == "true"


def scalar_text(value: Json) -> str:
    """A scalar as an author would write it, else nothing."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return ""
