"""Which schemas are sent, and which are written as XML: their classes have to tell more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    Alias,
    Definition,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Tagged,
    TupleOf,
)

from ._media import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.resolve.spec import Media, NamedSchema, Operation, SchemaId, Shape, Spec


@dataclass(frozen=True, slots=True)
class Uses:
    """Schemas by what they are used for, with all that is inside them.

    Attributes:
        in_xml: Written or read as XML.
        in_requests: Sent in a body.
    """

    in_xml: frozenset[SchemaId]
    in_requests: frozenset[SchemaId]


def uses(spec: Spec) -> Uses:
    """What the schemas of a document are used for."""
    sent = [media for operation in spec.operations for media in _sent(operation)]
    received = [
        media
        for operation in spec.operations
        for response in operation.responses
        for media in response.content
    ]
    as_xml = [media for media in (*sent, *received) if kind_of(media.type) == "xml"]
    return Uses(_reached(as_xml, spec.schemas), _reached(sent, spec.schemas))


def _sent(operation: Operation) -> tuple[Media, ...]:
    return operation.body.content if operation.body is not None else ()


def _reached(
    content: Iterable[Media], schemas: Mapping[SchemaId, NamedSchema]
) -> frozenset[SchemaId]:
    """The named schemas that media types are made of, however deep."""
    found: set[SchemaId] = set()
    waiting = [media.shape for media in content if media.shape is not None]
    while waiting:
        for ref in _refs(waiting.pop()):
            if ref.id not in found:
                found.add(ref.id)
                waiting += _shapes(schemas[ref.id].definition)
    return frozenset(found)


def _refs(shape: Shape) -> Iterator[Ref]:
    match shape:
        case Ref():
            yield shape
        case ListOf(inner) | MapOf(inner):
            yield from _refs(inner)
        case TupleOf(items, rest):
            for item in (*items, *((rest,) if rest is not None else ())):
                yield from _refs(item)
        case OneOf(members):
            for member in members:
                yield from _refs(member)
        case _:
            return


def _shapes(definition: Definition) -> Iterator[Shape]:
    match definition:
        case Record():
            yield from (prop.shape for prop in definition.properties)
            beside = (definition.base, definition.extra)
            yield from (shape for shape in beside if shape is not None)
            yield from definition.subtypes.values()
        case Tagged(members, others):
            yield from (*members, *others)
        case Alias(shape):
            yield shape
