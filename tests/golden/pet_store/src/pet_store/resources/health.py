"""Calls under `health`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import AsyncResource, Operation, Resource

from .. import models

if TYPE_CHECKING:
    from clientgen_runtime.sdk import (
        AsyncRaw,
        AsyncStreamed,
        Raw,
        RawKind,
        RawMethod,
        RawResource,
        RequestOptions,
        Streamed,
    )
    from typing_extensions import Unpack

    from ..models import HealthRetrieveResponse


RETRIEVE: Operation[HealthRetrieveResponse] = Operation(
    "GET", "/health", {"200": lambda: models.HealthRetrieveResponse}, security=()
)


class Health(Resource):
    """Calls under `health`."""

    with_raw_response: RawHealth[Raw]
    with_streaming_response: RawHealth[Streamed]

    def retrieve(self, **options: Unpack[RequestOptions]) -> HealthRetrieveResponse:
        """Tell whether the shop is open.

        Example:
            >>> client.health.retrieve()
        """
        return self._call(RETRIEVE, options=options)


class AsyncHealth(AsyncResource):
    """Calls under `health`."""

    with_raw_response: RawHealth[AsyncRaw]
    with_streaming_response: RawHealth[AsyncStreamed]

    async def retrieve(self, **options: Unpack[RequestOptions]) -> HealthRetrieveResponse:
        """Tell whether the shop is open."""
        return await self._call(RETRIEVE, options=options)


if TYPE_CHECKING:

    class RawHealth(RawResource[RawKind]):
        """`Health` with whole responses."""

        retrieve = RawMethod(Health.retrieve)
