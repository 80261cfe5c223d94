"""The command tells about itself, and shells complete it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clientgen import __version__
from clientgen.cli import app
from tests.generator.cli.command import run
from tests.support.plugins import install

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]


def completed(words: str, shell: str = "bash") -> list[str]:
    """What is offered for the last of these words."""
    line = f"clientgen {words}"
    env = {
        "_CLIENTGEN_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": line,
    }
    told = CliRunner().invoke(app, [], prog_name="clientgen", env=env)
    return [line for line in told.stdout.splitlines() if line]


def test_the_version_is_told() -> None:
    assert run("--version").out == f"clientgen {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(command: str) -> None:
    told = run(command, "--help", env={"COLUMNS": "200"}).out
    example = re.search(r"Example: (.*?)\s*$", told, re.M)

    assert example is not None
    name, called, *arguments = shlex.split(example[1])
    assert (name, called) == ("clientgen", command)
    assert [each for each in arguments if each.startswith("-") and each not in told] == []


def test_commands_are_completed() -> None:
    assert completed("va") == ["validate"]


def test_choices_are_completed() -> None:
    assert completed("generate --meta ") == ["uv", "none"]


def test_documents_are_completed() -> None:
    Path("pets.txt").touch()

    assert completed("generate p") == ["pets.yaml"]
    assert completed("diff pets.yaml p") == ["pets.yaml"]


def test_folders_are_left_to_the_shell(folder: Path) -> None:
    (folder / "petdir").mkdir()

    assert completed("generate p") == []
    assert completed(f"generate {folder}/pets.") == [f"{folder}/pets.yaml"]


def test_codes_of_diagnostics_are_completed() -> None:
    found = completed("explain CG10")

    assert "CG101" in found
    assert all(code.startswith("CG10") for code in found)
    assert completed("explain cg101") == ["cg101"]


def test_what_codes_mean_is_told_where_shells_can_show_it() -> None:
    assert '"CG201":"a reference leads nowhere"' in "".join(completed("explain CG20", "zsh"))


def test_names_of_sdks_are_completed() -> None:
    Path("clientgen.toml").write_text('[sdk.shop]\nspec = "a.yaml"\n[sdk.books]\nspec = "b.yaml"\n')

    assert completed("generate --only ") == ["shop", "books"]
    assert completed("generate --only b") == ["books"]


def test_a_broken_configuration_does_not_break_completion() -> None:
    Path("clientgen.toml").write_text("[")

    assert completed("generate --only ") == []


def test_names_of_plugins_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", "loud-plugins", {"shout": "loud:Shout"})
    monkeypatch.syspath_prepend(tmp_path / "site")

    assert completed("generate --plugin sh") == ["shout"]


@pytest.mark.parametrize(
    ("shell", "file"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish")]
)
def test_completion_is_installed_for_a_shell(
    shell: str, file: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What finds out in which shell this runs finds none below a test.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    monkeypatch.setenv("HOME", str(folder))
    shown = run("--show-completion", shell)
    told = run("--install-completion", shell)

    assert "_COMPLETE=complete_" in shown.out
    assert told.code == 0
    assert (folder / file).exists()
