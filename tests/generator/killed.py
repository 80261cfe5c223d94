"""Writes again and again, and is killed at every call of the file system in turn.

A program of its own, since processes with threads cannot be copied.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clientgen import write

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = ("mkdir", "open", "replace", "unlink", "rmdir")
KILLED = 9


def main(folder: Path, files: dict[str, str], removed: list[str]) -> None:
    """Write to copies of a folder, `copy0` and so on; the last one is written to its end."""
    number = 0
    while True:
        copy = folder.with_name(f"copy{number}")
        shutil.copytree(folder, copy)
        child = os.fork()
        if child == 0:
            _kill_at(number)
            write.write(files, copy, removed)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != KILLED:
            return
        number += 1


def _kill_at(number: int) -> None:
    """End this process at a call of the file system, with nothing cleared up."""
    calls = iter(range(number + 1))

    def counting(method: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **options: object) -> object:
            if next(calls) == number:
                os._exit(KILLED)
            return method(*args, **options)

        return counted

    for name in CALLS:
        setattr(Path, name, counting(getattr(Path, name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *json.load(sys.stdin))
