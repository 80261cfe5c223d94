"""Between our requests and the connections: routes, native requests, whole responses."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import httpx

from .._errors import ConfigurationError
from .._failures import client_error
from .._limits import PoolLimits
from .._policies.deadline import DEADLINE, check_time
from .._response import Receiver
from .native import Native, native_request, of_httpx, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._flow import Send
    from .._response import Response
    from .._settings import ClientOptions
    from .async_pool import AsyncPool
    from .pool import Pool
    from .proxies import Proxies, ProxyConfig
    from .tls import TLSConfig


@dataclass(frozen=True)
class TransportConfig:
    """How connections are made.

    Attributes:
        tls: Certificates and versions; `None` for the defaults.
        limits: How many connections there may be.
        http2: Whether HTTP/2 is offered to servers.
        proxies: Which proxy a request goes through; `None` for those of the environment.
    """

    tls: TLSConfig | None = None
    limits: PoolLimits = field(default_factory=PoolLimits)
    http2: bool = False
    proxies: Proxies | None = None


class _Routes:
    """Which pool a request takes; the part that needs no `await`."""

    def __init__(self, config: TransportConfig) -> None:
        self.config = config
        self.is_closed = False
        self.lock = Lock()
        self._proxies = config.proxies

    def proxy_for(self, send: Send) -> ProxyConfig | None:
        """The proxy of a request, `None` for a direct connection."""
        if send.proxies is not None:
            return send.proxies.choose(send.request.url)
        if self._proxies is None:
            from .proxies import proxies_in_environment

            # Read once: that the environment changes later must not reroute a running client.
            self._proxies = proxies_in_environment()
        return self._proxies.choose(send.request.url) if self._proxies else None


class Transport:
    """What `Client` sends through.

    Args:
        config: How connections are made.
        given: A transport of the user's to send through instead.
    """

    def __init__(self, config: TransportConfig, given: httpx.BaseTransport | None) -> None:
        self._routes = _Routes(config)
        self._given = given
        self._opened: dict[tuple[ProxyConfig | None, bool], httpx.BaseTransport] = {}

    def send(self, send: Send) -> Response:
        """Send a request and take in its response."""
        deadline = DEADLINE.set(send.deadline)
        try:
            transport = self._transport(send)
            pool: Pool | None = getattr(transport, "direct_pool", None)
            if pool is None or send.extensions:
                native = of_httpx(transport.handle_request(native_request(send)))
            else:
                native = pool.send(outgoing(send))
            if send.is_stream and native.is_success:
                return self._open(send, native)
            try:
                return self._receive(send, native)
            finally:
                native.close()
        finally:
            DEADLINE.reset(deadline)

    def _open(self, send: Send, native: Native) -> Response:
        from .._streams import Source

        try:
            # What is read piece by piece may be of any size.
            receiver = Receiver(native, send.request, None)
        except BaseException:
            native.close()
            raise
        return receiver.opened(Source(send, native, receiver))

    def _receive(self, send: Send, native: Native) -> Response:
        receiver = Receiver(native, send.request, send.max_response_bytes)
        try:
            for chunk in native.stream:
                receiver.feed(chunk)
                check_time(send.deadline)
        except Exception as error:
            raise client_error(
                error, send.request, deadline=send.deadline, partial=receiver.partial()
            ) from error
        return receiver.finish()

    def _transport(self, send: Send) -> httpx.BaseTransport:
        if self._routes.is_closed:
            raise ConfigurationError("the client is closed")
        if self._given is not None:
            return self._given
        key = (self._routes.proxy_for(send), send.request.url[:6].lower() == "https:")
        with self._routes.lock:
            if key not in self._opened:
                from .opening import open_transport

                self._opened[key] = open_transport(self._routes.config, key[0], is_secure=key[1])
            return self._opened[key]

    def close(self) -> None:
        """Close all connections; calling it again does nothing."""
        self._routes.is_closed = True
        if self._given is not None:
            self._given.close()
        while self._opened:
            _, transport = self._opened.popitem()
            transport.close()

    def __del__(self) -> None:
        if opened := getattr(self, "_opened", None):
            _drop(opened.values())


class AsyncTransport:
    """What `AsyncClient` sends through.

    Args:
        config: How connections are made.
        given: A transport of the user's to send through instead.
    """

    def __init__(self, config: TransportConfig, given: httpx.AsyncBaseTransport | None) -> None:
        self._routes = _Routes(config)
        self._given = given
        self._opened: dict[tuple[ProxyConfig | None, bool], httpx.AsyncBaseTransport] = {}

    async def send(self, send: Send) -> Response:
        """Send a request and take in its response."""
        deadline = DEADLINE.set(send.deadline)
        try:
            transport = self._transport(send)
            pool: AsyncPool | None = getattr(transport, "direct_pool", None)
            if pool is None or send.extensions:
                native = of_httpx(await transport.handle_async_request(native_request(send)))
            else:
                native = await pool.send(outgoing(send))
            if send.is_stream and native.is_success:
                return await self._open(send, native)
            try:
                return await self._receive(send, native)
            finally:
                await native.aclose()
        finally:
            DEADLINE.reset(deadline)

    async def _open(self, send: Send, native: Native) -> Response:
        from .._streams import AsyncSource

        try:
            # What is read piece by piece may be of any size.
            receiver = Receiver(native, send.request, None)
        except BaseException:
            await native.aclose()
            raise
        return receiver.opened(AsyncSource(send, native, receiver))

    async def _receive(self, send: Send, native: Native) -> Response:
        receiver = Receiver(native, send.request, send.max_response_bytes)
        try:
            async for chunk in native.stream:
                receiver.feed(chunk)
                check_time(send.deadline)
        except Exception as error:
            raise client_error(
                error, send.request, deadline=send.deadline, partial=receiver.partial()
            ) from error
        return receiver.finish()

    def _transport(self, send: Send) -> httpx.AsyncBaseTransport:
        if self._routes.is_closed:
            raise ConfigurationError("the client is closed")
        if self._given is not None:
            return self._given
        key = (self._routes.proxy_for(send), send.request.url[:6].lower() == "https:")
        with self._routes.lock:
            if key not in self._opened:
                from .opening import open_async_transport

                self._opened[key] = open_async_transport(
                    self._routes.config, key[0], is_secure=key[1]
                )
            return self._opened[key]

    async def close(self) -> None:
        """Close all connections; calling it again does nothing."""
        self._routes.is_closed = True
        if self._given is not None:
            await self._given.aclose()
        while self._opened:
            _, transport = self._opened.popitem()
            await transport.aclose()

    def __del__(self) -> None:
        if opened := getattr(self, "_opened", None):
            _drop(opened.values())


def _drop(opened: Iterable[object]) -> None:
    for transport in opened:
        if isinstance(transport, httpx.AsyncHTTPTransport):
            pool: Any = transport._pool  # pyright: ignore[reportPrivateUsage] - it is ours
            # Its connections are held by their event loop.
            pool.abandon()
    warnings.warn("a client was dropped without being closed", ResourceWarning, stacklevel=3)


def sync_transport(options: ClientOptions) -> httpx.BaseTransport | None:
    """What `transport=` or `http_client=` of `Client` gives to send through.

    Raises:
        ConfigurationError: It is nothing that this client can send through.
    """
    if "http_client" in options:
        from .._adapter import sync_adapter

        return sync_adapter(options["http_client"])
    given = options.get("transport")
    if given is None or isinstance(given, httpx.BaseTransport):
        return given
    raise ConfigurationError(f"transport= of Client is an httpx.BaseTransport, not {_kind(given)}")


def async_transport(options: ClientOptions) -> httpx.AsyncBaseTransport | None:
    """What `transport=` or `http_client=` of `AsyncClient` gives to send through.

    Raises:
        ConfigurationError: It is nothing that this client can send through.
    """
    if "http_client" in options:
        from .._adapter import async_adapter

        return async_adapter(options["http_client"])
    given = options.get("transport")
    if given is None or isinstance(given, httpx.AsyncBaseTransport):
        return given
    raise ConfigurationError(
        f"transport= of AsyncClient is an httpx.AsyncBaseTransport, not {_kind(given)}"
    )


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
