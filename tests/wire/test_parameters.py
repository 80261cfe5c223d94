"""Parameters as OpenAPI and its RFCs write them."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from clientgen_runtime import ConfigurationError
from tests.wire.calls import operation_of, parameters_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "parameters.yaml"
covers = pytest.mark.covers

# The values of OpenAPI 3.1.1, section "Style Examples".
KINDS: dict[str, Any] = {
    "empty": "",
    "string": "blue",
    "array": ["blue", "black", "brown"],
    "object": {"R": 100, "G": 200, "B": 150},
}


def by_kind(**rows: tuple[Any, ...]) -> pytest.MarkDecorator:
    """One case for each style and kind of value; `None` where the style has no notation."""
    cases = [
        pytest.param(name, KINDS[kind], text, id=f"{name}-{kind}")
        for name, texts in rows.items()
        for kind, text in zip(KINDS, texts, strict=True)
        if text is not None
    ]
    return pytest.mark.parametrize(("name", "value", "text"), cases)


# --- Styles --------------------------------------------------------------------------------


@covers("path: styles")
@by_kind(
    simple=(None, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    simple_exploded=(None, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    label=(None, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    label_exploded=(None, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    matrix=(";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    matrix_exploded=(
        ";color",
        ";color=blue",
        ";color=blue;color=black;color=brown",
        ";R=100;G=200;B=150",
    ),
)
def test_a_path_parameter_has_its_style(wire: Wire, name: str, value: Any, text: str) -> None:
    sent = request_of(wire, f"path_{name}", value)

    assert sent.target.rpartition("/")[2] == text


@covers("query: styles")
@by_kind(
    default=("color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    form_exploded=(
        "color=",
        "color=blue",
        "color=blue&color=black&color=brown",
        "R=100&G=200&B=150",
    ),
    form=("color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    space=(None, None, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    space_exploded=(None, None, "color=blue&color=black&color=brown", None),
    pipe=(None, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    pipe_exploded=(None, None, "color=blue&color=black&color=brown", None),
    deep=(None, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
)
def test_a_query_parameter_has_its_style(wire: Wire, name: str, value: Any, text: str) -> None:
    assert request_of(wire, f"query_{name}", color=value).query == text


@covers("query: nested deepObject")
@pytest.mark.parametrize(
    ("value", "query"),
    [
        ({"a": {"b": {"c": 1}}}, "color[a][b][c]=1"),
        ({"a": ["x", "y"]}, "color[a][]=x&color[a][]=y"),
        ({"a": [{"b": 1}, {"b": 2}]}, "color[a][0][b]=1&color[a][1][b]=2"),
        ({"a b": "c&d"}, "color[a%20b]=c%26d"),
        ({"a": None, "b": True}, "color[a]=&color[b]=true"),
    ],
)
def test_deep_objects_nest_as_servers_read_them(wire: Wire, value: Any, query: str) -> None:
    escaped = query.replace("[", "%5B").replace("]", "%5D")

    assert request_of(wire, "query_deep", color=value).query == escaped


@covers("header: styles")
@by_kind(
    simple=("", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    simple_exploded=("", "blue", "blue,black,brown", "R=100,G=200,B=150"),
)
def test_a_header_parameter_has_its_style(wire: Wire, name: str, value: Any, text: str) -> None:
    assert request_of(wire, f"header_{name}", x_color=value).header("X-Color") == text


# RFC 6265 separates cookies by `; `, of which the form style knows nothing.
@covers("cookie: styles")
@by_kind(
    form=("color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    form_exploded=(
        "color=",
        "color=blue",
        "color=blue; color=black; color=brown",
        "R=100; G=200; B=150",
    ),
)
def test_a_cookie_parameter_has_its_style(wire: Wire, name: str, value: Any, text: str) -> None:
    assert request_of(wire, f"cookie_{name}", color=value).header("Cookie") == text


@covers("cookie: style cookie", "3.2")
@by_kind(
    cookie=("color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    cookie_exploded=(
        "color=",
        "color=blue",
        "color=blue; color=black; color=brown",
        "R=100; G=200; B=150",
    ),
)
def test_the_style_cookie_is_of_cookies(wire: Wire, name: str, value: Any, text: str) -> None:
    assert request_of(wire, f"cookie_{name}", color=value).header("Cookie") == text


@covers("cookie: escaping")
@pytest.mark.parametrize(
    ("name", "text"), [("form", "color=a%20b%2C%3B%C3%A9"), ("cookie", "color=a b,%3B")]
)
def test_form_escapes_what_cookies_cannot_hold_and_cookie_nothing(
    wire: Wire, name: str, text: str
) -> None:
    value = {"form": "a b,;é", "cookie": "a b,%3B"}[name]

    assert request_of(wire, f"cookie_{name}", color=value).header("Cookie") == text


# --- What escapes, and what is refused -----------------------------------------------------

HARD = "a/b?c#d&e=f+g h%i;é😀"
ESCAPED = "a%2Fb%3Fc%23d%26e%3Df%2Bg%20h%25i%3B%C3%A9%F0%9F%98%80"


@covers("path, query: escaping")
def test_values_are_escaped_but_for_unreserved_characters(wire: Wire) -> None:
    assert request_of(wire, "path_simple", HARD).target == f"/path/simple/{ESCAPED}"
    assert request_of(wire, "query_form", color=HARD).query == f"color={ESCAPED}"
    assert request_of(wire, "query_form", color="a-b.c_d~e").query == "color=a-b.c_d~e"


@covers("path: values that would leave their segment")
@pytest.mark.parametrize("value", [".", "..", "", None, []])
def test_a_path_value_stays_in_its_segment(wire: Wire, value: object) -> None:
    with pytest.raises(ConfigurationError):
        request_of(wire, "path_simple", value)

    assert wire.server.requests == []


@covers("header: values that cannot be sent")
@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\0", "é", " a"])
def test_a_header_value_is_checked(wire: Wire, value: str) -> None:
    with pytest.raises(ConfigurationError, match="X-Color"):
        request_of(wire, "header_simple", x_color=value)

    assert wire.server.requests == []


@covers("query: allowReserved")
def test_reserved_characters_and_triples_stay_in_a_query(wire: Wire) -> None:
    link = "https://a.example/b?c=d&e=[f]%20g%zz é#h"

    sent = request_of(wire, "reserved_query", link=link, tags=["a/b", "c:d"])

    assert sent.query == ("link=https://a.example/b?c=d&e=[f]%20g%25zz%20%C3%A9%23h&tags=a/b,c:d")


@covers("path: allowReserved", "3.2")
def test_reserved_characters_stay_in_a_path(wire: Wire) -> None:
    assert request_of(wire, "reserved_path", "a/b c:d@e").path == "/reserved/path/a/b%20c:d@e"


@covers("path: allowReserved cannot leave its place", "3.2")
@pytest.mark.parametrize("value", ["../x", "a/../../x", "a/.."])
def test_reserved_expansion_takes_no_steps(wire: Wire, value: str) -> None:
    with pytest.raises(ConfigurationError, match="step out"):
        request_of(wire, "reserved_path", value)


@covers("path: RFC 6570 operators in the template")
def test_a_plus_in_the_template_lets_slashes_pass(wire: Wire) -> None:
    sent = request_of(wire, "reserved_expression", "a/b?c")

    assert sent.target == "/reserved/expression/a/b%3Fc"


@covers("query: allowEmptyValue, empty and absent values")
def test_what_may_be_empty_takes_none(wire: Wire) -> None:
    assert request_of(wire, "empty_query", flag=None, tags=None).query == "flag=&tags="
    assert request_of(wire, "empty_query", flag="", tags=[]).query == "flag="
    assert request_of(wire, "empty_query").query is None


@covers("absent values")
@pytest.mark.parametrize(
    "name",
    [
        "query_default",
        "query_deep",
        "header_simple",
        "cookie_form",
        "content_query",
        "content_header",
        "default_query",
    ],
)
def test_what_is_not_given_is_not_sent(wire: Wire, name: str) -> None:
    sent = request_of(wire, name)

    assert sent.query is None
    assert [sent.header(name) for name in ("X-Color", "X-Filter", "X-Mode", "Cookie")] == [None] * 4


@covers("null and empty arrays")
def test_null_is_empty_and_an_empty_array_nothing(wire: Wire) -> None:
    assert request_of(wire, "scalars_query", maybe=None, text="").query == "text=&maybe="
    assert request_of(wire, "scalars_query", several=[]).query is None
    assert request_of(wire, "query_pipe", color=[]).query is None


# --- Content -------------------------------------------------------------------------------


@covers("content parameters: JSON in each place")
def test_a_content_parameter_is_json_in_each_place(wire: Wire) -> None:
    json = "%7B%22name%22%3A%22a%20%C3%A9%22%7D"
    value = {"name": "a é"}

    assert request_of(wire, "content_path", value).path == f"/content/path/{json}"
    assert request_of(wire, "content_query", filter=value).query == f"filter={json}"
    header = request_of(wire, "content_header", x_filter=value).header("X-Filter")
    assert header == '{"name":"a \\u00e9"}'
    cookie = request_of(wire, "content_cookie", filter=value).header("Cookie")
    assert cookie == "filter={%22name%22:%22a%20%C3%A9%22}"


@covers("content parameters: models")
def test_a_model_is_written_by_its_wire_names(wire: Wire) -> None:
    model = getattr(wire.models, parameters_of(wire, "content_query")[0]["annotation"].split()[0])

    sent = request_of(wire, "content_query", filter=model(name="x"))

    assert sent.query == "filter=%7B%22name%22%3A%22x%22%7D"


@covers("content parameters: numbers that are text")
def test_a_number_that_is_text_is_quoted_in_json(wire: Wire) -> None:
    sent = request_of(wire, "content_query", filter={"price": Decimal("1.50")})

    assert sent.query == "filter=%7B%22price%22%3A%221.50%22%7D"


@covers("content parameters: text")
def test_a_text_parameter_is_text(wire: Wire) -> None:
    assert request_of(wire, "content_text", note="a b").query == "note=a%20b"


@covers("querystring", "3.2")
def test_a_parameter_may_be_the_whole_query(wire: Wire) -> None:
    form = request_of(wire, "querystring_form", search={"foo": "a + b", "bar": True})
    assert form.query == "foo=a+%2B+b&bar=true"
    search = {"tags": ["a b", "c"], "range": {"from": 1}, "plain": {"from": 2}}
    encoded = request_of(wire, "querystring_encoded", search=search)
    assert encoded.query == "tags=a+b%7Cc&range%5Bfrom%5D=1&plain=%7B%22from%22%3A2%7D"
    json = request_of(wire, "querystring_json", search={"numbers": [1, 2], "flag": None})
    assert json.query == "%7B%22numbers%22%3A%5B1%2C2%5D%2C%22flag%22%3Anull%7D"
    assert request_of(wire, "querystring_json").query is None
    assert parameters_of(wire, "querystring_form")[0]["in"] == "querystring"


# --- Templates and names -------------------------------------------------------------------


@covers("path: several parameters in a segment")
def test_a_segment_may_have_several_parameters(wire: Wire) -> None:
    assert request_of(wire, "template_two", "a.b", "tar.gz").target == "/files/a.b.tar.gz"


@covers("path: parameters that the document calls optional")
def test_a_path_may_end_before_what_is_not_required(wire: Wire) -> None:
    assert request_of(wire, "optional_path").target == "/optional"
    assert request_of(wire, "optional_path", "a").target == "/optional/a"
    assert request_of(wire, "optional_path", "a", "b").target == "/optional/a/b"
    told = [each["required"] for each in parameters_of(wire, "optional_middle")]
    assert told == [True, True]


@covers("path: one parameter twice")
def test_a_parameter_may_stand_twice_in_a_path(wire: Wire) -> None:
    assert request_of(wire, "template_twice", 7).target == "/template/7/again/7"


@covers("path: a query in the template")
def test_a_query_in_the_template_is_sent(wire: Wire) -> None:
    fixed = request_of(wire, "template_fixed", color="red")
    assert fixed.target == "/template/fixed?kind=dog&color=red"
    assert request_of(wire, "template_fixed").target == "/template/fixed?kind=dog"
    named = request_of(wire, "template_named", color="red")
    assert named.target == "/template/named?kind=dog&color=red"


@covers("one name in several places")
def test_one_name_in_four_places_is_four_arguments(wire: Wire) -> None:
    places = {each["in"]: each["name"] for each in parameters_of(wire, "places_same")}
    rest = {places[place]: place for place in ("query", "header", "cookie")}

    sent = request_of(wire, "places_same", "path", **rest)

    assert sent.target == "/places/path?id=query"
    assert (sent.header("id"), sent.header("Cookie")) == ("header", "id=cookie")


# --- Values --------------------------------------------------------------------------------


@covers("scalars: text, numbers, booleans, enumerations")
@pytest.mark.parametrize(
    ("value", "query"),
    [
        ({"text": "2026"}, "text=2026"),
        ({"whole": -(2**63)}, "whole=-9223372036854775808"),
        ({"whole": 2**53 + 1}, "whole=9007199254740993"),
        ({"part": 1.0}, "part=1.0"),
        ({"part": 1}, "part=1"),
        ({"part": 0.00001}, "part=0.00001"),
        ({"part": 1e100}, "part=1e%2B100"),
        ({"part": Decimal("1E+3")}, "part=1000"),
        ({"flag": True}, "flag=true"),
        ({"flag": False}, "flag=false"),
        ({"kind": "dog", "level": 2}, "kind=dog&level=2"),
        ({"kind": "not listed"}, "kind=not%20listed"),
        ({"several": [1, 2]}, "several=1&several=2"),
    ],
)
def test_a_scalar_is_written_as_in_json(wire: Wire, value: dict[str, Any], query: str) -> None:
    assert request_of(wire, "scalars_query", **value).query == query


UTC = timezone.utc
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "day": date(2026, 1, 2),
    "clock": time(3, 4, 5, tzinfo=UTC),
    "at": MOMENT,
    "http": MOMENT,
    "unix": MOMENT,
    "length": timedelta(days=1, hours=2, seconds=3.5),
    "seconds": timedelta(minutes=1),
    "millis": timedelta(seconds=36),
    "uuid": UUID("3c5b1a4e-93a5-4b57-8d3e-0e1d3a6a5f0b"),
    "byte": b"\xfb\xff!",
    "url": b"\xfb\xff!?",
    "price": Decimal("12.50"),
}
TEXTS = {
    "day": "2026-01-02",
    "clock": "03:04:05Z",
    "at": "2026-01-02T03:04:05Z",
    "http": "Fri, 02 Jan 2026 03:04:05 GMT",
    "unix": "1767323045",
    "length": "P1DT2H3.5S",
    "seconds": "60",
    "millis": "36000",
    "uuid": "3c5b1a4e-93a5-4b57-8d3e-0e1d3a6a5f0b",
    "byte": "+/8h",
    "url": "-_8hPw",
    "price": "12.50",
}
ESCAPES = str.maketrans({":": "%3A", ",": "%2C", " ": "%20", "+": "%2B", "/": "%2F"})


@covers("formats: dates, durations, bytes, decimals in each place")
@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_written_in_the_format_of_its_schema(wire: Wire, name: str) -> None:
    value, text = VALUES[name], TEXTS[name]

    query = request_of(wire, "formats_query", **{name: value}).query
    assert query == f"{name}={text.translate(ESCAPES)}"
    header = request_of(wire, "formats_header", **{f"x_{name}": value}).header(f"X-{name}")
    assert header == text
    cookie = request_of(wire, "formats_cookie", **{name: value}).header("Cookie")
    assert cookie == f"{name}={text.replace(' ', '%20').replace(',', '%2C')}"
    listed = request_of(wire, "formats_lists", **{name: [value, value]}).query
    assert listed == f"{name}={text.translate(ESCAPES)},{text.translate(ESCAPES)}"


@covers("formats: in paths")
def test_a_path_value_is_written_in_the_format_of_its_schema(wire: Wire) -> None:
    sent = request_of(wire, "formats_path", *VALUES.values())

    texts = [text.translate(ESCAPES) for text in TEXTS.values()]
    assert sent.target == "/formats/path/" + "/".join(texts)


@covers("formats: in objects")
def test_members_of_an_object_have_formats_of_their_own(wire: Wire) -> None:
    given = {"since": MOMENT, "until": MOMENT, "key": b"\xfb\xff"}

    sent = request_of(wire, "formats_object", filter=given)

    assert sent.query == (
        "filter%5Bsince%5D=1767323045&filter%5Buntil%5D=2026-01-02T03%3A04%3A05Z"
        "&filter%5Bkey%5D=-_8"
    )


@covers("formats: contentEncoding", "3.1", "3.2")
def test_content_encodings_are_of_bytes(wire: Wire) -> None:
    data = b"\xfb\xff!?"

    sent = request_of(wire, "formats_encoded", data=data, url=data, several=[data, data])

    assert sent.query == "data=%2B%2F8hPw%3D%3D&url=-_8hPw&several=-_8hPw,-_8hPw"


@covers("formats: nullable, by reference, in models")
def test_formats_are_found_behind_references(wire: Wire) -> None:
    assert request_of(wire, "formats_encoded", maybe=b"\xfb\xff").query == "maybe=-_8"
    assert request_of(wire, "formats_encoded", maybe=None).query == "maybe="
    assert request_of(wire, "formats_encoded", named=MOMENT).query == "named=1767323045"
    model = wire.models.Filter(at=MOMENT, tags=["a", "b"])
    for given in (model, {"at": MOMENT, "tags": ["a", "b"]}):
        sent = request_of(wire, "formats_encoded", filter=given)
        assert sent.query == "at=1767323045&tags=a&tags=b"


@covers("formats: offsets and missing time zones")
def test_a_time_keeps_its_offset(wire: Wire) -> None:
    east = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert request_of(wire, "formats_header", x_at=east).header("X-at") == (
        "2026-01-02T08:34:05+05:30"
    )
    assert request_of(wire, "formats_header", x_unix=east).header("X-unix") == "1767323045"
    naive = MOMENT.replace(tzinfo=None)
    assert request_of(wire, "formats_header", x_at=naive).header("X-at") == "2026-01-02T03:04:05"
    local = MOMENT.astimezone().replace(tzinfo=None)
    assert request_of(wire, "formats_header", x_unix=local).header("X-unix") == "1767323045"


# --- Fixed values, defaults, deprecations --------------------------------------------------


@covers("constants: sent without being given")
def test_what_has_one_value_need_not_be_given(wire: Wire) -> None:
    sent = request_of(wire, "constant_all")

    assert sent.target == "/constant/v1?kind=dog&level=3"
    assert sent.header("X-Api-Version") == "2026-01-01"
    assert sent.header("Cookie") == "mode=true"
    told = {each["name"]: each["required"] for each in parameters_of(wire, "constant_all")}
    assert not any(told.values())


@covers("constants: given all the same")
def test_what_has_one_value_may_be_given(wire: Wire) -> None:
    sent = request_of(wire, "constant_all", "v1", kind="dog", level=3, hint="only")

    assert sent.target == "/constant/v1?kind=dog&level=3&hint=only"
    assert request_of(wire, "constant_before", "v1", 7).target == "/constant/v1/7"


@covers("defaults are the server's")
def test_a_default_is_not_sent(wire: Wire) -> None:
    assert request_of(wire, "default_query").target == "/default"


@covers("defaults of what is required")
def test_what_is_required_is_sent_with_its_default(wire: Wire) -> None:
    sent = request_of(wire, "default_required", "xml", day=date(2026, 1, 3))
    assert sent.target == "/default/required/xml?day=2026-01-03&limit=20&order=up"
    given = request_of(wire, "default_required", "xml", day="x", limit=1, order="down")
    assert given.target == "/default/required/xml?day=x&limit=1&order=down"
    # The default of an identifier is an example.
    assert parameters_of(wire, "default_required")[0]["required"]


@covers("deprecated fields")
def test_a_deprecated_field_warns_when_it_is_given(wire: Wire) -> None:
    with pytest.warns(DeprecationWarning, match="'colour' is deprecated"):
        request_of(wire, "deprecated_field", colour="red")


@covers("deprecated operations and parameters")
def test_what_is_deprecated_warns_once_when_it_is_used(wire: Wire) -> None:
    with pytest.warns(DeprecationWarning, match="GET /deprecated/call is deprecated"):
        request_of(wire, "deprecated_call")
    with pytest.warns(DeprecationWarning, match="'colour' is deprecated"):
        request_of(wire, "deprecated_argument", colour="red")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        request_of(wire, "deprecated_call")
        request_of(wire, "deprecated_argument", color="red")


@covers("path: inspect tells it as the document does")
def test_inspect_tells_the_path_of_the_document(wire: Wire) -> None:
    path = operation_of(wire, "template_named")["path"]

    assert path == "/template/named?color={color}&kind=dog"
