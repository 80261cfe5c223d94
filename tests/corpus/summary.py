"""Prints the table of the corpus after the tests."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tests.corpus.outputs import Numbers, shared_folder, table

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CLIENTGEN_CORPUS"):
        found = sorted(shared_folder().glob("*/numbers.json"))
        if found:
            terminalreporter.section("corpus")
            terminalreporter.write_line(
                table([Numbers(**json.loads(path.read_text())) for path in found])
            )
            _tell_of_examples(terminalreporter)


def _tell_of_examples(reporter: pytest.TerminalReporter) -> None:
    reports = (*reporter.getreports("passed"), *reporter.getreports("failed"))
    counts = [v for r in reports for key, v in r.user_properties if key == "examples"]
    if counts:
        accepted, unfit = (sum(column) for column in zip(*counts, strict=True))
        with_examples = sum(any(count) for count in counts)
        reporter.write_line(
            f"examples of {with_examples} documents: {accepted} requests accepted, "
            f"{unfit} examples that their own documents forbid or that cannot be sent"
        )
