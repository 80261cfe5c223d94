from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class HealthRetrieveResponse(ApiModel):
    open: bool
    pets: int | None = None
    """
    How many pets the shop has.
    """
