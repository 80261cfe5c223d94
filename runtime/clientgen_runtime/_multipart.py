"""`multipart/form-data` (RFC 7578), written part by part without loading files."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, get_args
from urllib.parse import unquote

from ._body import (
    FORM,
    JSON,
    OCTETS,
    encode_content,
    essence,
    file_payload,
    is_content,
    is_file,
    is_json,
    is_json_lines,
    is_json_sequence,
    is_path,
    is_xml,
    path_payload,
    styled,
    utf8,
)
from ._data.wire import is_model, plain, text_of
from ._errors import ConfigurationError
from ._headers import check_header
from ._json import dumps
from ._narrow import is_array, is_binary, is_list, is_mapping, is_tuple
from ._operation import NOTHING, Part, Xml, content_of
from ._parameters import query_pieces
from ._payload import Payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._operation import Body, Content, Parts, Type

_CONTENT_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[\t\x20-\x7e]+")
_UNSTATED = Part()
_ANY_PLACE = "*"


class _Part:
    """One part: its head, and its content as a payload."""

    def __init__(
        self, disposition: str | None, content: Payload, headers: Mapping[str, str] = NOTHING
    ) -> None:
        fields = {**headers}
        if disposition is not None:
            fields = {"Content-Disposition": disposition, **fields}
        if content.content_type is not None:
            fields["Content-Type"] = _checked_type(content.content_type)
        for name, value in headers.items():
            check_header(name, value)
        lines = [f"{name}: {value}\r\n" for name, value in fields.items()]
        self.head = utf8("".join(lines) + "\r\n")
        self.content = content


def encode_multipart(
    members: Mapping[str, object],
    media_type: str,
    encoding: Parts = NOTHING,
    files: Iterable[tuple[str, object]] = (),
) -> Payload:
    """A multipart body of named parts.

    Args:
        members: Fields by name; a list becomes one part an item. What looks like a file is one.
        media_type: `multipart/form-data` or a sibling.
        encoding: How parts are written, by field name.
        files: Further fields that are files whatever they look like.

    Raises:
        ConfigurationError: A field cannot be written, or a part's content type is not one.
    """
    parts = [
        part
        for name, value in members.items()
        for part in _parts(name, value, encoding.get(name, _UNSTATED))
    ]
    parts += [_file_part(name, value, _UNSTATED) for name, value in files]
    return _joined(parts, media_type)


def encode_parts(items: Iterable[object], media_type: str, encoding: Parts = NOTHING) -> Payload:
    """A multipart body whose parts have places instead of names (RFC 2046 section 5.1.3).

    Args:
        items: What the parts hold, in their order.
        media_type: `multipart/mixed` or a sibling.
        encoding: How parts are written, by place; `*` for all other places.

    Raises:
        ConfigurationError: An item cannot be written, or a part's content type is not one.
    """
    parts: list[_Part] = []
    for place, item in enumerate(items):
        part = encoding.get(str(place)) or encoding.get(_ANY_PLACE, _UNSTATED)
        content, file_name = _content(item, part)
        disposition = f'attachment; filename="{_quoted(file_name)}"' if file_name else None
        parts.append(_Part(disposition, content, part.headers))
    return _joined(parts, media_type)


def type_for_files(body: object, usual: str, accepted: Body) -> str:
    """The media type to send when the caller does not say, where files would not fit the usual one.

    An object with files in it goes in parts; bytes, a file or chunks go as what takes these.

    Args:
        body: What the caller gave.
        usual: The media type without files.
        accepted: What the operation takes.
    """
    content = content_of(accepted.content)
    if _is_finished(body):
        return _type_for_bytes(content, usual)
    other = next((kind for kind in content if kind.startswith("multipart/")), usual)
    if other == usual or not is_mapping(body):
        return usual
    parts = accepted.encoding.get(other, NOTHING)
    has_files = any(_holds_file(value, is_stated=name in parts) for name, value in body.items())
    return other if has_files else usual


def _is_finished(body: object) -> bool:
    """Whether a body is bytes already: given as such, by a file, or in chunks."""
    return is_binary(body) or (is_content(body) and not isinstance(body, Collection))


def _type_for_bytes(content: Content, usual: str) -> str:
    """The only media type for bytes as they are, where the usual one is JSON, which has none."""
    if not is_json(usual) or _is_bytes(content.get(usual)):
        return usual
    kinds = [kind for kind, declared in content.items() if declared is None and _is_raw(kind)]
    return kinds[0] if len(kinds) == 1 else usual


def _is_bytes(declared: Type | None) -> bool:
    """Whether bytes are what the document declares, such as Base64 in a JSON string."""
    waiting = [declared() if declared is not None else None]
    while waiting:
        kind = waiting.pop()
        if kind is bytes:
            return True
        waiting += get_args(kind)
    return False


def _is_raw(media_type: str) -> bool:
    """Whether a media type is neither text, nor of values that are written in it."""
    kind = essence(media_type)
    written = (is_json, is_json_lines, is_json_sequence, is_xml)
    is_text = kind.startswith(("text/", "multipart/")) or kind.endswith("yaml") or kind == FORM
    return not is_text and not any(holds(kind) for holds in written)


def _holds_file(value: object, *, is_stated: bool) -> bool:
    """Whether a field has files; bytes are one where the document says so."""
    if is_list(value):
        return any(_holds_file(item, is_stated=is_stated) for item in value)
    return _is_file_value(value) and (is_stated or not is_binary(value))


def _joined(parts: list[_Part], media_type: str) -> Payload:
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


def _parts(name: str, value: object, part: Part) -> Iterator[_Part]:
    """The parts of one field (OpenAPI 3.x, section "Encoding `multipart` Media Types")."""
    if is_array(value) and not _is_file_value(value):
        value = list(value)
    if value is None and part.content and not _is_written(part.content):
        return  # there is no file that is null
    if part.style is not None:
        yield from _styled_parts(name, value, part)
    elif is_list(value) and not is_json(part.content):
        for item in value:
            yield _part(name, item, part)
    else:
        yield _part(name, value, part)


def _styled_parts(name: str, value: object, part: Part) -> Iterator[_Part]:
    """A field in a style of RFC 6570, without the escapes that only queries need."""
    for piece in query_pieces({name: value}, {name: styled(part)}):
        key, _, text = piece.partition("=")
        content = Payload(unquote(text).encode(), part.content or None)
        yield _Part(_disposition(unquote(key)), content, part.headers)


def _part(name: str, value: object, part: Part) -> _Part:
    if _is_file_value(value):
        return _file_part(name, value, part)
    kind = _media_type(part, None)
    if isinstance(value, str) and kind is not None and not _is_written(kind):
        return _file_part(name, value, part)
    return _Part(_disposition(name), _written(value, kind, name), part.headers)


def _is_written(kind: str) -> bool:
    """Whether values are written in a media type, rather than being content of it already."""
    return essence(kind).startswith("text/") or is_json(kind) or is_xml(kind)


def _written(value: object, kind: str | None, name: str = "") -> Payload:
    if kind is not None and is_xml(kind) and not isinstance(value, str):
        from ._data.xml_forms import write_xml

        # A mapping does not say what it is called; its field does.
        declared = None if is_model(value) else Annotated[Any, Xml(name)]
        return Payload(write_xml(value, declared), kind)
    value = plain(value)
    if is_mapping(value) or is_list(value) or (kind is not None and is_json(kind)):
        return Payload(dumps(value), kind or JSON)
    return Payload(utf8(text_of(value)), kind)


def _is_file_value(value: object) -> bool:
    if is_tuple(value):
        is_named = len(value) in (2, 3) or (len(value) == 4 and is_mapping(value[3]))
        return is_named and isinstance(value[0], str)
    return is_binary(value) or is_file(value) or is_path(value)


def _file_part(name: str, value: object, part: Part) -> _Part:
    headers = {**part.headers, **_own_headers(value)}
    content, file_name = _content(value, part)
    return _Part(_disposition(name, file_name or name), content, headers)


def _own_headers(value: object) -> Mapping[str, str]:
    if is_tuple(value) and len(value) == 4 and is_mapping(headers := value[3]):
        return {str(name): text_of(text) for name, text in headers.items()}
    return NOTHING


def _content(value: object, part: Part) -> tuple[Payload, str | None]:
    """What a part holds, and the name of the file that it is."""
    match value if is_tuple(value) else ():
        case (str(file_name), content):
            return _file_content(content, _media_type(part, file_name) or OCTETS), file_name
        case (str(file_name), content, str(stated), *_):
            return _file_content(content, stated), file_name
        case _ if _is_file_value(value):
            own_name = _file_name(value)
            return _file_content(value, _media_type(part, own_name) or OCTETS), own_name
        case _ if isinstance(value, str) and part.content and not _is_written(part.content):
            return _file_content(value, _media_type(part, None) or OCTETS), None
        case _:
            return _written(value, _media_type(part, None)), None


def _media_type(part: Part, file_name: str | None) -> str | None:
    """The type to send: of several or a range what the file's name tells, else the first."""
    stated = [kind.strip() for kind in part.content.split(",") if kind.strip()]
    if file_name is not None and (len(stated) > 1 or "*" in part.content):
        from mimetypes import guess_type

        guessed = guess_type(file_name)[0]
        if guessed is not None and any(fnmatchcase(guessed, essence(kind)) for kind in stated):
            return guessed
    return next((kind for kind in stated if "*" not in kind), None)


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


def _disposition(name: str, file_name: str | None = None) -> str:
    file = f'; filename="{_quoted(file_name)}"' if file_name is not None else ""
    return f'form-data; name="{_quoted(name)}"{file}'


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
