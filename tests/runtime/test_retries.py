from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from clientgen_runtime import (
    ConfigurationError,
    ConnectionError,  # noqa: A004
    Headers,
    RetryConfig,
    ServerError,
)
from clientgen_runtime._client import sleep
from clientgen_runtime._policies.retry import retry_after
from tests.runtime.driving import Connect, Server

OK = httpx.Response(200, json="fine")
BUSY = httpx.Response(503)
BROKEN = httpx.ReadError("")
TWICE = RetryConfig(max_attempts=3, jitter=0)


@pytest.mark.parametrize("trouble", [BUSY, BROKEN, httpx.ConnectTimeout("slow")])
def test_passing_trouble_is_tried_again(connect: Connect, slept: list[float], trouble: Any) -> None:
    server = Server(trouble, trouble, OK)

    response = connect(server, retry=TWICE).get("/x")

    assert response.json() == "fine"
    assert slept == [0.5, 1.0]


def test_the_last_error_tells_all_attempts(connect: Connect, slept: list[float]) -> None:
    server = Server(BUSY, BROKEN, BUSY)

    with pytest.raises(ServerError) as caught:
        connect(server, retry=TWICE).get("/x")

    attempts = caught.value.attempts
    assert [(a.number, a.status, a.wait) for a in attempts] == [
        (1, 503, 0.5),
        (2, None, 1.0),
        (3, 503, 0.0),
    ]
    assert "ReadError" in (attempts[1].error or "")


def test_a_connection_error_tells_its_attempts_too(connect: Connect, slept: list[float]) -> None:
    with pytest.raises(ConnectionError) as caught:
        connect(Server(BROKEN), retry=1).get("/x")

    assert len(caught.value.attempts) == 2
    assert str(caught.value).endswith("ReadError")


@pytest.mark.parametrize(
    ("method", "options", "count"),
    [
        ("GET", {}, 2),
        ("DELETE", {}, 2),
        ("POST", {}, 1),
        ("PATCH", {}, 1),
        ("POST", {"idempotency_key": "k"}, 2),
        ("POST", {"headers": {"Idempotency-Key": "k"}}, 2),
        ("POST", {"retry": RetryConfig(max_attempts=2, retry_methods=["POST"])}, 2),
        ("GET", {"retry": None}, 1),
        ("PUT", {"content": iter([b"once"])}, 1),
    ],
)
def test_only_what_is_safe_to_repeat_is_repeated(
    connect: Connect, slept: list[float], method: str, options: dict[str, Any], count: int
) -> None:
    server = Server(BUSY)

    with pytest.raises(ServerError):
        connect(server, retry=1).request(method, "/x", **options)

    assert len(server.requests) == count
    assert len({r.headers.get("idempotency-key") for r in server.requests}) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 501])
def test_errors_that_do_not_pass_are_raised_at_once(
    connect: Connect, slept: list[float], status: int
) -> None:
    server = Server(httpx.Response(status))

    assert connect(server, retry=5, raise_for_status=False).get("/x").status_code == status
    assert slept == []


def test_the_server_states_the_wait(connect: Connect, slept: list[float]) -> None:
    busy = httpx.Response(429, headers={"retry-after": "7"})

    connect(Server(busy, OK), retry=1).get("/x")

    assert slept == [7.0]


@pytest.mark.parametrize("stated", ["61", "999999999999"])
def test_a_wait_beyond_the_cap_is_an_error_at_once(
    connect: Connect, slept: list[float], stated: str
) -> None:
    busy = httpx.Response(503, headers={"retry-after": stated})

    with pytest.raises(ServerError):
        connect(Server(busy), retry=5).get("/x")
    assert slept == []


def test_no_wait_goes_past_the_deadline(connect: Connect, slept: list[float]) -> None:
    client = connect(Server(BUSY), retry=5, timeout=httpx.Timeout(5))

    from clientgen_runtime import TimeoutConfig

    with pytest.raises(ServerError):
        client.get("/x", timeout=TimeoutConfig(total=0.4), retry=TWICE)
    assert slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, 0.0),
        (
            # A clock that goes wrong, theirs or ours.
            {
                "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT",
                "date": "Fri, 31 Dec 1999 23:59:29 GMT",
            },
            30.0,
        ),
        *[
            ({"retry-after": text}, None)
            for text in (
                "-5",
                "inf",
                "nan",
                "1e400",
                "1_000",
                "٣",
                "5, 6",
                "soon",
                "",
                "Fri, 31 Dec 1999 23:59:59",
                "Fri, 99 Foo 99999 99:99:99 GMT",
            )
        ],
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(Headers(headers)) == seconds


def test_retry_after_as_a_date() -> None:
    soon = datetime.now(timezone.utc) + timedelta(seconds=30)

    stated = retry_after(Headers({"retry-after": format_datetime(soon, usegmt=True)}))

    assert stated == pytest.approx(30, abs=1.5)


def test_jitter_only_shortens_waits(connect: Connect, slept: list[float]) -> None:
    config = RetryConfig(max_attempts=50, backoff_factor=1, backoff_max=8, jitter=0.5)

    with pytest.raises(ServerError):
        connect(Server(BUSY), retry=config).get("/x")

    assert len(slept) == 49
    assert all(4 <= wait <= 8 for wait in slept[3:])
    assert len(set(slept)) > 40


@pytest.mark.parametrize("retry", [-1, "often", 2.5])
def test_what_is_no_retry_is_refused(connect: Connect, retry: Any) -> None:
    with pytest.raises(ConfigurationError):
        connect(retry=retry)


def test_a_call_that_succeeds_does_not_even_load_tenacity() -> None:
    import subprocess
    import sys

    code = (
        "import sys, httpx; from clientgen_runtime import Client\n"
        "t = httpx.MockTransport(lambda r: httpx.Response(200))\n"
        "with Client('https://a.example', transport=t) as c: c.get('/')\n"
        "sys.exit('tenacity' in sys.modules)"
    )
    started = time.perf_counter()

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert time.perf_counter() - started < 60


def test_keys_are_made_when_asked_for_and_stay_the_same(
    connect: Connect, slept: list[float]
) -> None:
    server = Server(BUSY, OK, OK, OK)
    client = connect(server, retry=1, idempotency_keys=True)
    client.post("/x", json={})
    client.post("/x", json={}, idempotency_key="mine")
    client.get("/x")

    keys = [request.headers.get("idempotency-key") for request in server.requests]
    assert keys[0] == keys[1]
    assert len(keys[0] or "") == 36
    assert keys[2:] == ["mine", None]


@pytest.mark.parametrize("status", ["5XX", "5xx", "507", 507, HTTPStatus.INSUFFICIENT_STORAGE])
def test_statuses_may_be_ranges_or_texts(
    connect: Connect, slept: list[float], status: int | str
) -> None:
    server = Server(httpx.Response(507), OK)

    connect(server, retry=RetryConfig(retry_statuses=[429, status])).get("/x")

    assert len(server.requests) == 2


def test_methods_may_be_in_small_letters(connect: Connect, slept: list[float]) -> None:
    server = Server(BUSY, OK)

    connect(server, retry=RetryConfig(retry_methods=["post"])).post("/x", json=1)

    assert len(server.requests) == 2


def test_waits_grow_as_fast_as_one_says(connect: Connect, slept: list[float]) -> None:
    policy = RetryConfig(max_attempts=4, backoff_factor=1, backoff_base=3, backoff_max=5, jitter=0)

    connect(Server(BUSY, BUSY, BUSY, OK), retry=policy).get("/x")

    assert slept == [1, 3, 5]


def test_no_attempt_begins_late(connect: Connect, slept: list[float]) -> None:
    policy = RetryConfig(backoff_factor=40, backoff_max=80, max_elapsed=60, jitter=0)

    with pytest.raises(ServerError):
        connect(Server(BUSY), retry=policy).get("/x")

    assert slept == [40]


def test_connection_errors_may_be_final(connect: Connect, slept: list[float]) -> None:
    server = Server(BROKEN, OK)

    with pytest.raises(ConnectionError):
        connect(server, retry=RetryConfig(retry_connection_errors=False)).get("/x")

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "option",
    [
        {"backoff_base": 0.5},
        {"max_elapsed": -1},
        {"retry_methods": "POST"},
        {"retry_statuses": 503},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(option))):
        RetryConfig(**option)


def test_a_wait_that_no_clock_knows_is_one_of_years(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)

    sleep(1e300)

    assert waits == [1e9]
