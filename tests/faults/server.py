"""A server on a raw socket that misbehaves on request."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


def slack() -> float:
    """Seconds that a wait may be late: 50 ms, unless others keep the processors busy."""
    is_busy = os.getloadavg()[0] > (os.cpu_count() or 1) * 0.6
    return 2.0 if is_busy else 0.05


class Exchange:
    """One request, and the socket to answer it on."""

    def __init__(self, sock: socket.socket, head: bytes, body: bytes) -> None:
        self.sock = sock
        self.head = head
        self.body = body
        # What of the body has come with the head, where the server does not wait for all.
        self.rest = b""
        line, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ", 2)
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (field.partition(":") for field in fields if field)
        }

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def respond(
        self, body: bytes = b"ok", status: str = "200 OK", headers: dict[str, str] | None = None
    ) -> None:
        fields = {"Content-Length": str(len(body)), **(headers or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body)

    def drip(self, data: bytes, every: float) -> None:
        for byte in data:
            self.send(bytes([byte]))
            time.sleep(every)

    def close(self) -> None:
        """End the connection in order."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """Break the connection off."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Answer = Callable[[Exchange], None]


class FaultServer:
    """Answers paths with functions; what it was asked is kept in `seen`."""

    def __init__(self, answers: dict[str, Answer], context: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self.seen: list[Exchange] = []
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open.add(sock)
                threading.Thread(target=self._serve, args=[sock], daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.add(sock)
            buffer = b""
            while sock.fileno() != -1:
                buffer = self._serve_one(sock, buffer)
        sock.close()

    def _serve_one(self, sock: socket.socket, buffer: bytes) -> bytes:
        while b"\r\n\r\n" not in buffer:
            buffer += _received(sock)
        head, _, rest = buffer.partition(b"\r\n\r\n")
        exchange = Exchange(sock, head, b"")
        length = int(exchange.headers.get("content-length", 0))
        eager = "x-eager" in exchange.headers
        while len(rest) < length and not eager:
            rest += _received(sock)
        exchange.body = rest[:length]
        exchange.rest = rest
        self.seen.append(exchange)
        path = exchange.target.partition("?")[0]
        self.answers.get(path, Exchange.respond)(exchange)
        return rest[length:]

    def close(self) -> None:
        self._listener.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.close()


def _received(sock: socket.socket) -> bytes:
    data = sock.recv(65536)
    if not data:
        raise OSError("the client is gone")
    return data
