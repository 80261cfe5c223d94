"""What rate limiter, circuit breaker and one middleware add to a typed call, in memory.

python -m tests.benchmarks.policies
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING, Any

import httpx

from clientgen_runtime import (
    AsyncCallNext,
    AsyncClient,
    CallNext,
    CircuitBreaker,
    Client,
    RateLimiter,
    Request,
    Response,
    TokenBucket,
)
from tests.benchmarks._measure import Table
from tests.benchmarks.typed_call import BASE_URL, RETRIEVE, answer

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 50
ROUNDS = 300


def tenant(request: Request, call_next: CallNext) -> Response:
    request.headers["X-Tenant"] = "acme"
    return call_next(request)


async def async_tenant(request: Request, call_next: AsyncCallNext) -> Response:
    request.headers["X-Tenant"] = "acme"
    return await call_next(request)


def options(*names: str, middleware: Any = tenant) -> Any:
    """The options that turn these policies on."""
    known: dict[str, dict[str, Any]] = {
        "limiter": {"rate_limiter": RateLimiter(TokenBucket(1e6, burst=1000))},
        "breaker": {"circuit_breaker": CircuitBreaker()},
        "middleware": {"middleware": [middleware]},
    }
    return {key: value for name in names for key, value in known[name].items()}


def work(client: Client) -> Callable[[], None]:
    """Calls of a client."""

    def calls() -> None:
        for number in range(CALLS):
            client._call(RETRIEVE, path=(number,), query={"expand": "tags", "limit": 3})

    return calls


def async_work(loop: asyncio.AbstractEventLoop, client: AsyncClient) -> Callable[[], None]:
    """Calls of an async client."""

    async def calls() -> None:
        for number in range(CALLS):
            await client._call(RETRIEVE, path=(number,), query={"expand": "tags", "limit": 3})

    return lambda: loop.run_until_complete(calls())


def ratios(works: dict[str, Callable[[], None]]) -> dict[str, float]:
    """How long each takes beside the first, by the rounds that nothing else has disturbed."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        # The first after that finds nothing in the caches of the processor.
        next(iter(works.values()))()
        for name, one in works.items():
            started = time.perf_counter()
            one()
            taken[name].append(time.perf_counter() - started)
        gc.enable()
    least = {name: min(seconds) for name, seconds in taken.items()}
    return {name: seconds / least["off"] for name, seconds in least.items()}


POLICIES = ("limiter", "breaker", "middleware")
CHOICES: dict[str, tuple[str, ...]] = {
    "off": (),
    "off again": (),
    **{name: (name,) for name in POLICIES},
    "all three": POLICIES,
}


def main() -> None:
    """Measure and compare with the bar."""
    transport = httpx.MockTransport(answer)
    loop = asyncio.new_event_loop()
    table = Table()
    sync = ratios(
        {
            name: work(Client(BASE_URL, transport=transport, **options(*on)))
            for name, on in CHOICES.items()
        }
    )
    tasks = ratios(
        {
            name: async_work(
                loop,
                AsyncClient(BASE_URL, transport=transport, **options(*on, middleware=async_tenant)),
            )
            for name, on in CHOICES.items()
        }
    )
    loop.close()
    for kind, found in (("Client", sync), ("AsyncClient", tasks)):
        for name, ratio in found.items():
            print(f"{kind:12} {name:12} {ratio:.3f}")
        table.row(f"{kind}: all three on / off", found["all three"], 1.2)
    table.close()


if __name__ == "__main__":
    main()
