"""What will go away is told once, where the user calls it."""

from __future__ import annotations

import asyncio
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest

from clientgen_runtime import OMIT, AsyncClient, Client
from clientgen_runtime.sdk import Operation

if TYPE_CHECKING:
    from tests.runtime.driving import Connect, Server

OLD = Operation[object]("GET", "/old", deprecated=True)
OLD_PARTS = Operation[object]("GET", "/x", deprecated=("limit", "X-Old"))
TRANSPORT = httpx.MockTransport(lambda _: httpx.Response(204))


def test_a_deprecated_call_warns_once_at_the_line_of_the_user() -> None:
    with (
        Client("https://pets.example", transport=TRANSPORT) as client,
        pytest.warns(DeprecationWarning, match="GET /old is deprecated") as told,
    ):
        [client._call(OLD) for _ in range(2)]

    assert [warning.filename for warning in told] == [__file__]


def test_an_awaited_call_warns_at_the_line_of_the_user() -> None:
    async def use() -> None:
        async with AsyncClient("https://pets.example", transport=TRANSPORT) as client:
            await client._call(OLD)

    with pytest.warns(DeprecationWarning, match="GET /old is deprecated") as told:
        asyncio.run(use())

    assert [warning.filename for warning in told] == [__file__]


def test_a_deprecated_argument_warns_when_it_is_given(connect: Connect, server: Server) -> None:
    client = connect(server)

    with pytest.warns(DeprecationWarning, match="the parameter 'limit' is deprecated") as told:
        client._call(OLD_PARTS, query={"limit": 1}, headers={"X-Old": OMIT})

    assert len(told) == 1


def test_what_is_not_deprecated_is_quiet(connect: Connect, server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        connect(server)._call(OLD_PARTS, query={"limit": OMIT, "page": 1})
