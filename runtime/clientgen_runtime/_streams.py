"""Bodies that are read while they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._body import is_json_lines
from ._deadline import DEADLINE
from ._errors import ConfigurationError
from ._failures import client_error
from ._framing import Documents, Events, ServerSentEvent, json_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import TracebackType

    import httpx
    from typing_extensions import Self

    from ._flow import Send
    from ._response import Receiver, Response

T = TypeVar("T")

DONE = "[DONE]"
"""What several APIs send as the data of an event that ends the stream and is no item."""


class Source:
    """The open body of a response of `Client`."""

    def __init__(self, send: Send, native: httpx.Response, receiver: Receiver) -> None:
        self._send = send
        self._native = native
        self._receiver = receiver
        self._is_taken = False

    def chunks(self, *, raw: bool = False) -> Iterator[bytes]:
        """The body as it arrives, decompressed unless `raw`."""
        check_untaken(self._is_taken)
        self._is_taken = True
        native: Any = self._native
        stream: Iterator[bytes] = iter(native.stream)
        try:
            while (chunk := self._next(stream)) is not None:
                if raw:
                    yield chunk
                    continue
                for piece in self._receiver.decode(chunk):  # noqa: UP028  (as in the async twin)
                    yield piece
            if not raw:
                self._receiver.check_end()
        finally:
            self.close()

    def _next(self, stream: Iterator[bytes]) -> bytes | None:
        deadline = DEADLINE.set(self._send.deadline)
        try:
            return next(stream, None)
        except Exception as error:
            raise client_error(
                error,
                self._send.request,
                deadline=self._send.deadline,
                partial=self._receiver.partial(),
            ) from error
        finally:
            DEADLINE.reset(deadline)

    def close(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        self._native.close()


class AsyncSource:
    """The open body of a response of `AsyncClient`."""

    def __init__(self, send: Send, native: httpx.Response, receiver: Receiver) -> None:
        self._send = send
        self._native = native
        self._receiver = receiver
        self._is_taken = False

    async def chunks(self, *, raw: bool = False) -> AsyncIterator[bytes]:
        """The body as it arrives, decompressed unless `raw`."""
        check_untaken(self._is_taken)
        self._is_taken = True
        native: Any = self._native
        stream: AsyncIterator[bytes] = aiter(native.stream)
        try:
            while (chunk := await self._next(stream)) is not None:
                if raw:
                    yield chunk
                    continue
                for piece in self._receiver.decode(chunk):
                    yield piece
            if not raw:
                self._receiver.check_end()
        finally:
            await self.aclose()

    async def _next(self, stream: AsyncIterator[bytes]) -> bytes | None:
        deadline = DEADLINE.set(self._send.deadline)
        try:
            return await anext(stream, None)
        except Exception as error:
            raise client_error(
                error,
                self._send.request,
                deadline=self._send.deadline,
                partial=self._receiver.partial(),
            ) from error
        finally:
            DEADLINE.reset(deadline)

    async def aclose(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        await self._native.aclose()


def check_untaken(is_taken: bool) -> None:
    """Refuse to read a body twice.

    Raises:
        ConfigurationError: It was read before.
    """
    if is_taken:
        raise ConfigurationError("the body was read before, and a stream keeps nothing")


class Items(Generic[T]):
    """Makes typed items of a stream: of the data of its events, or of its lines.

    Args:
        is_lines: Whether the stream is JSON Lines, not server-sent events.
        parse: Makes an item of one JSON document.
    """

    def __init__(self, *, is_lines: bool, parse: Callable[[bytes], T]) -> None:
        self._framing: Documents | Events = Documents() if is_lines else Events()
        self._parse = parse

    def feed(self, chunk: bytes) -> Iterator[T]:
        return self._items(self._framing.feed(chunk))

    def finish(self) -> Iterator[T]:
        return self._items(self._framing.finish())

    def _items(self, found: Iterator[bytes] | Iterator[ServerSentEvent]) -> Iterator[T]:
        for item in found:
            if isinstance(item, bytes):
                yield self._parse(item)
            elif item.data != DONE:
                yield self._parse(item.data.encode())


class Stream(Generic[T]):
    """Typed items of a response, read while they arrive.

    Close it, or use it in `with`, so that its connection is free again.

    Attributes:
        response: The response, with its status and headers.

    Args:
        response: An open response.
        parse: Makes an item of one JSON document; plain data when it is not given.

    Example:
        >>> with client.stream("GET", "/pets/export") as response:
        ...     [pet["name"] for pet in Stream(response)]
        ['Rex', 'Tom']
    """

    def __init__(self, response: Response, parse: Callable[[bytes], T] = json_of) -> None:
        self.response = response
        self._parse = parse

    def __iter__(self) -> Iterator[T]:
        is_lines = is_json_lines(self.response.headers.get("content-type", ""))
        yield from self.response.frames(Items(is_lines=is_lines, parse=self._parse))

    def events(self) -> Iterator[ServerSentEvent]:
        """The raw server-sent events.

        Example:
            >>> with client.stream("GET", "/pets/events") as response:
            ...     [event.event for event in Stream(response).events()]
            ['born', 'named']
        """
        return self.response.iter_sse()

    def close(self) -> None:
        """Stop reading and free the connection.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     stream = Stream(response)
            ...     next(iter(stream))
            ...     stream.close()
            {'id': 7, 'name': 'Rex'}
        """
        self.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncStream(Generic[T]):
    """Typed items of a response, read while they arrive.

    Close it, or use it in `async with`, so that its connection is free again.

    Attributes:
        response: The response, with its status and headers.

    Args:
        response: An open response.
        parse: Makes an item of one JSON document; plain data when it is not given.

    Example:
        >>> async with aclient.stream("GET", "/pets/export") as response:
        ...     [pet["name"] async for pet in AsyncStream(response)]
        ['Rex', 'Tom']
    """

    def __init__(self, response: Response, parse: Callable[[bytes], T] = json_of) -> None:
        self.response = response
        self._parse = parse

    async def __aiter__(self) -> AsyncIterator[T]:
        is_lines = is_json_lines(self.response.headers.get("content-type", ""))
        async for item in self.response.aframes(Items(is_lines=is_lines, parse=self._parse)):
            yield item

    def events(self) -> AsyncIterator[ServerSentEvent]:
        """The raw server-sent events.

        Example:
            >>> async with aclient.stream("GET", "/pets/events") as response:
            ...     [event.event async for event in AsyncStream(response).events()]
            ['born', 'named']
        """
        return self.response.aiter_sse()

    async def close(self) -> None:
        """Stop reading and free the connection.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     stream = AsyncStream(response)
            ...     await anext(aiter(stream))
            ...     await stream.close()
            {'id': 7, 'name': 'Rex'}
        """
        await self.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def item_parser(response: Response, model: Any) -> Callable[[bytes], Any]:
    """What makes an item of a stream: a model of it, as far as it fits."""
    if model is None:
        return lambda document: json_of(document, response._load)
    from ._parse import parse_item

    return lambda document: parse_item(response, model, document)
