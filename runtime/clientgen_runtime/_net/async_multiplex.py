"""Pools of `AsyncClient` that offer HTTP/2, and connections that many requests share.

The twin of `_multiplex`, which tells how it works.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, Callable
from contextlib import AbstractContextManager, suppress
from threading import RLock
from typing import TYPE_CHECKING, Any

import httpcore

from .._limits import PoolLimits
from .async_pool import AsyncEvent, AsyncPool, async_is_here, async_turns
from .connection import BROKEN, GLANCE, Sent
from .http2 import Exchange, NotProcessedError, Session
from .multiplex import ATTEMPTS, GRACE, READ, beyond_deadline, has_head, has_news
from .native import Native
from .network import SLICE, remaining, within
from .pool import warn_dropped
from .slots import Slots

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._outgoing import Address, Outgoing
    from .connection import AsyncConnection
    from .connector import AsyncConnector


def _async_wire(stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream | None:
    """A connection for many tasks when it speaks HTTP/2, else `None`."""
    secured: Any = stream.get_extra_info("ssl_object")
    return stream if secured is not None and secured.selected_alpn_protocol() == "h2" else None


def _async_shield() -> AbstractContextManager[object]:
    # A frame of which a part is sent would break the connection for all.
    import anyio

    return anyio.CancelScope(shield=True)


def _async_turns(number: int) -> Slots[None, AsyncEvent]:
    return Slots(PoolLimits(max_connections=number), async_turns())


async def _async_enter(
    queue: Slots[None, AsyncEvent], timeout: float | None, late: type[httpcore.TimeoutException]
) -> None:
    """Wait for a turn."""
    waiter = queue.enter()
    if waiter is None:
        return
    try:
        with suppress(httpcore.PoolTimeout):
            await waiter.event.wait(remaining(timeout, late))
    except BaseException:
        queue.give_up(waiter)
        raise
    if not waiter.is_granted:
        queue.give_up(waiter)
        raise late("too many others were before")


class AsyncSharedConnection:
    """A connection that speaks HTTP/2, for the tasks of `AsyncClient`.

    Args:
        stream: The network.
        expiry: Seconds that it may be idle, `None` for any.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, expiry: float | None) -> None:
        self._stream = stream
        self._expiry = expiry
        self._session = Session()
        # Reentrant: a garbage collection inside may drop an answer, which comes back here.
        self._lock = RLock()
        self._writing = _async_turns(1)
        self._places = _async_turns(self._session.most_streams)
        self._waiting: dict[Exchange, None] = {}
        self._new_event = async_turns()
        self._is_being_read = False
        self._idle_since = time.monotonic()
        self.is_used = False

    @property
    def busy(self) -> int:
        """Exchanges that are under way."""
        return self._places.busy

    @property
    def is_open(self) -> bool:
        """Whether it takes another request."""
        return self._session.is_open

    async def greet(self, timeout: float | None) -> None:
        """Learn how many exchanges the server allows."""
        try:
            await self._flush(timeout)
            while not self._session.is_greeted:
                if not self.is_open:
                    raise httpcore.RemoteProtocolError("the server closed the connection")
                await self._read(remaining(timeout, httpcore.ConnectTimeout))
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(str(error)) from error

    async def check(self) -> bool:
        """Whether it takes another request, after a look at what came while it was idle."""
        if self.is_open and self._session.is_idle and self._takes_reading():
            try:
                with suppress(httpcore.TimeoutException, httpcore.WriteError):
                    if self._stream.get_extra_info("is_readable"):
                        # The end of the connection may stand behind what was sent before it.
                        while self.is_open and self._session.is_idle:
                            await self._read(GLANCE)
            finally:
                self._is_being_read = False
                self._wake_another()
            if self._has_expired():
                await self.aclose()
        await self._close_if_done()
        return self.is_open

    def _has_expired(self) -> bool:
        idle = time.monotonic() - self._idle_since
        return self._session.is_idle and self._expiry is not None and idle > self._expiry

    async def send(self, request: Outgoing) -> Native:
        """Send a request; its answer is read from what this returns."""
        await _async_enter(self._places, request.timeouts.get("pool"), httpcore.PoolTimeout)
        exchange: Exchange | None = None
        try:
            with self._lock:
                exchange = self._session.begin(request)
            await self._flush(request.timeouts.get("write"))
            await self._send_body(exchange, request)
            timeout = request.timeouts.get("read")
            await self.wait_for(exchange, has_head, timeout, httpcore.ReadTimeout)
        except BaseException:
            await self.leave(exchange)
            raise
        self.is_used = True
        body = AsyncBody(self, exchange, timeout)
        return Native(exchange.status, exchange.fields, body, exchange)

    async def _send_body(self, exchange: Exchange, request: Outgoing) -> None:
        if exchange.is_sent:
            return
        timeout = request.timeouts.get("write")
        if isinstance(request.body, bytes):
            await self._send_piece(exchange, request.body, timeout)
        else:
            assert isinstance(request.body, AsyncIterable)
            sent = Sent(request.length)
            async for piece in request.body:
                sent.count(piece)
                await self._send_piece(exchange, piece, timeout)
            sent.check_end()
        with self._lock:
            self._session.finish(exchange)
        await self._flush(timeout)

    async def _send_piece(self, exchange: Exchange, data: bytes, timeout: float | None) -> None:
        start = 0
        while start < len(data):
            with self._lock:
                size = self._session.send(exchange, data, start)
            start += size
            if not size or len(self._session.output) >= SLICE:
                await self._flush(timeout)
            if not size:
                has_room = self._session.has_room
                await self.wait_for(exchange, has_room, timeout, httpcore.WriteTimeout)

    async def next_piece(self, exchange: Exchange, timeout: float | None) -> bytes:
        """The next piece of an answer, nothing at its end."""
        while True:
            with self._lock:
                data = self._session.take(exchange)
            if data:
                await self._flush(timeout)
                return data
            if exchange.is_over and not exchange.chunks:
                return b""
            await self.wait_for(exchange, has_news, timeout, httpcore.ReadTimeout)

    async def wait_for(
        self,
        exchange: Exchange,
        is_ready: Callable[[Exchange], bool],
        timeout: float | None,
        late: type[httpcore.TimeoutException],
    ) -> None:
        """Wait for news of an exchange, and read for all if nobody else does."""
        end = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                with self._lock:
                    self._waiting[exchange] = None
                # Before the look, so that news that come after it are not missed.
                exchange.event = event = self._new_event()
                if self._is_settled(exchange, is_ready):
                    return
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    raise late("it took too long")
                left = remaining(left, late)
                if self._takes_reading():
                    try:
                        if not self._is_settled(exchange, is_ready):
                            await self._read(left)
                    finally:
                        self._is_being_read = False
                else:
                    with suppress(httpcore.PoolTimeout):
                        await event.wait(left)
        finally:
            self._pass_on(exchange)

    @staticmethod
    def _is_settled(exchange: Exchange, is_ready: Callable[[Exchange], bool]) -> bool:
        if is_ready(exchange):
            return True
        if exchange.error is not None:
            raise exchange.error
        return False

    def _takes_reading(self) -> bool:
        with self._lock:
            is_taken, self._is_being_read = self._is_being_read, True
            return not is_taken

    def _pass_on(self, exchange: Exchange) -> None:
        """Let another one read."""
        with self._lock:
            exchange.event = None
            self._waiting.pop(exchange, None)
            self._wake_another()

    def _wake_another(self) -> None:
        with self._lock:
            if not self._is_being_read:
                for waiting in self._waiting:
                    waiting.wake()
                    break

    async def _read(self, timeout: float | None) -> None:
        try:
            data = await self._stream.read(READ, timeout)
        except httpcore.TimeoutException:
            raise
        except Exception as error:  # noqa: BLE001  (it ends all exchanges, this one too)
            with self._lock:
                self._session.end(error)
            return
        known = self._session.most_streams
        with self._lock:
            self._session.receive(data)
        # Outside the lock, which a garbage collection inside that of the places may ask for.
        if self._session.most_streams != known:
            self._places.resize(self._session.most_streams)
        await self._flush(timeout)

    async def _flush(self, timeout: float | None) -> None:
        """Send what is to be sent."""
        if not self._session.output:
            return
        await _async_enter(self._writing, timeout, httpcore.WriteTimeout)
        try:
            while self._session.output:
                left = remaining(timeout, httpcore.WriteTimeout)
                with self._lock:
                    data = bytes(self._session.output[:SLICE])
                    del self._session.output[:SLICE]
                await self._write(data, left)
        finally:
            self._writing.leave()

    async def _write(self, data: bytes, timeout: float | None) -> None:
        try:
            with beyond_deadline(), _async_shield():
                await self._stream.write(data, timeout)
        except (Exception, KeyboardInterrupt) as error:
            with self._lock:
                self._session.end(httpcore.WriteError(str(error)))
            raise

    async def leave(self, exchange: Exchange | None) -> None:
        """Be done with an exchange."""
        self.forget(exchange)
        # The server may save itself the rest of an answer that nobody wants.
        with suppress(Exception), beyond_deadline(), _async_shield():
            await self._flush(GRACE)
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if not self.is_open and self._session.is_idle:
            await self._stream.aclose()

    def forget(self, exchange: Exchange | None) -> None:
        """Be done with an exchange, without telling the server yet."""
        with self._lock:
            if exchange is not None:
                self._session.give_up(exchange)
            self._idle_since = time.monotonic()
        self._places.leave()

    def abandon(self) -> None:
        """Take no other request, and close as soon as none is under way, without a wait."""
        with self._lock:
            self._session.retire()
        self.abandon_if_done()

    def abandon_if_done(self) -> None:
        """Close without a wait what takes no other request, and has none under way."""
        abandon = getattr(self._stream, "abandon", None)
        # Only an event loop would hold it otherwise.
        if abandon is not None and not self.is_open and self._session.is_idle:
            abandon()

    async def aclose(self) -> None:
        """Close the connection, and with it all exchanges."""
        with self._lock:
            self._session.end(httpcore.ReadError("the connection was closed"))
        await self._stream.aclose()


class AsyncBody:
    """The body of an answer that comes over a shared connection."""

    __slots__ = ("_connection", "_exchange", "_is_over", "_timeout")

    def __init__(
        self, connection: AsyncSharedConnection, exchange: Exchange, timeout: float | None
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._timeout = timeout
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise httpcore.ReadError("the response was closed")
        piece = await self._connection.next_piece(self._exchange, self._timeout)
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Be done with the answer."""
        if not self._is_over:
            self._is_over = True
            await self._connection.leave(self._exchange)

    def __del__(self) -> None:
        if not self._is_over:
            self._connection.forget(self._exchange)
            self._connection.abandon_if_done()
            # Last, since a warning may be made an error.
            warn_dropped()


class AsyncHTTP2Pool(AsyncPool):
    """Connections of `AsyncClient` where HTTP/2 is offered.

    Args:
        connector: Opens connections that are for HTTP/1.1.
        offering: Opens connections that offer HTTP/2.
        limits: How many connections of HTTP/1.1 there may be.
        factory: Makes a pool of httpcore, for tools that put themselves into one.
    """

    def __init__(
        self,
        connector: AsyncConnector,
        offering: AsyncConnector,
        limits: PoolLimits,
        factory: Callable[[], httpcore.AsyncConnectionPool],
    ) -> None:
        super().__init__(connector, limits, factory)
        self._offering = offering
        self._shared: dict[Address, AsyncSharedConnection] = {}
        self._openings: dict[Address, Slots[None, AsyncEvent]] = {}
        self._others: set[Address] = set()
        self._known_slots = self._slots

    async def send(self, request: Outgoing) -> Native:
        """Send a request on a connection that speaks HTTP/2 if the server does."""
        for _ in range(ATTEMPTS):
            connection = await self._connection(request)
            if connection is None:
                return await super().send(request)
            is_used = connection.is_used
            try:
                return await connection.send(request)
            except NotProcessedError:
                if not isinstance(request.body, bytes):
                    raise
            except BROKEN:
                # The server may have closed the idle connection at this very moment.
                if connection.is_open or not (is_used and request.may_be_repeated):
                    raise
        raise NotProcessedError("the server refused the request again and again")

    async def _connection(self, request: Outgoing) -> AsyncSharedConnection | None:
        """The connection to share, `None` when the server speaks HTTP/1.1."""
        self._current_slots()
        address = request.peer
        if address[0] != "https" or address in self._others:
            return None
        known = self._shared.get(address)
        if known is not None and await known.check():
            return known
        limit = request.timeouts.get("pool")
        opening = self._openings.setdefault(address, _async_turns(1))
        await _async_enter(opening, limit, httpcore.PoolTimeout)
        try:
            # Another one may have opened it meanwhile.
            known = self._shared.get(address)
            if address in self._others or (known is not None and known.is_open):
                return known
            with within(request.timeouts.get("connect")):
                return await self._open(request)
        finally:
            opening.leave()

    async def _open(self, request: Outgoing) -> AsyncSharedConnection | None:
        opened = await self._offering.connect(request)
        wire = _async_wire(opened.stream)
        if wire is None:
            self._others.add(request.peer)
            for old in self._current_slots().keep(request.peer, opened):
                await old.aclose()
            return None
        shared = AsyncSharedConnection(wire, self._limits.keepalive_expiry)
        try:
            await shared.greet(request.timeouts.get("connect"))
        except BaseException:
            await shared.aclose()
            raise
        self._shared[request.peer] = shared
        return shared

    def _current_slots(self) -> Slots[AsyncConnection, AsyncEvent]:
        slots = super()._current_slots()
        if slots is not self._known_slots:
            self._known_slots = slots
            self._shared = {}
            self._openings = {}
        return slots

    @property
    def busy(self) -> int:
        """Exchanges that are under way."""
        return super().busy + sum(shared.busy for shared in self._shared.values())

    def abandon(self) -> None:
        """Let go of all connections, where nothing may wait for their end."""
        super().abandon()
        if async_is_here(self._owner):
            for shared in list(self._shared.values()):
                shared.abandon()

    async def aclose(self) -> None:
        """Close all connections."""
        self._current_slots()
        while self._shared:
            _, shared = self._shared.popitem()
            await shared.aclose()
        await super().aclose()
