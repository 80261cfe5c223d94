"""The public tests of HTTP caches, as far as they apply to a private cache, over a local server."""

from __future__ import annotations

import time
from collections import defaultdict
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ClientError, HTTPCache
from tests.runtime.cache_cases import CASES, Case, Step, table
from tests.runtime.driving import Connect

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("hishel")

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "runtime" / "cache.md"


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = float(int(time.time()))

    def __call__(self) -> float:
        return self.time


class Origin:
    """A server that answers as the step says whose turn it is."""

    url: str

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.step = Step("asked")
        self.seen: list[dict[str, str]] = []
        self.bodies: defaultdict[str, int] = defaultdict(int)

    def fields(self, fields: Any) -> list[tuple[str, str]]:
        return [(name, self.written(value)) for name, value in fields]

    def written(self, value: str | int) -> str:
        if isinstance(value, str):
            return value
        return formatdate(self.clock.time + value, usegmt=True)


def handler_for(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body in one piece: the second would wait for the first to be acknowledged.
        wbufsize = -1

        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            origin.seen.append({name.lower(): value for name, value in self.headers.items()})
            step = origin.step
            if step.status == 0:
                self.close_connection = True
                return
            validates = step.outcome in ("etag", "modified")
            status = 304 if validates else step.status
            origin.bodies[self.path] += 1
            body = b"" if status in (204, 304) else f"{origin.bodies[self.path]}".encode()
            self.send_response_only(status)
            for name, value in origin.fields(step.fields):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "M-SEARCH"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    return Handler


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    made = Origin(Clock())
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(made))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=["sync", "async"])
def client(request: pytest.FixtureRequest, origin: Origin) -> Iterator[Any]:
    connect = Connect(request.param)
    yield connect(
        base_url=origin.url,
        cache=HTTPCache(),
        raise_for_status=False,
        follow_redirects=False,
        timeout=5,
    )
    connect.close()


def settled(condition: Any) -> bool:
    """Whether something comes true that is done meanwhile."""
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.005)
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_cache_does_what_the_table_says(
    case: Case, client: Any, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientgen_runtime._cache.cache.now", origin.clock)
    monkeypatch.setattr("clientgen_runtime._cache.lookup.now", origin.clock)
    client.cache.clear()

    for number, step in enumerate(case.steps):
        play(f"{case.id} step {number}", f"/{case.id}{step.query}", step, client, origin)


def play(where: str, path: str, step: Step, client: Any, origin: Origin) -> None:
    origin.clock.time += step.pause
    origin.step, origin.seen = step, []
    options: dict[str, Any] = {"headers": dict(step.sent)}
    if step.outcome == "error":
        with pytest.raises(ClientError):
            client.request(step.method, path, **options)
        return

    before = origin.bodies[path]
    response = client.request(step.method, path, **options)

    if step.outcome == "stored":
        if "stale-while" in where:
            assert settled(lambda: client.get(path).headers["ETag"] == '"newer"')
        assert origin.bodies[path] == before or step.fields or step.status, where
        assert response.headers["Cache-Status"].startswith("clientgen; hit"), where
    else:
        assert len(origin.seen) == 1, where
        asked = origin.seen[0]
        conditions = {"etag": ["if-none-match"], "modified": ["if-modified-since"]}
        for name in conditions.get(step.outcome, []):
            assert name in asked, where
        if step.outcome == "asked":
            assert response.status_code == step.status, where
    if step.gives is not None:
        assert response.status_code == step.gives, where
    for name, value in step.expected:
        wanted = None if value is None else origin.written(value)
        assert response.headers.get(name) == wanted, where


def test_the_guide_shows_the_table() -> None:
    assert table() in GUIDE.read_text("utf-8")
