"""What a client was told, checked once and never changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from ._ids import uuid4
from ._json import Dump, Load, dumps, loads
from ._operation import NOTHING
from ._policies.budget import RetryBudget
from ._policies.redirects import RedirectConfig
from ._policies.retry import RetryConfig
from ._telemetry.log_config import LogConfig
from ._timeout import Timeout, TimeoutConfig

if TYPE_CHECKING:
    import httpx

    from ._auth import Auth, AuthArgument, Credentials
    from ._cache.cache import CacheArgument, HTTPCache
    from ._cookies import Cookies as CookieStore
    from ._limits import PoolLimits
    from ._net.proxies import ProxyArgument
    from ._net.tls import Certificate, Verify
    from ._omit import Omit
    from ._operation import Api
    from ._payload import Progress
    from ._policies.breaker import CircuitBreaker
    from ._policies.limiter import RateLimiter
    from ._policies.middleware import MiddlewareArgument, Stack
    from ._policies.versions import Versions
    from ._response import Response, Validation
    from ._servers import Origin
    from ._telemetry.metrics import MetricsCollector
    from ._telemetry.tracing import TracingConfig
    from ._telemetry.watch import Watchers

RaiseForStatus: TypeAlias = bool | Mapping[int, bool]
"""Whether error statuses are raised: for all, or by status, such as `{404: False}`."""

Cookies: TypeAlias = Mapping[str, object]


class ClientOptions(TypedDict, total=False):
    """Every argument of `Client` and `AsyncClient` that SDKs take too.

    Attributes:
        auth: Handler object, callable, `("bearer", token)`, `("api_key", key)` or
            `("basic", user, password)`; takes the place of what the document asks for.
        headers: Sent with every call to the API's own origin.
        params: Query parameters sent with every call.
        cookies: Cookies sent with every call to the API's own origin.
        timeout: Seconds for each phase, `TimeoutConfig` or `httpx.Timeout`; `None` waits for ever.
            Default: `TimeoutConfig()`.
        retry: `RetryConfig`, attempts after the first, or `None` for none. Default:
            `RetryConfig()`, which is two after the first.
        raise_for_status: Whether error statuses are raised, or that by status, such as
            `{404: False}`. Default: all are.
        max_response_bytes: The largest body taken, decompressed, in bytes; `None` for any.
            Default: 100,000,000.
        validation: What becomes of data that does not fit its model: `strict` raises, `lenient`
            (the default) keeps it as received, `off` does not look.
        server: Place, name or URL of one of the API's servers. Default: the first.
        server_variables: Values for a templated server URL, by name.
        user_agent: The `User-Agent` header. Default: names of SDK and runtime, and their versions.
        verify_ssl: Whether to verify servers, which is the default; or a CA bundle, a folder of
            them, or an `ssl.SSLContext`.
        cert: Client certificate: a file, certificate and key, or those and the key's password.
        min_tls_version: `1.2`, the default, or `1.3`.
        trust_store: `certifi`, the default, or `system` with the extra `truststore`.
        http2: Whether to offer HTTP/2, with the extra `http2`. Default: no.
        limits: How many connections there may be. Default: `PoolLimits()`.
        follow_redirects: Whether redirects are followed, which is the default, or which, as
            `RedirectConfig`.
        max_redirects: How many in a row. Default: 20.
        event_hooks: Functions by `request` and `response`: called with the `Request` before each
            request is sent, which they may change, and with each `Response`. Those of
            `AsyncClient` may be coroutine functions.
        middleware: Objects with `handle(request, call_next)`, or such functions, each around the
            next and all around each attempt; `AroundCall` and `AroundSend` put one elsewhere. See
            `Middleware`. Those of `AsyncClient` may be coroutine functions.
        rate_limiter: Has requests wait for their turn; `None`, the default, for none.
        circuit_breaker: Refuses calls to a server that fails, until it has recovered; `None`, the
            default, for none.
        tracing: Whether calls make spans of OpenTelemetry, with the extra `tracing`; or where they
            go, as `TracingConfig`. Default: no.
        metrics: Is told of durations, retries and more; see `MetricsCollector`. `None`, the
            default, for none.
        cache: Keeps answers and gives them again while they are fresh; `None`, the default, for
            none.
        error_parser: Called with a response of an error status; returns the `HTTPError` to
            raise, or what becomes its `body`.
        versions: Where calls say which version of the API they mean; see `Versions`. `None`, the
            default, for nowhere.
        request_id: `uuid4`, the default, `ulid` or a function: what `X-Request-ID` is made of;
            `None` sends none.
        idempotency_keys: Whether POST and PATCH get an `Idempotency-Key` of their own, the same
            over all attempts, which makes them safe to try again; for servers that know it.
            Default: no.
        json_serializer: Writes JSON bodies instead of the standard library or orjson; called with
            plain data, in which only what the runtime knows no notation for is left as it was.
        json_deserializer: Reads JSON answers instead of them; called with the bytes.
        persist_cookies: Whether cookies that the server sets are sent back, to the host that set
            them alone. Default: no.
        log: What the log shows. Default: `LogConfig()`.
        proxy: URL, `ProxyConfig`, URLs by scheme, or `None` for no proxy at all; the environment
            decides when it is not given.
        transport: An httpx transport to send through, such as `httpx.MockTransport`.
        http_client: An `httpx` or `httpx2` client to send through, with its own proxies, TLS,
            headers, cookies and hooks; closing it is left to its owner.

    Example:
        >>> options: ClientOptions = {"timeout": 20, "retry": 5}
        >>> client.with_options(**options).get("/pets/7").status_code
        200
    """

    auth: AuthArgument
    headers: Mapping[str, str]
    params: Mapping[str, object]
    cookies: Cookies
    timeout: Timeout
    retry: RetryConfig | int | None
    raise_for_status: RaiseForStatus
    max_response_bytes: int | None
    validation: Validation
    server: int | str
    server_variables: Mapping[str, str]
    user_agent: str
    verify_ssl: Verify
    cert: Certificate | None
    min_tls_version: Literal["1.2", "1.3"]
    trust_store: Literal["certifi", "system"]
    http2: bool
    limits: PoolLimits
    proxy: ProxyArgument
    follow_redirects: bool | RedirectConfig
    max_redirects: int
    event_hooks: Mapping[Literal["request", "response"], Sequence[Callable[[Any], object]]]
    middleware: Sequence[MiddlewareArgument]
    rate_limiter: RateLimiter | None
    circuit_breaker: CircuitBreaker | None
    tracing: bool | TracingConfig | None
    metrics: MetricsCollector | None
    cache: HTTPCache | None
    error_parser: Callable[[Response], object]
    versions: Versions | None
    request_id: Literal["uuid4", "ulid"] | Callable[[], str] | None
    idempotency_keys: bool
    json_serializer: Callable[[Any], bytes | str]
    json_deserializer: Callable[[bytes], object]
    persist_cookies: bool
    log: LogConfig
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport
    http_client: httpx.Client | httpx.AsyncClient | object


class EnvOverrides(ClientOptions, total=False):
    """What `from_env` takes besides the prefix: every argument of a client."""

    base_url: str
    version: str


class RequestOptions(TypedDict, total=False):
    """What every method of an SDK takes besides its own arguments.

    Attributes:
        extra_headers: Further headers; they win over those of the client.
        extra_query: Further query parameters.
        extra_body: Further members of a JSON or form body.
        timeout: As for the client, for this call.
        retry: As for the client, for this call.
        idempotency_key: Sent as `Idempotency-Key`, or in the header that the document has for
            keys, with each attempt, which makes any method safe to try again.
        raise_for_status: As for the client, for this call.
        max_response_bytes: As for the client, for this call.
        middleware: For this call, in place of that of the client.
        rate_limiter: For this call, in place of that of the client.
        circuit_breaker: For this call, in place of that of the client.
        upload_progress: Called while the body is sent, with the bytes that are sent and, if
            known, their number at the end; a further attempt begins at 0 again.
        cache: For this call, in place of that of the client; or how that is used: `reload`,
            `no-cache`, `force-cache`, `only-if-cached` or `no-store`, see `CacheMode`.

    Example:
        >>> options: RequestOptions = {"timeout": 60, "extra_headers": {"X-Trace": "1"}}
        >>> sorted(options)
        ['extra_headers', 'timeout']
    """

    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, object]
    extra_body: Mapping[str, object]
    timeout: Timeout
    retry: RetryConfig | int | None
    idempotency_key: str
    raise_for_status: RaiseForStatus
    max_response_bytes: int | None
    cache: CacheArgument
    middleware: Sequence[MiddlewareArgument]
    rate_limiter: RateLimiter | None
    circuit_breaker: CircuitBreaker | None
    upload_progress: Progress


class OperationArguments(TypedDict, total=False):
    """What generated code says of one call of an operation.

    Attributes:
        path: Values of the path parameters, in the order of the template.
        query: Query parameters by wire name.
        headers: Header parameters by wire name.
        cookies: Cookie parameters by wire name.
        fields: Properties of the body by wire name.
        body: The whole body.
        content_type: Media type of the body, where there are several.
        accept: Media type of the answer, where there are several.
        options: What every method takes.
    """

    path: tuple[object, ...]
    query: Mapping[str, object]
    headers: Mapping[str, object]
    cookies: Mapping[str, object]
    fields: Mapping[str, object] | None
    body: object
    content_type: str | Omit
    accept: str | Omit
    options: RequestOptions


class CallOptions(TypedDict, total=False):
    """What `get`, `post` and the other generic methods take besides the URL.

    Attributes:
        params: Query parameters; lists repeat their name.
        headers: Further headers; they win over those of the client.
        cookies: Further cookies.
        json: A body that is sent as JSON.
        data: A body that is sent as a form; with `files`, its other fields.
        files: Files by field name, or pairs of a name and a file, sent as multipart; a list in
            place of a file is several.
        content: A body that is sent as it is: bytes, text, a file, an iterable of bytes.
        auth: As for the client, for this call; `None` sends no credentials.
        timeout: As for the client, for this call.
        retry: As for the client, for this call.
        idempotency_key: Sent as `Idempotency-Key` with each attempt.
        raise_for_status: As for the client, for this call.
        validation: As for the client, for this call.
        version: The version of the API that this call means, in place of that of the client;
            `None` states none.
        proxy: As for the client, for this call.
        follow_redirects: As for the client, for this call.
        max_response_bytes: As for the client, for this call.
        middleware: For this call, in place of that of the client.
        rate_limiter: For this call, in place of that of the client.
        circuit_breaker: For this call, in place of that of the client.
        tracing: As for the client, for this call.
        metrics: As for the client, for this call.
        upload_progress: Called while the body is sent, with the bytes that are sent and, if
            known, their number at the end; a further attempt begins at 0 again.
        cache: For this call, in place of that of the client; or how that is used: `reload`,
            `no-cache`, `force-cache`, `only-if-cached` or `no-store`, see `CacheMode`.
        extensions: What the transport is told besides, as httpx calls them: `sni_hostname`,
            `trace` and others.

    Example:
        >>> options: CallOptions = {"params": {"limit": 2}, "headers": {"X-Trace": "1"}}
        >>> client.get("/pets", **options).url
        'https://api.example.com/pets?limit=2'
    """

    params: Mapping[str, object]
    headers: Mapping[str, str]
    cookies: Cookies
    json: object
    data: Mapping[str, object]
    files: Mapping[str, object] | Sequence[tuple[str, object]]
    content: object
    auth: AuthArgument
    timeout: Timeout
    retry: RetryConfig | int | None
    idempotency_key: str
    raise_for_status: RaiseForStatus
    validation: Validation
    version: str | None
    proxy: ProxyArgument
    follow_redirects: bool | RedirectConfig
    max_response_bytes: int | None
    middleware: Sequence[MiddlewareArgument]
    rate_limiter: RateLimiter | None
    circuit_breaker: CircuitBreaker | None
    tracing: bool | TracingConfig | None
    metrics: MetricsCollector | None
    upload_progress: Progress
    cache: CacheArgument
    extensions: Mapping[str, Any]


class PageOptions(CallOptions, total=False):
    """What `paginate` takes besides method, URL and model: how the list goes on.

    Paths are names with dots between them, such as `meta.next_cursor`.

    Attributes:
        style: `cursor`, `offset`, `page`, `link`, `next_url` or `token_body`; found by the other
            arguments when it is not given.
        items: Path of the items in the body; the body itself when it is not given.
        request: Parameter that takes the next position, or path of the field in the body.
        next: Path of the next position or URL in the body, or the name of a header that has it.
        place: Where `request` is; `query` when it is not given.
        next_in: Where `next` is; `body` when it is not given.
        last: Path in the last item of what is the next position, such as `id`.
        more: Path of a flag that is false on the last page; with `!` in front, one that is true
            there.
        total: Path of the number of items on all pages.
        start: The number of the first page; 1 for `page`, 0 for `offset` when it is not given.
        current: Path of the number of this page in the body, for requests that do not state it.
        verb: The method that a next URL is asked for with, when not with that of the first.

    Example:
        >>> options: PageOptions = {"style": "page", "request": "page", "items": "data"}
        >>> page = client.paginate("GET", "/pets/search", **options)
        >>> page.items
        [{'id': 7, 'name': 'Rex'}]
    """

    style: Literal["cursor", "offset", "page", "link", "next_url", "token_body"]
    items: str
    request: str
    next: str
    place: Literal["query", "header", "body"]
    next_in: Literal["body", "header"]
    last: str
    more: str
    total: str
    start: int
    current: str
    verb: str


REQUEST_OPTIONS = frozenset(RequestOptions.__annotations__)
CALL_OPTIONS = frozenset(CallOptions.__annotations__)
CLIENT_OPTIONS = frozenset(ClientOptions.__annotations__)
SHARED = frozenset(
    (
        "cert",
        "http2",
        "http_client",
        "limits",
        "min_tls_version",
        "proxy",
        "server",
        "server_variables",
        "transport",
        "trust_store",
        "verify_ssl",
    )
)
"""What all variants of a client have in common: its connections, and where they lead."""


ELSEWHERE = {
    "allow_redirects": "follow_redirects",
    "api_key": "auth",
    "default_headers": "headers",
    "default_query": "params",
    "max_retries": "retry",
    "proxies": "proxy",
    "token": "auth",
    "verify": "verify_ssl",
}
"""What other libraries call arguments that there are here, too."""


def refuse_unknown(given: Iterable[str], known: frozenset[str], what: str) -> None:
    """Refuse keyword arguments that nothing takes, as Python does where it knows them.

    Raises:
        TypeError: One of them is not known.
    """
    for name in given:
        if name not in known:
            from difflib import get_close_matches

            # Few mistake a first letter: who writes `retries` means `retry`, not `metrics`.
            elsewhere = [own for own in (ELSEWHERE.get(name),) if own in known]
            close = elsewhere or get_close_matches(name, known, 3)
            meant = max(close, key=lambda each: each[:1] == name[:1], default=None)
            hint = f"; did you mean {meant!r}?" if meant else ""
            raise TypeError(f"{what} got an unexpected keyword argument {name!r}{hint}")


@dataclass(frozen=True)
class Hooks:
    """Functions that are told of requests and responses."""

    request: tuple[Callable[[Any], object], ...] = ()
    response: tuple[Callable[[Any], object], ...] = ()


@dataclass(frozen=True)
class Settings:
    """A client's configuration after all defaults are settled."""

    base_url: str
    stated_base_url: bool
    origins: Collection[Origin]
    api: Api | None = None
    # Operations may have servers of their own among which these choose.
    server: int | str | None = None
    server_variables: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    credentials: Credentials | None = None
    auth: tuple[Auth, ...] | None = None
    # Keys are given in these, too, so no `repr` shows them.
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[str, ...] = field(default=(), repr=False)
    cookies: tuple[str, ...] = field(default=(), repr=False)
    timeout: TimeoutConfig = field(default_factory=TimeoutConfig)
    retry: RetryConfig | None = field(default_factory=RetryConfig)
    # What the document says counts only where the user says nothing.
    stated_retry: bool = False
    raise_for_status: RaiseForStatus = True
    max_response_bytes: int | None = 100_000_000
    validation: Validation = "lenient"
    redirects: RedirectConfig | None = field(default_factory=RedirectConfig)
    hooks: Hooks = field(default_factory=Hooks)
    middleware: Stack | None = None
    breaker: CircuitBreaker | None = None
    cache: HTTPCache | None = None
    watchers: Watchers | None = None
    versions: Versions | None = None
    # The version that is meant, and the settings without what it has changed.
    version: str | None = None
    unversioned: Settings | None = field(default=None, repr=False)
    # What takes the place of JSON in `Accept`.
    accept: str | None = None
    limiter: RateLimiter | None = None
    error_parser: Callable[[Response], object] | None = None
    idempotency_keys: bool = False
    new_id: Callable[[], str] | None = uuid4
    log: LogConfig = field(default_factory=LogConfig)
    dump: Dump = dumps
    load: Load = loads
    # Shared by all variants, like the connections; `None` when no cookies are kept.
    session: CookieStore | None = None
    # Shared by all variants, since they meet the same server.
    budget: RetryBudget = field(default_factory=RetryBudget)
    # Shared by all variants of a client, so that each misfit is logged once.
    told: set[str] = field(default_factory=set[str])
