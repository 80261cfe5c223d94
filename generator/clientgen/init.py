"""A first configuration file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USUAL_NAMES = ("openapi", "swagger", "api", "spec")
"""What documents are usually called."""

_HEAD = 4096
_STATES_A_VERSION = re.compile(r"""^\s*[{]?\s*["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a configuration file is made of."""

    spec: str
    package: str
    client: str
    output: str
    meta: str


def find_document(folder: Path) -> Path | None:
    """The document that a folder most probably is about; None when it has none."""
    found = list(_documents(folder))
    usual = [path for name in USUAL_NAMES for path in found if path.stem.lower() == name]
    return next(iter([*usual, *found]), None)


def _documents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        is_candidate = path.suffix.lower() in {".yaml", ".yml", ".json"} and path.is_file()
        if is_candidate and _STATES_A_VERSION.search(_head(path)):
            yield path


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).decode("utf-8", "replace")
    except OSError:  # what nobody may read is not meant
        return ""


def configuration(answers: Answers) -> str:
    """The text of `clientgen.toml`."""
    lines = [
        "# What `clientgen generate` does here.",
        f"spec = {_text(answers.spec)}",
        f"output = {_text(answers.output)}",
        f"package = {_text(answers.package)}",
        f"client = {_text(answers.client)}",
    ]
    if answers.meta != "uv":
        lines.append(f"meta = {_text(answers.meta)}")
    lines += [
        "",
        "# Calls can have other names:",
        '# [operations."GET /pets/{petId}"]',
        '# call = "pets.find"',
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
