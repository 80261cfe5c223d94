"""The action and the hooks do in a repository what they say."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.generator.cli.command import PETS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a document and its SDK, both committed."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_OUTPUT", "SUMMARY", "OPTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    Path("openapi.yaml").write_text(PETS)
    Path("clientgen.toml").write_text('spec = "openapi.yaml"\noutput = "sdk"\n')
    done("git init -q .")
    done("clientgen generate -q")
    commit()
    return tmp_path


def commit() -> None:
    done("git add -A")
    done("git -c user.name=a -c user.email=a@pets.example commit -q -m all")


def done(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shlex.split(command),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def regenerate(
    spec: str = "openapi.yaml", output: str = "sdk", options: str = ""
) -> dict[str, str]:
    """Run the script of the action, as it is run on GitHub."""
    results = Path(".git/results")
    results.unlink(missing_ok=True)
    script = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][1]["run"]
    done(
        f"bash -euo pipefail -c {shlex.quote(script)}",
        GITHUB_ACTION_PATH=str(ROOT),
        GITHUB_OUTPUT=str(results),
        SPEC=spec,
        OUTPUT=output,
        OPTIONS=options,
    )
    return dict(line.split("=") for line in results.read_text().splitlines())


@pytest.mark.usefixtures("repository")
def test_the_action_says_that_nothing_changed() -> None:
    assert regenerate() == {"changed": "false", "bump": "none", "version": "0.1.0"}


@pytest.mark.usefixtures("repository")
def test_the_action_regenerates_and_says_what_changed() -> None:
    Path("openapi.yaml").write_text(PETS.replace("/owners", "/keepers"))

    assert regenerate() == {"changed": "true", "bump": "major", "version": "0.2.0"}
    assert "### Breaking" in Path("clientgen-summary.md").read_text()
    assert Path("sdk/src/pet_store/resources/keepers.py").exists()


@pytest.mark.usefixtures("repository")
def test_the_action_takes_what_is_configured() -> None:
    Path("food.yaml").write_text(PETS.replace("/owners", "/food").replace("/pets", "/meals"))
    Path("clientgen.toml").write_text('spec = ["openapi.yaml", "food.yaml"]\noutput = "sdk"\n')

    assert regenerate("") == {"changed": "true", "bump": "minor", "version": "0.1.1"}
    assert "`meals.list` is new" in Path("clientgen-summary.md").read_text()


@pytest.mark.usefixtures("repository")
def test_the_action_makes_a_first_sdk() -> None:
    done("git rm -r -q sdk")

    assert regenerate() == {"changed": "true", "bump": "none", "version": "0.1.0"}
    assert Path("clientgen-summary.md").read_text() == "**A new SDK.**\n"


@pytest.mark.usefixtures("repository")
def test_the_action_takes_options_and_a_package_beside_everything_else() -> None:
    done("git rm -r -q sdk clientgen.toml")
    options = "--meta none --exclude-tag owners\n--package zoo\n"
    regenerate(output=".", options=options)
    Path("clientgen-summary.md").unlink()
    commit()

    unchanged = {"changed": "false", "bump": "none", "version": "0.1.0"}
    assert regenerate(output=".", options=options) == unchanged
    assert "No changes" in Path("clientgen-summary.md").read_text()


def test_outputs_of_the_action_are_those_of_the_script() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    script = (ROOT / "ci" / "regenerate.sh").read_text()

    assert all(f'echo "{name}=$' in script for name in action["outputs"])
    assert all(name.upper() in script for name in action["inputs"] if name != "version")


def entry(hook: str) -> str:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return next(str(each["entry"]) for each in hooks if each["id"] == hook)


@pytest.mark.usefixtures("repository")
def test_a_hook_fails_when_the_output_is_not_up_to_date_and_another_one_mends_it() -> None:
    done(entry("clientgen-check"))
    Path("openapi.yaml").write_text(PETS.replace("/owners", "/keepers"))

    with pytest.raises(subprocess.CalledProcessError):
        done(entry("clientgen-check"))
    done(entry("clientgen"))

    done(entry("clientgen-check"))
