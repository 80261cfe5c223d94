"""Names of models, fields and parameters that the configuration gives."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.generator.cli.command import run
from tests.support.generated import generated

ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
servers: [{url: "https://zoo.example"}]
paths:
  /pets/{petId}:
    put:
      tags: [pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer}}
        - {name: tag, in: query, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: header, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      responses:
        "200":
          description: The pet
          content: {application/json: {schema: {$ref: "#/components/schemas/Dog"}}}
  /owners:
    post:
      tags: [owners]
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {born: {type: string}}}}
      responses:
        "200":
          description: An owner
          content: {application/json: {schema: {$ref: "#/components/schemas/Owner"}}}
components:
  schemas:
    Pet:
      type: object
      required: [petName]
      properties:
        petName: {type: string}
        tagId: {type: integer}
        home: {type: object, properties: {street: {type: string}}}
    Dog:
      allOf:
        - {$ref: "#/components/schemas/Pet"}
        - {type: object, properties: {bark: {type: string}, tagId: {type: integer, minimum: 1}}}
    Owner: {type: object, properties: {pet: {$ref: "#/components/schemas/Pet"}}}
    Kinds: {type: string, enum: [cat, dog]}
"""

NAMES = """\
[models.Pet]
name = "Animal"
fields = { petName = "title", tagId = "label" }

[models]
Dog = "Hound"
"/paths/~1owners/post/requestBody/content/application~1json/schema" = "NewOwner"

[operations."PUT /pets/{petId}"]
parameters = { petId = "pet", "header:id" = "trace" }
"""


def inspected(names: str) -> Any:
    Path("zoo.yaml").write_text(ZOO)
    Path("clientgen.toml").write_text(names)
    told = run("inspect", "zoo.yaml", "--format", "json")
    assert told.code == 0, told.err
    return json.loads(told.out)


def test_inspect_shows_the_names_that_are_given() -> None:
    shown = inspected(NAMES)
    put, post = shown["operations"]
    fields = put["body"]["content"]["application/json"]["fields"]

    assert [p["name"] for p in put["parameters"]] == ["pet", "tag", "id", "trace"]
    assert [(f["wire_name"], f["name"]) for f in fields] == [
        ("petName", "title"),
        ("tagId", "label"),
        ("home", "home"),
    ]
    assert (put["returns"], post["returns"]) == ("Hound", "Owner")
    assert {m["name"] for m in shown["models"]} == {
        *("Animal", "AnimalHome", "Hound", "Owner", "NewOwner", "Kinds")
    }


def test_async_calls_have_the_names_too(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(NAMES)
    sdk = generated(ZOO, "--config", str(tmp_path / "names.toml"))
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json={"petName": "Rex"}))

    async def title() -> object:
        async with sdk.async_client(transport=answer) as client:
            pets: Any = client.pets  # type: ignore[attr-defined]
            return (await pets.update(7, title="Rex", label=3)).title

    assert asyncio.run(title()) == "Rex"


def test_generated_code_has_the_names_and_the_wire_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(NAMES)
    sdk = generated(ZOO, "--config", str(tmp_path / "names.toml"))
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"petName": "Rex", "tagId": 3, "bark": "wuff"})

    with sdk.client(transport=httpx.MockTransport(answer)) as client:
        pets: Any = client.pets  # type: ignore[attr-defined]
        hound = pets.update(7, title="Rex", label=3, trace="t")
    models = sdk.module.models

    assert (hound.title, hound.label, type(hound)) == ("Rex", 3, models.Hound)
    assert isinstance(hound, models.Animal)
    assert models.Animal(title="Rex") == models.Animal(petName="Rex")
    assert (sent[0].url.path, sent[0].headers["id"]) == ("/pets/7", "t")
    assert json.loads(sent[0].content) == {"petName": "Rex", "tagId": 3}


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("[models]\nPets = 'Animal'", ('models."Pets"', "no such schema", "did you mean 'Pet'?")),
        ("[models]\nPet = 'Owner'", ("'Owner' is the name of /components/schemas/Owner",)),
        ("[models]\nPet = 'owner'", ("write it like 'Owner'",)),
        ("[models]\nPet = 'Any'", ("write it like 'AnyModel'",)),
        ("[models]\nPet = 'X'\nDog = 'x'", ("write it like 'X'",)),
        ("[models]\nPet = 'AB'\nDog = 'Ab'", ("'AB' is the name of /components/schemas/Dog",)),
        ("[models]\nPet = 'A'\n'/components/schemas/Pet' = 'B'", ("as well; remove one",)),
        ("[models]\nPet = 7", ("models.Pet", 'give a name, or a table such as { name = "Pet" }')),
        ("models = 'Pet'", ("models: ", 'give a table such as { Pet = "Animal" }')),
        ("[models.Pet]\nfields = 'x'", ("models.Pet.fields", 'such as { petName = "name" }')),
        ("[models.Pet]\nfield = {}", ("models.Pet.field", "did you mean fields?")),
        ("[models.Pet]\nfields = {petname = 'x'}", ("no field 'petname'", "'petName'?")),
        ("[models.Kinds]\nfields = {cat = 'x'}", ("no object",)),
        ("[models.Dog]\nfields = {petName = 'x'}", ("inherited from /components/schemas/Pet",)),
        ("[models.Pet]\nfields = {petName = 'class'}", ("write it like 'class_'",)),
        ("[models.Pet]\nfields = {petName = 'json'}", ("write it like 'json_'",)),
        ("[models.Pet]\nfields = {petName = 'tag_id'}", ("a name of the field 'tagId'",)),
        ("[models.Pet]\nfields = {petName = 'bark'}", ("a name of the field 'bark'",)),
        ("[models.Dog]\nfields = {bark = 'pet_name'}", ("a name of the field 'petName'",)),
        ("[models.Pet]\nfields = {petName='x', home='x'}", ("a name of the field 'home'",)),
    ],
)
def test_names_of_models_that_cannot_be(names: str, parts: tuple[str, ...]) -> None:
    assert_refused(names, parts)


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("{ petid = 'x' }", ("no parameter 'petid'", "did you mean 'petId'?")),
        ("{ id = 'x' }", ("'id' may be query:id and header:id", "write which one")),
        ("{ petId = 'tag' }", ("'tag' is the name of the query parameter 'tag', too",)),
        ("{ petId = 'body' }", ("write it like 'body_'",)),
        ("{ petId = 'pet-id' }", ("write it like 'pet_id'",)),
        ("{ petId = 7 }", ("parameters.petId", "give a text")),
    ],
)
def test_names_of_parameters_that_cannot_be(names: str, parts: tuple[str, ...]) -> None:
    assert_refused(f"[operations.'PUT /pets/{{petId}}']\nparameters = {names}", parts)


def assert_refused(names: str, parts: tuple[str, ...]) -> None:
    Path("zoo.yaml").write_text(ZOO)
    Path("clientgen.toml").write_text(names)
    told = run("inspect", "zoo.yaml")

    assert (told.code, len(told.messages)) == (2, 1), told.err
    assert [part for part in parts if part not in told.err] == []


def test_schemas_of_one_name_are_told_apart_by_their_files() -> None:
    answers = "\n".join(
        f'        "{status}": {{description: A pet, content: {{application/json: {{schema: '
        f'{{$ref: "{file}#/components/schemas/Pet"}}}}}}}}'
        for status, file in (("200", ""), ("201", "other.yaml"))
    )
    pet = "components: {schemas: {Pet: {type: object, properties: {a: {type: string}}}}}"
    head = 'openapi: 3.1.0\ninfo: {title: Zoo, version: "1"}\n'
    Path("zoo.yaml").write_text(
        f"{head}paths:\n  /p:\n    get:\n      responses:\n{answers}\n{pet}"
    )
    Path("other.yaml").write_text(f"{head}{pet}")

    Path("clientgen.toml").write_text("[models]\nPet = 'Animal'")
    refused = run("inspect", "zoo.yaml")
    Path("clientgen.toml").write_text("[models]\n'other.yaml#/components/schemas/Pet' = 'Animal'")
    told = run("inspect", "zoo.yaml", "--format", "json")

    assert "other.yaml#/components/schemas/Pet; write which one" in refused.err
    assert [m["name"] for m in json.loads(told.out)["models"]] == ["Pet", "Animal"]


def test_a_name_is_free_when_what_had_it_is_left_out_or_renamed() -> None:
    swapped = inspected("[models]\nPet = 'Owner'\nOwner = 'Pet'")
    left = inspected("exclude_tag = ['owners']\n[models]\nPet = 'Owner'")

    assert [o["returns"] for o in swapped["operations"]] == ["Dog", "Pet"]
    assert "Owner" in {m["name"] for m in left["models"]}


def test_names_of_what_is_left_out_are_no_mistakes() -> None:
    shown = inspected("exclude_tag = ['pets']\n" + NAMES)

    assert "NewOwner" in {m["name"] for m in shown["models"]}
