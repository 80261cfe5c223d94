"""When to leave a server in peace that fails, and when to try it again."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeAlias

from .._errors import (
    CircuitOpenError,
    ClientError,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    PoolTimeoutError,
    TimeoutError,  # noqa: A004
    TruncatedResponseError,
)
from .._servers import origin_name
from .keys import check_key, key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._request import Request
    from .._response import Response
    from .keys import Key
    from .redis_sharing import RedisSharing

State: TypeAlias = Literal["closed", "open", "half_open"]

_SLOTS = 10
"""Parts of a window; the oldest is forgotten as a whole."""
PATIENCE = 60.0
"""Seconds after which a probe of which nothing was heard counts no more."""


# Seconds on a clock that never jumps.
now: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class CircuitStatus:
    """What a circuit breaker knows of one key.

    Attributes:
        state: `closed` lets all through, `open` nothing, `half_open` a few that probe the server.
        calls: Attempts within the window; 0 when it is not closed.
        failures: How many of them failed.
        slow: How many of them were slow.
        retry_after: Seconds until an open circuit lets a probe through; 0 otherwise.

    Example:
        >>> CircuitStatus("closed", calls=20, failures=1).state
        'closed'
    """

    state: State
    calls: int = 0
    failures: int = 0
    slow: int = 0
    retry_after: float = 0.0


@dataclass(frozen=True)
class CircuitChange:
    """A circuit has opened, closed, or lets a probe through.

    Attributes:
        key: Whose circuit it is; the origin, unless the breaker has a `key` function.
        before: The state that it had.
        after: The state that it has.

    Example:
        >>> CircuitChange("https://api.example.com:443", "closed", "open").after
        'open'
    """

    key: str
    before: State
    after: State


@dataclass(frozen=True, eq=False)
class CircuitBreaker:
    """Refuses calls to a server that fails, until it has recovered.

    It counts attempts: failed connections, timeouts and statuses of 500 and above as failures,
    all other answers as successes. A breaker keeps its state, so each client that is given the
    same object takes part in it; threads and tasks may share it.

    Attributes:
        failure_rate: Share of failures in the window from which on the circuit opens.
        min_calls: Attempts in the window below which a rate says nothing.
        window: Seconds that are looked back on.
        consecutive_failures: Failures in a row that open the circuit; `None` for any number.
        slow_after: Seconds after which an attempt is slow; `None` for never.
        slow_rate: Share of slow attempts in the window from which on the circuit opens.
        open_for: Seconds for which the circuit stays open.
        open_growth: How many times longer it stays open whenever a probe fails.
        open_max: The longest time in seconds for which it stays open.
        probes: Attempts that are let through then, all of which must do well to close it.
        key: What calls have a circuit in common: the origin of the URL when it is not given,
            `"endpoint"` for each method and path of a document, or a function of the request.
            Each key is remembered, so there should be few.
        on_change: Called with each `CircuitChange`, by the call that caused it.
        shared: What has other processes share the circuits; `None` for those of this one alone.

    Raises:
        ConfigurationError: A value is out of its range.

    Example:
        >>> breaker = CircuitBreaker(consecutive_failures=2, open_for=30)
        >>> careful = client.with_options(circuit_breaker=breaker)
        >>> for _ in range(3):
        ...     try:
        ...         careful.get("/down")
        ...     except ClientError as error:
        ...         print(type(error).__name__)
        ConnectionError
        ConnectionError
        CircuitOpenError
    """

    failure_rate: float = 0.5
    min_calls: int = 20
    window: float = 60.0
    consecutive_failures: int | None = None
    slow_after: float | None = None
    slow_rate: float = 0.8
    open_for: float = 5.0
    open_growth: float = 2.0
    open_max: float = 300.0
    probes: int = 1
    key: Key | None = None
    on_change: Callable[[CircuitChange], object] | None = None
    shared: RedisSharing | None = None
    _circuits: dict[str, Circuit] = field(
        default_factory=dict[str, "Circuit"], init=False, repr=False
    )
    # Keys of those that are not closed, so that where all are no call need be checked.
    _in_trouble: set[str] = field(default_factory=set[str], init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        check_key(self.key)
        for name in ("failure_rate", "slow_rate"):
            if not 0 < getattr(self, name) <= 1:
                raise ConfigurationError(f"{name} is a share above 0 and up to 1")
        for name in ("min_calls", "probes", "consecutive_failures", "open_growth"):
            value = getattr(self, name)
            if value is not None and not value >= 1:
                raise ConfigurationError(f"{name} must be at least 1")
        for name in ("window", "open_for", "open_max", "slow_after"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ConfigurationError(f"{name} must be a number of seconds above 0")

    @property
    def circuits(self) -> dict[str, CircuitStatus]:
        """What is known of each key that was called.

        Example:
            >>> breaker = CircuitBreaker()
            >>> client.get("/pets", circuit_breaker=breaker).status_code
            200
            >>> breaker.circuits["https://api.example.com:443"].calls
            1
        """
        with self._lock:
            moment = now()
            heard = self.shared is not None and not self.shared._away
            return {
                key: circuit.last_heard(moment) if heard else circuit.status(moment)
                for key, circuit in self._circuits.items()
            }

    def _enter(self, request: Request, template: str = "") -> Ticket:
        """Let an attempt through; `_leave` takes its ticket back.

        Raises:
            CircuitOpenError: It must not be sent now.
        """
        own = self.key
        key = origin_name(request.url) if own is None else key_of(own, request, template)
        circuit = self._circuits.get(key)
        # Nearly all come here. The epoch is read first: if the circuit changes in between, it is
        # an old one and does not count.
        if circuit is not None:
            epoch = circuit.epoch
            if circuit.state == "closed":
                return Ticket(key, circuit, epoch, now())
        with self._lock:
            circuit = self._circuit(key)
            moment, before = now(), circuit.state
            admitted = circuit.admit(moment)
            after = circuit.state
        if before != after:
            self._tell(key, before, after)
        if admitted is None:
            raise refusal(request, circuit.wait(moment))
        return Ticket(key, circuit, admitted, moment)

    def _check(self, request: Request, template: str) -> None:
        """Refuse an attempt that would not be let through now, before it waits for its turn.

        Raises:
            CircuitOpenError: It must not be sent now.
        """
        circuit = self._circuits.get(key_of(self.key, request, template))
        if circuit is None:
            return
        with self._lock:
            moment = now()
            if self.shared is None or self.shared._away:
                refused, wait = circuit.refuses(moment), circuit.wait(moment)
            else:
                wait = circuit.last_heard(moment).retry_after
                refused = wait > 0
        if refused:
            raise refusal(request, wait)

    def _circuit(self, key: str) -> Circuit:
        # Who calls this has the lock.
        circuit = self._circuits.get(key)
        if circuit is None:
            circuit = self._circuits[key] = Circuit(self)
        return circuit

    def _hear(self, key: str, heard: CircuitStatus) -> None:
        """Take what all processes together know of a circuit."""
        with self._lock:
            before = self._circuit(key).hear(heard, now())
        if before != heard.state:
            self._tell(key, before, heard.state)

    def _leave(self, ticket: Ticket, outcome: Response | ClientError | None) -> None:
        """Count what became of an attempt; `None` when it was given up."""
        if self.shared is not None:
            from .redis_sharing import SharedTicket, release

            if isinstance(ticket, SharedTicket):
                release(self, self.shared, ticket)
                return
        failed = is_failure(outcome)
        circuit = ticket.circuit
        with self._lock:
            moment, before = now(), circuit.state
            if failed is None:
                circuit.release(ticket.epoch)
            else:
                circuit.record(ticket.epoch, moment, moment - ticket.started, failed)
            after = circuit.state
        if before != after:
            self._tell(ticket.key, before, after)

    def _tell(self, key: str, before: State, after: State) -> None:
        with self._lock:
            # As it is now: threads may come here in another order than the changes came.
            if self._circuits[key].is_closed:
                self._in_trouble.discard(key)
            else:
                self._in_trouble.add(key)
        # Imported here: only what happens seldom is logged.
        from .._telemetry.log import logger

        logger.warning("the circuit of %s was %s and is %s now", key, before, after)
        if self.on_change is None:
            return
        try:
            self.on_change(CircuitChange(key, before, after))
        except Exception:  # noqa: BLE001  (the call has done nothing wrong)
            logger.exception("on_change of a CircuitBreaker failed")


def breaker_of(given: object) -> CircuitBreaker | None:
    """What `circuit_breaker=` means.

    Raises:
        ConfigurationError: It is neither a `CircuitBreaker` nor `None`.
    """
    if given is None or isinstance(given, CircuitBreaker):
        return given
    raise ConfigurationError(f"circuit_breaker= takes a CircuitBreaker or None, not {given!r}")


def refusal(request: Request, wait: float) -> CircuitOpenError:
    """The error of a call that must not be sent for so many seconds."""
    why = f"is open, for {wait:.1f} s" if wait else "waits for the answer to a probe"
    error = CircuitOpenError(f"{origin_name(request.url)}: the circuit {why}")
    error.retry_after, error.request = wait, request
    return error


class Ticket:
    """An attempt that was let through."""

    __slots__ = ("circuit", "epoch", "key", "started")

    def __init__(self, key: str, circuit: Circuit, epoch: int, started: float) -> None:
        self.key = key
        self.circuit = circuit
        self.epoch = epoch
        self.started = started


def is_failure(outcome: Response | ClientError | None) -> bool | None:
    """Whether an attempt speaks against the server; `None` when it says nothing of it."""
    if outcome is None:
        return None
    if not isinstance(outcome, ClientError):
        return outcome.status_code >= 500
    match outcome:
        case PoolTimeoutError():
            return None
        case ConnectionError() | TimeoutError() | TruncatedResponseError():
            return True
        case _:
            return None


class Circuit:
    """The state of one key, which knows the time only as it is told.

    Each change of state begins an epoch, and what was let through in an older one counts no more.

    Args:
        rules: When to open and close.
    """

    def __init__(self, rules: CircuitBreaker) -> None:
        self.state: State = "closed"
        self.epoch = 0
        self._rules = rules
        self._window = Window(rules.window)
        self._row = 0
        self._openings = 0
        self._until = 0.0
        self._probing = 0
        self._probed = 0.0
        self._succeeded = 0
        self._heard, self._heard_at = CircuitStatus("closed"), 0.0

    @property
    def is_closed(self) -> bool:
        """Whether it is, by what this process and all together know."""
        return self.state == self._heard.state == "closed"

    def admit(self, moment: float) -> int | None:
        """The epoch in which an attempt is let through, `None` when it is not."""
        if self.state == "closed":
            return self.epoch
        if self.refuses(moment):
            return None
        if self.state == "open" or self._probing >= self._rules.probes:
            self._change("half_open")
        self._probing += 1
        self._probed = moment
        return self.epoch

    def refuses(self, moment: float) -> bool:
        """Whether no attempt is let through now."""
        if self.state != "half_open":
            return self.state == "open" and moment < self._until
        # Probes may have no time limit, so that nobody knows when they will end.
        return self._probing >= self._rules.probes and moment - self._probed < PATIENCE

    def release(self, epoch: int) -> None:
        """An attempt was given up, so another may probe in its place."""
        if epoch == self.epoch and self.state == "half_open":
            self._probing -= 1

    def record(self, epoch: int, moment: float, seconds: float, failed: bool) -> None:
        """An attempt has ended after this many seconds."""
        if epoch != self.epoch:
            return
        slow = self._rules.slow_after is not None and seconds > self._rules.slow_after
        if self.state == "closed":
            self._row = self._row + 1 if failed else 0
            has_trouble = self._window.add(moment, failed, slow)
            # Most windows have seen nothing bad, and need no arithmetic.
            if has_trouble and self._is_too_much(moment):
                self._open(moment)
        elif failed or slow:
            self._open(moment)
        else:
            self._succeeded += 1
            if self._succeeded >= self._rules.probes:
                self._openings = 0
                self._change("closed")

    def status(self, moment: float) -> CircuitStatus:
        """What is known now."""
        calls, failures, slow = self._window.totals(moment)
        return CircuitStatus(self.state, calls, failures, slow, self.wait(moment))

    def hear(self, heard: CircuitStatus, moment: float) -> State:
        """Take what all processes together know; the state that was heard of before."""
        before = self._heard.state
        self._heard, self._heard_at = heard, moment
        return before

    def last_heard(self, moment: float) -> CircuitStatus:
        """What all processes together knew when this one last heard of it."""
        left = max(0.0, self._heard.retry_after - (moment - self._heard_at))
        return replace(self._heard, retry_after=left)

    def wait(self, moment: float) -> float:
        """Seconds until an open circuit lets a probe through."""
        return max(0.0, self._until - moment) if self.state == "open" else 0.0

    def _is_too_much(self, moment: float) -> bool:
        rules = self._rules
        if rules.consecutive_failures is not None and self._row >= rules.consecutive_failures:
            return True
        calls, failures, slow = self._window.totals(moment)
        return calls >= rules.min_calls and (
            failures >= calls * rules.failure_rate
            or (rules.slow_after is not None and slow >= calls * rules.slow_rate)
        )

    def _open(self, moment: float) -> None:
        rules = self._rules
        # Larger powers overflow, and every cap is reached long before.
        growth = min(rules.open_growth, 2.0**15) ** min(self._openings, 60)
        self._openings += 1
        self._until = moment + min(rules.open_for * growth, rules.open_max)
        self._change("open")

    def _change(self, state: State) -> None:
        self.state = state
        self.epoch += 1
        self._window = Window(self._rules.window)
        self._row = self._probing = self._succeeded = 0


class Window:
    """Counts over the last seconds, in parts, so that it costs the same for any number of calls.

    Args:
        seconds: How far back it looks, to a tenth.
    """

    def __init__(self, seconds: float) -> None:
        self._width = seconds / _SLOTS
        self._slots: deque[list[int]] = deque()
        self._newest: int | None = None
        self._calls = self._failures = self._slow = 0

    def add(self, moment: float, failed: bool, slow: bool) -> bool:
        """Count an attempt; whether any that is counted failed or was slow."""
        number = int(moment / self._width)
        if number != self._newest:
            self._forget(number)
            self._newest = number
            self._slots.append([number, 0, 0, 0])
        slot = self._slots[-1]
        slot[1] += 1
        self._calls += 1
        if failed:
            slot[2] += 1
            self._failures += 1
        if slow:
            slot[3] += 1
            self._slow += 1
        return self._failures > 0 or self._slow > 0

    def totals(self, moment: float) -> tuple[int, int, int]:
        """Attempts, failures and slow ones."""
        self._forget(int(moment / self._width))
        return self._calls, self._failures, self._slow

    def _forget(self, number: int) -> None:
        slots = self._slots
        while slots and slots[0][0] <= number - _SLOTS:
            _, calls, failures, slow = slots.popleft()
            self._calls -= calls
            self._failures -= failures
            self._slow -= slow
