"""`isinstance` with answers for strict type checkers: what is inside is an object, not unknown."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    ArrayLike = list[object] | tuple[object, ...] | set[object] | frozenset[object]


def is_mapping(value: object) -> TypeIs[Mapping[Any, object]]:
    """Whether the value is a mapping."""
    return isinstance(value, Mapping)


def is_dict(value: object) -> TypeIs[dict[Any, object]]:
    """Whether the value is a dictionary."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object]]:
    """Whether the value is a list."""
    return isinstance(value, list)


def is_array(value: object) -> TypeIs[ArrayLike]:
    """Whether the value is written as an array: a list, tuple or set."""
    return isinstance(value, (list, tuple, set, frozenset))


def is_iterable(value: object) -> TypeIs[Iterable[object]]:
    """Whether the value can be iterated over."""
    return isinstance(value, Iterable)


def is_async_iterable(value: object) -> TypeIs[AsyncIterable[object]]:
    """Whether the value can be iterated over with `async for`."""
    return isinstance(value, AsyncIterable)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Whether the value is a tuple."""
    return isinstance(value, tuple)


def is_binary(value: object) -> TypeIs[bytes | bytearray | memoryview[int]]:
    """Whether the value is bytes in one of their forms."""
    return isinstance(value, (bytes, bytearray, memoryview))
