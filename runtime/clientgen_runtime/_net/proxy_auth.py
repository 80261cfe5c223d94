"""What a proxy is told about who is asking."""

from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

    from .http1 import Head
    from .proxies import ProxyConfig

CREDENTIALS = "Proxy-Authorization: "


class ProxyAuth:
    """The credentials of a proxy, if it has any, as basic authentication (RFC 7617).

    Args:
        config: The proxy.
    """

    def __init__(self, config: ProxyConfig) -> None:
        self._lines: list[str] = []
        if config.credentials is not None:
            pair = base64.b64encode(":".join(config.credentials).encode()).decode("ascii")
            self._lines = [f"{CREDENTIALS}Basic {pair}"]

    def lines(self, method: str, target: str) -> list[str]:
        """The header fields that a request of this method and target needs."""
        return self._lines

    def answer(self, head: Head, method: str, target: str) -> list[str] | None:
        """The header fields to try again with after a refusal; `None` when nothing would help."""
        return None


class DigestProxyAuth(ProxyAuth):
    """Answers the challenges of a proxy, so that the password is never sent (RFC 7616).

    httpx knows how to; it is shown the 407 of the proxy as the 401 of a server.

    Args:
        username: User name.
        password: Password.
    """

    def __init__(self, username: str, password: str) -> None:
        self._auth = httpx.DigestAuth(username, password)
        # It counts its answers, and threads share it.
        self._lock = threading.Lock()

    def lines(self, method: str, target: str) -> list[str]:
        """The header fields that a request of this method and target needs."""
        asked = _Asked(method, target)
        with self._lock:
            next(self._flow(asked))
        return asked.lines

    def answer(self, head: Head, method: str, target: str) -> list[str] | None:
        """The header fields to try again with after a refusal; `None` when nothing would help."""
        challenges = [
            ("WWW-Authenticate", value)
            for name, value in head.fields
            if name.lower() == "proxy-authenticate"
        ]
        asked = _Asked(method, target)
        with self._lock:
            flow = self._flow(asked)
            next(flow)
            try:
                # It also looks for cookies, which httpx takes from the answer to some URL.
                refused = httpx.Response(
                    401, headers=challenges, request=httpx.Request("GET", "http://proxy.invalid")
                )
                flow.send(refused)
            except StopIteration:
                return None
            except Exception as error:
                raise httpcore.ProxyError("the challenge of the proxy cannot be met") from error
        return asked.lines

    def _flow(self, asked: Any) -> Generator[httpx.Request, httpx.Response, None]:
        return self._auth.auth_flow(asked)


class _Asked:
    """As much of a request as digest authentication looks at.

    `httpx.Request` will not do: the target of CONNECT is no URL.
    """

    def __init__(self, method: str, target: str) -> None:
        self.method = method
        self.url = self
        self.raw_path = target.encode("ascii")
        self.headers: dict[str, str] = {}

    @property
    def lines(self) -> list[str]:
        return [CREDENTIALS + value for value in self.headers.values()]


def proxy_auth(config: ProxyConfig) -> ProxyAuth:
    """How to authenticate to a proxy."""
    if config.auth == "digest" and config.credentials is not None:
        return DigestProxyAuth(*config.credentials)
    return ProxyAuth(config)
