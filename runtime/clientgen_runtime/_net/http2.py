"""HTTP/2: many exchanges on one connection (RFC 9113); decides, and does no I/O."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import httpcore
from h2.config import H2Configuration
from h2.connection import ConnectionState, H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    RemoteSettingsChanged,
    ResponseReceived,
    StreamEnded,
    StreamReset,
)
from h2.exceptions import NoAvailableStreamIDError, ProtocolError, TooManyStreamsError
from h2.settings import SettingCodes, Settings

if TYPE_CHECKING:
    from .._outgoing import Fields, Outgoing

MOST_STREAMS = 100
"""Exchanges at a time, unless the server allows fewer."""

_STREAM_WINDOW = 1 << 20  # bytes of an answer that are taken before somebody reads them
_CONNECTION_WINDOW = 1 << 24  # those of all answers together
_MOST_HEADERS = 1 << 16
# RFC 9113 section 8.2.2: they belong to a connection of HTTP/1.1.
_OF_HTTP1 = frozenset(
    {"host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}
)


class NotProcessedError(httpcore.RemoteProtocolError):
    """The server did nothing about a request, so it may be sent anew whatever it asks for."""


class Settable(Protocol):
    """What somebody waits for."""

    def set(self) -> object:
        """End the wait."""
        ...


class Exchange:
    """A request, and what has arrived of its answer.

    Attributes:
        number: The stream.
        status: The status, 0 before it is there.
        fields: Header fields of the answer.
        is_over: Whether the answer is complete.
        error: What went wrong with it.
        event: What whoever waits for news of it waits for.
    """

    __slots__ = ("chunks", "error", "event", "fields", "is_over", "is_sent", "number", "status")

    def __init__(self, number: int) -> None:
        self.number = number
        self.status = 0
        self.fields: Fields = []
        self.chunks: deque[tuple[bytes, int]] = deque()
        self.is_sent = False
        self.is_over = False
        self.error: Exception | None = None
        self.event: Settable | None = None

    @property
    def has_head(self) -> bool:
        """Whether the head of the answer is there."""
        return self.status > 0

    @property
    def has_news(self) -> bool:
        """Whether there is a piece of the body, or its end."""
        return bool(self.chunks) or self.is_over

    @property
    def extensions(self) -> dict[str, bytes]:
        """What httpx tells of an answer beside its headers."""
        return {"http_version": b"HTTP/2"}

    def wake(self) -> None:
        """Tell whoever waits for news."""
        if self.event is not None:
            self.event.set()


class Session:
    """One connection, as its client sees it.

    Attributes:
        output: What has to be sent.
        most_streams: How many exchanges there may be at a time.
        is_greeted: Whether the server has told its settings.
    """

    def __init__(self) -> None:
        self.output = bytearray()
        self.most_streams = MOST_STREAMS
        self._exchanges: dict[int, Exchange] = {}
        self._is_closing = False
        self.is_greeted = False
        self._state = H2Connection(H2Configuration(client_side=True))
        self._state.local_settings = Settings(
            client=True,
            initial_values={
                SettingCodes.ENABLE_PUSH: 0,
                SettingCodes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
                SettingCodes.MAX_HEADER_LIST_SIZE: _MOST_HEADERS,
            },
        )
        self._state.initiate_connection()
        self._state.increment_flow_control_window(_CONNECTION_WINDOW)
        self._collect()

    @property
    def is_open(self) -> bool:
        """Whether another exchange may begin."""
        return not self._is_closing

    @property
    def is_idle(self) -> bool:
        """Whether no exchange is under way."""
        return not self._exchanges

    def retire(self) -> None:
        """Begin no other exchange; those under way go on."""
        self._is_closing = True

    def begin(self, request: Outgoing) -> Exchange:
        """Send the head of a request.

        Raises:
            NotProcessedError: The connection takes no more requests.
            httpcore.LocalProtocolError: The request is not valid HTTP/2.
        """
        has_body = not isinstance(request.body, bytes) or bool(request.body)
        try:
            if self._is_closing:
                raise NotProcessedError("the server is closing the connection")
            number = self._state.get_next_available_stream_id()
            self._state.send_headers(number, _fields_of(request), end_stream=not has_body)
        except (NoAvailableStreamIDError, TooManyStreamsError) as error:
            raise NotProcessedError(str(error)) from error
        except ProtocolError as error:
            raise httpcore.LocalProtocolError(str(error)) from error
        exchange = self._exchanges[number] = Exchange(number)
        exchange.is_sent = not has_body
        self._collect()
        return exchange

    def send(self, exchange: Exchange, data: bytes, start: int) -> int:
        """Send what the server has room for now, from a place on; how many bytes that was.

        What it has answered in full, it takes without looking at it.
        """
        if exchange.is_over or exchange.error is not None:
            return len(data) - start
        size = min(len(data) - start, self._room(exchange))
        if size > 0:
            self._state.send_data(exchange.number, data[start : start + size])
            self._collect()
        return max(size, 0)

    def has_room(self, exchange: Exchange) -> bool:
        """Whether the server takes more of a body."""
        return exchange.is_over or exchange.error is not None or self._room(exchange) > 0

    def _room(self, exchange: Exchange) -> int:
        window = self._state.local_flow_control_window(exchange.number)
        return min(window, self._state.max_outbound_frame_size)

    def finish(self, exchange: Exchange) -> None:
        """End the body of a request."""
        if exchange.is_over or exchange.error is not None:
            return
        self._state.end_stream(exchange.number)
        exchange.is_sent = True
        self._collect()

    def receive(self, data: bytes) -> None:
        """Take in what the server has sent; nothing is the end of the connection."""
        if not data:
            self.end(httpcore.RemoteProtocolError("the server closed the connection"))
            return
        try:
            for event in self._state.receive_data(data):
                self._note(event)
        # h2 does not look whether a status is a number.
        except (ProtocolError, ValueError) as error:
            self.end(httpcore.RemoteProtocolError(str(error) or type(error).__name__))
        self._collect()

    def _note(self, event: Event) -> None:
        match event:
            case RemoteSettingsChanged():
                allowed = self._state.remote_settings.max_concurrent_streams
                self.most_streams = max(1, min(MOST_STREAMS, allowed))
                self.is_greeted = True
                self._wake_senders()
            case ConnectionTerminated():
                self._go_away(event.last_stream_id or 0)
            case ResponseReceived() | DataReceived() | StreamEnded() | StreamReset():
                self._note_of_stream(event)
            case _:
                self._wake_senders()

    def _note_of_stream(
        self, event: ResponseReceived | DataReceived | StreamEnded | StreamReset
    ) -> None:
        exchange = self._exchanges.get(event.stream_id or 0)
        match event:
            case DataReceived() if exchange is None:
                self._acknowledge(event.flow_controlled_length or 0, event.stream_id or 0)
            case _ if exchange is None:
                pass
            case ResponseReceived():
                exchange.fields = [(_text(name), _text(value)) for name, value in event.headers]
                exchange.status = int(dict(exchange.fields).get(":status", "0"))
                exchange.fields = [item for item in exchange.fields if item[0][0] != ":"]
            case DataReceived():
                exchange.chunks.append((event.data or b"", event.flow_controlled_length or 0))
            case StreamEnded():
                exchange.is_over = True
            case StreamReset():
                if not exchange.is_over:
                    exchange.error = _reset_error(event)
        if exchange is not None:
            exchange.wake()

    def _go_away(self, last: int) -> None:
        self._is_closing = True
        for number, exchange in self._exchanges.items():
            if number > last and not exchange.is_over:
                exchange.error = NotProcessedError("the server is closing the connection")
                exchange.wake()
        # RFC 9113 section 6.8: what is under way is still answered, which h2 would not take.
        self._state.state_machine.state = ConnectionState.CLIENT_OPEN

    def _wake_senders(self) -> None:
        # A window may have grown, which is what requests with a body wait for.
        for exchange in self._exchanges.values():
            if not exchange.is_sent:
                exchange.wake()

    def take(self, exchange: Exchange) -> bytes:
        """The next piece of a body, nothing when none is there yet."""
        if not exchange.chunks:
            return b""
        data, size = exchange.chunks.popleft()
        self._acknowledge(size, exchange.number)
        return data

    def _acknowledge(self, size: int, number: int) -> None:
        if size:
            with suppress(ProtocolError):
                self._state.acknowledge_received_data(size, number)
            self._collect()

    def give_up(self, exchange: Exchange) -> None:
        """Be done with an exchange; the server is told when it is not."""
        self._exchanges.pop(exchange.number, None)
        self._acknowledge(sum(size for _, size in exchange.chunks), exchange.number)
        exchange.chunks.clear()
        if not (exchange.is_over and exchange.is_sent) and exchange.error is None:
            # It may be closed already, which only the state of h2 knows.
            with suppress(ProtocolError):
                self._state.reset_stream(exchange.number, ErrorCodes.CANCEL)
            self._collect()

    def end(self, error: Exception) -> None:
        """Fail all exchanges that are not over: the connection is gone."""
        self._is_closing = True
        for exchange in self._exchanges.values():
            if not exchange.is_over:
                # One each, since each is raised somewhere else.
                exchange.error = exchange.error or type(error)(str(error))
            exchange.wake()

    def _collect(self) -> None:
        self.output += self._state.data_to_send()


def _fields_of(request: Outgoing) -> Fields:
    scheme, host, port = request.address
    given = [line.partition(":")[::2] for line in request.lines]
    fields = [(name.lower(), value.strip()) for name, value in given]
    authority = next((value for name, value in fields if name == "host"), f"{host}:{port}")
    return [
        (":method", request.method),
        (":authority", authority),
        (":scheme", scheme),
        (":path", request.target),
        *(field for field in fields if field[0] not in _OF_HTTP1),
    ]


def _text(value: bytes | str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _reset_error(event: StreamReset) -> Exception:
    code = event.error_code
    if code == ErrorCodes.REFUSED_STREAM:
        return NotProcessedError("the server refused the request")
    name = code.name if isinstance(code, ErrorCodes) else str(code)
    return httpcore.RemoteProtocolError(f"the server reset the stream: {name}")
