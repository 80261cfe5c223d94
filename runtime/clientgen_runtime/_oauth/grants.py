"""How a program gets its first token: by a login of its user, or by a signed assertion."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias
from urllib.parse import urlencode

from .._auth import Secret, reveal
from .._errors import (
    ConfigurationError,
    ConnectionError,  # noqa: A004
    DecodeError,
    LoginFailedError,
    TimeoutError,  # noqa: A004
)
from .._ids import uuid4
from .._narrow import is_mapping
from .._operation import NOTHING
from .._response import json_or_text
from .provider import error_code, seconds_of
from .steps import Do, Tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._response import Response
    from .loopback import Listener
    from .provider import Provider, Terms
    from .server import Metadata
    from .steps import Steps
    from .stores import Tokens

_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


# --- Authorization code --------------------------------------------------------------------


def open_browser(url: str) -> None:
    """Show the page of a login in the user's browser, and its address for those without."""
    import sys
    import webbrowser

    print(f"To log in, open {url}", file=sys.stderr)
    webbrowser.open(url)


@dataclass(frozen=True)
class AuthorizationCode:
    """A login in the user's browser, for programs on the user's machine (RFC 8252).

    The browser comes back to a page of this program at `127.0.0.1`. The code that it brings is of
    use to this program alone (PKCE with S256, RFC 7636), and taken for this login only, from this
    server only (`state`, and `iss` of RFC 9207).

    Attributes:
        open_url: Shows the user the page of the server; may be a coroutine function for
            `AsyncClient`. Default: prints the address, and opens it in the browser.
        host: How the page that the browser comes back to names this machine: `127.0.0.1`, or
            `localhost` for servers that know no other name.
        port: Port of that page. Default: any free one, which servers must allow for such programs.
        path: Path of that page.
        timeout: Seconds that the user has.
        params: Further parameters of the server's page, such as `prompt` or `login_hint`.

    Example:
        >>> AuthorizationCode(port=8765, params={"prompt": "consent"}).path
        '/callback'
    """

    _is_interactive: ClassVar[bool] = True
    _who: ClassVar[str] = ""
    open_url: Callable[[str], object] = open_browser
    host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"
    port: int = 0
    path: str = "/callback"
    timeout: float = 300.0
    params: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def _steps(self, provider: Provider, terms: Terms) -> Steps[Tokens]:
        from .loopback import Listener

        page = yield from provider.url("authorization_url", terms)
        metadata = yield from provider.metadata(terms)
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        listener = Listener(self.host, self.port, self.path, state)
        try:
            asked = {**provider.params, **self.params, **_asked(provider, listener.url, state)}
            yield Tell(self.open_url, page_url(page, {**asked, **challenge_of(verifier)}))
            answer = yield from self._answer(listener, provider, terms)
        finally:
            listener.server_close()
        form = {
            "grant_type": "authorization_code",
            "code": code_in(answer, metadata),
            "redirect_uri": listener.url,
            "code_verifier": verifier,
        }
        return (yield from provider.token(form, terms))

    def _answer(
        self, listener: Listener, provider: Provider, terms: Terms
    ) -> Steps[dict[str, str]]:
        end = time.monotonic() + self.timeout
        while True:
            answer: dict[str, str] | None = yield Do(listener.poll)
            if answer is not None:
                return answer
            if time.monotonic() >= end:
                raise LoginFailedError(f"nobody logged in within {self.timeout:g} seconds")
            yield from provider.pause(0, terms)


def _asked(provider: Provider, redirect_uri: str, state: str) -> dict[str, str]:
    known = {"client_id": provider.client_id or "", "redirect_uri": redirect_uri, "state": state}
    return {"response_type": "code", **known, **provider.scope}


def page_url(page: str, query: Mapping[str, str]) -> str:
    """The address of a login; the endpoint may have a query (RFC 6749 section 3.1)."""
    return f"{page}{'&' if '?' in page else '?'}{urlencode(query)}"


def challenge_of(verifier: str) -> dict[str, str]:
    """What the server is told of the verifier (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"code_challenge": challenge, "code_challenge_method": "S256"}


def code_in(answer: Mapping[str, str], metadata: Metadata) -> str:
    """The code that the browser brought.

    Raises:
        LoginFailedError: The login was refused, or another server has answered.
    """
    issuer, stated = metadata.server.issuer, answer.get("iss")
    # RFC 9207 section 2.4: before anything else, since errors may come from elsewhere, too.
    if issuer is not None and (stated or metadata.states_issuer) and stated != issuer:
        raise LoginFailedError("the answer to the login is from another server")
    if "error" in answer:
        raise _refused(answer["error"], answer.get("error_description"))
    if not answer.get("code"):
        raise LoginFailedError("the answer to the login has no code")
    return answer["code"]


def _refused(code: str, description: object = None) -> LoginFailedError:
    said = f": {printable(description)}" if isinstance(description, str) and description else ""
    error = LoginFailedError(f"the login was refused: {printable(code)}{said}")
    error.reason = code
    return error


def printable(text: str) -> str:
    """A text from elsewhere, fit for a terminal."""
    return "".join(letter for letter in text if letter.isprintable())[:200]


# --- Device code ---------------------------------------------------------------------------


@dataclass(frozen=True)
class DevicePrompt:
    """What a user is told who logs in on another device.

    Attributes:
        user_code: The code that the user enters.
        verification_uri: The page where it is entered.
        verification_uri_complete: The page that knows the code already, for a QR code, if any.
        expires_in: Seconds until the code ends.

    Example:
        >>> DevicePrompt("WDJB-MJHT", "https://example.com/device").user_code
        'WDJB-MJHT'
    """

    user_code: str
    verification_uri: str
    verification_uri_complete: str | None = None
    expires_in: float = 300.0


def show_prompt(prompt: DevicePrompt) -> None:
    """Tell the user where to log in."""
    import sys

    print(
        f"To log in, open {prompt.verification_uri} and enter {prompt.user_code}", file=sys.stderr
    )


@dataclass(frozen=True)
class DeviceCode:
    """A login on another device, for programs that cannot open a browser (RFC 8628).

    Attributes:
        show: Tells the user a `DevicePrompt`; may be a coroutine function for `AsyncClient`.
            Default: prints it to standard error.

    Example:
        >>> auth = OAuth2Auth(
        ...     OAuth2Server("https://login.example.com"), "acme-cli", grant=DeviceCode()
        ... )
    """

    _is_interactive: ClassVar[bool] = True
    _who: ClassVar[str] = ""
    show: Callable[[DevicePrompt], object] = show_prompt

    def _steps(self, provider: Provider, terms: Terms) -> Steps[Tokens]:
        started = time.monotonic()
        asked = {**provider.scope, **provider.params}
        response = yield from provider.post("device_url", asked, terms)
        provider.check(response)
        prompt, code, interval = _device_answer(response)
        yield Tell(self.show, prompt)
        form = {"grant_type": _DEVICE_CODE, "device_code": code}
        while True:
            yield from provider.pause(interval, terms)
            if time.monotonic() - started > prompt.expires_in:
                raise _refused("expired_token", "the code was not entered in time")
            try:
                response = yield from provider.post("token_url", {**form, **provider.params}, terms)
            except (ConnectionError, TimeoutError):
                # RFC 8628 section 3.5: ask less often when the server is in trouble.
                interval = _slower(interval)
                continue
            match error_code(response):
                case "authorization_pending":
                    pass
                case "slow_down":
                    interval += 5
                case ("access_denied" | "expired_token") as refusal:
                    raise _refused(refusal)
                case _ if response.status_code >= 500:
                    interval = _slower(interval)
                case _:
                    provider.check(response, form)
                    return provider.read(response)


def _slower(interval: float) -> float:
    return max(interval, min(2 * interval, 60))


def _device_answer(response: Response) -> tuple[DevicePrompt, str, float]:
    """What the user is told, the code of this device, and seconds between two questions."""
    answer = json_or_text(response)
    if not is_mapping(answer):
        raise DecodeError("the device URL did not answer with an object", response=response)
    # Some servers wrote this before the standard did.
    page = answer.get("verification_uri") or answer.get("verification_url")
    match answer.get("device_code"), answer.get("user_code"), page:
        case str(code), str(user_code), str(page):
            pass
        case _:
            raise DecodeError("the device URL answered without a code", response=response)
    complete = answer.get("verification_uri_complete")
    prompt = DevicePrompt(
        printable(user_code),
        printable(page),
        printable(complete) if isinstance(complete, str) else None,
        _number(answer.get("expires_in"), 300.0),
    )
    # RFC 8628 section 3.2: five seconds when the server does not say.
    return prompt, code, _number(answer.get("interval"), 5.0)


def _number(value: object, default: float) -> float:
    seconds = seconds_of(value)
    return seconds if seconds is not None and seconds >= 0 else default


# --- Assertions ----------------------------------------------------------------------------


class SigningKey:
    """A key that signs what a client claims (RFC 7523); needs the extra `jwt`.

    As `client_key=` it takes the place of the client's secret (`private_key_jwt`); in a
    `JWTBearer` it speaks for a service account.

    Args:
        key: Private key in PEM form.
        algorithm: Such as `RS256`, `PS256`, `ES256` or `EdDSA`, as the key and the server have it.
        key_id: Name of the key, for servers that know several.
        audience: Whom the claims are for. Default: the token URL.
        lifetime: Seconds that a signature is good.

    Example:
        >>> SigningKey("-----BEGIN PRIVATE KEY-----...", key_id="2026-11")
        <SigningKey RS256>
    """

    def __init__(
        self,
        key: Secret,
        algorithm: str = "RS256",
        *,
        key_id: str | None = None,
        audience: str | None = None,
        lifetime: float = 60.0,
    ) -> None:
        self._key = reveal(key)
        self._algorithm = algorithm
        self._key_id = key_id
        self._audience = audience
        self._lifetime = lifetime

    def sign(self, claims: Mapping[str, object]) -> str:
        """The claims, with times and an id of their own, as a signed JWT.

        Args:
            claims: What is claimed; goes before what would be claimed otherwise.

        Raises:
            ConfigurationError: The key is none for the algorithm, or the extra is missing.

        Example:
            >>> SigningKey("0123456789abcdef0123456789abcdef", "HS256").sign({"iss": "me"})[:2]
            'ey'
        """
        try:
            import jwt
        except ImportError as error:
            raise ConfigurationError("SigningKey needs the extra clientgen-runtime[jwt]") from error
        now = int(time.time())
        standard: dict[str, object] = {
            "iat": now,
            "exp": now + int(self._lifetime),
            "jti": uuid4(),
        }
        if self._audience is not None:
            claims = {**claims, "aud": self._audience}
        headers = {"kid": self._key_id} if self._key_id is not None else None
        try:
            return jwt.encode({**standard, **claims}, self._key, self._algorithm, headers)
        except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError):
            # What the library says might quote the key.
            raise ConfigurationError(
                f"the signing key cannot be used with {self._algorithm}"
            ) from None

    def __repr__(self) -> str:
        return f"<SigningKey {self._algorithm}>"


@dataclass(frozen=True)
class JWTBearer:
    """A token for an assertion that the program signs, for service accounts (RFC 7523 section 2.1).

    Attributes:
        key: Signs the assertion.
        subject: In whose name the token is; nobody's when it is not given.
        issuer: Who signs. Default: the client's identifier.
        claims: Further claims, where servers want some.

    Example:
        >>> grant = JWTBearer(SigningKey("-----BEGIN..."), subject="robot@example.com")
        >>> grant.subject
        'robot@example.com'
    """

    _is_interactive: ClassVar[bool] = False
    key: SigningKey
    subject: str | None = None
    issuer: str | None = None
    claims: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    @property
    def _who(self) -> str:
        return f"({self.issuer or 'itself'} for {self.subject or 'itself'})"

    def _steps(self, provider: Provider, terms: Terms) -> Steps[Tokens]:
        url = yield from provider.url("token_url", terms)
        claims = {"iss": self.issuer or provider.client_id, "aud": url, "sub": self.subject}
        stated = {name: value for name, value in claims.items() if value is not None}
        assertion = self.key.sign({**stated, **self.claims})
        form = {"grant_type": _JWT_BEARER, "assertion": assertion, **provider.scope}
        return (yield from provider.token(form, terms))


Grant: TypeAlias = AuthorizationCode | DeviceCode | JWTBearer
"""How the first token is fetched, where the client's own credentials are not enough.

Example:
    >>> grant: Grant = DeviceCode()
"""
