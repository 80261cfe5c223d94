"""Plugins are found, asked, and told of by name when they fail."""

from __future__ import annotations

import doctest
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import clientgen.plugins
from tests.generator.cli.command import run
from tests.support.plugins import install

if TYPE_CHECKING:
    from collections.abc import Iterator

PLUGINS = """\
from collections.abc import Mapping
from dataclasses import replace

from clientgen.build import ir
from clientgen.plugins import Output, Plugin, PluginError


class Shout(Plugin):
    api_version = 1
    mark: str = "!"

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        project = replace(sdk.project, title=sdk.project.title.upper() + self.mark)
        return replace(sdk, project=project)

    def files(self, output: Output) -> Mapping[str, str]:
        return {f"{output.package}/shout.py": f"LOUD = '{output.sdk.project.title}'"}


class Refusing(Plugin):
    api_version = 1

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        raise PluginError("there are no pets to shout at")


class Broken(Plugin):
    api_version = 1

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        raise KeyError("mark")


class Picky(Plugin):
    api_version = 1

    def model_post_init(self, context: object) -> None:
        raise RuntimeError("not on a Monday")


class Forgetful(Plugin):
    api_version = 1

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        return None


class Writing(Plugin):
    api_version = 1
    path: str = "more.txt"
    text: str = ""

    def files(self, output: Output) -> Mapping[str, str]:
        return {self.path: self.text}


class Future(Plugin):
    api_version = 2


class Silent(Plugin):
    pass


NO_PLUGIN = 7
"""

NAMES = [
    "Shout",
    "Refusing",
    "Broken",
    "Picky",
    "Forgetful",
    "Writing",
    "Future",
    "Silent",
    "NO_PLUGIN",
    "Missing",
]


@pytest.fixture(autouse=True)
def plugins(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "loud_plugins.py").write_text(PLUGINS)
    points = {name.lower(): f"loud_plugins:{name}" for name in NAMES}
    install(folder, "loud-plugins", {**points, "lost": "no_such_module:Plugin"})
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    sys.modules.pop("loud_plugins", None)


def configure(text: str) -> None:
    Path("clientgen.toml").write_text(f'spec = "pets.yaml"\noutput = "out"\n{text}')


def shouted() -> str:
    return Path("out/src/pet_store/shout.py").read_text()


def test_a_plugin_changes_the_sdk_and_adds_files() -> None:
    run("generate", "pets.yaml", "-o", "out", "--plugin", "shout")

    assert shouted() == 'LOUD = "PET STORE!"\n'
    assert Path("out/README.md").read_text().startswith("# PET STORE!")


def test_files_of_plugins_go_into_the_package_where_there_is_nothing_else() -> None:
    run("generate", "pets.yaml", "-o", "out", "--meta", "none", "--plugin", "shout")

    assert Path("out/pet_store/shout.py").exists()


@pytest.mark.parametrize("told", ['plugins = ["shout"]', "[plugins.shout]"])
def test_plugins_are_configured(told: str) -> None:
    configure(told)

    assert run("generate").code == 0
    assert shouted() == 'LOUD = "PET STORE!"\n'


def test_plugins_are_told_in_the_environment() -> None:
    configure("")
    run("generate", env={"CLIENTGEN_PLUGINS": "shout"})

    assert shouted() == 'LOUD = "PET STORE!"\n'


def test_a_plugin_that_an_option_names_keeps_its_configuration() -> None:
    configure('[plugins.shout]\nmark = "?"\n[plugins.writing]\n')
    run("generate", "--plugin", "shout")

    assert shouted() == 'LOUD = "PET STORE?"\n'
    assert Path("out/more.txt").exists()


@pytest.mark.parametrize("arguments", [("inspect", "pets.yaml"), ("diff", *["pets.yaml"] * 2)])
def test_other_commands_see_what_plugins_make_of_an_sdk(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 0
    assert "no pets to shout at" in run(*arguments, "--plugin", "refusing").err


def test_files_of_plugins_are_locked_and_removed_with_them() -> None:
    configure('plugins = ["shout"]')
    run("generate")
    locked = json.loads(Path("out/clientgen.lock").read_text())
    configure("")
    run("generate")

    assert "src/pet_store/shout.py" in locked["files"]
    assert not Path("out/src/pet_store/shout.py").exists()


def test_the_lock_names_plugins_and_their_versions() -> None:
    configure('plugins = ["shout"]')
    run("generate")
    locked = json.loads(Path("out/clientgen.lock").read_text())

    assert locked["versions"]["plugin shout"] == "loud-plugins 1.0"


def test_another_version_of_a_plugin_generates_anew(plugins: Path) -> None:
    configure('plugins = ["shout"]')
    run("generate")
    same = run("generate")
    (plugins / "loud_plugins.py").write_text(PLUGINS.replace("LOUD", "LOUDER"))
    sys.modules.pop("loud_plugins")
    (known,) = plugins.glob("*.dist-info")
    shutil.rmtree(known)
    install(plugins, "loud-plugins", {"shout": "loud_plugins:Shout"}, "1.1")
    shutil.rmtree(plugins / "__pycache__", ignore_errors=True)
    run("generate")

    assert "nothing has changed" in same.err
    assert shouted() == 'LOUDER = "PET STORE!"\n'


MISTAKES = {
    "shuot": "plugins: there is no plugin 'shuot'; did you mean 'shout'?",
    "zzz": "plugins: there is no plugin 'zzz'; install the distribution that has it",
    "refusing": "plugin refusing: there are no pets to shout at",
    "broken": "plugin broken: KeyError: 'mark'; report it to its authors",
    "picky": "plugin picky: RuntimeError: not on a Monday; report it to its authors",
    "forgetful": "plugin forgetful: change() gave no Sdk; report it to its authors",
    "lost": "plugin lost (loud-plugins 1.0): cannot be imported: ModuleNotFoundError",
    "future": "plugin future (loud-plugins 1.0): states api_version 2, and this clientgen has 1",
    "silent": "plugin silent (loud-plugins 1.0): states api_version None",
    "no_plugin": "loud_plugins:NO_PLUGIN is no subclass of clientgen.plugins.Plugin",
    "missing": "plugin missing (loud-plugins 1.0): cannot be imported: AttributeError",
}


@pytest.mark.parametrize(("name", "message"), MISTAKES.items(), ids=MISTAKES)
def test_what_is_wrong_with_a_plugin_is_told(name: str, message: str) -> None:
    told = run("generate", "pets.yaml", "-o", "out", "--plugin", name)

    assert (told.code, len(told.messages)) == (2, 1)
    assert message in told.messages[0]
    assert not Path("out").exists()


OPTIONS = {
    "mrak = 1": "plugins.shout.mrak: there is no such option; did you mean 'mark'?",
    "mark = 1": "plugins.shout.mark: input should be a valid string",
}


@pytest.mark.parametrize(("option", "message"), OPTIONS.items(), ids=OPTIONS)
def test_options_of_plugins_are_checked(option: str, message: str) -> None:
    configure(f"[plugins.shout]\n{option}")

    assert run("generate").messages == [f"error: {message}"]


FILES = {
    ("README.md", ""): "this file is generated already",
    ("../outside.txt", ""): "no path in the output folder",
    ("more.py", "def"): "no valid Python: invalid syntax",
}


@pytest.mark.parametrize(("file", "message"), FILES.items(), ids=str)
def test_files_that_plugins_may_not_write_are_refused(file: tuple[str, str], message: str) -> None:
    configure(f"[plugins.writing]\npath = {json.dumps(file[0])}\ntext = {json.dumps(file[1])}")
    told = run("generate")

    assert told.code == 2
    assert f"plugin writing: {file[0]}: {message}" in told.err


def test_plugins_that_are_no_names_are_refused() -> None:
    configure("plugins = 7")

    assert "plugins: give a list of names, or tables such as [plugins.cli]" in run("generate").err


def test_the_example_of_the_interface_is_one() -> None:
    assert doctest.testmod(clientgen.plugins) == (0, 1)
