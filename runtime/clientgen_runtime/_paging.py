"""What a page of a list says of the next one, read without any I/O."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from ._body import FORM, JSON, encode_body, essence, is_json
from ._call import set_header
from ._data.wire import is_model, plain, text_of
from ._errors import ConfigurationError, ResponseError
from ._narrow import is_array, is_list, is_mapping
from ._parameters import query_pieces
from ._payload import EMPTY, Payload
from ._response import describe
from ._servers import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._operation import Pages
    from ._request import Request
    from ._response import Response

TOTAL_HEADERS = ("x-total-count", "x-total", "total-count", "x-wp-total")
"""Response headers in which servers tell how many items there are on all pages."""


@dataclass(frozen=True)
class Answer:
    """A page as it came.

    Attributes:
        request: What asked for it, before credentials were added.
        response: The answer.
        body: The answer's typed body.
        items: The items on the page.
        before: Items on the pages before it, `None` when that is not known.
    """

    request: Request
    response: Response
    body: object
    items: Sequence[object]
    before: int | None = 0


# --- What is in a body -------------------------------------------------------------------------


def at(value: object, path: str) -> object:
    """What a path leads to in a body, `None` when it leads nowhere.

    Names on the path are those on the wire, with dots between them; a name may have dots itself.
    """
    found = _member(value, path)
    if found is not None or "." not in path:
        return found
    places = (place for place, character in enumerate(path) if character == ".")
    for place in places:
        inner = _member(value, path[:place])
        if inner is not None:
            return at(inner, path[place + 1 :])
    return None


def _member(value: object, name: str) -> object:
    if is_mapping(value):
        return value.get(name)
    if not is_model(value):
        return None
    from pydantic import BaseModel

    from ._data.models import names_on_the_wire

    assert isinstance(value, BaseModel)
    known = names_on_the_wire(type(value)).get(name)
    if known is None:
        return (value.model_extra or {}).get(name)
    return getattr(value, known, None)  # what must be there may be absent all the same


def items_at(body: object, path: str) -> list[object]:
    """The items of a page; none when there is no list where it should be."""
    found = at(body, path) if path else body
    return list(found) if is_array(found) else []


def total_of(pages: Pages, response: Response, body: object) -> int | None:
    """How many items there are on all pages, `None` when the server does not say."""
    stated = at(body, pages.total) if pages.total else None
    named = (response.headers.get(name) for name in TOTAL_HEADERS)
    return next((n for n in map(_number, (stated, *named)) if n is not None), None)


def _number(value: object) -> int | None:
    text = "" if value is None or isinstance(value, bool) else str(value)
    return int(text) if text.isascii() and text.isdecimal() else None


# --- The next request --------------------------------------------------------------------------


def following(pages: Pages, answer: Answer) -> Request | None:
    """What asks for the page after this one, `None` when this is the last.

    Raises:
        ResponseError: The server names a page that is not on its own origin.
        ConfigurationError: The position of the next page cannot be sent.
    """
    match pages.style:
        case "link":
            return _at_url(pages, answer, linked(answer.response))
        case "next_url":
            return _at_url(pages, answer, _url_in(_stated(pages, answer)))
        case "cursor" | "token_body":
            return _at_token(pages, answer)
        case "offset" | "page":
            return _at_number(pages, answer)


def _stated(pages: Pages, answer: Answer) -> object:
    """What the answer gives as the next position."""
    if pages.next_in == "header":
        return answer.response.headers.get(pages.next)
    return at(answer.body, pages.next)


def _at_token(pages: Pages, answer: Answer) -> Request | None:
    if _is_done(pages, answer):
        return None
    if pages.last:
        token = at(answer.items[-1], pages.last) if answer.items else None
    else:
        token = _stated(pages, answer)
    if token is None or token is False or token in ("", 0):
        return None
    if isinstance(token, str) and token.startswith(("https://", "http://")):
        return _at_url(pages, answer, token)
    return positioned(pages, answer.request, token)


def _is_done(pages: Pages, answer: Answer) -> bool:
    """Whether the answer says that there is no more."""
    flag = at(answer.body, pages.more.lstrip("!")) if pages.more else None
    if not isinstance(flag, bool):
        return False
    return flag is pages.more.startswith("!")


def _at_number(pages: Pages, answer: Answer) -> Request | None:
    # Where there is a `Link` header, it knows better what is last than counting does.
    links = _links(answer.response)
    if not links.keys().isdisjoint({"next", "prev", "previous", "first", "last"}):
        return _at_url(pages, answer, links.get("next"))
    if pages.next:
        return _at_token(pages, answer)
    current = _current(pages, answer.request, answer.body)
    if not answer.items or current is None or _is_done(pages, answer):
        return None
    is_offset = pages.style == "offset"
    start = _start(pages)
    reached = current - start if is_offset else answer.before
    total = total_of(pages, answer.response, answer.body)
    # A total below what is there already counts something else, or nothing at all.
    if total is not None and reached is not None and reached + len(answer.items) == total:
        return None
    last = _number(at(answer.body, pages.more)) if pages.more and not is_offset else None
    if last is not None and current - start + 1 >= last:
        return None
    return positioned(pages, answer.request, current + (len(answer.items) if is_offset else 1))


# --- Positions in requests ---------------------------------------------------------------------


def _place(pages: Pages) -> Literal["query", "header", "body"]:
    return "body" if pages.style == "token_body" else pages.place


def _current(pages: Pages, request: Request, body: object = None) -> int | None:
    """The number that a request asks for.

    When it asks for none, what the answer says, else where lists start.
    """
    match _place(pages):
        case "header":
            given: object = request.headers.get(pages.request)
        case "body":
            given = at(_fields(request.payload), pages.request)
        case "query":
            given = dict(_pairs(request.url)).get(pages.request)
    if given not in (None, ""):
        return _number(given)
    told = _number(at(body, pages.current)) if pages.current else None
    return _start(pages) if told is None else told


def _start(pages: Pages) -> int:
    return int(pages.style == "page") if pages.start is None else pages.start


def is_at_start(pages: Pages, request: Request) -> bool:
    """Whether a request asks for the first page."""
    return _current(pages, request) == _start(pages)


def positioned(pages: Pages, request: Request, position: object) -> Request:
    """A request for the page at a position.

    Raises:
        ConfigurationError: The position cannot be sent.
    """
    clone = request.copy()
    match _place(pages):
        case "header":
            set_header(clone.headers, pages.request, text_of(plain(position)))
        case "body":
            clone.payload = _with_field(request, pages.request, position)
            clone.headers.setdefault("Content-Type", clone.payload.content_type or JSON)
        case "query":
            clone.url = _with_pair(request.url, pages.request, text_of(plain(position)))
    return clone


def _pairs(url: str) -> Iterator[tuple[str, str]]:
    for piece in url.partition("?")[2].split("&"):
        name, _, value = piece.partition("=")
        yield unquote_plus(name), unquote_plus(value)


def _with_pair(url: str, name: str, value: str) -> str:
    """A URL with a parameter of its query replaced, or added at the end."""
    base, _, query = url.partition("?")
    return f"{base}?{_replaced(query, name, value)}"


def _replaced(query: str, name: str, value: str) -> str:
    (written,) = query_pieces({name: value}, {})
    pieces = [piece for piece in query.split("&") if piece]
    places = [p for p, piece in enumerate(pieces) if unquote_plus(piece.split("=")[0]) == name]
    kept = [piece for place, piece in enumerate(pieces) if place not in places[1:]]
    if places:
        kept[places[0]] = written
    return "&".join(kept if places else [*kept, written])


def _fields(payload: Payload) -> object:
    """What a request's body holds by name, `None` when it holds nothing so."""
    if not payload.content:
        return {}
    kind = payload.content_type or ""
    if essence(kind) == FORM:
        return dict(_pairs(f"?{payload.content.decode()}"))
    # Decimals keep digits that floats would lose on the way back.
    return json.loads(payload.content, parse_float=Decimal) if is_json(kind) else None


def _with_field(request: Request, path: str, value: object) -> Payload:
    payload = request.payload
    kind = payload.content_type or JSON
    if payload is not EMPTY and payload.content is None:
        raise ConfigurationError(f"{describe(request)}: its body is made while it is sent, once")
    content = payload.content or b""
    if essence(kind) == FORM:
        written = _replaced(content.decode(), path, text_of(plain(value)))
        return Payload(written.encode(), kind)
    fields = _fields(payload)
    if not is_mapping(fields):
        raise ConfigurationError(f"{describe(request)}: its body has no place for {path!r}")
    return encode_body(_with_member(fields, path.split("."), value), kind)


def _with_member(value: object, path: Sequence[str], member: object) -> Mapping[str, object]:
    known: Mapping[Any, object] = value if is_mapping(value) else {}
    name, *rest = path
    return {**known, name: _with_member(known.get(name), rest, member) if rest else member}


# --- URLs of next pages ------------------------------------------------------------------------

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]*))?)*)')
_LINK_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;,"]*))')


# What may stand in a URL as it is (RFC 3986 section 2); the rest is escaped.
_URL_CHARACTERS = "%:/?#[]@!$&'()*+,;=~"


def linked(response: Response) -> str | None:
    """The target of a `Link` header whose relation is `next` (RFC 8288)."""
    return _links(response).get("next")


def _links(response: Response) -> dict[str, str]:
    """Targets by relation in `Link` headers, the first of each."""
    found: dict[str, str] = {}
    for relation, target in _each_link(response):
        found.setdefault(relation, target)
    return found


def _each_link(response: Response) -> Iterator[tuple[str, str]]:
    # Links from another resource (`anchor`) say nothing of this one (section 3.2).
    for field in response.headers.get_list("link"):
        for target, written in _LINK.findall(field):
            parameters = [(n.lower(), q or t) for n, q, t in _LINK_PARAMETER.findall(written)]
            names = dict(reversed(parameters))  # the first of a name counts (section 3.3)
            if "anchor" not in names:
                for relation in names.get("rel", "").lower().split():
                    yield relation, target


def _url_in(value: object) -> str | None:
    """The URL in what stands for a link: itself, an object with it, or a list by relation."""
    if is_list(value):
        found = (each for each in value if _relation(each) == "next")
        return next(filter(None, map(_url_in, found)), None)
    if isinstance(value, str):
        return value.strip() or None
    for name in ("href", "url", "uri"):
        text = at(value, name)
        if text:
            return str(text)
    return None


def _relation(link: object) -> object:
    return at(link, "rel") or at(link, "relation")


def _at_url(pages: Pages, answer: Answer, target: str | None) -> Request | None:
    if not target:
        return None
    request = answer.request.copy()
    url = joined(answer.response.url, target).partition("#")[0]
    if not is_same_origin(url, request.url):
        raise ResponseError(
            f"{describe(request)}: the next page is on another origin and is not asked for",
            response=answer.response,
        )
    request.url = _without_secrets(url, answer.response.request)
    if pages.verb and request.method != pages.verb:
        request.method, request.payload = pages.verb, EMPTY
        request.headers.pop("content-type", None)
    return request


def joined(base: str, target: str) -> str:
    """The URL that a server means by a text; empty when the text is no URL."""
    try:
        return urljoin(base, quote(target, safe=_URL_CHARACTERS))
    except ValueError:
        return ""


def is_same_origin(url: str, other: str) -> bool:
    """Whether two URLs are of one origin, and the first names no user."""
    try:
        return origin_of(url) == origin_of(other) and "@" not in urlsplit(url).netloc
    except ConfigurationError:
        return False


def _without_secrets(url: str, sent: Request) -> str:
    """A URL without the keys that authentication adds to it again."""
    base, mark, query = url.partition("?")
    names = {piece.partition("=")[0] for piece in sent.secret_query}
    kept = [piece for piece in query.split("&") if piece.partition("=")[0] not in names]
    return f"{base}{mark}{'&'.join(kept)}"
