"""Reading operationIds: which ones somebody chose with care, and what the others still tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ._call_paths import Route
from ._call_words import FILLERS, SOMETIMES_VERBS, VERBS, singular
from ._identifiers import snake_case, words

NEARLY_ALL = 0.9
MOST = 0.6
LONGEST_REST = 3
"""Words that a name taken from an operationId may have to tell two operations apart."""

SEPARATOR = re.compile(r"[/.:#]+")
GROUP_AND_NAME = re.compile(r"(?P<group>[A-Za-z][A-Za-z0-9]*)_+(?P<name>\w*[A-Za-z0-9]\w*)")
HANDLER_SUFFIXES = ("controller", "resource", "service", "handler", "endpoint")
FRAMEWORK_SUFFIX = re.compile(r"(?i:using(?:get|put|post|delete|options|head|patch))?(?:_\d+)?$")
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
NOISE = {"api", "endpoint", "format", "operation", "route", "version"}


@dataclass(frozen=True, slots=True)
class Named:
    """An operation as naming by its operationId sees it."""

    operation_id: str
    method: str
    path: str
    route: Route
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curated:
    """An operationId that says which group the operation is in and what it is called there."""

    group: tuple[str, ...]
    name: str


def read_groups(operations: Sequence[Named]) -> list[Curated | None]:
    """What each operationId says, when nearly all of the document are `group/name` pairs.

    Such ids are written for users, as those of GitHub (`repos/list-for-org`), Google
    (`drive.files.list`) and Azure (`Servers_Get`) are. One result an operation; all are None in
    a document whose ids are of another make.
    """
    nothing: list[Curated | None] = [None] * len(operations)
    if _are(NEARLY_ALL, operations, _is_dotted_call) or _are(MOST, operations, _is_generated):
        return nothing
    for split in (_separated, _underscored):
        read = [split(operation.operation_id) for operation in operations]
        found = [curated for curated in read if curated is not None]
        if len(found) < len(operations) * NEARLY_ALL or not found:
            continue
        if split is _underscored:
            return read if _groups_are_known(operations, read) else nothing
        common = _api_name(operations, found)
        return [c and Curated(c.group[len(common) :], c.name) for c in read]
    return nothing


def spells_path(operation: Named) -> bool:
    """Whether an id only spells method and path, as `GetAccountsAccount` does."""
    said = words(operation.operation_id)
    path = words(operation.path)
    known = {singular(word) for word in (*path, operation.method.lower(), *NOISE)} | FILLERS
    return bool(said) and all(singular(word) in known for word in said)


def id_words(operation: Named) -> list[str]:
    """The words of an id, without what frameworks add (`read_items_items_get`, `listUsingGET_1`)."""
    text = FRAMEWORK_SUFFIX.sub("", operation.operation_id)
    squashed, path = _squash(text), _squash(operation.path).lower()
    for addition in (f"{path}_{operation.method.lower()}".strip("_"), path if "_" in path else ""):
        if addition and squashed.lower().endswith(f"_{addition}"):
            squashed = squashed[: -len(addition) - 1]
    return words(squashed)


def rest_of_id(operation: Named, known: Collection[str]) -> str:
    """What an id adds to names that are known, as a method name; empty when that is no help."""
    if not operation.operation_id or spells_path(operation):
        return ""
    known_words = {singular(word) for name in known for word in name.split("_")}
    rest = [word for word in id_words(operation) if singular(word) not in known_words]
    while rest and rest[-1] in FILLERS:
        rest.pop()
    short = 0 < len(rest) <= LONGEST_REST and rest != ["get"]
    return snake_case("_".join(rest)) if short else ""


# --- Styles of ids -------------------------------------------------------------------------


def _separated(operation_id: str) -> Curated | None:
    """`repos/list-for-org`, `drive.files.list`, `users#index`."""
    parts = [snake_case(part) for part in SEPARATOR.split(operation_id) if part]
    if " " in operation_id or "{" in operation_id or len(parts) < 2 or not all(parts):
        return None
    return Curated(tuple(parts[:-1]), parts[-1])


def _underscored(operation_id: str) -> Curated | None:
    """`Servers_ListByGroup`."""
    match = GROUP_AND_NAME.fullmatch(operation_id)
    if match is None:
        return None
    return Curated((snake_case(match["group"]),), snake_case(match["name"]))


def _groups_are_known(operations: Sequence[Named], read: Sequence[Curated | None]) -> bool:
    """Whether what stands before `_` is a group: the tags or the paths speak of it too."""
    pairs = [(o, c.group[0]) for o, c in zip(operations, read, strict=True) if c is not None]
    if sum(group.endswith(HANDLER_SUFFIXES) for _, group in pairs) > len(pairs) / 2:
        return False  # the names of the server's classes are nothing to users
    if any(group in VERBS or group in SOMETIMES_VERBS | METHODS for _, group in pairs):
        return False
    known = sum(_squeeze(group) in _mentioned(operation) for operation, group in pairs)
    return known >= len(pairs) * MOST


def _mentioned(operation: Named) -> set[str]:
    return {_squeeze(text) for text in (*operation.tags, *operation.path.split("/"))}


def _api_name(operations: Sequence[Named], found: Sequence[Curated]) -> tuple[str, ...]:
    """The start that all groups share and no path knows: the API's own name (`drive.files`)."""
    first = found[0].group[0]
    if len(found) < 2 or any(curated.group[0] != first for curated in found):
        return ()
    in_paths = any(first in map(snake_case, o.path.split("/")) for o in operations)
    return () if in_paths else (first,)


def _is_dotted_call(operation: Named) -> bool:
    return bool(operation.route.action) and ":" not in operation.path


def _is_generated(operation: Named) -> bool:
    path = _squash(operation.path).lower()
    holds_path = "_" in path and path in _squash(operation.operation_id).lower()
    return holds_path or spells_path(operation)


def _are(share: float, operations: Sequence[Named], test: Callable[[Named], bool]) -> bool:
    return sum(map(test, operations)) >= len(operations) * share


def _squash(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")


def _squeeze(text: str) -> str:
    """Letters and digits alone, in the singular, so that `Data-Disks` equals `dataDisk`."""
    return singular("".join(words(text)))
