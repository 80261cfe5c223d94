from __future__ import annotations

import copy
import gzip
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from pydantic import BaseModel

from clientgen_runtime import (
    AsyncClient,
    ClientError,
    ClientResponseError,
    ConfigurationError,
    DecodeError,
    NotFoundError,
    Request,
    Response,
    ResponseTooLargeError,
    ServerSentEvent,
    Stream,
    TruncatedResponseError,
)
from clientgen_runtime._framing import Events, Lines, Pieces, TextLines
from clientgen_runtime.sdk import AsyncResource, Body, Operation, Resource
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from clientgen_runtime import RequestOptions

EVENT = ServerSentEvent


class Item(BaseModel):
    id: int


def cut(framing: Any, data: bytes, size: int) -> list[Any]:
    items: list[Any] = []
    for start in range(0, len(data), size):
        items += framing.feed(data[start : start + size])
    return [*items, *framing.finish()]


# The examples and rules of WHATWG HTML, section 9.2.
@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data: a\n\n", [EVENT(data="a")]),
        (b"\xef\xbb\xbfdata: a\n\n", [EVENT(data="a")]),
        (b"data: a\rdata: b\r\rdata:c\r\r", [EVENT(data="a\nb"), EVENT(data="c")]),
        (b"event: add\r\ndata: 1\r\n\r\n", [EVENT("add", "1")]),
        (b"data: a\n", []),
        (b"event: x\n\n", []),
        (b"data\n\ndata\ndata\n\ndata:", [EVENT(), EVENT(data="\n")]),
        (b"data:test\n\ndata: test\n\n", [EVENT(data="test"), EVENT(data="test")]),
        (b": note\ndata: a\n\n", [EVENT(data="a")]),
        (b"id: 1\ndata: a\n\ndata: b\n\n", [EVENT(data="a", id="1"), EVENT(data="b", id="1")]),
        (b"id: a\0b\ndata: x\n\n", [EVENT(data="x")]),
        (
            b"retry: 3000\ndata: x\n\nretry: no\ndata: y\n\n",
            [EVENT(data="x", retry=3000), EVENT(data="y")],
        ),
        ("data: é\u2028z\x0b\n\n".encode(), [EVENT(data="é\u2028z\x0b")]),
        (b"data: \xff\n\n", [EVENT(data="\ufffd")]),
    ],
)
def test_events_at_every_split(data: bytes, events: list[ServerSentEvent]) -> None:
    for size in range(1, len(data) + 1):
        assert cut(Events(), data, size) == events


@pytest.mark.parametrize("framing", [Events(100), Lines(100)])
def test_an_endless_line_is_refused(framing: Any) -> None:
    with pytest.raises(ResponseTooLargeError):
        cut(framing, b"data: x" * 200, 7)


def test_an_endless_event_is_refused() -> None:
    with pytest.raises(ResponseTooLargeError):
        cut(Events(100), b"data: x\n" * 200, 8)


def test_a_long_event_is_read_in_linear_time() -> None:
    data = b"data: " + b"x" * 100 + b"\n"
    started = time.process_time()

    events = cut(Events(), data * 100_000 + b"\n", 4096)

    assert len(events[0].data) == 100_000 * 101 - 1
    assert time.process_time() - started < 5


def test_lines_end_as_python_text_files_do() -> None:
    assert cut(TextLines(), "a\r\nb\rc\nd\u2028e\n\nf".encode(), 3) == [
        "a",
        "b",
        "c",
        "d\u2028e",
        "",
        "f",
    ]


@pytest.mark.parametrize("size", [0, -1])
def test_pieces_have_a_size(connect: Connect, size: int) -> None:
    with connect(streamed(b"x")).stream("GET", "/x") as response:
        target = getattr(response, "_target", response)
        with pytest.raises(ConfigurationError, match="at least 1"):
            (target.aiter_bytes if connect.is_async else target.iter_bytes)(size)


def test_pieces_have_the_size_asked_for() -> None:
    assert cut(Pieces(4), b"abcdefghij", 3) == [b"abcd", b"efgh", b"ij"]


def streamed(content: bytes, **headers: str) -> Server:
    return Server(httpx.Response(200, content=content, headers=headers))


def method(connect: Connect, response: Any, name: str) -> Any:
    return getattr(response, f"a{name}" if connect.is_async else name)


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("iter_bytes", [b"caf\xc3\xa9\n{}"]),
        ("iter_text", ["café\n{}"]),
        ("iter_lines", ["café", "{}"]),
    ],
)
def test_a_compressed_stream(connect: Connect, name: str, items: list[object]) -> None:
    server = streamed(gzip.compress("café\n{}".encode()), **{"content-encoding": "gzip"})

    with connect(server).stream("GET", "/x") as response:
        assert list(method(connect, response, name)()) == items


def test_raw_bytes_stay_compressed(connect: Connect) -> None:
    packed = gzip.compress(b"x" * 100)

    with connect(streamed(packed, **{"content-encoding": "gzip"})).stream("GET", "/x") as response:
        assert b"".join(method(connect, response, "iter_raw")(7)) == packed


def test_a_stream_is_read_once_or_kept_by_read(connect: Connect) -> None:
    client = connect(streamed(b"{}"))
    with client.stream("GET", "/x") as response:
        with pytest.raises(ConfigurationError):
            response.content
        method(connect, response, "read")()
        assert response.json() == {}
    with client.stream("GET", "/x") as response:
        list(method(connect, response, "iter_bytes")())
        with pytest.raises(ConfigurationError):
            list(method(connect, response, "iter_bytes")())


def test_an_error_status_is_raised_before_the_body_is_streamed(connect: Connect) -> None:
    server = Server(httpx.Response(404, json={"title": "no"}))

    with pytest.raises(NotFoundError) as caught, connect(server).stream("GET", "/x"):
        pass
    assert caught.value.body == {"title": "no"}


def test_a_cut_stream_is_an_error_at_its_end(connect: Connect) -> None:
    server = streamed(gzip.compress(b"x" * 9999)[:-12], **{"content-encoding": "gzip"})

    with connect(server).stream("GET", "/x") as response, pytest.raises(TruncatedResponseError):
        list(method(connect, response, "iter_bytes")())


def test_json_lines_are_typed(connect: Connect) -> None:
    server = streamed(b'{"id": 1}\n\n\x1e{"id": 2}\n{"id": "x"}')

    with connect(server).stream("GET", "/x") as response:
        items = list(method(connect, response, "iter_jsonl")(Item))
    assert items[:2] == [Item(id=1), Item(id=2)]
    assert vars(items[2])["id"] == "x"


def test_a_line_that_is_no_json_says_so(connect: Connect) -> None:
    with (
        connect(streamed(b"{\n")).stream("GET", "/x") as response,
        pytest.raises(DecodeError, match="item of the stream"),
    ):
        list(method(connect, response, "iter_jsonl")())


def test_typed_events_end_with_done(connect: Connect) -> None:
    from clientgen_runtime import AsyncStream
    from clientgen_runtime._streams import item_parser

    body = b'data: {"id": 1}\n\ndata: {"id": 2}\n\ndata: [DONE]\n\n'
    server = streamed(body, **{"content-type": "text/event-stream"})
    kind: Any = AsyncStream if connect.is_async else Stream
    with connect(server).stream("GET", "/x") as response:
        target = getattr(response, "_target", response)
        stream = kind(target, item_parser(target, Item))
        assert list(connect.drive(stream)) == [Item(id=1), Item(id=2)]


class Files:
    """A server of one file that knows ranges; it may cut the body."""

    def __init__(self, content: bytes, etag: str = '"v1"') -> None:
        self.content = content
        self.etag = etag
        self.cut_at: int | None = None
        self.ranges: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        stated = request.headers.get("range")
        self.ranges.append(stated)
        headers = {"etag": self.etag, "content-length": str(len(self.content))}
        status, content = 200, self.content
        if stated and request.headers.get("if-range") == self.etag:
            start = int(stated.removeprefix("bytes=").rstrip("-"))
            if start >= len(self.content):
                return httpx.Response(
                    416, headers={"content-range": f"bytes */{len(self.content)}"}
                )
            status, content = 206, self.content[start:]
            total = len(self.content)
            headers["content-range"] = f"bytes {start}-{total - 1}/{total}"
            headers["content-length"] = str(len(content))
        return httpx.Response(status, headers=headers, stream=Chunked(content, self.cut_at))


class Chunked(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, content: bytes, cut_at: int | None) -> None:
        self.content = content
        self.cut_at = cut_at

    def __iter__(self) -> Any:
        for start in range(0, len(self.content), 10):
            if self.cut_at is not None and start >= self.cut_at:
                raise httpx.RemoteProtocolError("cut")
            yield self.content[start : start + 10]

    async def __aiter__(self) -> Any:
        for chunk in self:
            yield chunk


def test_a_download_tells_its_progress(connect: Connect, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    target = tmp_path / "file"

    path = connect(Files(b"x" * 25)).download("/f", target, progress=lambda *t: told.append(t))

    assert path == target
    assert target.read_bytes() == b"x" * 25
    assert told == [(10, 25), (20, 25), (25, 25)]
    assert list(tmp_path.iterdir()) == [target]


def test_a_cut_download_leaves_nothing_or_is_resumed(connect: Connect, tmp_path: Path) -> None:
    content = json.dumps(list(range(100))).encode()
    files = Files(content)
    files.cut_at = 50
    client = connect(files)
    target = tmp_path / "file"

    with pytest.raises(TruncatedResponseError):
        client.download("/f", target)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TruncatedResponseError):
        client.download("/f", target, resume=True)
    assert not target.exists()
    files.cut_at = None
    client.download("/f", target, resume=True)

    assert target.read_bytes() == content
    assert files.ranges == [None, None, "bytes=50-"]


def test_a_file_that_changed_is_taken_anew(connect: Connect, tmp_path: Path) -> None:
    files = Files(b"a" * 100)
    files.cut_at = 50
    client = connect(files)
    with pytest.raises(TruncatedResponseError):
        client.download("/f", tmp_path / "file", resume=True)
    files.content, files.etag, files.cut_at = b"b" * 30, '"v2"', None

    assert client.download("/f", tmp_path / "file", resume=True).read_bytes() == b"b" * 30


def test_a_part_that_is_complete_is_kept(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"a" * 20)
    (tmp_path / "file.part.tag").write_text('"v1"')

    path = connect(Files(b"a" * 20)).download("/f", tmp_path / "file", resume=True)

    assert path.read_bytes() == b"a" * 20


FILE: Operation[bytes] = Operation("GET", "/f", {"200": {"image/png": lambda: bytes}})


class Photos(Resource):
    def retrieve(self, **options: Unpack[RequestOptions]) -> bytes:
        return self._call(FILE, options=options)


class AsyncPhotos(AsyncResource):
    async def retrieve(self, **options: Unpack[RequestOptions]) -> bytes:
        return await self._call(FILE, options=options)


def streamed_call(connect: Connect, server: Any) -> Any:
    """A call of an SDK that answers with a file."""
    kind: Any = AsyncPhotos if connect.is_async else Photos
    return connect.drive(kind(connect(server)._target).with_streaming_response).retrieve()


def test_a_call_of_an_sdk_is_saved_as_a_file(connect: Connect, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    call = streamed_call(connect, Files(b"x" * 25))
    path = call.download(tmp_path / "file", progress=lambda *t: told.append(t))

    assert path.read_bytes() == b"x" * 25
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_a_cut_download_of_a_call_is_resumed(connect: Connect, tmp_path: Path) -> None:
    files = Files(b"x" * 100)
    files.cut_at = 50
    call = streamed_call(connect, files)
    with pytest.raises(TruncatedResponseError):
        call.download(tmp_path / "file", resume=True)
    files.cut_at = None

    assert call.download(tmp_path / "file", resume=True).read_bytes() == b"x" * 100
    assert files.ranges == [None, "bytes=50-"]


def test_a_response_is_saved_once_its_headers_are_known(connect: Connect, tmp_path: Path) -> None:
    files = Files(b"x" * 25)

    with streamed_call(connect, files) as response:
        name = response.headers["etag"].strip('"')
        connect.drive(response).download(tmp_path / name)
    assert (tmp_path / "v1").read_bytes() == b"x" * 25
    files.cut_at = 10
    with streamed_call(connect, files) as response, pytest.raises(TruncatedResponseError):
        connect.drive(response).download(tmp_path / "cut")
    assert [path.name for path in tmp_path.iterdir()] == ["v1"]


def test_what_will_come_is_not_known_of_compressed_files(connect: Connect, tmp_path: Path) -> None:
    told: list[int | None] = []
    answer = httpx.Response(
        200, content=gzip.compress(b"x" * 25), headers={"content-encoding": "gzip"}
    )

    streamed_call(connect, Server(answer)).download(
        tmp_path / "file", progress=lambda _, total: told.append(total)
    )
    assert told[-1] is None


@pytest.mark.parametrize("name", ["no/such/folder", "file/name", "x" * 300])
@pytest.mark.parametrize("resume", [False, True])
def test_a_file_that_cannot_be_written(
    connect: Connect, tmp_path: Path, name: str, resume: bool
) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="cannot write"):
        connect(Files(b"x")).download("/f", tmp_path / name, resume=resume)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/event-stream", b'data: {"id": 1}\n\ndata: {"id": 2}\n\ndata: [DONE]\n\n'),
        ("application/x-ndjson; charset=utf-8", b'{"id": 1}\n{"id": 2}\n'),
    ],
)
def test_an_operation_may_be_a_stream(connect: Connect, content_type: str, body: bytes) -> None:
    content = {"text/event-stream": lambda: Item, "application/x-ndjson": lambda: Item}
    operation: Operation[Item] = Operation(
        "POST", "/x", {"200": content}, body=Body({"application/json": None})
    )
    server = streamed(body, **{"content-type": content_type})

    stream = connect(server)._stream(operation, fields={"a": 1})
    with stream:
        items = list(stream)

    assert items == [Item(id=1), Item(id=2)]
    assert server.last.headers["accept"] == "text/event-stream, application/x-ndjson"


def test_raw_events_of_an_operation(connect: Connect) -> None:
    operation: Operation[Item] = Operation("GET", "/x", {"200": {"text/event-stream": None}})
    server = streamed(b"event: a\ndata: 1\n\n", **{"content-type": "text/event-stream"})

    with connect(server)._stream(operation) as stream:
        assert list(stream.events()) == [EVENT("a", "1")]


@pytest.mark.parametrize("name", ["iter_bytes", "aiter_bytes", "close", "aclose"])
def test_the_methods_of_the_other_client_are_refused(connect: Connect, name: str) -> None:
    with connect(streamed(b"x")).stream("GET", "/x") as response:
        is_mine = name.startswith("a") == connect.is_async
        if not is_mine:
            with pytest.raises(ConfigurationError):
                drain(getattr(getattr(response, "_target", response), name)())


def drain(value: Any) -> None:
    if hasattr(value, "__aiter__"):
        value = anext(aiter(value))
    if hasattr(value, "__await__"):
        # Refused before it awaits anything, so no loop is needed.
        value.__await__().send(None)
    else:
        list(value or ())


def test_a_body_that_is_there_can_be_iterated_too(connect: Connect) -> None:
    response = connect(streamed(b"a\nb")).get("/x")

    assert list(connect.drive(method(connect, response, "iter_lines")())) == ["a", "b"]
    assert response.is_read


def test_events_go_on_after_a_break(connect: Connect, slept: list[float]) -> None:
    kind = {"content-type": "text/event-stream"}
    server = Server(
        httpx.Response(200, content=b"id: 1\nretry: 500\ndata: a\n\n", headers=kind),
        httpx.ReadError("broken"),
        httpx.ReadError("broken"),
        httpx.Response(200, content=b"id: 2\ndata: b\n\n", headers=kind),
        httpx.Response(204),
    )

    events = list(connect(server).sse("/events", reconnect=True))

    assert [event.data for event in events] == ["a", "b"]
    sent = [request.headers.get("last-event-id") for request in server.requests]
    assert sent == [None, "1", "1", "1", "2"]
    assert slept == [0.5, 0.5, 1.0, 0.5]
    assert server.last.headers["accept"] == "text/event-stream"


@pytest.mark.parametrize("answer", [httpx.ReadError("x"), httpx.Response(404)])
def test_events_end_with_an_error_that_no_connection_mends(
    connect: Connect, slept: list[float], answer: Any
) -> None:
    reconnect = isinstance(answer, httpx.Response)

    with pytest.raises(ClientError):
        list(connect(Server(answer)).sse("/events", reconnect=reconnect))
    assert slept == []


def test_events_end_with_their_stream(connect: Connect) -> None:
    assert [e.data for e in connect(streamed(b"data: a\n\n")).sse("/events")] == ["a"]


def test_an_id_or_a_wait_without_an_event_count_too(connect: Connect, slept: list[float]) -> None:
    kind = {"content-type": "text/event-stream"}
    server = Server(
        httpx.Response(200, content=b"data: a\n\nid: 7\n\nretry: 250\n\n", headers=kind),
        httpx.Response(200, content=b"data: b\n\n", headers=kind),
        httpx.Response(204),
    )

    events = list(connect(server).sse("/events", reconnect=True))

    assert [(event.data, event.id) for event in events] == [("a", ""), ("b", "7")]
    assert [r.headers.get("last-event-id") for r in server.requests] == [None, "7", "7"]
    assert slept == [0.25, 0.25]


@pytest.mark.parametrize("charset", ["no-such-charset", "zlib_codec", "idna", "rot13"])
def test_text_of_an_unknown_charset_is_read_as_utf8(connect: Connect, charset: str) -> None:
    server = streamed("grüß".encode(), **{"content-type": f"text/plain; charset={charset}"})

    with connect(server).stream("GET", "/x") as response:
        assert "".join(method(connect, response, "iter_text")()) == "grüß"


def test_a_line_of_items_has_a_largest_size() -> None:
    from clientgen_runtime._framing import Documents

    documents = Documents(limit=10)

    assert list(documents.feed(b"[1]\n[2]")) == [b"[1]"]
    with pytest.raises(ResponseTooLargeError):
        list(documents.feed(b"123456789"))


def test_a_download_that_outgrows_its_disk_says_so(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("clientgen_runtime._download.Download._open", lambda *_: Full())

    with pytest.raises(ConfigurationError, match="No space left on device"):
        connect(Files(b"x" * 25)).download("/f", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_longer_than_the_file_is_no_part_of_it(
    connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "file.part").write_bytes(b"a" * 30)
    (tmp_path / "file.part.tag").write_text('"v1"')
    client = connect(Files(b"a" * 20))

    with pytest.raises(TruncatedResponseError, match="start anew"):
        client.download("/f", tmp_path / "file", resume=True)
    assert client.download("/f", tmp_path / "file", resume=True).read_bytes() == b"a" * 20


@pytest.mark.parametrize(
    ("content_range", "etag"),
    [("bytes 8-9/10", '"v1"'), ("bytes 5-9/10", '"v2"'), ("", '"v1"'), ("bytes 05-x", '"v1"')],
)
def test_a_part_that_was_not_asked_for_completes_nothing(
    connect: Connect, tmp_path: Path, content_range: str, etag: str
) -> None:
    (tmp_path / "file.part").write_bytes(b"a" * 5)
    (tmp_path / "file.part.tag").write_text('"v1"')
    headers = {"content-range": content_range, "etag": etag}
    server = Server(httpx.Response(206, content=b"bbbbb", headers=headers))

    with pytest.raises(TruncatedResponseError, match="start anew"):
        connect(server).download("/f", tmp_path / "file", resume=True)
    assert list(tmp_path.iterdir()) == []


def test_a_server_may_send_less_than_was_asked_for(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(b"a" * 5)
    (tmp_path / "file.part.tag").write_text('"v1"')
    server = Server(
        httpx.Response(206, content=b"bb", headers={"content-range": "bytes 5-6/10"}),
        httpx.Response(206, content=b"ccc", headers={"content-range": "bytes 7-9/10"}),
    )
    client = connect(server)

    with pytest.raises(TruncatedResponseError, match="7 of 10 bytes"):
        client.download("/f", tmp_path / "file", resume=True)
    path = client.download("/f", tmp_path / "file", resume=True)
    assert path.read_bytes() == b"aaaaabbccc"
    assert [request.headers["range"] for request in server.requests] == ["bytes=5-", "bytes=7-"]


def test_a_range_of_the_callers_own_is_its_own(connect: Connect, tmp_path: Path) -> None:
    own = {"Range": "bytes=3-"}
    part = httpx.Response(206, content=b"bb", headers={"content-range": "bytes 3-4/10"})
    client = connect(Server(part, httpx.Response(416)))

    path = client.download("/f", tmp_path / "file", headers=own)
    assert path.read_bytes() == b"bb"
    with pytest.raises(ClientResponseError):
        client.download("/f", tmp_path / "file", headers=own)


@pytest.mark.parametrize("name", ["", ".", "..", "/"])
def test_a_folder_is_no_file(connect: Connect, name: str) -> None:
    server = Server()

    with pytest.raises(ConfigurationError, match="folder"):
        connect(server).download("/f", name)
    assert server.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk")
def test_a_disk_that_is_full_at_the_end_says_so(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Any:
        return Path("/dev/full").open("wb")

    monkeypatch.setattr("clientgen_runtime._download.Download._open", full)

    with pytest.raises(ConfigurationError, match="cannot write"):
        connect(Files(b"x" * 25)).download("/f", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_client_that_is_lent_streams_too(connect: Connect, name: str) -> None:
    module = pytest.importorskip(name)
    make = module.AsyncClient if connect.is_async else module.Client

    class Body(module.SyncByteStream, module.AsyncByteStream):  # type: ignore[misc,name-defined]
        __iter__ = Chunked.__iter__
        __aiter__ = Chunked.__aiter__
        content, cut_at = b"x" * 25, None

    def answer(request: Any) -> Any:
        return module.Response(200, stream=Body())

    client = connect(None, http_client=make(transport=module.MockTransport(answer)))
    with client.stream("GET", "/x") as response:
        assert list(method(connect, response, "iter_bytes")()) == [b"x" * 10, b"x" * 10, b"x" * 5]


def test_what_a_hook_of_a_lent_client_has_read_is_read_once(connect: Connect) -> None:
    def read(response: httpx.Response) -> None:
        response.read()

    async def aread(response: httpx.Response) -> None:
        await response.aread()

    make: Any = httpx.AsyncClient if connect.is_async else httpx.Client
    body = gzip.compress(b'{"a": 1}')
    given = make(
        transport=httpx.MockTransport(
            lambda _: httpx.Response(200, content=body, headers={"content-encoding": "gzip"})
        ),
        event_hooks={"response": [aread if connect.is_async else read]},
    )

    assert connect(None, http_client=given).get("/x").json() == {"a": 1}


@pytest.mark.parametrize("limit", [99, None])
def test_a_stream_is_read_as_a_whole_within_the_limit_alone(
    connect: Connect, limit: int | None
) -> None:
    client = connect(lambda _: httpx.Response(200, content=bytes(100)), max_response_bytes=limit)

    with client.stream("GET", "/x") as response:
        assert len(b"".join(method(connect, response, "iter_bytes")())) == 100
    with client.stream("GET", "/x") as response:
        if limit is None:
            assert len(method(connect, response, "read")()) == 100
        else:
            with pytest.raises(ResponseTooLargeError):
                method(connect, response, "read")()


class Watched(httpx.ByteStream):
    """A body that notes when it is closed."""

    def __init__(self) -> None:
        super().__init__(b"x")
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


def refuse(_: object) -> None:
    raise KeyError("mine")


def drop(request: Request, call_next: Any) -> Response:
    call_next(request)
    raise KeyError("mine")


async def drop_async(request: Request, call_next: Any) -> Response:
    await call_next(request)
    raise KeyError("mine")


@pytest.mark.parametrize("where", ["event_hooks", "middleware"])
def test_a_stream_that_nobody_gets_is_closed(connect: Connect, where: str) -> None:
    body = Watched()
    middleware = [drop_async if connect.is_async else drop]
    options: dict[str, Any] = {
        "event_hooks": {"response": [refuse]},
        "middleware": middleware,
    }
    client = connect(lambda _: httpx.Response(200, stream=body), **{where: options[where]})

    with pytest.raises(KeyError, match="mine"), client.stream("GET", "/x"):
        pass
    assert body.closed == 1


def copied(request: Request, call_next: Any) -> Any:
    return copy.copy(call_next(request))


async def copied_async(request: Request, call_next: Any) -> Any:
    return copy.copy(await call_next(request))


def test_a_copy_of_a_stream_is_one(connect: Connect) -> None:
    middleware = [copied_async if connect.is_async else copied]
    body = Watched()
    client = connect(lambda _: httpx.Response(200, stream=body), middleware=middleware)

    with client.stream("GET", "/x") as response:
        closed = body.closed
        assert method(connect, response, "read")() == b"x"
    assert closed == 0


@pytest.mark.anyio
async def test_a_stream_of_a_call_that_is_cancelled_in_a_hook_is_closed() -> None:
    body = Watched()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
    hooks: Any = {"response": [lambda _: anyio.sleep_forever()]}

    async with AsyncClient("https://a.example", transport=transport, event_hooks=hooks) as client:
        with anyio.move_on_after(0.01):
            async with client.stream("GET", "/x"):
                pass
    assert body.closed == 1


LEFT_OPEN = """
import httpx
from clientgen_runtime import Client, Stream

fields = {"content-type": "application/jsonl"}
answer = httpx.MockTransport(lambda _: httpx.Response(200, content=b"1\\n2\\n", headers=fields))
opened = Client("https://api.test", transport=answer).stream("GET", "/")
stream = Stream(opened.__enter__())
print(next(iter(stream)))
"""


def test_a_stream_that_is_open_when_a_program_ends_is_closed_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN], capture_output=True, text=True, check=False
    )

    assert (done.stdout.split(), done.stderr) == (["1"], "")
