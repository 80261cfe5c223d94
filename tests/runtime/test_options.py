"""How what a call says goes with what its client says, and a client with its variants."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clientgen_runtime import (
    OMIT,
    Client,
    ConfigurationError,
    NotFoundError,
    PoolLimits,
    RedirectConfig,
    ResponseError,
    TimeoutConfig,
)
from clientgen_runtime._call import generic_call
from clientgen_runtime.sdk import Operation
from tests.runtime.driving import Connect, Server

SEARCH: Operation[None] = Operation("GET", "/pets", {"200": {}})
AT_HOME = RedirectConfig(cross_origin=False)


def test_what_a_call_says_takes_the_place_of_what_the_client_says(
    connect: Connect, server: Server
) -> None:
    client = connect(server, params={"lang": "en", "v": 1}, cookies={"a": "1", "b": "1"})

    client.get("/x", params={"lang": ["de", "nl"]}, cookies={"b": "2"})
    generic = server.last
    client._call(SEARCH, query={"lang": "de"}, cookies={"b": "2"})

    assert generic.url.query == b"v=1&lang=de&lang=nl"
    assert server.last.url.query == b"v=1&lang=de"
    assert [generic.headers["cookie"], server.last.headers["cookie"]] == ["a=1; b=2"] * 2


def test_what_a_url_says_takes_the_place_of_what_the_client_says(
    connect: Connect, server: Server
) -> None:
    client = connect(server, params={"lang": "en", "v": 1})

    client.get("/x?v=2")
    client._call(Operation("GET", "/x?v=2", {"200": {}}))

    assert [request.url.query for request in server.requests] == [b"v=2&lang=en"] * 2


def test_an_id_of_the_client_or_of_a_parameter_is_the_only_one(
    connect: Connect, server: Server
) -> None:
    connect(server, headers={"X-Request-ID": "mine"}).get("/x")
    connect(server)._call(SEARCH, headers={"X-Request-ID": "mine"})

    assert [r.headers.get_list("x-request-id") for r in server.requests] == [["mine"]] * 2


@pytest.mark.parametrize(
    "name", ["params", "headers", "cookies", "data", "files", "content", "extensions"]
)
def test_nothing_is_what_is_not_given(connect: Connect, server: Server, name: str) -> None:
    connect(server).post("/x", json=1, **{name: None})
    connect(server).post("/x", json=None)
    connect(server).post("/x", json=None, content=b"x")

    assert [request.content for request in server.requests] == [b"1", b"null", b"x"]


@pytest.mark.parametrize("name", ["extra_headers", "extra_query", "extra_body"])
def test_nothing_extra_is_nothing(connect: Connect, server: Server, name: str) -> None:
    connect(server)._call(SEARCH, options={name: None})

    assert (server.last.url.query, server.last.content) == (b"", b"")


def test_nothing_changes_nothing_of_how_answers_are_taken(connect: Connect) -> None:
    client = connect(Server(httpx.Response(404)), raise_for_status=True, validation="strict")
    options: Any = {"raise_for_status": None, "validation": None}

    with pytest.raises(NotFoundError):
        client.get("/x", **options)
    assert generic_call(client._settings, "GET", "/x", None, options).validation == "strict"


@pytest.mark.parametrize("name", ["params", "headers", "cookies", "event_hooks"])
def test_nothing_changes_nothing_of_a_client(connect: Connect, server: Server, name: str) -> None:
    given: Any = {"params": {"v": 1}, "headers": {"a": "b"}, "cookies": {"c": "d"}, name: None}
    client = connect(server, **given)

    assert client.with_options(**{name: None})._settings == client._settings


@pytest.mark.parametrize("key", [None, OMIT])
def test_no_key_is_no_key(connect: Connect, server: Server, key: Any) -> None:
    connect(server).post("/x", idempotency_key=key)

    assert "idempotency-key" not in server.last.headers


@pytest.mark.parametrize(
    ("given", "changed", "redirects"),
    [
        ({"follow_redirects": False}, {"max_redirects": 5}, None),
        (
            {"follow_redirects": AT_HOME},
            {"max_redirects": 5},
            RedirectConfig(max_redirects=5, cross_origin=False),
        ),
        ({"max_redirects": 5}, {"follow_redirects": True}, RedirectConfig(max_redirects=5)),
        ({"follow_redirects": AT_HOME}, {"follow_redirects": True}, AT_HOME),
        ({}, {"follow_redirects": AT_HOME, "max_redirects": 5}, RedirectConfig(5, False)),
    ],
)
def test_what_is_said_of_redirects_goes_together(
    connect: Connect, given: Any, changed: Any, redirects: RedirectConfig | None
) -> None:
    assert connect(**given).with_options(**changed)._settings.redirects == redirects


def test_a_call_that_follows_redirects_does_so_as_its_client(connect: Connect) -> None:
    client = connect(Server(httpx.Response(302, headers={"location": "/y"})), max_redirects=2)

    with pytest.raises(ResponseError, match="more than 2 redirects"):
        client.get("/x", follow_redirects=True)


def test_a_variant_with_other_seconds_keeps_the_total(connect: Connect) -> None:
    client = connect(timeout=TimeoutConfig(total=10)).with_options(timeout=5)

    assert client._settings.timeout == TimeoutConfig(5, 5, 5, 5, 10)


def test_a_variant_may_have_another_name(connect: Connect, server: Server) -> None:
    connect.drive(connect(server).with_options(user_agent="shop/1")).get("/x")

    assert server.last.headers["user-agent"] == "shop/1"


@pytest.mark.parametrize(
    "option",
    [
        {"proxy": "http://proxy.example"},
        {"verify_ssl": False},
        {"limits": PoolLimits()},
        {"server": 1},
    ],
)
def test_what_needs_other_connections_is_refused(connect: Connect, option: Any) -> None:
    with pytest.raises(ConfigurationError, match="is for a new client"):
        connect().with_options(timeout=5, **option)


class Meanwhile:
    """Has another thread look up a resource while the client is asked for this one."""

    def __get__(self, client: object, kind: type[Shop]) -> Meanwhile:
        kind.shared.__dict__["orders"] = object()
        return self


class Shop(Client):
    shared: Shop
    pets = Meanwhile()


def test_a_variant_is_made_while_another_thread_looks_up_a_resource() -> None:
    Shop.shared = Shop("https://a.example")
    Shop.shared.__dict__["pets"] = object()

    assert "orders" not in Shop.shared.with_options(timeout=5).__dict__
