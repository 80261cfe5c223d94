from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class Meal(ApiModel):
    food: str
    """
    What to offer (example: `chicken`).
    """
    grams: float | None = None
    """
    How much of it.
    """
