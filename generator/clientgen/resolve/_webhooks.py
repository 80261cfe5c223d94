"""What an API sends to its users: webhooks, and callbacks of operations.

Webhooks became part of OpenAPI with 3.1; before, authors wrote them under `x-webhooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._shared import looks_like_media_type
from .spec import (
    Alias,
    Anything,
    Choice,
    Component,
    NamedSchema,
    OneOf,
    Record,
    Ref,
    Tagged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.diagnostics import Where

    from ._node import Node
    from ._refs import Refs
    from ._schemas import Schemas
    from .spec import Definition, Property, SchemaId, Shape

SECTIONS = ("webhooks", "x-webhooks")
EVENT = "#webhook-event"
"""Identity of the union of all events, which the document does not write down."""


def webhooks(root: Node, refs: Refs, schemas: Schemas) -> tuple[Shape, ...]:
    """What the requests carry that the API sends on its own account.

    Args:
        root: The document.
        refs: Follows references.
        schemas: Reads schemas.
    """
    found: dict[Shape, None] = {}
    for section in SECTIONS:
        given = root.get(section)
        for name, item in refs.follow(given).entries() if given else ():
            found.update(dict.fromkeys(_payloads(name, item, refs, schemas)))
    return tuple(shape for shape in found if not isinstance(shape, Anything))


def callbacks(operation: Node, refs: Refs, schemas: Schemas) -> Iterator[Shape]:
    """What the requests carry that the API sends because of an operation."""
    given = operation.get("callbacks")
    for name, written in refs.follow(given).entries() if given else ():
        for _, item in refs.follow(written).entries():
            yield from _payloads(name, item, refs, schemas)


def _payloads(name: str, written: Node, refs: Refs, schemas: Schemas) -> Iterator[Shape]:
    for _, operation in refs.follow(written).entries():
        body = operation.get("requestBody")
        content = refs.follow(body).get("content") if body else None
        for media_type, media in refs.follow(content).entries() if content else ():
            schema = refs.follow(media).get("schema")
            if schema is not None and "json" in media_type and looks_like_media_type(media_type):
                yield schemas.shape(schema, Component(_event_name(name)))
                break


def _event_name(name: str) -> str:
    """The name of a payload that has none of its own."""
    return name if name.lower().endswith("event") else f"{name} event"


def event_schema(
    shapes: tuple[Shape, ...], where: Where, named: Mapping[SchemaId, NamedSchema]
) -> NamedSchema:
    """The union of all events, told apart by a property that has another value in each.

    Args:
        shapes: What the events are.
        where: Where the document has them.
        named: The schemas of the document.
    """
    members = dict.fromkeys(member for shape in shapes for member in _members(shape, named))
    refs = tuple(member for member in members if isinstance(member, Ref))
    others = tuple(member for member in members if not isinstance(member, Ref))
    definition: Definition
    if len(members) == 1:
        definition = Alias(next(iter(members)))
    else:
        tag, mapping = _tag(refs, named)
        definition = Tagged(refs, others, tag, mapping)
    text = "An event that the API sends."
    return NamedSchema(EVENT, Component("WebhookEvent"), definition, where, text)


def _members(shape: Shape, named: Mapping[SchemaId, NamedSchema]) -> Iterator[Shape]:
    """The objects that a shape may be."""
    match shape:
        case OneOf(members):
            for member in members:
                yield from _members(member, named)
        case Ref(identity):
            match named[identity].definition:
                case Tagged(members, others):
                    for member in (*members, *others):
                        yield from _members(member, named)
                case Alias(Ref() | OneOf() as inner):
                    yield from _members(inner, named)
                case _:
                    yield shape
        case _:
            yield shape


def _tag(
    refs: tuple[Ref, ...], named: Mapping[SchemaId, NamedSchema]
) -> tuple[str, dict[str, Ref]]:
    """The property that tells members apart, and its values; empty when there is none."""
    fixed = [dict(_fixed(ref, named)) for ref in refs]
    for name in fixed[0] if fixed else ():
        values = [each.get(name) for each in fixed]
        if None not in values and len({*values}) == len(values):
            return name, {value: ref for value, ref in zip(values, refs, strict=True) if value}
    return "", {}


def _fixed(ref: Ref, named: Mapping[SchemaId, NamedSchema]) -> Iterator[tuple[str, str]]:
    """Properties of an object that have one value only."""
    for prop in _properties(ref, named):
        if (
            isinstance(prop.shape, Choice)
            and len(prop.shape.values) == 1
            and isinstance(value := prop.shape.values[0], str)
        ):
            yield prop.wire_name, value


def _properties(ref: Ref, named: Mapping[SchemaId, NamedSchema]) -> Iterable[Property]:
    definition = named[ref.id].definition
    if not isinstance(definition, Record):
        return ()
    inherited = _properties(definition.base, named) if definition.base else ()
    return (*inherited, *definition.properties)
