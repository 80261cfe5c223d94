"""Multipart bodies taken apart as RFC 2046 section 5.1.1 says, byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.recorder import Sent


def parts_of(sent: Sent) -> list[tuple[str | None, str | None, bytes]]:
    """Disposition, media type and content of each part."""
    return [
        (fields.get("Content-Disposition"), fields.get("Content-Type"), content)
        for fields, content in raw_parts_of(sent)
    ]


def raw_parts_of(sent: Sent) -> list[tuple[dict[str, str], bytes]]:
    """Header fields and content of each part."""
    content_type = sent.header("content-type") or ""
    boundary = content_type.partition("boundary=")[2].encode()
    assert boundary
    first, *pieces, last = sent.body.split(b"--" + boundary)
    assert (first, last) == (b"", b"--\r\n")
    return [_part(piece) for piece in pieces]


def _part(piece: bytes) -> tuple[dict[str, str], bytes]:
    assert piece.startswith(b"\r\n")
    assert piece.endswith(b"\r\n")
    head, blank, content = piece[2:-2].partition(b"\r\n\r\n")
    assert blank
    lines = head.decode().split("\r\n")
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}, content
