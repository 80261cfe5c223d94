"""Answers that are recorded once and played back from then on, without secrets."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import httpx

from .._errors import ConfigurationError
from .._redact import MASK, is_secret_name, mask, redact_fields, redact_url, secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

Mode: TypeAlias = Literal["once", "none", "all"]
"""`once`: record when there is no file, else play; `none`: only play; `all`: record anew.

Example:
    >>> mode: Mode = "none"
"""

_NOT_KEPT = {"content-encoding", "content-length", "transfer-encoding", "connection"}
"""Header fields that were true of the bytes on the wire only."""

_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)', re.IGNORECASE)
# Secrets of answers are numbered, since clients tell them apart: a token of each page, say.
_NUMBERED = re.compile(rf"(?:{re.escape(MASK)}|%2A%2A%2A)[0-9]*")


@dataclass(frozen=True)
class _Exchange:
    """A request and its answer, as they stand in the file."""

    method: str
    url: str
    sent: str
    status: int
    headers: list[list[str]]
    body: str
    is_base64: bool

    @property
    def asks(self) -> tuple[str, str, str]:
        return self.method, _unnumbered(self.url), _unnumbered(self.sent)

    def response(self) -> httpx.Response:
        content = base64.b64decode(self.body) if self.is_base64 else self.body.encode()
        headers = [(name, value) for name, value in self.headers]
        return httpx.Response(self.status, headers=headers, content=content)


class Cassette(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that records answers in a JSON file, and plays them back.

    A request is played back when method, URL and body are those of a recorded one; equal requests
    get their answers in the order of the recording. Secrets in headers, URLs and bodies are
    replaced before anything is compared or written.

    Args:
        path: The file; folders that are missing are made.
        inner: What answers while recording; connections of httpx when not given.
        mode: Whether to record.
        clean: What replaces further secrets in texts: URLs, header values, bodies.

    Raises:
        ConfigurationError: The file is none of this kind.

    Example:
        >>> import httpx
        >>> from pathlib import Path
        >>> answers = httpx.MockTransport(lambda request: httpx.Response(200, json={"id": 7}))
        >>> recorder = Cassette("pets.json", answers)
        >>> with Client("https://api.example.com", transport=recorder) as client:
        ...     client.get("/pets/7").json()
        {'id': 7}
        >>> replayed = Cassette("pets.json", mode="none")
        >>> with Client("https://api.example.com", transport=replayed) as client:
        ...     client.get("/pets/7").json()
        {'id': 7}
    """

    def __init__(
        self,
        path: str | PathLike[str],
        inner: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        *,
        mode: Mode = "once",
        clean: Callable[[str], str] = str,
    ) -> None:
        self._path = Path(path)
        self._inner = inner
        self._clean = clean
        self._records = mode == "all" or (mode == "once" and not self._path.exists())
        self._exchanges = [] if self._records else _load(self._path)
        self._numbers = count(1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Args:
            request: What a client sends.

        Raises:
            ConfigurationError: It is none of those that are recorded.

        Example:
            >>> import httpx
            >>> answers = httpx.MockTransport(lambda request: httpx.Response(200))
            >>> request = httpx.Request("GET", "https://fake.test/")
            >>> Cassette("none.json", answers).handle_request(request).status_code
            200
        """
        request.read()
        if not self._records:
            return self._played(request)
        if self._inner is None:
            self._inner = httpx.HTTPTransport()
        assert isinstance(self._inner, httpx.BaseTransport), "the inner transport is async"
        response = self._inner.handle_request(request)
        try:
            return self._recorded(request, response, response.read())
        finally:
            response.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client.

        Args:
            request: What a client sends.

        Raises:
            ConfigurationError: It is none of those that are recorded.

        Example:
            >>> import httpx
            >>> answers = httpx.MockTransport(lambda request: httpx.Response(200))
            >>> request = httpx.Request("GET", "https://fake.test/")
            >>> cassette = Cassette("none.json", answers)
            >>> (await cassette.handle_async_request(request)).status_code
            200
        """
        await request.aread()
        if not self._records:
            return self._played(request)
        if self._inner is None:
            self._inner = httpx.AsyncHTTPTransport()
        assert isinstance(self._inner, httpx.AsyncBaseTransport), "the inner transport is sync"
        response = await self._inner.handle_async_request(request)
        try:
            return self._recorded(request, response, await response.aread())
        finally:
            await response.aclose()

    def close(self) -> None:
        """Close what answered while recording.

        Example:
            >>> Cassette("pets.json").close()
        """
        if isinstance(self._inner, httpx.BaseTransport):
            self._inner.close()

    async def aclose(self) -> None:
        """Close what answered an async client while recording.

        Example:
            >>> import asyncio
            >>> asyncio.run(Cassette("pets.json").aclose())
        """
        if isinstance(self._inner, httpx.AsyncBaseTransport):
            await self._inner.aclose()

    # --- Playing and recording ---------------------------------------------------------------

    def _played(self, request: httpx.Request) -> httpx.Response:
        asked = _asked(request, self._clean)
        for index, exchange in enumerate(self._exchanges):
            if exchange.asks == asked:
                return self._exchanges.pop(index).response()
        raise ConfigurationError(
            f"{self._path}: nothing is recorded for {asked[0]} {asked[1]}, or it was played before;"
            " record it with mode='all'"
        )

    def _recorded(
        self, request: httpx.Request, response: httpx.Response, content: bytes
    ) -> httpx.Response:
        secrets = _secrets(request)
        body, is_base64 = _text(content)

        def cleaned(text: str) -> str:
            return self._numbered(text, self._clean(mask(text, secrets)))

        exchange = _Exchange(
            *_asked(request, self._clean),
            response.status_code,
            _headers(response.headers.multi_items(), cleaned),
            body if is_base64 else cleaned(body),
            is_base64,
        )
        self._exchanges.append(exchange)
        told = {"version": 1, "exchanges": [asdict(each) for each in self._exchanges]}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        kept = [(n, v) for n, v in response.headers.multi_items() if n.lower() not in _NOT_KEPT]
        return httpx.Response(response.status_code, headers=kept, content=content)

    def _numbered(self, text: str, masked: str) -> str:
        if MASK in text:
            return masked  # nobody knows which of them are masks
        return re.sub(re.escape(MASK), lambda _: f"{MASK}{next(self._numbers)}", masked)


def _load(path: Path) -> list[_Exchange]:
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return [_Exchange(**each) for each in told["exchanges"]]
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such cassette; record it first") from None
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(f"{path}: this is no cassette") from error


def _asked(request: httpx.Request, clean: Callable[[str], str]) -> tuple[str, str, str]:
    """What tells a request from others, without secrets."""
    secrets = _secrets(request)
    body, _ = _text(_sent(request))
    url = clean(mask(redact_url(str(request.url)), secrets))
    return request.method, _unnumbered(url), _unnumbered(clean(mask(body, secrets)))


def _unnumbered(text: str) -> str:
    return _NUMBERED.sub(MASK, text)


def _sent(request: httpx.Request) -> bytes:
    """The body of a request; that of a form in parts without what is new each time, and secrets."""
    kind = request.headers.get("content-type", "")
    boundary = _BOUNDARY.search(kind)
    if boundary is None or not kind.lower().startswith("multipart/"):
        return request.content
    content = request.content.replace(boundary[1].encode(), b"boundary")
    # Every byte is a letter in this one, so that files are left as they are.
    return redact_fields(content.decode("latin-1")).encode("latin-1")


def _secrets(request: httpx.Request) -> set[str]:
    queries = request.url.query.decode("ascii", "replace").split("&")
    return {*secrets_of(request.headers.multi_items(), queries)}


def _headers(given: Iterable[tuple[str, str]], cleaned: Callable[[str], str]) -> list[list[str]]:
    return [
        [name, MASK if is_secret_name(name) else cleaned(value)]
        for name, value in given
        if name.lower() not in _NOT_KEPT
    ]


def _text(content: bytes) -> tuple[str, bool]:
    try:
        return content.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(content).decode(), True
