"""Calls of streams and webhooks that type checkers must refuse, each on a line of its own."""

from talk import AsyncWireStreams, WireStreams
from talk_events import WireWebhooks


def wrong(client: WireStreams, webhooks: WireWebhooks) -> None:
    client.chat.create(prompt="x", stream=True).text  # wrong: a stream is no answer
    client.chat.create(prompt="x").events()  # wrong: an answer is no stream
    client.chat.create(prompt="x", stream="yes")  # wrong: a text for a flag
    client.chat.create(prompts="x", stream=True)  # wrong: a misspelt field
    client.feed.lines(stream=True)  # wrong: it does nothing but stream
    for item in client.feed.lines():
        item.delta  # wrong: a field of other items
    client.feed.upload(body={"name": "Rex"})  # wrong: one item for many
    client.feed.with_raw_response.lines().parse().name  # wrong: a stream is no item
    webhooks.webhooks.unwrap({"type": "pet.born"}, {})  # wrong: what was read anew
    webhooks.webhooks.unwrap(b"", {}).born  # wrong: a field that no event has
    WireWebhooks(webhook_secret=7)  # wrong: a number for a secret


async def wrong_async(client: AsyncWireStreams) -> None:
    client.chat.create(prompt="x").text  # wrong: nobody has waited for it
    for _ in client.feed.lines():  # wrong: it takes waiting
        pass
