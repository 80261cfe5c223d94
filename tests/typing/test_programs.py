"""What type checkers say to users of a generated SDK."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.golden import FOLDER
from tests.support.generated import generated
from tests.support.samples import ROOT, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = Path(__file__).parent / "programs"
SDKS = {"album": "content.yaml", "talk": "streams.yaml", "talk_events": "webhooks.yaml"}
"""Packages that programs import beside the golden one, and what they are generated from."""

pytestmark = pytest.mark.xdist_group("static")


def paths() -> list[Path]:
    """Where programs import from."""
    wire = SAMPLES / "wire"
    made = [generated(wire / spec, "--package", name).folder for name, spec in SDKS.items()]
    return [FOLDER / "pet_store" / "src", ROOT / "runtime", *made]


def mypy(program: str, folder: Path) -> set[int]:
    """Lines of a program that mypy refuses in its strict mode."""
    command = ("mypy", "--strict", "--config-file=", "--python-version=3.10", "--no-pretty")
    environment = {**os.environ, "MYPYPATH": ":".join(map(str, paths()))}
    done = _run(*command, str(PROGRAMS / program), cwd=folder, environment=environment)
    assert done.stderr == ""
    return {int(line) for line in re.findall(rf"{program}:(\d+): error", done.stdout)}


def pyright(program: str, folder: Path) -> set[int]:
    """Lines of a program that pyright refuses in its standard mode."""
    settings = {
        "include": [os.path.relpath(PROGRAMS / program, folder)],
        "extraPaths": [os.path.relpath(path, folder) for path in paths()],
        "pythonVersion": "3.10",
        "typeCheckingMode": "standard",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = _run("pyright", "--outputjson", "--pythonpath", sys.executable, cwd=folder)
    if not done.stdout.startswith("{"):
        pytest.skip(f"pyright cannot start here: {(done.stdout + done.stderr).strip()[-200:]}")
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == 1
    found = (d for d in told["generalDiagnostics"] if d["severity"] == "error")
    return {d["range"]["start"]["line"] + 1 for d in found}


def _run(
    *command: str, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


CHECKERS = pytest.mark.parametrize("checker", [mypy, pyright], ids=["mypy", "pyright"])


@CHECKERS
@pytest.mark.parametrize("program", ["right.py", "right_streams.py", "right_media_types.py"])
def test_a_right_program_is_accepted(
    checker: Callable[[str, Path], set[int]], program: str, tmp_path: Path
) -> None:
    assert checker(program, tmp_path) == set()


@CHECKERS
@pytest.mark.parametrize("program", ["wrong.py", "wrong_streams.py", "wrong_media_types.py"])
def test_every_wrong_line_is_refused_and_no_other(
    checker: Callable[[str, Path], set[int]], program: str, tmp_path: Path
) -> None:
    lines = (PROGRAMS / program).read_text(encoding="utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, start=1) if "# wrong: " in line}

    assert {n: lines[n - 1].strip() for n in checker(program, tmp_path) ^ wrong} == {}
