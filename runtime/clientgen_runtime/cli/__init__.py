"""Command lines of SDKs; the extra `cli` brings what it needs.

`clientgen generate --plugin cli` writes a `__main__.py` that calls `run`, and a `cli.json` that
says which commands there are. Everything else is here, so that a fix reaches every command line.
"""

from __future__ import annotations

from ._run import run

__all__ = ["run"]
