"""Numbers as JSON (RFC 8259 section 6) and YAML write them."""

from __future__ import annotations

from math import isfinite

# Python itself neither reads nor prints longer ones, unless told to.
_MOST_DIGITS = 4300


def integer(text: str) -> int | str:
    """An exact integer; one of absurd length stays text."""
    return int(text) if len(text) <= _MOST_DIGITS else text


def decimal(text: str) -> float | str:
    """A number with a fraction or exponent; one that no float can hold stays text."""
    number = float(text)
    return number if isfinite(number) else text
