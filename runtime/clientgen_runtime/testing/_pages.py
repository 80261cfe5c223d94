"""Pages of a list as a server of the described kind answers them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

from .._body import is_json
from .._json import dumps
from .._narrow import is_dict, is_list
from ._made import ImpossibleError
from ._operations import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._operation import Pages

MARK = "fake_position"
"""Query parameter of next URLs that tells where the page starts."""


@dataclass(frozen=True)
class _Slice:
    """The items of a page and where the next one starts, `None` on the last."""

    items: Sequence[object]
    start: int
    size: int

    @property
    def shown(self) -> Sequence[object]:
        return self.items[self.start : self.start + self.size]

    @property
    def next(self) -> int | None:
        end = self.start + self.size
        return end if end < len(self.items) else None


def page_of(
    pages: Pages,
    kind: Any,
    usual: httpx.Response,
    request: httpx.Request,
    items: Sequence[object] | None,
    size: int,
) -> httpx.Response:
    """The page that a request asks for.

    Args:
        pages: How the list goes on.
        kind: The declared type of the body.
        usual: An answer with one page, whatever is in it.
        request: What asks.
        items: All items; those of `usual` when they are not given, on one page.
        size: Items of a page.
    """
    if not is_json(usual.headers.get("content-type", "application/json")):
        return usual
    body: Any = json.loads(usual.content) if usual.content else None
    if items is None:
        items = found if is_list(found := _get(body, pages.items)) else []
        size = max(len(items), 1)
    shown = _Slice(items, _start(pages, request, items, size), size)
    headers = {"Content-Type": usual.headers.get("content-type", "application/json")}
    position = _position(pages, request, shown)
    following = _following(pages, kind, body, position)
    body = _set(body, pages.items, shown.shown)
    if pages.total:
        body = _set(body, pages.total, len(items))
    if pages.more:
        body = _set(body, pages.more.lstrip("!"), _more(pages, body, shown))
    if pages.style == "link":
        if position is not None:
            headers["Link"] = f'<{position}>; rel="next"'
    elif pages.next_in == "header":
        if position is not None:
            headers[pages.next] = str(position)
    elif pages.next and not pages.last:
        body = _set(body, pages.next, following)
    return httpx.Response(usual.status_code, content=dumps(body), headers=headers)


def wrappers(pages: Pages) -> set[str]:
    """Names of the objects in which a page's items and position stand."""
    paths = (pages.items, pages.next, pages.total, pages.more.lstrip("!"))
    return {name for path in paths for name in path.split(".")[:-1]}


def _start(pages: Pages, request: httpx.Request, items: Sequence[object], size: int) -> int:
    """Place of the first item that a request asks for."""
    if pages.style in ("link", "next_url"):
        return int(request.url.params.get(MARK, 0))
    given = _given(pages, request)
    if given in (None, ""):
        return 0
    if pages.last:
        ids = [str(_get(item, pages.last)) for item in items]
        return ids.index(str(given)) + 1 if str(given) in ids else 0
    number = int(str(given)) if str(given).isdecimal() else 0
    if pages.next or pages.style in ("cursor", "token_body"):
        return number
    first = int(pages.style == "page") if pages.start is None else pages.start
    return (number - first) * (size if pages.style == "page" else 1)


def _given(pages: Pages, request: httpx.Request) -> object:
    """The position that a request states."""
    if pages.style == "token_body" or pages.place == "body":
        kind = request.headers.get("content-type", "")
        if "json" in kind:
            return _get(json.loads(request.content or b"null"), pages.request)
        return dict(parse_qsl(request.content.decode())).get(pages.request)
    if pages.place == "header":
        return request.headers.get(pages.request)
    return request.url.params.get(pages.request)


def _position(pages: Pages, request: httpx.Request, shown: _Slice) -> str | None:
    """What the answer tells as the next position."""
    if shown.next is None:
        return None
    if pages.style in ("link", "next_url"):
        return str(request.url.copy_set_param(MARK, shown.next))
    return str(shown.next)


def _more(pages: Pages, body: Any, shown: _Slice) -> object:
    usual = _get(body, pages.more.lstrip("!"))
    if pages.style == "page" and isinstance(usual, int) and not isinstance(usual, bool):
        return -(-len(shown.items) // shown.size)
    return (shown.next is not None) is not pages.more.startswith("!")


def _following(pages: Pages, kind: Any, body: Any, position: str | None) -> object:
    """The next position, or what tells that there is none, in a form that the body's type takes."""
    number = int(position) if position is not None and position.isdecimal() else None
    ends: list[object] = [None, "", 0, {}]
    told = ends if position is None else [position, number, {"href": position}]
    for value in told:
        try:
            fitting(kind, _set(body, pages.next, value))
        except ImpossibleError:
            continue
        return value
    return told[0]


# --- Paths in JSON -------------------------------------------------------------------------


def _get(body: Any, path: str) -> Any:
    if not path:
        return body
    if is_dict(body):
        if path in body:
            return body[path]
        name, _, rest = path.partition(".")
        return _get(body.get(name), rest) if rest else None
    return None


def _set(body: Any, path: str, value: object) -> Any:
    if not path:
        return value
    known: dict[str, Any] = body if is_dict(body) else {}
    name, _, rest = path.partition(".")
    if path in known or not rest:
        return {**known, path: value}
    return {**known, name: _set(known.get(name), rest, value)}
