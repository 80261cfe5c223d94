"""The test server can tell a good request from a bad one; else it would prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.samples import sample
from tests.support.server import DocumentServer

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = {"X-API-Key": "k"}
TOKEN = {"Authorization": "Bearer t"}


@pytest.fixture
def shop() -> Iterator[DocumentServer]:
    with DocumentServer(sample("pet_store.yaml")) as server:
        yield server


def ask(server: DocumentServer, method: str, path: str, **more: object) -> httpx.Response:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        return client.request(method, path, **more)  # type: ignore[arg-type]


def test_a_good_request_gets_the_example(shop: DocumentServer) -> None:
    answer = ask(shop, "GET", "/pets/7", headers=KEY)

    assert (answer.status_code, answer.json()["name"]) == (200, "Rex")


def test_an_encoded_slash_stays_in_its_parameter() -> None:
    with DocumentServer(sample("bookshop.yaml")) as server:
        ask(server, "GET", "/v1/orders/2024%2F117", headers={"Cookie": "session=s"})

    assert server.last.problems == ()


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("GET", "/nothing", {"headers": KEY}),
        ("GET", "/pets/seven", {"headers": KEY}),
        ("GET", "/pets/7", {}),
        ("GET", "/pets?limit=1000", {"headers": KEY}),
        ("GET", "/pets?colour=red", {"headers": KEY}),
        ("GET", "/pets", {"headers": {**KEY, "Content-Type": "text/plain"}}),
        ("DELETE", "/pets/7", {"headers": TOKEN, "content": b"{}"}),
        ("POST", "/pets", {"headers": TOKEN}),
        ("POST", "/pets", {"headers": TOKEN, "json": {}}),
        ("POST", "/pets", {"headers": TOKEN, "json": {"name": "Rex", "kind": "fish"}}),
        ("POST", "/pets", {"headers": TOKEN, "data": {"name": "Rex"}}),
        ("PATCH", "/pets/7", {"headers": TOKEN, "json": {"born": "yesterday"}}),
    ],
)
def test_a_bad_request_is_refused(
    shop: DocumentServer, method: str, path: str, more: dict[str, object]
) -> None:
    answer = ask(shop, method, path, **more)

    assert answer.status_code == 418
    assert shop.last.problems


@pytest.mark.parametrize("method", ["QUERY", "COPY"])
def test_methods_of_openapi_3_2_are_known(method: str) -> None:
    path, body = {"QUERY": ("/stars", {}), "COPY": ("/stars/Vega", {"atlas": "south"})}[method]
    with DocumentServer(sample("modern_3_2.yaml")) as server:
        ask(server, method, path, headers={"X-Observer": "o"}, json=body)

    assert server.last.problems == ()


def test_another_declared_answer_can_be_asked_for(shop: DocumentServer) -> None:
    shop.status = "404"

    assert ask(shop, "GET", "/pets/8", headers=KEY).json()["title"] == "Not found"
