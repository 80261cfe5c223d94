"""Bodies that fail on their way, and what is told of those that arrive."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError, ConnectionError, RetryConfig  # noqa: A004
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect

SIZE = 3_000_000


def count(exchange: Exchange) -> None:
    exchange.respond(str(len(exchange.body)).encode())


class HangUpOnce:
    """Breaks the first connection off in the middle of an upload."""

    def __init__(self) -> None:
        self.has_failed = False

    def __call__(self, exchange: Exchange) -> None:
        if self.has_failed:
            exchange.respond()
            return
        self.has_failed = True
        exchange.reset()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/count": count, "/hang-up": HangUpOnce()})
    yield started
    started.close()


def busy(client: Any) -> int:
    return sum(transport._pool.busy for transport in client._transport._opened.values())


class FailingFile(io.BytesIO):
    """A file of which the second piece cannot be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError("the disk is gone")
        return super().read(size)


def test_a_body_that_fails_costs_no_connection(connect: Connect, server: FaultServer) -> None:
    client = connect(None, server.url, retry=3)
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="the disk is gone"):
            client.put("/count", content=FailingFile(bytes(SIZE)))

    assert busy(client) == 0
    assert client.put("/count", content=b"abc").content == b"3"


def test_the_progress_of_a_file_reaches_its_end(connect: Connect, server: FaultServer) -> None:
    told: list[tuple[int, int | None]] = []
    client = connect(None, server.url)

    response = client.put(
        "/count", content=io.BytesIO(bytes(SIZE)), upload_progress=lambda *step: told.append(step)
    )

    assert response.content == str(SIZE).encode()
    assert told[-1] == (SIZE, SIZE)
    assert len(told) == -(-SIZE // 65536)


class GrowingFile(io.BytesIO):
    """A file that is longer when it is read than when it was looked at."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return super().seek(offset, whence) - (10 if whence == 2 else 0)


def test_a_file_that_grows_is_told_as_such(connect: Connect, server: FaultServer) -> None:
    client = connect(None, server.url)

    with pytest.raises(ConfigurationError, match="longer than the length"):
        client.put("/count", content=GrowingFile(bytes(100)))
    assert busy(client) == 0


def test_an_upload_that_was_broken_off_is_told_anew(connect: Connect, server: FaultServer) -> None:
    told: list[int] = []
    client = connect(None, server.url, retry=RetryConfig(2, backoff_factor=0))

    response = client.put(
        "/hang-up", content=bytes(200_000), upload_progress=lambda done, _: told.append(done)
    )

    assert response.content == b"ok"
    assert told.count(65536) == 2
    assert told[-1] == 200_000


def test_an_upload_that_cannot_start_anew_is_not_repeated(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url, retry=RetryConfig(2, backoff_factor=0))

    with pytest.raises(ConnectionError):
        client.put("/hang-up", content=iter([b"once"]), headers={"X-Eager": "1"})
    assert len(server.seen) == 1
