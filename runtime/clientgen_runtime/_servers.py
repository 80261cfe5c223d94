"""Where calls go: base URLs, origins, and how paths stay below them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._operation import Api, Server

Origin: TypeAlias = tuple[str, str, int | None]

_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match
# The rest of a URL says nothing of its origin, and each call has another.
_BEFORE_PATH = re.compile(r"[^/?#]*//[^/?#]*").match


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an absolute URL (RFC 6454 section 4).

    Raises:
        ConfigurationError: It is not an `http` or `https` URL with a host.
    """
    start = _BEFORE_PATH(url)
    return _origin_of(start[0] if start else url)


def origin_name(url: str) -> str:
    """`origin_of` in one text, by which policies know an origin.

    Raises:
        ConfigurationError: It is not an `http` or `https` URL with a host.
    """
    # Twice as fast as an expression; where there is no path, the rest does no harm.
    end = url.find("/", 8)
    return _origin_name(url[:end] if end > 0 else url)


@lru_cache(256)
def _origin_name(start: str) -> str:
    return "{}://{}:{}".format(*origin_of(start))


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
    url = _text(url).strip()  # settings often hold an object for it
    origin_of(url)
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise ConfigurationError('base_url= holds no password; give auth=("basic", user, password)')
    if parts.query or parts.fragment:
        raise ConfigurationError("base_url= ends with a path; give a query as params=")
    return url.rstrip("/?#")


def stated_base_url(
    given: str | None, api: Api | None, server: int | str | None = None
) -> str | None:
    """The base URL that the caller or the environment states; it holds for all operations.

    Args:
        given: `base_url=`.
        api: The API, which has servers and names the environment variable.
        server: `server=`: place, name or URL of one of the servers, or another URL.

    Raises:
        ConfigurationError: It is not absolute.
    """
    if given is None and api is not None:
        is_url = isinstance(server, str) and "://" in server
        if is_url and all(server not in (known.name, known.url) for known in api.servers):
            given = str(server)
        elif server is None:
            given = os.environ.get(f"{api.env_prefix}BASE_URL") or None
    return clean_base_url(given) if given is not None else None


def api_base_url(
    api: Api | None, server: int | str | None = None, variables: Mapping[str, str] | None = None
) -> str:
    """The URL of the server that the document names.

    Args:
        api: The API.
        server: `server=`: place, name or URL of one of the servers, the first by default.
        variables: `server_variables=` for templated URLs.

    Raises:
        ConfigurationError: There is no such server, or it is not usable as it is.
    """
    if api is None:
        raise ConfigurationError("base_url= is missing")
    given = variables or {}
    known = {name for each in api.servers for name in (*each.variables, *_named(each.url))}
    known.update(api.variables)
    if unknown := given.keys() - known:
        raise ConfigurationError(
            f"{api.title} has no server variable {', '.join(map(repr, sorted(unknown)))}; "
            f"there is: {', '.join(sorted(known)) or 'none'}"
        )
    return server_url(_api_server(api, server), api, given)


def _api_server(api: Api, server: int | str | None) -> Server:
    found = chosen(api.servers, server)
    if found is not None:
        return found
    if server is None:
        raise _needs_base_url(api, "names no server")
    names = ", ".join(known.name or known.url for known in api.servers)
    raise ConfigurationError(f"{api.title} has no server {server!r}; there is: {names}")


def chosen(servers: Sequence[Server], server: int | str | None) -> Server | None:
    """The server of this place, name or URL, the first by default; `None` when there is none."""
    for place, known in enumerate(servers):
        if server in (None, place, known.name, known.url):
            return known
    return None


def server_url(
    server: Server, api: Api, variables: Mapping[str, str], base_url: str | None = None
) -> str:
    """The URL of a server with its variables filled in.

    Args:
        server: The server.
        api: The API, for messages.
        variables: Values of variables in place of their defaults.
        base_url: What a relative URL starts from, if anything.

    Raises:
        ConfigurationError: It is relative, or a variable has no value or one that is not allowed.
    """
    url = _filled(server, variables)
    if "{" in url:
        raise _needs_base_url(api, f"has the templated server {server.url!r}")
    if "://" not in url:
        if base_url is None:
            raise _needs_base_url(api, f"has the relative server {server.url!r}")
        url = urljoin(f"{base_url}/", url)
    return clean_base_url(url)


def _named(url: str) -> list[str]:
    """The names in braces, for which some documents have no variables."""
    return re.findall(r"\{([^{}]*)\}", url)


def _filled(server: Server, variables: Mapping[str, str]) -> str:
    values = {name: variable.default for name, variable in server.variables.items()}
    for name, value in variables.items():
        allowed = server.variables[name].choices if name in server.variables else ()
        text = _text(value)  # ports are numbers
        if allowed and text not in allowed:
            raise ConfigurationError(f"server variable {name!r} is one of {', '.join(allowed)}")
        values[name] = text
    return re.sub(r"\{([^{}]*)\}", lambda match: values.get(match[1]) or match[0], server.url)


def _text(value: object) -> str:
    """What is meant by a text; of enumerations `str` gives the names."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def _needs_base_url(api: Api, why: str) -> ConfigurationError:
    more = ", or give server_variables=" if "templated" in why else ""
    return ConfigurationError(
        f"{api.title} {why}: give base_url= or set {api.env_prefix}BASE_URL{more}"
    )


def join_url(base_url: str, url: str) -> str:
    """An absolute URL as it is, a relative one below the base URL's path.

    Raises:
        ConfigurationError: The path steps out of its base, or names another host or scheme.
    """
    if "://" in url.partition("?")[0]:
        origin_of(url)
        return url.partition("#")[0]
    path, mark, query = url.partition("#")[0].partition("?")
    if path.startswith(("//", "\\")) or (":" in path and _SCHEME(path)):
        raise ConfigurationError(f"{path!r} is neither a path nor an http(s) URL")
    if ".." in path or "%" in path:
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
