"""The tests that are generated into packages pass, and can fail."""

from __future__ import annotations

import os
import shutil
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


def run_tests(folder: Path, *what: str) -> str:
    paths = [ROOT / "runtime", *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, paths)))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *what]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_the_tests_of_a_package_pass_as_they_are() -> None:
    assert "24 passed" in run_tests(PET_STORE)


def test_a_package_that_imports_what_it_may_not_need_fails_its_tests(tmp_path: Path) -> None:
    folder = tmp_path / "pet_store"
    shutil.copytree(PET_STORE, folder)
    with (folder / "src" / "pet_store" / "__init__.py").open("a") as module:
        module.write("\nfrom .models.pet import Pet\n")

    told = run_tests(folder, "tests/test_import.py")
    assert "FAILED tests/test_import.py::test_only_what_is_used_is_imported" in told


USER_TESTS = """
def test_one(fake_server):
    fake_server.answer("pets.list", [{"id": 7, "name": "Rex"}])
    with fake_server.client() as client:
        assert [pet.name for pet in client.pets.list()] == ["Rex"]

def test_another(fake_server):
    assert fake_server.calls == []
"""


def test_the_server_of_a_package_is_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["pet_store.testing"]')
    (tmp_path / "test_shop.py").write_text(USER_TESTS)

    assert "2 passed" in run_tests(tmp_path, "-o", f"pythonpath={PET_STORE / 'src'}")


@pytest.mark.parametrize("name", [*DOCUMENTS, *(f"wire/{name}" for name in WIRE)])
def test_all_calls_of_a_sample_work_against_its_own_fake_server(name: str) -> None:
    sdk = generated(SAMPLES / name)
    testing = __import__(f"{sdk.module.__name__}.testing", fromlist=["FakeServer"])

    assert tried(testing.FakeServer).failed == []
