"""Prints tables after the tests; a conftest below would not see all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.corpus import summary
from tests.wire.matrix import print_matrix

if TYPE_CHECKING:
    import pytest

# Its tests are run as its users run them, by a test of ours.
collect_ignore = ["golden/pet_store"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "covers(construct, *versions): a row of the matrix of the wire tests"
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    summary.pytest_terminal_summary(terminalreporter)
    print_matrix(terminalreporter)
