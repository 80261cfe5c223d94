"""Redirects, hooks, ids, tokens, budget: what happens around a request."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from clientgen_runtime import (
    ApiKeyAuth,
    AuthenticationError,
    ClientError,
    ConfigurationError,
    HTTPError,
    NotFoundError,
    RedirectConfig,
    Request,
    Response,
    ResponseError,
    RetryConfig,
    ServerError,
    TokenAuth,
)
from clientgen_runtime._ids import ulid
from tests.runtime.driving import Connect, Server

OK = httpx.Response(200, json="fine")


def moved(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (302, "PUT", "PUT"),
    ],
)
def test_redirects_change_methods_as_browsers_do(
    connect: Connect, status: int, method: str, then: str
) -> None:
    server = Server(moved("other?x=1#here", status), OK)

    response = connect(server).request(method, "/a/b", json={"a": 1})

    assert server.last.method == then
    assert str(server.last.url) == "https://pets.example/v1/a/other?x=1"
    assert bool(server.last.content) == (then not in ("GET",))
    assert [r.status_code for r in response.history] == [status]
    assert response.url == "https://pets.example/v1/a/other?x=1"


def test_what_tells_of_a_body_does_not_outlive_it(connect: Connect) -> None:
    server = Server(moved("/v1/b", 303), OK)

    connect(server).post("/a", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    assert not [name for name in server.last.headers if name.startswith("content-")]


@pytest.mark.parametrize(
    ("sent", "asked"), [("/café".encode(), b"/caf%C3%A9"), (b"/caf\xe9", b"/caf%C3%A9")]
)
def test_redirects_to_other_letters_than_ascii(connect: Connect, sent: bytes, asked: bytes) -> None:
    server = Server(httpx.Response(302, headers=[(b"location", sent)]), OK)

    connect(server).get("/a")

    assert server.last.url.raw_path == asked


@pytest.mark.parametrize(
    "location", ["https://evil.example/x", "//evil.example", "https://pets.example:444/"]
)
def test_nothing_secret_follows_to_another_origin(connect: Connect, location: str) -> None:
    server = Server(moved(location, 307), OK)
    client = connect(
        server,
        auth=[("bearer", "t"), lambda r: r.headers.__setitem__("X-Signed", "s")],
        headers={"X-Mine": "1"},
        cookies={"sid": "1"},
    )

    client.get("/x", headers={"X-Token": "t", "Accept": "text/plain"})

    assert set(server.last.headers) <= {
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "x-request-id",
    }
    assert server.last.headers["accept"] == "text/plain"


def test_credentials_stay_within_the_origin(connect: Connect) -> None:
    server = Server(moved("/elsewhere"), OK)

    connect(server, auth=("api_key", "k")).get("/x")

    assert server.last.headers["x-api-key"] == "k"


def test_credentials_are_sent_once_after_a_redirect(connect: Connect) -> None:
    server = Server(moved("/elsewhere"), OK)
    auth = [ApiKeyAuth("k", "key", "query"), ApiKeyAuth("c", "sid", "cookie")]

    connect(server, auth=auth, cookies={"a": "1"}).get("/x")

    assert server.last.url.query == b"key=k"
    assert server.last.headers["cookie"] == "a=1; sid=c"


@pytest.mark.parametrize(
    ("answer", "options", "why"),
    [
        (moved("http://pets.example/v1/x"), {}, "from https to http"),
        (moved("HTTP://pets.example/v1/x"), {}, "from https to http"),
        (moved("/v1/x"), {"max_redirects": 3}, "more than 3 redirects"),
        (
            moved("https://other.example"),
            {"follow_redirects": RedirectConfig(cross_origin=False)},
            "another origin",
        ),
        (moved("http://[bad/"), {}, "no http"),
        (moved("https://a:port/"), {}, "no http"),
        (moved("file:///etc/passwd"), {}, "no http"),
    ],
)
def test_redirects_that_are_refused(
    connect: Connect, answer: httpx.Response, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(ResponseError, match=why) as caught:
        connect(Server(answer), **options).get("/x")

    assert caught.value.response is not None
    assert caught.value.response.status_code == 302


@pytest.mark.parametrize(
    "options",
    [
        {"follow_redirects": False},
        {"follow_redirects": RedirectConfig(methods=["GET"])},
    ],
)
def test_redirects_that_are_not_followed_are_answers(
    connect: Connect, options: dict[str, Any]
) -> None:
    assert connect(Server(moved("/y"))).post("/x", **options).status_code == 302


def test_a_body_that_is_gone_cannot_be_redirected(connect: Connect) -> None:
    with pytest.raises(ResponseError, match="second time"):
        connect(Server(moved("/y", 307))).post("/x", content=iter([b"once"]))


def test_hooks_see_and_change(connect: Connect) -> None:
    server = Server(OK)
    seen: list[object] = []

    def change(request: Request) -> None:
        request.headers["X-Correlation-ID"] = "c"

    client = connect(server, event_hooks={"request": [change], "response": [seen.append]})
    client.get("/x")

    assert server.last.headers["x-correlation-id"] == "c"
    assert isinstance(seen[0], Response)
    assert seen[0].elapsed.total_seconds() > 0


def test_async_hooks_need_an_async_client(connect: Connect) -> None:
    called: list[str] = []

    async def hook(request: Request) -> None:
        called.append(request.method)

    client = connect(Server(OK), event_hooks={"request": [hook]})

    if connect.is_async:
        client.get("/x")
        assert called == ["GET"]
    else:
        with pytest.raises(ConfigurationError, match="AsyncClient"):
            client.get("/x")


def test_what_a_hook_raises_is_the_callers(connect: Connect) -> None:
    def refuse(_: object) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        connect(Server(OK), event_hooks={"response": [refuse]}).get("/x")


def test_a_call_has_one_id_over_its_attempts(connect: Connect, slept: list[float]) -> None:
    server = Server(httpx.Response(503), OK)

    response = connect(server, retry=1).get("/x")

    ids = [r.headers["x-request-id"] for r in server.requests]
    assert ids == [response.request_id] * 2
    assert len(ids[0]) == 36


@pytest.mark.parametrize(
    ("kind", "length"), [("ulid", 26), (lambda: "mine", 4), (None, 0), ("uuid4", 36)]
)
def test_ids_of_each_kind(connect: Connect, kind: Any, length: int) -> None:
    server = Server(OK)

    connect(server, request_id=kind).get("/x")

    assert len(server.last.headers.get("x-request-id", "")) == length


def test_a_stated_id_is_kept(connect: Connect) -> None:
    server = Server(OK)

    connect(server).get("/x", headers={"X-Request-Id": "mine"})

    assert server.last.headers["x-request-id"] == "mine"


def test_ulids_sort_by_time() -> None:
    ids = [ulid() for _ in range(3)]

    assert [value[:8] for value in ids] == sorted(value[:8] for value in ids)
    assert len(set(ids)) == 3


def test_an_api_may_tell_errors_its_own_way(connect: Connect) -> None:
    class QuotaError(HTTPError):
        pass

    def parse(response: Response) -> object:
        if response.status_code == 402:
            return QuotaError("quota", response=response)
        return response.json()["error"]

    client = connect(
        Server(httpx.Response(402), httpx.Response(404, json={"error": "e1"})), error_parser=parse
    )

    with pytest.raises(QuotaError):
        client.get("/x")
    with pytest.raises(NotFoundError) as caught:
        client.get("/x")
    assert caught.value.body == "e1"


def test_an_error_that_is_not_told_as_expected_is_one_all_the_same(connect: Connect) -> None:
    server = Server(httpx.Response(502, text="<html>bad gateway</html>"))
    client = connect(server, error_parser=lambda response: response.json()["error"])

    with pytest.raises(ServerError) as caught:
        client.get("/x")
    assert caught.value.body == "<html>bad gateway</html>"


class Tokens:
    """A server that takes the newest token alone, and the function that fetches tokens."""

    def __init__(self) -> None:
        self.fetched = 0
        self.good = 1

    def fetch(self) -> tuple[str, float]:
        self.fetched += 1
        return f"t{self.fetched}", 3600

    def __call__(self, request: httpx.Request) -> httpx.Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer t")
        return httpx.Response(200 if token == str(self.good) else 401, json={})


def test_tokens_are_fetched_once_and_again_when_refused(connect: Connect) -> None:
    tokens = Tokens()
    client = connect(tokens, auth=TokenAuth(tokens.fetch))

    client.get("/x")
    client.get("/x")
    tokens.good = 2
    client.get("/x")

    assert tokens.fetched == 2


def test_a_token_near_its_end_is_renewed(connect: Connect) -> None:
    tokens = Tokens()
    auth = TokenAuth(lambda: (tokens.fetch()[0], 5))
    client = connect(tokens, auth=auth)

    client.get("/x")
    tokens.good = 2
    client.get("/x")

    assert tokens.fetched == 2


def test_a_token_that_stays_refused_is_an_error(connect: Connect) -> None:
    tokens = Tokens()
    tokens.good = 99

    with pytest.raises(AuthenticationError):
        connect(tokens, auth=TokenAuth(tokens.fetch)).get("/x")
    assert tokens.fetched == 2


def test_a_hundred_threads_renew_a_token_once() -> None:
    from clientgen_runtime import Client

    tokens = Tokens()
    with Client(
        "https://a.example", auth=TokenAuth(tokens.fetch), transport=httpx.MockTransport(tokens)
    ) as client:
        client.get("/x")
        tokens.good = 2
        threads = [threading.Thread(target=client.get, args=["/x"]) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

    assert tokens.fetched == 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_hundred_tasks_renew_a_token_once_even_when_the_first_is_cancelled(backend: str) -> None:
    import anyio

    from clientgen_runtime import AsyncClient

    pytest.importorskip(backend)
    tokens = Tokens()
    statuses: list[int] = []

    async def call(client: AsyncClient, scope: anyio.CancelScope) -> None:
        with scope:
            statuses.append((await client.get("/x")).status_code)

    async def main() -> None:
        is_cancelled = anyio.Event()
        leader = anyio.CancelScope()

        async def fetch() -> str:
            await is_cancelled.wait()
            return tokens.fetch()[0]

        transport = httpx.MockTransport(tokens)
        async with (
            AsyncClient("https://a.example", auth=TokenAuth(fetch), transport=transport) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(call, client, leader)
            await anyio.wait_all_tasks_blocked()
            for _ in range(100):
                group.start_soon(call, client, anyio.CancelScope())
            await anyio.wait_all_tasks_blocked()
            leader.cancel()
            await anyio.wait_all_tasks_blocked()
            is_cancelled.set()

    anyio.run(main, backend=backend)
    assert statuses == [200] * 100
    assert tokens.fetched == 1


def test_a_token_serves_one_event_loop_after_another() -> None:
    import asyncio

    from clientgen_runtime import AsyncClient

    tokens = Tokens()
    client = AsyncClient(
        "https://a.example", auth=TokenAuth(tokens.fetch), transport=httpx.MockTransport(tokens)
    )

    async def call() -> int:
        calls = [client.get("/x") for _ in range(10)]
        return sum(answer.status_code == 200 for answer in await asyncio.gather(*calls))

    assert asyncio.run(call()) == 10
    tokens.good = 2
    assert asyncio.run(call()) == 10
    assert tokens.fetched == 2


def raise_it(error: Exception) -> Any:
    def fetch() -> str:
        raise error

    return fetch


def test_when_a_token_cannot_be_fetched_the_call_says_so(connect: Connect) -> None:
    known = ClientError("no token today")
    unknown = httpx.ConnectError("https://login.example/?secret=s3cret")

    with pytest.raises(ClientError, match="no token today") as caught:
        connect(Server(OK), auth=TokenAuth(raise_it(known))).get("/x")
    assert caught.value is known
    with pytest.raises(ClientError, match="no token could be fetched: ConnectError") as caught:
        connect(Server(OK), auth=TokenAuth(raise_it(unknown))).get("/x")
    assert caught.value.__cause__ is unknown


def test_those_who_wait_for_a_token_that_cannot_be_fetched_ask_no_more() -> None:
    from clientgen_runtime import Client

    asked: list[int] = []
    arrived = threading.Semaphore(0)

    class Observed(TokenAuth):
        def renew(
            self, refused: str | None, client: object = None, deadline: float | None = None
        ) -> None:
            arrived.release()
            super().renew(refused, client, deadline)

    def fetch() -> str:
        asked.append(1)
        for _ in range(5):
            arrived.acquire(timeout=10)
        time.sleep(0.1)  # the last one has arrived, but may not wait yet
        raise KeyError("down")

    failures: list[ClientError] = []

    def work(client: Client) -> None:
        try:
            client.get("/x")
        except ClientError as error:
            failures.append(error)

    with Client(
        "https://a.example", auth=Observed(fetch), transport=httpx.MockTransport(Server(OK))
    ) as client:
        threads = [threading.Thread(target=work, args=[client]) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

    assert len(failures) == 5
    assert len(asked) == 1


@pytest.mark.parametrize("fetched", [7, None, ("token", 60, "more"), "line\nbreak"])
def test_what_is_no_token_is_refused(connect: Connect, fetched: Any) -> None:
    with pytest.raises(ConfigurationError):
        connect(Server(OK), auth=TokenAuth(lambda: fetched)).get("/x")


def test_a_fetch_that_has_to_be_awaited_needs_an_async_client(connect: Connect) -> None:
    async def fetch() -> str:
        return "t"

    client = connect(Server(OK), auth=TokenAuth(fetch))

    if connect.is_async:
        assert client.get("/x").json() == "fine"
    else:
        with pytest.raises(ConfigurationError, match="AsyncClient"):
            client.get("/x")


def test_digest_answers_the_challenge(connect: Connect) -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
    server = Server(httpx.Response(401, headers={"www-authenticate": challenge}), OK)

    connect(server, auth=httpx.DigestAuth("user", "pass")).get("/x")

    assert [r.headers.get("authorization", "")[:22] for r in server.requests] == [
        "",
        'Digest username="user"',
    ]


def test_a_storm_of_retries_ends(connect: Connect, slept: list[float]) -> None:
    server = Server(httpx.Response(503))
    client = connect(server, retry=RetryConfig(max_attempts=10, jitter=0))

    for _ in range(20):
        with pytest.raises(ServerError):
            client.get("/x")

    assert len(server.requests) == 20 + 50


@pytest.mark.parametrize(
    "options",
    [
        {"event_hooks": {"respnse": []}},
        {"request_id": "snowflake"},
        {"follow_redirects": "yes"},
    ],
)
def test_options_that_make_no_sense(connect: Connect, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        connect(**options)


def test_http2_without_its_extra_is_warned_of(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.warns(RuntimeWarning, match=r"clientgen-runtime\[http2\]"):
        client = connect(Server(OK), http2=True)
    assert client.get("/x").json() == "fine"


def setting(*cookies: str) -> httpx.Response:
    return httpx.Response(200, headers=[("set-cookie", cookie) for cookie in cookies])


def test_cookies_are_forgotten_unless_a_session_is_wanted(connect: Connect) -> None:
    server = Server(setting("sid=1"), OK)
    client = connect(server)
    client.get("/x")
    client.get("/x")

    assert "cookie" not in server.last.headers


@pytest.mark.parametrize(
    ("cookie", "url", "sent"),
    [
        ("sid=1; Path=/; HttpOnly", "/y", "sid=1"),
        ("sid=1", "https://api.pets.example/v1", None),
        ("sid=1; Domain=.example", "https://other.example/", None),
        ("sid=1; Path=/v1", "/y", "sid=1"),
        ("sid=1; Path=/v", "/y", None),
        ("sid=1; Secure", "http://pets.example/v1", None),
        ("sid=1; Max-Age=0", "/y", None),
        ("sid=1; Expires=Fri, 31 Dec 1999 23:59:59 GMT", "/y", None),
        ("sid=1; Expires=Fri, 31 Dec 2999 23:59:59 GMT", "/y", "sid=1"),
        ("nonsense", "/y", None),
    ],
)
def test_a_session_sends_cookies_to_their_host_alone(
    connect: Connect, cookie: str, url: str, sent: str | None
) -> None:
    server = Server(setting(cookie), OK)
    client = connect(server, persist_cookies=True)
    client.get("/login")
    client.get(url)

    assert server.last.headers.get("cookie") == sent


def test_a_session_follows_redirects_and_variants(connect: Connect) -> None:
    login = httpx.Response(302, headers=[("location", "/v1/home"), ("set-cookie", "sid=1")])
    server = Server(login, setting("sid=; Max-Age=-1"), OK)
    client = connect(server, persist_cookies=True, cookies={"lang": "en"})
    client.get("/login")
    client.get("/x")

    assert [r.headers["cookie"] for r in server.requests] == [
        "lang=en",
        "lang=en; sid=1",
        "lang=en",
    ]


@pytest.mark.parametrize("name", ["timeout", "headers", "auth", "base_url"])
def test_the_configuration_of_a_client_cannot_be_set(connect: Connect, name: str) -> None:
    client = connect()._target

    with pytest.raises(AttributeError):
        setattr(client, name, None)


def test_what_was_given_may_change_afterwards(connect: Connect) -> None:
    server = Server(httpx.Response(404))
    headers, raising = {"X-A": "1"}, {404: False}
    hooks: dict[str, list[Any]] = {"request": [print]}
    client = connect(server, headers=headers, event_hooks=hooks, raise_for_status=raising)
    headers["X-A"] = "2"
    hooks["request"].append(lambda request: 1 / 0)
    raising.clear()

    assert client.get("/x").status_code == 404
    assert server.last.headers["x-a"] == "1"


def test_the_context_of_a_trace_goes_with_every_request(
    connect: Connect, slept: list[float]
) -> None:
    server = Server(httpx.Response(503), moved("https://other.example/y"), OK)
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}

    connect(server, retry=1).get("/x", headers={**trace, "tracestate": "a=1"})

    assert [r.headers["traceparent"] for r in server.requests] == [trace["traceparent"]] * 3
    assert [r.headers["tracestate"] for r in server.requests] == ["a=1"] * 3
