"""Tokens that expire: fetched when needed, by one call at a time, shared by all."""

from __future__ import annotations

import inspect
import threading
import time
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._auth import Secret, SecretValue, bearer, reveal
from ._errors import ClientError, ConfigurationError, TotalTimeoutError
from ._headers import check_header

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import anyio
    from anyio.lowlevel import RunVar

    from ._request import Request

Need: TypeAlias = Literal["none", "early", "now"]
"""What a call needs of a token."""

# When a token could not be renewed early, it is tried again after so many seconds.
_PAUSE = 5.0


class TokenAuth:
    """A bearer token from a function that is called again when the token ends or is refused.

    However many calls find the token stale, the function runs once, and the others wait for it.
    When it raises something, that is the cause of the `ClientError` that all of them get. A while
    before the token ends, one call already fetches the next, and the others go on with the old
    one; should that fail, so does the one.

    Args:
        fetch: Returns the token, or the token and its lifetime in seconds. May be a coroutine
            function for `AsyncClient`, which then ends it when the call's time is over.
        advisory_window: Seconds before the end from which one call fetches the next token; at
            most a quarter of the lifetime.
        mandatory_window: Seconds before the end from which the token is not used any more, since
            it might end during the call.

    Example:
        >>> auth = TokenAuth(lambda: ("t-1", 3600))
        >>> client.get("/pets", auth=auth).request.headers["Authorization"]
        'Bearer t-1'
    """

    def __init__(
        self,
        fetch: Callable[[], Any],
        *,
        advisory_window: float = 120.0,
        mandatory_window: float = 10.0,
    ) -> None:
        self._fetch = fetch
        self._token: str | None = None
        self._advisory = advisory_window
        self._mandatory = mandatory_window
        # On the monotonic clock: from when the token is renewed early, and from when it must be.
        self._early = float("inf")
        self._late = float("inf")
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
        return self._token if time.monotonic() < self._late else None

    @property
    def is_due(self) -> bool:
        """Whether there is no good token, or one that is about to end.

        Example:
            >>> TokenAuth(lambda: "t-1").is_due
            True
        """
        return self._token is None or time.monotonic() >= min(self._early, self._late)

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

    def renew(
        self, refused: str | None, client: object = None, deadline: float | None = None
    ) -> None:
        """Fetch a token unless there is a good one, or another thread is fetching one.

        Args:
            refused: A token that the server has refused, if it has.
            client: The client that makes the call.
            deadline: When the call must be over, on the clock of `time.monotonic`.

        Raises:
            ClientError: There is no good token, and none can be fetched.

        Example:
            >>> auth = TokenAuth(lambda: "t-1")
            >>> auth.renew(None)
            >>> auth.token
            't-1'
        """
        started = self._round
        need = self._need(refused)
        if need == "none" or not _enter(self._lock, need, deadline):
            return
        try:
            need = self._need_now(refused, started)
            deadline = _due(deadline, need)
            if need != "none":
                self._take(self._outcome(lambda: self._fetch_through(client, refused, deadline)))
        except ClientError as error:
            self._settle(error, need)
        finally:
            self._lock.release()

    async def renew_async(
        self, refused: str | None, client: object = None, deadline: float | None = None
    ) -> None:
        """Fetch a token unless there is a good one, or another task is fetching one.

        Args:
            refused: A token that the server has refused, if it has.
            client: The client that makes the call.
            deadline: When the call must be over, on the clock of `time.monotonic`.

        Raises:
            ClientError: There is no good token, and none can be fetched.

        Example:
            >>> async def fetch():
            ...     return "t-1", 3600
            >>> auth = TokenAuth(fetch)
            >>> await auth.renew_async(None)
            >>> auth.token
            't-1'
        """
        started = self._round
        need = self._need(refused)
        lock = self._lock_of_run()
        if need == "none" or not await _async_enter(lock, need, deadline):
            return
        try:
            need = self._need_now(refused, started)
            deadline = _due(deadline, need)
            if need != "none":
                self._take(
                    await self._async_outcome(
                        lambda: self._fetch_through(client, refused, deadline), deadline
                    )
                )
        except ClientError as error:
            self._settle(error, need)
        finally:
            lock.release()

    def _need(self, refused: str | None) -> Need:
        token = self.token
        if token is None or token == refused:
            return "now"
        return "early" if refused is None and self.is_due else "none"

    def _need_now(self, refused: str | None, started: int) -> Need:
        """What is needed by the one whose turn it is."""
        need = self._need(refused)
        failure = self._failure
        # The fetch that this call waited for failed; a second one would fare no better, unless
        # the first had less time.
        if need == "now" and self._round != started and failure is not None:
            if isinstance(failure, TotalTimeoutError):
                return need
            raise failure
        return need

    def _fetch_through(self, client: Any, refused: str | None, deadline: float | None) -> object:
        """Fetch a token, maybe through the client that makes the call; maybe awaitable."""
        return self._fetch()

    def _outcome(self, fetch: Callable[[], object]) -> object:
        try:
            fetched = fetch()
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

    async def _async_outcome(
        self, fetch: Callable[[], object], deadline: float | None = None
    ) -> object:
        try:
            fetched = fetch()
            return await _in_time(fetched, deadline) if inspect.isawaitable(fetched) else fetched
        except ClientError as error:
            self._fail(error)
            raise
        except Exception as error:
            raise self._fail(_no_token(error)) from error

    def _fail(self, error: ClientError) -> ClientError:
        self._round += 1
        self._failure = error
        return error

    def _settle(self, error: ClientError, need: Need) -> None:
        """Raise what went wrong, unless the old token will do for a while."""
        if need != "early":
            raise error
        import logging

        self._early = time.monotonic() + _PAUSE
        logging.getLogger("clientgen_runtime").warning(
            "the token is not renewed yet, the old one is still good: %s", error
        )

    def _take(self, fetched: object) -> None:
        match fetched:
            case (str() | SecretValue() as token, int() | float() | None as lifetime):
                pass
            case str() | SecretValue() as token:
                lifetime = None
            case _:
                raise ConfigurationError("fetch returns a token, or a token and its lifetime")
        check_header("Authorization", bearer(token))
        self._round += 1
        self._failure = None
        self._token = reveal(token)
        self._early = self._late = float("inf")
        if lifetime is not None:
            end = time.monotonic() + float(lifetime)
            self._early = end - min(self._advisory, lifetime / 4)
            self._late = end - self._mandatory

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


def _enter(lock: threading.Lock, need: Need, deadline: float | None) -> bool:
    """Take a lock; who needs nothing now does not wait for it.

    Raises:
        TotalTimeoutError: The deadline came first.
    """
    if need == "early":
        return lock.acquire(blocking=False)
    left = -1 if deadline is None else min(max(deadline - time.monotonic(), 0), TIMEOUT_MAX)
    if not lock.acquire(timeout=left):
        raise TotalTimeoutError("no token within the total timeout")
    return True


async def _async_enter(lock: anyio.Lock, need: Need, deadline: float | None) -> bool:
    """Take a lock; who needs nothing now does not wait for it.

    Raises:
        TotalTimeoutError: The deadline came first.
    """
    import anyio

    if need == "early":
        try:
            lock.acquire_nowait()
        except anyio.WouldBlock:
            return False
        return True
    left = None if deadline is None else max(deadline - time.monotonic(), 0)
    has_lock = False
    with anyio.move_on_after(left):
        await lock.acquire()
        has_lock = True
    if not has_lock:
        raise TotalTimeoutError("no token within the total timeout")
    return True


async def _in_time(fetched: Awaitable[object], deadline: float | None) -> object:
    """What is waited for, unless the deadline comes first.

    Raises:
        TotalTimeoutError: It came first.
    """
    import anyio

    left = None if deadline is None else max(deadline - time.monotonic(), 0)
    with anyio.move_on_after(left):
        return await fetched
    raise TotalTimeoutError("no token within the total timeout")


def _due(deadline: float | None, need: Need) -> float | None:
    """When a fetch must be over: an early one leaves its call the time to go on without it."""
    if deadline is None or need != "early":
        return deadline
    return (time.monotonic() + deadline) / 2


def _no_token(error: Exception) -> ClientError:
    # Its text is not told: it may quote the request that asked for the token.
    return ClientError(f"no token could be fetched: {type(error).__name__}")


class HttpxAuth:
    """An `httpx.Auth`, such as `httpx.DigestAuth`, as a handler of ours."""

    def __init__(self, auth: Any) -> None:
        self._auth = auth

    def apply(self, request: Request) -> None:
        """Add what the handler adds before it has seen a challenge."""
        native = self._native(request)
        known = dict(native.headers)
        flow = self._auth.auth_flow(native)
        self._copy(next(flow), known, request)
        flow.close()

    def answer(self, request: Request, status: int, headers: list[tuple[str, str]]) -> bool:
        """Add what answers a challenge; whether there is an answer."""
        import httpx

        native = self._native(request)
        known = dict(native.headers)
        flow = self._auth.auth_flow(native)
        try:
            asked = next(flow)
            # In bytes, as httpx takes only ASCII in texts.
            fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            answered = flow.send(httpx.Response(status, headers=fields, request=asked))
        except StopIteration:
            return False
        finally:
            flow.close()
        self._copy(answered, known, request)
        return True

    @staticmethod
    def _native(request: Request) -> Any:
        import httpx

        headers = request.headers.multi_items()
        # What signs a body must see it; one that is made while it is sent nobody can sign.
        native = httpx.Request(
            request.method, request.url, headers=headers, content=request.content
        )
        native.headers.pop("authorization", None)
        return native

    @staticmethod
    def _copy(native: Any, known: Mapping[str, str], request: Request) -> None:
        """Take over the headers that the handler has set."""
        for name, value in native.headers.items():
            if known.get(name) != value:
                check_header(name, value)
                request.headers[name] = value

    def __repr__(self) -> str:
        return f"<{type(self._auth).__name__}>"


__all__ = ["HttpxAuth", "Secret", "TokenAuth"]
