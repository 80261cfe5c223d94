"""How long generating takes beside the model generator alone, and what it costs in memory.

CLIENTGEN_CORPUS=../shared/specs python -m tests.benchmarks.generation
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks._measure import Table, alternate, corpus

ROUNDS = 3
COMPARED = ("github.json", "openai.yaml")
OPERATIONS = {"stripe.json": 452, "github.json": 1223}


def main() -> None:
    """Measure and compare with the bars."""
    table = Table()
    folder = corpus()
    seconds = {}
    with tempfile.TemporaryDirectory() as output:
        for name in ("github.json", "openai.yaml", "stripe.json"):
            document = folder / name
            runs = alternate(
                ROUNDS,
                ours=_clientgen(document, Path(output) / name),
                models=_models_alone(document, Path(output) / f"{name}.py"),
            )
            ours, models = runs["ours"], runs["models"]
            seconds[name] = ours.seconds
            print(f"{name}: clientgen {ours.seconds:.1f} s, models alone {models.seconds:.1f} s")
            if name in COMPARED:
                table.row(f"{name}: whole SDK / models alone", ours.seconds / models.seconds, 1.5)
            table.row(f"{name}: memory", ours.megabytes / 1024, 2, "GB")
    per_operation = {name: seconds[name] / count for name, count in OPERATIONS.items()}
    growth = per_operation["github.json"] / per_operation["stripe.json"]
    table.row("time per operation, GitHub's / Stripe's", growth, 1.5)
    table.close()


def _clientgen(document: Path, output: Path) -> list[str]:
    command = [sys.executable, "-m", "clientgen", "generate", str(document), "-q"]
    # Without force, all but the first round would find nothing to do.
    return [*command, "--force", "-o", str(output)]


def _models_alone(document: Path, output: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "datamodel_code_generator", "--input", str(document)),
        *("--input-file-type", "openapi", "--output", str(output)),
        *("--output-model-type", "pydantic_v2.BaseModel", "--enum-field-as-literal", "all"),
        # Its fastest formatter: with the default one it takes about three times as long.
        *("--formatters", "builtin", "--disable-warnings", "--no-treat-dot-as-module"),
    ]


if __name__ == "__main__":
    main()
