"""Help texts: what the docstrings of an SDK say."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECTION = re.compile(r"^(Args|Returns|Raises|Example|Examples):$", re.MULTILINE)
_ENTRY = re.compile(r"^ {4}(\w+): ((?:.*\n?)(?: {5,}.*\n?|\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Docs:
    """A docstring.

    Attributes:
        text: What stands above its sections.
        arguments: What is said of arguments, by name.
    """

    text: str
    arguments: Mapping[str, str]


def docs(documented: object) -> Docs:
    """The docstring of a class, method or property, which is in the form of Google."""
    text, *sections = _SECTION.split(inspect.getdoc(documented) or "")
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    found = _ENTRY.findall(told.get("Args", ""))
    return Docs(text.strip(), {name: " ".join(entry.split()) for name, entry in found})
