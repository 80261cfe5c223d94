"""Objects that others extend, told apart by a property that their base names.

A base with a `discriminator` needs no `oneOf`: all that extend it by `allOf` are meant, too
(OpenAPI 3.2, "Discriminator Object"). Swagger 2.0 knows no other way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .spec import Choice, Component, NamedSchema, Property, Record, Ref, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .spec import SchemaId

Named = dict[str, NamedSchema]


def imply_tags(
    named: Named, bases: Mapping[SchemaId, Iterable[SchemaId]], stated: Mapping[SchemaId, str]
) -> None:
    """Complete what telling properties stand for.

    Args:
        named: All schemas; those that others extend, and choices, are replaced in it.
        bases: What each schema extends.
        stated: Tags that schemas state themselves (`x-ms-discriminator-value`).
    """
    families = _Families(named, bases, stated)
    for schema in list(named.values()):
        match schema.definition:
            case Tagged(tag=tag) if tag:
                families.complete_choice(schema, schema.definition)
            case Record(tag=tag) if tag:
                families.complete_base(schema, schema.definition)
            case _:
                pass
    families.add_tags()


class _Families:
    def __init__(
        self,
        named: Named,
        bases: Mapping[SchemaId, Iterable[SchemaId]],
        stated: Mapping[SchemaId, str],
    ) -> None:
        self._named = named
        self._stated = stated
        self._untold: dict[tuple[SchemaId, str], list[str]] = {}
        self._extensions: dict[SchemaId, list[SchemaId]] = {}
        for identity, extended in bases.items():
            for base in extended:
                self._extensions.setdefault(base, []).append(identity)

    def complete_choice(self, schema: NamedSchema, choice: Tagged) -> None:
        """Members that the mapping leaves out are tagged by their fixed value or their name."""
        mapping = dict(choice.mapping)
        self._add_implied(mapping, choice.members, choice.tag)
        lacking = [member for member in choice.members if self._lacks(member.id, choice.tag)]
        for member in lacking:
            values = [value for value, ref in mapping.items() if ref == member]
            if values:
                self._untold.setdefault((member.id, choice.tag), []).extend(values)
        completed = replace(choice, mapping=mapping, adds=bool(lacking))
        self._named[schema.id] = replace(schema, definition=completed)

    def add_tags(self) -> None:
        """Give members the telling properties that they lack.

        They are optional: elsewhere the same object may stand without them.
        """
        found: dict[tuple[SchemaId, str], list[str]] = {}
        for (identity, tag), values in self._untold.items():
            above = [at for at in self._above(identity) if (at, tag) in self._untold]
            found.setdefault((above[-1] if above else identity, tag), []).extend(values)
        # What extends them may say otherwise; asked before anything is added.
        free = [at for at in found if not any(self._states(e, at[1]) for e in self._below(at[0]))]
        for identity, tag in free:
            schema = self._named[identity]
            assert isinstance(schema.definition, Record)
            shape = Choice(tuple(dict.fromkeys(found[identity, tag])))
            added = Property(tag, shape, required=False, where=schema.where)
            properties = (*schema.definition.properties, added)
            definition = replace(schema.definition, properties=properties)
            self._named[identity] = replace(schema, definition=definition)

    def _lacks(self, identity: SchemaId, tag: str) -> bool:
        """Whether an object has no property of this name, of its own or from what it extends."""
        chain = [identity, *self._above(identity)]
        are_objects = all(isinstance(self._named[at].definition, Record) for at in chain)
        return are_objects and not any(self._states(at, tag) for at in chain)

    def _states(self, identity: SchemaId, tag: str) -> bool:
        """Whether an object itself has a property of this name."""
        definition = self._named[identity].definition
        own = definition.properties if isinstance(definition, Record) else ()
        return any(prop.wire_name == tag for prop in own)

    def _above(self, identity: SchemaId) -> Iterator[SchemaId]:
        """What an object extends, the near ones first."""
        definition = self._named[identity].definition
        while isinstance(definition, Record) and definition.base is not None:
            yield definition.base.id
            definition = self._named[definition.base.id].definition

    def complete_base(self, schema: NamedSchema, record: Record) -> None:
        """The same for all that extend an object; those in between stand for theirs."""
        below = list(self._below(schema.id))
        mapping = dict(record.subtypes)
        fixed = {
            inner
            for identity in below
            if self._fixed(self._named[identity], record.tag)
            for inner in self._below(identity)
        }
        untold = [
            Ref(inner)
            for inner in below
            if inner not in fixed or self._fixed(self._named[inner], record.tag)
        ]
        self._add_implied(mapping, untold, record.tag)
        self._tell(schema.id, record.tag, mapping)
        for identity in below:
            definition = self._named[identity].definition
            if isinstance(definition, Record) and not definition.tag:
                own = {*map(Ref, self._below(identity))}
                inner = {value: ref for value, ref in mapping.items() if ref in own}
                self._tell(identity, record.tag, inner)

    def _tell(self, identity: SchemaId, tag: str, mapping: dict[str, Ref]) -> None:
        schema = self._named[identity]
        assert isinstance(schema.definition, Record)
        has_default = schema.definition.default is not None
        others = {v: ref for v, ref in mapping.items() if ref.id != identity or has_default}
        definition = replace(schema.definition, tag=tag if others else "", subtypes=others)
        self._named[identity] = replace(schema, definition=definition)

    def _below(self, identity: SchemaId) -> Iterator[SchemaId]:
        """All objects that extend one, the near ones first."""
        met = {identity}
        waiting = [identity]
        for at in waiting:
            for inner in self._extensions.get(at, ()):
                if inner not in met and inner in self._named:
                    met.add(inner)
                    waiting.append(inner)
                    yield inner

    def _add_implied(self, mapping: dict[str, Ref], members: Iterable[Ref], tag: str) -> None:
        mapped = set(mapping.values())
        for member in members:
            if member not in mapped:
                for value in self._implied(self._named[member.id], tag):
                    mapping.setdefault(value, member)

    def _implied(self, schema: NamedSchema, tag: str) -> Iterator[str]:
        """OpenAPI 3, "Discriminator Object": the name, unless the schema fixes another value."""
        if fixed := self._fixed(schema, tag):
            yield from fixed
            return
        if isinstance(schema.definition, Tagged) and schema.definition.tag == tag:
            yield from schema.definition.mapping
            for member in schema.definition.members:
                yield from self._implied(self._named[member.id], tag)
        if schema.id in self._stated:
            yield self._stated[schema.id]
        elif isinstance(schema.origin, Component) and not schema.origin.part:
            yield schema.origin.name

    def _fixed(self, schema: NamedSchema, tag: str) -> list[str]:
        """The values that an object itself says the telling property has."""
        if not isinstance(schema.definition, Record):
            return []
        shapes = [p.shape for p in schema.definition.properties if p.wire_name == tag]
        return [str(v) for shape in shapes if isinstance(shape, Choice) for v in shape.values]
