"""Values of formats, written and read at every depth."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.wire.calls import method_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "types_formats.yaml"
covers = pytest.mark.covers

UTC = timezone.utc
INDIA = timezone(timedelta(hours=5, minutes=30))
NOON = datetime(2022, 8, 26, 12, tzinfo=UTC)
KEY = UUID("4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10")
BYTES = b"\xfb\xff\xfe test"
LONG = "0.1234567890123456789012345678"

FORMS: list[tuple[str, str, Any, str]] = [
    ("dateTime", "date_time", NOON, '"2022-08-26T12:00:00Z"'),
    ("dateTime", "date_time", NOON.replace(microsecond=5000), '"2022-08-26T12:00:00.005000Z"'),
    ("dateTime", "date_time", NOON.replace(tzinfo=INDIA), '"2022-08-26T12:00:00+05:30"'),
    ("date", "date", date(2022, 8, 26), '"2022-08-26"'),
    ("time", "time", time(13, 30, 1), '"13:30:01"'),
    ("httpDate", "http_date", NOON, '"Fri, 26 Aug 2022 12:00:00 GMT"'),
    ("httpDate", "http_date", NOON.astimezone(INDIA), '"Fri, 26 Aug 2022 12:00:00 GMT"'),
    ("unixTime", "unix_time", NOON, "1661515200"),
    ("unixFraction", "unix_fraction", NOON.replace(microsecond=250000), "1661515200.25"),
    ("unixFraction", "unix_fraction", NOON, "1661515200"),
    ("duration", "duration", timedelta(days=40, hours=2, seconds=1.5), '"P40DT2H1.5S"'),
    ("duration", "duration", -timedelta(minutes=3), '"-PT3M"'),
    ("duration", "duration", timedelta(), '"PT0S"'),
    ("seconds", "seconds", timedelta(minutes=1), "60"),
    ("fractions", "fractions", timedelta(seconds=35.625), "35.625"),
    ("milliseconds", "milliseconds", timedelta(seconds=36), "36000"),
    ("uuid", "uuid", KEY, f'"{KEY}"'),
    ("decimal", "decimal", Decimal("0.33"), "0.33"),
    ("decimal", "decimal", Decimal(LONG), LONG),
    ("decimal", "decimal", Decimal("1.10"), "1.10"),
    ("decimalText", "decimal_text", Decimal(LONG), f'"{LONG}"'),
    ("byte", "byte", BYTES, '"+//+IHRlc3Q="'),
    ("base64url", "base64url", BYTES, '"-__-IHRlc3Q"'),
    ("encoded", "encoded", BYTES, '"+//+IHRlc3Q="'),
    ("encodedUrl", "encoded_url", BYTES, '"-__-IHRlc3Q"'),
    ("int32", "int32", -(2**31), "-2147483648"),
    ("int64", "int64", 2**53 + 1, "9007199254740993"),
    ("int64", "int64", -(2**63), "-9223372036854775808"),
    ("uint64", "uint64", 2**64 - 1, "18446744073709551615"),
    ("safeint", "safeint", 10**30, "1000000000000000000000000000000"),
    ("int64Text", "int64_text", "9007199254740993", '"9007199254740993"'),
    ("flagText", "flag_text", "true", '"true"'),
    ("float", "float_", 0.1, "0.1"),
    ("double", "double", 1.5, "1.5"),
    ("password", "password", "secret", '"secret"'),
    ("uri", "uri", "https://a.example/?q=1", '"https://a.example/?q=1"'),
    ("email", "email", "ann@a.example", '"ann@a.example"'),
    ("unknown", "unknown", "waxing", '"waxing"'),
]


def exchange(wire: Wire, operation: str, answer: str = "{}", **given: Any) -> Any:
    """Call an operation that answers this, and what it makes of the answer."""
    wire.answer(answer)
    return wire.call(method_of(wire, operation), **given)


def bodies(wire: Wire) -> list[str]:
    """All bodies that were sent."""
    return [sent.body.decode() for sent in wire.server.requests]


def keywords(wire: Wire) -> dict[str, str]:
    """The arguments that properties have become."""
    operations: Any = wire.sdk.inspection["operations"]
    fields = operations[0]["body"]["content"]["application/json"]["fields"]
    return {field["wire_name"]: field["name"] for field in fields}


WRITTEN = [f'{{"{name}":{text}}}' for name, _, _, text in FORMS]


@covers("formats: as arguments")
def test_an_argument_is_written_in_its_form(wire: Wire) -> None:
    names = keywords(wire)
    for name, _, value, _ in FORMS:
        exchange(wire, "exchange_values", **{names[name]: value})

    assert bodies(wire) == WRITTEN


@covers("formats: in models")
def test_a_model_writes_values_in_their_form(wire: Wire) -> None:
    for _, field, value, _ in FORMS:
        exchange(wire, "exchange_values", body=wire.models.Values(**{field: value}))

    assert bodies(wire) == WRITTEN


@covers("formats: in mappings")
def test_a_mapping_is_written_as_the_model_that_it_stands_for(wire: Wire) -> None:
    for name, _, value, _ in FORMS:
        exchange(wire, "exchange_values", body={name: value})

    assert bodies(wire) == WRITTEN


@covers("formats: in answers, and sent back")
def test_an_answer_has_python_values_and_is_sent_back_as_it_was(wire: Wire) -> None:
    found = []
    for text, (_, field, _, _) in zip(WRITTEN, FORMS, strict=True):
        received = exchange(wire, "exchange_values", text)
        found.append(getattr(received, field))
        exchange(wire, "exchange_values", body=received)

    expected = [value for _, _, value, _ in FORMS]
    assert (found, [*map(type, found)]) == (expected, [*map(type, expected)])
    assert bodies(wire)[1::2] == WRITTEN


@covers("formats: sent as they are in JSON")
def test_what_is_in_its_form_already_is_sent_as_it_is(wire: Wire) -> None:
    for text in WRITTEN:
        exchange(wire, "exchange_values", body=json.loads(text))

    assert [*map(json.loads, bodies(wire))] == [*map(json.loads, WRITTEN)]


@covers("date-time: every form of RFC 3339")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2022-08-26T12:00:00Z", NOON),
        ("2022-08-26t12:00:00z", NOON),
        ("2022-08-26 12:00:00Z", NOON),
        ("2022-08-26T12:00:00-00:00", NOON),
        ("2022-08-26T17:30:00+05:30", NOON),
        ("2022-08-26T12:00:00.1Z", NOON.replace(microsecond=100000)),
        ("2022-08-26T12:00:00.123456789Z", NOON.replace(microsecond=123456)),
    ],
)
def test_a_moment_is_read_in_every_notation(wire: Wire, text: str, value: datetime) -> None:
    found = exchange(wire, "exchange_values", json.dumps({"dateTime": text})).date_time

    assert (found, found.utcoffset() is None) == (value, False)


@covers("http-date: every form of RFC 9110")
@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_an_http_date_is_read_in_every_notation(wire: Wire, text: str) -> None:
    found = exchange(wire, "exchange_values", json.dumps({"httpDate": text})).http_date

    assert found == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@covers("base64url: with and without padding")
@pytest.mark.parametrize("text", ["-__-IHRlc3Q", "-__-IHRlc3Q=", "+//+IHRlc3Q="])
def test_bytes_are_read_in_either_alphabet(wire: Wire, text: str) -> None:
    assert exchange(wire, "exchange_values", json.dumps({"base64url": text})).base64url == BYTES


@covers("binary: in JSON")
@pytest.mark.parametrize("text", ["plain", "größe", "", "aGk="])
def test_bytes_of_no_known_form_go_back_as_the_text_that_they_came_as(
    wire: Wire, text: str
) -> None:
    received = exchange(wire, "exchange_values", json.dumps({"binary": text}))
    exchange(wire, "exchange_values", body=received)

    assert received.binary == text.encode()
    assert json.loads(wire.sent.body) == {"binary": text}


@covers("binary: in JSON")
def test_bytes_of_no_known_form_are_base64_in_json(wire: Wire) -> None:
    exchange(wire, "exchange_values", binary=BYTES)

    assert wire.sent.body == b'{"binary":"+//+IHRlc3Q="}'


@covers("formats: what does not fit is kept")
def test_digits_are_kept_beside_what_does_not_fit(wire: Wire) -> None:
    answer = f'{{"date":7,"decimal":{LONG}}}'

    values = exchange(wire, "exchange_values", answer)
    exchange(wire, "exchange_values", body=values)

    assert (values.decimal, values.date) == (Decimal(LONG), 7)
    assert wire.sent.body.decode() == answer


@covers("formats: what does not fit is kept")
@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("dateTime", "date_time", 1661515200),
        ("dateTime", "date_time", "1661515200"),
        ("dateTime", "date_time", "tomorrow"),
        ("date", "date", "26.08.2022"),
        ("time", "time", 3600),
        ("httpDate", "http_date", "noon"),
        ("unixTime", "unix_time", "noon"),
        ("unixTime", "unix_time", 1e300),
        ("duration", "duration", "P1Y2M"),
        ("duration", "duration", 3),
        ("uuid", "uuid", "none"),
        ("decimal", "decimal", "many"),
        ("byte", "byte", "!!!"),
        ("base64url", "base64url", 7),
        ("int32", "int32", "few"),
        ("int32", "int32", 1.5),
    ],
)
def test_a_value_of_another_form_is_kept_and_sent_back(
    wire: Wire, name: str, field: str, value: object
) -> None:
    received = exchange(wire, "exchange_values", json.dumps({"uri": "x", name: value}))
    exchange(wire, "exchange_values", body=received)

    assert getattr(received, field) == value
    assert json.loads(wire.sent.body) == {"uri": "x", name: value}


DEEP: list[tuple[str, Any, Any, str]] = [
    ("list", "list_", [NOON], "[1661515200]"),
    ("lists", "lists", [[BYTES], []], '[["-__-IHRlc3Q"],[]]'),
    ("map", "map", {"a": NOON}, '{"a":"Fri, 26 Aug 2022 12:00:00 GMT"}'),
    ("maps", "maps", {"a": {"b": Decimal(LONG)}}, f'{{"a":{{"b":{LONG}}}}}'),
    ("nullable", "nullable", NOON, "1661515200"),
    ("nullable", "nullable", None, "null"),
    ("union", "union", NOON, "1661515200"),
    ("union", "union", [NOON], "[1661515200]"),
    ("object", "object", {"at": NOON}, '{"at":1661515200}'),
    ("named", "named", NOON, "1661515200"),
    ("nameds", "nameds", [NOON], "[1661515200]"),
]
every_depth = pytest.mark.parametrize(("name", "field", "value", "text"), DEEP)


@covers("formats: at every depth, as arguments")
@every_depth
def test_an_argument_is_written_in_its_form_at_every_depth(
    wire: Wire, name: str, field: str, value: Any, text: str
) -> None:
    exchange(wire, "exchange_depths", **{name: value})

    assert wire.sent.body.decode() == f'{{"{name}":{text}}}'


@covers("formats: at every depth, in models and answers")
@every_depth
def test_an_answer_is_read_and_sent_back_at_every_depth(
    wire: Wire, name: str, field: str, value: Any, text: str
) -> None:
    received = exchange(wire, "exchange_depths", f'{{"{name}": {text}}}')
    exchange(wire, "exchange_depths", body=received)

    found = getattr(received, field)
    assert (found if name != "object" else {"at": found.at}) == value
    assert wire.sent.body.decode() == f'{{"{name}":{text}}}'


@covers("formats: as whole bodies")
@pytest.mark.parametrize(
    ("operation", "value", "text"),
    [
        ("exchange_instant", NOON, "1661515200"),
        ("exchange_instants", [NOON, NOON], "[1661515200,1661515200]"),
        ("exchange_instants", [], "[]"),
        ("exchange_keys", {"a": BYTES}, '{"a":"-__-IHRlc3Q"}'),
    ],
)
def test_a_whole_body_has_a_form(wire: Wire, operation: str, value: Any, text: str) -> None:
    assert exchange(wire, operation, text, body=value) == value
    assert wire.sent.body.decode() == text


@covers("formats: in forms")
@pytest.mark.parametrize("is_model", [True, False])
def test_forms_hold_values_in_their_forms(wire: Wire, is_model: bool) -> None:
    given = {"byte": b"hi", "at": NOON, "dates": [NOON]}
    body = wire.models.Form(**given) if is_model else given
    exchange(wire, "send_form", body=body)
    exchange(wire, "send_form", body=body, content_type="multipart/form-data")

    urlencoded, multipart = bodies(wire)
    date = "Fri%2C+26+Aug+2022+12%3A00%3A00+GMT"
    assert urlencoded == f"byte=aGk%3D&at=1661515200&dates={date}"
    parts = [part.partition("\r\n\r\n")[2].strip() for part in multipart.split("--")]
    assert [part for part in parts if part] == [
        "aGk=",
        "1661515200",
        "Fri, 26 Aug 2022 12:00:00 GMT",
    ]


@covers("formats: at the ends of time")
def test_the_first_and_the_last_moment_can_be_sent(wire: Wire) -> None:
    first = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
    last = datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))
    for moment in (first, last):
        exchange(wire, "exchange_values", date_time=moment, unix_time=moment, http_date=moment)

    assert [json.loads(body)["unixTime"] for body in bodies(wire)] == [-62135647200, 253402351199]
    assert [json.loads(body)["dateTime"][:4] for body in bodies(wire)] == ["0001", "9999"]


@covers("formats: at the ends of time")
def test_the_first_and_the_last_moment_need_no_time_zone(wire: Wire) -> None:
    for moment in (datetime.min, datetime.max):  # noqa: DTZ901 - that is the point
        exchange(wire, "exchange_values", unix_time=moment, http_date=moment)

    assert [json.loads(body)["httpDate"][8:16] for body in bodies(wire)] == ["Jan 0001", "Dec 9999"]


@covers("formats: other Python values")
@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("int64Text", 2**53 + 1, '"9007199254740993"'),
        ("flagText", False, '"false"'),
        ("decimalText", 7, '"7"'),
        ("decimal", 0.25, "0.25"),
        ("unixTime", 1661515200, "1661515200"),
        ("byte", bytearray(b"hi"), '"aGk="'),
        ("base64url", memoryview(b"hi"), '"aGk"'),
        ("dateTime", "2022-08-26T12:00:00.0000000Z", '"2022-08-26T12:00:00.0000000Z"'),
    ],
)
def test_values_that_are_nearly_right_are_sent_right(
    wire: Wire, name: str, value: Any, text: str
) -> None:
    exchange(wire, "exchange_values", body={name: value})

    assert wire.sent.body.decode() == f'{{"{name}":{text}}}'
