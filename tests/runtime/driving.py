"""Both clients driven as one, and a server in memory."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx

from clientgen_runtime import AsyncClient, Client

Handler = Callable[[httpx.Request], httpx.Response]
BASE_URL = "https://pets.example/v1"


class Driven:
    """An object of either client, used as if it were the sync one."""

    def __init__(self, target: Any, loop: asyncio.AbstractEventLoop | None) -> None:
        self._target = target
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return self._driven_call(value) if inspect.isroutine(value) else value

    def _driven_call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **options: self._settle(function(*args, **options))

    def _settle(self, value: Any) -> Any:
        # A stream opens itself when it is entered or iterated, so that it need not be awaited.
        is_page = hasattr(value, "iter_pages") and not inspect.isawaitable(value)
        if (is_page or hasattr(value, "__aenter__")) and self._loop is not None:
            return Driven(value, self._loop)
        if inspect.isawaitable(value):
            assert self._loop is not None
            return self._settle(self._loop.run_until_complete(_awaited(value)))
        if hasattr(value, "__aiter__"):
            return self._items(value)
        return value

    def _items(self, source: Any) -> Iterator[Any]:
        iterator = aiter(source)

        async def step() -> Any:
            # Within the loop, which looks after generators that nobody reads to their end.
            return await anext(iterator)

        with suppress(StopAsyncIteration):
            while True:
                yield self._settle(step())

    def __enter__(self) -> Any:
        if self._loop is None:
            return self._target.__enter__()
        entered = self._settle(self._target.__aenter__())
        return entered if isinstance(entered, Driven) else Driven(entered, self._loop)

    def __exit__(self, *error: Any) -> Any:
        if self._loop is None:
            return self._target.__exit__(*error)
        return self._settle(self._target.__aexit__(*error))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._target) if self._loop is None else self._items(self._target)


async def _awaited(value: Any) -> Any:
    return await value


class Connect:
    """Makes clients of one kind and closes them after the test."""

    def __init__(self, kind: str) -> None:
        self.is_async = kind == "async"
        self._loop = asyncio.new_event_loop() if self.is_async else None
        self._clients: list[Driven] = []

    def __call__(
        self, handler: Handler | None = None, base_url: str | None = BASE_URL, **options: Any
    ) -> Any:
        if handler is not None:
            options["transport"] = httpx.MockTransport(handler)
        options.setdefault("retry", None)
        kind: Any = AsyncClient if self.is_async else Client
        client = Driven(kind(base_url, **options), self._loop)
        self._clients.append(client)
        return client

    def drive(self, target: Any) -> Driven:
        """Any object of the client, used as if it were of the sync one."""
        return Driven(target, self._loop)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        if self._loop is not None:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


def _raw_content(answer: httpx.Response) -> bytes:
    # `content` would be decompressed already.
    assert isinstance(answer.stream, httpx.ByteStream)
    return b"".join(answer.stream)


class Server:
    """Answers in memory, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers) or [httpx.Response(200, json={})]
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(
            answer.status_code, headers=answer.headers.raw, content=_raw_content(answer)
        )

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]
