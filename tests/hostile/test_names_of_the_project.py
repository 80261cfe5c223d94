"""The title of a document names a project, a package and a class; none may do more than that."""

from __future__ import annotations

import json
import keyword
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.hostile.attacks import ATTACKS
from tests.support.generated import clientgen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS)


def with_title(title: str) -> str:
    info = {"title": title, "version": title, "description": title}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": {}})


@EACH_ATTACK
def test_names_made_from_a_title_are_plain(attack: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(with_title(ATTACKS[attack]))

    told = json.loads(clientgen("inspect", str(spec), "--format", "json").out)

    names = [told["package"], told["client"], told["async_client"]]
    assert [n for n in names if not n.isidentifier() or keyword.iskeyword(n) or n[0] == "_"] == []
    assert max(map(len, names)) < 100


@EACH_ATTACK
def test_the_default_folder_is_a_child_of_the_current_one(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = tmp_path / "one" / "two"
    current.mkdir(parents=True)
    (current / "spec.json").write_text(with_title(ATTACKS[attack]))
    monkeypatch.chdir(current)

    clientgen("generate", "spec.json")

    (folder,) = (path for path in current.iterdir() if path.is_dir())
    assert folder.name.isascii()
    assert folder.name.replace("-", "").isalnum()
    assert sorted(tmp_path.iterdir()) == [tmp_path / "one"]


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that only notes what it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_nothing_is_fetched_that_nobody_has_allowed(tmp_path: Path) -> None:
    with listener() as (url, asked):
        links = {"externalDocs": {"url": url}, "servers": [{"url": url}]}
        schema = {"$ref": f"{url}/schema.json#/Secret"}
        root = {
            **json.loads(with_title("Reach")),
            **links,
            "components": {"schemas": {"A": schema}},
        }
        spec = tmp_path / "spec.json"
        spec.write_text(json.dumps(root))
        done = clientgen("generate", str(spec), "-o", str(tmp_path / "out"), "-v")

    assert asked == []
    assert "schema.json" in done.err
