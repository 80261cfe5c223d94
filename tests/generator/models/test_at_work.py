"""Models as a user's program meets them."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from pydantic import ValidationError

from tests.support.generated import Sdk, generated
from tests.support.samples import ROOT

if TYPE_CHECKING:
    from types import ModuleType

RECEIVED: dict[str, Any] = {
    "fullName": "Ann",
    "bornOn": "2020-01-02",
    "seenAt": "2020-01-02T03:04:05Z",
    "key": "4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10",
    "photo": "aGk=",
    "pet": {"kind": "cat", "lives": 9},
    "pets": [{"kind": "dog", "barks": True}],
    "byName": {"Rex": {"kind": "dog"}},
    "friend": {"fullName": "Bob", "friend": {"fullName": "Cid"}},
    "house": {"owner": {"fullName": "Ann"}, "rooms": 3},
    "maybe": None,
    "mood": "calm",
    "address": {"street": "Elm"},
}


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return generated(Path(__file__).with_name("everything.yaml"))


@pytest.fixture(scope="module")
def models(sdk: Sdk) -> ModuleType:
    found: ModuleType = sdk.module.models
    return found


def test_what_was_received_is_sent_back_as_it_came(models: ModuleType) -> None:
    assert models.Owner.from_dict(RECEIVED).to_dict() == RECEIVED


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("full_name", "Ann"),
        ("born_on", date(2020, 1, 2)),
        ("seen_at", datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc)),
        ("key", UUID("4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10")),
        ("photo", b"hi"),
        ("maybe", None),
        ("score", None),
    ],
)
def test_values_have_python_types(models: ModuleType, attribute: str, value: object) -> None:
    assert getattr(models.Owner.from_dict(RECEIVED), attribute) == value


@pytest.mark.parametrize("name", ["full_name", "fullName"])
def test_a_model_is_built_by_either_name(models: ModuleType, name: str) -> None:
    assert models.Owner(**{name: "Ann"}).to_dict() == {"fullName": "Ann"}


def test_what_was_not_set_is_left_out_and_null_is_not(models: ModuleType) -> None:
    owner = models.Owner(full_name="Ann", born_on=None)

    assert owner.to_dict() == {"fullName": "Ann", "bornOn": None}


def test_fields_that_nobody_knows_are_kept(models: ModuleType) -> None:
    received = {"fullName": "Ann", "new": {"deep": [1]}, "address": {"zip": 1}}

    assert models.Owner.from_dict(received).to_dict() == received


def test_extra_properties_are_kept_beside_known_ones(models: ModuleType) -> None:
    assert models.Extended.from_dict({"a": "x", "b": 3}).to_dict() == {"a": "x", "b": 3}


def test_values_of_an_enumeration_may_grow(models: ModuleType) -> None:
    assert models.Owner(full_name="Ann", mood="puzzled").mood == "puzzled"


def test_a_value_that_does_not_fit_is_refused(models: ModuleType) -> None:
    with pytest.raises(ValidationError, match="valid string"):
        models.Owner(full_name=3)


def test_models_hold_models(models: ModuleType) -> None:
    owner = models.Owner.from_dict(RECEIVED)

    assert (owner.friend.friend.full_name, owner.house.owner.full_name, owner.address.street) == (
        "Cid",
        "Ann",
        "Elm",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"kind": "cat"}, "Cat"), ({"kind": "dog", "lives": 9}, "Dog")],
    ids=["the first", "the other, against its looks"],
)
def test_a_tag_decides_which_model_it_is(
    models: ModuleType, value: dict[str, object], expected: str
) -> None:
    owner = models.Owner.from_dict({"fullName": "Ann", "pet": value})

    assert type(owner.pet).__name__ == expected


@pytest.mark.parametrize(
    ("value", "expected"), [({"side": 1}, "Square"), ({"radius": 1}, "Circle"), ("any", "str")]
)
def test_looks_decide_without_a_tag(models: ModuleType, value: object, expected: str) -> None:
    assert type(models.Figure.from_dict({"loose": value}).loose).__name__ == expected


def test_a_model_of_a_union_is_taken_as_it_is(models: ModuleType) -> None:
    cat = models.Cat(kind="cat")

    assert models.Owner(full_name="Ann", pet=cat).pet is cat


@pytest.mark.parametrize("value", [{"kind": "emu", "flies": False}, {"kind": 3}, {}])
def test_an_unknown_tag_fails_no_call(
    sdk: Sdk, value: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    answer = {"fullName": "Ann", "pet": value, "friend": {"fullName": "Bob"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))

    with sdk.client(transport=transport) as client:
        owner = client.pets.create(full_name="Ann")  # type: ignore[attr-defined]
    assert owner.friend.full_name == "Bob"
    assert owner.to_dict() == answer


def test_lists_of_themselves_hold(models: ModuleType) -> None:
    assert models.Forest.from_dict({"tree": [[], [[]]]}).to_dict() == {"tree": [[], [[]]]}


def test_tuples_are_tuples(models: ModuleType) -> None:
    path = models.Path.from_dict({"points": [[1, 2], [3, 4]]})

    assert path.points == [(1.0, 2.0), (3.0, 4.0)]


def test_deep_objects_are_typed(models: ModuleType) -> None:
    nested = models.Nested.from_dict({"a": {"b": {"c": 3}}})

    assert type(nested.a.b).__name__ == "NestedAB"


def test_a_derived_model_is_one_of_its_base(models: ModuleType) -> None:
    assert issubclass(models.Derived, models.Base)


def test_a_model_may_hold_what_extends_it(models: ModuleType) -> None:
    chain = models.Chain.from_dict({"next": {"length": 1, "next": {"length": 2}}})

    assert isinstance(chain.next, models.Chain)
    assert chain.next.next.length == 2


@pytest.mark.parametrize(
    "copied",
    [
        lambda value: pickle.loads(pickle.dumps(value)),
        copy.copy,
        copy.deepcopy,
        lambda value: value.model_copy(),
    ],
    ids=["pickle", "copy", "deepcopy", "model_copy"],
)
def test_models_are_copied(models: ModuleType, copied: Any) -> None:
    owner = models.Owner.from_dict(RECEIVED)

    assert (copied(owner), copied(owner).to_dict()) == (owner, RECEIVED)


# --- Names -----------------------------------------------------------------------------------


def listed(sdk: Sdk) -> list[str]:
    found = sdk.inspection["models"]
    assert isinstance(found, list)
    return [str(model["name"]) for model in found if isinstance(model, dict)]


def test_every_listed_model_is_there(sdk: Sdk, models: ModuleType) -> None:
    assert [name for name in listed(sdk) if getattr(models, name, None) is None] == []


def test_dir_lists_every_model(sdk: Sdk, models: ModuleType) -> None:
    assert set(listed(sdk)) <= set(dir(models))


def test_a_name_that_is_no_model_is_no_attribute(models: ModuleType) -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        _ = models.Nonsense


def test_names_are_told_apart_by_more_than_case(sdk: Sdk) -> None:
    names = [name.casefold() for name in listed(sdk)]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("wire_name", "name"),
    [
        ("SnakeCase", "SnakeCase"),
        ("class", "Class"),
        ("None", "None_"),
        ("Any", "AnyModel"),
        ("Pets", "Pets"),
        ("a.dotted.name", "ADottedName"),
        ("2fa", "Model2fa"),
        ("Model", "Model"),
        ("Ünï", "Uni"),
    ],
)
def test_a_model_is_called(sdk: Sdk, wire_name: str, name: str) -> None:
    found = sdk.inspection["models"]
    assert isinstance(found, list)
    places = {m["pointer"]: m["name"] for m in found if isinstance(m, dict)}

    assert places[f"/components/schemas/{wire_name}"] == name


def wire_names(models: ModuleType, name: str) -> dict[str, str]:
    fields = getattr(models, name).model_fields
    return {field if f.alias is None else f.alias: field for field, f in fields.items()}


def test_every_awkward_property_comes_back(models: ModuleType) -> None:
    special = {
        "list": ["a"],
        "int": 1,
        "date": "2020-01-02",
        "datetime": "2020-01-02T03:04:05Z",
        "uuid": "4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10",
        "x": {"x": {"x": "deep"}},
    }
    received = {name: special.get(name, name) for name in wire_names(models, "Awkward")}

    assert models.Awkward.from_dict(received).to_dict() == received


def test_each_awkward_property_is_one_alone(models: ModuleType) -> None:
    scalars = set(wire_names(models, "Awkward")) - {"list", "x"}
    special = {"int": 1, "date": "2020-01-02", "datetime": "2020-01-02T03:04:05Z"}
    key = "4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10"
    alone = [{name: special.get(name, key)} for name in sorted(scalars)]

    assert [models.Awkward.from_dict(value).to_dict() for value in alone] == alone


@pytest.mark.parametrize(
    ("wire_name", "name"),
    [
        ("class", "class_"),
        ("json", "json_"),
        ("copy", "copy_"),
        ("schema", "schema_"),
        ("model_config", "model_config_"),
        ("self", "self"),
        ("type", "type"),
        ("date", "date"),
        ("list", "list_"),
        ("2fa", "field_2fa"),
        ("$ref", "ref"),
        ("größe", "grosse"),
        ("日本", "日本"),
        ("a_b", "a_b"),
        ("a-b", "a_b_4"),
    ],
)
def test_a_property_is_called(models: ModuleType, wire_name: str, name: str) -> None:
    assert wire_names(models, "Awkward")[wire_name] == name


def test_names_of_base_and_derived_do_not_mix(models: ModuleType) -> None:
    received = {"id": 1, "class_": "derived", "extra": "x"}

    assert models.Derived.from_dict(received).to_dict() == received


# --- Loading ---------------------------------------------------------------------------------

USE = """
import sys
from {name} import models
owner = models.Owner.from_dict({{"fullName": "Ann", "pet": {{"kind": "cat"}}}})
assert type(owner.pet).__name__ == "Cat"
print(*sorted(m.rpartition(".")[2] for m in sys.modules if m.startswith("{name}.models.")))
"""


def test_only_models_that_are_used_are_loaded(sdk: Sdk) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USE.format(name=sdk.name)],
        env={"PYTHONPATH": f"{sdk.folder}:{ROOT / 'runtime'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.split(), done.stderr) == (["animal", "cat", "owner"], "")


def test_a_model_has_a_json_schema(models: ModuleType) -> None:
    schema = models.Owner.model_json_schema()["$defs"]["Owner"]

    assert {"fullName", "pet", "friend"} <= schema["properties"].keys()
