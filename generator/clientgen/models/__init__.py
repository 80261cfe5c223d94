"""Models: a class for each object that the document describes, an alias for other named types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build import ir
from clientgen.build._docs import wrapped
from clientgen.build._identifiers import Names, identifier
from clientgen.resolve.spec import (
    Alias,
    NamedSchema,
    Property,
    Record,
    SchemaId,
    Spec,
    Tagged,
)

from ._classes import ClassSource, FieldSource, RecordSource, write_classes
from ._schema import json_schema
from ._tags import telling_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build._types import Types
    from clientgen.diagnostics import Diagnostics

__all__ = ["models"]

FIELD_NAMES = frozenset(
    [
        "bool",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "str",
        "tuple",
        "construct",
        "copy",
        "dict",
        "fields",
        "from_dict",
        "from_orm",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "to_dict",
        "to_json",
        "update_forward_refs",
        "validate",
    ]
)
"""Attributes of every model, and types whose names annotations use."""


def models(spec: Spec, types: Types, diagnostics: Diagnostics) -> tuple[ir.ModelModule, ...]:
    """Write the models of a document.

    Args:
        spec: The document.
        types: The names that its schemas have been given.
        diagnostics: Receives the schemas that no class can be made of.
    """
    return _Models(spec, types, diagnostics).modules()


class _Models:
    def __init__(self, spec: Spec, types: Types, diagnostics: Diagnostics) -> None:
        self._schemas = spec.schemas
        self._types = types
        self._diagnostics = diagnostics
        self._fields: dict[SchemaId, dict[str, str]] = {}
        self._families = _families(spec)
        self._homes = {name.name: name.module for name in types.names.values()}

    def modules(self) -> tuple[ir.ModelModule, ...]:
        records = {
            self._name(schema.id): self._record(schema, schema.definition)
            for schema in self._schemas.values()
            if isinstance(schema.definition, Record)
        }
        classes = write_classes(records, self._diagnostics)
        grouped: dict[str, list[NamedSchema]] = {}
        for schema in self._schemas.values():
            grouped.setdefault(self._types.names[schema.id].module, []).append(schema)
        return tuple(self._module(name, group, classes) for name, group in grouped.items())

    def _name(self, identity: SchemaId) -> str:
        return self._types.names[identity].name

    # --- Modules ---------------------------------------------------------------------------

    def _module(
        self, name: str, schemas: list[NamedSchema], classes: Mapping[str, ClassSource]
    ) -> ir.ModelModule:
        members = _in_order([self._model(schema, classes) for schema in schemas])
        own = {member.name for member in members}
        used = frozenset().union(*(member.used for member in members))
        bases = {base for member in members for base in member.eager} - own
        models = {model for model in used if model in self._homes}
        later = _used_too_early(members)
        lazy = {model: self._homes[model] for model in sorted(models - own - bases)}
        return ir.ModelModule(
            name,
            tuple(members),
            bases={model: self._homes[model] for model in sorted(bases)},
            lazy=lazy,
            later=later,
            names=used - models | ({"TYPE_CHECKING", "lazy"} if lazy or later else set()),
        )

    def _model(self, schema: NamedSchema, classes: Mapping[str, ClassSource]) -> ir.Model:
        name = self._name(schema.id)
        match schema.definition:
            case Record():
                source = classes.get(name)
                if source is None:
                    any_value = ir.named("Any")
                    return ir.AliasModel(name, any_value, wrapped(schema.description))
                base = self._base(schema.definition)
                return ir.RecordModel(name, base, source.text, source.names)
            case Tagged() as tagged:
                members = [*tagged.members, *tagged.others]
                annotation = ir.union([self._types.model(shape) for shape in members])
                tag, members_by_value = telling_property(tagged, self._schemas)
                mapping = {value: self._name(ref.id) for value, ref in members_by_value.items()}
                lines = wrapped(schema.description)
                return ir.TaggedModel(name, annotation, tag, mapping, lines)
            case Alias(shape):
                annotation = self._types.alias(shape)
                return ir.AliasModel(name, annotation, wrapped(schema.description))

    # --- Classes ---------------------------------------------------------------------------

    def _record(self, schema: NamedSchema, record: Record) -> RecordSource:
        names = self._field_names(schema.id)
        return RecordSource(
            self._base(record) or "ApiModel",
            tuple(self._field(prop, names[prop.wire_name]) for prop in record.properties),
            "\n".join(wrapped(schema.description)),
            schema.where,
        )

    def _base(self, record: Record) -> str | None:
        return self._name(record.base.id) if record.base else None

    def _field(self, prop: Property, name: str) -> FieldSource:
        required = prop.required and not prop.write_only
        text = "\n".join(wrapped(prop.description))
        return FieldSource(
            name, prop.wire_name, json_schema(prop.shape, self._types), required, text
        )

    def _field_names(self, identity: SchemaId) -> dict[str, str]:
        """Python names by wire name, those that the bases use included."""
        if identity not in self._fields:
            definition = self._schemas[identity].definition
            assert isinstance(definition, Record)
            inherited = self._field_names(definition.base.id) if definition.base else {}
            # Models are built by both kinds of names: one must not be another field's other.
            wire_names = self._families[identity]
            scope = Names(FIELD_NAMES | wire_names | set(inherited.values()))
            found = dict(inherited)
            for prop in definition.properties:
                wanted = identifier(prop.wire_name, "field", reserved=FIELD_NAMES)
                is_free = wanted == prop.wire_name and wanted not in inherited.values()
                found[prop.wire_name] = wanted if is_free else scope.take(wanted)
            self._fields[identity] = found
        return self._fields[identity]


def _families(spec: Spec) -> dict[SchemaId, set[str]]:
    """For each object the wire names of all that extend each other with it."""
    found: dict[SchemaId, set[str]] = {}
    for schema in spec.schemas.values():
        own: set[str] = set()
        at: NamedSchema | None = schema
        while at is not None and isinstance(at.definition, Record):
            own |= {prop.wire_name for prop in at.definition.properties}
            own |= found.get(at.id, set())
            found[at.id] = own
            at = spec.schemas[at.definition.base.id] if at.definition.base else None
    return found


def _in_order(members: list[ir.Model]) -> list[ir.Model]:
    """The models of a module, those that others there use before these, as far as that goes."""
    named = {member.name: member for member in members}
    ordered: dict[str, ir.Model] = {}
    opened: set[str] = set()
    stack = list(reversed(members))
    while stack:
        member = stack[-1]
        opened.add(member.name)
        wanted = [*sorted(member.needed), *sorted(member.used)]
        missing = [name for name in wanted if name in named and name not in opened]
        if missing:
            stack.append(named[missing[0]])
        else:
            ordered.setdefault(member.name, stack.pop())
    return list(ordered.values())


def _used_too_early(members: list[ir.Model]) -> tuple[str, ...]:
    """Models of a module that others use above them; stand-ins take their places there."""
    own = {member.name for member in members}
    found: dict[str, None] = {}
    defined: set[str] = set()
    for member in members:
        for name in sorted(member.used & own - defined - {member.name}):
            found[name] = None
        defined.add(member.name)
    return tuple(found)
