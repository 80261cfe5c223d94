"""Everything that a call can raise.

```
ClientError
├── HTTPError: ClientResponseError (4xx), ServerError (5xx)
├── ConnectionError: TLSError, ProxyError
├── TimeoutError: ConnectTimeoutError, ReadTimeoutError, WriteTimeoutError, ...
├── ResponseError: DecodeError, ResponseTooLargeError, StreamError, TruncatedResponseError
├── ValidationError
├── CircuitOpenError
├── WebhookVerificationError
└── ConfigurationError
```
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._headers import Headers
    from ._policies.retry import Attempt
    from ._request import Request
    from ._response import Response


class ClientError(Exception):
    """The base of everything that a call raises.

    Attributes:
        request: The request that failed, when there was one.
        attempts: What was tried, in order; empty when nothing was sent.

    Example:
        >>> try:
        ...     client.get("/down")
        ... except ClientError as error:
        ...     print(error)
        GET https://api.example.com/down: no connection: refused
    """

    request: Request | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def message(self) -> str:
        """What went wrong, in words.

        Example:
            >>> ConfigurationError("there is no base URL").message
            'there is no base URL'
        """
        return str(self.args[0]) if self.args else ""


class HTTPError(ClientError):
    """The server answered with an error status.

    Attributes:
        response: The whole answer.
        body: The model that the API declares for this status, else the JSON value, else the text.

    Args:
        message: What went wrong.
        response: The whole answer.
        body: What becomes `body`.

    Example:
        >>> try:
        ...     client.get("/pets/99")
        ... except HTTPError as error:
        ...     print(error.status_code, error.body)
        404 {'message': 'no pet 99'}
    """

    def __init__(self, message: str, *, response: Response, body: object = None) -> None:
        super().__init__(message)
        self.response: Response = response
        self.body: object = body
        self.request: Request | None = response.request

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})

    @property
    def status_code(self) -> int:
        """The status code, such as 404.

        Example:
            >>> try:
            ...     client.get("/pets/99")
            ... except HTTPError as error:
            ...     print(error.status_code)
            404
        """
        return self.response.status_code

    @property
    def headers(self) -> Headers:
        """The response's headers.

        Example:
            >>> try:
            ...     client.get("/pets/99")
            ... except HTTPError as error:
            ...     print(error.headers["Content-Type"])
            application/json
        """
        return self.response.headers

    @property
    def request_id(self) -> str | None:
        """The id under which the server, or else this client, knows the call.

        Example:
            >>> try:
            ...     client.get("/pets/99")
            ... except HTTPError as error:
            ...     print(error.request_id)
            req-99
        """
        return self.response.request_id


class ClientResponseError(HTTPError):
    """A 4xx status: the request was at fault.

    Example:
        >>> try:
        ...     client.get("/pets/6")
        ... except ClientResponseError as error:
        ...     print(error)
        GET https://api.example.com/pets/6: 410 Gone: Ben has moved
    """


class BadRequestError(ClientResponseError):
    """Status 400: the server does not understand the request (RFC 9110 section 15.5.1).

    Example:
        >>> try:
        ...     client.get("/search")
        ... except BadRequestError as error:
        ...     print(error)
        GET https://api.example.com/search: 400 Bad Request: q is missing
    """


class AuthenticationError(ClientResponseError):
    """Status 401: the credentials are missing or wrong (RFC 9110 section 15.5.2).

    Example:
        >>> try:
        ...     client.get("/vets", auth=None)
        ... except AuthenticationError as error:
        ...     print(error.body)
        {'message': 'who are you?'}
    """


class ForbiddenError(ClientResponseError):
    """Status 403: the credentials do not allow this (RFC 9110 section 15.5.4).

    Example:
        >>> try:
        ...     client.delete("/pets/8")
        ... except ForbiddenError as error:
        ...     print(error.body)
        {'message': 'Tom is not yours'}
    """


class NotFoundError(ClientResponseError):
    """Status 404: there is no such thing (RFC 9110 section 15.5.5).

    Example:
        >>> try:
        ...     client.get("/pets/99")
        ... except NotFoundError as error:
        ...     print(error)
        GET https://api.example.com/pets/99: 404 Not Found: no pet 99
    """


class ConflictError(ClientResponseError):
    """Status 409: the request is at odds with what is there (RFC 9110 section 15.5.10).

    Example:
        >>> try:
        ...     client.put("/pets/8", json={"name": "Tim"})
        ... except ConflictError as error:
        ...     print(error.body)
        {'message': 'Tom has changed'}
    """


class UnprocessableEntityError(ClientResponseError):
    """Status 422: the request reads well, but cannot be done (RFC 9110 section 15.5.21).

    Example:
        >>> try:
        ...     client.post("/visits", json={})
        ... except UnprocessableEntityError as error:
        ...     print(error.body)
        {'message': 'day is missing'}
    """


class RateLimitError(ClientResponseError):
    """Status 429: too many requests (RFC 6585 section 4).

    Example:
        >>> try:
        ...     client.get("/reports")
        ... except RateLimitError as error:
        ...     print(error.retry_after)
        5.0
    """

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as `Retry-After` states them, `None` when it does not.

        Example:
            >>> try:
            ...     client.get("/reports")
            ... except RateLimitError as error:
            ...     print(error.retry_after)
            5.0
        """
        from ._policies.retry import retry_after

        return retry_after(self.response.headers)


class ServerError(HTTPError):
    """A 5xx status: the server was at fault.

    Example:
        >>> try:
        ...     client.post("/reports")
        ... except ServerError as error:
        ...     print(error)
        POST https://api.example.com/reports: 503 Service Unavailable: tidying up
    """


class ConnectionError(ClientError, builtins.ConnectionError):  # noqa: A001
    """The request could not be sent, or the connection broke before the answer was complete.

    Example:
        >>> try:
        ...     client.get("/down")
        ... except ConnectionError as error:
        ...     print(error)
        GET https://api.example.com/down: no connection: refused
    """


class TLSError(ConnectionError):
    """The secure connection was refused: certificate, protocol version or handshake.

    Example:
        >>> try:
        ...     client.get("/expired")
        ... except TLSError as error:
        ...     print(error.request.url)
        https://api.example.com/expired
    """


class ProxyError(ConnectionError):
    """The proxy refused or failed.

    Example:
        >>> try:
        ...     client.get("/behind-proxy")
        ... except ProxyError as error:
        ...     print(error)
        GET ...: the proxy failed: 407 Proxy Authentication Required
    """


class TimeoutError(ClientError, builtins.TimeoutError):  # noqa: A001
    """Something took longer than allowed.

    Example:
        >>> try:
        ...     client.get("/slow", timeout=2)
        ... except TimeoutError as error:
        ...     print(type(error).__name__)
        ReadTimeoutError
    """


class ConnectTimeoutError(TimeoutError):
    """No connection within `connect` seconds.

    Example:
        >>> try:
        ...     client.get("/far", timeout=TimeoutConfig(connect=2))
        ... except ConnectTimeoutError as error:
        ...     print(error)
        GET https://api.example.com/far: no connection in time
    """


class ReadTimeoutError(TimeoutError):
    """The server sent nothing for `read` seconds.

    Example:
        >>> try:
        ...     client.get("/slow", timeout=TimeoutConfig(read=2))
        ... except ReadTimeoutError as error:
        ...     print(error)
        GET https://api.example.com/slow: the server sent nothing in time
    """


class WriteTimeoutError(TimeoutError):
    """The server took nothing for `write` seconds.

    Example:
        >>> try:
        ...     client.post("/slow", content=b"...")
        ... except WriteTimeoutError as error:
        ...     print(error)
        POST https://api.example.com/slow: the server took nothing in time
    """


class PoolTimeoutError(TimeoutError):
    """No connection of the pool became free within `pool` seconds.

    Example:
        >>> try:
        ...     client.get("/crowded")
        ... except PoolTimeoutError as error:
        ...     print(error)
        GET https://api.example.com/crowded: no connection of the pool became free in time
    """


class TotalTimeoutError(TimeoutError):
    """The call as a whole, retries included, took longer than `total` seconds.

    Example:
        >>> try:
        ...     client.get("/pets", timeout=TimeoutConfig(total=0))
        ... except TotalTimeoutError as error:
        ...     print(error)
        GET https://api.example.com/pets: not done within the total timeout
    """


class ResponseError(ClientError):
    """The answer arrived but cannot be used.

    Attributes:
        response: The answer, with what arrived of its body; `None` when there is none to show.

    Args:
        message: What went wrong.
        response: The answer, when there is one.

    Example:
        >>> try:
        ...     client.get("/moved")
        ... except ResponseError as error:
        ...     print(error)
        GET https://api.example.com/moved: redirect not followed: it leads from https to http
    """

    def __init__(self, message: str, *, response: Response | None = None) -> None:
        super().__init__(message)
        self.response: Response | None = response
        self.request: Request | None = response.request if response is not None else None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})


class OperationFailedError(ResponseError):
    """An operation that `poll` waited for has failed, or was cancelled; `response` tells why.

    Example:
        >>> try:
        ...     client.poll("/jobs/8")
        ... except OperationFailedError as error:
        ...     print(error)
        GET https://api.example.com/jobs/8: the operation is 'failed': out of ink
    """


class DecodeError(ResponseError):
    """The body is not what its headers say: bad JSON, bad compression.

    Example:
        >>> try:
        ...     client.get("/broken").json()
        ... except DecodeError as error:
        ...     print(error.response.text)
        {"id": 7,
    """


class ResponseTooLargeError(ResponseError):
    """The decoded body is larger than `max_response_bytes`.

    Example:
        >>> try:
        ...     client.with_options(max_response_bytes=10).get("/pets")
        ... except ResponseTooLargeError as error:
        ...     print(error)
        GET ...: the body cannot be used: it is larger than max_response_bytes=10
    """


class StreamError(ResponseError):
    """The server told of an error in the middle of a stream.

    Attributes:
        body: What it told: the declared model, else the JSON value, else the text.

    Args:
        message: What went wrong.
        response: The answer, when there is one.
        body: What becomes `body`.

    Example:
        >>> try:
        ...     for pet in client.pets.watch():
        ...         print(pet.name)
        ... except StreamError as error:
        ...     print(error.body)
        Ada
        {'message': 'overloaded'}
    """

    def __init__(
        self, message: str, *, response: Response | None = None, body: object = None
    ) -> None:
        super().__init__(message, response=response)
        self.body: object = body


class TruncatedResponseError(ResponseError):
    """The body ended early; what arrived is in `response.content`.

    Example:
        >>> try:
        ...     client.get("/cut")
        ... except TruncatedResponseError as error:
        ...     print(error.response.status_code)
        200
    """


class ValidationError(ClientError, ValueError):
    """Data does not fit its model.

    Args:
        message: What went wrong.
        errors: One entry a field.
        response: The answer, when it was one that did not fit.

    Example:
        >>> try:
        ...     client.get("/pets/7", response_model=list[Pet], validation="strict")
        ... except ValidationError as error:
        ...     print(error)
        GET ...: the answer does not fit list[Pet]: the value: Input should be a valid array
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[dict[str, object]] = (),
        response: Response | None = None,
    ) -> None:
        super().__init__(message)
        self._errors = tuple(errors)
        self.response: Response | None = response
        self.request: Request | None = response.request if response is not None else None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})

    def errors(self) -> list[dict[str, object]]:
        """One entry a field, with `loc`, `msg` and `type`.

        Example:
            >>> try:
            ...     client.get("/pets", response_model=list[int], validation="strict")
            ... except ValidationError as error:
            ...     print(error.errors()[0]["loc"], error.errors()[0]["type"])
            (0,) int_type
        """
        return [dict(error) for error in self._errors]


class CircuitOpenError(ClientError):
    """The circuit breaker refuses calls until the server has recovered.

    Attributes:
        retry_after: Seconds until it lets one through; 0 while it waits for what became of one.

    Example:
        >>> careful = client.with_options(circuit_breaker=CircuitBreaker(consecutive_failures=1))
        >>> for _ in range(2):
        ...     try:
        ...         careful.get("/down")
        ...     except CircuitOpenError as error:
        ...         print(error.retry_after > 4)
        ...     except ClientError:
        ...         pass
        True
    """

    retry_after: float = 0.0


class LoginFailedError(ClientError):
    """A user was to log in, and did not.

    Attributes:
        reason: The server's code for it, such as `access_denied` (RFC 6749 section 4.1.2.1) or
            `expired_token` (RFC 8628 section 3.5); `None` when it said nothing.

    Example:
        >>> try:
        ...     raise LoginFailedError("nobody logged in within 300 seconds")
        ... except LoginFailedError as error:
        ...     print(error.reason)
        None
    """

    reason: str | None = None


class WebhookVerificationError(ClientError, ValueError):
    """A request that claims to be a webhook was not signed by the API, or not now.

    Example:
        >>> from clientgen_runtime import Webhooks
        >>> try:
        ...     Webhooks(lambda: Pet, secret="whsec_c2VjcmV0").unwrap("{}", {})
        ... except WebhookVerificationError as error:
        ...     print(error)
        the request has no webhook-id
    """


class ConfigurationError(ClientError, ValueError):
    """The client or the call is set up in a way that cannot work.

    Example:
        >>> try:
        ...     Client("ftp://example.com")
        ... except ConfigurationError as error:
        ...     print(error)
        a URL begins with http:// or https:// and has a host
    """


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
