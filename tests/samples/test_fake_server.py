"""The fake server of a package answers, fails, waits, pages and streams as it is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import clientgen_runtime
from clientgen_runtime import NotFoundError, ReadTimeoutError, ServerError
from tests.support.generated import generated
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

SDK = generated(SAMPLES / "pet_store.yaml")
PAGES = generated(SAMPLES / "wire" / "pages.yaml")
STREAMS = generated(SAMPLES / "wire" / "streams.yaml")


def fake(sdk: Any = SDK, **options: Any) -> Any:
    module = __import__(f"{sdk.module.__name__}.testing", fromlist=["FakeServer"])
    return module.FakeServer(**options)


@pytest.fixture
def server() -> Iterator[Any]:
    with fake() as made:
        yield made


def test_an_example_of_the_document_is_the_answer(server: Any) -> None:
    with server.client() as client:
        assert [pet.name for pet in client.pets.list()] == ["Rex", "Mimi"]
    assert [call.call for call in server.calls] == ["pets.list"]


def test_what_has_no_example_is_made_up_the_same_for_the_same_seed() -> None:
    def pet(seed: int) -> object:
        with fake(seed=seed).client() as client:
            return client.pets.retrieve(7)

    assert pet(1) == pet(1)
    assert pet(1) != pet(2)


def test_both_clients_see_the_same(server: Any) -> None:
    async def retrieve() -> object:
        async with server.async_client() as client:
            return await client.pets.retrieve(7)

    with server.client() as client:
        assert asyncio.run(retrieve()) == client.pets.retrieve(7)


def test_a_call_answers_what_it_is_told(server: Any) -> None:
    server.answer("pets.retrieve", SDK.module.models.Pet(id=7, name="Rex"))
    with server.client() as client:
        assert client.pets.retrieve(7).name == "Rex"


def test_an_error_has_its_declared_body(server: Any) -> None:
    server.fail("pets.retrieve", 404)

    with server.client() as client, pytest.raises(NotFoundError) as raised:
        client.pets.retrieve(8)
    assert getattr(raised.value.body, "detail", "") == "There is no pet 8."


def test_a_busy_server_is_asked_again(server: Any) -> None:
    server.fail("pets.retrieve", 503, times=1)

    with server.client(retry=clientgen_runtime.RetryConfig(backoff_factor=0)) as client:
        client.pets.retrieve(7)
    assert len(server.calls) == 2


def test_a_broken_connection_is_an_error_of_the_runtime(server: Any) -> None:
    server.fail("pets.retrieve", httpx.ConnectError("no route"))

    with server.client(retry=None) as client, pytest.raises(clientgen_runtime.ConnectionError):
        client.pets.retrieve(7)


def test_a_slow_answer_times_out(server: Any) -> None:
    server.delay("pets.retrieve", 60)

    with server.client(retry=None, timeout=0.01) as client, pytest.raises(ReadTimeoutError):
        client.pets.retrieve(7)


def test_a_server_forgets_when_it_is_reset(server: Any) -> None:
    server.fail("pets.retrieve", 500)
    server.reset()

    with server.client(retry=None) as client:
        client.pets.retrieve(7)
    server.fail("pets.retrieve", 500)
    with pytest.raises(ServerError):
        server.check("pets.retrieve")


def test_a_call_that_is_none_is_refused(server: Any) -> None:
    with pytest.raises(LookupError, match="there is no call"):
        server.fail("pets.fly")
    with pytest.raises(LookupError, match="returns no pages"):
        server.paginate("pets.retrieve", [])


LISTS = [call for call, known in fake(PAGES).operations.items() if known.operation.pages]


@pytest.mark.parametrize("call", [call for call in LISTS if not call.startswith("xml")])
def test_all_items_are_found_on_pages_of_any_style(call: str) -> None:
    server = fake(PAGES)
    items = [{"id": str(number), "name": f"pet {number}"} for number in range(5)]
    server.paginate(call, items, size=2)

    positional, named = server.arguments(call)
    with server.client() as client:
        method = client
        for name in call.split("."):
            method = getattr(method, name)
        assert len(list(method(*positional, **named))) == 5


@pytest.mark.parametrize("call", ["linked.pets.list", "wrapped.pets.list"])
def test_what_tells_the_position_of_a_page_has_all_that_it_requires(call: str) -> None:
    fake(PAGES).check(call)


def test_a_stream_has_the_items_that_it_is_told() -> None:
    server = fake(STREAMS)
    server.stream("chat.create", [{"delta": "He"}, {"delta": "llo"}])

    with server.client() as client, client.chat.create(prompt="x", stream=True) as stream:
        assert [item.delta for item in stream] == ["He", "llo"]


def test_what_is_streamed_leaves_whole_answers_alone() -> None:
    server = fake(STREAMS)
    server.stream("chat.create", [{"delta": "He"}, {"delta": "llo"}])

    with server.client() as client:
        assert isinstance(client.chat.create(prompt="x").text, str)


ODD = """
openapi: 3.1.0
info: {title: Odd, version: "1"}
paths:
  /events:
    post:
      operationId: send
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}
      responses:
        "200":
          description: Seen.
          content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}
  /trees:
    get:
      operationId: find
      parameters:
        - {name: like, in: query, required: true, schema: {$ref: '#/components/schemas/Tree'}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Event:
      oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
      discriminator: {propertyName: kind, mapping: {1: One, 2: Two}}
    One: {type: object, required: [kind, a], properties: {kind: {const: 1}, a: {type: string}}}
    Two: {type: object, required: [kind, b], properties: {kind: {const: 2}, b: {type: string}}}
    Tree:
      type: [object, array]
      properties: {inner: {$ref: '#/components/schemas/Tree'}}
      items: {$ref: '#/components/schemas/Tree'}
"""


def test_numbers_tell_members_apart_and_unions_stand_within_themselves() -> None:
    server = fake(generated(ODD))

    for call in server.operations:
        server.check(call)
        asyncio.run(server.acheck(call))


@pytest.mark.parametrize("options", [{}, {"server": 1}, {"base_url": "https://x.test/v1"}])
def test_clients_that_are_made_elsewhere_reach_it_below_the_paths_of_their_servers(
    server: Any, options: dict[str, Any]
) -> None:
    made: Any = SDK.client(api_key="k-1", transport=server.transport, **options)
    with made as client:
        assert client.base_url.endswith("/v1")
        assert client.pets.retrieve(7).name

    assert [call.call for call in server.calls] == ["pets.retrieve"]
