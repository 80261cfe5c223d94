"""Telling that a server will stop to answer a call, as its `Deprecation` and `Sunset` say."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from .._redact import redact_url
from .._servers import origin_name
from .._telemetry.log import extra_of, logger, prefix_of

if TYPE_CHECKING:
    from .._call import Call
    from .._headers import Headers
    from .._response import Response

_MOST = 500
"""Endpoints that are remembered, since URLs are without number."""

_DATE = re.compile(r"@(-?[0-9]{1,12})").fullmatch
_ID = re.compile(r"(?<=/)(?:[0-9]+|(?=[^/]*[0-9])[0-9A-Za-z_-]{16,})(?=/|$)")
_LINK = re.compile(r'<([^<>]*)>[^,<]*;\s*rel="?(?:[^";,]*\s)?(?:deprecation|sunset)[\s";,]?', re.I)


def warn_of_end(call: Call[Any], response: Response) -> None:
    """Log, once for each endpoint of a server, what it says of its end.

    Args:
        call: The call, which says what its client has told already.
        response: An answer with `Deprecation` (RFC 9745) or `Sunset` (RFC 8594).
    """
    said = end_of(response.headers)
    endpoint = f"{call.request.method} {call.template or path_of(call.request.url)}"
    key = f"end of {endpoint} at {origin_name(call.request.url)}"
    if not said or key in call.told or len(call.told) > _MOST:
        return
    call.told.add(key)
    more = _LINK.search(response.headers.get("link", ""))
    link = redact_url(more[1]) if more is not None else ""
    where = f"; see {urljoin(response.request.shown_url, link)}" if link else ""
    logger.warning(
        "%s%s: %s%s",
        prefix_of(response.request),
        call.log.clean(endpoint),
        said,
        call.log.clean(where),
        extra=extra_of(call.log, response.request),
    )


def end_of(headers: Headers) -> str:
    """What header fields say of the end of an endpoint; empty when they say nothing.

    `Deprecation` is a date as RFC 9745 has it (`@1688169599`), or `true` or an HTTP date as the
    drafts before it had. `Sunset` is an HTTP date.
    """
    parts: list[str] = []
    deprecation = headers.get("deprecation", "").strip()
    if deprecation and deprecation not in ("?0", "false"):
        since = _moment(deprecation)
        parts.append(_deprecated(since))
    gone = _moment(headers.get("sunset", "").strip())
    if gone is not None:
        parts.append(f"will be gone on {gone:%Y-%m-%d}" if gone > _now() else "is to be gone now")
    return " and ".join(parts)


def _deprecated(since: datetime | None) -> str:
    if since is None:
        return "is deprecated"
    if since > _now():
        return f"will be deprecated on {since:%Y-%m-%d}"
    return f"is deprecated since {since:%Y-%m-%d}"


def _moment(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    seconds = _DATE(text)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(int(seconds[1]), timezone.utc)
        found = parsedate_to_datetime(text)
        # A date without a zone is none of HTTP, which has them all in UTC.
        return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)
    except (ValueError, TypeError, OverflowError, IndexError, OSError):
        return None


def _now() -> datetime:
    return datetime.now(timezone.utc)


def path_of(url: str) -> str:
    """The path of a URL with `{}` in the place of what looks like ids."""
    path = re.sub(r"^[^/]*//[^/?#]*", "", redact_url(url)).partition("?")[0]
    return _ID.sub("{}", path) or "/"
