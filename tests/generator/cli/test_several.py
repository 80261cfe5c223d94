"""Several SDKs in one configuration file, and the file that `init` writes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.generator.cli.command import PETS, ordinary_user, run, tree

SEVERAL = """\
meta = "none"
exclude_tag = ["owners"]

[sdk.shop]
spec = "pets.yaml"
output = "shop"
package = "shop"

[sdk.zoo]
spec = "zoo.yaml"
output = "zoo"
package = "zoo"
exclude_tag = []
"""


@pytest.fixture
def several() -> None:
    """`clientgen.toml` has two SDKs."""
    Path("zoo.yaml").write_text(PETS)
    Path("clientgen.toml").write_text(SEVERAL)


@pytest.mark.usefixtures("several")
def test_all_are_generated_with_what_they_have_in_common() -> None:
    assert run("generate").code == 0

    assert Path("shop/shop/resources/pets.py").exists()
    assert not Path("shop/shop/resources/owners.py").exists()
    assert Path("zoo/zoo/resources/owners.py").exists()


@pytest.mark.usefixtures("several")
def test_one_can_be_chosen() -> None:
    run("generate", "--only", "zoo")

    assert (Path("zoo").exists(), Path("shop").exists()) == (True, False)
    assert "owners.list" in run("inspect", "--only", "zoo").out
    assert "owners.list" not in run("inspect", "--only", "shop").out


@pytest.mark.usefixtures("several")
def test_one_that_fails_does_not_cost_the_others() -> None:
    Path("pets.yaml").unlink()

    assert run("generate").code == 3
    assert Path("zoo/zoo").exists()


@pytest.mark.usefixtures("several")
def test_a_check_is_about_all() -> None:
    run("generate")
    assert run("generate", "--check").code == 0

    Path("zoo/zoo/__init__.py").unlink()

    assert run("generate", "--check").code == 1


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("generate", "pets.yaml"), "has several SDKs; choose one with --only: shop, zoo"),
        (("inspect",), "there are several SDKs; choose one with --only: shop, zoo"),
        (("generate", "--only", "shp"), "there is no [sdk.shp]; did you mean shop?"),
    ],
)
def test_what_is_for_one_needs_a_choice(arguments: tuple[str, ...], message: str) -> None:
    told = run(*arguments)

    assert (told.code, message in told.err) == (2, True)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("again", ["", "zoo"])
@pytest.mark.parametrize("output", ["zoo", "a/../zoo"])
def test_no_two_go_to_one_place(again: str, output: str) -> None:
    given = SEVERAL.replace('package = "shop"', 'package = "zoo"')
    Path("clientgen.toml").write_text(given.replace('output = "shop"', f'output = "{output}"'))
    if again:
        run("generate", "--only", again)

    told = run("generate")

    assert (told.code, len(told.messages)) == (2, 2)
    assert told.messages[1] == "error: zoo/zoo is where another SDK goes; give each its own output"


@pytest.mark.usefixtures("several")
def test_packages_may_share_a_folder() -> None:
    Path("clientgen.toml").write_text(SEVERAL.replace('output = "zoo"', 'output = "shop"'))

    assert run("generate").code == 0
    assert {"shop", "zoo"} <= {path.name for path in Path("shop").iterdir()}


@pytest.mark.usefixtures("several")
def test_scripts_read_about_all_in_one_document() -> None:
    Path("zoo.yaml").write_text("{}")
    assert [("output" in each, len(each["diagnostics"])) for each in told_of("json")] == [
        (True, 0),
        (False, 1),
    ]

    (log,) = told_of("sarif")["runs"]
    assert len(log["results"]) == 1


def told_of(output_format: str) -> Any:
    return json.loads(run("generate", "--format", output_format).out)


@pytest.mark.usefixtures("several")
def test_a_variable_that_is_for_one_needs_a_choice() -> None:
    env = {"CLIENTGEN_OUTPUT": "here"}

    assert (
        "several SDKs, and CLIENTGEN_OUTPUT is for one; choose it" in run("generate", env=env).err
    )
    assert run("generate", "--only", "zoo", env=env).code == 0


def test_to_choose_needs_several() -> None:
    assert (
        "there is no [sdk.zoo], nor another SDK; leave it out"
        in run("generate", "--only", "zoo").err
    )


def test_a_mistake_in_a_table_has_its_place() -> None:
    Path("clientgen.toml").write_text('[sdk.shop]\nspec = "pets.yaml"\npakage = "x"\n')
    assert "clientgen.toml: sdk.shop.pakage: there is no such setting" in run("generate").err

    Path("clientgen.toml").write_text('[sdk.shop]\nspec = "pets.yaml"\npackage = "a b"\n')
    assert "clientgen.toml: sdk.shop.package: 'a b' is no package name" in run("generate").err


# --- init ------------------------------------------------------------------------------------


def test_a_first_configuration_finds_the_document_and_works() -> None:
    told = run("init", "--yes")

    assert (told.code, told.err) == (0, "clientgen.toml is written; run clientgen generate\n")
    assert run("generate").code == 0
    assert Path("pet-store/src/pet_store/_client.py").exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
def test_a_first_configuration_passes_over_what_nobody_may_read(folder: Path) -> None:
    Path("closed.yaml").write_text(PETS)
    Path("closed.yaml").chmod(0)
    with ordinary_user(folder):
        told = run("init", "--yes")

    assert (told.code, len(told.messages)) == (2, 1)
    assert "cannot write clientgen.toml: Permission denied" in told.err


def test_a_usual_name_is_preferred_and_other_files_are_passed_over() -> None:
    Path("a.json").write_text('{"openapi": "3.1.0"}')
    Path("compose.yaml").write_text("services: {}")
    Path("openapi.yaml").write_text(PETS)

    run("init")

    assert 'spec = "openapi.yaml"' in Path("clientgen.toml").read_text()


def test_everything_can_be_given() -> None:
    run("init", "pets.yaml", "--package", "zoo", "--client", "Zoo", "-o", "lib", "--meta", "none")
    run("generate")

    assert "lib/zoo/_client.py" in tree()
    assert "class Zoo(" in Path("lib/zoo/_client.py").read_text()


def test_what_is_there_is_not_replaced_unless_forced() -> None:
    Path("clientgen.toml").write_text("# mine\n")

    assert run("init").code == 2
    assert Path("clientgen.toml").read_text() == "# mine\n"
    assert run("init", "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("-",), 2, "no document: name a file or a URL"),
        (("nowhere.yaml",), 3, "there is no such file"),
        (("pets.yaml", "--package", "a b"), 2, "--package: 'a b' is no package name"),
    ],
)
def test_mistakes_write_nothing(arguments: tuple[str, ...], code: int, message: str) -> None:
    told = run("init", *arguments)

    assert (told.code, message in told.err) == (code, True), told.err
    assert not Path("clientgen.toml").exists()


def test_questions_are_asked_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientgen.cli._commands._is_asked", lambda: True)

    told = run("init", stdin="\nzoo\n\nsdk\n")

    text = Path("clientgen.toml").read_text()
    assert "Import package [pet_store]" in told.err
    assert ('package = "zoo"' in text, 'client = "PetStore"' in text, 'output = "sdk"' in text) == (
        True,
        True,
        True,
    )


def test_to_leave_a_question_unanswered_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientgen.cli._commands._is_asked", lambda: True)

    told = run("init", stdin="")

    assert (told.code, Path("clientgen.toml").exists()) == (130, False)
    assert told.err.endswith(
        "error: interrupted; no output is half written, run it again at any time\n"
    )
