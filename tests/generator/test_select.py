"""Which operations are taken, and which models come with them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.generator.cli.command import run

PATHS = ("/pets", "/pets/{id}", "/pets/{id}/toys/{toy}", "/pets.json", "/petshops", "/owners")
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {path: {"get": {"tags": [path[1:5]]}, "post": {"tags": ["w"]}} for path in PATHS},
}


@pytest.fixture(autouse=True)
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CLIENTGEN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def taken(document: object, *options: str) -> tuple[list[str], list[str]]:
    """Operations and models that are left of a document."""
    Path("api.json").write_text(json.dumps(document))
    told = run("inspect", "api.json", "--format", "json", *options)
    assert told.code == 0, told.err
    shown = json.loads(told.out)
    operations = [f"{each['method']} {each['path']}" for each in shown["operations"]]
    return operations, [model["name"] for model in shown["models"]]


def paths(*options: str) -> list[str]:
    """Paths whose GET is left."""
    operations, _ = taken(DOCUMENT, *options)
    return [operation[4:] for operation in operations if operation.startswith("GET ")]


@pytest.mark.parametrize(
    ("glob", "kept"),
    [
        ("/pets", ["/pets"]),
        ("/pets/*", ["/pets/{id}"]),
        ("/pets/**", ["/pets", "/pets/{id}", "/pets/{id}/toys/{toy}"]),
        ("/pets**", ["/pets", "/pets/{id}", "/pets/{id}/toys/{toy}", "/pets.json", "/petshops"]),
        ("/**/toys/*", ["/pets/{id}/toys/{toy}"]),
        ("/pets?json", ["/pets.json"]),
        ("/pets.json", ["/pets.json"]),
        ("/pets/{id}", ["/pets/{id}"]),
        ("/*", ["/pets", "/pets.json", "/petshops", "/owners"]),
        ("**", list(PATHS)),
        ("/**", list(PATHS)),
        ("/owners#get", ["/owners"]),
        ("/owners#POST", []),
    ],
)
def test_globs(glob: str, kept: list[str]) -> None:
    assert paths("--include-path", glob) == kept


def test_a_path_is_no_regular_expression() -> None:
    assert paths("--exclude-path", "/pets.json") == [p for p in PATHS if p != "/pets.json"]
    assert paths("--exclude-path", "/pet[s]") == list(PATHS)


def test_a_path_may_have_a_number_sign_itself() -> None:
    document = {**DOCUMENT, "paths": {f"/#Target={name}": {"post": {}} for name in "ab"}}

    assert taken(document, "--include-path", "/#Target=a")[0] == ["POST /#Target=a"]
    assert taken(document, "--exclude-path", "/#Target=a#POST")[0] == ["POST /#Target=b"]


def test_a_method_may_be_one_that_only_this_document_has() -> None:
    operations: dict[str, object] = {"additionalOperations": {"COPY": {}}, "get": {}}
    document = {**DOCUMENT, "openapi": "3.2.0", "paths": {"/pets": operations}}

    assert taken(document, "--include-path", "/pets#copy")[0] == ["COPY /pets"]


def test_one_of_several_globs_is_enough() -> None:
    assert paths("--include-path", "/pets", "--include-path", "/owners") == ["/pets", "/owners"]


def test_leaving_out_wins() -> None:
    options = ("--include-path", "/pets/**", "--exclude-path", "/pets/*")

    assert paths(*options) == ["/pets", "/pets/{id}/toys/{toy}"]


def test_tags_and_paths_must_both_fit() -> None:
    operations, _ = taken(DOCUMENT, "--include-path", "/pets/**", "--include-tag", "w")

    assert operations == ["POST /pets", "POST /pets/{id}", "POST /pets/{id}/toys/{toy}"]


def test_the_order_of_the_document_stays() -> None:
    assert paths("--include-path", "/owners", "--include-path", "/pets") == ["/pets", "/owners"]


# --- Operations ------------------------------------------------------------------------------

CALLS = {
    **DOCUMENT,
    "paths": {
        "/pets": {
            "get": {"operationId": "listPets"},
            "post": {"operationId": "pets/add", "deprecated": True},
        },
        "/owners": {"get": {"operationId": "listOwners", "deprecated": True}, "put": {}},
    },
}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--include-operation", "list*"), ["GET /pets", "GET /owners"]),
        (("--include-operation", "list?ets"), ["GET /pets"]),
        (("--include-operation", "pets/*"), ["POST /pets"]),
        (("--exclude-operation", "list*"), ["POST /pets", "PUT /owners"]),
        (
            ("--exclude-operation", "listPet"),
            ["GET /pets", "POST /pets", "GET /owners", "PUT /owners"],
        ),
        (("--exclude-deprecated",), ["GET /pets", "PUT /owners"]),
        (("--exclude-deprecated", "--include-operation", "list*"), ["GET /pets"]),
    ],
)
def test_operations_by_id_and_by_age(options: tuple[str, ...], kept: list[str]) -> None:
    assert taken(CALLS, *options)[0] == kept


def test_what_is_deprecated_can_be_left_out_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLIENTGEN_EXCLUDE_DEPRECATED", "true")

    assert taken(CALLS)[0] == ["GET /pets", "PUT /owners"]


def test_an_operation_that_is_not_there_is_told_with_the_nearest() -> None:
    Path("api.json").write_text(json.dumps(CALLS))

    told = run("inspect", "api.json", "--include-operation", "listPet")

    assert (told.code, "did you mean 'listPets'?" in told.err) == (2, True)


# --- Models ----------------------------------------------------------------------------------

REF = {"$ref": "#/components/schemas/Pet"}
SHAPES = {
    "itself": REF,
    "list": {"type": "array", "items": REF},
    "map": {"type": "object", "additionalProperties": REF},
    "choice": {"anyOf": [REF, {"type": "string"}]},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, REF]},
    "rest": {"type": "array", "prefixItems": [{"type": "string"}], "items": REF},
    "property": {"$ref": "#/components/schemas/Owner"},
    "base": {"$ref": "#/components/schemas/Dog"},
    "alias": {"$ref": "#/components/schemas/Pets"},
    "extra": {"$ref": "#/components/schemas/Kennel"},
    "variant": {"$ref": "#/components/schemas/Animal"},
}
SCHEMAS = {
    "Pet": {"type": "object", "properties": {"kind": {"type": "string"}}},
    "Owner": {"type": "object", "properties": {"pet": REF}},
    "Dog": {"allOf": [REF, {"type": "object", "properties": {"bark": {"type": "string"}}}]},
    "Pets": {"type": "array", "items": REF},
    "Kennel": {"type": "object", "properties": {"n": {}}, "additionalProperties": REF},
    "Animal": {"oneOf": [REF, {"$ref": "#/components/schemas/Cat"}]},
    "Cat": {"type": "object", "properties": {"kind": {"type": "string"}}},
    "Loop": {"type": "object", "properties": {"loop": {"$ref": "#/components/schemas/Loop"}}},
    "Unused": {"type": "object", "properties": {"a": {"type": "string"}}},
}


def answering(schema: object) -> dict[str, object]:
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def with_models(**operations: object) -> dict[str, object]:
    found = {f"/{name}": {"post": operation} for name, operation in operations.items()}
    none: dict[str, object] = {"/none": {"get": {"responses": {}}}}
    return {**DOCUMENT, "paths": {**found, **none}, "components": {"schemas": SCHEMAS}}


@pytest.mark.parametrize("name", SHAPES)
def test_models_come_with_the_operations_that_need_them(name: str) -> None:
    document = with_models(it={"responses": answering(SHAPES[name])})
    _, models = taken(document, "--include-path", "/it")

    assert "Pet" in models
    assert {"Unused", "Loop"} & set(models) == set()


@pytest.mark.parametrize(
    "operation",
    [
        {"requestBody": {"content": {"application/json": {"schema": REF}}}},
        {"parameters": [{"name": "pet", "in": "query", "schema": REF}]},
        {"responses": {"default": {"$ref": "#/components/responses/Pet"}}},
    ],
)
def test_models_are_found_wherever_an_operation_has_them(operation: dict[str, object]) -> None:
    document = with_models(it=operation)
    document["components"] = {"schemas": SCHEMAS, "responses": {"Pet": answering(REF)["200"]}}
    _, models = taken(document, "--include-path", "/it")

    assert models == ["Pet"]


def test_what_extends_a_model_comes_with_it() -> None:
    base = {
        "type": "object",
        "discriminator": {"propertyName": "kind"},
        "properties": {"kind": {"type": "string"}},
    }
    document = with_models(it={"responses": answering({"$ref": "#/components/schemas/Pet"})})
    document["components"] = {"schemas": {**SCHEMAS, "Pet": base}}

    assert "Dog" in taken(document, "--include-path", "/it")[1]
    assert run("generate", "api.json", "--include-path", "/it", "-o", "out").code == 0


def test_models_that_lead_back_to_themselves_are_taken() -> None:
    document = with_models(it={"responses": answering({"$ref": "#/components/schemas/Loop"})})

    assert taken(document, "--include-path", "/it")[1] == ["Loop"]


def test_all_models_are_there_when_nothing_is_chosen() -> None:
    assert set(taken(with_models())[1]) == set(SCHEMAS)


def test_no_models_are_left_when_nothing_needs_one() -> None:
    assert taken(with_models(), "--include-path", "/none")[1] == []


# --- Schemas ---------------------------------------------------------------------------------

USERS = {
    "direct": {"responses": answering(REF)},
    "deep": {"responses": answering({"$ref": "#/components/schemas/Owner"})},
    "body": {"requestBody": {"content": {"application/json": {"schema": SHAPES["list"]}}}},
    "other": {"responses": answering({"$ref": "#/components/schemas/Cat"})},
}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--include-schema", "Pet"), ["/direct", "/deep", "/body"]),
        (("--include-schema", "Own*"), ["/deep"]),
        (("--include-schema", "Owner", "--include-schema", "Cat"), ["/deep", "/other"]),
        (("--include-schema", "Pet", "--exclude-path", "/body"), ["/direct", "/deep"]),
    ],
)
def test_operations_are_chosen_by_what_they_use(options: tuple[str, ...], kept: list[str]) -> None:
    operations, models = taken(with_models(**USERS), *options)

    assert [each.removeprefix("POST ") for each in operations] == kept
    assert "Unused" not in models


def test_a_schema_that_is_left_out_is_any_value() -> None:
    operations = {name: {"responses": answering(shape)} for name, shape in SHAPES.items()}
    Path("api.json").write_text(json.dumps(with_models(**operations)))

    told = run("generate", "api.json", "--exclude-schema", "P?t", "-o", "out")

    assert (told.code, "error" in told.err) == (0, False)
    texts = [path.read_text() for path in Path("out").rglob("*.py")]
    assert not any(re.search(r"\bPet\b", text.replace("Pet Store", "")) for text in texts)


def test_operations_stay_when_their_schemas_are_left_out() -> None:
    operations, models = taken(with_models(**USERS), "--exclude-schema", "Pet")

    assert len(operations) == 5
    assert models == ["Owner", "Cat"]


def test_a_schema_that_is_not_there_is_told_with_the_nearest() -> None:
    Path("api.json").write_text(json.dumps(with_models()))

    told = run("inspect", "api.json", "--include-schema", "Ownr")

    assert (told.code, "did you mean 'Owner'?" in told.err) == (2, True)


# --- Diagnostics -----------------------------------------------------------------------------

ODD = {
    **DOCUMENT,
    "paths": {
        "/lost": 7,
        "/odd": {
            "parameters": [{"name": "x"}],
            "get": {"tags": ["odd"], "responses": {"nine": {"description": ""}}},
        },
        "/fine": {"get": {"responses": answering({})}},
    },
    "components": {"schemas": {"Odd": {"type": "odd"}}},
}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), {"/paths/~1lost", "/paths/~1odd"}),
        (("--include-path", "/fine"), set()),
        (("--exclude-path", "/lost"), {"/paths/~1odd"}),
        (("--exclude-path", "/lost", "--exclude-path", "/odd"), set()),
        (("--include-path", "/odd#GET"), {"/paths/~1odd"}),
        (("--exclude-path", "/odd"), {"/paths/~1lost"}),
    ],
)
def test_leaving_out_what_is_odd_mends_it(options: tuple[str, ...], told: set[str]) -> None:
    Path("odd.json").write_text(json.dumps(ODD))

    shown = json.loads(run("inspect", "odd.json", "--format", "json", *options).out)

    pointers = [each["pointer"] for each in shown["diagnostics"]]
    assert {"/".join(p.split("/")[:3]) for p in pointers if p.startswith("/paths")} == told
    assert "/components/schemas/Odd" in {p.removesuffix("/type") for p in pointers}


def test_what_is_odd_in_an_operation_goes_with_its_tag() -> None:
    Path("odd.json").write_text(json.dumps(ODD))

    told = run("validate", "odd.json").err
    left = run("inspect", "odd.json", "--exclude-tag", "odd", "-v").err

    assert ("'nine'" in told, "'nine'" in left) == (True, False)
