"""Where settings come from, and which of them wins."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.generator.cli.command import PETS, run, tree


def package(*options: str) -> str:
    told = run("inspect", "pets.yaml", "--format", "json", *options)
    assert told.code == 0, told.err
    return str(json.loads(told.out)["package"])


@pytest.fixture(autouse=True)
def everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source gives a package its own name."""
    Path("pyproject.toml").write_text("[tool.clientgen]\npackage = 'by_pyproject'")
    Path("clientgen.toml").write_text("package = 'by_file'")
    Path("chosen.toml").write_text("package = 'by_choice'")
    monkeypatch.setenv("CLIENTGEN_PACKAGE", "by_environment")


def test_a_flag_wins() -> None:
    assert package("--package", "by_flag", "-c", "chosen.toml") == "by_flag"


def test_then_the_environment() -> None:
    assert package("-c", "chosen.toml") == "by_environment"


@pytest.mark.parametrize("option", ["-c", "--config"])
def test_then_the_chosen_file(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIENTGEN_PACKAGE")

    assert package(option, "chosen.toml") == "by_choice"


def test_then_clientgen_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIENTGEN_PACKAGE")

    assert package() == "by_file"


def test_then_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIENTGEN_PACKAGE")
    Path("clientgen.toml").unlink()

    assert package() == "by_pyproject"


def test_then_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIENTGEN_PACKAGE")
    Path("clientgen.toml").unlink()
    Path("pyproject.toml").write_text("[tool.other]\nx = 1")

    assert package() == "pet_store"


def test_an_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_PACKAGE", "")

    assert package() == "by_file"


@pytest.mark.parametrize("text", ["/pets/**, /owners", '["/pets/**", "/owners"]'])
def test_a_variable_can_hold_a_list(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_INCLUDE_PATH", text)

    told = run("inspect", "pets.yaml")

    assert (told.code, len(told.out.splitlines())) == (0, 4)


def test_the_document_and_the_output_can_be_configured() -> None:
    Path("clientgen.toml").write_text("spec = 'pets.yaml'\noutput = 'out'\nmeta = 'none'")

    told = run("generate")

    assert told.code == 0
    assert "by_environment/_client.py" in tree("out")


def test_paths_in_a_file_start_from_its_folder() -> None:
    Path("sub/mine").mkdir(parents=True)
    shutil.move("pets.yaml", "sub/api.yaml")
    Path("sub/mine/README.md.jinja").write_text("Ours")
    Path("sub/clientgen.toml").write_text("spec = 'api.yaml'\noutput = 'out'\ntemplates = 'mine'")

    told = run("generate", "-c", "sub/clientgen.toml")

    assert told.code == 0, told.err
    assert Path("sub/out/README.md").read_text() == "Ours"


def test_standard_input_can_be_configured() -> None:
    Path("sub").mkdir()
    Path("sub/clientgen.toml").write_text("spec = '-'")

    assert run("validate", "-c", "sub/clientgen.toml", stdin=PETS).code == 0


def test_failing_can_be_configured() -> None:
    Path("odd.yaml").write_text(PETS + "  /lost: 7\n")
    Path("clientgen.toml").write_text("fail_on = 'unsupported'")

    codes = [run(command, "odd.yaml", "-q").code for command in ("generate", "inspect", "validate")]

    assert codes == [1, 1, 1]


def test_a_call_can_be_renamed() -> None:
    Path("clientgen.toml").write_text("[operations.'get /pets/{petId}']\ncall = 'pets.find'")

    told = run("inspect", "pets.yaml", "--format", "json")

    operations = json.loads(told.out)["operations"]
    assert [o["call"] for o in operations] == ["pets.list", "pets.find", "owners.list"]
    assert operations[1]["named_by"] == "config"


def test_a_rename_of_an_operation_that_is_left_out_is_no_mistake() -> None:
    Path("clientgen.toml").write_text(
        "exclude_path = ['/pets/**']\n[operations.'GET /pets']\ncall = 'pets.find'"
    )

    assert run("inspect", "pets.yaml").code == 0


def test_a_byte_order_mark_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIENTGEN_PACKAGE")
    Path("clientgen.toml").write_text("package = 'marked'", "utf-8-sig")

    assert package() == "marked"
