"""Bodies by the media type that an operation names."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from clientgen_runtime import (
    OMIT,
    Attempt,
    ConfigurationError,
    Headers,
    HTTPError,
    PoolLimits,
    RateLimitError,
    ResponseError,
    RetryConfig,
    TimeoutConfig,
    ValidationError,
)
from clientgen_runtime._body import encode_body
from clientgen_runtime._payload import Payload
from clientgen_runtime.sdk import Body, Operation, Part
from tests.runtime.driving import Connect, Server

ENCODABLE = st.characters(exclude_categories=["Cs"])


class Note(BaseModel):
    text: str
    extra: int | None = None


def sent(value: object, media_type: str, encoding: dict[str, Part] | None = None) -> bytes:
    return b"".join(encode_body(value, media_type, encoding or {}))


@pytest.mark.parametrize(
    ("value", "media_type", "content"),
    [
        ({"a": 1}, "application/vnd.api+json", b'{"a":1}'),
        ([{"a": 1}, Note(text="x")], "application/jsonl", b'{"a":1}\n{"text":"x"}\n'),
        ("ready\n", "application/x-ndjson", b"ready\n"),
        (iter([1, 2]), "application/stream+json", b"1\n2\n"),
        ([{"a": 1}], "application/json-seq", b'\x1e{"a":1}\n'),
        (Note(text="a b"), "application/x-www-form-urlencoded", b"text=a+b"),
        ("a=1", "application/x-www-form-urlencoded", b"a=1"),
        ({"a": b"\xff &"}, "application/x-www-form-urlencoded", b"a=%FF+%26"),
        ("grüß", "text/plain; charset=latin-1", "grüß".encode("latin-1")),
        (7, "text/plain", b"7"),
        (b"\0", "application/octet-stream", b"\0"),
        (bytearray(b"\0"), "application/octet-stream", b"\0"),
        (io.BytesIO(b"file"), "application/pdf", b"file"),
        ([b"a", b"b"].__iter__(), "application/octet-stream", b"ab"),
        ({"a": 1}, "*/*", b'{"a":1}'),
        ({"a": 1}, "application/vnd.acme.pet.json", b'{"a":1}'),
        ("a", "json", b'"a"'),
        ({"a": 1}, "nonsense", b'{"a":1}'),
        ("x", "*/*", b"x"),
        (b"x", "application/*", b"x"),
    ],
)
def test_each_media_type_is_written_its_way(value: Any, media_type: str, content: bytes) -> None:
    assert sent(value, media_type) == content


def test_a_file_picks_its_media_type_of_a_range(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(b"png")

    kinds = [encode_body(path, wanted).content_type for wanted in ("image/*", "text/*", "*/*")]

    assert kinds == ["image/png", "application/octet-stream", "application/octet-stream"]


def test_forms_follow_the_encoding_of_the_document() -> None:
    encoding = {
        "deep": Part(style="deepObject"),
        "flat": Part(style="form", explode=False),
    }

    body = sent(
        {"deep": {"a": [1]}, "flat": [1, 2], "nested": {"b": 1}, "gone": OMIT},
        "application/x-www-form-urlencoded",
        encoding,
    )

    assert body == b"deep%5Ba%5D%5B%5D=1&flat=1,2&nested=%7B%22b%22%3A1%7D"


@given(st.dictionaries(st.text(ENCODABLE, min_size=1), st.text(ENCODABLE)))
def test_a_form_says_what_was_meant(fields: dict[str, str]) -> None:
    body = sent(fields, "application/x-www-form-urlencoded").decode("ascii")

    assert dict(parse_qsl(body, keep_blank_values=True)) == fields


@given(st.lists(st.binary()))
def test_parts_hold_what_was_given(contents: list[bytes]) -> None:
    payload = encode_body({"a": contents}, "multipart/form-data")
    boundary = (payload.content_type or "").partition("boundary=")[2].encode()
    pieces = b"".join(payload).split(b"--" + boundary)[1:-1]

    assert [piece.partition(b"\r\n\r\n")[2][:-2] for piece in pieces] == contents


def test_parts_follow_the_encoding_of_the_document() -> None:
    encoding = {"image": Part("image/png, image/jpeg")}

    body = sent({"image": b"png", "tags": ["a", "b"]}, "multipart/form-data", encoding)

    assert b'name="image"; filename="image"\r\nContent-Type: image/png\r\n\r\npng' in body
    assert body.count(b'name="tags"') == 2


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        ({"a": 1}, "application/pdf"),
        ([1], "application/x-www-form-urlencoded"),
        ({"a": 1}, "application/jsonl"),
        ("ü", "text/plain; charset=ascii"),
        ("x", "text/plain; charset=none"),
        (Path("/no/such/file"), "application/pdf"),
    ],
)
def test_what_cannot_be_written_is_refused(value: Any, media_type: str) -> None:
    with pytest.raises(ConfigurationError):
        sent(value, media_type)


def test_chunks_in_a_list_are_sent_one_after_the_other(connect: Connect) -> None:
    server = Server(httpx.Response(200))
    connect(server).put("/x", content=[b"ab", bytearray(b"c")])

    assert server.last.content == b"abc"


def test_a_file_is_sent_again_from_where_it_stood(connect: Connect, slept: list[float]) -> None:
    file = io.BytesIO(b"skipped,sent")
    file.seek(8)
    server = Server(httpx.Response(503), httpx.Response(200))
    connect(server, retry=1).put("/x", content=file)

    assert [request.content for request in server.requests] == [b"sent", b"sent"]
    assert server.last.headers["content-length"] == "4"


def test_a_path_is_sent_with_its_length(connect: Connect, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 200_000)

    connect(server).put("/x", content=path)

    assert len(server.last.content) == 200_000
    assert server.last.headers["content-length"] == "200000"


class OneWay(io.BytesIO):
    """A body of an answer, which tells its place but goes forward alone."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise io.UnsupportedOperation("seek")


@pytest.mark.parametrize("name", ["content", "files"])
def test_a_file_that_goes_forward_alone_is_sent(
    connect: Connect, server: Server, name: str
) -> None:
    file = OneWay(b"hello")

    connect(server).put("/x", **{name: file if name == "content" else {"f": file}})

    assert b"hello" in server.last.content


class AsyncFile:
    """A file as aiofiles and anyio open it."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    async def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    async def tell(self) -> int:
        return self._file.tell()

    def __aiter__(self) -> AsyncFile:
        return self

    async def __anext__(self) -> bytes:
        if line := self._file.readline():
            return line
        raise StopAsyncIteration


def test_a_file_that_is_read_with_await_is_sent(connect: Connect, server: Server) -> None:
    client = connect(server)
    if connect.is_async:
        client.put("/x", content=AsyncFile(b"one\ntwo"))
        assert server.last.content == b"one\ntwo"
    else:
        with pytest.raises(ConfigurationError, match="needs an AsyncClient"):
            client.put("/x", content=AsyncFile(b"x"))


@pytest.mark.parametrize("value", [AsyncFile(b"x"), ("x.txt", AsyncFile(b"x"))])
def test_a_part_is_no_file_that_is_read_with_await(
    connect: Connect, server: Server, value: Any
) -> None:
    with pytest.raises(ConfigurationError):
        connect(server).post("/x", files={"f": value})


def test_async_chunks_need_an_async_client(connect: Connect, server: Server) -> None:
    async def chunks() -> Any:
        yield b"a"
        yield b"b"

    if connect.is_async:
        connect(server).post("/x", content=chunks())
        assert server.last.content == b"ab"
    else:
        with pytest.raises(ConfigurationError, match="AsyncClient"):
            connect(server).post("/x", content=chunks())


def test_items_are_sent_as_they_come(connect: Connect, server: Server) -> None:
    async def items() -> Any:
        yield {"a": 1}
        yield {"b": 2}

    operation: Operation[None] = Operation("POST", "/x", body=Body({"application/jsonl": None}))
    given = items() if connect.is_async else ({name: 1} for name in "ab")

    connect(server)._call(operation, body=given)

    assert server.last.content == (
        b'{"a":1}\n{"b":2}\n' if connect.is_async else b'{"a":1}\n{"b":1}\n'
    )


def test_a_body_starts_once_when_it_cannot_start_again() -> None:
    payload = Payload(lambda: iter([b"x"]), replayable=False)

    assert b"".join(payload) == b"x"
    with pytest.raises(ConfigurationError):
        list(payload)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_a_call_picks_one_of_several_media_types(
    connect: Connect, server: Server, content_type: str
) -> None:
    operation: Operation[None] = Operation(
        "POST", "/x", body=Body({"application/json": None, "text/plain": None})
    )

    connect(server)._call(operation, body="hi", content_type=content_type)

    assert server.last.headers["content-type"] == content_type


def test_headers_are_a_mapping_that_forgets_case() -> None:
    headers = Headers({"A": "1", "b": "2"})
    headers.add("a", "3")
    headers["B"] = "4"

    assert dict(headers) == {"a": "1, 3", "b": "4"}
    assert (len(headers), "A" in headers, "c" in headers) == (2, True, False)
    del headers["a"]
    assert headers.multi_items() == [("B", "4")]
    with pytest.raises(KeyError):
        del headers["a"]
    with pytest.raises(KeyError):
        headers["a"]


def test_omit_stays_itself_in_copies() -> None:
    assert pickle.loads(pickle.dumps(OMIT)) is OMIT
    assert not OMIT


def test_a_rate_limit_tells_how_long_to_wait(connect: Connect) -> None:
    server = Server(httpx.Response(429, headers={"retry-after": "12"}))

    with pytest.raises(RateLimitError) as caught:
        connect(server).get("/x")
    assert caught.value.retry_after == 12


@pytest.mark.parametrize("kind", [HTTPError, ResponseError, ValidationError])
def test_errors_can_be_copied_between_processes(connect: Connect, kind: Any) -> None:
    response = connect(Server(httpx.Response(418))).get("/x", raise_for_status=False)
    error = kind("why", response=response)
    error.attempts = (Attempt(1, 0.1, status=418),)

    rebuilt = error.__reduce__()[0](*error.__reduce__()[1])

    assert (type(rebuilt), str(rebuilt), rebuilt.attempts) == (kind, "why", error.attempts)
    assert rebuilt.message == "why"


@pytest.mark.parametrize(
    "make",
    [
        lambda: RetryConfig(max_attempts=0),
        lambda: RetryConfig(jitter=2),
        lambda: RetryConfig(backoff_max=-1),
        lambda: TimeoutConfig(read=-1),
        lambda: TimeoutConfig(total=float("nan")),
        lambda: PoolLimits(max_connections=0),
        lambda: PoolLimits(keepalive_expiry=-1),
    ],
)
def test_configuration_out_of_range_is_refused(make: Any) -> None:
    with pytest.raises(ConfigurationError):
        make()


@pytest.mark.parametrize(
    ("timeout", "read", "total"),
    [
        (3, 3, None),
        (None, None, None),
        (httpx.Timeout(9, connect=1), 9, None),
        (TimeoutConfig(read=3, total=4), 3, 4),
        # A transport that knows of no total must not wait longer than that.
        (TimeoutConfig(total=4), 4, 4),
    ],
)
def test_timeouts_of_each_kind(
    connect: Connect, server: Server, timeout: Any, read: float, total: float
) -> None:
    client = connect(server, timeout=timeout)
    client.get("/x")

    assert server.last.extensions["timeout"]["read"] == pytest.approx(read, abs=1)
    assert client._settings.timeout.total == total
    with pytest.raises(ConfigurationError):
        client.get("/x", timeout="soon")


@pytest.mark.parametrize("name", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_sync_and_async_verbs_take_the_same_arguments(name: str) -> None:
    import inspect

    from clientgen_runtime import AsyncClient, Client

    assert (
        inspect.signature(getattr(Client, name)).parameters
        == inspect.signature(getattr(AsyncClient, name)).parameters
    )
