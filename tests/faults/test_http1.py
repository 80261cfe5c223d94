"""Answers on the wire: what is taken, what is refused, and the same verdict as h11's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen_runtime._net.http1 import MAX_HEAD, Answer, Head, request_head

h11: Any = pytest.importorskip("h11")

OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True)
class Read:
    """An answer that was taken."""

    status: int
    fields: list[tuple[str, str]]
    body: bytes
    is_reusable: bool


def read(pieces: list[bytes], method: str = "GET") -> Read:
    """An answer read by us; the connection ends after the last piece."""
    answer = Answer(method)
    head: Head | None = None
    body = b""
    for piece in [*(piece for piece in pieces if piece), b""]:
        if head is None:
            head = answer.head(piece)
            body += answer.rest() if head is not None else b""
        elif not answer.is_over:
            body += answer.body(piece)
    if head is not None and not answer.is_over:
        body += answer.body(b"")
    assert head is not None
    return Read(head.status, head.fields, body, answer.is_clean)


def read_by_h11(pieces: list[bytes], method: str = "GET") -> Read:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    head: Any = None
    body = b""
    for piece in [*(piece for piece in pieces if piece), b""]:
        connection.receive_data(piece)
        while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            match event:
                case h11.Response():
                    head = event
                case h11.Data():
                    body += bytes(event.data)
                case h11.EndOfMessage() | h11.ConnectionClosed():
                    fields = [
                        (name.decode("latin-1"), value.decode("latin-1"))
                        for name, value in head.headers.raw_items()
                    ]
                    is_reusable = (
                        connection.their_state is h11.DONE and not connection.trailing_data[0]
                    )
                    return Read(head.status_code, fields, body, is_reusable)
    raise h11.RemoteProtocolError("it has no end")


def normal(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields without what h11 rewrites: lengths that are repeated, and the case of codings."""
    lowered = {name.lower() for name, _ in fields}
    kept = [(name, value) for name, value in fields if name.lower() != "content-length"]
    return sorted((name, value.lower()) for name, value in kept) + [("length", "")] * (
        "content-length" in lowered
    )


def outcome(reader: Any, pieces: list[bytes], method: str = "GET") -> Read | None:
    """What a reader takes, `None` when it refuses."""
    try:
        taken: Read = reader(pieces, method)
    except (httpcore.RemoteProtocolError, h11.RemoteProtocolError):
        return None
    return taken


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


NASTY = st.sampled_from(
    [
        b"\r",
        b"\n",
        b"\r\n",
        b"\0",
        b" ",
        b"\t",
        b":",
        b";",
        b",",
        b"0",
        b"\x0b",
        b"\xff",
        b"-",
        b"+",
    ]
)
FIRST_LINES = st.sampled_from(
    [
        OK,
        b"HTTP/1.1 200 \r\n",
        b"HTTP/1.1 200\r\n",
        b"HTTP/1.0 200 OK\r\n",
        b"HTTP/1.1 204 No Content\r\n",
        b"HTTP/1.1 404 N\xf6t\tFound\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 099 Odd\r\n",
        b"HTTP/2.0 200 OK\r\n",
    ]
)
FIELDS = st.lists(
    st.sampled_from(
        [
            b"Content-Length: 5\r\n",
            b"content-length: 5 \r\n",
            b"Content-Length: 5, 5\r\n",
            b"Content-Length: 7\r\n",
            b"Content-Length: +5\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"Transfer-Encoding: gzip, chunked\r\n",
            b"Connection: close\r\n",
            b"Connection: keep-alive, Close\r\n",
            b"X-Text: a \x80 b\r\n",
            b"X-Empty:\r\n",
            b"X : y\r\n",
            b" folded\r\n",
            b"X-Control: \x01\r\n",
        ]
    ),
    max_size=3,
).map(b"".join)
BODIES = st.sampled_from(
    [
        b"hello",
        b"",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"5;name=value\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        b"2\r\nhe\r\n3 \r\nllo\r\n00\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"0\r\n\r\nrest",
    ]
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """An answer, perhaps with bytes that do not belong there."""
    data: bytes = draw(FIRST_LINES) + draw(FIELDS) + b"\r\n" + draw(BODIES)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(data)))
        removed = draw(st.integers(0, 2))
        data = (
            data[:place] + draw(st.one_of(NASTY, st.binary(max_size=2))) + data[place + removed :]
        )
    return data


CUTS = st.lists(st.integers(0, 500), max_size=6)


@settings(max_examples=600, deadline=None)
@given(answers(), CUTS, st.sampled_from(["GET", "HEAD"]))
def test_what_h11_refuses_is_refused_and_what_is_taken_is_the_same(
    data: bytes, cuts: list[int], method: str
) -> None:
    ours = outcome(read, split(data, cuts), method)
    theirs = outcome(read_by_h11, [data], method)

    # We refuse more: bare line feeds, folded lines, other versions than HTTP/1, too many interim
    # answers.
    assert ours is None or theirs is not None
    if ours is not None and theirs is not None:
        assert (ours.status, ours.body) == (theirs.status, theirs.body)
        assert normal(ours.fields) == normal(theirs.fields)
        # What comes too late for an answer is noticed when the connection is to be used again.
        assert theirs.is_reusable or not read([data], method).is_reusable


@settings(max_examples=300, deadline=None)
@given(answers(), CUTS)
def test_how_an_answer_is_cut_into_pieces_changes_nothing(data: bytes, cuts: list[int]) -> None:
    whole, pieces = outcome(read, [data]), outcome(read, split(data, cuts))

    assert (whole is None) == (pieces is None)
    if whole is not None and pieces is not None:
        assert (whole.status, whole.fields, whole.body) == (
            pieces.status,
            pieces.fields,
            pieces.body,
        )


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
BROKEN = {
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "folded line": OK + b"X: a\r\n b\r\n" + EMPTY,
    "carriage return in value": OK + b"X: a\rb\r\n" + EMPTY,
    "line feed in value": OK + b"X: a\nb\r\n" + EMPTY,
    "NUL in value": OK + b"X: \0\r\n" + EMPTY,
    "space before colon": OK + b"X : a\r\n" + EMPTY,
    "line without colon": OK + b"no field\r\n" + EMPTY,
    "empty line first": b"\r\n" + OK + EMPTY,
    "switch that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "too many interim answers": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 101 + OK + EMPTY,
    "negative length": OK + b"Content-Length: -1\r\n\r\n",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length as Python writes it": OK + b"Content-Length: 1_0\r\n\r\n",
    "chunked twice": OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "unknown transfer coding": OK + b"Transfer-Encoding: gzip\r\n\r\n",
    "negative chunk": CHUNKED + b"-1\r\n\r\n",
    "chunk with prefix": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "chunk beyond its size": CHUNKED + b"5\r\nhelloX\r\n0\r\n\r\n",
    "long chunk extension": CHUNKED + b"5;" + b"x" * 5000 + b"\r\nhello\r\n0\r\n\r\n",
    "endless trailers": CHUNKED + b"0\r\n" + b"X: y\r\n" * 30_000 + b"\r\n",
    "broken trailer": CHUNKED + b"0\r\nno field\r\n\r\n",
    "no end of chunks": CHUNKED + b"5\r\nhello\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers_are_refused(name: str) -> None:
    assert outcome(read, [BROKEN[name]]) is None


REUSABLE = {
    "with its length": OK + b"Content-Length: 2\r\n\r\nok",
    "in chunks": OK + b"Transfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
}
USED_UP = {
    "more than was asked for": OK + b"Content-Length: 2\r\n\r\nok and more",
    "said to be closed": OK + b"Content-Length: 2\r\nConnection: x, Close\r\n\r\nok",
    # RFC 9112 section 6.3: the chunks count, but someone may have thought otherwise.
    "length and chunks": OK
    + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "old version": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "ends with the connection": OK + b"\r\nok",
}


@pytest.mark.parametrize("name", [*REUSABLE, *USED_UP])
def test_which_connections_are_used_again(name: str) -> None:
    taken = read([(REUSABLE | USED_UP)[name]])

    assert (taken.body, taken.is_reusable) == (b"ok", name in REUSABLE)


def test_a_length_that_is_repeated_is_told_once() -> None:
    taken = read([OK + b"Content-Length: 2, 2\r\ncontent-length: 2\r\n\r\nok"])

    assert taken.fields == [("Content-Length", "2")]


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("CONNECT", 200)]
)
def test_answers_that_have_no_body(method: str, status: int) -> None:
    data = f"HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\n".encode()

    assert read([data], method).body == b""


HEADS_IN_DISGUISE = {
    "line break": ("/", "X: a\r\nY: b"),
    "line feed": ("/", "X: a\nY: b"),
    "NUL": ("/", "X: \0"),
    "not ASCII": ("/", "X: \xe4"),
    "name of two words": ("/", "X y: a"),
    "second head": ("/ HTTP/1.1\r\nX: y", "X: a"),
    "space in target": ("/a b", "X: a"),
}


@pytest.mark.parametrize("name", HEADS_IN_DISGUISE)
def test_what_would_not_be_one_head_is_not_sent(name: str) -> None:
    target, line = HEADS_IN_DISGUISE[name]

    with pytest.raises(httpcore.LocalProtocolError) as caught:
        request_head("GET", target, ["Host: x", line])
    assert line not in str(caught.value)
