"""Lists that go on with a token: one of the answer, or a property of its last item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ._page_fields import Found
from ._page_sight import NUMBERS, beside, speaks_of, speaks_of_time, speaks_of_url, where
from ._page_words import (
    AFTERS,
    MAYBE_TOKENS,
    NEXT_OBJECTS,
    NEXT_TOKENS,
    NEXT_URLS,
    OFFSETS,
    PAGE_NUMBERS,
    SAME_TEXTS,
    TOKENS,
    bare,
    header,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._page_fields import Field, Input
    from ._page_sight import Sight

MIN_NAME = 3
"""Letters from which on a name says something."""


def token(sight: Sight) -> Found | None:
    """A token in the answer that a parameter takes."""
    for source in _tokens_given(sight):
        for taker in _takers(sight, source):
            sure = taker.bare in TOKENS and source.bare in NEXT_TOKENS
            return Found(
                _style(taker, source),
                f"{where(taker)} takes {source.dotted!r} of the answer",
                0.95 if sure else 0.8,
                request=taker.dotted,
                place=taker.place,
                next=source.dotted,
                more=sight.more,
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
    able = [f for f in able if not _is_within(f, {"links"}) and not speaks_of_url(f)]
    sure = [f for f in able if f.bare in NEXT_TOKENS]
    within = [f for f in able if _is_within(f, NEXT_OBJECTS)]
    same = [f for f in able if f.bare in SAME_TEXTS and f.kind == "string"]
    same = [f for f in same if sight.reads and not speaks_of_time(f)]
    last = [f for f in able if f.bare == "last" and sight.more]
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
    if named is None or named[2].endswith(("date", "time")):
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


def last_item(sight: Sight) -> Found | None:
    """A flag says that there is more, and a parameter takes the id of the last item."""
    takers = [i for i in sight.given if i.bare in AFTERS and _may_be_token(i)]
    if not takers or not sight.more or "id" not in sight.of_item:
        return None
    more = sight.more.lstrip("!")
    why = f"takes the id of the last item, and {more!r} says whether there is more"
    return _after_last(takers[0], sight.of_item["id"], f"{where(takers[0])} {why}", 0.9, sight.more)


def last_property(sight: Sight) -> Found | None:
    """A parameter takes a property of the last item, which its name ends with."""
    held = [field for name, field in sight.of_item.items() if name.endswith("id") and name != "id"]
    for taker in sight.given if sight.reads else ():
        for field in held:
            befores = ("start", "from", "after", "since", "last")
            if taker.bare in {before + field.bare for before in befores} and sight.size(taker):
                why = f"takes {field.name!r} of the last item{beside(sight, taker)}"
                return _after_last(taker, field, f"{where(taker)} {why}", 0.6)
    return None


def _after_last(
    taker: Input, field: Field, reason: str, confidence: float, more: str = ""
) -> Found:
    return Found(
        "token_body" if taker.place == "body" else "cursor",
        reason,
        confidence,
        request=taker.dotted,
        place=taker.place,
        last=field.name,
        more=more,
    )


def header_token(sight: Sight) -> Found | None:
    """A token in a header of the answer that a parameter takes."""
    names = [name for name in sight.headers if header(name) in NEXT_TOKENS | {"after"}]
    for name in names:
        taker = next((i for i in sight.given if _takes_header(i, header(name))), None)
        if taker is not None:
            return Found(
                "page" if taker.bare in PAGE_NUMBERS else "cursor",
                f"{where(taker)} takes what the answer's header {name!r} has",
                0.9,
                request=taker.dotted,
                place=taker.place,
                next=name,
                next_in="header",
            )
    return None


def _takes_header(taker: Input, name: str) -> bool:
    is_token = taker.bare in TOKENS and taker.kind in {"string", "any"}
    is_alike = _core(taker.bare) == _core(name) and taker.bare in TOKENS | MAYBE_TOKENS
    return is_token or is_alike


def unseen(sight: Sight) -> Found | None:
    """A parameter takes a token, a size is beside it, and nothing in the answer has one."""
    able = [i for i in sight.given if i.bare in TOKENS and i.place != "body" and sight.size(i)]
    taker = next((i for i in able if _may_be_token(i) and i.kind not in NUMBERS), None)
    if taker is None or not sight.reads:
        return None
    if speaks_of(taker, "link", "links") and speaks_of(taker, "header", "headers"):
        return Found("link", f"{where(taker)} speaks of the Link header (RFC 8288)", 0.8)
    if taker.bare in AFTERS and "id" in sight.of_item and speaks_of(taker, "id", "ids"):
        why = f"takes the id of the last item{beside(sight, taker)}"
        return _after_last(taker, sight.of_item["id"], f"{where(taker)} {why}", 0.7)
    return None
