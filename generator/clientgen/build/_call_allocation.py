"""Giving the names: to every operation the first of its wishes that is free."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._call_types import Call, Resource
from ._call_wishes import Wish, second_wishes
from ._identifiers import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(slots=True)
class _Node:
    """A resource, or the client at the top.

    Attributes:
        path: Its final names.
        methods: Who has which name; None for the configuration.
        children: Names of the resources below.
        numbers: The last number that was given to a name.
    """

    path: Resource
    methods: dict[str, Wish | None] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    numbers: Counter[str] = field(default_factory=Counter)

    def is_free(self, name: str) -> bool:
        return name not in self.methods and name not in self.children


class Allocation:
    """Names for all operations, given in the order of their rank.

    Args:
        wishes: What each operation wishes.
        fixed: Calls that the configuration gives, by the number of the operation.
        reserved_root: Names that the client has.
        reserved_resource: Names that resources have.
    """

    def __init__(
        self,
        wishes: Sequence[Wish],
        fixed: Mapping[int, Call],
        reserved_root: frozenset[str],
        reserved_resource: frozenset[str],
    ) -> None:
        self._wishes = {n: wish for n, wish in enumerate(wishes) if n not in fixed}
        self._fixed = fixed
        self._reserved_root = reserved_root
        self._reserved_resource = reserved_resource
        self._nodes: dict[Resource, _Node] = {(): _Node(())}
        """Resources by the names that operations wish for them."""
        self._pinned: defaultdict[Resource, set[str]] = defaultdict(set)
        """Methods that keep their names beside a resource that would like to have it."""

    def calls(self) -> list[Call]:
        """One call per operation, in document order."""
        self._place_fixed()
        self._place_resources()
        given = dict(self._fixed)
        for number, wish in sorted(self._wishes.items(), key=lambda item: (item[1].rank, item[0])):
            given[number] = self._place(wish)
        return [call for _, call in sorted(given.items())]

    def _place_fixed(self) -> None:
        for call in self._fixed.values():
            node = self._nodes[()]
            for name in call.resource:
                node.children.add(name)
                path = (*node.path, name)
                node = self._nodes.setdefault(path, _Node(path))
            node.methods[call.method] = None

    def _place_resources(self) -> None:
        """Name all resources, from the top down."""
        wanted: set[Resource] = set()
        for wish in self._wishes.values():
            wanted.update(wish.resource[:depth] for depth in range(1, len(wish.resource) + 1))
            if wish.is_standard or wish.is_chosen:
                self._pinned[wish.resource].add(self._method_name(wish.resource, wish.method))
        for resource in sorted(wanted, key=lambda path: (len(path), path)):
            if resource not in self._nodes:
                self._nodes[resource] = self._new_node(resource)

    def _new_node(self, resource: Resource) -> _Node:
        outer = resource[:-1]
        parent = self._nodes[outer]
        name = identifier(resource[-1], "resource", reserved=self._reserved(outer))
        while not parent.is_free(name) or name in self._pinned[outer]:
            name += "_"
        parent.children.add(name)
        return _Node((*parent.path, name))

    def _place(self, wish: Wish) -> Call:
        node = self._nodes[wish.resource]
        wanted = self._method_name(wish.resource, wish.method)
        if node.is_free(wanted):
            return _give(node, wanted, wish, wish.named_by, wish.reason)
        holder = node.methods.get(wanted)
        taken = f"'{wanted}' is {_described(holder)}, so "
        for second in second_wishes(wish, holder, wanted):
            name = self._method_name(wish.resource, second.method)
            if node.is_free(name):
                return _give(node, name, wish, second.named_by, taken + second.reason)
        return _give(node, _numbered(node, wanted), wish, wish.named_by, f"{taken}it has a number")

    def _method_name(self, resource: Resource, method: str) -> str:
        return identifier(method, "call", reserved=self._reserved(resource))

    def _reserved(self, resource: Resource) -> frozenset[str]:
        return self._reserved_resource if resource else self._reserved_root


def _give(node: _Node, method: str, wish: Wish, named_by: str, reason: str) -> Call:
    node.methods[method] = wish
    return Call(node.path, method, named_by, reason)


def _numbered(node: _Node, name: str) -> str:
    base = name.rstrip("_")
    node.numbers[base] = max(node.numbers[base], 1)
    while not node.is_free(name):
        node.numbers[base] += 1
        name = f"{base}_{node.numbers[base]}"
    return name


def _described(holder: Wish | None) -> str:
    if holder is None:
        return "taken by a resource or the configuration"
    return f"the name of {holder.subject.method} {holder.subject.site.path}"
