from __future__ import annotations

from clientgen_runtime.sdk import ApiModel


class NewPhoto(ApiModel):
    url: str
    """
    Where the photo is (example: `https://photos.example/rex.jpg`).
    """
    caption: str | None = None
