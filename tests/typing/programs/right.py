"""What a user of the pet store's SDK sees; type checkers must agree with every line."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from pet_store import OMIT, AsyncPetStore, NotFoundError, Omit, PetStore, models
from typing_extensions import assert_type

from clientgen_runtime import AsyncPage, Page, RawResponse, Response

if TYPE_CHECKING:
    from pet_store.models.inputs import NewPetDict


def read(client: PetStore) -> None:
    assert_type(client.pets.list(limit=5, kind="dog", tag=["young"]), Page[models.Pet])
    pet = client.pets.retrieve(7)
    assert_type(pet, models.Pet)
    assert_type(pet.name, str)
    assert_type(pet.born, date | None)
    assert_type(pet.arrived_at, datetime | None)
    assert_type(pet.tags, list[models.Tag] | None)
    assert_type(client.pets.delete(7), None)
    assert_type(client.health.retrieve(), models.HealthRetrieveResponse)
    for photo in client.pets.photos.list(7):
        assert_type(photo, models.Photo)
        assert_type(photo.id, UUID)


def write(client: PetStore, tag: models.Tag, born: date | None) -> None:
    client.pets.create(name="Rex", kind="dog", born=born, tags=[{"name": "calm"}, tag])
    client.pets.create(body=models.NewPet(name="Rex"))
    client.pets.create(body={"name": "Rex"})
    kitten: NewPetDict = {"name": "Ida", "born": born, "tags": [{"name": "calm"}, tag]}
    client.pets.create(body=kitten)
    client.pets.update(7, born=None)
    meal: float | Omit = OMIT
    assert_type(client.pets.feed(7, food="fish", grams=meal), models.MealReport)
    client.pets.photos.create(7, url="https://photos.example/rex.jpg")


def options(client: PetStore) -> None:
    client.pets.list(timeout=5, retry=0, extra_headers={"X-A": "b"}, extra_query={"q": "x"})
    client.pets.feed(7, food="fish", idempotency_key="once", extra_body={"slowly": True})
    assert_type(client.with_options(timeout=60).pets.retrieve(7), models.Pet)
    PetStore(api_key="key", token="token", server=1, timeout=3.5)
    with PetStore(base_url="https://pets.example", transport=httpx.HTTPTransport()) as other:
        assert_type(other, PetStore)


def wait_for(client: PetStore) -> None:
    assert_type(client.poll("/jobs/7", response_model=models.Pet), models.Pet)
    assert_type(client.poll(client.get("/jobs/7"), deadline=None), Response)
    assert_type(client.poll(client.pets.with_raw_response.retrieve(7)), models.Pet)
    assert_type(client.poll(client.pets.with_raw_response.delete(7)), None)


async def wait(client: AsyncPetStore) -> None:
    assert_type(await client.pets.photos.retrieve(7, UUID(int=1)), models.Photo)
    async with AsyncPetStore() as other:
        assert_type(other, AsyncPetStore)
    started = await client.pets.with_raw_response.update(7, name="Tom")
    assert_type(await client.poll(started, deadline=60), models.Pet)


def go_through(client: PetStore) -> None:
    for pet in client.pets.list():
        assert_type(pet, models.Pet)
    page = client.pets.list()
    assert_type(page.items, list[models.Pet])
    assert_type(page.total, int | None)
    if page.has_next_page():
        assert_type(page.get_next_page(), Page[models.Pet])
    for each in page.iter_pages():
        assert_type(each, Page[models.Pet])
    whole = client.paginate("GET", "/pets/all", item_model=models.Pet)
    assert_type(whole, Page[models.Pet])
    assert_type(client.pets.with_raw_response.list().parse(), Page[models.Pet])


async def go_through_async(client: AsyncPetStore) -> None:
    async for pet in client.pets.list():
        assert_type(pet, models.Pet)
    page = await client.pets.list()
    assert_type(page, AsyncPage[models.Pet])
    assert_type(await page.get_next_page(), AsyncPage[models.Pet])
    async for each in client.pets.list().iter_pages():
        assert_type(each.items, list[models.Pet])
    async for photo in client.paginate("GET", "/photos", item_model=models.Photo):
        assert_type(photo, models.Photo)


def fail(client: PetStore) -> None:
    try:
        client.pets.retrieve(8)
    except NotFoundError as error:
        assert_type(error.status_code, int)


def build() -> None:
    pet = models.Pet.from_dict({"id": 1, "name": "Rex"})
    assert_type(pet, models.Pet)
    assert_type(pet.to_json(), str)
    base: models.NewPet = pet
    assert_type(base.name, str)


def look(client: PetStore) -> None:
    raw = client.pets.with_raw_response.retrieve(7, timeout=3)
    assert_type(raw, RawResponse[models.Pet])
    assert_type(raw.parse(), models.Pet)
    assert_type(raw.parse(dict), dict[Any, Any])
    assert_type(raw.status_code, int)
    assert_type(raw.headers["x"], str)
    assert_type(raw.header("x-total", int), int | None)
    assert_type(client.pets.with_raw_response.delete(7).parse(), None)
    with client.pets.with_streaming_response.update(7, name="Tom") as response:
        assert_type(response.parse(), models.Pet)
        for chunk in response.iter_bytes():
            assert_type(chunk, bytes)
    path = client.pets.with_streaming_response.retrieve(7).download("pet.json", resume=True)
    assert_type(path, Path)


async def look_async(client: AsyncPetStore) -> None:
    raw = await client.pets.photos.with_raw_response.retrieve(7, UUID(int=1))
    assert_type(raw.parse(), models.Photo)
    async with client.pets.with_streaming_response.update(7, name="Tom") as response:
        assert_type(await response.parse(), models.Pet)
        async for chunk in response.aiter_bytes():
            assert_type(chunk, bytes)
        assert_type(await response.download("pet.json"), Path)
