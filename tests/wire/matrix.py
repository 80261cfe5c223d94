"""The matrix that a run of the wire tests ends with: construct by version of OpenAPI."""

from __future__ import annotations

from typing import Any

VERSIONS = {"2.0": "2.0", "3.0": "3.0.4", "3.1": "3.1.1", "3.2": "3.2.0"}


def print_matrix(reporter: Any) -> None:
    """Print which constructs passed in which version, if any were tested."""
    rows: dict[str, dict[str, list[bool]]] = {}
    for outcome in ("passed", "failed"):
        for report in reporter.getreports(outcome):
            for key, value in getattr(report, "user_properties", ()):
                if key == "construct" and report.when == "call":
                    construct, version = value
                    cell = rows.setdefault(construct, {}).setdefault(version, [])
                    cell.append(outcome == "passed")
    if not rows:
        return
    reporter.section("wire: construct by version of OpenAPI")
    reporter.line(f"{'':<64}" + "".join(f"{version:>6}" for version in VERSIONS))
    for construct, cells in sorted(rows.items()):
        marks = "".join(f"{_mark(cells.get(version)):>6}" for version in VERSIONS)
        reporter.line(f"{construct:<64}" + marks)
    tested = [all(cell) for cells in rows.values() for cell in cells.values()]
    reporter.line(f"{len(rows)} constructs, {sum(tested)} of {len(tested)} cells passed")


def _mark(results: list[bool] | None) -> str:
    if results is None:
        return "-"
    return "ok" if all(results) else "FAIL"
