"""How many server-sent events a second are read, beside `httpx-sse`, in memory.

python -m tests.benchmarks.events
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx

from clientgen_runtime import Client
from tests.benchmarks._measure import Table
from tests.benchmarks._rounds import compare

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS = 20_000
ROUNDS = 9
CHUNK = 16_384  # bytes; about what a socket gives at a time

DELTA = json.dumps({"choices": [{"delta": {"content": " token"}, "index": 0}], "id": "c-1"})
EVENT = f"event: delta\ndata: {DELTA}\n\n"
SHAPES = {
    "data alone": f"data: {DELTA}\n\n",
    "data in two lines": f"data: {DELTA}\ndata: more\n\n",
    "event, data": EVENT,
    "id, event, data": f"id: 17\n{EVENT}",
}


class Chunked(httpx.SyncByteStream):
    """A body that arrives in chunks."""

    def __init__(self, body: bytes) -> None:
        self._chunks = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)]

    def __iter__(self) -> Any:
        return iter(self._chunks)


def _transport(body: bytes) -> httpx.MockTransport:
    headers = {"Content-Type": "text/event-stream"}
    return httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Chunked(body)))


def by_httpx_sse(body: bytes) -> Callable[[], None]:
    """Reads the events with `httpx-sse`."""
    connect_sse = import_module("httpx_sse").connect_sse

    def read() -> None:
        with (
            httpx.Client(transport=_transport(body)) as client,
            connect_sse(client, "GET", "https://a.example") as source,
        ):
            assert sum(1 for event in source.iter_sse() if event.data) == EVENTS

    return read


def by_runtime(body: bytes) -> Callable[[], None]:
    """Reads the events with the runtime."""

    def read() -> None:
        with (
            Client("https://a.example", transport=_transport(body)) as client,
            client.stream("GET", "/") as response,
        ):
            assert sum(1 for event in response.iter_sse() if event.data) == EVENTS

    return read


def main() -> None:
    """Measure and compare with the bar."""
    table = Table()
    for name, event in SHAPES.items():
        body = event.encode() * EVENTS
        taken = compare(ROUNDS, theirs=by_httpx_sse(body), ours=by_runtime(body))
        for who, seconds in taken.items():
            print(f"{name}: {who} {EVENTS / seconds:,.0f} events a second")
        # At least twice the events a second is at most half the time.
        table.row(f"time of events ({name}) / httpx-sse", taken["ours"] / taken["theirs"], 0.5)
    table.close()


if __name__ == "__main__":
    main()
