"""The version of a package rises as the changes ask for, and stays otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientgen.bump import raised
from clientgen.config import ConfigError
from tests.generator.cli.command import PETS, Outcome, run

COMPATIBLE = PETS + '  /food: {get: {tags: [food], responses: {"200": {description: All food}}}}\n'
BREAKING = PETS.replace("/owners", "/keepers").replace("[owners]", "[keepers]")


def generate(document: str, *options: str) -> Outcome:
    Path("pets.yaml").write_text(document)
    return run("generate", "pets.yaml", "-o", "out", *options)


def version() -> str:
    lines = Path("out/pyproject.toml").read_text().splitlines()
    return next(line for line in lines if line.startswith("version = "))


@pytest.mark.parametrize(
    ("before", "part", "after"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.2.3", "major", "0.3.0"),
        ("0.2.3", "minor", "0.2.4"),
        ("0.2.3", "patch", "0.2.4"),
    ],
)
def test_the_part_rises_that_the_change_asks_for(before: str, part: str, after: str) -> None:
    assert raised(before, part) == after  # type: ignore[arg-type]


def test_a_version_of_another_form_is_not_raised() -> None:
    with pytest.raises(ConfigError, match=r"'2\.0rc1' cannot be raised"):
        raised("2.0rc1", "minor")


def test_changes_are_told_with_the_version_that_they_ask_for() -> None:
    generate(PETS)

    told = generate(BREAKING, "--bump")

    assert version() == 'version = "0.2.0"'
    assert "version 0.2.0: 2 changes, 1 breaking\n" in told.err
    assert told.out.startswith("### Removed\n\n- **Breaking:** `owners.list` is gone\n")


def test_the_version_stays_in_later_runs_and_rises_from_there() -> None:
    generate(PETS)
    generate(BREAKING, "--bump")

    generate(BREAKING + "\n")
    assert version() == 'version = "0.2.0"'

    generate(COMPATIBLE.replace("/owners", "/keepers").replace("[owners]", "[keepers]"), "--bump")
    assert version() == 'version = "0.2.1"'


def test_the_same_document_asks_for_no_version() -> None:
    generate(PETS)

    told = generate(PETS, "--bump")

    assert (version(), told.out) == ('version = "0.1.0"', "")
    assert "version 0.1.0: no changes" in told.err


def test_a_configured_version_counts() -> None:
    generate(PETS)
    Path("clientgen.toml").write_text('package_version = "3.0.0"\n')

    told = generate(BREAKING, "--bump")
    assert (told.code, "package_version is configured" in told.err) == (2, True)

    generate(BREAKING)
    assert version() == 'version = "3.0.0"'


@pytest.mark.parametrize("old", ["out", "out/clientgen.lock"])
def test_a_generated_package_is_compared_with_a_document(old: str) -> None:
    generate(PETS)
    Path("new.yaml").write_text(BREAKING)

    told = run("diff", old, "new.yaml")

    assert "breaking: owners.list is gone" in told.out
    assert run("diff", old, "pets.yaml").out == "no changes: the documents are the same\n"


def test_two_generated_packages_are_compared() -> None:
    for out, path in (("old", "/owners"), ("new", "/keepers")):
        Path("pets.yaml").write_text(PETS.replace("/owners", path))
        run("generate", "pets.yaml", "-o", out)

    told = run("diff", "old", "new/clientgen.lock").out

    assert "breaking: owners.list is gone" in told
    assert "compatible: keepers.list is new" in told
