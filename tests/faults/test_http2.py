"""HTTP/2: many streams on one connection, and what the trouble of one does to the others."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    AsyncClient,
    Client,
    ConnectionError,  # noqa: A004
    RetryConfig,
    ServerError,
    TimeoutConfig,
    TotalTimeoutError,
    TruncatedResponseError,
)
from tests.faults.server import FaultServer, slack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.http2 import Exchange, HTTP2Server
    from tests.runtime.driving import Connect

trustme = pytest.importorskip("trustme")
pytest.importorskip("h2")


async def soon(exchange: Exchange) -> None:
    await asyncio.sleep(0.1)
    exchange.respond(exchange.path.encode() + exchange.body)


async def now(exchange: Exchange) -> None:
    exchange.respond()


async def drip(exchange: Exchange) -> None:
    exchange.begin()
    for _ in range(100):
        exchange.send(b"x")
        await asyncio.sleep(0.05)


async def busy_once(exchange: Exchange) -> None:
    exchange.respond(status=200 if has_failed(exchange) else 503)


async def reset_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.reset()


async def hang_up_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.hang_up()


async def cut(exchange: Exchange) -> None:
    exchange.begin()
    exchange.send(b"hello")
    exchange.reset()


FAILED: set[str] = set()


def has_failed(exchange: Exchange) -> bool:
    known = exchange.path in FAILED
    FAILED.add(exchange.path)
    return known


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server_context(authority: Any, *protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(protocols)
    return context


@pytest.fixture
def server(authority: Any) -> Iterator[HTTP2Server]:
    from tests.faults.http2 import HTTP2Server

    FAILED.clear()
    answers = {
        "/": now,
        "/soon": soon,
        "/drip": drip,
        "/busy-once": busy_once,
        "/reset-once": reset_once,
        "/hang-up-once": hang_up_once,
        "/cut": cut,
    }
    started = HTTP2Server(answers, server_context(authority, "h2"))
    yield started
    started.close()


def test_a_server_that_speaks_it_is_spoken_to(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    response = client.post("/soon", json={"a": 1})

    assert response.http_version == "HTTP/2"
    assert response.content == b'/soon{"a":1}'


def test_a_server_that_does_not_is_spoken_to_as_before(
    connect: Connect, authority: Any, bundle: Path
) -> None:
    old = FaultServer({}, server_context(authority, "http/1.1"))

    response = connect(None, old.url, http2=True, verify_ssl=bundle).get("/")

    assert (response.http_version, response.content) == ("HTTP/1.1", b"ok")
    old.close()


def test_it_is_not_offered_unless_wanted(authority: Any, bundle: Path, connect: Connect) -> None:
    both = FaultServer({}, server_context(authority, "h2", "http/1.1"))

    assert connect(None, both.url, verify_ssl=bundle).get("/").http_version == "HTTP/1.1"
    both.close()


def test_tasks_share_one_connection(server: HTTP2Server, bundle: Path) -> None:
    async def main() -> set[bytes]:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle) as client:
            answers = await asyncio.gather(*(client.get("/soon") for _ in range(150)))
            return {answer.content for answer in answers}

    assert asyncio.run(main()) == {b"/soon"}
    assert (len(server.seen), server.connections) == (150, 1)
    assert server.most_busy >= 100


def test_threads_share_one_connection(server: HTTP2Server, bundle: Path) -> None:
    answers: list[bytes] = []
    with Client(server.url, http2=True, verify_ssl=bundle) as client:
        client.get("/")
        threads = [
            threading.Thread(target=lambda: answers.append(client.get("/soon").content))
            for _ in range(110)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert answers == [b"/soon"] * 110
    # Two threads that both find no connection with a free stream open one each.
    assert server.connections <= 2


@pytest.mark.parametrize("path", ["/busy-once", "/reset-once", "/hang-up-once"])
def test_what_fails_is_tried_again(
    connect: Connect, server: HTTP2Server, bundle: Path, path: str
) -> None:
    retry = RetryConfig(2, backoff_factor=0)
    client = connect(None, server.url, http2=True, verify_ssl=bundle, retry=retry)

    assert client.get(path).content == b"ok"
    assert [exchange.path for exchange in server.seen] == [path, path]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/busy-once", ServerError),
        ("/reset-once", ConnectionError),
        ("/hang-up-once", ConnectionError),
        ("/cut", TruncatedResponseError),
    ],
)
def test_errors_are_those_of_any_protocol(
    connect: Connect, server: HTTP2Server, bundle: Path, path: str, error: type[Exception]
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with pytest.raises(error) as caught:
        client.post(path)
    assert type(caught.value) is error
    assert client.get("/").content == b"ok"


def test_the_total_timeout_is_kept(connect: Connect, server: HTTP2Server, bundle: Path) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    client.get("/")
    started = time.monotonic()

    with pytest.raises(TotalTimeoutError):
        client.get("/drip", timeout=TimeoutConfig(total=0.3))
    assert 0.25 <= time.monotonic() - started <= 0.35 + slack()
    assert client.get("/").content == b"ok"


def test_events_arrive_while_the_stream_is_open(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with client.stream("GET", "/drip") as response:
        name = "aiter_bytes" if connect.is_async else "iter_bytes"
        pieces = iter(getattr(response, name)())
        assert [next(pieces) for _ in range(3)] == [b"x"] * 3
        pieces.close()
    assert client.get("/").content == b"ok"
