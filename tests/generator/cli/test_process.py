"""What only a process of its own shows: signals, pipes, terminals, imports, and the environment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from clientgen.progress import STAGES
from tests.generator.cli.command import BROKEN, PETS, heed_ctrl_c
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMMAND = (sys.executable, "-W", "error", "-m", "clientgen")
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and terminals are different there")


def run(
    *arguments: object, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        **options,
    )


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_run_ends_with_its_code() -> None:
    done = [run("generate", *rest) for rest in (["pets.yaml"], ["pets.yaml", "-o", "x", "--check"])]
    done += [run("generate"), run("generate", "lost.yaml")]

    assert [each.returncode for each in done] == [0, 1, 2, 3]


# --- Being cut short -------------------------------------------------------------------------


@POSIX
def test_interrupting_ends_with_one_line() -> None:
    process = subprocess.Popen(
        [*COMMAND, "generate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    assert process.stdin is not None
    # More than a pipe holds: when all is written, the command is there and reading.
    process.stdin.write("#" * 100_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)

    message = "error: interrupted; no output is half written, run it again at any time\n"
    assert (process.returncode, out, err) == (130, "", message)


@POSIX
@pytest.mark.parametrize("arguments", ["inspect pets.yaml", "validate pets.yaml --format json"])
def test_a_reader_that_goes_away_is_no_mistake(arguments: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        done = subprocess.run(
            [*COMMAND, *arguments.split()],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, "")


@POSIX
def test_a_reader_of_messages_that_goes_away_is_no_mistake() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as err:
        done = subprocess.run([*COMMAND, "generate", "pets.yaml"], stderr=err, check=False)

    assert (done.returncode, Path("pet-store/pyproject.toml").exists()) == (141, True)


@POSIX
def test_output_that_nobody_wants_is_no_mistake() -> None:
    done = run("explain", "CG201", preexec_fn=lambda: os.close(1))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk")
def test_output_that_has_no_room_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "explain"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 2
    assert done.stderr == (
        "error: cannot print: No space left on device; run it again when that is mended\n"
    )


@POSIX
def test_being_told_to_end_leaves_the_output_and_no_scratch_folder() -> None:
    run("generate", "pets.yaml", "-o", "out")
    before = contents(Path("out"))
    script = (
        "import os, signal; from clientgen import cli, write\n"
        "write._ruff = lambda place, *_: (print(place), os.kill(os.getpid(), signal.SIGTERM))\n"
        "cli.main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, "generate", "pets.yaml", "-o", "out", "--package", "zoo"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == 143
    assert (contents(Path("out")), Path(done.stdout.strip()).exists()) == (before, False)


SMALL = """
import resource, sys
from clientgen.cli import main
sys.dont_write_bytecode = True  # Python 3.10 leaves what it has cut, and others fail on it.
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
main()
"""


@POSIX
def test_when_there_is_no_room_the_output_stays_and_the_message_says_what_to_do() -> None:
    run("generate", "pets.yaml", "-o", "out")
    before = contents(Path("out"))
    script = "from clientgen import write; write.formatted = dict\n" + SMALL
    # Coverage would have no room either, and say so.
    unmeasured = {name: os.environ[name] for name in os.environ if "COVERAGE" not in name}

    done = subprocess.run(
        [sys.executable, "-c", script, "generate", "pets.yaml", "-o", "out", "--force"],
        env=unmeasured,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, contents(Path("out"))) == (2, before)
    assert done.stderr == (
        "error: cannot write out: File too large; nothing has changed, "
        "run clientgen again when that is mended\n"
    )


# --- Terminals -------------------------------------------------------------------------------


def on_terminal(env: Mapping[str, str], *command: str) -> str:
    """What a person sees of a run, which is one with a warning if not stated."""
    import pty

    main, side = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **env}
    process = subprocess.Popen(
        command or [*COMMAND, "validate", "odd.yaml"], stdout=side, stderr=side, env=environment
    )
    os.close(side)
    seen = b""
    while True:
        try:
            piece = os.read(main, 4096)
        except OSError:  # how Linux tells the end
            break
        if not piece:
            break
        seen += piece
    process.wait()
    os.close(main)
    return seen.decode()


@POSIX
@pytest.mark.parametrize(
    ("env", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_terminals_get_colours_unless_they_do_not_want_any(
    env: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("odd.yaml").write_text(BROKEN)

    seen = on_terminal(env)

    assert ("unsupported" in seen, "\x1b[35m" in seen) == (True, is_coloured)


LONG = """
import sys, time
from clientgen import cli, progress
progress.DELAY = 0
tell = progress._Progress.__call__
progress._Progress.__call__ = lambda self, stage: (tell(self, stage), time.sleep(0.05))
cli.main()
print("rich.progress" in sys.modules)
"""


def long_run(*arguments: str, env: Mapping[str, str] | None = None) -> str:
    """What a person sees of a run that takes its time."""
    return on_terminal(env or {}, sys.executable, "-c", LONG, *arguments)


@POSIX
def test_a_long_run_shows_how_far_it_is_and_clears_it_up() -> None:
    seen = long_run("generate", "pets.yaml")

    assert [text for text in STAGES.values() if text not in seen] == []
    assert seen.endswith("\x1b[2Kpet_store: 3 operations, 15 files written in pet-store\r\n")


@POSIX
def test_terminals_that_cannot_go_back_get_a_line_a_stage() -> None:
    seen = long_run("inspect", "pets.yaml", env={"TERM": "dumb"})

    assert seen.splitlines()[:3] == [f"{STAGES[stage]} …" for stage in ("read", "resolve", "build")]


@POSIX
def test_the_quiet_see_no_progress() -> None:
    assert long_run("generate", "pets.yaml", "-q") == ""


def test_pipes_get_no_progress_and_nothing_is_imported_for_it() -> None:
    code = LONG.replace("cli.main()", "\ntry: cli.main()\nexcept SystemExit: pass")
    done = subprocess.run(
        [sys.executable, "-c", code, "generate", "pets.yaml"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, len(done.stderr.splitlines())) == ("False\n", 1)


def test_files_and_pipes_get_no_colours() -> None:
    Path("odd.yaml").write_text(BROKEN)

    done = run("validate", "odd.yaml", env={"TERM": "xterm-256color"})

    assert ("unsupported" in done.stderr, "\x1b" in done.stderr) == (True, False)


def test_lines_are_as_long_as_they_are() -> None:
    name = f"{'long' * 40}.yaml"
    Path(name).write_text(BROKEN)

    assert len(run("validate", name, env={"COLUMNS": "30"}).stderr.splitlines()) == 5


def test_letters_that_the_terminal_lacks_are_escaped() -> None:
    Path("odd.yaml").write_text(PETS.replace("/owners", "/猫"), "utf-8")

    done = run("inspect", "odd.yaml", env={"PYTHONIOENCODING": "cp1252"})

    assert (done.returncode, "GET /\\u732b" in done.stdout) == (0, True)


# --- Start-up --------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["--version"]])
def test_help_comes_at_once(arguments: list[str]) -> None:
    heavy = ("datamodel_code_generator", "jinja2", "pydantic_settings", "yaml", "ruff", "black")
    script = (
        "import sys; from clientgen.cli import main\n"
        f"try:\n    main()\nfinally:\n    print([m for m in {heavy} if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


# --- The same bytes everywhere ---------------------------------------------------------------

PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "Pacific/Apia", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"},
)
UNKNOWN_SCHEMES = PETS.replace(
    "tags: [owners]", "security: [{red: [], green: []}, {blue: []}, {black: []}, {white: []}]"
)


def outputs(source: Path | str) -> Iterable[tuple[str, dict[str, bytes]]]:
    """What runs in different places tell and write."""
    for number, env in enumerate(PLACES):
        out = Path(f"out{number}")
        done = run("generate", source, "-o", out, "--format", "json", env=env)
        assert done.returncode == 0, done.stderr
        yield done.stdout.replace(str(out), "out"), contents(out)


@pytest.mark.parametrize("name", ["dirty.yaml", "naming.yaml", "pet_store.yaml"])
def test_a_document_gives_the_same_bytes_everywhere(name: str) -> None:
    first, second = outputs(SAMPLES / name)

    assert first == second


def test_diagnostics_come_in_the_same_order_everywhere() -> None:
    Path("odd.yaml").write_text(UNKNOWN_SCHEMES)
    first, second = outputs("odd.yaml")

    assert first[0].count("CG231") == 5
    assert first == second


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode elsewhere")
def test_a_system_without_the_letters_of_a_name_generates_all_the_same() -> None:
    env = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    done = run("generate", SAMPLES / "naming.yaml", env=env)

    assert done.returncode == 0, done.stderr


def test_how_a_folder_of_references_is_stored_does_not_matter() -> None:
    parts = sorted(path for path in (SAMPLES / "split").rglob("*") if path.is_file())
    found = []
    for name, order in {"there": parts, "back": parts[::-1]}.items():
        for path in order:
            target = Path(name, path.relative_to(SAMPLES))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        run("generate", f"{name}/split/openapi.yaml", "-o", f"{name}/out")
        found.append(contents(Path(name, "out")))

    assert found[0]
    assert found[0] == found[1]
