"""What each operation would like to be called, best first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ._call_ids import Curated, id_words, read_groups, rest_of_id, spells_path
from ._call_paths import Route, read_paths
from ._call_rest import RestNames
from ._call_types import CallSite, Resource, Subject
from ._call_words import singular
from ._identifiers import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEEPEST = 4
"""Levels of resources that a path may make; names below are joined into the last one."""
DEEPEST_CURATED = 5
"""The same for operationIds, whose authors chose the levels."""

MOSTLY = 0.5
METHOD_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLAIN_METHODS = {"GET": "retrieve", "POST": "create", "PUT": "update", "PATCH": "update"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operation would like to be called.

    Attributes:
        named_by: What decided, as in `Call`.
        reason: Why, as in `Call`.
        is_standard: Whether others expect it there: `pets.list` stays, whatever wants its name.
        is_chosen: Whether the document says so itself, in an extension.
        neighbours: How many operations share its path.
    """

    subject: Subject
    resource: Resource
    method: str
    named_by: str
    reason: str
    is_standard: bool = False
    is_chosen: bool = False
    neighbours: int = 0

    @property
    def rank(self) -> tuple[object, ...]:
        """Who comes first gets the name: chosen, standard, busy and short paths."""
        method, path = self.subject.method, self.subject.site.path
        order = METHOD_ORDER.index(method) if method in METHOD_ORDER else len(METHOD_ORDER)
        is_variant = self.subject.route.variant not in ("", "json")
        size = (is_variant, -self.neighbours, path.count("/"), len(path), path)
        return (not self.is_chosen, not self.is_standard, *size, order, method)


@dataclass(frozen=True, slots=True)
class SecondWish:
    """A method name for an operation whose first wish is taken."""

    method: str
    named_by: str
    reason: str


def make_wishes(sites: Sequence[CallSite]) -> list[Wish]:
    """The first wish of each operation of a document."""
    routes = read_paths(dict.fromkeys(site.path for site in sites))
    subjects = [_subject(site, routes[site.path]) for site in sites]
    rest = RestNames(subjects)
    groups = read_groups(subjects)
    wishes = [
        _wish_by_id(subject, group) if group else _wish_by_path(subject, rest)
        for subject, group in zip(subjects, groups, strict=True)
    ]
    return [_extended(wish) for wish in _grouped_by_tag(wishes)]


def second_wishes(wish: Wish, holder: Wish | None, taken: str) -> Iterator[SecondWish]:
    """More wishes of an operation, once `taken` is that of another one.

    Args:
        wish: The first wish.
        holder: Who has the name; None when no operation does.
        taken: The method name as it is taken.
    """
    site, route, base = wish.subject.site, wish.subject.route, taken.rstrip("_")
    if route.variant:
        name = f"{base}_{route.variant}"
        yield SecondWish(name, wish.named_by, f"'{route.variant}' in the path tells them apart")
    if rest := rest_of_id(site, (*wish.resource, *route.hidden)):
        yield SecondWish(rest, "operation_id", "the operationId tells them apart")
    for param in _params_beyond(route, holder):
        name = f"{base}_by_{_without_subject(snake_case(param), wish.resource)}"
        yield SecondWish(name, wish.named_by, f"the parameter '{param}' tells them apart")
    if holder is None or holder.subject.method != site.method:
        name = f"{base}_{snake_case(site.method)}"
        yield SecondWish(name, wish.named_by, "the HTTP method tells them apart")
    if said := _joined_words(id_words(site)):
        yield SecondWish(said, "operation_id", "the operationId tells them apart")


# --- First wishes --------------------------------------------------------------------------


def _subject(site: CallSite, route: Route) -> Subject:
    return Subject(site, route, () if spells_path(site) else id_words(site))


def _wish_by_id(subject: Subject, group: Curated) -> Wish:
    return Wish(
        subject,
        _limited(group.group, DEEPEST_CURATED),
        group.name,
        "operation_id",
        "the operationId is a group and a name, as those of the whole document",
        is_standard=True,
    )


def _wish_by_path(subject: Subject, rest: RestNames) -> Wish:
    name = rest.name(subject)
    if name is None:
        return _wish_of_mute_path(subject)
    return Wish(
        subject,
        _limited(name.resource, DEEPEST),
        name.method,
        "path",
        name.reason,
        is_standard=name.is_standard,
        neighbours=rest.neighbours(subject.route),
    )


def _wish_of_mute_path(subject: Subject) -> Wish:
    """A path without a word: the operationId names it, else the first tag."""
    said = _joined_words(id_words(subject.site))
    if said:
        return Wish(subject, (), said, "operation_id", "the path has no word, the operationId has")
    method = PLAIN_METHODS.get(subject.method, snake_case(subject.method))
    if tag := _first_tag(subject):
        return Wish(subject, (tag,), method, "tag", "the path has no word, the first tag has")
    word = (*subject.route.hidden, "root")[0]
    return Wish(subject, (word,), method, "path", "the path has no other word")


def _grouped_by_tag(wishes: list[Wish]) -> list[Wish]:
    """An API of bare verbs (`/getPad`) is grouped by its tags, when all of them have one."""
    bare = [wish for wish in wishes if _is_bare(wish)]
    tags = {_first_tag(wish.subject) for wish in bare}
    if len(bare) <= len(wishes) * MOSTLY or "" in tags or len(tags) < 2:
        return wishes
    return [_with_tag(wish) if _is_bare(wish) else wish for wish in wishes]


def _is_bare(wish: Wish) -> bool:
    return not wish.resource and wish.named_by == "path"


def _with_tag(wish: Wish) -> Wish:
    resource = (_first_tag(wish.subject),)
    reason = "the path is a bare verb, the first tag groups it"
    return replace(wish, resource=resource, named_by="tag", reason=reason)


def _first_tag(subject: Subject) -> str:
    return snake_case(subject.site.tags[0]) if subject.site.tags else ""


def _extended(wish: Wish) -> Wish:
    site = wish.subject.site
    group, name = site.extension_group, site.extension_name
    if group is None and name is None:
        return wish
    resource = wish.resource
    if group is not None:
        resource = tuple(part for text in group if (part := snake_case(text)))
    return replace(
        wish,
        resource=resource,
        method=snake_case(name or "") or wish.method,
        named_by="extension",
        reason="an extension in the document asks for it",
        is_chosen=True,
    )


def _limited(resource: Resource, deepest: int) -> Resource:
    if len(resource) <= deepest:
        return resource
    return (*resource[: deepest - 1], "_".join(resource[deepest - 1 :]))


def _joined_words(words: Sequence[str]) -> str:
    return snake_case("_".join(words))


# --- Second wishes -------------------------------------------------------------------------


def _params_beyond(route: Route, holder: Wish | None) -> list[str]:
    """Parameters that the other operation lacks, the last one first."""
    others = {snake_case(param) for param in holder.subject.route.params} if holder else set()
    return [p for p in reversed(route.params) if snake_case(p) not in others | {""}]


def _without_subject(param: str, resource: Resource) -> str:
    """`pet_id` is just `id` among pets."""
    return param.removeprefix(f"{singular(resource[-1])}_") if resource else param
