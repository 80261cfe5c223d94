"""What scripts read."""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientgen.diagnostics import Diagnostic
    from clientgen.load import Json


_together: ContextVar[list[tuple[list[Diagnostic], dict[str, Json]]] | None]
_together = ContextVar("_together", default=None)
"""What several SDKs have to say, while they are generated."""


@contextmanager
def printed_together(output_format: str, count: int) -> Iterator[None]:
    """Print what several SDKs have to say as one document: a list in JSON, one log in SARIF.

    Args:
        output_format: What scripts read.
        count: How many SDKs there are; one has a document of its own.
    """
    if count < 2:
        yield
        return
    told: list[tuple[list[Diagnostic], dict[str, Json]]] = []
    outer = _together.set(told)
    try:
        yield
    finally:
        _together.reset(outer)
    if output_format == "sarif":
        print_for_scripts(output_format, diagnostics=[each for some, _ in told for each in some])
    elif output_format == "json":
        typer.echo(json.dumps([_described(*each) for each in told], indent=1))


def print_for_scripts(
    output_format: str, *, diagnostics: Iterable[Diagnostic], **facts: Json
) -> None:
    """What scripts read; `inspect` tells its diagnostics under the same keys."""
    from clientgen.sarif import as_sarif

    together = _together.get()
    if together is not None:
        together.append(([*diagnostics], facts))
    elif output_format == "sarif":
        typer.echo(json.dumps(as_sarif(diagnostics), indent=1))
    else:
        typer.echo(json.dumps(_described(diagnostics, facts), indent=1))


def _described(diagnostics: Iterable[Diagnostic], facts: dict[str, Json]) -> dict[str, Json]:
    from clientgen.inspect import VERSION, describe_diagnostic

    found: list[Json] = [describe_diagnostic(each) for each in diagnostics]
    return {"version": VERSION, **facts, "diagnostics": found}
