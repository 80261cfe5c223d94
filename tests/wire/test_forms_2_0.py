"""Forms and files as Swagger 2.0 has them, as parameters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.calls import method_of, request_of
from tests.wire.parts import parts_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "forms_2_0.json"
covers = pytest.mark.covers


@covers("form: formData and collectionFormat")
@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"name": "a b"}, "name=a+b"),
        ({"name": "a", "count": 2}, "name=a&count=2"),
        ({"name": "a", "day": date(2024, 5, 17)}, "name=a&day=2024-05-17"),
        ({"name": "a", "plain": ["x", "y"]}, "name=a&plain=x,y"),
        ({"name": "a", "csv": ["x", "y"]}, "name=a&csv=x,y"),
        ({"name": "a", "ssv": ["x", "y"]}, "name=a&ssv=x+y"),
        ({"name": "a", "tsv": ["x", "y"]}, "name=a&tsv=x%09y"),
        ({"name": "a", "pipes": ["x", "y"]}, "name=a&pipes=x%7Cy"),
        ({"name": "a", "multi": ["x", "y"]}, "name=a&multi=x&multi=y"),
    ],
)
def test_form_parameters_are_a_form(wire: Wire, given: dict[str, Any], body: str) -> None:
    sent = request_of(wire, "orders_create", **given)

    assert sent.body.decode() == body
    assert sent.header("content-type") == "application/x-www-form-urlencoded"


@covers("multipart: `type: file`")
def test_a_file_parameter_makes_it_multipart(wire: Wire) -> None:
    sent = request_of(wire, "photos_set", 7, photo=b"png", caption="x", tags=["a", "b"])

    assert parts_of(sent) == [
        ('form-data; name="photo"; filename="photo"', "application/octet-stream", b"png"),
        ('form-data; name="caption"', None, b"x"),
        ('form-data; name="tags"', None, b"a,b"),
    ]


@covers("multipart: `type: file`")
def test_a_list_of_files_has_a_part_for_each(wire: Wire) -> None:
    sent = request_of(wire, "photos_add", 7, photos=[b"a", b"b"], scans=[b"c", b"d"])

    assert parts_of(sent) == [
        (f'form-data; name="{name}"; filename="{name}"', "application/octet-stream", content)
        for name, content in [("photos", b"a"), ("photos", b"b"), ("scans", b"c"), ("scans", b"d")]
    ]


@covers("bytes: `type: file` in answers")
def test_a_file_comes_as_bytes(wire: Wire) -> None:
    wire.answer(b"\x89PNG", "image/png")

    assert wire.call(method_of(wire, "photos_get"), 7) == b"\x89PNG"


@covers("bodies: `consumes` with a choice")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"id":1,"lines":["a"]}'),
        ("application/xml", b'<order id="1"><lines><line>a</line></lines></order>'),
    ],
)
def test_a_body_is_sent_in_one_of_what_is_consumed(
    wire: Wire, content_type: str, body: bytes
) -> None:
    sent = request_of(wire, "body_set", id=1, lines=["a"], content_type=content_type)

    assert (sent.body, sent.header("content-type")) == (body, content_type)
    assert request_of(wire, "body_set", id=1).header("content-type") == "application/json"
