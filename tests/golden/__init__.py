"""Packages as they are generated, kept so that reviewers see what a change does to them."""

from __future__ import annotations

from pathlib import Path

from clientgen import _pipeline
from clientgen.config import Config

FOLDER = Path(__file__).parent
SAMPLES = FOLDER.parents[1] / "sample_specs"
NAMES = ("pet_store",)


def generated(name: str) -> dict[str, str]:
    """The files that a sample document yields now, by path in its package's folder."""
    return _pipeline.files(_pipeline.plan(str(SAMPLES / f"{name}.yaml"), Config()), Config())


def kept(name: str) -> dict[str, str]:
    """The files that are in the repository."""
    folder = FOLDER / name
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in found
        if "__pycache__" not in path.parts
    }
