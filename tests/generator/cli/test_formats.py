"""Formats that the configuration reads as others."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from clientgen.build._types import VALUE_TYPES
from clientgen.config import Format
from tests.generator.cli.command import run
from tests.support.generated import generated

BANK = """\
openapi: 3.1.0
info: {title: Bank, version: "1"}
servers: [{url: "https://bank.example"}]
paths:
  /payments:
    post:
      tags: [payments]
      parameters: [{name: after, in: query, schema: {type: integer, format: epoch}}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                amount: {type: string, format: money}
                at: {type: string, format: date-time}
      responses:
        "200":
          description: Done
          content:
            application/json: {schema: {type: array, items: {type: string, format: money}}}
"""

FORMATS = '[formats]\nmoney = "decimal"\nepoch = "unixtime"\ndate-time = "none"\n'


def test_formats_of_ones_own_have_python_types(tmp_path: Path) -> None:
    (tmp_path / "formats.toml").write_text(FORMATS)
    sdk = generated(BANK, "--config", str(tmp_path / "formats.toml"))
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=["0.10"])

    with sdk.client(transport=httpx.MockTransport(answer)) as client:
        payments: Any = client.payments  # type: ignore[attr-defined]
        after = datetime(2022, 8, 26, 12, tzinfo=timezone.utc)
        found = payments.create(after=after, amount=Decimal("1.10"), at="noon")

    assert found == [Decimal("0.10")]
    assert sent[0].url.params["after"] == "1661515200"
    assert json.loads(sent[0].content) == {"amount": "1.10", "at": "noon"}


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        ("money = 'decimall'", "'decimall' is no choice; did you mean 'decimal'?"),
        ("money = 'xyz'", "'xyz' is no choice; give 'none', "),
        ("money = 7", "7 is no choice"),
    ],
)
def test_a_format_that_is_not_known_is_refused(formats: str, told: str) -> None:
    Path("clientgen.toml").write_text(f"[formats]\n{formats}")
    shown = run("inspect", "pets.yaml")

    assert (shown.code, "formats.money" in shown.err, told in shown.err) == (2, True, True)


def test_formats_that_can_be_asked_for_have_python_types() -> None:
    assert {*get_args(Format)} - {"none"} <= {form for _, form in VALUE_TYPES}
