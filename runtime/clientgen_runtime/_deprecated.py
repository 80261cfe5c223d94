"""Telling, once, that a call or an argument of it will go away."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from ._omit import OMIT, Omit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._operation import Operation
    from ._settings import Settings


def warn_of_deprecated(
    settings: Settings, operation: Operation[Any], arguments: tuple[Mapping[str, object], ...]
) -> None:
    """Warn of what is deprecated in a call, once a client.

    Args:
        settings: Those of the client, which remember what has been told.
        operation: What is called.
        arguments: What it is called with, by wire names.
    """
    package = settings.api.package if settings.api is not None else ""
    for told in _deprecated(operation, arguments):
        if told not in settings.told:
            settings.told.add(told)
            warnings.warn(told, DeprecationWarning, stacklevel=_line_of_user(package))


def _deprecated(
    operation: Operation[Any], arguments: tuple[Mapping[str, object], ...]
) -> Iterator[str]:
    what = f"{operation.method} {operation.path}"
    if isinstance(operation.deprecated, bool):
        yield f"{what} is deprecated"
        return
    for name in operation.deprecated:
        if any(not isinstance(given.get(name, OMIT), Omit) for given in arguments):
            yield f"{what}: the parameter {name!r} is deprecated"


def _line_of_user(package: str) -> int:
    """How far up, as `stacklevel` counts from the caller of this, the SDK's user is."""
    ours = {"clientgen_runtime", package.partition(".")[0], "contextlib"}
    level, frame = 1, sys._getframe(1)  # pyright: ignore[reportPrivateUsage]  (`inspect` is slow)
    while frame.f_back is not None and _top_package(frame.f_globals) in ours:
        level, frame = level + 1, frame.f_back
    return level


def _top_package(module: dict[str, Any]) -> str:
    return str(module.get("__name__", "")).partition(".")[0]
