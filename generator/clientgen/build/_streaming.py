"""Calls whose answers are read item by item, and how callers ask for that."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from clientgen.resolve._streams import is_events
from clientgen.resolve.spec import Alias, OneOf, Record, Ref, Tagged

from ._bodies import fields, in_order
from ._media import is_json
from ._overloads import success
from ._types import ANY
from .ir import Annotation, Argument, Overload, Payload, Stream, generic, union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientgen.resolve.spec import Media, Operation, SchemaId, Shape

    from ._types import Types
    from .ir import Response

SWITCH = "stream"
TELLS_OF_STREAMS = re.compile(
    r"server[- ]sent|\bsse\b|stream(s|ed|ing)? (back|the|of|partial|events|mode|to)\b",
    re.IGNORECASE,
)
"""What the description of a property `stream` says that makes the answer one."""

IS_STREAMED = Annotation(("Literal[True]",), names=frozenset({"Literal"}))
IS_WHOLE = Annotation(("Literal[False]",), names=frozenset({"Literal"}))


def stream_payload(media: Media, types: Types) -> Payload:
    """A stream and the type of its items."""
    return Payload(
        media.type,
        types.result(media.item) if media.item else None,
        types.model(media.item) if media.item else None,
        is_stream=True,
        events={name: types.model(shape) for name, shape in media.events.items()},
        ends=media.ends,
    )


def stream_of(
    operation: Operation,
    responses: tuple[Response, ...],
    arguments: tuple[Argument, ...],
    types: Types,
) -> Stream | None:
    """How the answer of an operation streams, if it does.

    Args:
        operation: The operation.
        responses: Its answers.
        arguments: Its keyword arguments.
        types: Names and types of models.
    """
    payloads = [payload for response in success(responses) for payload in response.payloads]
    streams = [payload for payload in payloads if payload.is_stream]
    known = next((a for a in arguments if a.wire_name == SWITCH), None)
    if known is not None and _streams_by_default(operation, types):
        known = replace(known, fixed=False)
    can_switch = known is not None and "bool" in known.annotation.members
    if not streams:
        if known is None or not can_switch or not payloads or not _tells_of_streams(known):
            return None
        return Stream("sse", ANY, known)
    kind: Literal["sse", "jsonl"] = "sse" if is_events(streams[0].media_type) else "jsonl"
    item = union([payload.annotation or ANY for payload in streams])
    whole = next(_wholes(operation, types), None)
    item = item if whole is None else generic("{}", item, whole)
    if len(streams) == len(payloads):
        return Stream(kind, item, None)
    if known is None and all(argument.name != SWITCH for argument in arguments):
        return Stream(kind, item, _switch(operation))
    return Stream(kind, item, known) if can_switch else None


def _wholes(operation: Operation, types: Types) -> Iterator[Annotation]:
    """Types of whole answers that items of the stream have as a member."""
    for response in operation.responses:
        items = [media.item for media in response.content if media.item is not None]
        for media in response.content:
            match media.shape:
                case Ref(id=whole) if response.status[0] == "2" and is_json(media.type):
                    if any(_holds(item, whole, types, frozenset()) for item in items):
                        yield types.result(media.shape)
                case _:
                    pass


def _holds(item: Shape, whole: SchemaId, types: Types, seen: frozenset[SchemaId]) -> bool:
    """Whether objects of a shape have a property that is a certain schema."""
    match item:
        case OneOf(members):
            return any(_holds(member, whole, types, seen) for member in members)
        case Ref(id=own) if own not in seen:
            seen |= {own}
            match types.schemas[own].definition:
                case Alias(shape):
                    return _holds(shape, whole, types, seen)
                case Tagged(members, others):
                    return any(_holds(each, whole, types, seen) for each in (*members, *others))
                case Record(properties, base):
                    is_member = any(_is(prop.shape, whole) for prop in properties)
                    return is_member or bool(base and _holds(base, whole, types, seen))
        case _:
            pass
    return False


def _is(shape: Shape, whole: SchemaId) -> bool:
    return Ref(whole) in (shape.members if isinstance(shape, OneOf) else (shape,))


def _streams_by_default(operation: Operation, types: Types) -> bool:
    """Whether the server streams when nothing is said, so that the other form must be asked for."""
    given = fields(in_order(operation.body), types.schemas) if operation.body else ()
    defaults = [(p.wire_name, p.default) for p in operation.parameters]
    defaults += [(prop.wire_name, prop.default) for prop in given]
    return any(name == SWITCH and default is True for name, default in defaults)


def _tells_of_streams(argument: Argument) -> bool:
    return TELLS_OF_STREAMS.search(" ".join(argument.lines)) is not None


def _switch(operation: Operation) -> Argument:
    """An argument of the method alone, where the media type of the answer makes the stream."""
    text = f"{SWITCH}: Whether to read the answer item by item."
    return Argument(
        SWITCH, "", "call", Annotation(("bool",)), False, (text,), text, operation.where
    )


def streamed(ways: tuple[Overload, ...], stream: Stream) -> tuple[Overload, ...]:
    """The ways to call a method that can stream: those that do not, then those that do."""
    assert stream.switch is not None
    whole = [replace(way, switch=_said(stream.switch, IS_WHOLE)) for way in ways]
    found = [
        replace(
            way,
            accept=None,
            returns=stream.item,
            wrapper="Stream",
            switch=IS_STREAMED,
            is_switched=True,
        )
        for way in ways
        if not way.is_asked
    ]
    return (*whole, *found)


def only_streamed(way: Overload, stream: Stream) -> Overload:
    """A way to call a method that does nothing but stream."""
    return replace(way, returns=stream.item, wrapper="Stream")


def _said(switch: Argument, value: Annotation) -> Annotation:
    has_null = "None" in switch.annotation.members
    return union([value, Annotation(("None",))]) if has_null else value
