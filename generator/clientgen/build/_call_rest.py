"""Names that follow from HTTP method and path, as the authors of REST APIs mean them.

`GET /pets` lists, `POST /pets` creates, `GET /pets/{id}` retrieves; `POST /pets/{id}/feed` is
something to do with a pet, `GET /pets/{id}/photos` lists what belongs to it. What a path means
depends on its neighbours: `/users/me` is a user because `/users/{id}` is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from ._call_paths import Key, Route, Step, param_noun
from ._call_words import (
    CREATING,
    FILLERS,
    SINGLE_PLURALS,
    SOMETIMES_VERBS,
    UPDATING,
    VERBS,
    ends_in_verb,
    is_plural_name,
    is_verb,
    is_view,
    singular,
)
from ._identifiers import snake_case, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._call_types import Resource, Subject

ASKING = frozenset({"HEAD", "OPTIONS", "TRACE"})
CHANGING = frozenset({"PUT", "PATCH"})
POSTED_QUESTIONS = frozenset({"find", "get", "list", "query", "search"})
READING_ONE = frozenset({"get", "read", "retrieve", "show", "fetch"})


@dataclass(frozen=True, slots=True)
class RestName:
    """What a path calls an operation.

    Attributes:
        is_standard: Whether the method is one of those that many resources have, such as `list`.
    """

    resource: Resource
    method: str
    reason: str
    is_standard: bool = False


class RestNames:
    """The names of a document's operations by their paths."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._bare: defaultdict[Key, set[str]] = defaultdict(set)
        self._items: defaultdict[Key, set[str]] = defaultdict(set)
        self._inner: set[Key] = set()
        self._has_items: set[Key] = set()
        self._collections: set[Key] = set()
        self._tenant = ""
        self._root_lists = False
        for subject in subjects:
            self._add(subject)
        for subject in subjects:
            if subject.method == "GET" and self._lists(subject):
                self._collections.add(_key(subject.route.steps))

    def _add(self, subject: Subject) -> None:
        steps = subject.route.steps
        for number, step in enumerate(steps):
            key = _key(steps[: number + 1])
            if number < len(steps) - 1:
                self._inner.add(key)
            if step.params:
                self._has_items.add(key)
        if steps and not subject.route.action:
            side = self._items if steps[-1].params else self._bare
            side[_key(steps)].add(subject.method)
            if len(steps) == 1 and steps[0].params and not self._tenant:
                self._tenant = param_noun(steps[0].params[-1])
        if not steps and subject.method == "GET" and subject.site.returns_list:
            self._root_lists = True

    def name(self, subject: Subject) -> RestName | None:
        """The name by path; None when the path has no word for it."""
        route = subject.route
        if route.action:
            return RestName(route.names, route.action, "the path ends in a custom method")
        if not route.names:
            return self._collection_of_tenants(subject)
        last = route.steps[-1]
        if not last.name:
            return None
        if self._is_action(subject):
            *resource, method = route.names
            return RestName(tuple(resource), method, f"the path ends in the action '{method}'")
        method, reason = self._standard(subject)
        return RestName(route.names, method, reason, is_standard=True)

    def _collection_of_tenants(self, subject: Subject) -> RestName | None:
        """`GET /` where there is `GET /{realm}`."""
        is_root = not subject.route.steps and not subject.route.hidden
        method = {"GET": "list", "POST": "create"}.get(subject.method)
        if not (is_root and self._root_lists and self._tenant and method):
            return None
        reason = f"the path is the collection of {self._tenant}"
        return RestName((self._tenant,), method, reason, is_standard=True)

    def neighbours(self, route: Route) -> int:
        """How many HTTP methods are known at the path and its items: more make it more basic."""
        key = _key(route.steps)
        return len(self._bare[key]) + len(self._items[key])

    # --- Something to do -------------------------------------------------------------------

    def _is_action(self, subject: Subject) -> bool:
        steps = subject.route.steps
        last, key = steps[-1], _key(steps)
        bare, items = self._bare[key], self._items[key]
        if key in self._inner or (bare and items):
            return False
        methods = (bare or items) - ASKING
        if "DELETE" in methods and len(methods) > 1:
            return False
        named = last.name.split("_")
        if methods == {"DELETE"}:
            return named[0] in VERBS
        if is_verb(named, reading="GET" in methods):
            return True
        if methods == {"POST"} and ends_in_verb(named):
            return True
        alone = len(methods) == 1 and methods <= {"GET", "POST"}
        if not alone or len(subject.route.names) < 2:
            return alone and self._is_done_to_parent(steps)
        return is_view(named) or self._is_done_to_parent(steps) or self._is_among_items(steps)

    def _is_done_to_parent(self, steps: Sequence[Step]) -> bool:
        """`POST /pets/{id}/feed`."""
        *before, last = steps
        if not before or not before[-1].params or last.params or is_plural_name(last.name):
            return False
        return self._bare[_key(steps)] == {"POST"}

    def _is_among_items(self, steps: Sequence[Step]) -> bool:
        """`GET /users/count` beside `GET /users/{id}`, `POST /replies/compact` likewise."""
        *before, last = steps
        if last.params or before[-1].params or is_plural_name(last.name):
            return False
        return _key(before) in self._has_items

    # --- Standard methods ------------------------------------------------------------------

    def _standard(self, subject: Subject) -> tuple[str, str]:
        steps = subject.route.steps
        is_item = bool(steps[-1].params)
        match subject.method:
            case "GET" if is_item:
                return "retrieve", "GET of one item"
            case "GET" if self._lists(subject):
                return "list", "GET of a collection"
            case "GET":
                return "retrieve", "GET of a single thing"
            case "POST":
                return self._posted(subject, is_item=is_item)
            case "PUT" | "PATCH":
                return self._changed(subject, is_item=is_item)
            case "DELETE" if not is_item and self._is_emptied(_key(steps)):
                return "delete_all", "DELETE of a collection whose items have a DELETE of their own"
            case "DELETE":
                return "delete", "DELETE deletes"
            case other:
                return snake_case(other) or "call", f"HTTP method {other}"

    def _is_emptied(self, key: Key) -> bool:
        return "DELETE" in self._items[key] and (
            key in self._collections or is_plural_name(key[-1])
        )

    def _lists(self, subject: Subject) -> bool:
        """Whether a GET that does not end in a parameter returns many things."""
        steps = subject.route.steps
        if not steps or steps[-1].params or subject.route.action:
            return False
        key, last = _key(steps), steps[-1].name.rpartition("_")[2]
        if subject.site.returns_list or "list" in (*subject.hint[:1], *subject.hint[-1:]):
            return True
        if is_plural_name(last) and last not in SINGLE_PLURALS:
            may_be_one = subject.site.returns_list is False and key not in self._has_items
            is_one = self._bare[key] & CHANGING or _asks_for_one(subject.hint)
            return not (may_be_one and is_one)
        # A singular name may be that of a collection, but not if it is changed as a whole.
        return "GET" in self._items[key] and not self._bare[key] & {"PUT", "PATCH", "DELETE"}

    def _posted(self, subject: Subject, *, is_item: bool) -> tuple[str, str]:
        key = _key(subject.route.steps)
        bare, items = self._bare[key], self._items[key]
        verb = subject.hint[0] if subject.hint else ""
        if self._is_hinted(subject):
            if is_item and verb in (VERBS | SOMETIMES_VERBS) - READING_ONE:
                return verb, "POST of one item, and operationId says what it does"
            if verb in POSTED_QUESTIONS and "GET" not in bare | items:
                return self._asked(subject, verb), "POST that asks, as operationId says"
        if verb in CREATING or (is_item and items & CHANGING):
            return "create", "POST creates"
        if is_item and (verb in UPDATING or "POST" in bare or items & {"GET", "DELETE"}):
            return "update", "POST of an existing item"
        if not is_item and self._is_thing(subject, is_told=verb in UPDATING):
            return "update", "POST of a single thing that exists"
        return "create", "POST creates"

    def _asked(self, subject: Subject, verb: str) -> str:
        if verb != "get":
            return verb
        return "list" if subject.site.returns_list else "retrieve"

    def _is_thing(self, subject: Subject, *, is_told: bool) -> bool:
        """Whether a path without items is one thing that exists, and not a collection."""
        key = _key(subject.route.steps)
        bare = self._bare[key]
        if "GET" not in bare or bare & CHANGING or is_verb(key[-1].split("_")):
            return False
        return is_told or not (self._items[key] or key in self._collections or "DELETE" in bare)

    def _is_hinted(self, subject: Subject) -> bool:
        """Whether an id is a verb and the path's words: `cancelRun` of `POST /runs/{id}`."""
        if not subject.hint or subject.hint[0] in CREATING | UPDATING:
            return False
        said = (*subject.route.names, *subject.route.params)
        known = {singular(word) for text in said for word in words(text)}
        return all(singular(word) in known for word in _nouns(subject.hint))

    def _changed(self, subject: Subject, *, is_item: bool) -> tuple[str, str]:
        key = _key(subject.route.steps)
        here, there = self._bare[key], self._items[key]
        if is_item:
            here, there = there, here
        both = here >= CHANGING
        is_creating = subject.hint and subject.hint[0] in CREATING
        if subject.method == "PUT" and is_creating and not (is_item or "POST" in here):
            return "create", "PUT creates, as operationId says"
        name = "replace" if both and subject.method == "PUT" else "update"
        reason = "PUT replaces, PATCH updates" if both else f"{subject.method} updates"
        if not is_item and there & CHANGING and is_plural_name(subject.route.names[-1]):
            return f"{name}_all", f"{subject.method} of a collection whose items are changed too"
        return name, reason


def _asks_for_one(hint: Sequence[str]) -> bool:
    """`getUserGroup` asks for one thing, `getUsers` and `getUsersByName` do not."""
    nouns = _nouns(hint)
    if not nouns or hint[0] not in READING_ONE or nouns[-1] in ("all", "list"):
        return False
    return hint[0] != "get" or not is_plural_name(nouns[-1])


def _nouns(hint: Sequence[str]) -> list[str]:
    """What an id is about: `user` and `groups` of `getUserGroupsByName`."""
    return list(takewhile(lambda word: word not in FILLERS, hint[1:]))


def _key(steps: Sequence[Step]) -> Key:
    """Identity of a path whatever its parameters are called, without those at its end."""
    marks: list[str] = []
    for step in steps[:-1]:
        marks.extend((step.name, *("{}" for _ in step.params)))
    return (*marks, *(step.name for step in steps[-1:]))
