from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel, Field

from clientgen_runtime import ConfigurationError, DecodeError, HTTPError, ValidationError
from clientgen_runtime._json import dumps, loads
from clientgen_runtime.sdk import Body, Operation
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import Mapping


class Pet(BaseModel):
    tag_id: int = Field(alias="tagId")
    name: str = "unset"


@dataclass
class Point:
    x: int


class Size(IntEnum):
    SMALL = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"ä": [1, None, True]}, '{"ä":[1,null,true]}'),
        (Pet(tagId=7), '{"tagId":7}'),
        ([Point(1)], '[{"x":1}]'),
        ({"s": Size.SMALL, "set": {1}}, '{"s":1,"set":[1]}'),
        (MappingProxyType({"a": OrderedDict(b=1)}), '{"a":{"b":1}}'),
        (datetime(2026, 1, 2, tzinfo=timezone.utc), '"2026-01-02T00:00:00Z"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\xff", '"/w=="'),
        ([Decimal("1.10"), Decimal("1E+2"), "1.10"], '[1.10,1E+2,"1.10"]'),
        (10**40, "1" + "0" * 40),
    ],
)
def test_values_are_written_exactly(value: object, text: str) -> None:
    assert dumps(value).decode() == text


def test_many_decimals_are_written_in_linear_time() -> None:
    assert dumps([Decimal(n) for n in range(20_000)]).count(b",") == 19_999


def deep() -> Mapping[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(200_000):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value", [float("nan"), Decimal("Infinity"), object(), {object(): 1}, "\ud800", deep()]
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ConfigurationError):
        dumps(value)


@pytest.mark.parametrize("text", [b"", b"{", b"[1] x", b"[" * 100_000, b"9" * 5000, b"\xff"])
def test_what_is_no_json_is_one_kind_of_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        loads(text)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("digits", range(15, 25))
def test_integers_of_any_length_are_read_exactly(sign: int, digits: int) -> None:
    for number in (sign * 10**digits, sign * (10**digits - 1), sign * 2**64, sign * (2**63 + 1)):
        assert loads(f'{{"a":[0,{number}]}}') == {"a": [0, number]}


def sorted_json(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ({"b": 1, "a": [Pet(tagId=7), Point(1)]}, b'{"a": [{"tagId": 7}, {"x": 1}], "b": 1}'),
        ({"t": datetime(2026, 1, 2, tzinfo=timezone.utc)}, b'{"t": "2026-01-02T00:00:00Z"}'),
        ([Size.SMALL, None, True, UUID(int=1)], f'[1, null, true, "{UUID(int=1)}"]'.encode()),
        (Decimal("1.5"), b"\"Decimal('1.5')\""),
    ],
)
def test_a_serializer_of_ones_own_writes_what_ours_would(
    connect: Connect, server: Server, body: object, content: bytes
) -> None:
    connect(server, json_serializer=sorted_json).post("/x", json=body)

    assert server.last.content == content
    assert server.last.headers["content-type"] == "application/json"


def test_a_serializer_of_ones_own_writes_bodies_of_operations(
    connect: Connect, server: Server
) -> None:
    operation: Operation[Any] = Operation("POST", "/x", body=Body({"application/json": None}))

    connect(server, json_serializer=sorted_json)._call(operation, fields={"b": 1, "a": 2})

    assert server.last.content == b'{"a": 2, "b": 1}'


@pytest.mark.parametrize(
    "serializer", [json.dumps, lambda value: 7, lambda value: "\ud800", lambda value: deep_call()]
)
def test_a_serializer_that_fails_is_told_as_ours_is(
    connect: Connect, server: Server, serializer: Any
) -> None:
    with pytest.raises(ConfigurationError):
        connect(server, json_serializer=serializer).post("/x", json={"a": object()})


def deep_call() -> object:
    return deep_call()


def exact(data: bytes) -> Any:
    return json.loads(data.removeprefix(b")]}'\n"), parse_float=Decimal)


def test_a_deserializer_of_ones_own_reads_answers(connect: Connect) -> None:
    client = connect(
        Server(httpx.Response(200, content=b')]}\'\n{"price": 1.10}')), json_deserializer=exact
    )

    assert client.get("/x").json() == {"price": Decimal("1.10")}
    assert client.get("/x", response_model=Price) == Price(price=Decimal("1.10"))
    assert client.get("/x", response_model=dict[str, Decimal])["price"] == Decimal("1.10")
    assert client.get("/x").parse(Price, "off").price == Decimal("1.10")


class Price(BaseModel):
    price: Decimal


def test_a_deserializer_of_ones_own_reads_errors_and_streams(connect: Connect) -> None:
    content = b'{"price": 1.10}\n'
    client = connect(
        Server(httpx.Response(402, content=content), httpx.Response(200, content=content)),
        json_deserializer=exact,
    )

    with pytest.raises(HTTPError) as caught:
        client.get("/x")
    with client.stream("GET", "/x") as response:
        name = "aiter_jsonl" if connect.is_async else "iter_jsonl"
        items = list(getattr(response, name)())

    assert caught.value.body == {"price": Decimal("1.10")}
    assert items == [{"price": Decimal("1.10")}]


def fail(data: bytes) -> object:
    raise KeyError("mine")


@pytest.mark.parametrize("deserializer", [json.loads, fail])
def test_a_deserializer_that_fails_is_told_as_ours_is(connect: Connect, deserializer: Any) -> None:
    client = connect(Server(httpx.Response(200, content=b"{")), json_deserializer=deserializer)

    with pytest.raises(DecodeError, match="the body is not JSON"):
        client.get("/x").json()
    with pytest.raises(DecodeError):
        client.get("/x", response_model=Price)


def test_what_a_deserializer_reads_and_does_not_fit_is_a_validation_error(connect: Connect) -> None:
    answer = Server(httpx.Response(200, content=b'{"price": "much"}'))
    client = connect(answer, json_deserializer=json.loads)

    assert vars(client.get("/x", response_model=Price)) == {"price": "much"}
    with pytest.raises(ValidationError) as caught:
        client.get("/x", response_model=Price, validation="strict")
    assert caught.value.errors()[0]["loc"] == ("price",)
