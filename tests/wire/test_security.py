"""Who calls, and how the document wants to be told."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from clientgen_runtime import BadRequestError, ConfigurationError
from tests.support.recorder import Answer
from tests.wire.calls import method_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.recorder import Sent
    from tests.wire.conftest import Wire

DOCUMENT = "security.yaml"
covers = pytest.mark.covers


def call(wire: Wire, operation_id: str, **credentials: Any) -> Sent:
    """Make a call with a client that has these credentials."""
    wire.answer(status=204)
    return called(wire, wire.connect(**credentials), operation_id)


def called(wire: Wire, client: Any, operation_id: str) -> Sent:
    *owners, name = method_of(wire, operation_id).split(".")
    for owner in owners:
        client = wire.drive(getattr(client, owner))
    getattr(client, name)()
    return wire.sent


@covers("apiKey in header, query, cookie")
def test_a_key_goes_where_the_document_says(wire: Wire) -> None:
    assert call(wire, "default_get", api_key="k").header("X-Key") == "k"
    assert call(wire, "key_query", query_key="k&").target == "/key/query?api_key=k%26"
    assert call(wire, "key_cookie", cookie_key="k;").header("Cookie") == "session=k%3B"


@covers("http: basic, bearer, other schemes")
def test_http_schemes_go_into_the_authorization_header(wire: Wire) -> None:
    basic = call(wire, "basic_get", username="user", password="p:ss")
    assert basic.header("Authorization") == "Basic " + base64.b64encode(b"user:p:ss").decode()
    bearer = call(wire, "bearer_get", token="t")
    assert bearer.header("Authorization") == "Bearer t"
    # As the document writes it: some servers compare it letter by letter.
    custom = call(wire, "custom_get", shared_key="valid-key")
    assert custom.header("Authorization") == "SharedKey valid-key"


@covers("http: digest")
def test_digest_answers_a_challenge(wire: Wire) -> None:
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'}

    def answer(sent: Sent) -> Answer:
        if sent.header("Authorization") is None:
            return Answer(401, b"", None, challenge)
        return Answer(204)

    wire.server.answers = answer
    client = wire.connect(digest_login_username="u", digest_login_password="p")

    told = called(wire, client, "digest_get").header("Authorization") or ""
    assert told.startswith('Digest username="u", realm="r", nonce="n", uri="/digest"')
    assert len(wire.server.requests) == 2


@covers("oauth2 implicit and openIdConnect take tokens")
def test_flows_that_need_a_browser_take_a_token(wire: Wire) -> None:
    implicit = call(wire, "implicit_get", implicit_grant="t")
    assert implicit.header("Authorization") == "Bearer t"
    assert call(wire, "openid_get", open_id="t").header("Authorization") == "Bearer t"
    assert call(wire, "machine_get", machine_grant="t").header("Authorization") == "Bearer t"


@covers("oauth2 device flow, schemes by URI", "3.2")
def test_a_scheme_may_be_named_by_its_uri(wire: Wire) -> None:
    assert call(wire, "device_get", device_grant="t").header("Authorization") == "Bearer t"
    wire.server.answers = tokens = TokenServer()
    called(wire, wire.connect(device_grant_refresh_token="r"), "device_get")
    assert tokens.asked[0].body == b"grant_type=refresh_token&refresh_token=r"


@covers("mutualTLS")
def test_a_certificate_is_asked_for_before_anything_is_sent(wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match="GET /certificate needs credentials: cert="):
        call(wire, "certificate_get")

    assert wire.server.requests == []


@covers("mutualTLS")
def test_a_client_with_a_certificate_may_call(wire: Wire, tmp_path: Path) -> None:
    pem = tmp_path / "client.pem"
    trustme.CA().issue_cert("client.example").private_key_and_cert_chain_pem.write_to_path(pem)

    assert call(wire, "certificate_get", cert=str(pem)).target == "/certificate"


@covers("alternatives and combinations")
def test_combined_schemes_are_all_sent(wire: Wire) -> None:
    sent = call(wire, "both_get", api_key="k", token="t")

    assert (sent.header("X-Key"), sent.header("Authorization")) == ("k", "Bearer t")


@covers("alternatives and combinations")
def test_the_first_alternative_that_is_complete_is_used(wire: Wire) -> None:
    both = call(wire, "either_get", query_key="k", token="t")
    assert (both.target, both.header("Authorization")) == ("/either?api_key=k", None)
    second = call(wire, "either_get", token="t")
    assert (second.target, second.header("Authorization")) == ("/either", "Bearer t")


@covers("anonymous: {} and an empty list")
def test_anonymous_calls_need_and_send_nothing(wire: Wire) -> None:
    assert call(wire, "optional_get").header("Authorization") is None
    with_token = call(wire, "optional_get", token="t")
    assert with_token.header("Authorization") == "Bearer t"
    none = call(wire, "none_get", api_key="k", token="t")
    assert (none.header("X-Key"), none.header("Authorization")) == (None, None)


@covers("unknown schemes never stop generation")
def test_a_scheme_that_is_nowhere_defined_is_left_out(wire: Wire) -> None:
    assert call(wire, "unknown_get").target == "/unknown"
    assert call(wire, "strange_get").target == "/strange"


@covers("missing credentials")
@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ("default_get", r"GET /default needs credentials: api_key= \(.*_API_KEY\)"),
        ("basic_get", r"username=/password= \(.*_USERNAME and .*_PASSWORD\)"),
        ("both_get", r"api_key= \(.*\) with token= \(.*_TOKEN\)"),
        ("either_get", r"query_key= \(.*\) or token= \(.*_TOKEN\)"),
        ("machine_get", r"machine_grant= \(.*\), or client_id= \(.*\) and client_secret= \(.*\)"),
        ("user_get", r"user_grant= \(.*\), or refresh_token= \(.*_REFRESH_TOKEN\)"),
    ],
)
def test_missing_credentials_are_told_before_anything_is_sent(
    wire: Wire, operation: str, wanted: str
) -> None:
    with pytest.raises(ConfigurationError, match=wanted):
        call(wire, operation)

    assert wire.server.requests == []


@covers("credentials from the environment")
def test_credentials_come_from_the_environment(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = wire.sdk.name.upper()
    monkeypatch.setenv(f"{prefix}_API_KEY", "from-outside")
    monkeypatch.setenv(f"{prefix}_USERNAME", "user")

    assert call(wire, "default_get").header("X-Key") == "from-outside"
    assert call(wire, "default_get", api_key="given").header("X-Key") == "given"
    half = call(wire, "basic_get", password="")
    assert half.header("Authorization") == "Basic " + base64.b64encode(b"user:").decode()


@covers("credentials from a file of variables")
def test_credentials_come_from_a_file_under_any_prefix(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINE_SHARED_KEY", "shared")
    (tmp_path / ".env").write_text(f"MINE_BASE_URL={wire.server.url}\nMINE_QUERY_KEY=k\n")
    kind: Any = wire.sdk.async_client if wire.is_async else wire.sdk.client

    with wire.drive(kind.from_env("MINE_", env_file=str(tmp_path / ".env"))) as client:
        wire.answer(status=204)

        assert called(wire, client, "key_query").target == "/key/query?api_key=k"
        custom = called(wire, client, "custom_get")
        assert custom.header("Authorization") == "SharedKey shared"


# --- Tokens that are fetched ---------------------------------------------------------------


@dataclass
class TokenServer:
    """Hands out numbered tokens, and answers other calls that have one."""

    answers: dict[str, object] = field(default_factory=dict)
    asked: list[Sent] = field(default_factory=list)
    takes_basic: bool = True
    refused: set[str] = field(default_factory=set)

    def __call__(self, sent: Sent) -> Answer:
        if sent.path.startswith("/oauth/"):
            return self._token(sent)
        token = (sent.header("Authorization") or "").removeprefix("Bearer ")
        return Answer(401, b"", None) if not token or token in self.refused else Answer(204)

    def _token(self, sent: Sent) -> Answer:
        self.asked.append(sent)
        if not self.takes_basic and sent.header("Authorization"):
            return Answer(400, b'{"error": "invalid_client"}')
        token = f"t{len(self.asked)}"
        more = b"".join(f', "{name}": {value}'.encode() for name, value in self.answers.items())
        return Answer(
            200, b'{"token_type": "Bearer", "access_token": "%s"%s}' % (token.encode(), more)
        )


MACHINE = {"client_id": "the:id", "client_secret": "p w"}
USER = {"refresh_token": "r 1", "user_grant_client_id": "app"}


@covers("oauth2 client credentials: fetched and kept")
def test_a_token_is_fetched_with_the_clients_credentials(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer({"expires_in": 3600})
    client = wire.connect(**MACHINE)

    first = called(wire, client, "machine_get")
    again = called(wire, client.with_options(timeout=5), "machine_get")

    assert [first.header("Authorization"), again.header("Authorization")] == ["Bearer t1"] * 2
    (asked,) = tokens.asked
    assert (asked.method, asked.path) == ("POST", "/oauth/token")
    assert asked.body == b"grant_type=client_credentials&scope=read+list"
    assert asked.header("Content-Type") == "application/x-www-form-urlencoded"
    # RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
    basic = base64.b64encode(b"the%3Aid:p+w").decode()
    assert asked.header("Authorization") == f"Basic {basic}"


@covers("oauth2 client credentials: scopes of the operation")
def test_each_set_of_scopes_has_its_own_token(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer()
    client = wire.connect(**MACHINE)

    for name in ("machine_get", "machine_post", "machine_get"):
        called(wire, client, name)

    assert [asked.body.rpartition(b"scope=")[2] for asked in tokens.asked] == [
        b"read+list",
        b"write",
    ]


@covers("oauth2 client credentials: in the body where the server insists")
def test_a_server_that_knows_no_basic_gets_the_secret_in_the_body(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer(takes_basic=False)

    called(wire, wire.connect(**MACHINE), "machine_post")

    assert tokens.asked[-1].header("Authorization") is None
    assert tokens.asked[-1].body == (
        b"grant_type=client_credentials&scope=write&client_id=the%3Aid&client_secret=p+w"
    )


@covers("oauth2: a refused token is renewed")
def test_a_refused_token_is_fetched_anew(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer(refused={"old"})

    sent = called(wire, wire.connect(machine_grant="old", **MACHINE), "machine_get")

    assert sent.header("Authorization") == "Bearer t1"
    assert [asked.path for asked in tokens.asked] == ["/oauth/token"]


@covers("oauth2: a token that ends is renewed before")
def test_a_token_that_has_ended_is_fetched_anew(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer({"expires_in": '"5"'})
    client = wire.connect(**MACHINE)

    called(wire, client, "machine_get")
    called(wire, client, "machine_get")

    assert len(tokens.asked) == 2


@covers("oauth2 refresh token: used and replaced")
def test_a_refresh_token_fetches_tokens_and_is_replaced(wire: Wire) -> None:
    wire.server.answers = tokens = TokenServer({"expires_in": 0, "refresh_token": '"r 2"'})
    client = wire.connect(**USER)

    called(wire, client, "user_get")
    sent = called(wire, client, "user_get")

    assert sent.header("Authorization") == "Bearer t2"
    assert [asked.body for asked in tokens.asked] == [
        b"grant_type=refresh_token&refresh_token=r+1&client_id=app",
        b"grant_type=refresh_token&refresh_token=r+2&client_id=app",
    ]
    assert {asked.path for asked in tokens.asked} == {"/oauth/refresh"}


@covers("oauth2: failures are errors of ours")
def test_a_token_url_that_refuses_is_an_error_that_tells_no_secret(wire: Wire) -> None:
    wire.answer(b'{"error": "invalid_grant"}', status=400)

    with pytest.raises(BadRequestError, match=r"POST .*/oauth/refresh") as caught:
        called(wire, wire.connect(**USER), "user_get")

    assert "r 1" not in str(caught.value)
    assert caught.value.body == {"error": "invalid_grant"}
