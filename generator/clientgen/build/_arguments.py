"""Arguments of methods: parameters and fields of the body under one set of names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    Alias,
    Choice,
    NamedSchema,
    Operation,
    Parameter,
    Property,
    Ref,
    RequestBody,
    Scalar,
    SchemaId,
    Shape,
)

from ._bodies import body as describe
from ._bodies import fields, in_order, is_merge_patch, takes_files
from ._docs import argument_line, argument_lines, is_closed, with_example
from ._identifiers import Names, identifier
from ._types import NONE, VALUE_TYPES
from .ir import Argument, Body, Key, union

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clientgen.load import Json

    from ._types import Types

OPTION_NAMES = frozenset(
    {
        "self",
        "body",
        "accept",
        "content_type",
        "options",
        "extra_headers",
        "extra_query",
        "extra_body",
        "timeout",
        "retry",
        "idempotency_key",
        "raise_for_status",
        "max_response_bytes",
        "middleware",
        "cache",
        "circuit_breaker",
        "rate_limiter",
        "upload_progress",
    }
)
"""Arguments that every method has or may get; parameters of these names get a trailing `_`."""

MAX_DEFAULT = 60
"""Longest default value that a docstring repeats, in characters."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a method takes."""

    path: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    body: Body | None
    key: Key | None = None


def arguments(operation: Operation, types: Types) -> Arguments:
    """Name and type all that a call of an operation can be given.

    A parameter keeps its name; a field of the body that clashes with it is prefixed `body_`.
    """
    scope = Names(OPTION_NAMES)
    in_path = [p for p in operation.parameters if p.place == "path"]
    others = [p for p in operation.parameters if p.place != "path"]
    parameters = {
        id(parameter): _parameter(parameter, scope, types)
        for parameter in sorted([*in_path, *others], key=_is_renamed)
    }
    keywords = [parameters[id(parameter)] for parameter in others]
    body = None
    if operation.body is not None:
        given = in_order(operation.body)
        keywords += _fields(given, scope, types)
        body = describe(given, types)
    return Arguments(
        tuple(_from_the_left([parameters[id(parameter)] for parameter in in_path])),
        tuple(sorted(keywords, key=lambda argument: not argument.required)),
        body,
        _key(operation, types),
    )


def _key(operation: Operation, types: Types) -> Key | None:
    """The header for idempotency keys, which every method takes as an option."""
    stated = operation.idempotency
    if stated is None:
        return None
    argument = None
    if stated.parameter is not None:
        declared = _parameter(stated.parameter, Names(), types)
        argument = replace(declared, name="idempotency_key", required=False, fixed=None)
    return Key(stated.header, stated.always, argument)


def _is_renamed(parameter: Parameter) -> bool:
    """Whether a name is no Python name; those that are come first, so that they stay."""
    return _wanted(parameter) != (parameter.called or parameter.wire_name)


def _wanted(parameter: Parameter) -> str:
    return identifier(parameter.called or parameter.wire_name, "param")


def _parameter(parameter: Parameter, scope: Names, types: Types) -> Argument:
    wanted = _wanted(parameter)
    name = scope.take(wanted + "_" if wanted in OPTION_NAMES else wanted)
    text = _described(parameter)
    fixed = _sent_anyway(parameter, types.schemas)
    annotation = types.argument(parameter.shape)
    return Argument(
        name,
        parameter.wire_name,
        parameter.place,
        union([annotation, NONE]) if parameter.allow_empty else annotation,
        parameter.required and fixed is None,
        argument_lines(name, text, _described(parameter, parameter.examples)) if text else (),
        argument_line(name, text) if text else "",
        parameter.where,
        parameter.deprecated,
        fixed,
    )


def _from_the_left(given: list[Argument]) -> Iterator[Argument]:
    """Path arguments; one that has a single value must be given where others follow it."""
    for index, argument in enumerate(given):
        is_followed = any(later.required for later in given[index + 1 :])
        yield replace(argument, required=True, fixed=None) if is_followed else argument


def _sent_anyway(
    parameter: Parameter, schemas: Mapping[SchemaId, NamedSchema]
) -> str | int | float | bool | None:
    """What a required parameter is sent with when nobody gives it: its only value, or its default.

    What is not required is left to the server, whose default the document tells. Defaults of path
    parameters often are examples, and whoever forgets an identifier should not get some other one.
    """
    if not parameter.required:
        return None
    only = only_value(parameter.shape, schemas)
    if parameter.place == "path":
        return only
    is_plain = isinstance(parameter.shape, Choice | Scalar) and not _is_special(parameter.shape)
    if only is None and is_plain and isinstance(parameter.default, str | int | float):
        return parameter.default
    return only


def _is_special(shape: Shape) -> bool:
    """Whether values are of Python types for which there is no literal, such as dates."""
    return isinstance(shape, Scalar) and (shape.type, shape.format) in VALUE_TYPES


def only_value(shape: Shape, schemas: Mapping[SchemaId, NamedSchema]) -> str | int | bool | None:
    """The value of what can have only one, so that nobody needs to give it."""
    if isinstance(shape, Ref):
        definition = schemas[shape.id].definition
        return only_value(definition.shape, schemas) if isinstance(definition, Alias) else None
    return shape.values[0] if isinstance(shape, Choice) and len(shape.values) == 1 else None


def _fields(body: RequestBody, scope: Names, types: Types) -> Iterator[Argument]:
    """Properties of the body as arguments, when the body is one object.

    In a merge patch all may be absent, and null removes (RFC 7396 section 1).
    """
    patches = is_merge_patch(body)
    typed = types.part if takes_files(body, types.schemas) else types.argument
    for prop in fields(body, types.schemas):
        if prop.read_only:
            continue
        wanted = identifier(prop.called or prop.asked or prop.wire_name, "field")
        name = scope.take("body_" + wanted if wanted in scope else wanted)
        text = _described(prop)
        yield Argument(
            name,
            prop.wire_name,
            "body",
            union([typed(prop.shape), NONE]) if patches else typed(prop.shape),
            prop.required and body.required and not patches,
            argument_lines(name, text, _described(prop, prop.examples)) if text else (),
            argument_line(name, text) if text else "",
            prop.where,
            prop.deprecated,
        )


def _described(given: Parameter | Property, examples: Sequence[Json] = ()) -> str:
    """What is said about an argument: its description, the server's default, its deprecation.

    One of the examples stands with the description, if the type does not tell as much.
    """
    notes = "Deprecated. " if given.deprecated else ""
    text, default = given.description, given.default
    if text and "\n" not in text.strip() and not isinstance(given.shape, Choice | Ref):
        text = with_example(text.strip(), examples)
    is_servers = given.has_default and not (isinstance(given, Parameter) and given.required)
    if is_servers and isinstance(default, str | int | float) and len(repr(default)) < MAX_DEFAULT:
        text = text.rstrip()
        if text and not is_closed(text):
            text += "."
        text += f" The server's default is {default!r}."
    return (notes + text.strip()).strip()
