"""Operations that take longer than a call: where their status is, and when they are done."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._call import generic_call, known_by
from ._errors import ConfigurationError, OperationFailedError, ResponseError, TotalTimeoutError
from ._flow import Sleep, run_call
from ._narrow import is_mapping
from ._paging import at, is_same_origin, joined
from ._policies.retry import retry_after
from ._raw import RawResponse
from ._response import Response, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._flow import Flow
    from ._settings import CallOptions, Settings

State = Literal["running", "done", "failed"]

STATUS_HEADERS = ("operation-location", "azure-asyncoperation")
STATUS_URLS = ("status_url", "statusUrl", "status_uri", "statusUri", "operation_url")
STATUS_WORDS = (
    *("status", "state", "provisioningState"),
    *("status.state", "status.status", "properties.provisioningState"),
)
"""Where servers write the URL of a status, and within a status the word for it."""

DONE = frozenset(
    ["complete", "completed", "done", "finished", "succeeded", "success", "successful"]
)
FAILED = frozenset(
    [
        "aborted",
        "canceled",
        "cancelled",
        "error",
        "errored",
        "expired",
        "failed",
        "failure",
        "rejected",
        "stopped",
        "terminated",
        "timedout",
    ]
)
RUNNING = frozenset(
    [
        "accepted",
        "created",
        "creating",
        "deleting",
        "enqueued",
        "inprogress",
        "notstarted",
        "pending",
        "preparing",
        "processing",
        "queued",
        "running",
        "scheduled",
        "started",
        "submitted",
        "updating",
        "validating",
        "waiting",
        "working",
    ]
)
NO_LETTERS = re.compile(r"[^a-z]")
GROWTH = 1.5
"""How much longer each wait is than the one before."""


@dataclass(frozen=True)
class Polling:
    """How a status is asked for.

    Attributes:
        interval: The first wait in seconds.
        max_interval: The longest wait in seconds that the server did not state.
        deadline: Seconds for all of it, `None` without end.
        until: Says of an answer whether the operation is done, in place of the rules here.
    """

    interval: float
    max_interval: float
    deadline: float | None
    until: Callable[[Response], bool] | None

    def __post_init__(self) -> None:
        numbers = (self.interval, self.max_interval, self.deadline or 0)
        if min(numbers) < 0:
            raise ConfigurationError("poll(): interval, max_interval and deadline are not negative")

    def wait(self, response: Response | None, turn: int) -> float:
        """Seconds until the next question: what the server states, else longer each time."""
        stated = retry_after(response.headers) if response is not None else None
        # The exponent is bounded: floats are.
        grown = self.interval * GROWTH ** min(turn, 100)
        return min(grown, self.max_interval) if stated is None else stated

    def state(self, place: Place, response: Response, *, is_elsewhere: bool) -> State:
        """How far an operation is, by an answer from the place of its status."""
        if self.until is not None:
            return "done" if self.until(response) else "running"
        word = status_word(response)
        if word in FAILED:
            return "failed"
        if response.status_code == 202:
            return "running"
        if word is None or word in DONE or is_elsewhere:
            return "done"
        return "running" if place.has_word or word in RUNNING else "done"


@dataclass(frozen=True)
class Place:
    """Where the status of an operation is.

    Attributes:
        url: Its URL.
        has_word: Whether what is there is a status, so that words nobody knows mean "not yet";
            elsewhere an answer other than 202 may be the result, with a status of its own.
    """

    url: str
    has_word: bool


def status_place(response: Response) -> Place | None:
    """Where an answer says that the status of its operation is; `None` when it is the result.

    Raises:
        ResponseError: It is on another origin.
    """
    headers = (response.headers.get(name) for name in STATUS_HEADERS)
    named = next((url for url in headers if url), None)
    if named is not None:
        return Place(_same_origin(response, named), has_word=True)
    # RFC 9110 section 15.3.3: a 202 ought to point to a status monitor.
    location = response.headers.get("location")
    if response.status_code == 202 and location is not None:
        return Place(_same_origin(response, location), has_word=False)
    body = _json(response)
    urls = (at(body, key) for key in STATUS_URLS)
    stated = next((url for url in urls if isinstance(url, str) and url), None)
    if stated is not None:
        return Place(_same_origin(response, stated), has_word=True)
    # What takes long to make or change tells itself how far it is.
    changes = response.request.method in {"PUT", "PATCH"} and final_state(response) is not None
    is_status = changes and status_word(response) in RUNNING
    return Place(response.url, has_word=True) if is_status else None


def final_state(started: Response | None) -> str | None:
    """Where the document of an SDK says that the result is; `None` when it says nothing."""
    return started._final_state if isinstance(started, RawResponse) else None


def status_word(response: Response) -> str | None:
    """The status in an answer, in small letters; `None` when there is none."""
    body = _json(response)
    finished = at(body, "done")
    if isinstance(finished, bool):
        return ("failed" if at(body, "error") else "done") if finished else "running"
    found = (at(body, path) for path in STATUS_WORDS)
    word = next((value for value in found if isinstance(value, str)), None)
    return NO_LETTERS.sub("", word.lower()) if word is not None else None


def result_url(started: Response | None, status: Response, place: Place) -> str | None:
    """Where the result is, when it is not what came with the last status."""
    if started is None:
        return None
    location = started.headers.get("location") or ""
    match final_state(started):
        case "azure-async-operation" | "operation-location":
            return None
        case "original-uri":
            return None if place.url == started.url else started.url
        case "location" if not place.has_word:
            return None
        case "location" if location:
            return _same_origin(status, location)
        case _ if not place.has_word:
            return None
        case _:
            named = at(_json(status), "resourceLocation") or location
    if isinstance(named, str) and named:
        return _same_origin(status, named)
    is_resource = started.request.method in {"PUT", "PATCH"} and place.url != started.url
    return started.url if is_resource else None


def poll_flow(
    settings: Settings,
    started: Response | str,
    model: object,
    options: CallOptions,
    polling: Polling,
) -> Flow[Any]:
    """Ask until an operation is done; the result is its last answer.

    Raises:
        OperationFailedError: The operation failed.
        TotalTimeoutError: The deadline has passed.
        ResponseError: An answer does not say where the status is.
    """
    first = started if isinstance(started, Response) else None
    place = status_place(started) if isinstance(started, Response) else Place(started, True)
    if place is None:
        assert first is not None
        if first.status_code == 202:
            raise ResponseError(
                f"{describe(first.request)}: the answer does not say where the status of the "
                "operation is; give poll() its URL",
                response=first,
            )
        return _read(first, first, model)
    ends = None if polling.deadline is None else time.monotonic() + polling.deadline
    turn, response = 0, first
    while True:
        if response is not None:
            yield Sleep(_within(polling.wait(response, turn), ends, response))
            turn += 1
        # What is stored of a status is that of earlier.
        status_options: CallOptions = {"cache": None, **options}
        call = generic_call(settings, "GET", place.url, None, status_options)
        asked = call.request.url
        answer: Response = yield from run_call(call)
        response = answer
        state = polling.state(place, answer, is_elsewhere=answer.url != asked)
        if state == "failed":
            raise OperationFailedError(_failure(answer), response=answer)
        if state == "done":
            break
        place = _moved(place, answer)
    where = result_url(first, answer, place)
    if where is not None:
        answer = yield from run_call(generic_call(settings, "GET", where, None, options))
    return _read(answer, first, model)


def _moved(place: Place, answer: Response) -> Place:
    """Where the status is from now on: a 202 may name another place."""
    return (status_place(answer) if answer.status_code == 202 else None) or place


def _within(wait: float, ends: float | None, response: Response) -> float:
    """A wait that does not go beyond the deadline, at which the status is asked for once more."""
    if ends is None:
        return wait
    left = ends - time.monotonic()
    if left <= 0:
        word = status_word(response)
        told = f" (its status is {word!r})" if word is not None else ""
        raise TotalTimeoutError(
            f"{describe(response.request)}: the operation is not done within the deadline{told}"
        )
    return min(wait, left)


def _failure(answer: Response) -> str:
    error = at(_json(answer), "error")
    said = at(error, "message") if is_mapping(error) else error
    reason = f": {said}" if isinstance(said, str) and said else ""
    return f"{describe(answer.request)}: the operation is {status_word(answer)!r}{reason}"


def _read(response: Response, started: Response | None, model: object) -> Any:
    """The result: as asked for, as the call of an SDK that started it declares, or as it is."""
    if model is not None:
        return known_by(response, response.parse(model))
    if not isinstance(started, RawResponse):
        return response
    reader: Callable[[Response], Any] = started._reader
    return reader(response)


def _same_origin(response: Response, target: str) -> str:
    url = joined(response.url, target)
    if not is_same_origin(url, response.url):
        raise ResponseError(
            f"{describe(response.request)}: the operation goes on at another origin, "
            "which is not asked",
            response=response,
        )
    return url


def _json(response: Response) -> object:
    """The body, as far as it is read and is JSON."""
    if not response.is_read or "json" not in response.headers.get("content-type", ""):
        return None
    try:
        return response.json()
    except ResponseError:
        return None
