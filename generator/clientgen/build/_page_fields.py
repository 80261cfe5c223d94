"""What requests and answers hold, by path, for finding out how a list goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from clientgen.resolve._node import scalar_text
from clientgen.resolve._shared import as_object
from clientgen.resolve.spec import (
    NULL,
    Alias,
    Anything,
    Choice,
    ListOf,
    NamedSchema,
    OneOf,
    Operation,
    Ref,
    Scalar,
    SchemaId,
    Shape,
    Tagged,
)

from ._bodies import properties
from ._page_words import ENVELOPES, NOISE, REQUEST_ENVELOPES, bare, header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.diagnostics import Where
    from clientgen.load import Json

Schemas: TypeAlias = "Mapping[SchemaId, NamedSchema]"
Place: TypeAlias = Literal["query", "header", "body"]

MARK = "x-stainless-pagination-property"
DEPTH = 3
"""How deep lists and tokens are looked for in a body."""
SMALL = 6
"""Properties of an object that does nothing but wrap others."""


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a body, a parameter, or a header.

    Attributes:
        path: Names on the wire that lead to it.
        shape: Its type, without names and null.
        text: Its description.
        purpose: What it is for, where the document says `x-stainless-pagination-property`.
    """

    path: tuple[str, ...]
    shape: Shape
    text: str = ""
    purpose: str = ""

    @property
    def name(self) -> str:
        """The last name on its path."""
        return self.path[-1]

    @property
    def bare(self) -> str:
        """Its name as vocabularies have it."""
        return bare(self.name)

    @property
    def dotted(self) -> str:
        """Its path as the runtime takes it."""
        return ".".join(self.path)

    @property
    def format(self) -> str:
        """The format of a scalar, empty for others."""
        return self.shape.format if isinstance(self.shape, Scalar) else ""

    @property
    def kind(self) -> str:
        """`string`, `integer`, `number`, `boolean`, `list`, `object`, or `any`."""
        return kind_of(self.shape)


@dataclass(frozen=True, slots=True)
class Input(Field):
    """Something that a request can be given."""

    place: Place = "query"
    default: Json = None

    @property
    def bare(self) -> str:
        """Its name as vocabularies have it."""
        return header(self.name) if self.place == "header" else bare(self.name)


@dataclass(frozen=True, slots=True)
class Found:
    """How a list goes on; see the runtime's `Pages`, which has these fields but for three.

    Attributes:
        item: Type of the items, None when the document does not say.
        reason: Why it is taken to be so.
        confidence: How sure that is, from 0 to 1.
    """

    style: Literal["cursor", "offset", "page", "link", "next_url", "token_body"]
    reason: str
    confidence: float
    items: str = ""
    item: Shape | None = None
    request: str = ""
    next: str = ""
    place: Literal["query", "header", "body"] = "query"
    next_in: Literal["body", "header"] = "body"
    last: str = ""
    more: str = ""
    total: str = ""
    start: int | None = None
    current: str = ""
    verb: str = ""


def plain(shape: Shape, schemas: Schemas) -> Shape:
    """A shape without null beside it and without a name, unless it is an object's."""
    for _ in range(len(schemas) + 1):
        if isinstance(shape, OneOf):
            rest = [member for member in shape.members if member != NULL]
            if len(rest) != 1:
                return _one_list(rest, schemas) or shape
            shape = rest[0]
        elif isinstance(shape, Ref):
            definition = schemas[shape.id].definition
            if isinstance(definition, Tagged):
                return _one_list([*definition.members, *definition.others], schemas) or shape
            if not isinstance(definition, Alias):
                return shape
            shape = definition.shape
        else:
            return shape
    return shape


def _one_list(members: list[Shape], schemas: Schemas) -> ListOf | None:
    """One of several lists, as a list of items of several kinds."""
    # Not `plain`: a choice among choices among lists is nothing that documents have.
    found = [_unnamed(member, schemas) for member in members]
    lists = [shape for shape in found if isinstance(shape, ListOf)]
    if not lists or len(lists) < len(found):
        return None
    return ListOf(OneOf(tuple(dict.fromkeys(shape.item for shape in lists))))


def _unnamed(shape: Shape, schemas: Schemas) -> Shape:
    for _ in range(len(schemas) + 1):
        definition = schemas[shape.id].definition if isinstance(shape, Ref) else None
        if not isinstance(definition, Alias):
            return shape
        shape = definition.shape
    return shape


def of_item(shape: Shape, schemas: Schemas) -> list[Field]:
    """Properties that all kinds of an item have."""
    kinds = _kinds(plain(shape, schemas), schemas)
    held = [list(_own_properties(Field((), kind), schemas)) for kind in kinds]
    names = [{field.name for field in fields} for fields in held]
    return [field for field in held[0] if all(field.name in known for known in names)]


def _kinds(shape: Shape, schemas: Schemas) -> list[Shape]:
    """What a choice is among; a shape that is none stands alone."""
    kinds: tuple[Shape, ...] = (shape,)
    if isinstance(shape, OneOf):
        kinds = tuple(member for member in shape.members if member != NULL)
    elif isinstance(shape, Ref) and isinstance(tagged := schemas[shape.id].definition, Tagged):
        kinds = (*tagged.members, *tagged.others)
    return [plain(kind, schemas) for kind in kinds]


def kind_of(shape: Shape) -> str:
    """What a plain shape is, in a word."""
    match shape:
        case Scalar(kind):
            return kind
        case Choice(values):
            return "boolean" if isinstance(values[0], bool) else "choice"
        case ListOf():
            return "list"
        case Anything():
            return "any"
        case OneOf(members):
            kinds = {kind_of(member) for member in members if member != NULL}
            scalars = kinds <= {"string", "integer", "number"}
            return "string" if scalars else "union"
        case _:
            return "object"


def shape_at(shape: Shape, path: str, schemas: Schemas) -> Shape | None:
    """What a dotted path leads to, None when it leads nowhere; names may have dots themselves."""
    shape = plain(shape, schemas)
    held = properties(shape, schemas)
    if not path or (kind_of(shape) in {"any", "object", "union"} and not held):
        return shape
    for prop in held:
        name = prop.wire_name
        if path == name or path.startswith(f"{name}."):
            return shape_at(prop.shape, path[len(name) + 1 :], schemas)
    return None


def purpose_at(where: Where, *inner: str) -> str:
    """What the document marks a node, or one inside it, to be for."""
    return scalar_text(as_object(written_at(where, *inner).get(MARK)).get("purpose"))


def written_at(where: Where, *inner: str) -> Mapping[str, Json]:
    """A node, or one inside it, as the document has it; empty when it is no object."""
    node: Json = where.document.value
    for key in (*where.keys, *inner):
        node = _entry(node, key)
    return as_object(node)


def _entry(node: Json, key: str | int) -> Json:
    if isinstance(node, list):
        return node[key] if isinstance(key, int) and key < len(node) else None
    return as_object(node).get(str(key))


# --- Requests ----------------------------------------------------------------------------------


def inputs(operation: Operation, schemas: Schemas) -> list[Input]:
    """What a request can be given: parameters of query and header, and fields of a JSON body."""
    found: list[Input] = []
    for parameter in operation.parameters:
        if parameter.place == "query" or parameter.place == "header":  # noqa: PLR1714 - for types
            shape = plain(parameter.shape, schemas)
            found.append(
                Input(
                    (parameter.wire_name,),
                    shape,
                    parameter.description,
                    purpose_at(parameter.where, "schema"),
                    parameter.place,
                    parameter.default,
                )
            )
            if parameter.style == "deepObject":
                found += _deep(parameter.wire_name, shape, schemas)
    if operation.body is not None:
        for media in operation.body.content:
            if "json" in media.type and media.shape is not None:
                found += _in_body((), media.shape, schemas)
                break
    return found


def _deep(name: str, shape: Shape, schemas: Schemas) -> Iterator[Input]:
    """Properties of an object that is written `page[number]=1`."""
    for prop in properties(shape, schemas):
        path = (f"{name}[{prop.wire_name}]",)
        yield Input(path, plain(prop.shape, schemas), prop.description, purpose_at(prop.where))


def _in_body(path: tuple[str, ...], shape: Shape, schemas: Schemas) -> Iterator[Input]:
    for prop in properties(shape, schemas):
        inner = plain(prop.shape, schemas)
        here = (*path, prop.wire_name)
        purpose = purpose_at(prop.where)
        yield Input(here, inner, prop.description, purpose, "body", prop.default)
        if isinstance(inner, Ref) and not path and bare(prop.wire_name) in REQUEST_ENVELOPES:
            yield from _in_body(here, inner, schemas)


# --- Answers -----------------------------------------------------------------------------------


def outputs(shape: Shape, schemas: Schemas) -> list[Field]:
    """What a body holds, outer properties first: all of it, and what is in its envelopes."""
    found: list[Field] = []
    level = [Field((), plain(shape, schemas))]
    for _ in range(DEPTH):
        inner: list[Field] = []
        for owner in level:
            inner += _properties(owner, schemas)
        found += inner
        lists = [field for field in found if field.kind == "list" and field.bare not in NOISE]
        wraps = not lists and len(inner) <= SMALL
        objects = [field for field in inner if isinstance(field.shape, Ref)]
        level = [field for field in objects if field.bare in ENVELOPES or wraps]
    return found


def _properties(owner: Field, schemas: Schemas) -> Iterator[Field]:
    """Properties of an object, or of any object that a choice is among; each name once."""
    found: dict[str, Field] = {}
    for kind in _kinds(owner.shape, schemas):
        for field in _own_properties(Field(owner.path, kind), schemas):
            found.setdefault(field.name, field)
    return iter(found.values())


def _own_properties(owner: Field, schemas: Schemas) -> Iterator[Field]:
    for prop in properties(owner.shape, schemas):
        path, shape = (*owner.path, prop.wire_name), plain(prop.shape, schemas)
        yield Field(path, shape, prop.description, purpose_at(prop.where))
