"""Lines of the configuration or of an overlay that do away with a diagnostic.

An overlay puts right what a document says; where nobody can know what is meant, the diagnostic can
be ignored. What is proposed never changes what is generated.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from clientgen.diagnostics import Severity

if TYPE_CHECKING:
    from clientgen.diagnostics import Diagnostic, Key, Where
    from clientgen.load import Json

Place = Literal["in an overlay", "in clientgen.toml"]
OVERLAY: Place = "in an overlay"
CONFIGURATION: Place = "in clientgen.toml"

REMOVED: dict[str, tuple[Key, ...]] = {
    "CG201": ("$ref",),
    "CG203": ("$ref",),
    "CG211": ("type",),
    "CG213": (),
    "CG216": (),
    "CG220": (),
    "CG221": ("style",),
    "CG225": (),
    "CG226": (),
    "CG241": (),
    "CG243": (),
    "CG245": (),
}
"""What is of no use where it is, by code: the way to it from the node that is told."""

UNDECLARED = re.compile(r"path parameter '([^']*)' is not declared")
SIMPLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def remedies(diagnostic: Diagnostic) -> list[tuple[Place, str]]:
    """Where to write what; nothing for an error, which has to be mended in the document."""
    where = diagnostic.where
    if diagnostic.severity is Severity.ERROR or where is None:
        return []
    if _is_whole(where.document.value):
        if diagnostic.code == "CG240":
            return [(CONFIGURATION, f"exclude_path = [{json.dumps(str(where.keys[-1]))}]")]
        if origin := _refused_origin(diagnostic, where):
            return [(CONFIGURATION, f"allow_remote_refs = [{json.dumps(origin)}]")]
        if actions := _actions(diagnostic, where.keys, where):
            return [(OVERLAY, action) for action in actions]
    return [(CONFIGURATION, f'ignore = ["{diagnostic.code}"]')]


def _actions(diagnostic: Diagnostic, keys: tuple[Key, ...], where: Where) -> list[str]:
    match diagnostic.code:
        case "CG201" | "CG203" if "$ref" not in _mapping(_at(where, keys)):
            return []
        case code if code in REMOVED:
            return [_removed((*keys, *REMOVED[code]))]
        case "CG210" if isinstance(keys[-1], str):
            return [_updated(keys[:-1], {keys[-1]: {}})]
        case "CG212" if isinstance(kind := _mapping(_at(where, keys[:-1])).get("type"), str):
            return [_updated(keys[:-1], {"type": [kind, "null"]}), _removed(keys)]
        case "CG215":
            return [_updated(keys[:-1], {"type": "string", "format": "binary"})]
        case "CG224" if found := UNDECLARED.search(diagnostic.message):
            schema: Json = {"type": "string"}
            parameter: Json = {"name": found[1], "in": "path", "required": True, "schema": schema}
            return [_updated(keys, {"parameters": [parameter]})]
        case _:
            return []


def _removed(keys: tuple[Key, ...]) -> str:
    return f"- {{target: {json.dumps(json_path(keys))}, remove: true}}"


def _updated(keys: tuple[Key, ...], update: Json) -> str:
    return f"- {{target: {json.dumps(json_path(keys))}, update: {json.dumps(update)}}}"


def json_path(keys: tuple[Key, ...]) -> str:
    """The JSONPath (RFC 9535) of a node."""
    return "$" + "".join(map(_segment, keys))


def _segment(key: Key) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if SIMPLE_NAME.fullmatch(key):
        return f".{key}"
    quoted = json.dumps(key)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{quoted}']"


def _refused_origin(diagnostic: Diagnostic, where: Where) -> str:
    if "is not among the allowed origins" not in diagnostic.message:
        return ""
    parts = urlsplit(str(_mapping(_at(where, where.keys)).get("$ref", "")))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _is_whole(value: Json) -> bool:
    """Whether this is a document of its own, which overlays change, and no part of another."""
    return isinstance(value, dict) and ("openapi" in value or "swagger" in value)


def _at(where: Where, keys: tuple[Key, ...]) -> Json:
    node = where.document.value
    for key in keys:
        if isinstance(node, dict) and key in node:
            node = node[str(key)]
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            return None
    return node


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
