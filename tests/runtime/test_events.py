"""Server-sent events: those of the specification, however they arrive."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen_runtime import ResponseTooLargeError, ServerSentEvent
from clientgen_runtime._framing import Events

LINES = st.sampled_from(
    [
        *(
            "data: a",
            "data:a",
            "data:  a",
            "data",
            "data:",
            "data: ",
            "data: data: x",
            "data:data:",
        ),
        *("event: e", "event:e", "event:", "event", "event:  e", "events: e"),
        *("id: 1", "id:2", "id:", "id", "id: ", "id:  3", "id: \0", "id: 4\0"),
        *(
            "retry: 5",
            "retry: -5",
            "retry: x",
            "retry:",
            ": comment",
            ":",
            " data: x",
            "x",
            "é\u2028",
        ),
        *("", "", "", ""),
    ]
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
TEXTS = st.lists(st.tuples(LINES, ENDS)).map(lambda lines: "".join(map("".join, lines)))


def as_specified(text: str) -> list[ServerSentEvent]:
    """WHATWG HTML, section 9.2.6, word by word."""
    events = []
    data, kind, last_id, retry = "", "", "", None
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines[:-1]:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            if data:
                kind = kind or "message"
                events.append(ServerSentEvent(kind, data.removesuffix("\n"), last_id, retry))
            data, kind, retry = "", "", None
        elif name == "event":
            kind = value
        elif name == "data":
            data += value + "\n"
        elif name == "id" and "\0" not in value:
            last_id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            retry = int(value)
    return events


@given(text=TEXTS, size=st.integers(1, 30), marked=st.booleans())
@settings(deadline=None, max_examples=200)
def test_events_are_those_of_the_specification(text: str, size: int, marked: bool) -> None:
    data = (("\ufeff" if marked else "") + text).encode()
    events = Events()

    found = [
        event
        for start in range(0, len(data), size)
        for event in events.feed(data[start : start + size])
    ]

    assert found == as_specified(text)


def test_events_before_one_that_is_too_large_are_read() -> None:
    found = iter(Events(limit=10).feed(b"data: a\n\n\ndata: b\n\ndata: 0123456789\n\n"))

    assert [next(found).data, next(found).data] == ["a", "b"]
    with pytest.raises(ResponseTooLargeError):
        next(found)


def test_many_small_events_may_come_at_once() -> None:
    assert len(list(Events(limit=10).feed(b"data: a\n\n" * 1000))) == 1000


@pytest.mark.parametrize("text", ["data: x\n" * 20_000, "data: \n" * 20_000, "data:" * 100_000])
def test_no_text_takes_long_to_read(text: str) -> None:
    started = time.process_time()

    list(Events().feed(f"{text}\nfoo\n\n".encode()))
    list(Events().feed(f"{text}foo\n\n".encode()))

    assert time.process_time() - started < 1
