"""Network streams that keep a call's deadline.

httpx limits the wait for each piece of a response, so a server that drips bytes can hold a call
for ever. Here every wait is cut to what is left until the deadline, which needs neither threads
nor cancellation.
"""

from __future__ import annotations

import select
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore
from httpcore import AnyIOBackend

from .._policies.deadline import DEADLINE

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator, Iterable

# Between two slices of a large write the deadline is looked at again.
SLICE = 262_144

# To sockets 0 means not to wait at all, which no timeout is.
_SHORTEST = 1e-6
# `poll` and `epoll` count milliseconds in 32 bits.
_LONGEST = 2e6


def remaining(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    """How long to wait at most.

    Args:
        timeout: Seconds that the phase may take, `None` for any.
        error: What to raise when the deadline is over.
    """
    deadline = DEADLINE.get()
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise error("the total timeout is over")
        timeout = left if timeout is None else min(timeout, left)
    return None if timeout is None else min(max(timeout, _SHORTEST), _LONGEST)


@contextmanager
def within(timeout: float | None) -> Generator[None]:
    """Let all waits together take no longer than that.

    Args:
        timeout: Seconds that they may take, `None` for any.
    """
    ends = [known] if (known := DEADLINE.get()) is not None else []
    if timeout is not None:
        ends.append(time.monotonic() + timeout)
    token = DEADLINE.set(min(ends, default=None))
    try:
        yield
    finally:
        DEADLINE.reset(token)


def is_readable(descriptor: int) -> bool:
    """Whether a socket has bytes, or its end, to be read at once."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    # Windows; elsewhere this would fail with more than a thousand sockets.
    return bool(select.select([descriptor], [], [], 0)[0])


class Stream(httpcore.NetworkStream):
    """A connection whose waits end at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, remaining(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), SLICE):
            piece = buffer[start : start + SLICE] if len(buffer) > SLICE else buffer
            self._stream.write(piece, remaining(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        try:
            return Stream(self._stream.start_tls(ssl_context, server_hostname, left))
        except BaseException:
            # An interrupted handshake leaves its socket to nobody else.
            self._stream.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class SyncBackend(httpcore.SyncBackend):
    """Opens connections to hosts with several addresses, each of which gets its share of the time.

    That of httpcore would give each of them all of it.
    """

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        end = None if timeout is None else time.monotonic() + timeout
        addresses = _addresses(host, port)
        while True:
            address, port = addresses.pop(0)
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise httpcore.ConnectTimeout("no connection in time")
            try:
                return super().connect_tcp(
                    address, port, _share(left, len(addresses)), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise


def _addresses(host: str, port: int) -> list[tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    return [(str(place[0]), int(place[1])) for *_, place in found]


def _share(left: float | None, others: int) -> float | None:
    """Seconds to try one address, when there are others: most try the first with success."""
    if left is None or not others:
        return left
    return max(left / (others + 1), min(left / 2, 2.0))


class Backend(httpcore.NetworkBackend):
    """Opens connections whose waits end at the deadline."""

    def __init__(self) -> None:
        backend: Any = SyncBackend()
        self._backend: httpcore.NetworkBackend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        return Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        return Stream(self._backend.connect_unix_socket(path, left, socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class AsyncStream(httpcore.AsyncNetworkStream):
    """A connection whose waits end at the deadline."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, remaining(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), SLICE):
            piece = buffer[start : start + SLICE] if len(buffer) > SLICE else buffer
            await self._stream.write(piece, remaining(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        try:
            return AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, left))
        except BaseException:
            # A cancelled handshake leaves its socket to nobody else.
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncBackend(httpcore.AsyncNetworkBackend):
    """Opens connections whose waits end at the deadline."""

    def __init__(self) -> None:
        backend: Any = AnyIOBackend()
        self._backend: httpcore.AsyncNetworkBackend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        return AsyncStream(
            await self._backend.connect_tcp(host, port, left, local_address, socket_options)
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = remaining(timeout, httpcore.ConnectTimeout)
        return AsyncStream(await self._backend.connect_unix_socket(path, left, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
