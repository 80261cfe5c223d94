"""Operations with several media types (RFC 9110 section 12)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import body_of, echo_of, request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.conftest import Wire

DOCUMENT = "content.yaml"
covers = pytest.mark.covers

JSON = "application/json"


@covers("content: the default of several")
def test_json_is_sent_when_the_caller_does_not_say(wire: Wire) -> None:
    sent = request_of(wire, "photos_add", url="u")

    assert (sent.body, sent.header("content-type")) == (b'{"url":"u"}', JSON)
    said = body_of(wire, "photos_add")
    assert said["default"] == JSON
    assert [(name, entry["style"]) for name, entry in said["content"].items()] == [
        (JSON, "fields"),
        ("application/x-www-form-urlencoded", "fields"),
        ("multipart/form-data", "body"),
        ("image/png", "body"),
        ("text/plain", "body"),
    ]


@covers("content: content_type= picks one")
@pytest.mark.parametrize(
    ("content_type", "given", "body"),
    [
        (JSON, {"body": {"url": "u"}}, b'{"url":"u"}'),
        ("application/x-www-form-urlencoded", {"url": "u"}, b"url=u"),
        ("image/png", {"body": b"\x89"}, b"\x89"),
        ("text/plain", {"body": "u"}, b"u"),
    ],
)
def test_a_caller_picks_a_media_type(
    wire: Wire, content_type: str, given: dict[str, Any], body: bytes
) -> None:
    sent = request_of(wire, "photos_add", content_type=content_type, **given)

    assert (sent.body, sent.header("content-type")) == (body, content_type)


@covers("content: a body of another type")
def test_a_form_with_files_is_picked(wire: Wire) -> None:
    sent = request_of(
        wire, "photos_add", content_type="multipart/form-data", body={"photo": ("a", b"1")}
    )

    assert b'name="photo"; filename="a"\r\n' in sent.body


@covers("content: files among JSON")
def test_files_are_sent_in_parts(wire: Wire) -> None:
    sent = request_of(wire, "videos_add", title="t", clip=b"1")

    assert (sent.header("content-type") or "").startswith("multipart/form-data; boundary=")
    assert b'name="clip"; filename="clip"\r\n' in sent.body
    assert request_of(wire, "videos_add", title="t").body == b'{"title":"t"}'


@covers("content: bytes among JSON")
@pytest.mark.parametrize(
    "given",
    [bytes, bytearray, BytesIO, lambda content: iter([content])],
    ids=["bytes", "bytearray", "file", "chunks"],
)
def test_bytes_are_sent_as_what_takes_bytes(wire: Wire, given: Callable[[bytes], object]) -> None:
    sent = request_of(wire, "photos_add", body=given(b"\x89"))

    assert (sent.body, sent.header("content-type")) == (b"\x89", "image/png")


@covers("content: bytes among JSON")
def test_text_and_base64_are_sent_as_json_all_the_same(wire: Wire) -> None:
    assert request_of(wire, "photos_add", body="u").body == b'"u"'
    assert request_of(wire, "seals_set", body=b"\x89").body == b'"iQ=="'


@covers("content: ranges")
def test_a_range_is_filled_in_by_the_caller(wire: Wire) -> None:
    sent = request_of(wire, "pictures_set", body=b"1", content_type="image/webp")

    assert (sent.body, sent.header("content-type")) == (b"1", "image/webp")


@covers("content: patches among others")
def test_a_patch_is_sent_where_it_is_asked_for(wire: Wire) -> None:
    assert body_of(wire, "notes_change")["default"] == "application/vnd.photo+json"
    sent = request_of(wire, "notes_change", url=None, content_type="application/merge-patch+json")
    assert (sent.body, sent.header("content-type")) == (
        b'{"url":null}',
        "application/merge-patch+json",
    )


@covers("content: accept= picks one")
@pytest.mark.parametrize(
    ("accept", "content", "value"),
    [
        ("image/png", b"\x89", b"\x89"),
        ("image/jpeg", b"\xff", b"\xff"),
        ("text/csv", b"a,b", "a,b"),
    ],
)
def test_an_answer_is_what_was_asked_for(
    wire: Wire, accept: str, content: bytes, value: object
) -> None:
    assert echo_of(wire, "photos_get", content, accept, accept=accept) == value
    assert wire.sent.header("accept") == accept


@covers("content: JSON where nothing is asked for")
def test_json_is_asked_for_where_there_is_json(wire: Wire) -> None:
    assert echo_of(wire, "photos_get", b'{"url": "u"}', JSON).url == "u"
    assert wire.sent.header("accept") == JSON


@covers("content: several that are alike")
def test_all_are_asked_for_where_none_is_json(wire: Wire) -> None:
    assert echo_of(wire, "pictures_get", b"\x89", "image/png") == b"\x89"
    assert wire.sent.header("accept") == "image/png, image/jpeg"
