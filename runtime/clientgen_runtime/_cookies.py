"""Cookies of a session, kept for the host that set them and nobody else.

`Domain` is not honoured: without a list of public suffixes a cookie for a whole domain may reach
strangers (RFC 6265 section 5.3). APIs that log in by cookie work with the host alone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ._policies.retry import seconds_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._response import Response

# Far more than any API sets; what a hostile server could fill is bounded.
_MOST = 200


class Cookies:
    """The cookies that a client has been given."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], tuple[str, bool, float]] = {}

    def take(self, response: Response) -> None:
        """Keep what a response sets, and forget what it ends."""
        for field in response.headers.get_list("set-cookie"):
            self._set(response.request.url, field)

    def _set(self, url: str, field: str) -> None:
        pair, *attributes = field.split(";")
        name, equals, value = pair.strip().partition("=")
        if not name or not equals:
            return
        said = {
            key.strip().lower(): text.strip()
            for key, _, text in (attribute.partition("=") for attribute in attributes)
        }
        parts = urlsplit(url)
        path = said.get("path", "")
        key = (parts.hostname or "", path if path.startswith("/") else "/", name)
        ends = _end(said)
        if ends <= time.time() or len(self._kept) >= _MOST:
            self._kept.pop(key, None)
        if ends > time.time() and len(self._kept) < _MOST:
            self._kept[key] = (value, "secure" in said, ends)

    def pieces(self, url: str) -> Iterator[str]:
        """Each `name=value` that goes to a URL."""
        parts = urlsplit(url)
        path = parts.path or "/"
        for (host, root, name), (value, is_secure, ends) in list(self._kept.items()):
            is_here = path == root or path.startswith(root.rstrip("/") + "/")
            is_allowed = parts.scheme == "https" or not is_secure
            if host == parts.hostname and is_here and is_allowed and ends > time.time():
                yield f"{name}={value}"

    def __repr__(self) -> str:
        return f"<Cookies {sorted({name for _, _, name in self._kept})}>"


def _end(said: dict[str, str]) -> float:
    """When a cookie ends; `Max-Age` comes before `Expires`."""
    age = said.get("max-age", "")
    if age.lstrip("-").isdecimal() and age.isascii():
        return time.time() + int(age[:12])
    if "expires" in said:
        left = seconds_until(said["expires"])
        return float("inf") if left is None else time.time() + left
    return float("inf")
