"""Connection pools that survive cancellation, garbage collection, forks and many waiters.

The pools of httpcore do not (encode/httpcore#1093, #990, #3215). Here a connection belongs to one
exchange at a time, and one whose exchange did not end well is closed, never reused.
"""

from __future__ import annotations

import asyncio
import os
import time
import warnings
from collections import deque
from collections.abc import AsyncIterable, Iterable
from threading import Event, RLock
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

import httpcore
import httpx

from ._aio import Turn, runs_asyncio
from ._connection import Address, AsyncConnection, Connection, Outgoing
from ._http1 import field_line
from ._native import Native
from ._network import remaining
from ._observers import is_replaced
from ._retry import IDEMPOTENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from ._connection import Fields
    from ._connector import AsyncConnector, Connector
    from ._http1 import Head
    from ._limits import PoolLimits

C = TypeVar("C")


class _Settable(Protocol):
    def set(self) -> object: ...


E = TypeVar("E", bound=_Settable)


class Waiter(Generic[E]):
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
        self._kept = limits.kept
        self._lock = RLock()
        self._idle: deque[tuple[float, Address, C]] = deque()
        self._waiting: deque[Waiter[E]] = deque()
        self.busy = 0

    def enter(self, make_event: Callable[[], E]) -> Waiter[E] | None:
        """Take a place, or queue for one."""
        with self._lock:
            limit = self._limits.max_connections
            if limit is None or self.busy < limit:
                self.busy += 1
                return None
            waiter = Waiter(make_event())
            self._waiting.append(waiter)
            return waiter

    def give_up(self, waiter: Waiter[E]) -> None:
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

    def take_idle(self, origin: Address) -> tuple[C | None, list[C]]:
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

    def keep(self, origin: Address, connection: C) -> list[C]:
        """Keep a connection for later; those to close instead are returned."""
        with self._lock:
            self._idle.append((time.monotonic(), origin, connection))
            surplus: list[C] = []
            while len(self._idle) > self._kept:
                surplus.append(self._idle.popleft()[2])
            return surplus

    def _expired(self) -> list[C]:
        expired: list[C] = []
        expiry = self._limits.keepalive_expiry
        if expiry is None or not self._idle:
            return expired
        oldest = time.monotonic() - expiry
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


def may_repeat(request: Outgoing) -> bool:
    """Whether a request may be sent anew when a used connection turns out to be closed.

    RFC 9112 section 9.3.1 allows it for idempotent methods; streamed bodies start only once.
    """
    return request.method in IDEMPOTENT and isinstance(request.body, bytes)


class AsyncEvent(Protocol):
    """What a task waits for: `threading.Event`, but for tasks."""

    def set(self) -> None:
        """End the wait."""
        ...

    async def wait(self, timeout: float | None) -> object:
        """Wait at most so many seconds."""
        ...


def _new_turn() -> AsyncEvent:
    if runs_asyncio():
        return Turn(asyncio.get_running_loop(), httpcore.PoolTimeout)
    return _TrioTurn()


class _TrioTurn:
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


def _warn_dropped() -> None:
    warnings.warn(
        "a streamed response was dropped without being closed", ResourceWarning, stacklevel=3
    )


def of_httpcore(
    request: httpcore.Request, body: Iterable[bytes] | AsyncIterable[bytes]
) -> Outgoing:
    """A request of httpcore as our connections take it."""
    url = request.url
    # httpcore types a part of it without saying what is inside.
    found = request.extensions  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
    extensions = cast("dict[str, Any]", found)
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
    outgoing = Outgoing(
        request.method.decode("ascii"),
        (url.scheme.decode("ascii"), url.host.decode("ascii"), url.origin.port),
        url.target.decode("ascii"),
        [field_line(*field) for field in fields],
        b"".join(body) if isinstance(body, httpx.ByteStream) else body,
        _stated_length(fields),
        extensions.get("timeout", {}),
    )
    outgoing.server_name = extensions.get("sni_hostname")
    return outgoing


def _stated_length(fields: Fields) -> int | None:
    known = {name.lower(): value for name, value in fields}
    return None if "transfer-encoding" in known else int(known.get("content-length", 0))


def as_httpcore(answer: Native) -> httpcore.Response:
    """An answer as httpcore gives it."""
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.fields]
    return httpcore.Response(
        answer.status_code,
        headers=fields,
        content=answer.stream,
        extensions=dict(answer.extensions),
    )


class Pool:
    """Connections of `Client`; stands in for `httpcore.ConnectionPool`.

    Args:
        connector: Opens connections.
        limits: How many connections there may be.
        factory: Makes a pool of httpcore, for tools that put themselves into one.
    """

    def __init__(
        self,
        connector: Connector,
        limits: PoolLimits,
        factory: Callable[[], httpcore.ConnectionPool],
    ) -> None:
        self._connector = connector
        self._factory = factory
        self._observed: httpcore.ConnectionPool | None = None
        self._limits = limits
        self._owner = _owner()
        self._slots: Slots[Connection, Event] = Slots(limits)

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request of httpcore, which is how httpx sends."""
        if is_replaced(httpcore.ConnectionPool.handle_request):
            # What replaces it wants to see a pool of httpcore.
            self._observed = self._observed or self._factory()
            return self._observed.handle_request(request)
        assert isinstance(request.stream, Iterable)
        return as_httpcore(self.send(of_httpcore(request, request.stream)))

    def send(self, request: Outgoing) -> Native:
        """Send a request on a connection of its own, which its response gives back when closed."""
        slots = self._current_slots()
        waiter = slots.enter(Event)
        if waiter is not None:
            self._wait(slots, waiter, request)
        lease = Lease(slots, request.address)
        try:
            head = self._exchange(lease, request)
            return Native(head.status, head.fields, lease, head)
        except BaseException:
            lease.close()
            raise

    def _exchange(self, lease: Lease, request: Outgoing) -> Head:
        asked = self._connector.asked(request)
        is_repeated = False
        while True:
            connection = self._pick(lease, request)
            try:
                head = connection.exchange(asked)
            except _BROKEN:
                # The server may have closed the idle connection at this very moment.
                is_stale = lease.is_used and not connection.answer.has_begun
                if not (is_stale and may_repeat(request)):
                    raise
                connection.close()
                continue
            again = None if is_repeated else self._connector.repeated(asked, head)
            if again is None:
                return head
            asked, is_repeated = again, True
            connection.close()

    def _pick(self, lease: Lease, request: Outgoing) -> Connection:
        while True:
            connection, surplus = lease.slots.take_idle(lease.origin)
            for old in surplus:
                old.close()
            lease.is_used = connection is not None
            if connection is None:
                connection = self._connector.connect(request)
            elif connection.is_stale:
                connection.close()
                continue
            lease.connection = connection
            return connection

    def _wait(
        self, slots: Slots[Connection, Event], waiter: Waiter[Event], request: Outgoing
    ) -> None:
        try:
            timeout = request.timeouts.get("pool")
            waiter.event.wait(remaining(timeout, httpcore.PoolTimeout))
        except BaseException:
            slots.give_up(waiter)
            raise
        if not waiter.is_granted:
            slots.give_up(waiter)
            raise httpcore.PoolTimeout("no connection became free")

    def _current_slots(self) -> Slots[Connection, Event]:
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
        for connection in self._current_slots().empty():
            connection.close()
        if self._observed is not None:
            self._observed.close()

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

    __slots__ = ("_is_over", "connection", "is_used", "origin", "slots")

    def __init__(self, slots: Slots[Connection, Event], origin: Address) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: Connection | None = None
        self.is_used = False
        self._is_over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        connection = self.connection
        assert connection is not None
        answer = connection.answer
        piece = answer.rest()
        while not piece:
            if answer.is_over:
                raise StopIteration
            piece = answer.body(connection.read())
        return piece

    def close(self) -> None:
        """Give the connection back when its exchange is complete, else close it."""
        if self._is_over:
            return
        self._is_over = True
        try:
            self._give_back()
        finally:
            self.slots.leave()

    def _give_back(self) -> None:
        connection = self.connection
        if connection is None:
            return
        if not connection.is_clean:
            connection.close()
            return
        for old in self.slots.keep(self.origin, connection):
            old.close()

    def __del__(self) -> None:
        if not self._is_over:
            _warn_dropped()
            # The socket goes with the connection; only the place has to be given back.
            self.slots.leave()


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
        self._slots: Slots[AsyncConnection, AsyncEvent] = Slots(limits)

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
        waiter = slots.enter(_new_turn)
        if waiter is not None:
            await self._wait(slots, waiter, request)
        lease = AsyncLease(slots, request.address)
        try:
            head = await self._exchange(lease, request)
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
            except _BROKEN:
                # The server may have closed the idle connection at this very moment.
                is_stale = lease.is_used and not connection.answer.has_begun
                if not (is_stale and may_repeat(request)):
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
            for old in surplus:
                await old.aclose()
            lease.is_used = connection is not None
            if connection is None:
                connection = await self._connector.connect(request)
            elif connection.is_stale:
                await connection.aclose()
                continue
            lease.connection = connection
            return connection

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
        for connection in self._current_slots().empty():
            await connection.aclose()
        if self._observed is not None:
            await self._observed.aclose()

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

    __slots__ = ("_is_over", "connection", "is_used", "origin", "slots")

    def __init__(self, slots: Slots[AsyncConnection, AsyncEvent], origin: Address) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: AsyncConnection | None = None
        self.is_used = False
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        connection = self.connection
        assert connection is not None
        answer = connection.answer
        piece = answer.rest()
        while not piece:
            if answer.is_over:
                raise StopAsyncIteration
            piece = answer.body(await connection.read())
        return piece

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
        connection = self.connection
        if connection is None:
            return
        if not connection.is_clean:
            await connection.aclose()
            return
        for old in self.slots.keep(self.origin, connection):
            await old.aclose()

    def __del__(self) -> None:
        if not self._is_over:
            _warn_dropped()
            # The socket goes with the connection; only the place has to be given back.
            self.slots.leave()
