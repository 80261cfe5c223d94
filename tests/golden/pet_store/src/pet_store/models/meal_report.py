from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class MealReport(ApiModel):
    eaten: float
    """
    How many grams the pet has eaten.
    """
    full: bool
    """
    Whether the pet is full now.
    """
