"""Connection pools that survive cancellation, garbage collection, forks and many waiters.

httpcore's connections are sound; its pool is not (encode/httpcore#1093, #990, #3215). So only its
connections are used here. A connection belongs to one exchange at a time, and one whose exchange
did not end well is closed, never reused.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
import warnings
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import anyio
import httpcore
import httpx

from ._network import remaining
from ._retry import IDEMPOTENT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from ._limits import PoolLimits

C = TypeVar("C")


class _Settable(Protocol):
    def set(self) -> object: ...


E = TypeVar("E", bound=_Settable)


class _Waiter(Generic[E]):
    """A call that waits for its turn."""

    __slots__ = ("event", "is_granted")

    def __init__(self, event: E) -> None:
        self.event = event
        self.is_granted = False


class Slots(Generic[C, E]):
    """Who has a connection, who waits for one, and which are idle; does no I/O.

    The lock is reentrant: a garbage collection inside may close an abandoned response, which
    comes back here in the same thread.
    """

    def __init__(self, limits: PoolLimits) -> None:
        self._limits = limits
        self._lock = threading.RLock()
        self._idle: deque[tuple[float, httpcore.Origin, C]] = deque()
        self._waiting: deque[_Waiter[E]] = deque()
        self.busy = 0

    def enter(self, make_event: Callable[[], E]) -> _Waiter[E] | None:
        """Take a place, or queue for one."""
        with self._lock:
            limit = self._limits.max_connections
            if limit is None or self.busy < limit:
                self.busy += 1
                return None
            waiter = _Waiter(make_event())
            self._waiting.append(waiter)
            return waiter

    def give_up(self, waiter: _Waiter[E]) -> None:
        """Stop waiting; a place that was granted meanwhile goes to the next."""
        with self._lock:
            if waiter.is_granted:
                self.leave()
            else:
                self._waiting.remove(waiter)

    def leave(self) -> None:
        """Give back a place."""
        with self._lock:
            if not self._waiting:
                self.busy -= 1
                return
            waiter = self._waiting.popleft()
            waiter.is_granted = True
            waiter.event.set()

    def take_idle(self, origin: httpcore.Origin) -> tuple[C | None, list[C]]:
        """The freshest idle connection to an origin, and those to close."""
        with self._lock:
            surplus = self._expired()
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][1] == origin:
                    connection = self._idle[place][2]
                    del self._idle[place]
                    return connection, surplus
            limit = self._limits.max_connections
            if limit is not None and self.busy + len(self._idle) > limit:
                surplus.append(self._idle.popleft()[2])
            return None, surplus

    def keep(self, origin: httpcore.Origin, connection: C) -> list[C]:
        """Keep a connection for later; those to close instead are returned."""
        with self._lock:
            self._idle.append((time.monotonic(), origin, connection))
            surplus = self._expired()
            while len(self._idle) > self._limits.kept:
                surplus.append(self._idle.popleft()[2])
            return surplus

    def _expired(self) -> list[C]:
        expiry = self._limits.keepalive_expiry
        oldest = -1.0 if expiry is None else time.monotonic() - expiry
        expired = []
        while self._idle and self._idle[0][0] < oldest:
            expired.append(self._idle.popleft()[2])
        return expired

    def empty(self) -> list[C]:
        """All idle connections, which are forgotten here."""
        with self._lock:
            idle = [connection for _, _, connection in self._idle]
            self._idle.clear()
            return idle


def _owner() -> int:
    """The process that connections belong to."""
    return os.getpid()


def _async_owner() -> tuple[int, object]:
    """The process and event loop that connections belong to."""
    try:
        return os.getpid(), asyncio.get_running_loop()
    except RuntimeError:
        # trio; its streams work in whichever run they were opened in, and a run ends with them.
        return os.getpid(), None


_BROKEN = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


def may_repeat(request: httpcore.Request) -> bool:
    """Whether a request may be sent anew when a used connection turns out to be closed.

    RFC 9112 section 9.3.1 allows it for idempotent methods; streamed bodies start only once.
    """
    method = request.method.decode()
    return method in IDEMPOTENT and isinstance(request.stream, httpx.ByteStream)


def _wait(event: threading.Event, timeout: float | None) -> None:
    event.wait(timeout)


async def _async_wait(event: anyio.Event, timeout: float | None) -> None:
    with anyio.move_on_after(timeout):
        await event.wait()


def _warn_dropped() -> None:
    warnings.warn(
        "a streamed response was dropped without being closed", ResourceWarning, stacklevel=3
    )


class Pool:
    """Connections of `Client`; stands in for `httpcore.ConnectionPool`.

    Args:
        factory: An httpcore pool, of which only `create_connection` is used.
        limits: How many connections there may be.
    """

    def __init__(self, factory: httpcore.ConnectionPool, limits: PoolLimits) -> None:
        self._factory = factory
        self._limits = limits
        self._owner = _owner()
        self._slots: Slots[httpcore.ConnectionInterface, threading.Event] = Slots(limits)

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on a connection of its own, which its response gives back when closed."""
        slots = self._current_slots()
        self._enter(slots, request)
        lease = Lease(slots, request.url.origin)
        try:
            response = self._exchange(lease, request)
        except BaseException:
            lease.close()
            raise
        return httpcore.Response(
            response.status, headers=response.headers, content=lease, extensions=response.extensions
        )

    def _exchange(self, lease: Lease, request: httpcore.Request) -> httpcore.Response:
        while True:
            connection = self._pick(lease)
            try:
                return lease.started(connection, connection.handle_request(request))
            except httpcore.ConnectionNotAvailable:
                connection.close()
            except _BROKEN:
                # The server may have closed the idle connection at this very moment.
                if not (lease.is_used and may_repeat(request)):
                    raise
                connection.close()

    def _pick(self, lease: Lease) -> httpcore.ConnectionInterface:
        while True:
            connection, surplus = lease.slots.take_idle(lease.origin)
            for old in surplus:
                old.close()
            lease.is_used = connection is not None
            if connection is None:
                connection = self._factory.create_connection(lease.origin)
                lease.connection = connection
                return connection
            lease.connection = connection
            if not connection.has_expired():
                return connection
            connection.close()

    def _enter(self, slots: Slots[Any, threading.Event], request: httpcore.Request) -> None:
        waiter = slots.enter(threading.Event)
        if waiter is None:
            return
        try:
            timeout = request.extensions.get("timeout", {}).get("pool")
            _wait(waiter.event, remaining(timeout, httpcore.PoolTimeout))
        except BaseException:
            slots.give_up(waiter)
            raise
        if not waiter.is_granted:
            slots.give_up(waiter)
            raise httpcore.PoolTimeout("no connection became free")

    def _current_slots(self) -> Slots[httpcore.ConnectionInterface, threading.Event]:
        if self._owner != _owner():
            # They belong to the parent process or an ended loop, and cannot be closed here.
            self._owner = _owner()
            self._slots = Slots(self._limits)
        return self._slots

    @property
    def busy(self) -> int:
        """Connections in use."""
        return self._slots.busy

    def close(self) -> None:
        """Close all idle connections."""
        for connection in self._slots.empty():
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()


class Lease:
    """A connection in use, and the body that comes from it."""

    def __init__(
        self,
        slots: Slots[httpcore.ConnectionInterface, threading.Event],
        origin: httpcore.Origin,
    ) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: httpcore.ConnectionInterface | None = None
        self._response: httpcore.Response | None = None
        self.is_used = False
        self._is_over = False

    def started(
        self, connection: httpcore.ConnectionInterface, response: httpcore.Response
    ) -> httpcore.Response:
        """Note the response whose body is read through this."""
        self.connection = connection
        self._response = response
        return response

    def __iter__(self) -> Iterator[bytes]:
        assert self._response is not None
        for chunk in self._response.iter_stream():  # noqa: UP028  (the async twin has no such form)
            yield chunk

    def close(self) -> None:
        """Give the connection back when its exchange is complete, else close it."""
        if self._is_over:
            return
        self._is_over = True
        try:
            if self._response is not None:
                self._response.close()
            self._give_back()
        except BaseException:
            self._drop()
            raise
        finally:
            self.slots.leave()

    def _give_back(self) -> None:
        connection = self.connection
        if connection is None:
            return
        if self._response is None or not connection.is_idle() or connection.is_closed():
            self._drop()
            return
        for old in self.slots.keep(self.origin, connection):
            old.close()

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def __del__(self) -> None:
        if not self._is_over:
            _warn_dropped()
            # The socket goes with the connection; only the place has to be given back.
            self.slots.leave()


class AsyncPool:
    """Connections of `AsyncClient`; stands in for `httpcore.AsyncConnectionPool`.

    Args:
        factory: An httpcore pool, of which only `create_connection` is used.
        limits: How many connections there may be.
    """

    def __init__(self, factory: httpcore.AsyncConnectionPool, limits: PoolLimits) -> None:
        self._factory = factory
        self._limits = limits
        self._owner = _async_owner()
        self._slots: Slots[httpcore.AsyncConnectionInterface, anyio.Event] = Slots(limits)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on a connection of its own, which its response gives back when closed."""
        slots = self._current_slots()
        await self._enter(slots, request)
        lease = AsyncLease(slots, request.url.origin)
        try:
            response = await self._exchange(lease, request)
        except BaseException:
            await lease.aclose()
            raise
        return httpcore.Response(
            response.status, headers=response.headers, content=lease, extensions=response.extensions
        )

    async def _exchange(self, lease: AsyncLease, request: httpcore.Request) -> httpcore.Response:
        while True:
            connection = await self._pick(lease)
            try:
                return lease.started(connection, await connection.handle_async_request(request))
            except httpcore.ConnectionNotAvailable:
                await connection.aclose()
            except _BROKEN:
                # The server may have closed the idle connection at this very moment.
                if not (lease.is_used and may_repeat(request)):
                    raise
                await connection.aclose()

    async def _pick(self, lease: AsyncLease) -> httpcore.AsyncConnectionInterface:
        while True:
            connection, surplus = lease.slots.take_idle(lease.origin)
            for old in surplus:
                await old.aclose()
            lease.is_used = connection is not None
            if connection is None:
                connection = self._factory.create_connection(lease.origin)
                lease.connection = connection
                return connection
            lease.connection = connection
            if not connection.has_expired():
                return connection
            await connection.aclose()

    async def _enter(self, slots: Slots[Any, anyio.Event], request: httpcore.Request) -> None:
        waiter = slots.enter(anyio.Event)
        if waiter is None:
            return
        try:
            timeout = request.extensions.get("timeout", {}).get("pool")
            await _async_wait(waiter.event, remaining(timeout, httpcore.PoolTimeout))
        except BaseException:
            slots.give_up(waiter)
            raise
        if not waiter.is_granted:
            slots.give_up(waiter)
            raise httpcore.PoolTimeout("no connection became free")

    def _current_slots(self) -> Slots[httpcore.AsyncConnectionInterface, anyio.Event]:
        if self._owner != _async_owner():
            # They belong to the parent process or an ended loop, and cannot be closed here.
            self._owner = _async_owner()
            self._slots = Slots(self._limits)
        return self._slots

    @property
    def busy(self) -> int:
        """Connections in use."""
        return self._slots.busy

    async def aclose(self) -> None:
        """Close all idle connections."""
        for connection in self._slots.empty():
            await connection.aclose()

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

    def __init__(
        self,
        slots: Slots[httpcore.AsyncConnectionInterface, anyio.Event],
        origin: httpcore.Origin,
    ) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: httpcore.AsyncConnectionInterface | None = None
        self._response: httpcore.Response | None = None
        self.is_used = False
        self._is_over = False

    def started(
        self, connection: httpcore.AsyncConnectionInterface, response: httpcore.Response
    ) -> httpcore.Response:
        """Note the response whose body is read through this."""
        self.connection = connection
        self._response = response
        return response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert self._response is not None
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        """Give the connection back when its exchange is complete, else close it."""
        if self._is_over:
            return
        self._is_over = True
        try:
            if self._response is not None:
                await self._response.aclose()
            await self._give_back()
        except BaseException:
            await self._drop()
            raise
        finally:
            self.slots.leave()

    async def _give_back(self) -> None:
        connection = self.connection
        if connection is None:
            return
        if self._response is None or not connection.is_idle() or connection.is_closed():
            await self._drop()
            return
        for old in self.slots.keep(self.origin, connection):
            await old.aclose()

    async def _drop(self) -> None:
        if self.connection is not None:
            await self.connection.aclose()

    def __del__(self) -> None:
        if not self._is_over:
            _warn_dropped()
            # The socket goes with the connection; only the place has to be given back.
            self.slots.leave()
