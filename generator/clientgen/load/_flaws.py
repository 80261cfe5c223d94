"""Flaws that JSON and YAML share."""

from __future__ import annotations

from clientgen.load._errors import Code, Flaw, quoted
from clientgen.load._limits import MAX_DEPTH
from clientgen.load._text import Text


def too_deep(offset: int) -> Flaw:
    """The text is nested deeper than `MAX_DEPTH`."""
    return Flaw(
        Code.TOO_BIG, f"nested deeper than {MAX_DEPTH} levels; flatten the document", offset
    )


def duplicate_key(text: str, key: str, first: int, second: int) -> Flaw:
    """A mapping has the same key at two places (YAML 1.2.2 section 3.2.1.3)."""
    lines = Text(text)
    one, other = lines.position(first).line, lines.position(second).line
    message = f"the key {quoted(key)} is given twice, on lines {one} and {other}; keep one of them"
    return Flaw(Code.DUPLICATE_KEY, message, second)
