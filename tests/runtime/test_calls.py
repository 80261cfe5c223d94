"""Operations as generated code states them."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from functools import cached_property
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, Field

from clientgen_runtime import (
    OMIT,
    AsyncClient,
    Client,
    ConfigurationError,
    DecodeError,
    NotFoundError,
    ServerError,
    ValidationError,
)
from clientgen_runtime.sdk import Api, Body, Operation, Param, Resource, Server
from tests.runtime.driving import Connect
from tests.runtime.driving import Server as Fake


class Pet(BaseModel):
    id: int
    tag_id: int | None = Field(default=None, alias="tagId")


class Problem(BaseModel):
    title: str


API = Api(
    "Pet Store", "1.0.0", "pet_store", "PET_STORE_", servers=(Server("https://pets.example/v1"),)
)
JSON_PET = {"application/json": lambda: Pet}
RETRIEVE: Operation[Pet] = Operation(
    "GET",
    "/pets/{petId}",
    {"200": JSON_PET, "404": {"application/problem+json": lambda: Problem}},
    query_params={"filter": Param("deepObject", explode=True)},
)
CREATE: Operation[Pet | None] = Operation(
    "POST",
    "/pets",
    {"201": JSON_PET, "204": {}},
    body=Body({"application/json": lambda: Pet}, required=True),
    headers={"X-Fixed": "yes"},
)
EXPORT: Operation[Any] = Operation(
    "GET",
    "/export",
    {"200": {"text/csv": lambda: str, "image/*": lambda: bytes, "application/json": None}},
)


def respond(status: int = 200, **options: Any) -> Fake:
    return Fake(httpx.Response(status, **options))


def test_an_operation_is_sent_and_its_answer_typed(connect: Connect) -> None:
    server = respond(json={"id": 7})

    pet = connect(server, api=API)._call(
        RETRIEVE,
        path=("a/b",),
        query={"expand": ["x", "y z"], "filter": {"a": 1}, "none": OMIT},
        headers={"X-Trace": "1"},
        cookies={"sid": "2"},
        options={"extra_headers": {"X-Extra": "3"}, "extra_query": {"q": True}},
    )

    assert pet == Pet(id=7)
    assert str(server.last.url) == (
        "https://pets.example/v1/pets/a%2Fb?expand=x&expand=y%20z&filter%5Ba%5D=1&q=true"
    )
    assert [server.last.headers[name] for name in ("accept", "x-trace", "cookie", "x-extra")] == [
        "application/json",
        "1",
        "sid=2",
        "3",
    ]
    assert "content-type" not in server.last.headers


@pytest.mark.parametrize(
    ("arguments", "content"),
    [
        ({"fields": {"tagId": None, "name": OMIT}}, b'{"tagId":null}'),
        ({"fields": {"name": OMIT}}, b"{}"),
        ({"body": {}}, b"{}"),
        ({"body": Pet(id=1)}, b'{"id":1}'),
        ({"body": {"a": 1}, "options": {"extra_body": {"b": 2}}}, b'{"a":1,"b":2}'),
    ],
)
def test_bodies(connect: Connect, arguments: dict[str, Any], content: bytes) -> None:
    server = respond(201, json={"id": 1})

    connect(server)._call(CREATE, **arguments)

    assert server.last.content == content
    assert server.last.headers["content-type"] == "application/json"
    assert server.last.headers["x-fixed"] == "yes"


def test_an_optional_body_of_which_nothing_is_given_is_not_sent(connect: Connect) -> None:
    server = respond(200)
    optional: Operation[None] = Operation("POST", "/x", body=Body({"application/json": None}))

    connect(server)._call(optional, fields={"name": OMIT})

    assert server.last.content == b""
    assert "content-type" not in server.last.headers


def test_a_body_and_single_fields_exclude_each_other(connect: Connect) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        connect(respond())._call(CREATE, body={}, fields={"name": "x"})


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (httpx.Response(204), None),
        (httpx.Response(201, content=b""), None),
        (httpx.Response(201, content=b" \n"), None),
        (httpx.Response(202, json={"id": 3}), Pet(id=3)),
        (httpx.Response(201, content=b'{"id": 4}'), Pet(id=4)),
    ],
)
def test_success_without_or_with_a_body(
    connect: Connect, answer: httpx.Response, value: object
) -> None:
    assert connect(Fake(answer))._call(CREATE, body={}) == value


def test_a_blank_of_which_a_document_says_nothing_is_nothing_in_json(connect: Connect) -> None:
    server = respond(content=b" \n", headers={"content-type": "application/json"})

    assert connect(server)._call(Operation("GET", "/x", {"200": {"": lambda: None}})) is None


@pytest.mark.parametrize(
    ("content_type", "value"),
    [
        ("text/csv; charset=latin-1", "é"),
        ("image/png", b"\xe9"),
        ("application/octet-stream", b"\xe9"),
    ],
)
def test_the_media_type_decides_what_a_body_becomes(
    connect: Connect, content_type: str, value: object
) -> None:
    server = respond(content=b"\xe9", headers={"content-type": content_type})

    assert connect(server)._call(EXPORT) == value


def test_accept_is_exactly_what_is_asked_for(connect: Connect) -> None:
    server = respond(content=b"x", headers={"content-type": "text/csv"})

    connect(server)._call(EXPORT, accept="text/csv")

    assert server.last.headers["accept"] == "text/csv"


def test_a_head_request_has_no_body_to_read(connect: Connect) -> None:
    head: Operation[None] = Operation("HEAD", "/pets", {"200": {}})

    assert connect(respond(headers={"content-encoding": "gzip"}))._call(head) is None


def test_an_error_carries_its_declared_model(connect: Connect) -> None:
    headers = {"x-request-id": "r1", "content-type": "application/problem+json"}
    server = respond(404, content=b'{"title": "no such pet"}', headers=headers)

    with pytest.raises(NotFoundError) as caught:
        connect(server)._call(RETRIEVE, path=(7,))

    assert caught.value.body == Problem(title="no such pet")
    assert (caught.value.status_code, caught.value.request_id) == (404, "r1")
    assert str(caught.value) == "GET https://pets.example/v1/pets/7: 404 Not Found: no such pet"


def test_an_undeclared_error_carries_json_or_text(connect: Connect) -> None:
    with pytest.raises(ServerError) as caught:
        connect(respond(503, text="down\nfor now"))._call(RETRIEVE, path=(7,))

    assert caught.value.body == "down\nfor now"
    assert str(caught.value).endswith("503 Service Unavailable: down for now")


def test_statuses_that_are_not_raised_are_values(connect: Connect) -> None:
    server = respond(404, json={"title": "gone"})

    value = connect(server)._call(RETRIEVE, path=(7,), options={"raise_for_status": {404: False}})

    assert value == Problem(title="gone")


@pytest.mark.filterwarnings("ignore")
def test_what_does_not_fit_is_kept_unless_validation_is_strict(connect: Connect) -> None:
    server = respond(json={"id": "x"})

    assert connect(server)._call(RETRIEVE, path=(7,)) is not None
    with pytest.raises(ValidationError) as caught:
        connect(server, validation="strict")._call(RETRIEVE, path=(7,))
    assert caught.value.errors()[0]["loc"] == ("id",)


def test_a_declared_json_answer_that_is_none_says_where(connect: Connect) -> None:
    server = respond(content=b'{"id": }', headers={"content-type": "application/json"})

    with pytest.raises(DecodeError, match=r"line 1 column 8.*near"):
        connect(server)._call(RETRIEVE, path=(7,))


class Photos(Resource):
    def retrieve(self, photo_id: int) -> Pet:
        return self._call(RETRIEVE, path=(photo_id,))


class PetStore(Client):
    @cached_property
    def photos(self) -> Photos:
        return Photos(self)


def test_a_variant_has_resources_of_its_own_on_the_same_connections() -> None:
    server = respond(json={"id": 1})
    with PetStore(api=API, transport=httpx.MockTransport(server), headers={"X-A": "1"}) as client:
        client.photos.retrieve(1)
        variant = client.with_options(headers={"X-A": "2"})
        variant.photos.retrieve(1)

    assert server.last.headers["x-a"] == "2"
    assert variant.photos is not client.photos
    assert variant._transport is client._transport


def test_a_transport_of_the_other_kind_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="BaseTransport"):
        Client("https://a.example", transport=httpx.AsyncHTTPTransport())
    with pytest.raises(ConfigurationError, match="AsyncBaseTransport"):
        AsyncClient("https://a.example", transport=httpx.HTTPTransport())


def test_a_method_keeps_its_case(connect: Connect) -> None:
    purge: Operation[None] = Operation("purge", "/pets", {"204": {}})
    server = respond(204)

    connect(server, api=API)._call(purge)

    assert server.last.method == "purge"


class Held(httpx.ByteStream):
    """A body that comes over a connection, which no other process can have."""

    def __init__(self) -> None:
        super().__init__(b'{"message": "gone"}')
        self.lock = threading.Lock()


def test_an_error_goes_to_another_process(connect: Connect) -> None:
    client = connect(
        lambda _: httpx.Response(404, stream=Held()),
        json_deserializer=lambda data: json.loads(data),
    )

    with pytest.raises(NotFoundError) as caught:
        client.put("/x", content=iter([b"once"]))

    error = pickle.loads(pickle.dumps(caught.value))
    assert (str(error), error.body) == (str(caught.value), {"message": "gone"})
    assert error.response.json() == {"message": "gone"}
    assert [each.status for each in error.attempts] == [404]
    assert copy.deepcopy(error.response).request.method == "PUT"
