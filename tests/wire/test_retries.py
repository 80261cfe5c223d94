"""What documents say of trying again, and of keys that servers know repeated requests by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from clientgen_runtime import RetryConfig
from tests.support.recorder import Answer
from tests.wire.calls import method_of, operation_of, parameters_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "retries.yaml"


def requests_of(wire: Wire, operation_id: str, *statuses: int, **named: object) -> int:
    """How many requests a call sends to a server that answers with these statuses in turn."""
    wire.server.answers = [Answer(status, b"") for status in statuses]
    before = len(wire.server.requests)
    options: dict[str, Any] = {"raise_for_status": False, **named}
    client = wire.plain(**options.pop("client", {}))
    target: Any = client
    *owners, name = method_of(wire, operation_id).split(".")
    for owner in owners:
        target = wire.drive(getattr(target, owner))
    getattr(target, name)(**options)
    return len(wire.server.requests) - before


@pytest.mark.covers("retries: of the document (x-speakeasy-retries)")
@pytest.mark.parametrize(("status", "count"), [(429, 2), (501, 2), (599, 2), (408, 1)])
def test_the_document_says_what_is_tried_again(wire: Wire, status: int, count: int) -> None:
    assert requests_of(wire, "asTheDocumentSays", status, status, 204) == count


def test_the_document_as_a_whole_makes_no_post_safe(wire: Wire) -> None:
    assert requests_of(wire, "postAsTheDocumentSays", 503, 204) == 1


@pytest.mark.covers("retries: of an operation (x-speakeasy-retries, x-fern-retries)")
def test_an_operation_says_so_itself(wire: Wire) -> None:
    assert requests_of(wire, "asItSaysItself", 418, 418, 204) == 3
    assert requests_of(wire, "asItSaysItself", 503, 204) == 1


@pytest.mark.parametrize("operation", ["neverAgain", "noStrategy"])
def test_an_operation_is_never_tried_again(wire: Wire, operation: str) -> None:
    assert requests_of(wire, operation, 503, 204) == 1


@pytest.mark.parametrize("operation", ["asTheDocumentSays", "neverAgain"])
def test_the_client_and_then_the_call_come_before_the_document(wire: Wire, operation: str) -> None:
    never: dict[str, Any] = {"retry": None}
    often: dict[str, Any] = {"retry": RetryConfig(max_attempts=3, backoff_factor=0)}

    assert requests_of(wire, operation, 503, 503, 503, 204, client=often) == 3
    assert requests_of(wire, operation, 503, 204, client=never) == 1
    assert requests_of(wire, operation, 503, 204, client=often, retry=None) == 1
    assert requests_of(wire, operation, 503, 503, 204, client=never, **often) == 3


@pytest.mark.covers("idempotency: x-fern-idempotent with headers of the document")
def test_an_idempotent_call_gets_one_key_for_all_attempts(wire: Wire) -> None:
    assert requests_of(wire, "idempotent", 503, 204, once_for="7") == 2

    first, second = wire.server.requests[-2:]
    assert UUID(first.header("x-once"))
    assert first.header("x-once") == second.header("x-once")
    assert first.header("x-once-for") == "7"


def test_the_key_of_the_caller_is_sent(wire: Wire) -> None:
    sent = request_of(wire, "idempotent", idempotency_key="mine")

    assert (sent.header("x-once"), sent.header("idempotency-key")) == ("mine", None)


@pytest.mark.covers("idempotency: key headers that are declared as parameters")
@pytest.mark.parametrize(
    ("operation", "header", "required"),
    [
        ("optionalKey", "Idempotency-Key", False),
        ("otherKey", "X-Idempotency-Key", False),
        ("requiredKey", "Idempotency-Key", True),
    ],
)
def test_a_declared_key_makes_a_post_safe(
    wire: Wire, operation: str, header: str, required: bool
) -> None:
    assert requests_of(wire, operation, 503, 204, idempotency_key="mine") == 2
    assert wire.sent.header(header) == "mine"
    # One that must be sent is made up, since nobody needs to care what it is.
    assert requests_of(wire, operation, 503, 204) == (2 if required else 1)
    assert (wire.sent.header(header) is not None) == required


def test_a_declared_key_is_the_option_that_every_call_has(wire: Wire) -> None:
    (key,) = parameters_of(wire, "otherKey")

    assert (key["name"], key["wire_name"]) == ("idempotency_key", "X-Idempotency-Key")
    assert not key["required"]
    told = operation_of(wire, "otherKey")["idempotency"]
    assert told == {"header": "X-Idempotency-Key", "always": False}


def test_inspect_tells_when_calls_are_tried_again(wire: Wire) -> None:
    assert wire.sdk.inspection["retry"] == {
        "max_attempts": 2,
        "retry_statuses": [429, "5XX"],
        "backoff_factor": 0.002,
        "backoff_max": 0.005,
        "backoff_base": 2.0,
    }
    assert operation_of(wire, "neverAgain")["retry"] == {"max_attempts": 1}
    assert operation_of(wire, "asTheDocumentSays")["retry"] is None
    assert operation_of(wire, "asItSaysItself")["retry"] == {
        "max_attempts": 3,
        "retry_statuses": [418],
        "retry_methods": ["POST"],
        "backoff_factor": 0.001,
        "backoff_max": 3.0,
        "backoff_base": 100.0,
        "max_elapsed": 3.05,
        "retry_connection_errors": False,
    }
