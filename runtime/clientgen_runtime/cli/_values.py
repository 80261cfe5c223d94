"""From what stands on the command line to what a call takes."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import sys
import uuid
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from ._data import Argument, Kind

TYPES: dict[Kind, type[object]] = {
    "integer": int,
    "number": float,
    "decimal": decimal.Decimal,
    "boolean": bool,
    "date": dt.date,
    "datetime": dt.datetime,
    "time": dt.time,
    "duration": dt.timedelta,
    "uuid": uuid.UUID,
}


def read(text: str, argument: Argument) -> object:
    """A value as the call takes it.

    `@FILE` stands for what is in a file, `@-` for what is on standard input, `@@` for a text that
    begins with `@`.

    Raises:
        ValueError: It is none; the message says why.
    """
    if argument.kind == "file":
        return _file(text)
    content = _content(text)
    if argument.kind == "bytes":
        return content.encode() if isinstance(content, str) else content
    plain = content if isinstance(content, str) else _decoded(content)
    if argument.nullable and argument.kind != "text" and plain == "null":
        return None
    if argument.choices:
        return _chosen(plain, argument)
    return _read(plain, argument.kind)


def _read(text: str, kind: Kind) -> object:
    match kind:
        case "text":
            return text
        case "json":
            return _json(text)
        case "value":
            try:
                return _json(text)
            except ValueError:
                return text
        case _:
            return _typed(text, kind)


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_float=decimal.Decimal)
    except RecursionError:
        raise ValueError("this JSON is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{_shown(text)} is no JSON: {error}") from error


def _typed(text: str, kind: Kind) -> object:
    try:
        return _adapter(kind).validate_strings(text.strip())
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        told = message[:1].lower() + message[1:]
        raise ValueError(f"{_shown(text)}: {told}") from error


@cache
def _adapter(kind: Kind) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[kind])


def _chosen(text: str, argument: Argument) -> object:
    known = {str(choice): choice for choice in argument.choices}
    if text in known:
        return known[text]
    if argument.kind == "value":
        return text
    raise ValueError(f"{_shown(text)} is none of {', '.join(known)}")


def _file(text: str) -> object:
    name = text.removeprefix("@")
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    if not path.is_file():
        raise ValueError(f"there is no file {name!r}")
    return path


def _content(text: str) -> str | bytes:
    if not text.startswith("@"):
        return text
    name = text[1:]
    if name.startswith("@"):
        return name
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ValueError(f"cannot read {name!r}: {reason}; @@ begins a text with @") from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ValueError("this file is no text") from error


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
