"""From how a list goes on to what is generated for it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Literal

from clientgen.config import ConfigError
from clientgen.resolve.spec import Anything, ListOf, MapOf, OneOf, Ref

from ._bodies import properties
from ._page_fields import Found, shape_at
from ._page_sight import answer
from ._pages import find
from ._types import ANY
from .ir import Pages, generic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.config import Config
    from clientgen.resolve.spec import Operation, Spec

    from ._types import Types
    from .ir import Annotation

TOLD = {"item", "reason", "confidence"}
"""What is found and is nothing that the runtime needs."""


def paged(spec: Spec, config: Config) -> Mapping[int, Found]:
    """Operations that answer with lists of pages, by their indexes.

    Raises:
        ConfigError: The configuration names items where there is no list.
    """
    found: dict[int, Found] = {}
    for operation in spec.operations:
        stated = _stated(operation, config)
        each = find(operation, spec.schemas, stated)
        if stated and not _may_be_list(operation, stated.items, spec):
            raise ConfigError(
                f'operations."{operation.method} {operation.path}".pagination.items: the answer '
                f"has no list at {stated.items!r}; give the path of the list, such as 'data.items'"
            )
        if each is not None:
            found[operation.index] = each
    return found


def _may_be_list(operation: Operation, path: str, spec: Spec) -> bool:
    """Whether there is a list under a path, or the document does not say what is there."""
    shape = answer(operation)
    found = shape_at(shape, path, spec.schemas) if shape is not None else Anything()
    is_object = isinstance(found, Ref) and bool(properties(found, spec.schemas))
    return isinstance(found, ListOf | Anything | MapOf | OneOf | Ref) and not is_object


def _stated(operation: Operation, config: Config) -> Found | Literal[False] | None:
    """What the configuration says of an operation."""
    settings = config.operations.get(f"{operation.method} {operation.path}")
    stated = settings.pagination if settings else None
    if stated is None:
        return None if config.pagination else False
    if stated.style == "none":
        return False
    given = stated.model_dump(exclude={"style"})
    return Found(style=stated.style, reason="the configuration says so", confidence=1.0, **given)


def pages(found: Found, body: Annotation, types: Types) -> Pages:
    """What is generated for a list that comes page by page."""
    item = types.result(found.item) if found.item is not None else ANY
    returns = generic("{}", item, body) if found.items else generic("{}", item)
    arguments = {
        field.name: value
        for field in fields(found)
        if field.name not in TOLD and (value := getattr(found, field.name)) != field.default
    }
    return Pages(
        arguments,
        returns=returns,
        body=body,
        next=_next(found),
        reason=found.reason,
        confidence=found.confidence,
    )


def _next(found: Found) -> str:
    """Where the next position is, in words."""
    if found.last:
        return f"last {found.last} of {found.items or 'the list'}"
    if found.next:
        return f"header {found.next}" if found.next_in == "header" else found.next
    match found.style:
        case "offset":
            return "items so far"
        case "page":
            return "next number"
        case _:
            return "header Link"
