"""Documents may name, group and leave out through extensions of known generators."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.generated import generated

DONE = {"204": {"description": "Done."}}


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


@pytest.mark.parametrize("key", ["x-speakeasy-ignore", "x-fern-ignore"])
def test_an_extension_leaves_an_operation_out(key: str) -> None:
    assert [each["path"] for each in told({key: True})] == ["/plain"]
    assert [each["path"] for each in told({}, {key: True})] == ["/plain"]


@pytest.mark.parametrize(
    "key",
    [
        "x-speakeasy-name-override",
        "x-fern-parameter-name",
        "x-stainless-param",
        "x-ms-client-name",
    ],
)
def test_an_extension_names_a_parameter(key: str) -> None:
    parameter = {"name": "$filter", "in": "query", "schema": {"type": "string"}, key: "onlyThese"}

    (operation, _) = told({"parameters": [parameter]})

    (argument,) = operation["parameters"]
    assert (argument["name"], argument["wire_name"]) == ("only_these", "$filter")


def test_an_extension_leaves_a_parameter_out() -> None:
    parameter = {"name": "q", "in": "query", "schema": {}, "x-fern-ignore": True}

    (operation, _) = told({"parameters": [parameter]})

    assert operation["parameters"] == []
