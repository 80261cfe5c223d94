"""Opening transports: httpx's own, with our pool and network underneath.

Transports stay `httpx.HTTPTransport`s, since tools that observe or replace traffic
(OpenTelemetry, vcrpy, pytest-httpx) hook into that class.
"""

from __future__ import annotations

import logging
import re
import ssl
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore

from .._errors import ConfigurationError
from .._redact import MASK, is_secret_name, redact_text
from .connector import AsyncConnector, Connector
from .network import AsyncBackend, Backend
from .pool import Pool, PooledTransport
from .tls import TLSConfig

if TYPE_CHECKING:
    import httpx

    from .proxies import ProxyConfig
    from .transport import TransportConfig


_BOTH = ("h2", "http/1.1")


class _SecretHeaders(logging.Filter):
    """Masks secret headers in what httpcore logs of responses at DEBUG."""

    _PAIR = re.compile(r"\(b'([^']+)', b(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact_text(self._PAIR.sub(self._masked, record.getMessage()))
        record.args = ()
        return True

    @staticmethod
    def _masked(match: re.Match[str]) -> str:
        return f"(b'{match[1]}', {MASK})" if is_secret_name(match[1]) else match[0]


# Once a process: the loggers are httpcore's own.
for _name in ("http11", "http2", "proxy"):
    logging.getLogger(f"{httpcore.__name__}.{_name}").addFilter(_SecretHeaders())


def open_transport(
    config: TransportConfig, proxy: ProxyConfig | None, *, is_secure: bool
) -> httpx.HTTPTransport:
    """A transport for one proxy, or for direct connections."""
    context = _context(config, proxy, is_secure=is_secure)
    factory = partial(_factory, config, proxy, context)
    if proxy is not None and proxy.scheme.startswith("socks"):
        connector = Connector(Backend(), context, socks=factory())
    else:
        connector = Connector(Backend(), context, proxy)
    if is_secure and _offers_http2(config, proxy):
        from .multiplex import HTTP2Pool

        offering = Connector(Backend(), _context_of(config), proxy, protocols=_BOTH)
        return PooledTransport(HTTP2Pool(connector, offering, config.limits, factory))
    return PooledTransport(Pool(connector, config.limits, factory))


def open_async_transport(
    config: TransportConfig, proxy: ProxyConfig | None, *, is_secure: bool
) -> httpx.AsyncHTTPTransport:
    """A transport for one proxy, or for direct connections."""
    # Here, since asyncio takes long to import, and `Client` does without.
    from .async_pool import AsyncPool, AsyncPooledTransport

    context = _context(config, proxy, is_secure=is_secure)
    factory = partial(_async_factory, config, proxy, context)
    if proxy is not None and proxy.scheme.startswith("socks"):
        connector = AsyncConnector(AsyncBackend(), context, socks=factory())
    else:
        connector = AsyncConnector(_async_backend(proxy), context, proxy)
    if is_secure and _offers_http2(config, proxy):
        from .async_multiplex import AsyncHTTP2Pool

        backend = _async_backend(proxy)
        offering = AsyncConnector(backend, _context_of(config), proxy, protocols=_BOTH)
        return AsyncPooledTransport(AsyncHTTP2Pool(connector, offering, config.limits, factory))
    return AsyncPooledTransport(AsyncPool(connector, config.limits, factory))


def _async_backend(proxy: ProxyConfig | None) -> AsyncBackend:
    from .aio import AsyncioBackend

    # Before Python 3.11 asyncio has no TLS within TLS, which a tunnel through such a proxy is.
    return AsyncBackend() if proxy is not None and proxy.scheme == "https" else AsyncioBackend()


def _context(
    config: TransportConfig, proxy: ProxyConfig | None, *, is_secure: bool
) -> ssl.SSLContext | None:
    if not is_secure and (proxy is None or proxy.scheme != "https"):
        return None
    return _context_of(config)


def _context_of(config: TransportConfig) -> ssl.SSLContext:
    return (config.tls or TLSConfig()).context()


def _offers_http2(config: TransportConfig, proxy: ProxyConfig | None) -> bool:
    """Whether servers are offered HTTP/2, which takes a plain way to them."""
    return config.http2 and (proxy is None or proxy.scheme == "http")


def _options(config: TransportConfig, context: ssl.SSLContext | None) -> dict[str, Any]:
    limits = config.limits
    return {
        "ssl_context": context,
        "max_connections": limits.max_connections,
        # httpcore counts busy connections against this limit, so it must not be the smaller one.
        "max_keepalive_connections": limits.max_connections,
        "keepalive_expiry": limits.keepalive_expiry,
        "http2": config.http2,
    }


def _factory(
    config: TransportConfig, proxy: ProxyConfig | None, context: ssl.SSLContext | None
) -> httpcore.ConnectionPool:
    options = _options(config, context)
    if proxy is None:
        return httpcore.ConnectionPool(network_backend=Backend(), **options)
    if proxy.scheme.startswith("socks"):
        transport = _socks().SyncProxyTransport(**_socks_options(proxy, context))
        pool: httpcore.ConnectionPool = transport._pool
        return pool
    return httpcore.HTTPProxy(
        network_backend=Backend(), **_proxy_options(proxy, context), **options
    )


def _async_factory(
    config: TransportConfig, proxy: ProxyConfig | None, context: ssl.SSLContext | None
) -> httpcore.AsyncConnectionPool:
    options = _options(config, context)
    if proxy is None:
        return httpcore.AsyncConnectionPool(network_backend=_async_backend(proxy), **options)
    if proxy.scheme.startswith("socks"):
        transport = _socks().AsyncProxyTransport(**_socks_options(proxy, context))
        pool: httpcore.AsyncConnectionPool = transport._pool
        return pool
    return httpcore.AsyncHTTPProxy(
        network_backend=_async_backend(proxy), **_proxy_options(proxy, context), **options
    )


def _proxy_options(proxy: ProxyConfig, context: ssl.SSLContext | None) -> dict[str, Any]:
    return {
        "proxy_url": proxy.address,
        # httpcore would send the password.
        "proxy_auth": proxy.credentials if proxy.auth == "basic" else None,
        "proxy_ssl_context": context if proxy.scheme == "https" else None,
    }


def _socks() -> Any:
    try:
        return import_module("httpx_socks")
    except ImportError:
        raise ConfigurationError("SOCKS proxies need the extra: clientgen-runtime[socks]") from None


def _socks_options(proxy: ProxyConfig, context: ssl.SSLContext | None) -> dict[str, Any]:
    parts = urlsplit(proxy.address)
    username, password = proxy.credentials or (None, None)
    kinds = _socks().ProxyType
    return {
        "proxy_type": kinds.SOCKS4 if proxy.scheme.startswith("socks4") else kinds.SOCKS5,
        "proxy_host": parts.hostname,
        "proxy_port": parts.port or 1080,
        "username": username,
        "password": password,
        # The schemes with a final letter, and that of desktops, have the proxy resolve names.
        "rdns": proxy.scheme in ("socks4a", "socks5h", "socks"),
        # Without one it would load the CA bundle.
        "verify": context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    }
