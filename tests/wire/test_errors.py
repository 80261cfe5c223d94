"""Which errors are raised, and what they carry (OpenAPI 3.1, section "Responses Object")."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

import clientgen_runtime
from clientgen_runtime import HTTPError

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "errors.yaml"
covers = pytest.mark.covers


def failure(wire: Wire, body: str, status: int, content_type: str = "application/json") -> Any:
    wire.answer(body, content_type, status)
    with pytest.raises(HTTPError) as caught:
        wire.call("pets.retrieve", 7)
    return caught.value


@covers("error: a class by status")
@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "ForbiddenError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (418, "ClientResponseError"),
        (422, "UnprocessableEntityError"),
        (429, "RateLimitError"),
        (500, "ServerError"),
        (503, "ServerError"),
    ],
)
def test_each_status_has_its_class(wire: Wire, status: int, name: str) -> None:
    error = failure(wire, "{}", status)

    assert type(error) is getattr(wire.module, name) is getattr(clientgen_runtime, name)
    assert error.status_code == status


@covers("error: body by status, range and default")
@pytest.mark.parametrize(
    ("status", "body", "model"),
    [
        (404, '{"id": 7}', "Missing"),
        (422, '{"field": "name"}', "Fault"),
        (503, '{"field": "name"}', "Fault"),
        (503, '{"id": 7}', "Missing"),
        (500, '{"title": "Oh", "kind": "new one", "more": 1}', "Problem"),
    ],
)
def test_the_body_is_the_declared_model(wire: Wire, status: int, body: str, model: str) -> None:
    error = failure(wire, body, status)

    assert type(error.body) is getattr(wire.models, model)
    assert error.body == getattr(wire.models, model).from_dict(error.response.json())


@covers("error: body in text")
def test_a_text_is_the_body(wire: Wire) -> None:
    assert failure(wire, "too long", 400, "text/plain").body == "too long"


@covers("error: another body than the declared one")
@pytest.mark.parametrize(
    ("body", "content_type", "read"),
    [
        ('{"message": "gone"}', "application/json", {"message": "gone"}),
        ("[1]", "application/problem+json", [1]),
        ("<h1>Gone</h1>", "text/html", "<h1>Gone</h1>"),
        ("{cut", "application/json", "{cut"),
        ("", "application/json", None),
    ],
)
def test_the_body_is_json_or_else_text(
    wire: Wire, body: str, content_type: str, read: object
) -> None:
    assert failure(wire, body, 404, content_type).body == read


@covers("error: no body declared")
def test_an_undeclared_body_is_shown_all_the_same(wire: Wire) -> None:
    assert failure(wire, '{"message": "two"}', 409).body == {"message": "two"}

    wire.answer('{"message": "no"}', status=404)
    with pytest.raises(HTTPError) as caught:
        wire.call("pets.bare")
    assert caught.value.body == {"message": "no"}


@covers("error: what it says")
def test_the_message_says_what_happened(wire: Wire) -> None:
    error = failure(wire, '{"title": "Out of order"}', 500)

    assert str(error) == f"GET {wire.server.url}/pets/7: 500 Internal Server Error: Out of order"


@covers("error: answers in its place")
def test_an_error_status_may_be_an_answer(wire: Wire) -> None:
    wire.answer('{"id": 7}', status=404)

    raw = wire.call("pets.with_raw_response.retrieve", 7, raise_for_status={404: False})

    assert (raw.status_code, raw.parse()) == (404, wire.models.Missing(id=7))


@covers("error: with_raw_response and with_streaming_response raise the same")
def test_raw_calls_raise_the_same(wire: Wire) -> None:
    wire.answer('{"id": 7}', status=404)
    with pytest.raises(wire.module.NotFoundError) as caught:
        wire.call("pets.with_raw_response.retrieve", 7)
    assert caught.value.body == wire.models.Missing(id=7)

    with (
        pytest.raises(wire.module.NotFoundError) as caught,
        wire.call("pets.with_streaming_response.retrieve", 7),
    ):
        pass
    assert caught.value.body == wire.models.Missing(id=7)


@covers("error: the docstring lists them")
def test_the_docstring_lists_what_is_declared(wire: Wire) -> None:
    client: Any = wire.sdk.client(base_url="https://pets.example")
    text = inspect.getdoc(client.pets.retrieve) or ""
    client.close()

    raised = text.partition("Raises:\n")[2].partition("\n\n")[0]
    assert raised.splitlines() == [
        "    BadRequestError: What was wrong, in words.",
        "    NotFoundError: No such pet; `body` is a `Missing`.",
        "    ConflictError: Two of them.",
        "    ClientResponseError: The request was wrong; `body` is a `Fault`.",
        "    ServerError: Later, or never; `body` is a `PetRetrieveError503`.",
        "    HTTPError: Something else; `body` is a `Problem`.",
    ]
