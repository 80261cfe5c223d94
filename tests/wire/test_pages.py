"""Lists that come page by page: what is asked for, and what is read of each answer."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.recorder import Answer

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "pages.yaml"
covers = pytest.mark.covers

XML = "application/xml"
A, B, C = ({"id": each} for each in "abc")


def serve(wire: Wire, *bodies: object, headers: tuple[dict[str, str], ...] = ()) -> None:
    """Answer with these bodies in turn."""
    given = headers or ({},) * len(bodies)
    wire.server.answers = [
        Answer(body=json.dumps(body).encode(), headers=fields)
        for body, fields in zip(bodies, given, strict=True)
    ]


def ids(page: Any) -> list[str]:
    """Ids of the pets on all pages."""
    return [pet.id for pet in page]


def targets(wire: Wire) -> list[str]:
    """What was asked for."""
    return [sent.target for sent in wire.server.requests]


def pagination(wire: Wire, call: str) -> Any:
    """What `inspect` says of a call's pages."""
    told: Any = wire.sdk.inspection["operations"]
    return next(each["pagination"] for each in told if each["call"] == call)


@covers("pages: a cursor in the body")
def test_a_cursor_in_the_body_is_a_parameter_of_the_next_request(wire: Wire) -> None:
    serve(wire, {"data": [A, B], "meta": {"next_cursor": "a/b=", "total": 3}}, {"data": [C]})

    page = wire.call("cursor.pets.list", limit=2, colour=["red", "blue"])

    assert (type(page.items[0]).__name__, page.body.meta.total, page.total) == ("Pet", 3, 3)
    assert ids(page) == ["a", "b", "c"]
    assert targets(wire) == [
        "/cursor/pets?limit=2&colour=red&colour=blue",
        "/cursor/pets?limit=2&colour=red&colour=blue&cursor=a%2Fb%3D",
    ]
    assert pagination(wire, "cursor.pets.list") == {
        "style": "cursor",
        "items": "data",
        "request": "cursor",
        "next": "meta.next_cursor",
        "total": "meta.total",
        "reason": "parameter 'cursor' takes 'meta.next_cursor' of the answer",
        "confidence": 0.95,
    }


@covers("pages: the id of the last item")
def test_the_id_of_the_last_item_is_a_parameter_of_the_next_request(wire: Wire) -> None:
    serve(wire, {"data": [A, B], "has_more": True}, {"data": [C], "has_more": False})

    assert ids(wire.call("last.pets.list", limit=2)) == ["a", "b", "c"]
    assert targets(wire) == ["/last/pets?limit=2", "/last/pets?limit=2&starting_after=b"]
    assert pagination(wire, "last.pets.list")["next"] == "last id of data"


@covers("pages: offset and limit")
def test_an_offset_counts_what_was_read(wire: Wire) -> None:
    serve(wire, [A, B], [C], [])

    assert ids(wire.call("offset.pets.list", top=2)) == ["a", "b", "c"]
    assert targets(wire) == [
        "/offset/pets?%24top=2",
        "/offset/pets?%24top=2&%24skip=2",
        "/offset/pets?%24top=2&%24skip=3",
    ]


@covers("pages: page number in a deep object")
def test_a_page_number_may_be_in_a_deep_object(wire: Wire) -> None:
    serve(wire, {"items": [A, B], "total_pages": 3}, {"items": [C], "total_pages": 3})

    assert ids(wire.call("page.pets.list", page={"number": 2, "size": 2})) == ["a", "b", "c"]
    assert targets(wire) == [
        "/page/pets?page%5Bnumber%5D=2&page%5Bsize%5D=2",
        "/page/pets?page%5Bnumber%5D=3&page%5Bsize%5D=2",
    ]


@covers("pages: Link header")
def test_a_link_header_leads_to_the_next_page(wire: Wire) -> None:
    link = {"Link": f'<{wire.server.url}/link/pets?p=2>; rel="next", </x>; rel="last"'}
    serve(wire, [A, B], [C], headers=(link, {}))

    assert ids(wire.call("link.pets.list")) == ["a", "b", "c"]
    assert targets(wire) == ["/link/pets", "/link/pets?p=2"]


@covers("pages: next URL in the body")
def test_a_next_url_is_asked_for_as_it_is(wire: Wire) -> None:
    next_url = f"{wire.server.url}/next/pets?$skiptoken=b%20c"
    serve(wire, {"value": [A, B], "@odata.nextLink": next_url}, {"value": [C]})

    assert ids(wire.call("next.pets.list", filter="x")) == ["a", "b", "c"]
    assert targets(wire) == ["/next/pets?%24filter=x", "/next/pets?$skiptoken=b%20c"]


@covers("pages: nested items and links")
def test_items_and_links_may_be_nested(wire: Wire) -> None:
    first = {"nestedItems": {"pets": [A, B]}, "nestedNext": {"next": "/nested/pets/2"}}
    serve(wire, first, {"nestedItems": {"pets": [C]}})

    assert ids(wire.call("nested.pets.list")) == ["a", "b", "c"]
    assert targets(wire) == ["/nested/pets", "/nested/pets/2"]


@covers("pages: tokens in headers")
def test_a_token_goes_from_header_to_header(wire: Wire) -> None:
    serve(wire, {"pets": [A, B]}, {"pets": [C]}, headers=({"next-token": "t2"}, {}))

    assert ids(wire.call("headers.pets.list", foo="foo", bar="bar")) == ["a", "b", "c"]
    assert targets(wire) == ["/headers/pets?bar=bar"] * 2
    assert [sent.header("token") for sent in wire.server.requests] == [None, "t2"]
    assert [sent.header("foo") for sent in wire.server.requests] == ["foo", "foo"]


@covers("pages: token in the body of a search")
def test_a_token_goes_into_the_body(wire: Wire) -> None:
    serve(wire, {"pets": [A, B], "nextPageToken": "t2"}, {"pets": [C]})

    assert ids(wire.call("search.pets.create", name="Rex")) == ["a", "b", "c"]
    assert [sent.body for sent in wire.server.requests] == [
        b'{"name":"Rex"}',
        b'{"name":"Rex","pageToken":"t2"}',
    ]
    assert pagination(wire, "search.pets.create")["style"] == "token_body"


@covers("pages: XML")
def test_pages_may_be_xml(wire: Wire) -> None:
    pets = ("<Pet><id>a</id></Pet><Pet><id>b</id></Pet>", "<Pet><id>c</id></Pet>")
    marker = ("<NextMarker>m2</NextMarker>", "")
    bodies = [f"<PetList><Pets>{p}</Pets>{m}</PetList>" for p, m in zip(pets, marker, strict=True)]
    wire.server.answers = [Answer(body=each.encode(), content_type=XML) for each in bodies]

    assert ids(wire.call("xml.pets.list")) == ["a", "b", "c"]
    assert targets(wire) == ["/xml/pets", "/xml/pets?marker=m2"]


@covers("pages: beside other media types")
def test_another_media_type_comes_back_as_it_is(wire: Wire) -> None:
    wire.answer("id\na\n", "text/csv")

    assert wire.call("kinds.pets.list", accept="text/csv") == "id\na\n"
    raw = wire.call("kinds.pets.with_raw_response.list", accept="text/csv")
    assert raw.parse() == "id\na\n"

    wire.answer("[]")

    assert ids(wire.call("kinds.pets.list")) == []


@covers("pages: none without a way to go on")
def test_a_list_without_a_way_to_go_on_is_a_list(wire: Wire) -> None:
    wire.answer(json.dumps([A]))

    assert wire.call("all.pets.list", limit=1) == [wire.models.Pet(id="a")]
    assert pagination(wire, "all.pets.list") is None


@covers("pages: one after the other by hand")
def test_pages_are_walked_by_hand(wire: Wire) -> None:
    serve(wire, {"data": [A, B], "meta": {"next_cursor": "t2"}}, {"data": [C], "extra": 1})

    first = wire.call("cursor.pets.list")
    second = first.get_next_page()

    assert (first.has_next_page(), second.has_next_page()) == (True, False)
    assert (len(second.items), second.body.to_dict()["extra"]) == (1, 1)


@covers("pages: whole responses")
def test_a_whole_response_gives_its_page(wire: Wire) -> None:
    serve(wire, {"data": [A, B], "meta": {"next_cursor": "t2"}}, {"data": [C]})

    raw = wire.call("cursor.pets.with_raw_response.list")

    assert raw.status_code == 200
    assert ids(wire.drive(raw.parse())) == ["a", "b", "c"]


@covers("pages: iterated without await")
def test_an_async_list_is_iterated_without_await(wire: Wire) -> None:
    serve(wire, {"data": [A, B], "meta": {"next_cursor": "t2"}}, {"data": [C]})

    async def read() -> list[str]:
        async with wire.sdk.async_client(base_url=wire.server.url) as client:
            listed: Any = client
            return [pet.id async for pet in listed.cursor.pets.list()]

    assert asyncio.run(read()) == ["a", "b", "c"]
