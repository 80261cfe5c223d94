"""Answers that are cut, broken, too large, or not HTTP."""

from __future__ import annotations

import gzip
import time
import zlib
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    ClientError,
    ConnectionError,  # noqa: A004
    DecodeError,
    ReadTimeoutError,
    ResponseTooLargeError,
    RetryConfig,
    TimeoutConfig,
    TotalTimeoutError,
    TruncatedResponseError,
)
from clientgen_runtime._net.decoding import codings, decode
from tests.faults.server import Exchange, FaultServer, slack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect

HEAD = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(bytes(50_000_000))


def raw(data: bytes, *, then: str = "close") -> Any:
    def answer(exchange: Exchange) -> None:
        exchange.send(data)
        time.sleep(0.05)
        getattr(exchange, then)()

    return answer


def coded(body: bytes, coding: str) -> Any:
    return lambda exchange: exchange.respond(body, headers={"Content-Encoding": coding})


def packed(coding: str, body: bytes, cut: int = 0) -> Any:
    """An answer in a coding whose library may not be installed."""

    def answer(exchange: Exchange) -> None:
        coded(pack(coding, body)[: -cut or None], coding)(exchange)

    answer.needs = {"br": "brotli", "zstd": "zstandard"}[coding]  # type: ignore[attr-defined]
    return answer


def frames(exchange: Exchange) -> None:
    coded(pack("zstd", b"o") + pack("zstd", b"k"), "zstd")(exchange)


frames.needs = "zstandard"  # type: ignore[attr-defined]


@cache
def pack(coding: str, body: bytes) -> bytes:
    library: Any = import_module({"br": "brotli", "zstd": "zstandard"}[coding])
    # The best compression of a bomb takes longer than the row may.
    result: bytes = library.compress(body, **({"quality": 1} if coding == "br" else {}))
    return result


def drip_body(exchange: Exchange) -> None:
    exchange.send(HEAD + b"Content-Length: 1000\r\n\r\n")
    exchange.drip(b"x" * 100, 0.05)


def drip_headers(exchange: Exchange) -> None:
    exchange.drip(HEAD + b"X-Slow: " + b"x" * 100, 0.05)


def stall(exchange: Exchange) -> None:
    time.sleep(1.5)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@dataclass
class Row:
    answer: Any
    error: type[ClientError] | None
    partial: bytes | None = None
    options: dict[str, Any] = field(default_factory=dict)
    within: tuple[float, float] = (0, 1.0)


TOTAL = {"timeout": TimeoutConfig(total=0.4)}
ON_TIME = (0.35, 0.4)

ROWS: dict[str, Row] = {
    "length beyond body": Row(
        raw(HEAD + b"Content-Length: 100\r\n\r\nhello"), TruncatedResponseError, b"hello"
    ),
    "cut chunked": Row(
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        TruncatedResponseError,
        b"hello",
    ),
    "bad chunk size": Row(
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"),
        TruncatedResponseError,
    ),
    "reset in body": Row(
        raw(HEAD + b"Content-Length: 9999\r\n\r\nhello", then="reset"),
        TruncatedResponseError,
        b"hello",
    ),
    "reset before answer": Row(raw(b"", then="reset"), ConnectionError),
    "closed before answer": Row(raw(b""), ConnectionError),
    "no HTTP at all": Row(raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), ConnectionError),
    "bad status line": Row(raw(b"HTTP/1.1 abc\r\n\r\n"), ConnectionError),
    "huge headers": Row(
        raw(HEAD + b"X-A: " + b"a" * 300_000 + b"\r\nContent-Length: 2\r\n\r\nok"),
        ConnectionError,
    ),
    "two different lengths": Row(
        raw(HEAD + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\nokabc"), ConnectionError
    ),
    "ends with the connection": Row(raw(HEAD + b"Connection: close\r\n\r\nok"), None),
    "1xx before the answer": Row(
        raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\nok"), None
    ),
    "gzip": Row(coded(gzip.compress(b"ok"), "gzip"), None),
    "br": Row(packed("br", b"ok"), None),
    "zstd": Row(packed("zstd", b"ok"), None),
    "br bomb": Row(packed("br", bytes(50_000_000)), ResponseTooLargeError),
    "zstd bomb": Row(packed("zstd", bytes(50_000_000)), ResponseTooLargeError),
    "cut br": Row(packed("br", b"hello" * 1000, cut=3), TruncatedResponseError),
    "cut zstd": Row(packed("zstd", b"hello" * 1000, cut=3), TruncatedResponseError),
    "bad br": Row(coded(b"\xff" * 100, "br"), DecodeError),
    "bad zstd": Row(coded(b"not zstd at all", "zstd"), DecodeError),
    "gzip members": Row(coded(gzip.compress(b"o") + gzip.compress(b"k"), "x-gzip"), None),
    "gzip in gzip": Row(coded(gzip.compress(gzip.compress(b"ok")), "gzip, gzip"), None),
    "deflate": Row(coded(zlib.compress(b"ok"), "deflate"), None),
    "zstd frames": Row(frames, None),
    "deflate without frame": Row(coded(raw_deflate(b"ok"), "deflate"), None),
    "cut gzip": Row(coded(gzip.compress(b"hello" * 1000)[:-12], "gzip"), TruncatedResponseError),
    "bad gzip": Row(coded(b"not gzip", "gzip"), DecodeError),
    "unknown coding": Row(coded(b"ok", "pack200"), DecodeError),
    "endless codings": Row(coded(b"ok", ", ".join(["gzip"] * 10_000)), DecodeError),
    "gzip bomb": Row(coded(BOMB, "gzip"), ResponseTooLargeError),
    "gzip bomb in gzip": Row(coded(gzip.compress(BOMB), "gzip, gzip"), ResponseTooLargeError),
    "large by its length": Row(
        raw(HEAD + b"Content-Length: 99999999999\r\n\r\nx"), ResponseTooLargeError
    ),
    "large by its body": Row(
        raw(HEAD + b"Connection: close\r\n\r\n" + b"x" * 2_000_000), ResponseTooLargeError
    ),
    "dripping body": Row(drip_body, TotalTimeoutError, None, TOTAL, ON_TIME),
    "dripping headers": Row(drip_headers, TotalTimeoutError, None, TOTAL, ON_TIME),
    "silence, total": Row(stall, TotalTimeoutError, None, TOTAL, ON_TIME),
    "silence, read": Row(
        stall, ReadTimeoutError, None, {"timeout": TimeoutConfig(read=0.4)}, ON_TIME
    ),
    "retries, total": Row(
        raw(b""),
        ConnectionError,
        None,
        {
            "timeout": TimeoutConfig(total=0.4),
            "retry": RetryConfig(50, backoff_factor=0.2, jitter=0),
        },
        (0, 0.4),
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    answers = {f"/{name.replace(' ', '-')}": row.answer for name, row in ROWS.items()}
    started = FaultServer(answers)
    yield started
    started.close()


@pytest.mark.parametrize("name", ROWS)
def test_answers(connect: Connect, server: FaultServer, name: str) -> None:
    row = ROWS[name]
    if needed := getattr(row.answer, "needs", None):
        pytest.importorskip(needed)
    client = connect(None, server.url, max_response_bytes=1_000_000)
    started = time.monotonic()

    if row.error is None:
        assert client.get(f"/{name.replace(' ', '-')}", **row.options).content == b"ok"
    else:
        with pytest.raises(row.error) as caught:
            client.get(f"/{name.replace(' ', '-')}", **row.options)
        # The class itself: a parent of it would tell the caller less.
        assert type(caught.value) is row.error
        assert str(caught.value).rstrip(": ") != ""
        if row.partial is not None:
            response = getattr(caught.value, "response", None)
            assert response is not None
            assert response.content == row.partial

    elapsed = time.monotonic() - started
    assert row.within[0] <= elapsed <= row.within[1] + slack()
    assert busy(client) == 0
    assert client.get("/").content == b"ok"


def test_codings_do_not_depend_on_how_they_are_cut() -> None:
    body = raw_deflate(b"hello" * 20)
    chain = codings("deflate")

    pieces = [piece for byte in body for piece in decode(chain, bytes([byte]))]

    assert b"".join(pieces) == b"hello" * 20


def busy(client: Any) -> int:
    """Connections that are in use."""
    return sum(transport._pool.busy for transport in client._transport._opened.values())
