"""How parameters are written, where that is not what their place has by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.resolve.spec import Alias, ListOf, MapOf, Media, OneOf, Record, Ref, Scalar

from ._bodies import parts_of
from ._types import TOLD_BY_VALUE, VALUE_TYPES
from .ir import Form, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.resolve.spec import NamedSchema, Operation, Parameter, SchemaId, Shape

    Schemas = Mapping[SchemaId, NamedSchema]

PLACES = {
    "path": ("path",),
    "query": ("query", "querystring"),
    "header": ("header",),
    "cookie": ("cookie",),
}
"""Groups of parameters, and the places in the document that make them up."""

DEFAULT_STYLES = {
    "path": ("simple", False),
    "query": ("form", True),
    "header": ("simple", False),
    "cookie": ("form", True),
}
"""Style and explode of what says nothing (OpenAPI 3, "Parameter Object")."""

WRITTEN = frozenset({"datetime", "timedelta", "bytes"})
"""Python types that are written in several forms; numbers have one where all is text."""

WRITTEN_IN_JSON = WRITTEN | {"Decimal", "str"}
"""The same in JSON, where a number may be text."""


def styles(operation: Operation, group: str, schemas: Schemas) -> Iterator[Style]:
    """The styles of a group of parameters that are not its default."""
    for parameter in operation.parameters:
        if parameter.place in PLACES[group]:
            style = _style(parameter, schemas)
            plain = Style(parameter.wire_name, *DEFAULT_STYLES[group], False, "", None, False)
            if style != plain:
                yield style


def _style(parameter: Parameter, schemas: Schemas) -> Style:
    return Style(
        parameter.wire_name,
        "querystring" if parameter.place == "querystring" else parameter.style,
        parameter.explode,
        parameter.allow_reserved,
        parameter.content,
        form_of(parameter.shape, schemas, WRITTEN_IN_JSON if parameter.content else WRITTEN),
        parameter.place == "path" and not parameter.required,
        tuple(parts_of(_media(parameter), schemas)) if parameter.encoding else (),
    )


def _media(parameter: Parameter) -> Media:
    return Media(parameter.content, parameter.shape, parameter.where, encoding=parameter.encoding)


def form_of(
    shape: Shape,
    schemas: Schemas,
    written: frozenset[str] = WRITTEN,
    above: frozenset[SchemaId] = frozenset(),
) -> Form | None:
    """What values of a shape are written as, None where their Python type tells."""
    match shape:
        case Scalar(kind, name):
            python, form = VALUE_TYPES.get((kind, name), ("", ""))
            return form if python in written and form not in TOLD_BY_VALUE else None
        case ListOf(ListOf(_, delimiter)) if delimiter:
            return delimiter
        case ListOf(inner) | MapOf(inner):
            return form_of(inner, schemas, written, above)
        case OneOf(members):
            forms = (form_of(member, schemas, written, above) for member in members)
            return next((form for form in forms if form is not None), None)
        case Ref(identity) if identity not in above:
            return _named_form(schemas[identity], schemas, written, above | {identity})
        case _:
            return None


def _named_form(
    schema: NamedSchema, schemas: Schemas, written: frozenset[str], above: frozenset[SchemaId]
) -> Form | None:
    match schema.definition:
        case Alias(shape):
            return form_of(shape, schemas, written, above)
        case Record(properties, base):
            inherited = form_of(base, schemas, written, above) if base else None
            own = {p.wire_name: form_of(p.shape, schemas, written, above) for p in properties}
            known = {name: form for name, form in own.items() if form is not None}
            return {**(inherited if isinstance(inherited, dict) else {}), **known} or None
        case _:
            return None
