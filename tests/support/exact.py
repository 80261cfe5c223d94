"""JSON values that equal no other one."""

from __future__ import annotations

from decimal import Decimal


def exact(value: object) -> object:
    """A value to compare: 1 and true are equal in Python and not in JSON; 1 and 1.0 are in both."""
    if isinstance(value, dict):
        return {key: exact(member) for key, member in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return value if is_number else (type(value), value)
