"""Answers that are read item by item (WHATWG HTML, section 9.2; OpenAPI 3.2, "Media Type")."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    ConfigurationError,
    DecodeError,
    ResponseError,
    ServerSentEvent,
    StreamError,
)

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "streams.yaml"
covers = pytest.mark.covers

SSE = "text/event-stream"
DELTAS = 'data: {"delta": "He"}\n\ndata: {"delta": "llo"}\n\ndata: [DONE]\n\n'


def items(wire: Wire, call: str, *arguments: object, **named: object) -> list[Any]:
    with wire.call(call, *arguments, **named) as stream:
        return list(wire.drive(stream))


@covers("stream: stream=True of a request property")
def test_a_stream_is_asked_for(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)

    found = items(wire, "chat.create", prompt="Say hello", stream=True)

    assert found == [wire.models.Delta(delta="He"), wire.models.Delta(delta="llo")]
    assert json.loads(wire.sent.body) == {"prompt": "Say hello", "stream": True}
    assert wire.sent.header("Accept") == "text/event-stream"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [('{"text": "Hello"}', "application/json"), (" <html>", "text/html"), ("[]", None)],
)
def test_an_answer_in_one_piece_is_no_empty_stream(
    wire: Wire, body: str, content_type: str | None
) -> None:
    wire.answer(body, content_type)

    with pytest.raises(DecodeError, match="is no stream of events") as caught:
        items(wire, "chat.create", prompt="x", stream=True)
    assert body.strip() in str(caught.value)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_a_stream_that_is_called_something_else_is_read(
    wire: Wire, content_type: str | None
) -> None:
    wire.answer(": ping\n\n" + DELTAS, content_type)

    assert len(items(wire, "chat.create", prompt="x", stream=True)) == 2


@covers("stream: stream=False, or nothing said")
@pytest.mark.parametrize("said", [{}, {"stream": False}])
def test_the_whole_answer_is_asked_for(wire: Wire, said: dict[str, bool]) -> None:
    wire.answer('{"text": "Hello"}')

    assert wire.call("chat.create", prompt="x", **said) == wire.models.Answer(text="Hello")
    assert json.loads(wire.sent.body) == {"prompt": "x", **said}
    assert wire.sent.header("Accept") == "application/json"


@covers("stream: stream=True beside a whole body")
def test_the_switch_joins_a_whole_body(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)

    body = wire.models.Question(prompt="x")
    assert len(items(wire, "chat.create", body=body, stream=True)) == 2
    assert json.loads(wire.sent.body) == {"prompt": "x", "stream": True}
    assert len(items(wire, "chat.create", body={"prompt": "x", "stream": True})) == 2


@covers("stream: the last item has the whole answer")
def test_the_whole_answer_is_taken_from_the_last_item(wire: Wire) -> None:
    wire.answer('data: {"delta": "He"}\n\ndata: {"answer": {"text": "Hello"}}\n\n', SSE)

    with wire.call("chat.reply", prompt="x", stream=True) as stream:
        first = next(iter(wire.drive(stream)))
        whole = wire.drive(stream).get_final_response()
    assert (first.delta, whole) == ("He", wire.models.Answer(text="Hello"))


def test_a_stream_that_ends_early_has_no_whole_answer(wire: Wire) -> None:
    wire.answer('data: {"delta": "He"}\n\n', SSE)

    stream = wire.drive(wire.call("chat.reply", prompt="x", stream=True))
    with stream as opened, pytest.raises(ResponseError, match="ended without the whole answer"):
        wire.drive(opened).get_final_response()


def test_a_stream_of_pieces_alone_has_no_whole_answer(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)

    with wire.call("feed.events") as stream, pytest.raises(ConfigurationError, match="collect"):
        wire.drive(stream).get_final_response()


@covers("stream: the id of the request")
def test_a_stream_knows_the_id_of_its_request(wire: Wire) -> None:
    wire.answer(DELTAS, SSE, X_Request_ID="r-1")

    with wire.call("chat.create", prompt="x", stream=True) as stream:
        assert stream.request_id == "r-1"


@covers("stream: a request property alone tells of it")
def test_a_stream_that_no_media_type_tells_of(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)
    assert items(wire, "chat.legacy", prompt="x", stream=True) == [
        {"delta": "He"},
        {"delta": "llo"},
    ]
    assert wire.sent.header("Accept") == "text/event-stream"

    wire.answer('{"text": "Hello"}')
    assert wire.call("chat.legacy", prompt="x") == wire.models.Answer(text="Hello")


@covers("stream: a media type beside others")
def test_a_stream_beside_another_form(wire: Wire) -> None:
    wire.answer(b"ID3", "audio/mpeg")
    assert wire.call("chat.speech") == b"ID3"
    assert wire.sent.header("Accept") == "audio/mpeg"

    wire.answer(DELTAS, SSE)
    assert len(items(wire, "chat.speech", stream=True)) == 2
    assert (wire.sent.target, wire.sent.header("Accept")) == ("/speech", "text/event-stream")


@covers("stream: stream=True of a query parameter")
def test_a_query_parameter_asks_for_a_stream(wire: Wire) -> None:
    wire.answer('{"delta": "He"}\n{"delta": "llo"}', "application/x-ndjson")

    found = items(wire, "chat.resume", "a1", stream=True)

    assert found == [wire.models.Delta(delta="He"), wire.models.Delta(delta="llo")]
    assert wire.sent.target == "/answers/a1?stream=true"


@covers("stream: a server that streams by default")
def test_a_server_that_streams_by_default_is_asked_not_to(wire: Wire) -> None:
    wire.answer('{"text": "Hello"}')

    assert wire.call("chat.resume", "a1") == wire.models.Answer(text="Hello")
    assert wire.sent.target == "/answers/a1?stream=false"


@covers("stream: nothing but a stream")
def test_a_call_that_only_streams_returns_the_stream(wire: Wire) -> None:
    wire.answer(
        'data: {"type": "started", "id": 1}\n\n: ping\n\ndata:\n\n'
        'data: {"type": "ended", "id": 1}\n\n',
        SSE,
    )

    assert items(wire, "feed.events") == [
        wire.models.Started(type="started", id=1),
        wire.models.Ended(type="ended", id=1),
    ]


@covers("stream: items without with")
def test_a_stream_may_be_iterated_at_once(wire: Wire) -> None:
    wire.answer('data: {"type": "started", "id": 1}\n\n', SSE)

    assert [event.id for event in wire.drive(wire.call("feed.events"))] == [1]


@covers("stream: payloads by the name of the event")
def test_the_name_of_an_event_tells_its_type(wire: Wire) -> None:
    wire.answer(
        'event: joined\ndata: {"name": "Rex"}\n\n'
        'event: left\ndata: {"name": "Tom"}\n\n'
        "event: said\ndata: 12\n\n"
        "event: noted\ndata: hello\n\n"
        "data: [bye]\n\n"
        'event: joined\ndata: {"name": "late"}\n\n',
        SSE,
    )

    assert items(wire, "feed.named") == [
        wire.models.Joined(name="Rex"),
        wire.models.Left(name="Tom"),
        "12",
        "hello",
    ]


@covers("stream: without a schema of its items")
def test_plain_items_are_json_or_text(wire: Wire) -> None:
    wire.answer('data: {"a": 1}\n\ndata: hello\ndata: world\n\n', SSE)

    assert items(wire, "feed.words") == [{"a": 1}, "hello\nworld"]


@covers("stream: JSON Lines, JSON text sequences")
@pytest.mark.parametrize(
    ("call", "content_type", "body"),
    [
        ("feed.lines", "application/jsonl", '{"name": "Rex"}\n\n{"name": "Tom"}\r\n'),
        ("feed.list", "application/x-ndjson", '{"name": "Rex"}\n{"name": "Tom"}'),
        ("feed.list", "application/json", '{"name": "Rex"}\n{"name": "Tom"}'),
        (
            "feed.sequence",
            "application/json-seq",
            '\x1e{"name": "Rex"}\n\x1e{\n  "name": "Tom"\n}\n',
        ),
    ],
)
def test_lines_and_sequences(wire: Wire, call: str, content_type: str, body: str) -> None:
    wire.answer(body, content_type)

    assert items(wire, call) == [wire.models.Joined(name="Rex"), wire.models.Joined(name="Tom")]


@covers("stream: [DONE] ends it")
def test_nothing_is_read_after_the_end(wire: Wire) -> None:
    wire.answer(DELTAS + 'data: {"delta": "late"}\n\n', SSE)

    assert len(items(wire, "chat.create", prompt="x", stream=True)) == 2


@covers("stream: error events")
@pytest.mark.parametrize(
    ("event", "body"),
    [
        ('event: error\ndata: {"message": "overloaded"}\n\n', {"message": "overloaded"}),
        ('data: {"error": {"message": "overloaded"}}\n\n', {"message": "overloaded"}),
        ("event: error\ndata: overloaded\n\n", "overloaded"),
    ],
)
def test_an_error_event_is_raised(wire: Wire, event: str, body: object) -> None:
    wire.answer('data: {"delta": "He"}\n\n' + event, SSE)

    with wire.call("chat.create", prompt="x", stream=True) as stream:
        found = iter(wire.drive(stream))
        assert next(found) == wire.models.Delta(delta="He")
        with pytest.raises(StreamError, match="overloaded") as caught:
            next(found)
    assert caught.value.body == body


@covers("stream: error statuses")
def test_an_error_status_is_raised_before_items_are(wire: Wire) -> None:
    wire.answer('{"reason": "rude"}', status=400)

    with (
        pytest.raises(wire.module.BadRequestError) as caught,
        wire.call("chat.create", prompt="x", stream=True),
    ):
        pass
    assert caught.value.body == wire.models.Fault(reason="rude")


@covers("stream: an item that is no JSON")
def test_a_broken_item_is_an_error(wire: Wire) -> None:
    wire.answer("data: {cut\n\n", SSE)

    with pytest.raises(DecodeError, match="not JSON"):
        items(wire, "feed.events")


@covers("stream: raw events")
def test_raw_events(wire: Wire) -> None:
    wire.answer("event: joined\nid: 7\ndata: {}\n\n", SSE)

    with wire.call("feed.named") as stream:
        assert list(wire.drive(stream).events()) == [ServerSentEvent("joined", "{}", "7")]


@covers("stream: until_done")
def test_a_stream_can_be_read_to_its_end(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)

    with wire.call("chat.create", prompt="x", stream=True) as stream:
        assert wire.drive(stream).until_done() is None
        assert list(wire.drive(stream)) == []


@covers("stream: close")
def test_nothing_comes_after_a_stream_is_closed(wire: Wire) -> None:
    wire.answer(DELTAS, SSE)

    stream = wire.call("chat.create", prompt="x", stream=True)
    found = iter(wire.drive(stream))
    assert next(found) == wire.models.Delta(delta="He")
    wire.drive(stream).close()
    assert list(found) == []


@covers("stream: connections are released")
def test_a_stream_releases_its_connection(wire: Wire) -> None:
    from clientgen_runtime import PoolLimits

    wire.answer(DELTAS, SSE)
    client = wire.connect(limits=PoolLimits(max_connections=1), timeout=2)
    chat = wire.drive(client.chat)

    for _ in range(3):
        with chat.create(prompt="x", stream=True) as stream:
            next(iter(wire.drive(stream)))
        list(wire.drive(chat.create(prompt="x", stream=True)))
        wire.drive(chat.create(prompt="x", stream=True)).until_done()


@covers("stream: with the response")
def test_a_stream_with_its_response(wire: Wire) -> None:
    wire.answer(DELTAS, SSE, X_Request_ID="r-1")

    raw = wire.call("chat.with_raw_response.create", prompt="x", stream=True)
    assert raw.request_id == "r-1"
    assert len(list(wire.drive(raw.parse()))) == 2

    with wire.call("chat.create", prompt="x", stream=True) as stream:
        assert wire.drive(stream).response.headers["x-request-id"] == "r-1"


@covers("stream: JSON Lines sent")
@pytest.mark.parametrize("kind", [list, iter])
def test_items_are_sent_line_by_line(wire: Wire, kind: Any) -> None:
    wire.answer(status=204)

    wire.call("feed.upload", body=kind([wire.models.Joined(name="Rex"), {"name": "Tom"}]))

    assert [json.loads(line) for line in wire.sent.body.splitlines()] == [
        {"name": "Rex"},
        {"name": "Tom"},
    ]
    assert wire.sent.body.endswith(b"\n")
    assert wire.sent.header("Content-Type") == "application/jsonl"


@covers("stream: what inspect says of it")
def test_inspect_tells_of_streams(wire: Wire) -> None:
    operations: Any = wire.sdk.inspection["operations"]
    told = {each["call"]: (each["stream"], each["returns"]) for each in operations}

    assert told["chat.create"] == ("sse", "Answer")
    assert told["chat.legacy"] == ("sse", "Answer")
    assert told["chat.resume"] == ("jsonl", "Answer")
    assert told["feed.events"] == ("sse", "Stream[Event]")
    assert told["feed.named"] == ("sse", "Stream[Joined | Left | str]")
    assert told["feed.words"] == ("sse", "Stream[Any]")
    assert told["feed.lines"] == told["feed.list"] == ("jsonl", "Stream[Joined]")
    assert told["feed.upload"] == (None, "None")
