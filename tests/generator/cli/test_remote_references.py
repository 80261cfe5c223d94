"""Documents reach servers only when the user says so."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.generator.cli.command import PETS, run

if TYPE_CHECKING:
    from collections.abc import Iterator

PET = b"type: object\nproperties: {name: {type: string}}\n"


class Site(HTTPServer):
    """A server on the loopback interface that holds one schema, and what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pet)
        self.asked: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Pet(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(PET)))
        self.end_headers()
        self.wfile.write(PET)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that `remote.yaml` refers to."""
    with Site() as server:
        schema = f"components: {{schemas: {{Pet: {{$ref: '{server.origin}/pet.yaml'}}}}}}\n"
        Path("remote.yaml").write_text(PETS + schema)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_references_to_servers_are_not_followed(site: Site) -> None:
    told = run("validate", "remote.yaml")

    assert (site.asked, told.code) == ([], 0)
    assert f"{site.origin} is not among the allowed origins" in told.err


def test_a_flag_allows_all(site: Site) -> None:
    told = run("validate", "remote.yaml", "--allow-remote-refs")

    assert (site.asked, told.err) == (
        ["/pet.yaml"],
        "remote.yaml: 3 operations, nothing is wrong\n",
    )


def test_a_comparison_follows_references_when_allowed(site: Site) -> None:
    Path("old.yaml").write_text(PETS)

    told = run("diff", "old.yaml", "remote.yaml", "--allow-remote-refs")

    assert (site.asked, told.code) == (["/pet.yaml"], 0)


@pytest.mark.parametrize("form", ["['{origin}']", "true", "['https://example.com', '{origin}']"])
def test_a_file_allows_origins(form: str, site: Site) -> None:
    value = form.replace("{origin}", site.origin)
    Path("clientgen.toml").write_text(f"allow_remote_refs = {value}")

    assert (run("validate", "remote.yaml").code, site.asked) == (0, ["/pet.yaml"])


@pytest.mark.parametrize("value", ["['https://example.com']", "[]", "false"])
def test_other_origins_stay_closed(value: str, site: Site) -> None:
    Path("clientgen.toml").write_text(f"allow_remote_refs = {value}")

    run("validate", "remote.yaml")

    assert site.asked == []


def test_a_variable_allows_an_origin(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_ALLOW_REMOTE_REFS", site.origin)

    run("validate", "remote.yaml")

    assert site.asked == ["/pet.yaml"]
