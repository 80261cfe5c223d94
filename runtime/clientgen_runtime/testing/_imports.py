"""What importing a package costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

_MEASURE = """
import json, sys, time
import clientgen_runtime.sdk
from clientgen_runtime import *
before = {*sys.modules}
started = time.process_time()
__import__(sys.argv[1])
spent = time.process_time() - started
print(json.dumps([spent, sorted({*sys.modules} - before)]))
"""


@dataclass(frozen=True)
class ImportCost:
    """What it costs to import a package, the runtime apart.

    Attributes:
        seconds: Time of the processor.
        modules: Modules that are loaded.

    Example:
        >>> ImportCost(0.002, ("pet_store",)).modules
        ('pet_store',)
    """

    seconds: float
    modules: tuple[str, ...]


def import_cost(package: str, *, rounds: int = 3) -> ImportCost:
    """Import a package in fresh processes and tell what the cheapest import costs.

    Args:
        package: Its import name.
        rounds: How many processes try.

    Raises:
        subprocess.CalledProcessError: It cannot be imported.

    Example:
        >>> import_cost("json", rounds=1).modules
        ()
    """
    return min((_once(package) for _ in range(rounds)), key=lambda cost: cost.seconds)


def _once(package: str) -> ImportCost:
    command = [sys.executable, "-c", _MEASURE, package]
    # What this process can import, the other one can, too.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(  # noqa: S603 - the command is ours
        command, env=environment, capture_output=True, text=True, check=True
    )
    seconds, modules = json.loads(done.stdout)
    return ImportCost(seconds, tuple(modules))
