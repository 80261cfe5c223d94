"""Every public name of the runtime has an example, and the example does what it shows.

Examples are written as at the prompt of `python -m asyncio`, where `await` works. `client` and
`aclient` are clients of the small SDK below, connected to its server, `Pet` is its model, and the
names of the runtime need no import.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import doctest
import gzip
import inspect
import io
import json
import logging
import re
import ssl
import traceback
from contextlib import redirect_stdout
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import BaseModel

from clientgen_runtime import AsyncClient, Client, sdk
from docs.runtime_api import PUBLIC, arguments, docstrings
from tests.runtime.extras import skip_without_extra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Unpack

BASE_URL = "https://api.example.com"
DOCSTRINGS, ARGUMENTS = docstrings(), arguments()
OUTPUT = doctest.OutputChecker()


class Pet(BaseModel):
    id: int = 0
    name: str


class Arrival(BaseModel):
    pet: Pet | None = None


PING: sdk.Operation[str] = sdk.Operation("GET", "/ping", {"200": lambda: str})
RETRIEVE: sdk.Operation[Pet] = sdk.Operation("GET", "/pets/{petId}", {"200": lambda: Pet})


SEARCH: sdk.Operation[Any] = sdk.Operation(
    "GET",
    "/pets/search",
    {"200": lambda: dict},
    pages=sdk.Pages("cursor", items="data", request="cursor", next="next_cursor"),
)
WATCH: sdk.Operation[Pet] = sdk.Operation(
    "GET", "/pets/feed", {"200": {"text/event-stream": lambda: Pet}}
)
ARRIVE: sdk.Operation[Any] = sdk.Operation(
    "POST",
    "/pets/arrivals",
    {"200": {"application/json": lambda: Pet, "text/event-stream": lambda: Arrival}},
)


class Pets(sdk.Resource):
    def retrieve(self, pet_id: int, **options: Unpack[sdk.RequestOptions]) -> Pet:
        return self._call(RETRIEVE, path=(pet_id,), options=options)

    def search(self) -> sdk.Page[Any, Any]:
        return self._pages(SEARCH)

    def watch(self) -> sdk.Stream[Pet]:
        return self._stream(WATCH)

    def arrive(self) -> sdk.Stream[Arrival]:
        return self._stream(ARRIVE)


class AsyncPets(sdk.AsyncResource):
    async def retrieve(self, pet_id: int, **options: Unpack[sdk.RequestOptions]) -> Pet:
        return await self._call(RETRIEVE, path=(pet_id,), options=options)

    def arrive(self) -> sdk.AsyncStream[Arrival]:
        return self._stream(ARRIVE)


class PetStore(Client):
    def ping(self) -> str:
        return self._call(PING)

    @cached_property
    def pets(self) -> Pets:
        return Pets(self)


class AsyncPetStore(AsyncClient):
    async def ping(self) -> str:
        return await self._call(PING)

    @cached_property
    def pets(self) -> AsyncPets:
        return AsyncPets(self)


REX = {"id": 7, "name": "Rex"}
TOM = {"id": 8, "name": "Tom"}
ADA = {"id": 9, "name": "Ada"}
EVENTS = b'id: 1\nevent: born\ndata: {"id": 9}\n\nid: 2\nevent: named\ndata: {"id": 9}\n\n'
FEED = b'data: {"id": 9, "name": "Ada"}\n\nevent: error\ndata: {"message": "overloaded"}\n\n'
ARRIVALS = b'data: {}\n\ndata: {"pet": {"id": 7, "name": "Rex"}}\n\n'
BORN = (
    b'event: next\ndata: {"data": {"born": {"name": "Ada"}}}\n\n'
    b'event: next\ndata: {"data": {"born": {"name": "Max"}}}\n\n'
    b"event: complete\ndata:\n\n"
)
PARTIAL = {
    "data": {"pet": {"name": "Rex", "owner": None}},
    "errors": [{"message": "it is a secret", "path": ["pet", "owner"]}],
}
LINES = b'{"id": 7, "name": "Rex"}\n{"id": 8, "name": "Tom"}\n'


def in_json(value: object, status: int = 200, **headers: str) -> httpx.Response:
    content = json.dumps(value, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", **headers}
    return httpx.Response(status, content=content, headers=headers)


def said(status: int, message: str, **headers: str) -> httpx.Response:
    return in_json({"message": message}, status, **headers)


def body(content: bytes, kind: str, **headers: str) -> httpx.Response:
    return httpx.Response(200, content=content, headers={"Content-Type": kind, **headers})


def pet(name: str = "Rex") -> httpx.Response:
    return in_json({**REX, "name": name}, 200, **{"X-Request-ID": "req-7"})


SERVER: dict[str, httpx.Response | Exception] = {
    "GET /ping": in_json("pong"),
    "GET /pets": in_json([REX, TOM]),
    "HEAD /pets": httpx.Response(200, headers={"X-Total-Count": "2"}),
    "OPTIONS /pets": httpx.Response(204, headers={"Allow": "GET, HEAD, POST"}),
    "GET /pets/search": in_json({"data": [REX], "next_cursor": "c2"}),
    "GET /pets/search?cursor=c2": in_json({"data": [TOM]}),
    "POST /pets": in_json(ADA, 201),
    "GET /pets/7": pet(),
    "PUT /pets/7": pet("Max"),
    "PATCH /pets/7": pet("Max"),
    "DELETE /pets/7": httpx.Response(204),
    "GET /pets/7/photo": body(b"\x89PNG", "image/png"),
    "GET /pets/events": body(EVENTS, "text/event-stream"),
    "GET /pets/feed": body(FEED, "text/event-stream"),
    "POST /pets/arrivals": body(ARRIVALS, "text/event-stream"),
    "GET /pets/export": body(LINES, "application/jsonl"),
    "POST /graphql": in_json({"data": {"pet": {"name": "Rex"}}}),
    "POST /graphql/batch": in_json([{"data": {"pet": {"name": "Rex"}}}]),
    "POST /graphql/partial": in_json(PARTIAL),
    "POST /graphql/stream": body(BORN, "text/event-stream"),
    "POST /jobs": in_json({"id": 7}, 202, Location="/jobs/7"),
    "GET /jobs/7": in_json({"status": "succeeded", "pages": 3}),
    "GET /jobs/8": in_json({"status": "failed", "error": "out of ink"}),
    "POST /oauth/token": in_json({"access_token": "t-1", "token_type": "Bearer"}),
    # What goes wrong, by the error that comes of it.
    "GET /search": said(400, "q is missing"),
    "GET /vets": said(401, "who are you?"),
    "DELETE /pets/8": said(403, "Tom is not yours"),
    "GET /pets/99": said(404, "no pet 99", **{"X-Request-ID": "req-99"}),
    "PUT /pets/8": said(409, "Tom has changed"),
    "GET /pets/6": said(410, "Ben has moved"),
    "POST /visits": said(422, "day is missing"),
    "GET /reports": said(429, "too many reports", **{"Retry-After": "5"}),
    "POST /reports": said(503, "tidying up"),
    "GET /moved": httpx.Response(302, headers={"Location": "http://api.example.com/pets"}),
    "GET /broken": body(b'{"id": 7,', "application/json"),
    "GET /cut": body(gzip.compress(b"[]")[:-4], "text/plain", **{"Content-Encoding": "gzip"}),
    "GET /down": httpx.ConnectError("refused"),
    "GET /expired": ssl.SSLError("certificate has expired"),
    "GET /behind-proxy": httpx.ProxyError("407 Proxy Authentication Required"),
    "GET /far": httpx.ConnectTimeout(""),
    "GET /slow": httpx.ReadTimeout(""),
    "POST /slow": httpx.WriteTimeout(""),
    "GET /crowded": httpx.PoolTimeout(""),
}


def answer(request: httpx.Request) -> httpx.Response:
    asked = f"{request.method} {request.url.path}"
    known = SERVER.get(f"{asked}?{request.url.query.decode()}") or SERVER[asked]
    if isinstance(known, Exception):
        raise known
    # What is sent; `known.content` would be decompressed.
    assert isinstance(known.stream, httpx.ByteStream)
    content = b"".join(known.stream)
    return httpx.Response(
        known.status_code,
        headers=known.headers.raw,
        content=content,
        extensions={"http_version": b"HTTP/1.1"},
    )


@pytest.fixture
def prompt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Prompt]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACME_BASE_URL", BASE_URL)
    monkeypatch.setattr(logging.getLogger("clientgen_runtime"), "handlers", [])
    monkeypatch.setattr(builtins, "_", None, raising=False)  # where a prompt keeps what it shows
    prompt = Prompt()
    yield prompt
    prompt.close()


class Prompt:
    """Runs examples and gives back what they print."""

    def __init__(self) -> None:
        transport = httpx.MockTransport(answer)
        self._client = PetStore(BASE_URL, transport=transport, retry=None)
        self._aclient = AsyncPetStore(BASE_URL, transport=transport, retry=None)
        self._loop = asyncio.new_event_loop()
        self._names: dict[str, Any] = {
            **PUBLIC,
            "client": self._client,
            "aclient": self._aclient,
            "BaseModel": BaseModel,
            "Pet": Pet,
            "PetStore": PetStore,
            "Pets": Pets,
        }

    def run(self, source: str, *, raises: bool = False) -> str:
        try:
            return self._printed(source)
        except Exception as error:
            if not raises:
                raise
            return traceback.format_exception_only(error)[-1]

    def _printed(self, source: str) -> str:
        printed = io.StringIO()
        code = compile(source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
        with redirect_stdout(printed):
            result = eval(code, self._names)
            if inspect.iscoroutine(result):
                self._loop.run_until_complete(result)
        return printed.getvalue()

    def close(self) -> None:
        self._client.close()
        self._loop.run_until_complete(self._aclient.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


@pytest.mark.parametrize(
    "name", sorted(n for n, text in DOCSTRINGS.items() if "\nExample:\n" in text)
)
def test_the_example_does_what_it_shows(name: str, prompt: Prompt) -> None:
    _, _, example = DOCSTRINGS[name].partition("\nExample:\n")
    steps = doctest.DocTestParser().get_examples(example)
    assert steps, f"{name} has no example"
    if name == "run":  # it tells of the extra itself, and ends
        pytest.importorskip("typer")

    for step in steps:
        wanted = step.exc_msg or step.want
        with skip_without_extra():
            printed = prompt.run(step.source, raises=step.exc_msg is not None)
        assert OUTPUT.check_output(wanted, printed, doctest.ELLIPSIS), step.source + printed


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_every_argument_is_told_of(name: str) -> None:
    told = re.findall(r"^ {4}\*{0,2}(\w+):", DOCSTRINGS[name], re.MULTILINE)

    assert set(ARGUMENTS[name]) <= set(told)
