"""Server-sent events over one connection after another; decides, and does no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import (
    ClientError,
    ConnectionError,  # noqa: A004
    ReadTimeoutError,
    TLSError,
    TruncatedResponseError,
)
from ._framing import Events

if TYPE_CHECKING:
    from ._response import Response
    from ._settings import CallOptions

_FIRST_WAIT = 3.0
_LONGEST_WAIT = 60.0


class Subscription:
    """Where a reader of events stands (WHATWG HTML, section 9.2.3).

    Args:
        options: The options of each request.
        reconnect: Whether to connect anew when the stream ends or breaks.
    """

    def __init__(self, options: CallOptions, *, reconnect: bool) -> None:
        self._options = options
        self._reconnect = reconnect
        self._events = Events()
        self._failures = 0

    def options(self) -> CallOptions:
        """The options of the next request."""
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._events.last_id:
            headers["Last-Event-ID"] = self._events.last_id
        return {**self._options, "headers": {**headers, **self._options.get("headers", {})}}

    def framing(self) -> Events:
        """What cuts the next stream into events; it goes on from the id and wait of the last."""
        events = Events()
        events.last_id, events.retry = self._events.last_id, self._events.retry
        self._events = events
        return events

    def note_success(self) -> None:
        """Remember that an event has arrived, so the next failure is the first again."""
        self._failures = 0

    def goes_on_after(self, outcome: Response | ClientError) -> bool:
        """Whether to connect anew; 204 asks readers to stay away."""
        if not self._reconnect:
            return False
        match outcome:
            case TLSError():
                return False
            case ConnectionError() | ReadTimeoutError() | TruncatedResponseError():
                self._failures += 1
                return True
            case ClientError():
                return False
            case response:
                return response.status_code != 204

    @property
    def wait(self) -> float:
        """Seconds until the next connection: what the server states, longer after failures."""
        stated = self._events.retry
        first = _FIRST_WAIT if stated is None else stated / 1000
        return min(first * 2.0 ** min(max(self._failures - 1, 0), 30), _LONGEST_WAIT)
