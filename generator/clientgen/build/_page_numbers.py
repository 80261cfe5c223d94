"""Lists that go on with a number: of the page, or of items to skip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._page_fields import Found
from ._page_sight import NUMBERS, beside, is_number, speaks_of, speaks_of_time, where
from ._page_words import (
    LAST_PAGES,
    MAYBE_OFFSETS,
    MAYBE_PAGE_NUMBERS,
    MORES,
    OFFSETS,
    PAGE_NUMBERS,
    RANGE_ENDS,
    SKIPPED_PAGES,
    TOTALS,
)

if TYPE_CHECKING:
    from ._page_fields import Input
    from ._page_sight import Sight

BASED = {
    0: re.compile(r"\b(zero|0)[- ]?(based|indexed)\b|\bstart\w* (from|at|with) (0|zero)\b"),
    1: re.compile(r"\b(one|1)[- ]?(based|indexed)\b|\bstart\w* (from|at|with) (1|one)\b"),
}
"""How descriptions say what the first number is."""


def page_number(sight: Sight) -> Found | None:
    """A parameter takes the number of the page."""
    for taker in sight.given:
        is_sure = taker.bare in PAGE_NUMBERS | SKIPPED_PAGES
        is_likely = taker.bare in MAYBE_PAGE_NUMBERS and _says_page(taker, sight)
        if (is_sure or is_likely) and _counts(taker, sight):
            start = _first_number(taker)
            return Found(
                "page",
                f"{where(taker)} takes the number of the page{beside(sight, taker)}",
                0.85 if sight.size(taker) else 0.75,
                request=taker.dotted,
                place=taker.place,
                more=sight.path_of(LAST_PAGES, NUMBERS) or sight.more,
                start=None if start == 1 else start,
                current=_echo(taker, sight) if start is None else "",
            )
    return None


def offset(sight: Sight) -> Found | None:
    """A parameter takes the number of items before the page."""
    for taker in sight.given:
        is_sure = taker.bare in OFFSETS
        is_likely = taker.bare in MAYBE_OFFSETS and _is_likely_offset(taker, sight)
        if (is_sure or is_likely) and _counts(taker, sight):
            return Found(
                "offset",
                f"{where(taker)} takes the number of items to skip{beside(sight, taker)}",
                0.9 if is_sure and sight.size(taker) else 0.75,
                request=taker.dotted,
                place=taker.place,
                more=sight.more,
                start=_first_number(taker) or None,
            )
    return None


def _counts(taker: Input, sight: Sight) -> bool:
    """Whether it is a number that pages or items of a list are counted by."""
    is_range = sight.takes(RANGE_ENDS) and taker.bare.startswith(("start", "from", "begin"))
    if not is_number(taker) or sight.is_one or is_range:
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
    size = sight.size(taker)
    # `first` and `last` are sizes where there are cursors.
    is_size = size is None or size.bare in {"first", "last"} or sight.takes({"after", "before"})
    is_range = sight.takes(RANGE_ENDS) or speaks_of_time(taker)
    return taker.kind in NUMBERS and not is_size and not is_range


def _says_page(taker: Input, sight: Sight) -> bool:
    held = any(field.bare in PAGE_NUMBERS for field in sight.held)
    return held or speaks_of(taker, "page", "pages")


def _echo(taker: Input, sight: Sight) -> str:
    """Path of the number that the answer gives its page."""
    same = sight.path_of({taker.bare}, NUMBERS) or sight.path_of(PAGE_NUMBERS, NUMBERS)
    # Spring calls it `number`, which is anything elsewhere.
    return same or (
        sight.path_of({"number"}, NUMBERS) if sight.path_of(LAST_PAGES, NUMBERS) else ""
    )


def _first_number(taker: Input) -> int | None:
    """The number of the first page or item, None when the document does not say."""
    if taker.default in {0, 1} and not isinstance(taker.default, bool):
        return int(str(taker.default))
    if taker.bare in SKIPPED_PAGES:
        return 0
    text = taker.text.lower()
    return next((number for number, says in BASED.items() if says.search(text)), None)
