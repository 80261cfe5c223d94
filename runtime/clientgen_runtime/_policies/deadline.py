"""The moment at which the running call must be over."""

from __future__ import annotations

import time
from contextvars import ContextVar

DEADLINE: ContextVar[float | None] = ContextVar("DEADLINE", default=None)
"""When the call of this thread or task must be over, on the monotonic clock."""


def check_time(deadline: float | None) -> None:
    """End a body that drips, where what carries it knows of no total timeout.

    Args:
        deadline: When the call must be over, on the monotonic clock.

    Raises:
        TimeoutError: It must.
    """
    if deadline is not None and time.monotonic() >= deadline:
        raise TimeoutError
