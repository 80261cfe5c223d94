"""What type checkers know of the runtime; `poe types` holds its code to their strict modes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("static")


def test_no_checker_has_to_guess_the_type_of_a_public_name(tmp_path: Path) -> None:
    options = ("--verifytypes", "clientgen_runtime", "--ignoreexternal", "--outputjson")
    # Here pyright looks for other packages beside the first `python`, whatever it is told.
    first = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "pyright", *options],
        cwd=tmp_path,
        env={**os.environ, "PATH": first},
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.startswith("{"):
        pytest.skip(f"pyright cannot start here: {(done.stdout + done.stderr).strip()[-200:]}")

    told = json.loads(done.stdout)["typeCompleteness"]
    guessed = [s["name"] for s in told["symbols"] if s["isTypeAmbiguous"] or not s["isTypeKnown"]]
    assert (guessed, told["completenessScore"]) == ([], 1)
