"""Content codings, undone piece by piece so that no body is larger in memory than allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PIECE = 65536
_MAX_CODINGS = 2


class BadCodingError(ValueError):
    """The bytes are not what the coding promises."""


class CutCodingError(ValueError):
    """The coded bytes end before their end marker."""


class Coding(Protocol):
    """Undoes one content coding."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """The next pieces, each of bounded size."""
        ...

    def finish(self) -> None:
        """Check that nothing is missing."""
        ...


class _Zlib:
    """gzip and deflate (RFC 9110 section 8.4.1)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wbits = 31 if name == "gzip" else 15
        self._started = False
        self._stream = zlib.decompressobj(self._wbits)

    def decode(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                # Members may follow each other (RFC 1952 section 2.2); zeros are padding.
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._stream = zlib.decompressobj(self._wbits)
            yield from self._member(data)
            data = self._stream.unused_data

    def _member(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._decompress(data)
            data = self._stream.unconsumed_tail
            if piece:
                yield piece
            if self._stream.eof or (not data and len(piece) < _PIECE):
                return

    def _decompress(self, data: bytes) -> bytes:
        try:
            piece = self._stream.decompress(data, _PIECE)
        except zlib.error as error:
            if self._name == "gzip" or self._started:
                raise BadCodingError(f"it is not {self._name}: {error}") from error
            # Some servers send deflate without its zlib frame.
            self._wbits = -15
            self._stream = zlib.decompressobj(self._wbits)
            self._started = True
            return self._decompress(data)
        self._started = True
        return piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise CutCodingError(f"the {self._name} data ends early")


def codings(content_encoding: str) -> list[Coding]:
    """What undoes a `Content-Encoding`, in the order to apply.

    Raises:
        BadCodingError: A coding is unknown, or there are more than anyone needs.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MAX_CODINGS:
        raise BadCodingError(f"it is coded {len(names)} times")
    return [_coding(name.removeprefix("x-")) for name in reversed(names)]


def _coding(name: str) -> Coding:
    if name in ("gzip", "deflate"):
        return _Zlib(name)
    raise BadCodingError(f"its coding {name!r} is not supported")


def decode(chain: list[Coding], data: bytes) -> Iterable[bytes]:
    """One chunk through all codings."""
    if not chain:
        return (data,)
    pieces = chain[0].decode(data)
    for coding in chain[1:]:
        pieces = _through(coding, pieces)
    return pieces


def _through(coding: Coding, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from coding.decode(piece)
