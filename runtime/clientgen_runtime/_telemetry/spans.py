"""Spans and metrics of OpenTelemetry; loaded by clients that trace.

Names are those of the semantic conventions for HTTP clients, which are stable since their version
1.23. A span stands for a call, with all its attempts and redirects.
"""

# That which asks other instrumentations to leave a request alone has no public name.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeAlias

from opentelemetry import context as contexts
from opentelemetry import metrics, propagate, trace
from opentelemetry.propagators.textmap import Setter
from opentelemetry.trace import SpanKind, Status, StatusCode

from .._errors import ClientError
from .._headers import Headers, is_sendable
from .._servers import origin_of
from .._version import __version__
from .metrics import end_labels, outcome_labels
from .watch import Answered, Ended, Event, Limited, Opened, Retrying, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.metrics import Histogram
    from opentelemetry.trace import Span, Tracer

    from .._call import Call
    from .._request import Request
    from .._response import Response
    from .tracing import TracingConfig
    from .watch import Watch

Attributes: TypeAlias = "dict[str, str | int | float]"

_NAME = "clientgen_runtime"
_SCHEMA = "https://opentelemetry.io/schemas/1.23.0"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""What the conventions advise for `http.client.request.duration`, in seconds."""

_METHODS = frozenset(
    {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
)
"""Methods that are named; there is no end of others."""

_FOR_ALL = frozenset({"traceparent", "tracestate"})
"""What other origins are told, too: baggage may hold anything, and is for the API alone."""

_SUPPRESSED: str = contexts._SUPPRESS_HTTP_INSTRUMENTATION_KEY


class Tracing:
    """Makes a span of each call.

    Args:
        config: Where spans and metrics go.
    """

    def __init__(self, config: TracingConfig) -> None:
        self.propagate = config.propagate
        self.tracer: Tracer = trace.get_tracer(
            _NAME, __version__, config.tracer_provider, schema_url=_SCHEMA
        )
        meter = metrics.get_meter(_NAME, __version__, config.meter_provider, schema_url=_SCHEMA)
        self.durations: Histogram = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )

    def __call__(self, call: Call[Any]) -> Watch:
        """Begin the span of a call."""
        return Traced(self, call)


class Traced:
    """The span of one call, which is the current one until the call returns.

    Args:
        tracing: What makes it.
        call: The call, whose headers will tell of it.
    """

    def __init__(self, tracing: Tracing, call: Call[Any]) -> None:
        self._durations = tracing.durations
        self._clean = call.log.clean
        self._attributes = request_attributes(call.request, call.template)
        self._started = time.perf_counter()
        self._span: Span = tracing.tracer.start_span(
            span_name(call.request, call.template),
            kind=SpanKind.CLIENT,
            attributes={**self._attributes, **self._of_span(call.request)},
        )
        self._context: Context = trace.set_span_in_context(self._span)
        if tracing.propagate:
            is_ours = origin_of(call.request.url) in call.origins
            propagate.inject(call.request.headers, self._context, _Setter(is_ours=is_ours))
        # What hooks, middleware and logs do belongs to this span.
        self._token: Token[Context] | None = contexts.attach(self._context)
        self._sent = 0
        self._response: Response | None = None

    def _of_span(self, request: Request) -> Attributes:
        found: Attributes = {"url.full": self._clean(request.shown_url)}
        if request.method not in _METHODS:
            found["http.request.method_original"] = request.method
        return found

    def __call__(self, event: Event) -> None:
        """Take an event into the span."""
        match event:
            case Sending():
                self._sent += 1
                event.undo.append(without_other_spans())
            case Retrying(outcome, wait):
                self._span.add_event("retry", {**outcome_attributes(outcome), "wait": wait})
            case Limited(seconds):
                self._span.add_event("rate_limited", {"wait": seconds})
            case Answered(response):
                self._response = response
            case Opened():
                self._leave()
            case Ended(error):
                self._end(error)
            case _:
                pass

    def _leave(self) -> None:
        token, self._token = self._token, None
        if token is not None:
            contexts.detach(token)

    def _end(self, error: BaseException | None) -> None:
        self._leave()
        found = {**protocol(self._response), **end_attributes(self._response, error)}
        self._span.set_attributes(found)
        if self._sent > 1:
            self._span.set_attribute("http.request.resend_count", self._sent - 1)
        if "error.type" in found:
            self._span.set_status(Status(StatusCode.ERROR, self._description(error)))
        self._span.end()
        seconds = time.perf_counter() - self._started
        self._durations.record(seconds, {**self._attributes, **found}, self._context)

    def _description(self, error: BaseException | None) -> str | None:
        """Why there is no answer; what an answer says is not told, since it may say anything."""
        is_told = isinstance(error, ClientError) and self._response is None
        return self._clean(str(error)) if is_told else None


def without_other_spans() -> Callable[[], None]:
    """Have instrumentations of HTTP clients leave the next request alone, which has its span.

    Returns:
        What ends that.
    """
    token = contexts.attach(contexts.set_value(_SUPPRESSED, True))
    return lambda: contexts.detach(token)


class _Setter(Setter[Headers]):
    """Puts what tells of a span into headers, but in the place of none that the caller gave."""

    def __init__(self, *, is_ours: bool) -> None:
        self._is_ours = is_ours

    def set(self, carrier: Headers, key: str, value: str) -> None:
        if (self._is_ours or key.lower() in _FOR_ALL) and is_sendable(key, value):
            carrier.setdefault(key, value)


# --- Names and attributes ------------------------------------------------------------------


def span_name(request: Request, template: str) -> str:
    """A name that calls of one operation have in common."""
    method = request.method if request.method in _METHODS else "HTTP"
    return f"{method} {template}" if template else method


def request_attributes(request: Request, template: str) -> Attributes:
    """What spans and metrics tell of a request."""
    _, host, port = origin_of(request.url)
    found: Attributes = {
        "http.request.method": request.method if request.method in _METHODS else "_OTHER",
        "server.address": host,
    }
    if port is not None:
        found["server.port"] = port
    if template:
        found["url.template"] = template
    return found


def outcome_attributes(outcome: Response | BaseException | None) -> Attributes:
    """How a call or an attempt has ended: by a status, an error or both."""
    return _as_attributes(outcome_labels(outcome))


def end_attributes(response: Response | None, error: BaseException | None) -> Attributes:
    """How a call has ended."""
    return _as_attributes(end_labels(response, error))


def _as_attributes(labels: Mapping[str, str]) -> Attributes:
    found: Attributes = {}
    status, error = labels["status"], labels["error"]
    if status:
        found["http.response.status_code"] = int(status)
    if error or status >= "400":
        found["error.type"] = error or status
    return found


def protocol(response: Response | None) -> Attributes:
    """The version of HTTP that was spoken: `1.1` or `2`."""
    version = response.http_version.partition("/")[2] if response is not None else ""
    return {"network.protocol.version": version} if version else {}
