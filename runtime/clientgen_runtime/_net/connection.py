"""Connections that speak HTTP/1.1, one exchange at a time."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING

import httpcore

from .http1 import LAST_CHUNK, Answer, Head, chunk, request_head
from .network import SLICE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .._outgoing import Outgoing

_READ = 1 << 18
_GLANCE = 0.001  # seconds, for what is there already
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


class _Sent:
    """How much of a body has gone out, which must be what was said."""

    __slots__ = ("_left",)

    def __init__(self, length: int | None) -> None:
        self._left = length

    def piece(self, data: bytes) -> bytes:
        """A piece as it goes on the wire."""
        if self._left is None:
            # An empty chunk would end the body.
            return chunk(data) if data else b""
        self._left -= len(data)
        if self._left < 0:
            raise httpcore.LocalProtocolError("the body is longer than its stated length")
        return data

    def end(self) -> bytes:
        """What follows the last piece."""
        if self._left:
            raise httpcore.LocalProtocolError("the body is shorter than its stated length")
        return LAST_CHUNK if self._left is None else b""


class Connection:
    """A connection of `Client`.

    Args:
        stream: The network.

    Attributes:
        stream: The network.
        answer: The answer that is being read, or was last.
    """

    __slots__ = ("_is_sent", "_timeout", "answer", "stream")

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self.stream = stream
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
        head = None
        try:
            head = self._send(request)
            self._is_sent = head is None
        except httpcore.WriteError:
            # Servers that refuse an upload may have answered before they hung up.
            self._is_sent = False
        while head is None:
            head = answer.head(self.stream.read(_READ, self._timeout))
        return head

    def _send(self, request: Outgoing) -> Head | None:
        timeout = request.timeouts.get("write")
        head = request_head(request.method, request.target, request.lines)
        body = request.body
        if isinstance(body, bytes) and len(body) <= _SMALL:
            self.stream.write(head + body, timeout)
            return None
        self.stream.write(head, timeout)
        pieces = _Slices(body) if isinstance(body, bytes) else body
        assert isinstance(pieces, Iterable)
        sent = _Sent(request.length)
        for piece in pieces:
            if self.is_readable and (early := self._early()) is not None:
                return early
            self.stream.write(sent.piece(piece), timeout)
        self.stream.write(sent.end(), timeout)
        return None

    def _early(self) -> Head | None:
        """The answer of a server that wants no more of the body (RFC 9112 section 9.5)."""
        try:
            return self.answer.head(self.stream.read(_READ, _GLANCE))
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return None

    def read(self) -> bytes:
        """The next bytes of the answer, none at the end of the connection."""
        return self.stream.read(_READ, self._timeout)

    @property
    def is_clean(self) -> bool:
        """Whether another exchange may follow."""
        return self._is_sent and self.answer.is_clean

    @property
    def is_readable(self) -> bool:
        """Whether there are bytes, or the end, that nobody has read."""
        return bool(self.stream.get_extra_info("is_readable"))

    def is_stale(self) -> bool:
        """Whether what is readable on an idle connection is its end, or nothing asked for."""
        try:
            self.stream.read(_READ, _GLANCE)
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

    __slots__ = ("_is_sent", "_timeout", "answer", "stream")

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self.stream = stream
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
        head = None
        try:
            head = await self._send(request)
            self._is_sent = head is None
        except httpcore.WriteError:
            # Servers that refuse an upload may have answered before they hung up.
            self._is_sent = False
        while head is None:
            head = answer.head(await self.stream.read(_READ, self._timeout))
        return head

    async def _send(self, request: Outgoing) -> Head | None:
        timeout = request.timeouts.get("write")
        head = request_head(request.method, request.target, request.lines)
        body = request.body
        if isinstance(body, bytes) and len(body) <= _SMALL:
            await self.stream.write(head + body, timeout)
            return None
        await self.stream.write(head, timeout)
        pieces = _Slices(body) if isinstance(body, bytes) else body
        assert isinstance(pieces, AsyncIterable)
        sent = _Sent(request.length)
        async for piece in pieces:
            if self.is_readable and (early := await self._early()) is not None:
                return early
            await self.stream.write(sent.piece(piece), timeout)
        await self.stream.write(sent.end(), timeout)
        return None

    async def _early(self) -> Head | None:
        """The answer of a server that wants no more of the body (RFC 9112 section 9.5)."""
        try:
            return self.answer.head(await self.stream.read(_READ, _GLANCE))
        except httpcore.ReadTimeout:
            # TLS has messages of its own.
            return None

    async def read(self) -> bytes:
        """The next bytes of the answer, none at the end of the connection."""
        return await self.stream.read(_READ, self._timeout)

    @property
    def is_clean(self) -> bool:
        """Whether another exchange may follow."""
        return self._is_sent and self.answer.is_clean

    @property
    def is_readable(self) -> bool:
        """Whether there are bytes, or the end, that nobody has read."""
        return bool(self.stream.get_extra_info("is_readable"))

    async def is_stale(self) -> bool:
        """Whether what is readable on an idle connection is its end, or nothing asked for."""
        try:
            await self.stream.read(_READ, _GLANCE)
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
