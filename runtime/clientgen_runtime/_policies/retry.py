"""When a call is tried again, and how long to wait before that."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._errors import (
    ClientError,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    TimeoutError,  # noqa: A004
    TLSError,
    TotalTimeoutError,
    TruncatedResponseError,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from tenacity import RetryCallState

    from .._headers import Headers
    from .._request import Request
    from .._response import Response

IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY")
"""Methods that do the same however often they are sent (RFC 9110 section 9.2.2)."""

_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True)
class RetryConfig:
    """When to try again.

    Attributes:
        max_attempts: Attempts in all, the first included.
        retry_statuses: Statuses that may pass by themselves; ranges as in OpenAPI: `5XX`.
        retry_methods: Methods that may be sent twice without harm, by default the idempotent
            ones. A request with an `Idempotency-Key` may be, whatever its method.
        backoff_factor: Seconds before the second attempt.
        backoff_max: The longest wait in seconds.
        jitter: Share of a wait that is left to chance: 0 for none, 1 for all of it.
        respect_retry_after: Whether the server may state the wait.
        retry_after_max: The longest wait in seconds that the server may state; the error is
            raised at once when it asks for more.
        backoff_base: How many times as long as the one before it each further wait is.
        max_elapsed: Seconds after which no further attempt begins; `None` for any.
        retry_connection_errors: Whether to try again, too, where no whole answer came.

    Raises:
        ConfigurationError: A value is out of its range.

    Example:
        >>> client.with_options(retry=RetryConfig(max_attempts=5, backoff_max=20))
        <PetStore https://api.example.com>
    """

    max_attempts: int = 3
    retry_statuses: Collection[int | str] = (408, 429, 500, 502, 503, 504)
    retry_methods: Collection[str] = IDEMPOTENT
    backoff_factor: float = 0.5
    backoff_max: float = 60.0
    jitter: float = 0.5
    respect_retry_after: bool = True
    retry_after_max: float = 60.0
    backoff_base: float = 2.0
    max_elapsed: float | None = None
    retry_connection_errors: bool = True

    def __post_init__(self) -> None:
        for name in ("retry_statuses", "retry_methods"):
            if isinstance(getattr(self, name), str | int):
                raise ConfigurationError(f"{name} are several, such as [{getattr(self, name)!r}]")
        if self.max_attempts < 1:
            raise ConfigurationError("max_attempts counts the first attempt, so it is at least 1")
        if not 0 <= self.jitter <= 1:
            raise ConfigurationError(f"jitter is a share between 0 and 1, not {self.jitter}")
        if not 1 <= self.backoff_base <= 100:
            raise ConfigurationError(f"backoff_base is from 1 to 100, not {self.backoff_base}")
        if self.max_elapsed is not None and not self.max_elapsed >= 0:
            raise ConfigurationError("max_elapsed must be a number that is not negative, or None")
        for name in ("backoff_factor", "backoff_max", "retry_after_max"):
            if not getattr(self, name) >= 0:
                raise ConfigurationError(f"{name} must be a number that is not negative")


@dataclass(frozen=True)
class Attempt:
    """One try of a call.

    Attributes:
        number: 1 for the first.
        elapsed: Seconds that it took.
        status: The status that came back, `None` when none did.
        error: What went wrong instead.
        wait: Seconds that were waited afterwards; 0 after the last.

    Example:
        >>> try:
        ...     client.get("/down", retry=RetryConfig(max_attempts=2, backoff_factor=0))
        ... except ConnectionError as error:
        ...     print([(attempt.number, attempt.wait) for attempt in error.attempts])
        [(1, 0.0), (2, 0.0)]
    """

    number: int
    elapsed: float
    status: int | None = None
    error: str | None = None
    wait: float = 0.0


def retry_config(retry: object) -> RetryConfig | None:
    """The policy that a `retry=` argument means.

    Args:
        retry: A config, the number of attempts after the first, or `None` for none.

    Raises:
        ConfigurationError: It is none of these.
    """
    if retry is None or isinstance(retry, RetryConfig):
        return retry
    if isinstance(retry, int) and retry >= 0:
        return RetryConfig(max_attempts=int(retry) + 1) if retry else None
    raise ConfigurationError(
        f"retry= takes RetryConfig, attempts after the first, or None, not {retry!r}"
    )


def may_send_again(
    config: RetryConfig, request: Request, key_header: str = "Idempotency-Key"
) -> bool:
    """Whether a second attempt of this request does no harm and is possible at all."""
    methods = (method.upper() for method in config.retry_methods)
    safe = request.method in methods or key_header in request.headers
    return safe and request.payload.can_be_sent


def is_transient(config: RetryConfig, outcome: Response | ClientError) -> bool:
    """Whether the next attempt may fare better."""
    match outcome:
        case TLSError() | TotalTimeoutError():
            return False
        case ConnectionError() | TimeoutError() | TruncatedResponseError():
            return config.retry_connection_errors
        case ClientError():
            return False
        case response:
            status = response.status_code
            names = (str(status), f"{status // 100}XX")
            return any(s == status or str(s).upper() in names for s in config.retry_statuses)


def wait_before(config: RetryConfig, attempt: int, outcome: Response | ClientError) -> float | None:
    """Seconds to wait after the attempt of this number, `None` not to try again."""
    stated = None
    if config.respect_retry_after and not isinstance(outcome, ClientError):
        stated = retry_after(outcome.headers)
    if stated is not None:
        return stated if stated <= config.retry_after_max else None
    # Much higher powers overflow, and every cap is reached long before.
    growth = config.backoff_base ** min(attempt - 1, 60)
    backoff = min(config.backoff_factor * growth, config.backoff_max)
    return backoff * (1 - config.jitter * random.random())  # noqa: S311


def retry_after(headers: Headers) -> float | None:
    """Seconds that a response asks to wait (RFC 9110 section 10.2.3), `None` when it does not.

    `retry-after-ms`, which some servers send too, is finer and comes first. What is neither a
    plain number nor an HTTP date counts as absent.
    """
    milliseconds = headers.get("retry-after-ms")
    if milliseconds is not None and _SECONDS.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("retry-after")
    if value is None:
        return None
    if _SECONDS.fullmatch(value):
        return float(value)
    moment = _unix_time(value)
    return None if moment is None else max(0.0, moment - server_time(headers))


def seconds_until(http_date: str) -> float | None:
    """Seconds until an HTTP date (RFC 9110 section 5.6.7), 0 when it is over, `None` if none."""
    moment = _unix_time(http_date)
    return None if moment is None else max(0.0, moment - time.time())


def server_time(headers: Headers) -> float:
    """Unix time by the clock of the server, which is what its moments are meant by."""
    moment = _unix_time(headers.get("date", ""))
    return time.time() if moment is None else moment


def _unix_time(http_date: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(http_date)
        # A date without a zone would be read in the zone of this machine.
        return None if moment.tzinfo is None else moment.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


class Retries:
    """The course of one call's attempts.

    tenacity keeps its counters on the objects made here, so each call has its own.

    Args:
        config: The policy.
        deadline: When the call must be over, on the monotonic clock.
        spent: Seconds since the call began.
    """

    def __init__(self, config: RetryConfig, deadline: float | None, spent: float = 0.0) -> None:
        from tenacity import RetryCallState, Retrying, stop_after_attempt

        self._config = config
        self._deadline = deadline
        if config.max_elapsed is not None:
            latest = time.monotonic() + config.max_elapsed - spent
            self._deadline = latest if deadline is None else min(deadline, latest)
        self._wait = 0.0
        self._retrying = Retrying(
            stop=stop_after_attempt(config.max_attempts),
            retry=self._is_worth_it,
            wait=lambda _: self._wait,
            retry_error_callback=lambda _: None,
        )
        self._retrying.begin()
        self._state = RetryCallState(self._retrying, fn=None, args=(), kwargs={})

    def wait_after(self, outcome: Response | ClientError) -> float | None:
        """Seconds to wait after this outcome, `None` when it is the last."""
        from tenacity import DoSleep

        self._state.set_result(outcome)
        action = self._retrying.iter(self._state)
        if not isinstance(action, DoSleep):
            return None
        self._state.prepare_for_next_attempt()
        return float(action)

    def _is_worth_it(self, state: RetryCallState) -> bool:
        assert state.outcome is not None
        outcome: Response | ClientError = state.outcome.result()
        if not is_transient(self._config, outcome):
            return False
        wait = wait_before(self._config, state.attempt_number, outcome)
        if wait is None or (
            self._deadline is not None and time.monotonic() + wait >= self._deadline
        ):
            return False
        self._wait = wait
        return True
