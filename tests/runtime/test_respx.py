"""respx, which most users of httpx test with, sees what the runtime sends."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clientgen_runtime import AsyncClient, Client, ConnectionError  # noqa: A004

respx: Any = pytest.importorskip("respx")


@respx.mock  # type: ignore[untyped-decorator]
def test_respx_answers_a_client() -> None:
    route = respx.get("https://api.example.com/users/1").mock(
        return_value=httpx.Response(200, json={"id": 1})
    )

    with Client("https://api.example.com") as client:
        assert client.get("/users/1").json() == {"id": 1}
    assert route.call_count == 1


@respx.mock  # type: ignore[untyped-decorator]
async def call_async() -> object:
    respx.get("https://api.example.com/users/1").mock(side_effect=httpx.ConnectError)
    async with AsyncClient("https://api.example.com", retry=None) as client:
        try:
            return (await client.get("/users/1")).json()
        except ConnectionError:
            return "refused"


def test_respx_fails_an_async_client() -> None:
    import asyncio

    assert asyncio.run(call_async()) == "refused"
