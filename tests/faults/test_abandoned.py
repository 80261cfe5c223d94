"""Streams that nobody closes."""

from __future__ import annotations

import gc
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import Client, PoolLimits, TimeoutConfig
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator


def drip(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    exchange.drip(b"x" * 100, 0.02)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/drip": drip})
    yield started
    started.close()


def abandon(client: Client) -> None:
    """Leave an open stream in a cycle, which only the collector takes apart."""

    class Knot:
        pass

    knot: Any = Knot()
    knot.self = knot
    knot.context = client.stream("GET", "/drip")
    knot.response = knot.context.__enter__()
    knot.chunks = knot.response.iter_bytes()
    next(knot.chunks)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_collecting_an_abandoned_stream_hangs_nothing(server: FaultServer) -> None:
    limits = PoolLimits(max_connections=2)
    with Client(server.url, limits=limits, timeout=TimeoutConfig(pool=2), retry=None) as client:
        gc.disable()
        try:
            for _ in range(4):
                abandon(client)
                worker = threading.Thread(target=client.get, args=["/"], daemon=True)
                collector = threading.Thread(target=gc.collect, daemon=True)
                collector.start()
                worker.start()
                for thread in (collector, worker):
                    thread.join(5)
                    assert not thread.is_alive()
        finally:
            gc.enable()
        time.sleep(0.05)
        assert client.get("/").content == b"ok"


def test_a_client_that_is_not_closed_is_told(server: FaultServer) -> None:
    client = Client(server.url)
    client.get("/")

    with pytest.warns(ResourceWarning, match="without being closed"):
        client._transport.__del__()
    client.close()
