"""A limit on retries over all calls of a client, so that trouble does not become a storm."""

from __future__ import annotations

_MOST = 50.0
_REFILL = 0.2


class RetryBudget:
    """Tokens that retries use up and successes bring back.

    Each retry costs one token and each success returns a fifth, so in the long run at most one
    request in six is a retry, while 50 of them are free at any time. Calls in several threads
    may miscount by a fraction, which does no harm.
    """

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens = _MOST

    def take(self) -> bool:
        """Whether a retry is allowed; counts it when it is."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def refill(self) -> None:
        """Count a success."""
        if self._tokens < _MOST:
            self._tokens = min(_MOST, self._tokens + _REFILL)
