"""OAuth 2.0 tokens that the client fetches itself (RFC 6749)."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from .._auth import Secret, reveal
from .._errors import (
    ClientError,
    ConfigurationError,
    DecodeError,
    HTTPError,
    TimeoutError,  # noqa: A004
)
from .._operation import NOTHING
from .._tokens import TokenAuth
from .provider import Provider, Terms, error_code
from .server import OAuth2Server
from .steps import AsyncPerformer, Do, Performer
from .stores import MemoryTokenStore, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .._base import BaseClient
    from .._client import AsyncClient, Client
    from .._settings import ClientOptions
    from .grants import Grant, SigningKey
    from .steps import Steps
    from .stores import StoreLock, TokenStore

    T = TypeVar("T")

# Between two looks whether another program has finished renewing tokens.
_LOOK = 0.05

# How servers say that a refresh token is good no more: the standard, and GitHub.
_SPENT = ("invalid_grant", "bad_refresh_token")


class OAuth2Auth(TokenAuth):
    """A bearer token that is fetched from an authorization server.

    By default with the client's own credentials (RFC 6749 section 4.4), with a refresh token
    (section 6) where there is one, and else as `grant` says. It is asked for when the first call
    needs it, and anew when it ends or is refused; by one call at a time, however many wait. The
    request goes through the client that makes the call, so it has the same proxies and TLS, but
    none of its headers when the host is another one, and none of its hooks and middleware.

    Args:
        server: An `OAuth2Server`, or where tokens are fetched; maybe relative to the client's
            base URL.
        client_id: The client's identifier; `None` when the server asks for none.
        client_secret: Its password; `None` for public clients.
        scopes: What the token must allow; the server decides when there are none.
        refresh_token: Fetches tokens in the name of a user. A new one in an answer replaces it.
        token: A token that is used first.
        grant: How the first token is fetched, and the next one when no refresh token is good any
            more: `AuthorizationCode`, `DeviceCode` or `JWTBearer`.
        client_key: Signs what takes the place of the secret (`private_key_jwt`).
        params: Further parameters of token requests, such as `audience` or `resource`.
        store: Where tokens are kept. Default: in memory.
        timeout: Seconds that the server has for each answer.
        advisory_window: As for `TokenAuth`.
        mandatory_window: As for `TokenAuth`.

    Raises:
        ConfigurationError: The server is neither a URL nor has an issuer.

    Example:
        >>> auth = OAuth2Auth("https://login.example.com/token", "id", "secret", scopes=["read"])
        >>> auth.token is None
        True
    """

    def __init__(
        self,
        server: str | OAuth2Server,
        client_id: Secret | None,
        client_secret: Secret | None = None,
        *,
        scopes: Sequence[str] = (),
        refresh_token: Secret | None = None,
        token: Secret | None = None,
        grant: Grant | None = None,
        client_key: SigningKey | None = None,
        params: Mapping[str, str] = NOTHING,
        store: TokenStore | None = None,
        timeout: float = 30.0,
        advisory_window: float = 120.0,
        mandatory_window: float = 10.0,
    ) -> None:
        super().__init__(
            lambda: None, advisory_window=advisory_window, mandatory_window=mandatory_window
        )
        self._provider = Provider(
            OAuth2Server(token_url=server) if isinstance(server, str) else server,
            _text(client_id),
            _text(client_secret),
            client_key,
            scopes,
            params,
            timeout,
        )
        self._grant = grant
        self._store: TokenStore = store if store is not None else MemoryTokenStore()
        self._refresh_token = _text(refresh_token)
        self._token = _text(token)
        self._timeout = timeout
        self._who = _who(grant, self._provider, self._refresh_token)
        # Whether the next token can be had without asking anyone.
        self._is_silent = grant is None or not grant._is_interactive

    @property
    def is_due(self) -> bool:
        """Whether there is no good token, or one that is about to end and can be renewed.

        Example:
            >>> OAuth2Auth("https://login.example.com/token", "id", "secret").is_due
            True
        """
        return self.token is None or (self._is_silent and super().is_due)

    # --- What users call -------------------------------------------------------------------

    def login(self, client: Client) -> None:
        """Fetch a token anew, whatever is kept: have the user log in, if `grant` says so.

        Calls do so by themselves when they need a token; programs call it where a login is
        expected, such as in a command of its own.

        Args:
            client: Through which the server is asked.

        Raises:
            LoginFailedError: The user did not log in.
            ClientError: Whatever else goes wrong.

        Example:
            >>> auth = OAuth2Auth("/oauth/token", "acme", "s3cret")
            >>> auth.login(client)
            >>> auth.token
            't-1'
        """
        _check_kind(client, is_async=False)
        with self._lock:
            self._take(self._outcome(lambda: self._performed(client, self._log_in)))

    async def login_async(self, client: AsyncClient) -> None:
        """Fetch a token anew, as `login` does.

        Args:
            client: Through which the server is asked.

        Raises:
            LoginFailedError: The user did not log in.
            ClientError: Whatever else goes wrong.

        Example:
            >>> auth = OAuth2Auth("/oauth/token", "acme", "s3cret")
            >>> await auth.login_async(aclient)
            >>> auth.token
            't-1'
        """
        _check_kind(client, is_async=True)
        async with self._lock_of_run():
            self._take(await self._async_outcome(lambda: self._performed(client, self._log_in)))

    def logout(self, client: Client) -> None:
        """Forget the tokens, and tell the server that they are not used any more (RFC 7009).

        They are forgotten even when the server cannot be told. It is told when it has a
        revocation URL.

        Args:
            client: Through which the server is told.

        Raises:
            ClientError: The server could not be told.

        Example:
            >>> auth = OAuth2Auth("/oauth/token", "acme", "s3cret", token="t-0")
            >>> auth.logout(client)
            >>> auth.token is None
            True
        """
        _check_kind(client, is_async=False)
        with self._lock:
            self._performed(client, self._log_out)

    async def logout_async(self, client: AsyncClient) -> None:
        """Forget the tokens and revoke them, as `logout` does.

        Args:
            client: Through which the server is told.

        Raises:
            ClientError: The server could not be told.

        Example:
            >>> auth = OAuth2Auth("/oauth/token", "acme", "s3cret", token="t-0")
            >>> await auth.logout_async(aclient)
            >>> auth.token is None
            True
        """
        _check_kind(client, is_async=True)
        async with self._lock_of_run():
            await self._performed(client, self._log_out)

    # --- Steps -----------------------------------------------------------------------------

    def _fetch_through(self, client: Any, refused: str | None, deadline: float | None) -> object:
        return self._performed(client, partial(self._renewed, refused), deadline)

    def _performed(
        self, client: object, steps: Callable[[Terms], Steps[Any]], deadline: float | None = None
    ) -> Any:
        """Have a client carry out steps; awaitable if it is an async one."""
        from .._client import AsyncClient, Client

        # What the user has set up for calls of the API would see secrets here, and change tokens.
        match client:
            case AsyncClient():
                terms = Terms(client.base_url, deadline)
                return AsyncPerformer(client.with_options(**_plain(client))).run(steps(terms))
            case Client():
                terms = Terms(client.base_url, deadline)
                return Performer(client.with_options(**_plain(client))).run(steps(terms))
            case _:
                raise ConfigurationError("tokens are fetched through a client; give it as client=")

    def _renewed(self, refused: str | None, terms: Terms) -> Steps[tuple[str, float | None]]:
        """A token that another program has fetched meanwhile, or else a new one."""
        stale = {refused, self._token}
        turn = _Turn(self._store)
        try:
            yield from self._entered(turn, terms)
            kept: Tokens | None = yield Do(partial(self._load, terms))
            if kept is None or kept.access_token in stale or not self._is_good(kept):
                # Nobody is asked to log in while the old token will do.
                may_ask = refused is not None or self.token is None
                kept = yield from self._obtained(kept, terms, may_ask=may_ask)
                yield Do(partial(self._save, kept, terms))
        finally:
            turn.end()
        return self._noted(kept)

    def _log_in(self, terms: Terms) -> Steps[tuple[str, float | None]]:
        turn = _Turn(self._store)
        try:
            yield from self._entered(turn, terms)
            if self._grant is None:
                kept: Tokens | None = yield Do(partial(self._load, terms))
                tokens = yield from self._obtained(kept, terms)
            else:
                tokens = yield from self._grant._steps(self._provider, terms)
            yield Do(partial(self._save, tokens, terms))
        finally:
            turn.end()
        return self._noted(tokens)

    def _log_out(self, terms: Terms) -> Steps[None]:
        turn = _Turn(self._store)
        try:
            yield from self._entered(turn, terms)
            kept: Tokens | None = yield Do(partial(self._load, terms))
            yield Do(partial(self._store.save, self._name(terms), None))
        finally:
            turn.end()
        known = kept or Tokens("")
        access = known.access_token or self._token
        refresh = known.refresh_token or self._refresh_token
        self._token = self._refresh_token = None
        yield from self._revoked({"refresh_token": refresh, "access_token": access}, terms)

    def _revoked(self, tokens: dict[str, str | None], terms: Terms) -> Steps[None]:
        # RFC 7009 section 2.1: the refresh token first, which ends most access tokens, too.
        if not (yield from self._can_revoke(terms)):
            return
        for kind, token in tokens.items():
            if token:
                form = {"token": token, "token_type_hint": kind}
                response = yield from self._provider.post("revocation_url", form, terms)
                # Section 2.2.1: some servers revoke refresh tokens alone.
                if error_code(response) != "unsupported_token_type":
                    self._provider.check(response, form)

    def _can_revoke(self, terms: Terms) -> Steps[bool]:
        if self._provider.server.revocation_url is not None:
            return True
        return (yield from self._provider.metadata(terms)).server.revocation_url is not None

    def _obtained(
        self, kept: Tokens | None, terms: Terms, *, may_ask: bool = True
    ) -> Steps[Tokens]:
        """Tokens by the refresh token that was kept or given, else by the grant."""
        refusal: HTTPError | DecodeError | None = None
        for refresh in self._refresh_tokens(kept):
            form = {"grant_type": "refresh_token", "refresh_token": refresh}
            try:
                tokens = yield from self._provider.token(form, terms)
            except (HTTPError, DecodeError) as error:
                if error.response is None or error_code(error.response) not in _SPENT:
                    raise
                refusal = error
            else:
                # RFC 6749 section 6: without a new one, the old one stays good.
                return replace(tokens, refresh_token=tokens.refresh_token or refresh)
        if self._grant is not None and (may_ask or refusal is None):
            return (yield from self._grant._steps(self._provider, terms))
        if refusal is not None:
            raise refusal
        form = {"grant_type": "client_credentials", **self._provider.scope}
        tokens = yield from self._provider.token(form, terms)
        # Section 4.4.3: there is none for them, or it would be of no use.
        return replace(tokens, refresh_token=None)

    def _refresh_tokens(self, kept: Tokens | None) -> Iterator[str]:
        known = (kept.refresh_token if kept is not None else None, self._refresh_token)
        return iter(dict.fromkeys(token for token in known if token is not None))

    def _is_good(self, kept: Tokens) -> bool:
        return kept.lifetime is None or kept.lifetime > self._mandatory

    def _noted(self, tokens: Tokens) -> tuple[str, float | None]:
        asks = self._grant is not None and self._grant._is_interactive
        self._is_silent = tokens.refresh_token is not None or not asks
        return tokens.access_token, tokens.lifetime

    # --- The store -------------------------------------------------------------------------

    def _entered(self, turn: _Turn, terms: Terms) -> Steps[None]:
        """Wait until nobody else renews tokens.

        Raises:
            TimeoutError: That takes too long.
        """
        end = time.monotonic() + self._timeout
        while not (yield Do(turn.begin)):
            if time.monotonic() >= end:
                raise TimeoutError(
                    f"{self._store!r} is in use: another program is renewing its tokens, or its "
                    "user is about to log in"
                )
            yield from self._provider.pause(_LOOK, terms)

    def _name(self, terms: Terms) -> str:
        return self._provider.name(self._who, terms.base_url)

    def _load(self, terms: Terms) -> Tokens | None:
        return self._store.load(self._name(terms))

    def _save(self, tokens: Tokens, terms: Terms) -> None:
        try:
            self._store.save(self._name(terms), tokens)
        except (OSError, ClientError) as error:
            import logging

            # It may have replaced the one in the store.
            self._refresh_token = tokens.refresh_token or self._refresh_token
            logging.getLogger("clientgen_runtime").warning(
                "tokens are not kept: %s: %s", self._store, type(error).__name__
            )

    def __repr__(self) -> str:
        server = self._provider.server
        return f"<OAuth2Auth {server.issuer or server.token_url}>"


class _Turn:
    """The right to renew tokens, which is given back whatever happens on the way."""

    def __init__(self, store: TokenStore) -> None:
        self._lock: StoreLock = store.lock()
        self._is_held = False

    def begin(self) -> bool:
        self._is_held = self._lock.acquire(False)
        return self._is_held

    def end(self) -> None:
        if self._is_held:
            self._is_held = False
            self._lock.release()


def _who(grant: Grant | None, provider: Provider, refresh_token: str | None) -> str:
    """For whom tokens are, as far as it tells them from others of the same client."""
    if grant is not None:
        return grant._who
    return "" if refresh_token is not None or not provider.has_credentials else "(itself)"


def _check_kind(client: object, *, is_async: bool) -> None:
    from .._client import AsyncClient, Client

    if not isinstance(client, AsyncClient if is_async else Client):
        raise ConfigurationError(
            "login() and logout() take a Client, login_async() and logout_async() an AsyncClient"
        )


def _plain(client: BaseClient) -> ClientOptions:
    """Options without what is for calls of the API."""
    log = replace(client._settings.log, bodies=False)
    return {
        "event_hooks": {},
        "middleware": (),
        "cache": None,
        "circuit_breaker": None,
        "rate_limiter": None,
        "idempotency_keys": False,
        "log": log,
    }


def _text(secret: Secret | None) -> str | None:
    return None if secret is None else reveal(secret)
