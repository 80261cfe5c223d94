"""What a new generation means for an output folder that users have worked in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientgen.merge import MINE, merge
from clientgen.write import WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientgen.lock import Lock


@dataclass(slots=True)
class Update:
    """What is to stand in the output folder, by path.

    Attributes:
        texts: Files as they are to be: generated, with what the user changed in them.
        removed: Files that are generated no more and that the user did not change.
        kept: Files that are generated no more and that the user changed; they are the user's now.
        merged: Files in which changes of the user and of this generation come together.
        conflicts: Files in which they do not; the places are marked.
    """

    texts: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def edited(self, files: Mapping[str, str]) -> dict[str, str]:
        """Files that stand as the user wants them, though they are generated differently."""
        unsettled = set(self.conflicts)
        return {
            path: self.texts[path]
            for path, text in files.items()
            if self.texts[path] != text and path not in unsettled
        }


def update(
    files: Mapping[str, str],
    lock: Lock | None,
    output: Path,
    *,
    once: Mapping[str, str] | None = None,
    force: bool = False,
) -> Update:
    """Decide on each file, by what was generated last time and what is there now.

    Args:
        files: What is generated now.
        lock: What was generated last time, if anything was.
        output: The folder.
        once: Files that are generated where nothing is, and never again.
        force: Whether to give up what the user changed in generated files.

    Raises:
        WriteError: A file that is not ours stands where one belongs, or is no text.
    """
    before = lock.files if lock else {}
    found = Update()
    for path, text in files.items():
        there = None if force else _there(output / path)
        base = before.get(path)
        if there is None or there in (text, base):
            found.texts[path] = text
        elif base is None:
            raise WriteError(f"{output / path} was not written by clientgen; {_ADVICE}")
        else:
            _merge(found, path, base, there, text)
    for path, base in before.items():
        if path in files:
            continue
        content = _content(output / path)
        if content is not None:
            is_ours = force or content == base.encode()
            (found.removed if is_ours else found.kept).append(path)
    for path, text in (once or {}).items():
        if not (output / path).exists():
            found.texts[path] = text
    return found


_ADVICE = "move it away, give another folder with --output, or lose it with --force"


def _merge(found: Update, path: str, base: str, there: str, text: str) -> None:
    if f"{MINE}\n" in there:
        # What a former run could not merge comes first; to merge into marks would bury it.
        found.texts[path] = there
        found.conflicts.append(path)
        return
    merged = merge(base, there, text)
    found.texts[path] = merged.text
    if merged.conflicts:
        found.conflicts.append(path)
    elif text != base:
        found.merged.append(path)


def _there(path: Path) -> str | None:
    """The text of a file as it is now."""
    content = _content(path)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError as error:
        raise WriteError(f"{path} is no text; {_ADVICE}") from error


def _content(path: Path) -> bytes | None:
    """A file as it is now; line ends that a checkout changed count as ours."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise WriteError(f"cannot read {path}: {error.strerror}; check its permissions") from error
