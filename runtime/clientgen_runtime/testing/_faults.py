"""A transport on which things go wrong as a test scripts it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import httpx

from .._client import async_sleep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator


@dataclass(frozen=True)
class Delay:
    """The answer comes later; where the client waits less, its read times out.

    Attributes:
        seconds: How much later.

    Example:
        >>> Delay(0.5).seconds
        0.5
    """

    seconds: float


@dataclass(frozen=True)
class Reset:
    """The connection breaks before anything is answered.

    Example:
        >>> Reset()
        Reset()
    """


@dataclass(frozen=True)
class Truncate:
    """The connection breaks in the middle of the body.

    Attributes:
        after: Bytes of the body that arrive.

    Example:
        >>> Truncate(10).after
        10
    """

    after: int = 1


@dataclass(frozen=True)
class Status:
    """The answer has another status.

    Attributes:
        code: The status.
        headers: Its header fields, such as `{"Retry-After": "1"}`.
        body: Its body.

    Example:
        >>> Status(503).code
        503
    """

    code: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


Fault: TypeAlias = Delay | Reset | Truncate | Status
"""What may go wrong with a request.

Example:
    >>> script: list[Fault | None] = [Reset(), None, Status(503)]
    >>> len(script)
    3
"""


class FaultTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Lets requests fail as a script says, and hands the others on.

    Args:
        inner: What answers: any transport of httpx, such as that of a `FakeServer`. It must be one
            of the kind that the client needs.
        script: What happens to the requests in turn, `None` for those to which nothing does. Those
            after the end of the script are handed on.

    Attributes:
        seen: Requests so far.

    Example:
        >>> import httpx
        >>> answers = httpx.MockTransport(lambda request: httpx.Response(200, text="hello"))
        >>> faults = FaultTransport(answers, [Reset(), Status(503)])
        >>> with Client("https://api.example.com", transport=faults, retry=2) as client:
        ...     client.get("/").status_code, faults.seen
        (200, 3)
    """

    def __init__(
        self,
        inner: httpx.BaseTransport | httpx.AsyncBaseTransport,
        script: Iterable[Fault | None] = (),
    ) -> None:
        self.seen: int = 0
        self._inner = inner
        self._script = iter(script)

    def _next(self) -> Fault | None:
        self.seen += 1
        return next(self._script, None)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, unless it is to fail.

        Args:
            request: What a client sends.

        Example:
            >>> import httpx
            >>> faults = FaultTransport(httpx.MockTransport(lambda _: httpx.Response(200)))
            >>> faults.handle_request(httpx.Request("GET", "https://fake.test/")).status_code
            200
        """
        assert isinstance(self._inner, httpx.BaseTransport), "the inner transport is async"
        match self._next():
            case Reset():
                raise _reset(request)
            case Status() as status:
                return _answer(status)
            case Truncate(after):
                response = self._inner.handle_request(request)
                return _cut(response, response.read()[:after], request)
            case Delay(seconds):
                time.sleep(wait(request, seconds))
                check_in_time(request, seconds)
            case None:
                pass
        return self._inner.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request of an async client, unless it is to fail.

        Args:
            request: What a client sends.

        Example:
            >>> import asyncio, httpx
            >>> faults = FaultTransport(httpx.MockTransport(lambda _: httpx.Response(200)))
            >>> request = httpx.Request("GET", "https://fake.test/")
            >>> asyncio.run(faults.handle_async_request(request)).status_code
            200
        """
        assert isinstance(self._inner, httpx.AsyncBaseTransport), "the inner transport is sync"
        match self._next():
            case Reset():
                raise _reset(request)
            case Status() as status:
                return _answer(status)
            case Truncate(after):
                response = await self._inner.handle_async_request(request)
                return _cut(response, (await response.aread())[:after], request)
            case Delay(seconds):
                await async_sleep(wait(request, seconds))
                check_in_time(request, seconds)
            case None:
                pass
        return await self._inner.handle_async_request(request)

    def close(self) -> None:
        """Close what answers.

        Example:
            >>> import httpx
            >>> FaultTransport(httpx.MockTransport(lambda _: httpx.Response(200))).close()
        """
        if isinstance(self._inner, httpx.BaseTransport):
            self._inner.close()

    async def aclose(self) -> None:
        """Close what answers an async client.

        Example:
            >>> import asyncio, httpx
            >>> inner = httpx.MockTransport(lambda _: httpx.Response(200))
            >>> asyncio.run(FaultTransport(inner).aclose())
        """
        if isinstance(self._inner, httpx.AsyncBaseTransport):
            await self._inner.aclose()


def _reset(request: httpx.Request) -> httpx.ReadError:
    return httpx.ReadError("the connection was reset", request=request)


def _answer(status: Status) -> httpx.Response:
    return httpx.Response(status.code, headers=status.headers, content=status.body)


def _cut(response: httpx.Response, content: bytes, request: httpx.Request) -> httpx.Response:
    headers = [(n, v) for n, v in response.headers.multi_items() if n != "content-encoding"]
    return httpx.Response(response.status_code, headers=headers, stream=_Cut(content, request))


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends before its end."""

    def __init__(self, content: bytes, request: httpx.Request) -> None:
        self._content = content
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise self._end()

    def _end(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError("the body ended early", request=self._request)


# --- Waiting -------------------------------------------------------------------------------


def wait(request: httpx.Request, seconds: float) -> float:
    """How long to wait with an answer: no longer than the client does.

    Args:
        request: What is answered; its read timeout counts.
        seconds: How long the answer takes.
    """
    limit = request.extensions.get("timeout", {}).get("read")
    return seconds if limit is None else min(limit, seconds)


def check_in_time(request: httpx.Request, seconds: float) -> None:
    """Fail as a client's read does when an answer takes longer than it waits.

    Args:
        request: What is answered.
        seconds: How long the answer takes.

    Raises:
        httpx.ReadTimeout: It takes longer.
    """
    if wait(request, seconds) < seconds:
        raise httpx.ReadTimeout("the answer takes longer than the client waits", request=request)
