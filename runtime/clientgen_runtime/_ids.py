"""Ids that tell calls apart in the logs of both sides."""

from __future__ import annotations

import os
import time
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
    random = bytearray(os.urandom(16))
    random[6] = random[6] & 0x0F | 0x40
    random[8] = random[8] & 0x3F | 0x80
    digits = random.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def ulid() -> str:
    """A ULID: 48 bits of milliseconds, then 80 random bits, so that ids sort by time."""
    import secrets  # slow to import, and rarely needed

    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
