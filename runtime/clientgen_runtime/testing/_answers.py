"""What a fake server answers: examples of the document, or values that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from .._body import (
    FORM,
    OCTETS,
    encode_body,
    essence,
    is_json,
    is_json_lines,
    is_json_sequence,
    is_xml,
)
from .._data.typed import written
from .._json import dumps
from .._operation import EventTypes, Type
from ._made import ImpossibleError, Maker
from ._operations import fitting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._operation import Content
    from ._operations import Known

EVENTS = "text/event-stream"
CONCRETE = {"*/*": "application/json", "text/*": "text/plain", "image/*": "image/png"}
"""What stands for ranges of media types."""


def usual_status(known: Known) -> int:
    """The status of a success: the first one that is declared, else 200."""
    for key in known.responses:
        if key[:1] == "2":
            return int(key) if key.isdecimal() else 200
    return 200


def body_type(known: Known) -> Any:
    """The declared type of a success's JSON, `None` when there is none."""
    for key, content in known.responses.items():
        if key[:1] == "2":
            found = (declared for media_type, declared in content.items() if is_json(media_type))
            declared = next(found, None)
            return declared() if declared is not None else None
    return None


def example_answer(known: Known, status: int, accept: str, maker: Maker) -> httpx.Response:
    """An answer that the document allows.

    Args:
        known: The operation.
        status: Its status.
        accept: Header field of the request.
        maker: What makes up values where no example fits.

    Raises:
        ImpossibleError: No value of the declared type can be made up.
    """
    key = next(
        (k for k in (str(status), f"{status // 100}XX", "default") if k in known.responses), ""
    )
    content = known.responses.get(key, {})
    if not content or status in (204, 205, 304):
        return httpx.Response(status)
    media_type = _wanted(content, accept)
    declared = content[media_type]
    shown = known.answers.get(key, {})
    body = _body(media_type, declared, shown.get(media_type), maker, is_shown=media_type in shown)
    return httpx.Response(status, content=body, headers={"Content-Type": _concrete(media_type)})


def _wanted(content: Content, accept: str) -> str:
    asked = [essence(part) for part in accept.split(",")]
    found = (media_type for want in asked for media_type in content if essence(media_type) == want)
    return next(found, next(iter(content)))


def _concrete(media_type: str) -> str:
    if "/" not in media_type:
        return "application/json" if media_type == "json" else OCTETS
    return CONCRETE.get(media_type, OCTETS if "*" in media_type else media_type)


def _body(
    media_type: str, declared: Type | None, example: object, maker: Maker, *, is_shown: bool
) -> bytes:
    kind = declared() if declared is not None else None
    if is_stream(media_type):
        return stream_body(media_type, _items(kind, maker))
    if is_shown and kind is not bytes:
        try:
            fitting(kind, example)
        except ImpossibleError:
            pass
        else:
            if is_json(_concrete(media_type)):
                return dumps(example)
            if isinstance(example, str):
                return example.encode()
    return encoded(media_type, declared, _made(kind, media_type, maker))


def _made(kind: Any, media_type: str, maker: Maker) -> Any:
    if kind is not None:
        return maker.make(kind)
    return {} if is_json(media_type) else maker.make(str)


def encoded(media_type: str, declared: Type | None, value: Any) -> bytes:
    """A value as the body of an answer."""
    kind = _concrete(media_type)
    if (is_xml(kind) or essence(kind) == FORM) and not isinstance(value, (bytes, str)):
        return encode_body(value, kind, declared=declared).content or b""
    value = value if declared is None else written(declared(), value)
    if isinstance(value, bytes):
        return value
    # Texts that are no plain ones hold JSON.
    is_text = isinstance(value, str) and not is_json(kind)
    return value.encode() if is_text else dumps(value)


# --- Streams -------------------------------------------------------------------------------


def is_stream(media_type: str) -> bool:
    """Whether a media type is read item by item."""
    kind = essence(media_type)
    return kind == EVENTS or is_json_lines(kind) or is_json_sequence(kind)


def stream_body(media_type: str, items: Iterable[tuple[str, bytes]], end: str = "[DONE]") -> bytes:
    """Items as a stream of a media type.

    Args:
        media_type: How they are framed.
        items: Names of events, empty for those without, and what they carry.
        end: Data of the event that ends it.
    """
    if essence(media_type) == EVENTS:
        return b"".join([*(_event(name, data) for name, data in items), _event("", end.encode())])
    mark = b"\x1e" if is_json_sequence(media_type) else b""
    return b"".join(mark + data + b"\n" for _, data in items)


def _event(name: str, data: bytes) -> bytes:
    head = f"event: {name}\n".encode() if name else b""
    return head + b"".join(b"data: " + line + b"\n" for line in data.split(b"\n")) + b"\n"


def _items(kind: Any, maker: Maker) -> Iterator[tuple[str, bytes]]:
    types = kind if isinstance(kind, EventTypes) else EventTypes(kind)
    for name, declared in types.by_event.items():
        if name != "error":
            yield name, item_bytes(maker.make(declared()), declared())
    if not types.by_event:
        yield "", item_bytes(maker.make(types.item or str), types.item)


def item_bytes(value: object, kind: Any) -> bytes:
    """An item of a stream: JSON, but texts where they are declared go as they are."""
    if kind is str and isinstance(value, str):
        return value.encode()
    return dumps(value if kind is None else written(kind, value))
