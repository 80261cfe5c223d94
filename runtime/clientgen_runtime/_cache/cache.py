"""A cache of answers, after RFC 9111: what is fresh need not be asked for again."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, get_args
from urllib.parse import urljoin

from .._errors import ClientError, ConfigurationError
from .._flow import send
from .._redact import MASK, SHORTEST_SECRET, is_secret_name, redact_url
from .._request import Request
from .._servers import origin_of
from .._telemetry.log import logger
from .entries import Stored, pack, unpack
from .stores import MemoryCacheStore
from .waits import Flight, Work, in_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._call import Call
    from .._flow import Flow
    from .._response import Response
    from .stores import CacheStore

T = TypeVar("T")

CacheMode: TypeAlias = Literal[
    "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"
]
"""How one call uses the cache, in the words of the Fetch standard.

Example:
    >>> caching = client.with_options(cache=HTTPCache())
    >>> caching.get("/pets", cache="reload").headers["Cache-Status"]
    'clientgen; fwd=request'
"""
_MODES: tuple[CacheMode, ...] = get_args(CacheMode)
CacheArgument: TypeAlias = "HTTPCache | CacheMode | Literal[False] | None"

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_CONDITIONS = (
    "range",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
)
_OF_ONE_REQUEST = frozenset({"idempotency-key", "x-csrf-token", "x-xsrf-token"})
_REST = 1.0
"""Seconds for which a store that failed is left alone."""
_WARN_EVERY = 60.0
_MASKED = rf"(?:{re.escape(MASK)}|[^/?]{{{SHORTEST_SECRET},}})"
_ROUNDS = 20_000
"""How slowly credentials are hashed, once each."""
_REMEMBERED = 1024
"""Keys whose answers could not be stored, and credentials, that are remembered."""


def now() -> float:
    """Seconds since 1970, which is what headers count in."""
    return time.time()


class NotCachedError(ClientError):
    """No stored answer may be given, and the server must not be asked: `only-if-cached`.

    Example:
        >>> caching = client.with_options(cache=HTTPCache())
        >>> try:
        ...     caching.get("/pets", cache="only-if-cached")
        ... except NotCachedError:
        ...     print("not yet")
        not yet
    """


@dataclass(frozen=True)
class CacheStats:
    """What a cache has done since it was made.

    Attributes:
        hits: Answers from the store, without asking the server.
        revalidated: Answers from the store that the server said are valid still.
        stale: Answers from the store that were stale, since the server failed or is asked
            meanwhile.
        misses: Answers from the server.
        stored: Answers that were put into the store.
        collapsed: Calls that waited for the answer to another one.
        errors: Times that the store failed.

    Example:
        >>> caching = client.with_options(cache=HTTPCache())
        >>> caching.get("/pets").status_code, caching.cache.stats.misses
        (200, 1)
    """

    hits: int = 0
    revalidated: int = 0
    stale: int = 0
    misses: int = 0
    stored: int = 0
    collapsed: int = 0
    errors: int = 0


class HTTPCache:
    """Keeps answers to GET and HEAD as RFC 9111 has it, and gives them again while they are fresh.

    Clients that are given the same cache share it. Answers to different credentials are kept
    apart, and credentials and cookies are never stored. Needs the extra `cache`.

    Args:
        store: Where answers are kept; `MemoryCacheStore()` when it is not given.
        stale_if_error: For how many seconds an answer may have been stale that is given because
            the server fails; what an answer says of it itself goes before.
        max_entry_bytes: The largest body in bytes that is stored.
        keep: For how many seconds an answer is kept at most.
        partition: Whose answers are kept apart, by the request; by its credentials when it is not
            given. Needed where those are different each time, such as signatures.

    Raises:
        ConfigurationError: The extra is not there, or a value is out of its range.

    Example:
        >>> cache = HTTPCache(MemoryCacheStore(max_bytes=10_000_000), stale_if_error=3600)
        >>> caching = client.with_options(cache=cache)
        >>> caching.get("/pets").status_code, cache.stats.hits
        (200, 0)
    """

    def __init__(
        self,
        store: CacheStore | None = None,
        *,
        stale_if_error: float = 0,
        max_entry_bytes: int = 10_000_000,
        keep: float = 7 * 86400,
        partition: Callable[[Request], str] | None = None,
    ) -> None:
        if stale_if_error < 0 or max_entry_bytes < 0 or keep <= 0:
            raise ConfigurationError(
                "stale_if_error and max_entry_bytes must not be negative, and keep is above 0"
            )
        if find_spec("hishel") is None:
            raise ConfigurationError("HTTPCache needs the extra: clientgen-runtime[cache]")
        self._store: CacheStore = MemoryCacheStore() if store is None else store
        self._stale_if_error = stale_if_error
        self._max_entry_bytes = max_entry_bytes
        self._keep = keep
        self._partition = partition
        self._stats = CacheStats()
        self._lock = Lock()
        self._flights: dict[str, Flight] = {}
        self._unstorable: OrderedDict[str, None] = OrderedDict()
        self._fingerprints: OrderedDict[str, str] = OrderedDict()
        self._rests_until = 0.0
        self._warned_at = -_WARN_EVERY

    @property
    def stats(self) -> CacheStats:
        """What it has done until now.

        Example:
            >>> HTTPCache().stats.hits
            0
        """
        return self._stats

    # --- What users remove ---

    def invalidate(self, url: str) -> int:
        """Forget the answers to one URL; how many keys that were.

        Args:
            url: The absolute URL, with its query.

        Raises:
            ClientError: The store fails.

        Example:
            >>> caching = client.with_options(cache=HTTPCache())
            >>> caching.cache.invalidate("https://api.example.com/pets/7")
            0
        """
        label = redact_url(url)
        return self._remove_where(lambda known: known == label or _stands_for(known, label))

    def invalidate_matching(self, pattern: str) -> int:
        """Forget the answers to URLs of a pattern; how many keys that were.

        Args:
            pattern: An absolute URL in which `*` stands for anything.

        Raises:
            ClientError: The store fails.

        Example:
            >>> caching = client.with_options(cache=HTTPCache())
            >>> caching.cache.invalidate_matching("https://api.example.com/pets*")
            0
        """
        return self._remove_where(_matcher(pattern))

    def clear(self) -> int:
        """Forget all answers; how many keys that were.

        Raises:
            ClientError: The store fails.

        Example:
            >>> HTTPCache().clear()
            0
        """
        return self._remove_where(lambda known: True)

    async def ainvalidate(self, url: str) -> int:
        """`invalidate` that does not block the event loop.

        Args:
            url: The absolute URL, with its query.

        Raises:
            ClientError: The store fails.

        Example:
            >>> await HTTPCache().ainvalidate("https://api.example.com/pets/7")
            0
        """
        return await in_thread(lambda: self.invalidate(url))

    async def ainvalidate_matching(self, pattern: str) -> int:
        """`invalidate_matching` that does not block the event loop.

        Args:
            pattern: An absolute URL in which `*` stands for anything.

        Raises:
            ClientError: The store fails.

        Example:
            >>> await HTTPCache().ainvalidate_matching("https://api.example.com/pets*")
            0
        """
        return await in_thread(lambda: self.invalidate_matching(pattern))

    async def aclear(self) -> int:
        """`clear` that does not block the event loop.

        Raises:
            ClientError: The store fails.

        Example:
            >>> await HTTPCache().aclear()
            0
        """
        return await in_thread(self.clear)

    def _remove_where(self, matches: Callable[[str], bool]) -> int:
        try:
            return self._store.remove_where(matches)
        except Exception as error:
            # Whoever asks for it must know that the answers may be there still.
            raise ClientError(f"the store of the cache failed: {type(error).__name__}") from error

    def __repr__(self) -> str:
        return f"<HTTPCache in {type(self._store).__name__}>"

    # --- Requests ---

    def _through(self, call: Call[Any], request: Request, deadline: float | None) -> Flow[Response]:
        """The answer to a request, from the store or from the server."""
        if request.method not in _SAFE:
            response = yield from send(call, request, deadline)
            # RFC 9111 section 4.4: what has changed is no longer what was stored.
            if response.status_code < 400:
                for url in _changed(request, response):
                    yield from self._use(partial(self._store.remove, self._key(call, request, url)))
            return response
        own = any(name in request.headers for name in _OWN_CONDITIONS)
        # To a cache the body of a request means nothing; to searches it is the question.
        asks_by_body = request.content != b""
        if own or asks_by_body or call.is_stream or request.method not in ("GET", "HEAD"):
            return (yield from send(call, request, deadline))
        # Here, since hishel takes long to import.
        from .lookup import Lookup

        return (yield from Lookup(self, call, request, deadline).answer())

    def _key(self, call: Call[Any], request: Request, url: str) -> str:
        """Where the answers to a URL are kept, for whoever asks."""
        if self._partition is not None:
            # Whose answers those are is what it says; which they are is what the whole URL says,
            # with tokens of pages and the like.
            whose = "\n".join([self._partition(request), *_secrets_in(url, request)])
        else:
            whose = "\n".join(credentials(call, request, url))
        shown = _shown(url, request)
        url_hash = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{url_hash}.{self._secret_fingerprint(whose) if whose else 'open'}"

    def _fingerprint(self, name: str, value: str) -> str:
        if is_secret_name(name):
            return self._secret_fingerprint(value)
        return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()

    def _secret_fingerprint(self, secret: str) -> str:
        """What stands for a secret; slow to make, so that nobody finds short ones by trying."""
        raw = secret.encode("utf-8", "surrogatepass")
        quick = hashlib.sha256(raw).hexdigest()
        with self._lock:
            known = self._fingerprints.get(quick)
        if known is None:
            known = hashlib.pbkdf2_hmac("sha256", raw, b"clientgen cache", _ROUNDS, 16).hex()
            with self._lock:
                _remember(self._fingerprints, quick, known)
        return known

    def _load(self, key: str) -> Flow[list[Stored]]:
        packed = yield from self._use(lambda: self._store.load(key))
        if packed is None:
            return []
        try:
            return unpack(packed)
        except ValueError as error:
            self._note_failure(error)
            return []

    def _save(self, key: str, label: str, entries: list[Stored]) -> Flow[None]:
        packed = pack(entries)
        self._count("stored")
        yield from self._use(lambda: self._store.save(key, packed, label, self._keep))

    def _use(self, function: Callable[[], T]) -> Flow[T | None]:
        """What the store gives, `None` when it fails or has failed just now."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            if not self._store.blocks:
                return function()
            work = Work(function)
            yield work
        except Exception as error:  # noqa: BLE001  (a call must not fail because of its cache)
            self._rests_until = time.monotonic() + _REST
            self._note_failure(error)
            return None
        return work.result

    def _note_failure(self, error: Exception) -> None:
        self._count("errors")
        if time.monotonic() - self._warned_at >= _WARN_EVERY:
            self._warned_at = time.monotonic()
            # Its text is not told: it may quote what was to be stored.
            logger.warning(
                "the store of the cache failed, so answers come from the server: %s",
                type(error).__name__,
            )

    def _count(self, name: str) -> None:
        with self._lock:
            self._stats = replace(self._stats, **{name: getattr(self._stats, name) + 1})

    # --- Calls for the same ---

    def _board(self, key: str) -> tuple[Flight, bool]:
        """The request that is under way for this key, and whether it is for this call to make."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def _land(self, key: str, flight: Flight) -> None:
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.land()

    def _waits_for_others(self, key: str) -> bool:
        # Where answers cannot be stored, waiting for one gains nothing.
        return key not in self._unstorable

    def _note_storable(self, key: str, *, is_storable: bool) -> None:
        with self._lock:
            if is_storable:
                self._unstorable.pop(key, None)
            else:
                _remember(self._unstorable, key, None)


def credentials(call: Call[Any], request: Request, url: str) -> list[str]:
    """Who asks, as `name=value`: what looks secret, and what handlers of credentials add."""
    probe = call.request.copy()
    known = {*probe.headers.multi_items()}
    for handler in call.auth:
        handler.apply(probe)
    added = [item for item in probe.headers.multi_items() if item not in known]
    names = {name.lower() for name, _ in added}
    headers = [
        f"{name.lower()}={value}"
        for name, value in request.headers.multi_items()
        if name.lower() in names or _is_credential(name, call)
    ]
    return sorted([*headers, *_secrets_in(url, request), *request.secret_query])


def _secrets_in(url: str, request: Request) -> list[str]:
    """What of a URL no store may have: it is no part of what is shown of the URL."""
    pairs = url.partition("?")[2].split("&")
    secret = [pair for pair in pairs if is_secret_name(pair.partition("=")[0])]
    return [*secret, *request.secret_parts]


def _shown(url: str, request: Request) -> str:
    """A URL without secrets, also those that the path of the request has."""
    told = Request(request.method, url)
    told.secret_parts = request.secret_parts
    return told.shown_url


def _stands_for(label: str, url: str) -> bool:
    """Whether a label, in which secrets of the path are masked, is that of a URL."""
    parts = [re.escape(part) for part in label.split(MASK)]
    return len(parts) > 1 and re.fullmatch(_MASKED.join(parts), url) is not None


def _is_credential(name: str, call: Call[Any]) -> bool:
    # Keys of single requests say nothing of who makes them.
    once = {*_OF_ONE_REQUEST, call.idempotency.header.lower()}
    return is_secret_name(name) and name.lower() not in once


def _changed(request: Request, response: Response) -> list[str]:
    """The URLs whose stored answers an unsafe request makes void."""
    urls = [request.url.partition("#")[0]]
    for name in ("location", "content-location"):
        told = response.headers.get(name)
        try:
            url = urljoin(request.url, told or "").partition("#")[0]
            if told and origin_of(url) == origin_of(request.url):
                urls.append(url)
        except ValueError:
            continue  # it is no URL
    return urls


def _matcher(pattern: str) -> Callable[[str], bool]:
    # Only `*` is special: URLs have question marks and brackets of their own.
    parts = (re.escape(part) for part in pattern.split("*"))
    compiled = re.compile(".*".join(parts), re.DOTALL)
    return lambda label: compiled.fullmatch(label) is not None


def _remember(known: OrderedDict[str, T], key: str, value: T) -> None:
    known[key] = value
    while len(known) > _REMEMBERED:
        known.popitem(last=False)


# --- Arguments -----------------------------------------------------------------------------


def cache_of(given: object) -> HTTPCache | None:
    """What `cache=` of a client means.

    Raises:
        ConfigurationError: It is no cache.
    """
    if given is None or isinstance(given, HTTPCache):
        return given
    raise ConfigurationError(f"cache= of a client takes HTTPCache or None, not {given!r}")


def cache_of_call(given: object, usual: HTTPCache | None) -> tuple[HTTPCache | None, CacheMode]:
    """What `cache=` of a call means: the cache, and how it is used.

    Raises:
        ConfigurationError: It is neither a cache nor a mode, or there is no cache to use.
    """
    if given is None or given is False:
        return None, "default"
    if isinstance(given, HTTPCache):
        return given, "default"
    for mode in _MODES:
        if given == mode:
            if usual is None and mode not in ("default", "no-store"):
                raise ConfigurationError(f"cache={mode!r} needs a client with cache=HTTPCache()")
            return (None if mode == "no-store" else usual), mode
    raise ConfigurationError(
        f"cache= of a call takes HTTPCache, None or one of {', '.join(_MODES)}, not {given!r}"
    )
