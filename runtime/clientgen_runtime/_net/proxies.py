"""Which proxy a request goes through."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from .._auth import Secret, reveal
from .._errors import ConfigurationError
from .._narrow import is_mapping
from .._servers import Origin, origin_of

# Desktops write `socks`, which is SOCKS 5.
_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h", "socks")


@dataclass(frozen=True)
class ProxyConfig:
    """A proxy, and the hosts that are reached without it.

    Attributes:
        url: `http://`, `https://`, `socks4://` or `socks5://`; may hold user name and password.
        username: User name.
        password: Password.
        no_proxy: Hosts that are reached directly, as in `NO_PROXY`: names with their
            subdomains, `host:port`, addresses, networks such as `10.0.0.0/8`, or `*`.
        auth: `basic` sends user name and password with each request or tunnel; `digest` waits for
            the challenge of an HTTP proxy and never sends the password.

    Raises:
        ConfigurationError: The URL is not that of a proxy, or it has no such authentication.

    Example:
        >>> proxy = ProxyConfig("http://proxy.example.com:3128", "ada", "s3cret", ["10.0.0.0/8"])
        >>> with Client("https://api.example.com", proxy=proxy) as client:
        ...     proxy
        ProxyConfig('http://proxy.example.com:3128')
    """

    url: str
    username: str | None = None
    password: Secret | None = None
    no_proxy: Sequence[str] = ()
    auth: Literal["basic", "digest"] = "basic"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in _SCHEMES or not parts.hostname or port == -1:
            raise ConfigurationError(
                f"a proxy is a URL with a host and one of: {', '.join(_SCHEMES)}"
            )
        if self.auth not in ("basic", "digest"):
            raise ConfigurationError("auth= of a proxy is 'basic' or 'digest'")
        if self.auth == "digest" and parts.scheme.startswith("socks"):
            raise ConfigurationError("SOCKS proxies know no digest authentication")

    @property
    def scheme(self) -> str:
        """Which kind of proxy it is.

        Example:
            >>> ProxyConfig("socks5://proxy.example.com:1080").scheme
            'socks5'
        """
        return self.url.partition("://")[0].lower() if "://" in self.url else "http"

    @property
    def address(self) -> str:
        """The URL without user name and password.

        Example:
            >>> ProxyConfig("http://ada:s3cret@proxy.example.com:3128").address
            'http://proxy.example.com:3128'
        """
        parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User name and password, from wherever they were given.

        Example:
            >>> ProxyConfig("http://ada:s3cret@proxy.example.com:3128").credentials
            ('ada', 's3cret')
        """
        if self.username is not None:
            return self.username, reveal(self.password or "")
        parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
        if parts.username is None:
            return None
        return unquote(parts.username), unquote(parts.password or "")

    def __repr__(self) -> str:
        return f"ProxyConfig({self.address!r})"


class Proxies:
    """Chooses a proxy by scheme and host.

    Args:
        by_scheme: Proxies for `http`, `https`, or `all`.
        no_proxy: Hosts that are reached directly.
    """

    def __init__(self, by_scheme: Mapping[str, ProxyConfig], no_proxy: Sequence[str] = ()) -> None:
        self._by_scheme = by_scheme
        self._no_proxy = tuple(no_proxy)

    def __bool__(self) -> bool:
        return bool(self._by_scheme)

    def choose(self, url: str) -> ProxyConfig | None:
        """The proxy for a URL, `None` for a direct connection."""
        origin = origin_of(url)
        proxy = self._by_scheme.get(origin[0]) or self._by_scheme.get("all")
        if proxy is None or bypasses(origin, (*self._no_proxy, *proxy.no_proxy)):
            return None
        return proxy


ProxyArgument: TypeAlias = str | ProxyConfig | Mapping[str, str | ProxyConfig | None] | None

NO_PROXIES = Proxies({})
_PLACES = frozenset({"http", "https", "all"})


def proxies_of(proxy: object) -> Proxies:
    """What a `proxy=` argument means.

    Raises:
        ConfigurationError: It is neither a URL, `ProxyConfig`, mapping by scheme, nor `None`.
    """
    match proxy:
        case None:
            return NO_PROXIES
        case str():
            return Proxies({"all": ProxyConfig(proxy)})
        case ProxyConfig():
            return Proxies({"all": proxy})
        case _ if is_mapping(proxy) and {_scheme_of(key) for key in proxy} <= _PLACES:
            given = ((_scheme_of(key), item) for key, item in proxy.items())
            return Proxies({scheme: _config(item) for scheme, item in given if item is not None})
        case _:
            raise ConfigurationError(
                'proxy= takes a URL, ProxyConfig, {"http": …, "https": …, "all": …} or None'
            )


def _config(proxy: object) -> ProxyConfig:
    return proxy if isinstance(proxy, ProxyConfig) else ProxyConfig(str(proxy))


def _scheme_of(key: object) -> str:
    """The scheme that a proxy is for, also as httpx writes it: `https://`."""
    return str(key).removesuffix("://")


def proxies_in_environment() -> Proxies:
    """What `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in either case."""
    found: dict[str, ProxyConfig] = {}
    for scheme in ("http", "https", "all"):
        value = os.environ.get(f"{scheme}_proxy") or os.environ.get(f"{scheme.upper()}_PROXY")
        # In a CGI program HTTP_PROXY is the request's `Proxy` header, which anyone can send.
        if scheme == "http" and "REQUEST_METHOD" in os.environ:
            value = os.environ.get("http_proxy")
        if value:
            try:
                found[scheme] = ProxyConfig(value)
            except ConfigurationError as error:
                raise ConfigurationError(
                    f"{scheme.upper()}_PROXY of the environment: {error}"
                ) from error
    listed = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return Proxies(found, [item for item in re.split(r"[\s,]+", listed) if item])


def bypasses(origin: Origin, no_proxy: Sequence[str]) -> bool:
    """Whether a host is listed as one to reach directly."""
    _, host, port = origin
    return any(_matches(item.lower(), host, port) for item in no_proxy)


def _matches(item: str, host: str, port: int | None) -> bool:
    if item == "*":
        return True
    address = _address(host)
    if address is not None:
        network = _network(item)
        if network is not None:
            return address in network
    name, _, stated_port = item.rpartition(":")
    if name and stated_port.isdecimal() and not _address(item):
        if int(stated_port) != port:
            return False
        item = name
    item = item.strip("[]")
    if address is not None:
        return _address(item) == address
    item = item.removeprefix("*").lstrip(".")
    return bool(item) and (host == item or host.endswith(f".{item}"))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if "/" not in text:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
