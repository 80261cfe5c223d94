"""From the configuration of another generator to ours, with the names that its users know."""

from __future__ import annotations

from ._run import Migration, migration, problem

__all__ = ["Migration", "migration", "problem"]
