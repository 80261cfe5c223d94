"""A server in the process for tests, which answers as Pet Store describes.

The library that makes up data comes with `clientgen-runtime[testing]`.
"""

from __future__ import annotations

from clientgen_runtime import testing

from ._client import API, AsyncPetStore, PetStore


class FakeServer(testing.FakeServer[PetStore, AsyncPetStore]):
    """Knows the operations of Pet Store and answers with valid data."""

    client_type = PetStore
    async_client_type = AsyncPetStore
    api = API


fake_server = testing.server_fixture(FakeServer)
"""The fixture `fake_server`, for tests that have `pytest_plugins = ['pet_store.testing']`."""
