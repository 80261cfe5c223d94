"""Choices among types, and values of types that nobody knows yet."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.exact import exact
from tests.wire.calls import method_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "types_unions.yaml"
covers = pytest.mark.covers

NOON = datetime(2022, 8, 26, 12, tzinfo=timezone.utc)
SECONDS = 1661515200


def exchange(wire: Wire, operation: str, answer: object, **given: Any) -> Any:
    """Call an operation that answers this, and what it makes of the answer."""
    wire.answer(json.dumps(answer))
    return wire.call(method_of(wire, operation), **given)


def read(wire: Wire, name: str, value: object) -> Any:
    """What is read of a property that holds this, after it was sent back as it came."""
    found = exchange(wire, "exchange_box", {name: value})
    exchange(wire, "exchange_box", {}, body=found)
    assert exact(json.loads(wire.sent.body)) == exact({name: value})
    field = next(f for f, info in type(found).model_fields.items() if (info.alias or f) == name)
    return getattr(found, field)


def kind(value: object) -> str:
    """The name of a value's type."""
    return type(value).__name__


# --- With a discriminator --------------------------------------------------------------------

PETS: list[tuple[dict[str, object], str]] = [
    ({"petType": "feline", "name": "Tom", "born": SECONDS}, "Cat"),
    ({"petType": "canine", "name": "Rex", "bark": "loud"}, "Dog"),
    ({"petType": "Bird", "name": "Tweety"}, "Bird"),
    ({"petType": "canine", "born": SECONDS}, "Dog"),
]
STRANGERS: list[dict[str, object]] = [
    {"petType": "emu", "legs": 2},
    {"petType": 3, "name": 4},
    {"petType": None},
    {"name": "Tom"},
    {},
]


@covers("discriminator: mapping by name and by $ref")
@pytest.mark.parametrize(("value", "name"), PETS)
def test_the_mapping_decides(wire: Wire, value: dict[str, object], name: str) -> None:
    assert kind(read(wire, "mapped", value)) == name


@covers("discriminator: implicit names")
@pytest.mark.parametrize("name", ["Cat", "Dog"])
def test_the_names_of_schemas_decide(wire: Wire, name: str) -> None:
    assert kind(read(wire, "implicit", {"petType": name})) == name


@covers("discriminator: at the top of answers")
@pytest.mark.parametrize(("value", "name"), PETS)
def test_a_choice_may_be_the_whole_answer(wire: Wire, value: dict[str, object], name: str) -> None:
    found = exchange(wire, "exchange_pet", value, body=value)

    assert (kind(found), json.loads(wire.sent.body)) == (name, value)


@covers("discriminator: in lists and maps")
def test_a_choice_may_stand_in_lists_and_maps(wire: Wire) -> None:
    values = [value for value, _ in PETS]
    listed = exchange(wire, "exchange_pets", values, body=values)
    mapped = exchange(wire, "exchange_pet_map", {"a": values[0]}, body={"a": values[0]})

    assert [kind(pet) for pet in listed] == [name for _, name in PETS]
    assert kind(mapped["a"]) == "Cat"


@covers("discriminator: given with values of formats")
def test_a_mapping_is_written_as_the_member_that_it_is(wire: Wire) -> None:
    cat = {"petType": "feline", "born": NOON}
    for operation, body in (
        ("exchange_pet", cat),
        ("exchange_pets", [cat]),
        ("exchange_pet_map", {"a": cat}),
    ):
        wire.answer("{}" if operation != "exchange_pets" else "[]")
        wire.call(method_of(wire, operation), body=body)

    written = {"petType": "feline", "born": SECONDS}
    assert [json.loads(sent.body) for sent in wire.server.requests] == [
        written,
        [written],
        {"a": written},
    ]


@covers("discriminator: unknown and missing values")
@pytest.mark.parametrize("value", STRANGERS)
def test_a_member_that_nobody_knows_is_kept(wire: Wire, value: dict[str, object]) -> None:
    wire.answer(json.dumps(value))
    top = wire.call(method_of(wire, "exchange_pet"), body={})
    wire.call(method_of(wire, "exchange_pet"), body=top)

    assert json.loads(wire.sent.body) == value
    assert read(wire, "mapped", value).to_dict() == value


@covers("discriminator: unknown and missing values")
def test_a_member_that_nobody_knows_fails_none_beside_it(wire: Wire) -> None:
    values = [PETS[0][0], *STRANGERS, PETS[1][0]]
    found = exchange(wire, "exchange_pets", values, body=[])
    exchange(wire, "exchange_pets", [], body=found)

    assert (kind(found[0]), kind(found[-1]), json.loads(wire.sent.body)) == ("Cat", "Dog", values)


@covers("discriminator: defaultMapping", "3.2")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"petType": "Cat", "born": SECONDS}, "Cat"),
        ({"petType": "wolf", "bark": "x"}, "Dog"),
        ({"petType": "Dog"}, "Dog"),
    ],
)
def test_what_no_value_names_is_the_default(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    assert kind(read(wire, "defaulted", value)) == name


@covers("discriminator: defaultMapping", "3.2")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"wheels": "2", "bell": True}, "Bicycle"),
        ({"wheels": 2}, "Bicycle"),
        ({"wheels": "none"}, "Vehicle"),
        ({"wheels": "3", "what": "x"}, "Other"),
        ({"what": "x"}, "Other"),
    ],
)
def test_a_base_has_a_default_too(wire: Wire, value: dict[str, object], name: str) -> None:
    assert kind(read(wire, "base", value)) == name


@covers("discriminator: envelopes")
def test_an_envelope_is_told_by_its_kind(wire: Wire) -> None:
    circle = read(wire, "envelope", {"kind": "circle", "value": {"shape": "circle", "radius": 1}})
    text = read(wire, "envelope", {"kind": "text", "value": "x"})

    assert (kind(circle.value), text.value) == ("Circle", "x")


@covers("discriminator: no property of the members")
@pytest.mark.parametrize(
    ("name", "tag"), [("Tin", {"sort": "tin"}), ("Tub", {"sort": "tub"}), ("Tub", {})]
)
def test_what_only_the_choice_tells_is_read_as_it_comes(
    wire: Wire, name: str, tag: dict[str, str]
) -> None:
    value = {"size": 1, **({"lid": True} if name == "Tub" else {}), **tag}

    assert kind(read(wire, "untold", value)) == name


@covers("discriminator: no property of the members")
def test_what_only_the_choice_tells_is_sent_with_it(wire: Wire) -> None:
    tin, tub = wire.models.Tin(size=1), wire.models.Tub(size=2)
    exchange(wire, "exchange_untold", {"size": 1}, body=tub)
    assert json.loads(wire.sent.body) == {"size": 2, "sort": "tub"}

    for given in ({"untold": tin, "tin": tin}, {"body": wire.models.Box(untold=tin, tin=tin)}):
        exchange(wire, "exchange_box", {}, **given)
        sent = json.loads(wire.sent.body)
        assert sent == {"untold": {"size": 1, "sort": "tin"}, "tin": {"size": 1}}


@covers("constants instead of a discriminator")
@pytest.mark.parametrize(
    ("value", "name"),
    [({"shape": "circle", "radius": 1}, "Circle"), ({"shape": "square", "side": 1.5}, "Square")],
)
def test_constants_decide(wire: Wire, value: dict[str, object], name: str) -> None:
    assert kind(read(wire, "constant", value)) == name


@covers("constants instead of a discriminator")
@pytest.mark.parametrize("value", [{"shape": "oval"}, {"radius": 1}, {}, "circle", [1]])
def test_a_constant_that_nobody_knows_is_kept(wire: Wire, value: object) -> None:
    read(wire, "constant", value)


@covers("unions of unions")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"petType": "Dog", "bark": "x"}, "Dog"),
        ({"shape": "circle", "radius": 2}, "Circle"),
        ([], "list"),
    ],
)
def test_a_choice_may_stand_in_a_choice(wire: Wire, value: object, name: str) -> None:
    assert kind(read(wire, "nested", value)) == name


@covers("unions of unions")
def test_a_choice_may_hold_lists_of_itself(wire: Wire) -> None:
    value = [{"petType": "Cat"}, [{"shape": "circle", "radius": 2}]]
    cat, (circle,) = read(wire, "nested", value)

    assert (kind(cat), kind(circle)) == ("Cat", "Circle")


# --- Without a discriminator -----------------------------------------------------------------


@covers("union by what fits best")
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"name": "Ann", "mail": "a@b.example"}, "Person"),
        ({"name": "Ann"}, "Person"),
        ({"name": "Acme", "vat": "1"}, "Company"),
        ({"founded": SECONDS}, "Company"),
        ({"name": "R2", "serial": 2}, "Robot"),
        ({"name": "x", "mail": "m", "vat": "v", "founded": 1}, "Company"),
    ],
)
def test_the_member_with_the_most_declared_fields_is_taken(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    assert kind(read(wire, "shaped", value)) == name


ANN, ACME = {"name": "Ann", "mail": "a@b.example"}, {"name": "Acme", "founded": SECONDS}


@covers("union of lists, maps and lists of lists")
@pytest.mark.parametrize(
    ("name", "value", "member"),
    [
        ("shapedLists", [ANN], "Person"),
        ("shapedLists", [{"name": "x"}, ACME], "Company"),
        ("shapedLists", [{"name": "Rex", "petType": "Dog", "bark": "x"}], "Dog"),
        ("shapedMaps", {"a": {"mail": "m"}}, "Person"),
        ("shapedMaps", {"a": {"name": "x"}, "b": ACME}, "Company"),
        ("shapedMaps", {"serial": 7}, "Robot"),
        ("shapedTables", [[{"mail": "m"}], []], "Person"),
        ("shapedTables", [{"a": {"mail": "m"}}], "Person"),
        ("shapedTables", [[{"vat": "v"}]], "Company"),
    ],
)
def test_items_tell_lists_and_maps_apart(wire: Wire, name: str, value: object, member: str) -> None:
    assert member in repr(read(wire, name, value))


@covers("union of lists, maps and lists of lists")
@pytest.mark.parametrize(
    "value", [[], [7], [{"name": 1, "petType": "emu"}], {"a": 1}, [[]], "text", [None, ANN]]
)
@pytest.mark.parametrize("name", ["shapedLists", "shapedMaps", "shapedTables"])
def test_lists_of_no_member_are_kept(wire: Wire, name: str, value: object) -> None:
    read(wire, name, value)


def test_lists_are_written_as_the_members_that_they_are(wire: Wire) -> None:
    company = wire.models.Company(name="Acme", founded=NOON)
    for given in ([company], [{"name": "Acme", "founded": NOON}]):
        exchange(wire, "exchange_box", {}, shaped_lists=given)

        assert json.loads(wire.sent.body) == {"shapedLists": [ACME]}


@covers("unions of unions")
@pytest.mark.parametrize(
    ("value", "name"),
    [(ANN, "Person"), (ACME, "Company"), *PETS, ({"wheels": 2, "bell": True}, "Bicycle")],
)
def test_all_members_of_inner_choices_are_looked_at(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    assert kind(read(wire, "twice", value)) == name


@covers("unions of unions")
@pytest.mark.parametrize(
    ("value", "name"), [({"wheels": 2, "bell": True}, "Bicycle"), ({"wheels": 5}, "Other")]
)
def test_a_choice_that_leaves_none_is_what_is_in_it(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    assert kind(read(wire, "veiled", value)) == name
    assert read(wire, "veiled", None) is None


@covers("union by exact types")
@pytest.mark.parametrize(
    ("value", "name"),
    [(1, "Whole"), (1.5, "Fraction"), ("1", "Text"), (True, "Flag"), ([], "Many"), (["1"], "Many")],
)
def test_exact_types_come_before_others(wire: Wire, value: object, name: str) -> None:
    assert kind(read(wire, "typed", {"value": value})) == name


@covers("union of scalars")
@pytest.mark.parametrize("value", [1, 1.5, 0, True, False, "1", "true", "", None, "null", 10**20])
def test_scalars_are_kept_apart(wire: Wire, value: object) -> None:
    found = read(wire, "scalar", value)

    assert (found, type(found)) == (value, type(value))


@covers("union of scalars and lists")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("textOrList", "a"),
        ("textOrList", ["a"]),
        ("textOrList", []),
        ("numberOrText", 1.5),
        ("numberOrText", "1.5"),
        ("dateOrText", "2022-08-26T12:00:00Z"),
        ("dateOrText", "soon"),
        ("literals", "auto"),
        ("literals", "later"),
        ("literals", {"name": "x"}),
        ("lists", []),
    ],
)
def test_a_member_of_another_kind_is_read_as_it_is(wire: Wire, name: str, value: object) -> None:
    read(wire, name, value)


@covers("union of a model, a list of it, text and null")
def test_one_or_many(wire: Wire) -> None:
    circle = {"shape": "circle", "radius": 1.5}

    assert kind(read(wire, "oneOrMany", circle)) == "Circle"
    assert [kind(item) for item in read(wire, "oneOrMany", [circle])] == ["Circle"]
    assert (read(wire, "oneOrMany", "x"), read(wire, "oneOrMany", None)) == ("x", None)


@covers("unknown union members")
@pytest.mark.parametrize("value", [7, [1], {"a": [None]}, "text", True, None, [{"b": {}}]])
@pytest.mark.parametrize("name", ["mapped", "shaped", "typed", "oneOrMany", "lists", "nested"])
def test_a_value_of_no_member_is_kept(wire: Wire, name: str, value: object) -> None:
    read(wire, name, value)


# --- Enumerations ----------------------------------------------------------------------------

VALUES: dict[str, list[object]] = {
    "color": ["red", "light blue", "mauve", ""],
    "level": [1, 3, 99, -1],
    "ratio": [0.5, 1.5, 7.25],
    "mixed": ["one", 2, True, "two", 3, False, 1, 0, "2"],
    "nullable": ["a", None, "c"],
    "fixed": ["always", "never"],
    "open": ["red", "mauve"],
    "openRef": ["red", "mauve"],
    "colors": [["red", "mauve"], []],
    "colorMap": [{"a": "red", "b": "mauve"}, {}],
}


@covers("enumerations: known and unknown values")
@pytest.mark.parametrize("name", VALUES)
def test_values_of_enumerations_come_and_go_as_they_are(wire: Wire, name: str) -> None:
    assert [read(wire, name, value) for value in VALUES[name]] == VALUES[name]


@covers("enumerations: in inspect")
@pytest.mark.parametrize(
    ("name", "annotation"),
    [
        ("color", "Color | Omit"),
        ("mixed", "Literal['one', 2, True] | Omit"),
        ("nullable", "Literal['a', 'b'] | None | Omit"),
        ("fixed", "Literal['always'] | Omit"),
        ("ratio", "float | Omit"),
    ],
)
def test_inspect_tells_the_values(wire: Wire, name: str, annotation: str) -> None:
    operations: Any = wire.sdk.inspection["operations"]
    fields = operations[0]["body"]["content"]["application/json"]["fields"]

    assert [f["annotation"] for f in fields if f["wire_name"] == name] == [annotation]
