"""A response as callers, hooks and errors see it."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from ._body import charset_to_read
from ._errors import (
    ClientError,
    ConfigurationError,
    DecodeError,
    HTTPError,
    ResponseTooLargeError,
    TruncatedResponseError,
    status_error_class,
)
from ._headers import Headers
from ._ids import request_id_in
from ._json import Load, loads
from ._narrow import is_mapping
from ._net.decoding import BadCodingError, CutCodingError, codings, decode
from ._redact import mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import httpx
    from pydantic import TypeAdapter

    from ._framing import Framing, ServerSentEvent
    from ._net.native import Native
    from ._policies.retry import Attempt
    from ._request import Request
    from ._streams import AsyncSource, Source

M = TypeVar("M")
F = TypeVar("F")

Validation: TypeAlias = Literal["strict", "lenient", "off"]
"""What becomes of data that does not fit: an error, kept as received, or not looked at.

Example:
    >>> pets = client.get("/pets", response_model=list[Pet], validation="strict")
    >>> pets[0].name
    'Rex'
"""

_EXCERPT = 200

# Far more than an excerpt has, so that no secret is cut in two where it would show.
_SEARCHED = 100_000


class Response:
    """What the server answered.

    Attributes:
        status_code: The status, such as 200.
        headers: Header fields.
        request: The request that was answered, the last one after redirects.
        elapsed: Time from sending the request to the end of the body; of a stream, to its start.
        history: The redirects that led here.
        attempts: What was tried before an error status was given up on; empty otherwise.

    Args:
        status_code: The status.
        headers: Header fields.
        content: The body, decompressed.
        request: The request that was answered.
        native: The transport's own response, when there is one.

    Example:
        >>> response = client.get("/pets/7")
        >>> response.status_code, response.headers["Content-Type"], response.request.method
        (200, 'application/json', 'GET')
    """

    __slots__ = (
        "_content",
        "_load",
        "_native",
        "_source",
        "_told",
        "_validation",
        "attempts",
        "elapsed",
        "headers",
        "history",
        "request",
        "status_code",
    )

    def __init__(
        self,
        status_code: int,
        headers: Headers,
        content: bytes,
        request: Request,
        *,
        native: Native | None = None,
    ) -> None:
        self.status_code: int = status_code
        self.headers: Headers = headers
        self.request: Request = request
        self.elapsed: timedelta = timedelta()
        self.history: tuple[Response, ...] = ()
        self.attempts: tuple[Attempt, ...] = ()
        self._content = content
        self._native = native
        self._source: Source | AsyncSource | None = None
        self._validation: Validation = "lenient"
        self._told: set[str] = set()
        self._load: Load = loads

    @property
    def content(self) -> bytes:
        """The body, decompressed.

        Raises:
            ConfigurationError: It is a stream that was not read.

        Example:
            >>> client.get("/pets/7/photo").content[1:4]
            b'PNG'
        """
        if self._source is not None:
            raise ConfigurationError("the body of a stream is there after read() or aread()")
        return self._content

    @property
    def text(self) -> str:
        """The body as text, in the charset that it states or UTF-8; never raises.

        Example:
            >>> client.get("/pets/7").text
            '{"id":7,"name":"Rex"}'
        """
        try:
            return self.content.decode(self._charset)
        except (LookupError, UnicodeError, AssertionError):
            return self.content.decode("utf-8-sig", errors="replace")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            DecodeError: It is not JSON; the message says where and shows what is there.

        Example:
            >>> client.get("/pets/7").json()["name"]
            'Rex'
        """
        try:
            return self._loaded()
        except ValueError as error:
            raise DecodeError(self._bad_json(error), response=self) from error

    @overload
    def parse(self, model: type[M] | TypeAdapter[M], validation: Validation | None = ...) -> M: ...
    @overload
    def parse(self, model: object, validation: Validation | None = ...) -> Any: ...
    def parse(self, model: object, validation: Validation | None = None) -> Any:
        """The JSON or XML body as a model.

        Args:
            model: A model class, any other type that pydantic knows, or a `TypeAdapter`.
            validation: `strict` raises for what does not fit, `lenient` keeps it as received,
                `off` does not look; default is that of the client.

        Raises:
            DecodeError: The body is not JSON.
            ValidationError: It does not fit, and validation is strict.

        Example:
            >>> client.get("/pets/7").parse(Pet)
            Pet(id=7, name='Rex')
        """
        from ._parse import parse_body

        return parse_body(self, model, validation or self._validation)

    def read(self) -> bytes:
        """Read the rest of a stream; afterwards `content` is there.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/7") as response:
            ...     response.read()
            b'{"id":7,"name":"Rex"}'
        """
        if self._source is not None:
            self._source.bound()
            content = b"".join(self.iter_bytes())
            self._source, self._content = None, content
        return self._content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body piece by piece, decompressed.

        Args:
            chunk_size: Bytes of each piece; as they arrive when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/7/photo") as response:
            ...     for piece in response.iter_bytes(chunk_size=65536):
            ...         print(len(piece))
            4
        """
        from ._framing import Pieces

        return self._frames(Pieces(chunk_size))

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        r"""The body piece by piece, as the network gave it.

        Args:
            chunk_size: Bytes of each piece; as they arrive when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/7/photo") as response:
            ...     list(response.iter_raw())
            [b'\x89PNG']
        """
        from ._framing import Pieces

        return self._frames(Pieces(chunk_size), raw=True)

    def iter_text(self) -> Iterator[str]:
        """The body as text, piece by piece.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/7") as response:
            ...     "".join(response.iter_text())
            '{"id":7,"name":"Rex"}'
        """
        from ._framing import Texts

        return self._frames(Texts(self._charset))

    def iter_lines(self) -> Iterator[str]:
        """The body as lines of text, without their ends.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     for line in response.iter_lines():
            ...         print(line)
            {"id": 7, "name": "Rex"}
            {"id": 8, "name": "Tom"}
        """
        from ._framing import TextLines

        return self._frames(TextLines(self._charset))

    def iter_sse(self, max_event_size: int | None = 64_000_000) -> Iterator[ServerSentEvent]:
        """The body as server-sent events (WHATWG HTML, section 9.2).

        Args:
            max_event_size: The largest event in bytes that is taken; `None` for any.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/events") as response:
            ...     for event in response.iter_sse():
            ...         print(event.id, event.event, event.data)
            1 born {"id": 9}
            2 named {"id": 9}
        """
        from ._framing import Events

        return self._frames(Events(max_event_size))

    @overload
    def iter_jsonl(self, model: type[M]) -> Iterator[M]: ...
    @overload
    def iter_jsonl(self, model: object = ...) -> Iterator[Any]: ...
    def iter_jsonl(self, model: object = None) -> Iterator[Any]:
        """The body as JSON Lines, one item a line.

        Args:
            model: What each item is; plain data when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     [pet.name for pet in response.iter_jsonl(Pet)]
            ['Rex', 'Tom']
        """
        from ._streams import Items, item_parser

        return self._frames(Items("application/jsonl", item_parser(self, model)))

    def _frames(self, framing: Framing[F], *, raw: bool = False) -> Iterator[F]:
        """The body cut into items by a framing."""
        for chunk in self._chunks(raw=raw):
            yield from framing.feed(chunk)
        yield from framing.finish()

    def _chunks(self, *, raw: bool) -> Iterator[bytes]:
        if self._source is None:
            return iter((self._content,))
        chunks = self._source.chunks(raw=raw)
        if not isinstance(chunks, Iterator):
            raise ConfigurationError("a stream of AsyncClient is read with the aiter_ methods")
        return chunks

    def close(self) -> None:
        """Stop reading a stream and free its connection.

        Example:
            >>> with client.stream("GET", "/pets/export") as response:
            ...     first = next(response.iter_lines())
            ...     response.close()
            >>> first
            '{"id": 7, "name": "Rex"}'
        """
        if self._source is not None:
            # Not by its class: a stream that is left open may be closed while Python shuts down,
            # when nothing can be imported.
            close = getattr(self._source, "close", None)
            if close is None:
                raise ConfigurationError("a stream of AsyncClient is closed with aclose()")
            close()

    async def aread(self) -> bytes:
        """Read the rest of a stream; afterwards `content` is there.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/7") as response:
            ...     await response.aread()
            b'{"id":7,"name":"Rex"}'
        """
        if self._source is not None:
            self._source.bound()
            content = b"".join([piece async for piece in self.aiter_bytes()])
            self._source, self._content = None, content
        return self._content

    def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body piece by piece, decompressed.

        Args:
            chunk_size: Bytes of each piece; as they arrive when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/7/photo") as response:
            ...     async for piece in response.aiter_bytes(chunk_size=65536):
            ...         print(len(piece))
            4
        """
        from ._framing import Pieces

        return self._aframes(Pieces(chunk_size))

    def aiter_raw(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        r"""The body piece by piece, as the network gave it.

        Args:
            chunk_size: Bytes of each piece; as they arrive when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/7/photo") as response:
            ...     [piece async for piece in response.aiter_raw()]
            [b'\x89PNG']
        """
        from ._framing import Pieces

        return self._aframes(Pieces(chunk_size), raw=True)

    def aiter_text(self) -> AsyncIterator[str]:
        """The body as text, piece by piece.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/7") as response:
            ...     "".join([text async for text in response.aiter_text()])
            '{"id":7,"name":"Rex"}'
        """
        from ._framing import Texts

        return self._aframes(Texts(self._charset))

    def aiter_lines(self) -> AsyncIterator[str]:
        """The body as lines of text, without their ends.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     async for line in response.aiter_lines():
            ...         print(line)
            {"id": 7, "name": "Rex"}
            {"id": 8, "name": "Tom"}
        """
        from ._framing import TextLines

        return self._aframes(TextLines(self._charset))

    def aiter_sse(self, max_event_size: int | None = 64_000_000) -> AsyncIterator[ServerSentEvent]:
        """The body as server-sent events (WHATWG HTML, section 9.2).

        Args:
            max_event_size: The largest event in bytes that is taken; `None` for any.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/events") as response:
            ...     async for event in response.aiter_sse():
            ...         print(event.id, event.event, event.data)
            1 born {"id": 9}
            2 named {"id": 9}
        """
        from ._framing import Events

        return self._aframes(Events(max_event_size))

    @overload
    def aiter_jsonl(self, model: type[M]) -> AsyncIterator[M]: ...
    @overload
    def aiter_jsonl(self, model: object = ...) -> AsyncIterator[Any]: ...
    def aiter_jsonl(self, model: object = None) -> AsyncIterator[Any]:
        """The body as JSON Lines, one item a line.

        Args:
            model: What each item is; plain data when it is not given.

        Raises:
            ClientError: Whatever goes wrong while reading; see its subclasses.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     [pet.name async for pet in response.aiter_jsonl(Pet)]
            ['Rex', 'Tom']
        """
        from ._streams import Items, item_parser

        return self._aframes(Items("application/jsonl", item_parser(self, model)))

    async def _aframes(self, framing: Framing[F], *, raw: bool = False) -> AsyncIterator[F]:
        """The body cut into items by a framing."""
        chunks = self._achunks(raw=raw)
        try:
            async for chunk in chunks:
                for item in framing.feed(chunk):
                    yield item
            for item in framing.finish():
                yield item
        finally:
            # Generators that are left half way must not wait for the garbage collector.
            await chunks.aclose()

    async def _achunks(self, *, raw: bool) -> AsyncGenerator[bytes, None]:
        if self._source is None:
            yield self._content
            return
        chunks = self._source.chunks(raw=raw)
        if not isinstance(chunks, AsyncGenerator):
            raise ConfigurationError("a stream of Client is read with the iter_ methods")
        try:
            async for chunk in chunks:
                yield chunk
        finally:
            await chunks.aclose()

    async def aclose(self) -> None:
        """Stop reading a stream and free its connection.

        Example:
            >>> async with aclient.stream("GET", "/pets/export") as response:
            ...     first = await anext(response.aiter_lines())
            ...     await response.aclose()
            >>> first
            '{"id": 7, "name": "Rex"}'
        """
        if self._source is not None:
            close = getattr(self._source, "aclose", None)
            if close is None:
                raise ConfigurationError("a stream of Client is closed with close()")
            await close()

    @property
    def _charset(self) -> str:
        return charset_to_read(self.headers.get("content-type", ""))

    @property
    def is_read(self) -> bool:
        """Whether the whole body has arrived.

        Example:
            >>> with client.stream("GET", "/pets/7") as response:
            ...     response.is_read
            False
        """
        return self._source is None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx.

        Example:
            >>> client.get("/pets/7").is_success
            True
        """
        return 200 <= self.status_code < 300

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx.

        Example:
            >>> client.get("/pets/99", raise_for_status=False).is_error
            True
        """
        return self.status_code >= 400

    @property
    def reason_phrase(self) -> str:
        """The usual words for the status; empty when it has none.

        Example:
            >>> client.post("/pets", json={"name": "Ada"}).reason_phrase
            'Created'
        """
        from http import HTTPStatus

        try:
            return HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    @property
    def http_version(self) -> str:
        """The protocol, such as `HTTP/1.1` or `HTTP/2`; empty when it is not known.

        Example:
            >>> client.get("/pets/7").http_version
            'HTTP/1.1'
        """
        stated = self._native.extensions.get("http_version") if self._native is not None else None
        return stated.decode("ascii") if isinstance(stated, bytes) else ""

    @property
    def url(self) -> str:
        """Where the answer came from.

        Example:
            >>> client.get("/pets", params={"limit": 2}).url
            'https://api.example.com/pets?limit=2'
        """
        return self.request.url

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the call, else the one that was sent with it.

        Example:
            >>> client.get("/pets/7").request_id
            'req-7'
        """
        return request_id_in(self.headers) or request_id_in(self.request.headers)

    @property
    def http_response(self) -> httpx.Response:
        """The response as an object of httpx, for code that needs one.

        Example:
            >>> client.get("/pets/7").http_response
            <Response [200 OK]>
        """
        import httpx

        # In bytes, as httpx takes only ASCII in texts; file names, say, are often more.
        fields = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.multi_items()
            if name.lower() not in ("content-encoding", "transfer-encoding", "content-length")
        ]
        return httpx.Response(
            self.status_code,
            headers=fields,
            content=self.content,
            request=httpx.Request(self.request.method, self.request.url),
            extensions=dict(self._native.extensions) if self._native is not None else None,
        )

    def raise_for_status(self) -> Response:
        """This response, unless its status is an error.

        Raises:
            HTTPError: The status is 4xx or 5xx.

        Example:
            >>> response = client.get("/pets/99", raise_for_status=False)
            >>> try:
            ...     response.raise_for_status()
            ... except NotFoundError:
            ...     print("no such pet")
            no such pet
        """
        if self.is_error:
            raise status_error(self)
        return self

    def __repr__(self) -> str:
        return f"<Response {self.status_code} {self.reason_phrase}>".replace(" >", ">")

    def __copy__(self) -> Response:
        return _restored(self._state())

    def __reduce__(self) -> tuple[object, ...]:
        # Errors go from process to process with their response; connections and functions cannot.
        return _restored, ({**self._state(), "_native": None, "_source": None, "_load": loads},)

    def _state(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in Response.__slots__}

    def _loaded(self) -> Any:
        try:
            return self._load(self.content)
        except ValueError:
            # JSON is UTF-8 (RFC 8259 section 8.1); what is not says so, or begins with a mark.
            recoded = self.text.encode("utf-8", "replace")
            if recoded == self.content:
                raise
            return self._load(recoded)

    def _bad_json(self, error: ValueError) -> str:
        return f"{describe(self.request)}: the body is not JSON: {error}{_excerpt(self, error)}"


def _restored(state: Mapping[str, object]) -> Response:
    response = Response.__new__(Response)
    for name, value in state.items():
        setattr(response, name, value)
    return response


def describe(request: Request) -> str:
    """Method and URL, as messages show them."""
    return f"{request.method} {request.shown_url}"


def _excerpt(response: Response, error: ValueError) -> str:
    text = response.text
    place = getattr(error, "pos", 0)
    start = max(0, place - 20)
    shown = text[start : start + 60]
    return f"; near {shown!r}" if shown else ""


def status_error(response: Response, body: object = None) -> HTTPError:
    """The error that an error status is raised as."""
    status = f"{response.status_code} {response.reason_phrase}".strip()
    said = _said(response)
    message = f"{describe(response.request)}: {status}{': ' + said if said else ''}"
    if body is None:
        body = json_or_text(response)
    error = status_error_class(response.status_code)(message, response=response, body=body)
    error.attempts = response.attempts
    return error


def json_or_text(response: Response) -> object:
    """The body as JSON when it is JSON, else as text, `None` when there is none."""
    if not response.content:
        return None
    try:
        return response._loaded()
    except ValueError:
        return response.text


def _said(response: Response) -> str:
    """What the server gives as the reason, in one line."""
    value = json_or_text(response)
    if is_mapping(value):
        value = _reason(value)
    text = value if isinstance(value, str) else response.text
    line = mask(" ".join(text[:_SEARCHED].split()), response.request.secrets())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT] + "…"


def _reason(value: Mapping[str, object]) -> object:
    for name in ("message", "detail", "error_description", "title", "error", "errors"):
        found = value.get(name)
        if is_mapping(found):
            found = _reason(found)
        if isinstance(found, str) and found:
            return found
    return None


class Receiver:
    """Takes in one response: counts, decompresses and completes it, without doing I/O."""

    __slots__ = ("_chain", "_limit", "_native", "_pieces", "_request", "_size", "response")

    def __init__(self, native: Native, request: Request, limit: int | None) -> None:
        headers = Headers(native.fields)
        self.response = Response(native.status_code, headers, b"", request, native=native)
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._request = request
        self._chain = self._codings()
        self._check_stated_length()

    def _codings(self) -> list[Any]:
        coding = self.response.headers.get("content-encoding")
        if not coding or not self._has_body:
            return []
        try:
            return list(codings(coding))
        except BadCodingError as error:
            raise self._unreadable(DecodeError, str(error)) from error

    @property
    def _has_body(self) -> bool:
        # RFC 9110 section 6.4.1.
        return self._request.method != "HEAD" and self.response.status_code not in (204, 304)

    def _check_stated_length(self) -> None:
        stated = self.response.headers.get("content-length", "")
        if self._limit is not None and self._has_body and stated.isdecimal():
            self._check_size(int(stated))

    def _check_size(self, size: int) -> None:
        if self._limit is not None and size > self._limit:
            raise self._unreadable(
                ResponseTooLargeError, f"it is larger than max_response_bytes={self._limit}"
            )

    def feed(self, chunk: bytes) -> None:
        """Take in the next bytes as the network gave them."""
        if self._chain:
            self._pieces.extend(self.decode(chunk))
            return
        self._size += len(chunk)
        self._check_size(self._size)
        self._pieces.append(chunk)

    def decode(self, chunk: bytes) -> Iterable[bytes]:
        """The next bytes decompressed, counted as they come."""
        try:
            for piece in decode(self._chain, chunk):
                self._size += len(piece)
                self._check_size(self._size)
                yield piece
        except BadCodingError as error:
            raise self._unreadable(DecodeError, str(error)) from error

    def opened(self, source: Source | AsyncSource) -> Response:
        """The response with its body still to be read."""
        self.response._source = source
        return self.response

    def finish(self) -> Response:
        """The complete response."""
        self.check_end()
        return self.partial()

    def check_end(self) -> None:
        """Check that compressed data is complete."""
        try:
            for coding in self._chain:
                coding.finish()
        except CutCodingError as error:
            raise self._unreadable(TruncatedResponseError, str(error)) from error

    def partial(self) -> Response:
        """The response with what has arrived."""
        self.response._content = b"".join(self._pieces)
        return self.response

    def _unreadable(
        self, kind: type[DecodeError | ResponseTooLargeError | TruncatedResponseError], why: str
    ) -> ClientError:
        message = f"{describe(self._request)}: the body cannot be used: {why}"
        return kind(message, response=self.partial())
