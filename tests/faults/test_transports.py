"""Transports that the caller brings."""

from __future__ import annotations

import asyncio
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import (
    AsyncClient,
    Client,
    ClientError,
    ConnectionError,  # noqa: A004
    RetryConfig,
    TimeoutConfig,
    TotalTimeoutError,
)
from tests.faults.server import Exchange, FaultServer, slack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect


def hang_up(exchange: Exchange) -> None:
    exchange.close()


def drip(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    exchange.drip(bytes(100), 0.02)


def stall(exchange: Exchange) -> None:
    time.sleep(1)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/hang-up": hang_up, "/drip": drip, "/stall": stall})
    yield started
    started.close()


def test_aiohttp_may_carry_the_calls(server: FaultServer) -> None:
    pytest.importorskip("httpx_aiohttp")
    library: Any = import_module("httpx_aiohttp")

    async def main() -> None:
        transport = library.AiohttpTransport()
        async with AsyncClient(server.url, transport=transport) as client:
            answers = await asyncio.gather(*(client.get("/") for _ in range(20)))
            assert {answer.content for answer in answers} == {b"ok"}
            async with client.stream("GET", "/") as response:
                assert [piece async for piece in response.aiter_bytes()] == [b"ok"]
            # It tells apart less than our own connections do.
            with pytest.raises(ClientError):
                await client.get("/hang-up", retry=RetryConfig(2, backoff_factor=0))

    asyncio.run(main())


def read(connect: Connect, client: Any, path: str) -> None:
    with client.stream("GET", path) as response:
        response.aread() if connect.is_async else response.read()


@pytest.mark.parametrize("path", ["/drip", "/stall"])
@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("is_lent", [False, True], ids=["transport", "client"])
def test_the_total_timeout_is_kept_by_others_too(
    connect: Connect, server: FaultServer, path: str, is_stream: bool, is_lent: bool
) -> None:
    prefix = "Async" if connect.is_async else ""
    given = getattr(httpx, f"{prefix}{'Client' if is_lent else 'HTTPTransport'}")()
    option = {"http_client" if is_lent else "transport": given}
    client = connect(None, server.url, timeout=TimeoutConfig(total=0.1), **option)
    started = time.monotonic()

    with pytest.raises(TotalTimeoutError):
        read(connect, client, path) if is_stream else client.get(path)

    assert time.monotonic() - started <= 0.3 + slack()
    connect.drive(given).aclose() if connect.is_async else given.close()


def test_a_transport_of_httpx_may_carry_the_calls(server: FaultServer) -> None:
    with Client(server.url, transport=httpx.HTTPTransport(retries=1), retry=None) as client:
        assert client.put("/", content=b"ab").content == b"ok"
        with pytest.raises(ConnectionError):
            client.get("/hang-up")
