"""Tools that watch or mock what httpx sends, by putting functions of theirs in place of its own."""

from __future__ import annotations

from types import FunctionType

_FAMILIES = ("httpx.", "httpx2.", "httpcore.", "httpcore2.")


def is_replaced(function: object) -> bool:
    """Whether a method of httpx or httpcore is no longer its own.

    Wrappers take over names and modules of what they wrap, but not the type or the globals.
    """
    return type(function) is not FunctionType or not function.__globals__["__name__"].startswith(
        _FAMILIES
    )
