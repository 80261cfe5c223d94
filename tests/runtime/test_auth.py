from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from clientgen_runtime import (
    ApiKeyAuth,
    AuthenticationError,
    BearerAuth,
    ConfigurationError,
    ForbiddenError,
    LogConfig,
    Request,
    TokenAuth,
)
from clientgen_runtime._redact import redact_text
from clientgen_runtime.sdk import Api, ApiKey, HttpAuth, Operation
from clientgen_runtime.sdk import Server as ApiServer
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from collections.abc import Generator

    from clientgen_runtime._operation import Security
    from tests.runtime.driving import Connect


def sign(request: Request) -> None:
    request.headers["X-Signed"] = request.method


@pytest.mark.parametrize(
    ("auth", "name", "value"),
    [
        (("bearer", "t"), "authorization", "Bearer t"),
        (("bearer", SecretStr("t")), "authorization", "Bearer t"),
        (("api_key", "k"), "x-api-key", "k"),
        (("basic", "user", "pass"), "authorization", "Basic dXNlcjpwYXNz"),
        (BearerAuth("t"), "authorization", "Bearer t"),
        (ApiKeyAuth("a b", "sid", "cookie"), "cookie", "sid=a%20b"),
        (sign, "x-signed", "GET"),
    ],
)
def test_each_kind_of_auth(
    connect: Connect, server: Server, auth: Any, name: str, value: str
) -> None:
    connect(server, auth=auth).get("/x")

    assert server.last.headers[name] == value


def test_several_at_once_and_a_key_in_the_query(connect: Connect, server: Server) -> None:
    auth = [BearerAuth("t"), ApiKeyAuth("k&", "api_key", "query")]

    connect(server, auth=auth).get("/x?a=1")

    assert server.last.headers["authorization"] == "Bearer t"
    assert str(server.last.url) == "https://pets.example/v1/x?a=1&api_key=k%26"


def test_a_call_may_have_other_credentials_or_none(connect: Connect, server: Server) -> None:
    client = connect(server, auth=("bearer", "t"))

    client.get("/x", auth=("bearer", "other"))
    client.get("/x", auth=None)

    assert [r.headers.get("authorization") for r in server.requests] == ["Bearer other", None]


@pytest.mark.parametrize("url", ["http://pets.example/v1/x", "https://pets.example:8443/v1/x"])
def test_another_origin_gets_no_credentials(connect: Connect, server: Server, url: str) -> None:
    client = connect(server, auth=("api_key", "k"), headers={"X-Mine": "1"}, cookies={"c": "1"})

    client.get(url)

    assert {"x-api-key", "x-mine", "cookie"}.isdisjoint(server.last.headers)


def test_an_absolute_url_of_the_same_origin_gets_them(connect: Connect, server: Server) -> None:
    connect(server, auth=("api_key", "k")).get("HTTPS://PETS.example:443/other")

    assert server.last.headers["x-api-key"] == "k"


@pytest.mark.parametrize("auth", ["token", ("bearer", 7), ("basic", "u"), object()])
def test_what_is_no_auth_is_refused(connect: Connect, auth: Any) -> None:
    with pytest.raises(ConfigurationError):
        connect(auth=auth)


@pytest.mark.parametrize("secret", ["line\nbreak", "secrét\n", " s3cret"])
def test_a_secret_that_cannot_be_sent_is_not_told(connect: Connect, secret: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        connect(auth=("api_key", secret))

    assert secret not in str(caught.value)


def api(security: Security, **schemes: Any) -> Api:
    arguments = {name: ARGUMENTS[name] for name in schemes if name in ARGUMENTS}
    servers = (ApiServer("https://pets.example"),)
    return Api("Pets", "1", "pets", "PETS_", servers, schemes, security, arguments)


ARGUMENTS = {
    "key": ("api_key",),
    "token": ("token",),
    "basic": ("username", "password"),
    "ownerAuth": ("owner_auth",),
}


KEY = ApiKey("X-Key", "header")
BEARER = HttpAuth("bearer")
GIVEN = {"key": "k", "token": "t"}


@pytest.mark.parametrize(
    ("security", "given", "sent"),
    [
        ((("key",),), {"key": "k"}, {"x-key": "k"}),
        ((("key",), ("token",)), {"token": "t"}, {"authorization": "Bearer t"}),
        ((("key", "token"), ("key",)), {"key": "k"}, {"x-key": "k"}),
        (
            (("key", "token"),),
            {"key": "k", "token": "t"},
            {"x-key": "k", "authorization": "Bearer t"},
        ),
        (((), ("key",)), {"key": "k"}, {"x-key": "k"}),
        (((), ("key",)), {}, {}),
        ((), {"key": "k"}, {}),
    ],
)
def test_the_first_complete_alternative_is_used(
    connect: Connect, server: Server, security: Security, given: Any, sent: dict[str, str]
) -> None:
    client = connect(server, None, api=api(security, key=KEY, token=BEARER), credentials=given)

    client._call(Operation("GET", "/x"))

    found = {n: v for n, v in server.last.headers.items() if n in ("x-key", "authorization")}
    assert found == sent


def test_missing_credentials_are_told_before_anything_is_sent(
    connect: Connect, server: Server
) -> None:
    client = connect(server, None, api=api((("key",), ("token",)), key=KEY, token=BEARER))

    with pytest.raises(ConfigurationError, match=r"api_key= \(PETS_API_KEY\) or token= \(PETS_TOK"):
        client._call(Operation("GET", "/x"))
    assert server.requests == []


def test_an_operation_may_ask_for_other_credentials(connect: Connect, server: Server) -> None:
    client = connect(server, None, api=api((("key",),), key=KEY), credentials={"key": "k"})

    client._call(Operation("GET", "/x", security=()))

    assert "x-key" not in server.last.headers


def test_credentials_come_from_the_environment(
    connect: Connect, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETS_API_KEY", "k")
    monkeypatch.setenv("PETS_OWNER_AUTH", "o")
    monkeypatch.setenv("PETS_USERNAME", "u")
    monkeypatch.setenv("PETS_PASSWORD", "p")
    schemes = {"key": KEY, "basic": HttpAuth("basic"), "ownerAuth": BEARER}
    client = connect(server, None, api=api((("key",),), **schemes))

    for security in ((("key",),), (("basic",),), (("ownerAuth",),)):
        client._call(Operation("GET", "/x", security=security))

    assert server.requests[0].headers["x-key"] == "k"
    assert server.requests[1].headers["authorization"] == "Basic dTpw"
    assert server.requests[2].headers["authorization"] == "Bearer o"


def test_an_unusual_http_scheme_is_sent_by_its_name(connect: Connect, server: Server) -> None:
    schemes = {"s": HttpAuth("DPoP")}
    client = connect(server, None, api=api((("s",),), **schemes), credentials={"s": "v"})

    client._call(Operation("GET", "/x"))

    assert server.last.headers["authorization"] == "DPoP v"


def test_a_generic_call_of_an_sdk_is_authenticated_too(connect: Connect, server: Server) -> None:
    connect(server, None, api=api((("key",),), key=KEY), credentials={"key": "k"}).get("/x")

    assert server.last.headers["x-key"] == "k"


def test_no_error_tells_the_password_that_a_server_repeats(connect: Connect) -> None:
    server = Server(httpx.Response(401, json={"message": "no ada with hunter2-hunter2"}))

    with pytest.raises(AuthenticationError) as caught:
        connect(server, auth=("basic", "ada", "hunter2-hunter2")).get("/x")
    assert "no ada with ***" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"next":"/x?token=abc","more":[1]}', '{"next":"/x?token=***","more":[1]}'),
        (r'{"a":"/x?token=abc\" b"}', r'{"a":"/x?token=***\" b"}'),
        ('</x?token=abc>; rel="next"', '</x?token=***>; rel="next"'),
        ("no token=<abc> here", "no token=***> here"),
        (r'{"a":"no token=\"abc\" here"}', r'{"a":"no token=***\" here"}'),
        ('{"a":"b"} no token="abc" here', '{"a":"b"} no token=***" here'),
        ('{"a":"no token=","b":"c"}', '{"a":"no token=","b":"c"}'),
        (r'{"a":"/x?token=a\/b\u00fc\\c"}', '{"a":"/x?token=***"}'),
        (
            '--b\r\nA: b; name="pwd"\r\nC: d\r\n\r\nabc\r\n--b',
            '--b\r\nA: b; name="pwd"\r\nC: d\r\n\r\n***\r\n--b',
        ),
    ],
)
def test_what_is_masked_keeps_its_form(text: str, shown: str) -> None:
    assert redact_text(text) == shown


@pytest.mark.parametrize("text", ["a", '; name="a"\r\n', '; name="a"\r\n\r\n', '{"a":"b=c'])
def test_a_long_text_is_searched_for_secrets_in_no_time(text: str) -> None:
    started = time.perf_counter()

    redact_text(text * 100_000)

    # Each letter may begin a scheme; to read on to the end from each took seconds.
    assert time.perf_counter() - started < 2


class Signed(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Signature"] = f"{request.method} {request.content.decode()}"
        yield request


def test_a_handler_of_httpx_may_set_any_header(connect: Connect, server: Server) -> None:
    connect(server, auth=Signed()).post("/x", content="body", headers={"X-Mine": "m"})

    assert server.last.headers["x-signature"] == "POST body"
    assert server.last.headers["x-mine"] == "m"


@pytest.mark.parametrize("auth", [("bearer", ""), TokenAuth(lambda: "")])
def test_a_token_that_is_empty_is_told_so(connect: Connect, auth: Any) -> None:
    with pytest.raises(ConfigurationError, match="token is empty"):
        connect(auth=auth).get("/x")


SECRET = "s3cr3t-value"


class Named(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Authentication"] = SECRET
        yield request


def put(request: Request) -> None:
    request.headers["X-Tenant"] = SECRET


@pytest.mark.parametrize(
    "auth",
    [put, Named(), ApiKeyAuth(SECRET, "X-Tenant"), ApiKeyAuth(SECRET, "code", "query")],
)
def test_credentials_are_secret_whatever_they_are_called(
    connect: Connect, caplog: pytest.LogCaptureFixture, auth: Any
) -> None:
    caplog.set_level(logging.DEBUG, "clientgen_runtime")
    server = Server(httpx.Response(403, json={"message": f"no {SECRET}"}, headers={"x-is": SECRET}))

    with pytest.raises(ForbiddenError) as caught:
        connect(server, auth=auth, log=LogConfig(bodies=True)).get("/x")

    sent = f"{server.last.url} {server.last.headers}"
    assert (SECRET in sent, SECRET in str(caught.value), SECRET in caplog.text) == (
        True,
        False,
        False,
    )


async def wait_for_it(request: Request) -> None:
    """Nobody waits for it."""


class Waiting:
    async def __call__(self, request: Request) -> None:
        """Nobody waits for it."""


class WaitingHandler:
    async def apply(self, request: Request) -> None:
        """Nobody waits for it."""


@pytest.mark.parametrize("auth", [wait_for_it, Waiting(), WaitingHandler()])
def test_credentials_that_nobody_would_wait_for_are_refused(connect: Connect, auth: Any) -> None:
    with pytest.raises(ConfigurationError, match="TokenAuth"):
        connect(auth=auth)
