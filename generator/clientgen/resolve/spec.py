"""An API as OpenAPI describes it, free of versions, references and inheritance.

Swagger 2.0 and OpenAPI 3.0 to 3.2 all become this. Every node knows where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.diagnostics import Where
    from clientgen.load import Json

# --- Schemas -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, integer, number, boolean or null, with the `format` that the document gives."""

    type: Literal["string", "integer", "number", "boolean", "null"]
    format: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the listed values (`enum`, `const`); servers may add others over time."""

    values: tuple[str | int | bool, ...]
    names: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array whose items are alike; one text with `delimiter` between them, if there is one."""

    item: Shape
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class TupleOf:
    """An array whose items have places (`prefixItems`); `rest` is what may follow them."""

    items: tuple[Shape, ...]
    rest: Shape | None


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with free keys."""

    value: Shape


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several shapes; null among them is how `nullable` reads."""

    members: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """A schema that gets a name of its own."""

    id: SchemaId


Shape: TypeAlias = Anything | Scalar | Choice | ListOf | TupleOf | MapOf | OneOf | Ref
SchemaId: TypeAlias = str
"""Where a named schema stands: document URI and JSON Pointer."""

NULL = Scalar("null")


@dataclass(frozen=True, slots=True)
class Xml:
    """How a value stands in XML (OpenAPI 3.2, "XML Object").

    Attributes:
        name: Name that the document gives to the element or attribute; empty when it gives none.
        kind: Type of the node; `none` puts what is inside in the place of the value.
        wrapped: Whether the items of an array stand in an element of their own.
        item: How the items of an array stand, where the document says something of it.
    """

    name: str = ""
    kind: Literal["element", "attribute", "text", "cdata", "none"] = "element"
    namespace: str = ""
    prefix: str = ""
    wrapped: bool = False
    item: Xml | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an object.

    Attributes:
        called: What the configuration calls it in code; empty when it does not.
        asked: What an extension asks to call it, which may be no name; empty when none does.
    """

    wire_name: str
    shape: Shape
    required: bool
    where: Where
    description: str = ""
    default: Json = None
    has_default: bool = False
    examples: tuple[Json, ...] = ()
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    xml: Xml | None = None
    called: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known properties.

    Attributes:
        properties: Its own properties; those of `base` come before them.
        base: The object that it extends (`allOf` with one reference and nothing that clashes).
        extra: What properties beside the known ones hold; None when the document says nothing.
        tag: Wire name of the property that tells which of its extensions a value is.
        subtypes: Values of that property to those extensions.
        default: What a value is that names none of them; the object itself when it is None.
    """

    properties: tuple[Property, ...]
    base: Ref | None = None
    extra: Shape | None = None
    tag: str = ""
    subtypes: Mapping[str, Ref] = field(default_factory=dict)
    default: Ref | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A choice among objects, told apart by a property where the document names one.

    Attributes:
        members: The objects, in the order of the document.
        others: Shapes beside them that are no named objects.
        tag: Wire name of the telling property, empty when there is none.
        mapping: Values of that property to members.
        default: The member that values are which name none.
        adds: Whether members do not have that property by themselves.
    """

    members: tuple[Ref, ...]
    others: tuple[Shape, ...] = ()
    tag: str = ""
    mapping: Mapping[str, Ref] = field(default_factory=dict)
    default: Ref | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A named schema that is no object: an enumeration, a list, a map, a scalar."""

    shape: Shape


Definition: TypeAlias = Record | Tagged | Alias


@dataclass(frozen=True, slots=True)
class Component:
    """Named by the document: the last name on the way to it, or its file's name.

    Attributes:
        name: The document's name.
        part: The way on from there, empty for what has the name itself.
    """

    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """Stands inside another named schema, under a property or as a variant."""

    parent: SchemaId
    part: str


@dataclass(frozen=True, slots=True)
class Payload:
    """Stands in an operation: its request body, a response, a parameter, an event."""

    operation: int
    part: Literal["request", "response", "error", "param", "event"]
    detail: str = ""


Origin: TypeAlias = Component | Within | Payload


@dataclass(frozen=True, slots=True)
class NamedSchema:
    """A schema that becomes a class or an alias.

    Attributes:
        called: The name that the configuration gives to it; empty when it gives none.
        asked: What an extension asks to call it, which may be no name; empty when none does.
    """

    id: SchemaId
    origin: Origin
    definition: Definition
    where: Where
    description: str = ""
    deprecated: bool = False
    xml: Xml | None = None
    called: str = ""
    asked: str = ""


# --- Operations ----------------------------------------------------------------------------

Place: TypeAlias = Literal["path", "query", "header", "cookie", "querystring"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter outside the body.

    Attributes:
        style: Serialisation style; always given, the default of the place filled in.
        content: Media type of a `content` parameter, empty for styled ones.
        allow_empty: Whether it may be given without a value (`allowEmptyValue`).
        called: What an extension or the configuration asks to call it; empty when none does.
        encoding: How fields are encoded where the parameter is a form, by wire name.
    """

    wire_name: str
    place: Place
    required: bool
    shape: Shape
    style: str
    explode: bool
    where: Where
    allow_reserved: bool = False
    content: str = ""
    allow_empty: bool = False
    called: str = ""
    description: str = ""
    default: Json = None
    has_default: bool = False
    examples: tuple[Json, ...] = ()
    deprecated: bool = False
    encoding: Mapping[str, Encoding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one field of a form is encoded (OpenAPI, "Encoding Object").

    Attributes:
        style: Serialisation style; empty when the document states none.
        headers: Header fields of a part whose values the document fixes.
    """

    content_type: str = ""
    style: str = ""
    explode: bool | None = None
    allow_reserved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """A media type and what is sent or received in it.

    Attributes:
        encoding: How fields of a form are encoded, by wire name; parts of an array by place, `*`
            for all other places.
        xml: What stands beside the schema about its root element.
        item: What a stream consists of.
        events: Payloads of server-sent events, by the names of the events.
        ends: Data of the events that end a stream.
    """

    type: str
    shape: Shape | None
    where: Where
    item: Shape | None = None
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    examples: tuple[Json, ...] = ()
    xml: Xml | None = None
    events: Mapping[str, Shape] = field(default_factory=dict)
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What an operation takes as its body."""

    content: tuple[Media, ...]
    required: bool
    where: Where
    description: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A header field of an answer; `content` is its media type where it has no style."""

    shape: Shape
    content: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: `status` is a code, a range such as `2XX`, or `default`."""

    status: str
    description: str
    content: tuple[Media, ...]
    where: Where
    headers: Mapping[str, Header] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A variable in a server's URL."""

    name: str
    default: str
    choices: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A URL under which the API is found, possibly relative or with variables."""

    url: str
    name: str = ""
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()


Requirement: TypeAlias = tuple[str, ...]
"""Schemes that are needed together; empty when none is."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When calls that fail are tried again, as an extension says.

    Attributes:
        attempts: In all, the first included.
        statuses: Codes and ranges such as `5XX`.
        first_wait: Seconds before the second attempt.
        longest_wait: Seconds.
        growth: How many times as long as the one before it each further wait is.
        max_elapsed: Seconds after which no attempt begins; None for any.
        connection_errors: Whether it is tried again when no answer came.
    """

    attempts: int
    statuses: tuple[int | str, ...] = ()
    first_wait: float = 0.0
    longest_wait: float = 0.0
    growth: float = 1.0
    max_elapsed: float | None = None
    connection_errors: bool = False


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A header by which a server knows a request that it gets again.

    Attributes:
        always: Whether calls are to have one, even if the caller gives none.
        parameter: The parameter that declares it; None when an extension alone does.
    """

    header: str
    always: bool
    parameter: Parameter | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, with what it inherits from its path and the document.

    Attributes:
        path: Template of what is sent.
        written_path: The path as the document has it, which may say more of its parameters.
        scopes: What each scheme of `security` must allow.
        idempotency: The header for keys, which is not among the parameters.
    """

    index: int
    method: str
    path: str
    where: Where
    written_path: str = ""
    operation_id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[Requirement, ...] | None = None
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    servers: tuple[Server, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    callbacks: tuple[Shape, ...] = ()
    extensions: Mapping[str, Json] = field(default_factory=dict)
    retry: Retry | None = None
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A way to authenticate (OpenAPI, "Security Scheme Object").

    Attributes:
        parameter: Name of the header, query parameter or cookie that holds a key.
        scheme: Of `http`: the name that `Authorization` begins with; in lower case if well known.
        token_url: Of `oauth2`: where clients get tokens with their own credentials, if they do.
        refresh_url: Of `oauth2`: where refresh tokens are turned into tokens, if there are some.
    """

    name: str
    type: Literal["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
    where: Where
    description: str = ""
    parameter: str = ""
    place: Literal["header", "query", "cookie"] = "header"
    scheme: str = ""
    token_url: str = ""
    refresh_url: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole API.

    Attributes:
        event: What webhooks carry; None when there are none.
    """

    title: str
    version: str
    description: str
    where: Where
    operations: tuple[Operation, ...]
    schemas: Mapping[SchemaId, NamedSchema]
    servers: tuple[Server, ...] = ()
    schemes: Mapping[str, SecurityScheme] = field(default_factory=dict)
    security: tuple[Requirement, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    event: Ref | None = None
    retry: Retry | None = None
