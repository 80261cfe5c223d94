"""The moment at which the running call must be over."""

from __future__ import annotations

from contextvars import ContextVar

DEADLINE: ContextVar[float | None] = ContextVar("DEADLINE", default=None)
"""When the call of this thread or task must be over, on the monotonic clock."""
