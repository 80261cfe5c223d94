"""The endpoints of an authorization server, given or found by its metadata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .._errors import ConfigurationError, DecodeError
from .._narrow import is_list, is_mapping
from .._redact import redact_url
from .._response import json_or_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._response import Response

_MEMBERS = {
    "token_url": "token_endpoint",
    "authorization_url": "authorization_endpoint",
    "device_url": "device_authorization_endpoint",
    "revocation_url": "revocation_endpoint",
}


@dataclass(frozen=True)
class OAuth2Server:
    """An authorization server: its issuer, its endpoints, or both.

    Endpoints that are not given are looked up when they are needed, in the metadata that the
    issuer publishes (OpenID Connect Discovery section 4, RFC 8414 section 3). The metadata must
    name the same issuer, and everything there must be `https`, unless it is on this machine.

    Attributes:
        issuer: URL that names the server, such as `https://login.example.com`.
        token_url: Where tokens are fetched; maybe relative to the client's base URL, like the
            others.
        authorization_url: The page where a user logs in.
        device_url: Where programs without a browser ask for a code.
        revocation_url: Where tokens are given back.

    Raises:
        ConfigurationError: There is neither an issuer nor a token URL, or the issuer is no
            `https` URL.

    Example:
        >>> OAuth2Server("https://login.example.com").token_url is None
        True
    """

    issuer: str | None = None
    token_url: str | None = None
    authorization_url: str | None = None
    device_url: str | None = None
    revocation_url: str | None = None

    def __post_init__(self) -> None:
        if self.issuer is None and self.token_url is None:
            raise ConfigurationError("OAuth2Server needs issuer= or token_url=")
        # RFC 8414 section 2.
        if self.issuer is not None and (not is_safe(self.issuer) or set("?#") & set(self.issuer)):
            raise ConfigurationError(
                "an issuer is an https URL without query and fragment, not "
                f"{redact_url(self.issuer)!r}"
            )


@dataclass(frozen=True)
class Metadata:
    """What is known of a server after its metadata has been read.

    Attributes:
        server: Its endpoints.
        states_issuer: Whether its answers to logins must name it (RFC 9207 section 2.4).
        client_methods: How clients may authenticate, `None` when it does not say.
    """

    server: OAuth2Server
    states_issuer: bool = False
    client_methods: tuple[str, ...] | None = None


def metadata_urls(issuer: str) -> tuple[str, str]:
    """Where the metadata may be: as OpenID Connect says, and as RFC 8414 section 3.1 does."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    origin = f"{parts.scheme}://{parts.netloc}"
    return (
        f"{origin}{path}/.well-known/openid-configuration",
        f"{origin}/.well-known/oauth-authorization-server{path}",
    )


def read_metadata(server: OAuth2Server, response: Response) -> Metadata:
    """The server with the endpoints that its metadata states.

    Raises:
        DecodeError: The metadata is that of another issuer, or states an unsafe endpoint.
    """
    stated = json_or_text(response)
    if not is_mapping(stated):
        raise DecodeError(
            "the metadata of the authorization server is no object", response=response
        )
    if stated.get("issuer") != server.issuer:
        # RFC 8414 section 3.3: someone else's metadata would lead tokens astray.
        raise DecodeError(
            f"the metadata of {server.issuer} is that of another issuer, "
            f"{str(stated.get('issuer'))[:100]!r}; give that one, if it is meant",
            response=response,
        )
    endpoints = {
        field: _endpoint(stated, member, response)
        for field, member in _MEMBERS.items()
        if getattr(server, field) is None and member in stated
    }
    methods = stated.get("token_endpoint_auth_methods_supported")
    return Metadata(
        replace(server, **endpoints),
        stated.get("authorization_response_iss_parameter_supported") is True,
        tuple(map(str, methods)) if is_list(methods) else None,
    )


def _endpoint(stated: Mapping[str, object], member: str, response: Response) -> str:
    url = stated[member]
    if isinstance(url, str) and is_safe(url):
        return url
    raise DecodeError(
        f"the metadata of the authorization server states a {member} that is no https URL",
        response=response,
    )


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read what goes to this URL."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine (RFC 8252 section 8.3)."""
    return host in ("localhost", "::1") or (
        host.startswith("127.") and host.replace(".", "").isdigit()
    )
