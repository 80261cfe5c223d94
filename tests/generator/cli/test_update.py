"""Generating again keeps what users changed, removes what nobody needs, and does nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientgen import write
from tests.generator.cli.command import PETS, Outcome, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

OUT = Path("out")
PACKAGE = OUT / "src/pet_store"
RESOURCE = PACKAGE / "resources/pets.py"
UNCHANGED = "out: nothing has changed since the last time\n"


@pytest.fixture(autouse=True)
def output(folder: Path) -> None:
    """The document has been generated to `out`."""
    assert generate().code == 0


def generate(*options: str) -> Outcome:
    return run("generate", "pets.yaml", "-o", "out", *options)


def change(before: str, after: str) -> None:
    """Change the document."""
    text = Path("pets.yaml").read_text()
    assert before in text
    Path("pets.yaml").write_text(text.replace(before, after))


def edit(path: Path, before: str, after: str) -> str:
    """Change a generated file, as a user does."""
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    return path.read_text()


# --- Nothing new -----------------------------------------------------------------------------


def test_nothing_is_done_when_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("clientgen._pipeline.plan")

    assert generate() == Outcome(0, "", UNCHANGED)


@pytest.mark.parametrize(
    "options", [("--package", "zoo"), ("--exclude-tag", "owners"), ("--meta", "none")]
)
def test_other_settings_are_a_change(options: tuple[str, ...]) -> None:
    assert generate(*options).err != UNCHANGED


def test_settings_that_decide_on_nothing_written_are_no_change() -> None:
    assert generate("--ignore", "CG242").err == UNCHANGED


def test_a_change_in_a_document_that_is_referred_to_is_a_change() -> None:
    Path("parts").mkdir()
    Path("parts/pet.yaml").write_text("{type: object, properties: {name: {type: string}}}")
    change(
        "{description: A pet}",
        "{description: A pet, content: {application/json: {schema: {$ref: parts/pet.yaml}}}}",
    )
    assert generate().err.endswith("written in out\n")
    assert generate().err == UNCHANGED

    Path("parts/pet.yaml").write_text("{type: object, properties: {tag: {type: string}}}")

    assert generate().err.endswith("written in out\n")


def test_the_package_alone_has_its_lock_inside() -> None:
    options = ("--meta", "none", "--package", "zoo")
    run("generate", "pets.yaml", "-o", "lib", *options)

    again = run("generate", "pets.yaml", "-o", "lib", *options)

    assert Path("lib/zoo/clientgen.lock").exists()
    assert again.err == "lib: nothing has changed since the last time\n"


# --- Files that are generated no more ----------------------------------------------------------


def test_files_that_are_generated_no_more_are_removed() -> None:
    told = generate("--exclude-tag", "owners", "--check")
    assert f"removed  {PACKAGE}/resources/owners.py\n" in told.err

    generate("--exclude-tag", "owners")

    assert not (PACKAGE / "resources/owners.py").exists()


def test_folders_that_are_empty_then_go_and_others_stay() -> None:
    (PACKAGE / "models/mine.py").write_text("")
    generate("--package", "zoo")

    assert not (PACKAGE / "resources").exists()
    assert (PACKAGE / "models/mine.py").exists()


def test_a_file_that_was_edited_stays_when_it_is_generated_no_more() -> None:
    owners = PACKAGE / "resources/owners.py"
    edited = edit(owners, '"""', '"""Mine. ')

    told = generate("--exclude-tag", "owners")

    assert f"kept     {owners}: it was edited, and is generated no more\n" in told.err
    assert owners.read_text() == edited


def test_what_is_no_text_any_more_stays_unless_forced() -> None:
    owners = PACKAGE / "resources/owners.py"
    owners.write_bytes(b"\xff\xfe")
    assert "is no text; move it away" in generate().err

    assert f"kept     {owners}: it was edited" in generate("--exclude-tag", "owners").err
    assert owners.exists()

    assert generate("--force").code == 0
    owners.write_bytes(b"\xff\xfe")
    assert generate("--exclude-tag", "owners", "--force").code == 0
    assert not owners.exists()


# --- Edits -----------------------------------------------------------------------------------


def test_an_edit_stays_when_the_file_is_generated_as_before() -> None:
    edited = edit(RESOURCE, '"""', '"""Mine. ')

    told = generate()

    assert f"edited   {RESOURCE}: kept as it is\n" in told.err
    assert RESOURCE.read_text() == edited
    assert generate().err == UNCHANGED


def test_an_edit_comes_together_with_what_has_changed_elsewhere_in_the_file() -> None:
    edit(RESOURCE, '"""', '"""Mine. ')
    change("description: A pet", "description: A pet}, '404': {description: No such pet")

    told = generate()

    assert told.code == 0
    assert f"merged   {RESOURCE}: it was edited, and has changed\n" in told.err
    assert '"""Mine. ' in RESOURCE.read_text()
    assert "No such pet" in RESOURCE.read_text()
    assert generate().err == UNCHANGED


def test_an_edit_of_what_has_changed_is_marked_and_told_until_it_is_mended() -> None:
    change("{description: A pet}", "{description: A pet}, '404': {description: No such pet}")
    generate()
    edit(RESOURCE, "No such pet", "My pet")
    change("No such pet", "Pet is gone")

    told = generate()

    assert told.code == 1
    assert f"edits conflict with what is generated in {RESOURCE}; mend" in told.err
    text = RESOURCE.read_text()
    assert text.index("<<<<<<< edited") < text.index("My pet") < text.index("=======")
    assert text.index("=======") < text.index("Pet is gone") < text.index(">>>>>>> generated")

    assert generate().code == 1
    assert RESOURCE.read_text() == text

    lines = [line for line in text.splitlines() if line[:3] not in ("<<<", "===", ">>>")]
    RESOURCE.write_text("".join(f"{line}\n" for line in lines if "Pet is gone" not in line))

    assert generate().code == 0
    assert "My pet" in RESOURCE.read_text()


def test_a_check_fails_on_an_edit_until_a_run_has_kept_it() -> None:
    edit(RESOURCE, '"""', '"""Mine. ')
    assert generate("--check").code == 1

    generate()

    assert generate("--check").code == 0


def test_force_gives_edits_up() -> None:
    before = RESOURCE.read_text()
    edit(RESOURCE, '"""', '"""Mine. ')

    generate("--force")

    assert RESOURCE.read_text() == before
    assert generate().err == UNCHANGED


def test_line_ends_that_a_checkout_changed_are_no_edit() -> None:
    for path in (Path("pets.yaml"), *(path for path in OUT.rglob("*") if path.is_file())):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert generate("--check") == Outcome(0, "", UNCHANGED)
    assert generate("--bump", "--check").err.startswith("pet_store: 3 operations, up to date")

    edit(RESOURCE, '"""', '"""Mine. ')
    assert generate().err.startswith(f"edited   {RESOURCE}: kept as it is\n")
    assert generate().err == UNCHANGED


def test_files_beside_the_generated_ones_are_not_touched() -> None:
    mine = PACKAGE / "lib/mine.py"
    mine.parent.mkdir()
    mine.write_text("MINE = 1\n")

    generate("--force")

    assert mine.read_text() == "MINE = 1\n"


# --- Being killed ------------------------------------------------------------------------------


@pytest.fixture
def killed() -> None:
    """A run was killed when all was ready and one of two files was in its place."""
    waiting = OUT / ".clientgen-new"
    waiting.mkdir()
    (waiting / "1").write_text("new\n")
    todo = {"put": {"README.md": "0", "api.md": "1"}, "removed": ["tests/test_calls.py"]}
    (waiting / "todo.json").write_text(json.dumps(todo))


@pytest.mark.usefixtures("killed")
def test_a_killed_run_is_completed_by_the_next_one() -> None:
    told = generate()

    assert told.err.startswith("out: the last run was cut short; it is completed now\n")
    assert (Path("out/api.md").read_text(), (OUT / ".clientgen-new").exists()) == ("new\n", False)
    assert (OUT / "tests/test_calls.py").exists()  # which is generated


@pytest.mark.usefixtures("killed")
@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_who_looks_only_is_told_of_a_killed_run(option: str) -> None:
    told = generate(option)

    assert (told.code, (OUT / ".clientgen-new/1").exists()) == (1, True)
    assert told.err == (
        "error: out is half new: the last run was cut short; "
        "run clientgen generate, which completes it\n"
    )


def test_what_a_run_had_prepared_that_was_killed_is_cleared_up() -> None:
    (OUT / ".clientgen-new").mkdir()
    (OUT / ".clientgen-new/0").write_text("half a fi")

    assert generate().err == "pet_store: 3 operations, up to date in out\n"
    assert not (OUT / ".clientgen-new").exists()


@pytest.mark.skipif(os.name == "nt", reason="there are no such locks")
def test_a_run_waits_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    handle = os.open(OUT, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert "waits" not in generate("--check", "--exclude-tag", "owners").err
    alone = write.alone

    def until_told(folder: Path, waiting: Callable[[], object]) -> AbstractContextManager[None]:
        def told() -> None:
            waiting()
            os.close(handle)

        return alone(folder, told)

    monkeypatch.setattr(write, "alone", until_told)

    told = generate("--exclude-tag", "owners")

    assert told.code == 0
    assert told.err.startswith("out: another run is at work there; this one waits for it\n")


# --- The lock --------------------------------------------------------------------------------


def test_the_lock_names_no_place_of_this_machine(folder: Path) -> None:
    told = json.loads((OUT / "clientgen.lock").read_text())

    assert list(told["sources"]) == ["pets.yaml"]
    assert str(folder) not in (OUT / "clientgen.lock").read_text()


def test_a_lock_that_was_not_merged_is_told() -> None:
    lock = OUT / "clientgen.lock"
    lock.write_text("<<<<<<< HEAD\n" + lock.read_text())

    assert f"{lock} has conflicts of a merge; take it from either side" in generate().err


@pytest.mark.parametrize("content", ["", "{}", "<<<<<<", '{"version": 1, "generated": 7}'])
def test_a_damaged_lock_is_told(content: str) -> None:
    (OUT / "clientgen.lock").write_text(content)

    told = generate()

    assert (told.code, len(told.err.splitlines())) == (2, 1)
    assert "out/clientgen.lock is damaged; restore it, or delete it" in told.err


def test_without_its_lock_an_output_is_refused_unless_forced() -> None:
    (OUT / "clientgen.lock").unlink()
    change("A pet", "One pet")
    change("/pets/{petId}", "/pets/{id}")

    assert generate().code == 2
    assert generate("--force").code == 0
    assert generate().err == UNCHANGED


def test_a_lock_of_a_newer_version_is_refused() -> None:
    lock = OUT / "clientgen.lock"
    told = json.loads(lock.read_text())
    lock.write_text(json.dumps({**told, "version": 99, "versions": {"clientgen": "99.0"}}))

    assert "is of a newer clientgen; install clientgen 99.0" in generate().err


@pytest.mark.parametrize("name", ["pets of ours.yaml", "100%.yaml", "a#b?.yaml", "猫.yaml"])
def test_names_of_documents_are_locked_as_they_are(name: str) -> None:
    Path("pets.yaml").rename(name)
    run("generate", name, "-o", "out")

    assert list(json.loads((OUT / "clientgen.lock").read_text())["sources"]) == [name]
    assert run("generate", name, "-o", "out").err == UNCHANGED


def test_a_document_from_standard_input_is_generated_each_time() -> None:
    arguments = ("generate", "-", "-o", "other")
    run(*arguments, stdin=PETS)

    assert "up to date" in run(*arguments, stdin=PETS).err


# --- Clients of the user's own -----------------------------------------------------------------

LIB = PACKAGE / "lib/client.py"


@pytest.fixture
def custom() -> str:
    """The user has a client of their own, with a method; the file as they left it."""
    Path("clientgen.toml").write_text("custom_client = true\n")
    assert f"new      {LIB}\n" in generate("--check").err
    assert generate().code == 0
    assert "leaves it to you" in LIB.read_text()
    hello = 'PetStore.hello = lambda self: "hi"\n\n\nclass AsyncPetStore'
    return edit(LIB, "class AsyncPetStore", hello)


PROGRAM = """
from pet_store import AsyncPetStore, PetStore
from pet_store.testing import FakeServer
print(PetStore.__module__, AsyncPetStore.__module__, FakeServer.client_type is PetStore)
print(PetStore(base_url='http://pets.example').with_options(timeout=3).hello())
"""


def test_a_client_of_ones_own_is_what_the_package_gives(custom: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["out/src", *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "pet_store.lib.client pet_store.lib.client True\nhi\n"


@pytest.mark.parametrize("options", [(), ("--force",), ("--exclude-tag", "owners")])
def test_a_client_of_ones_own_is_never_touched(custom: str, options: tuple[str, ...]) -> None:
    change("A pet", "One pet")

    told = generate(*options)

    assert (told.code, LIB.read_text(), str(LIB) in told.err) == (0, custom, False)
    assert generate(*options, "--check").code == 0


def test_a_client_of_ones_own_stays_when_it_is_wanted_no_more(custom: str) -> None:
    Path("clientgen.toml").unlink()

    assert generate().code == 0
    assert LIB.read_text() == custom


def test_a_client_of_ones_own_that_is_lost_is_missed(custom: str) -> None:
    assert generate().err == UNCHANGED
    LIB.unlink()

    assert generate("--check").code == 1
    assert generate().code == 0
    assert LIB.exists()
