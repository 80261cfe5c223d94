"""What users put around each attempt of a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from ._errors import ConfigurationError
from ._flow import Flow, Handle
from ._narrow import is_list, is_tuple
from ._request import Request
from ._response import Response

CallNext: TypeAlias = Callable[[Request], Response]
"""Sends a request through the rest of the attempt; errors of the connection are raised.

Example:
    >>> def add_tenant(request: Request, call_next: CallNext) -> Response:
    ...     request.headers["X-Tenant"] = "acme"
    ...     return call_next(request)
    >>> client.get("/pets", middleware=[add_tenant]).request.headers["X-Tenant"]
    'acme'
"""

AsyncCallNext: TypeAlias = Callable[[Request], Awaitable[Response]]
"""`CallNext` of an `AsyncClient`.

Example:
    >>> async def add_tenant(request: Request, call_next: AsyncCallNext) -> Response:
    ...     request.headers["X-Tenant"] = "acme"
    ...     return await call_next(request)
    >>> (await aclient.get("/pets", middleware=[add_tenant])).request.headers["X-Tenant"]
    'acme'
"""


class Middleware(Protocol):
    """Handles each attempt of a call: may change, answer, repeat or refuse it.

    It is called within the retries, and around redirects and credentials. Functions with the
    arguments of `handle` will do, too.

    Example:
        >>> class Tenant:
        ...     def __init__(self, name: str) -> None:
        ...         self.name = name
        ...
        ...     def handle(self, request: Request, call_next: CallNext) -> Response:
        ...         request.headers["X-Tenant"] = self.name
        ...         return call_next(request)
        >>> tenant: Middleware = Tenant("acme")
        >>> client.with_options(middleware=[tenant]).get("/pets").request.headers["X-Tenant"]
        'acme'
    """

    def handle(self, request: Request, call_next: CallNext, /) -> Response:
        """The response to a request.

        Args:
            request: A copy for this attempt, without credentials; it may be changed.
            call_next: Gives the request to the next middleware, and at last to the server. It
                returns responses of every status, and raises `ClientError` where there is none.

        Returns:
            What the caller gets, or the retries judge.

        Raises:
            ClientError: The attempt has failed; retried if it is an error that passes.

        Example:
            >>> class Offline:
            ...     def handle(self, request: Request, call_next: CallNext) -> Response:
            ...         return Response(200, Headers(), b"[]", request)
            >>> client.get("/pets", middleware=[Offline()]).json()
            []
        """
        ...


class AsyncMiddleware(Protocol):
    """`Middleware` of an `AsyncClient`.

    Example:
        >>> class Tenant:
        ...     async def handle(self, request: Request, call_next: AsyncCallNext) -> Response:
        ...         request.headers["X-Tenant"] = "acme"
        ...         return await call_next(request)
        >>> tenant: AsyncMiddleware = Tenant()
        >>> (await aclient.get("/pets", middleware=[tenant])).request.headers["X-Tenant"]
        'acme'
    """

    async def handle(self, request: Request, call_next: AsyncCallNext, /) -> Response:
        """The response to a request; see `Middleware.handle`.

        Args:
            request: A copy for this attempt, without credentials; it may be changed.
            call_next: Gives the request to the next middleware, and at last to the server.

        Returns:
            What the caller gets, or the retries judge.

        Raises:
            ClientError: The attempt has failed; retried if it is an error that passes.

        Example:
            >>> class Offline:
            ...     async def handle(self, request: Request, call_next: AsyncCallNext) -> Response:
            ...         return Response(200, Headers(), b"[]", request)
            >>> (await aclient.get("/pets", middleware=[Offline()])).json()
            []
        """
        ...


MiddlewareArgument: TypeAlias = (
    Middleware
    | AsyncMiddleware
    | Callable[[Request, CallNext], Response]
    | Callable[[Request, AsyncCallNext], Awaitable[Response]]
)
Handler: TypeAlias = Callable[[Request, Callable[[Request], Any]], Any]


def handlers_of(given: object) -> tuple[Handler, ...]:
    """What `middleware=` means, the outermost first.

    Raises:
        ConfigurationError: It is no list or tuple, or something in it handles no request.
    """
    if not (is_list(given) or is_tuple(given)):
        raise ConfigurationError(f"middleware= takes a list of middleware, not {given!r}")
    return tuple(map(_handler, given))


def _handler(one: object) -> Handler:
    # Whoever gives a class has forgotten to make an object of it.
    handle = None if isinstance(one, type) else getattr(one, "handle", one)
    if not callable(handle):
        raise ConfigurationError(
            f"middleware= takes objects with handle(request, call_next), or functions, not {one!r}"
        )
    return handle


def through(
    handlers: Sequence[Handler], request: Request, inner: Callable[[Request], Flow[Response]]
) -> Flow[Response]:
    """What these handlers make of a request, each around the next and the last around `inner`."""
    if not handlers:
        return (yield from inner(request))
    first, rest = handlers[0], handlers[1:]
    response = yield Handle(first, request, lambda given: through(rest, given, inner))
    if not isinstance(response, Response):
        raise ConfigurationError(
            f"the middleware {_name(first)} must return a Response, not {type(response).__name__}"
        )
    return response


def _name(handler: Handler) -> str:
    return getattr(handler, "__qualname__", repr(handler))
