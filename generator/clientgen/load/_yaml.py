"""YAML 1.2: values in one pass, places in a second one when they are asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from clientgen.load._compose import Composer, Node, Place
from clientgen.load._document import Json, index
from clientgen.load._errors import Code, Flaw, quoted
from clientgen.load._events import needs_tolerance
from clientgen.load._scalars import plain, tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

    from clientgen.diagnostics import Key


def parse(text: str) -> tuple[Json, YamlPlaces]:
    """The value of the only document in a YAML stream, and where its nodes are.

    Raises:
        Flaw: The text is not YAML, holds several documents, has a duplicate key, is nested too
            deep, or its aliases expand too far.
    """
    try:
        return _parse(text, is_tolerant=False)
    except Flaw as flaw:
        if flaw.code is not Code.SYNTAX or not needs_tolerance(text):
            raise
        return _parse(text, is_tolerant=True)


class YamlPlaces:
    """Where the nodes of a valid YAML text are.

    The first question parses the text again, this time for places, which are then kept.
    """

    def __init__(self, text: str, *, is_tolerant: bool) -> None:
        self._text = text
        self._is_tolerant = is_tolerant

    def offset(self, keys: Sequence[Key]) -> int:
        """The first character of a node, or of its nearest ancestor that exists."""
        place = self._root
        for key in keys:
            child = _child(place.below, key)
            if child is None:
                break
            place = child
        return place.offset

    @cached_property
    def _root(self) -> Place:
        composer = Composer(self._text, _nothing, keep_places=True, is_tolerant=self._is_tolerant)
        below = composer.compose()
        return Place(composer.root_offset, below)


def _parse(text: str, *, is_tolerant: bool) -> tuple[Json, YamlPlaces]:
    value = Composer(text, _value, is_tolerant=is_tolerant).compose()
    # Of values alone, the composer makes nothing else.
    return cast("Json", value), YamlPlaces(text, is_tolerant=is_tolerant)


def _value(event: yaml.ScalarEvent, offset: int) -> Json:
    tag: str | None = event.tag
    if tag is None:
        return plain(event.value) if event.implicit[0] else str(event.value)
    try:
        return tagged(tag, event.value)
    except ValueError:
        kind = tag.rpartition(":")[2]
        message = f"{quoted(event.value)} is no {kind}, as its tag !!{kind} says; remove the tag"
        raise Flaw(Code.SYNTAX, message, offset) from None


def _nothing(_event: yaml.ScalarEvent, _offset: int) -> None:
    """What a tree of places needs to know of a scalar."""


def _child(below: Node, key: Key) -> Place | None:
    child: Node = None
    match below:
        case dict():
            child = below.get(str(key))
        case list() if 0 <= index(key) < len(below):
            child = below[index(key)]
    return child if isinstance(child, Place) else None
