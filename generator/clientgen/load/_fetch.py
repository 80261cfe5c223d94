"""Reads one URL with the standard library."""

from __future__ import annotations

import socket
import ssl
import string
import time
import urllib.request as http
import zlib
from http.client import HTTPException, HTTPResponse
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin

from clientgen.load._errors import without_query

if TYPE_CHECKING:
    from collections.abc import Callable

_ACCEPT = "application/json, application/yaml, text/yaml, */*;q=0.5"
_CHUNK = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
# A server that sends little by little is given up after so many times the timeout.
_PATIENCE = 10
_CUT = "the connection ended before all was sent; try again"
# zlib's word for either gzip or zlib framing.
_ANY_FRAMING = zlib.MAX_WBITS | 32


class FetchError(Exception):
    """A URL cannot be fetched; the text says why, and what to do."""


class Fetched(NamedTuple):
    """What a URL holds, and its address after redirects."""

    data: bytes
    url: str


def fetch(url: str, *, timeout: float, max_bytes: int, permits: Callable[[str], bool]) -> Fetched:
    """Get what an `http` or `https` URL holds.

    Proxies are taken from the environment, as `urllib` does.

    Args:
        url: The address.
        timeout: Seconds that the server may stay silent; in all it has ten times as long.
        max_bytes: The longest content that is read.
        permits: Says of each address that a server redirects to whether we may go there.

    Raises:
        FetchError: The content cannot be had.
    """
    deadline = time.monotonic() + _PATIENCE * timeout
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            answer = _get(url, timeout, max_bytes, deadline)
        except (OSError, HTTPException, ValueError, zlib.error) as error:
            raise FetchError(_plainly(error)) from None
        if isinstance(answer, Fetched):
            return answer
        url = answer
        if not permits(url):
            raise FetchError(f"it redirects to {without_query(url)}, which is not allowed")
    raise FetchError("it redirects too often; give the final address")


def _get(url: str, timeout: float, max_bytes: int, deadline: float) -> Fetched | str:
    """The content, or the address to go to instead."""
    headers = {"Accept": _ACCEPT, "User-Agent": f"clientgen/{_version()}"}
    request = http.Request(_ascii(url), headers=headers)  # noqa: S310 - the opener has no other schemes
    try:
        with _opener().open(request, timeout=timeout) as response:
            return Fetched(_content(response, max_bytes, deadline), url)
    except HTTPError as error:
        with error:
            location = error.headers.get("Location")
            if error.code in _REDIRECTS and location:
                # Headers are read as Latin-1, whatever they are.
                return urljoin(url, _ascii(location, "iso-8859-1"))
            raise FetchError(_status(error.code, error.reason)) from None


def _opener() -> http.OpenerDirector:
    """What `urllib` makes by default, without redirects, files, FTP and `data:`."""
    opener = http.OpenerDirector()
    for handler in (
        http.ProxyHandler(),
        http.HTTPHandler(),
        http.HTTPSHandler(),
        http.HTTPDefaultErrorHandler(),
        http.HTTPErrorProcessor(),
        http.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _content(response: HTTPResponse, max_bytes: int, deadline: float) -> bytes:
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise FetchError(_too_long(max_bytes))
        if time.monotonic() > deadline:
            raise FetchError("the server is too slow; fetch it yourself and give the file")
    # `read1` does not mind when the connection ends early.
    if len(content) < int(response.headers.get("Content-Length", 0)):
        raise FetchError(_CUT)
    return _unpacked(bytes(content), response.headers.get("Content-Encoding", ""), max_bytes)


def _unpacked(content: bytes, encoding: str, max_bytes: int) -> bytes:
    """The content itself: storage servers send what they hold packed, though we ask for plain."""
    if encoding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return content
    unpacking = zlib.decompressobj(_ANY_FRAMING)
    unpacked = unpacking.decompress(content, max_bytes + 1)
    if len(unpacked) > max_bytes:
        raise FetchError(_too_long(max_bytes))
    if not unpacking.eof:
        raise FetchError(_CUT)
    return unpacked


def _ascii(url: str, encoding: str = "utf-8") -> str:
    return quote(url, safe=string.punctuation, encoding=encoding)


def _too_long(max_bytes: int) -> str:
    return f"it is longer than {max_bytes:,} bytes; check that it is an API document"


def _status(code: int, reason: str) -> str:
    answer = f"the server answers {code} {reason}".rstrip()
    if code in {401, 403}:
        return f"{answer}; fetch the document yourself and give the file"
    return f"{answer}; check the address"


def _plainly(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    match reason:
        case socket.gaierror():
            return "the host name is not known; check the address and the network"
        case TimeoutError():
            return "the server does not answer in time; try again, or give a file"
        case ConnectionRefusedError():
            return "the connection is refused; check that the server runs at this address"
        case ssl.SSLCertVerificationError():
            return f"the certificate is not trusted ({reason.verify_message})"
        case _:
            return f"{str(reason) or type(reason).__name__}; check the address"


def _version() -> str:
    try:
        return version("clientgen")
    except PackageNotFoundError:
        return "unknown"
