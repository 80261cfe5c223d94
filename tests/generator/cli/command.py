"""Run the real command in this process, and a small document for it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from clientgen.cli import app
from tests.support.samples import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PETS = """\
openapi: 3.1.0
info: {title: Pet Store, version: "1"}
paths:
  /pets:
    get:
      tags: [pets]
      responses: {"200": {description: All pets}}
  /pets/{petId}:
    get:
      tags: [pets]
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: A pet}}
  /owners:
    get:
      tags: [owners]
      responses: {"200": {description: All owners}}
"""

ODD = PETS.replace('{"200": {description: A pet}}', "{}").replace("A pet", "A pet: no answer")
"""The document with one thing to warn of."""

BROKEN = PETS + "  /lost: 7\n"
"""The document with one path that cannot be generated."""


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def messages(self) -> list[str]:
        """What was told on standard error, excerpts of documents left out."""
        return [line for line in self.err.splitlines() if not line.startswith("  ")]


def run(*arguments: object, stdin: str = "", env: Mapping[str, str] | None = None) -> Outcome:
    """Run the command with these arguments; an exception that leaves it is a failure."""
    told = CliRunner().invoke(app, [*map(str, arguments)], input=stdin, env=dict(env or {}))
    assert isinstance(told.exception, SystemExit | None), told.exception
    return Outcome(told.exit_code, told.stdout, told.stderr)


def tree(folder: str = ".") -> set[str]:
    """The files below a folder."""
    root = Path(folder)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def heed_ctrl_c() -> None:
    """Run in a child: what shells start in the background ignores Ctrl-C, as do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Without the rights of an administrator, who may read and write everything.

    Args:
        folder: What such a user has to reach; ways to it are opened.
    """
    me = os.geteuid()
    if me == 0:
        closed = [place for place in (Path(sys.prefix), ROOT) if not _is_open(place)]
        if closed:
            pytest.skip(f"ordinary users cannot read what is in {closed[0]}")
        for place in (folder, *folder.parents):
            # Not closed again: the next test may be on its way through them.
            place.chmod(place.stat().st_mode | 0o055)
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


def _is_open(place: Path) -> bool:
    """Whether everybody may go there."""
    return all(each.stat().st_mode & 0o001 for each in place.parents)
