"""Servers that cannot be trusted, proxies that refuse, and what each of them gets to see."""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    ConfigurationError,
    ConnectionError,  # noqa: A004
    ConnectTimeoutError,
    ProxyConfig,
    ProxyError,
    TimeoutConfig,
    TLSError,
)
from clientgen_runtime._net.proxies import bypasses, proxies_in_environment
from tests.faults.server import Exchange, FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.runtime.driving import Connect

trustme = pytest.importorskip("trustme")


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def tls_context(certificate: Any, **settings: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def tls_server(certificate: Any, **settings: Any) -> FaultServer:
    return FaultServer({}, tls_context(certificate, **settings))


@pytest.fixture
def server(authority: Any) -> Iterator[FaultServer]:
    started = tls_server(authority.issue_cert("127.0.0.1"))
    yield started
    started.close()


def test_a_server_of_a_known_authority(connect: Connect, server: FaultServer, bundle: Path) -> None:
    client = connect(None, server.url, verify_ssl=bundle)

    assert [client.get("/").content for _ in range(3)] == [b"ok"] * 3
    assert server.connections == 1


def test_a_connection_that_ended_while_the_program_was_busy(
    connect: Connect, server: FaultServer, bundle: Path
) -> None:
    def leave(exchange: Exchange) -> None:
        exchange.respond()
        time.sleep(0.02)
        exchange.close()

    server.answers["/leave"] = leave
    client = connect(None, server.url, verify_ssl=bundle)
    # The event loop of the async client does nothing meanwhile.
    client.post("/leave")
    time.sleep(0.1)

    assert client.post("/").content == b"ok"


def test_an_unknown_authority(connect: Connect, server: FaultServer) -> None:
    with pytest.raises(TLSError, match=r"self-signed|unable to get"):
        connect(None, server.url, retry=3).get("/")
    assert server.connections == 1


def test_a_certificate_of_another_host(connect: Connect, authority: Any, bundle: Path) -> None:
    server = tls_server(authority.issue_cert("other.example"))

    with pytest.raises(TLSError, match=r"127\.0\.0\.1"):
        connect(None, server.url, verify_ssl=bundle).get("/")
    server.close()


def test_a_server_of_an_old_version(connect: Connect, authority: Any, bundle: Path) -> None:
    server = tls_server(authority.issue_cert("127.0.0.1"), maximum_version=ssl.TLSVersion.TLSv1_2)

    assert connect(None, server.url, verify_ssl=bundle).get("/").content == b"ok"
    with pytest.raises(TLSError):
        connect(None, server.url, verify_ssl=bundle, min_tls_version="1.3").get("/")
    server.close()


def test_no_verification_is_warned_of(
    connect: Connect, server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(None, server.url, verify_ssl=False)

    assert client.get("/").content == b"ok"
    assert "verify_ssl=False" in caplog.text


def test_a_server_that_wants_a_certificate(
    connect: Connect, authority: Any, bundle: Path, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = FaultServer({}, context)
    mine = authority.issue_cert("me@example.com")
    certificate = tmp_path / "me.pem"
    mine.private_key_and_cert_chain_pem.write_to_path(str(certificate))

    assert connect(None, server.url, verify_ssl=bundle, cert=certificate).get("/").content == b"ok"
    with pytest.raises(TLSError):
        connect(None, server.url, verify_ssl=bundle).get("/")
    server.close()


@pytest.mark.parametrize(
    "options",
    [
        {"verify_ssl": "/no/such/bundle"},
        {"cert": "/no/such/cert"},
        {"trust_store": "system"},
        {"verify_ssl": ssl.create_default_context(), "cert": "me.pem"},
        {"verify_ssl": ssl.create_default_context(), "min_tls_version": "1.3"},
    ],
)
def test_tls_settings_that_cannot_work(
    connect: Connect, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "truststore", None)

    with pytest.raises(ConfigurationError):
        connect(None, "https://127.0.0.1:9", **options).get("/")


class Proxy(FaultServer):
    """An HTTP proxy that checks credentials and tunnels."""

    def __init__(self, answer: str | None = None, context: ssl.SSLContext | None = None) -> None:
        super().__init__({}, context)
        self._answer = answer

    def _serve_one(self, sock: socket.socket, buffer: bytes) -> bytes:
        while b"\r\n\r\n" not in buffer:
            data = sock.recv(65536)
            if not data:
                raise OSError
            buffer += data
        exchange = Exchange(sock, buffer.partition(b"\r\n\r\n")[0], b"")
        self.seen.append(exchange)
        if self._answer is not None:
            exchange.respond(b"", self._answer)
        elif exchange.method == "CONNECT":
            exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            host, _, port = exchange.target.partition(":")
            _tunnel(sock, socket.create_connection((host, int(port))))
            raise OSError
        else:
            exchange.respond(b"ok")
        return b""


class DigestProxy(Proxy):
    """A proxy that wants digest authentication, and hangs up when it refuses."""

    def __init__(self, qop: str = ', qop="auth"') -> None:
        super().__init__()
        self._challenge = f'Digest realm="the proxy", nonce="abc", algorithm=SHA-256{qop}'

    def _serve_one(self, sock: socket.socket, buffer: bytes) -> bytes:
        while b"\r\n\r\n" not in buffer:
            buffer += sock.recv(65536)
        exchange = Exchange(sock, buffer.partition(b"\r\n\r\n")[0], b"")
        if is_digest(exchange, "user", "pass"):
            return super()._serve_one(sock, buffer)
        self.seen.append(exchange)
        exchange.respond(
            b"", "407 Proxy Authentication Required", {"Proxy-Authenticate": self._challenge}
        )
        raise OSError


def is_digest(exchange: Exchange, username: str, password: str) -> bool:
    """Whether a request proves that it knows the password (RFC 7616 section 3.4.1)."""
    scheme, _, rest = exchange.headers.get("proxy-authorization", "").partition(" ")
    told = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^, ]*)', rest)}
    if scheme != "Digest" or told["uri"] != exchange.target:
        return False

    def digest(*words: str) -> str:
        return hashlib.sha256(":".join(words).encode()).hexdigest()

    secret = digest(username, "the proxy", password)
    request = digest(exchange.method, exchange.target)
    counted = [told["nc"], told["cnonce"], told["qop"]] if "qop" in told else []
    return bool(digest(secret, "abc", *counted, request) == told["response"])


def _tunnel(near: socket.socket, far: socket.socket) -> None:
    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    other = threading.Thread(target=pump, args=[far, near], daemon=True)
    other.start()
    pump(near, far)
    other.join(2)
    far.close()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    started = Proxy()
    yield started
    started.close()


def address(proxy: FaultServer, scheme: str = "http", user: str = "") -> str:
    return f"{scheme}://{user}127.0.0.1:{proxy.port}"


def test_plain_requests_are_forwarded(connect: Connect, proxy: Proxy) -> None:
    client = connect(None, "http://api.invalid", proxy=address(proxy, user="us%40er:p%20ss@"))

    assert client.get("/x").content == b"ok"
    assert proxy.seen[0].target == "http://api.invalid/x"
    assert proxy.seen[0].headers["proxy-authorization"] == "Basic dXNAZXI6cCBzcw=="


def test_secure_requests_are_tunnelled_without_telling_the_server(
    connect: Connect, proxy: Proxy, server: FaultServer, bundle: Path
) -> None:
    config = ProxyConfig(address(proxy), "user", "pass")
    client = connect(None, server.url, proxy=config, verify_ssl=bundle)

    assert client.get("/x").content == b"ok"
    assert proxy.seen[0].method == "CONNECT"
    assert "proxy-authorization" in proxy.seen[0].headers
    assert "proxy-authorization" not in server.seen[0].headers


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "502 Bad Gateway"])
def test_a_proxy_that_refuses(connect: Connect, server: FaultServer, answer: str) -> None:
    proxy = Proxy(answer)
    client = connect(None, server.url, proxy=address(proxy, user="user:s3cret@"))

    with pytest.raises(ProxyError) as caught:
        client.get("/x")
    assert "s3cret" not in repr(caught.value)
    proxy.close()


@pytest.mark.parametrize("qop", ["", ', qop="auth"'], ids=["old", "auth"])
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_proxy_that_wants_digest_authentication(
    connect: Connect, server: FaultServer, bundle: Path, qop: str, http2: bool
) -> None:
    proxy = DigestProxy(qop)
    config = ProxyConfig(address(proxy), "user", "pass", auth="digest")
    client = connect(None, server.url, proxy=config, verify_ssl=bundle, http2=http2)

    assert client.get("/x").content == b"ok"
    assert client.get("http://api.invalid/y").content == b"ok"
    assert client.post("http://api.invalid/z", content=b"body").content == b"ok"

    # Tunnels and forwarded requests are asked for apart, each once before the challenge is known.
    methods = [exchange.method for exchange in proxy.seen]
    assert methods == ["CONNECT", "CONNECT", "GET", "GET", "POST"]
    assert not any("pass" in str(exchange.headers) for exchange in proxy.seen)
    assert "proxy-authorization" not in server.seen[0].headers
    proxy.close()


@pytest.mark.parametrize("password", ["wrong", None])
def test_a_proxy_whose_challenge_is_not_met(connect: Connect, password: str | None) -> None:
    proxy = DigestProxy()
    user = "user" if password else None
    config = ProxyConfig(address(proxy), user, password, auth="digest")
    client = connect(None, "https://api.invalid", proxy=config)

    with pytest.raises(ProxyError, match="407"):
        client.get("/x")
    response = client.get("http://api.invalid/x", raise_for_status=False)
    assert response.status_code == 407
    proxy.close()


def test_a_challenge_that_is_broken(connect: Connect) -> None:
    proxy = DigestProxy()
    proxy._challenge = 'Digest realm="only"'
    config = ProxyConfig(address(proxy), "user", "pass", auth="digest")

    with pytest.raises(ProxyError):
        connect(None, "http://api.invalid", proxy=config).get("/x")
    proxy.close()


def test_digest_authentication_is_for_http_proxies() -> None:
    with pytest.raises(ConfigurationError, match="SOCKS"):
        ProxyConfig("socks5://127.0.0.1", "user", "pass", auth="digest")
    with pytest.raises(ConfigurationError, match="basic"):
        ProxyConfig("http://127.0.0.1", "user", "pass", auth="ntlm")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("behaviour", "error"), [("hangs up", ProxyError), ("is silent", ConnectTimeoutError)]
)
def test_a_proxy_that_opens_no_tunnel(
    connect: Connect, behaviour: str, error: type[Exception]
) -> None:
    class Failing(Proxy):
        def _serve_one(self, sock: socket.socket, buffer: bytes) -> bytes:
            sock.recv(65536)
            if behaviour == "is silent":
                time.sleep(1)
            raise OSError

    proxy = Failing()
    timeout = TimeoutConfig(connect=0.3)
    client = connect(None, "https://api.invalid", proxy=address(proxy), timeout=timeout)

    with pytest.raises(error) as caught:
        client.get("/x")
    assert type(caught.value) is error
    proxy.close()


def test_a_secure_proxy(
    connect: Connect, authority: Any, server: FaultServer, bundle: Path
) -> None:
    proxy = Proxy(context=tls_context(authority.issue_cert("127.0.0.1")))
    client = connect(None, server.url, proxy=address(proxy, "https"), verify_ssl=bundle)

    assert client.get("/x").content == b"ok"
    assert client.get("http://api.invalid/y").content == b"ok"
    assert [exchange.method for exchange in proxy.seen] == ["CONNECT", "GET"]
    proxy.close()


def test_a_proxy_that_is_not_there(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(ConnectionError):
        connect(None, "http://api.invalid", proxy=f"http://127.0.0.1:{port}").get("/x")


def test_the_environment_names_proxies_and_exceptions(
    connect: Connect, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", address(proxy))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    direct = FaultServer({})

    assert connect(None, "http://api.invalid").get("/x").content == b"ok"
    assert connect(None, direct.url).get("/x").content == b"ok"
    with pytest.raises(ConnectionError):
        connect(None, "http://api.invalid", proxy=None).get("/x")
    assert (len(proxy.seen), len(direct.seen)) == (1, 1)
    direct.close()


def test_an_environment_that_names_no_proxy_is_told_as_such(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "ftp://user:s3cret@proxy.example")

    with pytest.raises(ConfigurationError, match="HTTPS_PROXY of the environment") as caught:
        connect().get("/x")
    assert "s3cret" not in str(caught.value)


def test_a_call_may_take_another_proxy_or_none(connect: Connect, proxy: Proxy) -> None:
    direct = FaultServer({})
    client = connect(None, direct.url, proxy=address(proxy))

    client.get("/one", proxy=None)
    client.get("/two")

    assert [len(direct.seen), len(proxy.seen)] == [1, 1]
    direct.close()


@pytest.mark.parametrize(
    ("host", "port", "listed", "direct"),
    [
        ("a.example.com", 443, "example.com", True),
        ("a.example.com", 443, ".example.com", True),
        ("a.example.com", 443, "*.example.com", True),
        ("badexample.com", 443, "example.com", False),
        ("example.com", 443, "EXAMPLE.com", True),
        ("a.b", 8080, "a.b:8080", True),
        ("a.b", 80, "a.b:8080", False),
        ("10.1.2.3", 80, "10.0.0.0/8", True),
        ("11.1.2.3", 80, "10.0.0.0/8", False),
        ("::1", 80, "[::1]", True),
        ("fe80::1", 80, "fe80::/10", True),
        ("127.0.0.1", 80, "127.0.0.1", True),
        ("anything", 80, "*", True),
        ("anything", 80, "", False),
        ("10.1.2.3", 80, "not/a/network", False),
    ],
)
def test_hosts_that_need_no_proxy(host: str, port: int, listed: str, direct: bool) -> None:
    assert bypasses(("http", host, port), [listed]) is direct


def test_a_cgi_program_does_not_take_its_proxy_from_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://evil.example")
    monkeypatch.setenv("REQUEST_METHOD", "GET")

    assert not proxies_in_environment()


@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://p",
        "http://",
        7,
        {"gopher": "http://p"},
        # For one host, as requests and httpx know it: all others must not be sent there.
        {"http://inner.example": "http://p"},
        "http://p:x",
    ],
)
def test_proxies_that_are_none(connect: Connect, proxy: Any) -> None:
    with pytest.raises(ConfigurationError):
        connect(proxy=proxy)


def socks_server(version: int) -> FaultServer:
    """A SOCKS server that answers the tunnelled request itself."""

    class Socks(FaultServer):
        def _serve_one(self, sock: socket.socket, buffer: bytes) -> bytes:
            if version == 5:
                sock.recv(64)
                sock.sendall(b"\x05\x00")
                sock.recv(512)
                sock.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            else:
                sock.recv(512)
                sock.sendall(b"\x00\x5a\x00\x00\x00\x00\x00\x00")
            return super()._serve_one(sock, buffer)

    return Socks({})


@pytest.mark.parametrize(("scheme", "version"), [("socks5h", 5), ("socks", 5), ("socks4a", 4)])
def test_socks(connect: Connect, scheme: str, version: int) -> None:
    pytest.importorskip("httpx_socks")
    server = socks_server(version)

    client = connect(None, "http://api.invalid", proxy=address(server, scheme))

    assert client.get("/x").content == b"ok"
    server.close()


def test_a_socks_proxy_that_says_nothing(connect: Connect) -> None:
    from clientgen_runtime import ClientError

    pytest.importorskip("httpx_socks")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
        client = connect(None, "http://192.0.2.1", proxy=url, timeout=TimeoutConfig(connect=0.3))
        with pytest.raises(ClientError, match=r"in time|proxy"):
            client.get("/x")
