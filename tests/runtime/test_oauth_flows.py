"""Every flow of OAuth, against a provider that is made of another library."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from clientgen_runtime import (
    AsyncClient,
    AuthenticationError,
    AuthorizationCode,
    BadRequestError,
    Client,
    ClientError,
    ConfigurationError,
    DecodeError,
    DeviceCode,
    DevicePrompt,
    FileTokenStore,
    JWTBearer,
    LogConfig,
    LoginFailedError,
    MemoryTokenStore,
    OAuth2Auth,
    OAuth2Server,
    ServerError,
    SigningKey,
    TimeoutConfig,
    TimeoutError,  # noqa: A004
    TotalTimeoutError,
)

pytest.importorskip("authlib")
from tests.support.oauth_provider import PRIVATE_KEY, SECRET, Provider, browse, open_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.runtime.driving import Connect

LOGIN = AuthorizationCode(open_url=browse)


@pytest.fixture
def provider() -> Iterator[Provider]:
    started = Provider()
    yield started
    started.close()


def oauth(provider: Provider, client_id: str = "public", **options: Any) -> OAuth2Auth:
    options.setdefault("scopes", ["read", "write"])
    return OAuth2Auth(OAuth2Server(provider.url), client_id, **options)


def used(connect: Connect, provider: Provider, auth: OAuth2Auth, **options: Any) -> Any:
    """A client whose first call has been made."""
    client = connect(None, provider.url, auth=auth, **options)
    client.get("/api")
    return client


def async_or_not(connect: Connect, auth: OAuth2Auth, name: str, client: Any) -> Any:
    method = getattr(connect.drive(auth), f"{name}_async" if connect.is_async else name)
    return method(client._target)


# --- Authorization code --------------------------------------------------------------------


def test_a_user_logs_in_with_the_browser(connect: Connect, provider: Provider) -> None:
    client = connect(None, provider.url, auth=oauth(provider, grant=LOGIN))

    assert client.get("/api").json()["scope"] == "read write"
    (asked,) = provider.asked["/token"]
    assert asked["grant_type"] == "authorization_code"
    assert len(asked["code_verifier"]) >= 43
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")


def test_the_page_of_the_login_is_asked_for_as_the_standards_say(
    connect: Connect, provider: Provider
) -> None:
    pages: list[str] = []

    def open_url(url: str) -> None:
        pages.append(url)
        browse(url)

    grant = AuthorizationCode(open_url, params={"prompt": "consent"})
    used(connect, provider, oauth(provider, grant=grant))

    query = parse_qs(urlsplit(pages[0]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["prompt"] == ["consent"]
    assert {"state", "code_challenge", "redirect_uri"} <= query.keys()


def test_a_user_who_says_no_is_an_error(connect: Connect, provider: Provider) -> None:
    provider.user_says = "no"

    with pytest.raises(LoginFailedError, match="the login was refused: access_denied") as caught:
        used(connect, provider, oauth(provider, grant=LOGIN))
    assert caught.value.reason == "access_denied"


def test_a_user_who_does_nothing_is_waited_for_so_long(
    connect: Connect, provider: Provider
) -> None:
    grant = AuthorizationCode(lambda _: None, timeout=0.1)

    with pytest.raises(LoginFailedError, match=r"nobody logged in within 0\.1 seconds"):
        used(connect, provider, oauth(provider, grant=grant))


def test_a_login_does_not_outlive_the_deadline_of_its_call(
    connect: Connect, provider: Provider
) -> None:
    auth = oauth(provider, grant=AuthorizationCode(lambda _: None))

    with pytest.raises(TotalTimeoutError):
        used(connect, provider, auth, timeout=TimeoutConfig(total=0.3))


def test_an_answer_with_another_state_is_not_taken(connect: Connect, provider: Provider) -> None:
    pages: list[str] = []

    def attacked(url: str) -> None:
        (back,) = parse_qs(urlsplit(url).query)["redirect_uri"]

        def attack() -> None:
            pages.append(open_page(f"{back}?code=evil&state=guessed"))
            pages.append(open_page(back.replace("/callback", "/favicon.ico")))
            open_page(url)

        threading.Thread(target=attack, daemon=True).start()

    used(connect, provider, oauth(provider, grant=AuthorizationCode(attacked)))

    assert "not the answer" in pages[0]
    assert "nothing here" in pages[1]
    assert "evil" not in str(provider.asked["/token"])


@pytest.mark.parametrize("stated", [None, "https://evil.example"])
def test_an_answer_of_another_server_is_not_taken(
    connect: Connect, provider: Provider, stated: str | None
) -> None:
    provider.issuer_in_answers = stated

    with pytest.raises(LoginFailedError, match="another server"):
        used(connect, provider, oauth(provider, grant=LOGIN))
    assert provider.asked["/token"] == []


def test_a_server_may_insist_on_a_name_of_this_machine(
    connect: Connect, provider: Provider
) -> None:
    provider.clients["public"].loopback = "localhost"

    used(connect, provider, oauth(provider, grant=AuthorizationCode(browse, "localhost")))

    assert provider.asked["/token"][0]["redirect_uri"].startswith("http://localhost:")


def test_a_user_logs_in_under_trio(provider: Provider) -> None:
    pytest.importorskip("trio")
    import anyio

    async def main() -> int:
        auth = oauth(provider, grant=LOGIN)
        async with AsyncClient(provider.url, auth=auth) as client:
            return (await client.get("/api")).status_code

    assert anyio.run(main, backend="trio") == 200


def test_a_port_that_is_taken_is_told(connect: Connect, provider: Provider) -> None:
    port = int(provider.url.rpartition(":")[2])

    with pytest.raises(ConfigurationError, match=f"port {port} of 127.0.0.1"):
        used(connect, provider, oauth(provider, grant=AuthorizationCode(port=port)))


def test_the_path_of_the_page_may_lack_its_slash(connect: Connect, provider: Provider) -> None:
    used(connect, provider, oauth(provider, grant=AuthorizationCode(browse, path="callback")))

    assert provider.asked["/token"][0]["redirect_uri"].endswith("/callback")


def test_a_browser_may_be_opened_by_a_coroutine(connect: Connect, provider: Provider) -> None:
    async def open_url(url: str) -> None:
        browse(url)

    auth = oauth(provider, grant=AuthorizationCode(open_url))

    if connect.is_async:
        used(connect, provider, auth)
    else:
        with pytest.raises(ConfigurationError, match="AsyncClient"):
            used(connect, provider, auth)


# --- Device code ---------------------------------------------------------------------------


def test_a_user_logs_in_on_another_device(
    connect: Connect, provider: Provider, slept: list[float]
) -> None:
    provider.pending = ["pending", "slow_down", "pending"]
    prompts: list[DevicePrompt] = []

    used(connect, provider, oauth(provider, grant=DeviceCode(prompts.append)))

    assert prompts[0].verification_uri == f"{provider.url}/activate"
    assert prompts[0].user_code in (prompts[0].verification_uri_complete or "")
    assert slept == [5, 5, 10, 10]
    assert set(provider.grants()) == {"device_code"}


def test_a_device_asks_less_often_when_the_server_is_in_trouble(
    connect: Connect, provider: Provider, slept: list[float]
) -> None:
    provider.failures = [(503, {}), (502, "oops")]

    used(connect, provider, oauth(provider, grant=DeviceCode(lambda _: None)))

    assert slept == [5, 10, 20]


def test_a_device_whose_user_says_no_is_an_error(
    connect: Connect, provider: Provider, slept: list[float]
) -> None:
    provider.user_says = "no"

    with pytest.raises(LoginFailedError) as caught:
        used(connect, provider, oauth(provider, grant=DeviceCode(lambda _: None)))
    assert caught.value.reason == "access_denied"


def test_a_code_that_ends_is_an_error(
    connect: Connect, provider: Provider, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.user_says = "later"

    def show(_: DevicePrompt) -> None:
        for credential in provider.devices.values():
            credential["expires_at"] = time.time() - 1

    with pytest.raises(LoginFailedError) as caught:
        used(connect, provider, oauth(provider, grant=DeviceCode(show)))
    assert caught.value.reason == "expired_token"


def test_a_device_does_not_ask_with_a_code_that_has_ended(
    connect: Connect, provider: Provider, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("authlib.oauth2.rfc8628.DeviceAuthorizationEndpoint.EXPIRES_IN", 0)

    with pytest.raises(LoginFailedError, match="not entered in time"):
        used(connect, provider, oauth(provider, grant=DeviceCode(lambda _: None)))
    assert provider.asked["/token"] == []


# --- The client's own credentials, and assertions ------------------------------------------


@pytest.mark.parametrize("client_id", ["app", "old-app"])
def test_a_secret_goes_where_the_server_takes_it(
    connect: Connect, provider: Provider, client_id: str
) -> None:
    client = used(connect, provider, oauth(provider, client_id, client_secret=SECRET))

    assert client.get("/api").json()["scope"] == "read write"
    assert provider.grants()[-1] == "client_credentials"


def test_a_client_signs_instead_of_having_a_secret(connect: Connect, provider: Provider) -> None:
    pytest.importorskip("jwt")
    key = SigningKey(PRIVATE_KEY, "ES256")

    used(connect, provider, oauth(provider, "robot", client_key=key))

    (asked,) = provider.asked["/token"]
    assert asked["client_assertion_type"].endswith("jwt-bearer")
    assert "client_secret" not in asked


def test_a_service_account_signs_an_assertion(connect: Connect, provider: Provider) -> None:
    pytest.importorskip("jwt")
    grant = JWTBearer(SigningKey(PRIVATE_KEY, "ES256"), subject="ada")

    client = used(connect, provider, oauth(provider, grant=grant))
    provider.revoke_all()
    client.get("/api")

    assert provider.grants() == ["jwt-bearer"] * 2


def test_an_assertion_for_nobody_is_refused(connect: Connect, provider: Provider) -> None:
    pytest.importorskip("jwt")
    grant = JWTBearer(SigningKey(PRIVATE_KEY, "ES256"), subject="eve")

    with pytest.raises(BadRequestError, match="'sub'"):
        used(connect, provider, oauth(provider, grant=grant))


@pytest.mark.parametrize(("key", "algorithm"), [("no key", "ES256"), (PRIVATE_KEY, "RS256")])
def test_a_key_that_cannot_sign_is_not_told(key: str, algorithm: str) -> None:
    pytest.importorskip("jwt")

    with pytest.raises(ConfigurationError, match=f"cannot be used with {algorithm}") as caught:
        SigningKey(key, algorithm).sign({})
    assert key not in "".join(traceback.format_exception(caught.value))


# --- Renewal -------------------------------------------------------------------------------


def test_a_token_that_ends_is_renewed_without_the_user(
    connect: Connect, provider: Provider
) -> None:
    provider.lifetime = 1
    client = used(connect, provider, oauth(provider, grant=LOGIN))

    client.get("/api")
    client.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token", "refresh_token"]
    # Each refresh token served once: the provider has replaced it.
    sent = [form["refresh_token"] for form in provider.asked["/token"][1:]]
    assert len(set(sent)) == 2


def test_a_revoked_token_is_renewed(connect: Connect, provider: Provider) -> None:
    client = used(connect, provider, oauth(provider, grant=LOGIN))
    provider.revoke_all()

    client.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token"]


def test_when_all_is_revoked_the_user_logs_in_again(connect: Connect, provider: Provider) -> None:
    client = used(connect, provider, oauth(provider, grant=LOGIN))
    provider.revoke_all(refresh=True)

    client.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token", "authorization_code"]


def test_a_token_is_renewed_before_its_end_and_serves_until_then(
    connect: Connect, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lifetime = 1000
    auth = oauth(provider, grant=LOGIN, advisory_window=250)
    client = used(connect, provider, auth)
    auth._early = 0  # the window has come
    provider.failures = [(503, {})]

    client.get("/api")
    client.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token"]
    assert "the old one is still good" in caplog.text
    auth._early = 0
    client.get("/api")
    assert provider.grants()[2:] == ["refresh_token"]


def test_nobody_is_asked_to_log_in_while_the_token_is_good(
    connect: Connect, provider: Provider
) -> None:
    auth = oauth(provider, grant=LOGIN)
    client = used(connect, provider, auth)
    auth._early = 0
    for token in provider.issued:
        token.can_refresh = False

    client.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token"]


# --- Many at once --------------------------------------------------------------------------


def test_threads_wait_for_one_login(provider: Provider) -> None:
    auth = oauth(provider, grant=LOGIN)
    with Client(provider.url, auth=auth) as client, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.get("/api").status_code, range(20)))

    assert answers == [200] * 20
    assert provider.grants() == ["authorization_code"]


def test_tasks_wait_for_one_login_even_when_the_first_is_cancelled(provider: Provider) -> None:
    is_open: list[str] = []
    auth = oauth(provider, grant=AuthorizationCode(is_open.append))

    async def main() -> list[int]:
        async with AsyncClient(provider.url, auth=auth) as client:
            first = asyncio.create_task(client.get("/api"))
            while not is_open:
                await asyncio.sleep(0.01)
            others = [asyncio.create_task(client.get("/api")) for _ in range(20)]
            await asyncio.sleep(0)
            first.cancel()
            while len(is_open) < 2:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(open_page, is_open[1])
            return [(await other).status_code for other in others]

    assert asyncio.run(main()) == [200] * 20
    assert provider.grants() == ["authorization_code"]


def test_threads_and_event_loops_renew_once(provider: Provider) -> None:
    """A refresh token serves once: a second use would look like a theft."""
    auth = oauth(provider, grant=LOGIN)

    async def in_loop() -> int:
        async with AsyncClient(provider.url, auth=auth) as client:
            return (await client.get("/api")).status_code

    with Client(provider.url, auth=auth) as client:
        client.get("/api")
        provider.revoke_all()
        with ThreadPoolExecutor(6) as pool:
            calls = [pool.submit(client.get, "/api") for _ in range(3)]
            loops = [pool.submit(asyncio.run, in_loop()) for _ in range(3)]

        assert [call.result().status_code for call in calls] == [200] * 3
        assert [loop.result() for loop in loops] == [200] * 3
    assert provider.grants() == ["authorization_code", "refresh_token"]


def test_programs_that_share_a_file_renew_once(provider: Provider, tmp_path: Path) -> None:
    def program(_: int) -> int:
        store = FileTokenStore(tmp_path / "tokens.json")
        with Client(provider.url, auth=oauth(provider, grant=LOGIN, store=store)) as client:
            return client.get("/api").status_code

    program(0)
    provider.revoke_all()
    # None of them knows of the others but by the file, whose token is refused.
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(program, range(6))) == [200] * 6
    assert provider.grants() == ["authorization_code", "refresh_token"]


def test_one_call_renews_early_and_others_go_on(provider: Provider) -> None:
    auth = oauth(provider, grant=LOGIN)
    with Client(provider.url, auth=auth) as client, ThreadPoolExecutor(1) as pool:
        old = client.get("/api").json()["token"]
        auth._early = 0
        provider.gate.clear()
        first = pool.submit(client.get, "/api")
        while len(provider.asked["/token"]) < 2:
            time.sleep(0.001)

        assert client.get("/api").json()["token"] == old
        provider.gate.set()
        assert first.result().json()["token"] != old


# --- Failures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ((500, {"error": "oops"}), ServerError),
        ((400, {"error": "invalid_scope"}), BadRequestError),
        ((401, {"error": "invalid_client"}), AuthenticationError),
        ((302, {}), DecodeError),
        ((200, "<html>"), DecodeError),
        ((200, {"token_type": "mac", "access_token": "t"}), DecodeError),
        ((200, {"error": "bad_verification_code"}), DecodeError),
    ],
)
def test_a_failing_server_is_an_error_of_ours(
    connect: Connect, provider: Provider, failure: tuple[int, Any], kind: type[ClientError]
) -> None:
    provider.failures = [failure] * 2

    with pytest.raises(kind):
        used(connect, provider, oauth(provider, "app", client_secret=SECRET))
    assert provider.calls == 0


def test_a_slow_server_is_not_waited_for_past_the_deadline(
    connect: Connect, provider: Provider
) -> None:
    provider.gate.clear()
    auth = oauth(provider, "app", client_secret=SECRET)
    started = time.monotonic()

    with pytest.raises(TotalTimeoutError):
        used(connect, provider, auth, timeout=TimeoutConfig(total=0.2))
    with pytest.raises(TimeoutError):
        used(connect, provider, oauth(provider, "app", client_secret=SECRET, timeout=0.2))
    assert time.monotonic() - started < 5


def test_a_call_with_little_time_does_not_take_it_from_others(provider: Provider) -> None:
    provider.gate.clear()
    auth = oauth(provider, "app", client_secret=SECRET)

    def call(client: Client) -> str:
        try:
            return str(client.get("/api").status_code)
        except ClientError as error:
            return type(error).__name__

    with Client(provider.url, auth=auth) as client, ThreadPoolExecutor(3) as pool:
        hasty = client.with_options(timeout=TimeoutConfig(total=0.1))
        first = pool.submit(call, hasty)
        while not provider.asked["/token"]:
            time.sleep(0.001)
        patient, second = pool.submit(call, client), pool.submit(call, hasty)

        assert [first.result(), second.result()] == ["TotalTimeoutError"] * 2
        provider.gate.set()
        assert patient.result() == "200"


# --- Discovery -----------------------------------------------------------------------------


def test_metadata_is_found_where_rfc_8414_has_it(connect: Connect, provider: Provider) -> None:
    provider.hidden.add("/.well-known/openid-configuration")

    used(connect, provider, oauth(provider, "app", client_secret=SECRET))

    assert len(provider.asked["/.well-known/oauth-authorization-server"]) == 1


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"issuer": "https://evil.example"}, "another issuer, 'https://evil.example'"),
        ({"token_endpoint": "http://evil.example/token"}, "token_endpoint that is no https URL"),
        ({"token_endpoint": 7}, "token_endpoint that is no https URL"),
    ],
)
def test_metadata_that_leads_astray_is_refused(
    connect: Connect,
    provider: Provider,
    stated: dict[str, Any],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metadata = {**provider.metadata(), **stated}
    monkeypatch.setattr(provider, "metadata", lambda: metadata)

    with pytest.raises(DecodeError, match=message):
        used(connect, provider, oauth(provider, "app", client_secret=SECRET))
    assert provider.asked["/token"] == []


def test_a_missing_endpoint_is_told(connect: Connect, provider: Provider) -> None:
    auth = OAuth2Auth(f"{provider.url}/token", "public", grant=LOGIN)

    with pytest.raises(ConfigurationError, match="OAuth2Server has no authorization_url="):
        used(connect, provider, auth)


# --- Stores, login and logout --------------------------------------------------------------


def test_the_next_run_of_a_program_needs_no_login(
    connect: Connect, provider: Provider, tmp_path: Path
) -> None:
    for _ in range(2):
        store = FileTokenStore(tmp_path / "tokens.json")
        used(connect, provider, oauth(provider, grant=LOGIN, store=store))

    assert provider.grants() == ["authorization_code"]


def test_programs_that_share_a_file_find_what_another_has_renewed(
    connect: Connect, provider: Provider, tmp_path: Path
) -> None:
    first, second = (
        used(
            connect,
            provider,
            oauth(provider, grant=LOGIN, store=FileTokenStore(tmp_path / "tokens.json")),
        )
        for _ in range(2)
    )
    provider.revoke_all()

    first.get("/api")
    second.get("/api")

    assert provider.grants() == ["authorization_code", "refresh_token"]


def test_tokens_of_another_client_are_not_taken(connect: Connect, provider: Provider) -> None:
    store = MemoryTokenStore()
    used(connect, provider, oauth(provider, grant=LOGIN, store=store))

    used(connect, provider, oauth(provider, "app", client_secret=SECRET, store=store))

    assert provider.grants() == ["authorization_code", "client_credentials"]


def test_tokens_of_another_user_or_of_the_client_itself_are_not_taken(
    connect: Connect, provider: Provider
) -> None:
    pytest.importorskip("jwt")
    store = MemoryTokenStore()
    key = SigningKey(PRIVATE_KEY, "ES256")
    for grant in (JWTBearer(key, subject="ada"), JWTBearer(key), LOGIN, None):
        client_key = key if grant is None else None
        client_id = "robot" if grant is None else "public"
        auth = oauth(provider, client_id, grant=grant, client_key=client_key, store=store)
        used(connect, provider, auth)

    assert provider.grants() == [
        *("jwt-bearer", "jwt-bearer", "authorization_code", "client_credentials")
    ]


def test_who_waits_too_long_for_a_store_is_told(connect: Connect, provider: Provider) -> None:
    store = MemoryTokenStore()
    store.lock().acquire(False)

    with pytest.raises(TimeoutError, match="another program is renewing"):
        used(connect, provider, oauth(provider, grant=LOGIN, store=store, timeout=0.1))


def test_a_login_may_be_a_command_of_its_own(connect: Connect, provider: Provider) -> None:
    auth = oauth(provider, grant=LOGIN)
    client = connect(None, provider.url, auth=auth)

    async_or_not(connect, auth, "login", client)
    async_or_not(connect, auth, "login", client)
    client.get("/api")

    assert provider.grants() == ["authorization_code"] * 2


def test_a_logout_revokes_and_forgets_all(
    connect: Connect, provider: Provider, tmp_path: Path
) -> None:
    store = FileTokenStore(tmp_path / "tokens.json")
    auth = oauth(provider, grant=LOGIN, store=store)
    client = used(connect, provider, auth)

    async_or_not(connect, auth, "logout", client)

    hints = [form["token_type_hint"] for form in provider.asked["/revoke"]]
    assert hints == ["refresh_token", "access_token"]
    assert all(token.is_revoked and not token.can_refresh for token in provider.issued)
    assert auth.token is None
    assert "c4n4ry" not in (tmp_path / "tokens.json").read_text()


def test_a_logout_that_the_server_does_not_hear_of_forgets_all_the_same(
    connect: Connect, provider: Provider
) -> None:
    auth = oauth(provider, "app", client_secret=SECRET)
    client = used(connect, provider, auth)
    provider.hidden.add("/revoke")

    with pytest.raises(ClientError):
        async_or_not(connect, auth, "logout", client)
    assert auth.token is None


# --- Together with other settings ----------------------------------------------------------


def test_a_call_may_have_credentials_of_its_own(connect: Connect, provider: Provider) -> None:
    client = connect(None, provider.url, auth=("bearer", "wrong"))

    answer = client.get("/api", auth=oauth(provider, "app", client_secret=SECRET))

    assert answer.status_code == 200


def test_a_token_stays_with_the_origin_of_the_client(connect: Connect, provider: Provider) -> None:
    client = used(connect, provider, oauth(provider, "app", client_secret=SECRET))

    other = client.get(provider.url.replace("127.0.0.1", "localhost"), raise_for_status=False)

    assert "authorization" not in other.request.headers


@pytest.mark.parametrize("failure", [None, (400, "echo"), (200, "echo")])
def test_no_secret_is_told(
    connect: Connect,
    provider: Provider,
    tmp_path: Path,
    failure: tuple[int, str] | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that fails repeats what it got, as careless ones do."""
    caplog.set_level(logging.DEBUG)
    seen: list[object] = []
    hooks = {"request": [seen.append], "response": [seen.append]}
    store = FileTokenStore(tmp_path / "tokens.json")
    auth = oauth(
        provider,
        "app",
        client_secret=SECRET,
        refresh_token="given-c4n4ry" if failure else None,
        grant=LOGIN,
        store=store,
    )
    if failure:
        token = type(provider)._token
        echo = lambda p, r: (p.failures.append((failure[0], str(r.form))), token(p, r))[1]  # noqa: E731
        monkeypatch.setattr(type(provider), "_token", echo)
    log = LogConfig(bodies=True)
    client = connect(None, provider.url, auth=auth, log=log, event_hooks=hooks)
    told: list[str] = []
    try:
        client.get("/api")
        async_or_not(connect, auth, "logout", client)
    except ClientError as error:
        told += [*traceback.format_exception(error), repr(error.request), repr(error)]

    told += [str(vars(r)) for r in caplog.records if not r.name.startswith("authlib")]
    told += [repr(auth), repr(auth._provider), repr(store), repr(client._target._settings)]
    assert bool(failure) == any("Error" in text for text in told)
    assert [text for text in told if "c4n4ry" in text] == []
    assert all("/token" not in str(event) for event in seen)
