"""Running again whenever files change."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

EVERY = 0.3
"""Seconds between two looks at the files."""

Snapshot: TypeAlias = "dict[str, tuple[int, int]]"
"""When each file was changed, and how long it is."""


def watch(run: Callable[[], Iterable[Path]], sleep: Callable[[float], object] = time.sleep) -> None:
    """Run, and run again when a file changes; ends by Ctrl-C alone.

    Args:
        run: Does the work, and gives the files and folders that decide on it.
        sleep: Waits for so many seconds.
    """
    paths: list[Path] = []
    while True:
        # What changes while the work is done counts, too.
        earlier = _snapshot(paths)
        paths = [*run()]
        before = _snapshot(paths)
        before |= {file: state for file, state in earlier.items() if file in before}
        now = _snapshot(paths)
        while now == before:
            sleep(EVERY)
            now = _snapshot(paths)
        settled = False
        while not settled:
            # Editors write a file in several steps.
            sleep(EVERY)
            now, last = _snapshot(paths), now
            settled = now == last


def _snapshot(paths: Iterable[Path]) -> Snapshot:
    found: Snapshot = {}
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else (path,):
            try:
                status = os.stat(file)  # noqa: PTH116 - half the cost
            except OSError:
                continue
            found[str(file)] = (status.st_mtime_ns, status.st_size)
    return found
