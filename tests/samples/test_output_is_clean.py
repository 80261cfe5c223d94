"""Packages of the samples satisfy the tools that their users run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.generated import Sdk, generated
from tests.support.samples import DOCUMENTS, ROOT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("static")


@pytest.fixture(scope="module")
def packages() -> list[Sdk]:
    return [generated(SAMPLES / name) for name in (*DOCUMENTS, "wire/same_names.yaml")]


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_mypy_is_silent_in_strict_mode(packages: list[Sdk], tmp_path: Path) -> None:
    folders = ":".join(str(sdk.folder) for sdk in packages)
    names = [part for sdk in packages for part in ("-p", sdk.name)]
    options = ("--strict", "--config-file=", "--no-error-summary", "--python-version=3.10")
    path = f"{folders}:{ROOT / 'runtime'}"

    done = run("mypy", *options, *names, cwd=tmp_path, MYPYPATH=path)
    assert done.stdout + done.stderr == ""


def test_pyright_is_silent_in_standard_mode(packages: list[Sdk], tmp_path: Path) -> None:
    # pyright wants paths relative to the folder of its settings.
    settings = {
        "include": [os.path.relpath(sdk.folder / sdk.name, tmp_path) for sdk in packages],
        "extraPaths": [str(ROOT / "runtime")],
        "pythonVersion": "3.10",
        "typeCheckingMode": "standard",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    options = ("--outputjson", "--pythonpath", sys.executable)

    told = json.loads(run("pyright", *options, cwd=tmp_path).stdout)
    found = [f"{d['file']}: {d['message']}" for d in told["generalDiagnostics"]]
    assert (told["summary"]["filesAnalyzed"] > len(packages), found) == (True, [])


@pytest.mark.parametrize("target", [(), ("--target-version", "py310")])  # as projects state it
def test_ruff_is_content_with_its_default_rules(
    packages: list[Sdk], tmp_path: Path, target: tuple[str, ...]
) -> None:
    folders = [str(sdk.folder / sdk.name) for sdk in packages]

    done = run("ruff", "check", "--isolated", "--quiet", *target, *folders, cwd=tmp_path)
    assert done.stdout + done.stderr == ""
