"""Everything that a call can raise.

```
ClientError
├── HTTPError: ClientResponseError (4xx), ServerError (5xx)
├── ConnectionError: TLSError, ProxyError
├── TimeoutError: ConnectTimeoutError, ReadTimeoutError, WriteTimeoutError, ...
├── ResponseError: DecodeError, ResponseTooLargeError, TruncatedResponseError
├── ValidationError
├── CircuitOpenError
└── ConfigurationError
```
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._headers import Headers
    from ._request import Request
    from ._response import Response
    from ._retry import Attempt


class ClientError(Exception):
    """The base of everything that a call raises.

    Attributes:
        request: The request that failed, when there was one.
        attempts: What was tried, in order; empty when nothing was sent.
    """

    request: Request | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def message(self) -> str:
        """What went wrong, in words."""
        return str(self.args[0]) if self.args else ""


class HTTPError(ClientError):
    """The server answered with an error status.

    Attributes:
        response: The whole answer.
        body: The model that the API declares for this status, else the JSON value, else the text.
    """

    def __init__(self, message: str, *, response: Response, body: object = None) -> None:
        super().__init__(message)
        self.response = response
        self.body = body
        self.request = response.request

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})

    @property
    def status_code(self) -> int:
        """The status code, such as 404."""
        return self.response.status_code

    @property
    def headers(self) -> Headers:
        """The response's headers."""
        return self.response.headers

    @property
    def request_id(self) -> str | None:
        """The id under which the server, or else this client, knows the call."""
        return self.response.request_id


class ClientResponseError(HTTPError):
    """A 4xx status: the request was at fault."""


class BadRequestError(ClientResponseError):
    """Status 400."""


class AuthenticationError(ClientResponseError):
    """Status 401: the credentials are missing or wrong."""


class ForbiddenError(ClientResponseError):
    """Status 403: the credentials do not allow this."""


class NotFoundError(ClientResponseError):
    """Status 404."""


class ConflictError(ClientResponseError):
    """Status 409."""


class UnprocessableEntityError(ClientResponseError):
    """Status 422."""


class RateLimitError(ClientResponseError):
    """Status 429: too many requests."""

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as `Retry-After` states them, `None` when it does not."""
        from ._retry import retry_after

        return retry_after(self.response.headers)


class ServerError(HTTPError):
    """A 5xx status: the server was at fault."""


class ConnectionError(ClientError, builtins.ConnectionError):  # noqa: A001
    """The request could not be sent, or the connection broke before the answer was complete."""


class TLSError(ConnectionError):
    """The secure connection was refused: certificate, protocol version or handshake."""


class ProxyError(ConnectionError):
    """The proxy refused or failed."""


class TimeoutError(ClientError, builtins.TimeoutError):  # noqa: A001
    """Something took longer than allowed."""


class ConnectTimeoutError(TimeoutError):
    """No connection within `connect` seconds."""


class ReadTimeoutError(TimeoutError):
    """The server sent nothing for `read` seconds."""


class WriteTimeoutError(TimeoutError):
    """The server took nothing for `write` seconds."""


class PoolTimeoutError(TimeoutError):
    """No connection of the pool became free within `pool` seconds."""


class TotalTimeoutError(TimeoutError):
    """The call as a whole, retries included, took longer than `total` seconds."""


class ResponseError(ClientError):
    """The answer arrived but cannot be used.

    Attributes:
        response: The answer, with what arrived of its body.
    """

    def __init__(self, message: str, *, response: Response | None = None) -> None:
        super().__init__(message)
        self.response = response
        self.request = response.request if response is not None else None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})


class DecodeError(ResponseError):
    """The body is not what its headers say: bad JSON, bad compression."""


class ResponseTooLargeError(ResponseError):
    """The decoded body is larger than `max_response_bytes`."""


class TruncatedResponseError(ResponseError):
    """The body ended early; what arrived is in `response.content`."""


class ValidationError(ClientError, ValueError):
    """Data does not fit its model."""

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[dict[str, object]] = (),
        response: Response | None = None,
    ) -> None:
        super().__init__(message)
        self._errors = tuple(errors)
        self.response = response
        self.request = response.request if response is not None else None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})

    def errors(self) -> list[dict[str, object]]:
        """One entry a field, with `loc`, `msg` and `type`."""
        return [dict(error) for error in self._errors]


class CircuitOpenError(ClientError):
    """The circuit breaker refuses calls until the server has recovered."""


class ConfigurationError(ClientError, ValueError):
    """The client or the call is set up in a way that cannot work."""


def status_error_class(status: int) -> type[HTTPError]:
    """The class of error that a status code is raised as."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return ClientResponseError
    return ServerError if 500 <= status < 600 else HTTPError


_BY_STATUS: dict[int, type[HTTPError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def _rebuild(
    cls: type[ClientError], args: tuple[object, ...], state: dict[str, object]
) -> ClientError:
    # Keyword-only constructors are beyond what exceptions pickle by themselves.
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error
