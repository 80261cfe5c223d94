"""Both sides' changes of a text come together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientgen.merge import Merged, merge

BASE = "a\nb\nc\nd\n"
CASES = {
    "changes apart": ("A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
    "a line more on each side": ("0\na\nb\nc\nd\n", "a\nb\nc\nd\ne\n", "0\na\nb\nc\nd\ne\n"),
    "a line gone and one changed": ("b\nc\nd\n", "a\nb\nc\nD\n", "b\nc\nD\n"),
    "the same change": ("a\nX\nc\nd\n", "a\nX\nc\nd\n", "a\nX\nc\nd\n"),
    "no end of the last line": ("a\nb\nc\nd", "A\nb\nc\nd\n", "A\nb\nc\nd"),
}

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d"]), max_size=8).map("".join)


@pytest.mark.parametrize(("mine", "theirs", "merged"), CASES.values(), ids=CASES)
def test_what_only_one_side_changed_is_taken(mine: str, theirs: str, merged: str) -> None:
    assert merge(BASE, mine, theirs) == Merged(merged, 0)
    assert merge(BASE, theirs, mine) == Merged(merged, 0)


def test_what_both_sides_changed_is_marked() -> None:
    merged = merge(BASE, "a\nmine\nc\nd\n", "a\ntheirs\nc\nd\n")

    assert merged.conflicts == 1
    assert merged.text.splitlines() == [
        "a",
        "<<<<<<< edited",
        "mine",
        "=======",
        "theirs",
        ">>>>>>> generated",
        "c",
        "d",
    ]


@given(texts, texts)
def test_a_side_that_changed_nothing_gives_way(base: str, changed: str) -> None:
    assert merge(base, base, changed) == Merged(changed, 0)
    assert merge(base, changed, base) == Merged(changed, 0)
    assert merge(base, changed, changed) == Merged(changed, 0)


@given(texts, texts, texts)
def test_no_line_of_the_user_is_lost_without_a_conflict(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)

    new = set(mine.splitlines()) - set(base.splitlines())
    assert new <= set(merged.text.splitlines())
