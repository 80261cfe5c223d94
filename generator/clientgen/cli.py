"""The `clientgen` command. Arguments and messages only; the work is in the pipeline."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeAlias

import typer
from typer.core import TyperGroup

from clientgen import __version__, completion
from clientgen.diagnostics import one_line
from clientgen.telling import Stderr, counted, counts, error_line, has_failed, show, tell, tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.diagnostics import Diagnostic
    from clientgen.diff import Comparison
    from clientgen.load import Json
    from clientgen.lock import Lock
    from clientgen.update import Update
    from clientgen.write import Changes

DONE, DIFFERENT, BAD_USAGE, BAD_DOCUMENT = 0, 1, 2, 3
"""Exit codes."""
INTERRUPTED, HUNG_UP, TERMINATED = 130, 141, 143
"""Exit codes of programs that Ctrl-C ended, whose reader went away, and that were told to end."""

# Typer's mistakes in the command line; the class has no public name of its own.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class Command(TyperGroup):
    """The command as a whole: tells every mistake in one line, whoever finds it."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command and leave with its exit code."""
        # The names of a document may have letters that the terminal does not.
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except UsageError as error:
            code = _usage(error)
        except BrokenPipeError:
            code = _hang_up()
        sys.exit(code or DONE)

    def invoke(self, context: Any) -> Any:
        """Run one of the commands."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            _fail("interrupted; no output is half written, run it again at any time", INTERRUPTED)
        except BrokenPipeError as error:
            raise typer.Exit(_hang_up()) from error


app = typer.Typer(
    cls=Command,
    pretty_exceptions_enable=False,
)
ABOUT_SPEC = (
    "The document: a file, a URL, or - for standard input. JSON or YAML, "
    "Swagger 2.0 or OpenAPI 3.0 to 3.2."
)
Spec: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="SPEC", help=ABOUT_SPEC, autocompletion=completion.documents),
]
Specs: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SPEC",
        help=f"{ABOUT_SPEC} Several become one SDK.",
        autocompletion=completion.documents,
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
Only: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        autocompletion=completion.sdks,
        help="The SDK, where the configuration has several.",
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
IncludeOperation: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Take only operations with such an operationId, such as list*. Repeatable."),
]
ExcludeOperation: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Leave out operations with such an operationId. Repeatable."),
]
IncludeSchema: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Take only operations that use a schema of such a name. Repeatable."),
]
ExcludeSchema: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Make no models of schemas of such a name, such as Legacy*. Repeatable."),
]
ExcludeDeprecated: TypeAlias = Annotated[
    bool | None,
    typer.Option("--exclude-deprecated", help="Leave out operations that are deprecated."),
]
Overlays: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--overlay", help="An OpenAPI Overlay that changes the document. Repeatable."),
]
RemoteRefs: TypeAlias = Annotated[
    bool | None, typer.Option("--allow-remote-refs", help="Follow $refs that lead to URLs.")
]
Plugins: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="NAME",
        autocompletion=completion.plugins,
        help="A plugin to run, beside those that are configured. Repeatable.",
    ),
]
FailOn: TypeAlias = Annotated[
    Literal["warning", "unsupported", "error"] | None,
    typer.Option(help="Exit with 1, writing nothing, at a diagnostic of this kind or worse."),
]
Ignore: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE",
        autocompletion=completion.codes,
        help="Tell nothing of this diagnostic, unless it is an error. Repeatable.",
    ),
]
FORMAT_HELP = "Text for people; on standard output JSON for scripts, or SARIF for code scanning."
Format: TypeAlias = Annotated[
    Literal["text", "json", "sarif"], typer.Option("--format", help=FORMAT_HELP)
]
Quiet: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")]
Verbose: TypeAlias = Annotated[bool, typer.Option("-v", "--verbose", help="Tell every warning.")]


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
def generate(
    spec: Specs = None,
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
    only: Only = None,
    include_path: IncludePath = None,
    exclude_path: ExcludePath = None,
    include_tag: IncludeTag = None,
    exclude_tag: ExcludeTag = None,
    include_operation: IncludeOperation = None,
    exclude_operation: ExcludeOperation = None,
    include_schema: IncludeSchema = None,
    exclude_schema: ExcludeSchema = None,
    exclude_deprecated: ExcludeDeprecated = None,
    overlay: Overlays = None,
    allow_remote_refs: RemoteRefs = None,
    templates: Annotated[
        Path | None, typer.Option(help="A folder of templates that replace ours by name.")
    ] = None,
    plugin: Plugins = None,
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
        "package": package,
        "client": client,
        "meta": meta,
        "include_path": include_path,
        "exclude_path": exclude_path,
        "include_tag": include_tag,
        "exclude_tag": exclude_tag,
        "include_operation": include_operation,
        "exclude_operation": exclude_operation,
        "include_schema": include_schema,
        "exclude_schema": exclude_schema,
        "exclude_deprecated": exclude_deprecated,
        "overlays": overlay,
        "allow_remote_refs": allow_remote_refs,
        "templates": templates,
        "plugins": plugin,
        "fail_on": fail_on,
        "ignore": ignore,
    }
    run = _Generation(
        check=check,
        looks_only=check or dry_run,
        force=force,
        bump=bump,
        output_format=output_format,
        quiet=quiet,
        verbose=verbose,
    )
    if not watch:
        run.all(_all_settings(config, only, **flags))
        return
    documents = [
        each for settings in _all_settings(config, only, **flags) for each in settings.spec
    ]
    if check or dry_run or any(each == "-" or "://" in each for each in documents):
        _fail("--watch needs files, and goes with neither --check nor --dry-run", BAD_USAGE)
    from clientgen.watch import watch as keep_watch

    def again() -> list[Path]:
        # What is wrong has been told; it will be mended while this goes on.
        with suppress(typer.Exit):
            several = _all_settings(config, only, **flags)
            run.sources = [Path(each) for settings in several for each in settings.spec]
            run.all(several)
        return [*run.sources, *_configuration(config), *([templates] if templates else [])]

    keep_watch(again)


@dataclass
class _Generation:
    """One run of `generate`, and what it read."""

    check: bool
    looks_only: bool
    force: bool
    bump: bool
    output_format: str
    quiet: bool
    verbose: bool
    sources: list[Path] = field(default_factory=list)

    def all(self, several: list[Config]) -> None:
        """Generate each SDK, and leave with the worst exit code of them."""
        codes = []
        for settings in several:
            try:
                self(settings)
            except typer.Exit as left:
                codes.append(left.exit_code)
        if codes:
            raise typer.Exit(max(codes))

    def __call__(self, settings: Config) -> None:
        """Generate, and tell what came of it."""
        is_plain = self.output_format == "text" and not (self.force or self.verbose or self.bump)
        if is_plain and not settings.fail_on:
            with _mistakes(self.output_format):
                unchanged = _unchanged(settings)
            if unchanged is not None:
                folder, sources = unchanged
                self.sources += sources
                if not self.quiet:
                    Stderr().print(f"{folder}: nothing has changed since the last time")
                return
        from clientgen import _pipeline, lock, progress, write
        from clientgen.bump import versioned
        from clientgen.update import update

        quiet = self.quiet or self.output_format != "text"
        with _mistakes(self.output_format), progress.shown(quiet=quiet) as report:
            planned = _pipeline.plan(settings.spec, settings, report)
            self.sources += [path for each in planned.documents if (path := each.path)]
            folder = _pipeline.output_folder(planned, settings)
            lock_path = _pipeline.lock_path(planned, settings)
            place = (folder / lock_path).parent
            is_completed = self._complete(folder, place)
            before = lock.read_lock(folder / lock_path)
            planned, comparison = versioned(planned, settings, before, bump=self.bump)
            files = _pipeline.files(planned, settings, report)
            report("write")
            once = _pipeline.files_once(planned, settings)
            found = update(files, before, folder, once=once, force=self.force)
            now = lock.make_lock(planned, settings, files, found.edited(files), once)
            if now != before:  # The same can be compressed to other bytes elsewhere.
                found.texts[lock_path] = now.text()
            failed = has_failed(planned.diagnostics, settings.fail_on)
            looks_only = self.looks_only or failed
            if looks_only:
                changed = write.changes(found.texts, folder, found.removed)
            else:
                changed = write.write(found.texts, folder, found.removed, waiting=place)
        if self.output_format != "text":
            _print(
                self.output_format,
                output=str(folder),
                written=not looks_only,
                added=list(changed.added),
                changed=list(changed.changed),
                removed=list(changed.removed),
                kept=list(found.kept),
                merged=list(found.merged),
                edited=list(now.edited),
                conflicts=list(found.conflicts),
                package_version=planned.sdk.project.version,
                diagnostics=planned.diagnostics,
            )
        else:
            tell(planned.diagnostics, settings.fail_on, quiet=self.quiet, verbose=self.verbose)
            if is_completed and not self.quiet:
                Stderr().print(f"{folder}: the last run was cut short; it is completed now")
            if not self.quiet and not failed:
                _tell_of_edits(found, now.edited, before, folder)
                _summary(planned, changed, folder, looks_only=looks_only, as_list=self.check)
            if comparison is not None:
                _tell_of_version(planned, comparison)
        if found.conflicts:
            _fail(_conflicts(found, folder, looks_only=looks_only), DIFFERENT)
        if failed or (self.check and changed):
            _fail(_why(failed, settings, folder), DIFFERENT)

    def _complete(self, folder: Path, place: Path) -> bool:
        """Complete what a killed run has begun; whether there was anything."""
        from clientgen import write

        if not self.looks_only:
            return write.finish(folder, place)
        if write.is_unfinished(place):
            advice = "run clientgen generate, which completes it"
            raise _UnfinishedError(f"{folder} is half new: the last run was cut short; {advice}")
        return False


def _unchanged(settings: Config) -> tuple[Path, list[Path]] | None:
    """The output folder when it is known to be up to date, and what it was made of.

    None when that cannot be told at once.
    """
    from clientgen import lock, write

    folder = settings.output
    if folder is None:
        return None
    place = folder if settings.meta == "uv" else folder / (settings.package or "")
    if write.has_leftovers(place):
        return None
    sources = lock.current_sources(place / lock.NAME, settings, folder)
    return None if sources is None else (folder, sources)


@app.command()
def inspect(
    spec: Specs = None,
    package: Package = None,
    client: ClientName = None,
    config: ConfigFile = None,
    only: Only = None,
    include_path: IncludePath = None,
    exclude_path: ExcludePath = None,
    include_tag: IncludeTag = None,
    exclude_tag: ExcludeTag = None,
    include_operation: IncludeOperation = None,
    exclude_operation: ExcludeOperation = None,
    include_schema: IncludeSchema = None,
    exclude_schema: ExcludeSchema = None,
    exclude_deprecated: ExcludeDeprecated = None,
    overlay: Overlays = None,
    allow_remote_refs: RemoteRefs = None,
    plugin: Plugins = None,
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

    settings = _settings(
        config,
        only,
        spec=spec or None,
        package=package,
        client=client,
        include_path=include_path,
        exclude_path=exclude_path,
        include_tag=include_tag,
        exclude_tag=exclude_tag,
        include_operation=include_operation,
        exclude_operation=exclude_operation,
        include_schema=include_schema,
        exclude_schema=exclude_schema,
        exclude_deprecated=exclude_deprecated,
        overlays=overlay,
        allow_remote_refs=allow_remote_refs,
        plugins=plugin,
        fail_on=fail_on,
        ignore=ignore,
    )
    with _mistakes(output_format), shown(quiet=quiet or output_format != "text") as report:
        planned = _pipeline.plan(settings.spec, settings, report)
    if output_format == "json":
        typer.echo(json.dumps(describe(planned), indent=1))
    elif output_format == "sarif":
        _print(output_format, diagnostics=planned.diagnostics)
    else:
        _table(planned)
        tell(planned.diagnostics, settings.fail_on, quiet=quiet, verbose=verbose)
    if has_failed(planned.diagnostics, settings.fail_on):
        raise typer.Exit(DIFFERENT)


@app.command()
def validate(
    spec: Specs = None,
    config: ConfigFile = None,
    only: Only = None,
    overlay: Overlays = None,
    allow_remote_refs: RemoteRefs = None,
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

    settings = _settings(
        config,
        only,
        spec=spec or None,
        overlays=overlay,
        allow_remote_refs=allow_remote_refs,
        fail_on=fail_on,
        ignore=ignore,
    )
    limit = settings.fail_on or "error"
    with _mistakes(output_format), shown(quiet=quiet or output_format != "text") as report:
        planned = _pipeline.plan(settings.spec, settings, report)
    if output_format != "text":
        _print(output_format, diagnostics=planned.diagnostics)
    else:
        tell(planned.diagnostics, limit, quiet=quiet, verbose=True)
        if not quiet:
            count = counted(len(planned.spec.operations), "operation")
            names = ", ".join(settings.spec)
            Stderr().print(f"{names}: {count}, {counts(planned.diagnostics)}")
    if has_failed(planned.diagnostics, limit):
        raise typer.Exit(DIFFERENT)


@app.command()
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
            help="The document as it is now, or several that become one SDK; "
            "what is configured when none is given.",
        ),
    ] = None,
    package: Package = None,
    client: ClientName = None,
    config: ConfigFile = None,
    only: Only = None,
    include_path: IncludePath = None,
    exclude_path: ExcludePath = None,
    include_tag: IncludeTag = None,
    exclude_tag: ExcludeTag = None,
    include_operation: IncludeOperation = None,
    exclude_operation: ExcludeOperation = None,
    include_schema: IncludeSchema = None,
    exclude_schema: ExcludeSchema = None,
    exclude_deprecated: ExcludeDeprecated = None,
    overlay: Overlays = None,
    allow_remote_refs: RemoteRefs = None,
    plugin: Plugins = None,
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
    from clientgen import _pipeline, diff, lock

    settings = _settings(
        config,
        only,
        spec=new or None,
        package=package,
        client=client,
        include_path=include_path,
        exclude_path=exclude_path,
        include_tag=include_tag,
        exclude_tag=exclude_tag,
        include_operation=include_operation,
        exclude_operation=exclude_operation,
        include_schema=include_schema,
        exclude_schema=exclude_schema,
        exclude_deprecated=exclude_deprecated,
        overlays=overlay,
        allow_remote_refs=allow_remote_refs,
        plugins=plugin,
    )
    with _mistakes(output_format):
        kept = lock.find_lock(Path(old))
        before = (
            diff.restored(kept.surface)
            if kept is not None
            else diff.surface(_pipeline.plan(old, settings))
        )
        after = diff.surface(_pipeline.plan(settings.spec, settings))
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

    file = Path(FILE_NAME)
    if file.exists() and not force:
        _fail(f"{file} is there already; --force replaces it", BAD_USAGE)

    def ask(question: str, given: str | None, default: str) -> str:
        if given is not None or yes or not _is_asked():
            return given if given is not None else default
        return str(typer.prompt(question, default=default or None, err=True))

    document = ask("OpenAPI document", spec, str(find_document(Path()) or ""))
    if not document or document == "-":
        _fail("no document: name a file or a URL", BAD_USAGE)
    with _mistakes("text"):
        project = _pipeline.plan(document, Config()).sdk.project
    answers = Answers(
        spec=document,
        package=ask("Import package", package, project.package),
        client=ask("Client class", client, project.client),
        output=ask("Output folder", output, f"./{project.name}"),
        meta=meta,
    )
    with _mistakes("text"):
        check_flags({"package": answers.package, "client": answers.client})
    file.write_text(configuration(answers), "utf-8")
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

    with _mistakes("text"):
        found = migration(config, kind, spec, output)
    there = [path for path in found.files if path.exists()]
    if there and not force:
        _fail(f"{there[0]} is there already; --force replaces it", BAD_USAGE)
    for path, text in found.files.items():
        path.write_text(text, "utf-8")
    console = Stderr()
    for note in found.notes:
        console.print(one_line(note))
    if flaw := problem(output):
        console.print(one_line(f"{output}: mend this before you generate: {flaw}"))
    names = " and ".join(map(str, reversed([*found.files])))
    told = counted(len(found.notes), "note")
    console.print(f"{names} written from {found.kind}, {told}; run clientgen generate")


def _is_asked() -> bool:
    return sys.stdin.isatty()


def main() -> None:
    """Run the command."""
    # Pipelines end programs in this way; what is half done is undone then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    app()


# --- Helpers -------------------------------------------------------------------------------


def _settings(config: Path | None, only: str | None, **flags: object) -> Config:
    from clientgen.config import ConfigError, load_config

    try:
        settings = load_config(flags, config, only)
    except ConfigError as error:
        _fail(str(error), BAD_USAGE)
    return _with_document(settings)


def _all_settings(config: Path | None, only: str | None, **flags: object) -> list[Config]:
    from clientgen.config import ConfigError, load_configs

    try:
        several = load_configs(flags, config, only)
    except ConfigError as error:
        _fail(str(error), BAD_USAGE)
    return [_with_document(settings) for settings in several.values()]


def _with_document(settings: Config) -> Config:
    if not settings.spec:
        _fail("no document: name a file or a URL, or set `spec` in clientgen.toml", BAD_USAGE)
    return settings


def _configuration(config: Path | None) -> list[Path]:
    from clientgen.config import FILE_NAME

    return [config] if config else [Path(FILE_NAME), Path("pyproject.toml")]


class _UnfinishedError(Exception):
    """A run that writes nothing finds an output that another one was writing."""


@contextmanager
def _mistakes(output_format: str) -> Iterator[None]:
    """Turns a user's mistake into one line and an exit code."""
    from clientgen.config import ConfigError
    from clientgen.load import LoadError
    from clientgen.write import WriteError

    try:
        yield
    except LoadError as error:
        if output_format in ("json", "sarif"):
            _print(output_format, diagnostics=[error.diagnostic])
        else:
            show(error.diagnostic)
        raise typer.Exit(BAD_DOCUMENT) from error
    except (ConfigError, WriteError) as error:
        _fail(str(error), BAD_USAGE)
    except _UnfinishedError as error:
        _fail(str(error), DIFFERENT)


def _usage(error: Any) -> int:
    """Tell what is wrong with the command line."""
    command = error.ctx.command_path if error.ctx else "clientgen"
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    Stderr().print(error_line(f"{message[:1].lower()}{message[1:]}; see {command} --help"))
    return BAD_USAGE


def _fail(message: str, code: int) -> NoReturn:
    Stderr().print(error_line(message))
    raise typer.Exit(code)


def _hang_up() -> int:
    """Leave quietly when nobody reads on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        # What they still hold would fail once more when Python closes them.
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    return HUNG_UP


# --- Telling what was done --------------------------------------------------------------------


def _print(output_format: str, *, diagnostics: Iterable[Diagnostic], **facts: Json) -> None:
    """What scripts read; `inspect` tells its diagnostics under the same keys."""
    from clientgen.inspect import VERSION, describe_diagnostic
    from clientgen.sarif import as_sarif

    if output_format == "sarif":
        typer.echo(json.dumps(as_sarif(diagnostics), indent=1))
        return
    found: list[Json] = [describe_diagnostic(each) for each in diagnostics]
    typer.echo(json.dumps({"version": VERSION, **facts, "diagnostics": found}, indent=1))


def _summary(
    planned: Plan, changed: Changes, folder: Path, *, looks_only: bool, as_list: bool
) -> None:
    console = Stderr()
    if looks_only:
        kinds = {"new": changed.added, "changed": changed.changed, "removed": changed.removed}
        files = {path: kind for kind, paths in kinds.items() for path in paths}
        if as_list:
            lines = [f"{kind:<7}  {folder / path}" for path, kind in files.items()]
        else:
            lines = tree(str(folder), files)
        for line in lines:
            console.print(line)
    count = counted(len(planned.spec.operations), "operation")
    done = "would change" if looks_only else "written"
    end = f"{counted(len(changed), 'file')} {done} in" if changed else "up to date in"
    found = f"; {counts(planned.diagnostics)}" if planned.diagnostics else ""
    console.print(f"{planned.sdk.project.package}: {count}, {end} {folder}{found}")


def _tell_of_edits(
    found: Update, edited: Mapping[str, str], before: Lock | None, folder: Path
) -> None:
    console = Stderr()
    known = before.edited if before else {}
    for path in edited:
        if edited[path] != known.get(path) and path not in found.merged:
            console.print(f"edited   {folder / path}: kept as it is")
    for path in found.merged:
        console.print(f"merged   {folder / path}: it was edited, and has changed")
    for path in found.kept:
        console.print(f"kept     {folder / path}: it was edited, and is generated no more")


def _tell_of_version(planned: Plan, comparison: Comparison) -> None:
    from clientgen.diff import as_changelog, summary

    Stderr().print(f"version {planned.sdk.project.version}: {summary(comparison)}")
    if comparison.changes:
        typer.echo(as_changelog(comparison))


def _conflicts(found: Update, folder: Path, *, looks_only: bool) -> str:
    places = ", ".join(str(folder / path) for path in found.conflicts)
    if looks_only:
        return f"edits conflict with what would be generated in {places}; generate marks the places"
    return f"edits conflict with what is generated in {places}; mend the marked places"


def _why(failed: bool, settings: Config, folder: Path) -> str:
    if failed:
        return f"--fail-on {settings.fail_on} is met; nothing is written"
    return f"{folder} is not up to date; run clientgen generate without --check"


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
