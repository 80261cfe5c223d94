"""Requests as connections take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._policies.retry import IDEMPOTENT

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Mapping

Address: TypeAlias = tuple[str, str, int]
"""Scheme, host and port of a server."""

Fields: TypeAlias = list[tuple[str, str]]


class Outgoing:
    """A request as connections take it.

    Attributes:
        method: HTTP method.
        address: The server.
        target: Path and query.
        lines: Header fields, with `Host` first and those that say how long the body is. Whole
            lines, since a thousand requests that wait have many.
        body: The body, or its pieces.
        length: Bytes of the body, `None` for a body in chunks.
        timeouts: Seconds of `connect`, `read`, `write` and `pool`.
        server_name: What TLS calls the server, when that is not the host.
    """

    __slots__ = (
        "address",
        "body",
        "length",
        "lines",
        "method",
        "server_name",
        "target",
        "timeouts",
    )

    def __init__(
        self,
        method: str,
        address: Address,
        target: str,
        lines: list[str],
        body: bytes | Iterable[bytes] | AsyncIterable[bytes],
        length: int | None,
        timeouts: Mapping[str, float | None],
    ) -> None:
        self.method = method
        self.address = address
        self.target = target
        self.lines = lines
        self.body = body
        self.length = length
        self.timeouts = timeouts
        self.server_name: str | None = None

    @property
    def may_be_repeated(self) -> bool:
        """Whether it may be sent anew when a used connection turns out to be closed.

        RFC 9112 section 9.3.1 allows it for idempotent methods; streamed bodies start only once.
        """
        return self.method in IDEMPOTENT and isinstance(self.body, bytes)

    @property
    def peer(self) -> Address:
        """Whose connections it may use: one that TLS verified for another name is another's."""
        if self.server_name is None:
            return self.address
        scheme, host, port = self.address
        return scheme, f"{self.server_name} at {host}", port

    def changed(self, target: str, lines: list[str]) -> Outgoing:
        """The same request with another target and other header fields."""
        clone = Outgoing(
            self.method,
            self.address,
            target,
            lines,
            self.body,
            self.length,
            self.timeouts,
        )
        clone.server_name = self.server_name
        return clone
