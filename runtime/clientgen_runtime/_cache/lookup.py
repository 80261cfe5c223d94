"""One request on its way through a cache: what is stored, what is asked, what is given."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from .._errors import CircuitOpenError, ConnectionError, TimeoutError  # noqa: A004
from .._failures import client_error
from .._flow import send
from .._response import describe
from .._telemetry.log import logger
from .._timeout import deadline_of
from .cache import NotCachedError, credentials, now
from .entries import with_entry
from .rules import (
    Wish,
    conditions_for,
    freshened,
    is_failure,
    kept,
    usable,
    usable_meanwhile,
    usable_on_error,
    wish_of,
)
from .waits import Meanwhile, Wait

if TYPE_CHECKING:
    from .._call import Call
    from .._errors import ClientError
    from .._flow import Flow
    from .._request import Request
    from .._response import Response
    from .cache import HTTPCache
    from .entries import Stored
    from .waits import Flight


class Lookup:
    """One request on its way through the cache."""

    def __init__(
        self, cache: HTTPCache, call: Call[Any], request: Request, deadline: float | None
    ) -> None:
        self._cache = cache
        self._call = call
        self._request = request
        self._deadline = deadline
        self._key = cache._key(call, request, request.url)
        self._wish = wish_of(request, call.cache_mode)
        self._all: list[Stored] = []
        self._entries: list[Stored] = []

    def _count(self, name: str) -> None:
        self._cache._count(name)
        if self._call.watches:
            from .._telemetry.watch import Cached, tell

            tell(self._call, Cached(name))

    def answer(self) -> Flow[Response]:
        """The answer, from the store if there is one that may be given."""
        yield from self._look()
        found = self._found()
        if found is not None:
            return found
        if self._wish.only_stored:
            raise NotCachedError(f"{describe(self._request)}: no stored answer may be given")
        if self._meanwhile() is not None:
            return (yield from self._answer_meanwhile())
        if not self._is_shared():
            return (yield from self._asked())
        return (yield from self._asked_once())

    def _asked_once(self) -> Flow[Response]:
        """The answer to the one request that all calls for the same wait for."""
        flight, is_ours = self._cache._board(self._key)
        if is_ours:
            return (yield from self._flown(flight))
        self._count("collapsed")
        while not is_ours:
            yield Wait(flight, self._deadline)
            yield from self._look()
            found = self._found()
            if found is not None:
                return found
            if not flight.is_given_up:
                return (yield from self._asked())
            # The call that made the request was cancelled, so one of those that wait takes over.
            flight, is_ours = self._cache._board(self._key)
        return (yield from self._flown(flight))

    def _flown(self, flight: Flight) -> Flow[Response]:
        try:
            return (yield from self._asked())
        except GeneratorExit:
            flight.is_given_up = True
            raise
        finally:
            self._cache._land(self._key, flight)

    def _is_shared(self) -> bool:
        """Whether calls for the same may wait for this one."""
        own = self._wish.past or self._wish.must_ask
        return not own and self._cache._waits_for_others(self._key)

    def _look(self) -> Flow[None]:
        self._all = yield from self._cache._load(self._key)
        fingerprint = self._cache._fingerprint
        matching = [e for e in self._all if e.answers(self._request, fingerprint)]
        self._entries = sorted(matching, key=lambda entry: entry.received, reverse=True)

    def _found(self) -> Response | None:
        moment = now()
        entry = usable(self._request, self._entries, moment, self._wish)
        if entry is None:
            return None
        self._count("hits")
        self._call.is_silent = True
        return entry.response(self._request, moment, "clientgen; hit")

    def _meanwhile(self) -> Stored | None:
        return usable_meanwhile(self._request, self._entries, now(), self._wish)

    def _answer_meanwhile(self) -> Flow[Response]:
        entry = self._meanwhile()
        assert entry is not None
        self._count("stale")
        self._call.is_silent = True
        if self._call.refusal is None:
            flight, is_ours = self._cache._board(self._key)
            if is_ours:
                land = partial(self._cache._land, self._key, flight)
                # What becomes of the renewal is no matter of the call that goes on meanwhile.
                self._call = copy(self._call)
                yield Meanwhile(self._refresh(), flight, land)
        return entry.response(self._request, now(), "clientgen; hit; detail=stale")

    def _refresh(self) -> Flow[None]:
        """Ask the server on behalf of later calls."""
        self._deadline = deadline_of(self._call.timeout)
        try:
            yield from self._asked()
        except Exception as error:  # noqa: BLE001  (nobody waits for it; the next call will see)
            logger.debug("a stored answer could not be renewed: %s", type(error).__name__)

    def _asked(self) -> Flow[Response]:
        """The server's answer, or a stored one that it says is valid, or that stands in for it."""
        asked = self._request.copy()
        conditions: dict[str, str] = {}
        if not self._wish.past:
            conditions = conditions_for(self._request, self._entries, now())
            asked.headers.update(conditions)
        started = now()
        try:
            response = yield from send(self._call, asked, self._deadline)
        except Exception as error:
            outage = client_error(error, self._request, deadline=self._deadline)
            if isinstance(outage, (CircuitOpenError, ConnectionError, TimeoutError)):
                stale = self._stand_in(outage)
                if stale is not None:
                    return stale
            raise
        delay = now() - started
        if conditions and response.status_code == 304:
            return (yield from self._validated(response, delay))
        if is_failure(response.status_code):
            stale = self._stand_in(response)
            if stale is not None:
                return stale
        return (yield from self._new(response, delay))

    def _stand_in(self, failure: Response | ClientError) -> Response | None:
        """The stale answer that may be given in the place of a failure."""
        moment = now()
        usual = self._cache._stale_if_error
        entry = usable_on_error(self._request, self._entries, moment, self._wish, usual)
        if entry is None:
            return None
        self._count("stale")
        self._call.failure = failure
        return entry.response(self._request, moment, "clientgen; hit; detail=error")

    def _validated(self, response: Response, delay: float) -> Flow[Response]:
        moment = now()
        fresh = freshened(self._request, self._entries, response, moment, delay)
        if fresh is None:
            # It speaks of an answer that is not stored, so this asks without conditions.
            again = yield from send(self._call, self._request, self._deadline)
            return (yield from self._new(again, delay))
        self._count("revalidated")
        yield from self._keep(fresh.kept())
        return fresh.response(self._request, moment, "clientgen; fwd=stale; fwd-status=304")

    def _new(self, response: Response, delay: float) -> Flow[Response]:
        self._count("misses")
        stored = yield from self._keep(self._storable(response, delay))
        why = "request" if self._wish.past else "stale" if self._entries else "uri-miss"
        told = f"clientgen; fwd={why}{'; stored' if stored else ''}"
        response.headers.add("Cache-Status", told)
        return response

    def _storable(self, response: Response, delay: float) -> Stored | None:
        if not self._wish.keep or len(response.content) > self._cache._max_entry_bytes:
            return None
        fingerprint = self._cache._fingerprint
        entry = kept(self._request, response, now(), delay, fingerprint)
        if entry is None or not self._is_useful(entry):
            return None
        return entry

    def _is_useful(self, entry: Stored) -> bool:
        """Whether it can ever be given, with or without asking."""
        return (
            entry.has_validator
            or entry.may_be_stale
            or self._cache._stale_if_error > 0
            or usable(self._request, [entry], now(), Wish()) is not None
        )

    def _keep(self, entry: Stored | None) -> Flow[bool]:
        if entry is not None and entry.tells(self._secrets()):
            entry = None
        self._cache._note_storable(self._key, is_storable=entry is not None)
        if entry is None:
            return False
        yield from self._cache._save(
            self._key, self._request.shown_url, with_entry(self._all, entry)
        )
        return True

    def _secrets(self) -> list[str]:
        own = (item.partition("=")[2] for item in credentials(self._call, self._request, ""))
        found = {*self._request.secrets(), *own}
        return [secret for secret in found if secret.lower() not in ("bearer", "digest")]
