"""What is published installs, by itself and elsewhere, and what it generates does too."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from tests.support.plugins import CLI_PLUGIN
from tests.support.samples import ROOT, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# One worker does them all: they share what is built.
pytestmark = pytest.mark.xdist_group("packaging")

CALL = """
from pet_store import AsyncPetStore, PetStore, models
with PetStore(api_key="k") as client:
    print(client.pets.retrieve.__name__, models.Pet.__name__, client.pets.photos is not None)
"""


def run(*command: object, cwd: Path) -> str:
    # Nothing of this checkout may help: neither its folders nor its configuration.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def project(folder: Path) -> dict[str, object]:
    table: dict[str, object] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return table


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of each distribution, and a wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    for source in (ROOT, ROOT / "runtime", CLI_PLUGIN):
        command = (sys.executable, "-m", "build", "--no-isolation", "-o", folder, source)
        run(*command, cwd=folder)
    return folder


class Environment:
    """A virtual environment with nothing but what a test installs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=True, symlinks=True)
        self.bin = folder / "bin"

    def install(self, *arguments: object) -> None:
        run(self.bin / "python", "-m", "pip", "install", "-q", *arguments, cwd=self.folder)


@pytest.fixture(scope="session")
def generator(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with clientgen alone."""
    environment = Environment(tmp_path_factory.mktemp("generator") / "venv")
    environment.install(*built.glob("clientgen-*.whl"))
    return environment


@pytest.fixture(scope="session")
def pet_store(generator: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that the installed command has generated."""
    folder = tmp_path_factory.mktemp("projects")
    run(generator.bin / "clientgen", "generate", SAMPLES / "pet_store.yaml", cwd=folder)
    return folder / "pet-store"


def test_the_wheel_has_all_templates(built: Path) -> None:
    (wheel,) = built.glob("clientgen-*.whl")
    folder = ROOT / "templates"
    written = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert written - set(zipfile.ZipFile(wheel).namelist()) == set()


@pytest.mark.parametrize("package", ["clientgen", "clientgen_runtime", "clientgen_cli"])
def test_wheels_are_typed(built: Path, package: str) -> None:
    (wheel,) = built.glob(f"{package}-*.whl")

    assert f"{package}/py.typed" in zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize("package", ["clientgen", "clientgen_runtime", "clientgen_cli"])
def test_archives_hold_neither_tests_nor_rubbish(built: Path, package: str) -> None:
    (sdist,) = built.glob(f"{package}-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()

    assert [n for n in names if "/tests/" in n or "__pycache__" in n or "/.ci/" in n] == []


def test_the_generator_does_not_need_the_runtime(generator: Environment) -> None:
    listed = run(generator.bin / "python", "-m", "pip", "list", cwd=generator.folder)

    assert "clientgen-runtime" not in listed


def test_the_generated_project_installs_with_the_runtime_alone(
    built: Path, pet_store: Path, tmp_path: Path
) -> None:
    environment = Environment(tmp_path / "venv")
    environment.install("--find-links", built, pet_store)

    told = run(environment.bin / "python", "-W", "error", "-c", CALL, cwd=tmp_path)
    listed = run(environment.bin / "python", "-m", "pip", "list", cwd=tmp_path)
    assert told.split() == ["retrieve", "Pet", "True"]
    assert "clientgen " not in listed


def test_the_generated_wheel_is_typed_and_complete(pet_store: Path, tmp_path: Path) -> None:
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o", tmp_path, pet_store),
        cwd=tmp_path,
    )
    (wheel,) = tmp_path.glob("pet_store-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())

    source = pet_store / "src"
    assert {str(path.relative_to(source)) for path in source.rglob("*.py")} <= inside
    assert "pet_store/py.typed" in inside


def test_a_generated_project_asks_for_the_runtime_that_it_was_made_for(pet_store: Path) -> None:
    runtime = project(ROOT / "runtime")
    dependencies = project(pet_store)["dependencies"]
    assert isinstance(dependencies, list)
    asked = {requirement.name: requirement for requirement in map(Requirement, dependencies)}

    needed = asked["clientgen-runtime"]
    assert needed.specifier.contains(str(runtime["version"]))
    assert {s.operator for s in needed.specifier} == {">=", "<"}


def test_both_distributions_support_the_same_pythons() -> None:
    root, runtime = project(ROOT), project(ROOT / "runtime")

    assert root["requires-python"] == runtime["requires-python"] == ">=3.10"


def test_the_plugin_installs_beside_the_generator(
    built: Path, generator: Environment, tmp_path: Path
) -> None:
    (wheel,) = built.glob("clientgen_cli-*.whl")
    generator.install("--no-deps", wheel)
    document = SAMPLES / "pet_store.yaml"
    run(generator.bin / "clientgen", "generate", document, "--plugin", "cli", cwd=tmp_path)

    assert project(tmp_path / "pet-store")["scripts"] == {"pet-store": "pet_store.__main__:main"}
    assert (tmp_path / "pet-store" / "src" / "pet_store" / "cli.json").exists()
