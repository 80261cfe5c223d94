"""Call paths: from the operations of a document to names such as `pets.retrieve`.

Each operation has names that it would like, best first. Configuration and extensions win; then
the style of the document decides: curated operationIds (`repos/list-for-org`) are followed, else
the path gives the name. Who shares a name with a more basic operation moves on to its next wish,
so that the order of the document changes nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ._call_allocation import Allocation
from ._call_overrides import read_overrides
from ._call_types import Call, CallSite
from ._call_wishes import make_wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["Call", "CallSite", "name_calls"]

NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})


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
    reserved = (frozenset(reserved_root), frozenset(reserved_resource))
    fixed = read_overrides(sites, overrides, *reserved)
    return Allocation(make_wishes(sites), fixed, *reserved).calls()
