"""Everything about the pets of the shop."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from clientgen_runtime.sdk import OMIT, AsyncResource, Body, Operation, Pages, Resource

from .. import models

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from clientgen_runtime.sdk import (
        AsyncPaginator,
        AsyncRaw,
        AsyncStreamed,
        Omit,
        Page,
        Raw,
        RawKind,
        RawMethod,
        RawPage,
        RawResource,
        RequestOptions,
        Streamed,
    )
    from typing_extensions import Unpack

    from ..models import Kind, Meal, MealReport, NewPet, Pet, PetChanges, Tag
    from ..models.inputs import MealDict, NewPetDict, PetChangesDict, TagDict
    from .pets_photos import AsyncPetsPhotos, PetsPhotos

if TYPE_CHECKING:
    List = list

LIST: Operation[List[Pet]] = Operation(
    "GET",
    "/pets",
    {"200": lambda: list[models.Pet], "default": {"application/problem+json": lambda: models.Problem}},
    pages=Pages("link"),
)
CREATE: Operation[Pet] = Operation(
    "POST",
    "/pets",
    {"201": lambda: models.Pet, "409 422 default": {"application/problem+json": lambda: models.Problem}},
    body=Body(lambda: models.NewPet, required=True),
    security=(("keeperToken",),),
)
RETRIEVE: Operation[Pet] = Operation(
    "GET",
    "/pets/{petId}",
    {"200": lambda: models.Pet, "404 default": {"application/problem+json": lambda: models.Problem}},
)
UPDATE: Operation[Pet] = Operation(
    "PATCH",
    "/pets/{petId}",
    {"200": lambda: models.Pet, "404 default": {"application/problem+json": lambda: models.Problem}},
    body=Body(lambda: models.PetChanges, required=True),
    security=(("keeperToken",),),
)
DELETE: Operation[None] = Operation(
    "DELETE",
    "/pets/{petId}",
    {"204": {}, "404 default": {"application/problem+json": lambda: models.Problem}},
    security=(("keeperToken",),),
)
FEED: Operation[MealReport] = Operation(
    "POST",
    "/pets/{petId}/feed",
    {"200": lambda: models.MealReport, "404 default": {"application/problem+json": lambda: models.Problem}},
    body=Body(lambda: models.Meal, required=False),
)


class Pets(Resource):
    """Everything about the pets of the shop."""

    with_raw_response: RawPets[Raw]
    with_streaming_response: RawPets[Streamed]

    @cached_property
    def photos(self) -> PetsPhotos:
        """Calls under `pets.photos`."""
        from .pets_photos import PetsPhotos

        return PetsPhotos(self._client)

    def list(
        self,
        *,
        limit: int | Omit = OMIT,
        kind: Kind | Omit = OMIT,
        tag: List[str] | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Page[Pet]:
        """List the pets.

        The newest pets come first.

        Args:
            limit: How many to show at most (example: `50`). The server's default is 20.
            kind: Show only pets of this kind.
            tag: Show only pets that have all of these tags.

        Raises:
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.list()
        """
        return self._pages(LIST, query={"limit": limit, "kind": kind, "tag": tag}, options=options)

    def create(
        self,
        *,
        name: str | Omit = OMIT,
        kind: Kind | Omit = OMIT,
        born: date | None | Omit = OMIT,
        tags: Sequence[Tag | TagDict] | Omit = OMIT,
        body: NewPet | NewPetDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Pet:
        """Welcome a new pet.

        Args:
            name: What the pet listens to (example: `Rex`).
            kind: What a pet is.
            born: The pet's birthday; null when nobody knows it (example: `2021-04-17`).

        Raises:
            ConflictError: The shop has a pet of this name; `body` is a `Problem`.
            UnprocessableEntityError: The pet is not described well enough; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.create(name="Rex")
        """
        return self._call(
            CREATE, fields={"name": name, "kind": kind, "born": born, "tags": tags}, body=body, options=options
        )

    def retrieve(self, pet_id: int, **options: Unpack[RequestOptions]) -> Pet:
        """Find a pet by its ID.

        Args:
            pet_id: ID of the pet (example: `7`).

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.retrieve(7)
        """
        return self._call(RETRIEVE, path=(pet_id,), options=options)

    def update(
        self,
        pet_id: int,
        *,
        name: str | Omit = OMIT,
        born: date | None | Omit = OMIT,
        tags: Sequence[Tag | TagDict] | Omit = OMIT,
        body: PetChanges | PetChangesDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Pet:
        """Change what is known of a pet.

        What is not given stays as it is; null forgets it.

        Args:
            pet_id: ID of the pet (example: `7`).
            born: The pet's birthday; null forgets it.

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.update(7)
        """
        return self._call(
            UPDATE, path=(pet_id,), fields={"name": name, "born": born, "tags": tags}, body=body, options=options
        )

    def delete(self, pet_id: int, **options: Unpack[RequestOptions]) -> None:
        """Say goodbye to a pet.

        Args:
            pet_id: ID of the pet (example: `7`).

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.delete(7)
        """
        return self._call(DELETE, path=(pet_id,), options=options)

    def feed(
        self,
        pet_id: int,
        *,
        food: str | Omit = OMIT,
        grams: float | Omit = OMIT,
        body: Meal | MealDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> MealReport:
        """Feed a pet.

        A pet that is full leaves the rest.

        Args:
            pet_id: ID of the pet (example: `7`).
            food: What to offer (example: `chicken`).
            grams: How much of it. The server's default is 100.

        Raises:
            NotFoundError: No such pet; `body` is a `Problem`.
            HTTPError: What went wrong; `body` is a `Problem`.

        Example:
            >>> client.pets.feed(7)
        """
        return self._call(FEED, path=(pet_id,), fields={"food": food, "grams": grams}, body=body, options=options)


class AsyncPets(AsyncResource):
    """Everything about the pets of the shop."""

    with_raw_response: RawPets[AsyncRaw]
    with_streaming_response: RawPets[AsyncStreamed]

    @cached_property
    def photos(self) -> AsyncPetsPhotos:
        """Calls under `pets.photos`."""
        from .pets_photos import AsyncPetsPhotos

        return AsyncPetsPhotos(self._client)

    def list(
        self,
        *,
        limit: int | Omit = OMIT,
        kind: Kind | Omit = OMIT,
        tag: List[str] | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[Pet]:
        """List the pets.

        Args:
            limit: How many to show at most.
            kind: Show only pets of this kind.
            tag: Show only pets that have all of these tags.
        """
        return self._pages(LIST, query={"limit": limit, "kind": kind, "tag": tag}, options=options)

    async def create(
        self,
        *,
        name: str | Omit = OMIT,
        kind: Kind | Omit = OMIT,
        born: date | None | Omit = OMIT,
        tags: Sequence[Tag | TagDict] | Omit = OMIT,
        body: NewPet | NewPetDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Pet:
        """Welcome a new pet.

        Args:
            name: What the pet listens to.
            kind: What a pet is.
            born: The pet's birthday; null when nobody knows it.
        """
        return await self._call(
            CREATE, fields={"name": name, "kind": kind, "born": born, "tags": tags}, body=body, options=options
        )

    async def retrieve(self, pet_id: int, **options: Unpack[RequestOptions]) -> Pet:
        """Find a pet by its ID."""
        return await self._call(RETRIEVE, path=(pet_id,), options=options)

    async def update(
        self,
        pet_id: int,
        *,
        name: str | Omit = OMIT,
        born: date | None | Omit = OMIT,
        tags: Sequence[Tag | TagDict] | Omit = OMIT,
        body: PetChanges | PetChangesDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> Pet:
        """Change what is known of a pet.

        Args:
            born: The pet's birthday; null forgets it.
        """
        return await self._call(
            UPDATE, path=(pet_id,), fields={"name": name, "born": born, "tags": tags}, body=body, options=options
        )

    async def delete(self, pet_id: int, **options: Unpack[RequestOptions]) -> None:
        """Say goodbye to a pet."""
        return await self._call(DELETE, path=(pet_id,), options=options)

    async def feed(
        self,
        pet_id: int,
        *,
        food: str | Omit = OMIT,
        grams: float | Omit = OMIT,
        body: Meal | MealDict | Omit = OMIT,
        **options: Unpack[RequestOptions],
    ) -> MealReport:
        """Feed a pet.

        Args:
            food: What to offer.
            grams: How much of it.
        """
        return await self._call(FEED, path=(pet_id,), fields={"food": food, "grams": grams}, body=body, options=options)


if TYPE_CHECKING:

    class RawPets(RawResource[RawKind]):
        """`Pets` with whole responses."""

        list = RawPage(Pets.list)
        create = RawMethod(Pets.create)
        retrieve = RawMethod(Pets.retrieve)
        update = RawMethod(Pets.update)
        delete = RawMethod(Pets.delete)
        feed = RawMethod(Pets.feed)
