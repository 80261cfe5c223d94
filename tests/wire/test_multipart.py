"""Bodies in parts (RFC 7578, RFC 2046 section 5.1, OpenAPI "Encoding Object")."""

from __future__ import annotations

import io
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError
from tests.wire.calls import body_of, request_of
from tests.wire.parts import parts_of, raw_parts_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.conftest import Wire

DOCUMENT = "multipart.yaml"
covers = pytest.mark.covers

OCTETS = "application/octet-stream"
JSON = "application/json"
FORM = "multipart/form-data"


def named(name: str, file_name: str | None = None) -> str:
    return f'form-data; name="{name}"' + (f'; filename="{file_name}"' if file_name else "")


# --- Values ----------------------------------------------------------------------------------


@covers("multipart: text parts")
@pytest.mark.parametrize(
    ("name", "value", "content"),
    [
        ("id", "grüß\n", "grüß\n"),
        ("id", "", ""),
        ("age", 7, "7"),
        ("active", True, "true"),
        ("born", date(2024, 5, 17), "2024-05-17"),
        ("expires", datetime(2024, 5, 17, 12, tzinfo=timezone.utc), "1715947200"),
        ("token", b"\xfb\xff", "+/8="),
        ("note", None, ""),
    ],
)
def test_a_scalar_is_a_part_of_text(wire: Wire, name: str, value: object, content: str) -> None:
    sent = request_of(wire, "profile", **{name: value})

    assert parts_of(sent) == [(named(name), None, content.encode())]


@covers("multipart: objects and arrays")
@pytest.mark.parametrize("how", ["model", "fields"])
def test_a_model_with_a_field_like_a_method_of_files_is_no_file(wire: Wire, how: str) -> None:
    given: dict[str, object] = {"id": "7", "read": ["a", "b"]}
    body = {"body": wire.models.Profile(**given)}

    sent = request_of(wire, "profile", **(body if how == "model" else given))

    assert parts_of(sent)[1:] == [(named("read"), None, b"a"), (named("read"), None, b"b")]


@covers("multipart: objects and arrays")
def test_objects_are_json_and_items_are_parts(wire: Wire) -> None:
    homes = [{"city": "A"}, wire.models.Address(city="B")]

    sent = request_of(wire, "profile", tags=["a", "b"], address={"city": "C"}, homes=homes)

    assert parts_of(sent) == [
        (named("tags"), None, b"a"),
        (named("tags"), None, b"b"),
        (named("address"), JSON, b'{"city":"C"}'),
        (named("homes"), JSON, b'{"city":"A"}'),
        (named("homes"), JSON, b'{"city":"B"}'),
    ]


@covers("multipart: optional parts and empty bodies")
def test_what_is_not_given_is_no_part(wire: Wire) -> None:
    sent = request_of(wire, "profile", id="1", photo=None, photos=[])

    assert parts_of(sent) == [(named("id"), None, b"1")]
    assert request_of(wire, "anonymous").header("content-type") is None


@covers("multipart: fields, mapping and model")
@pytest.mark.parametrize("how", ["fields", "mapping", "model"])
def test_parts_are_the_same_however_they_are_given(wire: Wire, how: str) -> None:
    value: dict[str, Any] = {
        "id": "1",
        "expires": datetime(2024, 5, 17, 12, tzinfo=timezone.utc),
        "token": b"\xfb\xff",
        "photo": b"\xff",
        "address": {"city": "C"},
    }
    ways: dict[str, dict[str, Any]] = {
        "fields": value,
        "mapping": {"body": value},
        "model": {"body": wire.models.Profile(**value)},
    }

    assert parts_of(request_of(wire, "profile", **ways[how])) == [
        (named("id"), None, b"1"),
        (named("expires"), None, b"1715947200"),
        (named("token"), None, b"+/8="),
        (named("photo", "photo"), OCTETS, b"\xff"),
        (named("address"), JSON, b'{"city":"C"}'),
    ]


# --- Files -----------------------------------------------------------------------------------


@covers("multipart: files from bytes, files, paths, tuples")
@pytest.mark.parametrize(
    ("kind", "file_name", "media_type"),
    [
        ("bytes", "photo", OCTETS),
        ("text", "photo", OCTETS),
        ("file", "photo", OCTETS),
        ("open", "cat.png", OCTETS),
        ("path", "cat.png", OCTETS),
        ("named", "dog.png", OCTETS),
        ("typed", "dog.png", "image/png"),
        ("named path", "dog.png", OCTETS),
        ("typed file", "dog.png", "image/png"),
    ],
)
def test_a_file_is_given_in_many_ways(
    wire: Wire, kind: str, file_name: str, media_type: str, tmp_path: Path
) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(b"data")
    with path.open("rb") as file:
        values: dict[str, Any] = {
            "bytes": b"data",
            "text": "data",
            "file": io.BytesIO(b"data"),
            "open": file,
            "path": path,
            "named": ("dog.png", b"data"),
            "typed": ("dog.png", b"data", "image/png"),
            "named path": ("dog.png", path),
            "typed file": ("dog.png", io.BytesIO(b"data"), "image/png"),
        }
        sent = request_of(wire, "anonymous", photo=values[kind])

    assert parts_of(sent) == [(named("photo", file_name), media_type, b"data")]
    assert sent.header("content-length") == str(len(sent.body))


@covers("multipart: arrays of files")
@pytest.mark.parametrize("kind", [list, tuple])
def test_each_file_of_an_array_is_a_part(wire: Wire, kind: Any) -> None:
    files = kind([b"1", ("b.png", b"2", "image/png"), io.BytesIO(b"3")])

    assert parts_of(request_of(wire, "profile", photos=files)) == [
        (named("photos", "photos"), OCTETS, b"1"),
        (named("photos", "b.png"), "image/png", b"2"),
        (named("photos", "photos"), OCTETS, b"3"),
    ]


@covers("multipart: a file, or text that stands for it")
@pytest.mark.parametrize(
    ("value", "part"),
    [
        (b"1", (named("portrait", "portrait"), OCTETS, b"1")),
        ("photo-1", (named("portrait"), None, b"photo-1")),
    ],
)
def test_text_in_the_place_of_a_file_stays_text(
    wire: Wire, value: object, part: tuple[str, str | None, bytes]
) -> None:
    assert part in parts_of(request_of(wire, "profile", portrait=value))


@covers("multipart: file names")
def test_a_file_name_cannot_end_its_quotes(wire: Wire) -> None:
    sent = request_of(wire, "anonymous", photo=('gr"ü\r\nß.png', b""))

    assert parts_of(sent) == [(named("photo", "gr%22ü%0D%0Aß.png"), OCTETS, b"")]
    with pytest.raises(ConfigurationError):
        request_of(wire, "anonymous", photo=("a", b"", "image/png\r\nX: y"))


@covers("multipart: types in `inspect`")
def test_files_are_typed_as_files(wire: Wire) -> None:
    fields = body_of(wire, "profile")["content"][FORM]["fields"]
    types = {field["name"]: field["annotation"] for field in fields}

    assert types["photo"] == "bytes | FileInput | Omit"
    assert types["photos"] == "Sequence[bytes | FileInput] | Omit"
    assert types["token"] == "bytes | Omit"


# --- What the document states ----------------------------------------------------------------


@covers("multipart: contentType")
@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"photo": b"1"}, (named("photo", "photo"), "image/jpeg", b"1")),
        ({"photo": ("a.gif", b"1", "image/gif")}, (named("photo", "a.gif"), "image/gif", b"1")),
        ({"scan": b"1"}, (named("scan", "scan"), "image/png", b"1")),
        ({"scan": ("a.jpg", b"1")}, (named("scan", "a.jpg"), "image/jpeg", b"1")),
        ({"any": b"1"}, (named("any", "any"), OCTETS, b"1")),
        ({"any": ("a.gif", b"1")}, (named("any", "a.gif"), "image/gif", b"1")),
        ({"any": ("a.txt", b"1")}, (named("any", "a.txt"), OCTETS, b"1")),
        ({"all": [b"1"]}, (named("all", "all"), OCTETS, b"1")),
        ({"weight": 0.5}, (named("weight"), "text/plain", b"0.5")),
        ({"homes": [{"city": "A"}]}, (named("homes"), JSON, b'[{"city":"A"}]')),
        ({"table": "a,b"}, (named("table"), "text/csv", b"a,b")),
        ({"joined": ["a", "b,c"]}, (named("joined"), None, b"a,b,c")),
        ({"deep": {"city": "é"}}, (named("deep[city]"), None, "é".encode())),
    ],
)
def test_a_part_is_of_the_stated_type(
    wire: Wire, given: dict[str, Any], part: tuple[str, str | None, bytes]
) -> None:
    assert parts_of(request_of(wire, "stated", **given)) == [part]


@covers("multipart: XML parts")
def test_a_part_may_be_xml(wire: Wire) -> None:
    sent = request_of(wire, "stated", letter=wire.models.Address(city="A"))

    assert parts_of(sent) == [
        (named("letter"), "application/xml", b"<Address><city>A</city></Address>")
    ]
    assert (
        b"<letter><city>A</city></letter>" in request_of(wire, "stated", letter={"city": "A"}).body
    )


@covers("multipart: headers of parts")
def test_a_part_has_the_headers_that_the_document_fixes(wire: Wire) -> None:
    (fields, _), (own, _) = raw_parts_of(
        request_of(wire, "stated", photo=b"1", scan=("a", b"", "image/png", {"X-Own": "1"}))
    )

    assert fields == {
        "Content-Disposition": named("photo", "photo"),
        "X-Kind": "cover",
        "Content-Type": "image/jpeg",
    }
    assert own["X-Own"] == "1"


@covers("multipart: contentMediaType and contentEncoding", "3.1", "3.2")
@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"photo": b"1"}, (named("photo", "photo"), "image/png", b"1")),
        ({"data": b"1"}, (named("data", "data"), OCTETS, b"1")),
        ({"untyped": b"1"}, (named("untyped", "untyped"), "image/webp", b"1")),
        ({"many": [b"1"]}, (named("many", "many"), "image/gif", b"1")),
        ({"anything": b"1"}, (named("anything", "anything"), OCTETS, b"1")),
        ({"anything": {"a": 1}}, (named("anything"), JSON, b'{"a":1}')),
        ({"encoded": b"\xfb\xff"}, (named("encoded"), None, b"+/8=")),
    ],
)
def test_json_schema_tells_what_is_binary(
    wire: Wire, given: dict[str, Any], part: tuple[str, str | None, bytes]
) -> None:
    assert parts_of(request_of(wire, "modern", **given)) == [part]


@covers("multipart: types of JSON Schema", "3.1", "3.2")
def test_what_has_a_media_type_is_a_file(wire: Wire) -> None:
    fields = body_of(wire, "modern")["content"][FORM]["fields"]
    types = {field["name"]: field["annotation"] for field in fields}

    assert types["untyped"] == types["photo"] == "bytes | FileInput | Omit"
    assert types["many"] == "Sequence[bytes | FileInput] | Omit"
    assert types["encoded"] == "bytes | Omit"


@covers("multipart/mixed: prefixEncoding and itemEncoding", "3.2")
def test_parts_without_names_have_places(wire: Wire) -> None:
    sent = request_of(wire, "mixed", body=[{"a": 1}, b"1", ("b.png", b"2")])

    assert (sent.header("content-type") or "").startswith("multipart/mixed; boundary=")
    assert parts_of(sent) == [
        (None, JSON, b'{"a":1}'),
        (None, "image/png", b"1"),
        ('attachment; filename="b.png"', "image/png", b"2"),
    ]


@covers("multipart/related: named parts")
def test_related_parts_keep_their_names(wire: Wire) -> None:
    sent = request_of(wire, "related", metadata={"a": 1}, media=b"1")

    assert (sent.header("content-type") or "").startswith("multipart/related; boundary=")
    assert parts_of(sent) == [
        (named("metadata"), JSON, b'{"a":1}'),
        (named("media", "media"), OCTETS, b"1"),
    ]
