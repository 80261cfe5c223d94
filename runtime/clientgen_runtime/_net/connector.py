"""Opening connections: to servers, through tunnels, and to proxies that forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore

from .._outgoing import Address, Outgoing
from .connection import BROKEN, AsyncConnection, Connection
from .network import AsyncStream, Stream, remaining, within
from .proxy_auth import CREDENTIALS, proxy_auth

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from .http1 import Head
    from .proxies import ProxyConfig

_PORTS = {"http": 80, "https": 443}


def authority(address: Address, *, with_port: bool = False) -> str:
    """Host and port; a port that goes without saying only when it is asked for."""
    scheme, host, port = address
    shown = f"[{host}]" if ":" in host else host
    return shown if port == _PORTS.get(scheme) and not with_port else f"{shown}:{port}"


def tunnel_error(error: Exception) -> Exception:
    """What it means that a proxy gave no answer to the wish for a tunnel."""
    if isinstance(error, httpcore.TimeoutException):
        return httpcore.ConnectTimeout("the proxy opened no tunnel in time")
    return httpcore.ProxyError(f"it opened no tunnel: {error}")


class HTTPProxy:
    """What an HTTP proxy is asked.

    Args:
        config: The proxy.
    """

    def __init__(self, config: ProxyConfig) -> None:
        parts = urlsplit(config.address)
        port = parts.port or _PORTS[config.scheme]
        self.address: Address = (config.scheme, parts.hostname or "", port)
        self._auth = proxy_auth(config)

    def forwarded(self, request: Outgoing) -> Outgoing:
        """A request that the proxy passes on (RFC 9112 section 3.2.2)."""
        target = f"http://{authority(request.address)}{request.target}"
        return request.changed(target, request.lines + self._auth.lines(request.method, target))

    def tunnel(self, request: Outgoing) -> Outgoing:
        """What asks for a tunnel to the server of a request (RFC 9110 section 9.3.6)."""
        target = authority(request.address, with_port=True)
        lines = [f"Host: {target}", *self._auth.lines("CONNECT", target)]
        limit = request.timeouts.get("connect")
        timeouts = {"read": limit, "write": limit}
        return Outgoing("CONNECT", self.address, target, lines, b"", 0, timeouts)

    def repeated(self, asked: Outgoing, head: Head) -> Outgoing | None:
        """What to ask after a refusal; `None` when it would be no use."""
        if head.status != 407 or not isinstance(asked.body, bytes):
            return None
        answer = self._auth.answer(head, asked.method, asked.target)
        if answer is None:
            return None
        others = [line for line in asked.lines if not line.startswith(CREDENTIALS)]
        return asked.changed(asked.target, others + answer)


class _Route:
    """What requests are on their way to the other end, where both clients go alike."""

    _proxy: HTTPProxy | None

    def asked(self, request: Outgoing) -> Outgoing:
        """A request as the other end of a connection takes it."""
        if self._proxy is None or request.address[0] == "https":
            return request
        return self._proxy.forwarded(request)

    def repeated(self, asked: Outgoing, head: Head) -> Outgoing | None:
        """What to ask after a refusal of the proxy; `None` when it would be no use."""
        if self._proxy is None or asked.address[0] == "https":
            return None
        return self._proxy.repeated(asked, head)


class Connector(_Route):
    """Opens connections of `Client`.

    Args:
        backend: The network.
        context: TLS settings, `None` where nothing is encrypted.
        proxy: The HTTP proxy to go through.
        socks: The pool of a SOCKS library, which opens connections instead.
        protocols: What TLS offers to servers.
    """

    def __init__(
        self,
        backend: httpcore.NetworkBackend,
        context: ssl.SSLContext | None,
        proxy: ProxyConfig | None = None,
        socks: Any = None,
        protocols: Sequence[str] = ("http/1.1",),
    ) -> None:
        self._backend = backend
        self._context = context
        self._proxy = HTTPProxy(proxy) if proxy is not None else None
        self._socks = socks
        self._protocols = list(protocols)

    def connect(self, request: Outgoing) -> Connection:
        """Open a connection for a request.

        Raises:
            httpcore.ConnectError: There is none.
            httpcore.ConnectTimeout: It took too long.
            httpcore.ProxyError: The proxy refuses.
        """
        with within(request.timeouts.get("connect")):
            return self._connection(request)

    def _connection(self, request: Outgoing) -> Connection:
        if self._socks is not None:
            return Connection(self._through_socks(request))
        if self._proxy is None:
            return Connection(self._open(request, request.address))
        if request.address[0] == "http":
            return Connection(self._open(request, self._proxy.address))
        return Connection(self._secure(self._tunnel(self._proxy, request), request))

    def _open(self, request: Outgoing, address: Address) -> httpcore.NetworkStream:
        scheme, host, port = address
        timeout = request.timeouts.get("connect")
        stream = self._backend.connect_tcp(host, port, timeout)
        if scheme == "http":
            return stream
        if address == request.address:
            return self._secure(stream, request)
        return stream.start_tls(self._tls(), host, timeout)

    def _secure(self, stream: httpcore.NetworkStream, request: Outgoing) -> httpcore.NetworkStream:
        name = request.server_name or request.address[1]
        return stream.start_tls(self._tls(), name, request.timeouts.get("connect"))

    def _tls(self) -> ssl.SSLContext:
        assert self._context is not None
        # Each time, since a context of the caller's may serve clients that offer something else.
        self._context.set_alpn_protocols(self._protocols)
        return self._context

    def _tunnel(self, proxy: HTTPProxy, request: Outgoing) -> httpcore.NetworkStream:
        asked = proxy.tunnel(request)
        is_repeated = False
        while True:
            connection = Connection(self._open(request, proxy.address))
            try:
                head = connection.exchange(asked)
            except BaseException as error:
                connection.close()
                if isinstance(error, (httpcore.TimeoutException, *BROKEN)):
                    raise tunnel_error(error) from error
                raise
            if head.status < 300:
                return connection.stream
            connection.close()
            again = None if is_repeated else proxy.repeated(asked, head)
            if again is None:
                raise httpcore.ProxyError(f"{head.status} {head.reason}")
            asked, is_repeated = again, True

    def _through_socks(self, request: Outgoing) -> httpcore.NetworkStream:
        scheme, host, port = request.address
        origin = httpcore.Origin(scheme.encode(), host.encode(), port)
        opener = self._socks.create_connection(origin)
        limit = remaining(request.timeouts.get("connect"), httpcore.ConnectTimeout)
        return Stream(opener._connect_via_proxy(origin, limit))


class AsyncConnector(_Route):
    """Opens connections of `AsyncClient`.

    Args:
        backend: The network.
        context: TLS settings, `None` where nothing is encrypted.
        proxy: The HTTP proxy to go through.
        socks: The pool of a SOCKS library, which opens connections instead.
        protocols: What TLS offers to servers.
    """

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        context: ssl.SSLContext | None,
        proxy: ProxyConfig | None = None,
        socks: Any = None,
        protocols: Sequence[str] = ("http/1.1",),
    ) -> None:
        self._backend = backend
        self._context = context
        self._proxy = HTTPProxy(proxy) if proxy is not None else None
        self._socks = socks
        self._protocols = list(protocols)

    async def connect(self, request: Outgoing) -> AsyncConnection:
        """Open a connection for a request.

        Raises:
            httpcore.ConnectError: There is none.
            httpcore.ConnectTimeout: It took too long.
            httpcore.ProxyError: The proxy refuses.
        """
        with within(request.timeouts.get("connect")):
            return await self._connection(request)

    async def _connection(self, request: Outgoing) -> AsyncConnection:
        if self._socks is not None:
            return AsyncConnection(await self._through_socks(request))
        if self._proxy is None:
            return AsyncConnection(await self._open(request, request.address))
        if request.address[0] == "http":
            return AsyncConnection(await self._open(request, self._proxy.address))
        return AsyncConnection(
            await self._secure(await self._tunnel(self._proxy, request), request)
        )

    async def _open(self, request: Outgoing, address: Address) -> httpcore.AsyncNetworkStream:
        scheme, host, port = address
        timeout = request.timeouts.get("connect")
        stream = await self._backend.connect_tcp(host, port, timeout)
        if scheme == "http":
            return stream
        if address == request.address:
            return await self._secure(stream, request)
        return await stream.start_tls(self._tls(), host, timeout)

    async def _secure(
        self, stream: httpcore.AsyncNetworkStream, request: Outgoing
    ) -> httpcore.AsyncNetworkStream:
        name = request.server_name or request.address[1]
        return await stream.start_tls(self._tls(), name, request.timeouts.get("connect"))

    def _tls(self) -> ssl.SSLContext:
        assert self._context is not None
        # Each time, since a context of the caller's may serve clients that offer something else.
        self._context.set_alpn_protocols(self._protocols)
        return self._context

    async def _tunnel(self, proxy: HTTPProxy, request: Outgoing) -> httpcore.AsyncNetworkStream:
        asked = proxy.tunnel(request)
        is_repeated = False
        while True:
            connection = AsyncConnection(await self._open(request, proxy.address))
            try:
                head = await connection.exchange(asked)
            except BaseException as error:
                await connection.aclose()
                if isinstance(error, (httpcore.TimeoutException, *BROKEN)):
                    raise tunnel_error(error) from error
                raise
            if head.status < 300:
                return connection.stream
            await connection.aclose()
            again = None if is_repeated else proxy.repeated(asked, head)
            if again is None:
                raise httpcore.ProxyError(f"{head.status} {head.reason}")
            asked, is_repeated = again, True

    async def _through_socks(self, request: Outgoing) -> httpcore.AsyncNetworkStream:
        scheme, host, port = request.address
        origin = httpcore.Origin(scheme.encode(), host.encode(), port)
        opener = self._socks.create_connection(origin)
        limit = remaining(request.timeouts.get("connect"), httpcore.ConnectTimeout)
        return AsyncStream(await opener._connect_via_proxy(origin, limit))
