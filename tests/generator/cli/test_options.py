"""Every option of every command does something, in its long and its short form."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from clientgen import write
from clientgen.cli import app
from tests.generator.cli.command import PETS, run, tree

API = (
    PETS
    + """\
  /old: {get: {operationId: readOld, deprecated: true, tags: [old], responses: {"204": {description: None}}}}
  /lost: 7
  /lose: 7
  /loss: 7
  /lone: 7
  /far: {get: {responses: {"200": {description: Far, content: {application/json: {schema: {$ref: "http://127.0.0.1:9/far.yaml"}}}}}}}
  /near: {get: {responses: {"200": {description: Near, content: {application/json: {schema: {$ref: "#/components/schemas/Near"}}}}}}}
components: {schemas: {Near: {type: object, properties: {name: {type: string}}}}}
"""  # noqa: E501
)
OVERLAY = """\
overlay: 1.0.0
info: {title: Ours, version: "1"}
actions:
  - {target: $.paths, update: {/ours: {get: {responses: {}}}}}
  - {target: "$.nothing", remove: true}
"""
SEVERAL = """\
[sdk.one]
spec = "api.yaml"
output = "one"
[sdk.two]
spec = "api.yaml"
output = "two"
package = "two"
"""


@dataclass(frozen=True)
class Use:
    """An option at work.

    Attributes:
        values: What follows it.
        base: The command line that it is compared with; that of the command if empty.
        before: What is run before.
    """

    values: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


BASES = {
    "generate": ("api.yaml",),
    "inspect": ("api.yaml",),
    "validate": ("api.yaml",),
    "diff": ("older.yaml", "api.yaml"),
    "explain": (),
    "init": ("api.yaml",),
    "migrate": ("theirs.yaml",),
}
DOCUMENTS = {
    "--config": Use(("chosen.toml",)),
    "--only": Use(("two",), base=("-c", "several.toml")),
    "--overlay": Use(("overlay.yaml",)),
    "--allow-remote-refs": Use(),
}
SHAPING = {
    **DOCUMENTS,
    "--package": Use(("zoo",)),
    "--client": Use(("Keeper",)),
    "--include-path": Use(("/owners",)),
    "--exclude-path": Use(("/owners",)),
    "--include-tag": Use(("owners",)),
    "--exclude-tag": Use(("owners",)),
    "--include-operation": Use(("readOld",)),
    "--exclude-operation": Use(("readOld",)),
    "--include-schema": Use(("Near",)),
    "--exclude-schema": Use(("Near",)),
    "--exclude-deprecated": Use(),
    "--plugin": Use(("there-is-no-such-plugin",)),
}
TELLING = {
    "--fail-on": Use(("warning",)),
    "--ignore": Use(("CG240",)),
    "--format": Use(("json",)),
    "--quiet": Use(),
}
JSON = ("api.yaml", "--format", "json")
NEW = ("api.yaml", "-o", "new")
KEPT = ("new", "api.yaml"), ("generate", *NEW)
"""A comparison with what was generated before, which is done first."""
USES: dict[str, dict[str, Use]] = {
    "": {"--version": Use(), "--show-completion": Use(("bash",))},
    "generate": {
        **SHAPING,
        **TELLING,
        "--verbose": Use(),
        "--output": Use(("elsewhere",)),
        "--meta": Use(("none",)),
        "--templates": Use(("mine",)),
        "--check": Use(),
        "--dry-run": Use(),
        "--force": Use(base=("api.yaml", "-o", "taken")),
        "--bump": Use(base=NEW, before=("generate", "older.yaml", "-o", "new")),
    },
    "inspect": {
        **SHAPING,
        **TELLING,
        "--package": Use(("zoo",), base=JSON),
        "--client": Use(("Keeper",), base=JSON),
        "--exclude-schema": Use(("Near",), base=JSON),
        "--verbose": Use(),
    },
    "validate": {**DOCUMENTS, **TELLING},
    "diff": {
        **SHAPING,
        "--only": Use(("two",), base=("older.yaml", "-c", "several.toml")),
        "--package": Use(("zoo",), *KEPT),
        "--client": Use(("Keeper",), *KEPT),
        "--overlay": Use(("newer.yaml",)),
        "--fail-on-breaking": Use(),
        "--format": Use(("markdown",)),
    },
    "explain": {},
    "migrate": {
        "--from": Use(("stainless",)),
        "--spec": Use(("api.yaml",)),
        "--output": Use(("x.toml",)),
        "--force": Use(before=("migrate", "theirs.yaml")),
    },
    "init": {
        "--output": Use(("x",)),
        "--package": Use(("zoo",)),
        "--client": Use(("Zoo",)),
        "--meta": Use(("none",)),
        "--force": Use(before=("init", "api.yaml")),
        "--yes": Use(),
    },
}
ELSEWHERE = {
    ("diff", "--allow-remote-refs"): "test_remote_references.py",
    ("generate", "--watch"): "test_watch.py",
    ("", "--install-completion"): "it writes to the home of the user, and is Typer's",
}


def commands() -> dict[str, typer.core.TyperCommand]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return {"": group, **group.commands}  # type: ignore[dict-item]


FORMS = [
    (command, form, parameter.opts[-1])
    for command, told in commands().items()
    for parameter in told.params
    for form in parameter.opts
    if form.startswith("-") and (command, parameter.opts[-1]) not in ELSEWHERE
]


def test_every_option_is_used_here() -> None:
    used = {(command, option) for command, uses in USES.items() for option in uses}

    assert {(command, option) for command, _, option in FORMS} == used - ELSEWHERE.keys()


def done(command: str, arguments: tuple[str, ...], before: tuple[str, ...]) -> object:
    """What a run tells and leaves, in a folder of its own."""
    folder = Path("place")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("files", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        if before:
            run(*before)
        told = run(*filter(None, [command]), *arguments)
        return told, {name: Path(name).read_bytes() for name in tree()}


@pytest.fixture
def files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that the options need."""
    monkeypatch.setattr(write, "_ruff", lambda *_: None)  # layout does not matter here
    texts = {
        "api.yaml": API,
        "older.yaml": PETS.replace("/owners", "/keepers"),
        "overlay.yaml": OVERLAY,
        "newer.yaml": OVERLAY.replace("$.nothing", "$.paths['/keepers']"),
        "chosen.toml": 'exclude_tag = ["owners"]',
        "several.toml": SEVERAL,
        "theirs.yaml": "project_name_override: zoo-client\n",
        "mine/README.md.jinja": "Ours\n",
        "taken/README.md": "Of somebody else.\n",
    }
    for name, text in texts.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


BASELINES: dict[object, object] = {}
"""What runs without the option give: one does for many options."""


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("command", "form", "option"), FORMS)
def test_an_option_changes_what_a_command_does(
    command: str, form: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientgen.cli._commands._is_asked", lambda: option == "--yes")
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "asked")
    use = USES[command][option]
    base = use.base or BASES.get(command, ())
    key = command, base, use.before, option == "--yes"
    if key not in BASELINES:
        BASELINES[key] = done(command, base, use.before)

    assert done(command, (*base, form, *use.values), use.before) != BASELINES[key]


def test_codes_are_explained_one_or_all() -> None:
    assert run("explain").out.count("\n") > run("explain", "CG201").out.count("# ")


# --- Shells ----------------------------------------------------------------------------------


def completed(line: str) -> list[str]:
    """What a shell offers at the end of a line."""
    script = "import sys; sys.argv[0] = 'clientgen'; from clientgen.cli import main; main()"
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    env = {**os.environ, "_CLIENTGEN_COMPLETE": "complete_bash", **words}
    told = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


def test_shells_complete_commands_options_and_choices() -> None:
    assert completed("clientgen in") == ["inspect", "init"]
    assert completed("clientgen generate --include-s") == ["--include-schema"]
    assert completed("clientgen generate --meta u") == ["uv"]
