"""What a cache keeps is given again while it is fresh, to nobody else, and without secrets."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen_runtime import (
    ApiKeyAuth,
    AsyncClient,
    BasicAuth,
    CacheStats,
    CircuitBreaker,
    CircuitOpenError,
    Client,
    ClientError,
    ConfigurationError,
    DiskCacheStore,
    HTTPCache,
    MemoryCacheStore,
    NotCachedError,
    RateLimiter,
    RedisCacheStore,
    Request,
    sdk,
)
from tests.runtime.driving import BASE_URL, Connect, Server
from tests.runtime.redis_server import RedisServer, run_redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest.importorskip("hishel")

FRESH = {"Cache-Control": "max-age=60"}
STALE = {"Cache-Control": "max-age=0", "ETag": '"a"'}
MEANWHILE = {"Cache-Control": "max-age=0, stale-while-revalidate=60"}


class Counting(Server):
    """Answers with a number that grows."""

    def __init__(self, headers: dict[str, str] | None = None, status: int = 200) -> None:
        super().__init__()
        self.headers = FRESH if headers is None else headers
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, json=len(self.requests))


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    yield from run_redis()


@pytest.fixture(params=["memory", "disk", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return store_in(request.param, tmp_path, request)


def store_in(name: str, folder: Path, request: pytest.FixtureRequest) -> Any:
    match name:
        case "memory":
            return MemoryCacheStore()
        case "disk":
            return DiskCacheStore(folder / "cache.db")
        case _:
            server: RedisServer = request.getfixturevalue("redis")
            made = RedisCacheStore(server.url, prefix=f"{uuid.uuid4()}:")
            request.addfinalizer(made._client.connection_pool.disconnect)
            return made


def numbers(client: Any, *calls: dict[str, Any]) -> list[int]:
    """The answers to calls, one after the other."""
    return [client.get("/pets", **options).json() for options in calls]


# --- What is given again ---------------------------------------------------------------------


def test_a_fresh_answer_is_not_asked_for_again(connect: Connect, store: Any) -> None:
    client = connect(Counting(), cache=HTTPCache(store))

    assert numbers(client, {}, {}, {}) == [1, 1, 1]
    assert client.cache.stats == CacheStats(hits=2, misses=1, stored=1)


def test_a_stale_answer_is_asked_about(connect: Connect, store: Any) -> None:
    not_modified = httpx.Response(304, headers={"ETag": '"a"', "Set-Cookie": "sid=secret-7"})
    server = Server(httpx.Response(200, headers=STALE, json="Rex"), not_modified)
    client = connect(server, cache=HTTPCache(store))

    first, second = client.get("/pets"), client.get("/pets")

    assert server.last.headers["If-None-Match"] == '"a"'
    assert (first.json(), second.json()) == ("Rex", "Rex")
    assert second.headers["Set-Cookie"] == "sid=secret-7"
    assert client.cache.stats.revalidated == 1


def test_a_server_that_speaks_of_another_answer_is_asked_without_conditions(
    connect: Connect,
) -> None:
    first = httpx.Response(200, headers=STALE, json=1)
    other = httpx.Response(304, headers={"ETag": '"b"'})
    server = Server(first, other, httpx.Response(200, headers={"ETag": '"b"'}, json=2))
    client = connect(server, cache=HTTPCache())

    assert numbers(client, {}, {}) == [1, 2]
    assert "If-None-Match" not in server.last.headers


def test_calls_of_an_sdk_are_cached_too(connect: Connect) -> None:
    listing: sdk.Operation[int] = sdk.Operation("GET", "/pets", {"200": lambda: int})
    client = connect(Counting(), cache=HTTPCache())

    assert [client._call(listing), client._call(listing)] == [1, 1]


def test_an_answer_tells_where_it_is_from(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache())

    told = [client.get("/pets").headers["Cache-Status"] for _ in range(2)]

    assert told == ["clientgen; fwd=uri-miss; stored", "clientgen; hit"]


def test_permanent_redirects_are_cached(connect: Connect) -> None:
    moved = httpx.Response(308, headers={"Location": "/v1/animals", **FRESH})
    server = Server(moved, httpx.Response(200, json=1), httpx.Response(200, json=2))
    client = connect(server, cache=HTTPCache())

    assert numbers(client, {}, {}) == [1, 2]
    assert [str(r.url.path) for r in server.requests] == ["/v1/pets", "/v1/animals", "/v1/animals"]


def test_each_variant_is_kept(connect: Connect) -> None:
    client = connect(Counting({**FRESH, "Vary": "Accept-Language"}), cache=HTTPCache())
    german, english = {"headers": {"Accept-Language": "de"}}, {"headers": {"Accept-Language": "en"}}

    assert numbers(client, german, english, german, english) == [1, 2, 1, 2]


def test_streams_are_neither_stored_nor_held_back(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache())

    for _ in range(2):
        with client.stream("GET", "/pets") as response:
            assert not response.is_read

    assert client.cache.stats == CacheStats()


def test_what_is_asked_by_a_body_is_asked_each_time(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache())
    questions = ({"name": "Rex"}, {"name": "Tom"})

    assert [client.request("GET", "/pets", json=each).json() for each in questions] == [1, 2]


def test_a_body_of_no_bytes_asks_nothing(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache())

    assert [client.request("GET", "/pets", content=b"").json() for _ in range(2)] == [1, 1]


def test_without_a_cache_nothing_of_it_is_imported() -> None:
    code = (
        "import sys, httpx, clientgen_runtime as c;"
        "t = httpx.MockTransport(lambda r: httpx.Response(200));"
        "c.Client('https://a.example', transport=t).get('/');"
        "print([m for m in sys.modules if 'hishel' in m or '_cache' in m and 'clientgen' in m])"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


# --- One call --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "then"),
    [("reload", [1, 2, 2]), ("no-cache", [1, 2, 2]), ("no-store", [1, 2, 1]), (False, [1, 2, 1])],
)
def test_a_call_says_how_it_uses_the_cache(
    connect: Connect, mode: str | bool, then: list[int]
) -> None:
    client = connect(Counting(), cache=HTTPCache())

    assert numbers(client, {}, {"cache": mode}, {}) == then


def test_a_call_takes_what_is_stored_however_old(connect: Connect) -> None:
    client = connect(Counting(STALE), cache=HTTPCache())

    assert numbers(client, {}, {"cache": "force-cache"}) == [1, 1]


def test_a_call_that_must_not_ask_fails_where_nothing_is_stored(connect: Connect) -> None:
    server = Counting()
    client = connect(server, cache=HTTPCache(), retry=2)

    with pytest.raises(NotCachedError, match=r"GET .*/pets: no stored answer may be given"):
        client.get("/pets", cache="only-if-cached")

    assert server.requests == []
    assert numbers(client, {}, {"cache": "only-if-cached"}) == [1, 1]


def test_a_call_that_must_not_ask_has_nothing_asked_meanwhile(connect: Connect) -> None:
    client = connect(server := Counting(MEANWHILE), cache=HTTPCache())
    client.get("/pets")

    with pytest.raises(NotCachedError):
        client.get("/pets", cache="only-if-cached")
    assert len(server.requests) == 1


def test_polling_asks_the_server_each_time(connect: Connect, slept: list[float]) -> None:
    running, done = ({"status": status} for status in ("running", "succeeded"))
    answers = (httpx.Response(200, headers=FRESH, json=each) for each in (running, running, done))
    client = connect(Server(*answers), cache=HTTPCache())

    assert client.poll("/jobs/7").json() == done


def test_a_call_has_a_cache_of_its_own(connect: Connect) -> None:
    own = HTTPCache()

    assert numbers(connect(Counting()), {"cache": own}, {"cache": own}, {}) == [1, 1, 2]


def test_variants_share_the_cache_or_turn_it_off(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache())
    without = connect.drive(client.with_options(cache=None))

    assert numbers(client, {}) + numbers(without, {}) + numbers(client, {}) == [1, 2, 1]
    assert without.cache is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cache": "reload"}, "needs a client with cache=HTTPCache"),
        ({"cache": "fresh"}, "takes HTTPCache, None or one of default, no-store, reload"),
        ({"cache": 7}, "not 7"),
    ],
)
def test_a_wrong_argument_of_a_call_is_told(
    connect: Connect, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        connect(Counting()).get("/pets", **options)


def test_a_wrong_argument_of_a_client_is_told() -> None:
    with pytest.raises(ConfigurationError, match="cache= of a client takes HTTPCache or None"):
        Client(BASE_URL, cache="memory")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="stale_if_error"):
        HTTPCache(stale_if_error=-1)


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientgen_runtime._cache.cache.find_spec", lambda _: None)

    with pytest.raises(ConfigurationError, match=r"clientgen-runtime\[cache\]"):
        HTTPCache()


# --- When the server fails -------------------------------------------------------------------


@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ConnectError("refused")])
def test_a_stale_answer_stands_in_for_a_server_that_fails(
    connect: Connect, failure: httpx.Response | Exception
) -> None:
    server = Server(httpx.Response(200, headers=STALE, json="Rex"), failure)
    client = connect(server, cache=HTTPCache(stale_if_error=60))

    assert [client.get("/pets").json(), client.get("/pets").json()] == ["Rex", "Rex"]
    assert client.cache.stats.stale == 1


def test_without_leave_a_stale_answer_stands_in_for_nothing(connect: Connect) -> None:
    server = Server(httpx.Response(200, headers=STALE, json="Rex"), httpx.Response(503))
    client = connect(server, cache=HTTPCache())
    client.get("/pets")

    with pytest.raises(ClientError, match="503"):
        client.get("/pets")


def test_failures_that_answers_stand_in_for_open_the_circuit(connect: Connect) -> None:
    server = Server(httpx.Response(200, headers=STALE, json=1), httpx.Response(503))
    breaker = CircuitBreaker(consecutive_failures=2)
    client = connect(server, cache=HTTPCache(stale_if_error=60), circuit_breaker=breaker)

    assert numbers(client, {}, {}, {}, {}, {}) == [1] * 5
    assert len(server.requests) == 3
    with pytest.raises(CircuitOpenError):
        client.get("/vets")
    assert len(server.requests) == 3


def test_fresh_answers_are_given_while_the_circuit_is_open(connect: Connect) -> None:
    server = Server(httpx.Response(200, headers=FRESH, json=1), httpx.ConnectError("refused"))
    breaker = CircuitBreaker(consecutive_failures=1)
    client = connect(server, cache=HTTPCache(), circuit_breaker=breaker)
    client.get("/pets")
    with pytest.raises(ClientError, match="refused"):
        client.get("/vets")

    assert numbers(client, {}, {}) == [1, 1]
    with pytest.raises(CircuitOpenError):
        client.post("/pets")


@pytest.mark.parametrize("headers", [FRESH, MEANWHILE])
def test_an_answer_from_the_store_does_not_close_the_circuit(
    connect: Connect, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(httpx.Response(200, headers=headers, json=1), httpx.ConnectError("refused"))
    states: list[str] = []
    breaker = CircuitBreaker(
        consecutive_failures=1, open_for=60, on_change=lambda change: states.append(change.after)
    )
    client = connect(server, cache=HTTPCache(), circuit_breaker=breaker)
    client.get("/pets")
    with pytest.raises(ClientError, match="refused"):
        client.get("/vets")
    later = time.monotonic() + 61
    monkeypatch.setattr("clientgen_runtime._policies.breaker.now", lambda: later)

    assert numbers(client, {}) == [1]
    with pytest.raises(ClientError, match="refused"):
        client.get("/vets")
    assert states == ["open", "half_open", "open"]


def test_an_answer_from_the_store_tells_no_limits(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"}
    limiter = RateLimiter()
    client = connect(Counting({**FRESH, **limits}), cache=HTTPCache(), rate_limiter=limiter)
    client.get("/pets")
    later = time.monotonic() + 6
    monkeypatch.setattr("clientgen_runtime._policies.limiter.now", lambda: later)

    assert numbers(client, {}) == [1]
    assert limiter.status["https://pets.example:443"].wait == 0


def test_a_stale_answer_is_renewed_meanwhile(connect: Connect) -> None:
    client = connect(Counting(MEANWHILE), cache=HTTPCache())

    assert numbers(client, {}, {}) == [1, 1]
    assert reaches(lambda: client.get("/pets").json(), 2)


def test_a_renewal_that_fails_is_no_matter_of_the_call(connect: Connect) -> None:
    first = httpx.Response(200, headers=MEANWHILE, json=1)
    server = Server(first, httpx.ConnectError("refused"))
    client = connect(server, cache=HTTPCache())
    numbers(client, {})

    # Each renewal begins when the one before has ended.
    assert reaches(lambda: (numbers(client, {}), len(server.requests) > 3), ([1], True))


def reaches(function: Callable[[], object], wanted: object) -> bool:
    for _ in range(200):
        if function() == wanted:
            return True
        time.sleep(0.005)
    return False


def test_trio_has_no_meanwhile_so_the_call_waits() -> None:
    trio = pytest.importorskip("trio")

    async def main() -> list[int]:
        transport = httpx.MockTransport(Counting(MEANWHILE))
        async with AsyncClient(BASE_URL, transport=transport, cache=HTTPCache()) as client:
            return [(await client.get("/pets")).json() for _ in range(3)]

    assert trio.run(main) == [1, 1, 2]


def test_a_renewal_that_is_cancelled_under_trio_blocks_nobody() -> None:
    trio = pytest.importorskip("trio")
    asked: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 2:
            await trio.sleep(60)
        return httpx.Response(200, headers=MEANWHILE, json=len(asked))

    async def main() -> None:
        transport = httpx.MockTransport(answer)
        async with AsyncClient(BASE_URL, transport=transport, cache=HTTPCache()) as client:
            await client.get("/pets")
            with trio.move_on_after(0.05):
                await client.get("/pets")
            await client.get("/pets")

    trio.run(main)

    assert len(asked) == 3


# --- Whose answers ---------------------------------------------------------------------------


CREDENTIALS: list[tuple[Any, Any]] = [
    (("bearer", "token-of-ada"), ("bearer", "token-of-tom")),
    (BasicAuth("ada", "pass-word"), BasicAuth("tom", "pass-word")),
    (ApiKeyAuth("key-of-ada", "X-Whatever"), ApiKeyAuth("key-of-tom", "X-Whatever")),
    (ApiKeyAuth("key-of-ada", "k", "query"), ApiKeyAuth("key-of-tom", "k", "query")),
    (("bearer", "token-of-ada"), None),
]


@pytest.mark.parametrize(("ada", "tom"), CREDENTIALS)
def test_answers_to_other_credentials_are_kept_apart(connect: Connect, ada: Any, tom: Any) -> None:
    client = connect(Counting(), cache=HTTPCache())

    assert numbers(client, *({"auth": a} for a in (ada, tom, ada, tom))) == [1, 2, 1, 2]


def test_the_user_says_whose_answers_are_kept_apart(connect: Connect) -> None:
    tenants = HTTPCache(partition=lambda request: request.headers["X-Tenant"])
    client = connect(Counting(), cache=tenants)
    calls = [
        {"auth": ("bearer", f"token-{number}"), "headers": {"X-Tenant": tenant}}
        for number, tenant in enumerate(["acme", "acme", "other"])
    ]

    assert numbers(client, *calls) == [1, 1, 2]


def test_who_says_whose_answers_they_are_gets_each_page(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache(partition=lambda request: "all"))
    pages = [{"params": {"page_token": token}} for token in ("a", "b", "a")]

    assert numbers(client, *pages) == [1, 2, 1]


BOT: sdk.Operation[int] = sdk.Operation("GET", "/bot{token}/me", {"200": lambda: int})


@pytest.mark.parametrize("partition", [None, lambda request: "all"])
def test_a_secret_in_the_path_is_not_stored(
    connect: Connect, tmp_path: Path, partition: Callable[[Request], str] | None
) -> None:
    cache = HTTPCache(DiskCacheStore(tmp_path / "cache.db"), partition=partition)
    client = connect(Counting(), cache=cache)
    secrets = ("canary-1", "canary-2", "canary-1")

    assert [client._call(BOT, path=(secret,)) for secret in secrets] == [1, 2, 1]
    assert b"canary" not in (tmp_path / "cache.db").read_bytes()
    assert cache.invalidate(f"{BASE_URL}/bots/me") == 0
    assert cache.invalidate(f"{BASE_URL}/botcanary-1/me") == 2


CANARIES = {
    "token": "canary-token-1",
    "key": "canary-key-2",
    "cookie": "canary-cookie-3",
    "query": "canary-query-4",
    "set": "canary-set-cookie-5",
}


@pytest.mark.parametrize("repeats", [False, True])
def test_no_secret_is_stored(
    connect: Connect, store: Any, tmp_path: Path, *, repeats: bool
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        said = dict(request.headers.multi_items()) | {"url": str(request.url)} if repeats else {}
        set_cookie = {"Set-Cookie": f"sid={CANARIES['set']}", "Vary": "Authorization, Cookie"}
        return httpx.Response(200, headers={**FRESH, **set_cookie}, json=said)

    client = connect(
        answer,
        cache=HTTPCache(store),
        auth=("bearer", CANARIES["token"]),
        headers={"X-API-Key": CANARIES["key"]},
        cookies={"sid": CANARIES["cookie"]},
    )
    for _ in range(2):
        client.get("/pets", params={"api_key": CANARIES["query"]})

    assert client.cache.stats.hits == (0 if repeats else 1)
    held = contents(store, tmp_path)
    assert [name for name, canary in CANARIES.items() if canary.encode() in held] == []
    assert repeats or b"max-age=60" in held


def contents(store: Any, folder: Path) -> bytes:
    """All bytes that a store holds."""
    match store:
        case MemoryCacheStore():
            return repr(store._kept).encode()
        case RedisCacheStore():
            redis = store._client
            keys = redis.keys(f"{store._prefix}*")
            return b"".join(key + b"".join(redis.hgetall(key).values()) for key in keys)
        case _:
            return b"".join(path.read_bytes() for path in folder.iterdir())


# --- What is forgotten -----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", "a"])
def test_users_forget_by_url_by_pattern_or_all(connect: Connect, store: Any, ending: str) -> None:
    client = connect(Counting(), cache=HTTPCache(store))
    cache = connect.drive(client.cache)
    paths = ["/pets?limit=1", "/pets/7", "/vets", "/pets[1]"]

    def kept() -> list[str]:
        found = []
        for path in paths:
            try:
                client.get(path, cache="only-if-cached")
            except NotCachedError:
                continue
            found.append(path)
        return found

    if ending and not connect.is_async:
        pytest.skip("for async clients")
    for path in paths:
        client.get(path)

    assert getattr(cache, f"{ending}invalidate")(f"{BASE_URL}/pets?limit=1") == 1
    assert kept() == ["/pets/7", "/vets", "/pets[1]"]
    assert getattr(cache, f"{ending}invalidate_matching")(f"{BASE_URL}/pets*") == 2
    assert kept() == ["/vets"]
    assert getattr(cache, f"{ending}clear")() == 1
    assert kept() == []


def test_a_change_makes_what_is_stored_void(connect: Connect, store: Any) -> None:
    client = connect(Counting(), cache=HTTPCache(store))
    client.get("/pets")

    client.post("/pets", json={})

    assert numbers(client, {}) == [3]


def test_keys_of_single_requests_do_not_hide_what_they_change(connect: Connect) -> None:
    client = connect(Counting(), cache=HTTPCache(), idempotency_keys=True, auth=("bearer", "t-123"))
    client.get("/pets")

    client.post("/pets", json={}, headers={"X-CSRF-Token": "c-123"})

    assert numbers(client, {}) == [3]


@pytest.mark.parametrize("told", ["http://[", "//:x", "\\", "https://other.example/", "?", ""])
def test_an_odd_place_of_what_was_made_is_no_matter(connect: Connect, told: str) -> None:
    client = connect(Counting({"Location": told, **FRESH}), cache=HTTPCache())

    assert client.post("/pets").status_code == 200


def test_large_answers_are_not_stored(connect: Connect) -> None:
    server = Server(httpx.Response(200, headers=FRESH, content=b"x" * 101))
    client = connect(server, cache=HTTPCache(max_entry_bytes=100))

    client.get("/pets")

    assert client.cache.stats == CacheStats(misses=1)


def test_memory_gives_up_what_was_not_used_for_longest() -> None:
    store = MemoryCacheStore(max_bytes=30)
    for key in "abc":
        store.save(key, b"0123456789", key, 60)
    store.load("a")

    store.save("d", b"0123456789", "d", 60)

    assert [key for key in "abcd" if store.load(key)] == ["a", "c", "d"]


def test_a_file_gives_up_what_was_not_used_for_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DiskCacheStore(tmp_path / "cache.db", max_bytes=100_000)
    for number in range(20):
        monkeypatch.setattr(time, "time", lambda number=number: 1000.0 + number)
        store.save(str(number), b"x" * 10_000, "", 3600)

    kept = [number for number in range(20) if store.load(str(number))]

    assert (tmp_path / "cache.db").stat().st_size < 120_000
    assert kept == list(range(20 - len(kept), 20))
    assert len(kept) > 4


@pytest.mark.parametrize("name", ["memory", "disk"])
def test_what_is_kept_long_enough_is_forgotten(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = store_in(name, tmp_path, request)
    store.save("a", b"1", "", -1)

    assert store.load("a") is None


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = DiskCacheStore(tmp_path / "cache.db")
    store.save("a", b"1", "", 60)

    assert stat.S_IMODE((tmp_path / "cache.db").stat().st_mode) == 0o600
    assert DiskCacheStore(tmp_path / "cache.db").load("a") == b"1"


# --- Stores that fail ------------------------------------------------------------------------


class Broken(MemoryCacheStore):
    """A store whose server is gone."""

    blocks = True

    def load(self, key: str) -> bytes | None:
        raise OSError(f"cannot read {key}")

    def save(self, key: str, value: bytes, label: str, seconds: float) -> None:
        raise OSError("cannot write")

    def remove_where(self, matches: Callable[[str], bool]) -> int:
        raise OSError("cannot write")


def test_a_broken_store_is_a_warning_and_a_miss(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(Counting(), cache=HTTPCache(Broken()))

    with caplog.at_level(logging.WARNING, "clientgen_runtime"):
        assert numbers(client, {}, {}) == [1, 2]

    assert [record.getMessage() for record in caplog.records] == [
        "the store of the cache failed, so answers come from the server: OSError"
    ]
    assert client.cache.stats.errors == 1


def test_a_store_is_asked_again_when_it_has_rested(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientgen_runtime._cache.cache._REST", 0)
    client = connect(Counting(), cache=HTTPCache(Broken()))

    numbers(client, {})

    assert client.cache.stats.errors == 2


def test_what_could_not_be_forgotten_is_told() -> None:
    with pytest.raises(ClientError, match="the store of the cache failed: OSError"):
        HTTPCache(Broken()).clear()


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]\n", b"\xff\xfe", b'{"format": 99}\nx'])
def test_a_damaged_entry_is_a_miss(connect: Connect, damage: bytes) -> None:
    store = MemoryCacheStore()
    client = connect(Counting(), cache=HTTPCache(store))
    numbers(client, {})
    [key] = store._kept
    store.save(key, damage, "", 60)

    assert numbers(client, {}, {}) == [2, 2]


def test_a_damaged_file_is_a_miss(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"this is no database, whatever its name says" * 100)
    client = connect(Counting(), cache=HTTPCache(DiskCacheStore(tmp_path / "cache.db")))

    assert numbers(client, {}, {}) == [1, 2]


# --- Calls for the same ----------------------------------------------------------------------


class Slow(Counting):
    """Answers when it is told to."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        super().__init__(headers)
        self.go = Event()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = super().__call__(request)
        self.go.wait(5)
        return response

    async def later(self, request: httpx.Request) -> httpx.Response:
        response = super().__call__(request) if self.go.is_set() else None
        if response is None:
            self.requests.append(request)
            await asyncio.sleep(0.01)
            response = httpx.Response(200, headers=self.headers, json=len(self.requests))
        return response


def test_threads_that_ask_for_the_same_wait_for_one_answer() -> None:
    server = Slow()
    cache = HTTPCache()
    with (
        Client(BASE_URL, transport=httpx.MockTransport(server), cache=cache) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        calls = [threads.submit(lambda: client.get("/pets").json()) for _ in range(8)]
        assert reaches(lambda: cache.stats.collapsed, 7)
        server.go.set()

        assert [call.result() for call in calls] == [1] * 8


async def at_once(server: Slow, count: int, cache: HTTPCache, rounds: int = 1) -> list[Any]:
    transport = httpx.MockTransport(server.later)
    async with AsyncClient(BASE_URL, transport=transport, cache=cache, retry=None) as client:
        found = []
        for _ in range(rounds):
            calls = [client.get("/pets") for _ in range(count)]
            found = await asyncio.gather(*calls, return_exceptions=True)
        return found


def test_tasks_that_ask_for_the_same_wait_for_one_answer() -> None:
    cache = HTTPCache()

    answers = asyncio.run(at_once(Slow(), 20, cache))

    assert [answer.json() for answer in answers] == [1] * 20
    assert cache.stats == CacheStats(hits=19, misses=1, stored=1, collapsed=19)


def test_where_answers_cannot_be_stored_nobody_waits_a_second_time() -> None:
    cache = HTTPCache()
    server = Slow({"Cache-Control": "no-store"})

    asyncio.run(at_once(server, 5, cache, rounds=2))

    assert (cache.stats.collapsed, len(server.requests)) == (4, 10)


def test_when_the_one_call_fails_the_others_ask_for_themselves() -> None:
    class Failing(Slow):
        async def later(self, request: httpx.Request) -> httpx.Response:
            response = await super().later(request)
            if response.json() == 1:
                raise httpx.ConnectError("refused")
            return response

    answers = asyncio.run(at_once(Failing(), 5, HTTPCache()))

    assert sorted(isinstance(answer, ClientError) for answer in answers) == [False] * 4 + [True]


def test_a_call_that_is_cancelled_lets_the_others_go_on() -> None:
    async def main() -> int:
        server = Slow()
        transport = httpx.MockTransport(server.later)
        async with AsyncClient(BASE_URL, transport=transport, cache=HTTPCache()) as client:
            first = asyncio.create_task(client.get("/pets"))
            second = asyncio.create_task(client.get("/pets"))
            await asyncio.sleep(0.001)
            first.cancel()
            return (await asyncio.wait_for(second, 2)).status_code

    assert asyncio.run(main()) == 200


def test_of_those_who_wait_for_a_call_that_is_cancelled_one_takes_over() -> None:
    async def main(server: Slow) -> list[int]:
        transport = httpx.MockTransport(server.later)
        async with AsyncClient(BASE_URL, transport=transport, cache=HTTPCache()) as client:
            first, *others = [asyncio.create_task(client.get("/pets")) for _ in range(10)]
            await asyncio.sleep(0.001)
            first.cancel()
            return [(await other).json() for other in others]

    server = Slow()
    assert asyncio.run(main(server)) == [2] * 9
    assert len(server.requests) == 2


def test_where_no_thread_can_begin_a_later_call_renews(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoThread:
        def __init__(self, **_: object) -> None:
            pass

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    transport = httpx.MockTransport(Counting(MEANWHILE))
    with Client(BASE_URL, transport=transport, cache=HTTPCache()) as client:
        with monkeypatch.context() as patched:
            patched.setattr("clientgen_runtime._cache.waits.Thread", NoThread)
            assert numbers(client, {}, {}) == [1, 1]

        assert reaches(lambda: client.get("/pets").json(), 2)


# --- Whatever servers say ----------------------------------------------------------------------

VALUES = st.one_of(
    st.sampled_from(
        [
            *("max-age=60", "max-age=", 'max-age="', "max-age=1e400", "no-cache=", 'private="a,b"'),
            *("stale-if-error", "stale-while-revalidate=x", "max-age=99999999999999999999", "*"),
            *("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "0", "-1", ","),
            *("Mon, 99 Xyz 2024 99:99:99 GMT", "Thu, 18 Aug 50 2:1:8 +9959", '"a"', 'W/"a"', ""),
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20).map(str.strip),
)
NAMES = ["Cache-Control", "Date", "Expires", "Age", "ETag", "Last-Modified", "Vary", "Connection"]
ANY_FIELDS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5)


@given(st.lists(ANY_FIELDS, min_size=2, max_size=3), VALUES, st.sampled_from([200, 304, 404, 503]))
@settings(max_examples=40, deadline=None)
def test_no_header_makes_a_call_fail(
    answers: list[dict[str, str]], asked: str, status: int
) -> None:
    statuses = [200, status, 200, status]

    def answer(request: httpx.Request) -> httpx.Response:
        headers = answers[len(seen) % len(answers)]
        seen.append(request)
        return httpx.Response(statuses[len(seen) % 4], headers=headers, content=b"body")

    seen: list[httpx.Request] = []
    cache = HTTPCache(stale_if_error=60)
    transport = httpx.MockTransport(answer)
    with Client(BASE_URL, transport=transport, cache=cache, raise_for_status=False) as client:
        for _ in range(4):
            with suppress(NotCachedError):
                headers = {"Cache-Control": asked}
                client.get("/pets", headers=headers, retry=None, follow_redirects=False)
