from __future__ import annotations

from typing import Annotated
from uuid import UUID

from clientgen_runtime.sdk import ApiModel, DateTime
from pydantic import Field


class Photo(ApiModel):
    id: UUID
    url: str
    caption: str | None = None
    taken_at: Annotated[DateTime | None, Field(alias="takenAt")] = None
