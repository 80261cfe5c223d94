"""Connections that speak HTTP/1.1, one exchange at a time."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING

import httpcore

from .._errors import ConfigurationError
from .http1 import LAST_CHUNK, Answer, Head, chunk, request_head
from .network import SLICE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .._outgoing import Outgoing

_READ = 1 << 18
GLANCE = 0.001  # seconds, for what is there already
# A body that is not larger goes out together with its head.
_SMALL = 1 << 16


BROKEN = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
"""What is raised when the other end has gone."""


class _Slices:
    """A large body piece by piece, so that an answer can come in between."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), SLICE):
            yield self._body[start : start + SLICE]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


class Sent:
    """How much of a body has gone out, which must be what was said.

    Args:
        length: Bytes of the body, `None` for a body in chunks.

    Raises:
        ConfigurationError: It is something else, such as a file that grows meanwhile.
    """

    __slots__ = ("_left",)

    def __init__(self, length: int | None) -> None:
        self._left = length

    def piece(self, data: bytes) -> bytes:
        """A piece as it goes on the wire."""
        self.count(data)
        if self._left is None:
            # An empty chunk would end the body.
            return chunk(data) if data else b""
        return data

    def end(self) -> bytes:
        """What follows the last piece."""
        self.check_end()
        return LAST_CHUNK if self._left is None else b""

    def count(self, data: bytes) -> None:
        """Note that a piece goes out."""
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise ConfigurationError("the body is longer than the length that was stated")

    def check_end(self) -> None:
        """Note that there are no more pieces."""
        if self._left:
            raise ConfigurationError("the body is shorter than the length that was stated")


class Connection:
    """A connection of `Client`.

    Args:
        stream: The network.

    Attributes:
        stream: The network.
        answer: The answer that is being read, or was last.
    """

    __slots__ = ("_head", "_is_last", "_is_sent", "_timeout", "answer", "stream")

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self.stream = stream
        self._head: Head | None = None
        self._is_last = False
        self._is_sent = False
        self._timeout: float | None = None
        self.answer = Answer("")

    def exchange(self, request: Outgoing) -> Head:
        """Send a request and read the head of its answer.

        Raises:
            httpcore.NetworkError: The connection broke.
            httpcore.RemoteProtocolError: The answer is broken.
            httpcore.TimeoutException: It took too long.
        """
        self.answer = answer = Answer(request.method)
        self._timeout = request.timeouts.get("read")
        self._head = None
        self._is_sent = False
        try:
            self._is_sent = self._send(request)
        except httpcore.WriteError:
            # Servers that refuse an upload may have answered before they hung up.
            self._is_sent = False
        while self._head is None:
            self._head = answer.head(self.stream.read(_READ, self._timeout))
        return self._head

    def _send(self, request: Outgoing) -> bool:
        """Send a request; whether the server took all of it."""
        timeout = request.timeouts.get("write")
        head = request_head(request.method, request.target, request.lines)
        # The server will close the connection, though it may not say so.
        self._is_last = b"\r\nconnection: close\r\n" in head.lower()
        body = request.body
        if isinstance(body, bytes) and len(body) <= _SMALL:
            self.stream.write(head + body, timeout)
            return True
        self.stream.write(head, timeout)
        pieces = _Slices(body) if isinstance(body, bytes) else body
        assert isinstance(pieces, Iterable)
        sent = Sent(request.length)
        for piece in pieces:
            if self._head is None and self.is_readable:
                self._head = self._early()
                # RFC 9112 section 9.5: an error tells that it wants no more. Other answers may
                # be made of the body while it arrives.
                if self._head is not None and self._head.status >= 300:
                    return False
            self.stream.write(sent.piece(piece), timeout)
        self.stream.write(sent.end(), timeout)
        return True

    def _early(self) -> Head | None:
        """The head of an answer that comes during the upload."""
        try:
            return self.answer.head(self.stream.read(_READ, GLANCE))
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return None

    def read(self) -> bytes:
        """The next bytes of the answer, none at the end of the connection."""
        return self.stream.read(_READ, self._timeout)

    @property
    def is_clean(self) -> bool:
        """Whether another exchange may follow."""
        return self._is_sent and not self._is_last and self.answer.is_clean

    @property
    def is_readable(self) -> bool:
        """Whether there are bytes, or the end, that nobody has read."""
        return bool(self.stream.get_extra_info("is_readable"))

    def is_stale(self) -> bool:
        """Whether what is readable on an idle connection is its end, or nothing asked for."""
        try:
            self.stream.read(_READ, GLANCE)
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return False
        except httpcore.NetworkError:
            return True
        return True

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    def abandon(self) -> None:
        """Let go of it within a garbage collection, where nothing may wait."""
        # Only an event loop would hold it otherwise.
        if (abandon := getattr(self.stream, "abandon", None)) is not None:
            abandon()


class AsyncConnection:
    """A connection of `AsyncClient`.

    Args:
        stream: The network.

    Attributes:
        stream: The network.
        answer: The answer that is being read, or was last.
    """

    __slots__ = ("_head", "_is_last", "_is_sent", "_timeout", "answer", "stream")

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self.stream = stream
        self._head: Head | None = None
        self._is_last = False
        self._is_sent = False
        self._timeout: float | None = None
        self.answer = Answer("")

    async def exchange(self, request: Outgoing) -> Head:
        """Send a request and read the head of its answer.

        Raises:
            httpcore.NetworkError: The connection broke.
            httpcore.RemoteProtocolError: The answer is broken.
            httpcore.TimeoutException: It took too long.
        """
        self.answer = answer = Answer(request.method)
        self._timeout = request.timeouts.get("read")
        self._head = None
        self._is_sent = False
        try:
            self._is_sent = await self._send(request)
        except httpcore.WriteError:
            # Servers that refuse an upload may have answered before they hung up.
            self._is_sent = False
        while self._head is None:
            self._head = answer.head(await self.stream.read(_READ, self._timeout))
        return self._head

    async def _send(self, request: Outgoing) -> bool:
        """Send a request; whether the server took all of it."""
        timeout = request.timeouts.get("write")
        head = request_head(request.method, request.target, request.lines)
        # The server will close the connection, though it may not say so.
        self._is_last = b"\r\nconnection: close\r\n" in head.lower()
        body = request.body
        if isinstance(body, bytes) and len(body) <= _SMALL:
            await self.stream.write(head + body, timeout)
            return True
        await self.stream.write(head, timeout)
        pieces = _Slices(body) if isinstance(body, bytes) else body
        assert isinstance(pieces, AsyncIterable)
        sent = Sent(request.length)
        async for piece in pieces:
            if self._head is None and self.is_readable:
                self._head = await self._early()
                # RFC 9112 section 9.5: an error tells that it wants no more. Other answers may
                # be made of the body while it arrives.
                if self._head is not None and self._head.status >= 300:
                    return False
            await self.stream.write(sent.piece(piece), timeout)
        await self.stream.write(sent.end(), timeout)
        return True

    async def _early(self) -> Head | None:
        """The head of an answer that comes during the upload."""
        try:
            return self.answer.head(await self.stream.read(_READ, GLANCE))
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return None

    async def read(self) -> bytes:
        """The next bytes of the answer, none at the end of the connection."""
        return await self.stream.read(_READ, self._timeout)

    @property
    def is_clean(self) -> bool:
        """Whether another exchange may follow."""
        return self._is_sent and not self._is_last and self.answer.is_clean

    @property
    def is_readable(self) -> bool:
        """Whether there are bytes, or the end, that nobody has read."""
        return bool(self.stream.get_extra_info("is_readable"))

    async def is_stale(self) -> bool:
        """Whether what is readable on an idle connection is its end, or nothing asked for."""
        try:
            await self.stream.read(_READ, GLANCE)
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return False
        except httpcore.NetworkError:
            return True
        return True

    async def aclose(self) -> None:
        """Close the connection."""
        await self.stream.aclose()

    def abandon(self) -> None:
        """Let go of it within a garbage collection, where nothing may wait."""
        # Only an event loop would hold it otherwise.
        if (abandon := getattr(self.stream, "abandon", None)) is not None:
            abandon()
