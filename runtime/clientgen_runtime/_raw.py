"""Whole responses in place of results: what `with_raw_response` and `with_streaming_response` give.

At run time the calls are those of the resource, made by a variant of its client. For type checkers
`RawMethod` makes of each method one that returns the response.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from contextlib import nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from ._call import operation_call, stream_call
from ._errors import ValidationError
from ._flow import run_call
from ._operation import NOTHING
from ._response import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from os import PathLike
    from pathlib import Path
    from types import TracebackType

    from pydantic import TypeAdapter
    from typing_extensions import Unpack

    from ._base import BaseClient
    from ._call import Call
    from ._operation import Operation, Payloads
    from ._pages import AsyncPage, Page
    from ._response import Validation
    from ._settings import OperationArguments
    from ._streams import AsyncStream, Stream

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")
M = TypeVar("M")
C = TypeVar("C", bound="BaseClient")
RawKind = TypeVar("RawKind")

# --- Responses -----------------------------------------------------------------------------


"""Which of `Raw`, `AsyncRaw`, `Streamed` and `AsyncStreamed` a resource is.

Example:
    >>> class RawPets(RawResource[RawKind]):
    ...     retrieve = RawMethod(Pets.retrieve)
"""


class RawResponse(Response, Generic[T]):
    """A whole response, and what the call makes of it.

    Args:
        response: The response.
        reader: Makes the result of it.
        is_stream: Whether the result is a stream, so that `parse` reads nothing for it.
        declared: Types of its headers that are not texts, by lower-case name; of those that are
            JSON, with their media type.
        final_state: See `Operation`.

    Example:
        >>> raw = client.pets.with_raw_response.retrieve(7)
        >>> raw.status_code, raw.parse()
        (200, Pet(id=7, name='Rex'))
    """

    __slots__ = ("_declared", "_final_state", "_is_stream", "_reader")

    def __init__(
        self,
        response: Response,
        reader: Callable[[Response], T],
        *,
        is_stream: bool = False,
        declared: Mapping[str, Payloads] = NOTHING,
        final_state: str | None = None,
    ) -> None:
        # The response goes on under another class, with all that was noted on it.
        for name in Response.__slots__:
            setattr(self, name, getattr(response, name))
        self._reader = reader
        self._is_stream = is_stream
        self._declared = declared
        self._final_state = final_state

    @overload
    def parse(self, model: type[M] | TypeAdapter[M], validation: Validation | None = ...) -> M: ...
    @overload
    def parse(self, model: object, validation: Validation | None = ...) -> Any: ...
    @overload
    def parse(self, *, validation: Validation | None = ...) -> T: ...
    def parse(self, model: object = None, validation: Validation | None = None) -> Any:
        """What the call returns without `with_raw_response`, or the JSON body as a model.

        Args:
            model: Another type than the declared one.
            validation: As for the client, for this body.

        Raises:
            DecodeError: The body is not what its headers say.
            ValidationError: It does not fit, and validation is strict.

        Example:
            >>> raw = client.pets.with_raw_response.retrieve(7)
            >>> raw.parse(dict)
            {'id': 7, 'name': 'Rex'}
        """
        if validation is not None:
            self._validation = validation
        if model is None and self._is_stream:
            return self._reader(self)
        self.read()
        return self._reader(self) if model is None else super().parse(model)

    @overload
    def header(self, name: str) -> Any: ...
    @overload
    def header(self, name: str, kind: type[M]) -> M | None: ...
    def header(self, name: str, kind: object = None) -> Any:
        """The value of a header as a type; `None` when there is no such header.

        Args:
            name: Name of the header.
            kind: What the value is: a number, a date, a list of what stands between commas, what
                JSON is read as; `str` for the text as it came; what the document says when it is
                not given.

        Returns:
            The typed value; the text where it is not what the document says, unless validation is
            strict.

        Raises:
            ValidationError: The value does not fit `kind`, or validation is strict.

        Example:
            >>> client.pets.with_raw_response.retrieve(7).header("Content-Length", int)
            21
        """
        value = self.headers.get(name)
        declared = self._declared.get(name.lower())
        if value is None or kind is str or (kind is None and declared is None):
            return value
        from ._parse import parse_header

        try:
            return parse_header(self, name, value, kind, declared)
        except ValidationError:
            if kind is not None or self._validation == "strict":
                raise
            return value


class StreamedResponse(RawResponse[T]):
    """A response whose body is read when it is asked for; see `with_streaming_response`.

    Example:
        >>> with client.pets.with_streaming_response.retrieve(7) as response:
        ...     response.status_code, response.parse()
        (200, Pet(id=7, name='Rex'))
    """

    __slots__ = ()

    def download(
        self,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
    ) -> Path:
        """Save the body as a file, which appears under its name when it is complete.

        Args:
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.

        Returns:
            The file's path.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> with client.pets.with_streaming_response.retrieve(7) as response:
            ...     response.download("rex.json").stat().st_size
            21
        """
        from ._download import Download, save

        return save(Download(path, progress, resume=False), nullcontext(self))


class AsyncStreamedResponse(RawResponse[T]):
    """A response of an `AsyncClient` whose body is read when it is asked for.

    Example:
        >>> async with aclient.pets.with_streaming_response.retrieve(7) as response:
        ...     response.status_code, await response.parse()
        (200, Pet(id=7, name='Rex'))
    """

    __slots__ = ()

    if TYPE_CHECKING:

        async def parse(  # type: ignore[override]
            self, model: object = ..., validation: Validation | None = ...
        ) -> T: ...

    else:

        async def parse(self, model: object = None, validation: Validation | None = None) -> T:
            """What the call returns without `with_streaming_response`; reads the body for it.

            Args:
                model: Another type than the declared one.
                validation: As for the client, for this body.

            Raises:
                ClientError: Whatever goes wrong; see its subclasses.

            Example:
                >>> async with aclient.pets.with_streaming_response.retrieve(7) as response:
                ...     await response.parse()
                Pet(id=7, name='Rex')
            """
            if model is not None or not self._is_stream:
                await self.aread()
            return RawResponse.parse(self, model, validation)

    async def download(
        self,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
    ) -> Path:
        """Save the body as a file, which appears under its name when it is complete.

        Args:
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.

        Returns:
            The file's path.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> async with aclient.pets.with_streaming_response.retrieve(7) as response:
            ...     (await response.download("rex.json")).stat().st_size
            21
        """
        from ._download import Download, asave

        return await asave(Download(path, progress, resume=False), nullcontext(self))


class StreamedCall(Generic[T]):
    """A call that is made by `with`, which closes the response at its end.

    Args:
        method: Makes the call.
        arguments: Its positional arguments.
        options: Its arguments by name.

    Example:
        >>> call = client.pets.with_streaming_response.retrieve(7)
        >>> with call as response:
        ...     response.status_code
        200
    """

    def __init__(
        self,
        method: Callable[..., Any],
        arguments: tuple[Any, ...],
        options: Mapping[str, Any],
    ) -> None:
        self._method = method
        self._arguments = arguments
        self._options = options

    def __enter__(self) -> StreamedResponse[T]:
        response: StreamedResponse[T] = self._method(*self._arguments, **self._options)
        self._response = response
        return response

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._response.close()

    def download(
        self,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
        resume: bool = False,
    ) -> Path:
        """Make the call and save the body as a file, which appears when it is complete.

        Args:
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.
            resume: Whether to go on from an earlier download that was cut, and to keep what is
                there when this one is; needs a server that knows ranges and strong ETags.

        Returns:
            The file's path.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> call = client.pets.with_streaming_response.retrieve(7)
            >>> path = call.download("rex.json", resume=True)
            >>> path.name, path.stat().st_size
            ('rex.json', 21)
        """
        from ._download import Download, save

        job = Download(path, progress, resume=resume)
        options = job.options(self._options, "extra_headers")
        call: StreamedCall[T] = StreamedCall(self._method, self._arguments, options)
        return save(job, call)


class AsyncStreamedCall(Generic[T]):
    """A call that is made by `async with`, which closes the response at its end.

    Args:
        method: Makes the call.
        arguments: Its positional arguments.
        options: Its arguments by name.

    Example:
        >>> call = aclient.pets.with_streaming_response.retrieve(7)
        >>> async with call as response:
        ...     response.status_code
        200
    """

    def __init__(
        self,
        method: Callable[..., Any],
        arguments: tuple[Any, ...],
        options: Mapping[str, Any],
    ) -> None:
        self._method = method
        self._arguments = arguments
        self._options = options

    async def __aenter__(self) -> AsyncStreamedResponse[T]:
        response: AsyncStreamedResponse[T] = await self._method(*self._arguments, **self._options)
        self._response = response
        return response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._response.aclose()

    async def download(
        self,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
        resume: bool = False,
    ) -> Path:
        """Make the call and save the body as a file, which appears when it is complete.

        Args:
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.
            resume: Whether to go on from an earlier download that was cut, and to keep what is
                there when this one is; needs a server that knows ranges and strong ETags.

        Returns:
            The file's path.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> call = aclient.pets.with_streaming_response.retrieve(7)
            >>> path = await call.download("rex.json", resume=True)
            >>> path.name, path.stat().st_size
            ('rex.json', 21)
        """
        from ._download import Download, asave

        job = Download(path, progress, resume=resume)
        options = job.options(self._options, "extra_headers")
        call: AsyncStreamedCall[T] = AsyncStreamedCall(self._method, self._arguments, options)
        return await asave(job, call)


# --- Clients -------------------------------------------------------------------------------


def raw_variant(client: C, calls: type[object], *, is_streamed: bool) -> C:
    """A client on the same connections whose calls return responses."""
    variant = client._variant({})
    variant.__class__ = _raw_kind(type(client), calls)
    variant._plans = client._plans
    raw: Any = variant
    raw._is_streamed = is_streamed
    return variant


_RAW_KINDS: dict[tuple[type[object], type[object]], Any] = {}


def _raw_kind(kind: type[object], calls: type[object]) -> Any:
    if (kind, calls) not in _RAW_KINDS:
        module = {"__module__": kind.__module__}
        _RAW_KINDS[kind, calls] = type(kind.__name__, (calls, kind), module)
    return _RAW_KINDS[kind, calls]


class RawCalls:
    """Makes the calls of a client return responses; mixed into its class."""

    if TYPE_CHECKING:
        _settings: Any
        _plan: Any
        _run: Any

    _is_streamed: bool

    def _call(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        call = operation_call(self._settings, self._plan(operation), **arguments)
        return self._raw(operation, call, call.read)

    def _stream(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        from ._streams import open_stream

        call = stream_call(self._settings, self._plan(operation), arguments)
        opened = call.read

        def stream(response: Response) -> Stream[Any]:
            return open_stream(lambda: opened(response))

        return self._raw(operation, call, stream)

    def _pages(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        from ._pages import Page, first_call, is_list, operation_list

        if not is_list(operation, arguments):
            return self._call(operation, **arguments)
        listing = operation_list(self._settings, self._plan(operation), arguments)
        call = first_call(listing, Page, self._run)
        return self._raw(operation, call, call.read)

    def _raw(
        self, operation: Operation[Any], call: Call[Any], read: Callable[[Response], Any]
    ) -> Any:
        kind: Any = StreamedResponse if self._is_streamed else RawResponse
        is_stream = call.is_stream

        def whole(response: Response) -> Any:
            return kind(
                response,
                read,
                is_stream=is_stream,
                declared=operation.response_headers,
                final_state=operation.final_state,
            )

        call.is_stream = is_stream or self._is_streamed
        call.read = whole
        return self._run(run_call(call))


class AsyncRawCalls:
    """Makes the calls of an `AsyncClient` return responses; mixed into its class."""

    if TYPE_CHECKING:
        _settings: Any
        _plan: Any
        _run: Any

    _is_streamed: bool

    def _call(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        call = operation_call(self._settings, self._plan(operation), **arguments)
        return self._raw(operation, call, call.read)

    def _stream(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        from ._streams import open_async_stream

        call = stream_call(self._settings, self._plan(operation), arguments)
        opened = call.read

        async def open_(response: Response) -> Any:
            return opened(response)

        def stream(response: Response) -> AsyncStream[Any]:
            return open_async_stream(lambda: open_(response))

        return self._raw(operation, call, stream)

    def _pages(self, operation: Operation[T], **arguments: Unpack[OperationArguments]) -> Any:
        from ._pages import AsyncPage, first_call, is_list, operation_list

        if not is_list(operation, arguments):
            return self._call(operation, **arguments)
        listing = operation_list(self._settings, self._plan(operation), arguments)
        call = first_call(listing, AsyncPage, self._run)
        return self._raw(operation, call, call.read)

    def _raw(
        self, operation: Operation[Any], call: Call[Any], read: Callable[[Response], Any]
    ) -> Any:
        kind: Any = AsyncStreamedResponse if self._is_streamed else RawResponse
        is_stream = call.is_stream

        def whole(response: Response) -> Any:
            return kind(
                response,
                read,
                is_stream=is_stream,
                declared=operation.response_headers,
                final_state=operation.final_state,
            )

        call.is_stream = is_stream or self._is_streamed
        call.read = whole
        return self._run(run_call(call))


class StreamedCalls:
    """The calls of a resource, each made when `with` enters it."""

    def __init__(self, target: object) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._target, name)
        return _streamed(member) if callable(member) else StreamedCalls(member)

    def __dir__(self) -> list[str]:
        return dir(self._target)


class AsyncStreamedCalls:
    """The calls of an async resource, each made when `async with` enters it."""

    def __init__(self, target: object) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._target, name)
        return _async_streamed(member) if callable(member) else AsyncStreamedCalls(member)

    def __dir__(self) -> list[str]:
        return dir(self._target)


def _streamed(method: Callable[..., Any]) -> Callable[..., StreamedCall[Any]]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> StreamedCall[Any]:
        return StreamedCall(method, arguments, options)

    return call


def _async_streamed(method: Callable[..., Any]) -> Callable[..., AsyncStreamedCall[Any]]:
    @wraps(method)
    def call(*arguments: Any, **options: Any) -> AsyncStreamedCall[Any]:
        return AsyncStreamedCall(method, arguments, options)

    return call


# --- Types ---------------------------------------------------------------------------------


class Raw:
    """Marks calls that return a `RawResponse`.

    Example:
        >>> client.pets.with_raw_response.retrieve(7).headers["Content-Type"]
        'application/json'
    """


class AsyncRaw:
    """Marks calls that return a `RawResponse` when they are awaited.

    Example:
        >>> (await aclient.pets.with_raw_response.retrieve(7)).headers["Content-Type"]
        'application/json'
    """


class Streamed:
    """Marks calls that are made by `with`.

    Example:
        >>> with client.pets.with_streaming_response.retrieve(7) as response:
        ...     response.is_read
        False
    """


class AsyncStreamed:
    """Marks calls that are made by `async with`.

    Example:
        >>> async with aclient.pets.with_streaming_response.retrieve(7) as response:
        ...     response.is_read
        False
    """


class RawResource(Generic[RawKind]):
    """What type checkers take `with_raw_response` and `with_streaming_response` for.

    Example:
        >>> class RawPets(RawResource[RawKind]):
        ...     retrieve = RawMethod(Pets.retrieve)
    """


class RawMethod(Generic[P, T]):
    """A method as `with_raw_response` and `with_streaming_response` have it.

    Args:
        method: The method of the resource of a `Client`; that of an `AsyncClient` is alike.

    Example:
        >>> class RawPets(RawResource[RawKind]):
        ...     retrieve = RawMethod(Pets.retrieve)
    """

    def __init__(self, method: Callable[Concatenate[Any, P], T]) -> None:
        self._method = method

    @overload
    def __get__(
        self, owner: RawResource[Raw], kind: type[object]
    ) -> Callable[P, RawResponse[T]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncRaw], kind: type[object]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[Streamed], kind: type[object]
    ) -> Callable[P, StreamedCall[T]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncStreamed], kind: type[object]
    ) -> Callable[P, AsyncStreamedCall[T]]: ...
    def __get__(self, owner: object, kind: type[object]) -> Any:
        raise NotImplementedError("this is for type checkers alone")


class RawStream(Generic[P, T]):
    """A method that returns a stream, as `with_raw_response` has it.

    Args:
        method: The method of the resource of a `Client`; that of an `AsyncClient` is alike.

    Example:
        >>> class RawPets(RawResource[RawKind]):
        ...     watch = RawStream(Pets.watch)
    """

    def __init__(self, method: Callable[Concatenate[Any, P], Stream[T]]) -> None:
        self._method = method

    @overload
    def __get__(
        self, owner: RawResource[Raw], kind: type[object]
    ) -> Callable[P, RawResponse[Stream[T]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncRaw], kind: type[object]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[AsyncStream[T]]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[Streamed], kind: type[object]
    ) -> Callable[P, StreamedCall[Stream[T]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncStreamed], kind: type[object]
    ) -> Callable[P, AsyncStreamedCall[AsyncStream[T]]]: ...
    def __get__(self, owner: object, kind: type[object]) -> Any:
        raise NotImplementedError("this is for type checkers alone")


class RawPage(Generic[P, T, U]):
    """A method that returns a list page by page, as `with_raw_response` has it.

    Args:
        method: The method of the resource of a `Client`; that of an `AsyncClient` is alike.

    Example:
        >>> class RawPets(RawResource[RawKind]):
        ...     search = RawPage(Pets.search)
    """

    def __init__(self, method: Callable[Concatenate[Any, P], Page[T, U]]) -> None:
        self._method = method

    @overload
    def __get__(
        self, owner: RawResource[Raw], kind: type[object]
    ) -> Callable[P, RawResponse[Page[T, U]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncRaw], kind: type[object]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[AsyncPage[T, U]]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[Streamed], kind: type[object]
    ) -> Callable[P, StreamedCall[Page[T, U]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncStreamed], kind: type[object]
    ) -> Callable[P, AsyncStreamedCall[AsyncPage[T, U]]]: ...
    def __get__(self, owner: object, kind: type[object]) -> Any:
        raise NotImplementedError("this is for type checkers alone")


class RawOverloads:
    """A method whose result depends on its arguments, as `with_raw_response` has it.

    Type checkers keep one signature of a method that they wrap, so here they take any arguments.

    Args:
        method: The method of the resource of a `Client`; that of an `AsyncClient` is alike.

    Example:
        >>> class RawPets(RawResource[RawKind]):
        ...     retrieve = RawOverloads(Pets.retrieve)
    """

    def __init__(self, method: object) -> None:
        self._method = method

    @overload
    def __get__(
        self, owner: RawResource[Raw], kind: type[object]
    ) -> Callable[..., RawResponse[Any]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncRaw], kind: type[object]
    ) -> Callable[..., Coroutine[Any, Any, RawResponse[Any]]]: ...
    @overload
    def __get__(
        self, owner: RawResource[Streamed], kind: type[object]
    ) -> Callable[..., StreamedCall[Any]]: ...
    @overload
    def __get__(
        self, owner: RawResource[AsyncStreamed], kind: type[object]
    ) -> Callable[..., AsyncStreamedCall[Any]]: ...
    def __get__(self, owner: object, kind: type[object]) -> Any:
        raise NotImplementedError("this is for type checkers alone")
