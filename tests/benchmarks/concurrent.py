"""A thousand calls at once, beside the same on an `httpx.AsyncClient`; both as they come.

python -m tests.benchmarks.concurrent
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from typing import TYPE_CHECKING

import httpx

from clientgen_runtime import AsyncClient
from tests.benchmarks._measure import Table
from tests.benchmarks._server import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS = 1000
ROUNDS = 7


def main() -> None:
    """Measure and compare with the bar."""
    seconds: dict[str, list[float]] = {}
    with serving() as url:
        for turn in range(ROUNDS):
            asyncio.run(_round(url, seconds, slow=turn < 2))
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    for name, median in medians.items():
        print(f"{name:40} {CALLS / median:7.0f} calls/s")
    ours = medians["clientgen_runtime.AsyncClient"]
    print(f"faster than httpx without limits: {medians['httpx without limits'] / ours:.1f} times")
    table = Table()
    table.row("a thousand calls, of the time of httpx", ours / medians["httpx.AsyncClient"], 0.1)
    table.close()


async def _round(url: str, seconds: dict[str, list[float]], *, slow: bool) -> None:
    """One measurement of each, in turn: each with a new client, so with new connections."""
    async with AsyncClient(url) as ours:
        await _measure(seconds, "clientgen_runtime.AsyncClient", lambda: ours.get("/user"))
    async with httpx.AsyncClient(base_url=url) as theirs:
        await _measure(seconds, "httpx.AsyncClient", lambda: theirs.get("/user"))
    if not slow:
        return
    limits = httpx.Limits(max_connections=None)
    # It may be too slow for the default timeout.
    async with httpx.AsyncClient(base_url=url, timeout=None, limits=limits) as unlimited:
        await _measure(seconds, "httpx without limits", lambda: unlimited.get("/user"))


async def _measure(
    seconds: dict[str, list[float]], name: str, call: Callable[[], Awaitable[object]]
) -> None:
    await call()
    gc.collect()
    start = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(CALLS)))
    seconds.setdefault(name, []).append(time.perf_counter() - start)


if __name__ == "__main__":
    main()
