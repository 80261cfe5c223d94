"""The output is what it was or what it should be, and nothing else is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from clientgen import write
from clientgen.write import WriteError
from tests.generator.cli.command import ordinary_user
from tests.support.samples import ROOT

OLD = {"pkg/__init__.py": "OLD = 1\n", "pkg/a.py": "OLD = 2\n", "pkg/b.py": "OLD = 3\n"}
NEW = {
    "pkg/__init__.py": "NEW = 1\n",
    "pkg/a.py": "NEW = 2\n",
    "pkg/b.py": "OLD = 3\n",
    "pkg/deep/er/c.py": "NEW = 4\n",
}


def contents(folder: Path) -> dict[str, str]:
    """All files below a folder, links that lead nowhere and empty folders."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            found[str(path.relative_to(folder))] = path.read_text()
        elif path.is_symlink() or not any(path.iterdir()):
            found[str(path.relative_to(folder))] = ""
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with an older version, and with a file of the user's."""
    folder = tmp_path / "out"
    write.write(OLD, folder)
    (folder / "pkg/mine.py").write_text("MINE = 1\n")
    return folder


# --- Writing ---------------------------------------------------------------------------------


def test_files_are_put_in_place_and_others_left(out: Path) -> None:
    write.write(NEW, out)

    assert contents(out) == {**NEW, "pkg/mine.py": "MINE = 1\n"}


def test_what_has_changed_is_told(out: Path) -> None:
    changed = write.write(NEW, out)

    assert changed.added == ("pkg/deep/er/c.py",)
    assert changed.changed == ("pkg/__init__.py", "pkg/a.py")


def test_changes_are_found_without_writing(out: Path) -> None:
    before = contents(out)

    assert len(write.changes(NEW, out)) == 3
    assert contents(out) == before


def test_files_that_are_right_are_not_touched(out: Path) -> None:
    for name in OLD:
        os.utime(out / name, (1, 1))

    write.write(NEW, out)

    assert [(out / name).stat().st_mtime for name in OLD if OLD[name] == NEW[name]] == [1.0]


def test_lines_end_alike_everywhere(tmp_path: Path) -> None:
    write.write({"a.py": "A = 1\n"}, tmp_path)

    assert (tmp_path / "a.py").read_bytes() == b"A = 1\n"


# --- Failing ---------------------------------------------------------------------------------


class Stop:
    """Lets some calls of a method through and then raises."""

    def __init__(self, passing: int, error: BaseException) -> None:
        self.passing = passing
        self.error = error

    def __call__(self, method: object) -> object:
        def stopping(path: Path, *args: object, **options: object) -> object:
            self.passing -= 1
            if self.passing == -1:
                raise self.error
            assert callable(method)
            return method(path, *args, **options)

        return stopping


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", ["open", "replace", "mkdir"])
@pytest.mark.parametrize("passing", range(3))
def test_the_output_is_as_it_was_when_writing_fails(
    passing: int, name: str, error: BaseException, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(out)
    monkeypatch.setattr(Path, name, Stop(passing, error)(getattr(Path, name)))

    try:
        write.write(NEW, out)
    except (WriteError, KeyboardInterrupt):
        monkeypatch.undo()
        assert contents(out) == before
    else:
        monkeypatch.undo()
        assert (name, passing, contents(out)["pkg/a.py"]) == ("mkdir", 2, NEW["pkg/a.py"])


def test_a_failure_says_that_nothing_has_changed(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OSError(28, "No space left on device")
    monkeypatch.setattr(Path, "replace", Stop(1, error)(Path.replace))

    with pytest.raises(WriteError) as caught:
        write.write(NEW, out)

    assert str(caught.value) == (
        f"cannot write {out}: No space left on device; nothing has changed, "
        "make room and run clientgen again"
    )


def test_what_a_killed_run_has_left_is_no_hindrance(out: Path) -> None:
    (out / ".clientgen-new").mkdir()
    (out / ".clientgen-new/0").write_text("half a fi")

    write.write(NEW, out)

    assert contents(out) == {**NEW, "pkg/mine.py": "MINE = 1\n"}


@pytest.mark.skipif(os.name == "nt", reason="there is no fork there")
def test_a_run_that_is_killed_anywhere_leaves_the_old_or_is_completed(
    out: Path, tmp_path: Path
) -> None:
    files, gone = {path: NEW[path] for path in NEW if path != "pkg/b.py"}, ["pkg/b.py"]
    old, new = contents(out), {**files, "pkg/mine.py": "MINE = 1\n"}
    subprocess.run(
        [sys.executable, "-m", "tests.generator.killed", str(out)],
        input=json.dumps([files, gone]),
        text=True,
        check=True,
        cwd=ROOT,
    )
    copies = [tmp_path / f"copy{n}" for n in range(len([*tmp_path.glob("copy*")]))]

    unfinished = [write.finish(copy, copy) for copy in copies]

    first = unfinished.index(True)
    assert unfinished.count(True) > 5
    assert [contents(copy) for copy in copies[:first]] == [old] * first
    assert all(contents(copy) == new for copy in copies[first:])


def test_a_list_of_what_is_to_be_done_that_is_damaged_is_told(out: Path) -> None:
    (out / ".clientgen-new").mkdir()
    (out / ".clientgen-new/todo.json").write_text("{}")

    with pytest.raises(WriteError, match=r"todo\.json is damaged; remove .*, and run again"):
        write.finish(out, out)


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
def test_a_folder_that_may_not_be_written_to(out: Path) -> None:
    before = contents(out)
    (out / "pkg").chmod(0o555)

    with (
        ordinary_user(out),
        pytest.raises(WriteError, match="Permission denied; nothing has changed"),
    ):
        write.write(NEW, out)

    (out / "pkg").chmod(0o755)
    assert contents(out) == before


def test_a_folder_in_the_place_of_a_file(out: Path) -> None:
    (out / "pkg/deep/er/c.py").mkdir(parents=True)
    before = contents(out)

    with pytest.raises(WriteError, match=r"c\.py is a folder, and a file belongs there"):
        write.write(NEW, out)

    assert contents(out) == before


def test_a_file_in_the_place_of_a_folder(out: Path) -> None:
    (out / "pkg/deep").write_text("")
    before = contents(out)

    with pytest.raises(WriteError, match="deep is a file, and a folder belongs there; move it"):
        write.changes(NEW, out)
    with pytest.raises(WriteError, match="deep is a file, and a folder belongs there; move it"):
        write.write(NEW, out)

    assert contents(out) == before


# --- Two runs at once ------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="there are no such locks")
def test_whoever_comes_later_waits(tmp_path: Path) -> None:
    out, happened, waits = tmp_path / "out", [], threading.Event()

    def second() -> None:
        with write.alone(out, waits.set):
            happened.append("second")

    with write.alone(out, pytest.fail):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(10)
        write.write(NEW, out)
        happened.append("first")
    thread.join(10)

    assert happened == ["first", "second"]
    assert contents(out) == NEW


def test_a_folder_that_stays_empty_is_not_left_behind(tmp_path: Path) -> None:
    with write.alone(tmp_path / "deep/out", pytest.fail):
        pass

    assert list(tmp_path.iterdir()) == []


# --- Staying inside --------------------------------------------------------------------------

OUTSIDE = ("../a.py", "/a.py", "a/../../b.py", "a//b.py", "", ".", "a/./b.py", "C:\\a", "a\\..\\b")


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out(path: str, out: Path) -> None:
    before = contents(out.parent)

    with pytest.raises(WriteError, match="could be outside"):
        write.write({**NEW, path: ""}, out)

    assert contents(out.parent) == before


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_the_scratch_folder(path: str) -> None:
    with pytest.raises(WriteError, match="could be outside"):
        write.formatted({path: ""})


@pytest.mark.parametrize("link", ["pkg/a.py", "pkg/deep", "pkg/deep/er/c.py", "pkg/__init__.py"])
def test_symbolic_links_are_not_followed_out(link: str, out: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = out / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere if link == "pkg/deep" else elsewhere / "victim")
    before = contents(out)

    with pytest.raises(WriteError, match="remove the symbolic link"):
        write.write(NEW, out)

    assert (contents(elsewhere), contents(out)) == ({}, before)


def test_symbolic_links_that_lead_to_themselves_are_replaced(out: Path) -> None:
    (out / "pkg/a.py").unlink()
    (out / "pkg/a.py").symlink_to("a.py")

    write.write(NEW, out)

    assert (out / "pkg/a.py").read_text() == NEW["pkg/a.py"]


def test_symbolic_links_that_stay_inside_are_kept(out: Path) -> None:
    (out / "pkg/a.py").rename(out / "pkg/real.py")
    (out / "pkg/a.py").symlink_to("real.py")

    write.write(NEW, out)

    assert ((out / "pkg/a.py").is_symlink(), (out / "pkg/real.py").read_text()) == (
        True,
        NEW["pkg/a.py"],
    )


def test_the_output_folder_itself_can_be_a_symbolic_link(out: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(out)

    write.write(NEW, tmp_path / "link")

    assert (out / "pkg/a.py").read_text() == NEW["pkg/a.py"]


# --- Formatting ------------------------------------------------------------------------------


def test_unused_imports_go_and_others_are_sorted() -> None:
    text = "import sys\nimport re, os\nX = [ os,re ]\n"

    assert write.formatted({"a.py": text}) == {"a.py": "import os\nimport re\n\nX = [os, re]\n"}


@pytest.mark.parametrize("folder", ["build", "dist", "venv", "node_modules", "src/site-packages"])
def test_folders_that_tools_pass_over_are_formatted_too(folder: str) -> None:
    assert write.formatted({f"{folder}/a.py": "x  =  1"}) == {f"{folder}/a.py": "x = 1\n"}


def test_settings_around_the_output_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ruff.toml").write_text("line-length = 20\nindent-width = 2")
    (tmp_path / ".gitignore").write_text("*")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    text = "def  f():\n    return ['aaaaaaaaa', 'bbbbbbbbbbbbbb']\n"
    tidy = 'def f():\n    return ["aaaaaaaaa", "bbbbbbbbbbbbbb"]\n'
    assert write.formatted({"a.py": text}) == {"a.py": tidy}


@pytest.mark.parametrize("text", ["class", "x = '\0'", "x = '\ud800'"])
def test_what_is_no_python_is_not_written(text: str) -> None:
    with pytest.raises(
        WriteError, match=r"^a\.py.*\(no valid Python; mend your template .* report this\)$"
    ):
        write.formatted({"a.py": text})
