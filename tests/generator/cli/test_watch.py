"""`--watch` generates again whenever something changes that decides on the output."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientgen import watch
from tests.generator.cli.command import heed_ctrl_c, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Stop(BaseException):
    """Ends what otherwise goes on for ever."""


def runs(steps: list[object], *paths: Path) -> int:
    """How often the work was done while these things happened between looks."""
    done = []

    def work() -> tuple[Path, ...]:
        done.append(True)
        return paths

    def sleep(seconds: float) -> None:
        if not steps:
            raise Stop
        step = steps.pop(0)
        if callable(step):
            step()

    with pytest.raises(Stop):
        watch.watch(work, sleep)
    return len(done)


def write(path: str, text: str) -> object:
    return lambda: Path(path).write_text(text)


def test_nothing_is_done_while_nothing_changes() -> None:
    assert runs([None] * 5, Path("pets.yaml")) == 1


def test_a_change_is_taken_up_when_it_is_complete() -> None:
    steps = [write("pets.yaml", "a"), write("pets.yaml", "ab"), write("pets.yaml", "abc"), None]

    assert runs(steps, Path("pets.yaml")) == 2


@pytest.mark.parametrize(
    "step",
    [
        write("new.toml", "x = 1"),
        lambda: Path("pets.yaml").unlink(),
        write("folder/new.jinja", "x"),
    ],
)
def test_new_files_lost_files_and_files_in_folders_are_changes(step: object) -> None:
    Path("folder").mkdir()

    assert runs([step, None], Path("pets.yaml"), Path("new.toml"), Path("folder")) == 2


def test_a_change_during_the_work_is_taken_up() -> None:
    seen = []

    def work() -> list[Path]:
        seen.append(Path("pets.yaml").read_text())
        if len(seen) == 2:
            Path("pets.yaml").write_text("changed meanwhile")
        return [Path("pets.yaml")]

    steps = [lambda: Path("pets.yaml").write_text("first"), None, None, None]

    def sleep(seconds: float) -> None:
        if not steps:
            raise Stop
        if (step := steps.pop(0)) is not None:
            step()

    with pytest.raises(Stop):
        watch.watch(work, sleep)
    assert seen[1:] == ["first", "changed meanwhile"]


def test_all_that_decides_on_the_output_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine").mkdir()
    Path("mine/README.md.jinja").write_text("Mine.")
    overlay = "overlay: 1.0.0\nactions: [{target: $.paths, update: {/part: {$ref: part.yaml}}}]\n"
    Path("clientgen.toml").write_text(
        'spec = "pets.yaml"\noverlays = ["ours.yaml"]\ntemplates = "mine"\n'
    )
    seen: list[set[str]] = []

    def steps(again: Callable[[], Iterable[Path]]) -> None:
        for part, ours in (("get: {}", overlay), ("get: [", overlay), ("get: {}", "overlay: [")):
            Path("part.yaml").write_text(part)
            Path("ours.yaml").write_text(ours)
            seen.append({path.name for path in again()})

    monkeypatch.setattr(watch, "watch", steps)
    run("generate", "--watch")

    documents = {"pets.yaml", "part.yaml", "ours.yaml"}
    assert seen == [{*documents, "mine", "clientgen.toml", "pyproject.toml"}] * 3


@pytest.mark.parametrize(
    "arguments", [("-",), ("https://pets.example/api.yaml",), ("pets.yaml", "--check")]
)
def test_only_files_are_watched_and_only_to_write(arguments: tuple[str, ...]) -> None:
    told = run("generate", *arguments, "--watch")

    assert (told.code, "--watch needs files" in told.err) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_a_document_is_generated_again_until_ctrl_c(folder: Path) -> None:
    command = [sys.executable, "-m", "clientgen", "generate", "pets.yaml", "-o", "out", "--watch"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    ) as process:
        wait_for(lambda: (folder / "out/clientgen.lock").exists())
        text = Path("pets.yaml").read_text()
        Path("pets.yaml").write_text("openapi: [")
        time.sleep(1)
        Path("pets.yaml").write_text(text.replace("/owners", "/keepers"))
        wait_for(lambda: (folder / "out/src/pet_store/resources/keepers.py").exists())
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=20)[1]

    assert process.returncode == 130
    assert "error CG" in told


def wait_for(happens: object) -> None:
    end = time.monotonic() + 30
    while not happens():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)
