"""What RFC 9111 says of stored answers: hishel's rules, with what they leave out.

hishel reads the age of an answer from its `Date` alone, and knows neither the directives of
requests nor when something stale may serve. It is therefore shown answers whose dates are as far
back as they are old, and younger than they are where something stale may serve.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import TYPE_CHECKING
from uuid import UUID

import hishel

from .entries import Stored, directives, http_time, initial_age, seconds_in, selection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._headers import Headers
    from .._request import Request
    from .._response import Response
    from .entries import Fingerprint

# What only this client sees is private: `s-maxage` and `private` are for others.
_PRIVATE = hishel.CacheOptions(shared=False, supported_methods=["GET", "HEAD"], allow_stale=False)
_STALE_ALLOWED = hishel.CacheOptions({**_PRIVATE, "allow_stale": True})
_LONGEST = 2**31
"""The longest time in seconds that an answer may be fresh (RFC 9111 section 1.2.2)."""
_FOR_EVER = 4 * _LONGEST
"""More seconds than any answer is old."""

_FAILED = frozenset({500, 502, 503, 504})


@dataclass(frozen=True)
class Wish:
    """What a request says of stored answers (RFC 9111 section 5.2.1).

    Attributes:
        any_age: Whether an answer may be as old as it likes.
        must_ask: Whether the server must be asked if it is valid still.
        past: Whether nothing stored is looked at.
        only_stored: Whether the server must not be asked.
        keep: Whether the answer may be stored.
        max_age: The oldest answer that is taken, in seconds.
        min_fresh: How long it must be fresh still, in seconds.
        max_stale: For how long it may have been stale, in seconds.
        if_error: The same where the server fails.
    """

    any_age: bool = False
    must_ask: bool = False
    past: bool = False
    only_stored: bool = False
    keep: bool = True
    max_age: int | None = None
    min_fresh: int = 0
    max_stale: int = 0
    if_error: int = 0


def wish_of(request: Request, mode: str) -> Wish:
    """What a request and the `cache=` of its call ask for."""
    said = directives(request.headers.get("cache-control", ""))
    stale = _FOR_EVER if said.get("max-stale") == "" else seconds_in(said, "max-stale")
    return Wish(
        any_age=mode == "force-cache",
        must_ask=mode == "no-cache" or "no-cache" in said,
        past=mode == "reload" or "no-store" in said,
        only_stored=mode == "only-if-cached" or "only-if-cached" in said,
        keep="no-store" not in said,
        max_age=seconds_in(said, "max-age"),
        min_fresh=seconds_in(said, "min-fresh") or 0,
        max_stale=stale or 0,
        if_error=seconds_in(said, "stale-if-error") or 0,
    )


def usable(request: Request, entries: Sequence[Stored], now: float, wish: Wish) -> Stored | None:
    """The answer that may be given without asking the server."""
    if wish.past:
        return None
    if wish.any_age:
        return max(entries, key=lambda entry: entry.received, default=None)
    return _allowed(request, entries, now, wish, lambda _: wish.max_stale)


def usable_meanwhile(
    request: Request, entries: Sequence[Stored], now: float, wish: Wish
) -> Stored | None:
    """The stale answer that may be given while the server is asked (RFC 5861 section 3)."""
    if wish.past or wish.must_ask:
        return None
    return _allowed(
        request,
        entries,
        now,
        wish,
        lambda entry: seconds_in(entry.control, "stale-while-revalidate") or 0,
    )


def usable_on_error(
    request: Request, entries: Sequence[Stored], now: float, wish: Wish, usual: float
) -> Stored | None:
    """The stale answer that may be given since the server fails (RFC 5861 section 4).

    Args:
        request: The request.
        entries: What is stored for it.
        now: Seconds since 1970.
        wish: What it asks for.
        usual: For how many seconds an answer may have been stale that says nothing.
    """
    if wish.past:
        return None

    def allowed(entry: Stored) -> float:
        stated = seconds_in(entry.control, "stale-if-error")
        return max(wish.if_error, usual if stated is None else stated)

    return _allowed(request, entries, now, replace(wish, must_ask=False), allowed)


def _allowed(
    request: Request,
    entries: Sequence[Stored],
    now: float,
    wish: Wish,
    stale_for: Callable[[Stored], float],
) -> Stored | None:
    """The answer that is fresh, or has been stale for so long at most."""

    def shown_age(entry: Stored) -> float:
        age = entry.age(now)
        if wish.max_age is not None and age > wish.max_age:
            return _FOR_EVER
        # RFC 9111 section 5.2.2.2: what must be revalidated never serves when it is stale.
        slack = 0 if "must-revalidate" in entry.control else stale_for(entry)
        return age + wish.min_fresh - slack

    for rules, candidates in (
        (_PRIVATE, entries),
        # It knows no age below 0, at which even what was never fresh may serve.
        (_STALE_ALLOWED, [entry for entry in entries if shown_age(entry) < 0]),
    ):
        shown = [_shown(entry, shown_age(entry)) for entry in candidates]
        state = _judged(request, candidates, shown, rules, must_ask=wish.must_ask)
        if isinstance(state, hishel.FromCache):
            return candidates[state.entry.id.int]
    return None


def conditions_for(request: Request, entries: Sequence[Stored], now: float) -> dict[str, str]:
    """Header fields that ask whether a stored answer is valid still (RFC 9111 section 4.3.1)."""
    known = [_selected(entry.headers) for entry in entries]
    state = _judged(request, entries, known, _PRIVATE, must_ask=True)
    if not isinstance(state, hishel.NeedRevalidation):
        return {}
    asked = state.request.headers
    return {name: asked[name] for name in ("if-none-match", "if-modified-since") if name in asked}


def _judged(
    request: Request,
    entries: Sequence[Stored],
    headers: Sequence[Headers],
    rules: hishel.CacheOptions,
    *,
    must_ask: bool,
) -> hishel.AnyState:
    pairs = enumerate(zip(entries, headers, strict=True))
    shown = [_entry(request, number, entry, fields) for number, (entry, fields) in pairs]
    asked = _asked(request, {"cache-control": "no-cache"} if must_ask else {})
    return hishel.IdleClient(options=rules).next(asked, shown)


def _shown(entry: Stored, age: float) -> Headers:
    """The header fields of an answer as if it had come directly, `age` seconds ago."""
    headers = _selected(entry.headers)
    moment = int(time.time())
    stated = http_time(headers.get("date"))
    date = entry.received if stated is None else stated
    headers["Date"] = formatdate(moment - int(age), usegmt=True)
    # By these it counts from its own clock, and only their distance from `Date` matters.
    for name, start in (("expires", moment - int(age)), ("last-modified", moment)):
        told = http_time(headers.get(name))
        if told is not None:
            distance = max(-_LONGEST, min(told - date, _LONGEST))
            headers[name] = formatdate(start + distance, usegmt=True)
    return headers


def _selected(headers: Headers) -> Headers:
    """Header fields without `Vary`: by fingerprints, it is known already what it selects."""
    if "*" not in headers.get("vary", ""):
        headers.pop("vary", None)
    return headers


def kept(
    request: Request,
    response: Response,
    received: float,
    delay: float,
    fingerprint: Fingerprint,
) -> Stored | None:
    """What is stored of an answer (RFC 9111 section 3), `None` when it must not be.

    Args:
        request: The request.
        response: The answer.
        received: When it came, in seconds since 1970.
        delay: How long it took, in seconds.
        fingerprint: What stands for a value in the store.
    """
    headers = response.headers.copy()
    # RFC 9111 section 3.1; hishel drops the field itself, and not what it lists.
    for name in headers.get("connection", "").split(","):
        headers.pop(name.strip(), None)
    answer = hishel.Response(response.status_code, _fields(headers))
    state = hishel.CacheMiss(options=_PRIVATE, request=_asked(request)).next(answer)
    if not isinstance(state, hishel.StoreAndUse):
        return None
    return Stored(
        request.method,
        response.status_code,
        _pairs(state.response.headers),
        response.content,
        selection(response.headers, request, fingerprint),
        received,
        initial_age(response.headers, received, delay),
    ).kept()


def freshened(
    request: Request, entries: Sequence[Stored], response: Response, received: float, delay: float
) -> Stored | None:
    """The stored answer that a 304 speaks of, with its fields (RFC 9111 section 4.3.4).

    Args:
        request: The request.
        entries: What is stored for it, the newest first.
        response: The 304.
        received: When it came, in seconds since 1970.
        delay: How long it took, in seconds.
    """
    said = response.headers.copy()
    said.setdefault("Date", formatdate(received, usegmt=True))
    # What it says of its own age is about the answer from now on.
    known = [_entry(request, n, e, _without(e.headers, "age")) for n, e in enumerate(entries)]
    asked = _asked(request)
    state: hishel.AnyState = hishel.NeedRevalidation(
        options=_PRIVATE, request=asked, original_request=asked, revalidating_entries=known
    ).next(hishel.Response(304, _fields(said)))
    if isinstance(state, hishel.InvalidateEntries):
        state = state.next_state
    if not isinstance(state, hishel.NeedToBeUpdated):
        return None
    found = state.updating_entries[0]
    return replace(
        entries[found.id.int],
        fields=_pairs(found.response.headers),
        received=received,
        initial_age=initial_age(said, received, delay),
    )


def is_failure(status: int) -> bool:
    """Whether an answer tells that the server fails, as RFC 5861 section 4 has it."""
    return status in _FAILED


def _without(headers: Headers, name: str) -> Headers:
    headers.pop(name, None)
    return headers


def _entry(request: Request, number: int, entry: Stored, headers: Headers) -> hishel.Entry:
    answer = hishel.Response(entry.status, _fields(headers))
    return hishel.Entry(UUID(int=number), _asked(request), answer)


def _asked(request: Request, fields: dict[str, str] | None = None) -> hishel.Request:
    return hishel.Request(request.method, request.url, hishel.Headers(fields or {}))


def _fields(headers: Headers) -> hishel.Headers:
    return hishel.Headers({name: headers.get_list(name) for name in headers})


def _pairs(headers: hishel.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name in headers for value in headers.get_list(name) or ())
