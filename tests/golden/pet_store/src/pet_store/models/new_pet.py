from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import ApiModel, Date, lazy

if TYPE_CHECKING:
    from .kind import Kind
    from .tag import Tag

else:
    Kind, Tag = lazy(__package__, "Kind", "Tag")


class NewPet(ApiModel):
    """
    A pet that comes to the shop.
    """

    name: str
    """
    What the pet listens to (example: `Rex`).
    """
    kind: Kind | str | None = None
    """
    What a pet is.
    """
    born: Date | None = None
    """
    The pet's birthday; null when nobody knows it (example: `2021-04-17`).
    """
    tags: list[Tag] | None = None
