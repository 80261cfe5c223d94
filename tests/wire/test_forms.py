"""`application/x-www-form-urlencoded` (WHATWG URL section 5, OpenAPI "Encoding Object")."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import body_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "forms.yaml"
covers = pytest.mark.covers

FORM = "application/x-www-form-urlencoded"
NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)


@covers("form: values of each type")
@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"name": "a b&c=d+é"}, "name=a+b%26c%3Dd%2B%C3%A9"),
        ({"name": ""}, "name="),
        ({"count": 3}, "count=3"),
        ({"price": 1.5}, "price=1.5"),
        ({"gift": True}, "gift=true"),
        ({"day": date(2024, 5, 17)}, "day=2024-05-17"),
        ({"placed_at": NOON}, "placed_at=2024-05-17T12%3A00%3A00Z"),
        ({"expires": NOON}, "expires=1715947200"),
        ({"token": b"\xfb\xff"}, "token=%2B%2F8%3D"),
        ({"kind": "new"}, "kind=new"),
        ({"tags": ["a", "b c"]}, "tags=a&tags=b+c"),
        ({"tags": []}, ""),
        ({"address": {"city": "Köln"}}, "address=%7B%22city%22%3A%22K%C3%B6ln%22%7D"),
        ({"lines": [{"sku": "1"}]}, "lines=%7B%22sku%22%3A%221%22%7D"),
        ({"note": None}, "note="),
    ],
)
def test_a_field_is_written_by_its_type(wire: Wire, given: dict[str, Any], body: str) -> None:
    sent = request_of(wire, "plain", **given)

    assert sent.body.decode() == body
    assert sent.header("content-type") == FORM


@covers("form: styles of the encoding object")
@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"joined": ["a", "b"]}, "joined=a,b"),
        ({"spaced": ["a", "b"]}, "spaced=a+b"),
        ({"piped": ["a", "b"]}, "piped=a%7Cb"),
        ({"deep": {"city": "x", "zip": 1}}, "deep%5Bcity%5D=x&deep%5Bzip%5D=1"),
        ({"spread": {"R": 1, "G": 2}}, "R=1&G=2"),
        ({"pairs": {"R": 1, "G": 2}}, "pairs=R,1,G,2"),
        ({"json": [1, 2]}, "json=%5B1%2C2%5D"),
        ({"raw": "a/b?c"}, "raw=a/b?c"),
    ],
)
def test_a_field_is_written_in_its_style(wire: Wire, given: dict[str, Any], body: str) -> None:
    assert request_of(wire, "styled", **given).body.decode() == body


@covers("form: fields, mapping and model")
@pytest.mark.parametrize("how", ["fields", "mapping", "model"])
def test_a_form_is_the_same_however_it_is_given(wire: Wire, how: str) -> None:
    value: dict[str, Any] = {"name": "a", "placed_at": NOON, "expires": NOON, "tags": ["b"]}
    ways: dict[str, dict[str, Any]] = {
        "fields": value,
        "mapping": {"body": value},
        "model": {"body": wire.models.Order(**value)},
    }

    sent = request_of(wire, "plain", **ways[how])

    assert sent.body == (b"name=a&placed_at=2024-05-17T12%3A00%3A00Z&expires=1715947200&tags=b")


@covers("form: required and optional")
def test_an_optional_form_is_not_sent(wire: Wire) -> None:
    assert request_of(wire, "styled").header("content-type") is None
    assert request_of(wire, "plain").header("content-type") == FORM
    assert body_of(wire, "plain")["content"][FORM]["style"] == "fields"
