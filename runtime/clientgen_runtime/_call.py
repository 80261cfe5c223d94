"""One API call: its request, its rules, and what becomes of the answer."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._auth import Auth, add_cookies, auth_handlers
from ._body import (
    FORM,
    JSON,
    encode_body,
    essence,
    is_json,
    is_json_lines,
    is_json_sequence,
    is_xml,
)
from ._errors import ConfigurationError, DecodeError, HTTPError, ValidationError
from ._headers import Headers, check_header
from ._ids import uuid4
from ._narrow import is_mapping
from ._omit import OMIT, Omit
from ._operation import NOTHING, USUAL_KEY, content_of, contents_of
from ._parameters import cookie_pieces, expand_path, header_values, query_pieces, split_template
from ._payload import EMPTY, Payload, watched
from ._policies.redirects import redirect_config
from ._policies.retry import RetryConfig, retry_config
from ._redact import SHORTEST_SECRET, is_secret_in_path
from ._request import Request
from ._response import Response, json_or_text, status_error
from ._servers import chosen, join_url, origin_of, server_url
from ._settings import CALL_OPTIONS, REQUEST_OPTIONS, refuse_unknown
from ._timeout import TimeoutConfig, timeout_config

if TYPE_CHECKING:
    from ._cache.cache import CacheMode, HTTPCache
    from ._cookies import Cookies
    from ._errors import CircuitOpenError, ClientError
    from ._json import Dump, Load
    from ._net.proxies import Proxies
    from ._operation import Content, Idempotency, Operation, Type
    from ._policies.breaker import CircuitBreaker
    from ._policies.budget import RetryBudget
    from ._policies.limiter import RateLimiter
    from ._policies.middleware import Stack
    from ._policies.redirects import RedirectConfig
    from ._response import Validation
    from ._servers import Origin
    from ._settings import (
        CallOptions,
        Hooks,
        OperationArguments,
        RaiseForStatus,
        RequestOptions,
        Settings,
    )
    from ._streams import Items
    from ._telemetry.log_config import LogConfig
    from ._telemetry.watch import Watch, Watchers

T = TypeVar("T")

NO_OPTIONS: RequestOptions = {}

EVENTS = "text/event-stream"

_MOST_READERS = 64
"""Content types of one call that are remembered; some have a boundary that is new each time."""

Reader = Callable[[Response], Any]


class Call(Generic[T]):
    """A request with the rules that it is sent under.

    Attributes:
        request: What to send; each attempt sends a copy.
        auth: Handlers that authenticate each attempt.
        timeout: Limits.
        extensions: What the transport is told besides.
        idempotency: How the server knows a request that it gets again.
        load: What reads JSON.
        retry: When to try again, `None` for never.
        max_response_bytes: The largest body taken.
        breaker: What refuses attempts while the server fails.
        cache: What keeps answers.
        cache_mode: How it is used.
        failure: What became of the last attempt, where a stored answer stands in for it.
        is_silent: Whether the last attempt says nothing of the server, since it was not asked.
        refusal: Why nothing may be sent now.
        limiter: What has attempts wait for their turn.
        middleware: What the call, its attempts and its requests go through.
        validation: What becomes of data that does not fit.
        proxies: Which proxy to go through, `None` for that of the client.
        told: What the log has been told: types that data did not fit, endpoints that will go.
        template: The path as the document has it; empty for calls without one.
        origins: Those of the client, which may be told all that goes with a trace.
        watchers: Who wants to watch it, `None` for nobody.
        watches: Who watches it, once it has begun.
    """

    __slots__ = (
        "_raise_for_status",
        "auth",
        "breaker",
        "budget",
        "cache",
        "cache_mode",
        "error_body",
        "error_parser",
        "extensions",
        "failure",
        "hooks",
        "idempotency",
        "is_silent",
        "is_stream",
        "limiter",
        "load",
        "log",
        "max_response_bytes",
        "middleware",
        "origins",
        "proxies",
        "read",
        "redirects",
        "refusal",
        "request",
        "retry",
        "session",
        "template",
        "timeout",
        "told",
        "validation",
        "watchers",
        "watches",
    )

    def __init__(
        self,
        settings: Settings,
        request: Request,
        *,
        auth: tuple[Auth, ...],
        options: RequestOptions | CallOptions,
        read: Callable[[Response], T],
        error_body: Callable[[Response], object],
        retry: RetryConfig | None,
        idempotency: Idempotency = USUAL_KEY,
        template: str = "",
    ) -> None:
        self.request: Request = request
        self.template: str = template
        self.origins: Collection[Origin] = settings.origins
        self.watchers: Watchers | None = settings.watchers
        self.watches: tuple[Watch, ...] = ()
        self.auth: tuple[Auth, ...] = auth
        self.read: Callable[[Response], T] = read
        self.error_body: Callable[[Response], object] = error_body
        self.max_response_bytes: int | None = settings.max_response_bytes
        self.validation: Validation = settings.validation
        self.told: set[str] = settings.told
        self.budget: RetryBudget = settings.budget
        self.hooks: Hooks = settings.hooks
        self.breaker: CircuitBreaker | None = settings.breaker
        self.cache: HTTPCache | None = settings.cache
        self.cache_mode: CacheMode = "default"
        self.failure: Response | ClientError | None = None
        self.is_silent: bool = False
        self.refusal: CircuitOpenError | None = None
        self.limiter: RateLimiter | None = settings.limiter
        self.middleware: Stack | None = settings.middleware
        self.session: Cookies | None = settings.session
        self.log: LogConfig = settings.log
        self.load: Load = settings.load
        self.extensions: Mapping[str, Any] = NOTHING
        self.redirects: RedirectConfig | None = settings.redirects
        self.error_parser: Callable[[Response], object] | None = settings.error_parser
        self.is_stream: bool = False
        self.proxies: Proxies | None = None
        self.timeout: TimeoutConfig = settings.timeout
        self.retry: RetryConfig | None = retry
        self.idempotency: Idempotency = idempotency
        self._raise_for_status: RaiseForStatus = settings.raise_for_status
        if options:
            self._override(options)
        wants_key = settings.idempotency_keys and request.method in ("POST", "PATCH")
        if wants_key or idempotency.always:
            request.headers.setdefault(idempotency.header, uuid4())

    def _override(self, options: RequestOptions | CallOptions) -> None:
        if "timeout" in options:
            self.timeout = timeout_config(options["timeout"], self.timeout)
        if "retry" in options:
            self.retry = retry_config(options["retry"])
        if (raising := options.get("raise_for_status")) is not None:
            self._raise_for_status = raising
        if "max_response_bytes" in options:
            self.max_response_bytes = options["max_response_bytes"]
        if "circuit_breaker" in options:
            from ._policies.breaker import breaker_of

            self.breaker = breaker_of(options["circuit_breaker"])
        if "cache" in options:
            from ._cache.cache import cache_of_call

            self.cache, self.cache_mode = cache_of_call(options["cache"], self.cache)
        if "rate_limiter" in options:
            from ._policies.limiter import limiter_of

            self.limiter = limiter_of(options["rate_limiter"])
        if "middleware" in options:
            from ._policies.middleware import stack_of

            self.middleware = stack_of(options["middleware"])
        if "tracing" in options or "metrics" in options:
            from ._telemetry.watch import watchers_of

            self.watchers = watchers_of(options, self.watchers)
        if "upload_progress" in options and self.request.payload is not EMPTY:
            self.request.payload = watched(self.request.payload, options["upload_progress"])
        if "idempotency_key" in options:
            key = options["idempotency_key"]
            if _is_given(key):
                set_header(self.request.headers, self.idempotency.header, str(key))

    def status_error(self, response: Response) -> HTTPError | None:
        """The error that this status is raised as, if it is."""
        if response.status_code < 400:
            return None
        raising = self._raise_for_status
        if not (
            raising.get(response.status_code, True) if isinstance(raising, Mapping) else raising
        ):
            return None
        body = self.error_body(response)
        if self.error_parser is not None:
            found = _told(self.error_parser, response)
            if isinstance(found, HTTPError):
                found.attempts = response.attempts
                return found
            body = body if found is None else found
        return status_error(response, body)


def _told(parse: Callable[[Response], object], response: Response) -> object:
    """What a function makes of an error; nothing of one that proxies, say, tell in HTML."""
    try:
        return parse(response)
    except (DecodeError, ValidationError):
        return None


def _is_given(key: object) -> bool:
    """Whether a key is one: the word `None` would be the same for all calls."""
    return key is not None and key is not OMIT


class Plan:
    """What is the same in each call of one operation by one client."""

    def __init__(self, settings: Settings, operation: Operation[Any]) -> None:
        self.operation = operation
        base_url = _base_url(settings, operation)
        self.name = f"{operation.method} {operation.path}"
        literals, self._names = split_template(operation.path)
        self._literals = (base_url + literals[0], *literals[1:])
        self.secret_names = tuple(filter(is_secret_in_path, self._names))
        # The document declares its server for this call, so that may have the call's credentials.
        self.auth = _operation_auth(settings, operation, self.name)
        headers = Headers(settings.headers)
        self.responses = contents_of(operation)
        headers["Accept"] = _accept(self.responses)
        if settings.accept is not None:
            from ._policies.versions import accepting

            headers["Accept"] = accepting(headers["Accept"], settings.accept)
        for name, value in operation.headers.items():
            set_header(headers, name, value)
        self.headers = headers
        self.retry: RetryConfig | None = settings.retry
        if not settings.stated_retry and not isinstance(operation.retry, Omit):
            self.retry = operation.retry
        self._readers: dict[tuple[int, str | None], Reader] = {}

    def url(self, path: tuple[object, ...]) -> str:
        """The URL with values of path parameters, in the order in which the template names them."""
        values = dict(zip(dict.fromkeys(self._names), path, strict=True))
        return expand_path(self._literals, self._names, values, self.operation.path_params)

    def secret_parts(self, path: tuple[object, ...]) -> tuple[str, ...]:
        """What values of path parameters no log may show, as they stand in the URL."""
        values = dict(zip(dict.fromkeys(self._names), path, strict=True))
        styles = self.operation.path_params
        parts = (expand_path(("", ""), (n,), values, styles) for n in self.secret_names)
        # Shorter ones stand in other places, too.
        return tuple(part for part in parts if len(part) >= SHORTEST_SECRET)

    def read(self, response: Response) -> Any:
        """The typed value of a response."""
        key = (response.status_code, response.headers.get("content-type"))
        reader = self._readers.get(key)
        if reader is None:
            is_head = self.operation.method == "HEAD"
            reader = _nothing if is_head else _reader(self.responses, *key)
            if len(self._readers) < _MOST_READERS:
                self._readers[key] = reader
        return known_by(response, reader(response))

    def stream_types(self) -> str:
        """The declared media types that are streams of items."""
        kinds = (kind for content in self.responses.values() for kind in content)
        return ", ".join(dict.fromkeys(filter(_is_stream, kinds)))

    def open_stream(self, response: Response) -> tuple[Response, Items[Any]]:
        """An open response, and what makes its items."""
        from ._streams import typed_items

        content = _content_for(self.responses, response.status_code) or {}
        streams = {kind: model for kind, model in content.items() if _is_stream(kind)}
        kind = essence(response.headers.get("content-type", ""))
        _, model = _match_media_type(streams, kind)
        if not _is_stream(kind) and streams:
            kind = next(iter(streams))
        types = model() if model is not None else None
        _, whole = _match_media_type({k: m for k, m in content.items() if is_json(k)}, JSON)
        return response, typed_items(response, kind, types, whole)

    def error_body(self, response: Response) -> object:
        """The declared model of an error status, else what there is."""
        from ._errors import ClientError

        content = _content_for(self.responses, response.status_code)
        if not content or not response.content:
            return json_or_text(response)
        validation = response._validation
        if validation == "lenient":
            # Half a model would hide what the server said; its JSON does not.
            response._validation = "strict"
        try:
            return self.read(response)
        except ClientError:
            return json_or_text(response)
        finally:
            response._validation = validation


def operation_call(
    settings: Settings,
    plan: Plan,
    *,
    path: tuple[object, ...] = (),
    query: Mapping[str, object] = NOTHING,
    headers: Mapping[str, object] = NOTHING,
    cookies: Mapping[str, object] = NOTHING,
    fields: Mapping[str, object] | None = None,
    body: object = OMIT,
    content_type: str | Omit = OMIT,
    accept: str | Omit = OMIT,
    options: RequestOptions = NO_OPTIONS,
) -> Call[Any]:
    """The call of an operation with these arguments.

    Raises:
        ConfigurationError: An argument cannot be sent.
    """
    operation = plan.operation
    if options:
        refuse_unknown(options, REQUEST_OPTIONS, plan.name)
    if operation.deprecated:
        from ._deprecated import warn_of_deprecated

        warn_of_deprecated(settings, operation, (query, headers, cookies, fields or NOTHING))
    if settings.api is not None and settings.api.version_param is not None:
        from ._policies.versions import filled

        query, headers = filled(settings, settings.api.version_param, operation, query, headers)
    url = plan.url(path)
    pieces = [*query_pieces(query, operation.query_params)]
    if more := options.get("extra_query"):
        pieces += query_pieces(more, {})
    if settings.query:
        pieces = beside(settings.query, pieces, url)
    if pieces:
        url += ("&" if "?" in url else "?") + "&".join(pieces)
    payload = _operation_payload(settings.dump, operation, fields, body, content_type, options)
    request = Request(operation.method, url, plan.headers.copy(), payload)
    if plan.secret_names:
        request.secret_parts = plan.secret_parts(path)
    for name, value in header_values(headers, operation.header_params):
        set_header(request.headers, name, value)
    if accept:
        set_header(request.headers, "Accept", accept)
    if settings.cookies or cookies:
        given = [*cookie_pieces(cookies, operation.cookie_params)]
        add_cookies(request, beside(settings.cookies, given))
    _finish_headers(settings, request, options.get("extra_headers") or NOTHING)
    return Call(
        settings,
        request,
        auth=plan.auth,
        options=options,
        read=plan.read,
        error_body=plan.error_body,
        retry=plan.retry,
        idempotency=operation.idempotency,
        template=operation.path,
    )


def stream_call(
    settings: Settings, plan: Plan, arguments: OperationArguments
) -> Call[tuple[Response, Items[Any]]]:
    """The call of an operation whose answer is read item by item.

    Its result is the open response, and what makes its items.

    Raises:
        ConfigurationError: An argument cannot be sent.
    """
    if not arguments.get("accept"):
        arguments = {**arguments, "accept": plan.stream_types() or EVENTS}
    call = operation_call(settings, plan, **arguments)
    call.is_stream = True
    call.read = plan.open_stream
    return call


def is_streamed(stream: object, arguments: OperationArguments) -> bool:
    """Whether a call that can do both streams: by its argument, or by what its body says."""
    if isinstance(stream, Omit):
        body = arguments.get("body")
        stream = body.get("stream") if is_mapping(body) else getattr(body, "stream", None)
    return stream is True


def switched(arguments: OperationArguments) -> OperationArguments:
    """Arguments of a call with `stream=` put into a body that is given as a whole."""
    fields = {k: v for k, v in (arguments.get("fields") or {}).items() if v is not OMIT}
    if isinstance(arguments.get("body", OMIT), Omit) or fields.keys() != {"stream"}:
        return arguments
    options = arguments.get("options", NO_OPTIONS)
    extra = {**fields, **(options.get("extra_body") or NOTHING)}
    return {**arguments, "fields": {}, "options": {**options, "extra_body": extra}}


def generic_call(
    settings: Settings,
    method: str,
    url: str,
    model: object,
    options: CallOptions,
    *,
    is_stream: bool = False,
) -> Call[Any]:
    """The call of a method and URL that no document describes.

    Raises:
        ConfigurationError: An argument cannot be sent.
    """
    if options:
        refuse_unknown(options, CALL_OPTIONS, f"{method.lower()}()")
    if "version" in options:
        from ._policies.versions import of_version

        settings = of_version(settings, options["version"])
    absolute = join_url(settings.base_url, url)
    ours = origin_of(absolute) in settings.origins
    # Wrappers hand on `None` for what they are not given, whatever the types say.
    pieces = [*query_pieces(options.get("params") or NOTHING, {})]
    if settings.query and ours:
        pieces = beside(settings.query, pieces, absolute)
    if pieces:
        absolute += ("&" if "?" in absolute else "?") + "&".join(pieces)
    headers = Headers(settings.headers if ours else _harmless(settings.headers))
    request = Request(method.upper(), absolute, headers, _generic_payload(settings.dump, options))
    accept = settings.accept if ours else None
    if model is not None or accept is not None:
        request.headers.setdefault("Accept", accept or JSON)
    given = [*cookie_pieces(options.get("cookies") or NOTHING, {})]
    add_cookies(request, beside(settings.cookies, given) if ours else given)
    _finish_headers(settings, request, options.get("headers") or NOTHING)

    read: Reader = _as_it_is if model is None else lambda r: known_by(r, r.parse(model))
    auth = _generic_auth(settings, ours=ours)
    if "auth" in options:
        auth = auth_handlers(options["auth"])
    call = Call(
        settings,
        request,
        auth=auth,
        options=options,
        read=read,
        error_body=json_or_text,
        retry=settings.retry,
    )
    call.validation = options.get("validation") or settings.validation
    if "follow_redirects" in options:
        call.redirects = redirect_config(options["follow_redirects"], None, call.redirects)
    call.is_stream = is_stream
    call.extensions = options.get("extensions") or NOTHING
    if "proxy" in options:
        from ._net.proxies import proxies_of

        call.proxies = proxies_of(options["proxy"])
    return call


def beside(known: Sequence[str], given: Sequence[str], url: str = "") -> list[str]:
    """What the client always sends, as far as the call does not say, and what the call says."""
    names = {piece.partition("=")[0] for piece in (*url.partition("?")[2].split("&"), *given)}
    return [*(piece for piece in known if piece.partition("=")[0] not in names), *given]


def known_by(response: Response, value: Any) -> Any:
    """The result of a call; a model knows the id of the request that it came of."""
    if hasattr(value.__class__, "__request_id__"):
        object.__setattr__(value, "__request_id__", response.request_id)
    return value


def _as_it_is(response: Response) -> Response:
    return response


def _harmless(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """What another origin may see of the default headers, which often hold keys."""
    return [item for item in headers if item[0].lower() in ("user-agent", "accept-encoding")]


def set_header(headers: Headers, name: str, value: str) -> None:
    """Set a header that came from outside."""
    check_header(name, value)
    headers[name] = value


def _finish_headers(settings: Settings, request: Request, extra: Mapping[str, str]) -> None:
    payload = request.payload
    # Each call is asked, and a list takes half the time of `in`.
    if settings.new_id is not None and not request.headers.get_list("x-request-id"):
        request.headers.add("X-Request-ID", settings.new_id())
    if payload is not EMPTY and payload.content_type is not None:
        set_header(request.headers, "Content-Type", payload.content_type)
    for name, value in extra.items():
        set_header(request.headers, name, value)


def _base_url(settings: Settings, operation: Operation[Any]) -> str:
    """Where an operation lives; a base URL that the user states wins over the document."""
    if not operation.servers or settings.stated_base_url or settings.api is None:
        return settings.base_url
    server = chosen(operation.servers, settings.server) or operation.servers[0]
    return server_url(server, settings.api, settings.server_variables, settings.base_url)


def _operation_auth(settings: Settings, operation: Operation[Any], name: str) -> tuple[Auth, ...]:
    if settings.auth is not None:
        return settings.auth
    if settings.credentials is None:
        return ()
    return settings.credentials.handlers(operation.security, name, operation.scopes)


def _generic_auth(settings: Settings, *, ours: bool) -> tuple[Auth, ...]:
    if not ours:
        return ()
    if settings.auth is not None:
        return settings.auth
    return settings.credentials.any_handlers() if settings.credentials is not None else ()


def _operation_payload(
    dump: Dump,
    operation: Operation[Any],
    fields: Mapping[str, object] | None,
    body: object,
    content_type: str | Omit,
    options: RequestOptions,
) -> Payload:
    extra = options.get("extra_body")
    accepted = operation.body
    if accepted is None:
        return EMPTY if extra is None else encode_body(extra, JSON, dump=dump)
    given = {name: value for name, value in (fields or {}).items() if value is not OMIT}
    if isinstance(body, Omit):
        if not given and extra is None and (fields is None or not accepted.required):
            return EMPTY
        body = given
    elif given:
        raise ConfigurationError(
            f"{operation.method} {operation.path}: give body= or single fields, not both"
        )
    if extra is not None:
        body = _with_extra(body, extra)
    content = content_of(accepted.content)
    media_type = content_type or next(iter(content), JSON)
    if len(content) > 1 and content_type is OMIT:
        from ._multipart import type_for_files

        media_type = type_for_files(body, media_type, accepted)
    declared = content.get(media_type) or _match_media_type(content, media_type)[1]
    encoding = accepted.encoding.get(media_type, NOTHING)
    if accepted.has_read_only:
        from ._data.read_only import without_read_only

        body = without_read_only(body)
    if accepted.typed and declared is not None:
        from ._data.typed import written

        body = written(declared(), body)
    return encode_body(body, media_type, encoding, dump, declared)


def _with_extra(body: object, extra: Mapping[str, object]) -> object:
    from ._data.wire import plain
    from ._narrow import is_mapping

    members = plain(body)
    if not is_mapping(members):
        raise ConfigurationError("extra_body= needs a body that is an object")
    return {**members, **extra}


def _generic_payload(dump: Dump, options: CallOptions) -> Payload:
    stated: Any = options
    given: dict[str, Any] = {n: stated[n] for n in _BODIES if stated.get(n) is not None}
    if len(given) > 1 and given.keys() != {"data", "files"}:
        raise ConfigurationError(f"{' and '.join(given)} cannot be sent together")
    # Alone nothing is JSON's null.
    if "json" in given or (not given and "json" in options):
        return encode_body(given.get("json"), JSON, dump=dump)
    if "files" in given:
        from ._multipart import encode_multipart

        files = _named_files(given["files"])
        return encode_multipart(given.get("data", NOTHING), "multipart/form-data", {}, files)
    if "data" in given:
        return encode_body(given["data"], FORM)
    if "content" in given:
        from ._body import encode_content

        kind = "text/plain; charset=utf-8" if isinstance(given["content"], str) else None
        return encode_content(given["content"], kind)
    return EMPTY


_BODIES = ("json", "content", "data", "files")


def _named_files(files: object) -> list[tuple[str, object]]:
    """The files of `files=`, each with the name of its field, which several may share."""
    from ._narrow import is_array, is_list, is_mapping, is_tuple

    named: list[tuple[str, object]] = []
    pairs = [*files.items()] if is_mapping(files) else files
    for pair in pairs if is_array(pairs) else [pairs]:
        if not (is_tuple(pair) and len(pair) == 2 and isinstance(name := pair[0], str)):
            raise ConfigurationError(
                "files= takes files by field name, or a list of pairs of a name and a file"
            )
        named += [(name, each) for each in (pair[1] if is_list(pair[1]) else [pair[1]])]
    return named


def _accept(responses: Mapping[str, Content]) -> str:
    good = [content for status, content in responses.items() if status.startswith("2")]
    wanted: dict[str, None] = {}
    for content in good or [responses.get("default", {})]:
        whole = [kind for kind in content if not _is_stream(kind)] or list(content)
        types = [kind for kind in whole if is_json(kind)] or whole
        wanted.update(dict.fromkeys(types))
    return ", ".join(wanted) or "*/*"


def _content_for(responses: Mapping[str, Content], status: int) -> Content | None:
    for key in (str(status), f"{status // 100}XX", f"{status // 100}xx"):
        if key in responses:
            return responses[key]
    if 200 <= status < 300:
        # Servers often answer with another success status than the one that is documented, and
        # `default` usually describes errors.
        for key, content in responses.items():
            if key.startswith("2"):
                return content
    return responses.get("default")


def _nothing(_: Response) -> None:
    """What a response without a body holds."""


def _reader(responses: Mapping[str, Content], status: int, content_type: str | None) -> Reader:
    """What reads a response of this status and content type."""
    content = _content_for(responses, status)
    if status in (204, 205, 304) or (content is not None and not content):
        return _nothing
    media_type, model = _match_media_type(content or {}, content_type or "")
    return _typed_reader(media_type, model() if model is not None else None)


def _is_stream(media_type: str) -> bool:
    kind = essence(media_type)
    return kind == EVENTS or is_json_lines(kind) or is_json_sequence(kind)


def _match_media_type(content: Content, content_type: str) -> tuple[str, Type | None]:
    """How a body is written, and the type that is declared for it.

    The most specific media type wins (RFC 9110 section 12.5.1). A server that states another one
    than it declares is taken to mean the declared one, where there is no choice.
    """
    kind = essence(content_type)
    declared = {essence(media_type): media_type for media_type in content}
    declared |= {_with_parameters(media_type): media_type for media_type in content}
    for pattern in (_with_parameters(content_type), kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if pattern in declared:
            # What is said to be anything, and does not say what it is, is JSON.
            is_known = is_json(kind) or is_xml(kind) or kind.startswith("text/")
            return kind if is_known or "*" not in pattern else "*/*", content[declared[pattern]]
    for is_alike in (is_json, is_xml):
        written = next(filter(is_alike, content), None)
        if written is not None and is_alike(kind or JSON):
            return written, content[written]
    if len(content) == 1 or not kind:
        return next(iter(content.items()), (kind, None))
    return kind, None


def _with_parameters(media_type: str) -> str:
    """A media type with the parameters that tell it from others of its name."""
    name, *parameters = (part.strip().lower() for part in media_type.split(";"))
    telling = [p for p in parameters if p and not p.startswith(("charset=", "boundary="))]
    return ";".join([name, *sorted(telling)])


def _typed_reader(media_type: str, model: object) -> Reader:
    if model is bytes:
        return lambda response: response.content
    if is_json(media_type) or (media_type == "*/*" and model not in (None, str, Any)):
        if model is None:
            return lambda response: response.json() if _has_value(response) else None
        if model is str:
            return _json_text
        # Not by the method of the object: streamed responses have their own, which reads first.
        return lambda response: Response.parse(response, model) if _has_value(response) else None
    if is_xml(media_type) and model not in (None, str):
        return _xml_reader(model)
    if essence(media_type) == FORM and model not in (None, str):
        return _form_reader(model)
    if essence(media_type).startswith("text/") and model not in (None, str):
        return _text_reader(model)
    if model is str or essence(media_type).startswith("text/"):
        return _text
    if model in (None, Any) or not media_type:
        return _by_content_type
    return lambda response: response.content


def _has_value(response: Response) -> bool:
    """Whether there is JSON; some servers send a blank or a line end for nothing."""
    content = response.content
    return bool(content) and not content.isspace()


def _xml_reader(model: object) -> Reader:
    from ._parse import parse_xml

    return lambda response: parse_xml(response, model) if response.content else None


def _form_reader(model: object) -> Reader:
    from ._parse import parse_form

    return lambda response: parse_form(response, model) if response.content else None


def _text_reader(model: object) -> Reader:
    from ._parse import parse_text

    return lambda response: parse_text(response, model)


def _json_text(response: Response) -> object:
    """A JSON string; servers often send it as it is, without quotes.

    Where they do not say that it is JSON, other JSON is the content of the text, as in a file.
    """
    if not response.content:
        return None
    if not is_json(response.headers.get("content-type", JSON)):
        value = json_or_text(response)
        return value if isinstance(value, str) else response.text
    try:
        return Response.parse(response, str)
    except DecodeError:
        return response.text


def _text(response: Response) -> str:
    """The text of a response; what is in a JSON string, where the server says that it is JSON."""
    if is_json(response.headers.get("content-type", "")):
        value = json_or_text(response)
        if isinstance(value, str):
            return value
    return response.text


def _by_content_type(response: Response) -> object:
    kind = essence(response.headers.get("content-type", ""))
    if not response.content:
        return None
    if is_json(kind or JSON):
        try:
            return response.json() if _has_value(response) else None
        except DecodeError:
            if kind:
                raise
    return response.text if kind.startswith("text/") else response.content
