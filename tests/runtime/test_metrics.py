"""Collectors are told of durations, retries and refusals, with labels that hold no secrets."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import (
    CircuitBreaker,
    ClientError,
    ConfigurationError,
    DecodeError,
    HTTPCache,
    PoolStatus,
    RateLimiter,
    RetryConfig,
    TokenBucket,
    sdk,
)
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import Mapping

OK = httpx.Response(200, json={})
BUSY = httpx.Response(503)
BASE = {"method": "GET", "host": "pets.example"}
RETRIEVE: sdk.Operation[Any] = sdk.Operation("GET", "/pets/{petId}", {"200": lambda: dict})


class Collected:
    def __init__(self) -> None:
        self.counts: list[tuple[str, dict[str, str]]] = []
        self.values: list[tuple[str, float, dict[str, str]]] = []

    def count(self, name: str, labels: Mapping[str, str]) -> None:
        self.counts.append((name, dict(labels)))

    def observe(self, name: str, value: float, labels: Mapping[str, str]) -> None:
        self.values.append((name, value, dict(labels)))

    def labels(self, name: str) -> list[dict[str, str]]:
        return [labels for found, _, labels in self.values if found == name]


@pytest.fixture
def collected() -> Collected:
    return Collected()


def test_calls_and_requests_are_measured(connect: Connect, collected: Collected) -> None:
    connect(Server(OK), metrics=collected)._call(RETRIEVE, path=(7,))

    labels = {**BASE, "route": "/pets/{petId}", "status": "200", "error": ""}
    assert [(name, told) for name, _, told in collected.values] == [
        ("request_seconds", labels),
        ("call_seconds", labels),
    ]
    assert all(0 < value < 5 for _, value, _ in collected.values)


def test_retries_are_counted_by_what_caused_them(
    connect: Connect, collected: Collected, slept: list[float]
) -> None:
    server = Server(BUSY, httpx.ConnectError("refused"), OK)

    connect(server, metrics=collected, retry=2).get("/pets/7")

    assert collected.counts == [
        ("retries", {**BASE, "route": "", "status": "503", "error": ""}),
        ("retries", {**BASE, "route": "", "status": "", "error": "ConnectionError"}),
    ]
    told = [(labels["status"], labels["error"]) for labels in collected.labels("request_seconds")]
    assert told == [("503", ""), ("", "ConnectionError"), ("200", "")]
    assert [labels["status"] for labels in collected.labels("call_seconds")] == ["200"]


def test_waits_of_the_limiter_are_measured(
    connect: Connect, collected: Collected, slept: list[float]
) -> None:
    client = connect(Server(OK), metrics=collected, rate_limiter=RateLimiter(TokenBucket(10)))

    for _ in range(2):
        client.get("/pets")

    assert collected.labels("limiter_wait_seconds")[:1] == [{**BASE, "route": ""}]


def test_refusals_of_the_breaker_are_counted(connect: Connect, collected: Collected) -> None:
    breaker = CircuitBreaker(consecutive_failures=1)
    client = connect(Server(BUSY), metrics=collected, circuit_breaker=breaker)

    for _ in range(3):
        with suppress(ClientError):
            client.get("/pets")

    assert [name for name, _ in collected.counts] == ["breaker_refusals"] * 2
    assert collected.labels("call_seconds")[-1]["error"] == "CircuitOpenError"


def test_an_error_beside_a_status_is_told(connect: Connect, collected: Collected) -> None:
    with pytest.raises(DecodeError):
        connect(Server(httpx.Response(200, text="{")), metrics=collected).get(
            "/x", response_model=dict
        )

    (labels,) = collected.labels("call_seconds")
    assert (labels["status"], labels["error"]) == ("200", "DecodeError")


def test_a_stream_is_measured_to_its_end(connect: Connect, collected: Collected) -> None:
    client = connect(Server(httpx.Response(200, text="a\n")), metrics=collected)

    with client.stream("GET", "/lines"):
        assert collected.labels("call_seconds") == []
    assert len(collected.labels("call_seconds")) == 1


def test_labels_hold_no_secrets(connect: Connect, collected: Collected, slept: list[float]) -> None:
    secret = "canary-5ecret-4711"
    client = connect(
        Server(BUSY, httpx.ConnectError(secret)),
        metrics=collected,
        auth=("bearer", secret),
        params={"api_key": secret},
        retry=RetryConfig(max_attempts=3),
        rate_limiter=RateLimiter(TokenBucket(10), key=lambda _: secret),
    )

    with pytest.raises(ClientError):
        client.get(f"/pets/{secret}", headers={"X-Key": secret})

    assert collected.counts
    assert secret not in str(collected.counts) + str(collected.values)


def test_metrics_are_switched_per_client_and_call(connect: Connect, collected: Collected) -> None:
    client = connect(Server(OK), metrics=collected)

    client.with_options(metrics=None).get("/x")
    client.get("/x", metrics=None)
    assert collected.values == []
    connect(Server(OK)).get("/x", metrics=collected)
    assert len(collected.values) == 2


def test_a_collector_that_fails_costs_no_call(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Collected):
        def observe(self, name: str, value: float, labels: Mapping[str, str]) -> None:
            raise KeyError(name)

    with caplog.at_level(logging.WARNING, "clientgen_runtime"):
        assert connect(Server(OK), metrics=Broken()).get("/x").status_code == 200

    assert "the metrics collector has failed" in caplog.text


@pytest.mark.parametrize("given", [object(), Collected, print])
def test_what_is_no_collector_is_refused(connect: Connect, given: object) -> None:
    with pytest.raises(ConfigurationError, match="metrics="):
        connect(Server(OK), metrics=given)


def test_the_pools_tell_how_full_they_are(connect: Connect) -> None:
    held = threading.Event()

    class Holding(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "1")
            self.end_headers()
            self.wfile.flush()
            held.wait(10)
            self.wfile.write(b"x")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Holding)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client = connect(base_url=f"http://127.0.0.1:{server.server_port}")
    try:
        assert client.pool_status == PoolStatus()
        with client.stream("GET", "/x") as response:
            assert client.pool_status == PoolStatus(busy=1)
            held.set()
            assert response.aread() if connect.is_async else response.read()
        assert client.with_options(timeout=1).pool_status == PoolStatus(idle=1)
    finally:
        held.set()
        client.close()
        server.shutdown()
        thread.join()
        server.server_close()


def test_answers_of_the_cache_are_counted(connect: Connect, collected: Collected) -> None:
    pytest.importorskip("hishel")
    fresh = httpx.Response(200, json={}, headers={"cache-control": "max-age=60"})
    client = connect(Server(fresh), metrics=collected, cache=HTTPCache())

    for _ in range(2):
        client.get("/pets")

    told = [labels["result"] for name, labels in collected.counts if name == "cache_answers"]
    assert told == ["misses", "hits"]
    assert len(collected.labels("request_seconds")) == 1


def test_what_is_off_is_not_even_loaded() -> None:
    program = """
import sys, httpx, clientgen_runtime
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
with clientgen_runtime.Client("https://pets.example", transport=transport) as client:
    client.get("/x")
names = "watch metrics tracing spans versions sunset".split()
ours = [f"clientgen_runtime._{name}" for name in names]
print([name for name in (*ours, "opentelemetry") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
