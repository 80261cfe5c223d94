"""Python names from any text: the only place where a document's words become identifiers."""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST = 80
"""Longest name made here, in characters; file names and lines have to hold them."""

DEVICES = frozenset({"aux", "con", "nul", "prn"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}
"""What Windows lets no file be called, whatever its suffix."""

# Letters that Unicode does not decompose, as people write them without the key.
LATIN = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
)

# 2XX and 3D are words; the 2 of EC2Instance and V2Stores is the end of one.
CODE = r"[0-9][A-Z]{1,2}(?=[A-Z][a-z]|[^A-Za-z0-9]|$)"
WORD = re.compile(
    rf"""
      (?:OAuth|OpenI[dD]|GraphQL|NoSQL|MySQL|PostgreSQL|iOS|macOS|IPv(?=[0-9]))[0-9]*
    | [A-Z]{{2,}}s(?![a-z])                                   # plurals: APIs, IDs
    | [A-Z]+(?=[A-Z][a-z])                                    # the HTTP of HTTPServer
    | [A-Z]?[a-z]+(?:(?!{CODE})[0-9]+[a-z]*)*                 # Server, sha256, v1beta1, k8s
    | (?<![0-9A-Z]){CODE}
    | [A-Z]+(?:[0-9]+[a-z]*)*                                 # URL, V2, S3
    | [0-9]+[a-z]*
    """,
    re.VERBOSE,
)
APOSTROPHE = re.compile(r"(?<=\w)['\u2019](?=\w)")
OTHER_ASCII = re.compile("[^0-9A-Za-z]")


def words(text: str) -> list[str]:
    """The words of a text in lower case: `listIPSets` has `list`, `ip` and `sets`."""
    plain = _plain(text)
    spans = (match.span() for match in WORD.finditer(_shape(plain)))
    return [word for start, end in spans if (word := _lower(plain[start:end]))]


def snake_case(text: str) -> str:
    """A text as words joined by `_`; empty when nothing of it can be part of a name.

    Accents go (`é` is `e`), other scripts stay in the form that Python compares (NFKC). A name
    longer than 80 characters is cut and ends in a hash of the whole text.

    Returns:
        Characters that identifiers may have; the first may still be a digit.
    """
    return _shortened("_".join(words(text)), text)


def pascal_case(text: str) -> str:
    """A text as a class name: `pet-store api` is `PetStoreApi`, `APIKey` stays.

    Returns:
        Characters that identifiers may have; the first may still be a digit, and nothing may be
        left.
    """
    chunks = "".join(c if c.isalnum() or not c.isascii() else " " for c in _plain(text)).split()
    if len(chunks) > 1 and not any(c.islower() for chunk in chunks for c in chunk):
        chunks = [chunk.lower() for chunk in chunks]
    return _shortened(_valid("".join(c[0].upper() + c[1:] for c in chunks)), text)


def identifier(text: str, fallback: str, *, reserved: Collection[str] = ()) -> str:
    """A public snake_case identifier for any text.

    Args:
        text: What the document calls it.
        fallback: The name of what has none; it also leads a name that starts with a digit
            (`2fa` as a `param` is `param_2fa`), since a leading `_` would say private.
        reserved: Names that are taken; like Python's keywords they get a `_` at the end.
    """
    name = _led(snake_case(text), fallback, "_")
    while keyword.iskeyword(name) or name in reserved:
        name += "_"
    return name


def class_name(text: str, fallback: str) -> str:
    """A PascalCase identifier for any text; `fallback` as in `identifier`."""
    name = _led(pascal_case(text), fallback, "")
    return f"{name}_" if keyword.iskeyword(name) else name


def module_name(text: str, fallback: str) -> str:
    """A name for a module: in ASCII, since names of files travel through many systems (PEP 8)."""
    ascii_words = (word for word in words(text) if word.isascii())
    name = _led(_shortened("_".join(ascii_words), text), fallback, "_")
    return f"{name}_" if keyword.iskeyword(name) or name in DEVICES else name


class Names:
    """One scope of names: each asked name is given once, the next ones get a number.

    Args:
        taken: Names that are never given.
        ignore_case: Whether names that differ in case only are the same, as the files of
            modules are on Windows and macOS.
        joint: What stands between a name and its number.
    """

    def __init__(
        self, taken: Iterable[str] = (), *, ignore_case: bool = False, joint: str = "_"
    ) -> None:
        self._ignore_case = ignore_case
        self._joint = joint
        self._taken = {self._key(name) for name in taken}
        self._last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The name itself when it is free, else `name_2`, `name_3` and so on."""
        name = wanted
        base = wanted.rstrip("_")
        while self._key(name) in self._taken:
            number = self._last[base] = self._last.get(base, 1) + 1
            name = f"{base}{self._joint}{number}"
        self._taken.add(self._key(name))
        return name

    def __contains__(self, name: str) -> bool:
        return self._key(name) in self._taken

    def _key(self, name: str) -> str:
        return name.casefold() if self._ignore_case else name


def local_names(models: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """What models are called in a module: those whose names it uses itself become `…Model`."""
    ordered = sorted(models)
    scope = Names({*ordered, *taken}, joint="")
    return {name: scope.take(f"{name}Model") if name in taken else name for name in ordered}


def _plain(text: str) -> str:
    """Without accents, and a space in the place of what identifiers cannot have."""
    if text.isascii():
        return OTHER_ASCII.sub(" ", APOSTROPHE.sub("", text))
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    decomposed = unicodedata.normalize("NFKD", APOSTROPHE.sub("", visible).translate(LATIN))
    composed = unicodedata.normalize("NFKC", _without_marks(decomposed))
    return _without_marks("".join(map(_letter_or_space, composed)))


def _without_marks(text: str) -> str:
    """A mark belongs to its letter: an accent on a Latin one, but a vowel in other scripts."""
    kept: list[str] = []
    for char in text:
        if unicodedata.category(char)[0] != "M" or not (kept or [" "])[-1].isascii():
            kept.append(char)
    return "".join(kept)


def _letter_or_space(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char if _may_stay(char) else " "


def _may_stay(char: str) -> bool:
    if char.isascii():
        return char.isalnum()
    # Python 3.10 knows fewer letters than 3.13: only those of an old Unicode are safe in both.
    return f"a{char}".isidentifier() and unicodedata.ucd_3_2_0.category(char) != "Cn"


def _shape(text: str) -> str:
    """The text with ASCII letters in place of others of the same case, for `WORD`."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else "X" if c.isupper() else "x" for c in text)


def _lower(word: str) -> str:
    return word.lower() if word.isascii() else _valid(word.lower())


def _valid(text: str) -> str:
    """Changing the case of rare letters yields others: keep what identifiers may have."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if _may_stay(c) or c == "_")


def _shortened(name: str, text: str) -> str:
    if len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[: LONGEST - 9].rstrip('_')}_{digest}"


def _led(name: str, fallback: str, joint: str) -> str:
    if not name:
        return fallback
    return name if name.isidentifier() else f"{fallback}{joint}{name}"
