"""Connections that are refused, stale, cancelled, abandoned or shared."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import random
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    AsyncClient,
    Client,
    ConnectionError,  # noqa: A004
    ConnectTimeoutError,
    PoolLimits,
    PoolTimeoutError,
    TimeoutConfig,
    TotalTimeoutError,
    TruncatedResponseError,
    WriteTimeoutError,
)
from clientgen_runtime.sdk import Operation
from tests.faults.server import Exchange, FaultServer, slack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect


def answer_and_hang_up(exchange: Exchange) -> None:
    exchange.respond()
    # Without `Connection: close`, as servers do whose keep-alive runs out.
    exchange.close()


def slowly(exchange: Exchange) -> None:
    time.sleep(0.02)
    exchange.respond()


def never(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
    time.sleep(5)


def refuse_upload(exchange: Exchange) -> None:
    exchange.respond(b"too much", "413 Content Too Large", {"Connection": "close"})
    exchange.sock.shutdown(socket.SHUT_WR)
    time.sleep(0.2)


def begin(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    time.sleep(0.05)
    exchange.close()


def two_answers(exchange: Exchange) -> None:
    exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    )


def head(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")


def no_content(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")


def refuse_and_read(exchange: Exchange) -> None:
    exchange.respond(b"too much", "413 Content Too Large")
    with suppress(OSError):
        while exchange.sock.recv(65536):
            pass


def hint(exchange: Exchange) -> None:
    """Take all of the body, which the server has left on the socket, and send hints meanwhile."""
    wanted = int(exchange.headers["content-length"])
    exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
    taken = len(exchange.rest)
    while taken < wanted:
        taken += len(exchange.sock.recv(65536))
    exchange.respond(str(taken).encode())


def echo(exchange: Exchange) -> None:
    """Send back what comes, from the first byte on."""
    wanted = int(exchange.headers["content-length"])
    exchange.send(f"HTTP/1.1 200 OK\r\nContent-Length: {wanted}\r\n\r\n".encode())
    data = exchange.rest
    while wanted > 0:
        exchange.send(data)
        wanted -= len(data)
        data = exchange.sock.recv(65536) if wanted else b""


def end_when_asked(exchange: Exchange) -> None:
    exchange.respond()
    if exchange.headers.get("connection") == "close":
        time.sleep(0.01)
        exchange.close()


def say_done(exchange: Exchange) -> None:
    """End a stream of events, and its body some time later, as servers do."""
    events = b"data: 1\n\ndata: [DONE]\n\n"
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.send(b"%x\r\n%b\r\n" % (len(events), events))
    time.sleep(0.01)
    exchange.send(b"0\r\n\r\n")


def say_done_and_stay(exchange: Exchange) -> None:
    events = b"data: 1\n\ndata: [DONE]\n\n"
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + events)
    exchange.drip(bytes(100), 0.02)


def ignore_upload(exchange: Exchange) -> None:
    time.sleep(1.5)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer(
        {
            "/hang-up": answer_and_hang_up,
            "/slow": slowly,
            "/never": never,
            "/refuse": refuse_upload,
            "/refuse-and-read": refuse_and_read,
            "/hint": hint,
            "/begin": begin,
            "/two-answers": two_answers,
            "/head": head,
            "/no-content": no_content,
            "/ignore": ignore_upload,
            "/echo": echo,
            "/done": say_done,
            "/done-and-stay": say_done_and_stay,
            "/end": end_when_asked,
        }
    )
    yield started
    started.close()


def busy(client: Any) -> int:
    return sum(transport._pool.busy for transport in client._transport._opened.values())


def test_a_refused_connection(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(ConnectionError, match="no connection") as caught:
        connect(None, f"http://127.0.0.1:{port}").get("/")
    assert type(caught.value) is ConnectionError


def test_a_name_that_does_not_resolve(connect: Connect) -> None:
    with pytest.raises(ConnectionError):
        connect(None, "http://no-such-host.invalid").get("/")


@pytest.mark.parametrize(
    ("timeout", "error"),
    [
        (TimeoutConfig(connect=0.3), ConnectTimeoutError),
        (TimeoutConfig(total=0.3), TotalTimeoutError),
        (TimeoutConfig(connect=None, total=0.3), TotalTimeoutError),
    ],
)
@pytest.mark.parametrize("addresses", [1, 3])
def test_a_black_hole(
    connect: Connect,
    timeout: TimeoutConfig,
    error: type[Exception],
    addresses: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with black_hole() as port:
        name_host(monkeypatch, [("127.0.0.1", port)] * addresses)
        started = time.monotonic()

        with pytest.raises(error) as caught:
            connect(None, "http://many.example", timeout=timeout).get("/")

        assert type(caught.value) is error
        assert 0.25 <= time.monotonic() - started <= 0.3 + slack()


def test_a_name_that_resolves_late(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    known: Any = socket.getaddrinfo

    def found(*args: Any, **options: Any) -> Any:
        time.sleep(0.1)
        return known(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)

    with pytest.raises(ConnectTimeoutError):
        connect(None, "http://localhost:9", timeout=TimeoutConfig(connect=0.05)).get("/")


def test_a_host_with_an_address_that_does_not_answer(
    connect: Connect, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with black_hole() as port:
        name_host(monkeypatch, [("127.0.0.1", port), ("127.0.0.1", server.port)])
        client = connect(None, "http://many.example", timeout=TimeoutConfig(connect=1))

        assert client.get("/").content == b"ok"


@contextmanager
def black_hole() -> Iterator[int]:
    """A port with a full backlog, which takes no further connection and refuses none."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port


def name_host(monkeypatch: pytest.MonkeyPatch, addresses: list[tuple[str, int]]) -> None:
    """Let `many.example` have these addresses."""
    known: Any = socket.getaddrinfo

    def found(host: Any, *args: Any, **options: Any) -> Any:
        if host != "many.example":
            return known(host, *args, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_the_time_to_connect_is_one_for_all_of_it(connect: Connect) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tls,
        socket.create_server(("127.0.0.1", 0)) as proxy,
    ):
        threading.Thread(target=_tunnel_late, args=[proxy], daemon=True).start()
        client = connect(
            None,
            f"https://127.0.0.1:{tls.getsockname()[1]}",
            proxy=f"http://127.0.0.1:{proxy.getsockname()[1]}",
            timeout=TimeoutConfig(connect=0.4),
        )
        started = time.monotonic()

        with pytest.raises(ConnectTimeoutError):
            client.get("/")

        assert 0.35 <= time.monotonic() - started <= 0.4 + slack()


def _tunnel_late(proxy: socket.socket) -> None:
    sock, _ = proxy.accept()
    with sock, suppress(OSError):
        sock.recv(65536)
        time.sleep(0.3)
        # What it leads to says nothing.
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sock.recv(65536):
            pass


@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_a_connection_that_the_server_closed(
    connect: Connect, server: FaultServer, pause: float
) -> None:
    client = connect(None, server.url)
    for _ in range(5):
        assert client.get("/hang-up").content == b"ok"
        time.sleep(pause)

    assert len(server.seen) == 5
    assert busy(client) == 0


def test_a_post_on_a_dying_connection_is_not_repeated(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url)
    for _ in range(10):
        with suppress(ConnectionError):
            client.post("/hang-up", json={})

    assert len(server.seen) <= 10
    assert busy(client) == 0


def test_connections_are_used_again(connect: Connect, server: FaultServer) -> None:
    client = connect(None, server.url)
    for _ in range(5):
        client.get("/")

    assert server.connections == 1


def test_an_answer_that_has_begun_is_not_asked_for_again(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url)
    client.get("/")

    with pytest.raises(ConnectionError):
        client.get("/begin")
    assert [exchange.target for exchange in server.seen] == ["/", "/begin"]
    assert busy(client) == 0


def test_an_answer_that_nobody_asked_for_is_not_taken(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url)

    assert client.get("/two-answers").content == b"first"
    assert client.get("/").content == b"ok"
    assert server.connections == 2


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/head"), ("GET", "/no-content")])
def test_a_connection_without_a_body_is_used_again(
    connect: Connect, server: FaultServer, method: str, path: str
) -> None:
    client = connect(None, server.url)

    assert client.request(method, path).content == b""
    assert client.get("/").content == b"ok"
    assert server.connections == 1


def test_idle_connections_end_with_their_time(connect: Connect, server: FaultServer) -> None:
    client = connect(None, server.url, limits=PoolLimits(keepalive_expiry=0.01))
    for _ in range(3):
        client.get("/")
        time.sleep(0.03)

    assert server.connections == 3


def test_a_connection_in_use_while_the_client_is_closed_is_not_kept(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url)
    with client.stream("GET", "/") as response:
        ((_, transport),) = client._transport._opened.items()
        client.close()
        response.aread() if connect.is_async else response.read()

    assert (transport._pool._slots.idle, transport._pool.busy) == (0, 0)


def test_an_answer_during_the_upload_is_reported(connect: Connect, server: FaultServer) -> None:
    body = bytes(20_000_000)

    try:
        response = connect(None, server.url, raise_for_status=False).post(
            "/refuse", content=body, headers={"X-Eager": "1"}
        )
    except ConnectionError:
        # The kernel may throw the answer away when it resets the connection.
        return
    assert response.status_code == 413


def test_an_upload_ends_when_the_server_has_answered(connect: Connect, server: FaultServer) -> None:
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(400):
            taken += 1
            time.sleep(0.002)
            yield bytes(10_000)

    client = connect(None, server.url, raise_for_status=False)

    response = client.post("/refuse-and-read", content=pieces(), headers={"X-Eager": "1"})
    assert response.status_code == 413
    assert taken < 200
    assert busy(client) == 0


def test_hints_during_an_upload_do_not_end_it(connect: Connect, server: FaultServer) -> None:
    body = bytes(2_000_000)
    client = connect(None, server.url)

    response = client.post("/hint", content=body, headers={"X-Eager": "1"})
    assert response.json() == len(body)


def test_an_answer_that_is_made_during_the_upload_does_not_end_it(
    connect: Connect, server: FaultServer
) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            time.sleep(0.002)
            return super().read(1000)

    client = connect(None, server.url, timeout=3)
    for _ in range(2):
        body = Slow(b"x" * 20_000)
        response = client.post("/echo", content=body, headers={"X-Eager": "1"})
        assert response.content == body.getvalue()

    assert server.connections == 1


@pytest.mark.parametrize("word", ["close", "Close"])
def test_a_connection_whose_end_was_asked_for_is_not_used_again(
    connect: Connect, server: FaultServer, word: str
) -> None:
    client = connect(None, server.url)
    for _ in range(3):
        assert client.post("/end", headers={"Connection": word}).content == b"ok"

    assert server.connections == 3


@pytest.mark.parametrize(
    ("timeout", "error"),
    [
        (TimeoutConfig(write=0.3), WriteTimeoutError),
        (TimeoutConfig(total=0.3), TotalTimeoutError),
    ],
)
def test_an_upload_that_is_not_taken(
    connect: Connect, server: FaultServer, timeout: TimeoutConfig, error: type[Exception]
) -> None:
    client = connect(None, server.url, timeout=timeout)
    started = time.monotonic()

    with pytest.raises(error):
        client.put("/ignore", content=bytes(30_000_000), headers={"X-Eager": "1"})

    assert 0.25 <= time.monotonic() - started <= 0.35 + slack()
    assert busy(client) == 0


@pytest.mark.parametrize("seconds", [float("inf"), 1e300])
def test_a_wait_longer_than_sockets_know_is_one_without_end(
    connect: Connect, server: FaultServer, seconds: float
) -> None:
    timeout = TimeoutConfig(seconds, seconds, seconds, seconds, seconds)

    assert connect(None, server.url, timeout=timeout).get("/").content == b"ok"


def test_no_time_at_all_is_too_short(connect: Connect, server: FaultServer) -> None:
    with pytest.raises(TimeoutError):
        connect(None, server.url, timeout=0).get("/never")


def test_a_full_pool_makes_threads_wait_and_then_fail(server: FaultServer) -> None:
    limits = PoolLimits(max_connections=1)
    with Client(server.url, limits=limits, timeout=TimeoutConfig(pool=0.2)) as client:
        blocker = threading.Thread(target=_swallow, args=[client], daemon=True)
        blocker.start()
        time.sleep(0.1)

        with pytest.raises(PoolTimeoutError):
            client.get("/", retry=None)
        blocker.join(3)

        assert client.get("/").content == b"ok"


def _swallow(client: Client) -> None:
    with suppress(Exception):
        client.get("/never", timeout=0.5, retry=None)


def test_fifty_threads_share_a_client(server: FaultServer) -> None:
    failures: list[BaseException] = []

    def work(client: Client) -> None:
        try:
            for _ in range(10):
                assert client.get("/").content == b"ok"
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    with Client(server.url, limits=PoolLimits(max_connections=8)) as client:
        threads = [threading.Thread(target=work, args=[client]) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert failures == []
        assert busy(client) == 0
        assert server.connections <= 8


def test_cancellation_at_any_moment_costs_no_connection(server: FaultServer) -> None:
    async def main() -> None:
        limits = PoolLimits(max_connections=5)
        async with AsyncClient(server.url, limits=limits, timeout=20, retry=None) as client:
            for _ in range(40):
                tasks = [asyncio.create_task(client.get("/slow")) for _ in range(15)]
                await asyncio.sleep(random.uniform(0, 0.04))
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            assert busy(client) == 0
            answers = await asyncio.gather(*(client.get("/slow") for _ in range(10)))
            assert [answer.content for answer in answers] == [b"ok"] * 10

    asyncio.run(main())


def test_cancellation_at_every_await(server: FaultServer) -> None:
    def drive(coroutine: Any, steps: int, loop: asyncio.AbstractEventLoop) -> bool:
        """Run a coroutine and throw at its nth await; whether it came that far."""

        async def stepped() -> bool:
            inner = coroutine.__await__()
            for _ in range(steps):
                try:
                    waited = inner.send(None)
                except StopIteration:
                    return False
                if waited is not None:
                    waited._asyncio_future_blocking = False
                    await waited
                else:
                    await asyncio.sleep(0)
            try:
                inner.throw(asyncio.CancelledError())
                while True:
                    inner.send(None)
                    await asyncio.sleep(0)
            except (asyncio.CancelledError, StopIteration):
                return True

        return loop.run_until_complete(stepped())

    loop = asyncio.new_event_loop()
    limits = PoolLimits(max_connections=1, max_keepalive_connections=0)
    client = AsyncClient(server.url, limits=limits, timeout=2, retry=None)
    steps = 0
    while drive(client.get("/slow"), steps, loop):
        assert busy(client) == 0
        assert loop.run_until_complete(client.get("/")).content == b"ok"
        steps += 1
    loop.run_until_complete(client.close())
    loop.close()

    assert steps >= 2


# The socket of the first loop is dropped, and asyncio warns of that.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_client_works_on_a_new_event_loop(server: FaultServer) -> None:
    client = AsyncClient(server.url)

    async def call() -> bytes:
        return (await client.get("/")).content

    async def last() -> bytes:
        try:
            return await call()
        finally:
            await client.close()

    assert [asyncio.run(call()), asyncio.run(last())] == [b"ok", b"ok"]
    gc.collect()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_parent_and_child_do_not_share_connections(server: FaultServer) -> None:
    with Client(server.url) as client:
        client.get("/")
        child = os.fork()
        if child == 0:
            works = False
            with suppress(BaseException):
                works = client.get("/").content == b"ok"
            os._exit(0 if works else 1)
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0
        assert client.get("/").content == b"ok"
    assert server.connections == 2


def test_tasks_wait_their_turn_and_then_fail(server: FaultServer) -> None:
    async def main() -> None:
        limits = PoolLimits(max_connections=2)
        async with AsyncClient(
            server.url, limits=limits, timeout=TimeoutConfig(pool=0.2), retry=None
        ) as client:
            answers = await asyncio.gather(*(client.get("/slow") for _ in range(10)))
            assert [answer.content for answer in answers] == [b"ok"] * 10
            blockers = [asyncio.create_task(client.get("/never")) for _ in range(2)]
            await asyncio.sleep(0.1)
            with pytest.raises(PoolTimeoutError):
                await client.get("/")
            for blocker in blockers:
                blocker.cancel()
            await asyncio.gather(*blockers, return_exceptions=True)
            assert (await client.get("/")).content == b"ok"
            assert busy(client) == 0

    asyncio.run(main())
    assert server.connections <= 5


def test_only_so_many_idle_connections_are_kept(server: FaultServer) -> None:
    async def main() -> None:
        limits = PoolLimits(max_connections=10, max_keepalive_connections=1)
        async with AsyncClient(server.url, limits=limits) as client:
            for _ in range(2):
                await asyncio.gather(*(client.get("/slow") for _ in range(5)))

    asyncio.run(main())
    assert server.connections == 9


def is_open(exchange: Exchange) -> bool:
    """Whether the client has not closed the connection of an exchange."""
    try:
        return exchange.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


@pytest.mark.parametrize("kind", ["iter_raw", "iter_bytes"])
def test_a_response_that_was_closed_reads_no_other_ones_body(
    connect: Connect, server: FaultServer, kind: str
) -> None:
    client = connect(None, server.url)
    name = f"a{kind}" if connect.is_async else kind
    with client.stream("GET", "/") as response:
        pieces = iter(getattr(response, name)())
        next(pieces)
    with client.stream("GET", "/never") as response:
        left = iter(getattr(response, name)())
        next(left)
        response.aclose() if connect.is_async else response.close()
        with pytest.raises(TruncatedResponseError, match="closed"):
            next(left)
    with client.stream("GET", "/"):
        assert list(pieces) == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_client_that_is_dropped_leaves_the_loop_no_connections(server: FaultServer) -> None:
    async def main() -> list[bool]:
        client = AsyncClient(server.url)
        await client.get("/")
        del client
        gc.collect()
        await asyncio.sleep(0.05)
        return [is_open(exchange) for exchange in server.seen]

    assert asyncio.run(main()) == [False]


def test_a_client_that_goes_from_loop_to_loop_leaves_none_a_connection(
    server: FaultServer,
) -> None:
    client = AsyncClient(server.url)
    loops = [asyncio.new_event_loop() for _ in range(2)]
    for loop in loops * 3:
        assert loop.run_until_complete(client.get("/")).content == b"ok"
    for loop in loops:
        loop.run_until_complete(asyncio.sleep(0.01))
    time.sleep(0.05)

    assert sum(map(is_open, server.seen)) == 1
    loops[1].run_until_complete(client.close())
    for loop in loops:
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def test_a_connection_is_used_again_after_the_last_event(
    connect: Connect, server: FaultServer
) -> None:
    operation: Operation[object] = Operation("GET", "/done", {"200": {"text/event-stream": None}})
    client = connect(None, server.url)
    for _ in range(3):
        with client._stream(operation) as stream:
            assert list(stream) == [1]

    assert (server.connections, busy(client)) == (1, 0)


def test_the_end_of_a_body_is_not_waited_for_long(connect: Connect, server: FaultServer) -> None:
    kinds = {"200": {"text/event-stream": None}}
    operation: Operation[object] = Operation("GET", "/done-and-stay", kinds)
    client = connect(None, server.url)
    started = time.monotonic()

    with client._stream(operation) as stream:
        assert list(stream) == [1]

    assert time.monotonic() - started <= 0.2 + slack()
    assert client.get("/").content == b"ok"


def test_a_body_that_is_there_may_be_looked_at_for_long(
    connect: Connect, server: FaultServer
) -> None:
    client = connect(None, server.url)
    client.get("/")

    with client.stream("GET", "/", timeout=TimeoutConfig(total=0.1)) as response:
        pieces = iter(getattr(response, "aiter_bytes" if connect.is_async else "iter_bytes")())
        assert next(pieces) == b"ok"
        time.sleep(0.12)
        assert list(pieces) == []


def test_an_idle_connection_makes_room_for_another_origin(connect: Connect) -> None:
    first, second = FaultServer({}), FaultServer({})
    client = connect(None, first.url, limits=PoolLimits(max_connections=1))

    for _ in range(2):
        client.get("/")
        client.get(second.url)

    assert (first.connections, second.connections) == (2, 2)
    first.close()
    second.close()
