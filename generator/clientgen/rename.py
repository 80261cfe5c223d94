"""Names that the configuration gives to models, their fields and parameters.

They are written to the nodes of the document (`called`), and the naming passes start from them. A
name that cannot be, or that something else has, is refused here: whoever asks for one should not
get a similar one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.build._arguments import OPTION_NAMES
from clientgen.build._identifiers import class_name, identifier
from clientgen.build._model_names import RESERVED
from clientgen.config import ConfigError, close_match
from clientgen.models import FIELD_NAMES
from clientgen.resolve.spec import Component, NamedSchema, Operation, Parameter, Property, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.config import Config, ModelConfig
    from clientgen.resolve.spec import SchemaId, Spec


def renamed(spec: Spec, whole: Spec, config: Config) -> Spec:
    """The document with the names that the configuration gives.

    Args:
        spec: What is left of the document.
        whole: All of it: settings of what is left out are no mistakes.
        config: Has the names.

    Raises:
        ConfigError: A name cannot be, is taken, or is for something that the document lacks.
    """
    wanted = schemas_meant(whole, config)
    arguments = {key: told.parameters for key, told in config.operations.items() if told.parameters}
    for operation in whole.operations:
        _with_parameters(operation, arguments)  # to refuse what is wrong
    if not wanted and not arguments:
        return spec
    schemas = _with_names(spec.schemas, {i: told.name for i, (_, told) in wanted.items()})
    _refuse_taken(schemas, {i: key for i, (key, _) in wanted.items()})
    fields = {i: told.fields for i, (_, told) in wanted.items() if i in schemas}
    schemas = _with_fields(schemas, fields)
    for identity in fields:
        _refuse_taken_fields(schemas[identity], schemas, wanted[identity][0])
    return replace(
        spec,
        schemas=schemas,
        operations=tuple(_with_parameters(each, arguments) for each in spec.operations),
    )


# --- Models ----------------------------------------------------------------------------------


def schemas_meant(spec: Spec, config: Config) -> dict[SchemaId, tuple[str, ModelConfig]]:
    """What is said of models, by schema, with the name or pointer that it is said of.

    Raises:
        ConfigError: It is not clear of which schema, or something about names is wrong.
    """
    by_name: dict[str, list[NamedSchema]] = {}
    for schema in spec.schemas.values() if config.models else ():
        for name in {_document_name(schema), schema.where.pointer, _full(schema)} - {""}:
            by_name.setdefault(name, []).append(schema)
    found: dict[SchemaId, tuple[str, ModelConfig]] = {}
    for key, settings in config.models.items():
        schema = _only(by_name.get(key, []), key, by_name)
        place = f'models."{key}"'
        if schema.id in found:
            raise ConfigError(f"{place}: this is {found[schema.id][0]} as well; remove one")
        _check_model(schema, settings, place, spec.schemas)
        found[schema.id] = place, settings
    return found


def _document_name(schema: NamedSchema) -> str:
    origin = schema.origin
    return origin.name if isinstance(origin, Component) and not origin.part else ""


def _full(schema: NamedSchema) -> str:
    """Where a schema stands, when several documents have one in its place."""
    return f"{schema.where.document.name}#{schema.where.pointer}"


def _only(found: list[NamedSchema], key: str, known: Iterable[str]) -> NamedSchema:
    if not found:
        raise ConfigError(
            f'models."{key}": the document has no such schema{close_match(key, known)}'
        )
    if len(found) > 1:
        places = " and ".join(map(_full, found))
        raise ConfigError(f'models."{key}": there are {places}; write which one')
    return found[0]


def _check_model(
    schema: NamedSchema, settings: ModelConfig, place: str, schemas: Mapping[SchemaId, NamedSchema]
) -> None:
    if settings.name:
        _check_name(settings.name, _class(settings.name), place)
    record = schema.definition
    if settings.fields and not isinstance(record, Record):
        raise ConfigError(f"{place}: this is no object, and has no fields")
    own = {prop.wire_name for prop in record.properties} if isinstance(record, Record) else set()
    above = {prop.wire_name: each for each, prop in _inherited(schema, schemas)}
    for field, name in settings.fields.items():
        if field in above:
            origin = above[field].where.pointer
            raise ConfigError(
                f"{place}: the field {field!r} is inherited from {origin}; rename it there"
            )
        if field not in own:
            raise ConfigError(f"{place}: there is no field {field!r}{close_match(field, own)}")
        _check_name(name, identifier(name, "field", reserved=FIELD_NAMES), f"{place}: {field}")


def _class(name: str) -> str:
    fitting = class_name(name, "Model")
    return f"{fitting}Model" if fitting in RESERVED else fitting


def _check_name(name: str, fitting: str, place: str) -> None:
    if name != fitting:
        raise ConfigError(f"{place}: {name!r} cannot be used as a name; write it like {fitting!r}")


def _with_names(
    schemas: Mapping[SchemaId, NamedSchema], names: Mapping[SchemaId, str]
) -> dict[SchemaId, NamedSchema]:
    return {
        i: replace(schema, called=names[i]) if names.get(i) else schema
        for i, schema in schemas.items()
    }


def _refuse_taken(schemas: Mapping[SchemaId, NamedSchema], places: Mapping[SchemaId, str]) -> None:
    """Names of classes are names of files, too: they must differ in more than case."""
    owners: dict[str, NamedSchema] = {}
    for schema in sorted(schemas.values(), key=lambda schema: not schema.called):
        name = schema.called or _document_name(schema)
        if not name:
            continue
        key = _class(name).casefold()
        other = owners.setdefault(key, schema)
        if other is not schema and other.called:
            raise ConfigError(
                f"{places[other.id]}: {other.called!r} is the name of {schema.where.pointer}, too; "
                "rename one of them"
            )


# --- Fields ----------------------------------------------------------------------------------


def _with_fields(
    schemas: Mapping[SchemaId, NamedSchema], names: Mapping[SchemaId, Mapping[str, str]]
) -> dict[SchemaId, NamedSchema]:
    """Fields with their names, those that an extending object narrows included."""
    if not any(names.values()):
        return dict(schemas)
    found = dict(schemas)
    for schema in schemas.values():
        if isinstance(schema.definition, Record):
            line = _line(schema, schemas)
            wanted = {wire: name for each in line for wire, name in names.get(each.id, {}).items()}
            record = replace(
                schema.definition,
                properties=tuple(_called(p, wanted) for p in schema.definition.properties),
            )
            found[schema.id] = replace(schema, definition=record) if wanted else schema
    return found


def _called(prop: Property, names: Mapping[str, str]) -> Property:
    return replace(prop, called=names[prop.wire_name]) if prop.wire_name in names else prop


def _line(schema: NamedSchema, schemas: Mapping[SchemaId, NamedSchema]) -> list[NamedSchema]:
    """An object and what it extends, the nearest first."""
    line = [schema]
    while isinstance(line[-1].definition, Record) and line[-1].definition.base is not None:
        line.append(schemas[line[-1].definition.base.id])
    return line


def _properties(schema: NamedSchema) -> tuple[Property, ...]:
    return schema.definition.properties if isinstance(schema.definition, Record) else ()


def _inherited(
    schema: NamedSchema, schemas: Mapping[SchemaId, NamedSchema]
) -> Iterator[tuple[NamedSchema, Property]]:
    for each in _line(schema, schemas)[1:]:
        yield from ((each, prop) for prop in _properties(each))


def _refuse_taken_fields(
    schema: NamedSchema, schemas: Mapping[SchemaId, NamedSchema], place: str
) -> None:
    """Models are built by both kinds of names: one must not be another field's other."""
    family = [s for s in schemas.values() if schema in _line(s, schemas)]
    known = [p for s in [*family, *_line(schema, schemas)] for p in _properties(s)]
    for prop in _properties(schema):
        for other in known:
            names = {other.wire_name, other.called or identifier(other.wire_name, "field")}
            if prop.called in names and other.wire_name != prop.wire_name:
                raise ConfigError(
                    f"{place}: {prop.wire_name}: {prop.called!r} is a name of the field "
                    f"{other.wire_name!r}; choose another one"
                )


# --- Parameters ------------------------------------------------------------------------------


def _with_parameters(operation: Operation, arguments: Mapping[str, Mapping[str, str]]) -> Operation:
    """An operation whose parameters are called as is asked."""
    key = f"{operation.method} {operation.path}"
    if key not in arguments:
        return operation
    place = f'operations."{key}".parameters'
    wanted = {parameter_meant(operation, old, place): new for old, new in arguments[key].items()}
    parameters = tuple(
        replace(each, called=wanted.get(index, each.called))
        for index, each in enumerate(operation.parameters)
    )
    for index, name in wanted.items():
        told = f"{place}.{parameters[index].wire_name}"
        _check_name(name, _argument(parameters[index]), told)
        for other in (*parameters[:index], *parameters[index + 1 :]):
            if _argument(other) == name:
                raise ConfigError(
                    f"{told}: {name!r} is the name of the {other.place} parameter "
                    f"{other.wire_name!r}, too; rename one of them"
                )
    return replace(operation, parameters=parameters)


def parameter_meant(operation: Operation, key: str, place: str) -> int:
    """Which parameter is meant by its name, or by `header:name` where there are several.

    Raises:
        ConfigError: None is, or it is not clear which.
    """
    ways = [{p.wire_name, f"{p.place}:{p.wire_name}"} for p in operation.parameters]
    found = [index for index, names in enumerate(ways) if key in names]
    if not found:
        known = [p.wire_name for p in operation.parameters]
        raise ConfigError(f"{place}: there is no parameter {key!r}{close_match(key, known)}")
    if len(found) > 1:
        both = " and ".join(f"{operation.parameters[i].place}:{key}" for i in found)
        raise ConfigError(f"{place}: {key!r} may be {both}; write which one")
    return found[0]


def _argument(parameter: Parameter) -> str:
    return identifier(parameter.called or parameter.wire_name, "param", reserved=OPTION_NAMES)
