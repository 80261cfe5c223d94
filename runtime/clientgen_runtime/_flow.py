"""What to do next during a call, decided without doing any I/O.

A flow is a generator that yields commands. Whoever drives it performs each and resumes it with
the outcome, so the rules exist once: `Client` and `AsyncClient` differ in how they perform.

The layers, from the outside: the call with its deadline; middleware around it; its attempts; the
rate limiter, the circuit breaker and the middleware around each; an attempt with its redirects; an
exchange with its credentials and hooks; middleware around what is sent; one request sent.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from ._auth import Answering, add_cookies
from ._errors import (
    CircuitOpenError,
    ClientError,
    ConfigurationError,
    ResponseError,
    TotalTimeoutError,
)
from ._failures import client_error
from ._headers import tells_end
from ._policies.redirects import redirected
from ._policies.retry import Attempt, Retries, is_transient, may_send_again
from ._response import Response, describe
from ._servers import origin_of
from ._timeout import deadline_of

if TYPE_CHECKING:
    from ._auth import Auth
    from ._call import Call
    from ._policies.limiter import RateLimiter, Turn
    from ._policies.middleware import Handler, Stack
    from ._request import Request
    from ._tokens import TokenAuth

T = TypeVar("T")


class Send:
    """Send a request, then resume the flow with its response (or throw the error in).

    The body of a stream is left to be read, unless its status shows that nobody will.
    """

    __slots__ = (
        "deadline",
        "extensions",
        "is_stream",
        "max_response_bytes",
        "proxies",
        "request",
        "timeout",
    )

    def __init__(self, call: Call[Any], request: Request, deadline: float | None) -> None:
        self.request = request
        self.timeout = call.timeout
        self.max_response_bytes = call.max_response_bytes
        self.proxies = call.proxies
        self.extensions = call.extensions
        self.is_stream = call.is_stream
        self.deadline = deadline


class Sleep:
    """Wait, then resume the flow."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Tell:
    """Call a hook, which may be a coroutine function, then resume the flow."""

    __slots__ = ("hook", "subject")

    def __init__(self, hook: Callable[[Any], object], subject: Request | Response) -> None:
        self.hook = hook
        self.subject = subject


class Handle:
    """Call a middleware with what runs the rest of the call, then resume with its response."""

    __slots__ = ("handler", "inner", "request")

    def __init__(
        self, handler: Handler, request: Request, inner: Callable[[Request], Flow[Response]]
    ) -> None:
        self.handler: Handler = handler
        self.request: Request = request
        self.inner: Callable[[Request], Flow[Response]] = inner

    def checked(self, response: object) -> Response:
        """What the middleware returned.

        Raises:
            ConfigurationError: It is no response.
        """
        if isinstance(response, Response):
            return response
        name = getattr(self.handler, "__qualname__", repr(self.handler))
        raise ConfigurationError(
            f"the middleware {name} must return a Response, not {type(response).__name__}"
        )


class Renew:
    """Get a new token in place of one that was refused or is about to end, then resume."""

    __slots__ = ("auth", "deadline", "refused")

    def __init__(self, auth: TokenAuth, refused: str | None, deadline: float | None) -> None:
        self.auth = auth
        self.refused = refused
        self.deadline = deadline


class Do:
    """Have something done that waits in a way of its own, then resume the flow."""

    __slots__ = ()

    def run(self, client: Any) -> None:
        """Do it for a `Client`."""
        raise NotImplementedError

    async def arun(self, client: Any) -> None:
        """Do it for an `AsyncClient`."""
        raise NotImplementedError


Command: TypeAlias = Do | Send | Sleep | Tell | Handle | Renew
Flow: TypeAlias = Generator[Command, "Response | None", T]


def run_call(call: Call[T]) -> Flow[T]:
    """The whole of a call, from its first attempt to its typed result."""
    deadline = deadline_of(call.timeout)
    if call.watchers is not None:
        from ._telemetry.watch import watched

        return (yield from watched(call, _answer(call, deadline), _result))
    response = yield from _answer(call, deadline)
    return _result(call, response)


def _answer(call: Call[Any], deadline: float | None) -> Flow[Response]:
    """The last answer of a call, whatever its status."""
    if call.middleware is not None and call.middleware.call:
        return _around_call(call, call.middleware, deadline)
    return _attempts(call, call.request, deadline)


def _result(call: Call[T], response: Response) -> T:
    error = call.status_error(response)
    if error is not None:
        raise error
    return call.read(response)


def _around_call(call: Call[Any], middleware: Stack, deadline: float | None) -> Flow[Response]:
    """The attempts of a call, as the middleware around it makes of them."""

    def attempts(request: Request) -> Flow[Response]:
        return _attempts(call, request, deadline)

    handle = middleware.around(middleware.call, call.request.copy(), attempts)
    response = handle.checked((yield handle))
    _give_rules(call, response)
    return response


def _attempts(call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
    retries: Retries | None = None
    history: list[Attempt] = []
    begun = time.perf_counter()
    while True:
        started = time.perf_counter()
        if call.limiter is not None or call.breaker is not None:
            outcome = yield from _in_turn(call, request, deadline)
        else:
            outcome = yield from _handled(call, request, deadline)
        if isinstance(outcome, Response) and outcome.status_code < 400:
            call.budget.refill()
            return outcome
        wait = None
        if _may_retry(call, request, outcome):
            assert call.retry is not None
            spent = time.perf_counter() - begun
            retries = retries or Retries(call.retry, deadline, spent)
            wait = retries.wait_after(outcome)
        if wait is not None and not call.budget.take():
            wait = None
        history.append(_attempt_record(len(history) + 1, started, outcome, wait))
        if wait is None:
            return _last(call, outcome, history)
        from ._telemetry.log import log_retry

        log_retry(call.log, call.request, outcome, len(history), wait)
        if call.watches:
            from ._telemetry.watch import Retrying, tell

            tell(call, Retrying(outcome, wait))
        yield Sleep(wait)


def _may_retry(call: Call[Any], request: Request, outcome: Response | ClientError) -> bool:
    config = call.retry
    return (
        config is not None
        and is_transient(config, outcome)
        and may_send_again(config, request, call.idempotency.header)
    )


def _last(call: Call[Any], outcome: Response | ClientError, history: list[Attempt]) -> Response:
    outcome.attempts = tuple(history)
    if isinstance(outcome, Response):
        return outcome
    from ._telemetry.log import log_failure

    log_failure(call.log, call.request, outcome)
    raise outcome


def _attempt_record(
    number: int, started: float, outcome: Response | ClientError, wait: float | None
) -> Attempt:
    elapsed = time.perf_counter() - started
    if isinstance(outcome, Response):
        return Attempt(number, elapsed, status=outcome.status_code, wait=wait or 0.0)
    return Attempt(number, elapsed, error=str(outcome), wait=wait or 0.0)


def _in_turn(
    call: Call[Any], request: Request, deadline: float | None
) -> Flow[Response | ClientError]:
    """One attempt, when rate limiter and circuit breaker let it through.

    Both in one generator, since each costs every call something.
    """
    limiter, breaker = call.limiter, call.breaker
    turn = ticket = None
    try:
        if limiter is not None:
            if breaker is not None and breaker._in_trouble:
                breaker._check(request, call.template)
            if limiter._shared is None:
                turn = limiter._reserve(request, deadline, call.template)
            else:
                from ._policies.redis_sharing import reserve

                sharing = limiter._shared
                turn = yield from reserve(limiter, sharing, request, deadline, call.template)
            if turn.wait > 0:
                turn = yield from _waited_for(call, limiter, turn, deadline)
        if breaker is not None:
            if breaker.shared is None:
                ticket = breaker._enter(request, call.template)
            else:
                from ._policies.redis_sharing import enter

                ticket = yield from enter(breaker, breaker.shared, request, call.template)
    except (TotalTimeoutError, CircuitOpenError) as error:
        if call.watches and isinstance(error, CircuitOpenError):
            from ._telemetry.watch import Refused, tell

            tell(call, Refused())
        error.request = request
        if call.cache is not None and isinstance(error, CircuitOpenError):
            return (yield from _without_server(call, request, deadline, error))
        return error
    call.is_silent = False
    try:
        outcome = yield from _handled(call, request, deadline)
    except BaseException:
        # The call was cancelled, say; if it was a probe, another must be let through.
        if breaker is not None and ticket is not None:
            breaker._leave(ticket, None)
        raise
    # What an answer stands in for tells of the server, and not that answer.
    told = None if call.is_silent else outcome if call.failure is None else call.failure
    if breaker is not None and ticket is not None:
        if told is None or breaker.shared is None:
            breaker._leave(ticket, told)
        else:
            from ._policies.redis_sharing import leave

            yield from leave(breaker, breaker.shared, ticket, told)
    if limiter is not None and turn is not None and told is not None:
        limiter._learn(turn, told)
    return outcome


def _without_server(
    call: Call[Any], request: Request, deadline: float | None, error: CircuitOpenError
) -> Flow[Response | ClientError]:
    """One attempt that what is stored may answer, and nothing else."""
    call.refusal = error
    try:
        return (yield from _handled(call, request, deadline))
    finally:
        call.refusal = None


def _waited_for(
    call: Call[Any], limiter: RateLimiter, turn: Turn, deadline: float | None
) -> Flow[Turn]:
    """A turn that has come."""
    while turn.wait > 0:
        if call.watches:
            from ._telemetry.watch import Limited, tell

            tell(call, Limited(turn.wait))
        try:
            yield Sleep(turn.wait)
        except BaseException:
            # The call was cancelled, so its turn is for others.
            limiter._give_back(turn)
            raise
        if limiter._shared is None:
            turn = limiter._again(turn, deadline)
        else:
            from ._policies.redis_sharing import reserve_again

            turn = yield from reserve_again(limiter, limiter._shared, turn, deadline)
    return turn


def _handled(
    call: Call[Any], request: Request, deadline: float | None
) -> Flow[Response | ClientError]:
    if call.middleware is not None and call.middleware.attempt:
        return _around_attempt(call, call.middleware, request, deadline)
    return _attempt(call, request, deadline)


def _around_attempt(
    call: Call[Any], middleware: Stack, request: Request, deadline: float | None
) -> Flow[Response | ClientError]:
    """One attempt, as the middleware around it makes of it."""

    def attempt(request: Request) -> Flow[Response]:
        outcome = yield from _attempt(call, request, deadline)
        if isinstance(outcome, ClientError):
            raise outcome
        return outcome

    try:
        # A copy, since the next attempt starts from what the call says.
        handle = middleware.around(middleware.attempt, request.copy(), attempt)
        response = handle.checked((yield handle))
    except ClientError as error:
        return error
    _give_rules(call, response)
    return response


def _attempt(
    call: Call[Any], request: Request, deadline: float | None
) -> Flow[Response | ClientError]:
    """One attempt; errors are returned, since they are data for what comes next."""
    try:
        response = yield from _exchange(call, request, deadline)
        history: list[Response] = []
        while (following := redirected(call.redirects, response, request)) is not None:
            assert call.redirects is not None
            if len(history) >= call.redirects.max_redirects:
                raise ResponseError(
                    f"{describe(request)}: more than {call.redirects.max_redirects} redirects",
                    response=response,
                )
            history.append(response)
            request = following
            response = yield from _exchange(call, request, deadline)
        response.history = tuple(history)
    except ClientError as error:
        if error.request is None and not isinstance(error, ConfigurationError):
            error.request = request
        return error
    return response


def _exchange(call: Call[Any], base: Request, deadline: float | None) -> Flow[Response]:
    """One request with its credentials, and once more when those can be mended."""
    auth = call.auth
    if auth and base is not call.request and origin_of(base.url) != origin_of(call.request.url):
        auth = ()
    for handler in auth:
        if getattr(handler, "is_due", False):
            yield from _renewed(call, cast("TokenAuth", handler), None, deadline)
    # Only what may be changed is copied, so that a call that waits holds less.
    request = base.copy() if auth or call.hooks.request or call.session is not None else base
    for handler in auth:
        _authenticate(handler, request)
    response = yield from _send(call, request, deadline)
    if response.status_code == 401 and auth and base.payload.can_be_sent:
        mended = yield from _mended(call, base, response, deadline)
        if mended is not None:
            return (yield from _send(call, mended, deadline))
    return response


def _mended(
    call: Call[Any], base: Request, response: Response, deadline: float | None
) -> Flow[Request | None]:
    """The request with fresh credentials, `None` when no handler has any."""
    request = base.copy()
    has_news = False
    for handler in call.auth:
        if hasattr(handler, "renew"):
            renewing = cast("TokenAuth", handler)
            # The one that was sent: another call may have renewed it meanwhile.
            scheme, _, sent = response.request.headers.get("Authorization", "").partition(" ")
            refused = sent if scheme == "Bearer" else renewing.token
            yield from _renewed(call, renewing, refused, deadline)
            has_news = True
        has_news = _authenticate(handler, request, response) or has_news
    return request if has_news else None


def _authenticate(handler: Auth, request: Request, challenge: Response | None = None) -> bool:
    """Put credentials on a request; whether they answer the challenge of a 401."""
    known = request.headers._items.copy()
    handler.apply(request)
    has_answer = False
    if challenge is not None and isinstance(handler, Answering):
        fields = challenge.headers.multi_items()
        has_answer = handler.answer(request, challenge.status_code, fields)
    # Logs and errors tell by these names what nobody may see.
    news = [item[0] for item in request.headers._items if item not in known]
    request.secret_headers = (*request.secret_headers, *news)
    return has_answer


def _renewed(
    call: Call[Any], handler: TokenAuth, refused: str | None, deadline: float | None
) -> Flow[None]:
    # Should it fail, that says nothing of the server that the call is for.
    call.is_silent = True
    yield Renew(handler, refused, deadline)


def _send(call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
    """One request, with cookies, hooks and what is around its sending."""
    if call.session is not None:
        add_cookies(request, call.session.pieces(request.url))
    if call.middleware is not None and call.middleware.send:
        return _around_send(call, call.middleware, request, deadline)
    return _sent(call, request, deadline, call.hooks.request)


def _around_send(
    call: Call[Any], middleware: Stack, request: Request, deadline: float | None
) -> Flow[Response]:
    """One request as it goes to the server, as the middleware around its sending makes of it."""
    for hook in call.hooks.request:
        yield Tell(hook, request)

    def send(changed: Request) -> Flow[Response]:
        if origin_of(changed.url) != origin_of(request.url):
            # It has the credentials of the one and must not take them to the other.
            raise ConfigurationError(
                f"{describe(request)}: middleware around sending must not change the origin; "
                "put it around the attempt"
            )
        return _sent(call, changed, deadline, ())

    handle = middleware.around(middleware.send, request.copy(), send)
    response = handle.checked((yield handle))
    _give_rules(call, response)
    return response


def _sent(
    call: Call[Any],
    request: Request,
    deadline: float | None,
    hooks: tuple[Callable[[Any], object], ...],
) -> Flow[Response]:
    for hook in hooks:
        yield Tell(hook, request)
    if deadline is not None and time.monotonic() >= deadline:
        call.is_silent = True
        raise TotalTimeoutError(f"{describe(request)}: not done within the total timeout")
    from ._telemetry.log import log_request

    log_request(call.log, request)
    started = time.perf_counter()
    response: Response | None
    try:
        if call.cache is not None:
            response = yield from call.cache._through(call, request, deadline)
        elif call.watches:
            response = yield from send(call, request, deadline)
        else:
            call.is_silent = False
            response = yield Send(call, request, deadline)
    except Exception as error:
        raise client_error(error, request, deadline=deadline) from error
    assert response is not None
    response.elapsed = timedelta(seconds=time.perf_counter() - started)
    if tells_end(response.headers):
        from ._policies.sunset import warn_of_end

        warn_of_end(call, response)
    _give_rules(call, response)
    if call.session is not None:
        call.session.take(response)
    from ._telemetry.log import log_response

    log_response(call.log, response)
    for hook in call.hooks.response:
        yield Tell(hook, response)
    return response


def send(call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
    """One request that goes to the server, whoever watches being told."""
    if call.refusal is not None:
        raise call.refusal
    call.is_silent = False
    if call.watches:
        from ._telemetry.watch import watched_send

        return (yield from watched_send(call, request, deadline))
    response = yield Send(call, request, deadline)
    assert response is not None
    return response


def _give_rules(call: Call[Any], response: Response) -> None:
    """Have a response read its body as the call says."""
    response._validation = call.validation
    response._told = call.told
    response._load = call.load
