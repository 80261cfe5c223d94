"""Requests and answers as httpx has them, and as connections of our own do."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from .._outgoing import Outgoing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from .._flow import Send
    from .._outgoing import Address, Fields
    from .._payload import Payload
    from .._request import Request

_PORTS = {"http": 80, "https": 443}
# The body decides these.
_FRAMING = frozenset({"host", "content-length", "transfer-encoding"})

# A URL that goes on the wire as it is written, so that httpx need not take it apart. What it would
# change are dots as segments, escapes that are none, and other characters.
_PLAIN_URL = re.compile(
    r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::([1-9][0-9]{0,4}))?"
    r"((?:/(?![.])[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)"
).fullmatch
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})").search


class TellsExtensions(Protocol):
    """An answer of any protocol."""

    @property
    def extensions(self) -> Mapping[str, object]:
        """What httpx tells of an answer beside its headers."""
        ...


class Native:
    """An answer whose body is still to be read.

    Attributes:
        status_code: The status.
        fields: Header fields, names as sent.
        stream: The body: chunks, and `close()` or `aclose()`.
    """

    __slots__ = ("_told_by", "fields", "status_code", "stream")

    def __init__(
        self,
        status_code: int,
        fields: Fields,
        stream: Any,
        told_by: TellsExtensions,
    ) -> None:
        self.status_code: int = status_code
        self.fields: Fields = fields
        self.stream: Any = stream
        self._told_by = told_by

    @property
    def extensions(self) -> Mapping[str, object]:
        """What httpx tells of an answer beside its headers."""
        return self._told_by.extensions

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    def close(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        self.stream.close()

    async def aclose(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        await self.stream.aclose()


def of_httpx(response: httpx.Response) -> Native:
    """An answer that came through httpx."""
    fields = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
    ]
    return Native(response.status_code, fields, response.stream, response)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A payload as httpx reads it."""

    def __init__(self, payload: Payload) -> None:
        self._payload = payload

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._payload)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._payload)


def native_request(send: Send) -> httpx.Request:
    """The request as httpx takes it."""
    request = send.request
    address = httpx.URL(_full_url(request))
    fields = _fields(request, address.netloc.decode("ascii"))
    body = request.payload.at_once
    made = httpx.Request(
        request.method,
        address,
        headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in fields],
        stream=httpx.ByteStream(body) if body is not None else _Body(request.payload),
        extensions={**send.extensions, "timeout": _phases(send)},
    )
    made.method = request.method  # httpx puts it in capitals, and its case counts
    return made


def _phases(send: Send) -> dict[str, float | None]:
    """The limits for what may know of no other: none is longer than what is left of the total."""
    phases = send.timeout.phases()
    if send.deadline is None:
        return phases
    left = max(send.deadline - time.monotonic(), 0.001)
    return {name: left if limit is None else min(limit, left) for name, limit in phases.items()}


def outgoing(send: Send) -> Outgoing:
    """The request as our connections take it."""
    request = send.request
    payload = request.payload
    address, host, target = split_url(_full_url(request))
    body = payload.at_once
    made = Outgoing(
        request.method,
        address,
        target,
        [f"{name}: {value}" for name, value in _fields(request, host)],
        payload if body is None else body,
        payload.length,
        send.timeout.phases(),
    )
    made.server_name = send.extensions.get("sni_hostname")
    return made


def _full_url(request: Request) -> str:
    if not request.secret_query:
        return request.url
    mark = "&" if "?" in request.url else "?"
    return request.url + mark + "&".join(request.secret_query)


def split_url(url: str) -> tuple[Address, str, str]:
    """Server, `Host` and target of a URL."""
    plain = _PLAIN_URL(url)
    if plain is None or ("%" in url and _NO_ESCAPE(url)):
        return _split_by_httpx(url)
    scheme, host, port, target = plain.groups()
    number = int(port) if port else _PORTS[scheme]
    if number != _PORTS[scheme]:
        return (scheme, host, number), f"{host}:{port}", _from_root(target)
    return (scheme, host, number), host, _from_root(target)


def _from_root(target: str) -> str:
    return target if target.startswith("/") else f"/{target}"


def _split_by_httpx(url: str) -> tuple[Address, str, str]:
    parts = httpx.URL(url)
    address = (parts.scheme, parts.raw_host.decode("ascii"), parts.port or _PORTS[parts.scheme])
    return address, parts.netloc.decode("ascii"), parts.raw_path.decode("ascii")


def _fields(request: Request, host: str) -> Fields:
    fields = [("Host", request.headers.get("host", host))]
    fields += [item for item in request.headers.multi_items() if item[0].lower() not in _FRAMING]
    payload = request.payload
    # RFC 9112 section 6, and RFC 9110 section 8.6 for bodies that are empty.
    if payload.length is None:
        fields.append(("Transfer-Encoding", "chunked"))
    elif payload.length or request.method in ("POST", "PUT", "PATCH"):
        fields.append(("Content-Length", str(payload.length)))
    return fields
