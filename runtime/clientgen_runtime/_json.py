"""JSON as requests write it and responses are read."""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal

from ._errors import ConfigurationError
from ._wire import plain, special_text


def dumps(value: object) -> bytes:
    """Encode a value, with all that `plain` and `special_text` know, as compact UTF-8 JSON.

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
            separators=(",", ":"),
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
    try:
        value: object = json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
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
        self._mark = self._mark or secrets.token_hex(16)
        self._digits.append(str(value))
        return f"{self._mark}{len(self._digits) - 1}."

    def restore(self, text: str) -> str:
        if not self._digits:
            return text
        return re.sub(rf'"{self._mark}(\d+)\."', lambda m: self._digits[int(m[1])], text)
