"""Every call works, against the package's own fake server."""

import asyncio

import pytest

from pet_store.testing import FakeServer

every = pytest.mark.parametrize("call", FakeServer().operations)
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")


@every
def test_a_call_is_answered(call: str) -> None:
    FakeServer().check(call)


@every
def test_an_async_call_is_answered(call: str) -> None:
    asyncio.run(FakeServer().acheck(call))
