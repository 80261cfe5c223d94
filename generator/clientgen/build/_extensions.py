"""What documents ask of generators through extensions (`x-…`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.load import Json

GROUPS = ("x-speakeasy-group", "x-fern-sdk-group-name")
NAMES = ("x-speakeasy-name-override", "x-fern-sdk-method-name")


def asked_group(extensions: Mapping[str, Json]) -> tuple[str, ...] | None:
    """The resource that an operation shall be in, None when nothing is said.

    Nested ones are written with dots, or as a list.
    """
    for key in GROUPS:
        match extensions.get(key):
            case str(text):
                return tuple(filter(None, text.split(".")))
            case list(parts):
                return tuple(part for part in parts if isinstance(part, str))
            case _:
                pass
    return None


def asked_name(extensions: Mapping[str, Json]) -> str | None:
    """What the method of an operation shall be called, None when nothing is said."""
    found = (extensions.get(key) for key in NAMES)
    return next((name for name in found if isinstance(name, str) and name), None)
