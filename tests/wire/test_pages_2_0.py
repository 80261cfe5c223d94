"""Lists that come page by page, as documents of Swagger 2.0 state them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.recorder import Answer

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "pages_2_0.json"
covers = pytest.mark.covers


def serve(wire: Wire) -> None:
    """Answer with two pages."""
    more = f"{wire.server.url}/more?skip=1"
    pages = ({"pets": [{"id": "a"}], "more": more}, {"pets": [{"id": "b"}]})
    wire.server.answers = [Answer(body=json.dumps(page).encode()) for page in pages]


@covers("pages: x-ms-pageable")
def test_a_stated_next_link_is_followed(wire: Wire) -> None:
    serve(wire)

    assert [pet.id for pet in wire.call("pets.list", api_version="1")] == ["a", "b"]
    assert [sent.target for sent in wire.server.requests] == ["/pets?api-version=1", "/more?skip=1"]


@covers("pages: x-ms-pageable of a search")
def test_a_stated_next_link_is_read_with_get(wire: Wire) -> None:
    serve(wire)

    assert [pet.id for pet in wire.call("pets.search", name="Rex")] == ["a", "b"]
    first, second = wire.server.requests
    assert (first.method, first.body) == ("POST", b'{"name":"Rex"}')
    assert (second.method, second.body, second.header("content-type")) == ("GET", b"", None)


@covers("pages: x-ms-pageable of a single page")
def test_a_stated_single_page_is_an_answer(wire: Wire) -> None:
    wire.answer('{"pets": [{"id": "a"}]}')

    assert len(wire.call("pets.all").pets) == 1
