"""What is logged, and what never is.

Records go to the logger `clientgen_runtime`: details at DEBUG, each answer at INFO, retries and
slow answers at WARNING, calls that fail without an answer at ERROR. Each begins with the id of
its request.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from .._ids import request_id_in
from .._redact import MASK, is_secret_name, mask

if TYPE_CHECKING:
    from .._errors import ClientError
    from .._request import Request
    from .._response import Response
    from .log_config import LogConfig

logger = logging.getLogger("clientgen_runtime")


class JSONFormatter(logging.Formatter):
    """Writes records as one JSON object a line, with what the runtime knows of a call.

    Example:
        >>> import logging
        >>> handler = logging.StreamHandler()
        >>> handler.setFormatter(JSONFormatter())
        >>> logging.getLogger("clientgen_runtime").addHandler(handler)
    """

    def format(self, record: logging.LogRecord) -> str:
        """One record as a line of JSON.

        Args:
            record: A record of any logger.

        Example:
            >>> import logging
            >>> record = logging.LogRecord("app", logging.INFO, "app.py", 1, "started", (), None)
            >>> JSONFormatter().format(record)
            '{"time": "...", "level": "INFO", "logger": "app", "message": "started"}'
        """
        fields: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields.update((name, getattr(record, name)) for name in _FIELDS if hasattr(record, name))
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


_FIELDS = (
    *("method", "url", "status", "duration_ms", "request_id", "attempt", "wait"),
    *("trace_id", "span_id"),  # for filters that know the span; see the guide on observability
)


def log_request(config: LogConfig, request: Request) -> None:
    """What is about to be sent, at DEBUG."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug(
            "%s: sending %s%s",
            _name(config, request),
            _headers(config, request.headers.multi_items(), request),
            _body(config, request.content, request),
            extra=extra_of(config, request),
        )


def log_response(config: LogConfig, response: Response) -> None:
    """What came back: a line at INFO, one more at WARNING when it was slow, the rest at DEBUG."""
    seconds = response.elapsed.total_seconds()
    is_slow = config.slow_after is not None and seconds > config.slow_after
    if not is_slow and not logger.isEnabledFor(logging.INFO):
        return
    request = response.request
    extra = {
        **extra_of(config, request),
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
    }
    name = _name(config, request)
    logger.info("%s: %d", name, response.status_code, extra=extra)
    if is_slow:
        logger.warning("%s: slow, it took %.1f s", name, seconds, extra=extra)
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug(
            "%s: received %s%s",
            name,
            _headers(config, response.headers.multi_items(), request),
            _body(config, response.content if response.is_read else None, request),
            extra=extra,
        )


def log_retry(
    config: LogConfig, request: Request, outcome: Response | ClientError, attempt: int, wait: float
) -> None:
    """Why a call is tried again, at WARNING."""
    status = getattr(outcome, "status_code", None)
    why = f"status {status}" if status is not None else str(outcome)
    logger.warning(
        "%s: attempt %d failed (%s), trying again in %.2f s",
        _name(config, request),
        attempt,
        config.clean(why),
        wait,
        extra={**extra_of(config, request), "attempt": attempt, "wait": wait},
    )


def log_failure(config: LogConfig, request: Request, error: ClientError) -> None:
    """A call that ended without an answer, at ERROR."""
    message = f"{prefix_of(request)}{config.clean(str(error))}"
    logger.error("%s", message, extra=extra_of(config, request))


def _name(config: LogConfig, request: Request) -> str:
    return f"{prefix_of(request)}{request.method} {config.clean(request.shown_url)}"


def prefix_of(request: Request) -> str:
    """What begins a line of the log: the id of the request, if it has one."""
    known = request_id_in(request.headers)
    return f"[{known}] " if known else ""


def extra_of(config: LogConfig, request: Request) -> dict[str, object]:
    """What a record knows of its request."""
    return {
        "method": request.method,
        "url": config.clean(request.shown_url),
        "request_id": request_id_in(request.headers),
    }


def _headers(config: LogConfig, items: list[tuple[str, str]], request: Request) -> str:
    # A server may repeat what it was told, as in `Location`.
    secrets = tuple(request.secrets())
    shown = (
        f"{name}: {MASK if is_secret_name(name) else config.clean(mask(value, secrets))}"
        for name, value in items
    )
    return "{" + ", ".join(shown) + "}"


def _body(config: LogConfig, content: bytes | None, request: Request) -> str:
    if not config.bodies or not content:
        return ""
    text = content[: config.body_limit * 4].decode("utf-8", errors="replace")
    return " " + config.clean(mask(text, request.secrets()))[: config.body_limit]
