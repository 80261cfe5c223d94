"""What getting a token takes, one step at a time, and the two that carry steps out.

The flows of OAuth are generators that yield these commands and do no I/O, as calls are.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from .. import _client

if TYPE_CHECKING:
    from .._client import AsyncClient, Client

T = TypeVar("T")


class Ask(NamedTuple):
    """Send a request to the authorization server, then resume with its response."""

    method: str
    url: str
    options: dict[str, Any]


class Wait(NamedTuple):
    """Wait, then resume."""

    seconds: float


class Do(NamedTuple):
    """Call what may block for a moment, such as reading a file, then resume with its result."""

    function: Callable[[], Any]


class Tell(NamedTuple):
    """Call a function of the user, which may be a coroutine function, then resume."""

    function: Callable[[Any], object]
    subject: object


Step: TypeAlias = Ask | Wait | Do | Tell
# What a step is resumed with depends on the step.
Steps: TypeAlias = Generator[Step, Any, T]


def call(function: Callable[[], Any]) -> Any:
    """Call what may block."""
    return function()


async def async_call(function: Callable[[], Any]) -> Any:
    """Call what may block, and let other tasks run."""
    from anyio import to_thread

    return await to_thread.run_sync(function)


class Performer:
    """Carries out steps with a client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    reply = self._perform(step)
                except Exception as error:  # noqa: BLE001  (the flow decides what becomes of it)
                    step = steps.throw(error)
                else:
                    step = steps.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            steps.close()

    def _perform(self, step: Step) -> Any:
        match step:
            case Ask(method, url, options):
                return self._client.request(method, url, **options)
            case Wait(seconds):
                return _client.sleep(seconds)
            case Do(function):
                return call(function)
            case Tell(function, subject):
                return _client.settle(function(subject))


class AsyncPerformer:
    """Carries out steps with an async client."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    reply = await self._perform(step)
                except Exception as error:  # noqa: BLE001  (the flow decides what becomes of it)
                    step = steps.throw(error)
                else:
                    step = steps.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            steps.close()

    async def _perform(self, step: Step) -> Any:
        match step:
            case Ask(method, url, options):
                return await self._client.request(method, url, **options)
            case Wait(seconds):
                return await _client.async_sleep(seconds)
            case Do(function):
                return await async_call(function)
            case Tell(function, subject):
                return await _client.async_settle(function(subject))
