"""A project generated from a hostile document, and all files that came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.document import as_text
from tests.support.generated import clientgen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.document import Node


class Output:
    """The files of a project whose output folder lies deep inside another folder.

    Attributes:
        folder: The output folder.
        modules: Text of every Python file, by its path in the output folder.
        strays: Files that appeared outside the output folder.
        told: What the command printed.
    """

    def __init__(self, parent: Path, node: Node) -> None:
        self.folder = parent / "deep" / "er" / "out"
        self.folder.mkdir(parents=True)
        spec = parent / "spec.json"
        spec.write_text(as_text(node))
        names = ("--package", "the_sdk", "--client", "TheSdk")
        done = clientgen("generate", str(spec), "-o", str(self.folder), *names)
        assert done.code == 0, done.err
        self.told = done.out + done.err
        self.modules = {
            str(path.relative_to(self.folder)): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*.py"))
        }
        files = {path for path in parent.rglob("*") if path.is_file() and path != spec}
        self.strays = {path for path in files if self.folder not in path.parents}

    def text(self, name: str) -> str:
        """Text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")
