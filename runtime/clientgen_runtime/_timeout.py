"""How long things may take."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias, runtime_checkable

from ._errors import ConfigurationError


@dataclass(frozen=True)
class TimeoutConfig:
    """Limits in seconds; `None` waits for ever.

    Attributes:
        connect: To open a connection, TLS included.
        read: Between two pieces of the answer.
        write: Between two pieces of the request.
        pool: For a free connection of the pool.
        total: For the whole call: retries, waits and redirects included.

    Raises:
        ConfigurationError: A limit is negative or not a number.

    Example:
        >>> TimeoutConfig(read=60, total=90)
        TimeoutConfig(connect=5.0, read=60, write=30.0, pool=10.0, total=90)
    """

    connect: float | None = 5.0
    read: float | None = 30.0
    write: float | None = 30.0
    pool: float | None = 10.0
    total: float | None = None

    def __post_init__(self) -> None:
        for name in ("connect", "read", "write", "pool", "total"):
            limit = getattr(self, name)
            if limit is not None and not (_is_number(limit) and limit >= 0):
                raise ConfigurationError(f"timeout {name!r} must be seconds or None, not {limit!r}")

    def phases(self) -> dict[str, float | None]:
        """The limits that the transport keeps, as it takes them.

        Example:
            >>> TimeoutConfig(connect=2).phases()["connect"]
            2
        """
        return {
            "connect": self.connect,
            "read": self.read,
            "write": self.write,
            "pool": self.pool,
        }


@runtime_checkable
class TimeoutLike(Protocol):
    """An `httpx.Timeout`, of whichever httpx family."""

    def as_dict(self) -> dict[str, float | None]: ...


Timeout: TypeAlias = float | TimeoutConfig | TimeoutLike | None
"""Seconds for each phase, or limits one by one; `None` waits for ever."""


def timeout_config(timeout: object, default: TimeoutConfig | None = None) -> TimeoutConfig:
    """The limits that a `timeout=` argument means.

    Args:
        timeout: Seconds (each phase may take as long), a config, an `httpx.Timeout`, or `None`.
        default: Where a total limit is taken from that seconds do not state.

    Raises:
        ConfigurationError: It is none of these.
    """
    if isinstance(timeout, TimeoutConfig):
        return timeout
    total = default.total if default is not None else None
    if timeout is None or _is_number(timeout):
        seconds = timeout if isinstance(timeout, (int, float)) else None
        return TimeoutConfig(seconds, seconds, seconds, seconds, total)
    if isinstance(timeout, TimeoutLike):
        return replace(TimeoutConfig(total=total), **timeout.as_dict())
    raise ConfigurationError(
        f"timeout= takes seconds, TimeoutConfig, httpx.Timeout or None, not {timeout!r}"
    )


def deadline_of(timeout: TimeoutConfig) -> float | None:
    """When the call that starts now must be over, on the monotonic clock."""
    return None if timeout.total is None else time.monotonic() + timeout.total


def _is_number(value: object) -> bool:
    # NaN compares to nothing, so it would never run out.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124
