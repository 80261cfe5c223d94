"""`inspect --format json` is what scripts rely on: every key, in its order, with its type."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.generator.cli.command import run

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pet Store API, version: "1"}
paths:
  /pets:
    parameters:
      - {name: X-Trace, in: header, schema: {type: string}}
    get:
      operationId: listPets
      deprecated: true
      parameters:
        - {name: limit, in: query, schema: {type: [integer, "null"]}}
        - {name: session, in: cookie, required: true, schema: {type: string}}
      responses:
        "200":
          description: All
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}
            text/csv: {schema: {type: string}}
        "204": {description: None}
        "4XX": {$ref: "#/components/responses/Error"}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Pet"}}
          multipart/form-data: {schema: {$ref: "#/components/schemas/Pet"}}
          application/xml: {schema: {$ref: "#/components/schemas/Pet"}}
      responses:
        "201": {$ref: "#/components/responses/Pet"}
        default: {$ref: "#/components/responses/Error"}
  /pets/{petId}:
    parameters: [{$ref: "#/components/parameters/petId"}]
    get:
      operationId: getPet
      responses: {"200": {$ref: "#/components/responses/Pet"}}
  /pets/{petId}/photo:
    parameters: [{$ref: "#/components/parameters/petId"}]
    put:
      requestBody: {content: {image/png: {}}}
      responses: {}
  /lost: 7
components:
  parameters:
    petId: {name: petId, in: path, required: true, schema: {type: integer}}
  responses:
    Pet:
      description: One
      content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
    Error:
      description: Wrong
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        tagId: {type: integer}
        id: {type: integer, readOnly: true}
    Error: {type: object, properties: {message: {type: string}}}
"""

TRACE = {
    "name": "x_trace",
    "wire_name": "X-Trace",
    "in": "header",
    "required": False,
    "annotation": "str | Omit",
    "pointer": "/paths/~1pets/parameters/0",
}
PET_ID = {
    "name": "pet_id",
    "wire_name": "petId",
    "in": "path",
    "required": True,
    "annotation": "int",
    "pointer": "/components/parameters/petId",
}
FIELDS = {
    "style": "fields",
    "fields": [
        {
            "name": "name",
            "wire_name": "name",
            "required": True,
            "annotation": "str",
            "pointer": "/components/schemas/Pet/properties/name",
        },
        {
            "name": "tag_id",
            "wire_name": "tagId",
            "required": False,
            "annotation": "int | Omit",
            "pointer": "/components/schemas/Pet/properties/tagId",
        },
    ],
}
WHOLE = {"style": "body", "fields": []}

EXPECTED = {
    "version": 1,
    "package": "pet_store",
    "client": "PetStore",
    "async_client": "AsyncPetStore",
    "operations": [
        {
            "method": "GET",
            "path": "/pets",
            "operation_id": "listPets",
            "call": "pets.list",
            "parameters": [
                {
                    "name": "session",
                    "wire_name": "session",
                    "in": "cookie",
                    "required": True,
                    "annotation": "str",
                    "pointer": "/paths/~1pets/get/parameters/1",
                },
                TRACE,
                {
                    "name": "limit",
                    "wire_name": "limit",
                    "in": "query",
                    "required": False,
                    "annotation": "int | None | Omit",
                    "pointer": "/paths/~1pets/get/parameters/0",
                },
            ],
            "body": None,
            "responses": {
                "200": {"application/json": "list[Pet]", "text/csv": "str"},
                "204": {},
                "4XX": {"application/json": "Error"},
            },
            "returns": "list[Pet] | str | None",
            "pagination": None,
            "stream": None,
            "retry": None,
            "idempotency": None,
            "deprecated": True,
            "named_by": "path",
        },
        {
            "method": "POST",
            "path": "/pets",
            "operation_id": None,
            "call": "pets.create",
            "parameters": [TRACE],
            "body": {
                "required": True,
                "default": "application/json",
                "content": {
                    "application/json": FIELDS,
                    "multipart/form-data": FIELDS,
                    "application/xml": FIELDS,
                },
            },
            "responses": {
                "201": {"application/json": "Pet"},
                "default": {"application/json": "Error"},
            },
            "returns": "Pet",
            "pagination": None,
            "stream": None,
            "retry": None,
            "idempotency": None,
            "deprecated": False,
            "named_by": "path",
        },
        {
            "method": "GET",
            "path": "/pets/{petId}",
            "operation_id": "getPet",
            "call": "pets.find",
            "parameters": [PET_ID],
            "body": None,
            "responses": {"200": {"application/json": "Pet"}},
            "returns": "Pet",
            "pagination": None,
            "stream": None,
            "retry": None,
            "idempotency": None,
            "deprecated": False,
            "named_by": "config",
        },
        {
            "method": "PUT",
            "path": "/pets/{petId}/photo",
            "operation_id": None,
            "call": "pets.photo.update",
            "parameters": [PET_ID],
            "body": {"required": False, "default": "image/png", "content": {"image/png": WHOLE}},
            "responses": {},
            "returns": "Any",
            "pagination": None,
            "stream": None,
            "retry": None,
            "idempotency": None,
            "deprecated": False,
            "named_by": "path",
        },
    ],
    "retry": None,
    "models": [
        {"name": "Pet", "pointer": "/components/schemas/Pet"},
        {"name": "Error", "pointer": "/components/schemas/Error"},
    ],
    "diagnostics": [
        {
            "code": "CG242",
            "severity": "warning",
            "message": "PUT /pets/{petId}/photo: no `responses`; whatever comes back is returned",
            "file": "api.yaml",
            "line": 38,
            "column": 5,
            "pointer": "/paths/~1pets~1{petId}~1photo/put",
        },
        {
            "code": "CG240",
            "severity": "unsupported",
            "message": "/lost: a path must be an object; it is left out",
            "file": "api.yaml",
            "line": 41,
            "column": 3,
            "pointer": "/paths/~1lost",
        },
    ],
}


@pytest.fixture(autouse=True)
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CLIENTGEN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(DOCUMENT)
    Path("clientgen.toml").write_text("[operations.'GET /pets/{petId}']\ncall = 'pets.find'")


def inspected() -> str:
    told = run("inspect", "api.yaml", "--format", "json")
    assert (told.code, told.err) == (0, "")
    return told.out


def test_the_json_is_as_the_contract_has_it() -> None:
    # As text: the order of keys is part of it.
    assert json.dumps(json.loads(inspected()), indent=1) == json.dumps(EXPECTED, indent=1)


def test_the_json_is_the_same_in_every_run() -> None:
    assert inspected() == inspected()


def test_the_json_is_plain_ascii() -> None:
    Path("api.yaml").write_text(DOCUMENT.replace("/lost", "/größe"), "utf-8")

    assert inspected().isascii()


def test_options_shape_what_is_shown() -> None:
    options = ("--package", "zoo", "--client", "Zoo", "--include-path", "/pets")
    shown = json.loads(run("inspect", "api.yaml", "--format", "json", *options).out)

    names = [shown["package"], shown["client"], shown["async_client"]]
    assert names == ["zoo", "Zoo", "AsyncZoo"]
    assert [operation["path"] for operation in shown["operations"]] == ["/pets", "/pets"]


def test_places_in_other_files_are_told() -> None:
    Path("clientgen.toml").unlink()
    Path("parts").mkdir()
    Path("parts/pets.yaml").write_text("get: 7\n")
    Path("api.yaml").write_text("openapi: 3.1.0\npaths: {/pets: {$ref: parts/pets.yaml}}")

    (found,) = json.loads(inspected())["diagnostics"]

    place = [found[key] for key in ("file", "line", "column", "pointer")]
    assert place == [str(Path("parts/pets.yaml")), 1, 1, "/get"]
