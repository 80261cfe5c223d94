"""Whole responses in place of results: `with_raw_response` and `with_streaming_response`."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import ConfigurationError, PoolLimits, RawResponse
from tests.support.recorder import Answer

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "raw.yaml"
covers = pytest.mark.covers

REX = '{"name": "Rex"}'


def parsed(wire: Wire, response: Any) -> Any:
    """What a streamed response holds; reading it takes waiting where the client is async."""
    return wire.drive(response).parse()


@covers("raw: with_raw_response on a resource")
def test_a_whole_response(wire: Wire) -> None:
    wire.answer(REX, X_Request_ID="r-1")

    raw = wire.call("pets.with_raw_response.retrieve", 7, full=True)

    assert isinstance(raw, RawResponse)
    assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
    assert (raw.text, raw.content, raw.json()) == (REX, REX.encode(), {"name": "Rex"})
    assert raw.parse() == wire.models.Pet(name="Rex")
    assert raw.parse(dict) == {"name": "Rex"}
    assert (raw.request_id, raw.is_success, raw.elapsed.total_seconds() > 0) == ("r-1", True, True)
    assert isinstance(raw.http_response, httpx.Response)
    assert wire.sent.target == "/pets/7?full=true"


@covers("raw: the id of the request on models")
def test_a_model_knows_the_id_of_its_request(wire: Wire) -> None:
    wire.answer(REX, X_Request_ID="r-1")

    pet = wire.call("pets.retrieve", 7)
    raw = wire.call("pets.with_raw_response.retrieve", 7)
    other = wire.client.get("/pets/7", response_model=wire.models.Pet)
    assert [each._request_id for each in (pet, raw.parse(), other)] == ["r-1"] * 3


def test_the_id_of_a_request_is_no_part_of_a_model(wire: Wire) -> None:
    wire.answer(REX, X_Request_ID="r-1")

    pet, new = wire.call("pets.retrieve", 7), wire.models.Pet(name="Rex")
    others = [new, copy.copy(pet), pet.model_copy(), pickle.loads(pickle.dumps(pet))]
    assert others == [pet] * 4
    assert [each._request_id for each in others] == [None] * 4
    assert (repr(pet), pet.to_dict(), pet.model_extra) == (repr(new), {"name": "Rex"}, {})


@covers("raw: with_raw_response on the client")
def test_calls_of_the_client_itself(wire: Wire) -> None:
    wire.answer('"berlin"')

    raw = wire.call("with_raw_response.ping")

    assert (raw.parse(), raw.status_code) == ("berlin", 200)
    assert wire.call("ping") == "berlin"


@covers("raw: without a result")
def test_a_response_without_a_result(wire: Wire) -> None:
    wire.answer(status=204)

    raw = wire.call("pets.with_raw_response.delete", 7)

    assert (raw.status_code, raw.parse(), raw.content) == (204, None, b"")


@covers("raw: with_streaming_response on a resource")
def test_a_response_whose_body_is_read_when_it_is_asked_for(wire: Wire) -> None:
    wire.answer(REX)
    with wire.call("pets.with_streaming_response.retrieve", 7) as response:
        assert response.status_code == 200
        with pytest.raises(ConfigurationError, match="read"):
            response.content
        assert parsed(wire, response) == wire.models.Pet(name="Rex")
        assert response.text == REX

    wire.answer(b"\x89PNG" * 1000, "image/png")
    with wire.call("photos.with_streaming_response.retrieve", 7) as response:
        name = "aiter_bytes" if wire.is_async else "iter_bytes"
        chunks = list(getattr(wire.drive(response), name)(chunk_size=1000))
    assert [len(chunk) for chunk in chunks] == [1000] * 4


@covers("raw: with_streaming_response on the client")
def test_streamed_calls_of_the_client_itself(wire: Wire) -> None:
    wire.answer('"berlin"')

    with wire.call("with_streaming_response.ping") as response:
        assert parsed(wire, response) == "berlin"


@covers("raw: with_streaming_response sends when it is entered")
def test_nothing_is_sent_before_it_is_entered(wire: Wire) -> None:
    wire.call("pets.with_streaming_response.retrieve", 7)

    assert wire.server.requests == []


@covers("raw: streams")
def test_a_stream_with_its_response(wire: Wire) -> None:
    wire.answer(f"data: {REX}\n\n", "text/event-stream", X_Seat="7")

    raw = wire.call("events.with_raw_response.retrieve", 7)

    assert raw.headers["x-seat"] == "7"
    with wire.drive(raw.parse()) as events:
        assert list(wire.drive(events)) == [wire.models.Pet(name="Rex")]


@covers("raw: pages")
def test_a_page_with_its_response(wire: Wire) -> None:
    wire.server.answers = [
        Answer(body=b'{"items": [{"name": "Rex"}], "next_cursor": "b"}', headers={"X-Seat": "7"}),
        Answer(body=b'{"items": [{"name": "Tom"}]}'),
    ]

    raw = wire.call("pets.with_raw_response.list", limit=1)

    assert raw.headers["x-seat"] == "7"
    page = wire.drive(raw.parse())
    assert page.items == [wire.models.Pet(name="Rex")]
    assert wire.drive(page.get_next_page()).items == [wire.models.Pet(name="Tom")]
    assert wire.sent.target == "/pets?limit=1&cursor=b"


@covers("raw: connections are released")
def test_connections_come_back(wire: Wire) -> None:
    wire.answer(b"x" * 1_000_000, "image/png")
    client = wire.connect(limits=PoolLimits(max_connections=1), timeout=2)
    photos = wire.drive(wire.drive(client.photos).with_streaming_response)

    for _ in range(3):
        with photos.retrieve(7) as response:
            assert response.status_code == 200


@covers("raw: nothing is made that is not used")
def test_raw_access_is_made_once_and_shares_connections(wire: Wire) -> None:
    client: Any = wire.sdk.client(base_url=wire.server.url)
    assert "_raw_calls" not in vars(client)

    assert client.pets.with_raw_response is client.pets.with_raw_response
    assert client.pets.with_raw_response._client._transport is client._transport
    assert client.with_options(timeout=3).pets.with_raw_response is not (
        client.pets.with_raw_response
    )
    client.close()
