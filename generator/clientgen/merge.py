"""Three-way merge of texts, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MINE = "<<<<<<< edited"
BETWEEN = "======="
THEIRS = ">>>>>>> generated"
"""Lines around and between what conflicts, as git writes them."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text.

    Attributes:
        text: The text; conflicts are marked as git marks them.
        conflicts: How many places both sides changed differently.
    """

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Apply what `theirs` changed in `base` to `mine`.

    Lines that neither side touched hold the texts together; between them, a side that is as in
    `base` gives way to the other.
    """
    a, b, origin = _lines(mine), _lines(theirs), _lines(base)
    merged: list[str] = []
    conflicts = 0
    for old, left, right, shared in _regions(origin, a, b):
        if right in (left, old):
            merged += left
        elif left == old:
            merged += right
        else:
            conflicts += 1
            merged += [f"{MINE}\n", *_ended(left), f"{BETWEEN}\n", *_ended(right), f"{THEIRS}\n"]
        merged += shared
    return Merged("".join(merged), conflicts)


def _lines(text: str) -> list[str]:
    # Not `str.splitlines`, which ends lines at characters that may stand in Python's strings.
    return text.replace("\n", "\n\0").split("\0") if text else []


def _ended(lines: Sequence[str]) -> list[str]:
    """Lines of which the last has an end, too, so that a mark can follow."""
    given = [line for line in lines if line]
    return [line if line.endswith("\n") else f"{line}\n" for line in given]


def _regions(
    origin: list[str], a: list[str], b: list[str]
) -> Iterator[tuple[list[str], list[str], list[str], list[str]]]:
    """What stands between lines that all three share, with the shared lines after it."""
    at = in_a = in_b = 0
    for start, start_a, start_b, size in _shared(origin, a, b):
        shared = origin[start : start + size]
        yield origin[at:start], a[in_a:start_a], b[in_b:start_b], shared
        at, in_a, in_b = start + size, start_a + size, start_b + size
    yield origin[at:], a[in_a:], b[in_b:], []


def _shared(origin: list[str], a: list[str], b: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines of the origin that both sides still have: where, in each, and how many."""
    left = SequenceMatcher(None, origin, a, autojunk=False).get_matching_blocks()
    right = SequenceMatcher(None, origin, b, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(left) and j < len(right):
        one, other = left[i], right[j]
        start = max(one.a, other.a)
        end = min(one.a + one.size, other.a + other.size)
        if start < end:
            yield start, one.b + start - one.a, other.b + start - other.a, end - start
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1
