"""How far a long run is, for people at a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DELAY = 0.7
"""Seconds after which a run is a long one."""

Stage: TypeAlias = Literal["read", "resolve", "build", "models", "render", "format", "write"]
STAGES: dict[Stage, str] = {
    "read": "reading the document",
    "resolve": "understanding it",
    "build": "deciding on names and types",
    "models": "writing models",
    "render": "writing calls",
    "format": "formatting",
    "write": "putting files in place",
}
"""The stages of a run in their order, in words."""


class Report(Protocol):
    """Takes notice of a stage that begins."""

    def __call__(self, stage: Stage, /) -> None: ...


def silent(stage: Stage, /) -> None:
    """Take no notice."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Report]:
    """Show the stages of a long run on standard error, when that is a terminal.

    Args:
        quiet: Whether to show nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    progress = _Progress(_Lines if os.environ.get("TERM") in ("dumb", "unknown") else _Bar)
    timer = Timer(DELAY, progress.begin)
    timer.daemon = True
    timer.start()
    try:
        yield progress
    finally:
        timer.cancel()
        progress.end()


class _Display(Protocol):
    def show(self, stage: Stage) -> None: ...

    def end(self) -> None: ...


class _Progress:
    """The stage that the run is in; displayed once it has begun."""

    def __init__(self, kind: Callable[[], _Display]) -> None:
        self._kind = kind
        self._display: _Display | None = None
        self._stage: Stage = "read"
        self._has_ended = False
        # The timer has a thread of its own.
        self._lock = Lock()

    def __call__(self, stage: Stage, /) -> None:
        with self._lock:
            if self._display is not None and stage != self._stage:
                self._display.show(stage)
            self._stage = stage

    def begin(self) -> None:
        with self._lock:
            if not self._has_ended:
                self._display = self._kind()
                self._display.show(self._stage)

    def end(self) -> None:
        with self._lock:
            self._has_ended = True
            if self._display is not None:
                self._display.end()


class _Lines:
    """A line a stage, for terminals that cannot go back in a line."""

    def show(self, stage: Stage) -> None:
        sys.stderr.write(f"{STAGES[stage]} …\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Lines stay as they are."""


class _Bar:
    """A bar that is gone when the run ends."""

    def __init__(self) -> None:
        # It takes a while to import, and most runs are over by then.
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        from clientgen.telling import Stderr

        text = TextColumn("{task.description}")
        columns = SpinnerColumn(), BarColumn(20), TimeElapsedColumn(), text
        self._progress = Progress(*columns, console=Stderr(), transient=True)
        self._task = self._progress.add_task("", total=len(STAGES))
        self._progress.start()

    def show(self, stage: Stage) -> None:
        done = [*STAGES].index(stage)
        self._progress.update(self._task, description=STAGES[stage], completed=done, refresh=True)

    def end(self) -> None:
        self._progress.stop()
