"""What is found of types, which are few, for values, which are many."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def remembered(work_out: Callable[[Any], T]) -> Callable[[Any], T]:
    """Remember what is found of a type: large documents ask a million times for a few."""
    known: dict[object, T] = {}

    @wraps(work_out)
    def find(kind: Any) -> T:
        try:
            if kind not in known:
                known[kind] = work_out(kind)
        except TypeError:  # a type that cannot be a key
            return work_out(kind)
        return known[kind]

    return find
