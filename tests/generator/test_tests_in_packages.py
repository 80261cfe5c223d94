"""The tests that are generated into packages pass, and can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.corpus.generated_tests import tried
from tests.golden import FOLDER
from tests.support.generated import generated
from tests.support.samples import DOCUMENTS, ROOT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

PET_STORE = FOLDER / "pet_store"
WIRE = sorted(path.name for path in (SAMPLES / "wire").iterdir())

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")


def run_tests(folder: Path) -> str:
    paths = [ROOT / "runtime", *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, paths)))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_the_tests_of_a_package_pass_as_they_are() -> None:
    assert "24 passed" in run_tests(PET_STORE)


@pytest.mark.parametrize("name", [*DOCUMENTS, *(f"wire/{name}" for name in WIRE)])
def test_all_calls_of_a_sample_work_against_its_own_fake_server(name: str) -> None:
    sdk = generated(SAMPLES / name)
    testing = __import__(f"{sdk.module.__name__}.testing", fromlist=["FakeServer"])

    assert tried(testing.FakeServer).failed == []
