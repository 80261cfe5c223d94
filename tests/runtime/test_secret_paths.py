"""What the path holds is masked where its parameter is called a secret."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import NotFoundError, sdk
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from tests.runtime.driving import Connect

SECRET = "123:abc-def"
ASK: sdk.Operation[Any] = sdk.Operation("GET", "/bot{token}/me", {"200": lambda: dict})
REVOKE: sdk.Operation[Any] = sdk.Operation("GET", "/keys/{key}", {"200": lambda: dict})


def test_neither_log_nor_errors_nor_reprs_tell_it(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    echoed = httpx.Response(404, json={"message": f"no bot {SECRET}"})
    moved = httpx.Response(302, headers={"location": f"/v1/bot{SECRET}/you"})
    server = Server(moved, echoed)

    with (
        caplog.at_level(logging.DEBUG, "clientgen_runtime"),
        pytest.raises(NotFoundError) as caught,
    ):
        connect(server)._call(ASK, path=(SECRET,))

    assert server.requests[0].url.path == f"/v1/bot{SECRET}/me"
    assert "/v1/bot***/you" in str(caught.value)
    told = f"{caught.value} {caught.value.request!r} {caplog.text}"
    assert "123:abc" not in told
    assert "123%3Aabc" not in told


def test_what_only_names_a_thing_is_told(connect: Connect) -> None:
    with pytest.raises(NotFoundError, match="/v1/keys/my-favourite"):
        connect(Server(httpx.Response(404)))._call(REVOKE, path=("my-favourite",))


def test_what_is_too_short_to_be_secret_is_told(connect: Connect) -> None:
    with pytest.raises(NotFoundError, match="/v1/bot7/me"):
        connect(Server(httpx.Response(404)))._call(ASK, path=("7",))
