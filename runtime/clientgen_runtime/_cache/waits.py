"""What a cache waits for: stores that block, other calls, and what goes on meanwhile."""

from __future__ import annotations

import time
from threading import Event, Thread, get_ident
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._flow import Do

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from .._flow import Flow

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    import anyio.to_thread

    return await anyio.to_thread.run_sync(function)


class Work(Do, Generic[T]):
    """Call something that blocks; `AsyncClient` does so in a thread.

    Attributes:
        result: What it returned.
    """

    __slots__ = ("_function", "result")

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self.result: T | None = None

    def run(self, client: Any) -> None:
        """Call it."""
        self.result = self._function()

    async def arun(self, client: Any) -> None:
        """Call it, and let other tasks run."""
        self.result = await in_thread(self._function)


class Flight:
    """A request that others wait for.

    Attributes:
        thread: Where it is made.
        is_given_up: Whether the call that makes it was cancelled.
    """

    def __init__(self) -> None:
        self.thread = get_ident()
        self.is_given_up = False
        self.landed = Event()
        # Of tasks in the event loop that the request was made in, which runs in one thread.
        self.waiting: list[Any] = []
        self.task: asyncio.Task[Any] | None = None

    def land(self) -> None:
        """Have all go on that wait."""
        self.landed.set()
        for event in self.waiting:
            event.set()


class Wait(Do):
    """Wait until a flight has landed, or the deadline has passed."""

    __slots__ = ("_deadline", "_flight")

    def __init__(self, flight: Flight, deadline: float | None) -> None:
        self._flight = flight
        self._deadline = deadline

    @property
    def _seconds(self) -> float | None:
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def run(self, client: Any) -> None:
        """Wait, unless this thread itself makes the request: it would never end."""
        if self._flight.thread != get_ident():
            self._flight.landed.wait(self._seconds)

    async def arun(self, client: Any) -> None:
        """Wait with other tasks of the loop; what other threads ask for is no matter of theirs."""
        import anyio

        if self._flight.thread != get_ident() or self._flight.landed.is_set():
            return
        event = anyio.Event()
        self._flight.waiting.append(event)
        with anyio.move_on_after(self._seconds):
            await event.wait()


class Meanwhile(Do):
    """Run a flow beside the call: in a thread, or as a task."""

    __slots__ = ("_done", "_flight", "_flow")

    def __init__(self, flow: Flow[None], flight: Flight, done: Callable[[], None]) -> None:
        self._flow = flow
        self._flight = flight
        self._done = done

    def run(self, client: Any) -> None:
        """Start a thread."""

        def work() -> None:
            self._flight.thread = get_ident()
            try:
                client._run(self._flow)
            finally:
                self._done()

        try:
            Thread(target=work, name="clientgen cache", daemon=True).start()
        except RuntimeError:
            # There can be no more threads now; a later call will try.
            self._flow.close()
            self._done()

    async def arun(self, client: Any) -> None:
        """Start a task; where there are none, as in trio, the call waits."""
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            try:
                await client._run(self._flow)
            finally:
                self._done()
            return
        # The loop itself keeps no task alive, so the flight does. Tasks that are cancelled before
        # they begin still end it.
        self._flight.task = loop.create_task(client._run(self._flow))
        self._flight.task.add_done_callback(lambda _: self._done())
