"""Options that several commands take."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_type_hints

import typer

from . import _completion as completion

if TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass(frozen=True)
class Reading:
    """How a document is read; the fields are settings, but for the first two."""

    config: ConfigFile = None
    only: Only = None
    overlays: Overlays = None
    allow_remote_refs: RemoteRefs = None

    @property
    def settings(self) -> dict[str, object]:
        """What was given, `None` where nothing was."""
        names = [each.name for each in fields(self) if each.name not in ("config", "only")]
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Shaping(Reading):
    """How a document is read, and what of it becomes an SDK of which names."""

    package: Package = None
    client: ClientName = None
    include_path: IncludePath = None
    exclude_path: ExcludePath = None
    include_tag: IncludeTag = None
    exclude_tag: ExcludeTag = None
    include_operation: IncludeOperation = None
    exclude_operation: ExcludeOperation = None
    include_schema: IncludeSchema = None
    exclude_schema: ExcludeSchema = None
    exclude_deprecated: ExcludeDeprecated = None
    plugins: Plugins = None


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes the fields of `Reading` or `Shaping` as options of its own.

    Typer reads a signature, so this gives it one.
    """
    parameters: list[Parameter] = []
    groups: dict[str, type[Reading]] = {}
    for parameter in signature(command, eval_str=True).parameters.values():
        kind = parameter.annotation
        if isinstance(kind, type) and issubclass(kind, Reading):
            groups[parameter.name] = kind
            hints = get_type_hints(kind, include_extras=True)
            parameters += [
                parameter.replace(
                    name=field.name, annotation=hints[field.name], default=field.default
                )
                for field in fields(kind)
            ]
        else:
            parameters.append(parameter)

    @wraps(command)
    def run(**given: Any) -> None:
        for name, kind in groups.items():
            given[name] = kind(**{each.name: given.pop(each.name) for each in fields(kind)})
        command(**given)

    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run
