"""Header parameters that the specification says to ignore: no arguments, but fixed values."""

from __future__ import annotations

import pytest

from tests.generator.resolve.reading import read

DOCUMENT = """
openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /a:
    get:
      parameters:
        - {{name: {name}, in: header, schema: {schema}}}
        - {{name: X-A, in: header, schema: {{type: string}}}}
      responses: {{'204': {{description: done}}}}
"""


@pytest.mark.parametrize(
    ("name", "schema", "sent"),
    [
        ("Accept", "{const: application/vnd.a+json}", {"Accept": "application/vnd.a+json"}),
        ("accept", "{enum: [text/csv]}", {"accept": "text/csv"}),
        ("Accept", "{type: string, default: text/csv}", {"Accept": "text/csv"}),
        ("Accept", "{enum: [text/csv, text/plain]}", {}),
        ("Authorization", "{const: Basic Zm9v}", {"Authorization": "Basic Zm9v"}),
        ("Authorization", "{type: string, default: Bearer abc}", {}),
        ("Content-Type", "{const: application/json}", {}),
    ],
)
def test_their_only_value_is_sent(name: str, schema: str, sent: dict[str, str]) -> None:
    operation = read(DOCUMENT.format(name=name, schema=schema)).spec.operations[0]

    assert operation.headers == sent


def test_they_are_no_arguments() -> None:
    operation = read(DOCUMENT.format(name="Accept", schema="{const: a/b}")).spec.operations[0]

    assert [parameter.wire_name for parameter in operation.parameters] == ["X-A"]


@pytest.mark.parametrize(
    "document",
    [
        "{openapi: 3.1.0, paths: {}, components: {securitySchemes: {key: %s}}}",
        "{swagger: '2.0', paths: {}, securityDefinitions: {key: %s}}",
    ],
)
def test_a_key_has_a_header_that_can_be_sent(document: str) -> None:
    found = read(document % "{type: apiKey, in: header, name: 'X-Key '}")

    assert [scheme.parameter for scheme in found.spec.schemes.values()] == ["X-Key"]
