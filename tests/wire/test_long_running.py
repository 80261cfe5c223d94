"""Calls that only start something, and `poll()`, which waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import OperationFailedError
from tests.support.recorder import Answer

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "long_running.yaml"
covers = pytest.mark.covers


def says(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer; `{url}` in a header is the server's URL."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(body).encode(), "application/json", fields)


def polled(wire: Wire, call: str, *answers: Answer, **named: object) -> Any:
    """What comes of a call that takes long."""
    wire.server.answers = list(answers)
    *owners, name = call.split(".")
    started = wire.call(".".join([*owners, "with_raw_response", name]), **named)
    return wire.client.poll(started, interval=0)


def asked(wire: Wire) -> list[str]:
    return [f"{sent.method} {sent.target}" for sent in wire.server.requests]


@covers("long running: a 202 with a place for its status")
def test_the_result_is_what_the_call_declares(wire: Wire) -> None:
    result = polled(
        wire,
        "orders.create",
        says({}, 202, Location="/orders/1"),
        says({"status": "cooking"}, 202),
        says({"table": 7}),
    )

    assert result == wire.models.Order(table=7)
    assert asked(wire) == ["POST /orders", "GET /orders/1", "GET /orders/1"]


@covers("long running: a URL for the status in the body")
def test_a_status_url_in_the_body_is_asked(wire: Wire) -> None:
    result = polled(
        wire,
        "reports.create",
        says({"status": "queued", "status_url": "/reports/1"}, 202),
        says({"status": "running"}),
        says({"status": "succeeded", "pages": 3}),
    )

    assert result == wire.models.Report(status="succeeded", pages=3)


MONITOR = "/operations/1"
DONE = says({"status": "Succeeded", "slices": 1})


@covers("long running: x-ms-long-running-operation")
@pytest.mark.parametrize(
    ("call", "requests"),
    [
        ("ovens.bake", [f"GET {MONITOR}", "GET /breads/1"]),
        ("ovens.toast", [f"GET {MONITOR}"]),
        ("ovens.roast", [f"GET {MONITOR}", "GET /ovens/big/toast"]),
    ],
    ids=["location", "azure-async-operation", "original-uri"],
)
def test_the_result_is_where_the_document_says(wire: Wire, call: str, requests: list[str]) -> None:
    started = says({}, 202, Azure_AsyncOperation=MONITOR, Location="/breads/1")

    result = polled(wire, call, started, DONE, says({"slices": 12}), name="big")
    assert asked(wire)[1:] == requests
    assert result.slices == (1 if len(requests) == 1 else 12)


@covers("long running: a resource that tells how far it is")
def test_a_resource_is_asked_until_it_is_there(wire: Wire) -> None:
    def oven(state: str, status: int = 200) -> Answer:
        return says({"heat": 200, "properties": {"provisioningState": state}}, status)

    result = polled(
        wire,
        "ovens.replace",
        *(oven("Creating", 201), oven("Creating"), oven("Succeeded")),
        name="big",
        heat=200,
    )
    assert isinstance(result, wire.models.Oven)
    assert asked(wire) == ["PUT /ovens/big", "GET /ovens/big", "GET /ovens/big"]


@covers("long running: without a result")
def test_what_has_no_result_is_waited_for(wire: Wire) -> None:
    started = says({}, 202, Location=MONITOR)

    result = polled(wire, "ovens.delete", started, says({}, 202), Answer(204), name="big")
    assert (result, len(asked(wire))) == (None, 3)


@covers("long running: a failure")
def test_a_failure_is_an_error(wire: Wire) -> None:
    failed = says({"status": "Failed", "error": {"message": "too hot"}})

    with pytest.raises(OperationFailedError, match="too hot"):
        polled(wire, "ovens.bake", says({}, 202, Azure_AsyncOperation=MONITOR), failed, name="big")


@covers("long running: what came at once")
def test_a_result_that_is_there_is_returned(wire: Wire) -> None:
    assert polled(wire, "ovens.bake", says({"slices": 9}), name="big").slices == 9


def test_another_model_may_be_asked_for(wire: Wire) -> None:
    wire.server.answers = [says({}, 202, Location="/orders/1"), says({"slices": 2})]

    started = wire.call("orders.with_raw_response.create")
    result = wire.client.poll(started, interval=0, response_model=wire.models.Bread)
    assert result == wire.models.Bread(slices=2)


def test_docstrings_say_that_a_call_takes_long(wire: Wire) -> None:
    resources = __import__(f"{wire.sdk.module.__name__}.resources.orders", fromlist=["Orders"])

    assert "`client.poll` waits" in (resources.Orders.create.__doc__ or "")
