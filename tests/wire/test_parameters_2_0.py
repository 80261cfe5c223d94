"""Parameters as Swagger 2.0 writes them."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest

from tests.wire.calls import parameters_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "parameters_2_0.json"
covers = pytest.mark.covers

COLORS = ["blue", "light brown"]
FORMATS = {
    "default": "blue,light%20brown",
    "csv": "blue,light%20brown",
    "ssv": "blue%20light%20brown",
    "tsv": "blue%09light%20brown",
    "pipes": "blue%7Clight%20brown",
}
each_format = pytest.mark.parametrize(("name", "text"), FORMATS.items())


@covers("collectionFormat in queries")
@each_format
def test_a_query_has_its_collection_format(wire: Wire, name: str, text: str) -> None:
    assert request_of(wire, f"query_{name}", color=COLORS).query == f"color={text}"


@covers("collectionFormat in queries")
def test_multi_repeats_the_name(wire: Wire) -> None:
    sent = request_of(wire, "query_multi", color=COLORS)

    assert sent.query == "color=blue&color=light%20brown"


@covers("collectionFormat in queries")
def test_arrays_in_arrays_have_their_own_collection_format(wire: Wire) -> None:
    sent = request_of(wire, "query_nested", color=[[1, 2], [3]])

    # The comma is escaped as what it is to the outer array: data (RFC 3986 section 2.2).
    assert sent.query == "color=1%2C2%7C3"


@covers("collectionFormat in paths")
@each_format
def test_a_path_has_its_collection_format(wire: Wire, name: str, text: str) -> None:
    assert request_of(wire, f"path_{name}", COLORS).target == f"/path/{name}/{text}"


@covers("collectionFormat in headers")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("default", "blue,light brown"),
        ("csv", "blue,light brown"),
        ("ssv", "blue light brown"),
        ("tsv", "blue\tlight brown"),
        ("pipes", "blue|light brown"),
    ],
)
def test_a_header_has_its_collection_format(wire: Wire, name: str, text: str) -> None:
    assert request_of(wire, f"header_{name}", x_color=COLORS).header("X-Color") == text


@covers("formats")
def test_values_are_written_in_the_formats_of_2_0(wire: Wire) -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)

    sent = request_of(
        wire,
        "formats_all",
        date(2026, 1, 2),
        at=moment,
        data=b"\xfb\xff!",
        unix=moment,
        x_count=2**62,
        flag=True,
        level=2,
    )

    assert sent.target == (
        "/formats/2026-01-02?at=2026-01-02T03%3A04%3A05Z&data=%2B%2F8h&unix=1767323045"
        "&flag=true&level=2"
    )
    assert sent.header("X-Count") == "4611686018427387904"


@covers("allowEmptyValue")
def test_what_may_be_empty_takes_none(wire: Wire) -> None:
    assert request_of(wire, "empty_query", flag=None).query == "flag="
    assert parameters_of(wire, "empty_query")[0]["annotation"] == "bool | None | Omit"


@covers("x-ms-skip-url-encoding")
def test_what_is_encoded_already_stays(wire: Wire) -> None:
    sent = request_of(wire, "encoded_path", "a/b%20c", link="d/e:f%2F")

    assert sent.target == "/encoded/a/b%20c?link=d/e:f%2F"


@covers("constants and defaults")
def test_a_constant_is_sent_and_a_default_is_not(wire: Wire) -> None:
    assert request_of(wire, "constant_query").query == "api-version=2026-01-01"
