"""Connections under asyncio: one protocol object each, no tasks, and no timer a wait.

The streams of anyio give up the loop and start a timer at every read. They stay for trio.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpcore

from .._narrow import is_tuple
from .network import SLICE, AsyncBackend, is_readable, remaining

if TYPE_CHECKING:
    import ssl
    from collections.abc import Coroutine, Iterable

T = TypeVar("T")

_HIGH_WATER = 1 << 20  # bytes that are read ahead of whoever takes them
_HAPPY_EYEBALLS_DELAY = 0.25  # seconds; RFC 8305 section 5
_DAY = 86_400.0


class AsyncioBackend(AsyncBackend):
    """Connections of asyncio where it runs, those of anyio elsewhere."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if not runs_asyncio():
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        left = remaining(timeout, httpcore.ConnectTimeout)
        _, stream = await _within(left, _opening(asyncio.get_running_loop(), host, port))
        return stream


def _opening(
    loop: asyncio.AbstractEventLoop, host: str, port: int
) -> Coroutine[Any, Any, tuple[asyncio.BaseTransport, AsyncioStream]]:
    is_address = host[-1:].isdigit() or ":" in host
    # An address has no alternatives to race; and uvloop does not race.
    if is_address or not isinstance(loop, asyncio.BaseEventLoop):
        return loop.create_connection(AsyncioStream, host, port)
    return loop.create_connection(
        AsyncioStream, host, port, happy_eyeballs_delay=_HAPPY_EYEBALLS_DELAY
    )


def runs_asyncio() -> bool:
    """Whether the running task is one of asyncio."""
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False


class AsyncioStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection of an asyncio loop, whose waits end at the deadline."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._is_paused = False
        self._is_full = False
        self._is_over = False
        self._error: Exception | None = None
        # Apart, since with HTTP/2 one task reads while another writes.
        self._reading = Waits(loop, httpcore.ReadTimeout)
        self._writing = Waits(loop, httpcore.WriteTimeout)

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asserted: those of uvloop are no subclass.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._held += len(data)
        self._reading.set()
        if self._held > _HIGH_WATER and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc)
        self._reading.stop()
        self._writing.stop()

    def _end(self, error: Exception | None) -> None:
        self._is_over = True
        self._error = self._error or error
        self._reading.set()
        self._writing.set()

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._writing.set()

    # What connections call.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = remaining(timeout, httpcore.ReadTimeout)
        while not self._chunks:
            if self._is_over:
                if self._error is not None:
                    raise httpcore.ReadError(_words(self._error)) from self._error
                return b""
            if self._is_paused:
                self._is_paused = False
                self._transport.resume_reading()
            await self._reading.wait(left)
        data = self._chunks.popleft()
        if len(data) > max_bytes:
            self._chunks.appendleft(data[max_bytes:])
            data = data[:max_bytes]
        self._held -= len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), SLICE):
            left = remaining(timeout, httpcore.WriteTimeout)
            if self._is_over:
                raise httpcore.WriteError("the connection was closed") from self._error
            self._transport.write(buffer[start : start + SLICE] if len(buffer) > SLICE else buffer)
            while self._is_full and not self._is_over:
                await self._writing.wait(left)

    async def aclose(self) -> None:
        # Nothing that is still to be sent is of use to anyone. With TLS an orderly end would wait
        # for the other side.
        if not self._loop.is_closed():
            self._transport.abort()

    def abandon(self) -> None:
        """Close from wherever a garbage collection runs; the loop would keep the socket open."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._transport.abort)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        loop = asyncio.get_running_loop()
        handshake = loop.start_tls(
            self._transport,
            self,
            ssl_context,
            server_hostname=server_hostname,
            # Later than our own limit, so that it is always ours that is told.
            ssl_handshake_timeout=(_DAY if left is None else left) + 1,
        )
        try:
            secured = await _within(left, handshake)
        except BaseException:
            self._transport.abort()
            raise
        self.connection_made(cast("asyncio.Transport", secured))
        return self

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "is_readable":
                return self._is_readable()
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case _:
                return self._transport.get_extra_info(info)

    def _is_readable(self) -> bool:
        """Whether bytes or the end have come, perhaps while the loop was busy."""
        if self._chunks or self._is_over:
            return True
        return is_readable(self._transport.get_extra_info("socket").fileno())


class Waits:
    """Waits for one thing, one at a time, with a timer that is moved instead of made anew."""

    __slots__ = ("_future", "_late", "_limit", "_loop", "_timer")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, late: type[httpcore.TimeoutException]
    ) -> None:
        self._loop = loop
        self._late = late
        self._future: asyncio.Future[bool] | None = None
        self._limit: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, timeout: float | None) -> None:
        """Wait until woken.

        Raises:
            httpcore.TimeoutException: That took too long.
        """
        self._future = self._loop.create_future()
        self._limit = None if timeout is None else self._loop.time() + timeout
        self._set_timer()
        try:
            if not await self._future:
                raise self._late("it took too long")
        finally:
            self._future = None

    def set(self) -> None:
        """End the wait, if there is one."""
        if self._future is not None and not self._future.done():
            self._future.set_result(True)

    def stop(self) -> None:
        """Leave no timer behind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        if self._limit is None:
            return
        if self._timer is not None:
            # One that runs out too early is set anew then, which is rarer than each wait.
            if self._timer.when() <= self._limit:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(self._limit, self._run_out)

    def _run_out(self) -> None:
        self._timer = None
        if self._future is None or self._future.done() or self._limit is None:
            return
        if self._loop.time() < self._limit:
            self._set_timer()
        else:
            self._future.set_result(False)


class Turns:
    """Waits of many calls, with one timer for all."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._limits: dict[Turn, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def new(self) -> Turn:
        """Another wait."""
        return Turn(self._loop, self)

    def limit(self, turn: Turn, timeout: float) -> None:
        """End a wait after so many seconds at the latest."""
        self._limits[turn] = self._loop.time() + timeout
        self._set_timer(self._limits[turn])

    def forget(self, turn: Turn) -> None:
        """Note that a wait is over."""
        self._limits.pop(turn, None)

    def _set_timer(self, limit: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= limit:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(limit, self._run_out)

    def _run_out(self) -> None:
        self._timer = None
        now = self._loop.time()
        for turn, limit in self._limits.items():
            if limit <= now:
                turn.set()
        ahead = [limit for limit in self._limits.values() if limit > now]
        if ahead:
            self._set_timer(min(ahead))


class Turn:
    """The wait of one call."""

    __slots__ = ("_future", "_loop", "_turns")

    def __init__(self, loop: asyncio.AbstractEventLoop, turns: Turns) -> None:
        self._loop = loop
        self._future = loop.create_future()
        self._turns = turns

    def set(self) -> None:
        """End the wait; from whichever thread, as a garbage collection may run in any."""
        if _runs(self._loop):
            self._set()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._set)

    def _set(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, timeout: float | None) -> None:
        """Wait at most so many seconds."""
        if timeout is not None:
            self._turns.limit(self, timeout)
        try:
            await self._future
        finally:
            self._turns.forget(self)


def _runs(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


async def _within(timeout: float | None, opening: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that opens something gives, if it does so in time.

    Whatever it opens too late is closed.
    """
    task = asyncio.ensure_future(opening)
    try:
        await asyncio.wait([task], timeout=timeout)
    except BaseException:
        task.cancel()
        task.add_done_callback(_discard)
        raise
    if not task.done():
        task.cancel()
        task.add_done_callback(_discard)
        raise httpcore.ConnectTimeout("no connection in time")
    try:
        return task.result()
    except OSError as error:
        raise httpcore.ConnectError(_words(error)) from error


def _discard(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or task.exception() is not None:
        return
    opened: object = task.result()
    transport = opened[0] if is_tuple(opened) else opened
    # Asked for by shape: the transports of other event loops share no base.
    abort = getattr(transport, "abort", None)
    if callable(abort):
        abort()


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
