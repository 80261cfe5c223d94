"""How fast requests may be sent, by what the user and the server say."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from ._errors import ClientError, ConfigurationError, HTTPError, TotalTimeoutError
from ._retry import retry_after
from ._servers import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._headers import Headers
    from ._request import Request
    from ._response import Response

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?").fullmatch
_REMAINING = re.compile(r"(?:^|[;,])\s*(?:r|remaining)\s*=\s*([0-9]{1,15})")
_RESET = re.compile(r"(?:^|[;,])\s*(?:t|reset)\s*=\s*([0-9]{1,15})")
_EPOCH = 1e9
"""A reset above this many seconds is a moment in Unix time, not a wait."""


def now() -> float:
    """Seconds on a clock that never jumps."""
    return time.monotonic()


@dataclass(frozen=True)
class TokenBucket:
    """A steady rate, above which a burst is taken.

    Attributes:
        rate: Requests a second in the long run.
        burst: Requests that may be sent at once after a rest.

    Raises:
        ConfigurationError: A value is out of its range.

    Example:
        >>> limited = client.with_options(rate_limiter=RateLimiter(TokenBucket(10, burst=5)))
        >>> limited.get("/pets").status_code
        200
    """

    rate: float
    burst: int = 1

    def __post_init__(self) -> None:
        if not self.rate > 0 or self.burst < 1:
            raise ConfigurationError("a TokenBucket has a rate above 0 and a burst of at least 1")


@dataclass(frozen=True)
class SlidingWindow:
    """So many requests within any period of a length.

    Attributes:
        calls: Requests within the period.
        seconds: Its length.

    Raises:
        ConfigurationError: A value is out of its range.

    Example:
        >>> hourly = RateLimiter(SlidingWindow(5000, 3600))
        >>> client.get("/pets", rate_limiter=hourly).status_code
        200
    """

    calls: int
    seconds: float

    def __post_init__(self) -> None:
        if self.calls < 1 or not self.seconds > 0:
            raise ConfigurationError("a SlidingWindow has at least 1 call in more than 0 seconds")


Limit: TypeAlias = TokenBucket | SlidingWindow


@dataclass(frozen=True)
class RateLimitStatus:
    """What a rate limiter knows of one key.

    Attributes:
        wait: Seconds that a request would wait now.
        waiting: How many wait.
        remaining: What the server said is left; `None` when it did not say.

    Example:
        >>> RateLimitStatus(wait=0.5, waiting=2).remaining is None
        True
    """

    wait: float
    waiting: int
    remaining: int | None = None


class RateLimiter:
    """Has requests wait for their turn, so that no limit is exceeded.

    Each attempt waits in the order of arrival. One that would have to wait beyond the total
    timeout of its call fails at once. A limiter keeps its state, so all clients that are given the
    same object share its limits; threads and tasks may share it.

    Args:
        *limits: All of them hold; with none, only what the server says does.
        key: What requests have limits in common; the origin of the URL when it is not given. Each
            key is remembered, so there should be few.
        follow_server: Whether to wait when the server says that nothing is left, by
            `Retry-After`, `RateLimit` or `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
        hold_max: The longest wait in seconds that the server may cause.

    Raises:
        ConfigurationError: A limit is of no known kind.

    Example:
        >>> limiter = RateLimiter(TokenBucket(10, burst=5), SlidingWindow(1000, 60))
        >>> limited = client.with_options(rate_limiter=limiter)
        >>> limited.get("/pets").status_code
        200
        >>> limited.rate_limits["https://api.example.com:443"].waiting
        0
    """

    def __init__(
        self,
        *limits: Limit,
        key: Callable[[Request], str] | None = None,
        follow_server: bool = True,
        hold_max: float = 60.0,
    ) -> None:
        for limit in limits:
            _check(limit)
        self._limits = limits
        self._key = key
        self._follow_server = follow_server
        self._hold_max = hold_max
        self._queues: dict[str, Queue] = {}
        self._lock = Lock()

    @property
    def status(self) -> dict[str, RateLimitStatus]:
        """What is known of each key that was asked for.

        Example:
            >>> RateLimiter(TokenBucket(10)).status
            {}
        """
        with self._lock:
            moment = now()
            return {key: queue.status(moment) for key, queue in self._queues.items()}

    def _reserve(self, request: Request, deadline: float | None) -> Turn:
        """The next free turn.

        Raises:
            TotalTimeoutError: It comes after the deadline.
        """
        key = self._key(request) if self._key is not None else _origin(request)
        with self._lock:
            queue = self._queues.get(key)
            if queue is None:
                queue = self._queues[key] = Queue(self._limits)
            return self._turn(queue, deadline)

    def _again(self, turn: Turn, deadline: float | None) -> Turn:
        """The turn that was waited for, or a later one if the server has asked for a rest since.

        Raises:
            TotalTimeoutError: That comes after the deadline.
        """
        with self._lock:
            if turn.queue.held_until <= now():
                return Turn(turn.queue, turn.slot, 0.0)
            return self._turn(turn.queue, deadline)

    def _turn(self, queue: Queue, deadline: float | None) -> Turn:
        moment = now()
        slot = queue.reserve(moment, deadline)
        if slot is None:
            raise TotalTimeoutError("the rate limit leaves no turn within the total timeout")
        return Turn(queue, slot, max(0.0, slot.at - moment))

    def _give_back(self, turn: Turn) -> None:
        """A turn that nobody waits for any more."""
        with self._lock:
            turn.queue.give_back(turn.slot, now())

    def _learn(self, turn: Turn, outcome: Response | ClientError) -> None:
        """Take what the server says of its limits."""
        if not self._follow_server:
            return
        if isinstance(outcome, HTTPError):
            outcome = outcome.response
        if isinstance(outcome, ClientError):
            return
        remaining, wait = server_limit(outcome.status_code, outcome.headers)
        if remaining is None and wait is None:
            return
        with self._lock:
            turn.queue.remaining = remaining
            if wait is not None:
                until = now() + min(wait, self._hold_max)
                turn.queue.held_until = max(turn.queue.held_until, until)


def limiter_of(given: object) -> RateLimiter | None:
    """What `rate_limiter=` means.

    Raises:
        ConfigurationError: It is neither a `RateLimiter` nor `None`.
    """
    if given is None or isinstance(given, RateLimiter):
        return given
    raise ConfigurationError(f"rate_limiter= takes a RateLimiter or None, not {given!r}")


def _origin(request: Request) -> str:
    return "{}://{}:{}".format(*origin_of(request.url))


class Turn:
    """When an attempt may be sent."""

    __slots__ = ("queue", "slot", "wait")

    def __init__(self, queue: Queue, slot: Slot, wait: float) -> None:
        self.queue = queue
        self.slot = slot
        self.wait = wait


class Slot:
    """A moment that is given to one attempt.

    Attributes:
        at: The moment.
        full: When each token bucket was full again before it.
        is_free: Whether nobody wants it any more.
    """

    __slots__ = ("at", "full", "is_free")

    def __init__(self, at: float, full: list[float]) -> None:
        self.at = at
        self.full = full
        self.is_free = False


class Queue:
    """The turns of one key, which knows the time only as it is told.

    Moments are given in order, each once, so no limit can be exceeded. One that is not wanted any
    more is taken back if nobody waits behind it; else those behind would come too early or out of
    order.

    Args:
        limits: What all turns together must keep.
    """

    def __init__(self, limits: Iterable[Limit]) -> None:
        self.held_until = float("-inf")
        self.remaining: int | None = None
        buckets = [limit for limit in limits if isinstance(limit, TokenBucket)]
        # Seconds that a bucket takes for one token, and for all but one.
        self._fills = tuple(
            (1 / bucket.rate, (bucket.burst - 1) / bucket.rate) for bucket in buckets
        )
        self._windows = tuple(limit for limit in limits if isinstance(limit, SlidingWindow))
        self._full = [float("-inf") for _ in buckets]
        self._slots: deque[Slot] = deque()
        self._kept = max((window.calls for window in self._windows), default=1)

    def reserve(self, moment: float, deadline: float | None = None) -> Slot | None:
        """The next turn, `None` when it comes after the deadline."""
        at = self._next(moment)
        if deadline is not None and at > moment and at >= deadline:
            return None
        slot = Slot(at, self._full)
        # A bucket is told by the moment at which it will be full again: each turn delays it.
        self._full = [
            max(full, at) + one for full, (one, _) in zip(self._full, self._fills, strict=True)
        ]
        self._slots.append(slot)
        # Those to come may be given back, so they do not stand for any that is over.
        while len(self._slots) > self._kept and self._slots[self._kept].at <= moment:
            self._slots.popleft()
        return slot

    def give_back(self, slot: Slot, moment: float) -> None:
        """A turn that is not wanted any more."""
        slot.is_free = True
        while self._slots and self._slots[-1].is_free and self._slots[-1].at > moment:
            self._full = self._slots.pop().full

    def status(self, moment: float) -> RateLimitStatus:
        """What is known now."""
        waiting = sum(slot.at > moment and not slot.is_free for slot in self._slots)
        return RateLimitStatus(self._next(moment) - moment, waiting, self.remaining)

    def _next(self, moment: float) -> float:
        at = max(moment, self.held_until)
        if self._slots:
            at = max(at, self._slots[-1].at)
        for full, (_, most) in zip(self._full, self._fills, strict=True):
            at = max(at, full - most)
        for window in self._windows:
            if len(self._slots) >= window.calls:
                at = max(at, self._slots[-window.calls].at + window.seconds)
        return at


def server_limit(status: int, headers: Headers) -> tuple[int | None, float | None]:
    """What a response says is left, and for how many seconds nothing may be sent.

    `RateLimit` is read as the IETF draft has it (`"default";r=0;t=30`) and as older drafts had
    (`limit=9, remaining=0, reset=30`); then `RateLimit-Remaining` and `X-RateLimit-Remaining`
    with their `-Reset`, in seconds or as Unix time. `Retry-After` counts with 429 and 503.
    """
    remaining, reset = _stated(headers)
    wait = reset if remaining == 0 else None
    asked = retry_after(headers) if status in (429, 503) else None
    return remaining, asked if asked is not None else wait


def _stated(headers: Headers) -> tuple[int | None, float | None]:
    field = headers.get("ratelimit")
    if field is not None:
        remaining, reset = _REMAINING.search(field), _RESET.search(field)
        if remaining is not None:
            return int(remaining[1]), float(reset[1]) if reset is not None else None
    for prefix in ("ratelimit", "x-ratelimit"):
        left = headers.get(f"{prefix}-remaining", "")
        if _NUMBER(left):
            return int(float(left)), _seconds(headers.get(f"{prefix}-reset", ""))
    return None, None


def _seconds(reset: str) -> float | None:
    if not _NUMBER(reset):
        return None
    seconds = float(reset)
    if seconds > _EPOCH * 1000:
        seconds /= 1000
    return max(0.0, seconds - time.time()) if seconds > _EPOCH else seconds


def _check(limit: object) -> None:
    if not isinstance(limit, (TokenBucket, SlidingWindow)):
        raise ConfigurationError(
            f"a RateLimiter takes TokenBucket and SlidingWindow, not {limit!r}"
        )
