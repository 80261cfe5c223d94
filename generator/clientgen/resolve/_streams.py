"""What a stream carries, from how its media type is described.

OpenAPI 3.2 describes an item (`itemSchema`); before, authors wrote the schema of an item or of a
list of them. For server-sent events either is the payload, or the event with its payload in `data`
(OpenAPI 3.2, "Considerations for sequential media types").
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ._node import scalar_text
from .spec import NULL, Anything, OneOf, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._node import Node
    from ._refs import Refs
    from ._schemas import Schemas
    from .spec import Payload, Shape

EVENTS = "text/event-stream"
LINES = frozenset(
    {
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
    }
)
EVENT_FIELDS = {"event", "data", "id", "retry", "comment"}
TELLING_FIELDS = {"event", "retry"}
"""Fields of an event (WHATWG HTML, section 9.2.6), and those that no payload is likely to have."""


WHOLE_BODIES = (Scalar("string"), Scalar("string", "binary"), Anything())
"""Shapes that say nothing of items."""


@dataclass(frozen=True, slots=True)
class Items:
    """What a stream carries.

    Attributes:
        item: An item; None when the document says nothing of it.
        by_event: Payloads of server-sent events, by the names of the events.
        ends: Data of the events that end the stream.
    """

    item: Shape | None
    by_event: Mapping[str, Shape] = field(default_factory=dict)
    ends: tuple[str, ...] = ()


def is_stream(media_type: str) -> bool:
    """Whether a media type is a sequence of items (RFC 7464, RFC 8091, WHATWG HTML)."""
    name = media_type.partition(";")[0].strip().lower()
    return name == EVENTS or name in LINES or name.endswith(("/json-seq", "+json-seq"))


def is_events(media_type: str) -> bool:
    """Whether a media type is that of server-sent events."""
    return media_type.partition(";")[0].strip().lower() == EVENTS


def stream_items(
    media_type: str, media: Node, refs: Refs, schemas: Schemas, origin: Payload
) -> Items:
    """What a stream of this media type carries.

    Args:
        media_type: The media type.
        media: Its description, with `schema` or `itemSchema`.
        refs: Follows references.
        schemas: Reads schemas.
        origin: Where the items stand.
    """
    node = media.get("itemSchema") or _described_item(media, refs)
    if node is None:
        return Items(None)
    if is_events(media_type):
        branches = list(_branches(node, refs))
        if _are_events(branches, by_item=media.get("itemSchema") is not None):
            return _events(branches, refs, schemas, origin)
    shape = schemas.shape(node, origin)
    # `type: string` speaks of the body as a whole: there is no other way to say that it is text.
    return Items(None if shape in WHOLE_BODIES else shape)


def _described_item(media: Node, refs: Refs) -> Node | None:
    """The schema of an item where the media type has that of the whole body, or just as well."""
    schema = media.get("schema")
    if schema is None:
        return None
    target = refs.follow(schema)
    items = target.get("items")
    return items if items is not None and target.text("type") in {"array", ""} else schema


@dataclass(frozen=True, slots=True)
class _Branch:
    """The properties of an event, one of several kinds of them."""

    properties: Mapping[str, Node]
    is_last: bool


def _branches(node: Node, refs: Refs) -> Iterator[_Branch]:
    target = refs.follow(node)
    properties = target.get("properties")
    own = dict(properties.entries()) if properties else {}
    variants = target.get("oneOf") or target.get("anyOf")
    if variants is None:
        yield _Branch(own, target.flag("x-ms-sse-terminal-event"))
        return
    for variant in variants.items():
        for branch in _branches(variant, refs):
            yield replace(branch, properties={**own, **branch.properties})


def _are_events(branches: list[_Branch], *, by_item: bool) -> bool:
    """Whether schemas describe events, and not what is in their data."""
    names = {name for branch in branches for name in branch.properties}
    if not branches or not names <= EVENT_FIELDS:
        return False
    return bool(names & TELLING_FIELDS) or (by_item and names == {"data"})


def _events(branches: list[_Branch], refs: Refs, schemas: Schemas, origin: Payload) -> Items:
    by_event: dict[str, Shape] = {}
    shapes: dict[Shape, None] = {}
    ends: list[str] = []
    for branch in branches:
        name, data = _fixed(branch.properties.get("event")), branch.properties.get("data")
        last = _fixed(data)
        if last and (branch.is_last or not name):
            ends.append(last)
            continue
        if data is not None:
            shape = _payload(refs.follow(data), data, schemas, replace(origin, detail=name))
            shapes[shape] = None
            if name:
                by_event[name] = shape
    members = tuple(shape for shape in shapes if shape != NULL)
    item = members[0] if len(members) == 1 else OneOf(members) if members else None
    return Items(item, by_event, tuple(ends))


def _fixed(node: Node | None) -> str:
    """The one value that a property can have."""
    if node is None:
        return ""
    choices = node.mapping.get("enum")
    if isinstance(choices, list) and len(choices) == 1:
        return scalar_text(choices[0])
    return node.text("const")


def _payload(target: Node, data: Node, schemas: Schemas, origin: Payload) -> Shape:
    content = target.get("contentSchema")
    media_type = target.text("contentMediaType")
    if content is not None and (not media_type or "json" in media_type):
        return schemas.shape(content, origin)
    if "json" in media_type:
        return Anything()
    shape = schemas.shape(data, origin)
    # Data is text; what is written in it is no JSON, and a schema of it has no words for that.
    return Scalar("string") if media_type and isinstance(shape, Anything) else shape
