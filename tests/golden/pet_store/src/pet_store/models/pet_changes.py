from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import ApiModel, Date, lazy

if TYPE_CHECKING:
    from .tag import Tag

else:
    Tag = lazy(__package__, "Tag")


class PetChanges(ApiModel):
    """
    What to change of a pet.
    """

    name: str | None = None
    born: Date | None = None
    """
    The pet's birthday; null forgets it.
    """
    tags: list[Tag] | None = None
