"""How fields of forms are encoded (OpenAPI 3, "Encoding Object")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ._node import scalar_text
from .spec import Encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._node import Node
    from ._refs import Refs


def encodings(media: Node, refs: Refs) -> dict[str, Encoding]:
    """Encodings by wire name; those of parts without names by place (OpenAPI 3.2)."""
    found = {name: _encoding(node, refs) for name, node in _stated(media)}
    for name, media_type in _implied(media, refs):
        if not found.setdefault(name, Encoding()).content_type:
            found[name] = replace(found[name], content_type=media_type)
    return found


def _stated(media: Node) -> Iterator[tuple[str, Node]]:
    named, placed, others = map(media.get, ("encoding", "prefixEncoding", "itemEncoding"))
    yield from named.entries() if named else ()
    yield from ((str(node.key), node) for node in placed.items()) if placed else ()
    yield from (("*", others),) if others else ()


def _encoding(node: Node, refs: Refs) -> Encoding:
    headers = node.get("headers")
    fixed = {
        name: _fixed_value(refs.follow(header), refs)
        for name, header in (headers.entries() if headers else ())
        if name.lower() != "content-type"
    }
    return Encoding(
        node.text("contentType"),
        node.text("style"),
        node.flag("explode") if "explode" in node.mapping else None,
        node.flag("allowReserved"),
        {name: value for name, value in fixed.items() if value},
    )


def _fixed_value(header: Node, refs: Refs) -> str:
    """The one value that a header can have, or its default; empty when there is none."""
    schema = header.get("schema")
    schema = refs.follow(schema) if schema else header
    values = schema.mapping.get("enum")
    only = values[0] if isinstance(values, list) and len(values) == 1 else None
    return scalar_text(schema.mapping.get("const", only)) or schema.text("default")


def _implied(media: Node, refs: Refs) -> Iterator[tuple[str, str]]:
    """Media types of parts that JSON Schema tells of (`contentMediaType`)."""
    schema = media.get("schema")
    properties = refs.follow(schema).get("properties") if schema else None
    is_multipart = str(media.key).strip().lower().startswith("multipart/")
    for name, node in properties.entries() if properties and is_multipart else ():
        target = refs.follow(node)
        items = target.get("items")
        part = refs.follow(items) if items is not None else target
        found = part.text("contentMediaType")
        # JSON would be said of the whole array, whose items are parts of their own.
        if found and not part.text("contentEncoding") and (part is target or "json" not in found):
            yield name, found
