"""Keeps the corpus out of the measured coverage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pause coverage in these tests: others cover the same lines, and it doubles the time.

    Under `--no-cov` pytest-cov has nothing to pause, and fails on the mark.
    """
    if config.getoption("no_cov", default=True):
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("no_cover")
