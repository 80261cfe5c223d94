"""How well pagination is found, against a list made by hand.

    python -m tests.corpus.pagination [--half 0|1] [--wrong] [NAME…]

`CLIENTGEN_CORPUS` names the folder of documents, `CLIENTGEN_PAGINATION_TRUTH` the list, which is
`../design/pagination-truth.json` beside that folder when it is not given: documents to operations
to the styles that are right (any one of them; none when it does not paginate) and the path of the
items. Entries marked doubtful are left out; of those marked untyped the document does not say what
comes back, so they are counted apart. An operation that is not listed does not paginate. `--half`
takes every other document, so that rules can be judged on the half that they were not made with.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from clientgen.build._pages import find
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader
from clientgen.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.build._page_fields import Found

VARIABLE = "CLIENTGEN_PAGINATION_TRUTH"
WHY_SKIPPED = f"set CLIENTGEN_CORPUS and {VARIABLE} to measure pagination on real documents"


class Entry(TypedDict, total=False):
    """What is listed of an operation."""

    styles: list[str]
    items: str | None
    note: str
    doubtful: bool
    untyped: bool


@dataclass(frozen=True)
class Score:
    """What was found in one document.

    Attributes:
        right: Operations found in a right style, items under the right path.
        wrong: Operations that do not paginate, or do so otherwise, with what was found.
        missed: Operations that paginate and were not found.
        untyped: Operations found, of those whose answer the document does not type.
        listed: Operations that paginate.
    """

    right: int
    wrong: Mapping[str, str]
    missed: Mapping[str, str]
    untyped: int
    listed: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        found = self.right + len(self.wrong)
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is listed that was found."""
        return self.right / self.listed if self.listed else 1.0


NOT_LISTED: Entry = {"styles": [], "items": None, "note": "not listed"}


def truth() -> Mapping[str, dict[str, Entry]]:
    """The list by document, empty when the variables do not name one."""
    folder = Path(os.environ.get("CLIENTGEN_CORPUS", "-"))
    beside = folder.parent / "design" / "pagination-truth.json"
    file = Path(os.environ.get(VARIABLE, beside))
    if not file.is_file():
        return {}
    listed: dict[str, dict[str, Entry]] = json.loads(file.read_text("utf-8"))
    return {name: listed[name] for name in sorted(listed) if (folder / name).is_file()}


def half_of(name: str) -> int:
    """The half of the documents that one belongs to."""
    return zlib.crc32(name.encode()) % 2


@cache
def score(name: str) -> Score:
    """What is found in a document, against what is listed."""
    found, listed = found_in(name), truth()[name]
    wrong: dict[str, str] = {}
    missed: dict[str, str] = {}
    right = untyped = expected = 0
    for operation in {**listed, **found}:
        entry = listed.get(operation, NOT_LISTED)
        if entry.get("doubtful"):
            continue
        given = found.get(operation)
        if entry.get("untyped"):
            untyped += given is not None
            continue
        expected += bool(entry["styles"])
        if given is None:
            if entry["styles"]:
                missed[operation] = entry["note"]
        elif given.style in entry["styles"] and given.items == entry["items"]:
            right += 1
        else:
            wrong[operation] = f"{given.style} {given.items!r}: {given.reason} ({entry['note']})"
    return Score(right, wrong, missed, untyped, expected)


def found_in(name: str) -> dict[str, Found]:
    """Operations of a document that paginate, as far as the rules see."""
    path = Path(os.environ["CLIENTGEN_CORPUS"]) / name
    loader = Loader(allowed_origins=())
    spec = resolve(loader.load(str(path)), loader, Diagnostics())
    pairs = ((o, find(o, spec.schemas)) for o in spec.operations)
    return {f"{o.method} {o.path}": found for o, found in pairs if found is not None}


def rows(scores: Mapping[str, Score]) -> Iterator[str]:
    """A table of scores, with all of them together and the mean of the documents."""
    heads = "".join(f"{head:>8}" for head in ("listed", "right", "wrong", "missed"))
    yield f"{'':<44}{heads}{'precision':>11}{'recall':>8}"
    for name, each in scores.items():
        yield (
            f"{name[:43]:<44}{each.listed:>8}{each.right:>8}{len(each.wrong):>8}"
            f"{len(each.missed):>8}{each.precision:>11.3f}{each.recall:>8.3f}"
        )
    precision, recall = overall(scores.values())
    yield f"{'all operations':<76}{precision:>11.3f}{recall:>8.3f}"
    precision, recall = mean(scores.values())
    yield f"{'mean of the documents':<76}{precision:>11.3f}{recall:>8.3f}"
    yield f"found without a typed answer: {sum(each.untyped for each in scores.values())}"


def overall(scores: Iterable[Score]) -> tuple[float, float]:
    """Precision and recall over all operations."""
    given = list(scores)
    right, wrong = sum(s.right for s in given), sum(len(s.wrong) for s in given)
    listed = sum(s.listed for s in given)
    return right / (right + wrong or 1), right / (listed or 1)


def mean(scores: Iterable[Score]) -> tuple[float, float]:
    """Precision and recall as means of the documents that have any."""
    given = list(scores)
    precisions = [s.precision for s in given if s.right or s.wrong]
    recalls = [s.recall for s in given if s.listed]
    return sum(precisions) / (len(precisions) or 1), sum(recalls) / (len(recalls) or 1)


def main() -> int:
    """Print the table, and with `--wrong` what was found wrong or missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", type=int, choices=[0, 1])
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    names = [name for name in truth() if not given.names or name in given.names]
    names = [name for name in names if given.half is None or half_of(name) == given.half]
    if not names:
        sys.stderr.write(f"{WHY_SKIPPED}\n")
        return 2
    scores = {name: score(name) for name in names}
    lines = list(rows(scores))
    if given.wrong:
        for name, each in scores.items():
            lines += [
                f"{name}: {kind} {operation}: {why}"
                for kind, group in (("wrong", each.wrong), ("missed", each.missed))
                for operation, why in group.items()
            ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
