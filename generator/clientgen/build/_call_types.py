"""What goes into naming, what comes out, and what is known of an operation in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._call_paths import Route

Resource: TypeAlias = tuple[str, ...]
"""Attributes that lead from the client to a resource; `()` is the client itself."""


@dataclass(frozen=True, slots=True)
class CallSite:
    """What naming needs to know of an operation.

    Attributes:
        method: HTTP method in capitals, custom ones included.
        path: Path template, such as `/pets/{petId}`.
        operation_id: The `operationId`, when the document has one.
        tags: The names of its tags, the most telling first.
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


@dataclass(frozen=True, slots=True)
class Subject:
    """An operation and what its path and its operationId say.

    Attributes:
        route: Its path, taken apart.
        hint: The words of its operationId; none where they only repeat the path.
    """

    site: CallSite
    route: Route
    hint: Sequence[str]

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.site.method
