from __future__ import annotations

import gzip
import os
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from clientgen.diagnostics import Position
from clientgen.load import ALL, Loader, LoadError, _fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Site:
    """A server on the loopback interface, and what it holds."""

    port: int = 0
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    is_closing: threading.Event = field(default_factory=threading.Event)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body)
        return self.origin + path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as running:
        yield running


@pytest.fixture
def other_site() -> Iterator[Site]:
    with serving() as running:
        yield running


class serving:
    def __enter__(self) -> Site:
        site = Site()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append((self.path, dict(self.headers)))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                if headers.pop("hang", None):
                    site.is_closing.wait(5)
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._site = site
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        site.port = self._server.server_port
        return site

    def __exit__(self, *_: object) -> None:
        self._site.is_closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_a_url_is_read(site: Site) -> None:
    url = site.put("/api.yaml", b"a: 1\nb: on\n")

    document = Loader().load(url)

    assert document.value == {"a": 1, "b": "on"}
    assert (document.uri, document.name) == (url, url)
    assert document.position(["b"]) == Position(2, 1)


def test_the_server_learns_who_asks_and_for_what(site: Site) -> None:
    Loader().load(site.put("/api", b"a: 1"))

    _, headers = site.requests[0]

    assert headers["User-Agent"].startswith("clientgen/")
    assert "json" in headers["Accept"]
    assert "yaml" in headers["Accept"]


def test_a_url_is_asked_once(site: Site) -> None:
    url = site.put("/api?v=1", b"a: 1")
    loader = Loader()

    assert loader.load(url) is loader.load(url.replace("http", "HTTP", 1) + "#/info")
    assert len(site.requests) == 1


def test_spaces_and_letters_beyond_ascii_are_escaped(site: Site) -> None:
    site.put("/m%C3%BC%20%41", b"a: 1")

    assert Loader().load(f"{site.origin}/mü %41").value == {"a": 1}


def test_a_url_without_path_is_read(site: Site) -> None:
    site.put("/", b"a: 1")

    assert Loader().load(site.origin).value == {"a": 1}


def test_redirects_are_followed_and_references_start_from_the_end(site: Site) -> None:
    site.put("/new/api.yaml", b"a: 1")
    site.put("/new/pet.yaml", b"pet: 1")
    url = site.put("/old", status=308, Location="/new/api.yaml")
    loader = Loader()

    document = loader.load(url)

    assert (document.uri, document.name) == (f"{site.origin}/new/api.yaml", url)
    assert loader.load_reference("pet.yaml", document).value == {"pet": 1}
    assert loader.load(f"{site.origin}/new/api.yaml") is document


def test_the_user_may_be_redirected_to_another_origin(site: Site, other_site: Site) -> None:
    other_site.put("/api", b"a: 1")
    other_site.put("/pet", b"pet: 1")
    loader = Loader()

    document = loader.load(site.put("/", status=302, Location=f"{other_site.origin}/api"))

    assert loader.load_reference("pet", document).value == {"pet": 1}


def test_a_reference_may_not_be_redirected_to_another_origin(site: Site, other_site: Site) -> None:
    other_site.put("/secret", b"a: 1")
    site.put("/pet", status=302, Location=f"{other_site.origin}/secret")
    loader = Loader()
    document = loader.load(site.put("/api", b"a: 1"))

    with pytest.raises(LoadError, match=r"error CG102: .* redirects to .* which is not allowed"):
        loader.load_reference("pet", document)
    assert other_site.requests == []


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,a: 1"])
def test_redirects_lead_to_http_alone(site: Site, target: str) -> None:
    with pytest.raises(LoadError, match="which is not allowed"):
        Loader().load(site.put("/", status=302, Location=target))


def test_redirects_in_a_circle_end(site: Site) -> None:
    with pytest.raises(LoadError, match="it redirects too often"):
        Loader().load(site.put("/", status=302, Location="/"))


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (404, "the server answers 404 Not Found; check the address"),
        (500, "the server answers 500"),
        (304, "the server answers 304"),
        (302, "the server answers 302"),
        (401, "the server answers 401 Unauthorized; fetch the document yourself"),
    ],
)
def test_an_error_of_the_server_is_told(site: Site, status: int, problem: str) -> None:
    url = site.put("/api", b"sorry", status=status)

    with pytest.raises(LoadError) as caught:
        Loader().load(url)

    assert str(caught.value).startswith(f"error CG102: cannot fetch {url}: {problem}")


def test_a_web_page_is_no_document(site: Site) -> None:
    with pytest.raises(LoadError, match="this is a web page"):
        Loader().load(site.put("/docs", b"<!doctype html><title>API</title>"))


def test_packed_content_is_unpacked(site: Site) -> None:
    url = site.put("/api", gzip.compress(b"a: 1"), Content_Encoding="gzip")

    assert Loader().load(url).value == {"a": 1}


@pytest.mark.parametrize("body", [b"a: 1", b"\x1f\x8b\x08"])
def test_content_that_is_not_packed_as_told_is_refused(site: Site, body: bytes) -> None:
    with pytest.raises(LoadError, match=r"error CG10[27]"):
        Loader().load(site.put("/api", body, Content_Encoding="gzip"))


@pytest.mark.parametrize("packed", [True, False])
def test_content_that_is_too_long_is_refused(site: Site, packed: bool) -> None:
    body = b"a: " + b"x" * 5000
    url = site.put("/plain", body)
    if packed:
        url = site.put("/packed", gzip.compress(body), Content_Encoding="gzip")

    with pytest.raises(LoadError, match="longer than 4,000 bytes"):
        Loader(max_bytes=4000).load(url)


def test_content_that_ends_early_is_refused(site: Site) -> None:
    with pytest.raises(LoadError, match="the connection ended before all was sent"):
        Loader().load(site.put("/api", b"a: 1", Content_Length="10"))


def test_packed_content_that_ends_early_is_refused(site: Site) -> None:
    packed = gzip.compress(b"a: 1\nb: " + os.urandom(3000).hex().encode())

    with pytest.raises(LoadError, match="the connection ended before all was sent"):
        Loader().load(site.put("/api", packed[:1000], Content_Encoding="gzip"))


def test_what_a_query_says_is_not_repeated(site: Site) -> None:
    found = site.put("/api?token=secret", b"a: 1")
    away = site.put("/away?token=secret", status=302, Location="file:///x?token=secret")
    lost, odd = f"{site.origin}/lost?token=secret", site.put("/odd?token=secret", b"a: [")

    assert Loader().load(found).name == f"{site.origin}/api?..."
    for url in (away, lost, odd):
        with pytest.raises(LoadError, match=r"\?\.\.\.") as caught:
            Loader().load(url)
        assert "secret" not in str(caught.value)


def test_a_silent_server_is_given_up(site: Site) -> None:
    with pytest.raises(LoadError, match="the server does not answer in time"):
        Loader(timeout=0.1).load(site.put("/api", b"a: 1", hang="yes"))


def test_a_server_that_takes_too_long_is_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_fetch, "_PATIENCE", 0)
    url = site.put("/api", b"a: 1")

    with pytest.raises(LoadError, match="the server is too slow"):
        Loader().load(url)


def test_a_refused_connection_is_told(site: Site) -> None:
    with serving() as gone:
        url = f"{gone.origin}/api"

    with pytest.raises(LoadError, match="the connection is refused; check that the server runs"):
        Loader().load(url)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the host name is not known; check"),
        (ssl.SSLCertVerificationError(1, "x"), "the certificate is not trusted (self-signed)"),
        (OSError("no route\nto host"), r"no route\nto host; check the address"),
    ],
)
def test_a_failure_of_the_network_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception, problem: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    error.verify_message = "self-signed"  # type: ignore[attr-defined]
    monkeypatch.setattr(socket, "create_connection", fail)

    with pytest.raises(LoadError, match=re.escape(problem)):
        Loader().load(f"{site.origin}/api")


@pytest.mark.parametrize(
    "url", ["http://user:secret@127.0.0.1/a", "http://", "https://[", "http://h:x/"]
)
def test_a_url_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(LoadError, match="the URL is not valid, or has a user") as caught:
        Loader().load(url)

    assert "secret" not in str(caught.value)


def test_a_document_refers_within_its_own_origin(site: Site) -> None:
    site.put("/v1/pet.yaml", b"pet: 1")
    loader = Loader()
    document = loader.load(site.put("/v1/specs/api.yaml", b"a: 1"))

    for uri in ("../pet.yaml", "/v1/pet.yaml", f"{site.origin}/v1/pet.yaml"):
        assert loader.load_reference(uri, document).value == {"pet": 1}


@pytest.mark.parametrize("everything", [True, False])
def test_a_file_refers_to_urls_that_are_allowed(
    site: Site, tmp_path: Path, everything: bool
) -> None:
    (tmp_path / "api.yaml").write_text("a: 1")
    url = site.put("/pet", b"[pet]")
    loader = Loader(allowed_origins=ALL if everything else [site.origin + "/"])

    document = loader.load_reference(url, loader.load(str(tmp_path / "api.yaml")))

    assert document.value == ["pet"]


def test_a_url_that_fails_is_asked_once(site: Site) -> None:
    loader = Loader()
    document = loader.load(site.put("/api", b"a: 1"))

    for fragment in ("", "#/a", "#/b"):
        with pytest.raises(LoadError, match="404"):
            loader.load_reference("pet" + fragment, document)

    assert [path for path, _ in site.requests] == ["/api", "/pet"]
