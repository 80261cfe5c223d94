"""What callers notice when a document changes, and which version it asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientgen.diff import compare
from clientgen.diff.surface import Field, Model, Surface, model_with_names, type_of
from tests.generator.cli.command import Outcome, run

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = """\
openapi: 3.1.0
info: {title: Pet Store, version: "1"}
security: [{key: []}]
paths:
  /pets:
    get:
      tags: [pets]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: kind, in: query, schema: {enum: [dog, cat]}}
      responses:
        "200":
          description: All.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
    post:
      tags: [pets]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}}
      responses: {"204": {description: Done.}}
  /pets/{petId}:
    get:
      tags: [pets]
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: One.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, kind: {enum: [dog, cat]}, tag: {type: string}}
    NewPet:
      type: object
      required: [name]
      properties: {name: {type: string}, tag: {type: string}, weight: {type: integer}}
"""  # noqa: E501

KEY = "securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}"
NEW_FIELDS = "properties: {name: {type: string}, tag: {type: string}, weight: {type: integer}}"
PET_FIELDS = "properties: {name: {type: string}, kind: {enum: [dog, cat]}, tag: {type: string}}"

BREAKING = {
    "a call goes": ("/pets/{petId}:", "/animals/{petId}:", "pets.retrieve is gone"),
    "an argument goes": (
        "- {name: limit, in: query, schema: {type: integer}}\n",
        "\n",
        "pets.list(limit=) is no argument any more",
    ),
    "an argument is needed": (
        "{name: limit, in: query,",
        "{name: limit, in: query, required: true,",
        "pets.list(limit=) has to be given",
    ),
    "a new argument is needed": (
        "parameters:\n",
        "parameters:\n        - {name: shop, in: query, required: true, schema: {type: string}}\n",
        "pets.list(shop=) is new and has to be given",
    ),
    "an argument takes another type": (
        "{name: limit, in: query, schema: {type: integer}}",
        "{name: limit, in: query, schema: {type: string}}",
        "pets.list(limit=) takes str, no longer int",
    ),
    "an argument takes fewer values": (
        "in: query, schema: {enum: [dog, cat]}",
        "in: query, schema: {enum: [dog]}",
        "pets.list(kind=) takes Literal['dog'], no longer Literal['dog', 'cat']",
    ),
    "a path parameter takes another type": (
        "required: true, schema: {type: integer}}",
        "required: true, schema: {type: string}}",
        "pets.retrieve(pet_id=) takes str, no longer int",
    ),
    "an answer is another one": (
        '"200":\n          description: One.',
        '"201": {description: Done.}\n        "400":\n          description: One.',
        "pets.retrieve() returns None instead of Pet",
    ),
    "a list comes page by page": (
        "{name: limit, in: query, schema: {type: integer}}",
        "{name: page, in: query, schema: {type: integer}}",
        "pets.list() returns Page[Pet] instead of list[Pet]",
    ),
    "a property of an answer goes": (
        PET_FIELDS,
        "properties: {name: {type: string}, kind: {enum: [dog, cat]}}",
        "Pet.tag is gone",
    ),
    "a property of an answer may be absent": (
        "required: [name]\n      properties: {name: {type: string}, kind",
        "properties: {name: {type: string}, kind",
        "Pet.name may be absent now",
    ),
    "a property of an answer may be null": (
        PET_FIELDS,
        PET_FIELDS.replace("tag: {type: string}", "tag: {type: [string, 'null']}"),
        "Pet.tag is str | None instead of str",
    ),
    "a property of a body is required": (
        "required: [name]\n      properties: {name: {type: string}, tag",
        "required: [name, weight]\n      properties: {name: {type: string}, tag",
        "NewPet.weight is required now",
    ),
    "a credential goes": (
        KEY,
        KEY.replace("apiKey, in: header, name: X-Key", "http, scheme: bearer"),
        "PetStore(api_key=) is no argument any more",
    ),
    "a model goes": (
        '"#/components/schemas/NewPet"',
        '"#/components/schemas/Pet"',
        "pets.create(weight=) is no argument any more",
    ),
    "the client has another name": ("Pet Store", "Zoo", "PetStore is the client Zoo now"),
}

COMPATIBLE = {
    "a call comes": (
        "components:",
        '  /owners: {get: {tags: [owners], responses: {"204": {description: None.}}}}\ncomponents:',
        "owners.list is new",
    ),
    "an argument comes": (
        "parameters:\n",
        "parameters:\n        - {name: shop, in: query, schema: {type: string}}\n",
        "pets.list(shop=) is new",
    ),
    "an argument takes more values": (
        "in: query, schema: {enum: [dog, cat]}",
        "in: query, schema: {enum: [dog, cat, bird]}",
        "pets.list(kind=) takes Literal['dog', 'cat', 'bird'] instead of Literal['dog', 'cat']",
    ),
    "an argument takes more types": (
        "{name: limit, in: query, schema: {type: integer}}",
        "{name: limit, in: query, schema: {type: number}}",
        "pets.list(limit=) takes float instead of int",
    ),
    "a property of an answer is there for sure": (
        "required: [name]\n      properties: {name: {type: string}, kind",
        "required: [name, tag]\n      properties: {name: {type: string}, kind",
        "Pet.tag is required now",
    ),
    "a property of a body may be absent": (
        "required: [name]\n      properties: {name: {type: string}, tag",
        "properties: {name: {type: string}, tag",
        "NewPet.name may be absent now",
    ),
    "a property comes": (
        NEW_FIELDS,
        NEW_FIELDS.replace("weight", "height: {type: integer}, weight"),
        "pets.create(height=) is new",
    ),
    "a path parameter has another name": (
        "/{petId}:\n    get:\n      tags: [pets]\n      parameters: [{name: petId",
        "/{id}:\n    get:\n      tags: [pets]\n      parameters: [{name: id",
        "pets.retrieve sends GET /pets/{id} instead of GET /pets/{petId}",
    ),
    "a call is deprecated": (
        "get:\n      tags: [pets]\n      parameters:\n",
        "get:\n      deprecated: true\n      tags: [pets]\n      parameters:\n",
        "pets.list() is deprecated",
    ),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(BASE)
    return tmp_path


def difference(before: str, after: str, *options: str) -> Outcome:
    assert BASE.count(before) >= 1, before
    Path("new.yaml").write_text(BASE.replace(before, after, 1))
    return run("diff", "old.yaml", "new.yaml", *options)


@pytest.mark.parametrize(("before", "after", "message"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_asks_for_a_major_version(before: str, after: str, message: str) -> None:
    told = difference(before, after)

    assert told.code == 0
    assert f"breaking: {message}" in told.out
    assert told.out.endswith("the next version is a major one\n")


@pytest.mark.parametrize(("before", "after", "message"), COMPATIBLE.values(), ids=COMPATIBLE)
def test_a_compatible_change_asks_for_a_minor_version(
    before: str, after: str, message: str
) -> None:
    told = difference(before, after)

    assert f"compatible: {message}" in told.out
    assert told.out.endswith("0 breaking: the next version is a minor one\n")


def test_new_values_of_an_answer_are_no_change_since_servers_may_add_them() -> None:
    told = difference(PET_FIELDS, PET_FIELDS.replace("[dog, cat]", "[dog, cat, bird]"))

    assert "breaking:" not in told.out


def test_a_model_of_another_name_is_told_once() -> None:
    Path("new.yaml").write_text(
        BASE.replace("schemas/Pet", "schemas/Dog").replace("    Pet:", "    Dog:")
    )

    assert run("diff", "old.yaml", "new.yaml").out.splitlines() == [
        "new.yaml:30:5: breaking: Pet is Dog now",
        "1 change, 1 breaking: the next version is a major one",
    ]


def test_words_alone_ask_for_a_patch_and_nothing_for_nothing() -> None:
    assert "a patch version is enough" in difference("All.", "All pets.").out
    assert difference("All.", "All.").out == "no changes: the documents are the same\n"


@pytest.mark.parametrize(("option", "code"), [((), 0), (("--fail-on-breaking",), 1)])
def test_a_breaking_change_fails_the_run_when_asked(option: tuple[str, ...], code: int) -> None:
    assert difference("Pet Store", "Zoo", *option).code == code
    assert difference("All.", "All pets.", *option).code == 0


def test_many_new_names_cost_no_more_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(prefix: str) -> Surface:
        fields = {f"{prefix}{n}": {f"own{n}": ["int"], "next": [f"{prefix}{n}"]} for n in range(50)}
        models = {
            name: Model({key: Field(True, type_of(kind)) for key, kind in each.items()}, None)
            for name, each in fields.items()
        }
        return Surface("pets", "Pets", frozenset(), {}, models)

    seen: list[Model] = []

    def counting(model: Model, names: Mapping[str, str]) -> Model:
        seen.append(model)
        return model_with_names(model, names)

    monkeypatch.setitem(compare.__globals__, "model_with_names", counting)

    told = compare(named("Old"), named("New"))

    assert [change.message for change in told.changes] == [f"is New{n} now" for n in range(50)]
    assert len(seen) == 100


def test_each_change_says_where_the_document_has_it() -> None:
    assert difference(
        "{name: limit, in: query,", "{name: limit, in: query, required: true,"
    ).out.startswith("new.yaml:9:11: breaking: pets.list(limit=)")


def test_scripts_read_json() -> None:
    told = json.loads(difference("Pet Store", "Zoo", "--format", "json").out)

    assert (told["version"], told["bump"], told["breaking"]) == (1, "major", True)
    assert {
        "kind": "renamed",
        "breaking": True,
        "subject": "PetStore",
        "message": "is the client Zoo now",
        "file": None,
        "line": None,
        "column": None,
    } in told["changes"]


def test_a_pull_request_reads_what_breaks_first() -> None:
    told = difference("name: limit", "name: _max_", "--format", "markdown").out

    assert told.splitlines() == [
        "**2 changes, 1 breaking: the next version is a major one.**",
        "",
        "### Breaking",
        "",
        "- `pets.list(limit=)` is no argument any more",
        "",
        "### Compatible",
        "",
        "- `pets.list(max=)` is new",
    ]


def test_a_changelog_has_sections_by_what_happened() -> None:
    told = difference("name: limit", "name: size", "--format", "changelog").out

    assert told.splitlines() == [
        "### Removed",
        "",
        "- **Breaking:** `pets.list(limit=)` is no argument any more",
        "",
        "### Added",
        "",
        "- `pets.list(size=)` is new",
    ]


def test_a_document_that_cannot_be_read_is_told() -> None:
    assert run("diff", "nowhere.yaml", "old.yaml").code == 3
