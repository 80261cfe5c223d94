"""Arguments of methods: parameters and fields of the body under one set of names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    NULL,
    Alias,
    Choice,
    Media,
    NamedSchema,
    OneOf,
    Operation,
    Parameter,
    Property,
    Record,
    Ref,
    RequestBody,
    SchemaId,
    Shape,
)

from ._docs import argument_line, argument_lines, wrapped
from ._identifiers import Names, identifier
from ._types import NONE
from .ir import Annotation, Argument, Body, Payload, named, union

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    }
)
"""Arguments that every method has or may get; parameters of these names get a trailing `_`."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_DEFAULT = 60
"""Longest default value that a docstring repeats, in characters."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a method takes."""

    path: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    body: Body | None


def arguments(operation: Operation, types: Types) -> Arguments:
    """Name and type all that a call of an operation can be given.

    A parameter keeps its name; a field of the body that clashes with it is prefixed `body_`.
    """
    scope = Names(OPTION_NAMES)
    in_path = [p for p in operation.parameters if p.place == "path"]
    others = [p for p in operation.parameters if p.place != "path"]
    parameters = {
        id(parameter): _parameter(parameter, scope, types) for parameter in [*in_path, *others]
    }
    keywords = [parameters[id(parameter)] for parameter in others]
    body = None
    if operation.body is not None:
        fields = list(_fields(operation.body, scope, types))
        keywords += fields
        body = _body(operation.body, types, "fields" if fields else "body")
    return Arguments(
        tuple(_from_the_left([parameters[id(parameter)] for parameter in in_path])),
        tuple(sorted(keywords, key=lambda argument: not argument.required)),
        body,
    )


def _parameter(parameter: Parameter, scope: Names, types: Types) -> Argument:
    wanted = identifier(parameter.wire_name, "param")
    name = scope.take(wanted + "_" if wanted in OPTION_NAMES else wanted)
    text = _described(parameter.description, parameter.default, has_default=parameter.has_default)
    fixed = only_value(parameter.shape, types.schemas) if parameter.required else None
    annotation = types.argument(parameter.shape)
    return Argument(
        name,
        parameter.wire_name,
        parameter.place,
        union([annotation, NONE]) if parameter.allow_empty else annotation,
        parameter.required and fixed is None,
        argument_lines(name, text) if text else (),
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


def only_value(shape: Shape, schemas: Mapping[SchemaId, NamedSchema]) -> str | int | bool | None:
    """The value of what can have only one, so that nobody needs to give it."""
    if isinstance(shape, Ref):
        definition = schemas[shape.id].definition
        return only_value(definition.shape, schemas) if isinstance(definition, Alias) else None
    return shape.values[0] if isinstance(shape, Choice) and len(shape.values) == 1 else None


def _fields(body: RequestBody, scope: Names, types: Types) -> Iterator[Argument]:
    """Properties of the body as arguments, when the body is one object."""
    if not has_fields(body.content[0]):
        return
    for prop in properties(body.content[0].shape, types.schemas):
        if prop.read_only:
            continue
        wanted = identifier(prop.wire_name, "field")
        name = scope.take("body_" + wanted if wanted in scope else wanted)
        text = _described(prop.description, prop.default, has_default=prop.has_default)
        yield Argument(
            name,
            prop.wire_name,
            "body",
            types.argument(prop.shape),
            prop.required and body.required,
            argument_lines(name, text) if text else (),
            argument_line(name, text) if text else "",
            prop.where,
            prop.deprecated,
        )


def has_fields(media: Media) -> bool:
    """Whether a media type carries named fields: JSON and forms do."""
    name = media.type.partition(";")[0].strip().lower()
    patch = name == "application/json-patch+json"
    return name in FORMS or (not patch and (name.endswith(("/json", "+json")) or name == "*/*"))


def properties(
    shape: Shape | None, schemas: Mapping[SchemaId, NamedSchema]
) -> tuple[Property, ...]:
    """The properties of an object, inherited ones first; none for other shapes."""
    if isinstance(shape, OneOf):
        rest = [member for member in shape.members if member != NULL]
        shape = rest[0] if len(rest) == 1 else None
    if not isinstance(shape, Ref):
        return ()
    definition = schemas[shape.id].definition
    if isinstance(definition, Alias):
        return properties(definition.shape, schemas)
    if not isinstance(definition, Record):
        return ()
    inherited = properties(definition.base, schemas) if definition.base else ()
    return inherited + definition.properties


def _body(body: RequestBody, types: Types, style: str) -> Body:
    payloads = tuple(
        Payload(
            media.type,
            types.argument(media.shape) if media.shape else None,
            types.model(media.shape) if media.shape else None,
        )
        for media in body.content
    )
    given = [_given(media, payload) for media, payload in zip(body.content, payloads, strict=True)]
    return Body(
        "fields" if style == "fields" else "body",
        body.required,
        union(given),
        payloads,
        _choices(body.content),
        wrapped(body.description),
    )


def _choices(content: tuple[Media, ...]) -> Annotation | None:
    """The type of `content_type=`: which media types there are, any where the document says so."""
    names = [media.type for media in content]
    if any("*" in name for name in names):
        return Annotation(("str",))
    if len(names) == 1:
        return None
    return Annotation((f"Literal[{', '.join(map(repr, names))}]",), names=frozenset({"Literal"}))


def _given(media: Media, payload: Payload) -> Annotation:
    """The type of `body=` for one media type."""
    if payload.annotation is not None:
        return payload.annotation
    name = media.type.partition(";")[0].strip().lower()
    if name.startswith("text/"):
        return Annotation(("str",))
    if name.endswith("json") or name in FORMS:
        return named("Any")
    return Annotation(("bytes",))


def _described(text: str, default: Json, *, has_default: bool) -> str:
    note = ""
    if has_default and isinstance(default, str | int | float) and len(repr(default)) < MAX_DEFAULT:
        note = f" The server's default is {default!r}."
        text = text.rstrip()
        if text and text[-1] not in ".!?:;":
            text += "."
    return (text + note).strip()
