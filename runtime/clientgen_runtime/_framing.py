"""Cutting a stream of bytes into pieces, texts, lines, events and documents; does no I/O."""

from __future__ import annotations

import codecs
import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from ._errors import ConfigurationError, DecodeError, ResponseTooLargeError
from ._json import Load, loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T_co = TypeVar("T_co", covariant=True)


class Framing(Protocol[T_co]):
    """Makes items of chunks."""

    def feed(self, chunk: bytes) -> Iterable[T_co]:
        """The items that this chunk completes."""
        ...

    def finish(self) -> Iterator[T_co]:
        """The items that the end completes."""
        ...


class Pieces:
    """Pieces of one size, the last one shorter; as they come when no size is given.

    Raises:
        ConfigurationError: There are no pieces of that size.
    """

    def __init__(self, size: int | None = None) -> None:
        if size is not None and size < 1:
            raise ConfigurationError(f"chunk_size= is at least 1, not {size}")
        self._size = size
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._size is None:
            yield chunk
            return
        self._buffer += chunk
        start = 0
        while len(self._buffer) - start >= self._size:
            yield bytes(self._buffer[start : start + self._size])
            start += self._size
        del self._buffer[:start]

    def finish(self) -> Iterator[bytes]:
        if self._buffer:
            yield bytes(self._buffer)


class Texts:
    """Decoded text; what is not of the charset is replaced, never an error."""

    def __init__(self, charset: str | None = None) -> None:
        try:
            decoder = codecs.getincrementaldecoder(charset or "utf-8-sig")
            decoder("replace").decode(b"a")
        except (LookupError, UnicodeError, AssertionError, TypeError):
            # Some registered codecs are not of text.
            decoder = codecs.getincrementaldecoder("utf-8-sig")
        self._decoder = decoder("replace")

    def feed(self, chunk: bytes) -> Iterator[str]:
        if text := self._decoder.decode(chunk):
            yield text

    def finish(self) -> Iterator[str]:
        if text := self._decoder.decode(b"", final=True):
            yield text


class Lines:
    """Lines without their ends, which are CR, LF or CRLF; other separators are text.

    Args:
        limit: The longest line in bytes that is taken; `None` for any.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._held = 0
        self._skips_lf = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._skips_lf and chunk:
            self._skips_lf = False
            chunk = chunk.removeprefix(b"\n")
        if b"\r" in chunk:
            self._skips_lf = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        first, *lines = chunk.split(b"\n")
        self._hold(first)
        for line in lines:
            yield self._release()
            self._hold(line)

    def finish(self) -> Iterator[bytes]:
        if self._held:
            yield self._release()

    def _hold(self, part: bytes) -> None:
        self._parts.append(part)
        self._held += len(part)
        if self._limit is not None and self._held > self._limit:
            raise ResponseTooLargeError(f"a line of the stream is longer than {self._limit} bytes")

    def _release(self) -> bytes:
        line = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts = []
        self._held = 0
        return line


class TextLines:
    """Lines of text in a charset."""

    def __init__(self, charset: str | None = None, limit: int | None = None) -> None:
        self._texts = Texts(charset)
        self._lines = Lines(limit)

    def feed(self, chunk: bytes) -> Iterator[str]:
        for text in self._texts.feed(chunk):
            yield from self._decoded(self._lines.feed(text.encode("utf-8", "replace")))

    def finish(self) -> Iterator[str]:
        for text in self._texts.finish():
            yield from self._decoded(self._lines.feed(text.encode("utf-8", "replace")))
        yield from self._decoded(self._lines.finish())

    @staticmethod
    def _decoded(lines: Iterator[bytes]) -> Iterator[str]:
        return (line.decode() for line in lines)


class ServerSentEvent(NamedTuple):
    """An event of `text/event-stream` (WHATWG HTML, section 9.2).

    Attributes:
        event: Its type; `message` when the server names none.
        data: Its payload.
        id: The id to resume after; the last one that was sent, else empty.
        retry: Milliseconds to wait before connecting anew, when this event states them.

    Example:
        >>> for event in client.sse("/pets/events"):
        ...     print(event)
        ServerSentEvent(event='born', data='{"id": 9}', id='1', retry=None)
        ServerSentEvent(event='named', data='{"id": 9}', id='2', retry=None)
    """

    event: str = "message"
    data: str = ""
    id: str = ""
    retry: int | None = None

    def json(self) -> Any:
        """The data as JSON.

        Raises:
            DecodeError: It is not JSON.

        Example:
            >>> ServerSentEvent("born", '{"id": 9}').json()
            {'id': 9}
        """
        return json_of(self.data)


# Matches one event of the shape that nearly all have, or one of another shape, or blank lines.
# What may follow anything starts with a line end, so no text makes it try one place often.
_EVENTS = re.compile(
    r"(?:id: ?([^\n\0 ][^\n\0]*)\n)?(?:event: ?(.*)\n)?"
    r"data: ?([^\n ].*(?:\ndata:.*)*)(?:\n\n|\n?\Z)"
    r"|(.+(?:\n.+)*)(?:\n\n|\n?\Z)"
    r"|\n+"
).findall
_NEXT_DATA = re.compile(r"\ndata: ?")
_new_event = partial(tuple.__new__, ServerSentEvent)  # pyright: ignore[reportUnknownMemberType]


class Events:
    """Server-sent events, parsed as WHATWG HTML section 9.2.6 says.

    Args:
        limit: The largest event in bytes that is taken.

    Attributes:
        last_id: The id to resume after, also when it came without an event.
        retry: Milliseconds to wait before connecting anew, as last stated.
    """

    def __init__(self, limit: int | None = 64_000_000) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._held = 0
        self._skips_lf = False
        self._is_start = True
        self.last_id = ""
        self.retry: int | None = None

    def feed(self, chunk: bytes) -> Iterable[ServerSentEvent]:
        text = self._complete(chunk)
        if not text:
            return ()
        if self._limit is not None and len(text) > self._limit:
            return self._bounded(text)
        # Most streams are of lines of data alone: each line end is before one, or is the first
        # of the two before one.
        lines, blanks = text.count("\n"), text.count("\n\ndata: ")
        if text.startswith("data: ") and lines == text.count("\ndata: ") + blanks:
            last_id = self.last_id
            events = text[6:].split("\n\ndata: ")
            if lines > 2 * blanks:
                events = [data.replace("\ndata: ", "\n") for data in events]
            return [_new_event(("message", data, last_id, None)) for data in events]
        return list(self._events(text))

    def _bounded(self, text: str) -> Iterator[ServerSentEvent]:
        """The events of a text, up to one that is too large."""
        for block in text.split("\n\n"):
            self._check_size(len(block.encode()))
            yield from self._events(block)

    def _events(self, text: str) -> Iterator[ServerSentEvent]:
        for new_id, kind, data, unusual in _EVENTS(text):
            if data:
                if new_id:
                    self.last_id = new_id
                joined = _joined(data) if "\n" in data else data
                yield _new_event((kind or "message", joined, self.last_id, None))
            elif unusual and (event := self._unusual(unusual)) is not None:
                yield event

    def finish(self) -> Iterator[ServerSentEvent]:
        # An event that no blank line ended is incomplete and is dropped.
        return iter(())

    def _complete(self, chunk: bytes) -> str:
        """The text of the events that this chunk completes, with LF alone as line end."""
        if self._skips_lf and chunk:
            self._skips_lf = False
            chunk = chunk.removeprefix(b"\n")
        if b"\r" in chunk:
            self._skips_lf = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not chunk:
            return ""
        # An end may lie across two chunks; to look further back each time would be quadratic.
        seam = self._parts[-1][-1:] if self._parts else b""
        self._parts.append(chunk)
        self._held += len(chunk)
        if b"\n\n" not in seam + chunk:
            self._check_size(self._held)
            return ""
        held = b"".join(self._parts)
        end = held.rfind(b"\n\n")
        self._parts = [held[end + 2 :]] if end >= 0 else [held]
        self._held = len(self._parts[0])
        self._check_size(self._held)
        return self._decoded(held[:end]) if end >= 0 else ""

    def _decoded(self, data: bytes) -> str:
        if self._is_start:
            self._is_start = False
            data = data.removeprefix(b"\xef\xbb\xbf")
        return data.decode("utf-8", "replace")

    def _check_size(self, size: int) -> None:
        if self._limit is not None and size > self._limit:
            raise ResponseTooLargeError(
                f"an event of the stream is larger than {self._limit} bytes"
            )

    def _unusual(self, block: str) -> ServerSentEvent | None:
        data: list[str] = []
        kind, retry = "", None
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value
            elif name == "id" and "\0" not in value:
                self.last_id = value
            elif name == "retry" and value.isascii() and value.isdigit():
                retry = self.retry = int(value[:18])
        if not data:
            return None
        return ServerSentEvent(kind or "message", "\n".join(data), self.last_id, retry)


def _joined(data: str) -> str:
    """The lines of data that come after the first, without their field names."""
    joined = data.replace("\ndata: ", "\n")
    # Where one has no space after the colon, or has a value that looks like a name.
    return _NEXT_DATA.sub("\n", data) if "\ndata:" in joined else joined


class Documents:
    """JSON Lines: a document a line; blank lines are skipped.

    Args:
        limit: The longest line in bytes that is taken.
    """

    def __init__(self, limit: int | None = 64_000_000) -> None:
        self._lines = Lines(limit)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        return (doc for line in self._lines.feed(chunk) if (doc := line.strip(b" \t\x1e")))

    def finish(self) -> Iterator[bytes]:
        return (doc for line in self._lines.finish() if (doc := line.strip(b" \t\x1e")))


class Sequences:
    """JSON text sequences: a record separator before each document (RFC 7464).

    Args:
        limit: The longest document in bytes that is taken.
    """

    def __init__(self, limit: int | None = 64_000_000) -> None:
        self._lines = Lines(limit)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        # Line ends are white space within a document, and separators are ends of what is before.
        text = chunk.replace(b"\n", b" ").replace(b"\r", b" ").replace(b"\x1e", b"\n")
        return (doc for line in self._lines.feed(text) if (doc := line.strip()))

    def finish(self) -> Iterator[bytes]:
        return (doc for line in self._lines.finish() if (doc := line.strip()))


def json_of(data: bytes | str, load: Load = loads) -> Any:
    """An item of a stream as JSON.

    Args:
        data: The JSON text.
        load: What reads it.

    Raises:
        DecodeError: It is not JSON.
    """
    try:
        return load(data)
    except ValueError as error:
        shown = data[:60] if isinstance(data, str) else data[:60].decode("utf-8", "replace")
        raise DecodeError(f"an item of the stream is not JSON: {error}; near {shown!r}") from error
