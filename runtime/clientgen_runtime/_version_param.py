"""Where an API takes its version, as plain data; apart, since few APIs have it."""

from __future__ import annotations

from typing import Literal, NamedTuple


class VersionParam(NamedTuple):
    """Where calls of an API take the version that they mean.

    Attributes:
        name: Wire name of the parameter, or name of the variable of the server's URL.
        place: Where it is.
        default: The version that is sent where the client states none; `None` sends none.
        required: Whether calls that have the parameter need it.

    Example:
        >>> VersionParam("Notion-Version", "header", required=True).default is None
        True
    """

    name: str
    place: Literal["header", "query", "server"]
    default: str | None = None
    required: bool = False
