"""From texts to a package on disk, which is untouched until all of it is ready."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from clientgen.diagnostics import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LINE_LENGTH = 120
"""Longest line of generated code, in characters."""

SEGMENT = r"""(?!\.+(/|$))[^/\\:*?"<>|\x00-\x1f]+"""
RELATIVE_PATH = re.compile(rf"{SEGMENT}(/{SEGMENT})*")
"""A path that stays below the folder that it starts from, on every system."""

NEW = "clientgen-new"
"""Ending of a file that is ready and not in its place yet."""


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


def _check(path: str, text: str) -> None:
    if not RELATIVE_PATH.fullmatch(path):
        raise WriteError(f"{path!r} could be outside the output (please report this)")
    if not path.endswith(".py"):
        return
    try:
        ast.parse(text)
    except SyntaxError as error:
        message = one_line(f"{path}:{error.lineno}: {error.msg}: {(error.text or '').strip()}")
        raise WriteError(f"{message} (no valid Python; please report this)") from error
    except ValueError as error:
        raise WriteError(f"{path}: {error} (no valid Python; please report this)") from error


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
    with _told_plainly():
        _require_folder(output)
        added, changed = [], []
        for path, text in files.items():
            target = _target(path, output)
            if not target.exists():
                added.append(path)
            elif target.is_dir():
                raise WriteError(f"{target} is a folder, and a file belongs there; move it away")
            elif target.read_bytes() != text.encode():
                changed.append(path)
        gone = tuple(path for path in removed if _target(path, output).is_file())
    return Changes(tuple(added), tuple(changed), gone)


def _target(path: str, output: Path) -> Path:
    """Where a file is written to: through no symbolic link that leads out of the output."""
    if not RELATIVE_PATH.fullmatch(path):
        raise WriteError(f"{path!r} could be outside {output} (please report this)")
    # Not `Path.resolve`, which does not take links that lead to themselves before Python 3.13.
    target = Path(os.path.realpath(output / path))
    if not target.is_relative_to(output.resolve()):
        raise WriteError(f"{output / path} leads out of {output}; remove the symbolic link")
    return target


def _require_folder(output: Path) -> None:
    folder = next(place for place in (output, *output.absolute().parents) if place.exists())
    if not folder.is_dir():
        raise WriteError(f"{folder} is a file; give a folder with --output")


# --- Writing ---------------------------------------------------------------------------------


def write(files: Mapping[str, str], output: Path, removed: Iterable[str] = ()) -> Changes:
    """Put the files in place: all of them, or none when something goes wrong on the way.

    Files that are right already are not touched.

    Args:
        files: What is to stand there.
        output: The folder.
        removed: Files that are to be gone.

    Raises:
        WriteError: A path leads outside, or the folder cannot be written to.
    """
    found = changes(files, output, removed)
    with _told_plainly(), ExitStack() as undo:
        targets = {_target(path, output): files[path] for path in (*found.added, *found.changed)}
        ready = {target: _ready(target, text, undo) for target, text in targets.items()}
        for target, new in ready.items():
            undo.callback(_restore, target, target.read_bytes() if target.exists() else None)
            new.replace(target)
        for target in [_target(path, output) for path in found.removed]:
            undo.callback(_restore, target, target.read_bytes())
            target.unlink()
        undo.pop_all()
    _remove_empty_folders(found.removed, output)
    return found


def _ready(target: Path, text: str, undo: ExitStack) -> Path:
    """The new file beside its place: what can fail, fails before anything is replaced."""
    _make_folder(target.parent, undo)
    new = target.with_name(f".{target.name}.{NEW}")
    undo.callback(new.unlink, missing_ok=True)
    _put(new, text.encode())
    return new


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


def _restore(target: Path, old: bytes | None) -> None:
    try:
        if old is None:
            target.unlink(missing_ok=True)
        elif target.read_bytes() != old:
            spare = target.with_name(f".{target.name}.{NEW}")
            _put(spare, old)
            spare.replace(target)
    except OSError as error:
        reason = f"{error.strerror}; the output is half new, run clientgen again"
        raise WriteError(f"cannot restore {target}: {reason}") from error


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turns what the system refuses into one line."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or "the output").replace(f".{NEW}", "")
        message = f"cannot write {place}: {error.strerror}; nothing has changed"
        raise WriteError(one_line(message)) from error
    except UnicodeEncodeError as error:
        message = f"no file here can be called {error.object!r}; set PYTHONUTF8=1"
        raise WriteError(one_line(message)) from error
