"""Pools of `Client` that offer HTTP/2, and connections that many requests share.

Whoever waits for an answer reads for all, when nobody else does; so there are neither threads nor
tasks of our own, each wait keeps its own limits, and a request that is given up costs the others
nothing.
"""

from __future__ import annotations

import selectors
import ssl
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from threading import Event, Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar

import httpcore

from .._limits import PoolLimits
from .._policies.deadline import DEADLINE
from .connection import BROKEN, GLANCE, Sent
from .http2 import Exchange, NotProcessedError, Session
from .native import Native
from .network import SLICE, remaining, within
from .pool import Pool, is_here, turns, warn_dropped
from .slots import Slots

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._outgoing import Address, Outgoing
    from .connection import Connection
    from .connector import Connector

T = TypeVar("T")

READ = 1 << 18
ATTEMPTS = 3  # for requests that no server has looked at
GRACE = 1.0  # seconds for telling a server that an answer is not wanted any more


class Wire(httpcore.NetworkStream):
    """A TLS socket that one thread reads while others write.

    OpenSSL allows neither at the same time, and a blocking socket has one timeout for all. So it
    does not block here: threads take turns with it, and wait outside of their turns.
    """

    def __init__(self, sock: ssl.SSLSocket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._lock = Lock()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        late = httpcore.ReadTimeout
        try:
            return self._attempt(lambda: self._sock.recv(max_bytes), timeout, late)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        late = httpcore.WriteTimeout
        try:
            while buffer:
                sent = self._attempt(lambda: self._sock.send(buffer), timeout, late)  # noqa: B023
                buffer = buffer[sent:]
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def _attempt(
        self, act: Callable[[], T], timeout: float | None, late: type[httpcore.TimeoutException]
    ) -> T:
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                with self._lock:
                    return act()
            except ssl.SSLWantReadError:
                wanted = selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                wanted = selectors.EVENT_WRITE
            left = None if end is None else max(0.0, end - time.monotonic())
            if not self._is_ready(wanted, left):
                raise late("it took too long")

    def _is_ready(self, wanted: int, timeout: float | None) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, wanted)
            return bool(selector.select(timeout))

    def close(self) -> None:
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._sock.pending() > 0 or self._is_ready(selectors.EVENT_READ, 0)
        return None


def _wire(stream: httpcore.NetworkStream) -> httpcore.NetworkStream | None:
    """A connection for many threads when it speaks HTTP/2, else `None`."""
    sock: object = stream.get_extra_info("socket")
    if isinstance(sock, ssl.SSLSocket) and sock.selected_alpn_protocol() == "h2":
        return Wire(sock)
    return None


def _shield() -> AbstractContextManager[object]:
    return nullcontext()


@contextmanager
def beyond_deadline() -> Generator[None]:
    """Let a write end that has begun, whoever's time is over meanwhile."""
    token = DEADLINE.set(None)
    try:
        yield
    finally:
        DEADLINE.reset(token)


def has_head(exchange: Exchange) -> bool:
    return exchange.has_head


def has_news(exchange: Exchange) -> bool:
    return exchange.has_news


def _turns(number: int) -> Slots[None, Event]:
    return Slots(PoolLimits(max_connections=number), turns())


def _enter(
    queue: Slots[None, Event], timeout: float | None, late: type[httpcore.TimeoutException]
) -> None:
    """Wait for a turn."""
    waiter = queue.enter()
    if waiter is None:
        return
    try:
        with suppress(httpcore.PoolTimeout):
            waiter.event.wait(remaining(timeout, late))
    except BaseException:
        queue.give_up(waiter)
        raise
    if not waiter.is_granted:
        queue.give_up(waiter)
        raise late("too many others were before")


class SharedConnection:
    """A connection that speaks HTTP/2, for the threads of `Client`.

    Args:
        stream: The network.
        expiry: Seconds that it may be idle, `None` for any.
    """

    def __init__(self, stream: httpcore.NetworkStream, expiry: float | None) -> None:
        self._stream = stream
        self._expiry = expiry
        self._session = Session()
        # Reentrant: a garbage collection inside may drop an answer, which comes back here.
        self._lock = RLock()
        self._writing = _turns(1)
        self._places = _turns(self._session.most_streams)
        self._waiting: dict[Exchange, None] = {}
        self._new_event = turns()
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

    def greet(self, timeout: float | None) -> None:
        """Learn how many exchanges the server allows."""
        try:
            self._flush(timeout)
            while not self._session.is_greeted:
                if not self.is_open:
                    raise httpcore.RemoteProtocolError("the server closed the connection")
                self._read(remaining(timeout, httpcore.ConnectTimeout))
        except httpcore.TimeoutException as error:
            raise httpcore.ConnectTimeout(str(error)) from error

    def check(self) -> bool:
        """Whether it takes another request, after a look at what came while it was idle."""
        if self.is_open and self._session.is_idle and self._takes_reading():
            try:
                with suppress(httpcore.TimeoutException, httpcore.WriteError):
                    if self._stream.get_extra_info("is_readable"):
                        # The end of the connection may stand behind what was sent before it.
                        while self.is_open and self._session.is_idle:
                            self._read(GLANCE)
            finally:
                self._is_being_read = False
                self._wake_another()
            if self._has_expired():
                self.close()
        self._close_if_done()
        return self.is_open

    def _has_expired(self) -> bool:
        idle = time.monotonic() - self._idle_since
        return self._session.is_idle and self._expiry is not None and idle > self._expiry

    def send(self, request: Outgoing) -> Native:
        """Send a request; its answer is read from what this returns."""
        _enter(self._places, request.timeouts.get("pool"), httpcore.PoolTimeout)
        exchange: Exchange | None = None
        try:
            with self._lock:
                exchange = self._session.begin(request)
            self._flush(request.timeouts.get("write"))
            self._send_body(exchange, request)
            timeout = request.timeouts.get("read")
            self.wait_for(exchange, has_head, timeout, httpcore.ReadTimeout)
        except BaseException:
            self.leave(exchange)
            raise
        self.is_used = True
        body = Body(self, exchange, timeout)
        return Native(exchange.status, exchange.fields, body, exchange)

    def _send_body(self, exchange: Exchange, request: Outgoing) -> None:
        if exchange.is_sent:
            return
        timeout = request.timeouts.get("write")
        if isinstance(request.body, bytes):
            self._send_piece(exchange, request.body, timeout)
        else:
            assert isinstance(request.body, Iterable)
            sent = Sent(request.length)
            for piece in request.body:
                sent.count(piece)
                self._send_piece(exchange, piece, timeout)
            sent.check_end()
        with self._lock:
            self._session.finish(exchange)
        self._flush(timeout)

    def _send_piece(self, exchange: Exchange, data: bytes, timeout: float | None) -> None:
        start = 0
        while start < len(data):
            with self._lock:
                size = self._session.send(exchange, data, start)
            start += size
            if not size or len(self._session.output) >= SLICE:
                self._flush(timeout)
            if not size:
                has_room = self._session.has_room
                self.wait_for(exchange, has_room, timeout, httpcore.WriteTimeout)

    def next_piece(self, exchange: Exchange, timeout: float | None) -> bytes:
        """The next piece of an answer, nothing at its end."""
        while True:
            with self._lock:
                data = self._session.take(exchange)
            if data:
                self._flush(timeout)
                return data
            if exchange.is_over and not exchange.chunks:
                return b""
            self.wait_for(exchange, has_news, timeout, httpcore.ReadTimeout)

    def wait_for(
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
                            self._read(left)
                    finally:
                        self._is_being_read = False
                else:
                    with suppress(httpcore.PoolTimeout):
                        event.wait(left)
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

    def _read(self, timeout: float | None) -> None:
        try:
            data = self._stream.read(READ, timeout)
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
        self._flush(timeout)

    def _flush(self, timeout: float | None) -> None:
        """Send what is to be sent."""
        if not self._session.output:
            return
        _enter(self._writing, timeout, httpcore.WriteTimeout)
        try:
            while self._session.output:
                left = remaining(timeout, httpcore.WriteTimeout)
                with self._lock:
                    data = bytes(self._session.output[:SLICE])
                    del self._session.output[:SLICE]
                self._write(data, left)
        finally:
            self._writing.leave()

    def _write(self, data: bytes, timeout: float | None) -> None:
        try:
            with beyond_deadline(), _shield():
                self._stream.write(data, timeout)
        except (Exception, KeyboardInterrupt) as error:
            with self._lock:
                self._session.end(httpcore.WriteError(str(error)))
            raise

    def leave(self, exchange: Exchange | None) -> None:
        """Be done with an exchange."""
        self.forget(exchange)
        # The server may save itself the rest of an answer that nobody wants.
        with suppress(Exception), beyond_deadline(), _shield():
            self._flush(GRACE)
        self._close_if_done()

    def _close_if_done(self) -> None:
        if not self.is_open and self._session.is_idle:
            self._stream.close()

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

    def close(self) -> None:
        """Close the connection, and with it all exchanges."""
        with self._lock:
            self._session.end(httpcore.ReadError("the connection was closed"))
        self._stream.close()


class Body:
    """The body of an answer that comes over a shared connection."""

    __slots__ = ("_connection", "_exchange", "_is_over", "_timeout")

    def __init__(
        self, connection: SharedConnection, exchange: Exchange, timeout: float | None
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._timeout = timeout
        self._is_over = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._is_over:
            raise httpcore.ReadError("the response was closed")
        piece = self._connection.next_piece(self._exchange, self._timeout)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """Be done with the answer."""
        if not self._is_over:
            self._is_over = True
            self._connection.leave(self._exchange)

    def __del__(self) -> None:
        if not self._is_over:
            self._connection.forget(self._exchange)
            self._connection.abandon_if_done()
            # Last, since a warning may be made an error.
            warn_dropped()


class HTTP2Pool(Pool):
    """Connections of `Client` where HTTP/2 is offered.

    Args:
        connector: Opens connections that are for HTTP/1.1.
        offering: Opens connections that offer HTTP/2.
        limits: How many connections of HTTP/1.1 there may be.
        factory: Makes a pool of httpcore, for tools that put themselves into one.
    """

    def __init__(
        self,
        connector: Connector,
        offering: Connector,
        limits: PoolLimits,
        factory: Callable[[], httpcore.ConnectionPool],
    ) -> None:
        super().__init__(connector, limits, factory)
        self._offering = offering
        self._shared: dict[Address, SharedConnection] = {}
        self._openings: dict[Address, Slots[None, Event]] = {}
        self._others: set[Address] = set()
        self._known_slots = self._slots

    def send(self, request: Outgoing) -> Native:
        """Send a request on a connection that speaks HTTP/2 if the server does."""
        for _ in range(ATTEMPTS):
            connection = self._connection(request)
            if connection is None:
                return super().send(request)
            is_used = connection.is_used
            try:
                return connection.send(request)
            except NotProcessedError:
                if not isinstance(request.body, bytes):
                    raise
            except BROKEN:
                # The server may have closed the idle connection at this very moment.
                if connection.is_open or not (is_used and request.may_be_repeated):
                    raise
        raise NotProcessedError("the server refused the request again and again")

    def _connection(self, request: Outgoing) -> SharedConnection | None:
        """The connection to share, `None` when the server speaks HTTP/1.1."""
        self._current_slots()
        address = request.peer
        if address[0] != "https" or address in self._others:
            return None
        known = self._shared.get(address)
        if known is not None and known.check():
            return known
        limit = request.timeouts.get("pool")
        opening = self._openings.setdefault(address, _turns(1))
        _enter(opening, limit, httpcore.PoolTimeout)
        try:
            # Another one may have opened it meanwhile.
            known = self._shared.get(address)
            if address in self._others or (known is not None and known.is_open):
                return known
            with within(request.timeouts.get("connect")):
                return self._open(request)
        finally:
            opening.leave()

    def _open(self, request: Outgoing) -> SharedConnection | None:
        opened = self._offering.connect(request)
        wire = _wire(opened.stream)
        if wire is None:
            self._others.add(request.peer)
            for old in self._current_slots().keep(request.peer, opened):
                old.close()
            return None
        shared = SharedConnection(wire, self._limits.keepalive_expiry)
        try:
            shared.greet(request.timeouts.get("connect"))
        except BaseException:
            shared.close()
            raise
        self._shared[request.peer] = shared
        return shared

    def _current_slots(self) -> Slots[Connection, Event]:
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
        if is_here(self._owner):
            for shared in list(self._shared.values()):
                shared.abandon()

    def close(self) -> None:
        """Close all connections."""
        self._current_slots()
        while self._shared:
            _, shared = self._shared.popitem()
            shared.close()
        super().close()
