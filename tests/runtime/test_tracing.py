"""A call is one span, with what went into it, and nothing secret."""

from __future__ import annotations

import asyncio
import gzip
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import (
    AsyncClient,
    AuthenticationError,
    CircuitBreaker,
    ClientError,
    ConfigurationError,
    LogConfig,
    NotFoundError,
    RateLimiter,
    RetryConfig,
    ServerError,
    TokenBucket,
    TracingConfig,
    sdk,
)
from tests.runtime.driving import BASE_URL, Connect, Server

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import baggage, context, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = httpx.Response(200, json={})
BUSY = httpx.Response(503)
RETRIEVE: sdk.Operation[Any] = sdk.Operation("GET", "/pets/{petId}", {"200": lambda: dict})
CANARY = "canary-5ecret-4711"


class Observed:
    """Everything that is exported."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.config = TracingConfig(self.tracers, MeterProvider([self.reader]))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    @property
    def span(self) -> ReadableSpan:
        (span,) = self.spans
        return span

    @property
    def attributes(self) -> dict[str, Any]:
        return dict(self.span.attributes or {})

    @property
    def point(self) -> HistogramDataPoint:
        data: Any = self.reader.get_metrics_data()
        (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
        assert (metric.name, metric.unit) == ("http.client.request.duration", "s")
        point: HistogramDataPoint = metric.data.data_points[0]
        return point


def id_of(span: ReadableSpan) -> int:
    found = span.get_span_context()
    assert found is not None
    return found.span_id


@pytest.fixture
def observed() -> Observed:
    return Observed()


def test_a_call_is_one_span_by_the_conventions(connect: Connect, observed: Observed) -> None:
    client = connect(Server(OK), tracing=observed.config)

    client.get("/pets/7")

    assert (observed.span.name, observed.span.kind) == ("GET", SpanKind.CLIENT)
    assert observed.span.status.status_code is StatusCode.UNSET
    assert observed.attributes == {
        "http.request.method": "GET",
        "server.address": "pets.example",
        "server.port": 443,
        "url.full": "https://pets.example/v1/pets/7",
        "http.response.status_code": 200,
    }


def test_calls_of_an_operation_have_its_template_as_their_name(
    connect: Connect, observed: Observed
) -> None:
    client = connect(Server(OK), tracing=observed.config)

    client._call(RETRIEVE, path=(7,))

    assert observed.span.name == "GET /pets/{petId}"
    assert observed.attributes["url.template"] == "/pets/{petId}"


def test_a_method_that_nobody_knows_is_no_name(connect: Connect, observed: Observed) -> None:
    connect(Server(OK), tracing=observed.config).request("BREW", "/pot")

    assert observed.span.name == "HTTP"
    assert observed.attributes["http.request.method"] == "_OTHER"
    assert observed.attributes["http.request.method_original"] == "BREW"


def test_retries_are_events_of_the_one_span(
    connect: Connect, observed: Observed, slept: list[float]
) -> None:
    server = Server(BUSY, httpx.ConnectError("refused"), OK)
    client = connect(server, tracing=observed.config, retry=RetryConfig(jitter=0))

    client.get("/pets")

    events = [(event.name, dict(event.attributes or {})) for event in observed.span.events]
    assert events == [
        ("retry", {"http.response.status_code": 503, "error.type": "503", "wait": 0.5}),
        ("retry", {"error.type": "ConnectionError", "wait": 1.0}),
    ]
    assert observed.attributes["http.request.resend_count"] == 2
    assert observed.attributes["http.response.status_code"] == 200


def test_redirects_and_waits_belong_to_the_span(
    connect: Connect, observed: Observed, slept: list[float]
) -> None:
    server = Server(httpx.Response(302, headers={"location": "/v1/dogs"}), OK)
    client = connect(server, tracing=observed.config, rate_limiter=RateLimiter(TokenBucket(10)))

    client.get("/pets")
    client.get("/pets")

    first, second = observed.spans
    assert (first.attributes or {})["http.request.resend_count"] == 1
    assert [event.name for event in second.events][:1] == ["rate_limited"]


@pytest.mark.parametrize(
    ("answer", "error", "kind"),
    [
        (httpx.Response(404), NotFoundError, "404"),
        (BUSY, ServerError, "503"),
        (httpx.ConnectError("refused"), ClientError, "ConnectionError"),
        (httpx.Response(200, text="{"), ClientError, "DecodeError"),
    ],
)
def test_what_goes_wrong_is_the_type_of_the_error(
    connect: Connect, observed: Observed, answer: Any, error: type[Exception], kind: str
) -> None:
    client = connect(Server(answer), tracing=observed.config)

    with pytest.raises(error):
        client.get("/pets", response_model=dict)

    assert observed.attributes["error.type"] == kind
    assert observed.span.status.status_code is StatusCode.ERROR


def test_an_error_status_that_is_not_raised_is_an_error_of_the_span(
    connect: Connect, observed: Observed
) -> None:
    connect(Server(BUSY), tracing=observed.config).get("/x", raise_for_status=False)

    assert observed.attributes["error.type"] == "503"


def test_a_refused_call_is_a_span_too(connect: Connect, observed: Observed) -> None:
    breaker = CircuitBreaker(consecutive_failures=1)
    client = connect(Server(BUSY), tracing=observed.config, circuit_breaker=breaker)

    for _ in range(2):
        with suppress(ClientError):
            client.get("/pets")

    assert (observed.spans[1].attributes or {})["error.type"] == "CircuitOpenError"


def test_the_server_is_told_of_the_span(
    connect: Connect, observed: Observed, slept: list[float]
) -> None:
    server = Server(BUSY, OK)

    connect(server, tracing=observed.config, retry=1).get("/pets")

    told = [request.headers["traceparent"].split("-")[2] for request in server.requests]
    assert told == [trace.format_span_id(id_of(observed.span))] * 2


def test_what_the_caller_says_of_a_trace_stays(connect: Connect, observed: Observed) -> None:
    server = Server(OK)
    mine = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    connect(server, tracing=observed.config).get("/x", headers={"traceparent": mine})

    assert server.last.headers["traceparent"] == mine


def test_the_server_is_not_told_where_that_is_not_wanted(connect: Connect) -> None:
    server = Server(OK)

    connect(server, tracing=TracingConfig(TracerProvider(), propagate=False)).get("/x")

    assert "traceparent" not in server.last.headers


@pytest.fixture
def _in_baggage() -> Iterator[None]:
    before = propagate.get_global_textmap()
    both = [TraceContextTextMapPropagator(), W3CBaggagePropagator()]
    propagate.set_global_textmap(CompositePropagator(both))
    token = context.attach(baggage.set_baggage("tenant", "acme"))
    yield
    context.detach(token)
    propagate.set_global_textmap(before)


@pytest.mark.usefixtures("_in_baggage")
@pytest.mark.parametrize(
    ("url", "told"), [("/x", "tenant=acme"), ("https://other.example/x", None)]
)
def test_baggage_is_for_the_api_alone(
    connect: Connect, observed: Observed, url: str, told: str | None
) -> None:
    server = Server(OK)
    client = connect(server, tracing=observed.config)

    client.get(url)

    assert server.last.headers.get("baggage") == told
    assert "traceparent" in server.last.headers


def test_spans_of_hooks_are_within_that_of_the_call(connect: Connect, observed: Observed) -> None:
    tracer = observed.tracers.get_tracer("app")

    def hook(_: object) -> None:
        tracer.start_span("hook").end()

    connect(
        Server(OK), tracing=observed.config, event_hooks={"request": [hook], "response": [hook]}
    ).get("/x")

    *hooks, call = observed.spans
    assert [span.parent and span.parent.span_id for span in hooks] == [id_of(call)] * 2
    assert not trace.get_current_span().is_recording()


def test_the_span_of_a_stream_ends_with_its_body(connect: Connect, observed: Observed) -> None:
    client = connect(Server(httpx.Response(200, text="a\nb\n")), tracing=observed.config)

    with client.stream("GET", "/lines") as response:
        before = len(observed.spans)
        lines = response.aiter_lines() if connect.is_async else response.iter_lines()
        assert len(list(lines)) == 2

    assert before == 0
    assert observed.attributes["http.response.status_code"] == 200


def test_a_stream_that_breaks_is_an_error_of_its_span(connect: Connect, observed: Observed) -> None:
    cut = gzip.compress(b"[]")[:-4]
    answer = httpx.Response(200, content=cut, headers={"content-encoding": "gzip"})
    client = connect(lambda _: answer, tracing=observed.config)

    with client.stream("GET", "/lines") as response, pytest.raises(ClientError):
        list(response.aiter_bytes() if connect.is_async else response.iter_bytes())

    assert observed.attributes["error.type"] == "TruncatedResponseError"


def test_a_call_that_is_cancelled_ends_its_span(observed: Observed) -> None:
    async def main() -> None:
        async def hang(_: httpx.Request) -> httpx.Response:
            task.cancel()
            await asyncio.sleep(10)
            raise AssertionError

        transport = httpx.MockTransport(hang)
        async with AsyncClient(BASE_URL, transport=transport, tracing=observed.config) as client:
            task = asyncio.ensure_future(client.get("/x"))
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert observed.attributes["error.type"] == "Cancelled"


def test_durations_are_measured_with_the_buckets_that_are_advised(
    connect: Connect, observed: Observed
) -> None:
    connect(Server(OK), tracing=observed.config)._call(RETRIEVE, path=(7,))

    assert observed.point.count == 1
    assert observed.point.explicit_bounds[:3] == (0.005, 0.01, 0.025)
    assert observed.point.attributes == {
        "http.request.method": "GET",
        "server.address": "pets.example",
        "server.port": 443,
        "url.template": "/pets/{petId}",
        "http.response.status_code": 200,
    }


def test_nothing_secret_is_in_spans_and_metrics(
    connect: Connect, observed: Observed, slept: list[float]
) -> None:
    failed = httpx.Response(401, json={"error": f"bad key {CANARY}"})
    server = Server(BUSY, failed, httpx.ConnectError(f"refused {CANARY}"))
    client = connect(
        server,
        tracing=observed.config,
        auth=[("bearer", CANARY), ("api_key", CANARY)],
        headers={"X-Tenant-Key": CANARY},
        params={"api_key": CANARY},
        cookies={"sid": CANARY},
        log=LogConfig(secret_patterns=[CANARY]),
        retry=1,
    )
    with pytest.raises(AuthenticationError):
        client.get(f"/pets/{CANARY}?token={CANARY}")
    with pytest.raises(ClientError):
        client.post("/x", json={"password": CANARY})

    told = "".join(span.to_json() for span in observed.spans)
    assert "***" in told
    assert CANARY not in told + str(observed.reader.get_metrics_data())


def test_what_is_secret_in_a_path_is_in_no_span(connect: Connect, observed: Observed) -> None:
    ask: sdk.Operation[Any] = sdk.Operation("GET", "/bot{token}/me", {"200": lambda: dict})
    client = connect(Server(httpx.ConnectError("refused")), tracing=observed.config)

    with pytest.raises(ClientError):
        client._call(ask, path=(CANARY,))

    assert observed.attributes["url.full"] == "https://pets.example/v1/bot***/me"
    assert CANARY not in observed.span.to_json()


@pytest.mark.parametrize("off", [None, False])
def test_tracing_is_switched_per_client_and_call(
    connect: Connect, observed: Observed, off: object
) -> None:
    client = connect(Server(OK), tracing=observed.config)

    client.with_options(tracing=off).get("/x")
    client.get("/x", tracing=off)
    assert observed.spans == ()
    connect(Server(OK)).get("/x", tracing=observed.config)
    assert len(observed.spans) == 1


def test_without_configuration_the_global_provider_is_asked(connect: Connect) -> None:
    assert connect(Server(OK), tracing=True).get("/x").status_code == 200


def test_what_is_no_tracing_is_refused(connect: Connect) -> None:
    with pytest.raises(ConfigurationError, match="TracingConfig"):
        connect(Server(OK), tracing="yes")


def test_the_extra_is_named_when_it_is_missing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "clientgen_runtime._telemetry.spans", None)

    with pytest.raises(ConfigurationError, match=r"clientgen-runtime\[tracing\]"):
        connect(Server(OK), tracing=True)


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def local() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_beside_the_instrumentation_of_httpx_there_is_one_span(
    connect: Connect, observed: Observed, local: str
) -> None:
    module = pytest.importorskip("opentelemetry.instrumentation.httpx")
    instrumentor = module.HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=observed.tracers)
    try:
        connect(base_url=local, tracing=observed.config).get("/x")
        assert [span.instrumentation_scope.name for span in observed.spans] == [  # type: ignore[union-attr]
            "clientgen_runtime"
        ]
        # What does not trace itself is left to it.
        connect(base_url=local).get("/x")
        assert len(observed.spans) == 2
    finally:
        instrumentor.uninstrument()
