"""Middleware is around calls, attempts or requests, and may change, answer, repeat or refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import (
    ApiKeyAuth,
    AroundCall,
    AroundSend,
    BearerAuth,
    CircuitBreaker,
    Client,
    ClientError,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    Headers,
    NotFoundError,
    OAuth2Auth,
    Request,
    Response,
    RetryConfig,
)
from tests.runtime.driving import BASE_URL, Connect, Server

if TYPE_CHECKING:
    from collections.abc import Callable

OK = httpx.Response(200, json={"name": "Rex"})
BUSY = httpx.Response(503)
AT_ONCE = RetryConfig(max_attempts=3, backoff_factor=0)


class Around:
    """A middleware of either kind: one function before the rest, and one after."""

    def __init__(
        self,
        connect: Connect,
        before: Callable[[Request], object] = lambda request: None,
        after: Callable[[Response], Response] = lambda response: response,
    ) -> None:
        self._before, self._after = before, after
        self.handle: Any = self._handle_async if connect.is_async else self._handle

    def _handle(self, request: Request, call_next: Any) -> Response:
        self._before(request)
        return self._after(call_next(request))

    async def _handle_async(self, request: Request, call_next: Any) -> Response:
        self._before(request)
        return self._after(await call_next(request))


class Seen(Around):
    """Notes the status, or the error, of each attempt."""

    def __init__(self, connect: Connect) -> None:
        self.statuses: list[int] = []
        super().__init__(connect, after=self._note)

    def _note(self, response: Response) -> Response:
        self.statuses.append(response.status_code)
        return response


def test_a_request_is_changed(connect: Connect, server: Server) -> None:
    tenant = Around(connect, lambda request: request.headers.update({"X-Tenant": "acme"}))

    connect(server, middleware=[tenant]).get("/pets")

    assert server.last.headers["X-Tenant"] == "acme"


def test_a_function_will_do(connect: Connect, server: Server) -> None:
    def tenant(request: Request, call_next: Any) -> Any:
        request.headers["X-Tenant"] = "acme"
        return call_next(request)

    connect(server, middleware=[tenant]).get("/pets")

    assert server.last.headers["X-Tenant"] == "acme"


def test_another_request_may_take_the_place_of_one(connect: Connect, server: Server) -> None:
    def elsewhere(request: Request, call_next: Any) -> Any:
        return call_next(Request("PUT", request.url + "/7", request.headers))

    connect(server, middleware=[elsewhere]).get("/pets")

    assert (server.last.method, server.last.url.path) == ("PUT", "/v1/pets/7")


def test_the_first_is_the_outermost(connect: Connect, server: Server) -> None:
    order: list[str] = []

    def noting(name: str) -> Around:
        def leave(response: Response) -> Response:
            order.append(f"/{name}")
            return response

        return Around(connect, lambda _: order.append(name), leave)

    connect(server, middleware=[noting("a"), noting("b")]).get("/pets")

    assert order == ["a", "b", "/b", "/a"]


def test_each_attempt_goes_through_it_and_shows_its_status(connect: Connect) -> None:
    seen = Seen(connect)

    connect(Server(BUSY, BUSY, OK), middleware=[seen], retry=AT_ONCE).get("/pets")

    assert seen.statuses == [503, 503, 200]


def test_what_one_attempt_adds_the_next_does_not_have(connect: Connect) -> None:
    server = Server(BUSY, OK)
    adding = Around(connect, lambda request: request.headers.add("X-Try", "1"))

    connect(server, middleware=[adding], retry=AT_ONCE).get("/pets")

    assert [request.headers.get_list("X-Try") for request in server.requests] == [["1"], ["1"]]


def test_error_statuses_are_raised_outside_of_it(connect: Connect) -> None:
    seen = Seen(connect)

    with pytest.raises(NotFoundError):
        connect(Server(httpx.Response(404)), middleware=[seen]).get("/pets")
    assert seen.statuses == [404]


def test_failed_connections_are_raised_within_it(connect: Connect) -> None:
    caught: list[ClientError] = []

    def fallback(request: Request, call_next: Any) -> Response:
        try:
            answer: Response = call_next(request)
        except ClientError as error:
            caught.append(error)
            return Response(200, Headers(), b"[]", request)
        return answer

    async def async_fallback(request: Request, call_next: Any) -> Response:
        try:
            answer: Response = await call_next(request)
        except ClientError as error:
            caught.append(error)
            return Response(200, Headers(), b"[]", request)
        return answer

    handle = async_fallback if connect.is_async else fallback
    client = connect(Server(httpx.ConnectError("refused")), middleware=[handle])

    assert client.get("/pets").json() == []
    assert isinstance(caught[0], ConnectionError)


def test_an_answer_of_its_own_needs_no_server(connect: Connect, server: Server) -> None:
    def answer(request: Request, call_next: Any) -> Response:
        return Response(200, Headers(), b'{"name": "Tom"}', request)

    client = connect(server, middleware=[answer])

    assert client.get("/pets", response_model=dict) == {"name": "Tom"}
    assert not server.requests


def test_an_answer_of_its_own_is_streamed(connect: Connect, server: Server) -> None:
    def answer(request: Request, call_next: Any) -> Response:
        return Response(200, Headers(), b"kept", request)

    with connect(server, middleware=[answer]).stream("GET", "/pets") as response:
        assert connect.drive(response).read() == b"kept"


def test_a_response_is_transformed_and_read_as_the_client_reads(connect: Connect) -> None:
    def unwrap(response: Response) -> Response:
        return Response(200, response.headers, response.content[8:-1], response.request)

    server = Server(httpx.Response(200, content=b'{"data":[1.5]}'))
    client = connect(
        server, middleware=[Around(connect, after=unwrap)], json_deserializer=lambda data: [data]
    )

    assert client.get("/pets").json() == [b"[1.5]"]


def test_it_may_ask_again(connect: Connect) -> None:
    def twice(request: Request, call_next: Any) -> Response:
        call_next(request)
        answer: Response = call_next(request)
        return answer

    async def async_twice(request: Request, call_next: Any) -> Response:
        await call_next(request)
        answer: Response = await call_next(request)
        return answer

    handle = async_twice if connect.is_async else twice

    assert connect(Server(BUSY, OK), middleware=[handle]).get("/pets").status_code == 200


def test_an_error_that_passes_is_tried_again(connect: Connect, server: Server) -> None:
    failures = [ConnectionError("not yet")]

    def refuse(request: Request) -> None:
        if failures:
            raise failures.pop()

    client = connect(server, middleware=[Around(connect, refuse)], retry=AT_ONCE)

    assert client.get("/pets").status_code == 200


def test_a_refusal_reaches_the_caller_as_it_is(connect: Connect, server: Server) -> None:
    def refuse(request: Request) -> None:
        raise PermissionError("read only")

    with pytest.raises(PermissionError, match="read only"):
        connect(server, middleware=[Around(connect, refuse)], retry=AT_ONCE).post("/pets")
    assert not server.requests


def test_it_sees_no_credentials(connect: Connect, server: Server) -> None:
    seen: list[bool] = []
    look = Around(connect, lambda request: seen.append("Authorization" in request.headers))

    connect(server, auth=BearerAuth("t-1"), middleware=[look]).get("/pets")

    assert seen == [False]
    assert server.last.headers["Authorization"] == "Bearer t-1"


def test_credentials_do_not_follow_it_to_another_origin(connect: Connect, server: Server) -> None:
    def elsewhere(request: Request) -> None:
        request.url = "https://elsewhere.example/"

    client = connect(server, auth=BearerAuth("t-1"), middleware=[Around(connect, elsewhere)])
    client.get("/pets")

    assert "Authorization" not in server.last.headers


def test_what_it_adds_does_not_follow_a_redirect_to_another_origin(connect: Connect) -> None:
    server = Server(httpx.Response(302, headers={"Location": "https://elsewhere.example/"}), OK)
    tenant = Around(connect, lambda request: request.headers.update({"X-Tenant": "acme"}))

    connect(server, middleware=[tenant]).get("/pets")

    assert server.requests[0].headers["X-Tenant"] == "acme"
    assert "X-Tenant" not in server.last.headers


def test_tokens_are_fetched_without_it(connect: Connect) -> None:
    server = Server(httpx.Response(200, json={"access_token": "t-1"}), OK)
    seen = Seen(connect)
    auth = OAuth2Auth("https://id.example/token", client_id="me", client_secret="s")

    connect(server, auth=auth, middleware=[seen]).get("/pets")

    assert len(server.requests) == 2
    assert seen.statuses == [200]


def test_one_call_may_have_its_own_or_none(connect: Connect, server: Server) -> None:
    ours, theirs = Seen(connect), Seen(connect)
    client = connect(server, middleware=[ours])

    client.get("/pets", middleware=[theirs])
    client.get("/pets", middleware=[])

    assert (len(ours.statuses), len(theirs.statuses)) == (0, 1)


def test_a_variant_may_have_its_own(connect: Connect, server: Server) -> None:
    seen = Seen(connect)
    client = connect(server)

    client.with_options(middleware=[seen]).get("/pets")
    client.get("/pets")

    assert len(seen.statuses) == 1


@pytest.mark.parametrize("given", ["handle", [None], [Seen], lambda request, call_next: None])
def test_what_handles_nothing_is_refused_at_once(connect: Connect, given: object) -> None:
    with pytest.raises(ConfigurationError, match="middleware= takes"):
        connect(middleware=given)


def test_no_response_is_an_error_that_names_who_gave_none(connect: Connect) -> None:
    def forgetful(request: Request, call_next: Any) -> None:
        pass

    with pytest.raises(ConfigurationError, match="forgetful must return a Response, not NoneType"):
        connect(middleware=[forgetful]).get("/pets")


def test_coroutine_functions_need_the_async_client() -> None:
    async def handle(request: Request, call_next: Any) -> Response:
        raise NotImplementedError

    with (
        Client(BASE_URL, middleware=[handle]) as client,
        pytest.raises(ConfigurationError, match="need an AsyncClient"),
    ):
        client.get("/pets")


# --- Around the call -----------------------------------------------------------------------


def test_around_the_call_it_sees_one_response_of_all_attempts(connect: Connect) -> None:
    each, whole = Seen(connect), Seen(connect)
    server = Server(BUSY, BUSY, OK)

    connect(server, middleware=[AroundCall(whole), each], retry=AT_ONCE).get("/pets")

    assert each.statuses == [503, 503, 200]
    assert whole.statuses == [200]


def test_what_it_adds_around_the_call_all_attempts_have(connect: Connect) -> None:
    server = Server(BUSY, OK)
    adding = Around(connect, lambda request: request.headers.add("X-Try", "1"))

    connect(server, middleware=[AroundCall(adding)], retry=AT_ONCE).get("/pets")

    assert [request.headers.get_list("X-Try") for request in server.requests] == [["1"], ["1"]]


def test_around_the_call_it_sees_the_last_error(connect: Connect) -> None:
    caught: list[ClientError] = []

    def fallback(request: Request, call_next: Any) -> Response:
        try:
            answer: Response = call_next(request)
        except ClientError as error:
            caught.append(error)
            return Response(200, Headers(), b"[]", request)
        return answer

    async def async_fallback(request: Request, call_next: Any) -> Response:
        try:
            answer: Response = await call_next(request)
        except ClientError as error:
            caught.append(error)
            return Response(200, Headers(), b"[]", request)
        return answer

    handle = async_fallback if connect.is_async else fallback
    server = Server(httpx.ConnectError("refused"))
    client = connect(server, middleware=[AroundCall(handle)], retry=AT_ONCE)

    assert client.get("/pets").json() == []
    assert [len(error.attempts) for error in caught] == [3]


def test_an_answer_around_the_call_asks_no_policy(connect: Connect, server: Server) -> None:
    def answer(request: Request, call_next: Any) -> Response:
        return Response(200, Headers(), b"[]", request)

    breaker = CircuitBreaker()
    client = connect(server, middleware=[AroundCall(answer)], circuit_breaker=breaker)

    assert client.get("/pets", response_model=list) == []
    assert breaker.circuits == {}


def test_a_call_that_is_led_elsewhere_takes_no_credentials(
    connect: Connect, server: Server
) -> None:
    def elsewhere(request: Request) -> None:
        request.url = "https://elsewhere.example/"

    around = AroundCall(Around(connect, elsewhere))
    connect(server, auth=BearerAuth("t-1"), middleware=[around]).get("/pets")

    assert "Authorization" not in server.last.headers


# --- Around what is sent -------------------------------------------------------------------


def test_around_sending_it_sees_what_the_server_gets(connect: Connect, server: Server) -> None:
    seen: dict[str, str] = {}

    def sign(request: Request) -> None:
        seen.update(request.headers)
        request.headers["X-Signature"] = "signed"

    tenant = Around(connect, lambda request: request.headers.update({"X-Tenant": "acme"}))
    connect(
        server,
        auth=BearerAuth("t-1"),
        middleware=[AroundSend(Around(connect, sign)), tenant],
        event_hooks={"request": [lambda request: request.headers.update({"X-Hook": "1"})]},
    ).get("/pets")

    sent = dict(server.last.headers)
    assert (seen["authorization"], seen["x-tenant"], seen["x-hook"]) == ("Bearer t-1", "acme", "1")
    assert sent["x-signature"] == "signed"


def test_around_sending_it_sees_each_redirect_and_attempt(connect: Connect) -> None:
    paths: list[str] = []
    noting = AroundSend(Around(connect, lambda request: paths.append(request.url[-3:])))
    server = Server(BUSY, httpx.Response(302, headers={"Location": "/v1/new"}), OK)

    connect(server, middleware=[noting], retry=AT_ONCE).get("/old")

    assert paths == ["old", "old", "new"]


def test_keys_of_the_query_are_seen_beside_the_url(connect: Connect, server: Server) -> None:
    seen: list[tuple[str, ...]] = []
    noting = AroundSend(Around(connect, lambda request: seen.append(request.secret_query)))
    key = ApiKeyAuth("k-1", "key", "query")

    connect(server, auth=key, middleware=[noting]).get("/pets")

    assert seen == [("key=k-1",)]
    assert server.last.url.params["key"] == "k-1"


def test_around_sending_it_cannot_take_credentials_elsewhere(
    connect: Connect, server: Server
) -> None:
    def elsewhere(request: Request) -> None:
        request.url = "https://elsewhere.example/"

    client = connect(server, middleware=[AroundSend(Around(connect, elsewhere))])

    with pytest.raises(ConfigurationError, match="must not change the origin"):
        client.get("/pets")
    assert not server.requests


def test_each_stands_in_its_place_and_in_order(connect: Connect, server: Server) -> None:
    order: list[str] = []

    def noting(name: str) -> Around:
        return Around(connect, lambda _: order.append(name))

    connect(
        server,
        middleware=[
            AroundSend(noting("send 1")),
            noting("attempt 1"),
            AroundCall(noting("call 1")),
            AroundSend(noting("send 2")),
            noting("attempt 2"),
            AroundCall(noting("call 2")),
        ],
    ).get("/pets")

    places = ("call", "attempt", "send")
    assert order == [f"{place} {number}" for place in places for number in (1, 2)]


@pytest.mark.parametrize("place", [AroundCall, AroundSend])
def test_what_handles_nothing_is_refused_in_every_place(connect: Connect, place: Any) -> None:
    with pytest.raises(ConfigurationError, match="middleware= takes"):
        connect(middleware=[place(Seen)])
