"""Documents that have a parameter for the API's version give clients that say it once."""

from __future__ import annotations

import importlib
import inspect
import json
from typing import Any

import httpx
import pytest

from clientgen.build._versions import version_of
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve
from clientgen_runtime import ConfigurationError
from tests.runtime.driving import Server
from tests.support.generated import generated

DONE = {"204": {"description": "Done."}}
DATES = {"type": "string", "enum": ["2025-06-01", "2026-01-01"]}


def parameter(name: str, place: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": {"type": "string"}, **more}


def document(*parameters: dict[str, Any], plain: int = 0, **more: Any) -> str:
    """A document of calls that each have one parameter, and of plain ones."""
    taken = [*([each] for each in parameters), *([] for _ in range(plain))]
    paths = {
        f"/call{number}": {
            "get": {"operationId": f"call{number}", "parameters": given, "responses": DONE}
        }
        for number, given in enumerate(taken)
    }
    info = {"title": "Things", "version": "1"}
    servers = [{"url": "https://things.example"}]
    return json.dumps(
        {"openapi": "3.1.0", "info": info, "servers": servers, "paths": paths, **more}
    )


def version_type(text: str) -> str | None:
    """The type of the client's argument, `None` when it has none."""
    spec = resolve(parse_document(text.encode()), Loader(), Diagnostics())
    found = version_of(spec)
    return found.annotation.text if found is not None else None


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("api-version", "query"),
        ("apiVersion", "query"),
        ("X-API-Version", "header"),
        ("Stripe-Version", "header"),
        ("Accept-Version", "header"),
        ("X-GitHub-Api-Version", "header"),
    ],
)
def test_a_parameter_of_most_calls_becomes_an_argument_of_the_client(name: str, place: str) -> None:
    given = parameter(name, place)

    assert version_type(document(given, given, plain=1)) == "str"


@pytest.mark.parametrize(
    ("name", "place", "number", "plain"),
    [
        ("api-version", "query", 1, 3),  # few calls have it
        ("version", "query", 2, 0),  # may be that of a thing
        ("resourceVersion", "query", 3, 0),
        ("X-Client-Version", "header", 3, 0),
        ("If-Version", "header", 3, 0),
        ("version", "cookie", 3, 0),
    ],
)
def test_other_versions_stay_with_their_calls(
    name: str, place: str, number: int, plain: int
) -> None:
    given = [parameter(name, place, required=True)] * number

    assert version_type(document(*given, plain=plain)) is None


def test_a_plain_version_counts_where_all_calls_have_it() -> None:
    assert version_type(document(*[parameter("version")] * 3)) == "str"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (DATES, "Literal['2025-06-01', '2026-01-01']"),
        ({"type": "integer", "enum": [1, 2]}, "Literal['1', '2']"),
        ({"$ref": "#/components/schemas/Version"}, "Literal['2025-06-01', '2026-01-01']"),
        ({"type": "string", "format": "date"}, "str"),
        ({"type": "string", "enum": ["2026-01-01"]}, None),
        ({"type": "boolean"}, None),
        ({"type": "array", "items": {"type": "string"}}, None),
    ],
)
def test_versions_that_are_listed_are_the_type(schema: Any, expected: str | None) -> None:
    given = parameter("api-version", schema=schema)

    text = document(given, components={"schemas": {"Version": DATES}})
    assert version_type(text) == expected


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"default": "v1", "enum": ["v1", "v2"]}, "Literal['v1', 'v2']"),
        ({"default": "v1"}, "str"),
        ({"default": "v1", "enum": ["v1"]}, None),
    ],
)
def test_a_variable_of_the_server_is_a_version_too(variable: Any, expected: str | None) -> None:
    url = {"url": "https://things.example/{version}", "variables": {"version": variable}}

    assert version_type(document(plain=1, servers=[url])) == expected


# --- Through generated clients -------------------------------------------------------------

NEEDED = document(parameter("api-version", schema=DATES, required=True), plain=1)


def test_the_version_is_that_of_the_call_or_else_of_the_client() -> None:
    server = Server(httpx.Response(204))

    with generated(NEEDED).client(
        transport=httpx.MockTransport(server), version="2026-01-01"
    ) as client:
        things: Any = client
        things.call0.retrieve()
        things.call0.retrieve(api_version="2025-06-01")
        things.with_version("2025-06-01").call0.retrieve()
        things.call1.retrieve()

    assert [each.url.query for each in server.requests] == [
        b"api-version=2026-01-01",
        b"api-version=2025-06-01",
        b"api-version=2025-06-01",
        b"",
    ]


def test_a_version_that_nobody_states_is_asked_for() -> None:
    server = Server(httpx.Response(204))

    with generated(NEEDED).client(transport=httpx.MockTransport(server)) as client:
        things: Any = client
        with pytest.raises(ConfigurationError, match="needs a version: give version="):
            things.call0.retrieve()


def test_both_clients_type_it() -> None:
    made = generated(NEEDED)

    for client in (made.client, made.async_client):
        argument = inspect.signature(client).parameters["version"]
        assert argument.annotation == "Literal['2025-06-01', '2026-01-01'] | None"


def test_inspect_tells_what_the_document_says() -> None:
    operations: Any = generated(NEEDED).inspection["operations"]
    (told,) = operations[0]["parameters"]

    assert (told["name"], told["required"]) == ("api_version", True)


@pytest.mark.parametrize(("required", "sent"), [(True, b"api-version=2026-01-01"), (False, b"")])
def test_the_default_of_a_version_is_sent_where_one_is_needed(required: bool, sent: bytes) -> None:
    schema = {**DATES, "default": "2026-01-01"}
    made = generated(document(parameter("api-version", schema=schema, required=required)))
    server = Server(httpx.Response(204))

    with made.client(transport=httpx.MockTransport(server)) as client:
        things: Any = client
        things.call0.retrieve()

    assert server.last.url.query == sent


def test_the_fake_server_needs_no_version() -> None:
    made = generated(NEEDED)
    testing = importlib.import_module(f"{made.module.__name__}.testing")

    testing.FakeServer().check("call0.retrieve")
