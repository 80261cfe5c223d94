"""Plugins as they are found when they are installed, without installing them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support.samples import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CLI_PLUGIN = ROOT / "generator" / "plugins" / "clientgen-cli"


def install(folder: Path, distribution: str, points: dict[str, str], version: str = "1.0") -> None:
    """Write what an installer says of a distribution: its name, version and entry points."""
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    )
    lines = [f"{name} = {value}" for name, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[clientgen.plugins]", *lines, ""]))


def install_cli_plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the plugin of this repository known as its `pyproject.toml` says."""
    project = tomllib.loads((CLI_PLUGIN / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["clientgen.plugins"]
    install(folder, project["name"], points, project["version"])
    monkeypatch.syspath_prepend(CLI_PLUGIN)
    monkeypatch.syspath_prepend(folder)
