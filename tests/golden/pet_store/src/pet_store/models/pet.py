from __future__ import annotations

from typing import Annotated

from clientgen_runtime.sdk import DateTime
from pydantic import Field

from .new_pet import NewPet


class Pet(NewPet):
    """
    A pet of the shop.
    """

    id: int
    """
    ID of the pet.
    """
    arrived_at: Annotated[DateTime | None, Field(alias="arrivedAt")] = None
    """
    When the pet came to the shop.
    """
