"""A comparison for people, scripts, pull requests and changelogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.diagnostics import one_line
from clientgen.inspect import describe_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientgen.load import Json

    from .compare import Change, Comparison, Kind

VERSION = 1
ASKS_FOR = {
    "major": "the next version is a major one",
    "minor": "the next version is a minor one",
    "patch": "callers notice nothing, so that a patch version is enough",
    "none": "the documents are the same",
}
HEADINGS: dict[Kind, str] = {
    "removed": "Removed",
    "renamed": "Changed",
    "changed": "Changed",
    "added": "Added",
    "deprecated": "Deprecated",
}
"""Sections of a changelog (keepachangelog.com), by what happened."""


def as_text(comparison: Comparison) -> str:
    """One line a change, and what they ask for."""
    lines = map(_line, comparison.changes)
    return "\n".join([*lines, summary(comparison)])


def summary(comparison: Comparison) -> str:
    """How many changes there are, and which version they ask for."""
    return f"{count(comparison)}: {ASKS_FOR[comparison.bump]}"


def count(comparison: Comparison) -> str:
    """How many changes there are."""
    number = len(comparison.changes)
    if not number:
        return "no changes"
    return f"{number} change{'' if number == 1 else 's'}, {comparison.breaking} breaking"


def as_json(comparison: Comparison) -> dict[str, Json]:
    """For scripts; stable within a version."""
    return {
        "version": VERSION,
        "bump": comparison.bump,
        "breaking": comparison.breaking > 0,
        "changes": [_described(change) for change in comparison.changes],
    }


def as_markdown(comparison: Comparison) -> str:
    """For a pull request: what breaks first, the rest below."""
    told = summary(comparison)
    lines = [f"**{told[:1].upper()}{told[1:]}.**"]
    for heading, breaking in (("Breaking", True), ("Compatible", False)):
        found = [change for change in comparison.changes if change.breaking is breaking]
        if found:
            lines += ["", f"### {heading}", "", *map(_bullet, found)]
    return "\n".join(lines)


def as_changelog(comparison: Comparison) -> str:
    """Sections of a changelog; breaking changes say so."""
    lines: list[str] = []
    for heading in dict.fromkeys(HEADINGS.values()):
        found = [change for change in comparison.changes if HEADINGS[change.kind] == heading]
        if found:
            lines += ["", f"### {heading}", ""]
            lines += [_bullet(change, mark=change.breaking) for change in found]
    return "\n".join(lines[1:])


def _described(change: Change) -> dict[str, Json]:
    return {
        "kind": change.kind,
        "breaking": change.breaking,
        "subject": change.subject,
        "message": change.message,
        **describe_place(change.where),
    }


def _line(change: Change) -> str:
    place = f"{change.where}: " if change.where else ""
    weight = "breaking" if change.breaking else "compatible"
    return one_line(f"{place}{weight}: {change.subject} {change.message}")


def _bullet(change: Change, *, mark: bool = False) -> str:
    message = "".join(_escaped(one_line(change.message)))
    subject = one_line(change.subject).replace("`", "'")
    return f"- {'**Breaking:** ' if mark else ''}`{subject}` {message}"


def _escaped(text: str) -> Iterator[str]:
    for character in text:
        yield f"\\{character}" if character in "\\`*_[]<>#|~&" else character
