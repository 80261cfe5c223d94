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
