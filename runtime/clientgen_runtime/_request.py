"""A request as hooks and errors see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._headers import Headers
from ._payload import EMPTY, Payload
from ._redact import redact_url, secrets_of

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

    Args:
        method: HTTP method, in upper case.
        url: Absolute URL.
        headers: Header fields; none when they are not given.
        payload: The body; empty when it is not given.

    Example:
        >>> client.get("/pets/7").request
        <Request GET https://api.example.com/pets/7>
    """

    __slots__ = ("headers", "method", "payload", "secret_query", "url")

    def __init__(
        self, method: str, url: str, headers: Headers | None = None, payload: Payload = EMPTY
    ) -> None:
        self.method: str = method
        self.url: str = url
        self.headers: Headers = headers if headers is not None else Headers()
        self.payload: Payload = payload
        self.secret_query: tuple[str, ...] = ()

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
        return clone

    def secrets(self) -> Iterator[str]:
        """What a careless server may repeat in its answer, and nobody may show.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> BearerAuth("t-123456789").apply(request)
            >>> "t-123456789" in request.secrets()
            True
        """
        queries = (*self.url.partition("?")[2].split("&"), *self.secret_query)
        return secrets_of(self.headers.multi_items(), queries)

    def __repr__(self) -> str:
        return f"<Request {self.method} {redact_url(self.url)}>"
