"""Who has a connection, who waits for one, and which are idle; does no I/O."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._limits import PoolLimits
    from .._outgoing import Address

C = TypeVar("C")


class _Settable(Protocol):
    def set(self) -> object: ...


E = TypeVar("E", bound=_Settable)


class Waiter(Generic[E]):
    """A call that waits for its turn."""

    __slots__ = ("event", "is_granted")

    def __init__(self, event: E) -> None:
        self.event = event
        self.is_granted = False


class Slots(Generic[C, E]):
    """Who has a connection, who waits for one, and which are idle; does no I/O.

    The lock is reentrant: a garbage collection inside may close an abandoned response, which
    comes back here in the same thread.

    Args:
        limits: How many connections there may be.
        new_event: Makes what a call waits for.
    """

    def __init__(self, limits: PoolLimits, new_event: Callable[[], E]) -> None:
        self._limits = limits
        self._new_event = new_event
        self._kept = limits.kept
        self._is_closed = False
        self._lock = RLock()
        self._idle: deque[tuple[float, Address, C]] = deque()
        # A queue that can also be left from its middle.
        self._waiting: OrderedDict[Waiter[E], None] = OrderedDict()
        self.busy = 0

    @property
    def idle(self) -> int:
        """How many connections are idle."""
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """How many calls wait for one."""
        return len(self._waiting)

    def enter(self) -> Waiter[E] | None:
        """Take a place, or queue for one."""
        with self._lock:
            if self._take_place():
                return None
            waiter = Waiter(self._new_event())
            # Making it may have collected an abandoned response, and so freed a place.
            if self._take_place():
                return None
            self._waiting[waiter] = None
            return waiter

    def _take_place(self) -> bool:
        limit = self._limits.max_connections
        is_free = limit is None or self.busy < limit
        self.busy += is_free
        return is_free

    def give_up(self, waiter: Waiter[E]) -> None:
        """Stop waiting; a place that was granted meanwhile goes to the next."""
        with self._lock:
            if waiter.is_granted:
                self.leave()
            else:
                del self._waiting[waiter]

    def leave(self) -> None:
        """Give back a place."""
        with self._lock:
            self.busy -= 1
            if self._waiting:
                self._grant()

    def resize(self, number: int) -> None:
        """Let there be more connections than until now, or fewer as soon as places are free."""
        with self._lock:
            self._limits = replace(self._limits, max_connections=number)
            self._grant()

    def _grant(self) -> None:
        while self._waiting and self._take_place():
            waiter, _ = self._waiting.popitem(last=False)
            waiter.is_granted = True
            waiter.event.set()

    def take_idle(self, origin: Address) -> tuple[C | None, list[C]]:
        """The freshest idle connection to an origin, and those to close."""
        with self._lock:
            surplus = self._expired()
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][1] == origin:
                    connection = self._idle[place][2]
                    del self._idle[place]
                    return connection, surplus
            limit = self._limits.max_connections
            if limit is not None and self.busy + len(self._idle) > limit:
                surplus.append(self._idle.popleft()[2])
            return None, surplus

    def keep(self, origin: Address, connection: C) -> list[C]:
        """Keep a connection for later; those to close instead are returned."""
        with self._lock:
            self._idle.append((time.monotonic(), origin, connection))
            surplus: list[C] = []
            # What was in use when the others were closed comes back late.
            while len(self._idle) > (0 if self._is_closed else self._kept):
                surplus.append(self._idle.popleft()[2])
            return surplus

    def _expired(self) -> list[C]:
        expired: list[C] = []
        expiry = self._limits.keepalive_expiry
        if expiry is None or not self._idle:
            return expired
        oldest = time.monotonic() - expiry
        while self._idle and self._idle[0][0] < oldest:
            expired.append(self._idle.popleft()[2])
        return expired

    def close(self) -> list[C]:
        """All idle connections, which are forgotten here; no others will be kept."""
        with self._lock:
            self._is_closed = True
            idle = [connection for _, _, connection in self._idle]
            self._idle.clear()
            return idle
