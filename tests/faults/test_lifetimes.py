"""Programs that end, fork or change their loop while a client is in use."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import AsyncClient, TokenAuth
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator


def drip(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    exchange.drip(b"x" * 1000, 0.02)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/drip": drip})
    yield started
    started.close()


IDLE = """
import sys
from clientgen_runtime import Client
client = Client(sys.argv[1])
client.get("/")
"""
STREAM = """
import sys
from clientgen_runtime import Client
client = Client(sys.argv[1])
context = client.stream("GET", "/drip")
chunks = context.__enter__().iter_bytes()
next(chunks)
"""
THREAD = """
import sys, threading, time
from clientgen_runtime import Client
client = Client(sys.argv[1], retry=None)
def work():
    while True:
        client.get("/")
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
"""
TASKS = """
import asyncio, sys
from clientgen_runtime import AsyncClient
client = AsyncClient(sys.argv[1])
async def main():
    await client.get("/")
    asyncio.ensure_future(client.get("/drip"))
    await asyncio.sleep(0.1)
asyncio.run(main())
"""
ASYNC_STREAM = """
import asyncio, sys
from clientgen_runtime import AsyncClient
client = AsyncClient(sys.argv[1])
async def main():
    context = client.stream("GET", "/drip")
    response = await context.__aenter__()
    async for chunk in response.aiter_bytes():
        break
asyncio.run(main())
"""
INTERRUPTED = """
import os, signal, sys, threading
from clientgen_runtime import Client
client = Client(sys.argv[1])
# A shell that starts the tests in the background lets its children ignore the signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
try:
    client.get("/drip")
except KeyboardInterrupt:
    assert client.get("/").content == b"ok"
"""


@pytest.mark.parametrize(
    "program",
    [IDLE, STREAM, THREAD, TASKS, ASYNC_STREAM, INTERRUPTED],
    ids=["idle", "stream", "threads", "tasks", "async stream", "interrupted"],
)
def test_a_program_ends_in_order(server: FaultServer, program: str) -> None:
    started = time.monotonic()

    done = subprocess.run(
        [sys.executable, "-c", program, server.url],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - started < 10


# The socket of the parent's loop is dropped in the child, and asyncio warns of that.
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_child_has_async_connections_of_its_own(server: FaultServer) -> None:
    client = AsyncClient(server.url, auth=TokenAuth(lambda: "t"))

    async def call() -> bytes:
        return (await client.get("/")).content

    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(call()) == b"ok"
    child = os.fork()
    if child == 0:
        works = False
        with suppress(BaseException):
            works = asyncio.run(call()) == b"ok"
        os._exit(0 if works else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert loop.run_until_complete(call()) == b"ok"
    loop.run_until_complete(client.close())
    loop.close()
    assert server.connections == 2


# Sockets of loops that have ended are dropped, and asyncio warns of that.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_client_serves_loops_of_several_threads(server: FaultServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    client = AsyncClient(server.url)

    async def calls() -> set[Any]:
        answers = await asyncio.gather(*(client.get("/") for _ in range(5)))
        return {answer.content for answer in answers}

    with ThreadPoolExecutor(1) as threads:
        for _ in range(3):
            assert asyncio.run(calls()) == {b"ok"}
            assert threads.submit(lambda: asyncio.run(calls())).result(10) == {b"ok"}
    asyncio.run(client.close())
    gc.collect()
