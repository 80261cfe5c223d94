"""Comparing two versions of an SDK, as its callers see them."""

from __future__ import annotations

from .compare import Change, Comparison, compare
from .report import as_changelog, as_json, as_markdown, as_text, count, summary
from .stored import restored, stored
from .surface import Surface, surface

__all__ = [
    "Change",
    "Comparison",
    "Surface",
    "as_changelog",
    "as_json",
    "as_markdown",
    "as_text",
    "compare",
    "count",
    "restored",
    "stored",
    "summary",
    "surface",
]
