"""Models: a class for each object that the document describes, an alias for other named types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build import ir
from clientgen.build._docs import WIDTH, with_example, wrapped
from clientgen.build._identifiers import Names, identifier
from clientgen.build._types import ANY, parts
from clientgen.build._uses import uses
from clientgen.build._xml import xml_code
from clientgen.resolve.spec import (
    Alias,
    Choice,
    Component,
    NamedSchema,
    Property,
    Record,
    Ref,
    SchemaId,
    Spec,
    Tagged,
)

from ._classes import ClassSource, FieldSource, RecordSource, write_classes
from ._schema import json_schema
from ._tags import telling_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        self._uses = uses(spec)
        self._circular = _circular(spec, types)
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
        circular = tuple(member.name for member in members if member.name in self._circular)
        lazy = {model: self._homes[model] for model in sorted(models - own - bases)}
        return ir.ModelModule(
            name,
            tuple(members),
            bases={model: self._homes[model] for model in sorted(bases)},
            lazy=lazy,
            later=later,
            circular=circular,
            overrides=any(map(self._overrides, schemas)),
            names=used - models
            | ({"TYPE_CHECKING", "lazy"} if lazy or later or circular else set()),
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
                return ir.RecordModel(
                    name,
                    base,
                    source.text,
                    source.names,
                    xml=self._xml(schema, schema.definition),
                    read_only=self._read_only(schema.id, schema.definition),
                )
            case Tagged() as tagged:
                members = [*tagged.members, *tagged.others]
                annotation = ir.union([self._types.model(shape) for shape in members])
                tag, members_by_value = telling_property(tagged, self._schemas)
                mapping = {value: self._name(ref.id) for value, ref in members_by_value.items()}
                default = self._name(tagged.default.id) if tagged.default else ""
                lines = wrapped(schema.description)
                return ir.TaggedModel(
                    name, annotation, tag, mapping, lines, default, adds=tagged.adds
                )
            case Alias(shape):
                annotation = self._types.alias(shape)
                return ir.AliasModel(name, annotation, wrapped(schema.description))

    def _xml(self, schema: NamedSchema, record: Record) -> str:
        """What is said of a class that XML is made of, where its own name and fields do not."""
        if schema.id not in self._uses.in_xml:
            return ""
        name = ""
        if isinstance(schema.origin, Component) and not schema.origin.part:
            name = schema.origin.name if schema.origin.name != self._name(schema.id) else ""
        fields = {prop.wire_name: prop.xml for prop in record.properties if prop.xml}
        return xml_code(schema.xml, fields, name)

    def _read_only(self, identity: SchemaId, record: Record) -> tuple[str, ...]:
        if identity not in self._uses.in_requests:
            return ()
        return tuple(prop.wire_name for prop in record.properties if prop.read_only)

    def _overrides(self, schema: NamedSchema) -> bool:
        """Whether a class has attributes of its bases otherwise than they do."""
        if not isinstance(schema.definition, Record):
            return False
        inherited = {p.wire_name for r in self._above(schema.definition) for p in r.properties}
        own = {prop.wire_name for prop in schema.definition.properties}
        return bool(inherited & own)

    # --- Classes ---------------------------------------------------------------------------

    def _record(self, schema: NamedSchema, record: Record) -> RecordSource:
        names = self._field_names(schema.id)
        return RecordSource(
            self._bases(record),
            tuple(
                self._field(
                    prop, names[prop.wire_name], is_sent=schema.id in self._uses.in_requests
                )
                for prop in record.properties
            ),
            "\n".join(_told(schema.description, is_deprecated=schema.deprecated)),
            schema.where,
            self._extra(record),
        )

    def _bases(self, record: Record) -> str:
        """What stands in parentheses after a class's name."""
        base = self._base(record)
        if not record.tag:
            return base or "ApiModel"
        bases = [base] if base else []
        if not any(inherited.tag for inherited in self._above(record)):
            bases.append("TaggedModel")
        subtypes = {value: self._name(ref.id) for value, ref in record.subtypes.items()}
        default = f", default={self._name(record.default.id)!r}" if record.default else ""
        return f"{', '.join(bases)}, tag={record.tag!r}, subtypes={subtypes!r}{default}"

    def _above(self, record: Record) -> Iterator[Record]:
        """What an object extends, the nearest first."""
        while record.base is not None:
            definition = self._schemas[record.base.id].definition
            assert isinstance(definition, Record)
            record = definition
            yield record

    def _extra(self, record: Record) -> ir.Annotation | None:
        """The type of what an object holds beside its properties, None for any value.

        Each class tells it anew: pydantic reads the type in the module of the class.
        """
        found = next((r.extra for r in (record, *self._above(record)) if r.extra is not None), None)
        annotation = self._types.model(found) if found is not None else ANY
        return None if annotation == ANY else annotation

    def _base(self, record: Record) -> str | None:
        return self._name(record.base.id) if record.base else None

    def _field(self, prop: Property, name: str, *, is_sent: bool) -> FieldSource:
        required = prop.required and not prop.write_only
        lines = _told(prop.description, is_deprecated=prop.deprecated)
        if lines and not isinstance(prop.shape, Choice | Ref):
            last = with_example(lines[-1], prop.examples)
            lines = (*lines[:-1], last if len(last) <= WIDTH else lines[-1])
        return FieldSource(
            name,
            prop.wire_name,
            json_schema(prop.shape, self._types),
            required,
            "\n".join(lines),
            from_server=required and prop.read_only and is_sent,
        )

    def _field_names(self, identity: SchemaId) -> dict[str, str]:
        """Python names by wire name, those that the bases use included."""
        if identity not in self._fields:
            definition = self._schemas[identity].definition
            assert isinstance(definition, Record)
            inherited = self._field_names(definition.base.id) if definition.base else {}
            # Models are built by both kinds of names: one must not be another field's other.
            wire_names = self._families[identity]
            given = {prop.called for prop in definition.properties}
            scope = Names(FIELD_NAMES | wire_names | given | {*inherited, *inherited.values()})
            found = dict(inherited)
            for prop in definition.properties:
                if prop.wire_name in inherited:
                    continue  # narrowed here
                asked = prop.asked or prop.wire_name
                wanted = prop.called or identifier(asked, "field", reserved=FIELD_NAMES)
                is_free = bool(prop.called) or (
                    wanted == prop.wire_name and wanted not in inherited.values()
                )
                found[prop.wire_name] = wanted if is_free else scope.take(wanted)
            self._fields[identity] = found
        return self._fields[identity]


def _told(text: str, *, is_deprecated: bool) -> tuple[str, ...]:
    """A description as lines."""
    return wrapped(f"Deprecated. {text}" if is_deprecated else text)


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


def _circular(spec: Spec, types: Types) -> frozenset[str]:
    """Names of types that are no classes and stand within themselves."""
    used: dict[SchemaId, set[SchemaId]] = {}
    for schema in spec.schemas.values():
        match schema.definition:
            case Alias(shape):
                found = [shape]
            case Tagged(members, others):
                found = [*members, *others]
            case Record():
                continue
        inner = {each.id for shape in found for each in parts(shape) if isinstance(each, Ref)}
        if inner:
            used[schema.id] = inner
    return frozenset(types.names[identity].name for identity in used if _leads_back(identity, used))


def _leads_back(start: SchemaId, used: Mapping[SchemaId, set[SchemaId]]) -> bool:
    met: set[SchemaId] = set()
    waiting = list(used[start])
    while waiting:
        at = waiting.pop()
        if at == start:
            return True
        if at in used and at not in met:
            met.add(at)
            waiting += used[at]
    return False


def _in_order(members: list[ir.Model]) -> list[ir.Model]:
    """The models of a module, those that others there need before these.

    So are those that they use, as far as that goes: not where these need what uses them.
    """
    named = {member.name: member for member in members}
    ordered: dict[str, ir.Model] = {}
    opened: set[str] = set()
    stack = list(reversed(members))
    while stack:
        member = stack[-1]
        opened.add(member.name)
        found = _next_before(member, named, opened, opened - ordered.keys())
        if found is None:
            ordered.setdefault(member.name, stack.pop())
        else:
            stack.append(found)
    return list(ordered.values())


def _next_before(
    member: ir.Model, named: Mapping[str, ir.Model], opened: set[str], waiting: set[str]
) -> ir.Model | None:
    """A model that comes before another one and has not been looked at."""
    for name in sorted(member.needed):
        if name in named and name not in opened:
            return named[name]
    for name in sorted(member.used):
        if name in named and name not in opened and waiting.isdisjoint(_bases(name, named)):
            return named[name]
    return None


def _bases(name: str, named: Mapping[str, ir.Model]) -> Iterator[str]:
    """The models of a module for which no stand-in will do where this one is written."""
    for base in named[name].eager & named.keys():
        yield base
        yield from _bases(base, named)


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
