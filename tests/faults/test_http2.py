"""HTTP/2: many streams on one connection, and what the trouble of one does to the others."""

from __future__ import annotations

import asyncio
import gc
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    AsyncClient,
    Client,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    ConnectTimeoutError,
    PoolLimits,
    PoolTimeoutError,
    ReadTimeoutError,
    RetryConfig,
    ServerError,
    TimeoutConfig,
    TLSError,
    TotalTimeoutError,
    TruncatedResponseError,
)
from clientgen_runtime.sdk import Operation
from tests.faults.server import FaultServer, slack
from tests.faults.test_cancellation import interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.http2 import Answer, Exchange, HTTP2Server
    from tests.faults.server import Exchange as FaultExchange
    from tests.runtime.driving import Connect

trustme = pytest.importorskip("trustme")
pytest.importorskip("h2")


async def soon(exchange: Exchange) -> None:
    await asyncio.sleep(0.1)
    exchange.respond(exchange.path.encode() + exchange.body)


async def now(exchange: Exchange) -> None:
    exchange.respond()


async def drip(exchange: Exchange) -> None:
    exchange.begin()
    for _ in range(100):
        exchange.send(b"x")
        await asyncio.sleep(0.05)


async def busy_once(exchange: Exchange) -> None:
    exchange.respond(status=200 if has_failed(exchange) else 503)


async def reset_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.reset()


async def refuse_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.refuse()


async def hang_up_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.hang_up()


async def large(exchange: Exchange) -> None:
    exchange.begin()
    await exchange.send_all(bytes(LARGE))


async def count(exchange: Exchange) -> None:
    exchange.respond(str(len(exchange.body)).encode())


async def refuse(exchange: Exchange) -> None:
    exchange.respond(b"too much", 413)


async def go_away(exchange: Exchange) -> None:
    exchange.begin()
    exchange.go_away()
    await asyncio.sleep(0.05)
    exchange.send(b"the last one", end=True)


async def say_goodbye(exchange: Exchange) -> None:
    exchange.respond()
    await asyncio.sleep(0.01)
    exchange.hang_up()


async def ping_and_hang_up(exchange: Exchange) -> None:
    exchange.respond()
    await asyncio.sleep(0.01)
    exchange.ping()
    await asyncio.sleep(0.01)
    exchange.hang_up()


async def allow_three(exchange: Exchange) -> None:
    exchange.allow(3)
    exchange.respond()


async def no_status(exchange: Exchange) -> None:
    exchange.begin("soon")


async def break_off_once(exchange: Exchange) -> None:
    if has_failed(exchange):
        exchange.respond()
    else:
        exchange.break_off()


async def cut(exchange: Exchange) -> None:
    exchange.begin()
    exchange.send(b"hello")
    exchange.reset()


LARGE = 2_000_000
FAILED: set[str] = set()


def has_failed(exchange: Exchange) -> bool:
    known = exchange.path in FAILED
    FAILED.add(exchange.path)
    return known


ANSWERS: dict[str, Answer] = {
    "/": now,
    "/soon": soon,
    "/drip": drip,
    "/busy-once": busy_once,
    "/reset-once": reset_once,
    "/hang-up-once": hang_up_once,
    "/refuse-once": refuse_once,
    "/break-off-once": break_off_once,
    "/cut": cut,
    "/large": large,
    "/count": count,
    "/refuse": refuse,
    "/go-away": go_away,
    "/goodbye": say_goodbye,
    "/no-status": no_status,
    "/allow-three": allow_three,
    "/ping": ping_and_hang_up,
}


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server_context(authority: Any, *protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_alpn_protocols(protocols)
    return context


@pytest.fixture
def server(authority: Any) -> Iterator[HTTP2Server]:
    from tests.faults.http2 import HTTP2Server

    FAILED.clear()
    started = HTTP2Server(ANSWERS, server_context(authority, "h2"))
    yield started
    started.close()


def test_a_server_that_speaks_it_is_spoken_to(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    response = client.post("/soon", json={"a": 1})

    assert response.http_version == "HTTP/2"
    assert response.content == b'/soon{"a":1}'


def test_a_server_that_does_not_is_spoken_to_as_before(
    connect: Connect, authority: Any, bundle: Path
) -> None:
    old = FaultServer({}, server_context(authority, "http/1.1"))

    response = connect(None, old.url, http2=True, verify_ssl=bundle).get("/")

    assert (response.http_version, response.content) == ("HTTP/1.1", b"ok")
    old.close()


def test_it_is_not_offered_unless_wanted(authority: Any, bundle: Path, connect: Connect) -> None:
    both = FaultServer({}, server_context(authority, "h2", "http/1.1"))

    assert connect(None, both.url, verify_ssl=bundle).get("/").http_version == "HTTP/1.1"
    both.close()


def test_tasks_share_one_connection(server: HTTP2Server, bundle: Path) -> None:
    async def main() -> set[bytes]:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle) as client:
            answers = await asyncio.gather(*(client.get("/soon") for _ in range(150)))
            return {answer.content for answer in answers}

    assert asyncio.run(main()) == {b"/soon"}
    assert (len(server.seen), server.connections) == (150, 1)
    assert server.most_busy >= 100


def test_threads_share_one_connection(server: HTTP2Server, bundle: Path) -> None:
    answers: list[bytes] = []
    with Client(server.url, http2=True, verify_ssl=bundle) as client:
        client.get("/")
        threads = [
            threading.Thread(target=lambda: answers.append(client.get("/soon").content))
            for _ in range(110)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert answers == [b"/soon"] * 110
    assert server.connections == 1


@pytest.mark.parametrize("path", ["/busy-once", "/reset-once", "/hang-up-once", "/break-off-once"])
def test_what_fails_is_tried_again(
    connect: Connect, server: HTTP2Server, bundle: Path, path: str
) -> None:
    retry = RetryConfig(2, backoff_factor=0)
    client = connect(None, server.url, http2=True, verify_ssl=bundle, retry=retry)

    assert client.get(path).content == b"ok"
    assert [exchange.path for exchange in server.seen] == [path, path]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/busy-once", ServerError),
        ("/reset-once", ConnectionError),
        ("/hang-up-once", ConnectionError),
        ("/break-off-once", ConnectionError),
        ("/no-status", ConnectionError),
        ("/cut", TruncatedResponseError),
    ],
)
def test_errors_are_those_of_any_protocol(
    connect: Connect, server: HTTP2Server, bundle: Path, path: str, error: type[Exception]
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with pytest.raises(error) as caught:
        client.post(path)
    assert type(caught.value) is error
    assert client.get("/").content == b"ok"


def test_the_total_timeout_is_kept(connect: Connect, server: HTTP2Server, bundle: Path) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    client.get("/")
    started = time.monotonic()

    with pytest.raises(TotalTimeoutError):
        client.get("/drip", timeout=TimeoutConfig(total=0.3))
    assert 0.25 <= time.monotonic() - started <= 0.35 + slack()
    assert client.get("/").content == b"ok"


def test_events_arrive_while_the_stream_is_open(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with client.stream("GET", "/drip") as response:
        name = "aiter_bytes" if connect.is_async else "iter_bytes"
        pieces = iter(getattr(response, name)())
        assert [next(pieces) for _ in range(3)] == [b"x"] * 3
        pieces.close()
    assert client.get("/").content == b"ok"


def test_cancelled_streams_cost_the_others_nothing(server: HTTP2Server, bundle: Path) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            await client.get("/")
            for delay in (0.0, 0.01, 0.05):
                doomed = [asyncio.create_task(client.get("/soon")) for _ in range(60)]
                others = [asyncio.create_task(client.get("/soon")) for _ in range(60)]
                await asyncio.sleep(delay)
                for task in doomed:
                    task.cancel()
                await asyncio.gather(*doomed, return_exceptions=True)
                assert {each.content for each in await asyncio.gather(*others)} == {b"/soon"}
            answers = await asyncio.gather(*(client.get("/soon") for _ in range(120)))
            assert {answer.content for answer in answers} == {b"/soon"}

    asyncio.run(main())


def test_the_timeout_of_one_stream_is_not_that_of_others(server: HTTP2Server, bundle: Path) -> None:
    async def main() -> bytes:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            await client.get("/")
            impatient = client.get("/soon", timeout=TimeoutConfig(total=0.05))
            patient = client.post("/soon")
            outcome, answer = await asyncio.gather(impatient, patient, return_exceptions=True)
            assert type(outcome) is TotalTimeoutError
            assert not isinstance(answer, BaseException)
            return answer.content

    assert asyncio.run(main()) == b"/soon"


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_who_waits_while_another_reads_keeps_its_limit(
    server: HTTP2Server, bundle: Path, is_async: bool
) -> None:
    def in_threads() -> None:
        with Client(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            client.get("/")
            other = threading.Thread(target=read, args=[client])
            other.start()
            time.sleep(0.05)
            with pytest.raises(ReadTimeoutError):
                client.get("/soon", timeout=TimeoutConfig(read=0.02))
            other.join()

    def read(client: Client) -> None:
        with suppress(TotalTimeoutError):
            client.get("/drip", timeout=TimeoutConfig(total=0.3))

    async def in_tasks() -> None:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            await client.get("/")
            other = asyncio.create_task(client.get("/drip"))
            await asyncio.sleep(0.05)
            with pytest.raises(ReadTimeoutError):
                await client.get("/soon", timeout=TimeoutConfig(read=0.02))
            other.cancel()
            await asyncio.wait([other])

    asyncio.run(in_tasks()) if is_async else in_threads()


def test_a_wait_longer_than_sockets_know_is_one_without_end(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    endless = float("inf")
    timeout = TimeoutConfig(endless, endless, endless, endless, endless)

    client = connect(None, server.url, http2=True, verify_ssl=bundle, timeout=timeout)

    assert client.get("/soon").content == b"/soon"


def test_an_answer_that_nobody_reads_leaves_room_for_others(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    for _ in range(20):
        with client.stream("GET", "/large"):
            pass

    assert len(client.get("/large").content) == LARGE
    assert server.connections == 1
    assert server.resets == 20


@pytest.mark.parametrize("kind", ["bytes", "iterator"])
def test_uploads_wait_for_room(
    connect: Connect, server: HTTP2Server, bundle: Path, kind: str
) -> None:
    content = bytes(LARGE) if kind == "bytes" else (bytes(100_000) for _ in range(LARGE // 100_000))

    response = connect(None, server.url, http2=True, verify_ssl=bundle).put(
        "/count", content=content
    )

    assert response.content == str(LARGE).encode()


def test_an_answer_during_the_upload_is_reported(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle, raise_for_status=False)

    response = client.post("/refuse", content=bytes(LARGE), headers={"X-Eager": "1"})

    assert (response.status_code, response.content) == (413, b"too much")
    assert client.get("/").content == b"ok"


def test_a_server_that_goes_away_answers_what_it_has_begun(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    assert client.post("/go-away").content == b"the last one"
    assert client.post("/").content == b"ok"
    assert server.connections == 2


def test_a_connection_that_the_server_closed_is_not_used_again(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    for _ in range(3):
        client.post("/goodbye")
        time.sleep(0.05)
        client.get("/soon")  # lets the loop of the client see the end

    assert server.connections >= 3


def test_idle_connections_end_with_their_time(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    limits = PoolLimits(keepalive_expiry=0.01)
    client = connect(None, server.url, http2=True, verify_ssl=bundle, limits=limits)
    for _ in range(3):
        client.get("/")
        time.sleep(0.03)

    assert server.connections == 3


def test_no_more_streams_are_opened_than_the_server_allows(authority: Any, bundle: Path) -> None:
    from tests.faults.http2 import HTTP2Server

    server = HTTP2Server(ANSWERS, server_context(authority, "h2"), most_streams=5)

    async def main() -> None:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            await asyncio.gather(*(client.post("/soon") for _ in range(20)))
            blockers = [asyncio.create_task(client.get("/drip")) for _ in range(5)]
            await asyncio.sleep(0.1)
            with pytest.raises(PoolTimeoutError):
                await client.get("/", timeout=TimeoutConfig(pool=0.1))
            for blocker in blockers:
                blocker.cancel()
            await asyncio.gather(*blockers, return_exceptions=True)
            assert (await client.get("/")).content == b"ok"

    asyncio.run(main())
    assert (server.most_busy, server.connections) == (5, 1)
    server.close()


@pytest.mark.parametrize("streams", [1, 250])
def test_a_server_may_change_how_many_streams_it_allows(
    authority: Any, bundle: Path, streams: int
) -> None:
    from tests.faults.http2 import HTTP2Server

    server = HTTP2Server(ANSWERS, server_context(authority, "h2"), most_streams=streams)

    async def main() -> set[bytes]:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
            first = asyncio.gather(*(client.get("/soon") for _ in range(9)))
            await client.get("/allow-three")
            answers = await asyncio.gather(*(client.get("/soon") for _ in range(9)))
            server.most_busy = 0
            answers += await asyncio.gather(*(client.get("/soon") for _ in range(9)))
            return {answer.content for answer in [*answers, *await first]}

    assert asyncio.run(main()) == {b"/soon"}
    assert (server.most_busy, server.connections) == (3, 1)
    server.close()


def test_fields_of_http1_are_not_sent(connect: Connect, server: HTTP2Server, bundle: Path) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    response = client.get("/", headers={"Connection": "keep-alive", "Keep-Alive": "timeout=5"})

    assert response.content == b"ok"


def test_it_works_under_trio(server: HTTP2Server, bundle: Path) -> None:
    anyio = pytest.importorskip("anyio")
    pytest.importorskip("trio")
    statuses: list[int] = []

    async def call(client: AsyncClient) -> None:
        statuses.append((await client.get("/soon")).status_code)

    async def main() -> None:
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle) as client:
            await client.get("/")
            for _ in range(5):
                with anyio.move_on_after(0.02):
                    await client.get("/soon")
            async with anyio.create_task_group() as group:
                for _ in range(30):
                    group.start_soon(call, client)

    anyio.run(main, backend="trio")
    assert statuses == [200] * 30
    assert server.connections == 1


def test_a_task_that_is_cancelled_anywhere_costs_nothing(server: HTTP2Server, bundle: Path) -> None:
    async def stream(client: AsyncClient) -> None:
        async with client.stream("PUT", "/count", content=bytes(100_000)) as response:
            async for _ in response.aiter_bytes():
                pass

    async def main() -> int:
        steps = 0
        async with AsyncClient(server.url, http2=True, verify_ssl=bundle, timeout=5) as client:
            while await interrupted(stream(client), steps):
                assert (await client.get("/", retry=None)).content == b"ok"
                steps += 1
        return steps

    assert asyncio.run(main()) >= 3
    assert server.connections <= 10


def test_a_dropped_stream_is_told_and_costs_no_place(server: HTTP2Server, bundle: Path) -> None:
    operation: Operation[object] = Operation("GET", "/drip", {"200": {"text/event-stream": None}})

    def drop(client: Client) -> None:
        client._stream(operation)
        gc.collect()

    with Client(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
        with pytest.warns(ResourceWarning, match="dropped"):
            drop(client)

        assert client.get("/").content == b"ok"
        assert sum(t._pool.busy for t in client._transport._opened.values()) == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", [b"", b"body"])
def test_a_request_that_was_refused_unseen_is_sent_again(
    connect: Connect, server: HTTP2Server, bundle: Path, content: bytes
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    assert client.post("/refuse-once", content=content).content == b"ok"
    assert [exchange.body for exchange in server.seen] == [content] * 2


def test_a_stream_that_was_refused_unseen_cannot_be_sent_again(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with pytest.raises(ConnectionError, match="refused"):
        client.post("/refuse-once", content=iter([b"once"]))


# Sockets of loops that have ended are dropped, and asyncio warns of that.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_new_event_loop_gets_a_connection_of_its_own(server: HTTP2Server, bundle: Path) -> None:
    client = AsyncClient(server.url, http2=True, verify_ssl=bundle)

    async def call() -> bytes:
        return (await client.get("/")).content

    assert [asyncio.run(call()) for _ in range(2)] == [b"ok", b"ok"]
    asyncio.run(client.close())
    gc.collect()
    assert server.connections == 2


PING = b"\0\0\x08\x06\0\0\0\0\0are you?"


@pytest.mark.parametrize("said", [b"", PING], ids=["nothing", "pings"])
def test_a_server_that_offers_it_and_does_not_greet(
    connect: Connect, authority: Any, bundle: Path, said: bytes
) -> None:
    def chat(exchange: FaultExchange) -> None:
        for _ in range(10):
            time.sleep(0.1)
            exchange.send(said)

    # The first bytes of a client look like a request for `*`.
    mute = FaultServer({"*": chat}, server_context(authority, "h2"))
    timeout = TimeoutConfig(connect=0.3)
    client = connect(None, mute.url, http2=True, verify_ssl=bundle, timeout=timeout)
    started = time.monotonic()

    with pytest.raises(ConnectTimeoutError):
        client.get("/")
    assert time.monotonic() - started <= 0.3 + slack()
    mute.close()


def test_closing_a_client_ends_its_streams(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    with client.stream("GET", "/drip") as response:
        client.close()
        name = "aiter_bytes" if connect.is_async else "iter_bytes"
        with pytest.raises(TruncatedResponseError):
            list(getattr(response, name)())


def test_a_response_that_was_closed_is_not_waited_for(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    with client.stream("GET", "/drip") as response:
        pieces = iter(getattr(response, "aiter_raw" if connect.is_async else "iter_raw")())
        next(pieces)
        response.aclose() if connect.is_async else response.close()

        with pytest.raises(TruncatedResponseError, match="closed"):
            next(pieces)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_client_that_is_dropped_leaves_the_loop_no_connection(
    server: HTTP2Server, bundle: Path
) -> None:
    async def main() -> int:
        client = AsyncClient(server.url, http2=True, verify_ssl=bundle)
        await client.get("/")
        del client
        gc.collect()
        await asyncio.sleep(0.1)
        return len(server.open)

    assert asyncio.run(main()) == 0


@pytest.mark.parametrize("idle", [time.sleep, asyncio.sleep])
def test_an_end_behind_other_frames_is_noticed(
    connect: Connect, server: HTTP2Server, bundle: Path, idle: Any
) -> None:
    client = connect(None, server.url, http2=True, verify_ssl=bundle)
    client.post("/ping")
    if connect.is_async and idle is asyncio.sleep:
        connect.drive(asyncio).sleep(0.1)
    else:
        time.sleep(0.1)

    assert client.post("/").content == b"ok"
    assert server.connections == 2


def test_a_file_that_grows_is_told_as_such(
    connect: Connect, server: HTTP2Server, bundle: Path
) -> None:
    from tests.faults.test_uploads import GrowingFile

    client = connect(None, server.url, http2=True, verify_ssl=bundle)

    with pytest.raises(ConfigurationError, match="longer than the length"):
        client.put("/count", content=GrowingFile(bytes(100)))
    assert client.get("/").content == b"ok"


def test_clients_that_share_a_context_offer_each_its_own(
    connect: Connect, server: HTTP2Server, authority: Any, bundle: Path
) -> None:
    old = FaultServer({}, server_context(authority, "http/1.1"))
    context = ssl.create_default_context(cafile=str(bundle))
    new = connect(None, server.url, http2=True, verify_ssl=context)
    new.get(old.url)

    assert connect(None, old.url, verify_ssl=context).get("/").http_version == "HTTP/1.1"
    assert new.get("/").http_version == "HTTP/2"
    old.close()


def test_a_proxy_tunnels_it(connect: Connect, server: HTTP2Server, bundle: Path) -> None:
    from tests.faults.test_tls_and_proxies import Proxy

    proxy = Proxy()
    client = connect(
        None, server.url, http2=True, verify_ssl=bundle, proxy=f"http://127.0.0.1:{proxy.port}"
    )

    assert client.get("/").http_version == "HTTP/2"
    assert [exchange.method for exchange in proxy.seen] == ["CONNECT"]
    client.close()
    proxy.close()


@pytest.mark.parametrize("http2", [True, False])
def test_a_call_may_say_what_the_server_is_called(
    connect: Connect, authority: Any, bundle: Path, http2: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pets.example").configure_cert(context)
    server = FaultServer({}, context)
    client = connect(None, server.url, http2=http2, verify_ssl=bundle)

    response = client.get("/", extensions={"sni_hostname": "pets.example"})

    assert response.content == b"ok"
    # The connection that was verified for that name is not for those who say none.
    with pytest.raises(TLSError):
        client.get("/")
    server.close()


def test_threads_wait_their_turn_and_then_fail(authority: Any, bundle: Path) -> None:
    from tests.faults.http2 import HTTP2Server

    server = HTTP2Server(ANSWERS, server_context(authority, "h2"), most_streams=1)
    answers: list[bytes] = []
    with Client(server.url, http2=True, verify_ssl=bundle, retry=None) as client:
        threads = [
            threading.Thread(target=lambda: answers.append(client.get("/soon").content))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        with client.stream("GET", "/drip"), pytest.raises(PoolTimeoutError):
            client.get("/", timeout=TimeoutConfig(pool=0.1))
        assert client.get("/").content == b"ok"

    assert answers == [b"/soon"] * 4
    assert (server.most_busy, server.connections) == (1, 1)
    server.close()
