"""`isinstance` with answers for strict type checkers: what is inside is an object, not unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeIs


def is_mapping(value: object) -> TypeIs[Mapping[Any, object]]:
    """Whether the value is a mapping."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeIs[list[object]]:
    """Whether the value is a list."""
    return isinstance(value, list)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Whether the value is a tuple."""
    return isinstance(value, tuple)


def is_binary(value: object) -> TypeIs[bytes | bytearray | memoryview[int]]:
    """Whether the value is bytes in one of their forms."""
    return isinstance(value, (bytes, bytearray, memoryview))
