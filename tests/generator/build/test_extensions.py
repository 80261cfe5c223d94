"""Documents may name, group and leave out through extensions of known generators."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from tests.support.generated import generated

DONE = {"204": {"description": "Done."}}


NAMES = [
    ("x-speakeasy-name-override", "onlyThese"),
    ("x-ms-client-name", "only-these"),
    (
        "x-stainless-naming",
        {"go": {"property_name": "No"}, "python": {"property_name": "only_these"}},
    ),
]


def told(operation: dict[str, Any], item: dict[str, Any] | None = None) -> list[Any]:
    """The operations of a document with this one, and one that is plain."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/pets": {"get": {"responses": DONE, **operation}, **(item or {})},
            "/plain": {"get": {"responses": DONE}},
        },
    }
    operations = generated(json.dumps(document)).inspection["operations"]
    assert isinstance(operations, list)
    return operations


@pytest.mark.parametrize(
    ("extensions", "call"),
    [
        (
            {"x-speakeasy-group": "zoo.animals", "x-speakeasy-name-override": "all"},
            "zoo.animals.all",
        ),
        ({"x-fern-sdk-group-name": ["zoo"], "x-fern-sdk-method-name": "findAll"}, "zoo.find_all"),
        ({"x-fern-sdk-group-name": "zoo"}, "zoo.list"),
    ],
)
def test_an_extension_names_a_call(extensions: dict[str, Any], call: str) -> None:
    (operation, _) = told(extensions)

    assert (operation["call"], operation["named_by"]) == (call, "extension")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x-speakeasy-ignore", True),
        ("x-fern-ignore", True),
        ("x-stainless-skip", True),
        ("x-stainless-skip", ["go", "python"]),
    ],
)
def test_an_extension_leaves_an_operation_out(key: str, value: Any) -> None:
    assert [each["path"] for each in told({key: value})] == ["/plain"]
    assert [each["path"] for each in told({}, {key: value})] == ["/plain"]


def test_what_others_leave_out_stays() -> None:
    assert len(told({"x-stainless-skip": ["go"]})) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [*NAMES, ("x-fern-parameter-name", "onlyThese"), ("x-stainless-param", "onlyThese")],
)
def test_an_extension_names_a_parameter(key: str, value: object) -> None:
    parameter = {"name": "$filter", "in": "query", "schema": {"type": "string"}, key: value}

    (operation, _) = told({"parameters": [parameter]})

    (argument,) = operation["parameters"]
    assert (argument["name"], argument["wire_name"]) == ("only_these", "$filter")


def warnings_of(retries: object) -> list[str]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/pets": {"get": {"responses": DONE, "x-speakeasy-retries": retries}}},
    }
    sdk = generated(json.dumps(document))
    (operation,) = cast("list[dict[str, Any]]", sdk.inspection["operations"])
    assert operation["retry"] is None
    found = cast("list[dict[str, Any]]", sdk.inspection["diagnostics"])
    return [each["message"] for each in found if each["code"] == "CG226"]


@pytest.mark.parametrize(
    ("retries", "problem"),
    [
        ({"strategy": "hope"}, "no strategy 'hope'"),
        ({"strategy": "backoff", "backoff": 7}, "`backoff` must be an object"),
        ({"strategy": "backoff", "backoff": {"maxInterval": "1s"}}, "`maxInterval` must be a num"),
        ({"strategy": "backoff", "backoff": {"exponent": 0.5}}, "`exponent` must be from 1 to 100"),
        ({"strategy": "backoff", "statusCodes": ["busy"]}, "'BUSY' in `statusCodes` is no status"),
        ({"strategy": "attempt-count-backoff", "maxRetries": -1}, "`maxRetries` must be a number"),
    ],
)
def test_retries_that_make_no_sense_are_not_followed(retries: object, problem: str) -> None:
    (told,) = warnings_of(retries)

    assert problem in told


def schema_of(pet: dict[str, Any]) -> Any:
    """The package of a document whose one schema is this."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/V1Pet"}}}
    operation = {"requestBody": {"content": content}, "responses": DONE}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/pets": {"post": operation}},
        "components": {"schemas": {"V1Pet": pet}},
    }
    return generated(json.dumps(document))


@pytest.mark.parametrize(("key", "value"), [*NAMES, ("x-fern-property-name", "only_these")])
def test_an_extension_names_a_property(key: str, value: object) -> None:
    sdk = schema_of({"type": "object", "properties": {"$filter": {"type": "string", key: value}}})

    (operation,) = sdk.inspection["operations"]
    (field,) = operation["body"]["content"]["application/json"]["fields"]
    assert (field["name"], field["wire_name"]) == ("only_these", "$filter")
    pet = sdk.module.models.V1Pet(only_these="x")
    assert pet.to_dict() == {"$filter": "x"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x-speakeasy-name-override", "Animal"),
        ("x-fern-type-name", "animal"),
        ("x-ms-client-name", "Animal"),
        ("x-stainless-naming", {"python": {"type_name": "Animal"}}),
    ],
)
def test_an_extension_names_a_schema(key: str, value: object) -> None:
    sdk = schema_of({"type": "object", "properties": {"a": {"type": "string"}}, key: value})

    assert [each["name"] for each in sdk.inspection["models"]] == ["Animal"]


@pytest.mark.parametrize("name", ["class", "a", "__init__", "", "import os", "model_dump"])
def test_what_an_extension_asks_for_becomes_a_name_that_is_free(name: str) -> None:
    properties = {"a": {"type": "string"}, "b": {"type": "string", "x-fern-property-name": name}}
    sdk = schema_of({"type": "object", "properties": properties, "x-fern-type-name": name})

    (model,) = sdk.inspection["models"]
    made = getattr(sdk.module.models, model["name"]).from_dict({"a": "1", "b": "2"})
    assert made.to_dict() == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("extension", "told"),
    [
        ({"x-fern-retries": {"disabled": True}}, {"max_attempts": 1}),
        ({"x-fern-retries": False}, {"max_attempts": 1}),
        ({"x-fern-retries": {"disabled": False}}, None),
        ({"x-speakeasy-retries": {"strategy": "none"}}, {"max_attempts": 1}),
    ],
)
def test_an_extension_tells_of_retries_of_all_calls(
    extension: dict[str, Any], told: dict[str, int] | None
) -> None:
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}

    assert generated(json.dumps({**document, **extension})).inspection["retry"] == told


def test_an_extension_leaves_a_property_out() -> None:
    properties = {"a": {"type": "string"}, "b": {"type": "string", "x-fern-ignore": True}}
    sdk = schema_of({"type": "object", "required": ["b"], "properties": properties})

    (operation,) = sdk.inspection["operations"]
    fields = operation["body"]["content"]["application/json"]["fields"]
    assert [field["name"] for field in fields] == ["a"]


def test_an_extension_leaves_a_parameter_out() -> None:
    parameter = {"name": "q", "in": "query", "schema": {}, "x-fern-ignore": True}

    (operation, _) = told({"parameters": [parameter]})

    assert operation["parameters"] == []
