"""From texts to a package on disk, which is untouched until all of it is ready."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from clientgen.diagnostics import one_line

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

LINE_LENGTH = 120
"""Longest line of generated code, in characters."""

SEGMENT = r"""(?!\.+(/|$))[^/\\:*?"<>|\x00-\x1f]+"""
RELATIVE_PATH = re.compile(rf"{SEGMENT}(/{SEGMENT})*")
"""A path that stays below the folder that it starts from, on every system."""

NEW = "clientgen-new"
"""Ending of a file that is not complete yet."""
WAITING = ".clientgen-new"
"""Folder in the output for files that are ready and not in their places yet."""
TODO = "todo.json"
"""File in that folder that says what is to be done; it is there when all is ready."""


class WriteError(Exception):
    """The output cannot be written; one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What writing would change, by path in the output folder."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(len(self))

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


ADVICE = {
    errno.ENOSPC: "make room and run clientgen again",
    getattr(errno, "EDQUOT", errno.ENOSPC): "make room and run clientgen again",
    errno.EACCES: "check its permissions, or give another folder with --output",
    errno.EPERM: "check its permissions, or give another folder with --output",
    errno.EROFS: "give a folder with --output that can be written to",
}
"""What to do about what the system refuses."""


# --- Formatting ------------------------------------------------------------------------------


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The files as they are written: imports that nothing uses gone, laid out by ruff.

    Raises:
        WriteError: A file is no valid Python, which is a defect of clientgen or of a template.
    """
    for path, text in files.items():
        _check(path, text)
    with _told_plainly(), _scratch_folder() as folder:
        root = Path(folder)
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
        _ruff(root, "format", f"--line-length={LINE_LENGTH}")
        # Imports fit ruff's own default width, so that its default rules have nothing to say.
        _ruff(root, "check", "--fix-only", "--select=F401,I,RUF022", "--exit-zero")
        return {path: (root / path).read_text("utf-8") for path in files}


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for thousands of files that are gone in a moment: in memory where there is such."""
    memory = "/dev/shm"  # noqa: S108 - the folder in it has a name of its own
    usable = os.access(memory, os.W_OK | os.X_OK)
    return tempfile.TemporaryDirectory(prefix="clientgen-", dir=memory if usable else None)


_NO_PYTHON = "no valid Python; mend your template if it is of one, else please report this"


def _check(path: str, text: str) -> None:
    if not RELATIVE_PATH.fullmatch(path):
        raise WriteError(f"{path!r} could be outside the output (please report this)")
    if not path.endswith(".py"):
        return
    try:
        ast.parse(text)
    except SyntaxError as error:
        message = one_line(f"{path}:{error.lineno}: {error.msg}: {(error.text or '').strip()}")
        raise WriteError(f"{message} ({_NO_PYTHON})") from error
    except ValueError as error:
        raise WriteError(f"{path}: {error} ({_NO_PYTHON})") from error


def _ruff(root: Path, command: str, *options: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own tool on our own files
        [
            find_ruff_bin(),
            command,
            # The user's own settings must not change what is generated.
            "--isolated",
            "--no-respect-gitignore",
            # Nor must a name: ruff passes over folders that are called `build` or `dist`.
            "--config=exclude=[]",
            "--no-cache",
            "--quiet",
            "--target-version=py310",
            "--config=format.skip-magic-trailing-comma=true",
            "--config=lint.isort.split-on-trailing-comma=false",
            *options,
            ".",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WriteError(f"ruff {command} failed: {one_line(done.stderr.strip()[:2000])}")


# --- Comparing -------------------------------------------------------------------------------


def changes(files: Mapping[str, str], output: Path, removed: Iterable[str] = ()) -> Changes:
    """What is different on disk.

    Args:
        files: What is to stand there.
        output: The folder.
        removed: Files that are to be gone.

    Raises:
        WriteError: The output cannot be read, or is no folder.
    """
    with _told_plainly(output):
        _require_folder(output)
        added, changed = [], []
        for path, text in files.items():
            target = _target(path, output)
            if not target.exists():
                _require_folder(target.parent, "move it away")
                added.append(path)
            elif target.is_dir():
                raise WriteError(f"{target} is a folder, and a file belongs there; move it away")
            elif not _is_same(target.read_bytes(), text.encode()):
                changed.append(path)
        gone = tuple(path for path in removed if _target(path, output).is_file())
    return Changes(tuple(added), tuple(changed), gone)


def _is_same(there: bytes, wanted: bytes) -> bool:
    """Whether a file is as it is to be; a checkout may have given it the line ends of Windows."""
    return wanted in (there, there.replace(b"\r\n", b"\n"))


def _target(path: str, output: Path) -> Path:
    """Where a file is written to: through no symbolic link that leads out of the output."""
    if not RELATIVE_PATH.fullmatch(path):
        raise WriteError(f"{path!r} could be outside {output} (please report this)")
    # Not `Path.resolve`, which does not take links that lead to themselves before Python 3.13.
    target = Path(os.path.realpath(output / path))
    if not target.is_relative_to(output.resolve()):
        raise WriteError(f"{output / path} leads out of {output}; remove the symbolic link")
    return target


def _require_folder(folder: Path, advice: str = "give a folder with --output") -> None:
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise WriteError(f"{there} is a file, and a folder belongs there; {advice}")


# --- Writing ---------------------------------------------------------------------------------


@contextmanager
def alone(folder: Path, waiting: Callable[[], object]) -> Iterator[None]:
    """Work on a folder while no other run does: whoever comes later waits.

    The system keeps the lock, on the folder itself, so that nothing of it is left however a run
    ends. Systems that have no such locks let everybody in.

    Args:
        folder: The folder; made when it is not there, and gone again if it is empty in the end.
        waiting: Told that another run is at work, and that this one waits.

    Raises:
        WriteError: The folder cannot be made or read.
    """
    with ExitStack() as undo:
        if sys.platform != "win32":
            with _told_plainly(folder):
                _require_folder(folder)
                _make_folder(folder, undo)
                handle = os.open(folder, os.O_RDONLY)
            undo.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
            except OSError:  # some network drives
                pass
        yield


def write(
    files: Mapping[str, str],
    output: Path,
    removed: Iterable[str] = (),
    *,
    waiting: Path | None = None,
) -> Changes:
    """Put the files in place: all of them, or none when something goes wrong on the way.

    All that is new waits in a folder of its own until it is complete. What then is to be done
    stands there, too: `finish` completes it when this process is killed in the middle.

    Files that are right already are not touched.

    Args:
        files: What is to stand there.
        output: The folder.
        removed: Files that are to be gone.
        waiting: Folder in the output for what waits; the output itself by default.

    Raises:
        WriteError: A path leads outside, or the folder cannot be written to.
    """
    found = changes(files, output, removed)
    if not found:
        return found
    place = (waiting or output) / WAITING
    with _told_plainly(output), ExitStack() as undo:
        _make_folder(place, undo)
        undo.callback(_clear, place)
        new = (*found.added, *found.changed)
        todo = _Todo({path: str(number) for number, path in enumerate(new)}, list(found.removed))
        for path, name in todo.put.items():
            _put(place / name, files[path].encode())
        _put(place / f"{TODO}.{NEW}", todo.text().encode())
        (place / f"{TODO}.{NEW}").replace(place / TODO)
        _do(todo, place, output, undo)
        undo.pop_all()
    _remove_empty_folders(found.removed, output)
    with suppress(OSError):  # All is in place; the next run clears up.
        _clear(place)
    return found


def put_text(path: Path, text: str) -> None:
    """Write one file, in place of what is there.

    Raises:
        WriteError: It cannot be written.
    """
    with _told_plainly(path):
        path.write_text(text, "utf-8")


def has_leftovers(waiting: Path) -> bool:
    """Whether a run was killed that had begun to write."""
    return (waiting / WAITING).is_dir()


def is_unfinished(waiting: Path) -> bool:
    """Whether a run was killed while it put files in place."""
    return (waiting / WAITING / TODO).is_file()


def finish(output: Path, waiting: Path) -> bool:
    """Complete what a killed run has begun, or clear up what it only prepared.

    Args:
        output: The folder.
        waiting: As for `write`.

    Returns:
        Whether there was something to complete.

    Raises:
        WriteError: It cannot be completed.
    """
    place = waiting / WAITING
    if not place.is_dir():
        return False
    with _told_plainly(output), ExitStack() as undo:
        todo = _Todo.read(place / TODO) if is_unfinished(waiting) else None
        if todo is not None:
            _do(todo, place, output, undo)
            undo.pop_all()
            _remove_empty_folders(todo.removed, output)
        _clear(place)
    return todo is not None


@dataclass(frozen=True, slots=True)
class _Todo:
    """What is to be done when all is ready.

    Attributes:
        put: Files to put in place, with their names in the folder in which they wait.
        removed: Files to remove.
    """

    put: dict[str, str]
    removed: list[str]

    def text(self) -> str:
        return json.dumps({"put": self.put, "removed": self.removed})

    @classmethod
    def read(cls, path: Path) -> _Todo:
        try:
            told = json.loads(path.read_bytes())
            put = {str(target): str(name) for target, name in told["put"].items()}
            return cls(put, [*map(str, told["removed"])])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WriteError(f"{path} is damaged; remove {path.parent}, and run again") from error


def _do(todo: _Todo, place: Path, output: Path, undo: ExitStack) -> None:
    """Put files in place; those that a killed run has put there wait no more."""
    for path, name in todo.put.items():
        new, target = place / name, _target(path, output)
        if new.is_file():
            _make_folder(target.parent, undo)
            old = target.read_bytes() if target.exists() else None
            undo.callback(_restore, target, old, new)
            new.replace(target)
    for path in todo.removed:
        target = _target(path, output)
        if target.is_file():
            undo.callback(_restore, target, target.read_bytes(), place / "gone")
            target.unlink()


def _clear(place: Path) -> None:
    if place.is_dir():
        # The list goes first: without it, nothing of the rest is ever put in place.
        (place / TODO).unlink(missing_ok=True)
        shutil.rmtree(place)


def _make_folder(folder: Path, undo: ExitStack) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        undo.callback(_remove_if_empty, each)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _remove_empty_folders(gone: Iterable[str], output: Path) -> None:
    for path in gone:
        for folder in (output / path).parents:
            if folder == output:
                break
            _remove_if_empty(folder)


def _put(path: Path, content: bytes) -> None:
    # A run that was killed may have left one; what is there is never written through.
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _restore(target: Path, old: bytes | None, new: Path) -> None:
    """Put back what was there, and let what is new wait again, in case this is cut short, too."""
    try:
        if not new.exists() and target.exists():
            target.replace(new)
        if old is not None and not target.exists():
            spare = new.with_name(f"{new.name}.{NEW}")
            _put(spare, old)
            spare.replace(target)
    except OSError as error:
        reason = f"{error.strerror}; the output is half new, run clientgen again"
        raise WriteError(f"cannot restore {target}: {reason}") from error


@contextmanager
def _told_plainly(output: Path | str = "a temporary folder") -> Iterator[None]:
    """Turns what the system refuses into one line; without a name of its own, it is about this."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or output).partition(f"{os.sep}{WAITING}")[0]
        advice = ADVICE.get(error.errno or 0, "run clientgen again when that is mended")
        message = f"cannot write {place}: {error.strerror}; nothing has changed, {advice}"
        raise WriteError(one_line(message)) from error
    except UnicodeEncodeError as error:
        message = f"no file here can be called {error.object!r}; set PYTHONUTF8=1"
        raise WriteError(one_line(message)) from error
