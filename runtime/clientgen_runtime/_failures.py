"""What the transport raises, told in our own errors."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._errors import (
    ClientError,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    ConnectTimeoutError,
    PoolTimeoutError,
    ProxyError,
    ReadTimeoutError,
    TimeoutError,  # noqa: A004
    TLSError,
    TotalTimeoutError,
    TruncatedResponseError,
    WriteTimeoutError,
)
from ._response import describe

if TYPE_CHECKING:
    import ssl

    from ._request import Request
    from ._response import Response

# By class name, along the bases: httpx, httpx2, httpcore and the socks libraries raise classes
# of the same names that share no base.
_TIMEOUTS: dict[str, tuple[type[TimeoutError], str]] = {
    "ConnectTimeout": (ConnectTimeoutError, "no connection in time"),
    "ReadTimeout": (ReadTimeoutError, "the server sent nothing in time"),
    "WriteTimeout": (WriteTimeoutError, "the server took nothing in time"),
    "PoolTimeout": (PoolTimeoutError, "no connection of the pool became free in time"),
    "ProxyTimeoutError": (ConnectTimeoutError, "the proxy gave no connection in time"),
    "TimeoutException": (ReadTimeoutError, "it took too long"),
    "TimeoutError": (ReadTimeoutError, "it took too long"),
}
_CONNECTIONS: dict[str, tuple[type[ConnectionError], str]] = {
    "ProxyError": (ProxyError, "the proxy failed"),
    "ProxyConnectionError": (ProxyError, "the proxy cannot be reached"),
    "ConnectError": (ConnectionError, "no connection"),
    "ReadError": (ConnectionError, "the connection broke while reading"),
    "WriteError": (ConnectionError, "the connection broke while writing"),
    "CloseError": (ConnectionError, "the connection broke while closing"),
    "RemoteProtocolError": (ConnectionError, "the server broke the protocol"),
    "NetworkError": (ConnectionError, "the connection broke"),
    "OSError": (ConnectionError, "the connection broke"),
    "EndOfStream": (ConnectionError, "the connection was closed"),
    "BrokenResourceError": (ConnectionError, "the connection broke"),
    "ClosedResourceError": (ConnectionError, "the connection was closed"),
}
_REFUSED = frozenset({"LocalProtocolError", "UnsupportedProtocol", "InvalidURL", "UnicodeError"})


def client_error(
    error: Exception,
    request: Request,
    *,
    deadline: float | None = None,
    partial: Response | None = None,
) -> ClientError:
    """The error of ours that stands for one of the transport.

    Args:
        error: What was raised while the request was sent or the answer read.
        request: The request.
        deadline: When the call has to be over, on the monotonic clock.
        partial: What has arrived of the answer, once its headers have.
    """
    if isinstance(error, ClientError):
        return error
    ours = _translate(error, request, deadline, partial)
    ours.request = request
    ours.__cause__ = error
    return ours


def _translate(
    error: Exception, request: Request, deadline: float | None, partial: Response | None
) -> ClientError:
    names = [cls.__name__ for cls in type(error).__mro__]
    where = describe(request)
    for name in names:
        if name in _TIMEOUTS:
            if deadline is not None and time.monotonic() >= deadline:
                return TotalTimeoutError(f"{where}: not done within the total timeout")
            timeout, words = _TIMEOUTS[name]
            return timeout(f"{where}: {words}")
    if (tls := _tls_error(error)) is not None:
        return TLSError(f"{where}: the secure connection failed: {_words(tls)}")
    if _REFUSED.intersection(names):
        # The message of the transport may quote header values, which may be secrets.
        return ConfigurationError(f"{where}: the request is not valid HTTP")
    for name in names:
        if name in _CONNECTIONS:
            connection, words = _CONNECTIONS[name]
            if partial is not None and connection is ConnectionError:
                return TruncatedResponseError(
                    f"{where}: the body ended early: {_words(error)}", response=partial
                )
            return connection(f"{where}: {words}: {_words(error)}")
    return ConnectionError(f"{where}: the transport failed: {_words(error)}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    import ssl  # slow to import, and only failures need it

    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
