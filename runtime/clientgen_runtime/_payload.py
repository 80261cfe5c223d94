"""Request bodies: bytes, or chunks that are made while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import TypeAlias

from ._errors import ConfigurationError

Chunks: TypeAlias = Iterable[bytes] | AsyncIterable[bytes]


class Payload:
    """A request body.

    Args:
        content: All of it, or a function that starts its chunks anew.
        content_type: Media type, `None` to send no `Content-Type`.
        length: Length in bytes when it is known before.
        replayable: Whether the chunks can be started more than once, as a retry needs.
    """

    __slots__ = ("_start", "_started", "content", "content_type", "length", "replayable")

    def __init__(
        self,
        content: bytes | Callable[[], Chunks],
        content_type: str | None = None,
        *,
        length: int | None = None,
        replayable: bool = True,
    ) -> None:
        self.content = content if isinstance(content, bytes) else None
        self._start = None if isinstance(content, bytes) else content
        self._started = False
        self.content_type = content_type
        self.length = len(content) if isinstance(content, bytes) else length
        self.replayable = replayable

    def __iter__(self) -> Iterator[bytes]:
        chunks = self._chunks()
        if not isinstance(chunks, Iterable):
            raise ConfigurationError("an async body needs an AsyncClient")
        return iter(chunks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = self._chunks()
        if isinstance(chunks, Iterable):
            for chunk in chunks:
                yield chunk
        else:
            async for chunk in chunks:
                yield chunk

    def _chunks(self) -> Chunks:
        if self._start is None:
            return (self.content or b"",)
        if self._started and not self.replayable:
            raise ConfigurationError("the body was sent before and cannot be started again")
        self._started = True
        return self._start()

    @property
    def can_be_sent(self) -> bool:
        """Whether an attempt can still send all of it."""
        return self.replayable or not self._started


EMPTY = Payload(b"")
