"""Someone works on an SDK in a repository, from its first generation to a release."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.generator.cli.command import PETS, run

SDK = Path("sdk/src/pet_store")
CONFIGURATION = 'spec = "pets.yaml"\noutput = "sdk"\n'
NEXT = (
    PETS.replace("/owners", "/keepers")
    .replace("[owners]", "[keepers]")
    .replace("description: A pet}", "description: A pet}, '404': {description: No such pet}")
)


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@pets.example", "-c", "core.autocrlf=false")
    told = subprocess.run(
        ["git", *identity, *arguments], capture_output=True, text=True, check=True
    )
    return told.stdout


def changed() -> list[str]:
    """What git sees as changed, with how."""
    return git("status", "--porcelain", "--untracked-files=all").splitlines()


def test_a_session_in_a_repository() -> None:
    # The first generation is committed, and nothing is left to do.
    git("init", "-q", ".")
    Path("clientgen.toml").write_text(CONFIGURATION)
    assert run("generate").code == 0
    git("add", "-A")
    git("commit", "-qm", "first")
    assert (run("generate", "--check").code, changed()) == (0, [])

    # The user edits a generated file, and adds one.
    pets, mine = SDK / "resources/pets.py", SDK / "lib/mine.py"
    pets.write_text(pets.read_text().replace('"""', '"""Edited. ', 1))
    mine.parent.mkdir()
    mine.write_text("MINE = 1\n")
    assert run("generate", "--check").code == 1
    assert run("generate").code == 0
    assert run("generate", "--check").code == 0
    git("add", "-A")
    git("commit", "-qm", "edited")

    # The document changes: what that means is known before anything is written.
    Path("pets.yaml").write_text(NEXT)
    markdown = run("diff", "sdk", "pets.yaml", "--format", "markdown").out
    assert "- `owners.list` is gone" in markdown
    assert "- `keepers.list` is new" in markdown
    assert run("generate", "--check").code == 1
    assert changed() == [" M pets.yaml"]

    # It is generated again: the edit is kept, stale files are gone, the version has risen.
    told = run("generate", "--bump")
    assert told.code == 0, told.err
    assert '"""Edited. ' in pets.read_text()
    assert "No such pet" in pets.read_text()
    assert not (SDK / "resources/owners.py").exists()
    assert (SDK / "resources/keepers.py").exists()
    assert mine.read_text() == "MINE = 1\n"
    assert told.out.splitlines() == [
        *("### Removed", "", "- **Breaking:** `owners.list` is gone", ""),
        *("### Added", "", "- `keepers.list` is new"),
    ]
    assert 'version = "0.2.0"' in Path("sdk/pyproject.toml").read_text()

    # git shows that and nothing else.
    git("add", "-A")
    shown = git("diff", "--cached", "--name-status", "--no-renames").splitlines()
    assert [line for line in shown if not line.startswith("M")] == [
        "A\tsdk/src/pet_store/resources/keepers.py",
        "D\tsdk/src/pet_store/resources/owners.py",
    ]
    assert "M\tsdk/src/pet_store/resources/pets.py" in shown
    assert [line for line in shown if "/tests/" in line or "/lib/" in line] == []
    git("commit", "-qm", "next")
    assert (run("generate", "--check").code, changed()) == (0, [])

    # A change of the same place is marked, and the check fails until it is mended.
    pets.write_text(pets.read_text().replace("No such pet", "No pet of ours"))
    Path("pets.yaml").write_text(NEXT.replace("No such pet", "The pet is gone"))
    assert run("generate").code == 1
    assert pets.read_text().count("<<<<<<< edited") == 1
    assert run("generate", "--check").code == 1
    git("checkout", "-q", "sdk", "pets.yaml")
    assert (run("generate", "--check").code, changed()) == (0, [])
