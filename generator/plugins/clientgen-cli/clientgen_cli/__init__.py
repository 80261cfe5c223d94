"""The plugin `cli`: a command line for a generated SDK."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from clientgen.plugins import Output, Plugin

from ._commands import commands
from ._files import data, main

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build import ir

__all__ = ["CliPlugin"]

EXTRA = "cli"
"""The extra of the SDK, and of the runtime, that brings what the command needs."""


class CliPlugin(Plugin):
    """Adds `__main__.py` and `cli.json` to a package, and a command to its project.

    Attributes:
        command: What the command is called; the project's name when not given.
    """

    api_version: ClassVar[int] = 1

    command: str = Field(default="", pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]*)?$")

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        """The SDK, with an extra, a script and a section of the README."""
        project = sdk.project
        name = self.command or project.name
        project = replace(
            project,
            scripts={**project.scripts, name: f"{project.package}.__main__:main"},
            extras={**project.extras, EXTRA: ("clientgen-runtime[cli]",)},
            sections={**project.sections, "Command line": _section(name, sdk)},
        )
        return replace(sdk, project=project)

    def files(self, output: Output) -> Mapping[str, str]:
        """The program, and the data that says which commands there are."""
        name = self.command or output.sdk.project.name
        return {
            f"{output.package}/__main__.py": main(output.sdk.project),
            f"{output.package}/cli.json": data(name, output.sdk, commands(output)),
        }


def _section(name: str, sdk: ir.Sdk) -> str:
    project = sdk.project
    shown = [f"{name} --help"]
    for method in sdk.shown:
        words = " ".join(part.strip("_").replace("_", "-") for part in method.call.split("."))
        shown.append(f"{name} {words} --help")
    lines = "\n".join(["```sh", f"pip install './{project.name}[{EXTRA}]'", *shown, "```"])
    return (
        f"{lines}\n\nEach call is a command, each argument an option; results are printed as JSON. "
        f"`python -m {project.package}` does the same."
    )
