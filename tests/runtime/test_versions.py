"""Calls say which version of an API they mean, where the user or the document says that it goes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clientgen_runtime import OMIT, ConfigurationError, Versions, sdk
from tests.runtime.driving import BASE_URL, Connect, Server

OK = httpx.Response(200, json={})
NUMBER: Any = 1
RETRIEVE: sdk.Operation[Any] = sdk.Operation("GET", "/pets/{petId}", {"200": lambda: dict})
PLACES = [
    (Versions(header="Accept-Version"), "/v1/x", "accept-version"),
    (Versions(query="api-version"), "/v1/x?api-version=2", ""),
    (Versions(path="/v{version}"), "/v1/v2/x", ""),
    (Versions(media_type="application/vnd.acme.v{version}+json"), "/v1/x", "accept"),
]


def places(request: httpx.Request) -> str:
    """Everything that may hold a version."""
    told = (request.headers.get(name, "") for name in ("accept-version", "accept"))
    return " ".join([request.url.raw_path.decode(), *told])


@pytest.mark.parametrize(("versions", "target", "header"), PLACES)
def test_a_version_goes_where_the_user_says(
    connect: Connect, versions: Versions, target: str, header: str
) -> None:
    server = Server(OK)
    client = connect(server, versions=versions)

    client.with_version("2").get("/x")
    assert server.last.url.raw_path.decode() == target
    assert "2" in server.last.headers.get(header, "2")
    client.with_version("3")._call(RETRIEVE, path=(7,))
    assert "3" in places(server.last)


@pytest.mark.parametrize(("versions", "target", "header"), PLACES)
def test_one_client_calls_many_versions(
    connect: Connect, versions: Versions, target: str, header: str
) -> None:
    server = Server(OK)
    client = connect(server, versions=versions, version="4")

    client.get("/x")
    client.get("/x", version="5")
    client.with_version("6").get("/x")
    client.get("/x", version=None)
    client.get("/x")

    told = [next((v for v in "456" if v in places(each)), "") for each in server.requests]
    assert told == ["4", "5", "6", "", "4"]


def test_the_default_is_that_of_the_versions(connect: Connect) -> None:
    server = Server(OK)
    client = connect(server, versions=Versions("2026-01-01", header="X-Version"))

    client.get("/x")
    client.with_version(None).get("/x")

    assert [each.headers.get("x-version") for each in server.requests] == ["2026-01-01", None]


def test_a_version_may_change_anything_else(connect: Connect) -> None:
    server = Server(OK)
    old: Any = {"headers": {"X-Old": "1"}, "params": {"compat": "1"}}
    client = connect(server, versions=Versions("2", header="V", options={"1": old}))

    client.with_version("1").get("/x")
    client.with_version("1").with_version("2").get("/x")

    assert [each.headers.get("x-old") for each in server.requests] == ["1", None]
    assert [each.url.query for each in server.requests] == [b"compat=1", b""]


def test_options_and_versions_change_each_other_nothing(connect: Connect) -> None:
    server = Server(OK)
    versions = Versions("1", header="V", options={"1": {"headers": {"X-Old": "1"}}})
    client = connect(server, versions=versions).with_options(headers={"X-Mine": "m"})

    client.get("/x")
    client.with_version("2").get("/x")

    told = [(h.get("v"), h.get("x-old"), h.get("x-mine")) for h in map(headers_of, server.requests)]
    assert told == [("1", "1", "m"), ("2", None, "m")]


def headers_of(request: httpx.Request) -> httpx.Headers:
    return request.headers


@pytest.mark.parametrize(("params", "query"), [({"a": 2}, b"v=1&a=2"), ({"v": 3}, b"v=3")])
def test_other_parameters_of_a_variant_leave_the_version(
    connect: Connect, params: Any, query: bytes
) -> None:
    server = Server(OK)
    client = connect(server, versions=Versions("1", query="v"), params={"a": 1, "v": 0})

    client.get("/x")
    client.with_options(params=params).get("/x")

    assert [request.url.query for request in server.requests] == [b"a=1&v=1", query]


def test_variants_share_their_connections(connect: Connect) -> None:
    client = connect(Server(OK), versions=Versions(header="V"))

    assert client.with_version("2")._transport is client._transport


def test_other_origins_are_not_told(connect: Connect) -> None:
    server = Server(OK)
    versions = Versions("2", header="V", query="v", media_type="application/a.{version}+json")

    connect(server, versions=versions).get("https://other.example/x")

    assert server.last.url.query == b""
    assert "v" not in server.last.headers
    assert "2" not in server.last.headers.get("accept", "")


@pytest.mark.parametrize(
    "make",
    [
        lambda connect: connect(version="1"),
        lambda connect: connect().with_version("1"),
        lambda connect: connect().get("/x", version="1"),
        lambda connect: connect(versions="1"),
        lambda connect: Versions("1"),
        lambda connect: Versions(path="/v1"),
        lambda connect: Versions(header="no name"),
        lambda connect: Versions(options={NUMBER: {"timeout": 5}}),
        lambda connect: connect(versions=Versions(path="/{version}"), version=".."),
        lambda connect: connect(versions=Versions(header="V"), version="a\nb"),
        lambda connect: connect(versions=Versions(header="V"), version=""),
    ],
)
def test_what_is_no_version_is_refused(connect: Connect, make: Any) -> None:
    with pytest.raises(ConfigurationError):
        make(connect)


def test_an_option_that_clients_have_not_is_refused_at_once() -> None:
    misspelt: Any = {"1": {"time_out": 5}}

    with pytest.raises(TypeError, match="did you mean 'timeout'"):
        Versions(options=misspelt)


# --- What the document says ----------------------------------------------------------------


def api(**changes: Any) -> sdk.Api:
    servers = (sdk.Server(BASE_URL),)
    return sdk.Api("Pets", "1", "pets", "PETS_", servers=servers)._replace(**changes)


@pytest.mark.parametrize(("place", "name"), [("query", "api-version"), ("header", "X-Version")])
def test_a_declared_parameter_takes_the_version_of_the_client(
    connect: Connect, place: Any, name: str
) -> None:
    server = Server(OK)
    param = sdk.VersionParam(name, place, required=True)
    client = connect(server, base_url=None, api=api(version_param=param), version="7")
    into = "query" if place == "query" else "headers"

    def call(client: Any, version: object) -> str | None:
        client._call(RETRIEVE, path=(7,), **{into: {name: version}})
        source: Any = server.last.url.params if place == "query" else server.last.headers
        return ",".join(source.get_list(name)) or None

    assert call(client, OMIT) == "7"
    assert call(client, "8") == "8"
    assert call(client.with_version("9"), OMIT) == "9"
    client._call(RETRIEVE, path=(7,))
    assert "7" not in server.last.url.query.decode() + server.last.headers.get(name, "")


def test_a_version_that_the_api_needs_is_asked_for_before_anything_is_sent(
    connect: Connect,
) -> None:
    server = Server(OK)
    param = sdk.VersionParam("api-version", "query", required=True)
    client = connect(server, base_url=None, api=api(version_param=param))

    with pytest.raises(ConfigurationError, match="'api-version' to the call"):
        client._call(RETRIEVE, path=(7,), query={"api-version": OMIT})
    assert server.requests == []


@pytest.mark.parametrize(("default", "sent"), [("2", b"v=2"), (None, b"")])
def test_a_version_that_is_not_needed_is_the_documents_or_none(
    connect: Connect, default: str | None, sent: bytes
) -> None:
    server = Server(OK)
    param = sdk.VersionParam("v", "query", default)

    connect(server, base_url=None, api=api(version_param=param))._call(
        RETRIEVE, path=(7,), query={"v": OMIT}
    )

    assert server.last.url.query == sent


def test_a_variable_of_the_server_takes_the_version(connect: Connect) -> None:
    server = Server(OK)
    url = sdk.Server(f"{BASE_URL}/{{version}}", variables={"version": sdk.Variable("a")})
    of_server = api(servers=(url,), version_param=sdk.VersionParam("version", "server"))
    client = connect(server, base_url=None, api=of_server)

    for each in (client, client.with_version("b"), client.with_version("b").with_version("c")):
        each._call(RETRIEVE, path=(7,))
    stated = connect(server, base_url="https://here.example", api=of_server, version="b")
    stated._call(RETRIEVE, path=(7,))

    assert [each.url.path for each in server.requests] == [
        "/v1/a/pets/7",
        "/v1/b/pets/7",
        "/v1/c/pets/7",
        "/pets/7",
    ]
