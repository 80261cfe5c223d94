"""Calls that type checkers must refuse, each on a line of its own."""

from pet_store import AsyncPetStore, PetStore, models
from typing_extensions import assert_never


def wrong(client: PetStore) -> None:
    client.pets.retrieve("seven")  # wrong: a path parameter of another type
    client.pets.retrieve()  # wrong: nothing for a path parameter
    client.pets.retrieve(7, 8)  # wrong: more than the path takes
    client.pets.list(5)  # wrong: what is no path parameter needs its name
    client.pets.list(limits=5)  # wrong: a name that the call does not have
    client.pets.list(limit="5")  # wrong: text for a number
    client.pets.list(limit=None)  # wrong: null where the document has none
    client.pets.list(tag="young")  # wrong: a text for a list
    client.pets.list(kind="dragon")  # wrong: a value that is not listed
    client.pets.create(name=3)  # wrong: a field of another type
    client.pets.create(body=models.Photo)  # wrong: a class for its value
    client.pets.create(body=7)  # wrong: a number for an object
    client.pets.create(body={"nam": "Rex"})  # wrong: a key that the object does not have
    client.pets.create(body={"kind": "dog"})  # wrong: a key is missing that the object must have
    client.pets.create(body={"name": 7})  # wrong: a key's value of another type
    client.pets.create(tags=[{"nam": "young"}])  # wrong: such a key, further inside
    client.pets.create(body={"name": "Rex", "tags": [{}]})  # wrong: such a lack, further inside
    client.pets.feed(7, food="fish", gram=3)  # wrong: a misspelt field
    client.pets.list(extra_header={})  # wrong: a misspelt option
    client.poll(7)  # wrong: neither a response nor a URL
    client.pet.list()  # wrong: a resource that is not there
    client.pets.find(7)  # wrong: a method that is not there
    client.pets.retrieve(7).nam  # wrong: a field that is not there
    client.pets.list().name  # wrong: a page is no pet
    client.pets.list()[0]  # wrong: a page is no list
    client.paginate("GET", "/pets", style="rows")  # wrong: a style that there is not
    PetStore(api_keys="key")  # wrong: a misspelt credential
    number: int = client.pets.retrieve(7).name  # wrong: a text for a number
    assert_never(number)  # wrong: it can be


def wrong_raw(client: PetStore) -> None:
    raw = client.pets.with_raw_response
    raw.retrieve("seven")  # wrong: a path parameter of another type, with the response
    raw.retrieve(7, timeout="soon")  # wrong: text for seconds, with the response
    raw.list(limits=5)  # wrong: a name that the call does not have, with the response
    raw.retrieve(7).name  # wrong: the response is no pet
    raw.retrieve(7).parse().nam  # wrong: a field that is not there, of the parsed response
    raw.find(7)  # wrong: a method that is not there, with the response
    client.pets.with_streaming_response.retrieve(7).parse()  # wrong: nobody has entered it
    client.pets.with_streaming_response.retrieve(7).download()  # wrong: no path to save it to
    client.poll(raw.retrieve(7)).nam  # wrong: a field that is not there, of what came at last


async def wrong_async(client: AsyncPetStore) -> None:
    client.pets.retrieve(7).name  # wrong: nobody has waited for it
    await client.pets.retrieve(7, limit=3)  # wrong: an argument of another call
    client.pets.with_raw_response.retrieve(7).parse()  # wrong: nobody has waited for the response
    async with client.pets.with_streaming_response.retrieve(7) as response:
        response.parse().name  # wrong: nobody has waited for the body
