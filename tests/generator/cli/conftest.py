"""Each test runs in a folder of its own that holds `pets.yaml`, and in a plain environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.generator.cli.command import PETS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("CLIENTGEN_") or name in {"FORCE_COLOR", "GITHUB_ACTIONS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")
    (tmp_path / "pets.yaml").write_text(PETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path
