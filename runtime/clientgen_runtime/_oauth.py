"""OAuth 2.0 tokens that the client fetches itself (RFC 6749)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from ._auth import BasicAuth, Secret, reveal
from ._errors import DecodeError
from ._tokens import TokenAuth

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ._response import Response

    Steps = Generator[dict[str, Any], Response, tuple[str, float | None]]


class OAuth2Auth(TokenAuth):
    """A bearer token that is fetched with the client's credentials, or with a refresh token.

    It is asked for when the first call needs it, and anew when it ends or is refused; by one call
    at a time, however many wait. The request goes through the client that makes the call, so it
    has the same proxies and TLS, but none of its headers when the host is another one.

    Args:
        token_url: Where tokens are fetched; maybe relative to the client's base URL.
        client_id: The client's identifier; `None` when the server asks for none.
        client_secret: Its password; `None` for public clients, which refresh only.
        scopes: What the token must allow; the server decides when there are none.
        refresh_token: Fetches tokens in the name of a user. A new one in an answer replaces it.
        token: A token that is used first.

    Example:
        >>> auth = OAuth2Auth("https://login.example.com/token", "id", "secret", scopes=["read"])
        >>> auth.token is None
        True
    """

    def __init__(
        self,
        token_url: str,
        client_id: Secret | None,
        client_secret: Secret | None = None,
        *,
        scopes: Sequence[str] = (),
        refresh_token: Secret | None = None,
        token: Secret | None = None,
    ) -> None:
        super().__init__(lambda: None)
        self._url = token_url
        self._id = reveal(client_id) if client_id is not None else None
        self._secret = reveal(client_secret) if client_secret is not None else None
        self._scopes = tuple(scopes)
        self._refresh_token = reveal(refresh_token) if refresh_token is not None else None
        self._token = reveal(token) if token is not None else None
        # Servers must take the credentials of clients as basic authentication (section 2.3.1),
        # but some take them in the body only.
        self._in_body = self._secret is None

    def _fetch_through(self, client: Any) -> object:
        """Fetch a token through the client that makes the call; awaitable if that is async."""
        from ._client import AsyncClient

        return (
            self._fetched_async(client)
            if isinstance(client, AsyncClient)
            else self._fetched(client)
        )

    def _fetched(self, client: Any) -> tuple[str, float | None]:
        steps = self._steps()
        options = next(steps)
        while True:
            try:
                options = steps.send(client.request("POST", self._url, **options))
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]

    async def _fetched_async(self, client: Any) -> tuple[str, float | None]:
        steps = self._steps()
        options = next(steps)
        while True:
            response = await client.request("POST", self._url, **options)
            try:
                options = steps.send(response)
            except StopIteration as done:
                return done.value  # type: ignore[no-any-return]

    def _steps(self) -> Steps:
        """Arguments of each request that is made, for its response."""
        response = yield self._asked()
        if not self._in_body and _refuses_client(response):
            self._in_body = True
            response = yield self._asked()
            # A second refusal is about the credentials, not about where they stand.
            self._in_body = response.is_success
        return self._token_in(response.raise_for_status())

    def _asked(self) -> dict[str, Any]:
        data = self._grant()
        auth = None
        if self._in_body:
            secrets = {"client_id": self._id, "client_secret": self._secret}
            data |= {name: value for name, value in secrets.items() if value is not None}
        elif self._id is not None and self._secret is not None:
            auth = BasicAuth(quote_plus(self._id), quote_plus(self._secret))
        headers = {"Accept": "application/json"}
        # These are for calls of the API: here middleware would see secrets and change tokens.
        return {
            "data": data,
            "auth": auth,
            "headers": headers,
            "raise_for_status": False,
            "middleware": (),
            "circuit_breaker": None,
            "rate_limiter": None,
        }

    def _grant(self) -> dict[str, str]:
        if self._refresh_token is not None:
            return {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        scope = {"scope": " ".join(self._scopes)} if self._scopes else {}
        return {"grant_type": "client_credentials", **scope}

    def _token_in(self, response: Response) -> tuple[str, float | None]:
        answer = response.json()
        match answer:
            case {"access_token": str(token)}:
                pass
            case _:
                raise DecodeError(
                    "the token URL answered without an access_token", response=response
                )
        match answer.get("refresh_token"):
            case str(following) if self._refresh_token is not None:
                self._refresh_token = following
            case _:
                pass
        return token, _seconds(answer.get("expires_in"))

    def __repr__(self) -> str:
        return f"<OAuth2Auth {self._url}>"


def _refuses_client(response: Response) -> bool:
    """Whether the answer says that the client is not authenticated (section 5.2)."""
    return response.status_code == 401 or (
        response.status_code == 400 and "invalid_client" in response.text
    )


def _seconds(lifetime: object) -> float | None:
    """How long a token is good; some servers say it as text."""
    try:
        return float(lifetime) if isinstance(lifetime, int | float | str) else None
    except ValueError:
        return None
