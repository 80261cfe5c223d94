"""Call paths: from the operations of a document to names such as `pets.retrieve`.

Each operation has names that it would like, best first. Configuration and extensions win; then
the style of the document decides: curated operationIds (`repos/list-for-org`) are followed, else
the path gives the name. Who shares a name with a more basic operation moves on to its next wish,
so that the order of the document changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from keyword import iskeyword
from types import MappingProxyType

from ._call_ids import Curated, Named, id_words, read_groups, rest_of_id, spells_path
from ._call_paths import Route, read_paths
from ._call_rest import Endpoint, RestName, RestNames
from ._call_words import singular
from ._identifiers import identifier, snake_case

DEEPEST = 4
DEEPEST_CURATED = 5
"""Levels of resources; names below are joined into the last one."""

METHOD_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLAIN_METHODS = {"GET": "retrieve", "POST": "create", "PUT": "update", "PATCH": "update"}
MOSTLY = 0.5

Resource = tuple[str, ...]
NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CallSite:
    """What naming needs to know of an operation.

    Attributes:
        method: HTTP method in capitals, custom ones included.
        path: Path template, such as `/pets/{petId}`.
        returns_list: Whether the 2xx JSON response is an array or an object that plainly wraps
            one; None when that is unknown.
        extension_group: Resource that an extension of the document asks for; `()` is the client.
        extension_name: Method name that an extension of the document asks for.
    """

    method: str
    path: str
    operation_id: str | None
    tags: tuple[str, ...]
    returns_list: bool | None
    has_body: bool
    extension_group: tuple[str, ...] | None = None
    extension_name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Where an operation is found in the SDK.

    Attributes:
        resource: Attributes that lead from the client to the resource; `()` is the client itself.
        method: Name of the method.
        named_by: What decided: `config`, `extension`, `operation_id`, `path` or `tag`.
        reason: Why, in one sentence for people.
    """

    resource: tuple[str, ...]
    method: str
    named_by: str
    reason: str


def name_calls(
    sites: Sequence[CallSite],
    *,
    overrides: Mapping[str, str] = NO_OVERRIDES,
    reserved_root: Collection[str],
    reserved_resource: Collection[str],
) -> list[Call]:
    """Give each operation a call path that no other one has.

    Every part is a valid public identifier, and no resource has the name of a method beside it.
    Cost is linear in the number of operations.

    Args:
        sites: The operations, in document order.
        overrides: Call paths by operation, such as `"GET /pets/{petId}": "pets.find"`. Entries
            for operations that are not among `sites` are ignored.
        reserved_root: Attributes that every client has.
        reserved_resource: Attributes that every resource has.

    Returns:
        One call per site, in the same order.

    Raises:
        ValueError: An override is no call path, or two of them exclude each other.
    """
    fixed = _overrides(sites, overrides, reserved_root, reserved_resource)
    wishes = _wishes(sites)
    return _Allocation(wishes, fixed, reserved_root, reserved_resource).calls()


# --- Configuration -------------------------------------------------------------------------


def _overrides(
    sites: Sequence[CallSite],
    overrides: Mapping[str, str],
    reserved_root: Collection[str],
    reserved_resource: Collection[str],
) -> dict[int, Call]:
    """The configured call of each operation that has one, by its number."""
    by_operation = {_operation_key(key): (key, call) for key, call in overrides.items()}
    fixed: dict[int, Call] = {}
    owner: dict[Resource, str] = {}
    for number, site in enumerate(sites):
        key, call = by_operation.get(_operation_key(f"{site.method} {site.path}"), ("", ""))
        if not key:
            continue
        parts = _call_path(key, call, reserved_root, reserved_resource)
        if parts in owner:
            raise ValueError(f"{key}: call {call!r} is already that of {owner[parts]}")
        owner[parts] = key
        fixed[number] = Call(parts[:-1], parts[-1], "config", "configured")
    _no_method_is_a_resource(fixed, owner)
    return fixed


def _operation_key(text: str) -> str:
    method, _, path = text.strip().partition(" ")
    return f"{method.upper()} {path.strip()}"


def _call_path(
    key: str, call: str, reserved_root: Collection[str], reserved_resource: Collection[str]
) -> Resource:
    parts = tuple(unicodedata.normalize("NFKC", call).split("."))
    for number, part in enumerate(parts):
        reserved = reserved_resource if number else reserved_root
        flaw = (
            "is no Python identifier"
            if not part.isidentifier()
            else "is a Python keyword"
            if iskeyword(part)
            else "starts with '_', which is for private names"
            if part.startswith("_")
            else "is an attribute that every client or resource has"
            if part in reserved
            else ""
        )
        if flaw:
            raise ValueError(f"{key}: call {call!r}: {part!r} {flaw}; write it like 'pets.find'")
    return parts


def _no_method_is_a_resource(fixed: Mapping[int, Call], owner: Mapping[Resource, str]) -> None:
    for call in fixed.values():
        for depth in range(1, len(call.resource) + 1):
            if other := owner.get(call.resource[:depth]):
                path = ".".join(call.resource[:depth])
                mine = owner[(*call.resource, call.method)]
                raise ValueError(f"{mine}: {path!r} is a method already, that of {other}")


# --- Wishes --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one operation would like to be called.

    Attributes:
        is_standard: Whether others expect it there: `pets.list` stays, whatever wants its name.
        is_chosen: Whether the document says so itself, in an extension.
        neighbours: How many operations share its path.
    """

    site: CallSite
    route: Route
    named: Named
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
        site = self.site
        order = METHOD_ORDER.index(site.method) if site.method in METHOD_ORDER else 9
        is_variant = self.route.variant not in ("", "json")
        size = (is_variant, -self.neighbours, site.path.count("/"), len(site.path), site.path)
        return (not self.is_chosen, not self.is_standard, *size, order, site.method)


def _wishes(sites: Sequence[CallSite]) -> list[_Wish]:
    routes = read_paths(dict.fromkeys(site.path for site in sites))
    named = [
        Named(s.operation_id or "", s.method, s.path, routes[s.path], s.tags) for s in sites
    ]
    endpoints = [_endpoint(site, name) for site, name in zip(sites, named, strict=True)]
    rest = RestNames(endpoints)
    groups = read_groups(named)
    wishes = [
        _extended(_wish(site, name, group, rest.name(endpoint), rest.neighbours(name.route)))
        for site, name, group, endpoint in zip(sites, named, groups, endpoints, strict=True)
    ]
    return _grouped_by_tag(wishes)


def _endpoint(site: CallSite, named: Named) -> Endpoint:
    hint = [] if spells_path(named) else id_words(named)
    return Endpoint(site.method, named.route, site.returns_list, hint)


def _wish(
    site: CallSite, named: Named, group: Curated | None, rest: RestName | None, neighbours: int
) -> _Wish:
    bare = _Wish(site, named.route, named, (), "", "path", "")
    if group is not None:
        resource = _joined(group.group, DEEPEST_CURATED)
        reason = f"operationId '{site.operation_id}' is a group and a name, as in all this document"
        return replace(
            bare,
            resource=resource,
            method=group.name,
            named_by="operation_id",
            reason=reason,
            is_standard=True,
        )
    if rest is not None:
        return replace(
            bare,
            resource=_joined(rest.resource, DEEPEST),
            method=rest.method,
            reason=rest.reason,
            is_standard=rest.is_standard,
            neighbours=neighbours,
        )
    return _without_words(bare)


def _without_words(bare: _Wish) -> _Wish:
    """A path that says nothing: the operationId does, else the first tag."""
    site = bare.site
    said = snake_case("_".join(id_words(bare.named)))
    if said:
        reason = "the path says nothing, the operationId does"
        return replace(bare, method=said, named_by="operation_id", reason=reason)
    method = PLAIN_METHODS.get(site.method, snake_case(site.method))
    tag = snake_case(site.tags[0]) if site.tags else ""
    if tag:
        reason = "the path says nothing, the first tag does"
        return replace(bare, resource=(tag,), method=method, named_by="tag", reason=reason)
    resource = (*bare.route.hidden, "root")[:1]
    return replace(bare, resource=resource, method=method, reason="the path has no other word")


def _joined(resource: Resource, deepest: int) -> Resource:
    if len(resource) <= deepest:
        return resource
    return (*resource[: deepest - 1], "_".join(resource[deepest - 1 :]))


def _extended(wish: _Wish) -> _Wish:
    site = wish.site
    if site.extension_group is None and site.extension_name is None:
        return wish
    resource, method = wish.resource, wish.method
    if site.extension_group is not None:
        resource = tuple(name for part in site.extension_group if (name := snake_case(part)))
    if site.extension_name is not None:
        method = snake_case(site.extension_name) or method
    return replace(
        wish,
        resource=resource,
        method=method,
        named_by="extension",
        reason="an extension in the document asks for it",
        is_chosen=True,
    )


def _grouped_by_tag(wishes: list[_Wish]) -> list[_Wish]:
    """An API of bare verbs (`/getPad`) is grouped by its tags, when all of them have one."""
    bare = [wish for wish in wishes if not wish.resource and wish.named_by == "path"]
    tags = {snake_case(wish.site.tags[0]) if wish.site.tags else "" for wish in bare}
    if len(bare) <= len(wishes) * MOSTLY or "" in tags or len(tags) < 2:
        return wishes
    reason = "the path is a bare verb, the first tag groups it"
    return [
        replace(wish, resource=(snake_case(wish.site.tags[0]),), named_by="tag", reason=reason)
        if not wish.resource and wish.named_by == "path"
        else wish
        for wish in wishes
    ]


# --- Allocation ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A resource, or the client at the top."""

    path: Resource
    methods: dict[str, _Wish | None] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)


class _Allocation:
    """Names for all operations, given in the order of their rank."""

    def __init__(
        self,
        wishes: Sequence[_Wish],
        fixed: Mapping[int, Call],
        reserved_root: Collection[str],
        reserved_resource: Collection[str],
    ) -> None:
        self._wishes = wishes
        self._fixed = fixed
        self._reserved_root = frozenset(reserved_root)
        self._reserved_resource = frozenset(reserved_resource)
        self._nodes: dict[Resource, _Node] = {(): _Node(())}

    def calls(self) -> list[Call]:
        given: dict[int, Call] = dict(self._fixed)
        free = [n for n in range(len(self._wishes)) if n not in given]
        self._place_fixed()
        self._place_resources([self._wishes[n] for n in free])
        for number in sorted(free, key=lambda n: (self._wishes[n].rank, n)):
            given[number] = self._place(self._wishes[number])
        return [given[number] for number in range(len(self._wishes))]

    def _place_fixed(self) -> None:
        for call in self._fixed.values():
            for depth in range(len(call.resource)):
                parent = self._node(call.resource[:depth])
                parent.children.add(call.resource[depth])
                self._node(call.resource[: depth + 1])
            self._node(call.resource).methods[call.method] = None

    def _node(self, path: Resource) -> _Node:
        """The node of a resource that is found under the name that it wishes."""
        return self._nodes.setdefault(path, _Node(path))

    def _place_resources(self, wishes: Sequence[_Wish]) -> None:
        """Name all resources, from the top down; basic methods beside them keep their names."""
        pinned: defaultdict[Resource, set[str]] = defaultdict(set)
        for wish in wishes:
            if wish.is_standard or wish.is_chosen:
                pinned[wish.resource].add(self._method_name(wish.resource, wish.method))
        wanted = {w.resource[:depth] for w in wishes for depth in range(1, len(w.resource) + 1)}
        for resource in sorted(wanted, key=lambda r: (len(r), r)):
            if resource in self._nodes:
                continue
            parent = self._nodes[resource[:-1]]
            name = identifier(resource[-1], "resource", reserved=self._reserved(parent.path))
            while name in parent.children | parent.methods.keys() | pinned[resource[:-1]]:
                name += "_"
            parent.children.add(name)
            self._nodes[resource] = _Node((*parent.path, name))

    def _place(self, wish: _Wish) -> Call:
        node = self._nodes[wish.resource]
        wanted = self._method_name(wish.resource, wish.method)
        if self._is_free(node, wanted):
            return self._give(node, wanted, wish, wish.named_by, wish.reason)
        holder = node.methods.get(wanted)
        reason = f"'{wanted}' is that of {_operation(holder)}, so "
        for method, named_by, why in _second_wishes(wish, holder, wanted):
            name = self._method_name(wish.resource, method)
            if self._is_free(node, name):
                return self._give(node, name, wish, named_by, reason + why)
        raise AssertionError("numbers never end")

    def _give(self, node: _Node, method: str, wish: _Wish, named_by: str, reason: str) -> Call:
        node.methods[method] = wish
        return Call(node.path, method, named_by, reason)

    def _is_free(self, node: _Node, name: str) -> bool:
        return name not in node.methods and name not in node.children

    def _method_name(self, resource: Resource, method: str) -> str:
        return identifier(method, "call", reserved=self._reserved(resource))

    def _reserved(self, resource: Resource) -> frozenset[str]:
        return self._reserved_resource if resource else self._reserved_root


def _operation(wish: _Wish | None) -> str:
    return f"{wish.site.method} {wish.site.path}" if wish else "a resource or configured"


def _second_wishes(
    wish: _Wish, holder: _Wish | None, taken: str
) -> Iterator[tuple[str, str, str]]:
    """Names for an operation whose first wish is taken: method, what decides, why."""
    site, base = wish.site, taken.rstrip("_")
    if wish.route.variant:
        yield f"{base}_{wish.route.variant}", wish.named_by, "the end of the path tells them apart"
    if rest := rest_of_id(wish.named, (*wish.resource, *wish.route.hidden)):
        yield rest, "operation_id", "the operationId tells them apart"
    yield from _by_parameters(wish, holder, base)
    if holder is None or holder.site.method != site.method:
        yield f"{base}_{snake_case(site.method)}", wish.named_by, "the HTTP method tells them apart"
    if site.operation_id:
        full = snake_case("_".join(id_words(wish.named)))
        yield full or base, "operation_id", "the operationId tells them apart"
    for number in count(2):
        yield f"{base}_{number}", wish.named_by, "a number tells them apart"


def _by_parameters(
    wish: _Wish, holder: _Wish | None, base: str
) -> Iterator[tuple[str, str, str]]:
    others = {snake_case(param) for param in holder.route.params} if holder else set()
    for param in reversed(wish.route.params):
        name = snake_case(param)
        if name and name not in others:
            yield f"{base}_by_{_short(name, wish.resource)}", wish.named_by, (
                f"the parameter '{param}' tells them apart"
            )


def _short(param: str, resource: Resource) -> str:
    """`pet_id` is just `id` among pets."""
    prefix = f"{singular(resource[-1])}_" if resource else ""
    return param.removeprefix(prefix) if prefix else param
