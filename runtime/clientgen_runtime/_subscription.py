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

if TYPE_CHECKING:
    from ._framing import ServerSentEvent
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
        self._last_id = ""
        self._stated = _FIRST_WAIT
        self._failures = 0

    def options(self) -> CallOptions:
        """The options of the next request."""
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._last_id:
            headers["Last-Event-ID"] = self._last_id
        return {**self._options, "headers": {**headers, **self._options.get("headers", {})}}

    def note(self, event: ServerSentEvent) -> None:
        """Remember what an event says of the next connection."""
        self._failures = 0
        self._last_id = event.id
        if event.retry is not None:
            self._stated = event.retry / 1000

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
        return min(self._stated * 2.0 ** min(max(self._failures - 1, 0), 30), _LONGEST_WAIT)
