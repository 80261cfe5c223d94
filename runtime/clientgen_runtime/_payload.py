"""Request bodies: bytes, or chunks that are made while they are sent."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TypeAlias

from ._errors import ClientError, ConfigurationError
from ._narrow import is_binary

Chunks: TypeAlias = Iterable[bytes] | AsyncIterable[bytes]

Progress: TypeAlias = Callable[[int, "int | None"], object]
"""Called with the bytes that are done and, if known, their number at the end."""

_PIECE = 65536


class Payload:
    """A request body.

    Args:
        content: All of it, or a function that starts its chunks anew.
        content_type: Media type, `None` to send no `Content-Type`.
        length: Length in bytes when it is known before.
        replayable: Whether the chunks can be started more than once, as a retry needs.

    Attributes:
        progress: Told while the chunks are sent; `None` when nobody wants to know.
    """

    __slots__ = (
        "_start",
        "_started",
        "content",
        "content_type",
        "length",
        "progress",
        "replayable",
    )

    def __init__(
        self,
        content: bytes | Callable[[], Chunks],
        content_type: str | None = None,
        *,
        length: int | None = None,
        replayable: bool = True,
    ) -> None:
        self.content: bytes | None = content if isinstance(content, bytes) else None
        self._start = None if isinstance(content, bytes) else content
        self._started = False
        self.content_type: str | None = content_type
        self.length: int | None = len(content) if isinstance(content, bytes) else length
        self.replayable: bool = replayable
        self.progress: Progress | None = None

    def __iter__(self) -> Iterator[bytes]:
        chunks = self._chunks()
        if not isinstance(chunks, Iterable):
            raise ConfigurationError("an async body needs an AsyncClient")
        meter = _Meter(self)
        try:
            for chunk in chunks:
                yield from meter.pieces(chunk)
        except Exception as error:
            raise _unreadable(error) from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = self._chunks()
        meter = _Meter(self)
        try:
            if isinstance(chunks, Iterable):
                for chunk in chunks:
                    for piece in meter.pieces(chunk):
                        yield piece
            else:
                async for chunk in chunks:
                    for piece in meter.pieces(chunk):
                        yield piece
        except Exception as error:
            raise _unreadable(error) from error

    def _chunks(self) -> Chunks:
        if self._start is None:
            return (self.content or b"",)
        if self._started and not self.replayable:
            raise ConfigurationError("the body was sent before and cannot be started again")
        self._started = True
        return self._start()

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        # Functions and open files cannot go to another process, where nobody sends it again.
        state = {name: getattr(self, name) for name in self.__slots__}
        return None, {**state, "_start": None, "_started": True, "progress": None}

    @property
    def at_once(self) -> bytes | None:
        """The body when all of it can be handed over at once, `None` when it goes in chunks."""
        return self.content if self.progress is None else None

    @property
    def can_be_sent(self) -> bool:
        """Whether an attempt can still send all of it."""
        return self.replayable or not self._started


class _Meter:
    """Counts what is sent of a payload, and tells who wants to know."""

    __slots__ = ("_done", "_tell", "_total")

    def __init__(self, payload: Payload) -> None:
        self._tell = payload.progress
        self._total = payload.length
        self._done = 0

    def pieces(self, chunk: object) -> Iterator[bytes]:
        """A chunk, in pieces when progress is told of it."""
        if not is_binary(chunk):
            raise ConfigurationError(f"a body is made of bytes, not of {type(chunk).__name__}")
        chunk = bytes(chunk)
        if self._tell is None:
            yield chunk
            return
        for start in range(0, len(chunk), _PIECE):
            piece = chunk[start : start + _PIECE]
            yield piece
            self._done += len(piece)
            self._tell(self._done, self._total)


def _unreadable(error: Exception) -> ClientError:
    """What the caller's own file, iterator or progress function raised: no attempt mends it."""
    if isinstance(error, ClientError):
        return error
    return ConfigurationError(f"the body could not be sent: {type(error).__name__}: {error}")


def watched(payload: Payload, progress: Progress) -> Payload:
    """A payload of whose way to the server somebody is told.

    Args:
        payload: The body.
        progress: Called after each piece, from 0 again when the body is sent again.
    """
    start = payload.content if payload._start is None else payload._start
    assert start is not None
    told = Payload(
        start, payload.content_type, length=payload.length, replayable=payload.replayable
    )
    told.progress = progress
    return told


EMPTY = Payload(b"")
