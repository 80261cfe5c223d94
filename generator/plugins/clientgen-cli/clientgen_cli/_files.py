"""The files that are added to a package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from clientgen.render import docstring_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build import ir

MAIN = '''\
"""The command line of {title}."""

import sys
from pathlib import Path

from clientgen_runtime.cli import run

from . import {client}


def main() -> None:
    """Run the command, and leave with its exit code."""
    sys.exit(run({client}, Path(__file__).with_name("cli.json")))


if __name__ == "__main__":
    main()
'''


def main(project: ir.Project) -> str:
    """The program; all that it does is in the runtime."""
    return MAIN.format(title=docstring_text(" ".join(project.title.split())), client=project.client)


def data(name: str, sdk: ir.Sdk, commands: Mapping[str, Mapping[str, object]]) -> str:
    """Which commands there are, one a line."""
    told = {
        "about": "Written by clientgen-cli; __main__.py reads it.",
        "name": name,
        "base_url": f"{sdk.project.env_prefix}BASE_URL",
        "credentials": {each.name: each.env for each in sdk.credentials},
    }
    head = [f" {_json(key)}: {_json(value)}," for key, value in told.items()]
    lines = [f"  {_json(call)}: {_json(command)}" for call, command in commands.items()]
    return "\n".join(["{", *head, ' "commands": {', ",\n".join(lines), " }", "}"]) + "\n"


def _json(value: object) -> str:
    return json.dumps(value)
