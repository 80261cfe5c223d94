"""Settings as TOML, for people to read and go on with."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.load import Json

BARE = re.compile(r"[A-Za-z0-9_-]+")
TABLES = {"sdk", "operations", "models"}
"""Settings whose entries are tables of their own."""


def as_toml(settings: Mapping[str, Json]) -> str:
    """Settings as a file; what is deeper than its tables is written inline."""
    return "\n".join(_lines(settings, ())) + "\n"


def _lines(settings: Mapping[str, Json], path: tuple[str, ...]) -> Iterator[str]:
    tables = {key: value for key, value in settings.items() if key in TABLES}
    for key, value in settings.items():
        if key not in tables:
            yield f"{_key(key)} = {_value(value)}"
    for key, entries in tables.items():
        if isinstance(entries, dict):
            for name, entry in entries.items():
                if isinstance(entry, dict):
                    yield ""
                    yield f"[{'.'.join(map(_key, (*path, key, name)))}]"
                    yield from _lines(entry, (*path, key, name))


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _value(key)


def _value(value: Json) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
            return f"{{ {inner} }}"
        case _:
            # Escapes of JSON are those of TOML.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
