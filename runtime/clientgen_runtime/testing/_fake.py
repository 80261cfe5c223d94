"""A server in the process that answers as an API's document describes."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic

import httpx
from typing_extensions import TypeVar

from .._client import AsyncClient, Client, async_sleep
from .._json import dumps
from .._operation import Api
from ._answers import (
    body_type,
    example_answer,
    is_stream,
    item_bytes,
    stream_body,
    usual_status,
)
from ._faults import check_in_time, wait
from ._made import Maker
from ._operations import Known, known
from ._pages import page_of, wrappers
from ._routes import Route, bases, find, routes

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

C = TypeVar("C", bound=Client, default=Client)
A = TypeVar("A", bound=AsyncClient, default=AsyncClient)

FAKE_HOST = "fake.test"
BASE_URL = f"https://{FAKE_HOST}"


@dataclass(frozen=True)
class FakeCall:
    """A request that a fake server received.

    Attributes:
        call: The call that it was, such as `pets.retrieve`; empty when no operation fits.
        request: What was sent, its body read.

    Example:
        >>> import httpx
        >>> FakeCall("pets.list", httpx.Request("GET", "https://fake.test/pets")).request.url.path
        '/pets'
    """

    call: str
    request: httpx.Request

    @property
    def body(self) -> bytes:
        """What was sent as the body.

        Example:
            >>> import httpx
            >>> FakeCall("pets.list", httpx.Request("GET", "https://fake.test/pets")).body
            b''
        """
        return self.request.content


@dataclass
class _Script:
    """What a call is to be answered with; the first answers are used up, the last one stays."""

    once: list[Callable[[httpx.Request], httpx.Response]] = field(default_factory=list[Any])
    always: Callable[[httpx.Request], httpx.Response] | None = None
    seconds: float = 0.0


class FakeServer(Generic[C, A]):
    """A server in the process that knows the operations of an SDK.

    Packages have one of their own as `pet_store.testing.FakeServer`. It answers with examples of
    the document where they fit, else with values that are made up by the declared types, always the
    same for the same seed. `client()` and `async_client()` are connected to it; `transport` goes
    into clients that are made elsewhere.

    Args:
        seed: What made-up values follow from.

    Attributes:
        calls: What was received, in order.
        transport: The server as a transport of httpx, sync and async.

    Example:
        >>> with FakeServer() as server, server.client() as client:
        ...     server.calls
        []
    """

    client_type: ClassVar[type[Any]] = Client
    async_client_type: ClassVar[type[Any]] = AsyncClient
    api: ClassVar[Api] = Api("An API", "0", "", "")

    def __init__(self, *, seed: int = 0) -> None:
        self.calls: list[FakeCall] = []
        self.transport: FakeTransport = FakeTransport(self)
        self._seed = seed
        self._expected = ""
        self._scripts: defaultdict[str, _Script] = defaultdict(_Script)

    # --- Clients -----------------------------------------------------------------------------

    def client(self, **options: Any) -> C:
        """A client that is connected to this server and has made-up credentials.

        Where calls need a version of the API, that is made up, too.

        Args:
            **options: Arguments of the client's class.

        Example:
            >>> with FakeServer() as server, server.client() as client:
            ...     client.base_url
            'https://fake.test'
        """
        made: C = self.client_type(**self._options(options))
        return made

    def async_client(self, **options: Any) -> A:
        """An async client that is connected to this server and has made-up credentials.

        Args:
            **options: Arguments of the client's class.

        Example:
            >>> server = FakeServer()
            >>> server.async_client().base_url
            'https://fake.test'
        """
        made: A = self.async_client_type(**self._options(options))
        return made

    def _options(self, given: dict[str, Any]) -> dict[str, Any]:
        made = {name: f"a-{name}" for names in self.api.arguments.values() for name in names}
        version = self.api.version_param
        if version is not None and version.required and version.default is None:
            made["version"] = "a-version"
        return {"base_url": BASE_URL, "transport": self.transport, **made, **given}

    # --- What it answers ---------------------------------------------------------------------

    def answer(
        self,
        call: str,
        value: object,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Answer a call with a value.

        Args:
            call: The call, such as `pets.retrieve`.
            value: A model, or values as JSON has them; bytes and texts go as they are.
            status: The status, that of the declared success when not given.
            headers: More header fields.
            times: How many requests are answered so; all when not given.

        Raises:
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.answer("pets.fly", {})
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        what = self._known(call)
        code = usual_status(what) if status is None else status
        content = (
            value
            if isinstance(value, bytes)
            else value.encode()
            if isinstance(value, str)
            else dumps(value)
        )
        kind = next(
            (m for m in what.responses.get(str(code), {}) if "*" not in m), "application/json"
        )
        fields = {"Content-Type": kind, **(headers or {})}
        self._say(call, lambda _: httpx.Response(code, content=content, headers=fields), times)

    def fail(self, call: str, failure: int | Exception = 500, *, times: int | None = None) -> None:
        """Answer a call with an error.

        Args:
            call: The call, such as `pets.retrieve`.
            failure: A status, whose body is made as the document declares it, or an exception of
                httpx that the transport raises, such as `httpx.ConnectError("no route")`.
            times: How many requests fail; all when not given.

        Raises:
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.fail("pets.fly", 503)
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        what = self._known(call)

        def answer(request: httpx.Request) -> httpx.Response:
            if isinstance(failure, Exception):
                raise failure
            return self._example(what, request, failure)

        self._say(call, answer, times)

    def delay(self, call: str, seconds: float) -> None:
        """Let a call wait for its answers; the client's read timeout holds.

        Args:
            call: The call, such as `pets.retrieve`.
            seconds: How long.

        Raises:
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.delay("pets.fly", 0.1)
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        self._scripts[self._known(call).call].seconds = seconds

    def paginate(self, call: str, items: Sequence[object], *, size: int = 2) -> None:
        """Answer a call that returns pages with these items, so many a page.

        Args:
            call: The call, such as `pets.list`.
            items: All items: models, or values as JSON has them.
            size: Items of a page.

        Raises:
            LookupError: There is no such call, or it returns no pages.

        Example:
            >>> server = FakeServer()
            >>> server.paginate("pets.fly", [])
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        what = self._known(call)
        pages = what.operation.pages
        if pages is None:
            raise LookupError(f"{call!r} returns no pages")
        status = usual_status(what)
        given = [json.loads(dumps(item)) for item in items]

        def answer(request: httpx.Request) -> httpx.Response:
            usual = self._example(what, request, status)
            return page_of(pages, body_type(what), usual, request, given, size)

        self._say(call, answer, None)

    def stream(self, call: str, items: Iterable[object]) -> None:
        """Answer a call that streams with these items.

        Where the call may also ask for the whole answer, that stays as it was.

        Args:
            call: The call, such as `chat.create`.
            items: The items: models, or values as JSON has them.

        Raises:
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.stream("chat.sing", [])
            Traceback (most recent call last):
            LookupError: there is no call 'chat.sing'
        """
        what = self._known(call)
        data = [("", item_bytes(item, str if isinstance(item, str) else None)) for item in items]

        def answer(request: httpx.Request) -> httpx.Response:
            kind = request.headers.get("accept", "").partition(",")[0]
            if "/" not in kind or "*" in kind:
                kind = "text/event-stream"
            if not is_stream(kind):
                return self._usual(what, request)  # a call that asks for the whole answer
            return httpx.Response(
                200, content=stream_body(kind, data), headers={"Content-Type": kind}
            )

        self._say(what.call, answer, None)

    def reset(self) -> None:
        """Forget all that was received and all that was to be answered.

        Example:
            >>> server = FakeServer()
            >>> server.reset()
        """
        self.calls.clear()
        self._scripts.clear()

    def _say(
        self, call: str, answer: Callable[[httpx.Request], httpx.Response], times: int | None
    ) -> None:
        if times is None:
            self._scripts[call].always = answer
        else:
            self._scripts[call].once += [answer] * times

    # --- Requests ----------------------------------------------------------------------------

    def _receive(self, request: httpx.Request) -> tuple[float, Callable[[], httpx.Response]]:
        """How long a request waits, and what makes its answer then."""
        below = [] if request.url.host == FAKE_HOST else self._bases
        what = find(self._routes, request, self._expected, below)
        self.calls.append(FakeCall(what.call if what else "", request))
        if what is None:
            return 0.0, lambda: httpx.Response(404, json={"message": "no operation fits"})
        script = self._scripts.get(what.call) or _Script()
        if script.once:
            first = script.once.pop(0)
            return script.seconds, lambda: first(request)
        if script.always is not None:
            always = script.always
            return script.seconds, lambda: always(request)
        return script.seconds, lambda: self._usual(what, request)

    def _usual(self, what: Known, request: httpx.Request) -> httpx.Response:
        made = self._example(what, request, usual_status(what))
        pages = what.operation.pages
        return made if pages is None else page_of(pages, body_type(what), made, request, None, 0)

    def _example(self, what: Known, request: httpx.Request, status: int) -> httpx.Response:
        pages = what.operation.pages
        maker = Maker((self._seed, what.call, status), wrappers(pages) if pages else ())
        return example_answer(what, status, request.headers.get("accept", ""), maker)

    def _known(self, call: str) -> Known:
        if call not in self.operations:
            raise LookupError(f"there is no call {call!r}")
        return self.operations[call]

    @property
    def operations(self) -> Mapping[str, Known]:
        """What the server knows, by call.

        Example:
            >>> list(FakeServer().operations)
            []
        """
        return known(self.api.package) if self.api.package else {}

    @property
    def _routes(self) -> list[Route]:
        return routes(self.api.package) if self.api.package else []

    @property
    def _bases(self) -> list[re.Pattern[str]]:
        urls = tuple(server.url for server in self.api.servers)
        return bases(self.api.package, urls) if self.api.package else []

    # --- Trying calls ------------------------------------------------------------------------

    def arguments(self, call: str) -> tuple[tuple[object, ...], dict[str, object]]:
        """Arguments that a call can be made with: positional ones, and those by name.

        Args:
            call: The call, such as `pets.retrieve`.

        Raises:
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.arguments("pets.fly")
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        return self._known(call).arguments_for(Maker((self._seed, call)))

    def check(self, call: str) -> None:
        """Make a call with made-up arguments and check that it arrives and is answered.

        Args:
            call: The call, such as `pets.retrieve`.

        Raises:
            AssertionError: Another operation was called, or nothing came back.
            ClientError: The call failed.
            LookupError: There is no such call.

        Example:
            >>> server = FakeServer()
            >>> server.check("pets.fly")
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        positional, named = self.arguments(call)
        self._expected = call
        with self.client(retry=None, validation="strict") as client:
            result = _attribute(client, call)(*positional, **named)
            if hasattr(result, "until_done"):
                result.until_done()
        self._check(call)

    async def acheck(self, call: str) -> None:
        """Do as `check`, with the async client.

        Args:
            call: The call, such as `pets.retrieve`.

        Raises:
            AssertionError: Another operation was called, or nothing came back.
            ClientError: The call failed.
            LookupError: There is no such call.

        Example:
            >>> import asyncio
            >>> asyncio.run(FakeServer().acheck("pets.fly"))
            Traceback (most recent call last):
            LookupError: there is no call 'pets.fly'
        """
        positional, named = self.arguments(call)
        self._expected = call
        async with self.async_client(retry=None, validation="strict") as client:
            result = _attribute(client, call)(*positional, **named)
            if hasattr(result, "until_done"):
                await result.until_done()
            else:
                await result
        self._check(call)

    def _check(self, call: str) -> None:
        received = [each.call for each in self.calls]
        assert received[-1:] == [call], f"expected a request of {call}, got {received}"

    # --- Context -----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.reset()


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The transport of a fake server, for sync and async clients.

    Args:
        server: The server.

    Example:
        >>> with Client("https://fake.test", transport=FakeServer().transport) as client:
        ...     client.get("/", raise_for_status=False).status_code
        404
    """

    def __init__(self, server: FakeServer[Any, Any]) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Args:
            request: What a client sends.

        Example:
            >>> import httpx
            >>> request = httpx.Request("GET", "https://fake.test/")
            >>> FakeServer().transport.handle_request(request).status_code
            404
        """
        request.read()
        seconds, answer = self._server._receive(request)
        time.sleep(wait(request, seconds))
        check_in_time(request, seconds)
        return answer()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client.

        Args:
            request: What a client sends.

        Example:
            >>> import asyncio, httpx
            >>> request = httpx.Request("GET", "https://fake.test/")
            >>> asyncio.run(FakeServer().transport.handle_async_request(request)).status_code
            404
        """
        await request.aread()
        seconds, answer = self._server._receive(request)
        await async_sleep(wait(request, seconds))
        check_in_time(request, seconds)
        return answer()


def _attribute(owner: object, path: str) -> Any:
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner
