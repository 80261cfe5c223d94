"""Models of generated SDKs: what they keep, how they are told apart, when they load."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from clientgen_runtime.sdk import (
    ApiModel,
    Base64,
    Base64Url,
    Binary,
    DecimalText,
    Delimited,
    Duration,
    DurationSeconds,
    HttpDate,
    OneOf,
    UnixTime,
    exports,
)
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

PACKAGE = {
    "__init__.py": """
from clientgen_runtime.sdk import exports
__getattr__, __dir__ = exports(__name__, {"pets": "Cat Dog Pet", "owners": "Owner"})
""",
    "pets.py": """
from __future__ import annotations
from typing import Annotated
from pydantic import Field
from clientgen_runtime.sdk import ApiModel, OneOf, lazy
Owner = lazy(__package__, "Owner")
class Cat(ApiModel):
    lives: int
    owner: Owner | None = None
class Dog(ApiModel):
    name: str
    is_loud: Annotated[bool | None, Field(alias="isLoud")] = None
Pet = Annotated[Cat | Dog, OneOf("kind", {"cat": "Cat", "dog": "Dog"})]
""",
    "owners.py": """
from __future__ import annotations
from clientgen_runtime.sdk import ApiModel, lazy
Pet = lazy(__package__, "Pet")
class Owner(ApiModel):
    pets: list[Pet]
""",
}


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "zoo_models"
    folder.mkdir()
    for name, text in PACKAGE.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import zoo_models  # type: ignore[import-not-found]

    yield zoo_models
    for name in [name for name in sys.modules if name.startswith("zoo_models")]:
        del sys.modules[name]


def parsed(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def test_a_package_lists_all_its_models(zoo: ModuleType) -> None:
    assert {"Cat", "Dog", "Owner", "Pet"} <= set(dir(zoo))


def test_a_name_that_a_package_lacks_is_an_attribute_error(zoo: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Horse'"):
        _ = zoo.Horse


def test_a_model_that_no_value_asks_for_is_not_loaded(zoo: ModuleType) -> None:
    parsed(zoo.Cat, {"lives": 9})

    assert "zoo_models.owners" not in sys.modules


def test_a_model_is_loaded_when_a_value_of_it_arrives(zoo: ModuleType) -> None:
    cat = parsed(zoo.Cat, {"lives": 9, "owner": {"pets": [{"kind": "dog", "name": "Rex"}]}})

    assert type(cat.owner.pets[0]) is zoo.Dog


def test_an_instance_is_taken_for_a_model_that_loads_later(zoo: ModuleType) -> None:
    owner = zoo.Owner(pets=[])

    assert zoo.Cat(lives=9, owner=owner).owner is owner


def test_a_tag_tells_models_apart(zoo: ModuleType) -> None:
    assert type(parsed(zoo.Pet, {"kind": "cat", "lives": 1, "name": "Tom"})) is zoo.Cat


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"lives": 1}, "Cat"),
        ({"name": "Rex"}, "Dog"),
        ({"kind": "wolf", "name": "Rex", "isLoud": True}, "Dog"),
    ],
)
def test_without_a_known_tag_the_model_that_fits_best_is_taken(
    zoo: ModuleType, value: object, name: str
) -> None:
    assert type(parsed(zoo.Pet, value)).__name__ == name


def test_what_fits_no_model_is_an_error(zoo: ModuleType) -> None:
    with pytest.raises(ValidationError):
        parsed(zoo.Pet, "a string")


def test_an_unknown_field_is_kept_and_sent_back(zoo: ModuleType) -> None:
    dog = parsed(zoo.Dog, {"name": "Rex", "isLoud": False, "age": 3})

    assert dog.to_dict() == {"name": "Rex", "isLoud": False, "age": 3}


def test_what_was_not_set_is_left_out(zoo: ModuleType) -> None:
    assert zoo.Dog(name="Rex").to_json() == '{"name":"Rex"}'


def test_a_model_shows_what_is_set_alone() -> None:
    class Dog(ApiModel):
        name: str
        kind: str | None = None
        owner: str | None = None

    assert repr(Dog.from_dict({"name": "Rex", "owner": None, "age": 3})) == (
        "Dog(name='Rex', owner=None, age=3)"
    )


def test_null_that_was_set_is_sent(zoo: ModuleType) -> None:
    assert zoo.Dog(name="Rex", is_loud=None).to_dict() == {"name": "Rex", "isLoud": None}


def test_a_model_is_built_by_either_name(zoo: ModuleType) -> None:
    assert zoo.Dog(name="Rex", isLoud=True) == zoo.Dog(name="Rex", is_loud=True)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_models_can_be_copied_and_pickled(zoo: ModuleType, copied: Any) -> None:
    cat = zoo.Cat.from_dict({"lives": 9, "owner": {"pets": []}})

    assert copied(cat) == cat


def test_a_type_of_models_that_load_later_reads_well(zoo: ModuleType) -> None:
    assert "zoo_models.Owner" in str(zoo.Cat.model_fields["owner"].annotation)


def test_members_that_are_no_models_may_stand_beside_them() -> None:
    class Card(ApiModel):
        number: str

    kind = Annotated[Card | str, OneOf()]

    assert [parsed(kind, "id"), parsed(kind, {"number": "1"})] == ["id", Card(number="1")]


NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("kind", "wire", "value"),
    [
        (Base64, "+/8=", b"\xfb\xff"),
        (Base64Url, "-_8", b"\xfb\xff"),
        (UnixTime, 1795176000, NOON),
        (HttpDate, "Fri, 20 Nov 2026 12:00:00 GMT", NOON),
    ],
)
def test_values_have_a_form_on_the_wire(kind: Any, wire: object, value: object) -> None:
    adapter = TypeAdapter(kind)

    assert (adapter.validate_python(wire), adapter.dump_python(value, mode="json")) == (value, wire)


def test_a_value_may_be_given_as_it_is() -> None:
    assert TypeAdapter(Base64).validate_python(b"raw") == b"raw"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Base64, "!"),
        (HttpDate, "!"),
        (Base64, "cat"),
        (Base64Url, "cats2"),
        (DecimalText, "2024_01"),
    ],
)
def test_a_text_that_is_no_such_value_is_an_error(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        parsed(kind, text)


class Photo(ApiModel):
    data: Binary


class Kept(ApiModel):
    price: DecimalText | None = None
    tags: Annotated[list[str], Delimited(",")] | None = None
    photo: Photo | None = None


@pytest.mark.parametrize(
    "text",
    [
        '{"price":"1E+400"}',
        '{"price":false}',
        '{"tags":["a",{"b":"c"}]}',
        '{"photo":0.12345678901234566}',
    ],
)
def test_what_a_server_sends_against_its_document_can_be_sent_back(
    connect: Connect, text: str
) -> None:
    kept = connect(Server(httpx.Response(200, text=text))).get("/x", response_model=Kept)

    assert json.loads(kept.to_json()) == kept.to_dict()
    assert kept.to_json().upper() == text.upper().replace("1E+400", "1" + 400 * "0")


def test_exports_are_listed_once_and_in_order() -> None:
    _, names = exports("clientgen_runtime", {"sdk": "Body Api"})

    assert [name for name in names() if name in {"Api", "Body"}] == ["Api", "Body"]


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_bytes_that_came_as_text_can_be_copied_and_pickled(copied: Any) -> None:
    photo = Photo.from_dict({"data": "text"})

    assert copied(photo).to_dict() == {"data": "text"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (UnixTime, "1e999999"),
        (DurationSeconds, "-1e99999999999"),
        (DurationSeconds, "1e21"),
        pytest.param(Duration, f"P{'9' * 1_000_001}D", id="Duration of a million digits"),
        (HttpDate, "Fri, 26 Aug 99999999999 12:00:00 GMT"),
    ],
)
def test_a_time_beyond_all_times_is_an_error(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        parsed(kind, text)
