"""Tokens that expire: fetched when needed, by one call at a time, shared by all."""

from __future__ import annotations

import inspect
import threading
import time
from typing import TYPE_CHECKING, Any

from ._auth import Secret, SecretValue, reveal
from ._errors import ClientError, ConfigurationError
from ._headers import check_header

if TYPE_CHECKING:
    from collections.abc import Callable

    import anyio
    from anyio.lowlevel import RunVar

    from ._request import Request

# A token that ends during the call would be refused, so it is renewed a little before.
_MARGIN = 10.0


class TokenAuth:
    """A bearer token from a function that is called again when the token ends or is refused.

    However many calls find the token stale, the function runs once, and the others wait for it.
    When it raises something, that is the cause of the `ClientError` that all of them get.

    Args:
        fetch: Returns the token, or the token and its lifetime in seconds. May be a coroutine
            function for `AsyncClient`.

    Example:
        >>> auth = TokenAuth(lambda: ("t-1", 3600))
        >>> client.get("/pets", auth=auth).request.headers["Authorization"]
        'Bearer t-1'
    """

    def __init__(self, fetch: Callable[[], Any]) -> None:
        self._fetch = fetch
        self._token: str | None = None
        self._ends = float("inf")
        self._round = 0
        self._failure: ClientError | None = None
        self._lock = threading.Lock()
        # A lock for each event loop, of asyncio or trio.
        self._locks: RunVar[anyio.Lock] | None = None
        self._locks_lock = threading.Lock()

    @property
    def token(self) -> str | None:
        """The token, `None` when there is none that is good.

        Example:
            >>> auth = TokenAuth(lambda: ("t-1", 3600))
            >>> auth.token is None
            True
        """
        return self._token if time.monotonic() < self._ends - _MARGIN else None

    def apply(self, request: Request) -> None:
        """Put the token on a request.

        Args:
            request: The attempt.

        Example:
            >>> auth = TokenAuth(lambda: "t-1")
            >>> auth.renew(None)
            >>> request = Request("GET", "https://api.example.com/pets")
            >>> auth.apply(request)
            >>> request.headers["Authorization"]
            'Bearer t-1'
        """
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"

    def renew(self, refused: str | None, client: object = None) -> None:
        """Fetch a token unless another thread has done so.

        Args:
            refused: The token that was found stale.
            client: The client that makes the call.

        Example:
            >>> auth = TokenAuth(lambda: "t-1")
            >>> auth.renew(None)
            >>> auth.token
            't-1'
        """
        started = self._round
        with self._lock:
            if self._is_settled(refused, started):
                return
            self._take(self._outcome(client))

    async def renew_async(self, refused: str | None, client: object = None) -> None:
        """Fetch a token unless another task has done so.

        Args:
            refused: The token that was found stale.
            client: The client that makes the call.

        Example:
            >>> async def fetch():
            ...     return "t-1", 3600
            >>> auth = TokenAuth(fetch)
            >>> await auth.renew_async(None)
            >>> auth.token
            't-1'
        """
        started = self._round
        async with self._lock_of_run():
            if self._is_settled(refused, started):
                return
            self._take(await self._async_outcome(client))

    def _is_settled(self, refused: str | None, started: int) -> bool:
        if self.token not in (None, refused):
            return True
        if self._round != started and self._failure is not None:
            # The fetch that this call waited for failed; a second one would fare no better.
            raise self._failure
        return False

    def _fetch_through(self, client: Any) -> object:
        """Fetch a token, maybe through the client that makes the call; maybe awaitable."""
        return self._fetch()

    def _outcome(self, client: object) -> object:
        try:
            fetched = self._fetch_through(client)
        except ClientError as error:
            self._fail(error)
            raise
        except Exception as error:
            raise self._fail(_no_token(error)) from error
        if inspect.isawaitable(fetched):
            if inspect.iscoroutine(fetched):
                fetched.close()
            raise ConfigurationError("an async fetch function needs an AsyncClient")
        return fetched

    async def _async_outcome(self, client: object) -> object:
        try:
            fetched = self._fetch_through(client)
            return await fetched if inspect.isawaitable(fetched) else fetched
        except ClientError as error:
            self._fail(error)
            raise
        except Exception as error:
            raise self._fail(_no_token(error)) from error

    def _fail(self, error: ClientError) -> ClientError:
        self._round += 1
        self._failure = error
        return error

    def _take(self, fetched: object) -> None:
        match fetched:
            case (str() | SecretValue() as token, int() | float() | None as lifetime):
                pass
            case str() | SecretValue() as token:
                lifetime = None
            case _:
                raise ConfigurationError("fetch returns a token, or a token and its lifetime")
        text = reveal(token)
        check_header("Authorization", f"Bearer {text}")
        self._round += 1
        self._failure = None
        self._token = text
        self._ends = float("inf") if lifetime is None else time.monotonic() + float(lifetime)

    def _lock_of_run(self) -> anyio.Lock:
        # Here, since a `Client` does without them.
        import anyio
        from anyio.lowlevel import RunVar

        with self._locks_lock:
            if self._locks is None:
                self._locks = RunVar(f"TokenAuth {id(self)}")
        lock = self._locks.get(None)
        if lock is None:
            lock = anyio.Lock()
            self._locks.set(lock)
        return lock

    def __repr__(self) -> str:
        return "<TokenAuth>"


def _no_token(error: Exception) -> ClientError:
    # Its text is not told: it may quote the request that asked for the token.
    return ClientError(f"no token could be fetched: {type(error).__name__}")


class HttpxAuth:
    """An `httpx.Auth`, such as `httpx.DigestAuth`, as a handler of ours."""

    def __init__(self, auth: Any) -> None:
        self._auth = auth

    def apply(self, request: Request) -> None:
        """Add what the handler adds before it has seen a challenge."""
        flow = self._auth.auth_flow(self._native(request))
        self._copy(next(flow), request)
        flow.close()

    def answer(self, request: Request, status: int, headers: list[tuple[str, str]]) -> bool:
        """Add what answers a challenge; whether there is an answer."""
        import httpx

        flow = self._auth.auth_flow(self._native(request))
        try:
            asked = next(flow)
            answered = flow.send(httpx.Response(status, headers=headers, request=asked))
        except StopIteration:
            return False
        finally:
            flow.close()
        self._copy(answered, request)
        return True

    @staticmethod
    def _native(request: Request) -> Any:
        import httpx

        native = httpx.Request(request.method, request.url, headers=request.headers.multi_items())
        native.headers.pop("authorization", None)
        return native

    @staticmethod
    def _copy(native: Any, request: Request) -> None:
        if "authorization" in native.headers:
            request.headers["Authorization"] = native.headers["authorization"]

    def __repr__(self) -> str:
        return f"<{type(self._auth).__name__}>"


__all__ = ["HttpxAuth", "Secret", "TokenAuth"]
