"""What to do next during a call, decided without doing any I/O.

A flow is a generator that yields commands. Whoever drives it performs each and resumes it with
the outcome, so the rules exist once: `Client` and `AsyncClient` differ in how they perform.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ._errors import ClientError, ConfigurationError, TotalTimeoutError
from ._failures import client_error
from ._response import Response, describe
from ._retry import Attempt, Retries, is_transient, may_send_again
from ._timeout import deadline_of

if TYPE_CHECKING:
    from ._call import Call
    from ._request import Request

T = TypeVar("T")


class Send:
    """Send a request, then resume the flow with its response (or throw the error in)."""

    __slots__ = ("deadline", "max_response_bytes", "proxies", "request", "timeout")

    def __init__(self, call: Call[Any], request: Request, deadline: float | None) -> None:
        self.request = request
        self.timeout = call.timeout
        self.max_response_bytes = call.max_response_bytes
        self.proxies = call.proxies
        self.deadline = deadline


class Sleep:
    """Wait, then resume the flow."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


Command: TypeAlias = Send | Sleep
Flow: TypeAlias = Generator[Command, "Response | None", T]


def run_call(call: Call[T]) -> Flow[T]:
    """The whole of a call, from its first attempt to its typed result."""
    response = yield from _attempts(call)
    error = call.status_error(response)
    if error is not None:
        raise error
    return call.read(response)


def _attempts(call: Call[Any]) -> Flow[Response]:
    deadline = deadline_of(call.timeout)
    retries: Retries | None = None
    history: list[Attempt] = []
    while True:
        started = time.perf_counter()
        outcome = yield from _attempt(call, deadline)
        if isinstance(outcome, Response) and outcome.status_code < 400:
            return outcome
        wait = None
        if _may_retry(call, outcome):
            assert call.retry is not None
            retries = retries or Retries(call.retry, deadline)
            wait = retries.wait_after(outcome)
        history.append(_attempt_record(len(history) + 1, started, outcome, wait))
        if wait is None:
            return _last(outcome, history)
        yield Sleep(wait)


def _may_retry(call: Call[Any], outcome: Response | ClientError) -> bool:
    config = call.retry
    return (
        config is not None
        and is_transient(config, outcome)
        and may_send_again(config, call.request)
    )


def _last(outcome: Response | ClientError, history: list[Attempt]) -> Response:
    if isinstance(outcome, Response):
        outcome.attempts = tuple(history)
        return outcome
    outcome.attempts = tuple(history)
    raise outcome


def _attempt_record(
    number: int, started: float, outcome: Response | ClientError, wait: float | None
) -> Attempt:
    elapsed = time.perf_counter() - started
    if isinstance(outcome, Response):
        return Attempt(number, elapsed, status=outcome.status_code, wait=wait or 0.0)
    return Attempt(number, elapsed, error=str(outcome), wait=wait or 0.0)


def _attempt(call: Call[Any], deadline: float | None) -> Flow[Response | ClientError]:
    """One attempt; errors are returned, since they are data for what comes next."""
    request = call.request.copy()
    try:
        if deadline is not None and time.monotonic() >= deadline:
            raise TotalTimeoutError(f"{describe(request)}: not done within the total timeout")
        for handler in call.auth:
            handler.apply(request)
        return (yield from _send(call, request, deadline))
    except ClientError as error:
        if error.request is None and not isinstance(error, ConfigurationError):
            error.request = request
        return error


def _send(call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
    started = time.perf_counter()
    try:
        response = yield Send(call, request, deadline)
    except Exception as error:
        raise client_error(error, request, deadline=deadline) from error
    assert response is not None
    response.elapsed = time.perf_counter() - started
    response._validation = call.validation
    response._told = call.told
    return response
