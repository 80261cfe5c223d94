"""The network under the clients: what is sent, how much is read ahead, and other loops."""

from __future__ import annotations

import asyncio
import gc
import random
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import httpcore
import pytest

from clientgen_runtime import (
    AsyncClient,
    ConfigurationError,
    PoolLimits,
    PoolTimeoutError,
    TimeoutConfig,
    TotalTimeoutError,
)
from clientgen_runtime._net.aio import AsyncioBackend, AsyncioStream, _within
from clientgen_runtime._net.async_pool import (
    AsyncEvent,
    AsyncPool,
    AsyncPooledTransport,
    async_turns,
)
from clientgen_runtime._net.connection import AsyncConnection, Connection
from clientgen_runtime._net.slots import Slots
from clientgen_runtime._outgoing import Outgoing
from tests.faults.server import Exchange, FaultServer, slack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

T = TypeVar("T")

LARGE = 16_000_000
BACKENDS = ["asyncio", "uvloop", "trio"]


def run(main: Callable[[], Awaitable[T]], backend: str) -> T:
    pytest.importorskip(backend)
    if backend == "uvloop":
        return anyio.run(main, backend_options={"use_uvloop": True})
    return anyio.run(main, backend=backend)


def large(exchange: Exchange) -> None:
    exchange.respond(b"x" * LARGE)


def slowly(exchange: Exchange) -> None:
    time.sleep(0.02)
    exchange.respond()


def never(exchange: Exchange) -> None:
    time.sleep(2)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/large": large, "/slow": slowly, "/never": never})
    yield started
    started.close()


@pytest.fixture
def secure_server() -> Iterator[FaultServer]:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    started = FaultServer({"/large": large, "/slow": slowly}, context)
    yield started
    started.close()


class Recorder:
    """Keeps what is written, and answers it."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, buffer: bytes, timeout: float | None = None) -> Any:
        self.sent += buffer
        return self._done(None)

    def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        return self._done(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def get_extra_info(self, info: str) -> object:
        return None

    def _done(self, value: Any) -> Any:
        return value


class AsyncRecorder(Recorder):
    def _done(self, value: Any) -> Any:
        async def done() -> Any:
            return value

        return done()


def sent(is_async: bool, pieces: list[bytes], length: int | None) -> bytes:
    """What an upload in pieces puts on the wire."""

    async def later() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    lines = ["Host: x"]
    address = ("http", "x", 80)
    if is_async:
        recorder: Recorder = AsyncRecorder()
        request = Outgoing("PUT", address, "/", lines, later(), length, {})
        asyncio.run(AsyncConnection(recorder).exchange(request))  # type: ignore[arg-type]
    else:
        recorder = Recorder()
        request = Outgoing("PUT", address, "/", lines, pieces, length, {})
        Connection(recorder).exchange(request)  # type: ignore[arg-type]
    return recorder.sent.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_pieces_of_unknown_length_are_sent_as_chunks(is_async: bool) -> None:
    assert sent(is_async, [b"hello", b"", b"x" * 17], None) == (
        b"5\r\nhello\r\n" + b"11\r\n" + b"x" * 17 + b"\r\n0\r\n\r\n"
    )


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_pieces_of_known_length_are_sent_as_they_are(is_async: bool) -> None:
    assert sent(is_async, [b"hello", b" you"], 9) == b"hello you"


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("length", [3, 9])
def test_a_body_of_another_length_than_stated_is_not_completed(is_async: bool, length: int) -> None:
    with pytest.raises(ConfigurationError, match="length"):
        sent(is_async, [b"hello"], length)


@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "secure"])
def test_no_more_is_read_ahead_than_a_little(
    server: FaultServer, secure_server: FaultServer, is_secure: bool
) -> None:
    url = (secure_server if is_secure else server).url

    async def main() -> tuple[int, int]:
        async with (
            AsyncClient(url, verify_ssl=not is_secure) as client,
            client.stream("GET", "/large") as response,
        ):
            size, held = 0, 0
            async for chunk in response.aiter_bytes():
                if not size:
                    await asyncio.sleep(0.2)
                    held = response._source._native.stream.connection.stream._held  # type: ignore[union-attr]
                size += len(chunk)
            return size, held

    size, held = asyncio.run(main())
    assert size == LARGE
    assert 0 < held < LARGE / 4


def test_a_stream_gives_as_much_as_is_asked_for(server: FaultServer) -> None:
    async def main() -> list[bytes]:
        stream = await AsyncioBackend().connect_tcp("127.0.0.1", server.port)
        assert isinstance(stream, AsyncioStream)
        await stream.write(b"GET / HTTP/1.1\r\n\r\n")
        try:
            return [await stream.read(4), await stream.read(5), await stream.read(1000)]
        finally:
            await stream.aclose()

    assert asyncio.run(main())[:2] == [b"HTTP", b"/1.1 "]


def test_what_is_opened_too_late_is_closed() -> None:
    closed: list[str] = []

    class Opened:
        def abort(self) -> None:
            closed.append("aborted")

    async def stubborn() -> Opened:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            # The connection was made at the moment of the cancellation.
            return Opened()
        raise AssertionError

    async def main() -> None:
        with pytest.raises(httpcore.ConnectTimeout):
            await _within(0.01, stubborn())
        task = asyncio.create_task(_within(None, stubborn()))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert closed == ["aborted"] * 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_calls_take_turns_under_any_loop(server: FaultServer, backend: str) -> None:

    async def main() -> None:
        limits = PoolLimits(max_connections=2)
        timeout = TimeoutConfig(pool=5)
        async with AsyncClient(server.url, limits=limits, timeout=timeout) as client:
            answers: list[bytes] = []

            async def call() -> None:
                answers.append((await client.get("/slow")).content)

            async with anyio.create_task_group() as tasks:
                for _ in range(10):
                    tasks.start_soon(call)
            assert answers == [b"ok"] * 10

    run(main, backend)
    assert server.connections <= 2


@pytest.mark.parametrize("backend", BACKENDS)
def test_turns_that_do_not_come_under_any_loop(server: FaultServer, backend: str) -> None:

    async def main() -> None:
        limits = PoolLimits(max_connections=1)
        timeout = TimeoutConfig(pool=0.1)
        async with AsyncClient(server.url, limits=limits, timeout=timeout, retry=None) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.get, "/never")
                await anyio.sleep(0.05)
                with pytest.raises(PoolTimeoutError):
                    await client.get("/")
                tasks.cancel_scope.cancel()
            assert (await client.get("/")).content == b"ok"

    run(main, backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "secure"])
def test_cancel_scopes_cost_no_connection(
    server: FaultServer, secure_server: FaultServer, backend: str, is_secure: bool
) -> None:
    url = (secure_server if is_secure else server).url

    async def main() -> None:
        limits = PoolLimits(max_connections=3)
        async with AsyncClient(
            url, limits=limits, timeout=20, retry=None, verify_ssl=not is_secure
        ) as client:

            async def call(patience: float) -> None:
                with anyio.move_on_after(patience):
                    await client.get("/slow")

            for _ in range(15):
                async with anyio.create_task_group() as tasks:
                    for _ in range(6):
                        tasks.start_soon(call, random.uniform(0, 0.06))
            assert (await opened_pool(client)).busy == 0
            assert (await client.get("/slow")).content == b"ok"

    run(main, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_total_timeout_is_kept_under_any_loop(server: FaultServer, backend: str) -> None:

    async def main() -> float:
        async with AsyncClient(server.url, timeout=TimeoutConfig(total=0.3)) as client:
            started = time.monotonic()
            with pytest.raises(TotalTimeoutError):
                await client.get("/never")
            return time.monotonic() - started

    assert 0.25 <= run(main, backend) <= 0.3 + slack()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_stream_that_is_dropped_closes_its_connection(server: FaultServer) -> None:
    async def main() -> bytes:
        client = AsyncClient(server.url)
        pool = await opened_pool(client)
        native = await pool.send(
            Outgoing("GET", ("http", "127.0.0.1", server.port), "/large", ["Host: x"], b"", 0, {})
        )
        sock = server.seen[-1].sock
        del native
        gc.collect()
        await asyncio.sleep(0.1)
        assert pool.busy == 0
        await client.close()
        return sock.recv(1) if sock.fileno() != -1 else b""

    assert asyncio.run(main()) == b""


async def opened_pool(client: AsyncClient) -> AsyncPool:
    """The pool of a client, which is there after the first call."""
    await client.get("/")
    transport = next(iter(client._transport._opened.values()))
    assert isinstance(transport, AsyncPooledTransport)
    pool = transport.direct_pool
    assert pool is not None
    return pool


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_connection_of_an_ended_loop_can_be_closed(server: FaultServer) -> None:
    async def connect() -> httpcore.AsyncNetworkStream:
        return await AsyncioBackend().connect_tcp("127.0.0.1", server.port)

    stream = asyncio.run(connect())
    asyncio.run(stream.aclose())
    # Here, where asyncio may warn of the socket.
    del stream
    gc.collect()


def test_a_place_that_another_thread_gives_back_is_taken() -> None:
    async def main() -> bool:
        slots: Slots[object, AsyncEvent] = Slots(PoolLimits(max_connections=1), async_turns())
        slots.enter()
        waiter = slots.enter()
        assert waiter is not None
        threading.Timer(0.05, slots.leave).start()
        await waiter.event.wait(5)
        return waiter.is_granted

    started = time.monotonic()
    assert asyncio.run(main())
    assert time.monotonic() - started < 2


def test_whoever_stops_waiting_leaves_the_queue() -> None:
    slots: Slots[object, threading.Event] = Slots(PoolLimits(max_connections=1), threading.Event)
    slots.enter()
    first, second = slots.enter(), slots.enter()
    assert first is not None
    assert second is not None

    slots.give_up(first)
    slots.leave()
    assert (first.is_granted, second.is_granted) == (False, True)
    slots.give_up(second)
    assert slots.busy == 0
