"""Connections of `Client`, which survive garbage collection, forks and many waiters.

The pools of httpcore do not (encode/httpcore#1093, #990, #3215). Here a connection belongs to one
exchange at a time, and one whose exchange did not end well is closed, never reused.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from .as_httpcore import as_httpcore, of_httpcore
from .connection import BROKEN, Connection
from .http1 import Answer
from .native import Native
from .network import remaining, within
from .observers import is_replaced
from .slots import Slots, Waiter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from .._limits import PoolLimits
    from .._outgoing import Address, Outgoing
    from .connector import Connector
    from .http1 import Head


MOMENT = 0.1  # seconds


def _owner() -> int:
    """The process that connections belong to."""
    return os.getpid()


def is_here(owner: int) -> bool:
    """Whether what belongs to an owner can be touched; a fork may have left it locked."""
    return owner == _owner()


def turns() -> Callable[[], Event]:
    """What makes the events that threads wait for."""
    return Event


def warn_dropped() -> None:
    """Tell of a response that nobody closed."""
    warnings.warn(
        "a streamed response was dropped without being closed", ResourceWarning, stacklevel=3
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
        self._slots: Slots[Connection, Event] = Slots(limits, turns())

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
        waiter = slots.enter()
        if waiter is not None:
            self._wait(slots, waiter, request)
        lease = Lease(slots, request.peer)
        try:
            head = self._exchange(lease, request)
            assert lease.connection is not None
            lease.answer = lease.connection.answer
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
            except BROKEN:
                # The server may have closed the idle connection at this very moment.
                is_stale = lease.is_used and not connection.answer.has_begun
                if not (is_stale and request.may_be_repeated):
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
            lease.connection = connection
            lease.is_used = connection is not None
            for old in surplus:
                old.close()
            if connection is None:
                lease.connection = connection = self._connector.connect(request)
                return connection
            if not (connection.is_readable and connection.is_stale()):
                return connection
            lease.connection = None
            connection.close()

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
            # They belong to the parent process or another loop, and cannot be closed here.
            self.abandon()
            self._owner = _owner()
            self._slots = Slots(self._limits, turns())
        return self._slots

    @property
    def busy(self) -> int:
        """Connections in use."""
        return self._slots.busy

    def close(self) -> None:
        """Close all idle connections."""
        for connection in self._current_slots().close():
            connection.close()
        if self._observed is not None:
            self._observed.close()

    def abandon(self) -> None:
        """Let go of all idle connections, where nothing may wait for their end."""
        if is_here(self._owner):
            for connection in self._slots.close():
                connection.abandon()

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

    __slots__ = ("_is_over", "answer", "connection", "is_used", "origin", "slots")

    def __init__(self, slots: Slots[Connection, Event], origin: Address) -> None:
        self.slots = slots
        self.origin = origin
        self.connection: Connection | None = None
        # Its own, since the connection may have another one by the time that somebody reads.
        self.answer = Answer("")
        self.is_used = False
        self._is_over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        answer = self.answer
        piece = answer.rest()
        while not piece:
            if answer.is_over:
                raise StopIteration
            # A copy, since another thread or task may close the response meanwhile.
            if (connection := self.connection) is None:
                raise httpcore.ReadError("the response was closed")
            piece = answer.body(connection.read())
        return piece

    def drain(self) -> None:
        """Wait a moment for the end of a body of which nothing more is wanted."""
        with suppress(httpcore.TimeoutException, *BROKEN), within(MOMENT):
            for _ in self:
                pass

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
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if not connection.is_clean:
            connection.close()
            return
        for old in self.slots.keep(self.origin, connection):
            old.close()

    def __del__(self) -> None:
        if not self._is_over:
            if self.connection is not None:
                self.connection.abandon()
            self.slots.leave()
            # Last, since a warning may be made an error.
            warn_dropped()


class PooledTransport(httpx.HTTPTransport):
    """A transport of httpx on connections of ours.

    Args:
        pool: The connections.
    """

    def __init__(self, pool: Pool | httpcore.ConnectionPool) -> None:
        # That of httpx would make a pool, and load certificates for it.
        untyped: Any = pool
        self._pool = untyped

    @property
    def direct_pool(self) -> Pool | None:
        """What requests may go to without detour; `None` while a tool watches or mocks httpx."""
        is_watched = is_replaced(httpx.HTTPTransport.handle_request) or is_replaced(
            httpcore.ConnectionPool.handle_request
        )
        pool: object = self._pool
        return pool if isinstance(pool, Pool) and not is_watched else None
