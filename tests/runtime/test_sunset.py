"""What a server says of the end of an endpoint is logged once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import Headers, sdk
from clientgen_runtime._policies.sunset import end_of, path_of
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from tests.runtime.driving import Connect

RETRIEVE: sdk.Operation[Any] = sdk.Operation("GET", "/pets/{petId}", {"200": lambda: dict})
ENDING = httpx.Response(
    200,
    json={},
    headers={
        "Deprecation": "@1688169599",
        "Sunset": "Sat, 31 Dec 2095 23:59:59 GMT",
        "Link": '</next>; rel="successor-version", </docs?key=s3cret>; rel="deprecation"',
    },
)


@pytest.fixture
def _logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "clientgen_runtime")


@pytest.mark.usefixtures("_logged")
def test_the_end_of_an_endpoint_is_told_once(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(Server(ENDING), request_id=None)

    client._call(RETRIEVE, path=(7,))
    client.with_options(timeout=3)._call(RETRIEVE, path=(8,))
    client.get("/dogs")

    assert caplog.messages == [
        f"GET {endpoint}: is deprecated since 2023-06-30 and will be gone on 2095-12-31; "
        "see https://pets.example/docs?key=***"
        for endpoint in ("/pets/{petId}", "/v1/dogs")
    ]


@pytest.mark.usefixtures("_logged")
def test_it_is_told_of_each_server_to_each_client(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    for client in (connect(Server(ENDING)), connect(Server(ENDING))):
        for url in ("/dogs", "https://other.example/v1/dogs", "/dogs"):
            client.get(url)

    told = [record.__dict__["url"] for record in caplog.records]
    assert told == ["https://pets.example/v1/dogs", "https://other.example/v1/dogs"] * 2


@pytest.mark.usefixtures("_logged")
def test_the_line_begins_with_the_id_of_the_request(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    connect(Server(ENDING), request_id=lambda: "id-1").get("/dogs")

    (record,) = caplog.records
    assert record.getMessage().startswith("[id-1] GET /v1/dogs: ")
    assert record.__dict__["request_id"] == "id-1"


@pytest.mark.usefixtures("_logged")
def test_endpoints_without_a_template_are_told_apart_without_their_ids(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(Server(ENDING))

    for pet in (7, 8):
        client.get(f"/pets/{pet}")

    assert len(caplog.messages) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"Deprecation": "@4102444800"}, "will be deprecated on 2100-01-01"),
        ({"Deprecation": "true"}, "is deprecated"),
        ({"Deprecation": "?0"}, ""),
        ({"Deprecation": "Fri, 11 Nov 2022 23:59:59 GMT"}, "is deprecated since 2022-11-11"),
        ({"Deprecation": "@999999999999"}, "is deprecated"),
        ({"Sunset": "Sat, 31 Dec 2022 23:59:59 GMT"}, "is to be gone now"),
        ({"Sunset": "Sat, 31 Dec 2095 23:59:59"}, "will be gone on 2095-12-31"),
        ({"Sunset": "soon"}, ""),
    ],
)
def test_dates_of_every_kind_are_read(fields: dict[str, str], said: str) -> None:
    assert end_of(Headers(fields)) == said


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/v1/pets/7/toys?x=1", "/v1/pets/{}/toys"),
        ("https://a.example/users/0af7651916cd43dd8448eb211c80319c", "/users/{}"),
        ("https://a.example", "/"),
    ],
)
def test_ids_are_no_part_of_an_endpoint(url: str, path: str) -> None:
    assert path_of(url) == path
