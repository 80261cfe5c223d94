"""Request bodies in the media type that a call names: JSON, forms, multipart, text, bytes."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from os import fspath
from typing import IO, TYPE_CHECKING, Protocol, TypeAlias, TypeGuard
from urllib.parse import quote

from ._data.wire import is_model, plain, text_of
from ._errors import ConfigurationError
from ._json import Dump, dumps
from ._narrow import (
    is_array,
    is_async_iterable,
    is_binary,
    is_iterable,
    is_list,
    is_mapping,
)
from ._omit import Omit
from ._operation import NOTHING, Param
from ._parameters import query_pieces
from ._payload import Payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from os import PathLike

    from ._operation import Part, Parts, Type
    from ._payload import Chunks

OCTETS = "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_CHUNK = 65536


FileContent: TypeAlias = "bytes | str | IO[bytes] | PathLike[str]"
"""What a file may be given as, besides its name."""

# Each in one string, since a type checker takes no strings joined.
_NamedFile: TypeAlias = "tuple[str, FileContent] | tuple[str, FileContent, str]"
_FileWithFields: TypeAlias = "tuple[str, FileContent, str, Mapping[str, str]]"

FileInput: TypeAlias = "IO[bytes] | PathLike[str] | _NamedFile | _FileWithFields"
"""A file in a form, besides `bytes`: an open file, a path, or a tuple of name and content.

A media type, and after it header fields of the part, may follow the content.

Example:
    >>> from pathlib import Path
    >>> files: list[FileInput] = [Path("rex.png"), ("tom.png", b"...", "image/png")]
    >>> len(files)
    2
"""

BinaryInput: TypeAlias = "IO[bytes] | PathLike[str] | Iterable[bytes] | AsyncIterable[bytes]"
"""A whole body, besides `bytes`: an open file, a path, or chunks as they come.

Example:
    >>> chunks: BinaryInput = (b"x" * 1024 for _ in range(3))
    >>> client.put("/pets/7", content=chunks).status_code
    200
"""


class Readable(Protocol):
    """An open binary file."""

    def read(self, size: int = ..., /) -> bytes: ...


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON or is written in it (RFC 6839 section 3.1)."""
    kind = essence(media_type)
    return kind.endswith(("/json", "+json", "-json", ".json")) or kind == "json"


def is_json_lines(media_type: str) -> bool:
    """Whether a media type is a JSON document a line."""
    return essence(media_type) in _JSON_LINES


_JSON_LINES = frozenset(
    (
        "application/jsonl",
        "application/jsonlines",
        "application/json-lines",
        "application/x-jsonl",
        "application/x-jsonlines",
        "application/ndjson",
        "application/x-ndjson",
        "application/stream+json",
        "application/x-json-stream",
        "text/jsonl",
        "text/x-ndjson",
    )
)


def is_json_sequence(media_type: str) -> bool:
    """Whether a media type is a sequence of JSON texts (RFC 7464, RFC 8091)."""
    kind = essence(media_type)
    return kind == "application/json-seq" or kind.endswith("+json-seq")


def is_xml(media_type: str) -> bool:
    """Whether a media type is XML or is written in it (RFC 7303 section 4)."""
    kind = essence(media_type)
    return kind.endswith("+xml") or kind in ("application/xml", "text/xml")


def encode_body(
    value: object,
    media_type: str,
    encoding: Parts = NOTHING,
    dump: Dump = dumps,
    declared: Type | None = None,
) -> Payload:
    """A body in the given media type.

    Args:
        value: What the caller gave.
        media_type: One media type; a range such as `*/*` picks by the value's type.
        encoding: How fields of a form are written, by wire name.
        dump: What writes JSON.
        declared: The type that the document declares.

    Raises:
        ConfigurationError: The value cannot be written in this media type.
    """
    kind = essence(media_type)
    if "*" in kind:
        kind = media_type = _natural_type(value, kind)
    elif "/" not in kind:
        # Some documents have a word for a media type, which their server may insist on.
        kind = JSON if kind == "json" else _natural_type(value)
    if is_json_lines(kind) or is_json_sequence(kind):
        return _encode_items(value, media_type, dump)
    if is_json(kind) and not _is_binary_content(value, declared):
        return Payload(dump(value), media_type)
    if kind == FORM:
        return Payload(encode_form(value, encoding), media_type)
    if kind.startswith("multipart/") and not is_content(value):
        return _encode_parts(value, media_type, encoding)
    if kind.endswith("yaml") and not is_content(value):
        return Payload(dump(value), media_type)  # JSON is YAML (RFC 9512 section 3.4)
    if is_xml(kind) and not is_content(value):
        from ._data.xml_forms import write_xml

        return Payload(write_xml(value, declared() if declared else None), media_type)
    return encode_content(value, media_type)


def _encode_parts(value: object, media_type: str, encoding: Parts) -> Payload:
    from ._multipart import encode_multipart, encode_parts

    if is_array(value):
        return encode_parts(list(value), media_type, encoding)
    return encode_multipart(form_members(value), media_type, encoding)


def is_content(value: object) -> bool:
    """Whether a value is a finished body: bytes, text, a file, a path or chunks."""
    if is_binary(value) or isinstance(value, str) or is_file(value) or is_path(value):
        return True
    return _is_chunks(value) and not (is_mapping(value) or is_array(value) or is_model(value))


def _is_binary_content(value: object, declared: Type | None) -> bool:
    """Whether a value that is sent as JSON is bytes by the document, too, and stays as it is."""
    if declared is None or not (is_binary(value) or is_file(value) or is_path(value)):
        return False
    return declared() is bytes


def encode_form(value: object, encoding: Parts = NOTHING) -> bytes:
    """`application/x-www-form-urlencoded` (WHATWG URL, section 5.2).

    Lists repeat their name, and bytes are escaped one by one. What is nested deeper is JSON text,
    unless the document states a style for it (OpenAPI 3.1, section "Encoding Object").
    """
    if isinstance(value, (str, bytes)):
        return utf8(value) if isinstance(value, str) else value
    pieces = [
        piece
        for name, member in form_members(value).items()
        for piece in _form_pieces(name, member, encoding.get(name))
    ]
    return "&".join(pieces).replace("%20", "+").encode()


def _form_pieces(name: str, value: object, part: Part | None) -> Iterable[str]:
    if is_binary(value):
        return [f"{quote(name, safe='')}={quote(bytes(value), safe='')}"]
    if part is not None and part.style is not None:
        return query_pieces({name: value}, {name: styled(part)})
    if part is not None and is_json(part.content):
        return query_pieces({name: dumps(value).decode()}, {})
    return query_pieces({name: _flat(value)}, {})


def styled(part: Part) -> Param:
    """The style of a field, as queries have them."""
    return Param(part.style or "form", part.explode, part.allow_reserved)


def encode_content(value: object, media_type: str | None) -> Payload:
    """Bytes, text, a file, a path or an iterable of chunks, as they are."""
    if is_binary(value):
        return Payload(bytes(value), media_type)
    if isinstance(value, str):
        return Payload(_encode_text(value, media_type), media_type)
    if is_file(value):
        return file_payload(value, media_type)
    if is_path(value):
        return path_payload(value, media_type)
    if is_list(value) and all(map(is_binary, value)):
        return Payload(b"".join(each for each in value if is_binary(each)), media_type)
    if is_mapping(value) or is_array(value) or is_model(value):
        raise ConfigurationError(
            f"a {type(value).__name__} cannot be written as {media_type}: "
            "give bytes, text, a file or an iterable of bytes"
        )
    if _is_chunks(value):
        return Payload(lambda: value, media_type, replayable=False)
    return Payload(utf8(text_of(value)), media_type)


def utf8(text: str) -> bytes:
    """Text as it is sent; what file names have that is no text goes as the bytes that it is.

    Raises:
        ConfigurationError: It has other lone surrogates, which are no characters.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ConfigurationError("a text has a lone surrogate, which is no character") from None


def _is_chunks(value: object) -> TypeGuard[Chunks]:
    return isinstance(value, (Iterable, AsyncIterable))


def is_file(value: object) -> TypeGuard[Readable]:
    """Whether the value is an open file, and not a model that has a field of that name.

    Files that are read with `await` are chunks instead: what they give when they are iterated.
    """
    is_readable = callable(getattr(value, "read", None)) and not is_model(value)
    return is_readable and not isinstance(value, AsyncIterable)


def is_path(value: object) -> TypeGuard[PathLike[str]]:
    """Whether the value names a file; text never does, since it may be content."""
    return hasattr(value, "__fspath__")


def file_payload(file: Readable, media_type: str | None) -> Payload:
    """A body that is read from an open binary file, from where it stands."""
    start, length = _position_and_rest(file)

    def chunks() -> Iterator[bytes]:
        if start is not None:
            file.seek(start)  # type: ignore[attr-defined]
        return _read_chunks(file)

    return Payload(chunks, media_type, length=length, replayable=start is not None)


def path_payload(path: PathLike[str], media_type: str | None) -> Payload:
    """A body that is read from a named file, opened anew for each attempt.

    Raises:
        ConfigurationError: There is no such file, or it cannot be read.
    """
    from pathlib import Path

    place = Path(path)
    try:
        length = place.stat().st_size
        place.open("rb").close()
    except OSError as error:
        raise ConfigurationError(f"cannot read {place.name!r}: {error.strerror}") from error

    def chunks() -> Iterator[bytes]:
        with place.open("rb") as file:
            yield from _read_chunks(file)

    return Payload(chunks, media_type, length=length)


def _read_chunks(file: Readable) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        if isinstance(chunk, str):
            raise ConfigurationError("open files in binary mode to upload them")
        yield chunk


def _position_and_rest(file: Readable) -> tuple[int | None, int | None]:
    """Where a file stands and how much follows; nothing of one that goes forward alone."""
    try:
        start = int(file.tell())  # type: ignore[attr-defined]
        # Bodies of answers, such as those of urllib3 and boto3, tell their place and cannot go.
        end = int(file.seek(0, 2))  # type: ignore[attr-defined]
        file.seek(start)  # type: ignore[attr-defined]
    except (AttributeError, OSError):
        return None, None
    return start, end - start


def _natural_type(value: object, wanted: str = "*/*") -> str:
    """The media type that a value has by itself; of a file, what its name tells if it fits."""
    if isinstance(value, str):
        return "text/plain"
    name = value if is_path(value) else getattr(value, "name", None)
    if wanted != "*/*" and (is_path(name) or isinstance(name, str)):
        from mimetypes import guess_type

        guessed = guess_type(fspath(name))[0] or ""
        if guessed.startswith(wanted.partition("*")[0]):
            return guessed
    simple = is_mapping(value) or is_array(value) or is_model(value)
    return JSON if simple else OCTETS


def _encode_text(text: str, media_type: str | None) -> bytes:
    charset = charset_of(media_type or "") or "utf-8"
    try:
        return text.encode(charset)
    except (LookupError, UnicodeError) as error:
        raise ConfigurationError(f"the text cannot be encoded as {charset}") from error


def charset_of(content_type: str) -> str | None:
    """The `charset` parameter of a content type."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def charset_to_read(content_type: str) -> str:
    """The charset of a text that came; the mark that UTF-8 may begin with is none of its text."""
    stated = charset_of(content_type) or "utf-8"
    return "utf-8-sig" if stated.lower() in ("utf-8", "utf8") else stated


def _encode_items(value: object, media_type: str, dump: Dump) -> Payload:
    """Items as JSON Lines or as a sequence (RFC 7464 section 2.2); those of iterators as they come.

    Raises:
        ConfigurationError: The value has no items.
    """
    mark = b"\x1e" if is_json_sequence(media_type) else b""

    def line(item: object) -> bytes:
        return mark + dump(item) + b"\n"

    if is_binary(value) or isinstance(value, str) or is_file(value) or is_path(value):
        return encode_content(value, media_type)
    if is_array(value):
        return Payload(b"".join(map(line, value)), media_type)
    if is_async_iterable(value):
        return Payload(lambda: _async_lines(value, line), media_type, replayable=False)
    if is_iterable(value) and not is_mapping(value):
        return Payload(lambda: map(line, value), media_type, replayable=False)
    raise ConfigurationError("JSON Lines are written from a list or another iterable")


async def _async_lines(
    items: AsyncIterable[object], line: Callable[[object], bytes]
) -> AsyncIterator[bytes]:
    async for item in items:
        yield line(item)


def form_members(value: object) -> Mapping[str, object]:
    """The fields of a form by wire name.

    Raises:
        ConfigurationError: The value is no object.
    """
    # Models of SDKs keep bytes as they are; JSON mode, which others have, would not leave files.
    if is_model(value) and not hasattr(value, "__wire__"):
        return value.model_dump(by_alias=True, exclude_unset=True)
    members = plain(value)
    if not is_mapping(members):
        raise ConfigurationError(f"a form is written from a mapping, not a {type(value).__name__}")
    return {str(name): member for name, member in members.items() if not isinstance(member, Omit)}


def _flat(value: object) -> object:
    value = plain(value)
    if is_list(value):
        return [_text_or_json(item) for item in value]
    return _text_or_json(value)


def _text_or_json(value: object) -> object:
    value = plain(value)
    return dumps(value).decode() if is_mapping(value) or is_list(value) else value
