"""Objects: extended, recursive, with names of all kinds and with more than they declare."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import method_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "types_objects.yaml"
covers = pytest.mark.covers

NOON = datetime(2022, 8, 26, 12, tzinfo=timezone.utc)
REX = {"name": "Rex", "age": 7}


def exchange(wire: Wire, operation: str, answer: object, **given: Any) -> Any:
    """Call an operation that answers this, and what it makes of the answer."""
    wire.answer(json.dumps(answer))
    return wire.call(method_of(wire, operation), **given)


def box(wire: Wire, **content: object) -> Any:
    """What is read of a box that holds this, after it was sent back as it came."""
    found = exchange(wire, "exchange_box", content)
    exchange(wire, "exchange_box", {}, body=found)
    assert json.loads(wire.sent.body) == content
    return found


def sent(wire: Wire, **fields: object) -> Any:
    """What a call with these fields sends."""
    exchange(wire, "exchange_box", {}, **fields)
    return json.loads(wire.sent.body)


# --- allOf -----------------------------------------------------------------------------------


@covers("allOf: several levels")
def test_an_object_extends_another_at_several_levels(wire: Wire) -> None:
    puppy = box(wire, puppy={"name": "Rex", "barks": True, "weeks": 3, "born": 1661515200}).puppy

    assert (puppy.name, puppy.barks, puppy.weeks, puppy.born) == ("Rex", True, 3, NOON)
    assert isinstance(puppy, wire.models.Puppy)
    assert isinstance(puppy, wire.models.Pet)


@covers("allOf: several levels")
def test_what_is_inherited_is_written_in_its_form(wire: Wire) -> None:
    expected = {"puppy": {"name": "Rex", "born": 1661515200}}

    assert sent(wire, puppy={"name": "Rex", "born": NOON}) == expected
    assert sent(wire, puppy=wire.models.Puppy(name="Rex", born=NOON)) == expected


@covers("allOf: required added later")
def test_a_property_may_become_required(wire: Wire) -> None:
    assert isinstance(box(wire, strict=REX).strict, wire.models.Pet)
    assert wire.models.StrictPet.model_fields["age"].is_required()
    assert not wire.models.Pet.model_fields["age"].is_required()


@covers("allOf: parts put together")
def test_parts_without_names_are_one_object(wire: Wire) -> None:
    merged = box(wire, merged={"a": "x", "b": 1}).merged

    assert (merged.a, merged.b) == ("x", 1)


@covers("allOf: parts that contradict each other")
@pytest.mark.parametrize("value", [1, "one"])
def test_parts_that_contradict_each_other_fail_nothing(wire: Wire, value: object) -> None:
    assert box(wire, conflict={"value": value}).conflict.value == value


@covers("oneOf beside properties")
@pytest.mark.parametrize("other", [{"mail": "a@b.example"}, {"phone": "1"}, {"new": 1}, {}])
def test_variants_beside_properties_are_one_object(wire: Wire, other: dict[str, object]) -> None:
    found = box(wire, oneOfBeside={"name": "Ann", **other}).one_of_beside

    assert (found.name, found.mail) == ("Ann", other.get("mail"))


@covers("if, then, else")
def test_what_holds_under_conditions_may_be_there(wire: Wire) -> None:
    found = box(wire, conditional={"country": "NL", "postcode": "1011"}).conditional

    assert (found.postcode, found.zip) == ("1011", None)


# --- Families --------------------------------------------------------------------------------

SAW = {"kind": "shark", "age": 2, "sharktype": "saw", "teeth": 3, "seen": 1661515200}
FAMILY: list[tuple[dict[str, object], str]] = [
    ({"kind": "salmon", "age": 1}, "Salmon"),
    (SAW, "SawShark"),
    ({"kind": "shark", "age": 2, "sharktype": "GoblinShark", "color": "red"}, "GoblinShark"),
    ({"kind": "shark", "age": 2, "sharktype": "nurse", "new": [1]}, "Shark"),
    ({"kind": "Eel", "age": 2, "volts": 600}, "Eel"),
    ({"kind": "carp", "age": 2, "scales": {"many": True}}, "Fish"),
    ({"age": 2, "sharktype": "saw"}, "Fish"),
]


@covers("discriminator without oneOf")
@pytest.mark.parametrize(("value", "name"), FAMILY)
def test_a_base_is_read_as_what_its_tag_says(
    wire: Wire, value: dict[str, object], name: str
) -> None:
    fish = exchange(wire, "exchange_fish", value, kind="carp", age=1)
    exchange(wire, "exchange_fish", {}, body=fish)

    assert type(fish) is getattr(wire.models, name)
    assert isinstance(fish, wire.models.Fish)
    assert json.loads(wire.sent.body) == value


@covers("discriminator without oneOf: in lists")
def test_a_list_of_a_base_holds_each_as_what_it_is(wire: Wire) -> None:
    found = exchange(wire, "list_fish", [value for value, _ in FAMILY])

    assert [type(fish).__name__ for fish in found] == [name for _, name in FAMILY]


@covers("discriminator without oneOf: within itself")
def test_a_family_stands_within_itself(wire: Wire) -> None:
    salmon = {
        "kind": "salmon",
        "age": 1,
        "friends": [SAW, {"kind": "carp", "age": 1}],
        "hate": {"x": SAW, "y": {"kind": "salmon", "age": 2, "partner": SAW}},
        "partner": SAW,
    }
    found = exchange(wire, "exchange_fish", salmon, kind="carp", age=1)
    exchange(wire, "exchange_fish", {}, body=found)

    saw = wire.models.SawShark
    assert [type(fish) for fish in (found.friends[0], found.partner)] == [saw, saw]
    assert type(found.hate["y"].partner) is saw
    assert found.partner.seen == NOON
    assert json.loads(wire.sent.body) == salmon


@covers("discriminator without oneOf: within itself")
def test_a_base_holds_its_family(wire: Wire) -> None:
    carp = {"kind": "carp", "age": 1, "school": [SAW, {"kind": "Eel", "age": 2}], "leader": SAW}
    found = exchange(wire, "exchange_fish", carp, **carp)

    names = [type(fish).__name__ for fish in (found, *found.school, found.leader)]
    assert names == ["Fish", "SawShark", "Eel", "SawShark"]
    assert json.loads(wire.sent.body) == carp


@covers("discriminator without oneOf: given")
def test_a_member_of_a_family_is_given_as_model_or_mapping(wire: Wire) -> None:
    saw = wire.models.SawShark(kind="shark", sharktype="saw", age=2, teeth=3, seen=NOON)
    mapping = {**SAW, "seen": NOON}
    partners = []
    for partner in (saw, mapping):
        body = {"kind": "salmon", "age": 1, "partner": partner, "friends": [partner]}
        exchange(wire, "exchange_fish", {"kind": "carp", "age": 1}, body=body)
        partners.append(json.loads(wire.sent.body))

    expected = {"kind": "salmon", "age": 1, "partner": SAW, "friends": [SAW]}
    assert partners == [expected, expected]


# --- Recursion -------------------------------------------------------------------------------


@covers("recursive objects")
def test_an_object_holds_itself_in_every_way(wire: Wire) -> None:
    leaf = {"value": 1}
    value = {
        "value": 0,
        "next": {"next": leaf},
        "children": [leaf, {"children": []}],
        "byName": {"a": leaf},
        "either": leaf,
    }
    node = box(wire, node=value).node

    assert node.next.next.value == node.children[0].value == node.by_name["a"].value == 1
    assert type(node.either) is wire.models.Node


@covers("recursive lists")
@pytest.mark.parametrize("tree", [[], [[]], [[[], [[]]], []]])
def test_a_list_of_itself(wire: Wire, tree: list[object]) -> None:
    assert exchange(wire, "exchange_tree", tree, body=tree) == tree
    assert json.loads(wire.sent.body) == tree


@covers("recursive unions")
@pytest.mark.parametrize("value", ["a", 1.5, True, [1, ["a", None]], {"a": {"b": [False]}}])
def test_any_json_by_a_schema(wire: Wire, value: object) -> None:
    assert box(wire, json=value).json_ == value


@covers("$defs and nested definitions")
def test_definitions_may_be_nested(wire: Wire) -> None:
    nested = box(wire, nested={"inner": {"at": 1661515200}, "deep": {"deeper": {"deepest": "x"}}})

    assert nested.nested.inner.at == NOON
    assert nested.nested.deep.deeper.deepest == "x"


# --- More than is declared -------------------------------------------------------------------


@covers("additionalProperties: true and false")
@pytest.mark.parametrize("kind", ["free", "closed", "puppy"])
def test_fields_that_nobody_declared_are_kept(wire: Wire, kind: str) -> None:
    found = getattr(box(wire, **{kind: {"name": "x", "more": {"a": [1, None]}}}), kind)

    assert found.model_extra == {"more": {"a": [1, None]}}


@covers("additionalProperties: scalars")
def test_extra_fields_have_the_declared_type(wire: Wire) -> None:
    found = box(wire, counted={"name": "x", "a": 1}, dated={"name": "x", "noon": 1661515200})

    assert (found.counted.model_extra, found.counted.a) == ({"a": 1}, 1)
    assert (found.dated.model_extra, found.dated.noon) == ({"noon": NOON}, NOON)


@covers("additionalProperties: models")
@pytest.mark.parametrize("kind", ["petted", "extended", "patterned", "unevaluated", "mixed"])
def test_extra_fields_are_models(wire: Wire, kind: str) -> None:
    extra = getattr(box(wire, **{kind: {"name": "x", "p_1": REX}}), kind).model_extra

    assert extra == {"p_1": wire.models.Pet(**REX)}


@covers("additionalProperties: lists of models and unions")
def test_extra_fields_are_lists_and_unions(wire: Wire) -> None:
    found = box(wire, litters={"a": [REX], "b": []}, mixed={"a": 1, "b": REX})

    rex = wire.models.Pet(**REX)
    assert found.litters.model_extra == {"a": [rex], "b": []}
    assert found.mixed.model_extra == {"a": 1, "b": rex}


@covers("additionalProperties: what does not fit")
@pytest.mark.parametrize("value", ["one", None, [1], {"a": 1}])
def test_extra_fields_of_another_type_are_kept(wire: Wire, value: object) -> None:
    assert box(wire, counted={"name": "x", "a": 1, "new": value}).counted.new == value


@covers("additionalProperties: given")
def test_extra_fields_are_written_in_their_form(wire: Wire) -> None:
    models = wire.models
    expected = {
        "dated": {"name": "x", "noon": 1661515200},
        "petted": {"a": {"name": "R", "born": 0}},
    }
    born = datetime(1970, 1, 1, tzinfo=timezone.utc)

    assert expected == sent(
        wire, dated={"name": "x", "noon": NOON}, petted={"a": {"name": "R", "born": born}}
    )
    assert expected == sent(
        wire,
        dated=models.Dated(name="x", noon=NOON),
        petted=models.Petted(a=models.Pet(name="R", born=born)),
    )


# --- Names -----------------------------------------------------------------------------------


@covers("names of properties")
def test_every_name_is_read_and_sent_back(wire: Wire) -> None:
    schema = wire.models.Names.model_fields
    named = {name if f.alias is None else f.alias: name for name, f in schema.items()}
    content = {wire: 1 if name == "int_" else "x" for wire, name in named.items()}
    names = box(wire, names=content).names

    assert len(content) == 31
    assert not names.model_extra
    assert {getattr(names, name) for name in schema} == {"x", 1}


@covers("names of properties")
def test_methods_of_models_stay_what_they_are(wire: Wire) -> None:
    names = wire.models.Names.from_dict({"model_dump": "x", "copy": "y", "to_dict": "z"})

    assert names.model_copy().to_dict() == {"model_dump": "x", "copy": "y", "to_dict": "z"}


@covers("boolean and empty schemas")
@pytest.mark.parametrize("value", [1, "x", None, [None], {"a": {}}, 1.5, False])
def test_a_schema_that_says_nothing_takes_anything(wire: Wire, value: object) -> None:
    assert box(wire, anything=value, empty=value).anything == value


@covers("$ref with siblings")
def test_a_reference_with_a_description_is_the_reference(wire: Wire) -> None:
    assert box(wire, sibling=REX).sibling == wire.models.Pet(**REX)


# --- Null, absent, default -------------------------------------------------------------------


@covers("null in all spellings")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("listed", 1),
        ("either", 1),
        ("object", REX),
        ("flagged", 1),
        ("enumerated", "b"),
        ("items", ["a", None]),
        ("values", {"a": None, "b": 1}),
        ("nothing", None),
    ],
)
def test_null_is_a_value(wire: Wire, name: str, value: object) -> None:
    with_value = box(wire, nulls={"must": None, name: value}).nulls
    with_null = box(wire, nulls={"must": "x", name: None}).nulls

    found = getattr(with_value, name)
    assert (found.to_dict() if name == "object" else found) == value
    assert (getattr(with_null, name), name in with_null.model_fields_set) == (None, True)


@covers("absent and null kept apart")
def test_what_is_absent_stays_absent(wire: Wire) -> None:
    nulls = box(wire, nulls={"must": None}).nulls

    assert (nulls.listed, nulls.model_fields_set) == (None, {"must"})
    assert sent(wire, nulls={"must": None}) == {"nulls": {"must": None}}
    assert sent(wire, puppy=None) == {"puppy": None}
    assert sent(wire) == {}


@covers("default")
def test_a_default_is_the_servers(wire: Wire) -> None:
    assert sent(wire, defaults=wire.models.Defaults(mode="slow")) == {"defaults": {"mode": "slow"}}
    assert sent(wire, defaults={}) == {"defaults": {}}
    assert box(wire, defaults={"limit": 3}).defaults.limit == 3


@covers("readOnly and writeOnly")
def test_what_only_one_side_sets(wire: Wire) -> None:
    account = box_of_account(wire)

    assert (account.id, account.name, account.password) == (7, "Ann", None)
    assert sent(wire, secret={"name": "Ann", "password": "p"}) == {
        "secret": {"name": "Ann", "password": "p"}
    }


def box_of_account(wire: Wire) -> Any:
    """An account as it is answered: with its id, without its password."""
    return exchange(wire, "exchange_box", {"secret": {"id": 7, "name": "Ann"}}).secret
