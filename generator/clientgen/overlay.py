"""OpenAPI Overlay 1.0: changes to a document, kept in files of their own."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from clientgen.diagnostics import Diagnostic, Diagnostics, Severity, Where
from clientgen.load import LoadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clientgen.diagnostics import Key
    from clientgen.load import Document, Json

CODE = "CG109"
NOTHING_FOUND = "CG260"


def overlaid(
    documents: Sequence[Document], overlays: Iterable[Document], found: Diagnostics
) -> list[Document]:
    """The documents with the actions of all overlays done, one after the other.

    What an overlay adds is told to stand where the nearest node of the document does.

    Args:
        documents: What is changed; they stay as they are. An overlay that `extends` one of them
            is for that one alone (Overlay 1.0.0, section 4.4.1).
        overlays: The overlays, in their order.
        found: Receives the actions that find nothing to change.

    Raises:
        LoadError: An overlay is none, or one of its actions cannot be done.
    """
    changed = [replace(each, value=copy.deepcopy(each.value)) for each in documents]
    for overlay in overlays:
        actions = _actions(overlay)
        extended = _extended(overlay)
        targets = [each for each in changed if each.uri == extended] or changed
        for place, action in enumerate(actions):
            where = Where(overlay, ("actions", place))
            done = [_act(each.value, action, where) for each in targets]
            if not any(done):
                message = f"target {action['target']!r} finds nothing; nothing is changed"
                found.warning(NOTHING_FOUND, message, where)
    return changed


def _extended(overlay: Document) -> str:
    """URI of the document that an overlay says it is for; empty when it does not say so."""
    given = overlay.value.get("extends") if isinstance(overlay.value, dict) else None
    return urljoin(overlay.uri, given) if isinstance(given, str) else ""


def _actions(overlay: Document) -> Sequence[dict[str, Json]]:
    value = overlay.value
    version = value.get("overlay") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not str(version).startswith("1."):
        raise _wrong("this is no Overlay 1.0 document: it has no `overlay` version", Where(overlay))
    actions = value.get("actions")
    if not isinstance(actions, list) or not actions:
        raise _wrong("an overlay needs a list of `actions`", Where(overlay))
    for place, action in enumerate(actions):
        where = Where(overlay, ("actions", place))
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise _wrong("an action needs a `target`, a JSONPath", where)
    return [action for action in actions if isinstance(action, dict)]


def _act(root: Json, action: dict[str, Json], where: Where) -> bool:
    """Do one action; false when its target finds nothing (Overlay 1.0.0, section 4.4.3)."""
    places = _places(root, str(action["target"]), where)
    if action.get("remove") is True:
        # From the end, so that places of earlier items of a list stay what they are.
        for keys in sorted(places, reverse=True):
            _remove(root, keys, where)
    elif "update" in action:
        for keys in places:
            _update(root, keys, action["update"], where)
    else:
        raise _wrong("an action needs `update` or `remove: true`", where)
    return bool(places)


def _places(root: Json, target: str, where: Where) -> list[tuple[Key, ...]]:
    # Few runs have overlays.
    from jsonpath import JSONPathError, finditer

    try:
        found = [match.parts for match in finditer(target, root)]
    except (JSONPathError, re.error, ValueError, OverflowError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise _wrong(f"target {target!r} is no JSONPath (RFC 9535): {reason}", where) from error
    for keys in found:
        if not _is_there(root, keys):  # which this JSONPath knows beyond the standard
            raise _wrong(f"target {target!r} selects names; take the values of them", where)
    # One place can be found in several ways.
    return [*dict.fromkeys(found)]


def _is_there(root: Json, keys: Iterable[Key]) -> bool:
    try:
        _node(root, keys)
    except (LookupError, TypeError, ValueError):
        return False
    return True


def _remove(root: Json, keys: tuple[Key, ...], where: Where) -> None:
    if not keys:
        raise _wrong("the document itself cannot be removed", where)
    match _node(root, keys[:-1]):
        case dict() as holder:
            holder.pop(str(keys[-1]), None)
        case list() as holder:
            del holder[int(keys[-1])]


def _update(root: Json, keys: tuple[Key, ...], update: Json, where: Where) -> None:
    match _node(root, keys), update:
        case dict() as node, dict():
            _merge(node, update)
        case list() as node, _:
            node.append(copy.deepcopy(update))
        case dict(), _:
            raise _wrong("an object is updated with an object", where)
        case _:
            raise _wrong("only objects and lists can be updated; take the one around it", where)


def _merge(node: dict[str, Json], update: dict[str, Json]) -> None:
    for key, value in update.items():
        match node.get(key), value:
            case dict() as inner, dict():
                _merge(inner, value)
            case list() as inner, list():
                inner.extend(copy.deepcopy(value))
            case _:
                node[key] = copy.deepcopy(value)


def _node(root: Json, keys: Iterable[Key]) -> Json:
    node = root
    for key in keys:
        node = node[int(key)] if isinstance(node, list) else node[str(key)]  # type: ignore[index]
    return node


def _wrong(message: str, where: Where) -> LoadError:
    return LoadError(Diagnostic(CODE, Severity.ERROR, message, where))
