"""What an outage does to callers and to the server, with and without policies.

python -m tests.benchmarks.outage            measures, and compares with the bars
python -m tests.benchmarks.outage plot.svg   draws it, too

2,000 calls a second go through the real `AsyncClient` with its real policies, and twice as many
when the server is back, since there is work to be made up for. Server and time are simulated, so
that each run comes to the same.
"""

from __future__ import annotations

import asyncio
import heapq
import random
import selectors
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import httpx

from clientgen_runtime import (
    AsyncClient,
    CircuitBreaker,
    ClientError,
    RateLimiter,
    RetryConfig,
    TimeoutConfig,
    TokenBucket,
)
from tests.benchmarks._measure import Table

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = 2000
FAILS, SLOWS, RECOVERS, CALMS, END = 10.0, 18.0, 26.0, 30.0, 60.0
TIMEOUT = 1.0


class Clock(selectors.DefaultSelector):
    """Time that passes only while all tasks wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self.now += timeout
        return super().select(0)


class Server(httpx.AsyncBaseTransport):
    """Takes half as much again as is asked for, except when it fails, and when it is slow.

    It works off what has come in its order, also that which nobody waits for any more, as servers
    do. What would wait for too long it refuses.

    Args:
        clock: What time it is.
        rate: Calls a second that it is asked for.
    """

    def __init__(self, clock: Clock, rate: int) -> None:
        self._clock = clock
        # When each worker has done all that it was given.
        self._workers = [0.0] * max(1, int(rate * 1.5 * 0.02))
        self.reached: Counter[int] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = self._clock.now
        self.reached[int(now)] += 1
        if FAILS <= now < SLOWS:
            await asyncio.sleep(0.005)
            return httpx.Response(503)
        begins = max(now, self._workers[0])
        if begins - now > 4 * TIMEOUT:
            return httpx.Response(503)
        done = begins + (0.4 if SLOWS <= begins < RECOVERS else 0.02)
        heapq.heapreplace(self._workers, done)
        patience = request.extensions["timeout"]["read"]
        if done - now > patience:
            await asyncio.sleep(patience)
            raise httpx.ReadTimeout("")
        await asyncio.sleep(done - now)
        return httpx.Response(200, json={})


@dataclass
class Result:
    """What has become of all calls.

    Attributes:
        begun: Calls by the second in which they began.
        served: Those of them that came to a good end.
        reached: Requests that came to the server, by second.
        seconds: How long calls took that began during the outage, or on the way out of it.
    """

    begun: Counter[int] = field(default_factory=Counter)
    served: Counter[int] = field(default_factory=Counter)
    reached: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def reached_in_outage(self) -> int:
        """Requests that the server got while it failed or was slow."""
        return sum(self.reached[second] for second in range(int(FAILS), int(RECOVERS)))

    @property
    def p99(self) -> float:
        """Seconds within which 99 of 100 calls got their answer or their error."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]

    @property
    def recovery(self) -> float:
        """Seconds until 99 of 100 calls succeed for good after the server has recovered."""
        good = END
        for second in reversed(range(int(RECOVERS), int(END))):
            if self.served[second] < 0.99 * self.begun[second]:
                break
            good = second
        return good - RECOVERS if good < END else float("inf")


class Unlimited:
    """A budget that refuses no retry."""

    def take(self) -> bool:
        return True

    def refill(self) -> None:
        pass


def simulate(rate: int, options: dict[str, Any], budget: object = None) -> Result:
    """Call through an outage.

    Args:
        rate: Calls a second.
        options: Those of the client.
        budget: What limits retries, when not what the client has.
    """
    clock, result = Clock(), Result()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    random.seed(7)
    with (
        # 100,000 warnings would take longer than the calls.
        patch("clientgen_runtime._telemetry.log.logger.disabled", new=True),
        patch("time.monotonic", lambda: clock.now),
        patch("clientgen_runtime._policies.limiter.now", lambda: clock.now),
        patch("clientgen_runtime._policies.breaker.now", lambda: clock.now),
    ):
        loop.run_until_complete(_calls(clock, rate, options, budget, result))
    loop.close()
    return result


async def _calls(
    clock: Clock, rate: int, options: dict[str, Any], budget: object, result: Result
) -> None:
    server = Server(clock, rate)
    result.reached = server.reached
    tasks: set[asyncio.Task[None]] = set()
    timeout = TimeoutConfig(connect=TIMEOUT, read=TIMEOUT, pool=None, total=4 * TIMEOUT)
    async with AsyncClient(
        "https://api.example.com", transport=server, timeout=timeout, **options
    ) as client:
        if budget is not None:
            object.__setattr__(client._settings, "budget", budget)

        async def call() -> None:
            begun = clock.now
            result.begun[int(begun)] += 1
            try:
                await client.get("/users/123")
            except ClientError:
                pass
            else:
                result.served[int(begun)] += 1
            if FAILS <= begun < RECOVERS:
                result.seconds.append(clock.now - begun)

        following = 0.0
        while following < END:
            # Callers come when they like.
            rush = 2 if RECOVERS <= following < CALMS else 1
            following += (0.5 + random.random()) / (rate * rush)
            if following > clock.now:
                await asyncio.sleep(following - clock.now)
            task = asyncio.create_task(call())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)


RETRY = RetryConfig(max_attempts=3, backoff_factor=0.1)


def no_retries(rate: int) -> dict[str, Any]:
    """Each call once."""
    return {"retry": None}


def retries(rate: int) -> dict[str, Any]:
    """Each call up to three times."""
    return {"retry": RETRY}


def breaker(rate: int) -> dict[str, Any]:
    """Retries, and a circuit breaker."""
    rules = CircuitBreaker(
        min_calls=max(20, rate // 20),
        window=2,
        slow_after=0.25,
        open_for=1,
        open_max=2,
        probes=5,
    )
    return {**retries(rate), "circuit_breaker": rules}


def limiter(rate: int) -> dict[str, Any]:
    """Retries, a circuit breaker, and a little less than the server can take."""
    bucket = TokenBucket(rate * 1.4, burst=max(1, rate // 20))
    return {**breaker(rate), "rate_limiter": RateLimiter(bucket)}


@dataclass(frozen=True)
class Case:
    """A client to measure.

    Attributes:
        name: What it does.
        colour: Of its line.
        options: Its options, at a rate.
        budget: What limits its retries, when not what clients have.
    """

    name: str
    colour: str
    options: Callable[[int], dict[str, Any]]
    budget: object = None

    def run(self, rate: int) -> Result:
        """What comes of it."""
        return simulate(rate, self.options(rate), self.budget)


NO_RETRIES = Case("no retries", "#7f7f7f", no_retries)
UNLIMITED = Case("retries without a budget", "#d62728", retries, Unlimited())
BUDGET = Case("retries with the budget", "#ff7f0e", retries)
BREAKER = Case("and circuit breaker", "#1f77b4", breaker)
ALL = Case("and rate limiter", "#2ca02c", limiter)
CASES = (NO_RETRIES, UNLIMITED, BUDGET, BREAKER, ALL)


# --- The plot ------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP = 640, 170, 60, 40
PHASES = (
    (FAILS, SLOWS, "#f4cccc", "fails"),
    (SLOWS, RECOVERS, "#fce5cd", "is slow"),
    (RECOVERS, CALMS, "#d9ead3", "rush"),
)


def plot(found: dict[Case, Result]) -> str:
    """An SVG of what came to the server and what was served."""
    panels = (
        ("requests that reach the server, a second", "reached"),
        ("calls that succeed, by the second in which they begin", "served"),
    )
    most = max(max(one.reached.values()) for one in found.values())
    height = TOP + len(panels) * (HEIGHT + 60) + 30
    width = WIDTH + LEFT + 20
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        '<g font-family="sans-serif" font-size="12">',
    ]
    for number, (title, name) in enumerate(panels):
        top = TOP + number * (HEIGHT + 60)
        scale = most if name == "reached" else max(found[ALL].begun.values())
        lines += _panel(title, top, scale)
        for case, one in found.items():
            # The first is as good as hidden by the budget, unless it is broader.
            breadth = 5 if case is NO_RETRIES else 1.8
            lines.append(_line(case.colour, breadth, getattr(one, name), top, scale))
    left = LEFT
    for case in found:
        top = height - 22
        lines.append(f'<rect x="{left}" y="{top}" width="10" height="10" fill="{case.colour}"/>')
        lines.append(f'<text x="{left + 13}" y="{top + 9}" font-size="11">{case.name}</text>')
        left += 24 + int(5.6 * len(case.name))
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _x(second: float) -> float:
    return round(LEFT + second / END * WIDTH, 1)


def _y(value: float, top: int, most: float) -> float:
    return round(top + HEIGHT - value / most * HEIGHT, 1)


def _panel(title: str, top: int, most: float) -> list[str]:
    bottom = top + HEIGHT
    lines = [f'<text x="{LEFT}" y="{top - 8}" font-size="13">{title}</text>']
    for begin, end, colour, what in PHASES:
        x, width = _x(begin), _x(end) - _x(begin)
        lines.append(
            f'<rect x="{x}" y="{top}" width="{width:.1f}" height="{HEIGHT}" fill="{colour}"/>'
            f'<text x="{x + 4}" y="{top + 14}">{what}</text>'
        )
    for value in range(0, int(most) + 1, 2000 if most > 6000 else 1000):
        y = _y(value, top, most)
        lines.append(
            f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y}" y2="{y}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{value:,}</text>'
        )
    for second in range(0, int(END) + 1, 10):
        lines.append(
            f'<text x="{_x(second)}" y="{bottom + 16}" text-anchor="middle">{second} s</text>'
        )
    return lines


def _line(colour: str, breadth: float, counts: Counter[int], top: int, most: float) -> str:
    points = " ".join(
        f"{_x(second + 0.5)},{_y(counts[second], top, most)}" for second in range(int(END))
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{breadth}"/>'


def main() -> None:
    """Measure, draw if there is where to, and compare with the bars."""
    found: dict[Case, Result] = {}
    for case in CASES:
        one = found[case] = case.run(RATE)
        print(
            f"{case.name:26} reached {one.reached_in_outage:6,}   p99 {one.p99:5.2f} s   "
            f"recovery {one.recovery:3.0f} s",
            flush=True,
        )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(plot(found), encoding="utf-8")
    table = Table()
    alone, together = found[NO_RETRIES], found[ALL]
    reached = together.reached_in_outage / alone.reached_in_outage
    table.row("requests in the outage, all policies / no retries", reached, 0.1)
    table.row("p99, all policies / no retries", together.p99 / alone.p99, 0.5)
    table.row("recovery with all policies", together.recovery, 3, "s")
    table.close()


if __name__ == "__main__":
    main()
