"""Taking turns within one process, so that a busy machine hits all that are compared."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def compare(rounds: int, **works: Callable[[], object]) -> dict[str, float]:
    """Median seconds of each work.

    Args:
        rounds: How often each is done; one more round before that is not counted.
        **works: What to measure, by name.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            seconds = _seconds(work)
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started
    finally:
        gc.enable()
