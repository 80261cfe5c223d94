"""Request bodies: their media types, what is given for each, and how fields are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    NULL,
    Alias,
    Anything,
    Choice,
    Encoding,
    ListOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    TupleOf,
)

from ._docs import wrapped
from ._media import essence, is_binary, is_one_line, is_structured, is_yaml, kind_of
from ._types import ANY_MAPPING, is_base64, parts, without_int
from ._xml import xml_code
from .ir import Annotation, Body, Part, Payload, generic, named, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.resolve.spec import (
        Media,
        NamedSchema,
        Property,
        RequestBody,
        SchemaId,
        Shape,
    )

    from ._types import Types

    Schemas = Mapping[SchemaId, NamedSchema]

ORDER = ("json", "form", "multipart", "xml", "lines", "binary", "text", "any")
"""Which media type is sent when the caller does not say, first what users would choose."""

MERGE_PATCH = "application/merge-patch+json"
PATCHES = {"application/json-patch+json", MERGE_PATCH}
"""JSON that tells of changes; it is sent only where it is asked for or where nothing else is."""

FORMS = {"form", "multipart"}
STYLES = {"form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject"}
"""Styles that fields of forms may have, those of queries."""

OCTETS = "application/octet-stream"


def in_order(body: RequestBody) -> RequestBody:
    """A body with the media type first that is sent when the caller does not say."""
    return replace(body, content=tuple(map(_written, sorted(body.content, key=_rank))))


def _written(media: Media) -> Media:
    """A media type as it can be sent: how a list would be a form nobody says, so it is any body."""
    is_list = isinstance(media.shape, ListOf | TupleOf)
    return replace(media, shape=None) if is_list and kind_of(media.type) == "form" else media


def _rank(media: Media) -> tuple[int, bool, bool]:
    name = essence(media.type)
    kind = ORDER.index(kind_of(media.type))
    return kind, name in PATCHES, name not in {"application/json", "text/json", "json"}


# --- Fields ----------------------------------------------------------------------------------


def fields(body: RequestBody, schemas: Schemas) -> tuple[Property, ...]:
    """The properties that are arguments: those of the default media type, when it is an object."""
    first = body.content[0]
    return properties(first.shape, schemas) if _can_have_fields(first) else ()


def is_merge_patch(body: RequestBody) -> bool:
    """Whether fields say what to change, and null what to remove."""
    return essence(body.content[0].type) == MERGE_PATCH


def takes_files(body: RequestBody, schemas: Schemas) -> bool:
    """Whether fields may be sent as parts, which may be files."""
    return any(
        kind_of(media.type) == "multipart" and _has_fields(media, body, schemas)
        for media in body.content
    )


def _has_fields(media: Media, body: RequestBody, schemas: Schemas) -> bool:
    """Whether a media type is sent from the same fields as the default one."""
    wanted = [prop.wire_name for prop in fields(body, schemas)]
    own = [prop.wire_name for prop in properties(media.shape, schemas)]
    return bool(wanted) and _can_have_fields(media) and wanted == own


def _can_have_fields(media: Media) -> bool:
    patch = essence(media.type) == "application/json-patch+json"
    return not patch and kind_of(media.type) in {"json", "form", "multipart", "xml", "any"}


def properties(shape: Shape | None, schemas: Schemas) -> tuple[Property, ...]:
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
    found = {prop.wire_name: prop for prop in (*inherited, *definition.properties)}
    return tuple(found.values())


# --- Bodies ----------------------------------------------------------------------------------


def body(given: RequestBody, types: Types) -> Body:
    """What a method takes as its body."""
    payloads = tuple(
        Payload(
            media.type,
            _given(media, types),
            _value(media, types),
            has_fields=_has_fields(media, given, types.schemas),
        )
        for media in given.content
    )
    has_fields = any(payload.has_fields for payload in payloads)
    return Body(
        "fields" if has_fields else "body",
        given.required,
        without_int(union([payload.annotation for payload in payloads if payload.annotation])),
        payloads,
        choices([media.type for media in given.content]),
        wrapped(given.description),
        {
            media.type: made
            for media in given.content
            if (made := tuple(parts_of(media, types.schemas)))
        },
        any(_is_typed(media, types) for media in given.content),
        any(types.has_read_only(m.shape) for m in given.content if m.shape is not None),
    )


def _is_typed(media: Media, types: Types) -> bool:
    """Whether values must be written by their type; in forms and text, bytes may be Base64."""
    shape = media.item or media.shape
    if shape is None:
        return False
    if types.has_forms(shape):
        return True
    fields_ = properties(shape, types.schemas) if kind_of(media.type) in FORMS else ()
    text = [shape] if kind_of(media.type) == "text" else [prop.shape for prop in fields_]
    return any(is_base64(part) for each in text for part in parts(each))


def choices(media_types: list[str]) -> Annotation | None:
    """The type of an argument that picks a media type; None where there is no choice."""
    if any("*" in name for name in media_types):
        return Annotation(("str",))
    return literal(media_types) if len(media_types) > 1 else None


def literal(media_types: Iterable[str]) -> Annotation:
    """One of several media types."""
    names = ", ".join(map(repr, media_types))
    return Annotation((f"Literal[{names}]",), names=frozenset({"Literal"}))


def _given(media: Media, types: Types) -> Annotation:
    """The type of `body=` for one media type."""
    shape = media.shape
    match kind_of(media.type):
        case "lines" if media.item is not None:
            return _items(types.argument(media.item))
        case "json" if isinstance(shape, Ref) and essence(media.type) == MERGE_PATCH:
            return union([types.result(shape), ANY_MAPPING])  # all keys may be absent, or null
        case "json" | "lines" | "any" if shape is not None and not is_binary(shape):
            return types.argument(shape)
        case "form" | "multipart" if shape is not None:
            return types.part(shape)
        case "xml" if shape is not None and is_structured(shape, types.schemas):
            return types.argument(shape)
        case "text" if shape is not None and is_one_line(shape, types.schemas):
            return types.argument(shape)
        case "text" if shape is not None and is_yaml(media.type):
            return union([types.argument(shape), Annotation(("str",))])
        case "xml" | "text" if not is_binary(shape):
            return Annotation(("str",))
        case "json" | "lines" | "any" | "form" | "multipart" if shape is None:
            return named("Any")
        case _:
            return union([Annotation(("bytes",)), named("BinaryInput")])


def _items(item: Annotation) -> Annotation:
    """Items that are sent as they come."""
    names = ("Iterable", "AsyncIterable")
    kinds = union([generic(f"{name}[{{}}]", item) for name in names])
    return replace(kinds, names=kinds.names | {*names})


def _value(media: Media, types: Types) -> Annotation | None:
    """The type that the runtime writes by."""
    shape = media.shape
    match kind_of(media.type):
        case "lines" if media.item is not None:
            return generic("list[{}]", types.model(media.item))
        case "json" | "lines" | "any" | "form" | "multipart":
            return types.model(shape) if shape is not None else None
        case "xml" if shape is not None and is_structured(shape, types.schemas):
            return xml_value(media, shape, types)
        case "text" if shape is not None and (
            is_yaml(media.type) or is_one_line(shape, types.schemas)
        ):
            return types.model(shape)
        case _:
            return None


def xml_value(media: Media, shape: Shape, types: Types) -> Annotation:
    """The type of an XML document, with what the place of use says about its root."""
    annotation = types.model(shape)
    code = xml_code(media.xml)
    if not code:
        return annotation
    return Annotation(
        (f"Annotated[{annotation.text}, {code}]",),
        annotation.models,
        annotation.names | {"Annotated", "Xml"},
    )


# --- Fields of forms -------------------------------------------------------------------------


def parts_of(media: Media, schemas: Mapping[SchemaId, NamedSchema]) -> Iterator[Part]:
    """How fields are written, where their values alone do not tell."""
    kind = kind_of(media.type)
    if kind not in FORMS:
        return
    shapes = {prop.wire_name: prop.shape for prop in properties(media.shape, schemas)}
    for place in ("*", *(name for name in media.encoding if name.isdecimal())):
        if isinstance(media.shape, ListOf) and place in media.encoding:
            shapes[place] = media.shape.item
    for name in {**shapes, **media.encoding}:
        encoding = media.encoding.get(name, Encoding())
        shape = shapes.get(name, Anything())
        part = _part(name, shape, encoding, is_multipart=kind == "multipart")
        if part != Part(name) or (kind == "multipart" and _holds_bytes(shape)):
            yield part


def _part(name: str, shape: Shape, encoding: Encoding, *, is_multipart: bool) -> Part:
    content = encoding.content_type
    if is_multipart and not content and _holds_bytes(shape) and not _holds_text(shape):
        content = OCTETS
    style = encoding.style if encoding.style in STYLES else ""
    if not style and (encoding.explode is not None or encoding.allow_reserved):
        style = "form"
    explode = style in {"", "form"} if encoding.explode is None else encoding.explode
    is_flat = isinstance(shape, ListOf | Scalar | Choice)
    if is_flat and (style, explode, encoding.allow_reserved) == ("form", True, False):
        style = ""  # what lists and scalars are by themselves
    return Part(name, content, style, explode, encoding.allow_reserved, dict(encoding.headers))


def _holds_bytes(shape: Shape) -> bool:
    match shape:
        case ListOf(item):
            return _holds_bytes(item)
        case OneOf(members):
            return any(map(_holds_bytes, members))
        case _:
            return is_binary(shape)


def _holds_text(shape: Shape) -> bool:
    """Whether a value may be text that stands for a file, such as its id."""
    match shape:
        case ListOf(item):
            return _holds_text(item)
        case OneOf(members):
            return any(map(_holds_text, members))
        case Choice():
            return True
        case _:
            return isinstance(shape, Scalar) and shape.type == "string" and not is_binary(shape)
