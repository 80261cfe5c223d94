"""Rate limits and circuits that processes share, through Redis."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from collections import deque
from importlib import import_module
from inspect import iscoroutinefunction
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from .._cache.waits import Work
from .._errors import ConfigurationError
from .breaker import PATIENCE, CircuitStatus, Ticket, is_failure, refusal
from .keys import key_of
from .limiter import Turn, too_late
from .redis_scripts import CIRCUIT, GIVE_BACK, HOLD, RESERVE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._errors import ClientError
    from .._flow import Flow
    from .._request import Request
    from .._response import Response
    from .breaker import Circuit, CircuitBreaker
    from .limiter import Queue, RateLimiter

# Seconds on a clock that never jumps.
now: Callable[[], float] = time.monotonic

_REST = 1.0
"""Seconds for which Redis is left in peace after it has failed."""


class RedisSharing:
    """Has processes share what a rate limiter or a circuit breaker knows, in a Redis server.

    All that are given the same server and prefix share it, on any number of machines. Each turn
    and each circuit is decided by the server as a whole, by its clock. While it cannot be reached
    no call fails for it: each process goes on by itself, logs that once, and asks again every
    second.

    Args:
        client: A `redis.Redis`, or the URL of a server, such as `redis://localhost:6379/0`; it is
            then given up on after a quarter of a second. `AsyncClient` uses the same, in threads.
        prefix: What the keys begin with.

    Raises:
        ConfigurationError: The package of Redis is not there, or the client is one of asyncio.

    Example:
        >>> sharing = RedisSharing("redis://localhost:6379/0", prefix="pets:")
        >>> limiter = RateLimiter(TokenBucket(100, burst=10), shared=sharing)
        >>> breaker = CircuitBreaker(shared=sharing)
    """

    def __init__(self, client: object, prefix: str = "clientgen:") -> None:
        self._client: Any = _redis(client) if isinstance(client, str) else client
        if iscoroutinefunction(getattr(client, "execute_command", None)):
            raise ConfigurationError(
                "RedisSharing takes a redis.Redis, which AsyncClient uses in threads, "
                "not one of redis.asyncio"
            )
        self._prefix = prefix
        self._scripts: dict[str, Any] = {}
        self._lock = Lock()
        self._away = False
        self._next_try = 0.0
        self._untold: deque[tuple[str, list[str], list[object]]] = deque()
        self._teller: Thread | None = None
        # The server's own clock, unless a test has another.
        self._clock: Callable[[], str] = str

    def _ask(self, script: str, keys: list[str], given: Sequence[object]) -> list[Any] | None:
        """What a script returns, `None` while Redis cannot be reached."""
        if not self._may_ask():
            return None
        try:
            if script not in self._scripts:
                self._scripts[script] = self._client.register_script(script)
            answer: list[Any] = self._scripts[script](keys=keys, args=[self._clock(), *given])
        except Exception as error:  # noqa: BLE001  (whatever it is, no call may fail because of it)
            self._has_failed(error)
            return None
        if self._away:
            self._is_back()
        return answer

    def _tell(self, script: str, keys: list[str], given: Sequence[object]) -> None:
        """Have a script run for whose end nobody waits: calls that are cancelled must not."""
        with self._lock:
            self._untold.append((script, keys, list(given)))
            if self._teller is None or not self._teller.is_alive():
                self._teller = Thread(target=self._tell_all, name="clientgen redis", daemon=True)
                self._teller.start()

    def _tell_all(self) -> None:
        while True:
            with self._lock:
                if not self._untold:
                    self._teller = None
                    return
                told = self._untold.popleft()
            self._ask(*told)

    def _may_ask(self) -> bool:
        if not self._away:
            return True
        with self._lock:
            # One of all that call; the others do not wait for what is not there.
            if now() < self._next_try:
                return False
            self._next_try = now() + _REST
            return True

    def _has_failed(self, error: Exception) -> None:
        with self._lock:
            was_there, self._away = not self._away, True
            self._next_try = now() + _REST
        if was_there:
            from .._telemetry.log import logger

            logger.warning(
                "Redis cannot be used (%s: %s); limits and circuits of this process are its own "
                "until it can",
                type(error).__name__,
                # The error itself would keep the call alive as long as the log is kept.
                str(error),
            )

    def _is_back(self) -> None:
        with self._lock:
            was_away, self._away = self._away, False
        if was_away:
            from .._telemetry.log import logger

            logger.info("Redis can be used again; limits and circuits are shared")

    def _keys(self, kind: str, key: str, *parts: str) -> list[str]:
        """The names under which something is kept, in one slot of a cluster."""
        return [f"{self._prefix}{{{kind}:{key}}}:{part}" for part in parts]


def _redis(url: str) -> object:
    try:
        redis: Any = import_module("redis")
        retries: Any = import_module("redis.retry")
        backoff: Any = import_module("redis.backoff")
    except ImportError as error:
        raise ConfigurationError(
            "sharing through Redis needs the extra clientgen-runtime[redis]"
        ) from error
    # A call waits for it, so it must not try again, as it does unless it is told.
    return redis.Redis.from_url(
        url,
        socket_timeout=0.25,
        socket_connect_timeout=0.25,
        retry=retries.Retry(backoff.NoBackoff(), 0),
    )


def _asked(
    sharing: RedisSharing,
    script: str,
    keys: list[str],
    given: Sequence[object],
    undo: Callable[[list[Any]], None],
) -> Flow[list[Any] | None]:
    """What a script returns; what it has done is undone when the call is cancelled meanwhile."""
    lock, is_given_up = Lock(), False
    answer: list[Any] | None = None

    def ask() -> None:
        nonlocal answer
        found = sharing._ask(script, keys, given)
        with lock:
            answer = found
            if not is_given_up:
                return
        # The task has gone, but its thread has come here all the same.
        if found is not None:
            undo(found)

    try:
        yield Work(ask)
    except BaseException:
        with lock:
            is_given_up = True
        if answer is not None:
            undo(answer)
        raise
    return answer


# --- Rate limits ---------------------------------------------------------------------------


class SharedTurn(Turn):
    """A turn that Redis has given."""

    __slots__ = ("id", "keys")

    def __init__(self, queue: Queue, wait: float, keys: list[str], number: str) -> None:
        super().__init__(queue, now() + wait, queue.full, wait)
        self.keys = keys
        self.id = number


def reserve(
    limiter: RateLimiter,
    sharing: RedisSharing,
    request: Request,
    deadline: float | None,
    template: str,
) -> Flow[Turn]:
    """The next free turn of all processes; of this one while Redis cannot be reached.

    Raises:
        TotalTimeoutError: It comes after the deadline.
    """
    key = key_of(limiter._key, request, template)
    keys = sharing._keys("limit", key, "state", "turns", "free")
    with limiter._lock:
        queue = limiter._queue(key)
    answer = yield from _reserved(sharing, queue, keys, deadline, "0")
    if answer is None:
        return limiter._reserve(request, deadline, template)
    return _added(limiter, SharedTurn(queue, answer[0], keys, answer[1]))


def reserve_again(
    limiter: RateLimiter, sharing: RedisSharing, turn: Turn, deadline: float | None
) -> Flow[Turn]:
    """The turn that was waited for, put off if the server has asked for a rest since.

    Raises:
        TotalTimeoutError: That comes after the deadline.
    """
    if not isinstance(turn, SharedTurn):
        return limiter._again(turn, deadline)
    answer = yield from _reserved(sharing, turn.queue, turn.keys, deadline, turn.id)
    if answer is None:
        return limiter._again(turn, deadline)
    wait, number = answer
    if not number:
        turn.wait = 0.0
        return turn
    if number == turn.id:
        turn.wait = wait
        if deadline is not None and now() + wait >= deadline:
            limiter._give_back(turn)
            raise too_late()
        return turn
    return _added(limiter, SharedTurn(turn.queue, wait, turn.keys, number))


def _added(limiter: RateLimiter, turn: SharedTurn) -> SharedTurn:
    with limiter._lock:
        # So this process knows what it has sent when Redis goes away.
        turn.queue.add(turn, now())
    return turn


def _reserved(
    sharing: RedisSharing, queue: Queue, keys: list[str], deadline: float | None, again: str
) -> Flow[tuple[float, str] | None]:
    patience = "" if deadline is None else max(0.0, deadline - now())
    given = [patience, again, *queue.limits_as_numbers()]

    def undo(answer: list[Any]) -> None:
        if answer[1]:
            sharing._tell(GIVE_BACK, keys, [_text(answer[1])])

    answer = yield from _asked(sharing, RESERVE, keys, given, undo)
    if answer is None:
        return None
    wait = float(_text(answer[0]))
    if wait < 0:
        raise too_late()
    return wait, _text(answer[1])


def give_back(sharing: RedisSharing, turn: SharedTurn) -> None:
    """Tell all processes of a turn that nobody waits for any more."""
    sharing._tell(GIVE_BACK, turn.keys, [turn.id])


def hold(sharing: RedisSharing, turn: SharedTurn, seconds: float) -> None:
    """Tell all processes that the server asks for a rest."""
    sharing._tell(HOLD, turn.keys, [seconds, *turn.queue.limits_as_numbers()])


# --- Circuits ------------------------------------------------------------------------------


class SharedTicket(Ticket):
    """An attempt that Redis has let through."""

    __slots__ = ("keys",)

    def __init__(
        self, key: str, circuit: Circuit, epoch: int, started: float, keys: list[str]
    ) -> None:
        super().__init__(key, circuit, epoch, started)
        self.keys = keys


def enter(
    breaker: CircuitBreaker, sharing: RedisSharing, request: Request, template: str
) -> Flow[Ticket]:
    """Let an attempt through; `leave` takes its ticket back.

    Raises:
        CircuitOpenError: It must not be sent now.
    """
    key = key_of(breaker.key, request, template)
    keys = sharing._keys("circuit", key, "state", "counts")
    rules = _rules(breaker)

    def undo(answer: list[Any]) -> None:
        if _epoch(answer) >= 0:
            sharing._tell(CIRCUIT, keys, ["release", *rules, _epoch(answer), "", ""])

    answer = yield from _asked(sharing, CIRCUIT, keys, ["enter", *rules, "", "", ""], undo)
    if answer is None:
        return breaker._enter(request, template)
    heard = _heard(answer)
    breaker._hear(key, heard)
    epoch = _epoch(answer)
    if epoch < 0:
        raise refusal(request, heard.retry_after)
    return SharedTicket(key, breaker._circuits[key], epoch, now(), keys)


def leave(
    breaker: CircuitBreaker,
    sharing: RedisSharing,
    ticket: Ticket,
    outcome: Response | ClientError,
) -> Flow[None]:
    """Count what became of an attempt, where it was let through."""
    if not isinstance(ticket, SharedTicket):
        breaker._leave(ticket, outcome)
        return
    failed = is_failure(outcome)
    slow = breaker.slow_after is not None and now() - ticket.started > breaker.slow_after
    what = "release" if failed is None else "leave"
    given = [what, *_rules(breaker), ticket.epoch, int(failed is True), int(slow)]
    keys = ticket.keys
    asking = Work(lambda: sharing._ask(CIRCUIT, keys, given))
    yield asking
    if asking.result is not None:
        breaker._hear(ticket.key, _heard(asking.result))


def release(breaker: CircuitBreaker, sharing: RedisSharing, ticket: SharedTicket) -> None:
    """Tell all processes that an attempt was given up."""
    sharing._tell(CIRCUIT, ticket.keys, ["release", *_rules(breaker), ticket.epoch, "", ""])


def _rules(breaker: CircuitBreaker) -> list[object]:
    return [
        breaker.failure_rate,
        breaker.min_calls,
        breaker.window,
        breaker.consecutive_failures or 0,
        breaker.slow_rate if breaker.slow_after is not None else 0,
        breaker.open_for,
        breaker.open_growth,
        breaker.open_max,
        breaker.probes,
        PATIENCE,
    ]


def _epoch(answer: list[Any]) -> int:
    return int(float(_text(answer[0])))


def _heard(answer: list[Any]) -> CircuitStatus:
    state: Any = _text(answer[1])
    calls, failures, slow = (int(each) for each in answer[3:])
    return CircuitStatus(state, calls, failures, slow, float(_text(answer[2])))


def _text(answer: object) -> str:
    # Clients that users make may decode by themselves.
    return answer.decode() if isinstance(answer, bytes) else str(answer)
