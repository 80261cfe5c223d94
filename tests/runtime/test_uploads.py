"""Bodies on their way to the server: what is told of them, and what goes wrong with them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import ConfigurationError
from clientgen_runtime.sdk import Body, Operation
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

SIZE = 150_000


class Told:
    """Keeps what is told of the progress."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int | None]] = []

    def __call__(self, done: int, total: int | None) -> None:
        self.steps.append((done, total))


def path_of(tmp_path: Path) -> Path:
    path = tmp_path / "f"
    path.write_bytes(bytes(SIZE))
    return path


@pytest.mark.parametrize("kind", ["bytes", "file", "path"])
def test_progress_is_told_piece_by_piece(
    connect: Connect, server: Server, tmp_path: Path, kind: str
) -> None:
    told = Told()
    content = {"bytes": bytes(SIZE), "file": io.BytesIO(bytes(SIZE)), "path": path_of(tmp_path)}

    connect(server).put("/x", content=content[kind], upload_progress=told)

    assert told.steps == [(65536, SIZE), (131072, SIZE), (SIZE, SIZE)]
    assert len(server.last.content) == SIZE
    assert server.last.headers["content-length"] == str(SIZE)


def test_the_progress_of_multipart_counts_the_whole_body(connect: Connect, server: Server) -> None:
    told = Told()
    files = {"a": io.BytesIO(bytes(SIZE)), "b": b"small"}

    connect(server).post("/x", data={"n": 1}, files=files, upload_progress=told)

    sizes = [done for done, _ in told.steps]
    assert sizes == sorted(sizes)
    assert told.steps[-1] == (len(server.last.content), len(server.last.content))


def test_the_total_of_an_iterator_is_not_known(connect: Connect, server: Server) -> None:
    told = Told()

    connect(server).post("/x", content=iter([b"ab", b"c"]), upload_progress=told)

    assert told.steps == [(2, None), (3, None)]


def test_a_further_attempt_is_told_from_its_start(connect: Connect, slept: list[float]) -> None:
    told = Told()
    server = Server(httpx.Response(503), httpx.Response(200))

    connect(server, retry=1).put("/x", content=b"abc", upload_progress=told)

    assert told.steps == [(3, 3), (3, 3)]
    assert [request.content for request in server.requests] == [b"abc", b"abc"]


def test_calls_of_an_sdk_tell_their_progress_too(connect: Connect, server: Server) -> None:
    told = Told()
    upload: Operation[Any] = Operation("PUT", "/x", body=Body({"application/octet-stream": None}))

    connect(server)._call(upload, body=b"abc", options={"upload_progress": told})

    assert told.steps == [(3, 3)]


def test_nothing_is_told_of_a_request_without_body(connect: Connect, server: Server) -> None:
    told = Told()

    connect(server).get("/x", upload_progress=told)

    assert told.steps == []
    assert "content-length" not in server.last.headers


def failing() -> Iterator[bytes]:
    yield b"a"
    raise KeyError("mine")


async def failing_async() -> AsyncIterator[bytes]:
    yield b"a"
    raise KeyError("mine")


class FailingFile(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("the disk is gone")


def refuse(done: int, total: int | None) -> None:
    raise KeyError("mine")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: {"content": failing()}, "KeyError: 'mine'"),
        (lambda: {"content": FailingFile(b"a")}, "the disk is gone"),
        (lambda: {"content": iter(["text"])}, "not of str"),
        (lambda: {"content": b"a", "upload_progress": refuse}, "KeyError: 'mine'"),
        (lambda: {"files": {"f": FailingFile(b"a")}}, "the disk is gone"),
    ],
    ids=["iterator", "file", "text", "progress", "multipart"],
)
def test_what_goes_wrong_with_the_callers_body_is_not_tried_again(
    connect: Connect,
    server: Server,
    slept: list[float],
    make: Callable[[], dict[str, Any]],
    why: str,
) -> None:
    with pytest.raises(ConfigurationError, match=why):
        connect(server, retry=3).put("/x", **make())
    assert slept == []


def test_an_async_body_that_fails_is_told_the_same_way(connect: Connect, server: Server) -> None:
    if connect.is_async:
        with pytest.raises(ConfigurationError, match="mine"):
            connect(server).put("/x", content=failing_async())
