from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from clientgen_runtime import OMIT, ConfigurationError
from clientgen_runtime._parameters import (
    cookie_pieces,
    expand_path,
    header_values,
    query_pieces,
    split_template,
)
from clientgen_runtime._wire import iso_duration, text_of
from clientgen_runtime.sdk import Param

ARRAY = ["blue", "black"]
OBJECT = {"R": 100, "G": 200}


def path_of(value: Any, param: Param | None = None) -> str:
    literals, names = split_template("/c/{color}")
    return expand_path(literals, names, {"color": value}, {"color": param} if param else {})


def query_of(value: Any, param: Param | None = None) -> str:
    return "&".join(query_pieces({"color": value}, {"color": param} if param else {}))


# The examples of OpenAPI 3.1.1, section "Style Examples".
@pytest.mark.parametrize(
    ("style", "explode", "array", "mapping"),
    [
        ("matrix", False, ";color=blue,black", ";color=R,100,G,200"),
        ("matrix", True, ";color=blue;color=black", ";R=100;G=200"),
        ("label", False, ".blue,black", ".R,100,G,200"),
        ("label", True, ".blue.black", ".R=100.G=200"),
        ("simple", False, "blue,black", "R,100,G,200"),
        ("simple", True, "blue,black", "R=100,G=200"),
    ],
)
def test_path_styles(style: Any, explode: bool, array: str, mapping: str) -> None:
    param = Param(style, explode)

    assert (path_of(ARRAY, param), path_of(OBJECT, param)) == (f"/c/{array}", f"/c/{mapping}")


@pytest.mark.parametrize(
    ("style", "explode", "array", "mapping"),
    [
        ("form", False, "color=blue,black", "color=R,100,G,200"),
        ("form", True, "color=blue&color=black", "R=100&G=200"),
        ("spaceDelimited", False, "color=blue%20black", "color=R%20100%20G%20200"),
        ("pipeDelimited", False, "color=blue%7Cblack", "color=R%7C100%7CG%7C200"),
        (
            "deepObject",
            True,
            "color%5B0%5D=blue&color%5B1%5D=black",
            "color%5BR%5D=100&color%5BG%5D=200",
        ),
    ],
)
def test_query_styles(style: Any, explode: bool, array: str, mapping: str) -> None:
    param = Param(style, explode)

    assert (query_of(ARRAY, param), query_of(OBJECT, param)) == (array, mapping)


def test_deep_objects_nest() -> None:
    pieces = query_of({"a": {"b": [1, True]}}, Param("deepObject", explode=True))

    assert pieces == "color%5Ba%5D%5Bb%5D%5B0%5D=1&color%5Ba%5D%5Bb%5D%5B1%5D=true"


def test_values_cannot_leave_their_place() -> None:
    assert path_of("a/b?c#d e%2e") == "/c/a%2Fb%3Fc%23d%20e%252e"
    assert query_of("a&b=c#d+e") == "color=a%26b%3Dc%23d%2Be"


@pytest.mark.parametrize("value", [".", "..", "", None, OMIT, []])
def test_paths_refuse_values_that_would_change_their_shape(value: Any) -> None:
    with pytest.raises(ConfigurationError):
        path_of(value)


def test_dots_beside_other_text_are_harmless() -> None:
    assert path_of("v1.2") == "/c/v1.2"


def test_reserved_characters_stay_where_the_document_allows_them() -> None:
    param = Param("form", explode=True, allow_reserved=True)

    assert query_of("a/b:c%20d e#f", param) == "color=a/b:c%20d%20e%23f"


def test_a_content_parameter_is_json() -> None:
    param = Param("form", explode=True, content="application/json")

    assert query_of({"a": [1]}, param) == "color=%7B%22a%22%3A%5B1%5D%7D"


def test_what_is_omitted_is_left_out_and_none_is_empty() -> None:
    assert list(query_pieces({"a": OMIT, "b": None, "c": []}, {})) == ["b="]
    assert list(header_values({"a": OMIT, "b": None}, {})) == []
    assert list(cookie_pieces({"a": OMIT, "b": None}, {})) == []


def test_headers_join_and_cookies_repeat() -> None:
    assert list(header_values({"X-C": ARRAY, "X-O": OBJECT}, {})) == [
        ("X-C", "blue,black"),
        ("X-O", "R,100,G,200"),
    ]
    assert list(cookie_pieces({"c": ARRAY, "d": "a;b"}, {})) == ["c=blue", "c=black", "d=a%3Bb"]


class Color(Enum):
    BLUE = "blue"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1.5, "1.5"),
        (10**30, "1" + "0" * 30),
        (Decimal("1.10"), "1.10"),
        (Color.BLUE, "blue"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "2026-01-02T03:04:05Z"),
        (
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-02T00:00:00+02:00",
        ),
        (date(2026, 1, 2), "2026-01-02"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\xff", "/w=="),
    ],
)
def test_scalars_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(), "PT0S"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(minutes=3, seconds=4.5), "PT3M4.5S"),
        (timedelta(seconds=-1), "-PT1S"),
    ],
)
def test_durations(duration: timedelta, text: str) -> None:
    assert iso_duration(duration) == text


def test_a_value_without_notation_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="object"):
        text_of(object())
