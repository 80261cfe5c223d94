"""Other schemas, or any value at all, in the place of some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    Alias,
    Anything,
    ListOf,
    MapOf,
    Media,
    NamedSchema,
    OneOf,
    Operation,
    Record,
    Ref,
    Tagged,
    TupleOf,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clientgen.resolve.spec import Definition, Header, SchemaId, Shape, Spec


def substituted(spec: Spec, others: Mapping[SchemaId, SchemaId | None]) -> Spec:
    """The document without some of its schemas.

    Args:
        spec: The document.
        others: What stands in the place of each schema that goes: another one, or any value.
    """
    if not others:
        return spec
    change = _Substitution(others)
    return replace(
        spec,
        operations=tuple(map(change.operation, spec.operations)),
        schemas={
            identity: change.schema(schema)
            for identity, schema in spec.schemas.items()
            if identity not in others
        },
        event=change.ref(spec.event),
    )


class _Substitution:
    def __init__(self, others: Mapping[SchemaId, SchemaId | None]) -> None:
        self._others = others

    def ref(self, ref: Ref | None) -> Ref | None:
        """What stands in the place of a schema where only a schema can; None when none does."""
        other = None if ref is None else self._others.get(ref.id, ref.id)
        return None if other is None else Ref(other)

    def refs(self, refs: Iterable[Ref]) -> tuple[Ref, ...]:
        return tuple(dict.fromkeys(other for ref in refs if (other := self.ref(ref))))

    def mapping(self, refs: Mapping[str, Ref]) -> dict[str, Ref]:
        return {value: other for value, ref in refs.items() if (other := self.ref(ref))}

    def shape(self, shape: Shape) -> Shape:
        match shape:
            case Ref():
                return self.ref(shape) or Anything()
            case ListOf(item):
                return replace(shape, item=self.shape(item))
            case MapOf(value):
                return MapOf(self.shape(value))
            case OneOf(members):
                changed = tuple(dict.fromkeys(map(self.shape, members)))
                if Anything() in changed:
                    return Anything()
                return OneOf(changed) if len(changed) > 1 else changed[0]
            case TupleOf(items, rest):
                return TupleOf(
                    tuple(map(self.shape, items)), None if rest is None else self.shape(rest)
                )
            case _:
                return shape

    def shapes(self, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
        return {name: self.shape(shape) for name, shape in shapes.items()}

    def schema(self, schema: NamedSchema) -> NamedSchema:
        origin = schema.origin
        if isinstance(origin, Within):
            origin = replace(origin, parent=self._others.get(origin.parent) or origin.parent)
        return replace(schema, origin=origin, definition=self.definition(schema.definition))

    def definition(self, definition: Definition) -> Definition:
        match definition:
            case Alias(shape):
                return Alias(self.shape(shape))
            case Tagged(members, others, _, mapping, default):
                choice = replace(
                    definition,
                    members=self.refs(members),
                    others=tuple(map(self.shape, others)),
                    mapping=self.mapping(mapping),
                    default=self.ref(default),
                )
                # Others than the known members are kept as they come, anyway.
                return choice if choice.members or choice.others else Alias(Anything())
            case Record(properties, base, extra, _, subtypes, default):
                return replace(
                    definition,
                    properties=tuple(replace(p, shape=self.shape(p.shape)) for p in properties),
                    base=self.ref(base),
                    extra=None if extra is None else self.shape(extra),
                    subtypes=self.mapping(subtypes),
                    default=self.ref(default),
                )

    def operation(self, operation: Operation) -> Operation:
        body = operation.body
        return replace(
            operation,
            parameters=tuple(replace(p, shape=self.shape(p.shape)) for p in operation.parameters),
            body=None if body is None else replace(body, content=self.content(body.content)),
            responses=tuple(
                replace(r, content=self.content(r.content), headers=self.headers(r.headers))
                for r in operation.responses
            ),
            callbacks=tuple(map(self.shape, operation.callbacks)),
        )

    def headers(self, headers: Mapping[str, Header]) -> dict[str, Header]:
        return {name: replace(each, shape=self.shape(each.shape)) for name, each in headers.items()}

    def content(self, content: Iterable[Media]) -> tuple[Media, ...]:
        return tuple(
            replace(
                media,
                shape=None if media.shape is None else self.shape(media.shape),
                item=None if media.item is None else self.shape(media.item),
                events=self.shapes(media.events),
            )
            for media in content
        )
