from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class Tag(ApiModel):
    name: str
    """
    A word that describes a pet (example: `gentle`).
    """
    colour: str | None = None
    """
    How the tag is shown (example: `#ffcc00`).
    """
