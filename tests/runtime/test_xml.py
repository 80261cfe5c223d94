"""XML by itself: what is written is read again, whatever text is in it."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from clientgen_runtime import ConfigurationError
from clientgen_runtime._data.xml_forms import read_xml, write_xml
from clientgen_runtime.sdk import ApiModel, Xml

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"']")
)
NAMES = st.from_regex(r"[^\W\d][\w.-]*", fullmatch=True).filter(str.isascii)


class Note(ApiModel):
    __xml__ = Xml(
        "note",
        fields={"lang": Xml(kind="attribute"), "raw": Xml("data"), "lines": Xml(item=Xml("line"))},
    )

    lang: str
    raw: str
    lines: list[str]
    labels: dict[str, str]


class Page(ApiModel):
    __xml__ = Xml(fields={"html": Xml(kind="cdata")})

    html: str


@given(
    st.builds(Note, lang=TEXT, raw=TEXT, lines=st.lists(TEXT), labels=st.dictionaries(NAMES, TEXT))
)
def test_a_model_comes_back_as_it_was(note: Note) -> None:
    assert Note.model_validate(read_xml(write_xml(note), Note)) == note


@given(TEXT.map(lambda text: text + "]]>" + text))
def test_text_in_cdata_comes_back_as_it_was(html: str) -> None:
    assert read_xml(write_xml(Page(html=html)), Page) == {"html": html}


class Link(ApiModel):
    __xml__ = Xml(fields={"xml:base": Xml(kind="attribute")})

    base: Annotated[str, Field(alias="xml:base")]
    href: Annotated[str, Field(alias="atom:href")]


def test_prefixes_may_be_written_into_names() -> None:
    link = Link(base="https://a.example", href="/b")
    text = (
        b'<Link xml:base="https://a.example"><atom:href xmlns:atom="urn:atom">/b</atom:href></Link>'
    )

    assert Link.model_validate(read_xml(text, Link)) == link
    assert write_xml(link).endswith(
        b'<Link xml:base="https://a.example"><atom:href>/b</atom:href></Link>'
    )


@given(st.lists(st.lists(st.integers(), min_size=1), min_size=1))
def test_lists_of_lists_come_back_as_they_were(rows: list[list[int]]) -> None:
    kind: Any = Annotated[list[list[int]], Xml("rows", item=Xml("row", item=Xml("cell")))]

    assert read_xml(write_xml(rows, kind), kind) == [[str(cell) for cell in row] for row in rows]


@given(st.binary())
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    try:
        read_xml(data, Note)
    except ValueError:
        return
    assert data


@pytest.mark.parametrize(
    "value", ["\0", "\ud800", "\ufffe", {"": 1}, {"a b": 1}, {"a>": 1}, {"1": 1}, {1: 1}]
)
def test_what_no_document_can_hold_is_refused(value: object) -> None:
    with pytest.raises(ConfigurationError):
        write_xml(value)


@pytest.mark.parametrize(
    ("document", "charset"),
    [
        ("<a>ü</a>".encode("latin-1"), "iso-8859-1"),
        ("<a>ü</a>".encode("cp1252"), "windows-1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>ü</a>'.encode("latin-1"), None),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>ü</a>'.encode(), "utf-8"),
        ("<a>ü</a>".encode("utf-16"), None),
    ],
)
def test_a_document_is_read_in_its_charset(document: bytes, charset: str | None) -> None:
    assert read_xml(document, str, charset) == "ü"


def test_an_unknown_charset_is_refused() -> None:
    with pytest.raises(ValueError, match="encoding"):
        read_xml(b"<a/>", str, "klingon")


def test_what_nobody_declared_is_plain_data() -> None:
    document = b"<a n='1' xmlns:x='urn:x' x:m='2'><b>1</b><b/><c>t<d/></c></a>"

    assert read_xml(document) == {"n": "1", "m": "2", "b": ["1", ""], "c": {"d": "", "#text": "t"}}
