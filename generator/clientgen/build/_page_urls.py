"""Lists that go on with the URL of the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._page_fields import Found, of_item
from ._page_sight import URL_FORMATS, item_of, speaks_of_url
from ._page_words import (
    LISTS,
    MAYBE_NEXT_URLS,
    NEXT_URL_HEADERS,
    NEXT_URLS,
    OFFSETS,
    PAGE_NUMBERS,
    SIZES,
    TOKENS,
    bare,
    header,
)

if TYPE_CHECKING:
    from ._page_fields import Field
    from ._page_sight import Sight

POSITIONS = TOKENS | OFFSETS | PAGE_NUMBERS
BACK = {"previous", "prev", "previouspage", "prevpage"}
"""What stands beside a URL of the next page."""


def next_url(sight: Sight) -> Found | None:
    """The answer has the URL of the next page."""
    for field in sight.held:
        sure = field.bare in NEXT_URLS
        why = _sure_url(field, sight) if sure else _likely_url(field, sight)
        if why:
            reason = f"{field.dotted!r} of the answer {why}"
            # A URL says all of the request; a body that began a search is in it already.
            verb = "" if sight.reads else "GET"
            return Found("next_url", reason, 0.95 if sure else 0.8, next=field.dotted, verb=verb)
    return None


def _sure_url(field: Field, sight: Sight) -> str:
    """Why a property with the name of a next URL is one, empty when it is not."""
    is_text = field.kind in {"string", "any", "union"}
    is_list = sight.reads or sight.items.bare in LISTS or bool(sight.of_item)
    return "is the URL of the next page" if is_text and is_list else ""


def _likely_url(field: Field, sight: Sight) -> str:
    """Why a property of another name is the next URL, empty when it is not."""
    if sight.is_one or not (_may_go_on(sight) or _is_url_beside_objects(field, sight)):
        return ""
    if _is_link(field) or (field.bare in MAYBE_NEXT_URLS and speaks_of_url(field)):
        return "is the link to the next page"
    if field.bare not in MAYBE_NEXT_URLS or field.kind not in {"string", "any", "union"}:
        return ""
    siblings = {other.bare for other in sight.held if other.path[:-1] == field.path[:-1]}
    if sight.reads and siblings & BACK:
        return "leads to the next page, as its sibling does to the previous one"
    if sight.reads and field.bare == "next" and not sight.takes(POSITIONS):
        return "leads to the next page, and no parameter takes it"
    return ""


def _may_go_on(sight: Sight) -> bool:
    """Whether a request asks for a list, rather than for something to be done."""
    return sight.reads or sight.takes(POSITIONS | SIZES)


def _is_url_beside_objects(field: Field, sight: Sight) -> bool:
    """Whether a property is a URL without doubt, next to what a search may find."""
    return field.format in URL_FORMATS and bool(sight.of_item)


def _is_link(field: Field) -> bool:
    """Whether it is `next` among links, or the address in what is called `next`."""
    outer = {bare(name) for name in field.path[:-1]}
    if field.bare in MAYBE_NEXT_URLS:
        return "links" in outer and field.kind not in {"boolean", "integer", "number"}
    return field.bare in {"href", "url"} and "next" in outer and field.kind == "string"


def header_url(sight: Sight) -> Found | None:
    """A header of the answer has the URL of the next page."""
    for name in sight.headers if sight.reads else ():
        if header(name) in NEXT_URL_HEADERS:
            reason = f"the answer's header {name!r} has the next page"
            return Found("next_url", reason, 0.75, next=name, next_in="header")
    return None


def link_header(sight: Sight) -> Found | None:
    """The answer declares a `Link` header."""
    if sight.items.path and not sight.takes(POSITIONS | SIZES):
        return None  # one thing that has a list, and links to others
    if sight.reads and any(name.lower() == "link" for name in sight.headers):
        return Found("link", "the answer declares a Link header (RFC 8288)", 0.9)
    return None


def link_list(sight: Sight) -> Found | None:
    """The answer has a list of links, told apart by their relations."""
    lists = [field for field in sight.held if field.bare in {"links", "link"}]
    for field in lists if sight.reads and sight.takes(TOKENS | SIZES) else ():
        link = item_of(field)
        names = {prop.bare for prop in of_item(link, sight.schemas)} if link else set()
        if names & {"rel", "relation"} and names & {"href", "url", "uri"}:
            reason = f"{field.dotted!r} of the answer are links by their relations"
            return Found("next_url", reason, 0.7, next=field.dotted)
    return None
