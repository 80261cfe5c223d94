"""What one typed call costs beside the same written by hand with httpx, in memory.

python -m tests.benchmarks.typed_call
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from pydantic import BaseModel

from clientgen_runtime.sdk import AsyncClient, Client, Operation
from tests.benchmarks._measure import Table
from tests.benchmarks._rounds import compare

CALLS = 1000
ROUNDS = 15
BASE_URL = "https://pets.example/v1"


class Tag(BaseModel):
    name: str


class Pet(BaseModel):
    id: int
    name: str
    tags: list[Tag] = []


BODY = json.dumps({"id": 7, "name": "Rex", "tags": [{"name": "dog"}]}).encode()
RETRIEVE: Operation[Pet] = Operation(
    "GET", "/pets/{petId}", {"200": {"application/json": lambda: Pet}}
)


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=BODY, headers={"Content-Type": "application/json"})


def by_hand() -> None:
    """The calls with `httpx.Client`."""
    with httpx.Client(base_url=BASE_URL, transport=httpx.MockTransport(answer)) as client:
        for number in range(CALLS):
            response = client.get(f"/pets/{number}", params={"expand": "tags", "limit": 3})
            response.raise_for_status()
            Pet.model_validate_json(response.content)


def by_runtime() -> None:
    """The calls with `Client`, as generated code makes them."""
    with Client(BASE_URL, transport=httpx.MockTransport(answer)) as client:
        for number in range(CALLS):
            client._call(RETRIEVE, path=(number,), query={"expand": "tags", "limit": 3})


async def _by_hand() -> None:
    async with httpx.AsyncClient(
        base_url=BASE_URL, transport=httpx.MockTransport(answer)
    ) as client:
        for number in range(CALLS):
            response = await client.get(f"/pets/{number}", params={"expand": "tags", "limit": 3})
            response.raise_for_status()
            Pet.model_validate_json(response.content)


async def _by_runtime() -> None:
    async with AsyncClient(BASE_URL, transport=httpx.MockTransport(answer)) as client:
        for number in range(CALLS):
            await client._call(RETRIEVE, path=(number,), query={"expand": "tags", "limit": 3})


def _run(main: Any) -> Any:
    return lambda: asyncio.run(main())


def main() -> None:
    """Measure and compare with the bar."""
    taken = compare(
        ROUNDS,
        by_hand=by_hand,
        by_runtime=by_runtime,
        async_by_hand=_run(_by_hand),
        async_by_runtime=_run(_by_runtime),
    )
    for name, seconds in taken.items():
        print(f"{name}: {seconds / CALLS * 1e6:.0f} µs a call")
    table = Table()
    table.row("typed call / httpx.Client by hand", taken["by_runtime"] / taken["by_hand"], 1.0)
    table.row(
        "typed call / httpx.AsyncClient by hand",
        taken["async_by_runtime"] / taken["async_by_hand"],
        1.0,
    )
    table.close()


if __name__ == "__main__":
    main()
