"""Operations that take longer than a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pydantic
import pytest

from clientgen_runtime import (
    ConfigurationError,
    NotFoundError,
    OperationFailedError,
    ResponseError,
    TotalTimeoutError,
)
from tests.runtime.driving import BASE_URL, Server

if TYPE_CHECKING:
    from tests.runtime.driving import Connect

JOB = f"{BASE_URL}/jobs/7"


def is_(status: str, code: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(code, json={"status": status}, headers=headers)


def accepted(**headers: str) -> httpx.Response:
    return httpx.Response(202, headers=headers)


def polled(connect: Connect, *answers: httpx.Response, **options: Any) -> tuple[Any, list[str]]:
    """What comes of a call and of waiting for it, and the requests after the first."""
    server = Server(*answers)
    client = connect(server)
    result = client.poll(client.post("/jobs"), **options)
    return result, [f"{r.method} {r.url}" for r in server.requests[1:]]


# --- Where the status is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "started",
    [
        accepted(Location=JOB),
        accepted(Location="/v1/jobs/7"),
        accepted(**{"Operation-Location": JOB}),
        accepted(**{"Azure-AsyncOperation": JOB}),
        httpx.Response(200, json={"status_url": JOB}),
    ],
    ids=["Location", "a relative one", "Operation-Location", "Azure-AsyncOperation", "status_url"],
)
@pytest.mark.usefixtures("slept")
def test_the_status_is_asked_for_where_the_answer_says(
    connect: Connect, started: httpx.Response
) -> None:
    _, requests = polled(connect, started, is_("succeeded"))

    assert requests[0] == f"GET {JOB}"


def test_an_answer_with_the_result_is_the_result(connect: Connect) -> None:
    result, requests = polled(connect, httpx.Response(201, json={"pages": 3}))

    assert (result.json(), requests) == ({"pages": 3}, [])


def test_an_answer_that_points_nowhere_is_refused(connect: Connect) -> None:
    with pytest.raises(ResponseError, match="does not say where the status"):
        polled(connect, accepted())


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "https://me@pets.example/v1/jobs", "http://["]
)
def test_another_origin_is_not_asked(connect: Connect, url: str) -> None:
    with pytest.raises(ResponseError, match="another origin"):
        polled(connect, accepted(Location=url))


@pytest.mark.usefixtures("slept")
def test_the_status_may_move(connect: Connect) -> None:
    moved = accepted(Location=f"{BASE_URL}/jobs/8")
    _, requests = polled(connect, accepted(Location=JOB), moved, is_("done"))

    assert requests == [f"GET {JOB}", f"GET {BASE_URL}/jobs/8"]


def test_a_url_is_asked_at_once(connect: Connect, slept: list[float]) -> None:
    server = Server(is_("queued"), is_("succeeded"))

    assert connect(server).poll("/jobs/7").json() == {"status": "succeeded"}
    assert (len(server.requests), slept) == (2, [1])


# --- When it is done -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["running", "In-Progress", "IN_PROGRESS", "notStarted"])
@pytest.mark.usefixtures("slept")
def test_what_runs_is_waited_for(connect: Connect, status: str) -> None:
    for started in (accepted(Location=JOB), accepted(**{"Operation-Location": JOB})):
        _, requests = polled(connect, started, is_(status), is_("Succeeded"))

        assert len(requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"state": "COMPLETED"},
        {"done": True, "response": {}},
        {"status": {"state": "DONE"}},
        {"properties": {"provisioningState": "Succeeded"}},
        {"pages": 3},
    ],
)
@pytest.mark.usefixtures("slept")
def test_statuses_are_found_in_many_places(connect: Connect, body: object) -> None:
    busy = httpx.Response(200, json={"done": False, "state": "x"})
    started = accepted(**{"Operation-Location": JOB})
    result, _ = polled(connect, started, busy, httpx.Response(200, json=body))

    assert result.json() == body


@pytest.mark.usefixtures("slept")
def test_words_nobody_knows_mean_not_yet_where_a_status_is(connect: Connect) -> None:
    answers = is_("hatching"), is_("succeeded")

    assert len(polled(connect, accepted(**{"Operation-Location": JOB}), *answers)[1]) == 2
    # Behind `Location` may be the result, which has a status of its own.
    assert len(polled(connect, accepted(Location=JOB), *answers)[1]) == 1


@pytest.mark.usefixtures("slept")
def test_a_redirect_from_the_status_leads_to_the_result(connect: Connect) -> None:
    over = httpx.Response(303, headers={"Location": f"{BASE_URL}/reports/1"})
    started = accepted(**{"Operation-Location": JOB})

    assert polled(connect, started, over, is_("active"))[0].json() == {"status": "active"}


@pytest.mark.usefixtures("slept")
def test_callers_may_know_better(connect: Connect) -> None:
    result, _ = polled(
        connect,
        accepted(Location=JOB),
        is_("failed"),
        is_("baked"),
        until=lambda response: response.json()["status"] == "baked",
    )

    assert result.json() == {"status": "baked"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"status": "Failed", "error": {"message": "no ink"}}, "'failed': no ink"),
        ({"status": "canceled"}, "the operation is 'canceled'"),
        ({"done": True, "error": "no ink"}, "'failed': no ink"),
    ],
)
@pytest.mark.usefixtures("slept")
def test_what_failed_is_an_error(connect: Connect, body: object, message: str) -> None:
    with pytest.raises(OperationFailedError, match=message) as caught:
        polled(connect, accepted(Location=JOB), httpx.Response(200, json=body))

    assert caught.value.response is not None
    assert caught.value.response.json() == body


@pytest.mark.usefixtures("slept")
def test_error_statuses_are_errors_as_ever(connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        polled(connect, accepted(Location=JOB), httpx.Response(404))


# --- The result ----------------------------------------------------------------------------------


class Report(pydantic.BaseModel):
    pages: int


@pytest.mark.parametrize(
    ("started", "status"),
    [
        (accepted(**{"Operation-Location": JOB, "Location": "/v1/reports/1"}), {}),
        (accepted(**{"Operation-Location": JOB}), {"resourceLocation": f"{BASE_URL}/reports/1"}),
    ],
    ids=["the first answer", "the status"],
)
@pytest.mark.usefixtures("slept")
def test_the_result_is_where_it_is_said_to_be(
    connect: Connect, started: httpx.Response, status: dict[str, str]
) -> None:
    done = httpx.Response(200, json={"status": "succeeded", **status})
    result = httpx.Response(200, json={"pages": 3})

    found, requests = polled(connect, started, done, result, response_model=Report)

    assert (found, requests[1]) == (Report(pages=3), f"GET {BASE_URL}/reports/1")


@pytest.mark.usefixtures("slept")
def test_the_result_of_a_put_is_the_resource(connect: Connect) -> None:
    server = Server(
        accepted(**{"Operation-Location": JOB}), is_("succeeded"), httpx.Response(200, json=[1])
    )
    client = connect(server)

    assert client.poll(client.put("/reports/1")).json() == [1]
    assert str(server.last.url) == f"{BASE_URL}/reports/1"


# --- Waits ---------------------------------------------------------------------------------------


def test_waits_grow_up_to_a_bound(connect: Connect, slept: list[float]) -> None:
    polled(connect, accepted(Location=JOB), *[accepted()] * 4, is_("done"), max_interval=3)

    assert slept == [1, 1.5, 2.25, 3, 3]


def test_the_server_states_waits(connect: Connect, slept: list[float]) -> None:
    first = accepted(**{"Location": JOB, "Retry-After": "40"})
    polled(connect, first, accepted(**{"Retry-After": "5"}), is_("done"))

    assert slept == [40, 5]


def test_the_deadline_ends_it(connect: Connect, slept: list[float]) -> None:
    client = connect(Server(is_("queued")))
    with pytest.raises(TotalTimeoutError, match="its status is 'queued'"):
        client.poll("/jobs/7", deadline=0)

    assert slept == []


def test_no_wait_goes_beyond_the_deadline(connect: Connect, slept: list[float]) -> None:
    first = accepted(**{"Location": JOB, "Retry-After": "40"})
    polled(connect, first, is_("done"), deadline=5)

    assert 4 < slept[0] <= 5


@pytest.mark.parametrize("name", ["interval", "max_interval", "deadline"])
def test_what_makes_no_sense_is_refused(connect: Connect, name: str) -> None:
    with pytest.raises(ConfigurationError, match="not negative"):
        connect().poll("/jobs/7", **{name: -1})
