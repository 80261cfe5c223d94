"""Pagination schemes of Stainless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from clientgen.config import PaginationConfig

from ._made import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientgen.load import Json

MARK = "x-stainless-pagination-property"
STYLES = {
    "cursor": "cursor",
    "cursor_id": "cursor",
    "cursor_url": "next_url",
    "offset": "offset",
    "page_number": "page",
}
TAKERS = ("next_cursor_param", "next_cursor_id_param", "offset_count_param", "page_number_param")
GIVERS = {
    "next": ("next_cursor_field", "offset_count_start_field", "cursor_url_field"),
    "more": ("has_next_page", "total_page_count_field"),
    "total": ("offset_total_count_field",),
    "current": ("current_page_number_field",),
}
"""Purposes of fields of the answer, by what our configuration calls them."""


def scheme(told: dict[str, Json]) -> dict[str, Json] | None:
    """A scheme as our configuration writes it; None when it does not say enough."""
    style = STYLES.get(text(told.get("type")), "")
    asked, answered = mapping(told.get("request")), mapping(told.get("response"))
    request, response = dict(_purposes(asked)), dict(_purposes(answered))
    found = {
        "style": "cursor" if "offset_count_start_field" in response else style,
        "items": _items(answered, response),
        "request": _first(request, TAKERS) if style != "next_url" else "",
        "last": response.get("cursor_item_id", "").rpartition(".")[2],
        **{name: _first(response, purposes) for name, purposes in GIVERS.items()},
    }
    if style == "cursor" and not found["next"] and text(told.get("type")) == "cursor_id":
        found["last"] = found["last"] or "id"
    if found["request"] and text(told.get("param_location")) == "body":
        found["place"] = "body"
    settings: dict[str, Json] = {name: value for name, value in found.items() if value}
    try:
        PaginationConfig.model_validate(settings)
    except ValidationError:
        return None
    return settings


def _items(fields: dict[str, Json], purposes: dict[str, str]) -> str:
    lists = [path for path, each in _fields(fields) if each.get("type") == "array"]
    return purposes.get("items") or (lists[0] if len(lists) == 1 else "")


def _first(found: dict[str, str], purposes: tuple[str, ...]) -> str:
    return next((found[purpose] for purpose in purposes if purpose in found), "")


def _purposes(fields: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """What fields are for, with their paths."""
    for path, schema in _fields(fields):
        purpose = text(mapping(schema.get(MARK)).get("purpose"))
        if purpose:
            yield purpose, path


def _fields(fields: dict[str, Json], prefix: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    """All fields of a scheme, those within others and within items of lists too."""
    for name, value in fields.items():
        schema, path = mapping(value), f"{prefix}{name}"
        yield path, schema
        yield from _fields(mapping(schema.get("properties")), f"{path}.")
        yield from _fields(mapping(mapping(schema.get("items")).get("properties")), f"{path}.")
