"""Where a redirect leads, and what may go there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from .._errors import ConfigurationError, ResponseError
from .._headers import Headers
from .._payload import EMPTY
from .._request import Request
from .._response import describe
from .._servers import origin_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from .._response import Response

_STATUSES = frozenset({301, 302, 303, 307, 308})

# What another origin may see: a list of what is harmless, since secrets have any name.
_HARMLESS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "content-language",
        "content-type",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
        "traceparent",
        "tracestate",
        "user-agent",
        "x-request-id",
    }
)

# RFC 9110 section 15.4: they speak of a body, and there is none any more.
_OF_A_BODY = ("content-type", "content-encoding", "content-language", "content-location")


@dataclass(frozen=True)
class RedirectConfig:
    """Which redirects are followed.

    Attributes:
        max_redirects: How many in a row.
        cross_origin: Whether one may lead to another scheme, host or port. Credentials, cookies
            and the client's own headers never go there.
        allow_downgrade: Whether one may lead from `https` to `http`.
        methods: Methods whose redirects are followed; `None` for all.

    Example:
        >>> client.with_options(follow_redirects=RedirectConfig(cross_origin=False))
        <PetStore https://api.example.com>
    """

    max_redirects: int = 20
    cross_origin: bool = True
    allow_downgrade: bool = False
    methods: Collection[str] | None = None


def redirect_config(
    follow: object, limit: int | None, known: RedirectConfig | None
) -> RedirectConfig | None:
    """What `follow_redirects=` and `max_redirects=` mean; `None` to follow none.

    Args:
        follow: Whether they are followed, or which.
        limit: How many in a row; `None` where nobody says.
        known: Which were followed before.

    Raises:
        ConfigurationError: It is neither a bool nor a `RedirectConfig`.
    """
    if not isinstance(follow, (bool, RedirectConfig)):
        raise ConfigurationError(
            f"follow_redirects= takes True, False or RedirectConfig, not {follow!r}"
        )
    if follow is False:
        return None
    found = (known or RedirectConfig()) if follow is True else follow
    return found if limit is None else replace(found, max_redirects=limit)


def redirected(
    config: RedirectConfig | None, response: Response, request: Request
) -> Request | None:
    """The request that a response redirects to, `None` when it is not to be followed.

    Args:
        config: Which redirects are followed.
        response: What came back.
        request: What was sent, before credentials and cookies were added.

    Raises:
        ResponseError: The redirect leads where it must not, or nowhere.
    """
    location = response.headers.get("location")
    if config is None or response.status_code not in _STATUSES or not location:
        return None
    if config.methods is not None and request.method not in config.methods:
        return None
    url = _target(response, location)
    following = Request(request.method, url, request.headers.copy(), request.payload)
    following.secret_parts = request.secret_parts
    _change_method(response, following)
    if origin_of(url) != origin_of(request.url):
        _leave_origin(config, response, following)
    if not following.payload.can_be_sent:
        raise _refused(response, "its body cannot be sent a second time")
    return following


def _target(response: Response, location: str) -> str:
    try:
        url = urljoin(response.request.url, _as_meant(location)).partition("#")[0]
        origin_of(url)
    except (ValueError, ConfigurationError) as error:
        raise _refused(response, "its Location is no http(s) URL") from error
    return url


def _as_meant(location: str) -> str:
    """A URL with other letters than ASCII as browsers read it: servers mean UTF-8 by its bytes."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _change_method(response: Response, request: Request) -> None:
    """RFC 9110 section 15.4: what browsers do with 301, 302 and 303."""
    status = response.status_code
    if (status == 303 and request.method != "HEAD") or (
        status in (301, 302) and request.method == "POST"
    ):
        request.method = "GET"
        request.payload = EMPTY
        for name in _OF_A_BODY:
            request.headers.pop(name, None)


def _leave_origin(config: RedirectConfig, response: Response, request: Request) -> None:
    if not config.cross_origin:
        raise _refused(response, "it leads to another origin")
    schemes = origin_of(response.request.url)[0], origin_of(request.url)[0]
    is_downgrade = schemes == ("https", "http")
    if is_downgrade and not config.allow_downgrade:
        raise _refused(response, "it leads from https to http")
    request.headers = Headers(
        [item for item in request.headers.multi_items() if item[0].lower() in _HARMLESS]
    )


def _refused(response: Response, why: str) -> ResponseError:
    return ResponseError(
        f"{describe(response.request)}: redirect not followed: {why}", response=response
    )
