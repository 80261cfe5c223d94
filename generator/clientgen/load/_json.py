"""JSON (RFC 8259): values by the standard library, places by a scan when they are asked for."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from clientgen.load._document import Json, index
from clientgen.load._errors import Code, Flaw
from clientgen.load._flaws import duplicate_key, too_deep
from clientgen.load._limits import MAX_DEPTH
from clientgen.load._numbers import decimal, integer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientgen.diagnostics import Key

# One that never ends takes all the rest, so that no text is scanned twice.
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|([\[{{])|([\]}}])", re.DOTALL)
_STRING_OR_CONSTANT = re.compile(rf"{_STRING}|(-?Infinity|NaN)", re.DOTALL)
_STRING_OR_OTHER_SCALAR = re.compile(rf"{_STRING}|[^\s,\]}}]+", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_COMMA = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
# Each escape is consumed whole, so the second half of `\\ud800` is not taken for one.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_SURROGATE_HINT = re.compile(r"\\u[dD][89a-fA-F]")

_NESTED = (dict, list)


class _DuplicateKeyError(Exception):
    pass


class _ConstantError(Exception):
    pass


def parse(text: str) -> tuple[Json, JsonPlaces]:
    """The values of a JSON text, and where they are.

    Raw control characters in strings are let through: they are common, and their reading is plain.

    Raises:
        Flaw: The text is not JSON, has a duplicate key, or is nested too deep.
    """
    text = _without_lone_surrogates(text)
    places = JsonPlaces(text)
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        raise Flaw(Code.SYNTAX, f"not valid JSON: {_lowered(error.msg)}", error.pos) from None
    except RecursionError:
        raise _deep(text) from None
    except _DuplicateKeyError:
        raise _duplicate(text, places) from None
    except _ConstantError as error:
        raise _constant(text, str(error)) from None
    if _is_deep(value):
        raise _deep(text)
    return value, places


class _Entry(NamedTuple):
    """A child of an object or array: where its key (or itself) starts, and where its value does."""

    offset: int
    value: int


class JsonPlaces:
    """Where the nodes of a valid JSON text are.

    The first question pairs the brackets of the whole text; after that, each container that is
    passed on the way to a node is scanned once, its own children being stepped over.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, dict[Key, _Entry]] = {}

    def offset(self, keys: Sequence[Key]) -> int:
        """The first character of a node, or of its nearest ancestor that exists."""
        start = self._root
        found = _Entry(start, start)
        for key in keys:
            entry = self._child(found.value, key)
            if entry is None:
                break
            found = entry
        return found.offset

    def duplicate(self) -> tuple[str, int, int] | None:
        """A key that an object has twice: the key and both places."""
        # In the order in which the objects end, which is how the parser met the duplicate: what
        # comes later may be no JSON.
        for start in self._ends:
            seen: dict[Key, int] = {}
            for key, entry in self._entries(start):
                if key in seen:
                    return str(key), seen[key], entry.offset
                seen[key] = entry.offset
        return None

    @cached_property
    def _root(self) -> int:
        return _after(_SPACE, self._text, 0)

    @cached_property
    def _ends(self) -> dict[int, int]:
        """For the start of each container, what follows its end."""
        ends: dict[int, int] = {}
        opened: list[int] = []
        for match in _STRING_OR_BRACKET.finditer(self._text):
            if match.lastindex == 1:
                opened.append(match.start())
            elif match.lastindex == 2 and opened:
                ends[opened.pop()] = match.end()
        return ends

    def _child(self, start: int, key: Key) -> _Entry | None:
        if start not in self._ends:
            return None
        if start not in self._known:
            self._known[start] = dict(self._entries(start))
        children = self._known[start]
        return children.get(str(key) if self._text[start] == "{" else index(key))

    def _entries(self, start: int) -> Iterator[tuple[Key, _Entry]]:
        text = self._text
        is_object = text[start] == "{"
        end = self._ends[start] - 1
        at = _after(_SPACE, text, start + 1)
        number = 0
        while at < end:
            offset = at
            key: Key = number
            if is_object:
                at = _after(_STRING_OR_OTHER_SCALAR, text, at)
                key = _string(text[offset:at])
                at = _after(_COLON, text, at)
            yield key, _Entry(offset, at)
            at = self._ends[at] if at in self._ends else _after(_STRING_OR_OTHER_SCALAR, text, at)
            at = _after(_COMMA, text, at)
            number += 1


def _decode(text: str) -> Json:
    try:
        return _load(text, strict=True)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Invalid control character"):
            raise
        try:
            return _load(text, strict=False)
        except json.JSONDecodeError:
            # The control character is where the mistake began: a quote is missing before it.
            raise error from None


def _load(text: str, *, strict: bool) -> Json:
    value: Json = json.loads(
        text,
        strict=strict,
        object_pairs_hook=_unique,
        parse_constant=_refuse_constant,
        parse_float=decimal,
        parse_int=integer,
    )
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DuplicateKeyError
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(name)


def _is_deep(value: Json) -> bool:
    """Level by level, since a walk that recurses would itself run out of stack."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for container in level:
            match container:
                case dict():
                    below += [child for child in container.values() if isinstance(child, _NESTED)]
                case list():
                    below += [child for child in container if isinstance(child, _NESTED)]
        if not below:
            return False
        level = below
    return True


def _deep(text: str) -> Flaw:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match.lastindex == 1:
            depth += 1
            if depth > MAX_DEPTH:
                return too_deep(match.start())
        elif match.lastindex == 2:
            depth -= 1
    return too_deep(0)


def _duplicate(text: str, places: JsonPlaces) -> Flaw:
    duplicate = places.duplicate()
    assert duplicate is not None
    key, first, second = duplicate
    return duplicate_key(text, key, first, second)


def _constant(text: str, name: str) -> Flaw:
    matches = _STRING_OR_CONSTANT.finditer(text)
    offset = next((match.start() for match in matches if match.lastindex), 0)
    message = f"not valid JSON: {name} is no JSON number; write a number or null"
    return Flaw(Code.SYNTAX, message, offset)


def _without_lone_surrogates(text: str) -> str:
    r"""Half a surrogate pair is no character (RFC 8259 section 8.2): it becomes `\ufffd`.

    Such a string could be written to no file. The text keeps its length, so places stay true.
    """
    if not _SURROGATE_HINT.search(text):
        return text
    return _ESCAPE.sub(lambda match: r"\ufffd" if match[1] else match[0], text)


def _string(token: str) -> str:
    return str(json.loads(token, strict=False)) if "\\" in token else token[1:-1]


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
