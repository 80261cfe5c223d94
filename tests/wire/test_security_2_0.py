"""Who calls, as Swagger 2.0 says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.recorder import Answer
from tests.wire.test_security import call, called

if TYPE_CHECKING:
    from tests.support.recorder import Sent
    from tests.wire.conftest import Wire

DOCUMENT = "security_2_0.json"
covers = pytest.mark.covers


@covers("basic and apiKey")
def test_credentials_go_where_the_document_says(wire: Wire) -> None:
    basic = call(wire, "login_get", username="u", password="p")
    assert basic.header("Authorization") == "Basic dTpw"
    assert call(wire, "header_get", api_key="Raw k").header("Authorization") == "Raw k"
    assert call(wire, "query_get", query_key="k").target == "/query?code=k"
    both = call(wire, "both_get", username="u", password="p", query_key="k")
    assert (both.target, both.header("Authorization")) == ("/both?code=k", "Basic dTpw")
    assert call(wire, "none_get", username="u", password="p").header("Authorization") is None


@covers("oauth2 flows")
def test_flows_take_tokens_or_fetch_them(wire: Wire) -> None:
    assert call(wire, "implicit_get", token="t").header("Authorization") == "Bearer t"
    assert call(wire, "user_get", user="t").header("Authorization") == "Bearer t"

    def answer(sent: Sent) -> Answer:
        fetched = b'{"access_token": "%s"}' % sent.body[-10:]
        return Answer(200, fetched) if sent.path == "/oauth/token" else Answer(204)

    wire.server.answers = answer
    machine = called(wire, wire.connect(client_id="i", client_secret="s"), "machine_get")
    assert machine.header("Authorization") == "Bearer scope=read"
    user = called(wire, wire.connect(refresh_token="0123456789"), "user_get")
    assert user.header("Authorization") == "Bearer 0123456789"
