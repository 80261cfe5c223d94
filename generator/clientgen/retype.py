"""Types that the configuration gives to fields and parameters, where the document has others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.build._types import VALUE_TYPES
from clientgen.config import ConfigError, close_match
from clientgen.rename import parameter_meant, schemas_meant
from clientgen.resolve.spec import Anything, ListOf, MapOf, OneOf, Record, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.config import Config, TypeName
    from clientgen.resolve.spec import NamedSchema, Operation, SchemaId, Shape, Spec

JSON_TYPES: Mapping[str, Shape] = {
    "any": Anything(),
    "string": Scalar("string"),
    "integer": Scalar("integer"),
    "number": Scalar("number"),
    "boolean": Scalar("boolean"),
}
"""Types that take the place of whatever the document has."""


def retyped(spec: Spec, whole: Spec, config: Config) -> Spec:
    """The document with the types that the configuration gives.

    Args:
        spec: What is left of the document.
        whole: All of it: settings of what is left out are no mistakes.
        config: Has the types.

    Raises:
        ConfigError: A type does not fit, or is for something that the document lacks.
    """
    fields = {i: (place, told.types) for i, (place, told) in schemas_meant(whole, config).items()}
    _with_types(whole.schemas, fields)  # to refuse what is wrong
    parameters = {key: told.types for key, told in config.operations.items() if told.types}
    for operation in whole.operations:
        _with_parameters(operation, parameters)
    return replace(
        spec,
        operations=tuple(_with_parameters(each, parameters) for each in spec.operations),
        schemas=_with_types(spec.schemas, fields),
    )


def _with_types(
    schemas: Mapping[SchemaId, NamedSchema],
    fields: Mapping[SchemaId, tuple[str, Mapping[str, TypeName]]],
) -> dict[SchemaId, NamedSchema]:
    return {
        identity: _with_fields(schema, *fields[identity]) if identity in fields else schema
        for identity, schema in schemas.items()
    }


def _with_fields(schema: NamedSchema, place: str, types: Mapping[str, TypeName]) -> NamedSchema:
    record = schema.definition
    if not types:
        return schema
    if not isinstance(record, Record):
        raise ConfigError(f"{place}: this is no object, and has no fields")
    known = [prop.wire_name for prop in record.properties]
    for field in types:
        if field not in known:
            raise ConfigError(f"{place}: there is no field {field!r}{close_match(field, known)}")
    properties = tuple(
        replace(prop, shape=_typed(prop.shape, types[prop.wire_name], f"{place}: {prop.wire_name}"))
        if prop.wire_name in types
        else prop
        for prop in record.properties
    )
    return replace(schema, definition=replace(record, properties=properties))


def _with_parameters(
    operation: Operation, types: Mapping[str, Mapping[str, TypeName]]
) -> Operation:
    key = f"{operation.method} {operation.path}"
    if key not in types:
        return operation
    place = f'operations."{key}".types'
    parameters = [*operation.parameters]
    for name, wanted in types[key].items():
        index = parameter_meant(operation, name, place)
        shape = _typed(parameters[index].shape, wanted, f"{place}.{name}")
        parameters[index] = replace(parameters[index], shape=shape)
    return replace(operation, parameters=tuple(parameters))


def _typed(shape: Shape, wanted: TypeName, place: str) -> Shape:
    if wanted in JSON_TYPES:
        return JSON_TYPES[wanted]
    form = "" if wanted == "none" else wanted
    typed = _formatted(shape, form)
    if typed is None:
        raise ConfigError(
            f"{place}: {wanted!r} does not fit what the document has there; "
            "first make it a string, an integer or a number by an overlay"
        )
    return typed


def _formatted(shape: Shape, form: str) -> Shape | None:
    """The shape with another format of its scalars; None when none of them has such a one."""
    match shape:
        case Scalar(kind):
            fits = not form or (kind, form) in VALUE_TYPES
            return replace(shape, format=form) if fits else None
        case ListOf(item):
            inner = _formatted(item, form)
            return None if inner is None else replace(shape, item=inner)
        case MapOf(value):
            inner = _formatted(value, form)
            return None if inner is None else MapOf(inner)
        case OneOf(members):
            changed = [_formatted(member, form) for member in members]
            if not any(changed):
                return None
            return OneOf(tuple(c or member for c, member in zip(changed, members, strict=True)))
        case _:
            return None
