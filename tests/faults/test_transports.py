"""Transports that the caller brings."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import AsyncClient, Client, ClientError, ConnectionError, RetryConfig  # noqa: A004
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator


def hang_up(exchange: Exchange) -> None:
    exchange.close()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/hang-up": hang_up})
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


def test_a_transport_of_httpx_may_carry_the_calls(server: FaultServer) -> None:
    with Client(server.url, transport=httpx.HTTPTransport(retries=1), retry=None) as client:
        assert client.put("/", content=b"ab").content == b"ok"
        with pytest.raises(ConnectionError):
            client.get("/hang-up")
