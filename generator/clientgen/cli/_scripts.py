"""What scripts read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientgen.diagnostics import Diagnostic
    from clientgen.load import Json


def print_for_scripts(
    output_format: str, *, diagnostics: Iterable[Diagnostic], **facts: Json
) -> None:
    """What scripts read; `inspect` tells its diagnostics under the same keys."""
    from clientgen.inspect import VERSION, describe_diagnostic
    from clientgen.sarif import as_sarif

    if output_format == "sarif":
        typer.echo(json.dumps(as_sarif(diagnostics), indent=1))
        return
    found: list[Json] = [describe_diagnostic(each) for each in diagnostics]
    typer.echo(json.dumps({"version": VERSION, **facts, "diagnostics": found}, indent=1))
