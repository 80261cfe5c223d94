"""Lists page by page: on what a server says, and within what bounds."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pydantic
import pytest

from clientgen_runtime import AsyncClient, ConfigurationError, HTTPError, ResponseError, RetryConfig
from clientgen_runtime.sdk import ApiModel, Operation, Pages
from tests.runtime.driving import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.runtime.driving import Connect


class Pets:
    """A server of pets 1 to 5, two on a page, which keeps what was asked."""

    def __init__(self, answer: Callable[[httpx.Request, int], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request, len(self.requests))

    @property
    def targets(self) -> list[str]:
        return [request.url.raw_path.decode() for request in self.requests]


def page(number: int, **more: object) -> httpx.Response:
    """The page of this number: `[1, 2]`, `[3, 4]`, `[5]`, and empty ones after it."""
    items = [n for n in (2 * number - 1, 2 * number) if n <= 5]
    return httpx.Response(200, json={"data": items, **more})


def chunks(text: str) -> BytesIO:
    """A body that is sent piece by piece."""
    return BytesIO(text.encode())


# --- Styles ------------------------------------------------------------------------------------


def test_a_cursor_is_taken_until_there_is_none(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, meta={"next": f"c {n}" if n < 3 else None}))
    first = connect(pets).paginate(
        "GET", "/pets?limit=2", items="data", request="cursor", next="meta.next"
    )

    assert list(first) == [1, 2, 3, 4, 5]
    assert pets.targets == [
        "/v1/pets?limit=2",
        "/v1/pets?limit=2&cursor=c%201",
        "/v1/pets?limit=2&cursor=c%202",
    ]


def test_the_id_of_the_last_item_is_a_cursor(connect: Connect) -> None:
    def answer(_: httpx.Request, n: int) -> httpx.Response:
        items = [{"id": id_} for id_ in (f"p{2 * n - 1}", f"p{2 * n}")]
        return httpx.Response(200, json={"data": items, "has_more": n < 2})

    pets = Pets(answer)
    first = connect(pets).paginate(
        "GET", "/pets", items="data", request="starting_after", last="id", more="has_more"
    )

    assert [pet["id"] for pet in first] == ["p1", "p2", "p3", "p4"]
    assert pets.targets == ["/v1/pets", "/v1/pets?starting_after=p2"]


def test_an_offset_counts_items_until_a_page_is_empty(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n))
    first = connect(pets).paginate(
        "GET", "/pets", items="data", style="offset", request="offset", params={"offset": 0}
    )

    assert list(first) == [1, 2, 3, 4, 5]
    assert pets.targets == [f"/v1/pets?offset={offset}" for offset in (0, 2, 4, 5)]


def test_a_total_saves_the_request_for_the_empty_page(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, total=5))
    first = connect(pets).paginate(
        "GET", "/pets", style="offset", items="data", request="skip", total="total"
    )

    assert (first.total, list(first), len(pets.requests)) == (5, [1, 2, 3, 4, 5], 3)


def test_a_total_that_cannot_be_is_not_believed(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, total=0))
    first = connect(pets).paginate(
        "GET", "/pets", style="offset", items="data", request="skip", total="total"
    )

    assert list(first) == [1, 2, 3, 4, 5]


def test_an_offset_may_count_from_one(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, total=5))
    first = connect(pets).paginate(
        "GET", "/pets", style="offset", items="data", request="startIndex", total="total", start=1
    )

    assert list(first) == [1, 2, 3, 4, 5]
    assert pets.targets[1:] == ["/v1/pets?startIndex=3", "/v1/pets?startIndex=5"]


def test_pages_are_counted_from_the_one_that_was_asked_for(connect: Connect) -> None:
    pets = Pets(lambda request, _: page(int(request.url.params["page"]), pages=3))
    first = connect(pets).paginate(
        "GET",
        "/pets",
        style="page",
        items="data",
        request="page",
        more="pages",
        params={"page": 2, "per_page": 2},
    )

    assert list(first) == [3, 4, 5]
    assert pets.targets == ["/v1/pets?page=2&per_page=2", "/v1/pets?page=3&per_page=2"]


def test_the_answer_may_tell_the_number_of_its_page(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, at=n - 1))
    first = connect(pets).paginate(
        "GET", "/pets", style="page", items="data", request="page", current="at"
    )

    assert list(first) == [1, 2, 3, 4, 5]
    assert pets.targets[1:3] == ["/v1/pets?page=1", "/v1/pets?page=2"]


def test_a_total_ends_numbered_pages(connect: Connect) -> None:
    pets = Pets(lambda _, n: httpx.Response(200, json=page(n).json()["data"], headers=TOTAL))
    first = connect(pets).paginate("GET", "/pets", style="page", request="page")

    assert (first.total, list(first), len(pets.requests)) == (5, [1, 2, 3, 4, 5], 3)


TOTAL = {"X-Total-Count": "5"}


def test_a_link_header_is_followed(connect: Connect) -> None:
    links = [
        '<https://pets.example/v1/pets?page=2>; rel="next last", </v1/pets>; rel=first',
        '</other>; rel=next; anchor="#part", <?page=3>; title="a, b"; REL="Next"',
        '</v1/pets>; rel="first"',
    ]
    pets = Pets(lambda _, n: httpx.Response(200, json=[n], headers={"Link": links[n - 1]}))

    assert list(connect(pets).paginate("GET", "/pets")) == [1, 2, 3]
    assert pets.targets == ["/v1/pets", "/v1/pets?page=2", "/v1/pets?page=3"]


def test_a_link_header_ends_numbered_pages(connect: Connect) -> None:
    last = {"Link": '</v1/pets?page=1>; rel="prev"'}
    pets = Pets(lambda _, n: httpx.Response(200, json=[n], headers=last if n == 2 else {}))

    assert list(connect(pets).paginate("GET", "/pets", style="page", request="page")) == [1, 2]


@pytest.mark.parametrize(
    "link",
    [
        {"@odata.nextLink": "https://pets.example/v1/pets?$skiptoken=b"},
        {"@odata.nextLink": {"href": "?$skiptoken=b"}},
        {
            "@odata.nextLink": [
                {"rel": "self", "href": "?"},
                {"rel": "next", "href": "?$skiptoken=b"},
            ]
        },
    ],
    ids=["url", "object", "list"],
)
def test_a_next_url_keeps_what_it_says(connect: Connect, link: dict[str, Any]) -> None:
    pets = Pets(lambda _, n: page(n, **(link if n == 1 else {})))
    first = connect(pets, params={"api-version": "1"}).paginate(
        "GET", "/pets", items="data", next="@odata.nextLink"
    )

    assert list(first) == [1, 2, 3, 4]
    assert pets.targets == ["/v1/pets?api-version=1", "/v1/pets?$skiptoken=b"]


def test_a_cursor_that_is_a_url_is_followed(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="https://pets.example/v1/more" if n == 1 else None))
    first = connect(pets).paginate("GET", "/pets", items="data", request="cursor", next="next")

    assert (list(first), pets.targets[1]) == ([1, 2, 3, 4], "/v1/more")


def test_tokens_go_from_header_to_header(connect: Connect) -> None:
    def answer(_: httpx.Request, n: int) -> httpx.Response:
        return httpx.Response(200, json=[n], headers={"next-token": "b"} if n == 1 else {})

    pets = Pets(answer)
    first = connect(pets).paginate(
        "GET", "/pets", request="Token", place="header", next="Next-Token", next_in="header"
    )

    assert list(first) == [1, 2]
    assert [request.headers.get("token") for request in pets.requests] == [None, "b"]


def test_a_token_goes_into_a_json_body(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next={"id": 2} if n == 1 else None))
    first = connect(pets).paginate(
        "POST",
        "/search",
        style="token_body",
        items="data",
        request="page.after",
        next="next",
        json={"price": 1.10, "page": {"size": 2}},
    )

    assert list(first) == [1, 2, 3, 4]
    assert json.loads(pets.requests[1].content) == {
        "price": 1.10,
        "page": {"size": 2, "after": {"id": 2}},
    }
    assert pets.requests[1].headers["content-type"] == "application/json"


@pytest.mark.parametrize("make", [str, str.encode, chunks], ids=["text", "bytes", "chunks"])
def test_a_body_that_has_no_place_for_a_token_is_refused(
    connect: Connect, make: Callable[[str], object]
) -> None:
    pets = Pets(lambda *_: page(1, next="b"))
    first = connect(pets).paginate(
        "POST",
        "/search",
        style="token_body",
        items="data",
        request="after",
        next="next",
        content=make("rex"),
    )

    assert first.items == [1, 2]
    with pytest.raises(ConfigurationError):
        list(first)


def test_a_search_without_a_body_gets_one(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="b" if n == 1 else None))
    first = connect(pets).paginate(
        "POST", "/search", style="token_body", items="data", request="after", next="next"
    )

    assert len(list(first)) == 4
    assert pets.requests[1].content == b'{"after":"b"}'
    assert pets.requests[1].headers["content-type"] == "application/json"


def test_a_number_goes_into_a_form(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n))
    first = connect(pets).paginate(
        "POST", "/search", style="page", items="data", request="p", place="body", data={"q": "x"}
    )

    assert len(list(first)) == 5
    assert [request.content for request in pets.requests[:2]] == [b"q=x", b"q=x&p=2"]


# --- Objects -----------------------------------------------------------------------------------


def test_pages_are_walked_by_hand(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="b" if n == 1 else ""))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    assert (first.items, first.has_next_page(), len(pets.requests)) == ([1, 2], True, 1)
    assert first.next_request.url == f"{BASE_URL}/pets?after=b"
    second = first.get_next_page()
    assert (second.items, second.has_next_page(), second.next_request) == ([3, 4], False, None)
    with pytest.raises(ConfigurationError, match="last page"):
        second.get_next_page()


def test_pages_are_asked_for_when_they_are_needed(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next=f"c{n}"))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")
    pages = first.iter_pages()

    assert (next(iter(first)), next(pages).items, len(pets.requests)) == (1, [1, 2], 1)
    assert (next(pages).items, len(pets.requests)) == ([3, 4], 2)


def test_a_page_tells_of_its_answer(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, extra=True))
    first = connect(pets).paginate("GET", "/pets", items="data")

    assert first.body == {"data": [1, 2], "extra": True}
    assert (first.response.status_code, first.request_id, first.total) == (
        200,
        pets.requests[0].headers["x-request-id"],
        None,
    )


def test_items_are_models_when_they_are_asked_for(connect: Connect) -> None:
    class Pet(pydantic.BaseModel):
        id: int

    pets = Pets(lambda *_: httpx.Response(200, json=[{"id": 7}]))

    assert list(connect(pets).paginate("GET", "/pets", item_model=Pet)) == [Pet(id=7)]


@pytest.mark.anyio
async def test_an_async_list_is_iterated_without_await() -> None:
    pets = Pets(lambda _, n: page(n, next="b" if n == 1 else None))
    async with AsyncClient(BASE_URL, transport=httpx.MockTransport(pets)) as client:
        listed = client.paginate("GET", "/pets", items="data", request="after", next="next")

        assert pets.requests == []
        assert [pet async for pet in listed] == [1, 2, 3, 4]
        assert [each.items async for each in listed.iter_pages()] == [[5]]


class Pet(ApiModel):
    id: int


class PetPage(ApiModel):
    pets: list[Pet] | None = None
    next_page: str | None = pydantic.Field(None, alias="nextPage")


LIST: Operation[PetPage] = Operation(
    "GET",
    "/pets",
    {"200": lambda: PetPage},
    pages=Pages("cursor", items="pets", request="page[after]", next="nextPage"),
)


def test_an_operation_gives_typed_pages(connect: Connect) -> None:
    answers = [{"pets": [{"id": 1}], "nextPage": "b", "kept": 1}, {"pets": None}]
    pets = Pets(lambda _, n: httpx.Response(200, json=answers[n - 1]))
    first = connect(pets)._pages(LIST, query={"page[after]": "a"})

    assert first.body == PetPage(pets=[Pet(id=1)], next_page="b", kept=1)  # type: ignore[call-arg]
    assert list(first) == [Pet(id=1)]
    assert pets.targets == ["/v1/pets?page%5Bafter%5D=a", "/v1/pets?page%5Bafter%5D=b"]


class Links(ApiModel):
    next: str


class LinkedPage(ApiModel):
    pets: list[Pet]
    links: Links


def test_a_page_without_the_links_that_it_must_have_is_the_last(connect: Connect) -> None:
    answers = [{"pets": [{"id": 1}], "links": {"next": "/v1/pets?b"}}, {"pets": [{"id": 2}]}]
    pets = Pets(lambda _, n: httpx.Response(200, json=answers[n - 1]))
    way = Pages("next_url", items="pets", next="links.next")
    first = connect(pets)._pages(Operation("GET", "/pets", {"200": lambda: LinkedPage}, pages=way))

    assert list(first) == [Pet(id=1), Pet(id=2)]


# --- Rules of the first call -------------------------------------------------------------------


def test_later_pages_are_asked_for_like_the_first(connect: Connect, slept: list[float]) -> None:
    def answer(_: httpx.Request, n: int) -> httpx.Response:
        return httpx.Response(503) if n == 2 else page(n, next="b" if n == 1 else None)

    pets = Pets(answer)
    first = connect(pets, auth=("bearer", "t")).paginate(
        "GET",
        "/pets",
        items="data",
        request="after",
        next="next",
        headers={"X-Tenant": "7"},
        retry=RetryConfig(max_attempts=2, backoff_factor=0.1),
    )
    list(first)

    assert len(slept) == 1
    for request in pets.requests:
        assert (request.headers["x-tenant"], request.headers["authorization"]) == ("7", "Bearer t")


def test_each_page_has_ids_of_its_own(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="b" if n == 1 else None))
    first = connect(pets).paginate(
        "POST",
        "/search",
        items="data",
        style="token_body",
        request="after",
        next="next",
        json={},
        idempotency_key="k",
    )
    list(first)

    for name in ("x-request-id", "idempotency-key"):
        assert len({request.headers[name] for request in pets.requests}) == 2


def test_an_error_on_a_later_page_is_raised(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="b") if n == 1 else httpx.Response(403))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    with pytest.raises(HTTPError):
        list(first)


@pytest.mark.parametrize(
    ("given", "error"), [({"request": "after"}, ConfigurationError), ({}, ResponseError)]
)
def test_a_next_page_that_is_no_text_is_refused(
    connect: Connect, given: dict[str, str], error: type[Exception]
) -> None:
    pets = Pets(lambda *_: httpx.Response(200, text='{"data": [1], "next": "\\ud800"}'))

    with pytest.raises(error):
        list(connect(pets).paginate("GET", "/x", items="data", next="next", **given))


# --- Bounds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/v1/pets",
        "http://pets.example/v1/pets",
        "https://pets.example:444/v1/pets",
        "https://user:password@pets.example/v1/pets",
        "//other.example/pets",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_a_page_of_another_origin_is_refused(connect: Connect, url: str) -> None:
    pets = Pets(lambda *_: page(1, next=url))
    first = connect(pets, auth=("bearer", "t")).paginate("GET", "/pets", items="data", next="next")

    assert first.items == [1, 2]
    with pytest.raises(ResponseError, match="another origin"):
        list(first)
    assert len(pets.requests) == 1


def test_a_key_in_the_query_is_sent_once(connect: Connect) -> None:
    from clientgen_runtime import ApiKeyAuth

    pets = Pets(lambda _, n: page(n, next="/v1/pets?key=s3cret&page=2" if n == 1 else None))
    auth = ApiKeyAuth("s3cret", "key", "query")
    list(connect(pets, auth=auth).paginate("GET", "/pets", items="data", next="next"))

    assert pets.targets == ["/v1/pets?key=s3cret", "/v1/pets?page=2&key=s3cret"]


def test_the_same_cursor_twice_is_refused(connect: Connect) -> None:
    pets = Pets(lambda *_: page(1, next="b"))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    with pytest.raises(ResponseError, match="leads back"):
        list(first)
    assert len(pets.requests) == 2


def test_a_circle_is_refused(connect: Connect) -> None:
    cursors = ["b", "c", "d", "b", "c"]
    pets = Pets(lambda _, n: page(1, next=cursors[n - 1]))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    with pytest.raises(ResponseError, match="leads back"):
        list(first)
    assert len(pets.requests) == 4


def test_a_page_may_be_asked_for_twice(connect: Connect) -> None:
    pets = Pets(lambda _, n: page(n, next="b"))
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    assert [first.get_next_page().items, first.get_next_page().items] == [[3, 4], [5]]


def test_a_server_that_ignores_the_offset_is_found_out(connect: Connect) -> None:
    pets = Pets(lambda *_: page(1))
    first = connect(pets).paginate("GET", "/pets", items="data", style="offset", request="offset")

    with pytest.raises(ResponseError, match="same page again"):
        list(first)


def test_empty_pages_with_a_token_are_passed_within_bounds(connect: Connect) -> None:
    def answer(_: httpx.Request, n: int) -> httpx.Response:
        return page(1 if n == 60 else 9, next=str(n))

    pets = Pets(answer)
    first = connect(pets).paginate("GET", "/pets", items="data", request="after", next="next")

    found = []
    with pytest.raises(ResponseError, match="without items"):
        found.extend(first)
    assert len(pets.requests) == 60 + 101


def test_a_list_that_is_none_has_no_items(connect: Connect) -> None:
    pets = Pets(lambda *_: httpx.Response(200, json={"data": {"no": "list"}}))

    assert list(connect(pets).paginate("GET", "/pets", items="data")) == []


@pytest.mark.parametrize(
    "given",
    [
        {"style": "cursor", "request": "after"},
        {"style": "page"},
        {"style": "next_url"},
        {"style": "other"},
    ],
    ids=str,
)
def test_what_does_not_say_how_to_go_on_is_refused(connect: Connect, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        connect(Pets(lambda *_: page(1))).paginate("GET", "/pets", **given)
