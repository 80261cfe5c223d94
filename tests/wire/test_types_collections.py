"""Arrays, maps and tuples, within each other and as one text."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import method_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "types_collections.yaml"
covers = pytest.mark.covers

NOON = datetime(2022, 8, 26, 12, tzinfo=timezone.utc)
SECONDS = 1661515200
THING = {"at": SECONDS, "tags": []}

PLAIN: dict[str, list[Any]] = {
    "strings": [[], [""], ["a", "b"]],
    "untyped": [[], [1, "a", None, {}]],
    "nullable": [[None], ["a", None]],
    "unique": [[], [1, 2]],
    "lists": [[], [[]], [[[]]], [[[1], [2, 3]], []]],
    "map": [{}, {"a": 1, "": 2}],
    "freeMap": [{}, {"a": None, "b": [1]}],
    "plainMap": [{}, {"a": None, "b": [1]}],
    "nullableMap": [{"a": None, "b": 1.5}],
    "maps": [{}, {"a": {}}, {"a": {"b": True}}],
    "mapOfLists": [{"a": [], "b": ["c"]}],
    "tuples": [[], [[1.5, 2.5]]],
}
WITH_MODELS: dict[str, list[Any]] = {
    "models": [[], [THING, {}]],
    "modelLists": [[[]], [[THING], []]],
    "nullableModels": [[None, THING]],
    "mapOfModels": [{}, {"a": THING}],
    "listOfMaps": [[], [{}], [{"a": THING}]],
    "openTuple": [["a", THING], ["a", THING, 1, 2]],
}


def exchange(wire: Wire, answer: object, **given: Any) -> Any:
    """Call with these arguments; the server answers this."""
    wire.answer(json.dumps(answer))
    return wire.call(method_of(wire, "exchange_box"), **given)


def argument(wire: Wire, name: str) -> str:
    """The argument that a property has become."""
    operations: Any = wire.sdk.inspection["operations"]
    fields = operations[0]["body"]["content"]["application/json"]["fields"]
    return str(next(field["name"] for field in fields if field["wire_name"] == name))


@covers("collections of scalars")
@pytest.mark.parametrize("name", PLAIN)
def test_collections_come_and_go_as_they_are(wire: Wire, name: str) -> None:
    for value in PLAIN[name]:
        received = exchange(wire, {name: value}, **{argument(wire, name): value})
        exchange(wire, {}, body=received)

    sent = [json.loads(sent.body) for sent in wire.server.requests]
    assert sent == [{name: value} for value in PLAIN[name] for _ in range(2)]


@covers("collections of models")
@pytest.mark.parametrize("name", WITH_MODELS)
def test_collections_hold_models(wire: Wire, name: str) -> None:
    for value in WITH_MODELS[name]:
        received = exchange(wire, {name: value}, **{argument(wire, name): value})
        exchange(wire, {}, body=received)

    sent = [json.loads(sent.body) for sent in wire.server.requests]
    assert sent == [{name: value} for value in WITH_MODELS[name] for _ in range(2)]


@covers("collections of models")
def test_models_are_read_in_collections(wire: Wire) -> None:
    box = exchange(
        wire,
        {"modelLists": [[THING]], "listOfMaps": [{"a": THING}], "nullableModels": [None, THING]},
    )

    thing = wire.models.Thing(at=NOON, tags=[])
    assert (box.model_lists, box.list_of_maps) == ([[thing]], [{"a": thing}])
    assert box.nullable_models == [None, thing]


@covers("collections of models")
def test_models_are_given_in_collections(wire: Wire) -> None:
    for thing in (wire.models.Thing(at=NOON, tags=[]), {"at": NOON, "tags": []}):
        exchange(wire, {}, model_lists=[[thing]], list_of_maps=({"a": thing},))

        assert json.loads(wire.sent.body) == {"modelLists": [[THING]], "listOfMaps": [{"a": THING}]}


@covers("tuples")
def test_the_places_of_a_tuple_have_types(wire: Wire) -> None:
    box = exchange(wire, {"pair": ["a", SECONDS]}, pair=("b", NOON))

    assert box.pair == ("a", NOON)
    assert json.loads(wire.sent.body) == {"pair": ["b", SECONDS]}


@covers("tuples")
@pytest.mark.parametrize("value", [["a"], ["a", SECONDS, 3], [SECONDS, "a"], []])
def test_a_tuple_of_another_length_is_kept(wire: Wire, value: list[object]) -> None:
    received = exchange(wire, {"pair": value})
    exchange(wire, {}, body=received)

    assert json.loads(wire.sent.body) == {"pair": value}


DELIMITED = {"comma": ",", "space": " ", "pipe": "|", "newline": "\n"}


@covers("arrays as one text")
@pytest.mark.parametrize("items", [["red", "green", "blue"], ["red"], []])
@pytest.mark.parametrize("name", DELIMITED)
def test_an_array_may_be_one_text(wire: Wire, name: str, items: list[str]) -> None:
    text = DELIMITED[name].join(items)
    received = exchange(wire, {name: text}, **{name: items})
    exchange(wire, {}, body=received)
    exchange(wire, {}, body={name: items})
    exchange(wire, {}, body={name: text})

    assert getattr(received, name) == items
    assert [json.loads(sent.body) for sent in wire.server.requests] == [{name: text}] * 4


@covers("arrays as one text")
def test_the_items_of_one_text_have_types(wire: Wire) -> None:
    box = exchange(wire, {"commaNumbers": "1,2"}, comma_numbers=[3, 4])

    assert box.comma_numbers == [1, 2]
    assert json.loads(wire.sent.body) == {"commaNumbers": "3,4"}


@covers("arrays as one text")
@pytest.mark.parametrize("value", [["a", "b"], 7, None])
def test_an_array_that_is_one_after_all_is_read_as_it_is(wire: Wire, value: object) -> None:
    assert exchange(wire, {"comma": value}).comma == value
