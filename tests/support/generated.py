"""Generate a package from a document and import it, as a user's program would."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib
import io
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from clientgen_runtime import AsyncClient, Client
    from tests.support.document import Node


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left behind.

    Attributes:
        code: Exit code.
        out: Standard output.
        err: Standard error.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Sdk:
    """A generated package.

    Attributes:
        folder: The output folder; the package is a folder in it.
        name: Import name of the package.
        inspection: What `clientgen inspect` says about the document.
    """

    folder: Path
    name: str
    inspection: Node

    @cached_property
    def module(self) -> ModuleType:
        """The imported package."""
        if str(self.folder) not in sys.path:
            sys.path.append(str(self.folder))
        return importlib.import_module(self.name)

    @property
    def client(self) -> Callable[..., Client]:
        """The client class."""
        found: type[Client] = getattr(self.module, str(self.inspection["client"]))
        return found

    @property
    def async_client(self) -> Callable[..., AsyncClient]:
        """The asynchronous client class."""
        found: type[AsyncClient] = getattr(self.module, str(self.inspection["async_client"]))
        return found


@cache
def generated(spec: str | Path, *options: str) -> Sdk:
    """Generate a document's package and make it importable, once for a document and its options.

    Args:
        spec: A path, or the text of a document.
        options: More options of the command.
    """
    folder = _scratch() / hashlib.sha256(repr((spec, options)).encode()).hexdigest()[:12]
    path = spec if isinstance(spec, Path) else _written(spec, folder)
    # Unique, so that packages of equal titles can be imported by one process.
    shaping = ("--package", f"sdk_{folder.name}", *options)
    told = clientgen("inspect", str(path), "--format", "json", *shaping)
    assert told.code == 0, told.err
    done = clientgen("generate", str(path), "-o", str(folder), "--meta", "none", *shaping)
    assert done.code == 0, done.err
    return Sdk(folder, f"sdk_{folder.name}", json.loads(told.out))


def clientgen(*arguments: str) -> Outcome:
    """Run the `clientgen` command in this process."""
    from clientgen.cli import main

    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["clientgen", *arguments]
    code: object = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as done:
        code = done.code
    finally:
        sys.argv = before
    return Outcome(
        code if isinstance(code, int) else int(bool(code)), out.getvalue(), err.getvalue()
    )


@cache
def _scratch() -> Path:
    """A folder that lives as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="clientgen-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _written(text: str, folder: Path) -> Path:
    path = folder.with_suffix(".yaml")
    path.write_text(text, encoding="utf-8")
    return path
