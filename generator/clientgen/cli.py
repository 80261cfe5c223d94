"""The `clientgen` command. Arguments and messages only; the work is in the pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeAlias

import typer
from rich.console import Console
from rich.text import Text

from clientgen import __version__
from clientgen.diagnostics import Diagnostic, Diagnostics, Severity

if TYPE_CHECKING:
    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.write import Changes

DONE, DIFFERENT, BAD_USAGE, BAD_DOCUMENT = 0, 1, 2, 3
"""Exit codes."""

RANKS = {Severity.WARNING: 0, Severity.UNSUPPORTED: 1, Severity.ERROR: 2}
COLOURS = {
    Severity.WARNING: "yellow",
    Severity.UNSUPPORTED: "magenta",
    Severity.ERROR: "bold red",
}

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Compile an OpenAPI document into a small, typed Python SDK.",
)

Spec: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="SPEC",
        help="The document: a file, a URL, or - for standard input. JSON or YAML, "
        "Swagger 2.0 or OpenAPI 3.0 to 3.2.",
    ),
]
Package: TypeAlias = Annotated[str | None, typer.Option(help="Import package.")]
ClientName: TypeAlias = Annotated[str | None, typer.Option("--client", help="Client class.")]
ConfigFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "-c",
        "--config",
        help="Configuration file; else clientgen.toml, else \\[tool.clientgen] in pyproject.toml.",
    ),
]
IncludePath: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Take only paths of this glob, such as /pets/** or /pets#GET. Repeatable."),
]
ExcludePath: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="Leave out paths of this glob. Repeatable.")
]
IncludeTag: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="Take only operations with this tag. Repeatable.")
]
ExcludeTag: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="Leave out operations with this tag. Repeatable.")
]
RemoteRefs: TypeAlias = Annotated[
    bool | None, typer.Option("--allow-remote-refs", help="Follow $refs that lead to URLs.")
]
FailOn: TypeAlias = Annotated[
    Literal["warning", "unsupported", "error"] | None,
    typer.Option(help="Exit with 1 when there is a diagnostic of this kind or worse."),
]
Quiet: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")]
Verbose: TypeAlias = Annotated[bool, typer.Option("-v", "--verbose", help="Tell every warning.")]


@app.callback(invoke_without_command=True)
def clientgen(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Options of the command as a whole."""
    if version:
        typer.echo(f"clientgen {__version__}")
        raise typer.Exit


@app.command()
def generate(
    spec: Spec = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where it goes; ./<project-name> by default."),
    ] = None,
    package: Package = None,
    client: ClientName = None,
    meta: Annotated[
        Literal["uv", "none"] | None,
        typer.Option(help="uv: a publishable project. none: the package alone."),
    ] = None,
    config: ConfigFile = None,
    include_path: IncludePath = None,
    exclude_path: ExcludePath = None,
    include_tag: IncludeTag = None,
    exclude_tag: ExcludeTag = None,
    allow_remote_refs: RemoteRefs = None,
    templates: Annotated[
        Path | None, typer.Option(help="A folder of templates that replace ours by name.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit with 1 when the output is not up to date."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; list what would change.")
    ] = False,
    fail_on: FailOn = None,
    output_format: Annotated[
        Literal["text", "json"], typer.Option("--format", help="How diagnostics are told.")
    ] = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write an SDK.

    Example: clientgen generate openapi.yaml -o ./pet-store
    """
    from clientgen import _pipeline, write

    settings = _settings(
        config,
        spec=spec,
        output=output,
        package=package,
        client=client,
        meta=meta,
        include_path=include_path,
        exclude_path=exclude_path,
        include_tag=include_tag,
        exclude_tag=exclude_tag,
        allow_remote_refs=allow_remote_refs,
        templates=templates,
    )
    with _Mistakes(output_format):
        planned = _pipeline.plan(settings.spec or "", settings)
        files = _pipeline.files(planned, settings)
        folder = _pipeline.output_folder(planned, settings)
        changed = write.changes(files, folder) if check or dry_run else write.write(files, folder)
    _tell(planned.diagnostics, output_format, quiet=quiet, verbose=verbose)
    if not quiet and output_format == "text":
        count = len(planned.spec.operations)
        _summary(changed, folder, count, planned.sdk.project.package, check or dry_run)
    _exit(planned.diagnostics, fail_on, different=check and bool(changed))


@app.command()
def inspect(
    spec: Spec = None,
    package: Package = None,
    client: ClientName = None,
    config: ConfigFile = None,
    include_path: IncludePath = None,
    exclude_path: ExcludePath = None,
    include_tag: IncludeTag = None,
    exclude_tag: ExcludeTag = None,
    allow_remote_refs: RemoteRefs = None,
    fail_on: FailOn = None,
    output_format: Annotated[
        Literal["text", "json"], typer.Option("--format", help="A table, or JSON for scripts.")
    ] = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show what would be generated, without writing.

    Example: clientgen inspect openapi.yaml --format json
    """
    from clientgen import _pipeline
    from clientgen.inspect import describe

    settings = _settings(
        config,
        spec=spec,
        package=package,
        client=client,
        include_path=include_path,
        exclude_path=exclude_path,
        include_tag=include_tag,
        exclude_tag=exclude_tag,
        allow_remote_refs=allow_remote_refs,
    )
    with _Mistakes(output_format):
        planned = _pipeline.plan(settings.spec or "", settings)
        if output_format == "json":
            typer.echo(json.dumps(describe(planned), indent=1))
    if output_format == "text":
        _table(planned)
        _tell(planned.diagnostics, "text", quiet=quiet, verbose=verbose)
    _exit(planned.diagnostics, fail_on)


def main() -> None:
    """Run the command."""
    app()


# --- Helpers -------------------------------------------------------------------------------


def _settings(config: Path | None, **flags: object) -> Config:
    from clientgen.config import ConfigError, load_config

    try:
        settings = load_config(flags, config)
    except ConfigError as error:
        _fail(str(error), BAD_USAGE)
    if settings.spec is None:
        _fail("no document: name a file or a URL, or set `spec` in clientgen.toml", BAD_USAGE)
    return settings


class _Mistakes:
    """Turns a user's mistake into one line and an exit code."""

    def __init__(self, output_format: str) -> None:
        self._format = output_format

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        from clientgen.config import ConfigError
        from clientgen.load import LoadError
        from clientgen.write import WriteError

        match error:
            case LoadError():
                found = Diagnostics()
                found.add(error.diagnostic)
                _tell(found, self._format, quiet=True, verbose=False)
                raise typer.Exit(BAD_DOCUMENT)
            case ConfigError() | WriteError():
                _fail(str(error), BAD_USAGE)


def _fail(message: str, code: int) -> NoReturn:
    _stderr().print(
        Text.assemble(("error", COLOURS[Severity.ERROR]), ": ", message), soft_wrap=True
    )
    raise typer.Exit(code)


def _stderr() -> Console:
    return Console(stderr=True, highlight=False)


def _tell(diagnostics: Diagnostics, output_format: str, *, quiet: bool, verbose: bool) -> None:
    """Tell what was found: on standard error for people, on standard output as JSON."""
    if output_format == "json":
        from clientgen.inspect import describe_diagnostic

        typer.echo(json.dumps([describe_diagnostic(each) for each in diagnostics], indent=1))
        return
    console = _stderr()
    told = [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]
    shown = told if verbose else _first_of_each(told)
    for diagnostic in shown:
        console.print(_line(diagnostic), soft_wrap=True)
    if len(shown) < len(told):
        console.print(f"… and {len(told) - len(shown)} more like these; -v tells all")


SHOWN_OF_EACH = 3
"""Diagnostics of one code that are told unless all are asked for."""


def _first_of_each(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    counts: dict[str, int] = {}
    shown = []
    for diagnostic in diagnostics:
        counts[diagnostic.code] = counts.get(diagnostic.code, 0) + 1
        if counts[diagnostic.code] <= SHOWN_OF_EACH:
            shown.append(diagnostic)
    return shown


def _line(diagnostic: Diagnostic) -> Text:
    place, _, rest = str(diagnostic).partition(diagnostic.severity.value)
    return Text.assemble(place, (diagnostic.severity.value, COLOURS[diagnostic.severity]), rest)


def _summary(
    changed: Changes, folder: Path, operations: int, package: str, only_looked: bool
) -> None:
    console = _stderr()
    if only_looked:
        for path in changed.added:
            console.print(f"new      {folder / path}")
        for path in changed.changed:
            console.print(f"changed  {folder / path}")
    verb = "would change" if only_looked else "written"
    count = len(changed.added) + len(changed.changed)
    console.print(
        f"{package}: {operations} operations, {count} files {verb} in {folder}"
        if changed
        else f"{package}: {operations} operations, up to date in {folder}"
    )


def _table(planned: Plan) -> None:
    from rich.table import Table

    table = Table("call", "operation", "named by", box=None, pad_edge=False)
    for resource in (planned.sdk.root, *planned.sdk.resources):
        for method in resource.methods:
            operation = f"{method.http_method} {method.path}"
            table.add_row(Text(method.call), Text(operation), Text(method.reason))
    Console(highlight=False).print(table)


def _exit(diagnostics: Diagnostics, fail_on: str | None, *, different: bool = False) -> None:
    limit = RANKS[Severity(fail_on)] if fail_on else None
    failed = limit is not None and any(RANKS[each.severity] >= limit for each in diagnostics)
    if failed or different:
        raise typer.Exit(DIFFERENT)
