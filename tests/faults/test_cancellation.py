"""Whatever is cancelled, wherever it waits, the client goes on with full capacity."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import AsyncClient, PoolLimits, RetryConfig, TokenAuth
from tests.faults.server import Answer, Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def chunks(exchange: Exchange) -> None:
    exchange.send(CHUNKED + b"\r\n")
    for _ in range(3):
        time.sleep(0.002)
        exchange.send(b"5\r\nhello\r\n")
    exchange.send(b"0\r\n\r\n")


def events(exchange: Exchange) -> None:
    body = b"retry: 0\n\ndata: x\n\n"
    exchange.send(CHUNKED + b"Content-Type: text/event-stream\r\n\r\n")
    time.sleep(0.002)
    exchange.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))


def slowly(exchange: Exchange) -> None:
    time.sleep(0.002)
    exchange.respond()


def busy(exchange: Exchange) -> None:
    time.sleep(0.002)
    exchange.respond(status="503 Busy")


ANSWERS: dict[str, Answer] = {
    "/chunks": chunks,
    "/events": events,
    "/slow": slowly,
    "/busy": busy,
}


@pytest.fixture
def server() -> Any:
    answers: dict[str, Answer] = {
        "/chunks": chunks,
        "/events": events,
        "/slow": slowly,
        "/busy": busy,
    }
    started = FaultServer(answers)
    yield started
    started.close()


async def call(client: AsyncClient, folder: Path) -> None:
    await client.get("/slow")


async def stream(client: AsyncClient, folder: Path) -> None:
    async with client.stream("GET", "/chunks") as response:
        async for _ in response.aiter_bytes():
            pass


async def download(client: AsyncClient, folder: Path) -> None:
    await client.download("/chunks", folder / "file")


async def subscribe(client: AsyncClient, folder: Path) -> None:
    seen = 0
    source = client.sse("/events", reconnect=True)
    try:
        async for _ in source:
            seen += 1
            if seen == 2:
                break
    finally:
        await source.aclose()  # type: ignore[attr-defined]


async def upload(client: AsyncClient, folder: Path) -> None:
    async def content() -> AsyncIterator[bytes]:
        for _ in range(3):
            await asyncio.sleep(0)
            yield b"hello"

    await client.post("/slow", content=content())


async def try_again(client: AsyncClient, folder: Path) -> None:
    retry = RetryConfig(3, backoff_factor=0.001)
    await client.get("/busy", retry=retry, raise_for_status=False)


WORKS: list[Callable[[AsyncClient, Path], Awaitable[None]]] = [
    *(call, stream, download, subscribe, upload, try_again)
]


async def interrupted(work: Awaitable[object], steps: int) -> bool:
    """Run something and cancel it at its nth await; whether it came that far."""
    inner = work.__await__()

    async def wait_for(waited: Any) -> None:
        if waited is None:
            await asyncio.sleep(0)
        else:
            waited._asyncio_future_blocking = False
            await asyncio.wait([waited])

    try:
        for _ in range(steps):
            await wait_for(inner.send(None))
    except StopIteration:
        return False
    try:
        waited = inner.throw(asyncio.CancelledError())
        while True:
            await wait_for(waited)
            waited = inner.send(None)
    except (asyncio.CancelledError, StopIteration):
        return True


def in_use(client: AsyncClient) -> int:
    return sum(transport._pool.busy for transport in client._transport._opened.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_a_cancelled_task_costs_nothing(
    server: FaultServer, tmp_path: Path, work: Callable[[AsyncClient, Path], Awaitable[None]]
) -> None:
    async def main() -> int:
        limits = PoolLimits(max_connections=1, max_keepalive_connections=0)
        steps = 0
        async with AsyncClient(server.url, limits=limits, timeout=2, retry=None) as client:
            while await interrupted(work(client, tmp_path), steps):
                assert in_use(client) == 0
                assert list(tmp_path.iterdir()) == []
                assert (await client.get("/")).content == b"ok"
                steps += 1
        return steps

    assert asyncio.run(main()) >= 3


def test_a_cancelled_refresh_lets_the_next_call_refresh(server: FaultServer) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, timeout=2, retry=None) as client:

            async def fetch() -> str:
                return (await client.get("/slow")).text

            steps = 0
            while True:
                authorized = client.with_options(auth=TokenAuth(fetch))
                others = [asyncio.ensure_future(authorized.get("/")) for _ in range(2)]
                came_that_far = await interrupted(authorized.get("/"), steps)
                answers = await asyncio.wait_for(asyncio.gather(*others), 5)
                assert [answer.content for answer in answers] == [b"ok"] * 2
                if not came_that_far:
                    break
                steps += 1
        assert steps >= 3
        assert {e.headers.get("authorization") for e in server.seen} == {None, "Bearer ok"}

    asyncio.run(main())
