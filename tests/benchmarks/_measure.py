"""Measuring in fresh processes, and telling ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds of wall clock, and megabytes at the most."""

    seconds: float
    megabytes: float


def corpus() -> Path:
    """The folder of real documents."""
    folder = os.environ.get("CLIENTGEN_CORPUS")
    if not folder or not Path(folder).is_dir():
        raise SystemExit("CLIENTGEN_CORPUS must name the folder of OpenAPI documents")
    return Path(folder)


def run(command: Sequence[str]) -> Run:
    """Run a process and wait for it; what it prints is dropped unless it fails."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors.decode()[-3000:]}")
    return Run(seconds, usage.ru_maxrss / 1024)


def output_of(command: Sequence[str]) -> str:
    """What a process prints."""
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def clean_environment(folder: Path, *requirements: str) -> str:
    """An interpreter that has these distributions and what they need, and nothing else."""
    venv.create(folder, with_pip=True)
    interpreter = str(folder / "bin" / "python")
    run([interpreter, "-m", "pip", "install", "-q", *requirements])
    return interpreter


def _environment() -> Mapping[str, str]:
    # As users run it: with the bytecode of the last run.
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def alternate(rounds: int, **commands: Sequence[str]) -> dict[str, Run]:
    """Medians of commands that take turns, so that a busy machine hits all."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            found[name].append(run(command))
    return {name: median(runs) for name, runs in found.items()}


def median(runs: Sequence[Run]) -> Run:
    """The median time and the largest memory."""
    return Run(
        statistics.median(each.seconds for each in runs), max(each.megabytes for each in runs)
    )


class Table:
    """Figures beside their bars; remembers whether all are met."""

    def __init__(self) -> None:
        self.missed = 0

    def row(self, what: str, value: float, limit: float, unit: str = "x") -> None:
        """Tell a figure that should be at most a limit."""
        met = value <= limit
        self.missed += not met
        print(f"{what:66} {value:9.2f} {unit:3} at most {limit:g}  {'' if met else 'MISSED'}")

    def close(self) -> None:
        """Exit with 1 when a bar was missed."""
        raise SystemExit(1 if self.missed else 0)
