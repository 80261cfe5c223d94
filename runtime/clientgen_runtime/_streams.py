"""Bodies that are read while they arrive."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, get_args

# Defaults of type variables (PEP 696) are not in `typing` before Python 3.13.
from typing_extensions import TypeVar

from ._body import essence, is_json, is_json_lines, is_json_sequence
from ._errors import ConfigurationError, DecodeError, ResponseError, StreamError
from ._failures import client_error
from ._framing import Documents, Events, Sequences, ServerSentEvent, json_of
from ._narrow import is_mapping
from ._operation import EventTypes
from ._policies.deadline import DEADLINE, check_time
from ._redact import mask
from ._response import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from ._flow import Send
    from ._framing import Framing
    from ._net.native import Native
    from ._response import Receiver, Response

T = TypeVar("T")
R = TypeVar("R", default=Any)

OnEnd: TypeAlias = "Callable[[BaseException | None], object]"

EVENTS = "text/event-stream"

DONE = "[DONE]"
"""What several APIs send as the data of an event that ends the stream and is no item."""


class Source:
    """The open body of a response of `Client`."""

    def __init__(self, send: Send, native: Native, receiver: Receiver) -> None:
        self._send = send
        self._native = native
        self._receiver = receiver
        self._is_taken = False
        self.on_end: OnEnd | None = None

    def bound(self) -> None:
        """Take no more than of a body that is not streamed, since all of it is kept."""
        self._receiver._limit = self._send.max_response_bytes

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
        except Exception as error:
            note_end(self.on_end, error)
            raise
        finally:
            self.close()
            finish(stream)

    def _next(self, stream: Iterator[bytes]) -> bytes | None:
        deadline = DEADLINE.set(self._send.deadline)
        try:
            chunk = next(stream, None)
            if chunk is not None:
                check_time(self._send.deadline)
        except Exception as error:
            raise client_error(
                error,
                self._send.request,
                deadline=self._send.deadline,
                partial=self._receiver.partial(),
            ) from error
        finally:
            DEADLINE.reset(deadline)
        return chunk

    def drain(self) -> None:
        """Take in the end of a body of which nothing more is wanted, if it comes at once."""
        drain = getattr(self._native.stream, "drain", None)
        if drain is not None:
            drain()

    def close(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        self._native.close()
        note_end(self.on_end, None)


class AsyncSource:
    """The open body of a response of `AsyncClient`."""

    def __init__(self, send: Send, native: Native, receiver: Receiver) -> None:
        self._send = send
        self._native = native
        self._receiver = receiver
        self._is_taken = False
        self.on_end: OnEnd | None = None

    def bound(self) -> None:
        """Take no more than of a body that is not streamed, since all of it is kept."""
        self._receiver._limit = self._send.max_response_bytes

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
        except Exception as error:
            note_end(self.on_end, error)
            raise
        finally:
            await self.aclose()
            await afinish(stream)

    async def _next(self, stream: AsyncIterator[bytes]) -> bytes | None:
        deadline = DEADLINE.set(self._send.deadline)
        try:
            chunk = await anext(stream, None)
            if chunk is not None:
                check_time(self._send.deadline)
        except Exception as error:
            raise client_error(
                error,
                self._send.request,
                deadline=self._send.deadline,
                partial=self._receiver.partial(),
            ) from error
        finally:
            DEADLINE.reset(deadline)
        return chunk

    async def drain(self) -> None:
        """Take in the end of a body of which nothing more is wanted, if it comes at once."""
        drain = getattr(self._native.stream, "drain", None)
        if drain is not None:
            await drain()

    async def aclose(self) -> None:
        """Give the connection back, or close it when the body is not at its end."""
        await self._native.aclose()
        note_end(self.on_end, None)


def note_end(on_end: OnEnd | None, error: BaseException | None) -> None:
    """Tell who watches a call that its body is read, or will not be."""
    if on_end is not None:
        on_end(error)


def finish(iterator: object) -> None:
    """End a generator that was left half way."""
    if isinstance(iterator, Generator):
        iterator.close()


async def afinish(iterator: object) -> None:
    """End a generator that was left half way, for which nobody waits otherwise."""
    if isinstance(iterator, AsyncGenerator):
        await iterator.aclose()


def drain(response: Response) -> None:
    """Let the connection of a stream whose last item has come be used again, if that is soon."""
    if isinstance(response._source, Source):
        response._source.drain()


async def adrain(response: Response) -> None:
    """Do as `drain`, with a response of an `AsyncClient`."""
    if isinstance(response._source, AsyncSource):
        await response._source.drain()


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
        kind: Media type of the stream.
        parse: Makes an item of one JSON document.
        parse_event: Makes an item of an event, where its data alone does not tell.
        ends: Data of the events that end the stream and are no items.
        skips_empty: Whether events without data only keep the connection open.
        whole: Finds the whole answer in an item, `None` when it has none.
        doubted: The response, where it is not said to be such a stream.
    """

    def __init__(
        self,
        kind: str,
        parse: Callable[[bytes], T],
        parse_event: Callable[[ServerSentEvent], T] | None = None,
        ends: tuple[str, ...] = (DONE,),
        *,
        skips_empty: bool = False,
        whole: Callable[[object], object] | None = None,
        doubted: Response | None = None,
    ) -> None:
        self._framing: Framing[bytes | ServerSentEvent] = framing_of(kind)
        self._doubted = doubted
        self._parse = parse
        self._parse_event = parse_event
        self._ends = ends
        self._skips_empty = skips_empty
        self._whole = whole
        self._last: T | None = None
        self.is_done = False

    def feed(self, chunk: bytes) -> Iterator[T]:
        if self._doubted is not None and (start := chunk.strip()):
            check_events(start, self._doubted)
            self._doubted = None
        return self._kept(self._items(self._framing.feed(chunk)))

    def finish(self) -> Iterator[T]:
        return self._kept(self._items(self._framing.finish()))

    def whole(self, response: Response) -> Any:
        """The whole answer, which the last item had.

        Raises:
            ConfigurationError: No document says what the whole answer is.
            ResponseError: The last item does not have it.
        """
        told = describe(response.request)
        if self._whole is None:
            raise ConfigurationError(
                f"{told}: the document does not say what the whole answer is; collect the items"
            )
        found = self._whole(self._last)
        if found is None:
            raise ResponseError(
                f"{told}: the stream ended without the whole answer", response=response
            )
        return found

    def _kept(self, items: Iterator[T]) -> Iterator[T]:
        for item in items:
            self._last = item
            yield item

    def _items(self, found: Iterable[bytes | ServerSentEvent]) -> Iterator[T]:
        for item in found:
            if isinstance(item, bytes):
                yield self._parse(item)
            elif (data := item.data.strip()) in self._ends:
                self.is_done = True
                return
            elif not data and self._skips_empty:
                continue
            elif self._parse_event is not None:
                yield self._parse_event(item)
            else:
                yield self._parse(item.data.encode())


def check_events(start: bytes, response: Response) -> None:
    """Refuse an answer in one piece where events should come: it would be a stream of nothing.

    Raises:
        DecodeError: It begins as JSON or HTML do, and no event does.
    """
    if start[:1] not in (b"{", b"[", b"<"):
        return
    kind = response.headers.get("content-type", "")
    shown = mask(start[:200].decode("utf-8", "replace"), response.request.secrets())
    message = f"the answer is no stream of events, but {kind or 'something else'}: {shown}"
    raise DecodeError(f"{describe(response.request)}: {message}", response=response)


def framing_of(kind: str) -> Framing[bytes | ServerSentEvent]:
    """What cuts a stream of this media type; what is neither lines nor sequences has events."""
    if is_json_sequence(kind):
        return Sequences()
    return Documents() if is_json_lines(kind) or is_json(kind) else Events()


class Stream(Generic[T, R]):
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
        self._items = Items(response.headers.get("content-type", ""), parse)
        self._is_closed = False
        self._iterator = self._read()

    def __iter__(self) -> Iterator[T]:
        return self._iterator

    def __next__(self) -> T:
        return next(self._iterator)

    def _read(self) -> Iterator[T]:
        try:
            for chunk in self.response.iter_bytes():
                for item in self._items.feed(chunk):
                    yield item
                    if self._is_closed:
                        return
                if self._items.is_done:
                    drain(self.response)
                    return
            yield from self._items.finish()
        finally:
            self.close()

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
        self._is_closed = True
        self.response.close()

    def until_done(self) -> None:
        """Read to the end, without keeping anything.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     Stream(response).until_done()
        """
        for _ in self:
            pass

    def get_final_response(self) -> R:
        """Read to the end, and return the whole answer, which some APIs send with the last item.

        Returns:
            What the call returns when it does not stream.

        Raises:
            ConfigurationError: The document does not say what that is.
            ResponseError: The last item does not have it.

        Example:
            >>> with client.pets.arrive() as stream:
            ...     stream.get_final_response()
            Pet(id=7, name='Rex')
        """
        self.until_done()
        whole: R = self._items.whole(self.response)
        return whole

    @property
    def request_id(self) -> str | None:
        """The id under which the server, or else this client, knows the call.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     Stream(response).request_id == response.request_id
            True
        """
        return self.response.request_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncStream(Generic[T, R]):
    """Typed items of a response, read while they arrive.

    It is opened when it is first used: by `await`, `async with` or `async for`. Close it, or use
    it in `async with`, so that its connection is free again.

    Args:
        response: An open response.
        parse: Makes an item of one JSON document; plain data when it is not given.

    Example:
        >>> async with aclient.stream("GET", "/pets/export") as response:
        ...     [pet["name"] async for pet in AsyncStream(response)]
        ['Rex', 'Tom']
    """

    def __init__(self, response: Response, parse: Callable[[bytes], T] = json_of) -> None:
        self._open: Callable[[], Awaitable[tuple[Response, Items[T]]]] | None = None
        self._response: Response | None = response
        self._items = Items(response.headers.get("content-type", ""), parse)
        self._is_closed = False
        self._iterator = self._read()

    @property
    def response(self) -> Response:
        """The response, with its status and headers.

        Raises:
            ConfigurationError: Nothing has been sent yet.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     AsyncStream(response).response.status_code
            200
        """
        if self._response is None:
            raise ConfigurationError("await the stream, or use it in `async with`, to open it")
        return self._response

    async def _opened(self) -> Self:
        if self._response is None and self._open is not None:
            self._response, self._items = await self._open()
        return self

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._opened().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return self._iterator

    async def __anext__(self) -> T:
        return await anext(self._iterator)

    async def _read(self) -> AsyncIterator[T]:
        await self._opened()
        chunks = self.response.aiter_bytes()
        try:
            async for chunk in chunks:
                for item in self._items.feed(chunk):
                    yield item
                    if self._is_closed:
                        return
                if self._items.is_done:
                    await adrain(self.response)
                    return
            for item in self._items.finish():
                yield item
        finally:
            await afinish(chunks)
            await self.close()

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
        self._is_closed = True
        if self._response is not None:
            await self._response.aclose()

    async def until_done(self) -> None:
        """Read to the end, without keeping anything.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     await AsyncStream(response).until_done()
        """
        async for _ in self:
            pass

    async def get_final_response(self) -> R:
        """Read to the end, and return the whole answer, which some APIs send with the last item.

        Returns:
            What the call returns when it does not stream.

        Raises:
            ConfigurationError: The document does not say what that is.
            ResponseError: The last item does not have it.

        Example:
            >>> async with aclient.pets.arrive() as stream:
            ...     await stream.get_final_response()
            Pet(id=7, name='Rex')
        """
        await self.until_done()
        whole: R = self._items.whole(self.response)
        return whole

    @property
    def request_id(self) -> str | None:
        """The id under which the server, or else this client, knows the call.

        Raises:
            ConfigurationError: Nothing has been sent yet.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     AsyncStream(response).request_id == response.request_id
            True
        """
        return self.response.request_id

    async def __aenter__(self) -> Self:
        return await self._opened()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


def typed_items(
    response: Response, kind: str, types: object, whole: Callable[[], object] | None = None
) -> Items[Any]:
    """What makes items of a stream as an operation declares them.

    Args:
        response: The open response.
        kind: Media type of the stream.
        types: The type of its items, or `EventTypes`; `None` when nothing is declared.
        whole: The type of the same answer in one piece, if the operation has one.
    """
    declared = types if isinstance(types, EventTypes) else EventTypes(types)
    reader = _Reader(response, declared)
    is_said = essence(response.headers.get("content-type", "")) == EVENTS
    return Items(
        kind,
        reader.document,
        reader.event,
        (DONE, *declared.ends),
        skips_empty=declared.item is not str,
        whole=None if whole is None else lambda item: _whole_in(item, whole()),
        doubted=None if kind != EVENTS or is_said else response,
    )


def _whole_in(item: object, kind: object) -> object:
    """The member of an item that is the whole answer; items of its type are pieces of it."""
    from ._data.lazy import is_model_class
    from ._data.looks import settled

    kinds = tuple(filter(is_model_class, map(settled, get_args(kind) or (kind,))))
    members = getattr(item, "__dict__", {}).values()
    return next((member for member in members if isinstance(member, kinds)), None)


class _Reader:
    """Makes items of documents and events, and errors of what tells of one."""

    def __init__(self, response: Response, types: EventTypes) -> None:
        from ._parse import parse_item

        self._response = response
        self._types = types
        self._parse = parse_item

    def document(self, document: bytes) -> Any:
        """An item of a JSON document."""
        return self._item(self._types.item, document)

    def event(self, event: ServerSentEvent) -> Any:
        """An item of the data of an event.

        Raises:
            StreamError: It is an event of the name `error`.
        """
        by_name = self._types.by_event.get(event.event)
        model = self._types.item if by_name is None else by_name()
        if event.event == "error":
            raise self._failure(self._item(model if by_name else None, event.data.encode()))
        return self._item(model, event.data.encode())

    def _failure(self, body: object) -> StreamError:
        line = mask(" ".join(_told(body).split()), self._response.request.secrets())
        message = f"the stream ended with an error: {line[:200]}"
        return StreamError(message, response=self._response, body=body)

    def _item(self, model: Any, document: bytes) -> Any:
        if model is str:
            return document.decode("utf-8", "replace")
        if _BEGINS_WITH_ERROR(document) is not None:
            self._check(model, document)
        try:
            if model is None:
                return json_of(document, self._response._load)
            return self._parse(self._response, model, document)
        except DecodeError:
            if model is None or str in get_args(model):
                return document.decode("utf-8", "replace")
            raise

    def _check(self, model: Any, document: bytes) -> None:
        """Refuse an object that has nothing but an error, unless items have one."""
        value = json_of(document, self._response._load)
        if is_mapping(value) and set(value) == {"error"} and not _is_declared(model):
            raise self._failure(value["error"])


_BEGINS_WITH_ERROR = re.compile(rb'\s*\{\s*"error"').match


def _is_declared(model: Any) -> bool:
    """Whether items of a type have a property `error`, so that it tells of no failure."""
    members = (model, *get_args(model))
    return any("error" in getattr(member, "model_fields", {}) for member in members)


def _told(body: object) -> str:
    """What an error event says."""
    for name in ("message", "error", "detail"):
        found = body.get(name) if is_mapping(body) else getattr(body, name, None)
        if isinstance(found, str) and found:
            body = found
            break
    return str(body)


def open_stream(open_: Callable[[], tuple[Response, Items[T]]]) -> Stream[T]:
    """A stream whose items are made by others; for the clients."""
    stream: Stream[T] = _blank(Stream)
    stream.response, stream._items = open_()
    stream._is_closed = False
    stream._iterator = stream._read()
    return stream


def open_async_stream(
    open_: Callable[[], Awaitable[tuple[Response, Items[T]]]],
) -> AsyncStream[T]:
    """A stream that is opened when it is first used; for the clients."""
    stream: AsyncStream[T] = _blank(AsyncStream)
    stream._open = open_
    stream._response = None
    stream._is_closed = False
    stream._iterator = stream._read()
    return stream


def _blank(kind: Any) -> Any:
    return kind.__new__(kind)


def item_parser(response: Response, model: Any) -> Callable[[bytes], Any]:
    """What makes an item of a stream: a model of it, as far as it fits."""
    if model is None:
        return lambda document: json_of(document, response._load)
    from ._parse import parse_item

    return lambda document: parse_item(response, model, document)
