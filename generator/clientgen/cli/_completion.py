"""What shells complete: documents, codes of diagnostics, names of SDKs and of plugins."""

from __future__ import annotations

# Typer reads the annotations of what is below.
from collections.abc import Iterator  # noqa: TC003
from contextlib import suppress
from pathlib import Path

import typer  # noqa: TC002

DOCUMENTS = {".json", ".yaml", ".yml"}
"""Endings of files that can be documents."""


def documents(incomplete: str) -> list[str]:
    """Files that can be documents.

    Nothing where folders could be meant: shells complete all files then, and go into folders.
    """
    start = incomplete.rpartition("/")[2]
    prefix = incomplete[: len(incomplete) - len(start)]
    found = []
    with suppress(OSError):
        for path in sorted(Path(prefix or ".").expanduser().iterdir()):
            if not path.name.startswith(start) or (path.name[0] == "." and not start):
                continue
            if path.is_dir():
                return []
            if path.suffix.lower() in DOCUMENTS:
                found.append(f"{prefix}{path.name}")
    return found


def codes(incomplete: str) -> Iterator[tuple[str, str]]:
    """Codes of diagnostics, with what they are about."""
    from clientgen.explain import titles

    for code, title in titles().items():
        if code.startswith(incomplete.upper()):
            yield incomplete + code[len(incomplete) :], title


def sdks(context: typer.Context, incomplete: str) -> Iterator[str]:
    """Names of the SDKs of the configuration."""
    from clientgen.config import ConfigError, load_configs

    with suppress(ConfigError):
        known = load_configs({}, context.params.get("config"))
        yield from (name for name in known if name and name.startswith(incomplete))


def plugins(incomplete: str) -> Iterator[str]:
    """Names of the plugins that are installed."""
    from clientgen.plugins import installed

    yield from (name for name in sorted(installed()) if name.startswith(incomplete))
