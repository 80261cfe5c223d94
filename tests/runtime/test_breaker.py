"""The circuit breaker leaves a failing server in peace, and finds out when it has recovered."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from clientgen_runtime import (
    AsyncClient,
    CircuitBreaker,
    CircuitChange,
    CircuitOpenError,
    Client,
    ClientError,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    OAuth2Auth,
    RateLimiter,
    Request,
    RetryConfig,
    ServerError,
    SlidingWindow,
    TimeoutConfig,
    TotalTimeoutError,
)
from clientgen_runtime._policies.breaker import Circuit, Window
from clientgen_runtime.sdk import Operation
from tests.runtime.driving import BASE_URL, Connect, Server

OK = httpx.Response(200, json={})
BUSY = httpx.Response(503)
ORIGIN = "https://pets.example:443"
REQUEST = Request("GET", BASE_URL)


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("clientgen_runtime._policies.breaker.now", made)
    return made


def call(client: Any, **options: Any) -> str:
    """The status of a call, or the name of its error."""
    try:
        return str(client.get("/pets", **options).status_code)
    except ClientError as error:
        return type(error).__name__


# --- Through clients -----------------------------------------------------------------------


def test_failures_in_a_row_open_the_circuit(connect: Connect, clock: Clock) -> None:
    server = Server(BUSY)
    client = connect(server, circuit_breaker=CircuitBreaker(consecutive_failures=2))

    assert [call(client) for _ in range(3)] == ["ServerError", "ServerError", "CircuitOpenError"]
    assert len(server.requests) == 2


def test_a_rate_of_failures_opens_the_circuit(connect: Connect, clock: Clock) -> None:
    server = Server(OK, BUSY, OK, BUSY, OK)
    client = connect(server, circuit_breaker=CircuitBreaker(min_calls=4, failure_rate=0.5))

    assert [call(client) for _ in range(5)][3:] == ["ServerError", "CircuitOpenError"]


def test_what_is_long_ago_counts_no_more(connect: Connect, clock: Clock) -> None:
    client = connect(Server(BUSY), circuit_breaker=CircuitBreaker(min_calls=2, window=10))

    call(client)
    clock.time += 11

    assert [call(client), call(client)] == ["ServerError", "ServerError"]


@pytest.mark.parametrize("status", [400, 404, 429])
def test_answers_that_blame_the_caller_are_no_failures(
    connect: Connect, clock: Clock, status: int
) -> None:
    breaker = CircuitBreaker(consecutive_failures=1)

    call(connect(Server(httpx.Response(status)), circuit_breaker=breaker))

    assert breaker.circuits[ORIGIN].failures == 0


def test_failed_connections_are_failures(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(consecutive_failures=1)

    call(connect(Server(httpx.ConnectError("refused")), circuit_breaker=breaker))

    assert breaker.circuits[ORIGIN].state == "open"


def test_our_own_full_pool_says_nothing_of_the_server(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(consecutive_failures=1)

    call(connect(Server(httpx.PoolTimeout("")), circuit_breaker=breaker))

    assert breaker.circuits[ORIGIN].calls == 0


def test_a_call_that_was_never_sent_says_nothing_of_the_server(connect: Connect) -> None:
    def slow(request: httpx.Request) -> None:
        time.sleep(0.02)

    breaker = CircuitBreaker(consecutive_failures=1)
    client = connect(Server(), circuit_breaker=breaker, event_hooks={"request": [slow]})

    with pytest.raises(TotalTimeoutError):
        client.get("/pets", timeout=TimeoutConfig(total=0.01))
    assert breaker.circuits[ORIGIN].failures == 0
    assert breaker.circuits[ORIGIN].state == "closed"


@pytest.mark.parametrize("refused", [False, True])
def test_a_token_that_cannot_be_fetched_says_nothing_of_the_server(
    connect: Connect, refused: bool
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.example":
            raise httpx.ConnectError("away")
        return httpx.Response(401)

    breaker = CircuitBreaker(consecutive_failures=1)
    token = "t-1" if refused else None
    auth = OAuth2Auth("https://login.example/token", "id", "secret", token=token)
    client = connect(answer, auth=auth, circuit_breaker=breaker)

    with pytest.raises(ConnectionError, match="away"):
        client.get("/pets")
    assert breaker.circuits[ORIGIN].state == "closed"


def test_slow_answers_open_the_circuit(connect: Connect, clock: Clock) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        clock.time += 3
        return httpx.Response(200)

    breaker = CircuitBreaker(slow_after=2, min_calls=2)
    client = connect(slow, circuit_breaker=breaker)

    assert [call(client) for _ in range(3)] == ["200", "200", "CircuitOpenError"]


def test_the_error_says_when_to_come_back(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=30)
    client = connect(Server(BUSY), circuit_breaker=breaker)
    call(client)
    clock.time += 10

    with pytest.raises(CircuitOpenError, match=r"pets\.example:443: .* open, for 20\.0 s") as e:
        client.get("/pets")
    assert e.value.retry_after == pytest.approx(20)


def test_a_good_probe_closes_the_circuit(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=30)
    client = connect(Server(BUSY, OK), circuit_breaker=breaker)
    call(client)
    clock.time += 30

    assert call(client) == "200"
    assert breaker.circuits[ORIGIN].state == "closed"


def test_a_bad_probe_opens_it_for_longer(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=30, open_growth=2, open_max=70)
    client = connect(Server(BUSY), circuit_breaker=breaker)
    waits = []
    for _ in range(4):
        call(client)
        waits.append(breaker.circuits[ORIGIN].retry_after)
        clock.time += waits[-1]

    assert waits == pytest.approx([30, 60, 70, 70])


def test_an_open_circuit_is_not_tried_again(connect: Connect, clock: Clock) -> None:
    server = Server(BUSY)
    breaker = CircuitBreaker(consecutive_failures=2)
    retry = RetryConfig(max_attempts=5, backoff_factor=0)

    assert call(connect(server, circuit_breaker=breaker, retry=retry)) == "CircuitOpenError"
    assert len(server.requests) == 2


def test_each_origin_has_its_own(connect: Connect, clock: Clock) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if request.url.host == "bad.example" else 200)

    client = connect(handler, circuit_breaker=CircuitBreaker(consecutive_failures=1))
    with pytest.raises(ServerError):
        client.get("https://bad.example/")

    assert call(client) == "200"


def test_calls_may_be_kept_apart_by_a_function(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(key=lambda request: request.method)

    connect(Server(OK), circuit_breaker=breaker).delete("/pets")

    assert list(breaker.circuits) == ["DELETE"]


def test_each_endpoint_of_a_document_may_have_its_own(connect: Connect, clock: Clock) -> None:
    breaker = CircuitBreaker(key="endpoint")
    retrieve: Operation[object] = Operation("GET", "/pets/{petId}", {"200": lambda: object})

    connect(Server(OK), circuit_breaker=breaker)._call(retrieve, path=(7,))

    assert list(breaker.circuits) == [f"GET {ORIGIN}/pets/{{petId}}"]


def test_changes_are_told(connect: Connect, clock: Clock) -> None:
    told: list[CircuitChange] = []
    breaker = CircuitBreaker(consecutive_failures=1, on_change=told.append)
    client = connect(Server(BUSY, OK), circuit_breaker=breaker)

    call(client)
    clock.time += 5
    call(client)

    assert [change.after for change in told] == ["open", "half_open", "closed"]
    assert told[0] == CircuitChange(ORIGIN, "closed", "open")


def test_a_listener_that_fails_costs_no_call(connect: Connect, clock: Clock) -> None:
    def broken(change: CircuitChange) -> None:
        raise KeyError(change.key)

    breaker = CircuitBreaker(consecutive_failures=1, on_change=broken)

    assert call(connect(Server(BUSY), circuit_breaker=breaker)) == "ServerError"


def test_a_call_that_is_refused_takes_no_turn_of_the_limiter(
    connect: Connect, clock: Clock
) -> None:
    limiter = RateLimiter(SlidingWindow(2, 3600))
    breaker = CircuitBreaker(consecutive_failures=1, open_for=10)
    client = connect(Server(BUSY, OK), circuit_breaker=breaker, rate_limiter=limiter)

    refused = [call(client) for _ in range(5)]
    clock.time += 10

    assert refused == ["ServerError", *["CircuitOpenError"] * 4]
    assert call(client, timeout=TimeoutConfig(total=5)) == "200"


def test_threads_that_tell_of_changes_in_another_order_hide_none(
    connect: Connect, clock: Clock
) -> None:
    breaker = CircuitBreaker(consecutive_failures=1, open_for=10)
    client = connect(Server(BUSY, OK), circuit_breaker=breaker)

    call(client)
    breaker._tell(ORIGIN, "half_open", "closed")  # by a thread that was held up
    assert breaker._in_trouble == {ORIGIN}

    clock.time += 10
    call(client)
    breaker._tell(ORIGIN, "closed", "open")
    assert not breaker._in_trouble


def test_one_call_may_go_without(connect: Connect, clock: Clock) -> None:
    client = connect(Server(BUSY), circuit_breaker=CircuitBreaker(consecutive_failures=1))
    call(client)

    assert call(client, circuit_breaker=None) == "ServerError"


def test_a_probe_that_is_interrupted_makes_room_for_another(clock: Clock) -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    breaker = opened(clock, probes=1)
    transport = httpx.MockTransport(interrupted)
    with Client(BASE_URL, transport=transport, circuit_breaker=breaker) as client:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                client.get("/pets")


@pytest.mark.parametrize(
    "options",
    [
        {"key": "path"},
        {"failure_rate": 0},
        {"min_calls": 0},
        {"window": -1},
        {"slow_after": 0},
        {"probes": 0},
    ],
)
def test_values_that_make_no_sense_are_refused(options: Any) -> None:
    with pytest.raises(ConfigurationError):
        CircuitBreaker(**options)


def test_what_is_no_breaker_is_refused(connect: Connect) -> None:
    with pytest.raises(ConfigurationError, match="takes a CircuitBreaker"):
        connect(circuit_breaker=True)


# --- Many at once --------------------------------------------------------------------------


def opened(clock: Clock, probes: int) -> CircuitBreaker:
    breaker = CircuitBreaker(consecutive_failures=1, probes=probes)
    with Client(
        BASE_URL, transport=httpx.MockTransport(Server(BUSY)), circuit_breaker=breaker, retry=None
    ) as client:
        call(client)
    clock.time += 5
    return breaker


def test_of_fifty_threads_as_many_probe_as_may(clock: Clock) -> None:
    breaker = opened(clock, probes=3)

    def enter(_: int) -> object:
        try:
            return breaker._enter(REQUEST)
        except CircuitOpenError:
            return None

    with ThreadPoolExecutor(50) as threads:
        tickets = [ticket for ticket in threads.map(enter, range(50)) if ticket]

    assert len(tickets) == 3


def test_of_a_thousand_tasks_as_many_probe_as_may_and_cancelled_ones_do_not_count(
    clock: Clock,
) -> None:
    breaker = opened(clock, probes=3)
    sent = []

    async def never(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        await asyncio.sleep(60)
        raise NotImplementedError

    async def main() -> None:
        transport = httpx.MockTransport(never)
        async with AsyncClient(BASE_URL, transport=transport, circuit_breaker=breaker) as client:
            tasks = [asyncio.create_task(client.get("/pets")) for _ in range(1000)]
            await asyncio.sleep(0.5)
            for task in tasks:
                task.cancel()
            errors = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(error, CircuitOpenError) for error in errors) == 997

    asyncio.run(main())

    assert len(sent) == 3
    assert [breaker._enter(REQUEST).epoch for _ in range(3)] == [2, 2, 2]


# --- The rules by themselves ---------------------------------------------------------------


class Model(RuleBasedStateMachine):
    """Attempts that begin and end in any order, beside the rules said in the plainest way."""

    @initialize(probes=st.integers(1, 3), row=st.integers(1, 3))
    def begin(self, probes: int, row: int) -> None:
        self.breaker = CircuitBreaker(
            consecutive_failures=row, probes=probes, min_calls=1000, open_for=10, open_max=40
        )
        self.circuit = Circuit(self.breaker)
        self.time = 0.0
        self.running: list[tuple[int, int]] = []  # epoch of the circuit, period of the model
        self.period = 0
        self.state, self.row, self.good, self.failed_probes = "closed", 0, 0, 0
        self.until = self.probed = 0.0

    def turn(self, state: str) -> None:
        self.state, self.row, self.good = state, 0, 0
        self.period += 1

    @rule()
    def start(self) -> None:
        if self.state == "open" and self.time >= self.until:
            self.turn("half_open")
        probing = sum(period == self.period for _, period in self.running) + self.good
        if (
            self.state == "half_open"
            and probing >= self.breaker.probes
            and self.time - self.probed >= 60
        ):
            self.turn("half_open")
            probing = 0
        may = self.state == "closed" or (
            self.state == "half_open" and probing < self.breaker.probes
        )

        epoch = self.circuit.admit(self.time)

        assert (epoch is not None) == may
        if epoch is not None:
            self.running.append((epoch, self.period))
            self.probed = self.time

    @precondition(lambda self: self.running)
    @rule(data=st.data(), failed=st.booleans())
    def end(self, data: st.DataObject, failed: bool) -> None:
        epoch, period = self.running.pop(data.draw(st.integers(0, len(self.running) - 1)))
        self.circuit.record(epoch, self.time, 0, failed=failed)
        if period != self.period:
            return
        self.row = self.row + 1 if failed else 0
        self.good += not failed
        if failed and (
            self.state == "half_open" or self.row >= (self.breaker.consecutive_failures or 0)
        ):
            self.until = self.time + min(10 * 2**self.failed_probes, 40)
            self.failed_probes += 1
            self.turn("open")
        elif self.state == "half_open" and self.good == self.breaker.probes:
            self.failed_probes = 0
            self.turn("closed")

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        epoch, _ = self.running.pop(data.draw(st.integers(0, len(self.running) - 1)))
        self.circuit.release(epoch)

    @rule(seconds=st.sampled_from([0.5, 5.0, 10.0, 45.0]))
    def wait(self, seconds: float) -> None:
        self.time += seconds

    @invariant()
    def states_agree(self) -> None:
        if hasattr(self, "circuit"):
            assert self.circuit.state == self.state

    def teardown(self) -> None:
        """Never stuck: when nothing runs any more, a server that does well is called again."""
        if not hasattr(self, "circuit"):
            return
        for epoch, _ in self.running:
            self.circuit.release(epoch)
        for _ in range(2 * self.breaker.probes + 1):
            self.time += 40
            admitted = self.circuit.admit(self.time)
            assert admitted is not None
            self.circuit.record(admitted, self.time, 0, failed=False)
        assert self.circuit.state == "closed"


TestTheRulesHoldInAnyOrder = Model.TestCase


def test_a_probe_that_never_ends_makes_room_for_another() -> None:
    circuit = Circuit(CircuitBreaker(consecutive_failures=1, open_for=10))
    bad = circuit.admit(0)
    assert bad is not None
    circuit.record(bad, 0, 0, failed=True)
    first = circuit.admit(10)

    assert first is not None
    assert circuit.admit(69) is None
    second = circuit.admit(70)
    assert second is not None
    circuit.record(first, 71, 61, failed=True)
    assert circuit.status(71).state == "half_open"
    circuit.record(second, 72, 2, failed=False)
    assert circuit.status(72).state == "closed"


def test_a_late_answer_of_older_times_does_not_count() -> None:
    circuit = Circuit(CircuitBreaker(consecutive_failures=1, open_for=10))
    late, bad = circuit.admit(0), circuit.admit(0)
    assert late is not None
    assert bad is not None
    circuit.record(bad, 0, 0, failed=True)
    circuit.admit(10)

    circuit.record(late, 10, 10, failed=False)

    assert circuit.state == "half_open"


def test_a_window_costs_the_same_for_any_number_of_calls() -> None:
    window = Window(10)

    for step in range(10_000):
        window.add(step / 100, True, False)

    assert len(window._slots) == 10
    assert window.totals(100)[0] == pytest.approx(1000, rel=0.11)
