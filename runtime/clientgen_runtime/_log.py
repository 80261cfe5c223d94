"""What is logged, and what never is.

Records go to the logger `clientgen_runtime`: details at DEBUG, each answer at INFO, retries at
WARNING, calls that fail without an answer at ERROR.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from ._redact import MASK, is_secret_name, mask, redact_url

if TYPE_CHECKING:
    from ._errors import ClientError
    from ._log_config import LogConfig
    from ._request import Request
    from ._response import Response

logger = logging.getLogger("clientgen_runtime")


class JSONFormatter(logging.Formatter):
    """Writes records as one JSON object a line, with what the runtime knows of a call.

    Example:
        >>> import logging
        >>> from clientgen_runtime import JSONFormatter
        >>> handler = logging.StreamHandler()
        >>> handler.setFormatter(JSONFormatter())
    """

    def format(self, record: logging.LogRecord) -> str:
        """One record as a line of JSON."""
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


_FIELDS = ("method", "url", "status", "duration_ms", "request_id", "attempt", "wait")


def log_request(config: LogConfig, request: Request) -> None:
    """What is about to be sent, at DEBUG."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug(
            "%s %s: sending %s%s",
            request.method,
            config.clean(redact_url(request.url)),
            _headers(config, request.headers.multi_items()),
            _body(config, request.content, request),
            extra=_extra(config, request),
        )


def log_response(config: LogConfig, response: Response) -> None:
    """What came back: a line at INFO, the rest at DEBUG."""
    if not logger.isEnabledFor(logging.INFO):
        return
    request = response.request
    extra = {
        **_extra(config, request),
        "status": response.status_code,
        "duration_ms": round(response.elapsed * 1000, 1),
    }
    url = config.clean(redact_url(request.url))
    logger.info("%s %s: %d", request.method, url, response.status_code, extra=extra)
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug(
            "%s %s: received %s%s",
            request.method,
            url,
            _headers(config, response.headers.multi_items()),
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
        "%s %s: attempt %d failed (%s), trying again in %.2f s",
        request.method,
        config.clean(redact_url(request.url)),
        attempt,
        config.clean(why),
        wait,
        extra={**_extra(config, request), "attempt": attempt, "wait": wait},
    )


def log_failure(config: LogConfig, request: Request, error: ClientError) -> None:
    """A call that ended without an answer, at ERROR."""
    logger.error("%s", config.clean(str(error)), extra=_extra(config, request))


def _extra(config: LogConfig, request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "url": config.clean(redact_url(request.url)),
        "request_id": request.headers.get("x-request-id"),
    }


def _headers(config: LogConfig, items: list[tuple[str, str]]) -> str:
    shown = (
        f"{name}: {MASK if is_secret_name(name) else config.clean(value)}" for name, value in items
    )
    return "{" + ", ".join(shown) + "}"


def _body(config: LogConfig, content: bytes | None, request: Request) -> str:
    if not config.bodies or not content:
        return ""
    text = content[: config.body_limit * 4].decode("utf-8", errors="replace")
    return " " + config.clean(mask(text, request.secrets()))[: config.body_limit]
