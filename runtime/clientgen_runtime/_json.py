"""JSON as requests write it and responses are read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import Enum
from importlib import import_module
from math import isfinite
from typing import Any, TypeAlias

from ._data.wire import plain, special_text
from ._errors import ConfigurationError
from ._narrow import is_array, is_dict, is_list, is_mapping

Dump: TypeAlias = Callable[[object], bytes]
Load: TypeAlias = Callable[["bytes | str"], object]

orjson: Any
try:
    orjson = import_module("orjson")
except ImportError:
    orjson = None


def dumps(value: object) -> bytes:
    """Encode a value, with all that `plain` and `special_text` know, as compact UTF-8 JSON.

    Raises:
        ConfigurationError: Something in the value has no JSON notation.
    """
    if orjson is not None:
        fast = _fast_dumps(value)
        if fast is not None:
            return fast
    return exact_dumps(value)


def _fast_dumps(value: object) -> bytes | None:
    """What orjson makes of a value, `None` where it may differ from the standard library."""
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    met = [value]

    def default(unknown: object) -> object:
        simple = _fast_default(unknown)
        met.append(simple)
        return simple

    try:
        data: bytes = orjson.dumps(value, default=default, option=options)
    except (TypeError, ValueError, RecursionError):
        return None
    # It writes NaN as null, which must be an error instead.
    return None if b"null" in data and not _all_finite(met) else data


def _all_finite(values: list[object]) -> bool:
    """Whether all numbers within some values are numbers; uses the list for what it finds."""
    for value in values:  # which grows on the way
        if is_dict(value):
            members: Iterable[object] = value.values()
        elif is_array(value):
            members = value
        elif isinstance(value, Enum):
            members = (value.value,)
        else:
            members = (float(value),) if isinstance(value, float) else ()
        for each in members:
            if type(each) in _LEAVES:
                continue
            if not isinstance(each, float):
                values.append(each)
            elif not isfinite(each):
                return False
    return True


_LEAVES = frozenset({str, int, bool, type(None)})


def _fast_default(value: object) -> object:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ConfigurationError(f"JSON has no number for Decimal('{value}')")
        return orjson.Fragment(str(value))
    simple = plain(value)
    return special_text(value) if simple is value else simple


def exact_dumps(value: object, indent: int | None = None) -> bytes:
    """Encode a value as `dumps` does, by the standard library alone.

    Args:
        value: What to encode.
        indent: Spaces to indent by; None for one compact line.

    Raises:
        ConfigurationError: Something in the value has no JSON notation.
    """
    decimals = _Decimals()
    try:
        text = json.dumps(
            value,
            default=decimals.encode,
            ensure_ascii=False,
            allow_nan=False,
            indent=indent,
            separators=(",", ":" if indent is None else ": "),
        )
        return decimals.restore(text).encode()
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, ConfigurationError):
            raise
        raise ConfigurationError(f"the value cannot be written as JSON: {error}") from error


def loads(data: bytes | str) -> object:
    """Decode a JSON document.

    Raises:
        ValueError: It is not JSON; too deep or with too long numbers counts as that too.
    """
    if orjson is not None and not _has_long_number(data):
        try:
            value: object = orjson.loads(data)
        except ValueError:
            # The standard library tells what is wrong, or takes what orjson is too strict for.
            return _exact_loads(data)
        return value
    return _exact_loads(data)


def _exact_loads(data: bytes | str) -> object:
    try:
        value: object = json.loads(data, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _has_long_number(data: bytes | str) -> bool:
    """Whether there may be an integer beyond 64 bits, which orjson reads as a float."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "replace")
    # All positive ones of 19 digits fit. 20 places in a row hold at least five out of every
    # fourth, so most texts cost a quarter.
    return _LONG[:5] in raw[::4].translate(_AS_DIGITS) and _LONG in raw.translate(_AS_DIGITS)


_LONG = b"0" * 20
"""20 digits, or a minus and 19."""
_AS_DIGITS = bytes(ord("0" if chr(byte) in "-0123456789" else " ") for byte in range(256))


def dump_with(serializer: Callable[[Any], object]) -> Dump:
    """`dumps` by a function of the user's, for the same values and with the same errors."""

    def dump(value: object) -> bytes:
        try:
            written = serializer(_simplified(value))
            data = written.encode() if isinstance(written, str) else written
        except ConfigurationError:
            raise
        except Exception as error:
            raise ConfigurationError(f"the value cannot be written as JSON: {error}") from error
        if not isinstance(data, bytes):
            raise ConfigurationError(
                f"json_serializer= returns bytes or text, not a {type(data).__name__}"
            )
        return data

    return dump


def load_with(deserializer: Callable[[bytes], object]) -> Load:
    """`loads` by a function of the user's, with the same errors."""

    def load(data: bytes | str) -> object:
        try:
            return deserializer(data.encode() if isinstance(data, str) else data)
        except ValueError:
            raise
        except Exception as error:
            raise ValueError(str(error) or type(error).__name__) from error

    return load


def _simplified(value: object) -> object:
    """A value with all in it that `dumps` knows, but no other serializer, made simple."""
    value = plain(value)
    if is_mapping(value):
        return {key: _simplified(member) for key, member in value.items()}
    if is_list(value):
        return [_simplified(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    try:
        return special_text(value)
    except ConfigurationError:
        # The serializer may know it.
        return value


class _Decimals:
    """Decimals as JSON numbers with every digit, which `json` cannot write by itself.

    Each becomes a string that nobody can guess, and turns into its digits in the finished text.
    """

    def __init__(self) -> None:
        self._digits: list[str] = []
        self._mark = ""

    def encode(self, value: object) -> object:
        if not isinstance(value, Decimal):
            simple = plain(value)
            return special_text(value) if simple is value else simple
        if not value.is_finite():
            raise ConfigurationError(f"JSON has no number for Decimal('{value}')")
        import secrets  # slow to import, and rarely needed

        self._mark = self._mark or secrets.token_hex(16)
        self._digits.append(str(value))
        return f"{self._mark}{len(self._digits) - 1}."

    def restore(self, text: str) -> str:
        if not self._digits:
            return text
        return re.sub(rf'"{self._mark}(\d+)\."', lambda m: self._digits[int(m[1])], text)
