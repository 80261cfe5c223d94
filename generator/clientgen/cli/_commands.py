"""The commands, and their options."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from clientgen import __version__
from clientgen.diagnostics import one_line
from clientgen.telling import Stderr, counted, counts, has_failed, tell

from . import _completion as completion
from ._generation import Generation
from ._mistakes import BAD_USAGE, DIFFERENT, TERMINATED, Command, fail, mistakes
from ._options import (
    ClientName,
    FailOn,
    Format,
    Ignore,
    Package,
    Quiet,
    Reading,
    Shaping,
    Spec,
    Specs,
    Verbose,
    spread,
)
from ._scripts import print_for_scripts

if TYPE_CHECKING:
    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.diff import Surface

app = typer.Typer(
    cls=Command,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def clientgen(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Compile an OpenAPI document into a small, typed Python SDK.

    Example: clientgen generate openapi.yaml -o ./pet-store
    """
    if version:
        typer.echo(f"clientgen {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_USAGE)


@app.command()
@spread
def generate(
    spec: Specs = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where it goes; ./<project-name> by default."),
    ] = None,
    meta: Annotated[
        Literal["uv", "none"] | None,
        typer.Option(help="uv: a publishable project. none: the package alone."),
    ] = None,
    templates: Annotated[
        Path | None, typer.Option(help="A folder of templates that replace ours by name.")
    ] = None,
    shaping: Shaping,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit with 1 when the output is not up to date."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; show the files that would change.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Generate anew, and give up what was changed in generated files."
        ),
    ] = False,
    bump: Annotated[
        bool,
        typer.Option(
            "--bump", help="Raise the version as the changes ask for, and print what changed."
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Generate again whenever the document or the settings change."
        ),
    ] = False,
    fail_on: FailOn = None,
    ignore: Ignore = None,
    output_format: Format = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write an SDK.

    Example: clientgen generate openapi.yaml -o ./pet-store
    """
    flags = {
        "spec": spec or None,
        "output": output,
        "meta": meta,
        "templates": templates,
        "fail_on": fail_on,
        "ignore": ignore,
    }
    run = Generation(
        check=check,
        looks_only=check or dry_run,
        force=force,
        bump=bump,
        output_format=output_format,
        quiet=quiet,
        verbose=verbose,
    )
    if not watch:
        run.all(_all_settings(shaping, **flags))
        return
    documents = [each for settings in _all_settings(shaping, **flags) for each in settings.spec]
    if check or dry_run or any(each == "-" or "://" in each for each in documents):
        fail("--watch needs files, and goes with neither --check nor --dry-run", BAD_USAGE)
    from clientgen.watch import watch as keep_watch

    def again() -> list[Path]:
        # What is wrong has been told; it will be mended while this goes on.
        with suppress(typer.Exit):
            several = _all_settings(shaping, **flags)
            for settings in several:
                run.sources += [*map(Path, settings.spec), *settings.overlays]
                run.sources += [settings.templates] if settings.templates else []
            run.all(several)
        # A document that is broken now counts still, though nobody can read it.
        run.sources = [*dict.fromkeys(run.sources)]
        return [*run.sources, *_configuration(shaping.config)]

    keep_watch(again)


@app.command()
@spread
def inspect(
    spec: Specs = None,
    *,
    shaping: Shaping,
    fail_on: FailOn = None,
    ignore: Ignore = None,
    output_format: Format = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show what would be generated, without writing.

    Example: clientgen inspect openapi.yaml --format json
    """
    from clientgen import _pipeline
    from clientgen.inspect import describe
    from clientgen.progress import shown

    settings = _settings(shaping, spec=spec or None, fail_on=fail_on, ignore=ignore)
    with mistakes(output_format), shown(quiet=quiet or output_format != "text") as report:
        planned = _pipeline.plan(settings.spec, settings, report)
    if output_format == "json":
        typer.echo(json.dumps(describe(planned), indent=1))
    elif output_format == "sarif":
        print_for_scripts(output_format, diagnostics=planned.diagnostics)
    else:
        _table(planned)
        tell(planned.diagnostics, settings.fail_on, quiet=quiet, verbose=verbose)
    if has_failed(planned.diagnostics, settings.fail_on):
        raise typer.Exit(DIFFERENT)


@app.command()
@spread
def validate(
    spec: Specs = None,
    *,
    reading: Reading,
    fail_on: FailOn = None,
    ignore: Ignore = None,
    output_format: Format = "text",
    quiet: Quiet = False,
) -> None:
    """Tell all that is wrong with a document.

    Example: clientgen validate openapi.yaml --fail-on warning
    """
    from clientgen import _pipeline
    from clientgen.progress import shown

    settings = _settings(reading, spec=spec or None, fail_on=fail_on, ignore=ignore)
    limit = settings.fail_on or "error"
    with mistakes(output_format), shown(quiet=quiet or output_format != "text") as report:
        planned = _pipeline.plan(settings.spec, settings, report)
    if output_format != "text":
        print_for_scripts(output_format, diagnostics=planned.diagnostics)
    else:
        tell(planned.diagnostics, limit, quiet=quiet, verbose=True)
        if not quiet:
            count = counted(len(planned.spec.operations), "operation")
            # Not as they are given: URLs can have secrets.
            names = ", ".join(each.name for each in planned.documents[: len(settings.spec)])
            Stderr().print(f"{names}: {count}, {counts(planned.diagnostics)}")
    if has_failed(planned.diagnostics, limit):
        raise typer.Exit(DIFFERENT)


@app.command()
@spread
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            autocompletion=completion.documents,
            help="The document as it was, or a generated package.",
        ),
    ],
    new: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NEW",
            autocompletion=completion.documents,
            help="The document as it is now, or several that become one SDK, or a generated "
            "package; what is configured when none is given.",
        ),
    ] = None,
    *,
    shaping: Shaping,
    fail_on_breaking: Annotated[
        bool, typer.Option("--fail-on-breaking", help="Exit with 1 when a change is breaking.")
    ] = False,
    output_format: Annotated[
        Literal["text", "json", "markdown", "changelog"],
        typer.Option(
            "--format",
            help="Text for people, JSON for scripts, Markdown for pull requests, or an entry of "
            "a changelog.",
        ),
    ] = "text",
) -> None:
    """Tell what changed for callers, and which version it asks for.

    Example: clientgen diff openapi-1.yaml openapi-2.yaml --fail-on-breaking
    """
    from clientgen import _pipeline, diff

    with mistakes(output_format):
        before, after = _generated(old), _generated(*(new or ()))
        if before is None or after is None:
            settings = _settings(shaping, spec=new or None)
            before = before or diff.surface(_pipeline.plan(old, settings))
            after = after or diff.surface(_pipeline.plan(settings.spec, settings))
    comparison = diff.compare(before, after)
    match output_format:
        case "json":
            typer.echo(json.dumps(diff.as_json(comparison), indent=1))
        case "markdown":
            typer.echo(diff.as_markdown(comparison))
        case "changelog":
            typer.echo(diff.as_changelog(comparison))
        case _:
            typer.echo(diff.as_text(comparison))
    if fail_on_breaking and comparison.breaking:
        raise typer.Exit(DIFFERENT)


@app.command()
def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            autocompletion=completion.codes,
            help="Such as CG201; all are listed without it.",
        ),
    ] = None,
) -> None:
    """Explain a diagnostic: what it means, an example, and what to do.

    Example: clientgen explain CG201
    """
    from clientgen.explain import explanation, show_explanation, titles

    if code is None:
        for each, title in titles().items():
            typer.echo(f"{each}  {title}")
        return
    try:
        text = explanation(code)
    except KeyError as error:
        raise typer.BadParameter(f"{error.args[0]}; clientgen explain lists all") from error
    show_explanation(text)


@app.command()
def init(
    spec: Spec = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="Where the SDK is to go.")
    ] = None,
    package: Package = None,
    client: ClientName = None,
    meta: Annotated[
        Literal["uv", "none"],
        typer.Option(help="uv: a publishable project. none: the package alone."),
    ] = "uv",
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a configuration file, clientgen.toml.

    Asks for what is not given, on a terminal.

    Example: clientgen init openapi.yaml --yes
    """
    from clientgen import _pipeline
    from clientgen.config import FILE_NAME, Config, check_flags
    from clientgen.init import Answers, configuration, find_document
    from clientgen.write import put_text

    file = Path(FILE_NAME)
    if file.exists() and not force:
        fail(f"{file} is there already; --force replaces it", BAD_USAGE)

    def ask(question: str, given: str | None, default: str) -> str:
        if given is not None or yes or not _is_asked():
            return given if given is not None else default
        return str(typer.prompt(question, default=default or None, err=True))

    document = ask("OpenAPI document", spec, str(find_document(Path()) or ""))
    if not document or document == "-":
        fail("no document: name a file or a URL", BAD_USAGE)
    with mistakes("text"):
        project = _pipeline.plan(document, Config()).sdk.project
    answers = Answers(
        spec=document,
        package=ask("Import package", package, project.package),
        client=ask("Client class", client, project.client),
        output=ask("Output folder", output, f"./{project.name}"),
        meta=meta,
    )
    with mistakes("text"):
        check_flags({"package": answers.package, "client": answers.client})
        put_text(file, configuration(answers))
    Stderr().print(f"{file} is written; run clientgen generate")


@app.command()
def migrate(
    config: Annotated[
        Path,
        typer.Argument(
            metavar="CONFIG",
            help="The config.yaml of openapi-python-client or of OpenAPI Generator, "
            "openapitools.json, or stainless.yml.",
        ),
    ],
    kind: Annotated[
        Literal["openapi-python-client", "openapi-generator", "stainless"] | None,
        typer.Option("--from", help="Whose configuration it is, where that is not plain."),
    ] = None,
    spec: Annotated[
        str | None,
        typer.Option(
            autocompletion=completion.documents,
            help="The document, so that names of calls are kept.",
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The configuration file to write.")
    ] = Path("clientgen.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write a configuration file from that of another generator.

    Names are kept; what has no counterpart is told, line by line.

    Example: clientgen migrate config.yaml --from openapi-python-client --spec openapi.yaml
    """
    from clientgen.migrate import migration, problem
    from clientgen.write import put_text

    with mistakes("text"):
        found = migration(config, kind, spec, output)
    there = [path for path in found.files if path.exists()]
    if there and not force:
        fail(f"{there[0]} is there already; --force replaces it", BAD_USAGE)
    with mistakes("text"):
        for path, text in found.files.items():
            put_text(path, text)
    console = Stderr()
    for note in found.notes:
        console.print(one_line(note))
    if flaw := problem(output):
        console.print(one_line(f"{output}: mend this before you generate: {flaw}"))
    names = " and ".join(map(str, reversed([*found.files])))
    told = counted(len(found.notes), "note")
    console.print(f"{names} written from {found.kind}, {told}; run clientgen generate")


def _is_asked() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def main() -> None:
    """Run the command."""
    # Pipelines end programs in this way; what is half done is undone then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    app()


# --- Helpers -------------------------------------------------------------------------------


def _settings(reading: Reading, **flags: object) -> Config:
    from clientgen.config import ConfigError, load_config

    try:
        settings = load_config({**reading.settings, **flags}, reading.config, reading.only)
    except ConfigError as error:
        fail(str(error), BAD_USAGE)
    return _with_document(settings)


def _all_settings(reading: Reading, **flags: object) -> list[Config]:
    from clientgen.config import ConfigError, load_configs

    try:
        several = load_configs({**reading.settings, **flags}, reading.config, reading.only)
    except ConfigError as error:
        fail(str(error), BAD_USAGE)
    return [_with_document(settings) for settings in several.values()]


def _with_document(settings: Config) -> Config:
    if not settings.spec:
        fail("no document: name a file or a URL, or set `spec` in clientgen.toml", BAD_USAGE)
    return settings


def _generated(*sources: str) -> Surface | None:
    """What callers see of a generated package; None when something else is named."""
    from clientgen import diff, lock

    kept = lock.find_lock(Path(sources[0])) if len(sources) == 1 else None
    return None if kept is None else diff.restored(kept.surface)


def _configuration(config: Path | None) -> list[Path]:
    from clientgen.config import FILE_NAME

    return [config] if config else [Path(FILE_NAME), Path("pyproject.toml")]


def _table(planned: Plan) -> None:
    """One line an operation, whatever the width of the terminal: people search in it."""
    rows = [("call", "operation", "named by")]
    for resource in (planned.sdk.root, *planned.sdk.resources):
        for method in resource.methods:
            operation = one_line(f"{method.http_method} {method.path}")
            rows.append((method.call, operation, method.reason))
    calls, operations = (max(len(row[column]) for row in rows) for column in (0, 1))
    for call, operation, reason in rows:
        typer.echo(f"{call:<{calls}}  {operation:<{operations}}  {reason}")
