"""Answers as a cache keeps them: their age, what selects them, and their form in a store."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from .._headers import Headers
from .._redact import SHORTEST_SECRET
from .._response import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .._request import Request

Fields: TypeAlias = "tuple[tuple[str, str], ...]"
Fingerprint: TypeAlias = "Callable[[str, str], str]"
"""What stands for the value of a field in a store, by its name and value."""

_FORMAT = 1
_MOST_VARIANTS = 16
"""Answers to one URL that are kept for different requests; the newest stay."""

# What is for one connection (RFC 9111 section 3.1), or lets its holder act as the user.
_NEVER_KEPT = frozenset(
    {
        "authentication-info",
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "set-cookie",
        "set-cookie2",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
_DIRECTIVE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s,]*)))?")


def directives(value: str) -> dict[str, str]:
    """The members of a `Cache-Control` field (RFC 9111 section 5.2), names in lower case."""
    return {name.lower(): quoted or plain for name, quoted, plain in _DIRECTIVE.findall(value)}


def seconds_in(members: dict[str, str], name: str) -> int | None:
    """The value of a directive that counts seconds, `None` when it has none."""
    value = members.get(name, "")
    return min(int(value), 2**31) if value.isascii() and value.isdecimal() else None


def http_time(value: str | None) -> float | None:
    """Seconds since 1970 of an HTTP date, `None` when it is none."""
    from calendar import timegm
    from email.utils import parsedate_tz

    parts = parsedate_tz(value) if value else None
    try:
        return None if parts is None else float(timegm(parts[:6])) - (parts[9] or 0)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Stored:
    """An answer that is kept.

    Attributes:
        method: The method that it answers.
        status: Its status.
        fields: Its header fields.
        content: Its body.
        selected_by: Fingerprints of the request's fields that `Vary` names.
        received: When it came or was found to be valid still, in seconds since 1970.
        initial_age: How old it was then, in seconds.
    """

    method: str
    status: int
    fields: Fields
    content: bytes
    selected_by: Fields
    received: float
    initial_age: float

    @property
    def headers(self) -> Headers:
        """Its header fields."""
        return Headers(self.fields)

    @property
    def control(self) -> dict[str, str]:
        """Its `Cache-Control`."""
        return directives(self.headers.get("cache-control", ""))

    @property
    def has_validator(self) -> bool:
        """Whether the server can be asked if it is valid still."""
        return "etag" in self.headers or "last-modified" in self.headers

    @property
    def may_be_stale(self) -> bool:
        """Whether it says that it may be given when it is stale (RFC 5861)."""
        return bool({"stale-while-revalidate", "stale-if-error"} & self.control.keys())

    def age(self, now: float) -> float:
        """Its age in seconds (RFC 9111 section 4.2.3)."""
        return self.initial_age + max(0.0, now - self.received)

    def answers(self, request: Request, fingerprint: Fingerprint) -> bool:
        """Whether it was given to such a request (RFC 9111 section 4.1)."""
        return self.method == request.method and all(
            value == selecting(request, name, fingerprint) for name, value in self.selected_by
        )

    def response(self, request: Request, now: float, status: str) -> Response:
        """It as the answer to a request.

        Args:
            request: The request.
            now: Seconds since 1970.
            status: What `Cache-Status` (RFC 9211) says of it.
        """
        headers = self.headers
        headers["Age"] = str(int(self.age(now)))
        headers.add("Cache-Status", status)
        return Response(self.status, headers, self.content, request)

    def kept(self) -> Stored:
        """It without what no store may have."""
        fields = tuple(item for item in self.fields if item[0].lower() not in _NEVER_KEPT)
        return replace(self, fields=fields)

    def tells(self, secrets: Iterable[str]) -> bool:
        """Whether it repeats one of these."""
        texts = [value for _, value in self.fields]
        return any(
            secret.encode() in self.content or any(secret in text for text in texts)
            for secret in secrets
            if len(secret) >= SHORTEST_SECRET
        )


def initial_age(headers: Headers, received: float, delay: float) -> float:
    """How old an answer is when it comes (RFC 9111 section 4.2.3).

    Args:
        headers: Its header fields.
        received: When it came, in seconds since 1970.
        delay: How long it took, in seconds.
    """
    date = http_time(headers.get("date"))
    apparent = max(0.0, received - date) if date is not None else 0.0
    stated = headers.get("age", "").partition(",")[0].strip()
    age = min(int(stated), 2**31) if stated.isascii() and stated.isdecimal() else 0
    return max(apparent, age + delay)


def selection(headers: Headers, request: Request, fingerprint: Fingerprint) -> Fields:
    """What of a request selects an answer with these headers."""
    names = {name.strip().lower() for name in headers.get("vary", "").split(",")} - {"", "*"}
    return tuple((name, selecting(request, name, fingerprint)) for name in sorted(names))


def selecting(request: Request, name: str, fingerprint: Fingerprint) -> str:
    """The fingerprint of one field of a request, the same however it is written."""
    value = request.headers.get(name)
    return "" if value is None else fingerprint(name, re.sub(r"\s*,\s*", ",", value.strip()))


# --- In stores -----------------------------------------------------------------------------


def with_entry(entries: Sequence[Stored], entry: Stored) -> list[Stored]:
    """These with another one, in the place of what is for the same requests."""
    kept = [e for e in entries if (e.method, e.selected_by) != (entry.method, entry.selected_by)]
    return [entry, *kept][:_MOST_VARIANTS]


def pack(entries: Sequence[Stored]) -> bytes:
    """The answers to one URL as bytes: a line of JSON, then their bodies."""
    told = [
        {
            "method": entry.method,
            "status": entry.status,
            "fields": entry.fields,
            "size": len(entry.content),
            "selected_by": entry.selected_by,
            "received": entry.received,
            "initial_age": entry.initial_age,
        }
        for entry in entries
    ]
    head = json.dumps({"format": _FORMAT, "entries": told}).encode()
    return b"\n".join((head, b"".join(entry.content for entry in entries)))


def unpack(packed: bytes) -> list[Stored]:
    """What `pack` has made bytes of.

    Raises:
        ValueError: It is something else.
    """
    head, _, rest = packed.partition(b"\n")
    try:
        told = json.loads(head)
        if told["format"] != _FORMAT:
            return []
        entries: list[Stored] = []
        place = 0
        for one in told["entries"]:
            content = rest[place : place + one["size"]]
            place += one["size"]
            entries.append(
                Stored(
                    one["method"],
                    one["status"],
                    tuple((name, value) for name, value in one["fields"]),
                    content,
                    tuple((name, value) for name, value in one["selected_by"]),
                    one["received"],
                    one["initial_age"],
                )
            )
    except (KeyError, TypeError) as error:
        raise ValueError("what the store gave is no answer of this cache") from error
    if place != len(rest):
        raise ValueError("what the store gave is not complete")
    return entries
