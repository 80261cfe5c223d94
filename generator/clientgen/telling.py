"""Telling people what is wrong with their document, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from clientgen.diagnostics import Severity, one_line
from clientgen.remedies import remedies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.diagnostics import Diagnostic, Diagnostics

RANKS = {Severity.WARNING: 0, Severity.UNSUPPORTED: 1, Severity.ERROR: 2}
COLOURS = {
    Severity.WARNING: "yellow",
    Severity.UNSUPPORTED: "magenta",
    Severity.ERROR: "bold red",
}
SHOWN_OF_EACH = 3
"""Diagnostics of one code that are told unless all are asked for."""

WIDTH = 88
"""Characters of a line of the document that are shown."""


class Stderr(Console):
    """Standard error, for people; colours on a terminal only, and as `NO_COLOR` says."""

    def __init__(self) -> None:
        super().__init__(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Leave it to the command, which knows the exit code."""
        raise BrokenPipeError


def tell(diagnostics: Diagnostics, limit: str | None, *, quiet: bool, verbose: bool) -> None:
    """Tell what was found; the quiet hear of what makes the run fail.

    Args:
        diagnostics: What was found.
        limit: The mildest severity that makes the run fail.
        quiet: Whether to tell that alone.
        verbose: Whether to tell all of each kind.
    """
    told = [each for each in diagnostics if not quiet or _is_at_least(each, limit or "error")]
    shown = told if verbose else _first_of_each(told)
    for diagnostic in shown:
        show(diagnostic)
    if len(shown) < len(told):
        Stderr().print(f"… and {len(told) - len(shown)} more like these; -v tells all")


def show(diagnostic: Diagnostic) -> None:
    """Tell one diagnostic: a line as compilers write it, the place in the document, a remedy."""
    console = Stderr()
    console.print(_line(diagnostic))
    for line in excerpt(diagnostic):
        console.print(Text(line, "dim"))
    for place, text in remedies(diagnostic):
        console.print(Text.assemble(("  = ", "dim"), f"{place}: {one_line(text)}"))


def excerpt(diagnostic: Diagnostic) -> list[str]:
    """The line of the document that a diagnostic is about, and a caret below the place."""
    if diagnostic.where is None:
        return []
    position = diagnostic.where.position
    text = diagnostic.where.document.line(position.line)
    if not text.strip():
        return []
    column = min(position.column, len(text)) - 1
    # Of a line that is too long, such as a whole document in JSON, the part around the place.
    start = 0 if len(text) <= WIDTH else max(0, min(column - WIDTH // 2, len(text) - WIDTH))
    before, after = text[start:column], text[column : start + WIDTH]
    number = str(position.line)
    left = f"{'…' if start else ''}{one_line(before)}"
    right = f"{one_line(after)}{'…' if start + WIDTH < len(text) else ''}"
    return [f"  {number} | {left}{right}", f"  {' ' * len(number)} | {' ' * cell_len(left)}^"]


def _first_of_each(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    seen: dict[str, int] = {}
    shown = []
    for diagnostic in diagnostics:
        seen[diagnostic.code] = seen.get(diagnostic.code, 0) + 1
        if seen[diagnostic.code] <= SHOWN_OF_EACH:
            shown.append(diagnostic)
    return shown


def _line(diagnostic: Diagnostic) -> Text:
    place, _, rest = str(diagnostic).partition(f"{diagnostic.severity.value} {diagnostic.code}")
    colour = COLOURS[diagnostic.severity]
    return Text.assemble(place, (diagnostic.severity.value, colour), f" {diagnostic.code}", rest)


def error_line(message: str) -> Text:
    """A mistake that has no place in a document."""
    return Text.assemble(("error", COLOURS[Severity.ERROR]), ": ", one_line(message))


def has_failed(diagnostics: Iterable[Diagnostic], limit: str | None) -> bool:
    """Whether anything found is at least as bad as the limit."""
    return limit is not None and any(_is_at_least(each, limit) for each in diagnostics)


def _is_at_least(diagnostic: Diagnostic, limit: str) -> bool:
    return RANKS[diagnostic.severity] >= RANKS[Severity(limit)]


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each severity, in words."""
    given = list(diagnostics)
    words = {Severity.ERROR: "error", Severity.UNSUPPORTED: "unsupported part"}
    words[Severity.WARNING] = "warning"
    numbers = {kind: sum(each.severity is kind for each in given) for kind in words}
    found = [counted(number, words[kind]) for kind, number in numbers.items() if number]
    return ", ".join(found) or "nothing is wrong"


def counted(number: int, what: str) -> str:
    """A number and a noun, in the plural where it has to be."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# --- Files -----------------------------------------------------------------------------------


def tree(root: str, files: Mapping[str, str]) -> list[str]:
    """Files as a tree, each with what is said of it; folders that hold one thing share its line.

    Args:
        root: The folder that all are in.
        files: What is said of each file, by its path from there.
    """
    if not files:
        return []
    rows = [(root, ""), *_rows(files, "")]
    width = max(cell_len(name) for name, said in rows if said)
    return [f"{name}{' ' * (width - cell_len(name))}  {said}".rstrip() for name, said in rows]


def _rows(files: Mapping[str, str], lead: str) -> Iterator[tuple[str, str]]:
    folders = [_run_together(*each) for each in _folders(files).items()]
    for place, (name, inner) in enumerate(folders):
        is_last = place == len(folders) - 1
        yield f"{lead}{'└── ' if is_last else '├── '}{name}", inner.get("", "")
        if "" not in inner:
            yield from _rows(inner, f"{lead}{'    ' if is_last else '│   '}")


def _run_together(name: str, inner: dict[str, str]) -> tuple[str, dict[str, str]]:
    while "" not in inner and len(below := _folders(inner)) == 1:
        ((further, inner),) = below.items()
        name = f"{name}/{further}"
    return name, inner


def _folders(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Files by the first part of their paths; a file itself has nothing further."""
    found: dict[str, dict[str, str]] = {}
    for path, said in sorted(files.items()):
        first, _, rest = path.partition("/")
        found.setdefault(first, {})[rest] = said
    return found
