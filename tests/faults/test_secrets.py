"""Canaries: secrets planted wherever there is room for one must come out nowhere."""

from __future__ import annotations

import logging
import traceback
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    ApiKeyAuth,
    BearerAuth,
    Client,
    ClientError,
    JWTBearer,
    LogConfig,
    OAuth2Auth,
    ProxyConfig,
    SigningKey,
    TokenAuth,
    Tokens,
)
from clientgen_runtime._net.tls import TLSConfig
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect

CANARY = "c4n4ry-5ecret"


def echo(exchange: Exchange) -> None:
    """An error that repeats the whole request, as careless servers do."""
    body = exchange.head + b"\r\n\r\n" + exchange.body
    exchange.respond(body, "500 Oops", {"Set-Cookie": f"sid={CANARY}", "X-Auth-Token": CANARY})


def hang_up(exchange: Exchange) -> None:
    exchange.close()


def redirect(exchange: Exchange) -> None:
    exchange.respond(b"", "302 Found", {"Location": f"http://x.invalid/?token={CANARY}"})


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({"/echo": echo, "/hang-up": hang_up, "/redirect": redirect})
    yield started
    started.close()


@pytest.mark.parametrize("path", ["/echo", "/hang-up", "/redirect", "/ok"])
def test_no_secret_is_told(
    connect: Connect, server: FaultServer, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    with warnings.catch_warnings(record=True) as warned:
        client = connect(
            None,
            server.url,
            auth=[BearerAuth(CANARY), ApiKeyAuth(CANARY, "api_key", "query")],
            headers={"X-Api-Key": CANARY, "X-Secret-Thing": CANARY},
            cookies={"session": CANARY},
            retry=1,
            log=LogConfig(bodies=True),
        )
        try:
            response = client.put(
                f"{path}?access_token={CANARY}",
                json={"password": CANARY, "nested": {"api_key": CANARY}},
                timeout=2,
            )
            told += [repr(response), repr(response.request), repr(response.headers)]
        except ClientError as error:
            told += [repr(error), str(error), *traceback.format_exception(error)]
            told += [repr(attempt) for attempt in error.attempts]
            told += [repr(error.request), repr(getattr(error, "response", None))]
        told += [repr(client._target), repr(client._target._settings)]

    told += [caplog.text, *(str(warning.message) for warning in warned)]
    told += [str(vars(record)) for record in caplog.records]
    assert [text for text in told if CANARY in text] == []


@pytest.mark.parametrize(
    "holder",
    [
        BearerAuth(CANARY),
        ApiKeyAuth(CANARY),
        TokenAuth(lambda: CANARY),
        OAuth2Auth("/token", "id", CANARY, refresh_token=CANARY, token=CANARY),
        JWTBearer(SigningKey(CANARY)),
        Tokens(CANARY, CANARY),
        ProxyConfig(f"http://user:{CANARY}@proxy.example"),
        ProxyConfig("http://proxy.example", "user", CANARY),
        TLSConfig(cert=("cert.pem", "key.pem", CANARY)),
        Client("https://a.example", cert=("c", "k", CANARY))._transport._routes.config,
        Client("https://a.example", proxy=f"http://u:{CANARY}@p.example")._transport._routes.config,
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_no_repr_shows_a_secret(holder: Any) -> None:
    assert CANARY not in repr(holder)
    assert CANARY not in str(holder)


def test_a_header_that_cannot_be_sent_is_not_told(connect: Connect, server: FaultServer) -> None:
    with pytest.raises(ClientError) as caught:
        connect(None, server.url).get("/ok", headers={"X-Key": f"{CANARY}\r\nX-Evil: 1"})
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_patterns_mask_what_no_name_gives_away(
    connect: Connect, server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "clientgen_runtime")
    log = LogConfig(bodies=True, secret_patterns=[r"\b[0-9]{16}\b"])

    connect(None, server.url, log=log).post("/ok", json={"card": "4111111111111111"})

    assert "4111111111111111" not in caplog.text
    assert "card" in caplog.text
