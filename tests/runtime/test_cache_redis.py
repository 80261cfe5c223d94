"""Processes share what a cache keeps through Redis, and do without while it is away."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import Client, ConfigurationError, HTTPCache, RedisCacheStore
from tests.runtime.driving import BASE_URL
from tests.runtime.redis_server import RedisServer, run_redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.runtime.driving import Connect

pytest.importorskip("hishel")

FRESH = {"Cache-Control": "max-age=60"}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    yield from run_redis()


@pytest.fixture
def store(redis: RedisServer) -> Iterator[RedisCacheStore]:
    made = RedisCacheStore(redis.url, prefix=f"[{uuid.uuid4()}]*:")
    yield made
    made._client.connection_pool.disconnect()


def counting() -> Callable[[httpx.Request], httpx.Response]:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, headers=FRESH, json=len(requests))

    return answer


ANOTHER = """
import sys, httpx
from clientgen_runtime import Client, HTTPCache, RedisCacheStore

def answer(request):
    raise AssertionError("the server was asked")

cache = HTTPCache(RedisCacheStore(sys.argv[1], prefix=sys.argv[2]))
client = Client("https://pets.example/v1", transport=httpx.MockTransport(answer), cache=cache)
print(client.get("/pets", auth=("bearer", "token-of-ada")).json())
"""


def test_another_process_has_what_this_one_was_given(
    redis: RedisServer, store: RedisCacheStore
) -> None:
    transport = httpx.MockTransport(counting())
    with Client(BASE_URL, transport=transport, cache=HTTPCache(store)) as client:
        client.get("/pets", auth=("bearer", "token-of-ada"))

    command = [sys.executable, "-W", "ignore", "-c", ANOTHER, redis.url, store._prefix]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout == "1\n", done.stderr


def test_no_secret_is_in_the_server(connect: Connect, store: RedisCacheStore) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        headers = {**FRESH, "Set-Cookie": "sid=canary-1", "Vary": "Authorization, Cookie"}
        return httpx.Response(200, headers=headers, json="Rex")

    client = connect(answer, cache=HTTPCache(store), auth=("bearer", "canary-2"))
    client.get("/pets", params={"api_key": "canary-3"}, headers={"X-API-Key": "canary-4"})
    client.get("/pets", cookies={"sid": "canary-5"})

    keys = store._client.keys()
    held = b"".join(key + store._client.dump(key) for key in keys)
    held += b"".join(b"".join(store._client.hgetall(key).values()) for key in keys)

    assert b"Rex" in held
    assert b"canary" not in held


def test_what_is_forgotten_is_that_of_one_prefix(
    connect: Connect, redis: RedisServer, store: RedisCacheStore
) -> None:
    other = RedisCacheStore(redis.url, prefix=f"{uuid.uuid4()}:")
    for each in (store, other):
        connect(counting(), cache=HTTPCache(each)).get("/pets")

    assert HTTPCache(store).clear() == 1
    assert HTTPCache(other).invalidate_matching("*/pets") == 1
    other._client.connection_pool.disconnect()


def test_a_client_that_cannot_keep_bytes_is_refused() -> None:
    package = pytest.importorskip("redis")

    for client in (package.Redis(decode_responses=True), package.asyncio.Redis()):
        with pytest.raises(ConfigurationError, match="without decode_responses"):
            RedisCacheStore(client)


def test_answers_end_with_their_time(store: RedisCacheStore) -> None:
    store.save("k", b"v", "https://pets.example/v1/pets", 60)

    assert 0 < store._client.ttl(f"{store._prefix}k") <= 60


def test_calls_go_on_while_redis_is_away(
    connect: Connect,
    redis: RedisServer,
    store: RedisCacheStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("clientgen_runtime._cache.cache._REST", 0.02)
    client = connect(counting(), cache=HTTPCache(store))
    told: list[Any] = []

    def load(until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not until() and time.monotonic() < deadline:
            told.append(client.get("/pets").status_code)

    hits = client.cache.stats.hits
    load(lambda: client.cache.stats.hits > hits + 3)
    with caplog.at_level(logging.WARNING, "clientgen_runtime"):
        redis.kill()
        load(lambda: client.cache.stats.errors > 2)
        starting = threading.Thread(target=redis.start)
        starting.start()
        load(lambda: not starting.is_alive())
        hits = client.cache.stats.hits
        load(lambda: client.cache.stats.hits > hits + 3)

    assert set(told) == {200}
    assert client.cache.stats.hits > hits + 3
    assert [record.getMessage() for record in caplog.records] == [
        "the store of the cache failed, so answers come from the server: ConnectionError"
    ]
