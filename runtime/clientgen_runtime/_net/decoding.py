"""Content codings, undone piece by piece so that no body is larger in memory than allowed."""

from __future__ import annotations

import zlib
from importlib import import_module
from importlib.util import find_spec
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
        self._first = b""
        self._stream = zlib.decompressobj(self._wbits)

    def decode(self, data: bytes) -> Iterator[bytes]:
        if not self._started:
            # It takes two bytes to see whether there is a frame.
            data = self._first = self._first + data
            if len(data) < 2:
                return
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
        if self._first and not self._stream.eof:
            raise CutCodingError(f"the {self._name} data ends early")


class _Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        brotli = import_module("brotli")
        self._stream = brotli.Decompressor()
        self._error = brotli.error
        self._started = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        try:
            piece = self._stream.process(data, output_buffer_limit=_PIECE)
            while piece:
                yield piece
                piece = b""
                if not self._stream.can_accept_more_data():
                    piece = self._stream.process(b"", output_buffer_limit=_PIECE)
        except self._error as error:
            raise BadCodingError("it is not br") from error

    def finish(self) -> None:
        if self._started and not self._stream.is_finished():
            raise CutCodingError("the br data ends early")


class _Zstd:
    """zstd (RFC 8878)."""

    # A block of 4 bytes may stand for 128 KiB, and the library has no limit of its own.
    _SLICE = 64

    def __init__(self) -> None:
        self._library = import_module("zstandard")
        self._stream = self._library.ZstdDecompressor().decompressobj()
        self._started = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        at = 0
        try:
            while at < len(data):
                if self._stream.eof:
                    # Frames may follow each other (RFC 8878 section 3.1).
                    self._stream = self._library.ZstdDecompressor().decompressobj()
                slice_ = data[at : at + self._SLICE]
                piece = self._stream.decompress(slice_)
                at += len(slice_) - len(self._stream.unused_data)
                if piece:
                    yield piece
        except self._library.ZstdError as error:
            raise BadCodingError("it is not zstd") from error

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise CutCodingError("the zstd data ends early")


def known_codings() -> list[str]:
    """The codings that can be undone here, for `Accept-Encoding`."""
    names = ["gzip", "deflate"]
    if _brotli_is_bounded():
        names.append("br")
    if find_spec("zstandard") is not None:
        names.append("zstd")
    return names


def _brotli_is_bounded() -> bool:
    # Before 1.2 brotli gives out a bomb as one piece.
    if find_spec("brotli") is None:
        return False
    return hasattr(import_module("brotli").Decompressor, "can_accept_more_data")


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
    if name == "br" and _brotli_is_bounded():
        return _Brotli()
    if name == "zstd" and find_spec("zstandard") is not None:
        return _Zstd()
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
