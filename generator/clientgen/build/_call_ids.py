"""Reading operationIds: which ones somebody chose with care, and what the others still tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ._call_words import FILLERS, SOMETIMES_VERBS, VERBS, singular
from ._identifiers import snake_case, words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ._call_types import CallSite, Resource, Subject

T = TypeVar("T")

NEARLY_ALL = 0.9
MOST = 0.6
LONGEST_REST = 3
"""Words that a name taken from an operationId may have to tell two operations apart."""

SEPARATOR = re.compile(r"[/.:#]+")
GROUP_AND_NAME = re.compile(r"(?P<group>[A-Za-z][A-Za-z0-9]*)_+(?P<name>\w*[A-Za-z0-9]\w*)")
HANDLER_SUFFIXES = ("controller", "resource", "service", "handler", "endpoint")
# Spring's `listPetsUsingGET_1`.
FRAMEWORK_SUFFIX = re.compile(
    r"(?:using(?:get|put|post|delete|options|head|patch))?(?:_\d+)?$", re.I
)
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
NOISE = frozenset({"api", "endpoint", "format", "operation", "route", "version"})


@dataclass(frozen=True, slots=True)
class Curated:
    """An operationId that says which group the operation is in and what it is called there."""

    group: Resource
    name: str


def read_groups(subjects: Sequence[Subject]) -> list[Curated | None]:
    """What each operationId says, when nearly all of the document are `group/name` pairs.

    Such ids are written for users, as those of GitHub (`repos/list-for-org`), Google
    (`drive.files.list`) and Azure (`Servers_Get`) are. One result an operation; all are None in
    a document whose ids are of another make.
    """
    nothing: list[Curated | None] = [None] * len(subjects)
    sites = [subject.site for subject in subjects]
    if _are(NEARLY_ALL, subjects, _is_dotted_call) or _are(MOST, sites, _is_generated):
        return nothing
    for split in (_separated, _underscored):
        read = [split(site.operation_id or "") for site in sites]
        found = [curated for curated in read if curated is not None]
        if not found or len(found) < len(sites) * NEARLY_ALL:
            continue
        if split is _underscored:
            return read if _groups_are_known(sites, read) else nothing
        common = _api_name(sites, found)
        return [c and Curated(c.group[len(common) :], c.name) for c in read]
    return nothing


def spells_path(site: CallSite) -> bool:
    """Whether an id only spells method and path, as `GetAccountsAccount` does."""
    said = words(site.operation_id or "")
    spelt = {singular(word) for word in (*words(site.path), site.method.lower(), *NOISE)}
    return all(singular(word) in spelt | FILLERS for word in said)


def id_words(site: CallSite) -> list[str]:
    """The words of an id, without what frameworks add (`read_items_items_get`)."""
    squashed = _squash(FRAMEWORK_SUFFIX.sub("", site.operation_id or ""))
    path = _squash(site.path).lower()
    for addition in (f"{path}_{site.method.lower()}".strip("_"), path if "_" in path else ""):
        if addition and squashed.lower().endswith(f"_{addition}"):
            squashed = squashed[: -len(addition) - 1]
    return words(squashed)


def rest_of_id(site: CallSite, known: Collection[str]) -> str:
    """What an id adds to names that are known, as a method name; empty when that is no help."""
    if spells_path(site):
        return ""
    known_words = {singular(word) for name in known for word in name.split("_")}
    rest = [word for word in id_words(site) if singular(word) not in known_words]
    while rest and rest[-1] in FILLERS | {site.method.lower()}:
        rest.pop()
    return snake_case("_".join(rest)) if len(rest) <= LONGEST_REST else ""


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
    return match and Curated((snake_case(match["group"]),), snake_case(match["name"]))


def _groups_are_known(sites: Sequence[CallSite], read: Sequence[Curated | None]) -> bool:
    """Whether what stands before `_` is a group: the tags or the paths speak of it too."""
    pairs = [(s, c.group[0]) for s, c in zip(sites, read, strict=True) if c is not None]
    if sum(group.endswith(HANDLER_SUFFIXES) for _, group in pairs) > len(pairs) / 2:
        return False  # the names of the server's classes are nothing to users
    if any(group in VERBS | SOMETIMES_VERBS | METHODS for _, group in pairs):
        return False
    return _are(MOST, pairs, lambda pair: _squeeze(pair[1]) in _mentioned(pair[0]))


def _mentioned(site: CallSite) -> set[str]:
    return {_squeeze(text) for text in (*site.tags, *site.path.split("/"))}


def _api_name(sites: Sequence[CallSite], found: Sequence[Curated]) -> Resource:
    """The start that all groups share and no path knows: the API's own name (`drive.files`)."""
    first = found[0].group[0]
    if len(found) < 2 or any(curated.group[0] != first for curated in found):
        return ()
    in_paths = any(first in map(snake_case, site.path.split("/")) for site in sites)
    return () if in_paths else (first,)


def _is_dotted_call(subject: Subject) -> bool:
    return bool(subject.route.action) and ":" not in subject.site.path


def _is_generated(site: CallSite) -> bool:
    path = _squash(site.path).lower()
    holds_path = "_" in path and path in _squash(site.operation_id or "").lower()
    return bool(site.operation_id) and (holds_path or spells_path(site))


def _are(share: float, things: Sequence[T], test: Callable[[T], bool]) -> bool:
    return sum(map(test, things)) >= len(things) * share


def _squash(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")


def _squeeze(text: str) -> str:
    """Letters and digits alone, in the singular, so that `Data-Disks` equals `dataDisk`."""
    return singular("".join(words(text)))
