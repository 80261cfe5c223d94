"""What each option of `generate` does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.generator.cli.command import BROKEN, PETS, run, tree

PACKAGE = {
    *("__init__.py", "_client.py", "py.typed", "models/__init__.py", "resources/__init__.py"),
    *("resources/owners.py", "resources/pets.py", "testing.json", "testing.py"),
}
TESTS = {"tests/test_calls.py", "tests/test_import.py"}
PROJECT = {"clientgen.lock", "README.md", "api.md", "pyproject.toml", *TESTS}


def calls(folder: str) -> set[str]:
    """Modules of resources of the package in a folder."""
    return {path.stem for path in Path(folder).rglob("resources/*.py")} - {"__init__"}


def test_a_project_goes_to_a_folder_of_its_name() -> None:
    told = run("generate", "pets.yaml")

    assert (told.code, told.out) == (0, "")
    assert told.err == "pet_store: 3 operations, 15 files written in pet-store\n"
    assert tree("pet-store") == {f"src/pet_store/{name}" for name in PACKAGE} | PROJECT


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_the_output_folder_can_be_chosen(option: str) -> None:
    run("generate", "pets.yaml", option, "a/b")

    assert tree("a/b") > PROJECT


def test_without_meta_there_is_the_package_alone() -> None:
    run("generate", "pets.yaml", "--meta", "none", "-o", "lib")

    assert tree("lib") == {f"pet_store/{name}" for name in (*PACKAGE, "clientgen.lock")}


def test_the_readme_shows_paths_as_they_are() -> None:
    Path("pets.yaml").write_text(PETS.replace("/owners", "/__all__/own_ers"))

    run("generate", "pets.yaml")

    assert "# GET /__all__/own_ers\n" in Path("pet-store/README.md").read_text()


def test_names_can_be_chosen() -> None:
    run("generate", "pets.yaml", "--package", "zoo", "--client", "Keeper")

    client = Path("zoo/src/zoo/_client.py").read_text()
    assert ("class Keeper(" in client, "class AsyncKeeper(" in client) == (True, True)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--include-path", "/pets/**"), {"pets"}),
        (("--include-path", "/owners", "--include-path", "/pets"), {"owners", "pets"}),
        (("--exclude-path", "/pets/**"), {"owners"}),
        (("--include-tag", "owners"), {"owners"}),
        (("--exclude-tag", "owners"), {"pets"}),
    ],
)
def test_operations_can_be_chosen(options: tuple[str, ...], kept: set[str]) -> None:
    run("generate", "pets.yaml", *options, "-o", "out")

    assert calls("out") == kept


def test_a_document_can_come_from_standard_input() -> None:
    told = run("generate", "-", "-o", "out", stdin=PETS)

    assert (told.code, calls("out")) == (0, {"owners", "pets"})


def test_mistakes_of_standard_input_have_places() -> None:
    assert "<stdin>:1:1: error CG200" in run("generate", "-", stdin="a: 1").err


def test_templates_can_be_replaced() -> None:
    Path("mine").mkdir()
    Path("mine/README.md.jinja").write_text("{{ project.title }} by us\n")

    run("generate", "pets.yaml", "--templates", "mine")

    assert Path("pet-store/README.md").read_text() == "Pet Store by us\n"
    assert "GET /pets" in Path("pet-store/api.md").read_text()


# --- Looking without writing -----------------------------------------------------------------


def test_check_fails_and_writes_nothing_when_there_is_no_output() -> None:
    told = run("generate", "pets.yaml", "--check")

    assert (told.code, tree()) == (1, {"pets.yaml"})
    assert "new      pet-store/pyproject.toml\n" in told.err
    assert told.err.endswith(
        "pet-store is not up to date; run clientgen generate without --check\n"
    )


def test_check_passes_when_the_output_is_up_to_date() -> None:
    run("generate", "pets.yaml")

    told = run("generate", "pets.yaml", "--check")

    assert (told.code, told.err) == (0, "pet_store: 3 operations, up to date in pet-store\n")


def test_check_tells_what_is_not_up_to_date_and_leaves_it() -> None:
    run("generate", "pets.yaml")
    Path("pet-store/README.md").write_text("Edited")
    Path("pet-store/api.md").unlink()

    told = run("generate", "pets.yaml", "--check")

    assert told.code == 1
    assert told.err.splitlines()[:3] == [
        "edited   pet-store/README.md: kept as it is",
        "new      pet-store/api.md",
        "changed  pet-store/clientgen.lock",
    ]
    assert Path("pet-store/README.md").read_text() == "Edited"


def test_a_dry_run_writes_nothing_and_shows_what_would_change() -> None:
    told = run("generate", "pets.yaml", "--dry-run")

    assert (told.code, tree()) == (0, {"pets.yaml"})
    assert told.err.splitlines() == [
        "pet-store",
        "├── README.md               new",
        "├── api.md                  new",
        "├── clientgen.lock          new",
        "├── pyproject.toml          new",
        "├── src/pet_store",
        "│   ├── __init__.py         new",
        "│   ├── _client.py          new",
        "│   ├── models/__init__.py  new",
        "│   ├── py.typed            new",
        "│   ├── resources",
        "│   │   ├── __init__.py     new",
        "│   │   ├── owners.py       new",
        "│   │   └── pets.py         new",
        "│   ├── testing.json        new",
        "│   └── testing.py          new",
        "└── tests",
        "    ├── test_calls.py       new",
        "    └── test_import.py      new",
        "pet_store: 3 operations, 15 files would change in pet-store",
    ]


def test_a_dry_run_shows_files_that_change_and_that_go() -> None:
    run("generate", "pets.yaml")

    told = run("generate", "pets.yaml", "--exclude-tag", "owners", "--dry-run")

    assert "    ├── _client.py           changed\n" in told.err
    assert "    ├── resources/owners.py  removed\n" in told.err


def test_a_dry_run_without_changes_shows_no_files() -> None:
    run("generate", "pets.yaml")

    told = run("generate", "pets.yaml", "--dry-run")

    assert told.err == "pet_store: 3 operations, up to date in pet-store\n"


def test_a_second_run_writes_only_what_has_changed() -> None:
    run("generate", "pets.yaml")
    Path("pet-store/api.md").unlink()

    told = run("generate", "pets.yaml")

    assert told.err == "pet_store: 3 operations, 1 file written in pet-store\n"


def test_scripts_read_what_has_been_written() -> None:
    told = run("generate", "pets.yaml", "--meta", "none", "-o", "lib", "--format", "json")

    facts = json.loads(told.out)
    assert list(facts) == [
        *("version", "output", "written", "added", "changed", "removed"),
        *("kept", "merged", "edited", "conflicts", "package_version", "diagnostics"),
    ]
    assert (facts["output"], facts["written"], facts["changed"]) == ("lib", True, [])
    assert {f"lib/{path}" for path in facts["added"]} == tree() - {"pets.yaml"}
    assert told.err == ""


# --- Failing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "code"), [("warning", 1), ("unsupported", 1), ("error", 0), (None, 0)]
)
def test_a_run_fails_on_what_it_is_told_to(limit: str | None, code: int) -> None:
    Path("broken.yaml").write_text(BROKEN)
    options = ("--fail-on", limit) if limit else ()

    told = run("generate", "broken.yaml", *options)

    assert (told.code, Path("pet-store").exists()) == (code, code == 0)
    assert "broken.yaml:17:3: unsupported CG240: /lost: " in told.err
    assert (f"--fail-on {limit} is met; nothing is written" in told.err) == bool(code)


def test_one_bad_operation_does_not_cost_the_rest() -> None:
    Path("broken.yaml").write_text(BROKEN)

    told = run("generate", "broken.yaml")

    assert told.err.endswith("15 files written in pet-store; 1 unsupported part\n")
    assert calls("pet-store") == {"owners", "pets"}
