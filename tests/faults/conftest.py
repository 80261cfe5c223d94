"""Faults run against both clients, and the run ends with a table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime.driving import Connect

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    made = Connect(request.param)
    yield made
    made.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows: dict[str, list[bool]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when == "call" and report.nodeid.startswith("tests/faults/"):
                rows.setdefault(_row(report.nodeid), []).append(outcome == "passed")
    if not rows:
        return
    terminalreporter.section("faults: row, clients that passed")
    for name, results in sorted(rows.items()):
        terminalreporter.line(f"{name:<72} {sum(results)}/{len(results)}")
    passed = sum(all(results) for results in rows.values())
    terminalreporter.line(f"{passed} of {len(rows)} rows passed")


def _row(nodeid: str) -> str:
    name, _, parameters = nodeid.partition("::")[2].removeprefix("test_").partition("[")
    words = [word for word in parameters.rstrip("]").split("-") if word not in ("sync", "async")]
    return " ".join([name.replace("_", " "), *(["|", *words] if words else [])])
