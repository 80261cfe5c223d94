"""When calls are tried again, as arguments of the runtime's `RetryConfig`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ir import Retry

if TYPE_CHECKING:
    from clientgen.resolve import spec

IDEMPOTENT = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY"}
"""Methods that the runtime repeats anyway."""


def retry(stated: spec.Retry | None, method: str = "") -> Retry | None:
    """What the document says of a call, or of all calls when there is no method.

    Who asks for retries of a single call has thought of it, so then every method is repeated.
    """
    if stated is None:
        return None
    if stated.attempts == 1:
        return Retry({})
    return Retry(
        {
            "max_attempts": stated.attempts,
            "retry_statuses": stated.statuses,
            **({"retry_methods": (method,)} if method and method not in IDEMPOTENT else {}),
            "backoff_factor": stated.first_wait,
            "backoff_max": stated.longest_wait,
            "backoff_base": stated.growth,
            **({"max_elapsed": stated.max_elapsed} if stated.max_elapsed is not None else {}),
            **({} if stated.connection_errors else {"retry_connection_errors": False}),
        }
    )
