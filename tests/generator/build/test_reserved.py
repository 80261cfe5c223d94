"""Names that the runtime has a use for are not given to anything else."""

from __future__ import annotations

import inspect

from clientgen.build import CLIENT_NAMES, RESOURCE_NAMES
from clientgen.build._api import CLIENT_ARGUMENTS
from clientgen.build._arguments import OPTION_NAMES
from clientgen_runtime import AsyncClient, Client, ClientOptions, RequestOptions
from clientgen_runtime.sdk import AsyncResource, Resource


def public(*classes: type) -> set[str]:
    return {name for each in classes for name in dir(each) if not name.startswith("_")}


def test_credentials_are_not_called_like_arguments_of_clients() -> None:
    arguments = set(inspect.signature(Client).parameters) | set(ClientOptions.__annotations__)

    assert arguments <= CLIENT_ARGUMENTS


def test_arguments_are_not_called_like_options_of_calls() -> None:
    assert set(RequestOptions.__annotations__) <= OPTION_NAMES


def test_resources_are_not_called_like_what_clients_have() -> None:
    assert public(Client, AsyncClient) <= CLIENT_NAMES


def test_methods_are_not_called_like_what_resources_have() -> None:
    assert public(Resource, AsyncResource) <= RESOURCE_NAMES
