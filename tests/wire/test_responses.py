"""What comes back, and how it is read (OpenAPI 3.1, sections "Responses Object", "Media Type")."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ClientError, DecodeError

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "responses.yaml"
covers = pytest.mark.covers

REX = '{"name": "Rex"}'


@covers("response: the status decides on the type")
@pytest.mark.parametrize(
    ("status", "body", "read"),
    [
        (200, REX, {"name": "Rex"}),
        (201, '{"number": 7}', {"number": 7}),
        (202, '"job-1"', "job-1"),
    ],
)
def test_each_success_has_its_type(wire: Wire, status: int, body: str, read: object) -> None:
    wire.answer(body, status=status)

    result = wire.call("answers.several")

    assert (result if isinstance(result, str) else result.to_dict()) == read
    assert type(result) is [wire.models.Pet, wire.models.Receipt, str][status - 200]


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain"])
@pytest.mark.parametrize("text", [REX, f"{REX}\n{REX}\n", "7", "null", "job-1"])
def test_a_text_that_is_not_said_to_be_json_stays_one(
    wire: Wire, content_type: str, text: str
) -> None:
    wire.answer(text, content_type, 202)

    assert wire.call("answers.several") == text


@covers("response: 200 or 204")
def test_a_result_or_none(wire: Wire) -> None:
    wire.answer(REX)
    assert wire.call("answers.maybe") == wire.models.Pet(name="Rex")

    wire.answer(status=204)
    assert wire.call("answers.maybe") is None


@covers("response: ranges of statuses")
def test_a_status_wins_over_its_range(wire: Wire) -> None:
    wire.answer(REX, status=226)
    assert wire.call("answers.range") == wire.models.Pet(name="Rex")

    wire.answer('{"number": 7}', status=203)
    assert wire.call("answers.range") == wire.models.Receipt(number=7)


@covers("response: default")
def test_the_default_describes_a_success_too(wire: Wire) -> None:
    wire.answer(REX)

    assert wire.call("answers.default") == wire.models.Pet(name="Rex")
    assert wire.sent.header("Accept") == "application/json"


@covers("response: another success than the declared one")
def test_an_undeclared_success_is_read_as_the_declared_one(wire: Wire) -> None:
    wire.answer(REX, status=203)

    assert wire.call("answers.one") == wire.models.Pet(name="Rex")


@covers("response: no content")
def test_a_body_that_is_not_declared_is_not_read(wire: Wire) -> None:
    wire.answer("what is this?", "text/html")

    assert wire.call("answers.nothing") is None
    assert wire.sent.header("Accept") == "*/*"


@covers("response: HEAD")
def test_head_has_no_result(wire: Wire) -> None:
    wire.answer(REX)

    assert wire.call("answers.check") is None
    assert wire.sent.method == "HEAD"


@covers("response: a declared body that is empty")
def test_an_empty_body_is_none(wire: Wire) -> None:
    wire.answer("")

    assert wire.call("answers.one") is None


@covers("response: JSON of every kind")
def test_json_is_read_as_declared(wire: Wire) -> None:
    wire.answer(f"[{REX}]")
    assert wire.call("answers.all") == [wire.models.Pet(name="Rex")]

    wire.answer("12345678901234567890")
    assert wire.call("answers.number") == 12345678901234567890

    wire.answer('"2026-11-20T10:00:00Z"')
    assert wire.call("answers.moment") == datetime(2026, 11, 20, 10, tzinfo=timezone.utc)


@covers("response: +json")
@pytest.mark.parametrize("content_type", ["application/vnd.pets+json", "application/json"])
def test_json_by_another_name(wire: Wire, content_type: str) -> None:
    wire.answer(REX, content_type)

    assert wire.call("answers.vendor") == wire.models.Pet(name="Rex")
    assert wire.sent.header("Accept") == "application/vnd.pets+json"


@covers("response: a wrong or missing Content-Type")
@pytest.mark.parametrize("content_type", ["text/xml", "application/pet+xml", "application/xml"])
def test_a_server_that_calls_xml_otherwise(wire: Wire, content_type: str) -> None:
    wire.answer("<Pet><name>Rex</name></Pet>", content_type)

    assert wire.call("answers.marked").name == "Rex"


@covers("response: a wrong or missing Content-Type")
@pytest.mark.parametrize("content_type", ["text/html", "text/plain; charset=utf-8", None])
def test_a_server_that_misnames_json(wire: Wire, content_type: str | None) -> None:
    wire.answer(REX, content_type)

    assert wire.call("answers.one") == wire.models.Pet(name="Rex")


@covers("response: what is no JSON though it should be")
def test_a_page_in_place_of_json(wire: Wire) -> None:
    wire.answer("<h1>Welcome</h1>", "text/html")

    with pytest.raises(DecodeError, match="not JSON"):
        wire.call("answers.one")


@covers("response: text in a charset")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Käse".encode(), "text/plain"),
        ("Käse".encode("latin-1"), 'text/plain; charset="iso-8859-1"'),
        ("Käse".encode("utf-16"), "text/plain; charset=utf-16"),
    ],
)
def test_text_is_decoded(wire: Wire, body: bytes, content_type: str) -> None:
    wire.answer(body, content_type)

    assert wire.call("answers.text") == "Käse"
    assert wire.sent.header("Accept") == "text/plain"


@covers("response: a number as text")
def test_text_is_typed(wire: Wire) -> None:
    wire.answer("7", "text/plain")

    assert wire.call("answers.count") == 7


@covers("response: JSON in place of text")
@pytest.mark.parametrize("call", ["answers.text", "answers.mood"])
@pytest.mark.parametrize(
    ("body", "content_type", "read"),
    [
        ('"happy"', "application/json", "happy"),
        ("happy", "application/json", "happy"),
        ("7", "application/json", "7"),
        ('"happy"', "text/plain", '"happy"'),
    ],
)
def test_a_text_that_comes_as_json_is_what_is_in_it(
    wire: Wire, call: str, body: str, content_type: str, read: str
) -> None:
    wire.answer(body, content_type)

    assert wire.call(call) == read


@covers("response: a model as text")
@pytest.mark.parametrize("content_type", ["application/json", "text/plain; charset=utf-8"])
def test_json_that_is_called_text(wire: Wire, content_type: str) -> None:
    wire.answer(REX, content_type)
    assert wire.call("answers.plain") == wire.models.Pet(name="Rex")

    wire.answer("Rex", content_type)
    assert wire.call("answers.plain") == "Rex"


@covers("response: JSON in a charset")
@pytest.mark.parametrize(
    ("charset", "content_type"),
    [
        ("latin-1", "application/json; charset=ISO-8859-1"),
        ("utf-16", "application/json; charset=utf-16"),
        ("utf-8-sig", "application/json"),
        ("utf-8", "application/json; charset=utf8"),
    ],
)
def test_json_is_decoded(wire: Wire, charset: str, content_type: str) -> None:
    wire.answer('{"name": "Käse"}'.encode(charset), content_type)
    client = wire.connect(validation="strict")

    assert wire.drive(client.answers).one() == wire.models.Pet(name="Käse")


@covers("response: binary")
def test_bytes_stay_as_they_are(wire: Wire) -> None:
    wire.answer(b"\x00\xff{}", "application/octet-stream")

    assert wire.call("answers.file") == b"\x00\xff{}"
    assert wire.sent.header("Accept") == "application/octet-stream"


@covers("response: text that is declared as binary")
def test_a_table_of_bytes_is_not_decoded(wire: Wire) -> None:
    wire.answer(b"K\xe4se;1", "text/csv; charset=utf-8")

    assert wire.call("answers.table") == b"K\xe4se;1"


@covers("response: several media types")
def test_one_of_several_media_types_is_asked_for(wire: Wire) -> None:
    wire.answer(b"\x89PNG", "image/png")
    assert wire.call("answers.picture") == b"\x89PNG"
    assert wire.sent.header("Accept") == "image/png, image/jpeg"

    wire.call("answers.picture", accept="image/jpeg")
    assert wire.sent.header("Accept") == "image/jpeg"


@covers("response: JSON or something else")
def test_json_is_preferred(wire: Wire) -> None:
    wire.answer(REX)
    assert wire.call("answers.either") == wire.models.Pet(name="Rex")
    assert wire.sent.header("Accept") == "application/json"

    wire.answer(b"\x89PNG", "image/png")
    assert wire.call("answers.either", accept="image/png") == b"\x89PNG"
    assert wire.sent.header("Accept") == "image/png"


@covers("response: media types that differ in a parameter")
def test_parameters_of_media_types_count(wire: Wire) -> None:
    wire.answer(REX, "application/json; charset=utf-8; version=1")
    assert wire.call("answers.versions") == wire.models.Pet(name="Rex")

    wire.answer('{"number": 7}', "application/json;version=2")
    result = wire.call("answers.versions", accept="application/json;version=2")
    assert result == wire.models.Receipt(number=7)
    assert wire.sent.header("Accept") == "application/json;version=2"


@covers("response: ranges of media types")
def test_what_is_in_a_range_is_taken(wire: Wire) -> None:
    wire.answer(b"GIF89a", "image/gif")

    assert wire.call("answers.image") == b"GIF89a"
    assert wire.sent.header("Accept") == "image/*"


@covers("response: */* with a schema")
@pytest.mark.parametrize(
    "content_type", ["application/json", "application/problem+json", None, "application/x-pet"]
)
def test_anything_is_json_if_it_can_be(wire: Wire, content_type: str | None) -> None:
    wire.answer(REX, content_type)

    assert wire.call("answers.anything") == wire.models.Pet(name="Rex")
    assert wire.sent.header("Accept") == "*/*"


@covers("response: */* without a schema, or one that says nothing")
@pytest.mark.parametrize("call", ["answers.unknown", "answers.any"])
@pytest.mark.parametrize(
    ("body", "content_type", "read"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b"hello", "text/plain", "hello"),
        (b"\x00\xff", "application/octet-stream", b"\x00\xff"),
        (b'{"a": 1}', None, {"a": 1}),
        (b"\x00\xff", None, b"\x00\xff"),
        (b"", None, None),
    ],
)
def test_the_content_type_tells(
    wire: Wire, call: str, body: bytes, content_type: str | None, read: object
) -> None:
    wire.answer(body, content_type)

    assert wire.call(call) == read


@covers("response: headers, typed")
def test_headers_are_typed(wire: Wire) -> None:
    wire.answer(
        REX, X_Total="12", X_Expires="2026-11-20T10:00:00Z", X_Tags="calm, old", X_Request_ID="r-1"
    )

    raw = wire.call("answers.with_raw_response.headers")

    assert raw.headers["x-total"] == "12"
    assert raw.header("X-Total") == raw.header("X-Total", int) == 12
    assert raw.header("X-Expires") == datetime(2026, 11, 20, 10, tzinfo=timezone.utc)
    assert raw.header("X-Tags") == ["calm", "old"]
    assert raw.header("X-Expires", datetime) == datetime(2026, 11, 20, 10, tzinfo=timezone.utc)
    assert raw.header("X-Tags", list[str]) == ["calm", "old"]
    assert raw.header("X-Tags", str) == "calm, old"
    assert raw.header("X-Request-ID") == "r-1"
    assert raw.header("X-Nothing", int) is None
    assert raw.request_id == "r-1"
    with pytest.raises(ClientError, match="X-Tags"):
        raw.header("X-Tags", int)


@covers("response: headers, typed")
@pytest.mark.parametrize(("name", "text"), [("X-Total", "many"), ("X-Expires", "soon")])
def test_headers_that_are_not_as_declared_are_texts(wire: Wire, name: str, text: str) -> None:
    wire.answer(REX, "application/json", 200, **{name: text})

    assert wire.call("answers.with_raw_response.headers").header(name) == text
    strict = wire.drive(wire.connect(validation="strict").answers).with_raw_response
    with pytest.raises(ClientError, match=name):
        wire.drive(strict).headers().header(name)


@covers("response: headers in JSON")
def test_headers_in_json_are_typed(wire: Wire) -> None:
    wire.answer(
        REX,
        X_Owner='{"name": "Ann, \\u00e9", "since": "2026-11-20", "more": 1}',
        X_Weights="[1.5, 2]",
        X_Title='"Dr."',
        X_Trace='{"ids": [7]}',
        X_Place='{"shelf": 3}',
        X_Note='"quoted"',
    )

    raw = wire.call("answers.with_raw_response.headers")

    owner = raw.header("x-owner")
    assert (type(owner).__name__, owner.name, owner.since) == (
        "Owner",
        "Ann, é",
        date(2026, 11, 20),
    )
    assert owner.to_dict()["more"] == 1
    assert raw.header("X-Weights") == raw.header("X-Weights", list[float]) == [1.5, 2]
    assert raw.header("X-Title") == "Dr."
    assert raw.header("X-Title", str) == '"Dr."'
    assert raw.header("X-Trace") == {"ids": [7]}
    assert raw.header("X-Place").shelf == 3
    assert raw.header("X-Owner", dict)["name"] == "Ann, é"
    assert raw.header("X-Note") == '"quoted"'


@covers("response: headers in JSON")
@pytest.mark.parametrize("text", ["{", "plain", '{"since": "2026-11-20"}'])
def test_headers_that_are_not_the_json_declared_are_texts(wire: Wire, text: str) -> None:
    wire.answer(REX, X_Owner=text)

    assert wire.call("answers.with_raw_response.headers").header("X-Owner") == text
    strict = wire.drive(wire.connect(validation="strict").answers).with_raw_response
    with pytest.raises(ClientError, match="X-Owner"):
        wire.drive(strict).headers().header("X-Owner")


@covers("response: forms")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"number=7&note=a+b", "application/x-www-form-urlencoded"),
        (b'{"number": 7, "note": "a b"}', "application/json"),
    ],
)
def test_a_form_is_read_as_a_model(wire: Wire, body: bytes, content_type: str) -> None:
    wire.answer(body, content_type)

    receipt = wire.call("answers.form")

    assert (receipt.number, receipt.note) == (7, "a b")
    assert wire.sent.header("Accept") == "application/x-www-form-urlencoded"


@covers("response: what inspect says of it")
def test_inspect_tells_types(wire: Wire) -> None:
    operations: Any = wire.sdk.inspection["operations"]
    returns = {operation["call"]: operation["returns"] for operation in operations}

    assert returns["answers.several"] == "Pet | Receipt | str"
    assert returns["answers.maybe"] == "Pet | None"
    assert returns["answers.check"] == "None"
    assert returns["answers.nothing"] == "None"
    assert returns["answers.moment"] == "datetime"
    assert returns["answers.count"] == "int"
    assert returns["answers.file"] == returns["answers.image"] == "bytes"
