"""Types as Swagger 2.0 writes them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import method_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "types_2_0.json"
covers = pytest.mark.covers

NOON = datetime(2022, 8, 26, 12, tzinfo=timezone.utc)


def exchange(wire: Wire, operation: str, answer: object, **given: Any) -> Any:
    """Call an operation that answers this, and what it makes of the answer."""
    wire.answer(json.dumps(answer))
    return wire.call(method_of(wire, operation), **given)


@covers("discriminator without oneOf")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"petType": "Cat", "lives": 9}, "Cat"),
        ({"petType": "hound", "born": 0, "friends": [{"petType": "Cat"}]}, "Dog"),
        ({"petType": "Dog", "bark": "x"}, "Pet"),
        ({"petType": "emu", "flies": False}, "Pet"),
    ],
)
def test_a_base_is_read_as_what_its_tag_says(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    pet = exchange(wire, "exchange_pet", value, body=value)
    exchange(wire, "exchange_pet", {"petType": "x"}, body=pet)

    assert type(pet) is getattr(wire.models, name)
    assert [json.loads(sent.body) for sent in wire.server.requests] == [value, value]


@covers("formats: as arguments")
def test_values_are_written_in_the_forms_of_swagger(wire: Wire) -> None:
    text = {
        "key": "-__-IHRlc3Q",
        "when": "Fri, 26 Aug 2022 12:00:00 GMT",
        "length": "P1DT2H",
        "day": None,
        "pets": {"a": {"petType": "hound", "born": 1661515200}},
        "mode": "medium",
    }
    box = exchange(
        wire,
        "exchange_box",
        {**text, "day": "2022-08-26"},
        key=b"\xfb\xff\xfe test",
        when=NOON,
        length=timedelta(days=1, hours=2),
        day=None,
        pets={"a": {"petType": "hound", "born": NOON}},
        mode="medium",
    )

    assert json.loads(wire.sent.body) == text
    assert (box.key, box.when, box.day) == (b"\xfb\xff\xfe test", NOON, date(2022, 8, 26))
    assert (type(box.pets["a"]), box.mode) == (wire.models.Dog, "medium")
