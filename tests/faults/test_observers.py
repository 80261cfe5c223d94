"""Tools that put themselves in the place of httpx still see every request."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientgen_runtime._net.native import split_url
from tests.faults.server import FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.driving import Connect


@pytest.fixture
def server() -> Iterator[FaultServer]:
    started = FaultServer({})
    yield started
    started.close()


def test_a_wrapper_of_httpx_sees_requests(
    connect: Connect, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    client = connect(None, server.url)
    client.get("/before")
    watch(connect, monkeypatch, seen)

    assert client.put("/x?a=b", json={"id": 1}).content == b"ok"
    assert seen == [f"PUT {server.url}/x?a=b"]
    # On the connection that was there before.
    assert server.connections == 1
    assert server.seen[1].body == b'{"id":1}'


def watch(connect: Connect, monkeypatch: pytest.MonkeyPatch, seen: list[str]) -> None:
    """What OpenTelemetry and vcrpy do."""
    name = "handle_async_request" if connect.is_async else "handle_request"
    kind: Any = httpx.AsyncHTTPTransport if connect.is_async else httpx.HTTPTransport
    original = getattr(kind, name)

    @functools.wraps(original)
    def wrapper(self: Any, request: httpx.Request) -> Any:
        seen.append(f"{request.method} {request.url}")
        return original(self, request)

    monkeypatch.setattr(kind, name, wrapper)


def test_a_mock_of_httpcore_answers(
    connect: Connect, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What respx does."""
    answer = httpcore.Response(200, content=b"mocked")

    def mocked(self: httpcore.ConnectionPool, request: httpcore.Request) -> httpcore.Response:
        return answer

    async def mocked_async(
        self: httpcore.AsyncConnectionPool, request: httpcore.Request
    ) -> httpcore.Response:
        return answer

    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", mocked)
    monkeypatch.setattr(httpcore.AsyncConnectionPool, "handle_async_request", mocked_async)

    assert connect(None, server.url).get("/x").content == b"mocked"
    assert server.seen == []


def test_transport_extensions_are_kept(connect: Connect, server: FaultServer) -> None:
    extensions = {"sni_hostname": "other.example"}

    assert connect(None, server.url).get("/x", extensions=extensions).content == b"ok"


URLS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["http://", "https://", "HTTP://"]),
        st.sampled_from(
            ["a.example", "A.example", "127.0.0.1", "[::1]", "b\xfccher.example", "a_b"]
        ),
        st.sampled_from(["", ":80", ":443", ":8080", ":0443"]),
        st.text("ab/.%2eG~!$&'()*+,;=:@\xe4 -_", max_size=8).map(lambda text: f"/{text}"),
        st.text("ab=&%20?/'\xe4\"+|", max_size=8).map(lambda text: f"?{text}" if text else ""),
    ),
)


@given(URLS)
def test_urls_are_sent_as_httpx_sends_them(url: str) -> None:
    known = httpx.URL(url)
    port = known.port or {"http": 80, "https": 443}[known.scheme]

    address, host, target = split_url(url)

    assert address == (known.scheme, known.raw_host.decode(), port)
    assert (host, target) == (known.netloc.decode(), known.raw_path.decode())
