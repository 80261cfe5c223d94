"""How long it takes to find that nothing has changed, beside generating everything.

CLIENTGEN_CORPUS=../shared/specs python -m tests.benchmarks.unchanged
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks._measure import Table, corpus, run

ROUNDS = 5


def main() -> None:
    """Measure and compare with the bars."""
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "github")
        document = str(corpus() / "github.json")
        command = [sys.executable, "-m", "clientgen", "generate", document, "-o", output]
        full = run(command).seconds
        again = statistics.median(run(command).seconds for _ in range(ROUNDS))
    print(f"github.json: everything {full:.1f} s, nothing {again * 1000:.0f} ms")
    table.row("github.json: unchanged", again, 0.5, "s")
    table.row("github.json: unchanged / everything", again / full, 0.1)
    table.close()


if __name__ == "__main__":
    main()
