"""Dictionaries that are given in place of models."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from tests.support.generated import Sdk, clientgen, generated

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    post:
      parameters:
        - {name: where, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Where'}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}
      responses:
        "200":
          description: Done.
          content: {application/json: {schema: {$ref: '#/components/schemas/Seen'}}}
    patch:
      requestBody:
        required: true
        content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/Animal'}}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Animal:
      required: [name, id]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        born: {type: string, format: date}
        parents: {type: array, items: {$ref: '#/components/schemas/Animal'}}
        keeper: {$ref: '#/components/schemas/Keeper'}
        diet: {$ref: '#/components/schemas/Diet'}
        open: {$ref: '#/components/schemas/Open'}
        list: {$ref: '#/components/schemas/Odd'}
    Keeper:
      allOf: [{$ref: '#/components/schemas/Person'}]
      properties: {since: {type: integer}}
    Person: {type: object, required: [name], properties: {name: {type: string}}}
    Diet:
      oneOf:
        - {$ref: '#/components/schemas/Meat'}
        - {$ref: '#/components/schemas/Plants'}
    Meat: {type: object, required: [meat], properties: {meat: {type: string}}}
    Plants:
      properties:
        plants: {type: array, items: {type: array, items: {$ref: '#/components/schemas/Plant'}}}
    Plant: {type: object, properties: {plant: {type: string}}}
    Open: {type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}
    Odd: {type: object, properties: {a-b: {type: integer}, class: {type: string}}}
    Where:
      properties: {list: {type: string}, all: {type: array, items: {type: string}}}
    Seen: {type: object, properties: {at: {type: string}}}
    AnimalDict: {type: object, properties: {a: {type: string}}}
"""


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return generated(DOCUMENT)


@pytest.fixture(scope="module")
def text(sdk: Sdk) -> str:
    return (sdk.folder / sdk.name / "models" / "inputs.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    {
        "what must be there": "    name: str",
        "what may be absent": "    born: NotRequired[date]",
        "objects in themselves": "    parents: NotRequired[Sequence[Animal | AnimalDict2]]",
        "objects in objects": "    keeper: NotRequired[Keeper | KeeperDict]",
        "what is inherited": "class KeeperDict(TypedDict):\n    name: str\n    since: "
        "NotRequired[int]",
        "any keys": "    open: NotRequired[Open | Mapping[str, Any]]",
        "choices": 'DietDict: TypeAlias = "MeatDict | PlantsDict"',
        "lists of lists": "    plants: NotRequired[Sequence[Sequence[Plant | PlantDict]]]",
        "keys that are no names": 'OddDict = TypedDict("OddDict", {"a-b": "NotRequired[int]", '
        '"class": "NotRequired[str]"})',
        "keys that would hide types": 'WhereDict = TypedDict("WhereDict", {"list": '
        '"NotRequired[str]", "all": "NotRequired[list[str]]"})',
    }.values(),
)
def test_a_dictionary_tells_of(text: str, line: str) -> None:
    assert f"{line}\n" in text


@pytest.mark.parametrize("name", ["id", "SeenDict", "PersonDict"])
def test_there_is_nothing_of_what_is_never_given(text: str, name: str) -> None:
    assert f"{name}:" not in text
    assert f"{name}(" not in text


def test_a_merge_patch_may_lack_all(sdk: Sdk) -> None:
    resources = "".join(p.read_text("utf-8") for p in sdk.folder.rglob("resources/animals.py"))

    assert "body: Animal | Mapping[str, Any] | Omit" in resources


def test_dictionaries_can_be_imported_and_are_not_by_themselves(sdk: Sdk) -> None:
    client = sdk.client(base_url="https://zoo.example")
    assert client.animals is not None  # type: ignore[attr-defined]
    name = f"{sdk.name}.models.inputs"
    import sys

    assert name not in sys.modules
    assert importlib.import_module(name).PlantDict(plant="oak") == {"plant": "oak"}


def test_a_document_without_objects_has_no_dictionaries(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n"
        "paths: {/a: {get: {responses: {'204': {description: Done.}}}}}\n"
    )
    clientgen("generate", str(tmp_path / "a.yaml"), "-o", str(tmp_path), "--meta", "none")

    assert list(tmp_path.rglob("models/*.py"))
    assert not list(tmp_path.rglob("inputs.py"))
