"""What is counted and measured of calls; loaded by clients that are given a collector."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from .._errors import ConfigurationError, HTTPError
from .._servers import origin_of
from .watch import Answered, Cached, Ended, Event, Limited, Refused, Retrying, Sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._call import Call
    from .._request import Request
    from .._response import Response
    from .watch import Watcher

Labels: TypeAlias = dict[str, str]


class MetricsCollector(Protocol):
    """Is told what is counted and measured; `metrics=` takes an object with these two methods.

    | name | | labels |
    |---|---|---|
    | `call_seconds` | each call, with its retries; streams to their end | `status`, `error` |
    | `request_seconds` | each request that is sent | `status`, `error` |
    | `retries` | an attempt has failed and another follows | `status`, `error` |
    | `limiter_wait_seconds` | the rate limiter has an attempt wait | |
    | `breaker_refusals` | the circuit breaker has refused an attempt | |
    | `cache_answers` | the cache has answered or has not | `result`, as in `CacheStats` |

    All have the labels `method`, `host` and `route` besides, which is the path template, or empty
    where no document describes the call. `status` is empty without an answer, and `error` is the
    name of the class of what went wrong beside statuses. Labels never hold secrets.

    A name has the same labels each time. Threads may call at the same time. What a collector
    raises is logged, and no call fails of it.

    Example:
        >>> class Printed:
        ...     def count(self, name: str, labels: dict[str, str]) -> None:
        ...         print(name, labels["route"])
        ...
        ...     def observe(self, name: str, value: float, labels: dict[str, str]) -> None:
        ...         print(name, labels["status"], value < 1)
        >>> watched = client.with_options(metrics=Printed())
        >>> watched.get("/pets/7").status_code
        request_seconds 200 True
        call_seconds 200 True
        200
    """

    def count(self, name: str, labels: Labels, /) -> None:
        """Something has happened once.

        Args:
            name: What has happened; see the class.
            labels: To what.

        Example:
            >>> from collections import Counter
            >>> class Counted:
            ...     def __init__(self) -> None:
            ...         self.counts = Counter()
            ...
            ...     def count(self, name: str, labels: dict[str, str]) -> None:
            ...         self.counts[name, labels["host"]] += 1
            ...
            ...     def observe(self, name: str, value: float, labels: dict[str, str]) -> None:
            ...         pass
            >>> counted: MetricsCollector = Counted()
        """
        ...

    def observe(self, name: str, value: float, labels: Labels, /) -> None:
        """Something has been measured.

        Args:
            name: What; see the class.
            value: How much, in the unit that the name ends with.
            labels: Of what.

        Example:
            >>> class Slowest:
            ...     seconds = 0.0
            ...
            ...     def count(self, name: str, labels: dict[str, str]) -> None:
            ...         pass
            ...
            ...     def observe(self, name: str, value: float, labels: dict[str, str]) -> None:
            ...         self.seconds = max(self.seconds, value)
            >>> slowest: MetricsCollector = Slowest()
        """
        ...


def metrics_of(given: object) -> Watcher | None:
    """What `metrics=` means.

    Raises:
        ConfigurationError: It has not the methods of a `MetricsCollector`.
    """
    if given is None:
        return None
    if isinstance(given, type) or not all(
        callable(getattr(given, name, None)) for name in ("count", "observe")
    ):
        raise ConfigurationError(
            f"metrics= takes an object with count(name, labels) and observe(name, value, labels), "
            f"or None, not {given!r}"
        )
    collector = cast("MetricsCollector", given)
    return lambda call: Measured(collector, call)


class Measured:
    """Measures one call.

    Args:
        collector: Is told.
        call: The call.
    """

    def __init__(self, collector: MetricsCollector, call: Call[Any]) -> None:
        self._collector = collector
        self._route = call.template
        self._labels = labels_of(call.request, call.template)
        self._started = time.perf_counter()
        self._response: Response | None = None

    def __call__(self, event: Event) -> None:
        """Tell the collector of an event, if it is one that is counted."""
        count, observe = self._count, self._observe
        match event:
            case Sent(request, outcome, seconds):
                labels = labels_of(request, self._route)
                observe("request_seconds", seconds, {**labels, **outcome_labels(outcome)})
            case Retrying(outcome):
                count("retries", outcome_labels(outcome))
            case Limited(seconds):
                observe("limiter_wait_seconds", seconds, self._labels)
            case Refused():
                count("breaker_refusals", {})
            case Cached(result):
                count("cache_answers", {"result": result})
            case Answered(response):
                self._response = response
            case Ended(error):
                labels = {**self._labels, **end_labels(self._response, error)}
                observe("call_seconds", time.perf_counter() - self._started, labels)
            case _:
                pass

    def _count(self, name: str, labels: Labels) -> None:
        _safely(lambda: self._collector.count(name, {**self._labels, **labels}))

    def _observe(self, name: str, value: float, labels: Labels) -> None:
        _safely(lambda: self._collector.observe(name, value, labels))


def labels_of(request: Request, route: str) -> dict[str, str]:
    """What all metrics say of a request; its path and query are not told."""
    return {"method": request.method, "host": origin_of(request.url)[1], "route": route}


def outcome_labels(outcome: Response | BaseException | None) -> dict[str, str]:
    """How a request or an attempt has ended; an error beside a status is told by the status."""
    status = getattr(outcome, "status_code", None)
    if status is None and isinstance(outcome, BaseException):
        return {"status": "", "error": error_name(outcome)}
    return {"status": str(status or ""), "error": ""}


def end_labels(response: Response | None, error: BaseException | None) -> dict[str, str]:
    """How a call has ended: a status, and an error beside it, as when a body is no JSON."""
    labels = outcome_labels(response or error)
    if response is not None and error is not None and not isinstance(error, HTTPError):
        labels["error"] = error_name(error)
    return labels


def error_name(error: BaseException) -> str:
    """The class of an error; a call that nobody waits for any more is cancelled."""
    is_cancelled = isinstance(error, GeneratorExit)
    return "Cancelled" if is_cancelled else type(error).__name__


def _safely(tell: Callable[[], object]) -> None:
    try:
        tell()
    except Exception:
        # A metric is never worth a call.
        import logging

        logger = logging.getLogger("clientgen_runtime")
        logger.warning("the metrics collector has failed", exc_info=True)
