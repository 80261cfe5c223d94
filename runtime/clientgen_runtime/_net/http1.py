"""HTTP/1.1 on the wire (RFC 9112): heads written, answers read; does no I/O.

What a server sends decides where its next answer begins, so nothing is guessed here: whatever
the grammar does not allow ends the connection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_HEAD = 100 * 1024
"""Bytes that the head of an answer may have, and its trailers."""

_MAX_INTERIM = 100
_MAX_CHUNK_LINE = 4096

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# RFC 9112 section 3; the count of lines tells whether a value brought its own.
_REQUEST_HEAD = re.compile(
    rf"{_NAME} [\x21-\x7e]+ HTTP/1\.1\r\n(?:{_NAME}: [\t\x20-\x7e]*\r\n)*\r\n"
).fullmatch
_STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) ([1-9][0-9]{2})(?: ([^\x00\r\n\x0b\x0c]*))?").fullmatch
# RFC 9110 section 5.5: other control characters may be kept, and servers do send some.
_FIELDS = re.compile(rf"({_NAME}):([^\x00\r\n\x0b\x0c]*)\r\n").findall
_LENGTH = re.compile(r"[0-9]{1,18}").fullmatch
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[\t ]*(?:;[^\x00\r\n]*)?").fullmatch


def request_head(method: str, target: str, field_lines: Iterable[str]) -> bytes:
    """The head of a request.

    Args:
        method: HTTP method.
        target: What stands between method and version (RFC 9112 section 3.2).
        field_lines: Header fields in order, `Host` first.

    Raises:
        httpcore.LocalProtocolError: It would not be one head: there are line breaks, control
            characters, or text outside ASCII.
    """
    lines = [f"{method} {target} HTTP/1.1", *field_lines]
    head = "\r\n".join(lines) + "\r\n\r\n"
    if head.count("\n") != len(lines) + 1 or not _REQUEST_HEAD(head):
        # What is wrong with it is not told: it may be a secret.
        raise httpcore.LocalProtocolError("the request is not valid HTTP")
    return head.encode("ascii")


def chunk(data: bytes) -> bytes:
    """A piece of a body of unknown length (RFC 9112 section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


class Head(NamedTuple):
    """Status line and fields of an answer.

    Attributes:
        status: The status, from 200.
        reason: The words beside it.
        version: Such as `HTTP/1.1`.
        fields: Names as sent, and values.
    """

    status: int
    reason: str
    version: str
    fields: list[tuple[str, str]]

    @property
    def extensions(self) -> dict[str, bytes]:
        """What httpx tells of an answer beside its headers."""
        return {
            "http_version": self.version.encode("ascii"),
            "reason_phrase": self.reason.encode("latin-1"),
        }


class Answer:
    """Reads one answer from the pieces in which it arrives.

    Give pieces to `head` until it returns one, then to `body` until `is_over`; take `rest` first.

    Args:
        method: Method of the request, which decides whether there is a body.

    Attributes:
        has_begun: Whether any of the answer has arrived.
        is_over: Whether the body is complete.
    """

    __slots__ = (
        "_buffer",
        "_chunk_left",
        "_interim",
        "_is_chunked",
        "_is_last",
        "_is_reusable",
        "_left",
        "_method",
        "_trailers",
        "has_begun",
        "is_over",
    )

    def __init__(self, method: str) -> None:
        self._method = method
        self._buffer = b""
        self._interim = 0
        self._left: int | None = None
        self._is_chunked = False
        # Bytes of the chunk and of the line end behind it; 0 when a size line is next.
        self._chunk_left = 0
        self._is_last = False
        self._trailers = 0
        self.has_begun = False
        self.is_over = False
        self._is_reusable = False

    def head(self, data: bytes) -> Head | None:
        """Take the next bytes; the head once it is complete.

        Raises:
            httpcore.RemoteProtocolError: This is no answer, or the connection has ended.
        """
        if not data:
            raise _broken("the server closed the connection without an answer")
        self.has_begun = True
        self._buffer = self._buffer + data if self._buffer else data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            if end > MAX_HEAD:
                break
            text = self._buffer[: end + 2].decode("latin-1")
            self._buffer = self._buffer[end + 4 :]
            head = _parsed(text)
            if head.status >= 200:
                self._begin(head)
                return head
            self._skip(head)
        if len(self._buffer) > MAX_HEAD:
            raise _broken(f"the head of the answer is larger than {MAX_HEAD} bytes")
        if self._buffer and not b"HTTP/1.".startswith(self._buffer[:7]):
            raise _broken("this is not HTTP/1.1")
        return None

    def _skip(self, head: Head) -> None:
        # RFC 9110 section 15.2: interim answers may come without being asked for.
        self._interim += 1
        if head.status == 101:
            raise _broken("the server switched to another protocol")
        if self._interim > _MAX_INTERIM:
            raise _broken(f"there are more than {_MAX_INTERIM} interim answers")

    def _begin(self, head: Head) -> None:
        """Find out how long the body is (RFC 9112 section 6.3)."""
        lengths: list[str] = []
        codings: list[str] = []
        options = ""
        for name, value in head.fields:
            lowered = name.lower()
            if lowered == "content-length":
                lengths += value.split(",")
            elif lowered == "transfer-encoding":
                codings.append(value.lower())
            elif lowered == "connection":
                options += f",{value.lower()}"
        length = _length(lengths)
        if len(lengths) > 1:
            _state_once(head.fields, length)
        if codings and codings != ["chunked"]:
            raise _broken("the transfer coding of the answer is not known")
        # RFC 9112 sections 6.1 and 9.3: with both fields, or from a server of 1.0, it ends here.
        self._is_reusable = (
            head.version == "HTTP/1.1"
            and not (codings and lengths)
            and not (options and "close" in [option.strip() for option in options.split(",")])
        )
        if self._has_no_body(head.status):
            self.is_over = True
        elif codings:
            self._is_chunked = True
        else:
            self._left = length
            self.is_over = length == 0
            self._is_reusable = self._is_reusable and length is not None

    def _has_no_body(self, status: int) -> bool:
        return (
            self._method == "HEAD"
            or status in (204, 304)
            or (self._method == "CONNECT" and status < 300)
        )

    def rest(self) -> bytes:
        """What of the body came together with the head."""
        data, self._buffer = self._buffer, b""
        if self.is_over:
            self._buffer = data
            return b""
        return self.body(data) if data else b""

    def body(self, data: bytes) -> bytes:
        """What of the body is in these bytes; no bytes stand for the end of the connection.

        Raises:
            httpcore.RemoteProtocolError: The body is broken or cut.
        """
        if not data:
            return self._end()
        if self._is_chunked:
            return self._unchunked(data)
        if self._left is None:
            return data
        if len(data) > self._left:
            # The rest belongs to no answer, so the connection is of no more use.
            self._buffer = data[self._left :]
            data = data[: self._left]
        self._left -= len(data)
        self.is_over = not self._left
        return data

    def _end(self) -> bytes:
        if self._left is not None or self._is_chunked:
            raise _broken("the connection ended before the body was complete")
        self.is_over = True
        return b""

    def _unchunked(self, data: bytes) -> bytes:
        data = self._buffer + data if self._buffer else data
        pieces: list[bytes] = []
        at = 0
        while not self.is_over and at < len(data):
            if not self._chunk_left:
                end = data.find(b"\r\n", at)
                if end < 0:
                    self._check_line(len(data) - at)
                    break
                self._check_line(end - at)
                self._line(data[at:end])
                at = end + 2
                continue
            content = min(self._chunk_left - 2, len(data) - at)
            if content > 0:
                pieces.append(data[at : at + content])
                at += content
                self._chunk_left -= content
                continue
            if len(data) - at < 2:
                break
            if data[at : at + 2] != b"\r\n":
                raise _broken("a chunk of the body is longer than it says")
            at += 2
            self._chunk_left = 0
        self._buffer = data[at:]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _check_line(self, length: int) -> None:
        if length > (MAX_HEAD - self._trailers if self._is_last else _MAX_CHUNK_LINE):
            raise _broken("a line between the chunks of the body is too long")

    def _line(self, line: bytes) -> None:
        if self._is_last:
            self._trailer(line)
            return
        stated = _CHUNK_LINE(line)
        if stated is None:
            raise _broken("a chunk of the body does not begin with its size")
        size = int(stated[1], 16)
        self._is_last = size == 0
        self._chunk_left = size + 2 if size else 0

    def _trailer(self, line: bytes) -> None:
        """Check a trailer field; their values are of no use to anyone here."""
        self._trailers += len(line) + 2
        if not line:
            self.is_over = True
        else:
            _fields(f"{line.decode('latin-1')}\r\n")

    @property
    def is_clean(self) -> bool:
        """Whether another exchange may follow on the connection."""
        return self.is_over and self._is_reusable and not self._buffer


def _parsed(text: str) -> Head:
    line, _, fields = text.partition("\r\n")
    status = _STATUS_LINE(line)
    if status is None:
        raise _broken("the status line of the answer is broken")
    return Head(int(status[2]), status[3] or "", f"HTTP/1.{status[1]}", _fields(fields))


def _fields(text: str) -> list[tuple[str, str]]:
    found = _FIELDS(text)
    # What lies between two fields that were found is none: the colon and the line end are three.
    if sum([len(name) + len(value) + 3 for name, value in found]) != len(text):
        raise _broken("a header or trailer field of the answer is broken")
    return [(name, value.strip(" \t")) for name, value in found]


def _length(stated: list[str]) -> int | None:
    """The length that `Content-Length` states; repeating it is allowed, changing it is not."""
    if not stated:
        return None
    values = {value.strip(" \t") for value in stated}
    value = values.pop()
    if values or not _LENGTH(value):
        raise _broken("the answer states no usable Content-Length")
    return int(value)


def _state_once(fields: list[tuple[str, str]], length: int | None) -> None:
    """Leave one `Content-Length` of those that say the same."""
    first = next(field for field in fields if field[0].lower() == "content-length")
    others = [field for field in fields if field[0].lower() != "content-length"]
    fields[:] = [(first[0], str(length)), *others]


def _broken(why: str) -> httpcore.RemoteProtocolError:
    return httpcore.RemoteProtocolError(why)
