"""Shapes as the plain JSON Schema that datamodel-code-generator is given.

It sees objects one at a time and no references: other models, and values that need a type of the
runtime, are named by `customTypePath`.
"""

from __future__ import annotations

from typing import TypeAlias

from clientgen.build._types import VALUE_TYPES, Types
from clientgen.load import Json
from clientgen.resolve.spec import (
    Alias,
    Anything,
    Choice,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Scalar,
    Shape,
    TupleOf,
)

Schema: TypeAlias = dict[str, Json]

MODELS = "models"
"""Stands for the module of a model in a type path."""

RUNTIME = "clientgen_runtime.sdk"

HOMES = {"UUID": "uuid"}
"""Modules of the types of values that are not the runtime's."""


def json_schema(shape: Shape, types: Types) -> Schema:
    """A shape as JSON Schema."""
    match shape:
        case Anything():
            return {}
        case Scalar(kind, form):
            _, value = VALUE_TYPES.get((kind, form), ("", ""))
            if value == "bytes":
                return {"customTypePath": f"{RUNTIME}.Binary"}
            if value:
                return {"customTypePath": f"{HOMES.get(value, RUNTIME)}.{value}"}
            return {"type": kind}
        case Choice():
            return _choice(shape)
        case ListOf(_, delimiter) if delimiter:
            return {"customTypePath": f"{MODELS}.{types.model(shape).text}"}
        case ListOf(item):
            return {"type": "array", "items": json_schema(item, types)}
        case TupleOf(items, None) if items:
            # The generator would make a class of it; a type path may be any type.
            return {"customTypePath": f"{MODELS}.{types.model(shape).text}"}
        case TupleOf(items, rest):
            members = [json_schema(item, types) for item in (*items, rest) if item is not None]
            return {"type": "array", "items": _any_of(members) if members else {}}
        case MapOf(value):
            return {"type": "object", "additionalProperties": json_schema(value, types) or True}
        case OneOf(members):
            return _any_of([json_schema(member, types) for member in members])
        case Ref(identity):
            reference: Schema = {"customTypePath": f"{MODELS}.{types.names[identity].name}"}
            definition = types.schemas[identity].definition
            if isinstance(definition, Alias) and isinstance(definition.shape, Choice):
                return _any_of([reference, *_kinds(definition.shape)])
            return reference


def _choice(shape: Choice) -> Schema:
    listed: Schema = {"enum": list(shape.values)}
    if shape.fixed or len(shape.values) == 1:
        return listed
    kinds = _kinds(shape)
    # 1 equals true in Python: a list of values with both would take the one for the other.
    is_mixed = {bool, int} <= {*map(type, shape.values)}
    return _any_of(kinds if is_mixed else [listed, *kinds])


def _kinds(shape: Choice) -> list[Schema]:
    names = {str: "string", bool: "boolean", int: "integer"}
    return [{"type": names[kind]} for kind in dict.fromkeys(map(type, shape.values))]


def _any_of(members: list[Schema]) -> Schema:
    flat: list[Json] = []
    for member in members:
        if not member:
            return {}
        inner = member.get("anyOf")
        for each in inner if isinstance(inner, list) else [member]:
            if each not in flat:
                flat.append(each)
    first = flat[0]
    return first if len(flat) == 1 and isinstance(first, dict) else {"anyOf": flat}
