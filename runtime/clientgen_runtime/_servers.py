"""Where calls go: base URLs, origins, and how paths stay below them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit

from ._errors import ConfigurationError
from ._operation import Api, Server

if TYPE_CHECKING:
    from collections.abc import Mapping

Origin: TypeAlias = tuple[str, str, int | None]

_PORTS = {"http": 80, "https": 443}
# The rest of a URL says nothing of its origin, and each call has another.
_BEFORE_PATH = re.compile(r"[^/?#]*//[^/?#]*").match


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an absolute URL (RFC 6454 section 4).

    Raises:
        ConfigurationError: It is not an `http` or `https` URL with a host.
    """
    start = _BEFORE_PATH(url)
    return _origin_of(start[0] if start else url)


@lru_cache(256)
def _origin_of(start: str) -> Origin:
    try:
        parts = urlsplit(start)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"this is not a usable URL: {error}") from error
    if parts.scheme.lower() not in _PORTS or not parts.hostname:
        raise ConfigurationError("a URL begins with http:// or https:// and has a host")
    scheme = parts.scheme.lower()
    return scheme, parts.hostname.lower(), port or _PORTS[scheme]


def clean_base_url(url: str) -> str:
    """A base URL without its final slash.

    Raises:
        ConfigurationError: It is not absolute, or has a query, a fragment or user info.
    """
    url = url.strip()
    origin_of(url)
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise ConfigurationError('base_url= holds no password; give auth=("basic", user, password)')
    if parts.query or parts.fragment:
        raise ConfigurationError("base_url= ends with a path; give a query as params=")
    return url.rstrip("/?#")


def find_base_url(
    given: str | None,
    api: Api | None,
    server: int | str | None = None,
    variables: Mapping[str, str] | None = None,
) -> str:
    """The base URL of a client.

    What is given comes first, then the environment, then the server that the document names.

    Args:
        given: `base_url=`.
        api: The API, which has servers and names the environment variable.
        server: `server=`: place, name or URL of one of the servers.
        variables: `server_variables=` for a templated URL.

    Raises:
        ConfigurationError: There is none, or not an absolute one.
    """
    if given is not None:
        return clean_base_url(given)
    if api is None:
        raise ConfigurationError("base_url= is missing, the URL that paths are below")
    if server is None and (stated := os.environ.get(f"{api.env_prefix}BASE_URL")):
        return clean_base_url(stated)
    return server_url(choose_server(api, server), api, variables or {})


def choose_server(api: Api, server: int | str | None) -> Server:
    """The server that `server=` means, the first by default.

    Raises:
        ConfigurationError: The API has no such server, or none at all.
    """
    for place, known in enumerate(api.servers):
        if server in (None, place, known.name, known.url):
            return known
    if isinstance(server, str) and "://" in server:
        return Server(server)
    if server is None:
        raise _needs_base_url(api, "names no server")
    names = ", ".join(known.name or known.url for known in api.servers)
    raise ConfigurationError(f"{api.title} has no server {server!r}; there is: {names}")


def server_url(server: Server, api: Api, variables: Mapping[str, str]) -> str:
    """The URL of a server with its variables filled in.

    Raises:
        ConfigurationError: It is relative, or a variable has no value or one that is not allowed.
    """
    values = {name: variable.default for name, variable in server.variables.items()}
    for name, value in variables.items():
        allowed = server.variables[name].choices if name in server.variables else ()
        if allowed and value not in allowed:
            raise ConfigurationError(f"server variable {name!r} is one of {', '.join(allowed)}")
        values[name] = value
    url = re.sub(r"\{([^{}]*)\}", lambda match: values.get(match[1]) or match[0], server.url)
    if "{" in url:
        raise _needs_base_url(api, f"has the templated server {server.url!r}")
    if "://" not in url:
        raise _needs_base_url(api, f"has the relative server {server.url!r}")
    return clean_base_url(url)


def _needs_base_url(api: Api, why: str) -> ConfigurationError:
    return ConfigurationError(f"{api.title} {why}: give base_url= or set {api.env_prefix}BASE_URL")


def join_url(base_url: str, url: str) -> str:
    """An absolute URL as it is, a relative one below the base URL's path.

    Raises:
        ConfigurationError: The path steps out of its base, or names another host or scheme.
    """
    if "://" in url.partition("?")[0]:
        origin_of(url)
        return url.partition("#")[0]
    path, mark, query = url.partition("#")[0].partition("?")
    if path.startswith(("//", "\\")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        raise ConfigurationError(f"{path!r} is neither a path nor an http(s) URL")
    _check_steps(path)
    tail = path.lstrip("/")
    return f"{base_url}{'/' + tail if tail or path else ''}{mark}{query}"


def _check_steps(path: str) -> None:
    depth = 0
    for segment in re.split(r"[/\\]", unquote(path)):
        if segment == "..":
            depth -= 1
        elif segment not in ("", "."):
            depth += 1
        if depth < 0:
            raise ConfigurationError(f"{path!r} steps out of the path of base_url")
