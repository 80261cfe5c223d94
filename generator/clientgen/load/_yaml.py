"""YAML 1.2: values in one pass, places in a second one when they are asked for."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, cast

from clientgen.load._compose import Composer, Node, Place
from clientgen.load._document import Json, index
from clientgen.load._errors import Code, Flaw, quoted
from clientgen.load._scalars import plain, tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import yaml

    from clientgen.diagnostics import Key

# White space that is alone on a line, or before a comment, may hold tabs (YAML 1.2.2 section
# 6.6), but not for PyYAML.
_HARMLESS_TABS = re.compile(r"^ *\t[ \t]*(?=#|\r|$)", re.MULTILINE)


def parse(text: str) -> tuple[Json, YamlPlaces]:
    """The value of the only document in a YAML stream, and where its nodes are.

    Raises:
        Flaw: The text is not YAML, holds several documents, has a duplicate key, is nested too
            deep, or its aliases expand too far.
    """
    try:
        return _parse(text)
    except Flaw as flaw:
        without_tabs = _HARMLESS_TABS.sub(lambda match: " " * len(match[0]), text)
        if flaw.code is not Code.SYNTAX or without_tabs == text:
            raise
        return _parse(without_tabs)


class YamlPlaces:
    """Where the nodes of a valid YAML text are.

    The first question parses the text again, this time for places, which are then kept.
    """

    def __init__(self, text: str) -> None:
        self._text = text

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
        composer = Composer(self._text, lambda _event, _offset: None, keep_places=True)
        below = composer.compose()
        return Place(composer.root_offset, below)


def _parse(text: str) -> tuple[Json, YamlPlaces]:
    value = Composer(text, _value).compose()
    # Of values alone, the composer makes nothing else.
    return cast("Json", value), YamlPlaces(text)


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


def _child(below: Node, key: Key) -> Place | None:
    child: Node = None
    match below:
        case dict():
            child = below.get(str(key))
        case list() if 0 <= index(key) < len(below):
            child = below[index(key)]
    return child if isinstance(child, Place) else None
