"""Between our requests and those of httpx."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import httpx

from ._errors import ConfigurationError
from ._failures import client_error
from ._response import Receiver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ._flow import Send
    from ._payload import Payload
    from ._response import Response


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A payload as httpx reads it."""

    def __init__(self, payload: Payload) -> None:
        self._payload = payload

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._payload)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._payload)


def native_request(send: Send) -> httpx.Request:
    """The request as httpx takes it."""
    request = send.request
    url = request.url
    if request.secret_query:
        url += ("&" if "?" in url else "?") + "&".join(request.secret_query)
    address = httpx.URL(url)
    payload = request.payload
    headers = [(b"Host", address.netloc)]
    headers += [
        (name.encode("ascii"), value.encode("ascii"))
        for name, value in request.headers.multi_items()
    ]
    headers += _framing(request.method, payload)
    body = payload.content
    return httpx.Request(
        request.method,
        address,
        headers=headers,
        stream=httpx.ByteStream(body) if body is not None else _Body(payload),
        extensions={"timeout": send.timeout.phases()},
    )


def _framing(method: str, payload: Payload) -> list[tuple[bytes, bytes]]:
    """How long the body is (RFC 9112 section 6)."""
    if payload.length is None:
        return [(b"Transfer-Encoding", b"chunked")]
    if payload.length or method in ("POST", "PUT", "PATCH"):
        return [(b"Content-Length", str(payload.length).encode())]
    return []


class Transport:
    """What `Client` sends through.

    Args:
        given: A transport of the user's; one of ours is made on first use otherwise.
    """

    def __init__(self, given: httpx.BaseTransport | None) -> None:
        self._given = given
        self._own: httpx.BaseTransport | None = None
        self._lock = Lock()
        self.is_closed = False

    def send(self, send: Send) -> Response:
        """Send a request and take in its response."""
        native = self._opened().handle_request(native_request(send))
        try:
            return self._receive(send, native)
        finally:
            native.close()

    def _receive(self, send: Send, native: httpx.Response) -> Response:
        receiver = Receiver(native, send.request, send.max_response_bytes)
        try:
            assert isinstance(native.stream, httpx.SyncByteStream)
            for chunk in native.stream:
                receiver.feed(chunk)
        except Exception as error:
            raise client_error(
                error, send.request, deadline=send.deadline, partial=receiver.partial()
            ) from error
        return receiver.finish()

    def _opened(self) -> httpx.BaseTransport:
        if self.is_closed:
            raise ConfigurationError("the client is closed")
        if self._given is not None:
            return self._given
        with self._lock:
            if self._own is None:
                self._own = httpx.HTTPTransport()
            return self._own

    def close(self) -> None:
        """Close all connections; calling it again does nothing."""
        self.is_closed = True
        for transport in (self._given, self._own):
            if transport is not None:
                transport.close()


class AsyncTransport:
    """What `AsyncClient` sends through.

    Args:
        given: A transport of the user's; one of ours is made on first use otherwise.
    """

    def __init__(self, given: httpx.AsyncBaseTransport | None) -> None:
        self._given = given
        self._own: httpx.AsyncBaseTransport | None = None
        self._lock = Lock()
        self.is_closed = False

    async def send(self, send: Send) -> Response:
        """Send a request and take in its response."""
        native = await self._opened().handle_async_request(native_request(send))
        try:
            return await self._receive(send, native)
        finally:
            await native.aclose()

    async def _receive(self, send: Send, native: httpx.Response) -> Response:
        receiver = Receiver(native, send.request, send.max_response_bytes)
        try:
            assert isinstance(native.stream, httpx.AsyncByteStream)
            async for chunk in native.stream:
                receiver.feed(chunk)
        except Exception as error:
            raise client_error(
                error, send.request, deadline=send.deadline, partial=receiver.partial()
            ) from error
        return receiver.finish()

    def _opened(self) -> httpx.AsyncBaseTransport:
        if self.is_closed:
            raise ConfigurationError("the client is closed")
        if self._given is not None:
            return self._given
        with self._lock:
            if self._own is None:
                self._own = httpx.AsyncHTTPTransport()
            return self._own

    async def close(self) -> None:
        """Close all connections; calling it again does nothing."""
        self.is_closed = True
        for transport in (self._given, self._own):
            if transport is not None:
                await transport.aclose()


def sync_transport(given: object) -> httpx.BaseTransport | None:
    """A `transport=` of `Client`.

    Raises:
        ConfigurationError: It is none that this client can send through.
    """
    if given is None or isinstance(given, httpx.BaseTransport):
        return given
    raise ConfigurationError(f"transport= of Client is an httpx.BaseTransport, not {_kind(given)}")


def async_transport(given: object) -> httpx.AsyncBaseTransport | None:
    """A `transport=` of `AsyncClient`.

    Raises:
        ConfigurationError: It is none that this client can send through.
    """
    if given is None or isinstance(given, httpx.AsyncBaseTransport):
        return given
    raise ConfigurationError(
        f"transport= of AsyncClient is an httpx.AsyncBaseTransport, not {_kind(given)}"
    )


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
