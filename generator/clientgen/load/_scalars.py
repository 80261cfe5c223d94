"""What a YAML scalar means.

A number is what JSON calls one (YAML 1.2.2 section 10.2), also without a digit before the point;
`null` and the booleans are those of the core schema (section 10.3). All else is text, so `on`,
`2024-01-01`, `0755`, `1_000`, `12:30`, `+1` and `.inf` stay what the author wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from clientgen.load._numbers import decimal, integer

if TYPE_CHECKING:
    from clientgen.load._document import Json

_WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("-.0123456789")
_NUMBER = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(\.[0-9]*)?|(\.[0-9]+))([eE][-+]?[0-9]+)?")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"


def plain(text: str) -> Json:
    """The value of a scalar that has neither quotes nor a tag."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS and (match := _NUMBER.fullmatch(text)):
        return decimal(text) if match.lastindex else integer(text)
    return text


def tagged(tag: str, text: str) -> Json:
    """The value of a scalar with a tag; unknown tags make no objects but leave the text.

    Raises:
        ValueError: The text is none of what the tag promises.
    """
    match tag.removeprefix(_TAG):
        case "null":
            return _promised(text, None)
        case "bool":
            return _promised(text, True, False)
        case "int" if _DECIMAL.fullmatch(text):
            return integer(text)
        case "int" if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
        case "float" if _FLOAT.fullmatch(text):
            return decimal(text)
        case "float" if _NO_NUMBER.fullmatch(text):
            return text
        case "int" | "float":
            raise ValueError
        case "binary":
            return "".join(text.split())
        case _:
            return text


def _promised(text: str, *values: bool | None) -> Json:
    value = _WORDS.get(text, text)
    if any(value is one for one in values):
        return value
    raise ValueError
