"""The events of a YAML text, as YAML 1.2 means it where PyYAML still follows 1.1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import yaml

from clientgen.load._errors import Code, Flaw
from clientgen.load._text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

# libyaml is many times as fast; it comes with most installations of PyYAML, not with all.
_Parsers: TypeAlias = "type[yaml.BaseLoader | yaml.CBaseLoader]"
_Parser: _Parsers = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# In YAML 1.1 these end a line. In 1.2 (section 5.4) they are content, and they do occur, in
# descriptions that were pasted from elsewhere.
_OLD_LINE_ENDS = "\x85\u2028\u2029"
_PRIVATE_USE = range(0xE000, 0xF900)
# White space that is alone on a line, or before a comment, may hold tabs (section 6.6).
_HARMLESS_TABS = re.compile(r"^ *\t[ \t]*(?=#|\r|$)", re.MULTILINE)
# The halves of a character beyond U+FFFF, as JSON escapes them. Every JSON text is YAML, but only
# the parser in Python reads these.
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
# What both of PyYAML's parsers refuse.
_UNPRINTABLE = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
)


def events(text: str, *, is_tolerant: bool = False) -> Iterator[tuple[yaml.Event, int]]:
    """What a YAML parser sees, in the order of the text, each with the offset of its start.

    Args:
        text: A YAML stream.
        is_tolerant: Whether to take the slow way around what PyYAML refuses without reason.

    Raises:
        Flaw: The text is not YAML.
    """
    guarded, restored = _guarded(text)
    parser = _Parser
    if is_tolerant:
        guarded = _HARMLESS_TABS.sub(lambda match: " " * len(match[0]), guarded)
        parser = yaml.BaseLoader if _SURROGATE_ESCAPE.search(text) else _Parser
    try:
        for event in _parsed(guarded, parser):
            if isinstance(event, yaml.ScalarEvent) and (restored or parser is yaml.BaseLoader):
                event.value = _paired(event.value.translate(restored))
            yield event, event.start_mark.index if event.start_mark else 0
    except yaml.MarkedYAMLError as error:
        raise _syntax_flaw(text, error) from None
    except yaml.reader.ReaderError:
        raise _unprintable_flaw(text) from None


def needs_tolerance(text: str) -> bool:
    """Whether a text that PyYAML refuses may be good YAML nevertheless."""
    return bool(_HARMLESS_TABS.search(text) or _SURROGATE_ESCAPE.search(text))


def _parsed(text: str, make_parser: _Parsers) -> Iterator[yaml.Event]:
    parser = make_parser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
            if isinstance(event, yaml.StreamEndEvent):
                return
    finally:
        parser.dispose()


def _guarded(text: str) -> tuple[str, dict[int, str]]:
    """The text with private characters for the old line ends, and the way back from them."""
    found = [end for end in _OLD_LINE_ENDS if end in text]
    if not found:
        return text, {}
    unused = (code for code in _PRIVATE_USE if chr(code) not in text)
    restored = dict(zip(unused, found, strict=False))
    return text.translate({ord(end): code for code, end in restored.items()}), restored


def _paired(value: str) -> str:
    """The text with surrogates made into the characters they mean; a lone one means none."""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _syntax_flaw(text: str, error: yaml.MarkedYAMLError) -> Flaw:
    mark = error.problem_mark or error.context_mark
    offset = mark.index if mark else 0
    problem = _plainly(text, offset, error)
    return Flaw(Code.SYNTAX, f"not valid YAML: {problem}", offset)


def _plainly(text: str, offset: int, error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "the text cannot be read"
    at = text[offset : offset + 1]
    if at == "\t":
        return "a tab stands where only spaces may; indent with spaces"
    if "cannot start any token" in problem:
        return f"a value that begins with {at} must be in quotes"
    if error.context and error.context_mark:
        line = Text(text).position(error.context_mark.index).line
        return f"{problem} {error.context} that begins on line {line}"
    return problem


def _unprintable_flaw(text: str) -> Flaw:
    match = _UNPRINTABLE.search(text)
    assert match is not None
    message = f"not valid YAML: the character U+{ord(match[0]):04X} may not occur; remove it"
    return Flaw(Code.SYNTAX, message, match.start())
