"""Which operations answer with one page of a list, and how the list goes on.

Found by the names and types of what a request takes and what an answer holds. Each rule is a
function that gives what it found and why; the first one that finds something decides. No rule
knows a document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from clientgen.resolve.spec import ListOf

from ._page_fields import Found, inputs, shape_at
from ._page_hints import hinted, linked, marked
from ._page_numbers import offset, page_number
from ._page_sight import NUMBERS, answer, look
from ._page_tokens import header_token, last_item, last_property, token, unseen
from ._page_urls import header_url, link_header, link_list, next_url
from ._page_words import TOTALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientgen.resolve.spec import Operation

    from ._page_fields import Schemas
    from ._page_sight import Sight

RULES: tuple[Callable[[Sight], Found | None], ...] = (
    marked,
    token,
    last_item,
    header_token,
    next_url,
    header_url,
    link_header,
    page_number,
    offset,
    last_property,
    link_list,
    unseen,
)
"""The surest first."""

METHODS = {"GET", "POST", "QUERY", "SEARCH"}
"""Methods that may answer with lists of pages, unless something is stated."""


def find(
    operation: Operation, schemas: Schemas, stated: Found | Literal[False] | None = None
) -> Found | None:
    """How the list that an operation answers with goes on, None when it is no list of pages.

    Args:
        operation: The operation.
        schemas: All named schemas.
        stated: What the configuration says of it; False that it is no list of pages.
    """
    given = tuple(inputs(operation, schemas))
    if stated is None and answer(operation) is not None:
        stated = hinted(operation, given)
    if stated is not None:
        return _stated(operation, schemas, stated or None)
    sight = look(operation, schemas) if operation.method in METHODS else None
    if sight is None:
        return None
    found = linked(operation, given) or next((f for rule in RULES if (f := rule(sight))), None)
    if found is None:
        return None
    return replace(found, items=sight.items.dotted, item=sight.item, total=_total(sight))


def _total(sight: Sight) -> str:
    return sight.path_of(TOTALS, {*NUMBERS, "any"})


def _stated(operation: Operation, schemas: Schemas, stated: Found | None) -> Found | None:
    """What the document or the configuration states, with the type of the items."""
    shape = answer(operation)
    if stated is None or shape is None:
        return stated
    found = shape_at(shape, stated.items, schemas)
    sight = look(operation, schemas)
    total = stated.total or (_total(sight) if sight else "")
    return replace(stated, item=found.item if isinstance(found, ListOf) else None, total=total)
