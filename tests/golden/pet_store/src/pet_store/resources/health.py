"""Calls under `health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import AsyncResource, Operation, Resource

from .. import models

if TYPE_CHECKING:
    from clientgen_runtime.sdk import RequestOptions
    from typing_extensions import Unpack

    from ..models import HealthRetrieveResponse


RETRIEVE: Operation[HealthRetrieveResponse] = Operation(
    "GET", "/health", {"200": lambda: models.HealthRetrieveResponse}, security=()
)


class Health(Resource):
    """Calls under `health`."""

    def retrieve(self, **options: Unpack[RequestOptions]) -> HealthRetrieveResponse:
        """Tell whether the shop is open."""
        return self._call(RETRIEVE, options=options)


class AsyncHealth(AsyncResource):
    """Calls under `health`."""

    async def retrieve(self, **options: Unpack[RequestOptions]) -> HealthRetrieveResponse:
        """Tell whether the shop is open."""
        return await self._call(RETRIEVE, options=options)
