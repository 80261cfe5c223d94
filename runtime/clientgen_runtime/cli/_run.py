"""The program of an SDK, whatever is missing for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .._client import Client


def run(client: type[Client], data: Path, arguments: Sequence[str] | None = None) -> int:
    """Run the command line of an SDK; its exit code: 0 done, 1 the call failed, 2 bad arguments.

    Each call of the SDK is a command below those of its resource, `client.pets.list(limit=5)` is
    `pets list --limit 5`. Results are printed as JSON.

    Args:
        client: The client class of the SDK.
        data: The JSON file that says which commands there are.
        arguments: What stands after the command's name; that of the process when not given.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("cli.json").write_text('{"name": "pet-store", "commands": {"ping": {}}}')
        >>> run(PetStore, Path("cli.json"), ["pong"])
        2
    """
    try:
        from ._app import command_line
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "typer":
            raise
        sys.stderr.write("error: this needs typer; pip install 'clientgen-runtime[cli]'\n")
        return 1
    from ._data import load

    return command_line(client, load(data), arguments)
