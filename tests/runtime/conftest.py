"""Every runtime test that takes `connect` runs against both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    made = Connect(request.param)
    yield made
    made.close()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are noted instead of waited."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("clientgen_runtime._client.sleep", waits.append)
    monkeypatch.setattr("clientgen_runtime._client.async_sleep", note)
    return waits
