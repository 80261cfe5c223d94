"""Every call under `pets` works, against the package's own fake server."""

import asyncio

import pytest

from pet_store.testing import FakeServer

CALLS = ["pets.list", "pets.create", "pets.retrieve", "pets.update", "pets.delete", "pets.feed"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_a_call_is_answered(call: str) -> None:
    FakeServer().check(call)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_an_async_call_is_answered(call: str) -> None:
    asyncio.run(FakeServer().acheck(call))
