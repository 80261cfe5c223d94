"""Which operations answer with one page of a list, and how the list goes on.

Found by the names and types of what a request takes and what an answer holds. Each rule is a
function that gives what it found and why; the first one that finds something decides. No rule
knows a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from clientgen.resolve.spec import ListOf, Ref

from ._page_fields import Field, Found, Input, inputs, list_at, of_item, outputs, plain
from ._page_hints import hinted
from ._page_words import (
    AFTERS,
    BESIDE,
    DONES,
    LAST_PAGES,
    LISTS,
    MAYBE_NEXT_URLS,
    MAYBE_OFFSETS,
    MAYBE_PAGE_NUMBERS,
    MAYBE_TOKENS,
    MORES,
    NEXT_OBJECTS,
    NEXT_TOKENS,
    NEXT_URL_HEADERS,
    NEXT_URLS,
    NOISE,
    OFFSETS,
    PAGE_NUMBERS,
    RANGE_ENDS,
    SAME_TEXTS,
    SIZES,
    TOKENS,
    TOTALS,
    bare,
    header,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from clientgen.resolve.spec import Operation, Shape

    from ._page_fields import Schemas


NUMBERS = {"integer", "number"}
MIN_NAME = 3
"""Letters from which on a name says something."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the rules look at.

    Attributes:
        given: What a request can be given.
        held: What the body of an answer holds.
        items: The list; its path is empty when the body is the list.
        headers: Headers of the answer.
        reads: Whether the method promises to change nothing.
        is_thing: Whether the path leads to one thing, which may have lists.
        is_named: Whether the list is called as lists are, or as the path is.
    """

    given: tuple[Input, ...]
    held: tuple[Field, ...]
    items: Field
    headers: tuple[str, ...]
    reads: bool
    is_thing: bool
    is_named: bool
    schemas: Schemas

    def size(self, taker: Input) -> Input | None:
        """What takes the number of items on a page, beside what takes the position."""
        sizes = (i for i in self.given if i.bare in SIZES and i is not taker and _is_number(i))
        return next(sizes, None)


def find(
    operation: Operation, schemas: Schemas, stated: Found | Literal[False] | None = None
) -> Found | None:
    """How the list that an operation answers with goes on, None when it is no list of pages.

    Args:
        operation: The operation.
        schemas: All named schemas.
        stated: What the configuration says of it; False that it is no list of pages.
    """
    if stated is None:
        stated = hinted(operation, tuple(inputs(operation, schemas)))
    if stated is not None:
        return _stated(operation, schemas, stated or None)
    if operation.method not in {"GET", "POST", "QUERY", "SEARCH"}:
        return None
    sight = look(operation, schemas)
    if sight is None:
        return None
    for rule in RULES:
        found = rule(sight)
        if found is not None:
            return replace(
                found,
                items=sight.items.dotted,
                item=_item(sight.items),
                total=_first_path(sight, TOTALS, {"integer", "number", "any"}),
            )
    return None


def _stated(operation: Operation, schemas: Schemas, stated: Found | None) -> Found | None:
    """What the document or the configuration states, with the type of the items."""
    shape = _answer(operation)
    if stated is None or shape is None:
        return stated
    body = plain(shape, schemas)
    found = list_at(body, stated.items, schemas)
    item = found.item if found else None
    sight = look(operation, schemas)
    total = _first_path(sight, TOTALS, {"integer", "number", "any"}) if sight else ""
    return replace(stated, item=item, total=stated.total or total)


def look(operation: Operation, schemas: Schemas) -> Sight | None:
    """What the rules need, None when the answer has no list."""
    shape = _answer(operation)
    if shape is None:
        return None
    headers = tuple(dict.fromkeys(n for r in operation.responses for n in r.headers))
    body = plain(shape, schemas)
    held = () if isinstance(body, ListOf) else tuple(outputs(body, schemas))
    items = Field((), body) if isinstance(body, ListOf) else _list_in(held, operation, schemas)
    if items is None:
        return None
    given = tuple(inputs(operation, schemas))
    reads = operation.method != "POST"
    is_list = not items.path or items.bare in LISTS
    return Sight(
        given,
        held,
        items,
        headers,
        reads,
        is_thing=operation.path.endswith("}") and not is_list,
        is_named=is_list or _singular(items.bare) in _path_words(operation),
        schemas=schemas,
    )


def _answer(operation: Operation) -> Shape | None:
    """What a successful answer holds, where it is read as a value."""
    good = [r for r in operation.responses if r.status[0] == "2"]
    good = good or [r for r in operation.responses if r.status == "default"]
    for response in good:
        for kind in ("json", "*/*", "xml"):
            for media in response.content:
                if kind in media.type.lower() and media.shape is not None:
                    return media.shape
    return None


def _item(items: Field) -> Shape | None:
    return items.shape.item if isinstance(items.shape, ListOf) else None


# --- The list ----------------------------------------------------------------------------------


def _list_in(held: tuple[Field, ...], operation: Operation, schemas: Schemas) -> Field | None:
    """The list among what a body holds: by its name, by that of the path, or the only one."""
    words = _path_words(operation)
    lists = [field for field in held if field.kind == "list"]
    lists = [field for field in lists if field.bare not in NOISE or _singular(field.bare) in words]
    outer = min((len(field.path) for field in lists), default=0)
    level = [field for field in lists if len(field.path) == outer]
    named = [field for field in level if field.bare in LISTS]
    of_path = [field for field in level if _singular(field.bare) in words]
    level = [field for field in level if field.bare not in BESIDE] or level
    of_objects = [field for field in level if _holds_objects(field, schemas)]
    return next(iter([*named, *of_path, *of_objects, *level]), None)


def _path_words(operation: Operation) -> set[str]:
    fixed = [part for part in re.split(r"[/:.]", operation.path) if part and "{" not in part]
    return {_singular(bare(part)) for part in fixed[-2:]}


def _singular(name: str) -> str:
    return re.sub(r"ies$", "y", name) if name.endswith("ies") else name.removesuffix("s")


def _holds_objects(field: Field, schemas: Schemas) -> bool:
    item = _item(field)
    return item is not None and isinstance(plain(item, schemas), Ref)


# --- Rules, the surest first -------------------------------------------------------------------


def _token(sight: Sight) -> Found | None:
    """A token in the answer that a parameter takes."""
    for source in _tokens_given(sight):
        for taker in _takers(sight, source):
            sure = taker.bare in TOKENS and source.bare in NEXT_TOKENS
            return Found(
                _style(taker, source),
                f"{_where(taker)} takes {_of(source)} of the answer",
                0.95 if sure else 0.8,
                request=taker.dotted,
                place=taker.place,
                next=source.dotted,
                more=_more(sight),
            )
    return None


def _style(taker: Input, source: Field) -> Literal["cursor", "offset", "page", "token_body"]:
    """What it is called when a parameter takes something of the answer."""
    if source.kind in NUMBERS and taker.kind in NUMBERS:
        if taker.bare in PAGE_NUMBERS:
            return "page"
        if taker.bare in OFFSETS:
            return "offset"
    return "token_body" if taker.place == "body" else "cursor"


def _tokens_given(sight: Sight) -> list[Field]:
    """Tokens in the answer, the likeliest first."""
    able = [f for f in sight.held if _may_be_token(f) and f.bare not in NEXT_URLS]
    able = [f for f in able if not _is_within(f, {"links"}) and not _speaks_of_url(f)]
    sure = [f for f in able if f.bare in NEXT_TOKENS]
    within = [f for f in able if _is_within(f, NEXT_OBJECTS)]
    same = [f for f in able if f.bare in SAME_TEXTS and f.kind == "string" and sight.reads]
    last = [f for f in able if f.bare == "last" and _more(sight)]
    named = [f for f in able if any(_is_next_for(f.bare, i.bare) for i in sight.given)]
    # `next_page` says more than `page` or `last_id`.
    sure.sort(key=lambda field: not field.bare.startswith("next"))
    return [*within, *named, *sure, *same, *last]


def _is_next_for(source: str, taker: str) -> bool:
    """Whether names say that one is the next value of the other.

    `next_marker` is for `marker` and `start_marker`, `last_pet_id` for `start_after_pet_id`.
    """
    if len(taker) > MIN_NAME and source in {f"next{taker}", taker} and source.startswith("next"):
        return True
    named = re.fullmatch(r"((?:starting|start)?after|exclusivestart|start)(.{2,})", taker)
    if named is None:
        return False
    kind, rest = named.groups()
    befores = ("next",) if kind == "start" else ("next", "last", "lastevaluated")
    return source in {before + rest for before in befores}


def _takers(sight: Sight, source: Field) -> list[Input]:
    """Inputs that take a token, the likeliest first."""
    able = [i for i in sight.given if _may_be_token(i)]
    if source.bare == "last":
        return [i for i in able if i.bare == "since"]
    if source.bare in SAME_TEXTS and not _is_within(source, NEXT_OBJECTS):
        return [i for i in able if i.bare == source.bare and i.kind == source.kind]
    if source.kind in NUMBERS and source.bare in {"next", "nextpagenumber", "nextpage"}:
        return [i for i in able if i.bare in PAGE_NUMBERS | OFFSETS and i.kind in NUMBERS]
    named = [i for i in able if _is_next_for(source.bare, i.bare) and _fit(i, source)]
    core = _core(bare(source.path[-2]) if _is_next_of(source) else source.bare)
    same = [i for i in able if _core(i.bare) == core and _fit(i, source)]
    if source.bare not in NEXT_TOKENS:
        return [*same, *named]
    same = [i for i in same if i.bare in TOKENS | MAYBE_TOKENS | PAGE_NUMBERS | OFFSETS]
    sure = [i for i in able if i.bare in TOKENS and i.kind not in NUMBERS]
    return [*same, *named, *sure]


def _may_be_token(field: Field) -> bool:
    if field.kind == "string":
        return field.format in {"", "byte", "uuid", "int64", "password", "cursor", "token"}
    # Keys of tables are objects that are sent back as they came.
    is_key = field.bare in {"exclusivestartkey", "lastevaluatedkey", "searchafter"}
    return field.kind in {*NUMBERS, "any", "union"} or is_key


def _is_within(field: Field, containers: Iterable[str]) -> bool:
    return any(bare(name) in containers for name in field.path[:-1])


def _is_next_of(source: Field) -> bool:
    """Whether it is `cursor.next`, which is called after what it is within."""
    return source.bare == "next" and len(source.path) > 1


def _fit(taker: Input, source: Field) -> bool:
    """Whether a number is not given where a text is wanted, as page numbers beside tokens are."""
    is_text = {taker.kind in NUMBERS, source.kind in NUMBERS}
    return len(is_text) == 1 or "any" in {taker.kind, source.kind}


def _core(name: str) -> str:
    """A name without what says that it is of the next page."""
    return re.sub(r"^(next|start|end|last|pagination|paging)+(?=.)", "", name) or name


def _last_item(sight: Sight) -> Found | None:
    """A flag says that there is more, and a parameter takes the id of the last item."""
    more = _more(sight)
    takers = [i for i in sight.given if i.bare in AFTERS and _may_be_token(i)]
    item = _item(sight.items)
    if not takers or not more or item is None:
        return None
    names = {prop.bare: prop for prop in of_item(item, sight.schemas)}
    if "id" not in names:
        return None
    return Found(
        "token_body" if takers[0].place == "body" else "cursor",
        f"{_where(takers[0])} takes the id of the last item, and {more.lstrip('!')!r} says whether "
        "there is more",
        0.9,
        request=takers[0].dotted,
        place=takers[0].place,
        last=names["id"].name,
        more=more,
    )


def _header_token(sight: Sight) -> Found | None:
    """A token in a header of the answer that a parameter takes."""
    for name in sight.headers:
        if header(name) not in NEXT_TOKENS | {"after"}:
            continue
        for taker in sight.given:
            called = header(taker.name) if taker.place == "header" else taker.bare
            is_token = called in TOKENS and taker.kind in {"string", "any"}
            is_alike = _core(called) == _core(header(name)) and called in TOKENS | MAYBE_TOKENS
            if is_token or is_alike:
                is_number = called in PAGE_NUMBERS
                return Found(
                    "page" if is_number else "cursor",
                    f"{_where(taker)} takes what the answer's header {name!r} has",
                    0.9,
                    request=taker.dotted,
                    place=taker.place,
                    next=name,
                    next_in="header",
                )
    return None


def _header_url(sight: Sight) -> Found | None:
    """A header of the answer has the URL of the next page."""
    for name in sight.headers:
        if sight.reads and header(name) in NEXT_URL_HEADERS:
            return Found(
                "next_url",
                f"the answer's header {name!r} has it",
                0.75,
                next=name,
                next_in="header",
            )
    return None


def _next_url(sight: Sight) -> Found | None:
    """The answer has the URL of the next page."""
    for field in sight.held:
        why = _is_next_url(field, sight)
        if why:
            return Found(
                "next_url",
                f"{_of(field)} of the answer {why}",
                0.95 if field.bare in NEXT_URLS else 0.8,
                next=field.dotted,
            )
    return None


def _is_next_url(field: Field, sight: Sight) -> str:
    names = [bare(name) for name in field.path]
    turns = TOKENS | OFFSETS | PAGE_NUMBERS | SIZES
    takes = any(taker.bare in turns for taker in sight.given)
    if not sight.reads and not takes and names[-1] not in NEXT_URLS:
        return ""
    if field.kind in {"object", "list"}:
        is_link = names[-1] == "next" and "links" in names[:-1]
        return "is the link to the next page" if is_link else ""
    if field.kind not in {"string", "any", "union"}:
        return ""
    if names[-1] in NEXT_URLS and (sight.reads or sight.items.bare in LISTS):
        return "is the URL of the next page"
    if names[-1] in {"href", "url"}:
        is_link = "next" in names[:-1]
        return "is the link to the next page" if is_link else ""
    if names[-1] not in MAYBE_NEXT_URLS:
        return ""
    if "links" in names[:-1] or _speaks_of_url(field):
        return "is the link to the next page"
    siblings = {f.bare for f in sight.held if f.path[:-1] == field.path[:-1]}
    if sight.reads and siblings & {"previous", "prev", "previouspage", "prevpage"}:
        return "leads to the next page, as its sibling does to the previous one"
    takes_position = any(i.bare in TOKENS | OFFSETS | PAGE_NUMBERS for i in sight.given)
    if sight.reads and names[-1] == "next" and not takes_position:
        return "leads to the next page, and no parameter takes it"
    return ""


def _speaks_of_url(field: Field) -> bool:
    if field.kind not in {"string", "any"}:
        return False
    if field.format in {"uri", "url", "uri-reference", "iri"}:
        return True
    return re.search(r"\b(url|uri|link|href)\b", field.text, re.IGNORECASE) is not None


def _link_header(sight: Sight) -> Found | None:
    """The answer declares a `Link` header."""
    turns = OFFSETS | PAGE_NUMBERS | TOKENS | SIZES
    if sight.items.path and not any(taker.bare in turns for taker in sight.given):
        return None  # one thing that has a list, and links to others
    if sight.reads and any(name.lower() == "link" for name in sight.headers):
        return Found("link", "the answer declares a Link header (RFC 8288)", 0.9)
    return None


def _page_number(sight: Sight) -> Found | None:
    """A parameter takes the number of the page."""
    for taker in sight.given:
        is_sure = taker.bare in PAGE_NUMBERS
        is_likely = taker.bare in MAYBE_PAGE_NUMBERS and _says_page(taker, sight)
        if not (is_sure or is_likely) or not _counts(taker, sight):
            continue
        named = _first_path(sight, LAST_PAGES, {"integer", "number"})
        return Found(
            "page",
            f"{_where(taker)} takes the number of the page{_beside(sight, taker)}",
            0.85 if sight.size(taker) else 0.75,
            request=taker.dotted,
            place=taker.place,
            more=named or _more(sight),
            start=_first_number(taker, usual=1),
        )
    return None


def _offset(sight: Sight) -> Found | None:
    """A parameter takes the number of items before the page."""
    for taker in sight.given:
        is_sure = taker.bare in OFFSETS
        is_likely = taker.bare in MAYBE_OFFSETS and _is_likely_offset(taker, sight)
        if not (is_sure or is_likely) or not _counts(taker, sight):
            continue
        return Found(
            "offset",
            f"{_where(taker)} takes the number of items to skip{_beside(sight, taker)}",
            0.9 if is_sure and sight.size(taker) else 0.75,
            request=taker.dotted,
            place=taker.place,
            more=_more(sight),
            start=_first_number(taker, usual=0),
        )
    return None


def _last_property(sight: Sight) -> Found | None:
    """A parameter takes a property of the last item, which its name ends with."""
    item = _item(sight.items)
    if item is None or not sight.reads:
        return None
    held = [prop for prop in of_item(item, sight.schemas) if prop.bare.endswith("id")]
    for taker in sight.given:
        for prop in held:
            named = re.fullmatch(f"(start|from|after|since|last){prop.bare}", taker.bare)
            if named and prop.bare != "id" and sight.size(taker):
                return Found(
                    "cursor",
                    f"{_where(taker)} takes {prop.name!r} of the last item{_beside(sight, taker)}",
                    0.6,
                    request=taker.dotted,
                    place=taker.place,
                    last=prop.name,
                )
    return None


def _link_list(sight: Sight) -> Found | None:
    """The answer has a list of links, told apart by their relations."""
    if not sight.reads or not any(i.bare in TOKENS | SIZES for i in sight.given):
        return None
    for field in sight.held:
        link = _item(field)
        if link is None or field.bare not in {"links", "link"}:
            continue
        names = {prop.bare for prop in of_item(link, sight.schemas)}
        if names & {"rel", "relation"} and names & {"href", "url", "uri"}:
            reason = f"{_of(field)} of the answer are links by their relations"
            return Found("next_url", reason, 0.7, next=field.dotted)
    return None


def _unseen(sight: Sight) -> Found | None:
    """A parameter takes a token, a size is beside it, and nothing in the answer has one."""
    takers = [i for i in sight.given if i.bare in TOKENS and _may_be_token(i)]
    takers = [i for i in takers if i.place != "body" and sight.size(i) and i.kind not in NUMBERS]
    if not takers or not sight.reads:
        return None
    taker = takers[0]
    if re.search(r"\blink\b.*\bheader|\bheader.*\blink\b", taker.text, re.IGNORECASE | re.DOTALL):
        return Found("link", f"{_where(taker)} speaks of the Link header (RFC 8288)", 0.8)
    item = _item(sight.items)
    names = {prop.bare for prop in of_item(item, sight.schemas)} if item else set()
    if taker.bare in AFTERS and "id" in names and re.search(r"\b(?i:ids?)\b", taker.text):
        return Found(
            "cursor",
            f"{_where(taker)} takes the id of the last item{_beside(sight, taker)}",
            0.7,
            request=taker.dotted,
            place=taker.place,
            last="id",
        )
    if _speaks_of_time(taker) or not re.search(r"(?i)cursor|token", taker.name + taker.text):
        return None
    return Found(
        "link",
        f"{_where(taker)} takes a token that nothing in the body has, so that it can only come "
        "in a Link header (RFC 8288)",
        0.6,
    )


RULES: tuple[Callable[[Sight], Found | None], ...] = (
    _token,
    _last_item,
    _header_token,
    _next_url,
    _header_url,
    _link_header,
    _page_number,
    _offset,
    _last_property,
    _link_list,
    _unseen,
)


# --- What rules ask ----------------------------------------------------------------------------


def _where(taker: Input) -> str:
    kinds = {"query": "parameter", "header": "header", "body": "field"}
    return f"{kinds[taker.place]} {taker.dotted!r}"


def _of(field: Field) -> str:
    return f"{field.dotted!r}"


def _beside(sight: Sight, taker: Input) -> str:
    size = sight.size(taker)
    return f", and {size.dotted!r} its size" if size else ""


def _is_number(taker: Input) -> bool:
    """Whether an input can be a number; texts that Swagger authors left at `string` can, too."""
    kind = taker.kind
    return kind in {"integer", "number", "any"} or (
        kind == "string" and taker.format in {"", "int32", "int64"}
    )


def _counts(taker: Input, sight: Sight) -> bool:
    """Whether it is a number that pages or items of a list are counted by."""
    is_one = sight.is_thing and any(field.path == ("id",) for field in sight.held)
    if not _is_number(taker) or is_one:
        return False
    if sight.size(taker) is not None:
        return True
    if taker.kind == "string" or taker.place == "body":
        return False
    # Without a size, something else must say that a list is what comes back.
    numbers = TOTALS | LAST_PAGES | MORES
    return sight.is_named or any(field.bare in numbers for field in sight.held)


def _is_likely_offset(taker: Input, sight: Sight) -> bool:
    """Whether a word of many meanings is an offset: a number beside a size, and of no range."""
    ends = any(i.bare in RANGE_ENDS for i in sight.given)
    is_count = taker.kind in NUMBERS and sight.size(taker) is not None
    return is_count and not ends and not _speaks_of_time(taker)


def _says_page(taker: Input, sight: Sight) -> bool:
    says = re.search(r"\bpages?\b", taker.text, re.IGNORECASE) is not None
    return says or any(f.bare in PAGE_NUMBERS for f in sight.held)


def _speaks_of_time(taker: Input) -> bool:
    return re.search(r"\b(time|date|timestamp|day)\b", taker.text, re.IGNORECASE) is not None


def _more(sight: Sight) -> str:
    """Path of the flag that tells whether there is more."""
    flags = [f for f in sight.held if f.kind == "boolean"]
    for flag in flags:
        if flag.bare in MORES:
            return flag.dotted
    return next((f"!{flag.dotted}" for flag in flags if flag.bare in DONES), "")


def _first_path(sight: Sight, names: Iterable[str], kinds: set[str]) -> str:
    found = (f for f in sight.held if f.bare in names and f.kind in kinds)
    return next((f.dotted for f in found), "")


def _first_number(taker: Input, *, usual: int) -> int | None:
    """The number of the first page or item, None when it is the usual one."""
    text = taker.text.lower()
    if taker.default in {0, 1} and not isinstance(taker.default, bool):
        number = int(str(taker.default))
    elif re.search(r"\b(zero|0)[- ]based|start\w* (from|at|with) (0|zero)\b", text):
        number = 0
    elif re.search(r"\b(one|1)[- ]based|start\w* (from|at|with) (1|one)\b", text):
        number = 1
    else:
        return None
    return None if number == usual else number
