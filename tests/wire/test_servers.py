"""Where requests go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError
from tests.wire.test_security import called

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "servers.yaml"
covers = pytest.mark.covers


def target(wire: Wire, operation_id: str, **options: Any) -> str:
    """What a call asks for, through a client with these arguments."""
    wire.answer(status=204)
    return called(wire, wire.connect(**options), operation_id).target


def here(wire: Wire, **variables: str) -> dict[str, Any]:
    """Arguments that fill the server's origin with the one that listens."""
    return {"base_url": None, "server_variables": {"origin": wire.server.url, **variables}}


@covers("server: base_url= replaces it")
def test_a_base_url_replaces_the_server_of_the_document(wire: Wire) -> None:
    assert target(wire, "status_get") == "/status"
    assert target(wire, "status_get", base_url=f"{wire.server.url}/mine/") == "/mine/status"


@covers("server: base_url= is for every operation")
@pytest.mark.parametrize("operation", ["path_get", "operation_post"])
def test_a_base_url_holds_for_operations_with_their_own_servers(wire: Wire, operation: str) -> None:
    assert target(wire, operation) == "/elsewhere"


@covers("server: base URL from the environment")
def test_the_environment_may_name_the_server(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{wire.sdk.name.upper()}_BASE_URL", f"{wire.server.url}/env")

    assert target(wire, "status_get", base_url=None) == "/env/status"
    assert target(wire, "path_get", base_url=None) == "/env/elsewhere"


@covers("server: variables")
def test_variables_fill_the_url_with_their_defaults(wire: Wire) -> None:
    assert target(wire, "status_get", **here(wire)) == "/v1/status"
    assert target(wire, "status_get", **here(wire, edition="v2")) == "/v2/status"


@covers("server: variables that do not fit")
@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"edition": "v3"}, "server variable 'edition' is one of v1, v2"),
        ({"editon": "v1"}, "no server variable 'editon'; there is: edition, origin, stage"),
    ],
)
def test_a_variable_has_a_known_name_and_value(
    wire: Wire, variables: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        wire.connect(base_url=None, server_variables=variables)


@covers("server: of a path or operation")
def test_a_path_or_operation_may_have_its_own_server(wire: Wire) -> None:
    assert target(wire, "path_get", **here(wire)) == "/of/path/live/elsewhere"
    assert target(wire, "path_get", **here(wire, stage="test")) == "/of/path/test/elsewhere"
    # A relative one starts from where the API is.
    assert target(wire, "operation_post", **here(wire)) == "/relative/elsewhere"


@covers("server: chosen by place or URL")
def test_a_server_is_chosen_by_its_place_or_url(wire: Wire) -> None:
    base = "https://test.servers.example/base"

    assert wire.connect(base_url=None, server=1).base_url == base
    assert wire.connect(base_url=None, server=base).base_url == base
    assert wire.connect(base_url=None).base_url == "https://servers.example/v1"
    assert target(wire, "path_get", base_url=None, server=wire.server.url) == "/elsewhere"
    with pytest.raises(ConfigurationError, match="no server 7; there is: "):
        wire.connect(base_url=None, server=7)


@covers("server: chosen by name", "3.2")
def test_a_server_is_chosen_by_its_name(wire: Wire) -> None:
    chosen = wire.connect(base_url=None, server="sandbox")

    assert chosen.base_url == "https://test.servers.example/base"
    with pytest.raises(ConfigurationError, match=r"no server 'test'; there is: .*, sandbox"):
        wire.connect(base_url=None, server="test")
