"""Where schemas stand, and what the document calls them there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from clientgen.diagnostics import json_pointer

from .spec import Component, Origin, Payload, SchemaId, Within

if TYPE_CHECKING:
    from clientgen.diagnostics import Key

    from ._node import Node

CONTAINERS = {"responses": "Response", "requestBodies": "Request"}
"""Places under `components` whose inline schemas are called after them."""

SILENT = {
    "schema",
    "content",
    "properties",
    "allOf",
    "oneOf",
    "anyOf",
    "prefixItems",
    "patternProperties",
}
"""Keywords on the way to a schema that say nothing about it."""

MARKS = {"items": "[]", "additionalProperties": "{}", "unevaluatedProperties": "{}"}
"""Keywords for what is in a list or a map, as names are made of them."""

KINDS = {"responses": "response", "requestBody": "request", "parameters": "parameter"}
"""Parts of an operation, and what schemas in them are called."""


def identity(node: Node) -> SchemaId:
    """The identity of a schema: its document and its place."""
    return f"{node.document.uri}#{json_pointer(node.keys)}"


def component(node: Node) -> Component:
    """What a schema that is reached by reference is called.

    The last name on the way to it that the author gave, else the name of its file, and the way on
    from there: ` owner[]` are the items of its property `owner`.
    """
    keys = [*node.keys]
    if keys[:1] == ["paths"] and len(keys) > 3:
        return _in_operation(keys)
    return _walked(PurePosixPath(unquote(urlsplit(node.document.uri).path)).stem, keys)


def _walked(name: str, keys: list[Key]) -> Component:
    part = ""
    before: Key = ""
    for index, key in enumerate(keys):
        if before in {"schemas", "definitions", "$defs"}:
            name, part = str(key), ""
        elif before in CONTAINERS and index == 2 and keys[0] == "components":
            name, part = f"{key} {CONTAINERS[str(before)]}", ""
        elif before == "properties":
            part += f" {key}"
        elif key in MARKS:
            part += MARKS[str(key)]
        elif isinstance(key, str) and before != "content" and key not in SILENT:
            name, part = key, ""
        before = "" if before in {"properties", "schemas", "definitions", "$defs"} else key
    return Component(name, part)


def _in_operation(keys: list[Key]) -> Component:
    """A schema inside an operation is called after its path and method."""
    segments = [part for part in str(keys[1]).split("/") if part and not part.startswith("{")]
    words = " ".join([*segments[-2:], str(keys[2]), KINDS.get(str(keys[3]), "")])
    start = keys.index("schema") + 1 if "schema" in keys else len(keys)
    return _walked(words.strip(), keys[start:])


def named_place(node: Node) -> Origin | None:
    """The name of an inline schema that stands in a response or body which has one itself."""
    keys = node.keys
    if len(keys) > 2 and keys[0] == "components" and keys[1] in CONTAINERS:
        return component(node)
    if len(keys) > 1 and keys[0] == "responses":
        return Component(f"{keys[1]} Response")
    return None


def extended(origin: Origin, part: str) -> Origin:
    """A place inside another one."""
    match origin:
        case Component() | Within():
            return replace(origin, part=origin.part + part)
        case Payload():
            return replace(origin, detail=origin.detail + part)
