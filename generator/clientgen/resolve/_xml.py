"""What schemas say of XML (OpenAPI 3.2, "XML Object")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ._places import identity
from ._shared import as_object
from .spec import Xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._node import Node
    from ._refs import Refs
    from .spec import SchemaId

Kind = Literal["element", "attribute", "text", "cdata", "none"]

KINDS: dict[str, Kind] = {
    "element": "element",
    "attribute": "attribute",
    "text": "text",
    "cdata": "cdata",
    "none": "none",
}


def own_xml(node: Node) -> Xml | None:
    """What a schema says itself; None when it says nothing."""
    xml = node.get("xml")
    items = node.get("items")
    item = own_xml(items) if items is not None else None
    if xml is None:
        return Xml(item=item) if item is not None else None
    stated = xml.text("nodeType")
    is_list = items is not None or node.text("type") == "array"
    kind = "element" if is_list else KINDS.get(stated, "element")
    if xml.flag("attribute"):
        kind = "attribute"
    elif xml.flag("x-ms-text"):  # what Swagger 2.0 documents of Azure have for `text`
        kind = "text"
    return Xml(
        xml.text("name"),
        kind,
        xml.text("namespace"),
        xml.text("prefix"),
        xml.flag("wrapped") or (is_list and stated == "element"),
        item,
    )


MAX_DEPTH = 8
"""Arrays in arrays whose items have names of their own."""


def xml_of(node: Node, refs: Refs, depth: int = 0) -> Xml | None:
    """What a schema and those that it refers to say; the nearest has the last word."""
    found: Xml | None = None
    for each in reversed(list(_chain(node, refs))):
        own = own_xml(each)
        items = each.get("items") if depth < MAX_DEPTH else None
        if items is not None and (item := xml_of(items, refs, depth + 1)) is not None:
            own = replace(own or Xml(), item=item)
        found = own if found is None else _over(own, found)
    return found


def root_xml(node: Node, refs: Refs) -> Xml | None:
    """What names the root element, beside what an object says of itself.

    An array has no class that could say it, so the name of its component counts, too.
    """
    target = refs.follow(node)
    if "items" not in target.mapping:
        return own_xml(node) if {"$ref", "allOf"} & node.mapping.keys() else None
    found = xml_of(node, refs) or Xml()
    is_component = [*target.keys][-2:-1] in (["schemas"], ["definitions"])
    name = str(target.key) if is_component else ""
    return replace(found, name=found.name or name)


def _chain(node: Node, refs: Refs) -> Iterable[Node]:
    """A schema, and what it is another name of: behind `$ref`, or alone in `allOf`."""
    seen: set[SchemaId] = set()
    while identity(node) not in seen:
        seen.add(identity(node))
        yield node
        parts = node.get("allOf")
        members = list(parts.items()) if parts is not None else []
        if "$ref" in node.mapping:
            node = refs.follow(node)
        elif len(members) == 1 and not as_object(node.mapping.get("properties")):
            node = members[0]


def _over(own: Xml | None, referred: Xml) -> Xml:
    """What is said at a reference over what is said where it leads."""
    if own is None:
        return referred
    return Xml(
        own.name or referred.name,
        own.kind if own.kind != "element" else referred.kind,
        own.namespace or referred.namespace,
        own.prefix or referred.prefix,
        own.wrapped or referred.wrapped,
        own.item or referred.item,
    )
