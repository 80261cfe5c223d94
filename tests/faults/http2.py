"""A small HTTP/2 server: `h2` on an asyncio loop of its own thread."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings

if TYPE_CHECKING:
    import ssl


class Exchange:
    """One stream, and what to answer on it."""

    def __init__(self, connection: Connection, number: int, headers: dict[str, str]) -> None:
        self.method = headers[":method"]
        self.path = headers[":path"]
        self.body = b""
        self._connection = connection
        self._number = number

    def respond(self, body: bytes = b"ok", status: int = 200) -> None:
        self.begin(status)
        state = self._connection.state
        if state.local_flow_control_window(self._number) >= len(body):
            self.send(body, end=True)
        else:
            # Others use all the room that the client makes; it is not for this one to wait.
            self._rest = asyncio.ensure_future(self.send_all(body))

    def begin(self, status: int | str = 200) -> None:
        self._connection.state.send_headers(self._number, [(":status", str(status))])
        self._connection.flush()

    def send(self, data: bytes, *, end: bool = False) -> None:
        self._connection.state.send_data(self._number, data, end_stream=end)
        self._connection.flush()

    async def send_all(self, data: bytes) -> None:
        """Send as fast as the client makes room, and end."""
        state = self._connection.state
        while data:
            room = state.local_flow_control_window(self._number)
            size = min(room, state.max_outbound_frame_size, len(data))
            if size > 0:
                self.send(data[:size])
                data = data[size:]
            await asyncio.sleep(0 if size > 0 else 0.001)
        self.send(b"", end=True)

    def reset(self, code: h2.errors.ErrorCodes = h2.errors.ErrorCodes.NO_ERROR) -> None:
        self._connection.state.reset_stream(self._number, code)
        self._connection.flush()

    def refuse(self) -> None:
        """Say that the request was not looked at."""
        self.reset(h2.errors.ErrorCodes.REFUSED_STREAM)

    def go_away(self) -> None:
        """Announce that no further request is answered."""
        state = self._connection.state
        state.close_connection(last_stream_id=self._number)
        # h2 would send nothing more, but what is under way is still answered.
        state.state_machine.state = h2.connection.ConnectionState.SERVER_OPEN
        self._connection.flush()

    def ping(self) -> None:
        self._connection.state.ping(b"are you?")
        self._connection.flush()

    def allow(self, streams: int) -> None:
        """Change how many streams the client may open at a time."""
        code = h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS
        self._connection.state.update_settings({code: streams})
        self._connection.flush()

    def hang_up(self) -> None:
        self._connection.transport.close()

    def break_off(self) -> None:
        """End the connection with a reset instead of an end."""
        sock = self._connection.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.transport.abort()


Answer = Callable[[Exchange], Awaitable[None]]


class Connection(asyncio.Protocol):
    """The server's end of one connection."""

    def __init__(self, server: HTTP2Server) -> None:
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.transport: Any = None
        self._server = server
        self._streams: dict[int, Exchange] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._server.connections += 1
        self._server.open.add(self)
        limit = {h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: self._server.most_streams}
        self.state.local_settings = h2.settings.Settings(client=False, initial_values=limit)
        self.state.initiate_connection()
        self.flush()

    def flush(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(self.state.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self.state.receive_data(data):
            self._note(event)
        self.flush()

    def _note(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived():
                headers = {name.decode(): value.decode() for name, value in event.headers}
                self._streams[event.stream_id] = Exchange(self, event.stream_id, headers)
                if "x-eager" in headers:
                    self._begin(event.stream_id)
            case h2.events.DataReceived():
                self._streams[event.stream_id].body += event.data
                self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded() if event.stream_id not in self._tasks:
                self._begin(event.stream_id)
            case h2.events.StreamReset():
                self._server.resets += 1
                if (known := self._tasks.get(event.stream_id)) is not None:
                    known.cancel()

    def _begin(self, number: int) -> None:
        self._tasks[number] = asyncio.ensure_future(self._answer(number))

    async def _answer(self, number: int) -> None:
        exchange = self._streams[number]
        self._server.seen.append(exchange)
        self._server.busy += 1
        self._server.most_busy = max(self._server.most_busy, self._server.busy)
        try:
            await self._server.answers[exchange.path](exchange)
        finally:
            self._server.busy -= 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.open.discard(self)
        # Python 3.10 warns of a transport that only the other side has closed.
        self.transport.close()
        for task in self._tasks.values():
            task.cancel()


class HTTP2Server:
    """Answers paths with coroutine functions.

    Args:
        answers: What answers each path.
        context: The certificate.
        most_streams: How many streams a client may open at a time.

    Attributes:
        seen: What was asked.
        connections: How many connections there were.
        most_busy: How many streams were open at a time, at the most.
        resets: How many streams clients gave up.
    """

    def __init__(
        self, answers: Mapping[str, Answer], context: ssl.SSLContext, most_streams: int = 250
    ) -> None:
        self.answers = answers
        self.most_streams = most_streams
        self.seen: list[Exchange] = []
        self.connections = 0
        self.busy = 0
        self.most_busy = 0
        self.resets = 0
        self.open: set[Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: Connection(self), "127.0.0.1", 0, ssl=context)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def _run(self) -> None:
        self._loop.run_forever()
        self._server.close()
        for connection in list(self.open):
            connection.transport.abort()
        # Sockets are closed, and tasks end, in the next turns of the loop.
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
