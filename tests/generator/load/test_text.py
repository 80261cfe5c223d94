from __future__ import annotations

import codecs

import pytest

from clientgen.diagnostics import Position
from clientgen.load import parse_document
from tests.generator.load.reading import line, place, read, refused

TEXT = '{"naïve": "日本"}'
BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("encoding", BOMS)
@pytest.mark.parametrize("text", [TEXT, "naïve: 日本\n"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str, text: str) -> None:
    document = parse_document(BOMS[encoding] + text.encode(encoding))

    assert document.value == {"naïve": "日本"}
    assert document.position(["naïve"]).line == 1


@pytest.mark.parametrize("encoding", BOMS)
def test_the_encoding_shows_without_a_mark(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == {"naïve": "日本"}


def test_a_wrong_byte_is_told_with_its_offset() -> None:
    error = refused(b"a: 1\nb: \xe9t\xe9\n")

    assert "byte 0xe9 at offset 8 is not UTF-8" in str(error)
    assert place(error) == (2, 4)
    assert line(error) == "b: \ufffdt\ufffd"


def test_offsets_count_the_byte_order_mark() -> None:
    assert "offset 6" in str(refused(codecs.BOM_UTF8 + b"a: \xff"))


def test_half_a_character_of_utf_16_is_refused() -> None:
    assert "is not UTF-16-LE" in str(refused(codecs.BOM_UTF16_LE + b"a\0:\0 "))


def test_a_nul_character_is_refused() -> None:
    error = refused("info:\n  title: a\0b\n")

    assert str(error).startswith("api.txt:2:11: error CG103: the text holds a NUL")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_editors_see_it(end: str) -> None:
    text = end.join(["a: 1", "b: x\u2028y", "c: 3"])
    document = parse_document(text.encode())

    assert document.position(["c"]) == Position(3, 1)
    assert document.line(2) == "b: x\u2028y"


def test_there_is_nothing_beyond_the_last_line() -> None:
    document = parse_document(b"a: 1\nb: 2")

    assert [document.line(number) for number in (0, 2, 3)] == ["", "b: 2", ""]


def test_columns_count_characters() -> None:
    document = parse_document('{"日😀": 1, "b": 2}'.encode())

    assert document.position(["b"]) == Position(1, 11)


@pytest.mark.parametrize("text", ["", " \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_document_is_refused(text: str | bytes) -> None:
    assert "error CG107: the document is empty" in str(refused(text))


@pytest.mark.parametrize("text", ["<!DOCTYPE html><p>", "\n<html>", '<?xml version="1.0"?>'])
def test_a_web_page_is_refused(text: str) -> None:
    assert "this is a web page; give the address of" in str(refused(text))


def test_the_digest_is_of_the_bytes() -> None:
    document = parse_document(b"\xef\xbb\xbfa: 1")

    assert document.sha256 == "a50dab4d9902ea00755f011a397be3e49eb423a2616afc39ba09e6cd0220dfac"
