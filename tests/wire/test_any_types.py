"""What a server reads is what was given, and what is read is what it sent, for any schema."""

from __future__ import annotations

import json
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.exact import exact
from tests.support.generated import generated
from tests.support.recorder import Answer, Recorder, Sent
from tests.wire.any_types import FAMILY, NODE, Schema, Value, rows
from tests.wire.conftest import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of what fails
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_values_of_any_schema_survive_both_ways(kind: str) -> None:
    sent = 0

    # Each example is a whole package: many schemas go into one, and making a failing one smaller
    # would take minutes.
    @given(st.lists(rows(), min_size=15, max_size=25))
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def check(table: list[tuple[Schema, list[Value]]]) -> None:
        nonlocal sent
        sdk = generated(document(schema for schema, _ in table))
        with Recorder(answers=echo) as server:
            with closing(Wire(sdk, server, kind)) as wire:
                for number, (_, values) in enumerate(table):
                    for value in values:
                        there_and_back(wire, number, value)
            sent += len(server.requests)

    check()
    assert sent > 500


def there_and_back(wire: Wire, number: int, value: Value) -> None:
    """Send a value, read the answer, and send what was read."""
    operations: Any = wire.sdk.inspection["operations"]
    call = operations[number]["call"]
    received = wire.call(call, body=value.given)
    wire.call(call, body=received)

    expected = exact(json.loads(text_of(value.sent), parse_float=Decimal))
    assert [
        exact(json.loads(sent.body, parse_float=Decimal)) for sent in wire.server.requests[-2:]
    ] == [expected, expected]


def echo(sent: Sent) -> Answer:
    return Answer(body=sent.body)


def text_of(value: Any) -> str:
    """JSON with all digits of decimals."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{text_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def document(schemas: Iterable[Schema]) -> str:
    """A document that exchanges a value of each schema."""
    named = {f"Thing{number}": schema for number, schema in enumerate(schemas)}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Any", "version": "1"},
        "servers": [{"url": "https://any.example"}],
        "paths": {f"/{name.lower()}": {"post": exchange(name)} for name in named},
        "components": {"schemas": {"Node": NODE, **FAMILY, **named}},
    }
    return json.dumps(whole)


def exchange(name: str) -> dict[str, Any]:
    """An operation that takes and gives one schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "The same.", "content": content}},
    }
