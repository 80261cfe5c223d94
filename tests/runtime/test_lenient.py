from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import httpx
import pytest
from pydantic import BaseModel, Field, RootModel, TypeAdapter

from clientgen_runtime import ConfigurationError, ValidationError
from clientgen_runtime._data.lazy import validator_of
from clientgen_runtime._data.lenient import construct
from clientgen_runtime.sdk import ApiModel, OneOf
from tests.runtime.driving import Connect, Server


class Tag(BaseModel):
    name: str


class Pet(BaseModel):
    id: int
    born: date | None = Field(default=None, alias="bornOn")
    tags: list[Tag] = []
    owner: Tag | None = None


class Links(ApiModel):
    next: str


Integers: Any = RootModel[list[int]]
Numbers: Any = RootModel[dict[str, int]]


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (int, "7", 7),
        (int, "x", "x"),
        (list[int], [1, "x"], [1, "x"]),
        (dict[str, int], {"a": "1", "b": "x"}, {"a": 1, "b": "x"}),
        (Pet, "no object", "no object"),
        (Pet | list[Pet], 7, 7),
        (tuple[Tag, int], [{"name": "a"}, "x"], (Tag(name="a"), "x")),
        (tuple[int, ...], ["1", "x"], (1, "x")),
        (tuple[int, int], ["x"], ["x"]),
        (Integers, ["1", "x"], Integers.model_construct([1, "x"])),
        (Numbers, {"a": "x"}, Numbers.model_construct({"a": "x"})),
    ],
)
def test_what_fits_is_typed_and_the_rest_kept(kind: Any, value: object, kept: object) -> None:
    assert construct(kind, value) == kept


def test_members_may_be_called_like_arguments_of_pydantic() -> None:
    class Course(ApiModel):
        cls: int

    members = {"cls": "x", "_fields_set": [1]}

    assert construct(Course, members).to_dict() == members
    assert construct(Links, {"cls": 1, "next": 2}).to_dict() == {"cls": 1, "next": 2}


def test_what_many_items_need_is_made_once() -> None:
    assert validator_of(list[Tag]) is validator_of(list[Tag])


def test_models_are_built_field_by_field() -> None:
    pet = construct(
        Pet | None,
        {"id": "x", "bornOn": "2026-01-02", "tags": [{"name": "a"}, {"name": 1}], "more": True},
    )

    assert isinstance(pet, Pet)
    assert vars(pet)["id"] == "x"
    assert pet.born == date(2026, 1, 2)
    assert pet.tags == [Tag(name="a"), Tag.model_construct(name=1)]
    assert pet.owner is None


@pytest.mark.parametrize(
    "validation",
    ["lenient", "off"],
)
def test_validation_is_a_choice_of_the_call(connect: Connect, validation: str) -> None:
    server = Server(httpx.Response(200, json={"id": "x"}))

    found = connect(server).get("/x", response_model=Pet, validation=validation)

    assert found.__dict__["id"] == "x"
    assert isinstance(found, Pet)


def test_an_adapter_that_does_not_fit_gives_plain_data(connect: Connect) -> None:
    server = Server(httpx.Response(200, json={"id": "x"}))

    assert connect(server).get("/x", response_model=TypeAdapter(Pet)) == {"id": "x"}


class Unfinished(BaseModel):
    owner: Owner  # type: ignore[name-defined]  # noqa: F821 - which nobody has defined


class Plain:
    """Nothing that pydantic knows."""


@pytest.mark.parametrize("kind", [Unfinished, Plain, list[Plain]])
@pytest.mark.parametrize("validation", ["strict", "lenient"])
def test_a_type_that_nothing_is_read_as_is_refused(
    connect: Connect, server: Server, kind: Any, validation: str
) -> None:
    with pytest.raises(ConfigurationError, match="no answer is read as"):
        connect(server).get("/x", response_model=kind, validation=validation)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Pet, "Pet"),
        (list[Pet], "list[Pet]"),
        (dict[str, Pet | None], "dict[str, Pet | None]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (Annotated[Pet | Tag, OneOf("kind", {"pet": "Pet"})], "Pet | Tag"),
        (list[Any], "list[Any]"),
        (Sequence[Pet], "Sequence[Pet]"),
        (Literal["a"], "Literal['a']"),
    ],
)
def test_messages_name_types_as_people_write_them(connect: Connect, model: Any, name: str) -> None:
    client = connect(Server(httpx.Response(200, json=7.5)), validation="strict")

    with pytest.raises(ValidationError) as raised:
        client.get("/x", response_model=model)

    assert f"the answer does not fit {name}: " in str(raised.value)


def test_a_misfit_is_logged_once(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    client = connect(Server(httpx.Response(200, json={"id": "x"})))
    for _ in range(3):
        client.get("/x", response_model=Tag)

    assert [record.levelname for record in caplog.records] == ["WARNING"]


class Leaf(ApiModel):
    end: Literal[True]


class Branch(ApiModel):
    inner: Annotated[Branch | Leaf, OneOf()] | None = None
    n: int = 0


@pytest.mark.parametrize(("depth", "kept"), [(50, Branch), (900, dict)])
def test_an_answer_that_is_nested_too_deeply_is_kept(
    connect: Connect, depth: int, kept: type
) -> None:
    text = '{"inner":' * depth + '{"n":"x"}' + "}" * depth
    client = connect(Server(httpx.Response(200, text=text)))

    assert isinstance(client.get("/x", response_model=Branch), kept)
    with pytest.raises(ValidationError):
        client.get("/x", response_model=Branch, validation="strict")
