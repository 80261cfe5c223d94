"""What a user sees of streams and webhooks; type checkers must agree with every line."""

from talk import AsyncWireStreams, StreamError, WireStreams, models
from talk_events import WireWebhooks
from talk_events import models as events
from typing_extensions import assert_type

from clientgen_runtime import AsyncStream, ServerSentEvent, Stream


def read(client: WireStreams) -> None:
    assert_type(client.chat.create(prompt="x"), models.Answer)
    assert_type(client.chat.create(prompt="x", stream=False), models.Answer)
    stream = client.chat.create(prompt="x", stream=True)
    assert_type(stream, Stream[models.Delta])
    with client.chat.create(body={"prompt": "x"}, stream=True) as deltas:
        for delta in deltas:
            assert_type(delta, models.Delta)
        for event in deltas.events():
            assert_type(event, ServerSentEvent)
    assert_type(stream.request_id, str | None)
    replies = client.chat.reply(prompt="x", stream=True)
    assert_type(replies.get_final_response(), models.Answer)
    assert_type(client.chat.speech(), bytes)
    for item in client.feed.events():
        assert_type(item, models.Started | models.Ended)
    for payload in client.feed.named():
        assert_type(payload, models.Joined | models.Left | str)
    assert_type(client.feed.lines().until_done(), None)
    client.feed.upload(body=[models.Joined(name="Rex"), {"name": "Tom"}])


async def wait(client: AsyncWireStreams) -> None:
    assert_type(await client.chat.create(prompt="x"), models.Answer)
    async with client.chat.create(prompt="x", stream=True) as deltas:
        assert_type(deltas, AsyncStream[models.Delta])
        async for delta in deltas:
            assert_type(delta, models.Delta)
    assert_type(await client.feed.lines(), AsyncStream[models.Joined])
    async with client.chat.reply(prompt="x", stream=True) as replies:
        assert_type(await replies.get_final_response(), models.Answer)
    async for item in client.feed.lines():
        assert_type(item, models.Joined)


def look(client: WireStreams) -> None:
    raw = client.feed.with_raw_response.lines()
    assert_type(raw.parse(), Stream[models.Joined])
    with client.feed.with_streaming_response.events() as response:
        assert_type(response.parse(), Stream[models.Started | models.Ended])


async def look_async(client: AsyncWireStreams) -> None:
    raw = await client.feed.with_raw_response.lines()
    assert_type(raw.parse(), AsyncStream[models.Joined])


def fail(client: WireStreams) -> None:
    try:
        client.feed.lines().until_done()
    except StreamError as error:
        assert_type(error.body, object)


def receive(client: WireWebhooks, body: bytes, headers: dict[str, str]) -> None:
    event = client.webhooks.unwrap(body, headers)
    assert_type(event, events.Born | events.PetDiedEvent | events.Sold)
    if isinstance(event, events.Born):
        assert_type(event.name, str)
    WireWebhooks(webhook_secret=["whsec_YQ==", "whsec_Yg=="])
