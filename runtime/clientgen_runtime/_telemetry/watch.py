"""Telling spans and metrics what becomes of calls; loaded by clients that have either."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from .._failures import client_error
from .._flow import Send

if TYPE_CHECKING:
    from .._call import Call
    from .._errors import ClientError
    from .._flow import Flow
    from .._request import Request
    from .._response import Response

T = TypeVar("T")


class Sending:
    """A request is about to be sent.

    Attributes:
        request: The request.
        undo: What watches want to be called when it has been sent.

    Args:
        call: The call that it belongs to, whose watches are told.
        request: The request.
    """

    def __init__(self, call: Call[Any], request: Request) -> None:
        self.request = request
        self.undo: list[Callable[[], object]] = []
        self._call = call
        self._started = time.perf_counter()
        tell(call, self)

    def sent(self, outcome: Response | ClientError) -> None:
        """Tell that it has been sent, and what came of it."""
        seconds = time.perf_counter() - self._started
        for undo in reversed(self.undo):
            undo()
        tell(self._call, Sent(self.request, outcome, seconds))


@dataclass(frozen=True)
class Sent:
    """A request has been sent, and answered or not.

    Attributes:
        request: The request.
        outcome: The answer, or why there is none.
        seconds: How long it took.
    """

    request: Request
    outcome: Response | ClientError
    seconds: float


@dataclass(frozen=True)
class Retrying:
    """An attempt has failed, and another will follow.

    Attributes:
        outcome: How it has failed.
        wait: Seconds until the next.
    """

    outcome: Response | ClientError
    wait: float


@dataclass(frozen=True)
class Limited:
    """The rate limiter has an attempt wait.

    Attributes:
        seconds: How long.
    """

    seconds: float


@dataclass(frozen=True)
class Refused:
    """The circuit breaker has refused an attempt."""


@dataclass(frozen=True)
class Cached:
    """The cache has done something.

    Attributes:
        result: What, as `CacheStats` calls it, such as `hits` or `misses`.
    """

    result: str


@dataclass(frozen=True)
class Answered:
    """A call has its answer, the last of all attempts.

    Attributes:
        response: The answer.
    """

    response: Response


@dataclass(frozen=True)
class Opened:
    """A call has returned, and its body is still to be read; `Ended` follows."""


@dataclass(frozen=True)
class Ended:
    """A call is over.

    Attributes:
        error: What the caller gets instead of a result.
    """

    error: BaseException | None


Event: TypeAlias = (
    Sending | Sent | Retrying | Limited | Refused | Cached | Answered | Opened | Ended
)
Watch: TypeAlias = Callable[[Event], None]
Watcher: TypeAlias = "Callable[[Call[Any]], Watch]"
"""Begins to watch a call."""


class Watchers(NamedTuple):
    """Who watches the calls of a client.

    Attributes:
        tracing: Makes spans.
        metrics: Counts and measures.
    """

    tracing: Watcher | None = None
    metrics: Watcher | None = None


def watchers_of(options: Mapping[str, Any], known: Watchers | None) -> Watchers | None:
    """What `tracing=` and `metrics=` mean.

    Args:
        options: Those of a client or call.
        known: Who watched before.

    Raises:
        ConfigurationError: An option makes no sense, or an extra is missing.
    """
    watchers = known or Watchers()
    if "tracing" in options:
        from .tracing import tracing_of

        watchers = watchers._replace(tracing=tracing_of(options["tracing"]))
    if "metrics" in options:
        from .metrics import metrics_of

        watchers = watchers._replace(metrics=metrics_of(options["metrics"]))
    return watchers if any(watchers) else None


def watched(
    call: Call[T], attempts: Flow[Response], result: Callable[[Call[T], Response], T]
) -> Flow[T]:
    """A call whose watchers are told of it.

    Args:
        call: The call.
        attempts: What gets its answer.
        result: What makes its result of the answer.
    """
    assert call.watchers is not None
    call.watches = tuple(watcher(call) for watcher in call.watchers if watcher is not None)
    try:
        response = yield from attempts
        tell(call, Answered(response))
        made = result(call, response)
    except BaseException as error:
        tell(call, Ended(error))
        raise
    if response._source is None:
        tell(call, Ended(None))
    else:
        # A stream is over when its body is.
        tell(call, Opened())
        response._source.on_end = _once(call)
    return made


def watched_send(call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
    """A request that is sent, of which the watches of its call are told."""
    sending = Sending(call, request)
    try:
        response = yield Send(call, request, deadline)
    except Exception as error:
        sending.sent(client_error(error, request, deadline=deadline))
        raise
    assert response is not None
    sending.sent(response)
    return response


def tell(call: Call[Any], event: Event) -> None:
    """Tell all who watch a call."""
    for watch in call.watches:
        watch(event)


def _once(call: Call[Any]) -> Callable[[BaseException | None], None]:
    """Tells the end of a call, the first time that it is called."""
    is_over = False

    def end(error: BaseException | None) -> None:
        nonlocal is_over
        if not is_over:
            is_over = True
            tell(call, Ended(error))

    return end
