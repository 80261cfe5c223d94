"""Connections of `AsyncClient`, which survive cancellation, new event loops and many waiters.

The pools of httpcore do not (encode/httpcore#1093, #990, #3215). Here a connection belongs to one
exchange at a time, and one whose exchange did not end well is closed, never reused.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import httpcore
import httpx

from .aio import Turns, runs_asyncio
from .as_httpcore import as_httpcore, of_httpcore
from .connection import BROKEN, AsyncConnection
from .http1 import Answer
from .native import Native
from .network import remaining, within
from .observers import is_replaced
from .pool import MOMENT, warn_dropped
from .slots import Slots, Waiter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from .._limits import PoolLimits
    from .._outgoing import Address, Outgoing
    from .connector import AsyncConnector
    from .http1 import Head


class AsyncEvent(Protocol):
    """What a task waits for: `threading.Event`, but for tasks."""

    def set(self) -> None:
        """End the wait."""
        ...

    async def wait(self, timeout: float | None) -> object:
        """Wait at most so many seconds."""
        ...


def _async_owner() -> tuple[int, object]:
    """The process and event loop that connections belong to."""
    try:
        return os.getpid(), asyncio.get_running_loop()
    except RuntimeError:
        # trio; its streams work in whichever run they were opened in, and a run ends with them.
        return os.getpid(), None


def async_is_here(owner: tuple[int, object]) -> bool:
    """Whether what belongs to an owner can be touched; a fork may have left it locked."""
    return owner[0] == os.getpid()


def async_turns() -> Callable[[], AsyncEvent]:
    """What makes the events that tasks wait for."""
    return Turns().new if runs_asyncio() else _AnyioTurn


class _AnyioTurn:
    """A wait under another library than asyncio."""

    def __init__(self) -> None:
        import anyio

        self._anyio = anyio
        self._event = anyio.Event()

    def set(self) -> None:
        self._event.set()

    async def wait(self, timeout: float | None) -> None:
        with self._anyio.move_on_after(timeout):
            await self._event.wait()


class AsyncPool:
    """Connections of `AsyncClient`; stands in for `httpcore.AsyncConnectionPool`.

    Args:
        connector: Opens connections.
        limits: How many connections there may be.
        factory: Makes a pool of httpcore, for tools that put themselves into one.
    """

    def __init__(
        self,
        connector: AsyncConnector,
        limits: PoolLimits,
        factory: Callable[[], httpcore.AsyncConnectionPool],
    ) -> None:
        self._connector = connector
        self._factory = factory
        self._observed: httpcore.AsyncConnectionPool | None = None
        self._limits = limits
        self._owner = _async_owner()
        self._slots: Slots[AsyncConnection, AsyncEvent] = Slots(limits, async_turns())

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request of httpcore, which is how httpx sends."""
        if is_replaced(httpcore.AsyncConnectionPool.handle_async_request):
            # What replaces it wants to see a pool of httpcore.
            self._observed = self._observed or self._factory()
            return await self._observed.handle_async_request(request)
        assert isinstance(request.stream, AsyncIterable)
        return as_httpcore(await self.send(of_httpcore(request, request.stream)))

    async def send(self, request: Outgoing) -> Native:
        """Send a request on a connection of its own, which its response gives back when closed."""
        slots = self._current_slots()
        waiter = slots.enter()
        if waiter is not None:
            await self._wait(slots, waiter, request)
        lease = AsyncLease(slots, request.peer)
        try:
            head = await self._exchange(lease, request)
            assert lease.connection is not None
            lease.answer = lease.connection.answer
            return Native(head.status, head.fields, lease, head)
        except BaseException:
            await lease.aclose()
            raise

    async def _exchange(self, lease: AsyncLease, request: Outgoing) -> Head:
        asked = self._connector.asked(request)
        is_repeated = False
        while True:
            connection = await self._pick(lease, request)
            try:
                head = await connection.exchange(asked)
            except BROKEN:
                # The server may have closed the idle connection at this very moment.
                is_stale = lease.is_used and not connection.answer.has_begun
                if not (is_stale and request.may_be_repeated):
                    raise
                await connection.aclose()
                continue
            again = None if is_repeated else self._connector.repeated(asked, head)
            if again is None:
                return head
            asked, is_repeated = again, True
            await connection.aclose()

    async def _pick(self, lease: AsyncLease, request: Outgoing) -> AsyncConnection:
        while True:
            connection, surplus = lease.slots.take_idle(lease.origin)
            lease.connection = connection
            lease.is_used = connection is not None
            for old in surplus:
                await old.aclose()
            if connection is None:
                lease.connection = connection = await self._connector.connect(request)
                return connection
            if not (connection.is_readable and await connection.is_stale()):
                return connection
            lease.connection = None
            await connection.aclose()

    async def _wait(
        self,
        slots: Slots[AsyncConnection, AsyncEvent],
        waiter: Waiter[AsyncEvent],
        request: Outgoing,
    ) -> None:
        try:
            timeout = request.timeouts.get("pool")
            await waiter.event.wait(remaining(timeout, httpcore.PoolTimeout))
        except BaseException:
            slots.give_up(waiter)
            raise
        if not waiter.is_granted:
            slots.give_up(waiter)
            raise httpcore.PoolTimeout("no connection became free")

    def _current_slots(self) -> Slots[AsyncConnection, AsyncEvent]:
        if self._owner != _async_owner():
            # They belong to the parent process or another loop, and cannot be closed here.
            self.abandon()
            self._owner = _async_owner()
            self._slots = Slots(self._limits, async_turns())
        return self._slots

    @property
    def busy(self) -> int:
        """Connections in use."""
        return self._slots.busy

    async def aclose(self) -> None:
        """Close all idle connections."""
        for connection in self._current_slots().close():
            await connection.aclose()
        if self._observed is not None:
            await self._observed.aclose()

    def abandon(self) -> None:
        """Let go of all idle connections, where nothing may wait for their end."""
        if async_is_here(self._owner):
            for connection in self._slots.close():
                connection.abandon()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()


class AsyncLease:
    """A connection in use, and the body that comes from it."""

    __slots__ = ("_is_over", "answer", "connection", "is_used", "origin", "slots")

    def __init__(self, slots: Slots[AsyncConnection, AsyncEvent], origin: Address) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: AsyncConnection | None = None
        # Its own, since the connection may have another one by the time that somebody reads.
        self.answer = Answer("")
        self.is_used = False
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        answer = self.answer
        piece = answer.rest()
        while not piece:
            if answer.is_over:
                raise StopAsyncIteration
            # A copy, since another thread or task may close the response meanwhile.
            if (connection := self.connection) is None:
                raise httpcore.ReadError("the response was closed")
            piece = answer.body(await connection.read())
        return piece

    async def drain(self) -> None:
        """Wait a moment for the end of a body of which nothing more is wanted."""
        with suppress(httpcore.TimeoutException, *BROKEN), within(MOMENT):
            async for _ in self:
                pass

    async def aclose(self) -> None:
        """Give the connection back when its exchange is complete, else close it."""
        if self._is_over:
            return
        self._is_over = True
        try:
            await self._give_back()
        finally:
            self.slots.leave()

    async def _give_back(self) -> None:
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if not connection.is_clean:
            await connection.aclose()
            return
        for old in self.slots.keep(self.origin, connection):
            await old.aclose()

    def __del__(self) -> None:
        if not self._is_over:
            if self.connection is not None:
                self.connection.abandon()
            self.slots.leave()
            # Last, since a warning may be made an error.
            warn_dropped()


class AsyncPooledTransport(httpx.AsyncHTTPTransport):
    """A transport of httpx on connections of ours.

    Args:
        pool: The connections.
    """

    def __init__(self, pool: AsyncPool | httpcore.AsyncConnectionPool) -> None:
        # That of httpx would make a pool, and load certificates for it.
        untyped: Any = pool
        self._pool = untyped

    @property
    def direct_pool(self) -> AsyncPool | None:
        """What requests may go to without detour; `None` while a tool watches or mocks httpx."""
        is_watched = is_replaced(httpx.AsyncHTTPTransport.handle_async_request) or is_replaced(
            httpcore.AsyncConnectionPool.handle_async_request
        )
        pool: object = self._pool
        return pool if isinstance(pool, AsyncPool) and not is_watched else None
