"""Calls under `pets.photos`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import OMIT, AsyncResource, Body, Operation, Resource

from .. import models

if TYPE_CHECKING:
    from uuid import UUID

    from clientgen_runtime.sdk import (
        AsyncRaw,
        AsyncStreamed,
        Omit,
        Raw,
        RawKind,
        RawMethod,
        RawResource,
        RequestOptions,
        Streamed,
    )
    from typing_extensions import Unpack

    from ..models import NewPhoto, Photo
    from ..models.inputs import NewPhotoDict

if TYPE_CHECKING:
    List = list

LIST: Operation[List[Photo]] = Operation(
    "GET",
    "/pets/{petId}/photos",
    {"200": lambda: list[models.Photo], "404 default": {"application/problem+json": lambda: models.Problem}},
)
CREATE: Operation[Photo] = Operation(
    "POST",
    "/pets/{petId}/photos",
    {"201": lambda: models.Photo, "404 default": {"application/problem+json": lambda: models.Problem}},
    body=Body(lambda: models.NewPhoto, required=True),
    security=(("keeperToken",),),
)
RETRIEVE: Operation[Photo] = Operation(
    "GET",
    "/pets/{petId}/photos/{photoId}",
    {"200": lambda: models.Photo, "404 default": {"application/problem+json": lambda: models.Problem}},
)
DELETE: Operation[None] = Operation(
    "DELETE",
    "/pets/{petId}/photos/{photoId}",
    {"204": {}, "404 default": {"application/problem+json": lambda: models.Problem}},
    security=(("keeperToken",),),
    deprecated=True,
)


class PetsPhotos(Resource):
    """Calls under `pets.photos`."""

    with_raw_response: RawPetsPhotos[Raw]
    with_streaming_response: RawPetsPhotos[Streamed]

    def list(self, pet_id: int, *, limit: int | Omit = OMIT, **options: Unpack[RequestOptions]) -> List[Photo]:
        """List the photos of a pet.

        Args:
            pet_id: ID of the pet (example: `7`).
            limit: How many to show at most (example: `50`). The server's default is 20.

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.photos.list(7)
        """
        return self._call(LIST, path=(pet_id,), query={"limit": limit}, options=options)

    def create(
        self,
        pet_id: int,
        *,
        url: str | Omit = OMIT,
        caption: str | Omit = OMIT,
        body: NewPhoto | NewPhotoDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Photo:
        """Add a photo that is found on the web.

        Args:
            pet_id: ID of the pet (example: `7`).
            url: Where the photo is (example: `https://photos.example/rex.jpg`).

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.photos.create(7, url="my-url")
        """
        return self._call(CREATE, path=(pet_id,), fields={"url": url, "caption": caption}, body=body, options=options)

    def retrieve(self, pet_id: int, photo_id: UUID, **options: Unpack[RequestOptions]) -> Photo:
        """Find a photo.

        Args:
            pet_id: ID of the pet (example: `7`).
            photo_id: ID of the photo (example: `4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10`).

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.
        """
        return self._call(RETRIEVE, path=(pet_id, photo_id), options=options)

    def delete(self, pet_id: int, photo_id: UUID, **options: Unpack[RequestOptions]) -> None:
        """Remove a photo.

        Deprecated.

        Args:
            pet_id: ID of the pet (example: `7`).
            photo_id: ID of the photo (example: `4f1f7f5e-2f0c-4f8d-9a53-6d1f6c0f9d10`).

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.
        """
        return self._call(DELETE, path=(pet_id, photo_id), options=options)


class AsyncPetsPhotos(AsyncResource):
    """Calls under `pets.photos`."""

    with_raw_response: RawPetsPhotos[AsyncRaw]
    with_streaming_response: RawPetsPhotos[AsyncStreamed]

    async def list(self, pet_id: int, *, limit: int | Omit = OMIT, **options: Unpack[RequestOptions]) -> List[Photo]:
        """List the photos of a pet.

        Args:
            limit: How many to show at most.
        """
        return await self._call(LIST, path=(pet_id,), query={"limit": limit}, options=options)

    async def create(
        self,
        pet_id: int,
        *,
        url: str | Omit = OMIT,
        caption: str | Omit = OMIT,
        body: NewPhoto | NewPhotoDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Photo:
        """Add a photo that is found on the web.

        Args:
            url: Where the photo is.
        """
        return await self._call(
            CREATE, path=(pet_id,), fields={"url": url, "caption": caption}, body=body, options=options
        )

    async def retrieve(self, pet_id: int, photo_id: UUID, **options: Unpack[RequestOptions]) -> Photo:
        """Find a photo."""
        return await self._call(RETRIEVE, path=(pet_id, photo_id), options=options)

    async def delete(self, pet_id: int, photo_id: UUID, **options: Unpack[RequestOptions]) -> None:
        """Remove a photo."""
        return await self._call(DELETE, path=(pet_id, photo_id), options=options)


if TYPE_CHECKING:

    class RawPetsPhotos(RawResource[RawKind]):
        """`PetsPhotos` with whole responses."""

        list = RawMethod(PetsPhotos.list)
        create = RawMethod(PetsPhotos.create)
        retrieve = RawMethod(PetsPhotos.retrieve)
        delete = RawMethod(PetsPhotos.delete)
