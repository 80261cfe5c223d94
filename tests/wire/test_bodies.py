"""Whole bodies: JSON in all its names, bytes, texts, and what is left out of them."""

from __future__ import annotations

import io
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import body_of, echo_of, request_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.wire.conftest import Wire

DOCUMENT = "bodies.yaml"
covers = pytest.mark.covers

JSON = "application/json"
NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)


# --- JSON ------------------------------------------------------------------------------------


@covers("JSON: fields, models and mappings")
@pytest.mark.parametrize("how", ["fields", "mapping", "model"])
def test_a_body_is_the_same_however_it_is_given(wire: Wire, how: str) -> None:
    value: dict[str, Any] = {"text": "grüß", "rank": 1}
    ways: dict[str, dict[str, Any]] = {
        "fields": value,
        "mapping": {"body": value},
        "model": {"body": wire.models.Note(**value)},
    }

    sent = request_of(wire, "notes_replace", **ways[how])

    assert sent.body == '{"text":"grüß","rank":1}'.encode()
    assert sent.header("content-type") == JSON


@covers("JSON: required and optional bodies")
@pytest.mark.parametrize(
    ("operation", "given", "body"),
    [
        ("notes_create", {}, b"{}"),
        ("notes_replace", {}, None),
        ("notes_replace", {"body": {}}, b"{}"),
        ("notes_replace", {"extra_body": {"a": 1}}, b'{"a":1}'),
        ("values_any", {}, None),
        ("values_any", {"body": None}, b"null"),
    ],
)
def test_nothing_is_sent_of_an_optional_body(
    wire: Wire, operation: str, given: dict[str, Any], body: bytes | None
) -> None:
    echo_of(wire, operation, b'{"id": 1, "text": ""}', JSON, **given)

    assert wire.sent.body == (body or b"")
    assert (wire.sent.header("content-type") is None) == (body is None)


@covers("JSON: scalars, lists, null")
@pytest.mark.parametrize(
    ("operation", "value", "body"),
    [
        ("values_text", "a", b'"a"'),
        ("values_text", "", b'""'),
        ("values_number", 1.5, b"1.5"),
        ("values_flag", False, b"false"),
        ("values_any", None, b"null"),
        ("values_any", [1, None], b"[1,null]"),
        ("values_list", [{"text": "a"}], b'[{"text":"a"}]'),
        ("values_list", [], b"[]"),
        ("values_base64", b"\xfb\xff", b'"+/8="'),
        ("values_base64url", b"\xfb\xff", b'"-_8"'),
        ("values_raw", b'{"a": 1}', b'{"a": 1}'),
    ],
)
def test_a_whole_body_may_be_any_json(
    wire: Wire, operation: str, value: object, body: bytes
) -> None:
    sent = request_of(wire, operation, body=value)

    assert (sent.body, sent.header("content-type")) == (body, JSON)


@covers("JSON: names with parameters and vendors")
def test_a_media_type_is_sent_as_the_document_writes_it(wire: Wire) -> None:
    sent = request_of(wire, "values_vendor", text="a")

    assert sent.header("content-type") == "application/vnd.notes.v2+json; charset=utf-8"
    assert sent.body == b'{"text":"a"}'


@covers("YAML: models as JSON, text as it is")
@pytest.mark.parametrize(
    ("value", "body"), [({"text": "a"}, b'{"text":"a"}'), ("text: a\n", b"text: a\n")]
)
def test_yaml_is_written_as_json(wire: Wire, value: object, body: bytes) -> None:
    sent = request_of(wire, "values_yaml", body=value)

    assert (sent.body, sent.header("content-type")) == (body, "application/apply-patch+yaml")


@covers("any media type: the value decides")
@pytest.mark.parametrize(
    ("value", "body", "content_type"),
    [
        ({"a": 1}, b'{"a":1}', JSON),
        ("a", b"a", "text/plain"),
        (b"a", b"a", "application/octet-stream"),
    ],
)
def test_a_value_picks_its_media_type_where_any_will_do(
    wire: Wire, value: object, body: bytes, content_type: str
) -> None:
    sent = request_of(wire, "values_whatever", body=value)

    assert (sent.body, sent.header("content-type")) == (body, content_type)


@covers("any media type: content_type= decides")
def test_a_caller_names_a_media_type_where_any_will_do(wire: Wire) -> None:
    sent = request_of(wire, "values_whatever", body=b"<a/>", content_type="application/xml")

    assert (sent.body, sent.header("content-type")) == (b"<a/>", "application/xml")


@covers("JSON merge patch (RFC 7396)")
def test_a_merge_patch_tells_null_from_absent(wire: Wire) -> None:
    sent = request_of(wire, "notes_merge", text=None, parent={"hint": None})

    assert sent.body == b'{"text":null,"parent":{"hint":null}}'
    assert sent.header("content-type") == "application/merge-patch+json"
    field = body_of(wire, "notes_merge")["content"]["application/merge-patch+json"]["fields"][0]
    assert (field["annotation"], field["required"]) == ("str | None | Omit", False)


@covers("JSON patch (RFC 6902)")
@pytest.mark.parametrize("as_model", [True, False])
def test_a_json_patch_is_a_list_of_steps(wire: Wire, as_model: bool) -> None:
    step: Any = {"op": "add", "path": "/text", "value": None}
    steps = [wire.models.Edit(**step) if as_model else step]

    sent = request_of(wire, "edits_apply", body=steps)

    assert sent.body == b'[{"op":"add","path":"/text","value":null}]'
    assert sent.header("content-type") == "application/json-patch+json"


@covers("bodies of GET and DELETE")
@pytest.mark.parametrize(
    ("operation", "method"), [("notes_search", "GET"), ("notes_delete", "DELETE")]
)
def test_any_method_may_have_a_body(wire: Wire, operation: str, method: str) -> None:
    sent = request_of(wire, operation, text="a")

    assert (sent.method, sent.body) == (method, b'{"text":"a"}')
    assert sent.header("content-length") == "12"


@covers("readOnly and writeOnly")
def test_what_only_servers_set_is_not_sent(wire: Wire) -> None:
    wire.answer(b'{"id": 7, "text": "a", "parent": {"id": 8, "text": "b", "new": 1}}')
    note = wire.call("notes.create", text="a", secret="s")

    assert (note.id, note.secret, note.parent.id) == (7, None, 8)
    assert b"s" in wire.sent.body
    wire.answer(status=204)
    wire.call("notes.replace", body=note)
    assert wire.sent.body == b'{"text":"a","parent":{"text":"b","new":1}}'
    assert "id" not in [
        field["name"] for field in body_of(wire, "notes_create")["content"][JSON]["fields"]
    ]


@covers("null, absent and default")
def test_null_absent_and_default_are_kept_apart(wire: Wire) -> None:
    note = echo_of(wire, "notes_create", b'{"id": 1, "text": "a", "hint": null}', JSON, text="a")

    assert note.to_dict() == {"id": 1, "text": "a", "hint": None}
    assert "rank" not in note.model_fields_set
    sent = request_of(wire, "notes_replace", body=note)
    assert sent.body == b'{"text":"a","hint":null}'
    assert request_of(wire, "notes_replace", hint=None).body == b'{"hint":null}'


# --- Bytes -----------------------------------------------------------------------------------


@covers("bytes: octet-stream, images, PDF")
@pytest.mark.parametrize(
    ("operation", "content_type"),
    [
        ("files_octets", "application/octet-stream"),
        ("files_image", "image/png"),
        ("files_pdf", "application/pdf"),
    ],
)
def test_bytes_go_and_come_as_they_are(wire: Wire, operation: str, content_type: str) -> None:
    back = echo_of(wire, operation, b"\x00\xff", content_type, body=b"\xff\x00")

    assert (wire.sent.body, wire.sent.header("content-type")) == (b"\xff\x00", content_type)
    assert back == b"\x00\xff"


async def _chunks() -> AsyncIterator[bytes]:
    yield b"ab"
    yield b"cd"


@covers("bytes: from files, paths and chunks")
@pytest.mark.parametrize("kind", ["file", "path", "chunks", "async chunks"])
def test_a_body_is_read_from_what_is_given(wire: Wire, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"abcd")
    value: Any = {
        "file": io.BytesIO(b"abcd"),
        "path": path,
        "chunks": iter([b"ab", b"cd"]),
        "async chunks": _chunks() if wire.is_async else iter([b"abcd"]),
    }[kind]

    wire.answer(b"", "application/octet-stream")
    wire.call("files.octets.update", body=value)

    assert wire.sent.body == b"abcd"
    has_length = wire.sent.header("content-length") == "4"
    assert has_length == (kind in ("file", "path"))


# --- Text ------------------------------------------------------------------------------------


@covers("text: strings, enumerations, numbers, dates")
@pytest.mark.parametrize(
    ("operation", "value", "text"),
    [
        ("texts_plain", "grüß\n", "grüß\n"),
        ("texts_choice", "red", "red"),
        ("texts_number", 12, "12"),
        ("texts_day", date(2024, 5, 17), "2024-05-17"),
        ("texts_base64", b"\xfb\xff", "+/8="),
        ("texts_moment", NOON, "Fri, 17 May 2024 12:00:00 GMT"),
    ],
)
def test_text_is_what_its_schema_says(wire: Wire, operation: str, value: object, text: str) -> None:
    back = echo_of(wire, operation, text.encode(), "text/plain; charset=utf-8", body=value)

    assert (wire.sent.body, wire.sent.header("content-type")) == (text.encode(), "text/plain")
    assert back == value


@covers("text: an unknown value of an enumeration")
def test_an_unknown_value_of_an_enumeration_is_kept(wire: Wire) -> None:
    assert echo_of(wire, "texts_choice", b"blue", "text/plain", body="red") == "blue"


@covers("text: CSV, HTML, charset")
def test_text_is_read_in_its_charset(wire: Wire) -> None:
    back = echo_of(
        wire, "texts_table", "ü".encode("latin-1"), "text/html; charset=latin-1", body="a,b"
    )

    assert (wire.sent.body, wire.sent.header("content-type")) == (b"a,b", "text/csv")
    assert back == "ü"
