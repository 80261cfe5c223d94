"""Diagnostics in SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clientgen import __version__
from clientgen.diagnostics import Severity, one_line
from clientgen.explain import explanation, titles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientgen.diagnostics import Diagnostic
    from clientgen.load import Json

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.UNSUPPORTED: "error", Severity.WARNING: "warning"}


def as_sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, Json]:
    """A SARIF log with one run."""
    found = list(diagnostics)
    codes = sorted({each.code for each in found})
    rules: list[Json] = [_rule(code) for code in codes]
    driver: dict[str, Json] = {"name": "clientgen", "version": __version__, "rules": rules}
    results: list[Json] = [_result(each, codes.index(each.code)) for each in found]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def _rule(code: str) -> dict[str, Json]:
    """What services show about a code (SARIF 2.1.0, sections 3.49.9 and 3.49.13)."""
    page = explanation(code)
    return {
        "id": code,
        "shortDescription": {"text": titles()[code]},
        "help": {"text": page, "markdown": page},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": one_line(diagnostic.message)},
    }
    if diagnostic.where is not None:
        position = diagnostic.where.position
        place: dict[str, Json] = {
            "artifactLocation": {"uri": _uri(diagnostic.where.document.name)},
            "region": {"startLine": position.line, "startColumn": position.column},
        }
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(name: str) -> str:
    """The document as a URI; a path starts from where we are, as services want it."""
    from urllib.parse import quote

    if "://" in name:
        return name
    path, here = Path(name), Path.cwd()
    if path.is_absolute() and not path.is_relative_to(here):
        return path.as_uri()
    return quote((path.relative_to(here) if path.is_absolute() else path).as_posix())
