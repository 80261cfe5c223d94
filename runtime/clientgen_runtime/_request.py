"""A request as hooks and errors see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from ._headers import Headers
from ._payload import EMPTY, Payload
from ._redact import MASK, redact_url, secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Request:
    """What is about to be sent.

    Attributes:
        method: HTTP method, in upper case.
        url: Absolute URL, without the keys that authentication puts into its query.
        headers: Header fields; hooks may change them.
        payload: The body.
        secret_query: Escaped `name=value` pairs that only the transport sees.
        secret_parts: What of the path is secret, escaped as it stands there.
        secret_headers: Lower-case names of the header fields that authentication has set.

    Args:
        method: HTTP method, in upper case.
        url: Absolute URL.
        headers: Header fields; none when they are not given.
        payload: The body; empty when it is not given.

    Example:
        >>> client.get("/pets/7").request
        <Request GET https://api.example.com/pets/7>
    """

    __slots__ = (
        "headers",
        "method",
        "payload",
        "secret_headers",
        "secret_parts",
        "secret_query",
        "url",
    )

    def __init__(
        self, method: str, url: str, headers: Headers | None = None, payload: Payload = EMPTY
    ) -> None:
        self.method: str = method
        self.url: str = url
        self.headers: Headers = headers if headers is not None else Headers()
        self.payload: Payload = payload
        self.secret_query: tuple[str, ...] = ()
        self.secret_parts: tuple[str, ...] = ()
        self.secret_headers: tuple[str, ...] = ()

    @property
    def content(self) -> bytes | None:
        """The body, `None` when it is made while it is sent.

        Example:
            >>> client.post("/pets", json={"name": "Ada"}).request.content
            b'{"name":"Ada"}'
        """
        return self.payload.content

    def copy(self) -> Request:
        """An independent copy, for one attempt.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> request.copy().headers["Accept"] = "text/csv"
            >>> "Accept" in request.headers
            False
        """
        clone = Request(self.method, self.url, self.headers.copy(), self.payload)
        clone.secret_query = self.secret_query
        clone.secret_parts = self.secret_parts
        clone.secret_headers = self.secret_headers
        return clone

    def secrets(self) -> Iterator[str]:
        """What a careless server may repeat in its answer, and nobody may show.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> BearerAuth("t-123456789").apply(request)
            >>> "t-123456789" in request.secrets()
            True
        """
        yield from secrets_of(self.headers.multi_items(), self.url.partition("?")[2].split("&"))
        # Whatever they are called.
        yield from (self.headers.get(name, "") for name in self.secret_headers)
        escaped = [pair.partition("=")[2] for pair in self.secret_query]
        for part in (*escaped, *self.secret_parts):
            yield part
            yield unquote(part)

    @property
    def shown_url(self) -> str:
        """The URL as logs, errors and spans show it: what looks secret is masked.

        Example:
            >>> Request("GET", "https://api.example.com/pets?api_key=k-123456").shown_url
            'https://api.example.com/pets?api_key=***'
        """
        url = redact_url(self.url)
        for part in self.secret_parts:
            url = url.replace(part, MASK).replace(unquote(part), MASK)
        # Logs are written as UTF-8, which has no lone surrogates.
        return url if url.isascii() else url.encode(errors="backslashreplace").decode()

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.shown_url}>"
