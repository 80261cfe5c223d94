"""How fast requests may be sent, by what the user and the server say."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .._errors import ClientError, ConfigurationError, TotalTimeoutError
from .._servers import origin_name
from .keys import check_key, key_of
from .retry import retry_after, server_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .._headers import Headers
    from .._request import Request
    from .._response import Response
    from .keys import Key
    from .redis_sharing import RedisSharing

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?").fullmatch
# Of one limit in `RateLimit` and `RateLimit-Policy`: its name, or how much it allows in older
# drafts, and its parameters.
_LIMIT = re.compile(r"""(?:"([^"]*)"|([0-9]{1,15}))((?:\s*;\s*[a-z]+\s*=\s*[^,;]*)*)""").finditer
_PARAMETER = re.compile(r"(?:^|[;,])\s*([a-z]+)\s*=\s*([0-9]{1,15})").findall
_NOW = 1e-6
"""Seconds that are no wait: clocks and sums are not exact."""
_EPOCH = 1e9
"""A reset above this many seconds is a moment in Unix time, not a wait."""


# Seconds on a clock that never jumps.
now: Callable[[], float] = time.monotonic


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
        limit: What the server allows in a period; `None` when it did not say.
        reset: Seconds until the server allows all of it again; `None` when it did not say.
        rate: Requests a second that the adaptive mode sends; `None` while it sends all.

    Example:
        >>> RateLimitStatus(wait=0.5, waiting=2).remaining is None
        True
    """

    wait: float
    waiting: int
    remaining: int | None = None
    limit: int | None = None
    reset: float | None = None
    rate: float | None = None


class RateLimiter:
    """Has requests wait for their turn, so that no limit is exceeded.

    Each attempt waits in the order of arrival. One that would have to wait beyond the total
    timeout of its call fails at once. A limiter keeps its state, so all clients that are given the
    same object share its limits; threads and tasks may share it.

    Args:
        *limits: All of them hold; with none, only what the server says does.
        key: What requests have limits in common: the origin of the URL when it is not given,
            `"endpoint"` for each method and path of a document, or a function. Each key is
            remembered, so there should be few.
        follow_server: Whether to wait when the server says that nothing is left, by
            `Retry-After`, `RateLimit` or `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
        hold_max: The longest wait in seconds that the server may cause.
        shared: What has other processes share the limits; `None` for those of this one alone.
        adaptive: Whether to find the rate that the server takes: a request that it refuses for
            its rate slows down those after it, and answers speed them up again.

    Raises:
        ConfigurationError: A limit is of no known kind, or the adaptive mode is to be shared.

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
        key: Key | None = None,
        follow_server: bool = True,
        hold_max: float = 60.0,
        adaptive: bool = False,
        shared: RedisSharing | None = None,
    ) -> None:
        for limit in limits:
            _check(limit)
        if adaptive and shared is not None:
            raise ConfigurationError(
                "the adaptive mode finds a rate for each process; leave out shared= or adaptive="
            )
        self._limits = limits
        check_key(key)
        self._key: Key | None = key
        self._follow_server = follow_server
        self._hold_max = hold_max
        self._adaptive = adaptive
        self._shared = shared
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

    def _reserve(self, request: Request, deadline: float | None, template: str = "") -> Turn:
        """The next free turn.

        Raises:
            TotalTimeoutError: It comes after the deadline.
        """
        own = self._key
        key = origin_name(request.url) if own is None else key_of(own, request, template)
        with self._lock:
            turn = self._queue(key).reserve(now(), deadline)
        if turn is None:
            raise too_late()
        return turn

    def _queue(self, key: str) -> Queue:
        # Who calls this has the lock.
        queue = self._queues.get(key)
        if queue is None:
            pace = Pace() if self._adaptive else None
            queue = self._queues[key] = Queue(self._limits, pace)
        return queue

    def _again(self, turn: Turn, deadline: float | None) -> Turn:
        """The turn that was waited for, put off if the server has asked for a rest since.

        Raises:
            TotalTimeoutError: That comes after the deadline.
        """
        with self._lock:
            moment = now()
            turn.wait = turn.queue.left(turn, moment)
            is_late = turn.wait > 0 and deadline is not None and turn.at >= deadline
            if is_late:
                turn.queue.give_back(turn, moment)
        if is_late:
            raise too_late()
        return turn

    def _give_back(self, turn: Turn) -> None:
        """A turn that nobody waits for any more."""
        with self._lock:
            turn.queue.give_back(turn, now())
        if self._shared is not None:
            from .redis_sharing import SharedTurn, give_back

            if isinstance(turn, SharedTurn):
                give_back(self._shared, turn)

    def _learn(self, turn: Turn, outcome: Response | ClientError) -> None:
        """Take what the server says of its limits."""
        if isinstance(outcome, ClientError):
            return
        status, headers, pace = outcome.status_code, outcome.headers, turn.queue.pace
        # Most responses say nothing, which should cost nothing.
        if status < 400 and pace is None and not _has_limits(headers):
            return
        stated = server_limit(status, headers) if self._follow_server else UNSTATED
        with self._lock:
            moment = now()
            if stated is not UNSTATED:
                turn.queue.learn(stated, moment, self._hold_max)
            if pace is not None:
                pace.learn(is_refusal(status, headers), turn.at, moment)
        if self._shared is not None and stated.wait is not None:
            from .redis_sharing import SharedTurn, hold

            if isinstance(turn, SharedTurn):
                hold(self._shared, turn, min(stated.wait, self._hold_max))


def too_late() -> TotalTimeoutError:
    return TotalTimeoutError("the rate limit leaves no turn within the total timeout")


def limiter_of(given: object) -> RateLimiter | None:
    """What `rate_limiter=` means.

    Raises:
        ConfigurationError: It is neither a `RateLimiter` nor `None`.
    """
    if given is None or isinstance(given, RateLimiter):
        return given
    raise ConfigurationError(f"rate_limiter= takes a RateLimiter or None, not {given!r}")


class Turn:
    """A moment that is given to one attempt.

    Attributes:
        queue: Who gave it.
        at: The moment; later than it was, if the server has asked for a rest since.
        full: When each token bucket was full again before it.
        wait: Seconds until then, when it was given.
        is_free: Whether nobody wants it any more.
        place: Its place in the order of arrival.
    """

    __slots__ = ("at", "full", "is_free", "place", "queue", "wait")

    def __init__(self, queue: Queue, at: float, full: list[float], wait: float) -> None:
        self.queue = queue
        self.at = at
        self.full = full
        self.wait = wait
        self.is_free = False
        self.place = 0


class Queue:
    """The turns of one key, which knows the time only as it is told.

    Moments are given in order, each once, so no limit can be exceeded. One that is not wanted any
    more is taken back if nobody waits behind it; else those behind would come too early or out of
    order. When the server asks for a rest all that are still to come move behind it, in their
    order.

    Args:
        limits: What all turns together must keep.
        pace: What finds the rate that the server takes, in the adaptive mode.
    """

    def __init__(self, limits: Iterable[Limit], pace: Pace | None = None) -> None:
        self.held_until = float("-inf")
        self.pace = pace
        self._stated, self._stated_at = UNSTATED, 0.0
        buckets = [limit for limit in limits if isinstance(limit, TokenBucket)]
        # Seconds that a bucket takes for one token, and for all but one.
        self._fills = tuple(
            (1 / bucket.rate, (bucket.burst - 1) / bucket.rate) for bucket in buckets
        )
        self._windows = tuple(limit for limit in limits if isinstance(limit, SlidingWindow))
        self._full = [float("-inf") for _ in buckets]
        self._turns: deque[Turn] = deque()
        self._kept = max((window.calls for window in self._windows), default=1)
        # A turn that has come cannot be given back, so where no window counts it one stands for
        # all. Most are such.
        self._is_plain = not self._windows and pace is None
        self._at_once = Turn(self, float("-inf"), [], 0.0)
        self._given = 0

    def reserve(self, moment: float, deadline: float | None = None) -> Turn | None:
        """The next turn, `None` when it comes after the deadline."""
        at = self._next(moment)
        if at <= moment and self._is_plain:
            self._fill(at)
            return self._at_once
        if deadline is not None and at > moment and at >= deadline:
            return None
        turn = Turn(self, at, self._full, at - moment)
        self.add(turn, moment)
        return turn

    def left(self, turn: Turn, moment: float) -> float:
        """Seconds until a turn that was waited for; 0 when it has come."""
        if turn.at <= moment + _NOW and self.held_until > moment + _NOW:
            # It came just before the rest began, and was not taken.
            self._put_off(moment, turn)
        wait = turn.at - moment
        return wait if wait > _NOW else 0.0

    @property
    def full(self) -> list[float]:
        """When each token bucket is full again."""
        return self._full

    def add(self, turn: Turn, moment: float) -> None:
        """Count a turn."""
        turns = self._turns
        self._given += 1
        turn.place = self._given
        self._put(turn)
        # Those to come may be given back, so they do not stand for any that is over.
        while len(turns) > self._kept and turns[self._kept].at <= moment:
            turns.popleft()
        if self.pace is not None:
            self.pace.count(moment)

    def _put(self, turn: Turn) -> None:
        self._fill(turn.at)
        self._turns.append(turn)

    def _put_off(self, moment: float, *late: Turn) -> None:
        """Move all turns that are still to come behind the rest that the server asks for."""
        waiting = [*late]
        for turn in late:
            with suppress(ValueError):
                self._turns.remove(turn)
        while self._turns and self._turns[-1].at > moment:
            turn = self._turns.pop()
            self._full = turn.full
            waiting.append(turn)
        for turn in sorted(waiting, key=lambda turn: turn.place):
            if not turn.is_free:
                # Never earlier: who waits does not look before the moment that it was told.
                turn.full, turn.at = self._full, max(turn.at, self._next(moment))
                self._put(turn)

    def _fill(self, at: float) -> None:
        # A bucket is told by the moment at which it will be full again: each turn delays it.
        self._full = [
            (full if full > at else at) + fill[0]
            for full, fill in zip(self._full, self._fills)  # noqa: B905  (as many as buckets)
        ]

    def give_back(self, turn: Turn, moment: float) -> None:
        """A turn that is not wanted any more."""
        turn.is_free = True
        while self._turns and self._turns[-1].is_free and self._turns[-1].at > moment:
            self._full = self._turns.pop().full

    def limits_as_numbers(self) -> list[float]:
        """The limits as scripts of Redis read them."""
        buckets = [each for fill in self._fills for each in fill]
        windows = [each for window in self._windows for each in (window.calls, window.seconds)]
        return [len(self._fills), *buckets, len(self._windows), *windows]

    def learn(self, stated: Stated, moment: float, hold_max: float) -> None:
        """Take what the server said."""
        self._stated, self._stated_at = stated, moment
        until = moment + min(stated.wait, hold_max) if stated.wait is not None else moment
        if until > self.held_until:
            self.held_until = until
            self._put_off(moment)

    def status(self, moment: float) -> RateLimitStatus:
        """What is known now."""
        stated = self._stated
        reset = None
        if stated.reset is not None:
            reset = max(0.0, self._stated_at + stated.reset - moment)
        return RateLimitStatus(
            self._next(moment) - moment,
            sum(turn.at > moment and not turn.is_free for turn in self._turns),
            remaining=stated.remaining,
            limit=stated.limit,
            reset=reset,
            rate=self.pace.rate if self.pace is not None else None,
        )

    def _next(self, moment: float) -> float:
        # By hand, since `max` takes twice as long.
        at = moment if moment > self.held_until else self.held_until
        turns = self._turns
        if turns and turns[-1].at > at:
            at = turns[-1].at
        for full, fill in zip(self._full, self._fills):  # noqa: B905  (as many as buckets)
            free = full - fill[1]
            at = free if free > at else at
        for window in self._windows:
            if len(turns) >= window.calls:
                at = max(at, turns[-window.calls].at + window.seconds)
        if self.pace is not None and turns:
            at = max(at, turns[-1].at + self.pace.gap)
        return at


_CUT = 0.7
_REGAIN = 10.0
_LEAST = 0.2
_SPAN = 0.5


class Pace:
    """Finds the rate that a server takes, which knows the time only as it is told.

    There is no limit until the server refuses a request for its rate. Then requests are sent at
    seven tenths of the rate that was measured, and answers raise it again along the curve of CUBIC
    (RFC 9438 section 4.2): fast at first, slowly where the server has refused, and faster beyond,
    up to twice of what is really sent.

    Attributes:
        rate: Requests a second, `None` for any.
        gap: Seconds between two requests.
    """

    def __init__(self) -> None:
        self.rate: float | None = None
        self.gap = 0.0
        self._since: float | None = None
        self._count = 0
        self._sent: float | None = None
        self._cut_at = float("-inf")
        self._top = 0.0

    def count(self, moment: float) -> None:
        """A request is sent, or has got its turn."""
        if self._since is None:
            self._since = moment
        self._count += 1
        span = moment - self._since
        if span < _SPAN:
            return
        rate = self._count / span
        # What was sent lately counts most; a rest before it says little.
        self._sent = rate if self._sent is None else 0.8 * rate + 0.2 * self._sent
        self._since, self._count = moment, 0

    def learn(self, is_refused: bool, sent_at: float, moment: float) -> None:
        """What the server made of a request that was sent then."""
        if not is_refused:
            if self.rate is not None:
                self._raise(moment)
        # One that was sent at the old rate says nothing of the new one.
        elif sent_at > self._cut_at:
            self._cut(moment)

    def _cut(self, moment: float) -> None:
        sent = self._sent if self._sent is not None else self._count / _SPAN
        self._top = max(min(sent, self.rate or sent), _LEAST)
        self._cut_at = moment
        self._set(self._top * _CUT)

    def _raise(self, moment: float) -> None:
        # The curve is back at the top after `_REGAIN` seconds, whatever the rate.
        share = (moment - self._cut_at) / _REGAIN - 1
        rate = self._top * (1 + (1 - _CUT) * share**3)
        if self._sent is not None:
            rate = min(rate, 2 * self._sent)
        if self.rate is None or rate > self.rate:
            self._set(rate)

    def _set(self, rate: float) -> None:
        self.rate = max(rate, _LEAST)
        self.gap = 1 / self.rate


class Stated(NamedTuple):
    """What a response says of the server's limits.

    Attributes:
        remaining: Requests that are left.
        wait: Seconds for which nothing may be sent.
        limit: Requests in a period.
        reset: Seconds until the period ends.
    """

    remaining: int | None = None
    wait: float | None = None
    limit: int | None = None
    reset: float | None = None


UNSTATED = Stated()


def server_limit(status: int, headers: Headers) -> Stated:
    """What a response says is left, and for how many seconds nothing may be sent.

    `RateLimit` is read as the IETF draft has it (`"default";r=0;t=30`, with `RateLimit-Policy:
    "default";q=100;w=60`) and as older drafts had (`limit=9, remaining=0, reset=30`); of several
    limits the one of which least is left counts. Then `RateLimit-Remaining`,
    `X-RateLimit-Remaining` and `X-Rate-Limit-Remaining` are, with their `-Reset` in seconds or as
    Unix time. `Retry-After` counts with 429 and 503.
    """
    asked = retry_after(headers) if status in (429, 503) else None
    stated = _stated(headers)
    if asked is not None:
        return stated._replace(wait=asked)
    return stated


def is_refusal(status: int, headers: Headers) -> bool:
    """Whether the server has refused a request because there were too many."""
    return status == 429 or (status == 503 and "retry-after" in headers)


def _has_limits(headers: Headers) -> bool:
    for item in headers._items:  # noqa: SIM110  (`any` takes twice as long)
        if "limit" in item[0]:
            return True
    return False


def _stated(headers: Headers) -> Stated:
    field = headers.get("ratelimit")
    if field is not None:
        found = _standard(field, headers.get("ratelimit-policy", ""))
        if found is not UNSTATED:
            return found
    for prefix in ("ratelimit", "x-ratelimit", "x-rate-limit"):
        left = headers.get(f"{prefix}-remaining", "")
        if _NUMBER(left):
            remaining = int(float(left))
            reset = _seconds(headers.get(f"{prefix}-reset", ""), headers)
            limit = _PARAMETER("q=" + headers.get(f"{prefix}-limit", ""))
            wait = reset if remaining == 0 else None
            return Stated(remaining, wait, int(limit[0][1]) if limit else None, reset)
    return UNSTATED


def _standard(field: str, policy: str) -> Stated:
    """The limit of which least is left, and longest, by the headers of the IETF."""
    limits = [limit for limit in _listed(field, policy) if limit.remaining is not None]
    return min(limits, key=lambda limit: (limit.remaining, -(limit.wait or 0)), default=UNSTATED)


def _listed(field: str, policy: str) -> Iterator[Stated]:
    old = dict(_PARAMETER(field))
    if "remaining" in old:
        yield _one(old.get("remaining"), old.get("reset"), old.get("limit"))
        return
    policies = {match[1]: dict(_PARAMETER(match[3])) for match in _LIMIT(policy)}
    for match in _LIMIT(field):
        own, known = dict(_PARAMETER(match[3])), policies.get(match[1], {})
        yield _one(own.get("r"), own.get("t", known.get("w")), known.get("q"))


def _one(remaining: str | None, reset: str | None, limit: str | None) -> Stated:
    left = int(remaining) if remaining is not None else None
    seconds = float(reset) if reset is not None else None
    wait = seconds if left == 0 else None
    return Stated(left, wait, int(limit) if limit is not None else None, seconds)


def _seconds(reset: str, headers: Headers) -> float | None:
    if not _NUMBER(reset):
        return None
    seconds = float(reset)
    if seconds > _EPOCH * 1000:
        seconds /= 1000
    return max(0.0, seconds - server_time(headers)) if seconds > _EPOCH else seconds


def _check(limit: object) -> None:
    if not isinstance(limit, (TokenBucket, SlidingWindow)):
        raise ConfigurationError(
            f"a RateLimiter takes TokenBucket and SlidingWindow, not {limit!r}"
        )
