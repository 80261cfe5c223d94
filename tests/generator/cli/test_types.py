"""Types that the configuration gives to fields and parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.generator.cli.command import run

BANK = """\
openapi: 3.1.0
info: {title: Bank, version: "1"}
paths:
  /payments:
    post:
      tags: [payments]
      parameters:
        - {name: after, in: query, schema: {type: integer}}
        - {name: id, in: query, schema: {type: array, items: {type: string}}}
        - {name: id, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}}
      responses: {"200": {description: One, content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}}}
components:
  schemas:
    Payment:
      type: object
      properties:
        amount: {type: [string, "null"]}
        fee: {type: number}
        at: {type: string, format: date-time}
        odd: {type: object, properties: {a: {type: string}}}
    Kind: {enum: [a, b]}
"""  # noqa: E501
TYPES = """\
[models.Payment]
types = { amount = "decimal", fee = "string", at = "none", odd = "any" }
[operations."POST /payments".types]
after = "unixtime"
"query:id" = "uuid"
"""


@pytest.fixture(autouse=True)
def bank(folder: Path) -> None:
    (folder / "bank.yaml").write_text(BANK)


def types_now() -> dict[str, str]:
    told: Any = json.loads(run("inspect", "bank.yaml", "--format", "json").out)
    (operation,) = told["operations"]
    fields = operation["body"]["content"]["application/json"]["fields"]
    return {each["name"]: each["annotation"] for each in [*operation["parameters"], *fields]}


def test_fields_and_parameters_have_the_types_that_are_given() -> None:
    before = types_now()
    Path("clientgen.toml").write_text(TYPES)

    after = types_now()

    assert {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    } == {
        "after": ("int | Omit", "datetime | Omit"),
        "id": ("list[str] | Omit", "list[UUID] | Omit"),
        "amount": ("str | None | Omit", "Decimal | None | Omit"),
        "fee": ("float | Omit", "str | Omit"),
        "at": ("datetime | Omit", "str | Omit"),
        "odd": (before["odd"], "Any | Omit"),
    }


def test_models_have_them_too() -> None:
    Path("clientgen.toml").write_text(TYPES)

    run("generate", "bank.yaml", "--meta", "none", "-o", ".")

    text = Path("bank/models/payment.py").read_text()
    assert ("amount: DecimalText | None" in text, "at: str" in text) == (True, True)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("models.Payment.types = { fee = 'uuid' }", "fee: 'uuid' does not fit what the document"),
        ("models.Payment.types = { odd = 'decimal' }", "odd: 'decimal' does not fit"),
        ("models.Payment.types = { feee = 'any' }", "no field 'feee'; did you mean 'fee'?"),
        ("models.Kind.types = { a = 'any' }", "this is no object, and has no fields"),
        (
            "models.Payment.types = { fee = 'strin' }",
            "'strin' is no choice; did you mean 'string'?",
        ),
        ("models.Payment.types = 7", 'give a table such as { price = "decimal" }'),
        ("operations.'POST /payments'.types = { id = 'any' }", "may be query:id and header:id"),
        ("operations.'POST /payments'.types = { x = 'any' }", "there is no parameter 'x'"),
    ],
)
def test_a_type_that_does_not_fit_is_refused(settings: str, told: str) -> None:
    Path("clientgen.toml").write_text(settings)

    shown = run("inspect", "bank.yaml")

    assert (shown.code, told in shown.err) == (2, True), shown.err
