"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from . import _completion as completion

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
