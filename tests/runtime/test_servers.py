from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import AnyHttpUrl

from clientgen_runtime import ConfigurationError
from clientgen_runtime.sdk import Api, Operation, Variable
from clientgen_runtime.sdk import Server as ApiServer

if TYPE_CHECKING:
    from tests.runtime.driving import Connect, Server


def api(*servers: ApiServer) -> Api:
    return Api("Pets", "1", "pets", "PETS_", servers)


LIVE = ApiServer("https://live.example/v1/", "live")
TEST = ApiServer("https://{stage}.example", "test", {"stage": Variable("test", ("test", "beta"))})


class Given(str, Enum):
    URL = "https://given.example"
    STAGE = "beta"


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://live.example/v1"),
        ({"server": 1}, "https://test.example"),
        ({"server": "test"}, "https://test.example"),
        ({"server": "test", "server_variables": {"stage": "beta"}}, "https://beta.example"),
        ({"server": "https://own.example"}, "https://own.example"),
        ({"server": 2, "server_variables": {"bare": "x"}}, "https://x.example"),
        ({"server": 2, "server_variables": {"bare": 8080}}, "https://8080.example"),
        ({"server": 2, "server_variables": {"bare": 0}}, "https://0.example"),
        ({"server": "test", "server_variables": {"stage": Given.STAGE}}, "https://beta.example"),
        ({"base_url": Given.URL}, "https://given.example"),
        ({"base_url": "https://given.example/"}, "https://given.example"),
        ({"base_url": AnyHttpUrl("https://given.example/v1")}, "https://given.example/v1"),
    ],
)
def test_the_server_that_is_meant(connect: Connect, options: dict[str, Any], url: str) -> None:
    options = {"base_url": None, **options}

    bare = ApiServer("https://{bare}.example")

    assert connect(None, api=api(LIVE, TEST, bare), **options).base_url == url


def test_the_environment_names_the_server(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETS_BASE_URL", "https://env.example")

    assert connect(None, None, api=api(LIVE)).base_url == "https://env.example"


@pytest.mark.parametrize(
    "servers", [(), (ApiServer("/v1"),), (ApiServer("https://{region}.example"),)]
)
def test_a_server_that_is_none_asks_for_a_base_url(connect: Connect, servers: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"base_url= or set PETS_BASE_URL"):
        connect(None, None, api=api(*servers))


@pytest.mark.parametrize(
    ("base_url", "options"),
    [
        (None, {}),
        ("pets.example", {}),
        ("ftp://pets.example", {}),
        ("https://", {}),
        ("https://a.example:port", {}),
        ("https://user:secret@a.example", {}),
        ("https://a.example?x=1", {}),
        (None, {"api": api(LIVE), "server": 7}),
        (None, {"api": api(TEST), "server_variables": {"stage": "prod"}}),
        (None, {"api": api(TEST), "server_variables": {"stge": "test"}}),
    ],
)
def test_base_urls_that_cannot_work(connect: Connect, base_url: Any, options: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        connect(None, base_url, **options)
    assert "secret" not in str(caught.value)


def test_an_operation_may_live_elsewhere(connect: Connect, server: Server) -> None:
    upload: Operation[None] = Operation("GET", "/f", servers=(ApiServer("https://up.example"),))

    connect(server, None, api=api(LIVE))._call(upload)
    connect(server, api=api(LIVE))._call(upload)

    # A base URL that the user states, such as that of a fake, is for every call.
    assert [r.url.host for r in server.requests] == ["up.example", "pets.example"]


UPLOADS = (
    ApiServer("https://{stage}.up.example", "live", {"stage": Variable("live")}),
    ApiServer("https://test.up.example/{stage}", "test", {"stage": Variable("one")}),
)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://live.up.example/f"),
        ({"server": "test"}, "https://test.up.example/one/f"),
        ({"server": 1}, "https://test.up.example/one/f"),
        ({"server_variables": {"stage": "test"}}, "https://test.up.example/f"),
        ({"server": "https://own.example"}, "https://own.example/f"),
    ],
)
def test_the_choice_of_a_server_holds_for_operations_with_their_own(
    connect: Connect, server: Server, options: dict[str, Any], url: str
) -> None:
    upload: Operation[None] = Operation("GET", "/f", servers=UPLOADS)

    connect(server, None, api=api(LIVE, TEST), **options)._call(upload)

    assert str(server.last.url) == url


def test_a_relative_server_of_an_operation_starts_from_the_base(
    connect: Connect, server: Server
) -> None:
    upload: Operation[None] = Operation("GET", "/f", servers=(ApiServer("/v2"),))

    connect(server, None, api=api(LIVE))._call(upload)

    assert str(server.last.url) == "https://live.example/v2/f"


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("users", "/v1/users"),
        ("/users/", "/v1/users/"),
        ("", "/v1"),
        ("a/../b", "/v1/b"),
        ("/time:now", "/v1/time:now"),
        ("/a?next=https://x.example", "/v1/a?next=https://x.example"),
    ],
)
def test_relative_paths_stay_below_the_base(
    connect: Connect, server: Server, url: str, sent: str
) -> None:
    connect(server).get(url)

    assert server.last.url.raw_path.decode() == sent


@pytest.mark.parametrize(
    "url",
    [
        "../admin",
        "/users/../../admin",
        "%2e%2e/admin",
        "a/%2E%2e/..",
        "..\\admin",
        "//evil.example/x",
        "\\\\evil.example",
        "file:///etc/passwd",
        "ftp://a.example/x",
        "javascript:alert(1)",
    ],
)
def test_urls_that_lead_elsewhere_are_refused(connect: Connect, server: Server, url: str) -> None:
    with pytest.raises(ConfigurationError):
        connect(server).get(url)
    assert server.requests == []
