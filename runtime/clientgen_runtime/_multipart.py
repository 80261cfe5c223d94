"""`multipart/form-data` (RFC 7578), written part by part without loading files."""

from __future__ import annotations

import os
import re
import secrets
from typing import TYPE_CHECKING

from ._body import (
    JSON,
    OCTETS,
    encode_content,
    essence,
    file_payload,
    is_file,
    is_path,
    path_payload,
)
from ._errors import ConfigurationError
from ._json import dumps
from ._narrow import is_list, is_mapping, is_tuple
from ._payload import Payload
from ._wire import plain, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._operation import Param

_CONTENT_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[\t\x20-\x7e]+")


class _Part:
    """One field: its head, and its content as a payload."""

    def __init__(self, name: str, content: Payload, file_name: str | None) -> None:
        disposition = f'Content-Disposition: form-data; name="{_quoted(name)}"'
        if file_name is not None:
            disposition += f'; filename="{_quoted(file_name)}"'
        lines = [disposition]
        if content.content_type is not None:
            lines.append(f"Content-Type: {_checked_type(content.content_type)}")
        self.head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.content = content


def encode_multipart(
    members: Mapping[str, object],
    media_type: str,
    encoding: Mapping[str, Param],
    files: Iterable[tuple[str, object]] = (),
) -> Payload:
    """A multipart body.

    Args:
        members: Fields by name; a list becomes one part an item. What looks like a file is one.
        media_type: `multipart/form-data` or a sibling.
        encoding: Media types of parts, by field name.
        files: Further fields that are files whatever they look like.

    Raises:
        ConfigurationError: A field cannot be written, or a part's content type is not one.
    """
    parts = [part for name, value in members.items() for part in _parts(name, value, encoding)]
    parts += [_file_part(name, value, OCTETS) for name, value in files]
    boundary = secrets.token_hex(16)
    kind = f"{essence(media_type)}; boundary={boundary}"
    if all(part.content.content is not None for part in parts):
        return Payload(b"".join(_chunks(parts, boundary)), kind)
    return Payload(
        lambda: _chunks(parts, boundary),
        kind,
        length=_total_length(parts, boundary),
        replayable=all(part.content.replayable for part in parts),
    )


def _chunks(parts: list[_Part], boundary: str) -> Iterator[bytes]:
    for part in parts:
        yield f"--{boundary}\r\n".encode() + part.head
        yield from part.content
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _total_length(parts: list[_Part], boundary: str) -> int | None:
    total = len(boundary) + 6
    for part in parts:
        if part.content.length is None:
            return None
        total += len(boundary) + 6 + len(part.head) + part.content.length
    return total


def _parts(name: str, value: object, encoding: Mapping[str, Param]) -> Iterator[_Part]:
    stated = encoding[name].content if name in encoding else None
    # A document may allow several types for a part; the first is the one to send.
    kind = stated.partition(",")[0].strip() if stated else None
    for item in value if is_list(value) else [value]:
        if _is_file_value(item):
            yield _file_part(name, item, kind or OCTETS)
        else:
            yield _Part(name, _field(item, kind), None)


def _field(value: object, kind: str | None) -> Payload:
    value = plain(value)
    if is_mapping(value) or is_list(value):
        return Payload(dumps(value), kind or JSON)
    return Payload(text_of(value).encode(), kind)


def _is_file_value(value: object) -> bool:
    if is_tuple(value):
        return len(value) in (2, 3) and isinstance(value[0], str)
    return isinstance(value, (bytes, bytearray)) or is_file(value) or is_path(value)


def _file_part(name: str, value: object, kind: str) -> _Part:
    match value if is_tuple(value) else ():
        case (str(file_name), content):
            return _Part(name, _file_content(content, kind), file_name)
        case (str(file_name), content, str(stated)):
            return _Part(name, _file_content(content, stated), file_name)
        case _:
            return _Part(name, _file_content(value, kind), _file_name(value) or name)


def _file_content(value: object, kind: str) -> Payload:
    if is_path(value):
        return path_payload(value, kind)
    if is_file(value):
        return file_payload(value, kind)
    return encode_content(value, kind)


def _file_name(value: object) -> str | None:
    name = os.fspath(value) if is_path(value) else getattr(value, "name", None)
    # Only the last part: the folders on this machine are nobody's business.
    return os.path.basename(name) if isinstance(name, str) else None  # noqa: PTH119


def _quoted(text: str) -> str:
    # WHATWG HTML, "multipart form data": the three characters that would end the value.
    escaped = text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    if "\0" in escaped:
        raise ConfigurationError("a field or file name has a NUL character")
    return escaped


def _checked_type(media_type: str) -> str:
    if not _CONTENT_TYPE.fullmatch(media_type):
        raise ConfigurationError(f"{media_type!r} is not a media type")
    return media_type
