"""How lists go on, found by names and shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from clientgen.build._page_types import paged
from clientgen.config import Config, ConfigError, load_config
from tests.generator.resolve.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build._page_fields import Found

PET = {"id": "string", "name": "string"}
WORDS = {"url": {"type": "string", "format": "uri"}, "any": {}}


def schema(short: object) -> dict[str, Any]:
    """A schema in short: a type's name, `[items]`, or an object's properties."""
    if isinstance(short, list):
        return {"type": "array", "items": schema(short[0])}
    if isinstance(short, dict):
        return {"type": "object", "properties": {name: schema(s) for name, s in short.items()}}
    return WORDS.get(str(short), {"type": short})


def found(
    given: str = "",
    answer: object = None,
    *,
    method: str = "get",
    path: str = "/pets",
    headers: str = "",
    body: object = None,
    texts: Mapping[str, str] | None = None,
    config: Config | None = None,
    top: Mapping[str, object] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Found | None:
    """What is found in an operation, its parameters given as `limit:integer X-Token@header`."""
    parameters = []
    for written in given.split():
        name, _, kind = written.partition(":")
        name, _, place = name.partition("@")
        text = (texts or {}).get(name, "")
        kind_schema = schema(kind or "string")
        parameters.append(
            {"name": name, "in": place or "query", "schema": kind_schema, "description": text}
        )
    response: dict[str, Any] = {"description": ""}
    if answer is not None:
        response["content"] = {"application/json": {"schema": schema(answer)}}
    if headers:
        response["headers"] = {name: {"schema": schema("string")} for name in headers.split()}
    operation: dict[str, Any] = {"parameters": parameters, "responses": {"200": response}} | dict(
        extra or {}
    )
    if body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": schema(body)}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {path: {method: operation}},
    } | dict(top or {})
    spec = read(json.dumps(document)).spec
    return next(iter(paged(spec, config or Config()).values()), None)


def told(one: Found | None) -> str:
    """What was found in short: style, items, parameter, and where the next position is."""
    if one is None:
        return ""
    parts = [
        one.style,
        one.items or ".",
        one.request,
        one.next or (one.last and f"last {one.last}"),
    ]
    return " ".join(part for part in parts if part)


# --- Tokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "answer", "expected"),
    [
        ("page_token", {"pets": [PET], "next_page_token": "string"}, "next_page_token"),
        ("pageToken", {"pets": [PET], "nextPageToken": "string"}, "nextPageToken"),
        ("cursor", {"pets": [PET], "meta": {"next_cursor": "string"}}, "meta.next_cursor"),
        ("cursor", {"pets": [PET], "pagination": {"next": "string"}}, "pagination.next"),
        ("cursor", {"pets": [PET], "cursor": "string"}, "cursor"),
        (
            "after",
            {"pets": [PET], "paging": {"cursors": {"after": "string"}}},
            "paging.cursors.after",
        ),
        ("after", {"pets": [PET], "paging": {"next": {"after": "string"}}}, "paging.next.after"),
        ("after", {"pets": [PET], "page_info": {"end_cursor": "string"}}, "page_info.end_cursor"),
        ("after", {"pets": [PET], "last_id": "string", "has_more": "boolean"}, "last_id"),
        ("after", {"pets": [PET], "pagination": {"cursor": "string"}}, "pagination.cursor"),
        ("page[after]", {"pets": [PET], "meta": {"after_cursor": "string"}}, "meta.after_cursor"),
        ("page[cursor]", {"pets": [PET], "meta": {"nextCursor": "string"}}, "meta.nextCursor"),
        ("continuationToken", {"pets": [PET], "continuationToken": "string"}, "continuationToken"),
        ("continue", {"pets": [PET], "metadata": {"continue": "string"}}, "metadata.continue"),
        ("Marker", {"pets": [PET], "Marker": "string", "NextMarker": "string"}, "NextMarker"),
        ("page", {"pets": [PET], "next_page": "string"}, "next_page"),
        ("offset", {"pets": [PET], "offset": "string"}, "offset"),
        ("offset", {"pets": [PET], "next_page": {"offset": "string"}}, "next_page.offset"),
        ("start_after_pet_id", {"pets": [PET], "last_pet_id": "string"}, "last_pet_id"),
        ("token", {"pets": [PET], "nextToken": "string"}, "nextToken"),
        ("key-marker", {"pets": [PET], "NextKeyMarker": "string"}, "NextKeyMarker"),
        ("start_id", {"pets": [PET], "next_id": "string"}, "next_id"),
        ("next_pet_date", {"pets": [PET], "next_pet_date": "string"}, "next_pet_date"),
        ("ExclusiveStartName", {"pets": [PET], "LastEvaluatedName": "string"}, "LastEvaluatedName"),
        ("iterator", {"pets": [PET], "iterator": "string", "done": "boolean"}, "iterator"),
        ("X-Cursor@header", {"pets": [PET], "next_cursor": "string"}, "next_cursor"),
    ],
)
def test_a_token_of_the_answer_goes_into_a_parameter(
    given: str, answer: object, expected: str
) -> None:
    name = given.partition("@")[0]

    assert told(found(given, answer)) == f"cursor pets {name} {expected}"


@pytest.mark.parametrize(
    ("body", "answer", "expected"),
    [
        ({"cursor": "string"}, {"data": [PET], "next_cursor": "string"}, "cursor next_cursor"),
        (
            {"start_cursor": "string"},
            {"data": [PET], "next_cursor": "string"},
            "start_cursor next_cursor",
        ),
        (
            {"page": {"after": "string"}},
            {"data": [PET], "page": {"next": "string"}},
            "page.after page.next",
        ),
        (
            {"ExclusiveStartKey": "object"},
            {"data": [PET], "LastEvaluatedKey": "object"},
            "ExclusiveStartKey LastEvaluatedKey",
        ),
    ],
)
def test_a_token_goes_into_the_body(body: object, answer: object, expected: str) -> None:
    assert told(found("", answer, method="post", body=body)) == f"token_body data {expected}"


def test_a_token_goes_from_header_to_header() -> None:
    one = found("token@header", {"pets": [PET]}, headers="next-token")

    assert told(one) == "cursor pets token next-token"
    assert one is not None
    assert (one.place, one.next_in) == ("header", "header")


def test_the_id_of_the_last_item_is_a_token_where_a_flag_says_that_there_is_more() -> None:
    one = found("starting_after limit:integer", {"data": [PET], "has_more": "boolean"})

    assert told(one) == "cursor data starting_after last id"
    assert one is not None
    assert one.more == "has_more"


def test_a_parameter_may_take_a_property_of_the_last_item() -> None:
    one = found("startBuildId count:integer", {"builds": [{"buildId": "integer"}]})

    assert told(one) == "cursor builds startBuildId last buildId"


def test_a_flag_may_say_that_the_list_is_done() -> None:
    one = found("since:integer", {"changes": [PET], "last": "integer", "done": "boolean"})

    assert one is not None
    assert (told(one), one.more) == ("cursor changes since last", "!done")


# --- Numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "offset:integer limit:integer",
        "skip:integer take:integer",
        "$skip:integer $top:integer",
        "start:integer rows:integer",
        "first:integer max:integer",
        "from:integer size:integer",
        "startAt:integer maxResults:integer",
        "page[offset]:integer page[limit]:integer",
        "_offset _limit",
    ],
)
def test_an_offset_has_a_size_beside_it(given: str) -> None:
    name = given.partition(":")[0].partition(" ")[0]

    assert told(found(given, {"items": [PET], "total": "integer"})) == f"offset items {name}"


@pytest.mark.parametrize(
    "given",
    [
        "page:integer per_page:integer",
        "pageNumber:integer pageSize:integer",
        "page[number]:integer page[size]:integer",
        "page_index:number",
        "p:integer",
    ],
)
def test_a_page_number_counts_pages(given: str) -> None:
    name = given.partition(":")[0]
    texts = {"p": "Which page."}

    assert told(found(given, [PET], texts=texts)) == f"page . {name}"


@pytest.mark.parametrize(
    ("text", "start"),
    [("", None), ("Zero-based.", 0), ("Starts at 0.", 0), ("Counts from 1.", None)],
)
def test_a_description_says_where_pages_start(text: str, start: int | None) -> None:
    one = found("page:integer size:integer", [PET], texts={"page": text})

    assert one is not None
    assert one.start == start


def test_pages_to_skip_count_from_none() -> None:
    one = found("skipPages:integer pageSize:integer", {"items": [PET]})

    assert one is not None
    assert (told(one), one.start) == ("page items skipPages", 0)


def test_where_pages_start_may_be_read_of_the_answer() -> None:
    answer = {"content": [PET], "number": "integer", "totalPages": "integer"}
    one = found("page:integer size:integer", answer)

    assert one is not None
    assert (one.start, one.current) == (None, "number")


def test_what_else_says_when_a_list_ends_is_noted() -> None:
    one = found(
        "page:integer",
        {"content": [PET], "totalPages": "integer", "totalElements": "integer", "last": "boolean"},
    )

    assert one is not None
    assert (one.more, one.total) == ("totalPages", "totalElements")


def test_a_next_number_is_taken_as_it_is_given() -> None:
    one = found("page:integer", {"data": [PET], "meta": {"next_page": "integer"}})

    assert told(one) == "page data page meta.next_page"


def test_a_next_offset_is_taken_as_it_is_given() -> None:
    one = found("offset:integer limit:integer", {"data": [PET], "next": "integer"})

    assert told(one) == "offset data offset next"


def test_a_header_may_have_the_next_number() -> None:
    one = found("page:integer", [PET], headers="X-Next-Page X-Total")

    assert told(one) == "page . page X-Next-Page"


def test_properties_of_a_deep_object_are_parameters() -> None:
    page = {
        "name": "page",
        "in": "query",
        "style": "deepObject",
        "schema": schema({"number": "integer", "size": "integer"}),
    }

    assert (
        told(found("", {"data": [PET]}, extra={"parameters": [page]})) == "page data page[number]"
    )


# --- Links -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"value": [PET], "@odata.nextLink": "string"}, "@odata.nextLink"),
        ({"value": [PET], "nextLink": "string"}, "nextLink"),
        ({"value": [PET], "next_page_url": "string"}, "next_page_url"),
        ({"value": [PET], "links": {"next": "string"}}, "links.next"),
        ({"value": [PET], "_links": {"next": {"href": "string"}}}, "_links.next"),
        ({"value": [PET], "links": {"next": {"title": "string"}}}, "links.next"),
        ({"value": [PET], "links": {"pages": {"next": "string"}}}, "links.pages.next"),
        ({"value": [PET], "paging": {"next": "url"}}, "paging.next"),
        ({"value": [PET], "next": "string", "previous": "string"}, "next"),
        ({"value": [PET], "next": "string"}, "next"),
    ],
)
def test_the_answer_has_the_next_url(answer: object, expected: str) -> None:
    assert told(found("", answer)) == f"next_url value {expected}"


@pytest.mark.parametrize(("name", "kind"), [("nextLink", "string"), ("next", "url")])
def test_a_search_that_a_body_begins_goes_on_by_its_url(name: str, kind: str) -> None:
    page = found(method="post", body={"filter": "string"}, answer={"animals": [PET], name: kind})

    assert page is not None
    assert (page.style, page.items, page.next, page.verb) == ("next_url", "animals", name, "GET")


def test_links_may_be_a_list_by_relation() -> None:
    answer = {"data": [PET], "links": [{"rel": "string", "uri": "string"}]}

    assert told(found("limit:integer", answer)) == "next_url data links"
    assert told(found("", answer)) == ""


def test_lists_and_links_may_be_wrapped() -> None:
    answer = {"nestedItems": {"pets": [PET]}, "nestedNext": {"next": "url"}}

    assert told(found("", answer)) == "next_url nestedItems.pets nestedNext.next"


def test_a_url_is_no_token() -> None:
    assert told(found("cursor", {"results": [PET], "next": "url"})) == "next_url results next"


def test_a_header_may_have_the_next_url() -> None:
    assert told(found("limit:integer", [PET], headers="x-next")) == "next_url . x-next"


def test_a_link_header_is_declared() -> None:
    assert told(found("page:integer per_page:integer", [PET], headers="Link")) == "link ."


def test_a_cursor_that_nothing_gives_comes_in_a_link_header() -> None:
    texts = {"after": "A cursor, as given in the Link header."}

    assert told(found("after before per_page:integer", [PET], texts=texts)) == "link ."


def test_a_cursor_that_is_an_id_is_that_of_the_last_item() -> None:
    one = found("after limit:integer", [PET], texts={"after": "Pets after this pet ID."})

    assert told(one) == "cursor . after last id"


# --- Lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ([PET], "."),
        ({"errors": ["string"], "data": [PET]}, "data"),
        ({"errors": ["string"], "data": {"rows": [PET]}}, "data.rows"),
        ({"messages": [PET], "total": "integer"}, "messages"),
        ({"colours": [PET], "pet": [PET]}, "pet"),
        ({"unreachable": ["string"], "animals": [PET]}, "animals"),
        ({"tags": ["string"], "pets": [PET]}, "pets"),
        ({"data": {"pets": [PET], "total": "integer"}}, "data.pets"),
        ({"_embedded": {"pets": [PET]}, "page": {"number": "integer"}}, "_embedded.pets"),
        ({"response": {"docs": [PET], "numFound": "integer"}}, "response.docs"),
        ({"hits": {"hits": [PET]}}, "hits.hits"),
    ],
)
def test_the_list_of_items_is_found(answer: object, items: str) -> None:
    one = found("page:integer size:integer", answer)

    assert told(one) == f"page {items} page"


def test_one_of_several_lists_is_a_list() -> None:
    answer = {"oneOf": [schema([PET]), schema([{"id": "integer"}])]}
    content = {"200": {"description": "", "content": {"application/json": {"schema": answer}}}}

    assert told(found("page:integer", extra={"responses": content})) == "page . page"


# --- What is no list of pages ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("limit:integer", [PET]),
        ("page:integer per_page:integer", {"id": "string", "name": "string"}),
        ("page:integer per_page:integer", {"id": "integer", "tag_list": ["string"]}),
        ("page:integer", None),
        ("page:integer", {"text": "string", "images": ["string"]}),
        ("page:boolean", [PET]),
        ("from:integer to:integer limit:integer", [PET]),
        ("first:integer", [PET]),
        ("since limit:integer", [PET]),
        ("after", {"data": [PET], "has_more": "boolean", "x": {"id": "string"}}),
        ("", {"data": [PET], "meta": {"total": "integer", "page": "integer"}}),
        ("", {"data": [PET], "has_more": "boolean", "last_id": "string"}),
        ("", {"value": [PET], "next": {"id": "string"}}),
        ("cursor limit:integer", [PET]),
        ("start end", {"data": [PET], "start": "string"}),
        ("first:integer last:integer after before", [PET]),
        ("start_page:integer end_page:integer limit:integer", [PET]),
        ("start_date limit:integer", {"data": [PET], "next_date": "string"}),
    ],
    ids=str,
)
def test_what_cannot_go_on_is_left_alone(given: str, answer: object) -> None:
    texts = {"since": "Changed since this time.", "after": ""}
    if given == "after":
        answer = {"data": ["string"], "has_more": "boolean"}

    assert told(found(given, answer, texts=texts)) == ""


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head"])
def test_what_changes_something_gives_no_pages(method: str) -> None:
    assert found("page:integer size:integer", [PET], method=method) is None


def test_one_thing_may_have_lists_and_neighbours() -> None:
    chapter = {"id": "string", "lines": ["string"], "next": "string", "previous": "string"}

    assert found("page:integer size:integer", chapter, path="/chapters/{id}") is None


def test_what_is_created_is_no_list() -> None:
    assert found("page:integer size:integer", {"warnings": ["string"]}, method="post") is None


@pytest.mark.parametrize(
    "made", [{"id": "string", "pets": [PET], "next": "url"}, {"pets": ["string"], "next": "url"}]
)
def test_what_is_made_may_lead_on_without_being_a_list(made: object) -> None:
    assert found("", made, method="post", body={"name": "string"}, path="/orders") is None


def test_a_header_link_of_one_thing_is_no_list() -> None:
    assert found("", {"name": "string", "options": [PET]}, headers="Link") is None


# --- What is stated ----------------------------------------------------------------------------


def test_microsoft_states_the_next_link() -> None:
    stated = {"x-ms-pageable": {"nextLinkName": "more", "itemName": "pets"}}
    one = found("", {"pets": [PET], "more": "string"}, method="post", extra=stated)

    assert one is not None
    assert (told(one), one.verb, one.confidence) == ("next_url pets more", "GET", 1.0)


def test_microsoft_states_a_single_page() -> None:
    stated = {"x-ms-pageable": {"nextLinkName": None}}

    assert found("page:integer size:integer", {"value": [PET]}, extra=stated) is None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {
                "type": "cursor",
                "inputs": [{"name": "q", "in": "parameters", "type": "cursor"}],
                "outputs": {"results": "$.data.pets", "nextCursor": "$.data.more"},
            },
            "cursor data.pets q data.more",
        ),
        (
            {
                "type": "cursor",
                "inputs": [{"name": "q", "in": "requestBody", "type": "cursor"}],
                "outputs": {"results": "$.data.pets", "nextCursor": "$.data.pets[-1].id"},
            },
            "token_body data.pets q last id",
        ),
        (
            {
                "type": "offsetLimit",
                "inputs": [{"name": "q", "in": "parameters", "type": "page"}],
                "outputs": {"results": "$.data.pets"},
            },
            "page data.pets q",
        ),
        (
            {"type": "url", "outputs": {"results": "$.data.pets", "nextUrl": "$['data']['more']"}},
            "next_url data.pets data.more",
        ),
    ],
)
def test_speakeasy_states_inputs_and_outputs(stated: object, expected: str) -> None:
    answer = {"data": {"pets": [PET], "more": "string"}}
    one = found("q limit:integer", answer, extra={"x-speakeasy-pagination": stated})

    assert told(one) == expected
    assert one is not None
    assert one.item is not None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {
                "cursor": "$request.q",
                "next_cursor": "$response.data.more",
                "results": "$response.data.pets",
            },
            "cursor data.pets q data.more",
        ),
        ({"offset": "$request.page", "results": "$response.data.pets"}, "page data.pets page"),
        (
            {
                "offset": "$request.query.q",
                "step": "$request.limit",
                "results": "$response.data.pets",
            },
            "offset data.pets q",
        ),
        (
            {"next_uri": "$response.data.more", "results": "$response.data.pets"},
            "next_url data.pets data.more",
        ),
    ],
)
def test_fern_states_requests_and_responses(stated: object, expected: str) -> None:
    answer = {"data": {"pets": [PET], "more": "string"}}

    assert told(found("q limit:integer", answer, extra={"x-fern-pagination": stated})) == expected


def test_fern_states_it_once_for_all() -> None:
    stated = {"cursor": "$request.q", "next_cursor": "$response.more", "results": "$response.pets"}
    one = found(
        "q",
        {"pets": [PET], "more": "string"},
        extra={"x-fern-pagination": True},
        top={"x-fern-pagination": stated},
    )

    assert told(one) == "cursor pets q more"


@pytest.mark.parametrize(
    ("taker", "source", "expected"),
    [
        ("next_cursor_param", "next_cursor_field", "cursor animals q more"),
        ("page_number_param", "total_page_count_field", "page animals q"),
        ("offset_count_param", "offset_total_count_field", "offset animals q"),
        ("none", "cursor_url_field", "next_url animals more"),
    ],
)
def test_stainless_marks_purposes(taker: str, source: str, expected: str) -> None:
    def marked(kind: dict[str, Any], purpose: str) -> dict[str, Any]:
        return {**kind, "x-stainless-pagination-property": {"purpose": purpose}}

    answer = {
        "type": "object",
        "properties": {
            "data": schema([PET]),
            "animals": marked(schema([PET]), "items"),
            "more": marked({"type": "string"}, source),
        },
    }
    content = {"200": {"description": "", "content": {"application/json": {"schema": answer}}}}
    parameter = {"name": "q", "in": "query", "schema": marked({"type": "string"}, taker)}

    assert told(found("", extra={"parameters": [parameter], "responses": content})) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("$response.body#/paging/after", "cursor pets q paging.after"),
        ("$response.header.X-After", "cursor pets q X-After"),
        ("$request.query.q", ""),
    ],
)
def test_a_link_may_lead_to_the_operation_itself(value: str, expected: str) -> None:
    content = {"application/json": {"schema": schema({"pets": [PET]})}}
    links = {"next": {"operationId": "list", "parameters": {"q": value}}}
    responses = {"200": {"description": "", "content": content, "links": links}}

    assert told(found("q", extra={"operationId": "list", "responses": responses})) == expected


def test_the_configuration_overrides_all() -> None:
    settings = {"style": "offset", "items": "data.pets", "request": "q", "start": 1}
    config = Config(operations={"GET /pets": {"pagination": settings}})  # type: ignore[dict-item]
    one = found("q page:integer", {"data": {"pets": [PET]}}, config=config)

    assert one is not None
    assert (told(one), one.start, one.reason) == (
        "offset data.pets q",
        1,
        "the configuration says so",
    )


def test_items_that_are_no_list_are_refused() -> None:
    settings = {"style": "link", "items": "data.id"}
    config = Config(operations={"GET /pets": {"pagination": settings}})  # type: ignore[dict-item]

    wrong = ({"data": {"id": "string"}}, {"data": {"name": "string"}}, [PET], "string")
    unknown = (None, "any", "object", {"data": "any"}, {"data": {"id": ["string"]}})

    for answer in wrong:
        with pytest.raises(ConfigError, match="has no list at"):
            found("", answer, config=config)
    assert all(found("", answer, config=config) for answer in unknown)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (True, "give false, or a table"),
        ({"style": "rows"}, "'rows' is no choice"),
        ({"style": "page"}, "needs request"),
        ({"style": "cursor", "request": "q"}, "needs next"),
        ({"style": "link", "item": "data"}, "did you mean items"),
    ],
)
def test_settings_that_say_too_little_are_refused(given: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config({"operations": {"GET /pets": {"pagination": given}}})


def test_one_line_switches_it_off() -> None:
    config = Config(operations={"GET /pets": {"pagination": False}})  # type: ignore[dict-item]

    assert found("page:integer", [PET], config=config) is None
    assert found("page:integer", [PET], config=Config(pagination=False)) is None


def test_every_finding_has_a_reason() -> None:
    one = found("cursor", {"pets": [PET], "next_cursor": "string"})

    assert one is not None
    assert one.reason == "parameter 'cursor' takes 'next_cursor' of the answer"
    assert one.confidence == 0.95
