from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class Problem(ApiModel):
    """
    A problem, as RFC 9457 describes it.
    """

    type: str | None = None
    title: str | None = None
    status: int | None = None
    detail: str | None = None
