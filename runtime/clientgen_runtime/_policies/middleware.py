"""What users put around a call, its attempts, and what they send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from .._errors import ConfigurationError
from .._flow import Flow, Handle
from .._narrow import is_list, is_tuple
from .._request import Request
from .._response import Response

CallNext: TypeAlias = Callable[[Request], Response]
"""Sends a request through the rest of the call; errors of the connection are raised.

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

    It is called within the retries, and around redirects and credentials, unless `AroundCall` or
    `AroundSend` puts it elsewhere. Functions with the arguments of `handle` will do, too.

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


Around: TypeAlias = (
    Middleware
    | AsyncMiddleware
    | Callable[[Request, CallNext], Response]
    | Callable[[Request, AsyncCallNext], Awaitable[Response]]
)


@dataclass(frozen=True)
class AroundCall:
    """Has a middleware handle the call as a whole: once, around all its attempts.

    It sees the response or the error that the retries have settled on, and may make the whole call
    again. Time that it takes counts towards the total timeout.

    Attributes:
        middleware: What handles the call.

    Example:
        >>> def note(request: Request, call_next: CallNext) -> Response:
        ...     response = call_next(request)
        ...     print(request.method, response.status_code, len(response.attempts), "failed")
        ...     return response
        >>> client.get("/pets", middleware=[AroundCall(note)]).status_code
        GET 200 0 failed
        200
    """

    middleware: Around


@dataclass(frozen=True)
class AroundSend:
    """Has a middleware handle each request as it goes to the server.

    It is called last, for each attempt and each redirect anew, with all that is sent: credentials,
    cookies, and what hooks and other middleware have added. That is what a signature needs. API
    keys that go into the query are in `request.secret_query`, not in the URL.

    Attributes:
        middleware: What handles the request; it may not send it to another origin.

    Example:
        >>> def sign(request: Request, call_next: CallNext) -> Response:
        ...     signed = request.headers["Authorization"] + request.url
        ...     request.headers["X-Signature"] = str(len(signed))
        ...     return call_next(request)
        >>> signing = client.with_options(auth=("bearer", "t-1"), middleware=[AroundSend(sign)])
        >>> signing.get("/pets").request.headers["X-Signature"]
        '38'
    """

    middleware: Around


MiddlewareArgument: TypeAlias = Around | AroundCall | AroundSend
Handler: TypeAlias = Callable[[Request, Callable[[Request], Any]], Any]


class Stack:
    """Middleware by where it stands, the outermost first.

    Attributes:
        call: What is around the call.
        attempt: What is around each attempt.
        send: What is around each request that is sent.
    """

    __slots__ = ("attempt", "call", "send")

    def __init__(self, given: list[object] | tuple[object, ...]) -> None:
        self.call: tuple[Handler, ...] = tuple(
            _handler(one.middleware) for one in given if isinstance(one, AroundCall)
        )
        self.send: tuple[Handler, ...] = tuple(
            _handler(one.middleware) for one in given if isinstance(one, AroundSend)
        )
        self.attempt: tuple[Handler, ...] = tuple(
            _handler(one) for one in given if not isinstance(one, (AroundCall, AroundSend))
        )

    def around(
        self,
        handlers: tuple[Handler, ...],
        request: Request,
        inner: Callable[[Request], Flow[Response]],
    ) -> Handle:
        """Has these handle a request, each around the next and the last around `inner`."""
        first, rest = handlers[0], handlers[1:]
        if not rest:
            return Handle(first, request, inner)

        def following(given: Request) -> Flow[Response]:
            handle = self.around(rest, given, inner)
            return handle.checked((yield handle))

        return Handle(first, request, following)


def stack_of(given: object) -> Stack | None:
    """What `middleware=` means.

    Raises:
        ConfigurationError: It is no list or tuple, or something in it handles no request.
    """
    if not (is_list(given) or is_tuple(given)):
        raise ConfigurationError(f"middleware= takes a list of middleware, not {given!r}")
    return Stack(given) if given else None


def _handler(one: object) -> Handler:
    # Whoever gives a class has forgotten to make an object of it.
    handle = None if isinstance(one, type) else getattr(one, "handle", one)
    if not callable(handle):
        raise ConfigurationError(
            f"middleware= takes objects with handle(request, call_next), or functions, not {one!r}"
        )
    return handle
