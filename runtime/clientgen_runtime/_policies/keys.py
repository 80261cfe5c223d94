"""What requests have in common, for policies that tell them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from .._errors import ConfigurationError
from .._request import Request
from .._servers import origin_name

Key: TypeAlias = Callable[[Request], str] | Literal["origin", "endpoint"]


def check_key(key: object) -> None:
    """Refuse what `key=` does not mean.

    Raises:
        ConfigurationError: It is no name of a rule and no function.
    """
    if key not in (None, "origin", "endpoint") and not callable(key):
        raise ConfigurationError(
            f'key= takes "origin", "endpoint" or a function of the request, not {key!r}'
        )


def key_of(key: Key | None, request: Request, template: str) -> str:
    """The key of a request; `template` is its path as the document has it."""
    if key is None or key == "origin":
        return origin_name(request.url)
    if key == "endpoint":
        return f"{request.method} {origin_name(request.url)}{template}"
    return key(request)
