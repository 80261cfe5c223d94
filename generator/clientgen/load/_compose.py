"""Builds a tree from the events of a YAML text: keys, merge keys, aliases, and all limits.

The containers that are open are on a list, so no document can exhaust Python's stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import yaml

from clientgen.load._errors import Code, Flaw, quoted
from clientgen.load._events import events
from clientgen.load._flaws import duplicate_key, too_deep
from clientgen.load._limits import MAX_ALIASED_NODES, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

_MERGE_TAG = "tag:yaml.org,2002:merge"

Node: TypeAlias = object
"""A `dict`, a `list`, or a leaf."""


class Place(NamedTuple):
    """Where a node stands, and the places of the nodes below it."""

    offset: int
    below: Node


class _Anchored(NamedTuple):
    node: Node
    text: str | None
    size: int
    height: int


@dataclass(slots=True)
class _Sequence:
    offset: int
    anchor: str | None
    nodes_before: int
    height: int = 1
    items: list[Node] = field(default_factory=list)

    def built(self) -> Node:
        return self.items


@dataclass(slots=True)
class _Mapping:
    offset: int
    anchor: str | None
    nodes_before: int
    height: int = 1
    entries: dict[str, Node] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)
    merged: list[dict[str, Node]] = field(default_factory=list)
    key: str | None = None
    key_offset: int = 0
    is_merging: bool = False

    def built(self) -> Node:
        """The entries; those that were merged come first, and an earlier source wins."""
        if not self.merged:
            return self.entries
        entries: dict[str, Node] = {}
        for source in reversed(self.merged):
            entries.update(source)
        entries.update(self.entries)
        return entries


class Composer:
    """One pass over a text.

    What the tree holds is up to the caller: `read` turns a scalar into a leaf, and with
    `keep_places` every child is a `Place` instead of the node itself.

    Attributes:
        root_offset: Where the root node starts, once `compose` is done.
    """

    def __init__(
        self,
        text: str,
        read: Callable[[yaml.ScalarEvent, int], Node],
        *,
        keep_places: bool = False,
        is_tolerant: bool = False,
    ) -> None:
        self.root_offset = 0
        self._root: Node = None
        self._text = text
        self._read = read
        self._keep_places = keep_places
        self._is_tolerant = is_tolerant
        self._open: list[_Sequence | _Mapping] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._aliased = 0

    def compose(self) -> Node:
        """The root node; `None` for an empty stream.

        Raises:
            Flaw: The text is not one YAML document, or breaks a limit.
        """
        documents = 0
        for event, offset in events(self._text, is_tolerant=self._is_tolerant):
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event, offset)
                case yaml.MappingStartEvent():
                    self._begin(_Mapping(offset, event.anchor, self._nodes))
                case yaml.SequenceStartEvent():
                    self._begin(_Sequence(offset, event.anchor, self._nodes))
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end()
                case yaml.AliasEvent():
                    self._alias(str(event.anchor), offset)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise _several_documents(offset)
        return self._root

    def _scalar(self, event: yaml.ScalarEvent, offset: int) -> None:
        self._nodes += 1
        if event.anchor is not None:
            leaf = self._read(event, offset)
            self._anchors[event.anchor] = _Anchored(leaf, event.value, size=1, height=0)
        mapping = self._mapping_without_key()
        if mapping:
            mapping.is_merging = _is_merge_key(event)
            self._name(mapping, event.value, offset)
        else:
            self._add(self._read(event, offset), offset, height=0)

    def _begin(self, container: _Sequence | _Mapping) -> None:
        if self._mapping_without_key():
            raise _not_a_key(container.offset)
        self._nodes += 1
        if container.anchor is not None:
            # Until it ends, its alias would stand inside it.
            self._anchors.pop(container.anchor, None)
        self._open.append(container)
        if len(self._open) > MAX_DEPTH:
            raise too_deep(container.offset)

    def _end(self) -> None:
        container = self._open.pop()
        node = container.built()
        if container.anchor is not None:
            size = self._nodes - container.nodes_before
            self._anchors[container.anchor] = _Anchored(node, None, size, container.height)
        self._add(node, container.offset, container.height)

    def _alias(self, name: str, offset: int) -> None:
        anchored = self._anchors.get(name)
        if anchored is None:
            raise self._lost_alias(name, offset)
        mapping = self._mapping_without_key()
        if mapping and anchored.text is None:
            raise _not_a_key(offset)
        if mapping and anchored.text is not None:
            self._name(mapping, anchored.text, offset)
            return
        if len(self._open) + anchored.height > MAX_DEPTH:
            raise too_deep(offset)
        self._count_aliased(anchored.size, offset)
        self._add(anchored.node, offset, anchored.height)

    def _lost_alias(self, name: str, offset: int) -> Flaw:
        alias = quoted(f"*{name}")
        if any(container.anchor == name for container in self._open):
            message = f"the alias {alias} stands inside what it refers to; remove it"
            return Flaw(Code.TOO_BIG, message, offset)
        message = f"no anchor before the alias {alias}; use quotes for plain text"
        return Flaw(Code.SYNTAX, message, offset)

    def _mapping_without_key(self) -> _Mapping | None:
        if not self._open:
            return None
        last = self._open[-1]
        return last if isinstance(last, _Mapping) and last.key is None else None

    def _name(self, mapping: _Mapping, key: str, offset: int) -> None:
        """Take a key; the next node is its value."""
        mapping.key = key
        mapping.key_offset = offset
        if mapping.is_merging:
            return
        first = mapping.offsets.setdefault(key, offset)
        if first != offset:
            raise duplicate_key(self._text, key, first, offset)

    def _add(self, node: Node, offset: int, height: int) -> None:
        if not self._open:
            self._root, self.root_offset = node, offset
            return
        parent = self._open[-1]
        if parent.height <= height:
            parent.height = height + 1
        match parent:
            case _Sequence():
                parent.items.append(self._kept(offset, node))
            case _Mapping(is_merging=True):
                self._merge(parent, node, offset)
            case _Mapping(key=str() as key):
                parent.entries[key] = self._kept(parent.key_offset, node)
                parent.key = None

    def _kept(self, offset: int, node: Node) -> Node:
        return Place(offset, node) if self._keep_places else node

    def _merge(self, mapping: _Mapping, node: Node, offset: int) -> None:
        """Take the value of a merge key: a mapping, or a list of them."""
        for source in node if isinstance(node, list) else [node]:
            entries = source.below if isinstance(source, Place) else source
            if not isinstance(entries, dict):
                message = "the merge key << takes a mapping or a list of mappings; quote it as text"
                raise Flaw(Code.SYNTAX, message, offset)
            self._count_aliased(len(entries), offset)
            mapping.merged.append(entries)
        mapping.key = None
        mapping.is_merging = False

    def _count_aliased(self, size: int, offset: int) -> None:
        self._nodes += size
        self._aliased += size
        if self._aliased > MAX_ALIASED_NODES:
            message = (
                f"aliases expand to more than {MAX_ALIASED_NODES:,} nodes; write fewer of them"
            )
            raise Flaw(Code.TOO_BIG, message, offset)


def _is_merge_key(event: yaml.ScalarEvent) -> bool:
    """Whether a key means `<<` of the YAML 1.1 type repository, which real documents still use."""
    if event.tag is not None:
        return bool(event.tag == _MERGE_TAG)
    return bool(event.value == "<<" and event.implicit[0])


def _not_a_key(offset: int) -> Flaw:
    message = "a key must be text; if this is a value in braces or brackets, put it in quotes"
    return Flaw(Code.SYNTAX, message, offset)


def _several_documents(offset: int) -> Flaw:
    message = "a second YAML document begins here; keep one document in a file"
    return Flaw(Code.SYNTAX, message, offset)
