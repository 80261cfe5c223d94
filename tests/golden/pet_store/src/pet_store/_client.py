"""The clients of Pet Store."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from clientgen_runtime.sdk import Api, ApiKey, AsyncClient, Client, HttpAuth, Server

if TYPE_CHECKING:
    from clientgen_runtime.sdk import ClientOptions, Secret
    from typing_extensions import Unpack

    from .resources.health import AsyncHealth, Health
    from .resources.pets import AsyncPets, Pets

API = Api(
    title="Pet Store",
    version="1.0.0",
    package="pet_store",
    env_prefix="PET_STORE_",
    servers=(Server("https://api.pets.example/v1"), Server("https://sandbox.pets.example/v1")),
    schemes={"apiKey": ApiKey(name="X-API-Key", location="header"), "keeperToken": HttpAuth(scheme="bearer")},
    security=(("apiKey",), ("keeperToken",)),
    arguments={"apiKey": ("api_key",), "keeperToken": ("token",)},
)


class PetStore(Client):
    """Keeps the pets of a small shop.

    Reading needs an API key. Changing something needs the token of a keeper.
    """

    def __init__(
        self,
        *,
        api_key: Secret | None = None,
        token: Secret | None = None,
        base_url: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Make a client; close it when done, or use it in a `with` block.

        Args:
            api_key: The key of a visitor; `PET_STORE_API_KEY` when not given.
            token: The token of a keeper; `PET_STORE_TOKEN` when not given.
            base_url: Where the API is; `PET_STORE_BASE_URL` or the document's server when not given.
            options: Further arguments of `clientgen_runtime.Client`.
        """
        credentials: dict[str, object] = {"apiKey": api_key, "keeperToken": token}
        super().__init__(base_url, api=API, credentials=credentials, **options)

    @cached_property
    def pets(self) -> Pets:
        """Everything about the pets of the shop."""
        from .resources.pets import Pets

        return Pets(self)

    @cached_property
    def health(self) -> Health:
        """Calls under `health`."""
        from .resources.health import Health

        return Health(self)


class AsyncPetStore(AsyncClient):
    """Keeps the pets of a small shop.

    Reading needs an API key. Changing something needs the token of a keeper.
    """

    def __init__(
        self,
        *,
        api_key: Secret | None = None,
        token: Secret | None = None,
        base_url: str | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Make a client; close it when done, or use it in a `with` block.

        Args:
            api_key: The key of a visitor; `PET_STORE_API_KEY` when not given.
            token: The token of a keeper; `PET_STORE_TOKEN` when not given.
            base_url: Where the API is; `PET_STORE_BASE_URL` or the document's server when not given.
            options: Further arguments of `clientgen_runtime.AsyncClient`.
        """
        credentials: dict[str, object] = {"apiKey": api_key, "keeperToken": token}
        super().__init__(base_url, api=API, credentials=credentials, **options)

    @cached_property
    def pets(self) -> AsyncPets:
        """Everything about the pets of the shop."""
        from .resources.pets import AsyncPets

        return AsyncPets(self)

    @cached_property
    def health(self) -> AsyncHealth:
        """Calls under `health`."""
        from .resources.health import AsyncHealth

        return AsyncHealth(self)
