"""The rate limiter has requests wait for their turn, in order, and never too long."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from clientgen_runtime import (
    AsyncClient,
    Client,
    ConfigurationError,
    Headers,
    RateLimiter,
    RateLimitError,
    RateLimitStatus,
    RetryConfig,
    SlidingWindow,
    TimeoutConfig,
    TokenBucket,
    TotalTimeoutError,
)
from clientgen_runtime._policies.limiter import Pace, Queue, Stated, Turn, server_limit
from clientgen_runtime.sdk import Operation
from tests.runtime.driving import BASE_URL, Connect, Server

OK = httpx.Response(200, json={})
ORIGIN = "https://pets.example:443"
NO_KEY: Any = "path"
RETRIEVE: Operation[object] = Operation("GET", "/pets/{petId}", {"200": lambda: object})
UPDATE: Operation[object] = Operation("PUT", "/pets/{petId}", {"200": lambda: object})


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.time = time.monotonic()
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.time += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("clientgen_runtime._policies.limiter.now", made)
    monkeypatch.setattr("clientgen_runtime._client.sleep", made.sleep)
    monkeypatch.setattr("clientgen_runtime._client.async_sleep", made.async_sleep)
    return made


# --- Through clients -----------------------------------------------------------------------


def test_a_bucket_takes_a_burst_and_then_a_steady_rate(connect: Connect, clock: Clock) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(TokenBucket(10, burst=3)))

    for _ in range(5):
        client.get("/pets")

    assert clock.waits == [0.1, 0.1]


def test_a_window_takes_so_many_within_its_length(connect: Connect, clock: Clock) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(SlidingWindow(2, 60)))

    for _ in range(5):
        client.get("/pets")

    assert clock.waits == [60, 60]


def test_of_several_limits_all_hold(connect: Connect, clock: Clock) -> None:
    limiter = RateLimiter(TokenBucket(1), SlidingWindow(2, 60))
    client = connect(Server(OK), rate_limiter=limiter)

    for _ in range(3):
        client.get("/pets")

    assert clock.waits == [1, 59]


def test_a_wait_beyond_the_deadline_fails_at_once(connect: Connect, clock: Clock) -> None:
    server = Server(OK)
    client = connect(
        server, rate_limiter=RateLimiter(SlidingWindow(1, 60)), timeout=TimeoutConfig(total=30)
    )
    client.get("/pets")

    with pytest.raises(TotalTimeoutError, match="no turn within the total timeout"):
        client.get("/pets")
    assert clock.waits == []
    assert len(server.requests) == 1


def test_each_attempt_waits_for_its_turn(connect: Connect, clock: Clock) -> None:
    retry = RetryConfig(max_attempts=2, backoff_factor=0)
    server = Server(httpx.Response(500), OK)

    connect(server, rate_limiter=RateLimiter(TokenBucket(2)), retry=retry).get("/pets")

    assert clock.waits == [0, 0.5]


def test_each_origin_has_its_own_turns(connect: Connect, clock: Clock) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(TokenBucket(1)))

    client.get("/pets")
    client.get("https://vets.example/")

    assert clock.waits == []


def test_requests_may_be_kept_apart_by_a_function(connect: Connect, clock: Clock) -> None:
    limiter = RateLimiter(TokenBucket(1), key=lambda request: request.method)
    client = connect(Server(OK), rate_limiter=limiter)

    client.get("/pets")
    client.delete("/pets")

    assert clock.waits == []
    assert set(client.rate_limits) == {"GET", "DELETE"}


def test_each_endpoint_of_a_document_may_have_its_own(connect: Connect, clock: Clock) -> None:
    limiter = RateLimiter(TokenBucket(1), key="endpoint")
    client = connect(Server(OK), rate_limiter=limiter)

    client._call(RETRIEVE, path=(7,))
    client._call(UPDATE, path=(7,))
    assert clock.waits == []
    client._call(RETRIEVE, path=(8,))

    assert clock.waits == [1]
    assert set(client.rate_limits) == {
        f"GET {ORIGIN}/pets/{{petId}}",
        f"PUT {ORIGIN}/pets/{{petId}}",
    }


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='key= takes "origin", "endpoint" or a function'):
        RateLimiter(key=NO_KEY)


def test_one_call_may_go_without(connect: Connect, clock: Clock) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(TokenBucket(1)))

    client.get("/pets")
    client.get("/pets", rate_limiter=None)

    assert clock.waits == []


def test_nothing_is_sent_while_the_server_says_that_nothing_is_left(
    connect: Connect, clock: Clock
) -> None:
    spent = httpx.Response(200, headers={"RateLimit": '"day";r=0;t=20'})
    client = connect(Server(spent, OK), rate_limiter=RateLimiter())

    client.get("/pets")
    assert client.rate_limits[ORIGIN].remaining == 0
    client.get("/pets")

    assert clock.waits == [20]


def test_a_refusal_holds_back_the_calls_after_it(connect: Connect, clock: Clock) -> None:
    refused = httpx.Response(429, headers={"Retry-After": "7"})
    client = connect(Server(refused, OK), rate_limiter=RateLimiter())

    with pytest.raises(RateLimitError):
        client.get("/pets")
    client.get("/pets")

    assert clock.waits == [7]


def test_a_server_cannot_hold_us_for_ever(connect: Connect, clock: Clock) -> None:
    refused = httpx.Response(503, headers={"Retry-After": "999999"})
    client = connect(Server(refused, OK), rate_limiter=RateLimiter(hold_max=10))

    client.get("/pets", raise_for_status=False)
    client.get("/pets")

    assert clock.waits == [10]


def test_who_waited_while_the_server_asked_for_a_rest_gets_a_later_turn(clock: Clock) -> None:
    limiter = RateLimiter(TokenBucket(1))
    with Client(
        BASE_URL, transport=httpx.MockTransport(Server(OK)), rate_limiter=limiter
    ) as client:
        client.get("/pets")
        queue = limiter._queues[ORIGIN]
        queue.held_until = clock.time + 5
        client.get("/pets")

        assert clock.waits == [5]
        turn = queue.reserve(clock.time)
        assert turn is not None
        assert turn.at == pytest.approx(clock.time + 1)


def sent_by(limiter: RateLimiter, clock: Clock, turns: list[Turn]) -> list[tuple[int, float]]:
    """Which of those who wait sends when, as each asks again when its wait is over."""
    begun = clock.time
    waits = {number: turn.wait for number, turn in enumerate(turns)}
    sent: list[tuple[int, float]] = []
    while waits:
        number = min(waits, key=lambda each: waits[each])
        clock.time = begun + waits[number]
        turn = limiter._again(turns[number], None)
        if turn.wait:
            waits[number] += turn.wait
        else:
            sent.append((number, round(waits.pop(number), 3)))
    return sent


@pytest.mark.parametrize("limit", [TokenBucket(1), SlidingWindow(1, 1)])
@pytest.mark.parametrize(("told", "rest"), [(0.5, 3.5), (1.0, 3.0)])
def test_a_rest_that_the_server_asks_for_changes_no_order(
    clock: Clock, limit: TokenBucket | SlidingWindow, told: float, rest: float
) -> None:
    limiter = RateLimiter(limit)
    queue = limiter._queue("key")
    turns = [turn for turn in (queue.reserve(clock.time) for _ in range(6)) if turn is not None]

    queue.learn(Stated(wait=rest), clock.time + told, 60)

    assert sent_by(limiter, clock, turns[1:]) == [(0, 4), (1, 5), (2, 6), (3, 7), (4, 8)]


def test_who_waits_fails_when_the_rest_is_longer_than_its_time(clock: Clock) -> None:
    limiter = RateLimiter(SlidingWindow(1, 1))
    queue = limiter._queue("key")
    turns = [queue.reserve(clock.time) for _ in range(2)]
    queue.learn(Stated(wait=9), clock.time, 60)

    assert turns[1] is not None
    with pytest.raises(TotalTimeoutError):
        limiter._again(turns[1], clock.time + 5)
    assert queue.status(clock.time).waiting == 0


def test_server_headers_can_be_left_alone(connect: Connect, clock: Clock) -> None:
    refused = httpx.Response(503, headers={"Retry-After": "7"})
    client = connect(Server(refused, OK), rate_limiter=RateLimiter(follow_server=False))

    client.get("/pets", raise_for_status=False)
    client.get("/pets")

    assert clock.waits == []


def test_what_is_no_limiter_is_refused(connect: Connect) -> None:
    with pytest.raises(ConfigurationError, match="takes a RateLimiter"):
        connect(rate_limiter=10)


NUMBER: Any = 10


@pytest.mark.parametrize(
    "make",
    [
        lambda: TokenBucket(0),
        lambda: TokenBucket(1, burst=0),
        lambda: SlidingWindow(0, 1),
        lambda: SlidingWindow(1, 0),
        lambda: RateLimiter(NUMBER),
    ],
)
def test_limits_that_make_no_sense_are_refused(make: Any) -> None:
    with pytest.raises(ConfigurationError):
        make()


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Stated()),
        (200, {"RateLimit": '"default";r=5;t=30'}, Stated(5, None, None, 30)),
        (200, {"RateLimit": '"default";r=0;t=30'}, Stated(0, 30, None, 30)),
        (200, {"RateLimit": '"a";r=9, "b";r=0;t=3, "c";r=0;t=7'}, Stated(0, 7, None, 7)),
        (
            200,
            {"RateLimit": '"a";r=0', "RateLimit-Policy": '"b";q=1;w=1, "a";q=100;w=60'},
            Stated(0, 60, 100, 60),
        ),
        (200, {"RateLimit": "limit=100, remaining=0, reset=9"}, Stated(0, 9, 100, 9)),
        (200, {"RateLimit": "none"}, Stated()),
        (200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "4"}, Stated(0, 4, None, 4)),
        (
            200,
            {
                "X-RateLimit-Limit": "60",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": "4.5",
            },
            Stated(0, 4.5, 60, 4.5),
        ),
        (
            200,
            {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "1000000001"},
            Stated(0, 0, None, 0),
        ),
        (200, {"X-RateLimit-Remaining": "many"}, Stated()),
        (
            200,
            {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": "4102444830",
                # A clock that goes wrong, theirs or ours.
                "Date": "Fri, 01 Jan 2100 00:00:00 GMT",
            },
            Stated(0, 30, None, 30),
        ),
        (200, {"Retry-After": "5"}, Stated()),
        (429, {"Retry-After": "5", "X-RateLimit-Remaining": "3"}, Stated(3, 5)),
    ],
)
def test_servers_tell_their_limits_in_several_ways(
    status: int, headers: dict[str, str], expected: object
) -> None:
    assert server_limit(status, Headers(headers)) == expected


def test_what_the_server_says_is_shown(connect: Connect, clock: Clock) -> None:
    headers = {"RateLimit": '"day";r=7;t=20', "RateLimit-Policy": '"day";q=100;w=60'}
    client = connect(Server(httpx.Response(200, headers=headers)), rate_limiter=RateLimiter())

    client.get("/pets")
    clock.time += 5

    assert client.rate_limits[ORIGIN] == RateLimitStatus(0, 0, remaining=7, limit=100, reset=15)


# --- The adaptive mode ---------------------------------------------------------------------


class Strict:
    """A server that takes so many requests a second, and refuses others."""

    def __init__(self, clock: Clock, rate: float) -> None:
        self._clock, self._rate = clock, rate
        self._tokens, self._at = rate, clock.time
        self.taken: list[float] = []
        self.refused: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        passed, self._at = self._clock.time - self._at, self._clock.time
        self._tokens = min(self._rate, self._tokens + passed * self._rate)
        if self._tokens < 1:
            self.refused.append(self._clock.time)
            return httpx.Response(429)
        self._tokens -= 1
        self.taken.append(self._clock.time)
        return httpx.Response(200)


def send_for(client: Any, clock: Clock, seconds: float, rate: float) -> None:
    """Calls at a rate, which the limiter may lower."""
    end = clock.time + seconds
    while clock.time < end:
        client.get("/pets", raise_for_status=False)
        clock.time += 1 / rate


def test_without_refusals_the_adaptive_mode_waits_for_nothing(
    connect: Connect, clock: Clock
) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(adaptive=True))

    send_for(client, clock, 5, rate=100)

    assert clock.waits == []
    assert client.rate_limits[ORIGIN].rate is None


def test_after_a_refusal_the_adaptive_mode_slows_down(connect: Connect, clock: Clock) -> None:
    client = connect(Strict(clock, 20), rate_limiter=RateLimiter(adaptive=True))

    send_for(client, clock, 2, rate=100)

    assert 1 < client.rate_limits[ORIGIN].rate < 100
    assert clock.waits


def test_the_adaptive_mode_finds_the_rate_that_the_server_takes(
    connect: Connect, clock: Clock
) -> None:
    server = Strict(clock, 20)
    client = connect(server, rate_limiter=RateLimiter(adaptive=True))
    send_for(client, clock, 60, rate=100)
    since = clock.time
    send_for(client, clock, 60, rate=100)

    taken = sum(moment > since for moment in server.taken)
    refused = sum(moment > since for moment in server.refused)

    assert taken >= 0.7 * 20 * 60
    assert refused <= 0.05 * taken


def test_refusals_of_requests_that_were_sent_before_the_cut_count_once() -> None:
    pace = Pace()
    for step in range(101):
        pace.count(step / 100)
    pace.learn(True, sent_at=1.0, moment=1.1)
    once = pace.rate

    pace.learn(True, sent_at=1.05, moment=1.2)

    assert once == pytest.approx(70, rel=0.05)
    assert pace.rate == once


def test_the_adaptive_mode_is_never_stuck() -> None:
    pace = Pace()
    for step in range(100):
        pace.count(step)
        pace.learn(True, sent_at=step + 0.5, moment=step + 0.6)
    lowest = pace.rate
    assert lowest is not None

    for step in range(100, 200):
        pace.count(step)
        pace.learn(False, sent_at=step, moment=step)

    assert lowest >= 0.2
    assert pace.rate is not None
    assert pace.rate > 2 * lowest


# --- Many at once --------------------------------------------------------------------------


def test_fifty_threads_keep_to_the_rate() -> None:
    limiter = RateLimiter(TokenBucket(200, burst=10))
    sent: list[float] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(time.monotonic())
        return httpx.Response(200)

    with (
        Client(BASE_URL, transport=httpx.MockTransport(handler), rate_limiter=limiter) as client,
        ThreadPoolExecutor(50) as threads,
    ):
        list(threads.map(lambda _: client.get("/pets"), range(110)))

    assert len(sent) == 110
    assert max(sent) - min(sent) >= 0.49


def test_a_thousand_tasks_are_sent_in_order(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path.rpartition("/")[2])
        return httpx.Response(200)

    async def wait(seconds: float) -> None:
        over = clock.time + seconds
        while clock.time < over:
            await asyncio.sleep(0)

    async def main() -> None:
        transport = httpx.MockTransport(handler)
        limiter = RateLimiter(TokenBucket(10))
        async with AsyncClient(BASE_URL, transport=transport, rate_limiter=limiter) as client:
            calls = asyncio.gather(*(client.get(f"/{number}") for number in range(1000)))
            while not calls.done():
                await asyncio.sleep(0)
                clock.time += 0.5
            await calls

    monkeypatch.setattr("clientgen_runtime._client.async_sleep", wait)
    begun = clock.time
    asyncio.run(main())

    assert sent == [str(number) for number in range(1000)]
    assert clock.time - begun >= 99.9


def test_cancelled_tasks_leave_their_turns_to_others() -> None:
    limiter = RateLimiter(SlidingWindow(1, 60))

    async def main() -> None:
        transport = httpx.MockTransport(Server(OK))
        async with AsyncClient(BASE_URL, transport=transport, rate_limiter=limiter) as client:
            await client.get("/pets")
            tasks = [asyncio.create_task(client.get("/pets")) for _ in range(1000)]
            await asyncio.sleep(0.3)
            assert client.rate_limits[ORIGIN].waiting == 1000
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(main())

    assert limiter.status[ORIGIN].waiting == 0
    assert limiter.status[ORIGIN].wait <= 60


# --- The rules by themselves ---------------------------------------------------------------


class Model(RuleBasedStateMachine):
    """Turns that are reserved, used and given back in any order."""

    @initialize(
        rate=st.sampled_from([0.5, 1.0, 4.0]),
        burst=st.integers(1, 3),
        calls=st.integers(1, 4),
        seconds=st.sampled_from([1.0, 4.0]),
        bucket_alone=st.booleans(),
    )
    def begin(
        self, rate: float, burst: int, calls: int, seconds: float, bucket_alone: bool
    ) -> None:
        self.bucket, self.window = TokenBucket(rate, burst), SlidingWindow(calls, seconds)
        self.bucket_alone = bucket_alone
        self.queue = Queue((self.bucket,) if bucket_alone else (self.bucket, self.window))
        self.time = 0.0
        self.waiting: list[Turn] = []
        self.sent: list[float] = []

    @rule(patience=st.sampled_from([None, 0.0, 2.0, 50.0]))
    def reserve(self, patience: float | None) -> None:
        deadline = None if patience is None else self.time + patience
        turn = self.queue.reserve(self.time, deadline)
        if turn is None:
            return

        at = self.time + turn.wait
        assert deadline is None or at == self.time or at < deadline
        assert at >= max([self.time, self.queue.held_until, *(s.at for s in self.waiting)])
        if turn.wait:
            self.waiting.append(turn)
        else:
            self.sent.append(self.time)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        slot = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        self.queue.give_back(slot, self.time)

    @rule(seconds=st.sampled_from([0.25, 1.0, 5.0]))
    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.sent += [slot.at for slot in self.waiting if slot.at <= self.time]
        self.waiting = [slot for slot in self.waiting if slot.at > self.time]

    @rule(seconds=st.sampled_from([1.0, 3.0]))
    def hold(self, seconds: float) -> None:
        before = [slot.at for slot in self.waiting]
        self.queue.learn(Stated(wait=seconds), self.time, 60)

        after = [slot.at for slot in self.waiting]
        assert after == sorted(after)
        assert all(slot.at >= self.queue.held_until for slot in self.waiting)
        assert all(new >= old for old, new in zip(before, after, strict=True))

    def teardown(self) -> None:
        if not hasattr(self, "queue"):
            return
        for slot in self.waiting:
            self.queue.give_back(slot, self.time)
        window, bucket = self.window, self.bucket
        sent = sorted(self.sent)
        in_windows = () if self.bucket_alone else zip(sent, sent[window.calls :], strict=False)
        for first, last in in_windows:
            assert last - first >= window.seconds - 1e-6
        for start, first in enumerate(sent):
            for number, last in enumerate(sent[start:], 1):
                assert number <= bucket.burst + (last - first) * bucket.rate + 1e-6
        # Never stuck: with nobody waiting the next turn comes as soon as the limits allow.
        rest = max(window.seconds, 1 / bucket.rate, self.queue.held_until - self.time)
        assert self.queue.status(self.time).wait <= rest + 1e-6


TestTheLimitsHoldInAnyOrder = Model.TestCase


def test_turns_that_are_over_are_forgotten() -> None:
    queue = Queue((SlidingWindow(5, 1),))

    for step in range(1000):
        queue.reserve(step)

    assert len(queue._turns) <= 6


def test_a_turn_that_is_given_back_frees_none_that_was_used() -> None:
    queue = Queue((SlidingWindow(3, 10),))
    for _ in range(3):
        queue.reserve(0)
    later = queue.reserve(0)
    assert later is not None
    queue.give_back(later, 0)

    again = queue.reserve(0)

    assert again is not None
    assert again.at == 10
