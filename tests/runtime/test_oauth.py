"""Tokens of OAuth are fetched once, however many calls wait for one."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from clientgen_runtime import (
    AsyncClient,
    AuthorizationCode,
    Client,
    ConfigurationError,
    DecodeError,
    DeviceCode,
    DevicePrompt,
    JWTBearer,
    LogConfig,
    MemoryTokenStore,
    NotFoundError,
    OAuth2Auth,
    OAuth2Server,
    SigningKey,
    TimeoutConfig,
    TokenAuth,
    TotalTimeoutError,
)
from clientgen_runtime.sdk import Api, OAuth2, Operation
from clientgen_runtime.sdk import Server as ApiServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.runtime.driving import Connect

TOKEN_URL = "https://login.example/token"


class Server:
    """Answers with a token after a while; says where it was called."""

    def __init__(self, answer: dict[str, object]) -> None:
        self.answer = answer
        self.fetches: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "pets.example":
            return httpx.Response(200, text=request.headers["authorization"])
        self.fetches.append(request)
        time.sleep(0.02)
        return httpx.Response(200, json=self.answer)


def auth() -> OAuth2Auth:
    return OAuth2Auth(TOKEN_URL, "id", "secret")


def test_threads_share_one_fetch() -> None:
    server = Server({"access_token": "t", "expires_in": 60})
    with (
        Client(
            "https://pets.example", auth=auth(), transport=httpx.MockTransport(server)
        ) as client,
        ThreadPoolExecutor(20) as pool,
    ):
        texts = list(pool.map(lambda _: client.get("/x").text, range(20)))

    assert texts == ["Bearer t"] * 20
    assert len(server.fetches) == 1


def test_tasks_share_one_fetch() -> None:
    server = Server({"access_token": "t"})

    async def use() -> list[str]:
        transport = httpx.MockTransport(server)
        async with AsyncClient("https://pets.example", auth=auth(), transport=transport) as client:
            return [r.text for r in await asyncio.gather(*(client.get("/x") for _ in range(20)))]

    assert asyncio.run(use()) == ["Bearer t"] * 20
    assert len(server.fetches) == 1


def test_a_coroutine_that_takes_too_long_is_ended() -> None:
    ended: list[bool] = []

    async def fetch() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)
        return "t"

    async def use() -> None:
        timeout = TimeoutConfig(total=0.05)
        async with AsyncClient(
            "https://pets.example", auth=TokenAuth(fetch), timeout=timeout
        ) as client:
            await client.get("/x")

    with pytest.raises(TotalTimeoutError):
        asyncio.run(use())
    assert ended == [True]


def test_the_token_url_gets_nothing_that_is_for_the_api() -> None:
    server = Server({"access_token": "t"})
    transport = httpx.MockTransport(server)
    headers = {"X-Key": "secret"}
    with Client(
        "https://pets.example", auth=auth(), headers=headers, transport=transport
    ) as client:
        client.get("/x")

    assert "x-key" not in server.fetches[0].headers


def test_an_answer_without_a_token_is_an_error() -> None:
    transport = httpx.MockTransport(Server({"error": "?"}))
    with (
        Client("https://pets.example", auth=auth(), transport=transport) as client,
        pytest.raises(DecodeError, match="without an access_token"),
    ):
        client.get("/x")


@pytest.mark.parametrize(
    "issuer", ["https://login.example", "http://127.0.0.1:80", "http://[::1]/a", "http://localhost"]
)
def test_an_issuer_is_safe_on_its_way_or_on_this_machine(issuer: str) -> None:
    assert OAuth2Server(issuer).issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        *("http://login.example", "http://127.0.0.1.example", "http://127.evil", "login.example"),
        *("https://a@login.example", "https://login.example?x", "https://login.example#x"),
        *("https://", "ftp://login.example", "https://[::1", ""),
    ],
)
def test_what_is_no_issuer_is_refused(issuer: str) -> None:
    with pytest.raises(ConfigurationError, match="an issuer is an https URL"):
        OAuth2Server(issuer)


def test_a_server_without_any_place_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs issuer= or token_url="):
        OAuth2Server()


def test_metadata_of_an_issuer_with_a_path_is_asked_for_where_it_may_be(connect: Connect) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(404)

    server = OAuth2Server("https://login.example/tenant")
    with pytest.raises(NotFoundError):
        connect(answer, auth=OAuth2Auth(server, "id", "secret")).get("/x")
    assert asked == [
        "https://login.example/tenant/.well-known/openid-configuration",
        "https://login.example/.well-known/oauth-authorization-server/tenant",
    ]


def test_a_form_with_secrets_follows_no_redirect(connect: Connect) -> None:
    asked: list[str] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"Location": "https://evil.example/token"})

    with pytest.raises(DecodeError, match="without an access_token: status 307"):
        connect(redirect, auth=auth()).get("/x")
    assert asked == ["login.example"]


def test_no_log_tells_a_secret_or_a_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    transport = httpx.MockTransport(Server({"access_token": "t0ken-of-today"}))
    auth = OAuth2Auth(TOKEN_URL, "id", "s3cret-of-ours", refresh_token="r3fresh-of-theirs")
    log = LogConfig(bodies=True)
    with Client("https://pets.example", auth=auth, log=log, transport=transport) as client:
        client.get("/x")

    assert caplog.text
    for secret in ("s3cret-of-ours", "r3fresh-of-theirs", "t0ken-of-today"):
        assert secret not in caplog.text + repr(auth)


OAUTH_API = Api(
    "Pets",
    "1",
    "pets",
    "PETS_",
    (ApiServer("https://pets.example"),),
    {"oauth": OAuth2(TOKEN_URL)},
    (("oauth",),),
    {"oauth": ("token", "client_id", "client_secret")},
)


def test_auth_takes_the_place_of_what_the_document_asks_for(connect: Connect) -> None:
    server = Server({"access_token": "t"})
    given = {"oauth": ("of-the-document", None, None)}
    call: Operation[str] = Operation("GET", "/x", {"200": lambda: str})

    plain = connect(server, None, api=OAUTH_API, credentials=given)
    client = connect(server, None, api=OAUTH_API, credentials=given, auth=auth())

    assert plain._call(call) == "Bearer of-the-document"
    assert connect.drive(plain.with_options(auth=auth()))._call(call) == "Bearer t"
    assert client._call(call) == client.get("/x").text == "Bearer t"


def test_kept_tokens_are_those_of_one_server(connect: Connect) -> None:
    """A token URL that is relative means another server in each API."""
    store = MemoryTokenStore()
    servers = [Server({"access_token": f"t{number}"}) for number in range(2)]
    for number, server in enumerate(servers):
        shared = OAuth2Auth("/token", "id", "secret", store=store)
        client = connect(server, f"https://login{number}.example", auth=shared)
        client.get("https://pets.example/x", auth=shared)

    assert [len(server.fetches) for server in servers] == [1, 1]


class Device:
    """A server of devices with the answers that it is given."""

    def __init__(self, started: object, *answers: httpx.Response | Exception) -> None:
        self.started = started
        self.answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/device":
            return httpx.Response(200, json=self.started)
        if request.url.path != "/token":
            return httpx.Response(200, text=request.headers["authorization"])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def device_auth(show: Callable[[DevicePrompt], object]) -> OAuth2Auth:
    server = OAuth2Server(
        token_url="https://login.example/token", device_url="https://login.example/device"
    )
    return OAuth2Auth(server, "id", grant=DeviceCode(show))


def test_a_device_goes_on_when_the_connection_breaks(connect: Connect, slept: list[float]) -> None:
    prompts: list[DevicePrompt] = []
    server = Device(
        # As some servers wrote it before the standard did, and with tricks for terminals.
        {"device_code": "d", "user_code": "A\x1b[2J", "verification_url": "https://a.example"},
        *(httpx.ConnectError("refused"), httpx.ReadTimeout("")),
        # A server that tells of errors with a 200.
        httpx.Response(200, json={"error": "authorization_pending"}),
        httpx.Response(200, json={"access_token": "t"}),
    )

    answer = connect(server, auth=device_auth(prompts.append)).get("/x")

    assert answer.text == "Bearer t"
    assert slept == [5, 10, 20, 20]
    assert prompts == [DevicePrompt("A[2J", "https://a.example")]


def test_a_device_goes_on_while_the_server_is_in_trouble(
    connect: Connect, slept: list[float]
) -> None:
    server = Device(
        # As some servers write numbers.
        {
            "device_code": "d",
            "user_code": "A",
            "verification_uri": "https://a.example",
            "interval": "2",
            "expires_in": "900",
        },
        httpx.Response(503, json={"error": "temporarily_unavailable"}),
        httpx.Response(200, json={"access_token": "t"}),
    )
    prompts: list[DevicePrompt] = []

    assert connect(server, auth=device_auth(prompts.append)).get("/x").text == "Bearer t"
    assert slept == [2, 4]
    assert prompts[0].expires_in == 900


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("code", ["invalid_grant", "bad_refresh_token"])
def test_a_refresh_token_that_is_good_no_more_is_replaced_however_that_is_told(
    connect: Connect, status: int, code: str
) -> None:
    pytest.importorskip("jwt")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "pets.example":
            return httpx.Response(200, text=request.headers["authorization"])
        if b"refresh_token=" in request.content:
            return httpx.Response(status, json={"error": code})
        return httpx.Response(200, json={"access_token": "t"})

    key = SigningKey("0123456789abcdef0123456789abcdef", "HS256")
    grant = JWTBearer(key, subject="ada")
    auth = OAuth2Auth(TOKEN_URL, "id", refresh_token="old", grant=grant)

    assert connect(answer, auth=auth).get("/x").text == "Bearer t"


@pytest.mark.parametrize("started", [[], {}, {"device_code": "d", "user_code": "A"}])
def test_a_device_without_a_code_is_an_error(connect: Connect, started: object) -> None:
    with pytest.raises(DecodeError, match="the device URL"):
        connect(Device(started), auth=device_auth(lambda _: None)).get("/x")


def test_users_are_told_where_to_log_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)

    AuthorizationCode().open_url("https://login.example/a")
    DeviceCode().show(DevicePrompt("ABCD", "https://login.example/b"))

    assert opened == ["https://login.example/a"]
    assert capsys.readouterr().err == (
        "To log in, open https://login.example/a\n"
        "To log in, open https://login.example/b and enter ABCD\n"
    )


def test_a_server_may_revoke_refresh_tokens_alone(connect: Connect) -> None:
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        is_access = b"hint=access_token" in request.content
        error = {"error": "unsupported_token_type"}
        return httpx.Response(400, json=error) if is_access else httpx.Response(200)

    server = OAuth2Server(token_url=TOKEN_URL, revocation_url="https://login.example/revoke")
    auth = OAuth2Auth(server, "id", refresh_token="r-1", token="t-1")
    target = connect(answer)._target
    name = "logout_async" if connect.is_async else "logout"
    getattr(connect.drive(auth), name)(target)

    assert asked == [
        b"token=r-1&token_type_hint=refresh_token&client_id=id",
        b"token=t-1&token_type_hint=access_token&client_id=id",
    ]


def test_a_client_that_signs_names_the_token_url_wherever_it_is_asked(connect: Connect) -> None:
    jwt = pytest.importorskip("jwt")
    key = "0123456789abcdef0123456789abcdef"
    told: dict[str, str] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        (assertion,) = parse_qs(request.content.decode())["client_assertion"]
        claims = jwt.decode(assertion, options={"verify_signature": False})
        told[request.url.path] = claims["aud"]
        return httpx.Response(200)

    server = OAuth2Server(token_url=TOKEN_URL, revocation_url="https://login.example/revoke")
    auth = OAuth2Auth(server, "id", client_key=SigningKey(key, "HS256"), token="t-1")
    name = "logout_async" if connect.is_async else "logout"
    getattr(connect.drive(auth), name)(connect(answer)._target)

    assert told == {"/revoke": TOKEN_URL}


def test_a_signature_says_for_whom_and_by_which_key() -> None:
    jwt = pytest.importorskip("jwt")
    key = "0123456789abcdef0123456789abcdef"
    signed = SigningKey(key, "HS256", key_id="k-1", audience="me", lifetime=30).sign({"sub": "ada"})

    claims = jwt.decode(signed, key, ["HS256"], audience="me")

    assert jwt.get_unverified_header(signed)["kid"] == "k-1"
    assert claims["exp"] - claims["iat"] == 30
    assert claims.keys() == {"iat", "exp", "jti", "sub", "aud"}
