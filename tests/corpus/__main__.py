"""`python -m tests.corpus [DOCUMENT …]`: check some documents, or all, and print the table."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.corpus.checks import everything_imports_and_binds, nothing_is_missing, twice_is_the_same
from tests.corpus.outputs import WHY_SKIPPED, Numbers, documents, output, table


def main(names: list[str]) -> int:
    """Check the named documents, which are paths or names in the corpus."""
    known = documents()
    chosen = [known.get(name, Path(name)) for name in names] or list(known.values())
    if not chosen:
        print(WHY_SKIPPED, file=sys.stderr)
        return 2
    rows: list[Numbers] = []
    problems: list[str] = []
    for source in chosen:
        try:
            made = output(source)
        except AssertionError as error:
            problems.append(f"{source.name}: {error}")
            continue
        rows.append(made.numbers)
        for check in (nothing_is_missing, everything_imports_and_binds, twice_is_the_same):
            problems += [f"{source.name}: {problem}" for problem in check(made)]
        print(f"{source.name}: {made.root}", file=sys.stderr)
    print(table(rows))
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
