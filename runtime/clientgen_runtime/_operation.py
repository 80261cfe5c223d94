"""What the wire needs to know of one API call, as plain data.

Generated code states an `Operation` per call and an `Api` per package; the runtime interprets
them. Nothing here does anything. Every SDK imports it, so most of it is named tuples: dataclasses
take ten times as long to make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from ._omit import OMIT, Omit

if TYPE_CHECKING:
    from ._policies.retry import RetryConfig
    from ._version_param import VersionParam

T_co = TypeVar("T_co", covariant=True)

Style: TypeAlias = Literal[
    "simple",
    "label",
    "matrix",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "tabDelimited",
    "deepObject",
    "cookie",
    "querystring",
]
"""Serialisation styles of OpenAPI 3.x, section "Style Values".

`tabDelimited` is the `tsv` of Swagger 2.0; a `querystring` parameter is the whole query.
"""

Format: TypeAlias = "str | Mapping[str, Format]"
"""What values are written as: the name of their type in models, such as `UnixTime`.

A list has the format of its items, an object has those of its members by wire name. For lists
within lists it may be what stands between the items of the inner ones.
"""

Type: TypeAlias = Callable[[], object]
"""A type that is looked up when it is first needed: `lambda: models.Pet`."""

Content: TypeAlias = Mapping[str, Type | None]
"""Media type to the type of its payload; `None` when the document gives no schema."""

Payloads: TypeAlias = Content | Type
"""What a body may be; a type alone means JSON."""

Security: TypeAlias = tuple[tuple[str, ...], ...]
"""Alternatives of schemes that are needed together; `()` as an alternative means anonymous."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


def content_of(payloads: Payloads) -> Content:
    """The media types of a body; a type alone stands for `application/json`."""
    return {"application/json": payloads} if callable(payloads) else payloads


class Param(NamedTuple):
    """How one parameter is written, where that differs from the default of its place.

    Attributes:
        style: Serialisation style; the default is `simple` in paths and headers, `form` in
            queries and cookies.
        explode: Whether each item or property becomes a parameter of its own.
        allow_reserved: Whether characters reserved by RFC 3986 stay as they are.
        content: Media type that the value is encoded in, instead of a style.
        format: What values are written as, where their Python type alone does not tell.
        optional: Whether a path may end before this parameter.
        parts: How fields are written where the parameter is a form, by wire name.

    Example:
        >>> TAGS = Param("pipeDelimited", explode=False)
        >>> LIST = Operation("GET", "/pets", query_params={"tags": TAGS})
        >>> len(Resource(client)._call(LIST, query={"tags": ["dog", "old"]}))
        2
    """

    style: Style
    explode: bool
    allow_reserved: bool = False
    content: str | None = None
    format: Format | None = None
    optional: bool = False
    parts: Parts = NOTHING


class Part(NamedTuple):
    """How a field of a form or a part of a multipart body is written, where that is stated.

    See OpenAPI 3.x, section "Encoding Object".

    Attributes:
        content: Media types that it may have, separated by commas; the first one is sent unless
            a file's name tells otherwise.
        style: Serialisation style, as in queries; `None` leaves it to the media type.
        explode: Whether each item or property becomes a field of its own; goes with `style`.
        allow_reserved: Whether characters reserved by RFC 3986 stay as they are.
        headers: Header fields of the part whose values the document fixes.

    Example:
        >>> PHOTO = Part("image/png, image/jpeg")
        >>> KIND = "multipart/form-data"
        >>> Body({KIND: lambda: dict}, encoding={KIND: {"photo": PHOTO}}).required
        False
    """

    content: str = ""
    style: Style | None = None
    explode: bool = True
    allow_reserved: bool = False
    headers: Mapping[str, str] = NOTHING


Parts: TypeAlias = Mapping[str, Part]
"""Parts by wire name; those of arrays by place, `*` for all other places."""


class Body(NamedTuple):
    """What an operation accepts as its request body.

    Attributes:
        content: The media types that it accepts, the default one first.
        required: Whether a call without a body still sends an empty one.
        encoding: How fields of forms are written, by media type.
        typed: Whether its type has values in forms that Python types do not tell, such as
            `unixtime`; mappings and lists are then written by it.
        has_read_only: Whether models in it have properties that only servers set.

    Example:
        >>> Body({"application/json": lambda: Pet, "text/csv": lambda: str}, required=True).required
        True
    """

    content: Payloads
    required: bool = False
    encoding: Mapping[str, Parts] = NOTHING
    typed: bool = False
    has_read_only: bool = False


class Xml(NamedTuple):
    """How a value stands in XML (OpenAPI 3.2, section "XML Object").

    Models that are written as XML have one as `__xml__`; other types carry it in `Annotated`.

    Attributes:
        name: Name of the element or attribute; that of the property or model when it is empty.
        kind: Type of the node; `none` puts what is inside in the place of the value.
        namespace: Namespace of the name.
        prefix: Prefix of the name.
        wrapped: Whether the items of an array stand in an element of their own.
        item: How the items of an array stand.
        fields: How the properties of a model stand, by wire name.

    Example:
        >>> TAGS = Xml("tags", wrapped=True, item=Xml("tag"))
        >>> TAGS.kind
        'element'
    """

    name: str = ""
    kind: Literal["element", "attribute", "text", "cdata", "none"] = "element"
    namespace: str = ""
    prefix: str = ""
    wrapped: bool = False
    item: Xml | None = None
    fields: Mapping[str, Xml] = NOTHING


class Pages(NamedTuple):
    """How a list goes on after its first page.

    Paths are names on the wire with dots between them, such as `meta.next_cursor`.

    Attributes:
        style: `cursor`: a token goes into `request`; `token_body`: into that field of the body;
            `offset`, `page`: a number does; `next_url`: the answer has the next URL; `link`: its
            `Link` header has it (RFC 8288).
        items: Path of the items in the body; empty when the body is the list.
        request: Parameter that takes the next position, or path of the field in the body.
        next: Path of the next position in the body, or the name of a header that has it.
        place: Where `request` is.
        next_in: Where `next` is.
        last: Path in the last item of what is the next position, such as `id`.
        more: Path of a flag that is false on the last page; with `!` in front, one that is true
            there. For `page`, also of the number of the last page.
        total: Path of the number of items on all pages.
        start: The number of the first page; 1 for `page` and 0 for `offset` when not given.
        current: Path of the number of this page in the body, for requests that do not state it.
        verb: The method that a next URL is asked for with, that of the first request when empty.

    Example:
        >>> SEARCH = Pages("cursor", items="data", request="cursor", next="next_cursor")
        >>> SEARCH.place
        'query'
    """

    style: Literal["cursor", "offset", "page", "link", "next_url", "token_body"]
    items: str = ""
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


class Idempotency(NamedTuple):
    """A header that tells a server which requests are one, so that any method may be sent again.

    Attributes:
        header: Name of the header, which `idempotency_key=` is sent in.
        always: Whether calls that are given no key get one of their own.

    Example:
        >>> Idempotency("X-Idempotency-Key").always
        False
    """

    header: str = "Idempotency-Key"
    always: bool = False


class EventTypes(NamedTuple):
    """What the events of a stream carry, where their names tell.

    Attributes:
        item: The type of what `by_event` does not name; `None` for plain data.
        by_event: Types of payloads, by the name of the event.
        ends: Data of events that end the stream and are no items, `[DONE]` beside.

    Example:
        >>> EventTypes(lambda: Pet, ends=("[END]",)).ends
        ('[END]',)
    """

    item: object = None
    by_event: Mapping[str, Type] = NOTHING
    ends: tuple[str, ...] = ()


USUAL_KEY = Idempotency()


# Compared by identity: clients keep what they work out for an operation under it.
@dataclass(frozen=True, eq=False)
class Operation(Generic[T_co]):
    """One call of an API.

    Attributes:
        method: HTTP method, in upper case.
        path: Path template, such as `/pets/{petId}`.
        responses: Status code, range (`2XX`) or `default`, to what its body may be; several with
            blanks between where it is the same. An empty `Content` is a response without a body.
        body: The request body, if it takes one.
        path_params: Styles of path parameters that are not `simple`, by wire name.
        query_params: Styles of query parameters that are not exploded `form`, by wire name.
        header_params: Styles of header parameters that are not `simple`, by wire name.
        cookie_params: Styles of cookie parameters that are not exploded `form`, by wire name.
        security: Alternatives that this call accepts; `None` for those of the API.
        scopes: What OAuth tokens for this call must allow, by scheme, where `security` is stated.
        servers: URLs that this call goes to instead of those of the API.
        headers: Header values that the document fixes.
        deprecated: Whether the call is, or the wire names of those of its arguments that are.
        pages: How the list goes on that comes back, `None` when none does.
        response_headers: Types of headers of the answer that are not texts, by lower-case name;
            of those that are JSON, with their media type.
        retry: When to try again, unless client or call say; `None` for never, `OMIT` for what
            holds for all.
        idempotency: How the server knows a request that it gets again.
        final_state: Where the result of a call that takes long is found, in the words of
            `x-ms-long-running-operation-options`; empty where nothing is said, `None` for a call
            that is not said to take long.

    Example:
        >>> RETRIEVE = Operation("GET", "/pets/{petId}", {"200": lambda: Pet})
        >>> Resource(client)._call(RETRIEVE, path=(7,))
        Pet(id=7, name='Rex')
    """

    method: str
    path: str
    responses: Mapping[str, Payloads] = field(default_factory=_nothing)
    body: Body | None = None
    path_params: Mapping[str, Param] = field(default_factory=_nothing)
    query_params: Mapping[str, Param] = field(default_factory=_nothing)
    header_params: Mapping[str, Param] = field(default_factory=_nothing)
    cookie_params: Mapping[str, Param] = field(default_factory=_nothing)
    security: Security | None = None
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    servers: tuple[Server, ...] = ()
    headers: Mapping[str, str] = field(default_factory=_nothing)
    pages: Pages | None = None
    deprecated: bool | tuple[str, ...] = False
    response_headers: Mapping[str, Payloads] = field(default_factory=_nothing)
    retry: RetryConfig | Omit | None = OMIT
    idempotency: Idempotency = USUAL_KEY
    final_state: str | None = None


def contents_of(operation: Operation[Any]) -> dict[str, Content]:
    """What bodies may be, by status code, range or `default`."""
    return {
        status: content_of(payloads)
        for statuses, payloads in operation.responses.items()
        for status in statuses.split()
    }


class Variable(NamedTuple):
    """A variable of a server's URL.

    Attributes:
        default: Its value when the client states none.
        choices: The values that are allowed; any when there are none.

    Example:
        >>> REGION = Variable("eu", ("eu", "ch"))
        >>> EU = Server("https://{region}.example.com", "EU", {"region": REGION})
        >>> with Client(api=Api("Pets", "1.0", "pets", "PETS_", servers=(EU,))) as client:
        ...     client.base_url
        'https://eu.example.com'
    """

    default: str
    choices: tuple[str, ...] = ()


class Server(NamedTuple):
    """A URL under which the API is found; relative when the document says so.

    Attributes:
        url: The URL, with variables in braces.
        name: What `server=` may call it.
        variables: The variables of the URL by name.

    Example:
        >>> TEST = Server("https://test.example.com", "test")
        >>> API = Api("Pets", "1.0", "pets", "PETS_", servers=(Server("https://example.com"), TEST))
        >>> with Client(api=API, server="test") as client:
        ...     client.base_url
        'https://test.example.com'
    """

    url: str
    name: str | None = None
    variables: Mapping[str, Variable] = NOTHING


class ApiKey(NamedTuple):
    """A key in a header, query parameter or cookie.

    Attributes:
        name: Name of the header, query parameter or cookie.
        location: Where the key goes.

    Example:
        >>> ApiKey("X-Key", "header").location
        'header'
    """

    name: str
    location: Literal["header", "query", "cookie"]


class HttpAuth(NamedTuple):
    """An HTTP authentication scheme: `basic`, `bearer`, `digest`, or another one's name.

    Attributes:
        scheme: Its name in lower case.

    Example:
        >>> HttpAuth("bearer").scheme
        'bearer'
    """

    scheme: str


class OAuth2(NamedTuple):
    """OAuth 2.0 or OpenID Connect.

    The client takes an access token, or what one is fetched with: its arguments are a token, the
    client's id and secret, and with `refresh_url` a refresh token. URLs may be relative to the
    base URL.

    Attributes:
        token_url: Where the client gets tokens with its own credentials, if it does.
        refresh_url: Where refresh tokens are turned into tokens, if there are some.

    Example:
        >>> OAuth2("https://login.example.com/token").refresh_url is None
        True
    """

    token_url: str | None = None
    refresh_url: str | None = None


class MutualTLS(NamedTuple):
    """A client certificate; given to the client as `cert=`.

    Example:
        >>> MutualTLS()
        MutualTLS()
    """


Scheme: TypeAlias = ApiKey | HttpAuth | OAuth2 | MutualTLS


class Api(NamedTuple):
    """What all calls of one API share.

    Attributes:
        title: The API's name, for messages.
        version: The API's version.
        package: Import package of the SDK.
        env_prefix: Prefix of the environment variables that the client reads, such as
            `PET_STORE_` for `PET_STORE_API_KEY`.
        servers: Where the API is found, the default first.
        schemes: Security schemes by their name in the document.
        security: Alternatives that a call accepts when it does not say itself.
        arguments: Constructor arguments of each scheme: one, or user name and password. The
            environment variables are called like them, in upper case after `env_prefix`.
        scopes: What OAuth tokens must allow for calls that do not say themselves, by scheme.
        variables: Server variables that only operations with servers of their own have.
        version_param: Where calls take the version that they mean, if they do.
        retry: When to try again, unless the client says; `None` for never.

    Example:
        >>> API = Api("Pets", "1.0", "pets", "PETS_", servers=(Server("https://api.example.com"),))
        >>> with Client(api=API) as client:
        ...     client.base_url
        'https://api.example.com'
    """

    title: str
    version: str
    package: str
    env_prefix: str
    servers: tuple[Server, ...] = ()
    schemes: Mapping[str, Scheme] = NOTHING
    security: Security = ()
    arguments: Mapping[str, tuple[str, ...]] = NOTHING
    scopes: Mapping[str, tuple[str, ...]] = NOTHING
    variables: tuple[str, ...] = ()
    version_param: VersionParam | None = None
    retry: RetryConfig | Omit | None = OMIT
