"""What an authorization server is asked, and how its answers are read (RFC 6749 section 5)."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from .._auth import BasicAuth
from .._errors import ConfigurationError, DecodeError, HTTPError, TotalTimeoutError
from .._narrow import is_mapping
from .._operation import NOTHING
from .._redact import mask
from .._response import json_or_text, status_error
from .._servers import join_url
from .._timeout import TimeoutConfig
from .server import Metadata, OAuth2Server, metadata_urls, read_metadata
from .steps import Ask, Wait
from .stores import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._response import Response
    from .grants import SigningKey
    from .steps import Steps

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Terms(NamedTuple):
    """Under what a token is fetched: for whom, and until when on the monotonic clock."""

    base_url: str
    deadline: float | None


class Provider:
    """An authorization server as one client of it sees it."""

    def __init__(
        self,
        server: OAuth2Server,
        client_id: str | None,
        secret: str | None,
        key: SigningKey | None,
        scopes: Sequence[str],
        params: Mapping[str, str],
        timeout: float,
    ) -> None:
        self.server = server
        self.client_id = client_id
        self.scope: dict[str, str] = {"scope": " ".join(scopes)} if scopes else {}
        self.params = dict(params)
        self._secret = secret
        self._key = key
        self._timeout = timeout
        self._metadata: Metadata | None = None
        # Servers must take the credentials of clients as basic authentication (section 2.3.1),
        # but some take them in the body only.
        self._in_body = secret is None

    @property
    def has_credentials(self) -> bool:
        """Whether the client can prove who it is."""
        return self._secret is not None or self._key is not None

    def name(self, who: str, base_url: str) -> str:
        """What tokens are kept under: one of another server, client or user is none for us."""
        server = self.server.issuer or join_url(base_url, self.server.token_url or "")
        asked = {**self.params, **self.scope}
        scopes = " ".join(sorted(asked.pop("scope", "").split()))
        return " ".join(filter(None, (server, self.client_id, who, scopes, urlencode(asked))))

    # --- Where -----------------------------------------------------------------------------

    def url(self, field: str, terms: Terms) -> Steps[str]:
        """An endpoint, absolute.

        Raises:
            ConfigurationError: It is neither given nor in the metadata.
        """
        url = getattr(self.server, field)
        if url is None and self.server.issuer is not None:
            metadata = yield from self.metadata(terms)
            url = getattr(metadata.server, field)
        if not isinstance(url, str):
            where = f"; the metadata of {self.server.issuer} has none" if self.server.issuer else ""
            raise ConfigurationError(f"OAuth2Server has no {field}={where}")
        return join_url(terms.base_url, url)

    def metadata(self, terms: Terms) -> Steps[Metadata]:
        """What the server says of itself, asked for once."""
        issuer = self.server.issuer
        if self._metadata is None and issuer is not None:
            first, second = metadata_urls(issuer)
            response: Response = yield self._ask("GET", first, terms, {})
            if 400 <= response.status_code < 500:
                response = yield self._ask("GET", second, terms, {})
            if response.is_error:
                raise status_error(response)
            self._metadata = read_metadata(self.server, response)
            self._choose_place(self._metadata.client_methods)
        return self._metadata or Metadata(self.server)

    def _choose_place(self, methods: tuple[str, ...] | None) -> None:
        # RFC 8414 section 2: a server that does not say takes basic authentication.
        if methods and "client_secret_basic" not in methods and "client_secret_post" in methods:
            self._in_body = True

    # --- Questions -------------------------------------------------------------------------

    def token(self, form: Mapping[str, str], terms: Terms) -> Steps[Tokens]:
        """Tokens for a grant.

        Raises:
            HTTPError: The server refuses.
            DecodeError: The answer has no token that we know how to use.
        """
        response = yield from self.post("token_url", {**form, **self.params}, terms)
        self.check(response, form)
        return self.read(response)

    def post(self, field: str, form: Mapping[str, str], terms: Terms) -> Steps[Response]:
        """The answer of an endpoint to a form with the client's credentials."""
        url = yield from self.url(field, terms)
        # Servers know themselves by this one, whichever they are asked (OpenID Connect section 9).
        audience = (yield from self.url("token_url", terms)) if self._key is not None else url
        credentials = partial(self._credentials, form, audience)
        response: Response = yield self._ask("POST", url, terms, credentials())
        if not self._in_body and self._key is None and _refuses_client(response):
            self._in_body = True
            response = yield self._ask("POST", url, terms, credentials())
            # A second refusal is about the credentials, not about where they stand.
            self._in_body = response.is_success
        return response

    def _credentials(self, form: Mapping[str, str], audience: str) -> dict[str, Any]:
        own = {} if self.client_id is None else {"client_id": self.client_id}
        if self._key is not None:
            claims = {"iss": self.client_id, "sub": self.client_id, "aud": audience}
            assertion = self._key.sign({**claims})
            own |= {"client_assertion_type": _ASSERTION, "client_assertion": assertion}
        elif self._secret is not None and self._in_body:
            own |= {"client_secret": self._secret}
        elif self.client_id is not None and self._secret is not None:
            # Section 2.3.1: both parts are form-encoded before they are joined.
            basic = BasicAuth(quote_plus(self.client_id), quote_plus(self._secret))
            return {"data": dict(form), "auth": basic}
        return {"data": {**form, **own}}

    def _ask(self, method: str, url: str, terms: Terms, options: dict[str, Any]) -> Ask:
        left = self._timeout
        if terms.deadline is not None:
            left = min(left, terms.deadline - time.monotonic())
            if left <= 0:
                raise TotalTimeoutError("no token within the total timeout")
        asked = {
            "auth": None,
            "headers": {"Accept": "application/json"},
            "raise_for_status": False,
            # A form with secrets goes where it was addressed to, and nowhere else.
            "follow_redirects": False,
            "timeout": TimeoutConfig(total=left),
        }
        return Ask(method, url, {**asked, **options})

    def pause(self, seconds: float, terms: Terms) -> Steps[None]:
        """Wait, but not past the deadline.

        Raises:
            TotalTimeoutError: It would be past it.
        """
        if terms.deadline is not None and time.monotonic() + seconds >= terms.deadline:
            raise TotalTimeoutError("no token within the total timeout")
        yield Wait(seconds)

    # --- Answers ---------------------------------------------------------------------------

    def check(self, response: Response, form: Mapping[str, str] = NOTHING) -> None:
        """Raise what an answer says.

        Raises:
            HTTPError: It has an error status; the message shows nothing that was sent.
        """
        if not response.is_error:
            return
        error: HTTPError = status_error(response)
        secrets = [value for name, value in form.items() if name not in ("grant_type", "scope")]
        error.args = (mask(str(error), [*secrets, self._secret or ""]),)
        raise error

    @staticmethod
    def read(response: Response) -> Tokens:
        """The tokens in an answer.

        Raises:
            DecodeError: It has none that we know how to use.
        """
        # From when they were asked for: the answer may have taken long.
        return _tokens_in(response, time.time() - response.elapsed.total_seconds())


def error_code(response: Response) -> str | None:
    """The code of an error answer, such as `invalid_grant`; some servers send it with a 200."""
    answer = json_or_text(response)
    code = answer.get("error") if is_mapping(answer) else None
    return code if isinstance(code, str) else None


def _refuses_client(response: Response) -> bool:
    """Whether the answer says that the client is not authenticated (section 5.2)."""
    return response.status_code == 401 or (
        response.status_code == 400 and "invalid_client" in response.text
    )


def _tokens_in(response: Response, asked_at: float) -> Tokens:
    answer = json_or_text(response)
    if not is_mapping(answer) or not isinstance(token := answer.get("access_token"), str):
        code = error_code(response) or f"status {response.status_code}"
        raise DecodeError(
            f"the token URL answered without an access_token: {code[:40]}", response=response
        )
    kind = answer.get("token_type") or "bearer"
    if not str(kind).lower().startswith("bearer"):
        # Section 7.1: a token of a kind that we do not know must not be used.
        raise DecodeError(f"tokens of type {str(kind)[:20]!r} are not known", response=response)
    refresh = answer.get("refresh_token")
    lifetime = seconds_of(answer.get("expires_in"))
    end = None if lifetime is None else asked_at + lifetime
    return Tokens(token, refresh if isinstance(refresh, str) else None, end)


def seconds_of(lifetime: object) -> float | None:
    """How long a token or code is good; some servers say it as text."""
    try:
        seconds = float(lifetime) if isinstance(lifetime, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    # Neither infinity nor NaN can be kept.
    return seconds if seconds is not None and abs(seconds) < 1e12 else None
