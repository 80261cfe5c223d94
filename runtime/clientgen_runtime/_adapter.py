"""Sending through an HTTP client that the user brings: one of httpx, or of httpx2.

The family is read off the object that is given, never from what happens to be installed. httpx2
is not imported here: whoever gives one of its clients has imported it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpx

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

FAMILIES = ("httpx", "httpx2")

_IS_OURS: ContextVar[bool] = ContextVar("IS_OURS", default=False)


class _URLsWithoutQuery(logging.Filter):
    """Keeps keys in URLs out of what httpx logs of requests that it sends for us."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _IS_OURS.get() and isinstance(record.args, tuple):
            record.args = tuple(map(_without_query, record.args))
        return True


def _without_query(value: object) -> object:
    address, mark, _ = str(value).partition("?") if hasattr(value, "copy_with") else ("", "", "")
    return f"{address}?***" if mark else value


# Once a process: the loggers are those of httpx.
for _name in FAMILIES:
    logging.getLogger(_name).addFilter(_URLsWithoutQuery())


@contextmanager
def _ours() -> Generator[None]:
    token = _IS_OURS.set(True)
    try:
        yield
    finally:
        _IS_OURS.reset(token)


def sync_adapter(client: Any) -> ClientTransport:
    """A transport that sends through an `httpx.Client` or `httpx2.Client`.

    Raises:
        ConfigurationError: It is neither.
    """
    _check_family(client, "Client")
    return ClientTransport(client)


def async_adapter(client: Any) -> AsyncClientTransport:
    """A transport that sends through an `httpx.AsyncClient` or `httpx2.AsyncClient`.

    Raises:
        ConfigurationError: It is neither.
    """
    _check_family(client, "AsyncClient")
    return AsyncClientTransport(client)


def _check_family(client: object, name: str) -> None:
    for cls in type(client).__mro__:
        if cls.__name__ == name and cls.__module__.partition(".")[0] in FAMILIES:
            return
    given = f"{type(client).__module__}.{type(client).__qualname__}"
    raise ConfigurationError(
        f"http_client= of {name} is an httpx.{name} or httpx2.{name}, not {given}"
    )


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a response of either family."""

    def __init__(self, native: Any) -> None:
        self._native = native

    def __iter__(self) -> Iterator[bytes]:
        yield from self._native.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._native.stream:
            yield chunk

    def close(self) -> None:
        self._native.close()

    async def aclose(self) -> None:
        await self._native.aclose()


class ClientTransport(httpx.BaseTransport):
    """Sends through a client that stays its owner's: it is never closed here."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with the client's own headers, cookies and hooks added."""
        asked = _as_the_client_builds_it(self._client, request)
        with _ours():
            native = self._client.send(asked, stream=True, follow_redirects=False)
        return _as_httpx(native)


class AsyncClientTransport(httpx.AsyncBaseTransport):
    """Sends through a client that stays its owner's: it is never closed here."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with the client's own headers, cookies and hooks added."""
        asked = _as_the_client_builds_it(self._client, request)
        with _ours():
            native = await self._client.send(asked, stream=True, follow_redirects=False)
        return _as_httpx(native)


def _as_the_client_builds_it(client: Any, request: httpx.Request) -> Any:
    body: Any = request.stream
    return client.build_request(
        request.method,
        # Neither family takes objects of the other.
        str(request.url),
        headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
        content=b"".join(body) if isinstance(body, httpx.ByteStream) else body,
        extensions=dict(request.extensions),
    )


def _as_httpx(native: Any) -> httpx.Response:
    headers = native.headers.raw
    if native.is_stream_consumed:
        # A hook of the client has read it, which decompressed it too.
        headers = [item for item in headers if item[0].lower() != b"content-encoding"]
        body: httpx.SyncByteStream | httpx.AsyncByteStream = httpx.ByteStream(native.content)
    else:
        body = _Body(native)
    return httpx.Response(
        native.status_code, headers=headers, stream=body, extensions=dict(native.extensions)
    )
