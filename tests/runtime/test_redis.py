"""Processes share limits and circuits through Redis, and go on alone while it is away."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clientgen_runtime import (
    AsyncClient,
    CircuitBreaker,
    CircuitChange,
    Client,
    ClientError,
    ConfigurationError,
    RateLimiter,
    RedisSharing,
    SlidingWindow,
    TimeoutConfig,
    TokenBucket,
    TotalTimeoutError,
)
from clientgen_runtime._policies.breaker import Circuit
from clientgen_runtime._policies.limiter import Queue, Stated, Turn
from clientgen_runtime._policies.redis_scripts import CIRCUIT, GIVE_BACK, HOLD, RESERVE
from clientgen_runtime._policies.redis_sharing import _rules, _text
from tests.runtime.driving import BASE_URL, Connect, Server
from tests.runtime.redis_server import RedisServer, run_redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The versions of hypothesis for Python 3.10 do not type it.
run_model: Callable[..., None] = run_state_machine_as_test
OK = httpx.Response(200, json={})
BUSY = httpx.Response(503)
ORIGIN = "https://pets.example:443"


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    yield from run_redis()


@pytest.fixture
def sharing(redis: RedisServer) -> RedisSharing:
    return RedisSharing(redis.url, prefix=f"{uuid.uuid4()}:")


def another(sharing: RedisSharing, redis: RedisServer) -> RedisSharing:
    """What another process has."""
    return RedisSharing(redis.url, prefix=sharing._prefix)


def outcome(client: Any, **options: Any) -> str:
    """The status of a call, or the name of its error."""
    try:
        return str(client.get("/pets", **options).status_code)
    except ClientError as error:
        return type(error).__name__


def settled(sharing: RedisSharing) -> None:
    """Wait until Redis has been told all."""
    teller = sharing._teller
    if teller is not None:
        teller.join(5)


# --- Rate limits ---------------------------------------------------------------------------


def test_two_processes_take_turns(
    connect: Connect, redis: RedisServer, sharing: RedisSharing, slept: list[float]
) -> None:
    ours = connect(Server(OK), rate_limiter=RateLimiter(SlidingWindow(1, 60), shared=sharing))
    theirs = RateLimiter(SlidingWindow(1, 60), shared=another(sharing, redis))
    connect(Server(OK), rate_limiter=theirs).get("/pets")
    timeout = TimeoutConfig(total=30)

    assert outcome(ours, timeout=timeout) == "TotalTimeoutError"


def test_a_turn_is_waited_for(connect: Connect, sharing: RedisSharing) -> None:
    client = connect(Server(OK), rate_limiter=RateLimiter(TokenBucket(20), shared=sharing))
    started = time.monotonic()

    for _ in range(5):
        client.get("/pets")

    assert 0.19 <= time.monotonic() - started < 1


def test_a_wait_beyond_the_deadline_fails_at_once(connect: Connect, sharing: RedisSharing) -> None:
    limiter = RateLimiter(SlidingWindow(1, 60), shared=sharing)
    server = Server(OK)
    client = connect(server, rate_limiter=limiter, timeout=TimeoutConfig(total=30))
    client.get("/pets")

    with pytest.raises(TotalTimeoutError, match="no turn within the total timeout"):
        client.get("/pets")
    assert len(server.requests) == 1


def test_what_the_server_asks_of_one_all_keep_to(
    connect: Connect, redis: RedisServer, sharing: RedisSharing
) -> None:
    refused = httpx.Response(429, headers={"Retry-After": "30"})
    told = connect(Server(refused), rate_limiter=RateLimiter(shared=sharing))
    other = RateLimiter(shared=another(sharing, redis))

    assert outcome(told) == "RateLimitError"
    settled(sharing)

    client = connect(Server(OK), rate_limiter=other, timeout=TimeoutConfig(total=5))
    assert outcome(client) == "TotalTimeoutError"


def test_a_rest_that_the_server_asks_for_changes_no_order(
    redis: RedisServer, sharing: RedisSharing
) -> None:
    """Those who wait in several processes are sent in order, after the rest."""
    sent: list[int] = []
    limits = TokenBucket(10)

    async def use(client: AsyncClient, number: int) -> None:
        await client.get(f"/{number}")
        sent.append(number)

    async def main() -> None:
        transport = httpx.MockTransport(Server(OK))
        limiters = [RateLimiter(limits, shared=each) for each in (sharing, another(sharing, redis))]
        async with AsyncClient(BASE_URL, transport=transport) as client:
            clients = [client.with_options(rate_limiter=limiter) for limiter in limiters]
            tasks = []
            for number in range(6):
                tasks.append(asyncio.create_task(use(clients[number % 2], number)))
                await asyncio.sleep(0.01)
            queue = limiters[0]._queues[ORIGIN]
            keys = sharing._keys("limit", ORIGIN, "state", "turns", "free")
            sharing._ask(HOLD, keys, [0.4, *queue.limits_as_numbers()])
            await asyncio.gather(*tasks)

    asyncio.run(main())

    assert sent == [0, 1, 2, 3, 4, 5]


def test_a_turn_that_is_cancelled_is_for_other_processes(
    redis: RedisServer, sharing: RedisSharing
) -> None:
    limits = SlidingWindow(1, 60)

    async def main() -> None:
        limiter = RateLimiter(limits, shared=sharing)
        transport = httpx.MockTransport(Server(OK))
        async with AsyncClient(BASE_URL, transport=transport, rate_limiter=limiter) as client:
            await client.get("/pets")
            tasks = [asyncio.create_task(client.get("/pets")) for _ in range(20)]
            await asyncio.sleep(0.2)
            assert client.rate_limits[ORIGIN].waiting == 20
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(main())
    settled(sharing)
    other = another(sharing, redis)
    queue = Queue((limits,))
    keys = other._keys("limit", ORIGIN, "state", "turns", "free")
    answer = other._ask(RESERVE, keys, ["", 0, *queue.limits_as_numbers()])

    assert answer is not None
    assert 59 < float(answer[0]) <= 60


def test_a_call_that_is_cancelled_while_redis_is_asked_takes_no_turn(
    sharing: RedisSharing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    ask = sharing._ask

    def slowly(script: str, *given: Any) -> Any:
        answer = ask(script, *given)
        if script is RESERVE:
            asked.set()
            time.sleep(0.2)
        return answer

    async def main() -> None:
        limiter = RateLimiter(SlidingWindow(1, 60), shared=sharing)
        transport = httpx.MockTransport(Server(OK))
        async with AsyncClient(BASE_URL, transport=transport, rate_limiter=limiter) as client:
            await client.get("/pets")
            monkeypatch.setattr(sharing, "_ask", slowly)
            asked.clear()
            task = asyncio.create_task(client.get("/pets"))
            while not asked.is_set():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.3)

    asyncio.run(main())
    settled(sharing)

    turns = sharing._client.lrange(sharing._keys("limit", ORIGIN, "turns")[0], 0, -1)
    assert len(turns) == 1


def test_the_adaptive_mode_is_not_shared(sharing: RedisSharing) -> None:
    with pytest.raises(ConfigurationError, match="leave out shared= or adaptive="):
        RateLimiter(adaptive=True, shared=sharing)


def test_keys_in_redis_do_not_stay_for_ever(connect: Connect, sharing: RedisSharing) -> None:
    limiter = RateLimiter(TokenBucket(10), shared=sharing)
    breaker = CircuitBreaker(shared=sharing)

    connect(Server(OK), rate_limiter=limiter, circuit_breaker=breaker).get("/pets")

    keys = sharing._client.keys(f"{sharing._prefix}*")
    assert len(keys) == 4
    assert all(sharing._client.pttl(key) > 0 for key in keys)


PROCESS = """
import json, sys, time
from threading import Thread
import httpx
from clientgen_runtime import Client, RateLimiter, RedisSharing, SlidingWindow

url, prefix = sys.argv[1:]
sent = []

def answer(request):
    sent.append(time.time())
    return httpx.Response(200)

limiter = RateLimiter(SlidingWindow(100, 1), shared=RedisSharing(url, prefix))
transport = httpx.MockTransport(answer)
with Client("https://pets.example", transport=transport, rate_limiter=limiter) as client:
    print("ready", flush=True)
    sys.stdin.readline()
    told_to_end = Thread(target=sys.stdin.readline)
    told_to_end.start()
    while told_to_end.is_alive():
        client.get("/pets")
print(json.dumps(sent))
"""


class Processes:
    """Programs that send as fast as they may, until they are told to end."""

    def __init__(self, redis: RedisServer, prefix: str) -> None:
        command = [sys.executable, "-c", PROCESS, redis.url, prefix]
        self._running = [
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for process in self._running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        self._tell()

    def _tell(self) -> None:
        for process in self._running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

    def sent(self) -> tuple[list[float], str]:
        """When all of them have sent, and what they have logged."""
        sent: list[float] = []
        logged = ""
        self._tell()
        for process in self._running:
            output, errors = process.communicate(timeout=30)
            assert process.returncode == 0, errors
            sent += json.loads(output)
            logged += errors
        return sorted(sent), logged


def most_within(sent: list[float], seconds: float) -> int:
    """How many were sent in the busiest period of that length."""
    first = most = 0
    for last, moment in enumerate(sent):
        while sent[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@dataclass(frozen=True)
class Load:
    """What four processes have sent before, while and after Redis was away."""

    sent: list[float]
    logged: str
    killed: float
    back: float


@pytest.fixture(scope="module")
def load(redis: RedisServer) -> Load:
    processes = Processes(redis, f"{uuid.uuid4()}:")
    time.sleep(2)
    killed = time.time()
    redis.kill()
    time.sleep(0.6)
    redis.start()
    back = time.time()
    time.sleep(2.4)
    return Load(*processes.sent(), killed, back)


def test_four_processes_keep_to_a_hundred_a_second(load: Load) -> None:
    sent = [moment for moment in load.sent if moment < load.killed]

    assert most_within(sent, 1) <= 105
    assert len(sent) >= 195


def test_no_call_fails_while_redis_is_killed_and_started_again(load: Load) -> None:
    # Alone, each process keeps to the limit by itself.
    assert most_within(load.sent, 1) <= 4 * 105
    assert load.logged.count("Redis cannot be used") == 4


def test_when_redis_is_back_the_limit_is_shared_again(load: Load) -> None:
    # Each asks once a second, and has then sent what it may alone.
    sent = [moment for moment in load.sent if moment > load.back + 1.3]

    assert sent
    assert most_within(sent, 1) <= 105


# --- While Redis is away ---------------------------------------------------------------------


def test_without_redis_limits_of_the_process_hold(connect: Connect, slept: list[float]) -> None:
    pytest.importorskip("redis")
    sharing = RedisSharing("redis://127.0.0.1:1/0")
    limiter = RateLimiter(SlidingWindow(2, 60), shared=sharing)
    breaker = CircuitBreaker(consecutive_failures=1, shared=sharing)
    client = connect(
        Server(OK, BUSY),
        rate_limiter=limiter,
        circuit_breaker=breaker,
        timeout=TimeoutConfig(total=30),
    )

    outcomes = [outcome(client) for _ in range(3)]

    assert outcomes == ["200", "ServerError", "CircuitOpenError"]
    assert outcome(client, circuit_breaker=None) == "TotalTimeoutError"
    assert breaker.circuits[ORIGIN].state == "open"


def test_an_outage_of_redis_is_logged_once(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("redis")
    url = "redis://:s3cret@127.0.0.1:1/0"
    limiter = RateLimiter(TokenBucket(1000), shared=RedisSharing(url))
    client = connect(Server(OK), rate_limiter=limiter)

    with caplog.at_level(logging.INFO, "clientgen_runtime"):
        for _ in range(5):
            client.get("/pets")

    told = [record.message for record in caplog.records if "Redis" in record.message]
    assert len(told) == 1
    assert "s3cret" not in told[0]


class Failing:
    """A client of Redis that fails as it is told."""

    def __init__(self) -> None:
        self.fails = True
        self.asked = 0

    def register_script(self, text: str) -> Any:
        return self

    def __call__(self, keys: Any, args: Any) -> Any:
        self.asked += 1
        if self.fails:
            raise OSError("away")
        return ["0", "1:1"]


def test_redis_is_asked_again_once_a_second(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [0.0]
    monkeypatch.setattr("clientgen_runtime._policies.redis_sharing.now", lambda: clock[0])
    failing = Failing()
    sharing = RedisSharing(failing)
    with caplog.at_level(logging.INFO, "clientgen_runtime"):
        for _ in range(10):
            sharing._ask(RESERVE, [], [])
        clock[0] += 1
        failing.fails = False
        answers = [sharing._ask(RESERVE, [], []) for _ in range(2)]

    assert failing.asked == 3
    assert answers == [["0", "1:1"]] * 2
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_sharing_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(ConfigurationError, match=r"clientgen-runtime\[redis\]"):
        RedisSharing("redis://127.0.0.1")


def test_a_client_of_asyncio_is_refused() -> None:
    client = pytest.importorskip("redis").asyncio.Redis()

    with pytest.raises(ConfigurationError, match=r"takes a redis\.Redis, which AsyncClient uses"):
        RedisSharing(client)


def test_a_client_of_the_users_own_may_decode(connect: Connect, redis: RedisServer) -> None:
    client = pytest.importorskip("redis").Redis.from_url(redis.url, decode_responses=True)
    sharing = RedisSharing(client, prefix=f"{uuid.uuid4()}:")
    breaker = CircuitBreaker(consecutive_failures=1, shared=sharing)
    limiter = RateLimiter(SlidingWindow(1, 60), shared=sharing)
    calls = connect(
        Server(BUSY),
        circuit_breaker=breaker,
        rate_limiter=limiter,
        timeout=TimeoutConfig(total=30),
    )

    assert [outcome(calls), outcome(calls)] == ["ServerError", "CircuitOpenError"]
    assert outcome(calls, circuit_breaker=None) == "TotalTimeoutError"
    assert breaker.circuits[ORIGIN].state == "open"
    assert not sharing._away
    client.close()


# --- Circuits ------------------------------------------------------------------------------


def test_a_circuit_that_one_process_opens_is_open_in_all(
    connect: Connect, redis: RedisServer, sharing: RedisSharing
) -> None:
    changes: list[CircuitChange] = []
    ours = CircuitBreaker(consecutive_failures=2, shared=sharing)
    theirs = CircuitBreaker(
        consecutive_failures=2, shared=another(sharing, redis), on_change=changes.append
    )
    failing = connect(Server(BUSY), circuit_breaker=ours)
    other = connect(Server(OK), circuit_breaker=theirs)

    outcomes = [outcome(failing), outcome(failing), outcome(other)]

    assert outcomes == ["ServerError", "ServerError", "CircuitOpenError"]
    assert [change.after for change in changes] == ["open"]
    assert 0 < theirs.circuits[ORIGIN].retry_after <= 5


def test_a_call_that_is_refused_takes_no_turn(connect: Connect, sharing: RedisSharing) -> None:
    limiter = RateLimiter(SlidingWindow(2, 3600), shared=sharing)
    breaker = CircuitBreaker(consecutive_failures=1, open_for=60, shared=sharing)
    client = connect(Server(BUSY), circuit_breaker=breaker, rate_limiter=limiter)

    outcomes = [outcome(client) for _ in range(4)]

    assert outcomes == ["ServerError", *["CircuitOpenError"] * 3]
    assert sharing._client.llen(sharing._keys("limit", ORIGIN, "turns")[0]) == 1


def test_of_all_processes_one_probes(redis: RedisServer, sharing: RedisSharing) -> None:
    probing = threading.Event()
    answered = threading.Event()

    def slow(request: httpx.Request) -> httpx.Response:
        probing.set()
        answered.wait(5)
        return OK

    def client(handler: Any, **rules: Any) -> Client:
        breaker = CircuitBreaker(
            consecutive_failures=1, open_for=0.1, shared=another(sharing, redis)
        )
        transport = httpx.MockTransport(handler)
        return Client(BASE_URL, transport=transport, circuit_breaker=breaker, retry=None)

    with client(Server(BUSY)) as failing, client(slow) as first, client(Server(OK)) as second:
        outcome(failing)
        time.sleep(0.15)
        thread = threading.Thread(target=outcome, args=[first])
        thread.start()
        probing.wait(5)
        refused = outcome(second)
        answered.set()
        thread.join(5)

        assert refused == "CircuitOpenError"
        assert outcome(second) == "200"


def test_a_cancelled_probe_makes_room_for_another_process(
    redis: RedisServer, sharing: RedisSharing
) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=0.05, shared=sharing)

    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    transport = httpx.MockTransport(interrupted)
    failing = httpx.MockTransport(Server(BUSY))
    with Client(BASE_URL, transport=failing, circuit_breaker=breaker, retry=None) as client:
        outcome(client)
    time.sleep(0.1)
    with Client(BASE_URL, transport=transport, circuit_breaker=breaker, retry=None) as client:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                client.get("/pets")
            settled(sharing)


# --- The scripts keep the same rules ---------------------------------------------------------


class Both:
    """A queue in this process and one in Redis, at the same time."""

    def __init__(self, sharing: RedisSharing, queue: Queue) -> None:
        self.queue = queue
        self._sharing = sharing
        self._keys = sharing._keys("limit", uuid.uuid4().hex, "state", "turns", "free")
        self.time = 1000.0
        sharing._clock = lambda: repr(self.time)

    def reserve(self, patience: float | None) -> tuple[Turn | None, float, str]:
        deadline = None if patience is None else self.time + patience
        turn = self.queue.reserve(self.time, deadline)
        given = ["" if patience is None else patience, 0, *self.queue.limits_as_numbers()]
        answer = self._sharing._ask(RESERVE, self._keys, given)
        assert answer is not None
        return turn, float(answer[0]), answer[1]

    def give_back(self, turn: Turn, number: str) -> None:
        self.queue.give_back(turn, self.time)
        self._sharing._ask(GIVE_BACK, self._keys, [number])

    def hold(self, seconds: float) -> None:
        self.queue.learn(Stated(wait=seconds), self.time, 60)
        self._sharing._ask(HOLD, self._keys, [seconds, *self.queue.limits_as_numbers()])

    def put_off(self, number: str) -> float | None:
        moment = self._sharing._client.hget(self._keys[0], f"at:{_text(number)}")
        return None if moment is None else float(moment)


def test_redis_gives_the_turns_that_the_process_itself_would_give(sharing: RedisSharing) -> None:
    class Model(RuleBasedStateMachine):
        @initialize(
            rate=st.sampled_from([0.5, 1.0, 4.0]),
            burst=st.integers(1, 3),
            calls=st.integers(1, 4),
            seconds=st.sampled_from([1.0, 4.0]),
        )
        def begin(self, rate: float, burst: int, calls: int, seconds: float) -> None:
            limits = (TokenBucket(rate, burst), SlidingWindow(calls, seconds))
            self.both = Both(sharing, Queue(limits))
            self.taken: list[tuple[Turn, str]] = []

        @rule(patience=st.sampled_from([None, 0.0, 2.0, 50.0]))
        def reserve(self, patience: float | None) -> None:
            turn, wait, number = self.both.reserve(patience)

            assert wait == pytest.approx(-1 if turn is None else turn.wait)
            if turn is not None:
                self.taken.append((turn, number))

        @precondition(lambda self: self.taken)
        @rule(data=st.data())
        def give_back(self, data: st.DataObject) -> None:
            place = data.draw(st.integers(0, len(self.taken) - 1))
            self.both.give_back(*self.taken.pop(place))

        @rule(seconds=st.sampled_from([0.25, 1.0, 5.0]))
        def wait(self, seconds: float) -> None:
            self.both.time += seconds

        @rule(seconds=st.sampled_from([1.0, 3.0]))
        def hold(self, seconds: float) -> None:
            self.both.hold(seconds)

            for turn, number in self.taken:
                assert self.both.put_off(number) in (None, pytest.approx(turn.at))

    run_model(
        Model,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_redis_opens_and_closes_circuits_as_the_process_itself_would(
    sharing: RedisSharing,
) -> None:
    class Model(RuleBasedStateMachine):
        @initialize(
            probes=st.integers(1, 3),
            row=st.sampled_from([None, 1, 3]),
            rate=st.sampled_from([0.5, 1.0]),
        )
        def begin(self, probes: int, row: int | None, rate: float) -> None:
            self.breaker = CircuitBreaker(
                consecutive_failures=row,
                failure_rate=rate,
                probes=probes,
                min_calls=4,
                window=20,
                open_for=10,
                open_max=40,
                slow_after=1,
            )
            self.circuit = Circuit(self.breaker)
            self.keys = sharing._keys("circuit", uuid.uuid4().hex, "state", "counts")
            self.time = 1000.0
            sharing._clock = lambda: repr(self.time)
            self.running: list[tuple[int, int]] = []

        def ask(self, what: str, *given: object) -> list[Any]:
            answer = sharing._ask(CIRCUIT, self.keys, [what, *_rules(self.breaker), *given])
            assert answer is not None
            return answer

        def agree(self, answer: list[Any]) -> None:
            status = self.circuit.status(self.time)
            assert answer[1].decode() == status.state
            assert answer[3:] == [status.calls, status.failures, status.slow]
            assert float(answer[2]) == pytest.approx(status.retry_after)

        @rule()
        def enter(self) -> None:
            ours = self.circuit.admit(self.time)
            answer = self.ask("enter", "", "", "")

            theirs = int(float(answer[0]))
            assert (ours is None) == (theirs < 0)
            self.agree(answer)
            if ours is not None:
                self.running.append((ours, theirs))

        @precondition(lambda self: self.running)
        @rule(data=st.data(), failed=st.booleans(), slow=st.booleans())
        def leave(self, data: st.DataObject, failed: bool, slow: bool) -> None:
            place = data.draw(st.integers(0, len(self.running) - 1))
            ours, theirs = self.running.pop(place)
            self.circuit.record(ours, self.time, 2.0 if slow else 0.0, failed)
            self.agree(self.ask("leave", theirs, int(failed), int(slow)))

        @precondition(lambda self: self.running)
        @rule(data=st.data())
        def release(self, data: st.DataObject) -> None:
            place = data.draw(st.integers(0, len(self.running) - 1))
            ours, theirs = self.running.pop(place)
            self.circuit.release(ours)
            self.agree(self.ask("release", theirs, "", ""))

        @rule(seconds=st.sampled_from([0.5, 5.0, 10.0, 45.0]))
        def wait(self, seconds: float) -> None:
            self.time += seconds

    run_model(
        Model,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_process_that_dies_while_it_probes_blocks_nobody(sharing: RedisSharing) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=10)
    moment = [1000.0]
    sharing._clock = lambda: repr(moment[0])
    keys = sharing._keys("circuit", "pets", "state", "counts")

    def enter() -> int:
        answer = sharing._ask(CIRCUIT, keys, ["enter", *_rules(breaker), "", "", ""])
        assert answer is not None
        return int(float(answer[0]))

    sharing._ask(CIRCUIT, keys, ["leave", *_rules(breaker), enter(), 1, 0])
    moment[0] += 10
    admitted = [enter(), enter()]
    moment[0] += 61

    assert [epoch >= 0 for epoch in admitted] == [True, False]
    assert enter() >= 0
