"""Ids that tell calls apart in the logs of both sides."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id")
"""Where servers and clients put the id of a request."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def request_id_in(headers: Mapping[str, str]) -> str | None:
    """The id that header fields state, `None` when they state none."""
    for name in REQUEST_ID_HEADERS:
        if name in headers:
            return headers[name]
    return None


def uuid4() -> str:
    """A random UUID (RFC 9562 section 5.4)."""
    return str(uuid.uuid4())


def ulid() -> str:
    """A ULID: 48 bits of milliseconds, then 80 random bits, so that ids sort by time."""
    import secrets  # slow to import, and rarely needed

    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
