"""From texts to a package on disk, which is untouched until all of it is ready."""

from __future__ import annotations

import ast
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ruff import find_ruff_bin  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE_LENGTH = 120
"""Longest line of generated code, in characters."""


class WriteError(Exception):
    """The output cannot be written; one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What writing would change, by path in the output folder."""

    added: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The files as they are written: imports that nothing uses gone, laid out by ruff.

    Raises:
        WriteError: A file is no valid Python, which is a defect of clientgen or of a template.
    """
    for path, text in files.items():
        _check(path, text)
    with tempfile.TemporaryDirectory(prefix="clientgen-") as folder:
        root = Path(folder)
        for path, text in files.items():
            _put(root / path, text)
        # --isolated: the settings of the user's own project must not change what is generated.
        _ruff(root, "check", "--fix-only", "--select", "F401,I", "--exit-zero")
        _ruff(root, "format")
        return {path: (root / path).read_text("utf-8") for path in files}


def _ruff(root: Path, command: str, *options: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own tool on our own files
        [
            find_ruff_bin(),
            command,
            "--isolated",
            "--no-cache",
            "--quiet",
            "--target-version=py310",
            "--line-length",
            str(LINE_LENGTH),
            "--config=format.skip-magic-trailing-comma=true",
            *options,
            ".",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WriteError(f"ruff {command} failed: {done.stderr.strip()[:2000]}")


def _check(path: str, text: str) -> None:
    if not path.endswith(".py"):
        return
    try:
        ast.parse(text)
    except SyntaxError as error:
        message = f"{path}:{error.lineno}: {error.msg}: {error.text or ''}".strip()
        raise WriteError(f"{message} (no valid Python; please report this)") from error


def changes(files: Mapping[str, str], output: Path) -> Changes:
    """What is different on disk."""
    added, changed = [], []
    for path, text in files.items():
        target = output / path
        if not target.exists():
            added.append(path)
        elif target.read_bytes() != text.encode():
            changed.append(path)
    return Changes(tuple(added), tuple(changed))


def write(files: Mapping[str, str], output: Path) -> Changes:
    """Put the files in place.

    Raises:
        WriteError: A path leads outside, or the folder cannot be written to.
    """
    for path in files:
        parts = PurePosixPath(path).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise WriteError(f"{path!r} would be outside {output}")
    try:
        found = changes(files, output)
        for path in (*found.added, *found.changed):
            _put(output / path, files[path])
    except OSError as error:
        raise WriteError(f"cannot write {error.filename}: {error.strerror}") from error
    return found


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
