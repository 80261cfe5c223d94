"""What documents say of pagination in so many words: extensions of other tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from clientgen.resolve._shared import as_object

from ._page_fields import MARK, Found, written_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.load import Json
    from clientgen.resolve.spec import Operation

    from ._page_fields import Input
    from ._page_sight import Sight

LAST_ITEM = re.compile(r"^(.*)\[(?:-1|-1:|\(@\.length ?- ?1\))\]\.(.+)$")
"""The end of a path to a property of the last item, as JSONPath writes it."""


def hinted(operation: Operation, given: tuple[Input, ...]) -> Found | Literal[False] | None:
    """How an extension says that a list goes on.

    Returns:
        What it says, False when it says that there is one page, None when there is no extension.
    """
    extensions = operation.extensions
    if "x-ms-pageable" in extensions:
        return _microsoft(as_object(extensions["x-ms-pageable"]))
    if stated := as_object(extensions.get("x-speakeasy-pagination")):
        return _speakeasy(stated, given)
    if stated := as_object(extensions.get("x-fern-pagination")):
        return _fern(stated, given)
    if extensions.get("x-fern-pagination") is True:
        whole = as_object(operation.where.document.value)
        return _fern(as_object(whole.get("x-fern-pagination")), given)
    return False if extensions.get("x-fern-pagination") is False else None


def marked(sight: Sight) -> Found | None:
    """What `x-stainless-pagination-property` says that parameters and properties are for."""
    takers = {taker.purpose: taker for taker in sight.given if taker.purpose}
    held = {field.purpose: field.dotted for field in sight.held if field.purpose}
    reason = f"the document says {MARK}"
    if "cursor_url_field" in held:
        return Found("next_url", reason, 1.0, next=held["cursor_url_field"])
    for purpose, style in MARKED.items():
        taker = takers.get(purpose)
        token = held.get("next_cursor_field")
        more = held.get("total_page_count_field", "") if style == "page" else ""
        if taker is not None and (style != "cursor" or token):
            return _taken(style, reason, "", taker.dotted, taker.place, token, more=more)
    return None


MARKED = {
    "next_cursor_param": "cursor",
    "page_number_param": "page",
    "offset_count_param": "offset",
}
"""Purposes of parameters, and what lists go on that have them."""


def linked(operation: Operation, given: tuple[Input, ...]) -> Found | None:
    """A link of the answer that leads to the operation itself (OpenAPI 3.1, "Link Object")."""
    for response in operation.responses:
        for link in written_at(response.where, "links").values():
            target, parameters = as_object(link), as_object(as_object(link).get("parameters"))
            is_own = target.get("operationId") == operation.operation_id != ""
            if is_own and response.status[0] == "2" and len(parameters) == 1:
                name, value = next(iter(parameters.items()))
                return _link(name.removeprefix("query."), str(value), given)
    return None


def _link(name: str, value: str, given: tuple[Input, ...]) -> Found | None:
    reason, place = "a link of the answer leads to the next page", _place(name, given)
    if value.startswith(IN_BODY):
        path = value.removeprefix(IN_BODY).replace("/", ".")
        return Found("cursor", reason, 1.0, request=name, place=place, next=path)
    if value.startswith(IN_HEADER):
        header = value.removeprefix(IN_HEADER)
        return Found(
            "cursor", reason, 1.0, request=name, place=place, next=header, next_in="header"
        )
    return None


IN_BODY, IN_HEADER = "$response.body#/", "$response.header."
"""How runtime expressions of links begin (OpenAPI 3.1, "Runtime Expressions")."""


def _microsoft(stated: Mapping[str, Json]) -> Found | Literal[False]:
    """`x-ms-pageable`: the URL of the next page, which is always read with GET."""
    link = stated.get("nextLinkName", "nextLink")
    if not isinstance(link, str) or not link:
        return False
    items = stated.get("itemName") or "value"
    return Found(
        "next_url", "the document says x-ms-pageable", 1.0, str(items), next=link, verb="GET"
    )


def _speakeasy(stated: Mapping[str, Json], given: tuple[Input, ...]) -> Found | None:
    reason = "the document says x-speakeasy-pagination"
    outputs, inputs = as_object(stated.get("outputs")), stated.get("inputs")
    listed = map(as_object, inputs if isinstance(inputs, list) else ())
    takers = {str(each.get("type")): each for each in listed}
    items = _path(outputs.get("results"))
    if stated.get("type") == "url" and outputs.get("nextUrl"):
        return Found("next_url", reason, 1.0, items, next=_path(outputs["nextUrl"]))
    for kind, style in (("cursor", "cursor"), ("page", "page"), ("offset", "offset")):
        if kind in takers:
            name = str(takers[kind].get("name"))
            in_body = takers[kind].get("in") == "requestBody"
            return _taken(
                style,
                reason,
                items,
                name,
                "body" if in_body else _place(name, given),
                outputs.get("nextCursor") if kind == "cursor" else None,
                more=_path(outputs.get("numPages")) if kind == "page" else "",
            )
    return None


def _fern(stated: Mapping[str, Json], given: tuple[Input, ...]) -> Found | None:
    reason = "the document says x-fern-pagination"
    items, more = _path(stated.get("results")), _path(stated.get("has-next-page"))
    for key in ("next_uri", "next_path"):
        if stated.get(key):
            return Found("next_url", reason, 1.0, items, next=_path(stated[key]))
    if stated.get("cursor"):
        name, place = _request(stated["cursor"], given)
        return _taken("cursor", reason, items, name, place, stated.get("next_cursor"), more=more)
    if stated.get("offset"):
        name, place = _request(stated["offset"], given)
        # It says `offset` of page numbers, too, unless it states a step.
        style = "offset" if "step" in stated or "page" not in name.lower() else "page"
        return _taken(style, reason, items, name, place, None, more=more)
    return None


def _taken(
    style: str,
    reason: str,
    items: str,
    request: str,
    place: Literal["query", "header", "body"],
    token: Json,
    *,
    more: str,
) -> Found | None:
    match style:
        case "page":
            return Found("page", reason, 1.0, items, request=request, place=place, more=more)
        case "offset":
            return Found("offset", reason, 1.0, items, request=request, place=place, more=more)
    path, last = _path(token), ""
    if found := LAST_ITEM.match(path):
        path, last = "", found[2]
    if not path and not last:
        return None
    kind: Literal["token_body", "cursor"] = "token_body" if place == "body" else "cursor"
    return Found(
        kind, reason, 1.0, items, request=request, place=place, next=path, last=last, more=more
    )


def _path(value: Json) -> str:
    """A path without the JSONPath or runtime expression around it: `$.data`, `$response.data`."""
    text = value if isinstance(value, str) else ""
    text = re.sub(r"^\$(response)?(\.body)?(?=[.\[]|$)", "", text)
    return re.sub(r"\[['\"]([^'\"]+)['\"]\]", r".\1", text).lstrip(".")


def _request(
    value: Json, given: tuple[Input, ...]
) -> tuple[str, Literal["query", "header", "body"]]:
    """Name and place of `$request.cursor`, `$request.query.cursor`, `$request.body.cursor`."""
    text = re.sub(r"^\$request\.?", "", str(value))
    for place in ("query", "body", "header"):
        if text.startswith(f"{place}."):
            name = text.partition(".")[2]
            return name, "body" if place == "body" else _place(name, given)
    return text, _place(text, given)


def _place(name: str, given: tuple[Input, ...]) -> Literal["query", "header", "body"]:
    return next((taker.place for taker in given if taker.dotted == name), "query")
