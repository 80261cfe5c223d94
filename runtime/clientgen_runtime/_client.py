"""`Client` and `AsyncClient`: the two that perform what flows decide.

The classes differ in `async` and `await` alone, which a test holds them to.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from inspect import isawaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ._base import BaseClient, make_settings, transport_config
from ._call import (
    NO_OPTIONS,
    Call,
    generic_call,
    is_streamed,
    operation_call,
    stream_call,
    switched,
)
from ._errors import ClientError, ConfigurationError
from ._flow import Do, Flow, Handle, Renew, Send, Sleep, Tell, run_call
from ._omit import OMIT, Omit
from ._operation import NOTHING, Api, Operation

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Callable,
        Generator,
        Iterator,
        Mapping,
    )
    from os import PathLike
    from pathlib import Path
    from types import TracebackType

    from pydantic import TypeAdapter
    from typing_extensions import Self, Unpack

    from ._framing import ServerSentEvent
    from ._pages import AsyncPaginator, Page
    from ._raw import RawResponse
    from ._request import Request
    from ._response import Response
    from ._settings import (
        CallOptions,
        ClientOptions,
        OperationArguments,
        PageOptions,
        RequestOptions,
    )
    from ._streams import AsyncStream, Items, Stream

T = TypeVar("T")


# Servers and callers may state waits that no clock knows.
_LONGEST_WAIT = 1e9


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(min(seconds, _LONGEST_WAIT))


async def async_sleep(seconds: float) -> None:
    """Wait, and let other tasks run."""
    import anyio

    await anyio.sleep(min(seconds, _LONGEST_WAIT))


def settle(returned: Any) -> Any:
    """What a hook or middleware returned.

    Raises:
        ConfigurationError: It is a coroutine, which a sync client cannot wait for.
    """
    if isinstance(returned, CoroutineType):
        returned.close()
        raise ConfigurationError(
            "hooks and middleware that are coroutine functions need an AsyncClient"
        )
    return returned


async def async_settle(returned: Any) -> Any:
    """What a hook or middleware returned, waited for if it is awaitable."""
    return await returned if isawaitable(returned) else returned


class Client(BaseClient):
    """A synchronous HTTP client for one API.

    Use it in `with`, or close it, so that its connections end. Its configuration never changes, so
    threads may share it.

    Args:
        base_url: URL that relative paths are below; not needed when `api` names a server.
        api: What the document says of the API, for generated SDKs.
        credentials: Credentials by security scheme of `api`.
        version: The version of the API that calls mean; needs `versions`, unless the document says
            where it goes.
        **options: See `ClientOptions`.

    Raises:
        ConfigurationError: An argument makes no sense, or there is no base URL.

    Example:
        >>> with Client("https://api.example.com", auth=("bearer", "t-1"), timeout=10) as client:
        ...     client.base_url
        'https://api.example.com'
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        api: Api | None = None,
        credentials: Mapping[str, object] | None = None,
        version: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._settings = make_settings(base_url, api, credentials, version, options)
        self._plans = {}
        from ._net.transport import Transport, sync_transport

        self._transport = Transport(transport_config(options), sync_transport(options))

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """A client with other settings that shares the connections of this one.

        Args:
            **options: What to change; what is not given stays.

        Returns:
            The new client; closing either closes the connections of both.

        Raises:
            ConfigurationError: An option makes no sense, or would need other connections or another
                server, such as `proxy`.

        Example:
            >>> patient = client.with_options(timeout=120, retry=5)
            >>> patient.get("/pets/7").status_code
            200
        """
        return self._variant(options)

    def close(self) -> None:
        """Close all connections, also those of variants made by `with_options`.

        Example:
            >>> client = Client("https://api.example.com")
            >>> client.close()
        """
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @overload
    def get(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def get(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def get(self, url: str, *, response_model: object, **options: Unpack[CallOptions]) -> Any: ...
    def get(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Read a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.get("/pets", params={"limit": 2}).json()[0]["name"]
            'Rex'
        """
        return self._generic("GET", url, response_model, options)

    @overload
    def post(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def post(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def post(self, url: str, *, response_model: object, **options: Unpack[CallOptions]) -> Any: ...
    def post(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Send something to be processed.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.post("/pets", json={"name": "Ada"}, response_model=Pet)
            Pet(id=9, name='Ada')
        """
        return self._generic("POST", url, response_model, options)

    @overload
    def put(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def put(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def put(self, url: str, *, response_model: object, **options: Unpack[CallOptions]) -> Any: ...
    def put(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Replace a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.put("/pets/7", json={"name": "Max"}, response_model=Pet)
            Pet(id=7, name='Max')
        """
        return self._generic("PUT", url, response_model, options)

    @overload
    def patch(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def patch(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def patch(self, url: str, *, response_model: object, **options: Unpack[CallOptions]) -> Any: ...
    def patch(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Change a part of a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.patch("/pets/7", json={"name": "Max"}, response_model=Pet)
            Pet(id=7, name='Max')
        """
        return self._generic("PATCH", url, response_model, options)

    @overload
    def delete(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def delete(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def delete(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    def delete(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Delete a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.delete("/pets/7").status_code
            204
        """
        return self._generic("DELETE", url, response_model, options)

    @overload
    def head(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def head(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def head(self, url: str, *, response_model: object, **options: Unpack[CallOptions]) -> Any: ...
    def head(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Ask for the headers alone.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.head("/pets").headers["X-Total-Count"]
            '2'
        """
        return self._generic("HEAD", url, response_model, options)

    @overload
    def options(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def options(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    def options(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    def options(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Ask what a resource allows.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.options("/pets").headers["Allow"]
            'GET, HEAD, POST'
        """
        return self._generic("OPTIONS", url, response_model, options)

    @overload
    def request(
        self, method: str, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    def request(
        self,
        method: str,
        url: str,
        *,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    def request(
        self, method: str, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    def request(
        self,
        method: str,
        url: str,
        *,
        response_model: object = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Send a request that no document describes.

        Args:
            method: HTTP method.
            url: A path below `base_url`, or an absolute URL. Credentials and default headers go
                to the origin of `base_url` only.
            response_model: What to return instead of the `Response`: a model class, another type
                that pydantic knows, or a `TypeAdapter`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> client.request("GET", "/pets", response_model=list[Pet])
            [Pet(id=7, name='Rex'), Pet(id=8, name='Tom')]
        """
        return self._generic(method, url, response_model, options)

    @contextmanager
    def stream(self, method: str, url: str, **options: Unpack[CallOptions]) -> Generator[Response]:
        """Send a request and read its body while it arrives.

        Args:
            method: HTTP method.
            url: As for `request`.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong; an error status is raised before the body is read.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     for line in response.iter_lines():
            ...         print(line)
            {"id": 7, "name": "Rex"}
            {"id": 8, "name": "Tom"}
        """
        call = generic_call(self._settings, method, url, None, options, is_stream=True)
        response: Response = self._run(run_call(call))
        try:
            yield response
        finally:
            response.close()

    def sse(
        self,
        url: str,
        *,
        method: str = "GET",
        reconnect: bool = False,
        **options: Unpack[CallOptions],
    ) -> Iterator[ServerSentEvent]:
        """Read server-sent events.

        Args:
            url: As for `request`.
            method: HTTP method.
            reconnect: Whether to connect anew when the stream ends or breaks, with the id of the
                last event as `Last-Event-ID`, after the wait that the server states.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong and is not mended by a new connection.

        Example:
            >>> for event in client.sse("/pets/events"):
            ...     print(event.id, event.event, event.json())
            1 born {'id': 9}
            2 named {'id': 9}
        """
        from ._subscription import Subscription

        subscription = Subscription(options, reconnect=reconnect)
        while True:
            try:
                with self.stream(method, url, **subscription.options()) as response:
                    for event in response._frames(subscription.framing()):
                        subscription.note_success()
                        yield event
            except ClientError as error:
                if not subscription.goes_on_after(error):
                    raise
            else:
                if not subscription.goes_on_after(response):
                    return
            sleep(subscription.wait)

    @overload
    def paginate(
        self, method: str, url: str, *, item_model: None = ..., **options: Unpack[PageOptions]
    ) -> Page[Any]: ...
    @overload
    def paginate(
        self, method: str, url: str, *, item_model: type[T], **options: Unpack[PageOptions]
    ) -> Page[T]: ...
    @overload
    def paginate(
        self, method: str, url: str, *, item_model: object, **options: Unpack[PageOptions]
    ) -> Page[Any]: ...
    def paginate(
        self,
        method: str,
        url: str,
        *,
        item_model: object = None,
        **options: Unpack[PageOptions],
    ) -> Page[Any]:
        """The pages of a list that no document describes.

        Args:
            method: HTTP method.
            url: As for `request`.
            item_model: What each item is; plain data when it is not given.
            **options: See `PageOptions`.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> pets = client.paginate(
            ...     "GET", "/pets/search", items="data", request="cursor", next="next_cursor"
            ... )
            >>> for pet in pets:
            ...     print(pet["name"])
            Rex
            Tom
        """
        from ._pages import generic_list, open_list

        listing = generic_list(self._settings, method, url, item_model, options)
        return open_list(listing, self._run)

    def download(
        self,
        url: str,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
        resume: bool = False,
        **options: Unpack[CallOptions],
    ) -> Path:
        """Save a body as a file, which appears under its name when it is complete.

        Args:
            url: As for `request`.
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.
            resume: Whether to go on from an earlier download that was cut, and to keep what is
                there when this one is; needs a server that knows ranges and strong ETags.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> path = client.download("/pets/7/photo", "rex.png", resume=True)
            >>> path.name, path.stat().st_size
            ('rex.png', 4)
        """
        from ._download import Download, save

        job = Download(path, progress, resume=resume)
        return save(job, self.stream("GET", url, **job.options(options)))

    @overload
    def poll(  # type: ignore[overload-overlap]  # the first that fits is meant
        self,
        started: RawResponse[T],
        *,
        response_model: None = ...,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    def poll(
        self,
        started: Response | str,
        *,
        response_model: None = ...,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> Response: ...
    @overload
    def poll(
        self,
        started: Response | str,
        *,
        response_model: type[T] | TypeAdapter[T],
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    def poll(
        self,
        started: Response | str,
        *,
        response_model: object,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> Any: ...
    def poll(
        self,
        started: Response | str,
        *,
        response_model: object = None,
        interval: float = 1,
        max_interval: float = 30,
        deadline: float | None = 600,
        until: Callable[[Response], bool] | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Wait until an operation is done that takes longer than a call.

        Args:
            started: The answer of the call that started it, or the URL of its status. An answer
                tells by `Operation-Location`, by status 202 and `Location`, or by a `status_url` in
                its body. Calls of SDKs give theirs by `with_raw_response`.
            response_model: What to return instead of the `Response`, as for `request`.
            interval: Seconds until the status is asked for; then each wait is half as long again.
                A server's `Retry-After` goes before.
            max_interval: The longest wait in seconds, unless the server states a longer one.
            deadline: Seconds that all of it may take; `None` for no end.
            until: Says of an answer whether the operation is done, for statuses in words of their
                own.
            **options: See `CallOptions`; they are for each request.

        Returns:
            The result: what the status points to, else the last answer; the model when
            `response_model` is given, or the call of an SDK started it.

        Raises:
            OperationFailedError: It failed, or was cancelled.
            TotalTimeoutError: The deadline has passed.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> started = client.post("/jobs")
            >>> client.poll(started, interval=0).json()["pages"]
            3
        """
        from ._poll import Polling, poll_flow

        polling = Polling(interval, max_interval, deadline, until)
        flow = poll_flow(self._settings, started, response_model, options, polling)
        return self._run(flow)

    @cached_property
    def _raw_calls(self) -> Self:
        from ._raw import RawCalls, raw_variant

        return raw_variant(self, RawCalls, is_streamed=False)

    @cached_property
    def _streamed_calls(self) -> Self:
        from ._raw import RawCalls, raw_variant

        return raw_variant(self, RawCalls, is_streamed=True)

    if TYPE_CHECKING:
        # Generated clients with calls of their own say what theirs are.
        with_raw_response: Any
        with_streaming_response: Any

    else:

        @property
        def with_raw_response(self) -> Any:
            """The calls of an SDK, which return whole responses; `parse()` gives the result.

            Example:
                >>> client.with_raw_response.ping().status_code
                200
            """
            return self._raw_calls

        @property
        def with_streaming_response(self) -> Any:
            """The calls of an SDK, made by `with`, which do not read the body.

            Example:
                >>> with client.with_streaming_response.ping() as response:
                ...     response.status_code, response.parse()
                (200, 'pong')
            """
            from ._raw import StreamedCalls

            return StreamedCalls(self._streamed_calls)

    def _generic(self, method: str, url: str, model: object, options: CallOptions) -> Any:
        return self._run(run_call(generic_call(self._settings, method, url, model, options)))

    def _call(
        self,
        operation: Operation[T],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object] = NOTHING,
        headers: Mapping[str, object] = NOTHING,
        cookies: Mapping[str, object] = NOTHING,
        fields: Mapping[str, object] | None = None,
        body: object = OMIT,
        content_type: str | Omit = OMIT,
        accept: str | Omit = OMIT,
        options: RequestOptions = NO_OPTIONS,
    ) -> T:
        call: Call[T] = operation_call(
            self._settings,
            self._plan(operation),
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            fields=fields,
            body=body,
            content_type=content_type,
            accept=accept,
            options=options,
        )
        return self._run(run_call(call))

    def _pages(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> Page[Any, T]:
        from ._pages import is_list, open_list, operation_list

        if not is_list(operation, arguments):
            call: Any = self._call
            text: Page[Any, T] = call(operation, **arguments)
            return text
        listing = operation_list(self._settings, self._plan(operation), arguments)
        return open_list(listing, self._run)

    def _stream(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> Stream[T]:
        from ._streams import open_stream

        call: Call[tuple[Response, Items[T]]] = stream_call(
            self._settings, self._plan(operation), arguments
        )
        return open_stream(lambda: self._run(run_call(call)))

    def _either(
        self, stream: object, operation: Operation[Any], **arguments: Unpack[OperationArguments]
    ) -> Any:
        if is_streamed(stream, arguments):
            return self._stream(operation, **switched(arguments))
        return self._call(operation, **switched(arguments))

    def _run(self, flow: Flow[T]) -> T:
        opened: Response | None = None
        try:
            command = next(flow)
            while True:
                reply: Response | None = None
                try:
                    if isinstance(command, Send):
                        reply = opened = self._transport.send(command)
                    elif isinstance(command, Handle):
                        reply = self._handle(command)
                    else:
                        self._perform(command)
                except Exception as error:  # noqa: BLE001  (the flow decides what becomes of it)
                    command = flow.throw(error)
                else:
                    command = flow.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            opened = None
            return result
        finally:
            flow.close()
            if opened is not None:
                # A hook has failed, say, or the call was cancelled: nobody will read it.
                opened.close()

    def _perform(self, command: Do | Sleep | Tell | Renew) -> None:
        match command:
            case Do():
                command.run(self)
            case Sleep():
                sleep(command.seconds)
            case Tell():
                settle(command.hook(command.subject))
            case Renew():
                command.auth.renew(command.refused, self, command.deadline)

    def _handle(self, command: Handle) -> Response:
        """What a middleware makes of the rest of the call; streams that it drops are closed."""
        given: list[Response] = []

        def call_next(request: Request) -> Response:
            response = self._run(command.inner(request))
            given.append(response)
            return response

        returned: Any = None
        try:
            returned = settle(command.handler(command.request, call_next))
            return returned  # type: ignore[no-any-return]  # the flow checks it
        finally:
            for response in given:
                if response._source is not getattr(returned, "_source", None):
                    response.close()


class Resource:
    """A group of calls of a generated client.

    Args:
        client: The client whose settings and connections the calls use.

    Example:
        >>> class Pets(Resource):
        ...     def retrieve(self, pet_id: int) -> Pet:
        ...         return self._call(RETRIEVE, path=(pet_id,))
        >>> RETRIEVE = Operation("GET", "/pets/{petId}", {"200": lambda: Pet})
        >>> Pets(client).retrieve(7)
        Pet(id=7, name='Rex')
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    if TYPE_CHECKING:
        # Generated classes say what theirs are.
        with_raw_response: Any
        with_streaming_response: Any

    else:

        @cached_property
        def with_raw_response(self) -> Any:
            """The same calls, which return whole responses; their `parse()` gives the result.

            Example:
                >>> client.pets.with_raw_response.retrieve(7).request_id
                'req-7'
            """
            return type(self)(self._client._raw_calls)

        @cached_property
        def with_streaming_response(self) -> Any:
            """The same calls, made by `with`, which do not read the body.

            Example:
                >>> with client.pets.with_streaming_response.retrieve(7) as response:
                ...     response.is_read, response.parse()
                (False, Pet(id=7, name='Rex'))
            """
            from ._raw import StreamedCalls

            return StreamedCalls(type(self)(self._client._streamed_calls))

    def _pages(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> Page[Any, T]:
        return self._client._pages(operation, **arguments)

    def _stream(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> Stream[T]:
        return self._client._stream(operation, **arguments)

    def _either(
        self, stream: object, operation: Operation[Any], **arguments: Unpack[OperationArguments]
    ) -> Any:
        return self._client._either(stream, operation, **arguments)

    def _call(
        self,
        operation: Operation[T],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object] = NOTHING,
        headers: Mapping[str, object] = NOTHING,
        cookies: Mapping[str, object] = NOTHING,
        fields: Mapping[str, object] | None = None,
        body: object = OMIT,
        content_type: str | Omit = OMIT,
        accept: str | Omit = OMIT,
        options: RequestOptions = NO_OPTIONS,
    ) -> T:
        return self._client._call(
            operation,
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            fields=fields,
            body=body,
            content_type=content_type,
            accept=accept,
            options=options,
        )


class AsyncClient(BaseClient):
    """An asynchronous HTTP client for one API.

    Use it in `async with`, or close it, so that its connections end. Its configuration never
    changes, so tasks may share it.

    Args:
        base_url: URL that relative paths are below; not needed when `api` names a server.
        api: What the document says of the API, for generated SDKs.
        credentials: Credentials by security scheme of `api`.
        version: The version of the API that calls mean; needs `versions`, unless the document says
            where it goes.
        **options: See `ClientOptions`.

    Raises:
        ConfigurationError: An argument makes no sense, or there is no base URL.

    Example:
        >>> async with AsyncClient("https://api.example.com", auth=("bearer", "t-1")) as aclient:
        ...     aclient.base_url
        'https://api.example.com'
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        api: Api | None = None,
        credentials: Mapping[str, object] | None = None,
        version: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._settings = make_settings(base_url, api, credentials, version, options)
        self._plans = {}
        from ._net.transport import AsyncTransport, async_transport

        self._transport = AsyncTransport(transport_config(options), async_transport(options))

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """A client with other settings that shares the connections of this one.

        Args:
            **options: What to change; what is not given stays.

        Returns:
            The new client; closing either closes the connections of both.

        Raises:
            ConfigurationError: An option makes no sense, or would need other connections or another
                server, such as `proxy`.

        Example:
            >>> patient = aclient.with_options(timeout=120, retry=5)
            >>> (await patient.get("/pets/7")).status_code
            200
        """
        return self._variant(options)

    async def close(self) -> None:
        """Close all connections, also those of variants made by `with_options`.

        Example:
            >>> aclient = AsyncClient("https://api.example.com")
            >>> await aclient.close()
        """
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @overload
    async def get(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def get(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def get(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def get(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Read a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> (await aclient.get("/pets", params={"limit": 2})).json()[0]["name"]
            'Rex'
        """
        return await self._generic("GET", url, response_model, options)

    @overload
    async def post(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def post(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def post(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def post(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Send something to be processed.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> await aclient.post("/pets", json={"name": "Ada"}, response_model=Pet)
            Pet(id=9, name='Ada')
        """
        return await self._generic("POST", url, response_model, options)

    @overload
    async def put(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def put(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def put(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def put(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Replace a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> await aclient.put("/pets/7", json={"name": "Max"}, response_model=Pet)
            Pet(id=7, name='Max')
        """
        return await self._generic("PUT", url, response_model, options)

    @overload
    async def patch(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def patch(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def patch(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def patch(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Change a part of a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> await aclient.patch("/pets/7", json={"name": "Max"}, response_model=Pet)
            Pet(id=7, name='Max')
        """
        return await self._generic("PATCH", url, response_model, options)

    @overload
    async def delete(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def delete(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def delete(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def delete(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Delete a resource.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> (await aclient.delete("/pets/7")).status_code
            204
        """
        return await self._generic("DELETE", url, response_model, options)

    @overload
    async def head(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def head(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def head(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def head(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Ask for the headers alone.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> (await aclient.head("/pets")).headers["X-Total-Count"]
            '2'
        """
        return await self._generic("HEAD", url, response_model, options)

    @overload
    async def options(
        self, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def options(
        self, url: str, *, response_model: type[T] | TypeAdapter[T], **options: Unpack[CallOptions]
    ) -> T: ...
    @overload
    async def options(
        self, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def options(
        self, url: str, *, response_model: object = None, **options: Unpack[CallOptions]
    ) -> Any:
        """Ask what a resource allows.

        Args:
            url: As for `request`.
            response_model: As for `request`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> (await aclient.options("/pets")).headers["Allow"]
            'GET, HEAD, POST'
        """
        return await self._generic("OPTIONS", url, response_model, options)

    @overload
    async def request(
        self, method: str, url: str, *, response_model: None = ..., **options: Unpack[CallOptions]
    ) -> Response: ...
    @overload
    async def request(
        self,
        method: str,
        url: str,
        *,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    async def request(
        self, method: str, url: str, *, response_model: object, **options: Unpack[CallOptions]
    ) -> Any: ...
    async def request(
        self,
        method: str,
        url: str,
        *,
        response_model: object = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Send a request that no document describes.

        Args:
            method: HTTP method.
            url: A path below `base_url`, or an absolute URL. Credentials and default headers go
                to the origin of `base_url` only.
            response_model: What to return instead of the `Response`: a model class, another type
                that pydantic knows, or a `TypeAdapter`.
            **options: See `CallOptions`.

        Returns:
            The `Response`, or the model when `response_model` is given.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> await aclient.request("GET", "/pets", response_model=list[Pet])
            [Pet(id=7, name='Rex'), Pet(id=8, name='Tom')]
        """
        return await self._generic(method, url, response_model, options)

    @asynccontextmanager
    async def stream(
        self, method: str, url: str, **options: Unpack[CallOptions]
    ) -> AsyncGenerator[Response]:
        """Send a request and read its body while it arrives.

        Args:
            method: HTTP method.
            url: As for `request`.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong; an error status is raised before the body is read.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     async for line in response.aiter_lines():
            ...         print(line)
            {"id": 7, "name": "Rex"}
            {"id": 8, "name": "Tom"}
        """
        call = generic_call(self._settings, method, url, None, options, is_stream=True)
        response: Response = await self._run(run_call(call))
        try:
            yield response
        finally:
            await response.aclose()

    async def sse(
        self,
        url: str,
        *,
        method: str = "GET",
        reconnect: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[ServerSentEvent]:
        """Read server-sent events.

        Args:
            url: As for `request`.
            method: HTTP method.
            reconnect: Whether to connect anew when the stream ends or breaks, with the id of the
                last event as `Last-Event-ID`, after the wait that the server states.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong and is not mended by a new connection.

        Example:
            >>> async for event in aclient.sse("/pets/events"):
            ...     print(event.id, event.event, event.json())
            1 born {'id': 9}
            2 named {'id': 9}
        """
        from ._subscription import Subscription

        subscription = Subscription(options, reconnect=reconnect)
        while True:
            try:
                async with self.stream(method, url, **subscription.options()) as response:
                    async for event in response._aframes(subscription.framing()):
                        subscription.note_success()
                        yield event
            except ClientError as error:
                if not subscription.goes_on_after(error):
                    raise
            else:
                if not subscription.goes_on_after(response):
                    return
            await async_sleep(subscription.wait)

    @overload
    def paginate(
        self, method: str, url: str, *, item_model: None = ..., **options: Unpack[PageOptions]
    ) -> AsyncPaginator[Any]: ...
    @overload
    def paginate(
        self, method: str, url: str, *, item_model: type[T], **options: Unpack[PageOptions]
    ) -> AsyncPaginator[T]: ...
    @overload
    def paginate(
        self, method: str, url: str, *, item_model: object, **options: Unpack[PageOptions]
    ) -> AsyncPaginator[Any]: ...
    def paginate(
        self,
        method: str,
        url: str,
        *,
        item_model: object = None,
        **options: Unpack[PageOptions],
    ) -> AsyncPaginator[Any]:
        """The pages of a list that no document describes.

        Args:
            method: HTTP method.
            url: As for `request`.
            item_model: What each item is; plain data when it is not given.
            **options: See `PageOptions`.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> pets = aclient.paginate(
            ...     "GET", "/pets/search", items="data", request="cursor", next="next_cursor"
            ... )
            >>> async for pet in pets:
            ...     print(pet["name"])
            Rex
            Tom
        """
        from ._pages import generic_list, open_async_list

        listing = generic_list(self._settings, method, url, item_model, options)
        return open_async_list(listing, self._run)

    async def download(
        self,
        url: str,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
        resume: bool = False,
        **options: Unpack[CallOptions],
    ) -> Path:
        """Save a body as a file, which appears under its name when it is complete.

        Args:
            url: As for `request`.
            path: The file.
            progress: Called with the bytes that are there and, if known, their number at the end.
            resume: Whether to go on from an earlier download that was cut, and to keep what is
                there when this one is; needs a server that knows ranges and strong ETags.
            **options: See `CallOptions`.

        Raises:
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> path = await aclient.download("/pets/7/photo", "rex.png", resume=True)
            >>> path.name, path.stat().st_size
            ('rex.png', 4)
        """
        from ._download import Download, asave

        job = Download(path, progress, resume=resume)
        return await asave(job, self.stream("GET", url, **job.options(options)))

    @overload
    async def poll(  # type: ignore[overload-overlap]  # the first that fits is meant
        self,
        started: RawResponse[T],
        *,
        response_model: None = ...,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    async def poll(
        self,
        started: Response | str,
        *,
        response_model: None = ...,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> Response: ...
    @overload
    async def poll(
        self,
        started: Response | str,
        *,
        response_model: type[T] | TypeAdapter[T],
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> T: ...
    @overload
    async def poll(
        self,
        started: Response | str,
        *,
        response_model: object,
        interval: float = ...,
        max_interval: float = ...,
        deadline: float | None = ...,
        until: Callable[[Response], bool] | None = ...,
        **options: Unpack[CallOptions],
    ) -> Any: ...
    async def poll(
        self,
        started: Response | str,
        *,
        response_model: object = None,
        interval: float = 1,
        max_interval: float = 30,
        deadline: float | None = 600,
        until: Callable[[Response], bool] | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Wait until an operation is done that takes longer than a call.

        Args:
            started: The answer of the call that started it, or the URL of its status. An answer
                tells by `Operation-Location`, by status 202 and `Location`, or by a `status_url` in
                its body. Calls of SDKs give theirs by `with_raw_response`.
            response_model: What to return instead of the `Response`, as for `request`.
            interval: Seconds until the status is asked for; then each wait is half as long again.
                A server's `Retry-After` goes before.
            max_interval: The longest wait in seconds, unless the server states a longer one.
            deadline: Seconds that all of it may take; `None` for no end.
            until: Says of an answer whether the operation is done, for statuses in words of their
                own.
            **options: See `CallOptions`; they are for each request.

        Returns:
            The result: what the status points to, else the last answer; the model when
            `response_model` is given, or the call of an SDK started it.

        Raises:
            OperationFailedError: It failed, or was cancelled.
            TotalTimeoutError: The deadline has passed.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> started = await aclient.post("/jobs")
            >>> (await aclient.poll(started, interval=0)).json()["pages"]
            3
        """
        from ._poll import Polling, poll_flow

        polling = Polling(interval, max_interval, deadline, until)
        flow = poll_flow(self._settings, started, response_model, options, polling)
        return await self._run(flow)

    @cached_property
    def _raw_calls(self) -> Self:
        from ._raw import AsyncRawCalls, raw_variant

        return raw_variant(self, AsyncRawCalls, is_streamed=False)

    @cached_property
    def _streamed_calls(self) -> Self:
        from ._raw import AsyncRawCalls, raw_variant

        return raw_variant(self, AsyncRawCalls, is_streamed=True)

    if TYPE_CHECKING:
        # Generated clients with calls of their own say what theirs are.
        with_raw_response: Any
        with_streaming_response: Any

    else:

        @property
        def with_raw_response(self) -> Any:
            """The calls of an SDK, which return whole responses; `parse()` gives the result.

            Example:
                >>> (await aclient.with_raw_response.ping()).status_code
                200
            """
            return self._raw_calls

        @property
        def with_streaming_response(self) -> Any:
            """The calls of an SDK, made by `with`, which do not read the body.

            Example:
                >>> async with aclient.with_streaming_response.ping() as response:
                ...     response.status_code, await response.parse()
                (200, 'pong')
            """
            from ._raw import AsyncStreamedCalls

            return AsyncStreamedCalls(self._streamed_calls)

    def _generic(self, method: str, url: str, model: object, options: CallOptions) -> Any:
        return self._run(run_call(generic_call(self._settings, method, url, model, options)))

    async def _call(
        self,
        operation: Operation[T],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object] = NOTHING,
        headers: Mapping[str, object] = NOTHING,
        cookies: Mapping[str, object] = NOTHING,
        fields: Mapping[str, object] | None = None,
        body: object = OMIT,
        content_type: str | Omit = OMIT,
        accept: str | Omit = OMIT,
        options: RequestOptions = NO_OPTIONS,
    ) -> T:
        call: Call[T] = operation_call(
            self._settings,
            self._plan(operation),
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            fields=fields,
            body=body,
            content_type=content_type,
            accept=accept,
            options=options,
        )
        return await self._run(run_call(call))

    def _pages(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> AsyncPaginator[Any, T]:
        from ._pages import is_list, open_async_list, operation_list

        if not is_list(operation, arguments):
            call: Any = self._call
            text: AsyncPaginator[Any, T] = call(operation, **arguments)
            return text
        listing = operation_list(self._settings, self._plan(operation), arguments)
        return open_async_list(listing, self._run)

    def _stream(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> AsyncStream[T]:
        from ._streams import open_async_stream

        call: Call[tuple[Response, Items[T]]] = stream_call(
            self._settings, self._plan(operation), arguments
        )
        return open_async_stream(lambda: self._run(run_call(call)))

    def _either(
        self, stream: object, operation: Operation[Any], **arguments: Unpack[OperationArguments]
    ) -> Any:
        if is_streamed(stream, arguments):
            return self._stream(operation, **switched(arguments))
        return self._call(operation, **switched(arguments))

    async def _run(self, flow: Flow[T]) -> T:
        opened: Response | None = None
        try:
            command = next(flow)
            while True:
                reply: Response | None = None
                try:
                    if isinstance(command, Send):
                        reply = opened = await self._transport.send(command)
                    elif isinstance(command, Handle):
                        reply = await self._handle(command)
                    else:
                        await self._perform(command)
                except Exception as error:  # noqa: BLE001  (the flow decides what becomes of it)
                    command = flow.throw(error)
                else:
                    command = flow.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            opened = None
            return result
        finally:
            flow.close()
            if opened is not None:
                # A hook has failed, say, or the call was cancelled: nobody will read it.
                await opened.aclose()

    async def _perform(self, command: Do | Sleep | Tell | Renew) -> None:
        match command:
            case Do():
                await command.arun(self)
            case Sleep():
                await async_sleep(command.seconds)
            case Tell():
                await async_settle(command.hook(command.subject))
            case Renew():
                await command.auth.renew_async(command.refused, self, command.deadline)

    async def _handle(self, command: Handle) -> Response:
        """What a middleware makes of the rest of the call; streams that it drops are closed."""
        given: list[Response] = []

        async def call_next(request: Request) -> Response:
            response = await self._run(command.inner(request))
            given.append(response)
            return response

        returned: Any = None
        try:
            returned = await async_settle(command.handler(command.request, call_next))
            return returned  # type: ignore[no-any-return]  # the flow checks it
        finally:
            for response in given:
                if response._source is not getattr(returned, "_source", None):
                    await response.aclose()


class AsyncResource:
    """A group of calls of a generated client.

    Args:
        client: The client whose settings and connections the calls use.

    Example:
        >>> class Pets(AsyncResource):
        ...     async def retrieve(self, pet_id: int) -> Pet:
        ...         return await self._call(RETRIEVE, path=(pet_id,))
        >>> RETRIEVE = Operation("GET", "/pets/{petId}", {"200": lambda: Pet})
        >>> await Pets(aclient).retrieve(7)
        Pet(id=7, name='Rex')
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    if TYPE_CHECKING:
        # Generated classes say what theirs are.
        with_raw_response: Any
        with_streaming_response: Any

    else:

        @cached_property
        def with_raw_response(self) -> Any:
            """The same calls, which return whole responses; their `parse()` gives the result.

            Example:
                >>> (await aclient.pets.with_raw_response.retrieve(7)).request_id
                'req-7'
            """
            return type(self)(self._client._raw_calls)

        @cached_property
        def with_streaming_response(self) -> Any:
            """The same calls, made by `with`, which do not read the body.

            Example:
                >>> async with aclient.pets.with_streaming_response.retrieve(7) as response:
                ...     response.is_read, await response.parse()
                (False, Pet(id=7, name='Rex'))
            """
            from ._raw import AsyncStreamedCalls

            return AsyncStreamedCalls(type(self)(self._client._streamed_calls))

    def _pages(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> AsyncPaginator[Any, T]:
        return self._client._pages(operation, **arguments)

    def _stream(
        self, operation: Operation[T], **arguments: Unpack[OperationArguments]
    ) -> AsyncStream[T]:
        return self._client._stream(operation, **arguments)

    def _either(
        self, stream: object, operation: Operation[Any], **arguments: Unpack[OperationArguments]
    ) -> Any:
        return self._client._either(stream, operation, **arguments)

    async def _call(
        self,
        operation: Operation[T],
        *,
        path: tuple[object, ...] = (),
        query: Mapping[str, object] = NOTHING,
        headers: Mapping[str, object] = NOTHING,
        cookies: Mapping[str, object] = NOTHING,
        fields: Mapping[str, object] | None = None,
        body: object = OMIT,
        content_type: str | Omit = OMIT,
        accept: str | Omit = OMIT,
        options: RequestOptions = NO_OPTIONS,
    ) -> T:
        return await self._client._call(
            operation,
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            fields=fields,
            body=body,
            content_type=content_type,
            accept=accept,
            options=options,
        )
