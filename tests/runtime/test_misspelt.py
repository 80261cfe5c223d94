"""An argument that nothing takes is refused, as Python refuses those of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import Client
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from tests.runtime.driving import Connect


def test_an_argument_of_a_call_that_does_not_exist(connect: Connect) -> None:
    server = Server()

    with pytest.raises(TypeError, match=r"get\(\) got .* 'timeot'; did you mean 'timeout'\?"):
        connect(server).get("/pets", timeot=3)

    assert server.requests == []


def test_an_argument_of_a_client_that_does_not_exist() -> None:
    with pytest.raises(TypeError, match=r"the client got .* 'base_uri'"):
        Client("https://pets.example", base_uri="https://other.example")  # type: ignore[call-arg]


def test_an_option_of_a_client_that_does_not_exist(connect: Connect) -> None:
    with pytest.raises(TypeError, match=r"the client got .* 'retries'; did you mean 'retry'"):
        connect(Server()).with_options(retries=3)


@pytest.mark.parametrize(
    ("name", "own"),
    [("max_retries", "retry"), ("api_key", "auth"), ("default_headers", "headers")],
)
def test_names_of_other_libraries_are_known(name: str, own: str) -> None:
    options: dict[str, Any] = {name: 3}

    with pytest.raises(TypeError, match=f"{name!r}; did you mean {own!r}"):
        Client("https://api.test", **options)
