"""The `clientgen` command. Arguments and messages only; the work is in the pipeline."""

from ._commands import app, main

__all__ = ["app", "main"]
