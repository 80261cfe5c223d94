from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientgen_runtime import OMIT, ConfigurationError
from clientgen_runtime._data.wire import iso_duration, text_of
from clientgen_runtime._parameters import (
    cookie_pieces,
    expand_path,
    header_values,
    query_pieces,
    split_template,
)
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
            "color%5B%5D=blue&color%5B%5D=black",
            "color%5BR%5D=100&color%5BG%5D=200",
        ),
    ],
)
def test_query_styles(style: Any, explode: bool, array: str, mapping: str) -> None:
    param = Param(style, explode)

    assert (query_of(ARRAY, param), query_of(OBJECT, param)) == (array, mapping)


DEEP = Param("deepObject", explode=True)


@pytest.mark.parametrize(
    ("value", "query"),
    [
        ({"a": {"b": [1, True]}}, "color[a][b][]=1&color[a][b][]=true"),
        ({"a": [{"b": 1}, {"b": 2}]}, "color[a][0][b]=1&color[a][1][b]=2"),
        ({"a": [[1], [2, 3]]}, "color[a][0][]=1&color[a][1][]=2&color[a][1][]=3"),
        ({"a": None, "b": ""}, "color[a]=&color[b]="),
        ({"a b": "c&d"}, "color[a%20b]=c%26d"),
        ({}, ""),
        ("blue", "color=blue"),
    ],
)
def test_deep_objects_nest_as_most_servers_read_them(value: object, query: str) -> None:
    assert query_of(value, DEEP) == query.replace("[", "%5B").replace("]", "%5D")


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


@pytest.mark.parametrize(
    ("style", "path", "query", "header"),
    [
        ("spaceDelimited", "blue%20black", "color=blue%20black", "blue black"),
        ("pipeDelimited", "blue%7Cblack", "color=blue%7Cblack", "blue|black"),
        ("tabDelimited", "blue%09black", "color=blue%09black", "blue\tblack"),
    ],
)
def test_delimiters_of_swagger_2_work_in_every_place(
    style: Any, path: str, query: str, header: str
) -> None:
    param = Param(style, explode=False)

    assert path_of(ARRAY, param) == f"/c/{path}"
    assert query_of(ARRAY, param) == query
    assert list(header_values({"X": ARRAY}, {"X": param})) == [("X", header)]


def test_reserved_characters_of_a_path_stay_but_for_those_that_would_end_it() -> None:
    param = Param("simple", explode=False, allow_reserved=True)

    assert path_of("a/b c%20d%?e#[f]", param) == "/c/a/b%20c%20d%25%3Fe%23%5Bf%5D"
    with pytest.raises(ConfigurationError, match="step out"):
        path_of("a/../../b", param)


def test_an_empty_matrix_value_has_no_equals_sign() -> None:
    assert path_of("", Param("matrix", explode=False)) == "/c/;color"


def test_a_cookie_style_value_is_sent_as_it_is() -> None:
    param = Param("cookie", explode=True)

    assert list(cookie_pieces({"a": "x, y%", "b": ARRAY}, {"a": param, "b": param})) == [
        "a=x, y%",
        "b=blue",
        "b=black",
    ]
    with pytest.raises(ConfigurationError, match="semicolon"):
        list(cookie_pieces({"a": "x; b=1"}, {"a": param}))


@pytest.mark.parametrize(
    ("content", "value", "query"),
    [
        (
            "application/x-www-form-urlencoded",
            {"foo": "a + b", "bar": True},
            "foo=a+%2B+b&bar=true",
        ),
        ("application/json", {"n": [1], "f": None}, "%7B%22n%22%3A%5B1%5D%2C%22f%22%3Anull%7D"),
        ("application/jsonpath", "$.a.b[1:1]", "%24.a.b%5B1%3A1%5D"),
    ],
)
def test_a_parameter_may_be_the_whole_query(content: str, value: object, query: str) -> None:
    assert query_of(value, Param("querystring", explode=False, content=content)) == query


def test_json_in_a_header_is_ascii() -> None:
    param = Param("simple", explode=False, content="application/json")

    assert list(header_values({"X": {"a": "é😀"}}, {"X": param})) == [
        ("X", '{"a":"\\u00e9\\ud83d\\ude00"}')
    ]


NAIVE = datetime(2026, 1, 2, 3)  # noqa: DTZ001
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("form", "value", "query"),
    [
        ("UnixTime", MOMENT, "color=1767319445"),
        ("UnixTime", 7, "color=7"),
        ("HttpDate", MOMENT, "color=Fri%2C%2002%20Jan%202026%2002%3A04%3A05%20GMT"),
        ("Base64Url", b"\xff\xfe", "color=__4"),
        ("DurationSeconds", timedelta(minutes=1), "color=60"),
        ("DurationFraction", timedelta(seconds=35.625), "color=35.625"),
        ("DurationMilliseconds", timedelta(seconds=36), "color=36000"),
        ("UnixTime", [MOMENT, MOMENT], "color=1767319445&color=1767319445"),
        ({"at": "UnixTime"}, {"at": MOMENT, "n": 1}, "at=1767319445&n=1"),
        ("DurationSeconds", {"a": timedelta(seconds=1)}, "a=1"),
        ("UnheardOf", "text", "color=text"),
    ],
)
def test_values_are_written_in_the_form_that_is_stated(
    form: Any, value: object, query: str
) -> None:
    assert query_of(value, Param("form", explode=True, format=form)) == query


TEXT = st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, min_size=1)))
def test_any_text_comes_back_from_a_query(values: dict[str, Any]) -> None:
    query = "&".join(query_pieces(values, {}))

    assert parse_qs(query, keep_blank_values=True) == {
        name: value if isinstance(value, list) else [value] for name, value in values.items()
    }


@given(TEXT.filter(lambda text: text not in ("", ".", "..")))
def test_any_text_comes_back_from_a_path_and_stays_in_its_segment(value: str) -> None:
    segments = path_of(value).split("/")

    assert [unquote(segment) for segment in segments] == ["", "c", value]


@given(TEXT)
def test_any_text_comes_back_from_a_cookie(value: str) -> None:
    (pair,) = cookie_pieces({"c": value}, {})

    assert pair.isascii()
    assert ";" not in pair
    assert unquote(SimpleCookie(pair)["c"].value) == value


class Color(Enum):
    BLUE = "blue"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1.5, "1.5"),
        (10**30, "1" + "0" * 30),
        (1.0, "1.0"),
        (1e16, "10000000000000000"),
        (0.00001, "0.00001"),
        (1e100, "1e+100"),
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+3"), "1000"),
        (NAIVE, "2026-01-02T03:00:00"),
        (time(3, 4, tzinfo=timezone.utc), "03:04:00Z"),
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


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ConfigurationError, match="no notation"):
        text_of(value)


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
