"""Lines of generated code for each operation, models apart.

CLIENTGEN_CORPUS=../shared/specs python -m tests.benchmarks.size
"""

from __future__ import annotations

from clientgen import _pipeline, write
from clientgen.config import Config
from clientgen.render import render
from tests.benchmarks._measure import Table, corpus

LIMIT = 60


def main() -> None:
    """Count and compare with the bar."""
    table = Table()
    for name in ("github.json", "stripe.json", "openai.yaml"):
        config = Config(meta="none")
        planned = _pipeline.plan(str(corpus() / name), config)
        files = write.formatted(render(planned.sdk, (), config))
        code = [text for path, text in files.items() if _is_code(path)]
        lines = sum(text.count("\n") for text in code) / len(planned.spec.operations)
        limit = LIMIT if name == "github.json" else float("inf")
        table.row(
            f"{name}: lines per operation, sync and async, docstrings included", lines, limit, ""
        )
    table.close()


def _is_code(path: str) -> bool:
    """Whether a file is no model; dictionaries that stand for models are none of the code."""
    return path.endswith(".py") and not path.endswith("models/inputs.py")


if __name__ == "__main__":
    main()
