"""Bytes to text, and places in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from clientgen.diagnostics import Position
from clientgen.load._errors import Code, Flaw

# The four-byte marks come first: the UTF-16 mark is the beginning of the UTF-32 one.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# A document begins with two ASCII characters, so it shows in which bytes are zero (1 here).
_ZEROS = {
    b"\0\1\1\1": "utf-32-le",
    b"\1\1\1\0": "utf-32-be",
    b"\0\1\0\1": "utf-16-le",
    b"\1\0\1\0": "utf-16-be",
}
_LINE_END = re.compile(r"\r\n?|\n")


class Text:
    """A text whose lines are found when first asked for.

    Lines end as editors see it, at LF, CR LF or CR; Unicode's other separators do not end one.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self._text))]

    def position(self, offset: int) -> Position:
        """Line and column of the character at an offset."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """A line without its end, counted from 1; empty when there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = _LINE_END.search(self._text, start)
        return self._text[start : end.start() if end else None]


def decode(data: bytes) -> str:
    """The text of a document in UTF-8, UTF-16 or UTF-32 (YAML 1.2.2 section 5.2), without its mark.

    Raises:
        Flaw: The bytes are not text in that encoding, or hold a NUL character.
    """
    encoding, skipped = _encoding(data)
    try:
        text = data[skipped:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, encoding, skipped, error) from None
    if (offset := text.find("\0")) >= 0:
        message = "the text holds a NUL character; remove it, or check that this is a text file"
        raise Flaw(Code.NOT_TEXT, message, offset)
    return text


def readable(data: bytes) -> str:
    """The text of a document that `decode` refuses, for excerpts: wrong bytes are marked."""
    encoding, skipped = _encoding(data)
    return data[skipped:].decode(encoding, "replace")


def _encoding(data: bytes) -> tuple[str, int]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    zeros = bytes(byte == 0 for byte in data[:4])
    return _ZEROS.get(zeros, "utf-8"), 0


def _undecodable(data: bytes, encoding: str, skipped: int, error: UnicodeDecodeError) -> Flaw:
    offset = skipped + error.start
    before = data[skipped:offset].decode(encoding)
    message = (
        f"byte 0x{data[offset]:02x} at offset {offset} is not {encoding.upper()}; "
        "save the document as UTF-8"
    )
    return Flaw(Code.NOT_TEXT, message, len(before))
