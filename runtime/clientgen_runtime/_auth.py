"""Who is calling: handlers that put credentials on a request."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from inspect import iscoroutinefunction
from itertools import zip_longest
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote

from ._errors import ConfigurationError
from ._headers import check_header
from ._narrow import is_list, is_tuple
from ._operation import NOTHING, Api, ApiKey, HttpAuth, MutualTLS, OAuth2, Scheme, Security
from ._request import Request


@runtime_checkable
class SecretValue(Protocol):
    """A pydantic `SecretStr`, or what behaves like one."""

    def get_secret_value(self) -> str: ...


Secret: TypeAlias = str | SecretValue
"""A credential as text; a `pydantic.SecretStr` stays out of logs that show it by accident.

Example:
    >>> from pydantic import SecretStr
    >>> client.with_options(auth=("bearer", SecretStr("t-1")))
    <PetStore https://api.example.com>
"""


@runtime_checkable
class Auth(Protocol):
    """Puts credentials on each attempt of a request.

    Example:
        >>> class SignatureAuth:
        ...     def apply(self, request: Request) -> None:
        ...         request.headers["X-Signature"] = f"{request.method}-signed"
        >>> client.get("/pets", auth=SignatureAuth()).request.headers["X-Signature"]
        'GET-signed'
    """

    def apply(self, request: Request) -> None:
        """Add what authenticates the request.

        Args:
            request: The attempt; its headers may be changed.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> auth: Auth = ApiKeyAuth("k-1")
            >>> auth.apply(request)
            >>> request.headers["X-API-Key"]
            'k-1'
        """
        ...


@runtime_checkable
class Answering(Protocol):
    """A handler that answers the challenge of a 401, such as that of digest authentication."""

    def answer(self, request: Request, status: int, headers: list[tuple[str, str]]) -> bool:
        """Add what answers a challenge; whether there is an answer."""
        ...


@runtime_checkable
class HttpxAuthLike(Protocol):
    """An `httpx.Auth`, of whichever httpx family."""

    def auth_flow(self, request: Any, /) -> Any: ...


class _HeaderAuth:
    """A header of fixed value, which no `repr` shows."""

    __slots__ = ("_name", "_value")

    def __init__(self, name: str, value: str) -> None:
        check_header(name, value)
        self._name = name
        self._value = value

    def apply(self, request: Request) -> None:
        """Set the header.

        Args:
            request: The attempt.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> BearerAuth("t-1").apply(request)
            >>> request.headers["Authorization"]
            'Bearer t-1'
        """
        request.headers[self._name] = self._value

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lstrip('_')}>"


def bearer(token: Secret) -> str:
    """The value of `Authorization` with a token.

    Raises:
        ConfigurationError: It is empty.
    """
    text = reveal(token)
    if not text:
        raise ConfigurationError("the bearer token is empty")
    return f"Bearer {text}"


class BearerAuth(_HeaderAuth):
    """`Authorization: Bearer <token>` (RFC 6750).

    Args:
        token: The token.

    Raises:
        ConfigurationError: It is empty, or has characters that no header can hold.

    Example:
        >>> client.get("/pets", auth=BearerAuth("t-1")).request.headers["Authorization"]
        'Bearer t-1'
    """

    def __init__(self, token: Secret) -> None:
        super().__init__("Authorization", bearer(token))


class BasicAuth(_HeaderAuth):
    """User name and password (RFC 7617).

    Args:
        username: User name, without a colon.
        password: Password.

    Raises:
        ConfigurationError: The user name has a colon.

    Example:
        >>> client.get("/pets", auth=BasicAuth("ada", "s3cret")).request.headers["Authorization"]
        'Basic YWRhOnMzY3JldA=='
    """

    def __init__(self, username: Secret, password: Secret) -> None:
        name = reveal(username)
        if ":" in name:
            raise ConfigurationError("a user name for basic authentication has no colon")
        pair = base64.b64encode(f"{name}:{reveal(password)}".encode()).decode()
        super().__init__("Authorization", f"Basic {pair}")


class ApiKeyAuth:
    """A key in a header, query parameter or cookie.

    Args:
        key: The key.
        name: Name of the header, parameter or cookie.
        location: Where it goes.

    Example:
        >>> client.get("/pets", auth=ApiKeyAuth("k-1", "X-Key")).request.headers["X-Key"]
        'k-1'
    """

    __slots__ = ("_key", "_location", "_name")

    def __init__(
        self,
        key: Secret,
        name: str = "X-API-Key",
        location: Literal["header", "query", "cookie"] = "header",
    ) -> None:
        self._key = reveal(key)
        self._name = name
        self._location: Literal["header", "query", "cookie"] = location
        if location == "header":
            check_header(name, self._key)

    def apply(self, request: Request) -> None:
        """Put the key in its place.

        Args:
            request: The attempt.

        Example:
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> ApiKeyAuth("k-1", "session", "cookie").apply(request)
            >>> request.headers["Cookie"]
            'session=k-1'
        """
        match self._location:
            case "header":
                request.headers[self._name] = self._key
            case "query":
                pair = f"{quote(self._name, safe='')}={quote(self._key, safe='')}"
                request.secret_query = (*request.secret_query, pair)
            case "cookie":
                add_cookies(request, [f"{self._name}={quote(self._key, safe=_COOKIE_OCTETS)}"])

    def __repr__(self) -> str:
        return f"<ApiKeyAuth {self._name} in {self._location}>"


class _CallableAuth:
    """A function that changes the request."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Request], object]) -> None:
        self._function = function

    def apply(self, request: Request) -> None:
        self._function(request)


AuthArgument: TypeAlias = (
    Auth
    | HttpxAuthLike
    | Callable[[Request], object]
    | tuple[Literal["bearer"], Secret]
    | tuple[Literal["api_key"], Secret]
    | tuple[Literal["basic"], Secret, Secret]
    | Sequence[Auth]
    | None
)

# RFC 6265 section 4.1.1: visible ASCII but for the quote, comma, semicolon and backslash.
_COOKIE_OCTETS = "!#$%&'()*+-./:<=>?@[]^_`{|}~"


def add_cookies(request: Request, pieces: Iterable[str]) -> None:
    """Add `name=value` pieces to the `Cookie` header."""
    present = request.headers.get_list("cookie")
    joined = "; ".join((*present, *pieces))
    if joined:
        request.headers["Cookie"] = joined


def auth_handlers(auth: object) -> tuple[Auth, ...]:
    """The handlers that an `auth=` argument means.

    Raises:
        ConfigurationError: It is nothing that the contract of `auth=` names.
    """
    match auth:
        case None:
            return ()
        case Auth():
            _refuse_async(auth.apply)
            return (auth,)
        case HttpxAuthLike():
            from ._tokens import HttpxAuth

            return (HttpxAuth(auth),)
        case _ if is_tuple(auth):
            return _tuple_handlers(auth)
        case _ if is_list(auth):
            return _all_handlers(auth)
        case _ if callable(auth):
            _refuse_async(auth)
            return (_CallableAuth(auth),)
        case _:
            raise ConfigurationError(
                'auth= takes a handler, a callable, ("bearer", token), ("api_key", key), '
                '("basic", user, password) or None'
            )


def _refuse_async(function: object) -> None:
    """Refuse what nobody would wait for, so that requests would go without credentials."""
    called = getattr(type(function), "__call__", None)  # noqa: B004 - objects that are called
    if iscoroutinefunction(function) or iscoroutinefunction(called):
        raise ConfigurationError(
            "auth= takes no coroutine function; TokenAuth waits for tokens, and middleware for "
            "anything"
        )


def _tuple_handlers(auth: tuple[object, ...]) -> tuple[Auth, ...]:
    match auth:
        case ("bearer", token):
            return (BearerAuth(_secret(token)),)
        case ("api_key", key):
            return (ApiKeyAuth(_secret(key)),)
        case ("basic", username, password):
            return (BasicAuth(_secret(username), _secret(password)),)
        case _:
            return _all_handlers(auth)


def _all_handlers(several: Iterable[object]) -> tuple[Auth, ...]:
    return tuple(handler for auth in several for handler in auth_handlers(auth))


def reveal(secret: Secret) -> str:
    """The text of a credential."""
    return secret if isinstance(secret, str) else secret.get_secret_value()


def _secret(value: object) -> Secret:
    if isinstance(value, (str, SecretValue)):
        return value
    raise ConfigurationError(f"a credential is a str or a SecretStr, not a {type(value).__name__}")


class Credentials:
    """What the client holds for each security scheme of its API.

    Args:
        api: The API.
        given: Credentials by scheme: a secret, or several in the order of the scheme's arguments.
            For `None` the environment is looked at.
        has_certificate: Whether connections may have a client certificate.
    """

    def __init__(
        self, api: Api, given: Mapping[str, object], *, has_certificate: bool = True
    ) -> None:
        self._api = api
        self._makers: dict[str, Maker] = {}
        for name, scheme in api.schemes.items():
            if isinstance(scheme, MutualTLS):
                if has_certificate:
                    self._makers[name] = _no_handlers
                continue
            maker = _maker(scheme, self._secrets(name, given.get(name)))
            if maker is not None:
                self._makers[name] = maker

    def _secrets(self, name: str, given: object) -> list[Secret | None]:
        """The credentials of a scheme, those that are not given from the environment."""
        parts = given if is_tuple(given) else (given,)
        found = [os.environ.get(variable) or None for variable in self._variables(name)]
        return [
            _secret(part) if part is not None else variable
            for part, variable in zip_longest(parts, found)
        ]

    def _variables(self, name: str) -> list[str]:
        return [
            self._api.env_prefix + argument.upper()
            for argument in self._api.arguments.get(name, ())
        ]

    def handlers(
        self,
        security: Security | None,
        what: str,
        scopes: Mapping[str, tuple[str, ...]] = NOTHING,
    ) -> tuple[Auth, ...]:
        """The handlers of the first alternative whose credentials are all there.

        Args:
            security: Alternatives of a call; `None` for those of the API.
            what: The call, for the message.
            scopes: What fetched tokens must allow, by scheme; goes with `security`.

        Raises:
            ConfigurationError: No alternative is complete, and none is anonymous.
        """
        if security is None:
            security, scopes = self._api.security, self._api.scopes
        for names in security:
            if names and all(name in self._makers for name in names):
                found = [self._makers[name](scopes.get(name, ())) for name in names]
                return tuple(handler for handlers in found for handler in handlers)
        if not security or () in security:
            return ()
        wanted = " or ".join(" with ".join(map(self._how_to_give, names)) for names in security)
        raise ConfigurationError(f"{what} needs credentials: {wanted}")

    def any_handlers(self) -> tuple[Auth, ...]:
        """Handlers for a call that the document does not describe."""
        try:
            handlers = self.handlers(None, "")
        except ConfigurationError:
            return ()
        if handlers or self._api.security:
            return handlers
        return next((found for make in self._makers.values() if (found := make(()))), ())

    def _how_to_give(self, name: str) -> str:
        arguments, variables = self._api.arguments.get(name, ()), self._variables(name)
        match self._api.schemes.get(name):
            case MutualTLS():
                return "cert="
            case OAuth2(token_url, refresh_url) if arguments:
                pairs = [f"{a}= ({v})" for a, v in zip(arguments, variables, strict=True)]
                fetched = [" and ".join(pairs[1:3])] if token_url else []
                return ", or ".join([pairs[0], *fetched, *(pairs[3:] if refresh_url else [])])
            case _ if arguments:
                given = "/".join(f"{argument}=" for argument in arguments)
                return f"{given} ({' and '.join(variables)})"
            case _:
                return name


Maker: TypeAlias = Callable[[tuple[str, ...]], tuple[Auth, ...]]
"""Gives the handlers of a scheme, for tokens that allow these scopes."""


def _no_handlers(_: tuple[str, ...]) -> tuple[Auth, ...]:
    """Those of mutual TLS: the certificate is the transport's business."""
    return ()


def _maker(scheme: Scheme, secrets: Sequence[Secret | None]) -> Maker | None:
    """What makes the handlers of a scheme; `None` when credentials are missing."""
    if isinstance(scheme, OAuth2):
        return _oauth_maker(scheme, *secrets)
    given = [secret for secret in secrets if secret is not None]
    if not given or len(given) < len(secrets):
        return None
    handler = _scheme_auth(scheme, given)
    return lambda _: (handler,)


def _oauth_maker(
    scheme: OAuth2,
    token: Secret | None,
    client_id: Secret | None = None,
    client_secret: Secret | None = None,
    refresh_token: Secret | None = None,
) -> Maker | None:
    refreshes = refresh_token is not None and scheme.refresh_url is not None
    url = scheme.refresh_url if refreshes else scheme.token_url
    if url is None or not (refreshes or (client_id is not None and client_secret is not None)):
        return None if token is None else lambda _: (BearerAuth(token),)
    from ._oauth.auth import OAuth2Auth

    @cache
    def make(scopes: tuple[str, ...]) -> tuple[Auth, ...]:
        auth = OAuth2Auth(
            url, client_id, client_secret, scopes=scopes, refresh_token=refresh_token, token=token
        )
        return (auth,)

    # The scopes of a refresh token are those that the user has granted.
    return (lambda _: make(())) if refreshes else make


def _scheme_auth(scheme: Scheme, secrets: Sequence[Secret]) -> Auth:
    match scheme, secrets:
        case ApiKey(key_name, location), (key,):
            return ApiKeyAuth(key, key_name, location)
        case HttpAuth("basic"), (username, password):
            return BasicAuth(username, password)
        case HttpAuth("digest"), (username, password):
            import httpx

            from ._tokens import HttpxAuth

            return HttpxAuth(httpx.DigestAuth(reveal(username), reveal(password)))
        case HttpAuth("bearer"), (token,):
            return BearerAuth(token)
        case HttpAuth(kind), (value,):
            return _HeaderAuth("Authorization", f"{kind} {reveal(value)}")
        case _:
            raise ConfigurationError(f"{scheme} has other arguments than {len(secrets)} secrets")
