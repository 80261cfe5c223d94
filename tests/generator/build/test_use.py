"""What users of a package do with it beside calls."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.generated import Sdk, clientgen, generated
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

PET = {"id": 7, "name": "Rex", "kind": "dog", "tags": [{"name": "calm"}], "mood": "good"}


def answer(request: httpx.Request) -> httpx.Response:
    headers = {"X-Request-ID": "req-7"}
    if request.url.path == "/pets/8":
        return httpx.Response(404, json={"title": "none"}, headers=headers)
    return httpx.Response(
        200, json=PET if request.url.path == "/pets/7" else [PET], headers=headers
    )


@pytest.fixture(scope="module")
def sdk() -> Sdk:
    return generated(SAMPLES / "pet_store.yaml")


@pytest.fixture(scope="module")
def client(sdk: Sdk) -> Any:
    transport = httpx.MockTransport(answer)
    return sdk.client(base_url="https://pets.example", transport=transport, auth=("bearer", "t"))


def test_dictionaries_may_hold_models_and_values(sdk: Sdk) -> None:
    sent: list[Any] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(201, json=PET)

    client: Any = sdk.client(
        base_url="https://pets.example", transport=httpx.MockTransport(keep), auth=("bearer", "t")
    )
    tags = [sdk.module.models.Tag(name="calm"), {"name": "big"}]
    client.pets.create(body={"name": "Ida", "born": date(2026, 1, 2), "tags": tags})

    wanted = [{"name": "calm"}, {"name": "big"}]
    assert sent == [{"name": "Ida", "born": "2026-01-02", "tags": wanted}]


@pytest.mark.parametrize(
    "same", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_results_can_be_copied_and_pickled(client: Any, same: Any) -> None:
    pet = client.pets.retrieve(7)

    assert same(pet) == pet
    assert same(pet).to_dict() == PET


def test_results_are_printed_as_what_they_are(client: Any) -> None:
    pet = client.pets.retrieve(7)

    assert repr(pet).startswith("Pet(name='Rex', kind='dog'")
    assert "mood='good'" in repr(pet)


def test_names_are_listed_before_they_are_loaded(sdk: Sdk, client: Any) -> None:
    assert {"Pet", "NewPet", "Tag"} <= set(dir(sdk.module.models))
    assert {"pets", "health", "with_options"} <= set(dir(client))
    assert {"create", "photos", "with_raw_response"} <= set(dir(client.pets))


def test_names_that_there_are_not_are_told(sdk: Sdk) -> None:
    with pytest.raises(AttributeError, match="Pat"):
        sdk.module.models.Pat


def test_the_id_of_a_request_is_at_hand_wherever_there_is_a_response(sdk: Sdk, client: Any) -> None:
    with pytest.raises(sdk.module.NotFoundError) as caught:
        client.pets.retrieve(8)

    assert client.pets.with_raw_response.retrieve(7).request_id == "req-7"
    assert client.pets.list().response.request_id == "req-7"
    assert caught.value.request_id == "req-7"


def test_variants_have_resources_of_their_own_on_the_same_connections(client: Any) -> None:
    variant = client.with_options(timeout=60, headers={"X-A": "b"})

    assert variant.pets is not client.pets
    assert variant.pets.retrieve(7) == client.pets.retrieve(7)
    assert variant._transport is client._transport


def test_the_page_of_all_calls_has_all_calls(sdk: Sdk, tmp_path: Path) -> None:
    clientgen("generate", str(SAMPLES / "pet_store.yaml"), "-o", str(tmp_path))
    page = (tmp_path / "api.md").read_text(encoding="utf-8")

    operations = sdk.inspection["operations"]
    assert isinstance(operations, list)
    calls: list[Any] = operations
    assert all(f"`client.{each['call']}(" in page for each in calls)
