"""Generate real documents, each once for all tests that look at the output.

The workers of a test run, and the runs of two interpreters, share a folder; a lock file a
document keeps them from doing the same work twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.document import Json, Node

CORPUS = os.environ.get("CLIENTGEN_CORPUS", "")
WHY_SKIPPED = "CLIENTGEN_CORPUS names no folder of OpenAPI documents"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}


@dataclass(frozen=True)
class Numbers:
    """What a generation costs and brings; a row of the table.

    Attributes:
        seconds: Time of `clientgen generate`, start-up included.
        python: Version of the interpreter that it ran on.
    """

    document: str
    operations: int
    emitted: int
    unsupported: int
    warnings: int
    models: int
    lines: int
    seconds: float
    python: str


@dataclass(frozen=True)
class Output:
    """What was generated from a document.

    Attributes:
        source: The document.
        folder: Where all of this is kept.
        package: Import name of the package.
    """

    source: Path
    folder: Path
    package: str

    @property
    def root(self) -> Path:
        """The folder that holds the package."""
        return self.folder / "once"

    @cached_property
    def inspection(self) -> Node:
        """What `clientgen inspect` says."""
        value: Node = json.loads((self.folder / "inspect.json").read_text(encoding="utf-8"))
        return value

    @property
    def numbers(self) -> Numbers:
        """What the generation cost."""
        return Numbers(**json.loads((self.folder / "numbers.json").read_text()))

    def generate(self, source: Path, name: str, *, seed: int = 0) -> Path:
        """Generate a document into a folder of this name, with another order of hashes."""
        target = self.folder / name
        arguments = ("generate", source, "-o", target, "--meta", "none")
        run(*arguments, "--package", self.package, "-q", seed=seed)
        return target


def documents() -> dict[str, Path]:
    """Names and paths of the corpus' documents; none when there is no corpus."""
    if not CORPUS:
        return {}
    folder = Path(CORPUS)
    found = [p for p in sorted(folder.iterdir()) if p.suffix in {".json", ".yaml", ".yml"}]
    # A folder is one document in many files; its entry is the one that states a version.
    inside = [p for d in sorted(folder.iterdir()) if d.is_dir() for p in sorted(d.glob("*.y*ml"))]
    found += [p for p in inside if re.search(r"^(openapi|swagger):", p.read_text("utf-8"), re.M)]
    return {path.name: path for path in found}


def output(source: Path) -> Output:
    """The output for a document, made when nobody has made it yet."""
    folder = shared_folder() / re.sub(r"[^\w.-]", "_", source.name)
    folder.mkdir(exist_ok=True)
    made = Output(source, folder, "p_" + re.sub(r"\W", "_", source.stem).lower())
    with locked(folder):
        if not (folder / "numbers.json").exists():
            _make(made)
    return made


def _make(made: Output) -> None:
    shape = ("--package", made.package)
    text = run("inspect", made.source, "--format", "json", *shape)
    (made.folder / "inspect.json").write_text(text, encoding="utf-8")
    started = time.perf_counter()
    made.generate(made.source, "once")
    seconds = time.perf_counter() - started
    found = [str(d["severity"]) for d in nodes(made.inspection["diagnostics"])]
    numbers = Numbers(
        document=made.source.name,
        operations=len(operations(made.source)),
        emitted=len(nodes(made.inspection["operations"])),
        unsupported=found.count("unsupported"),
        warnings=found.count("warning"),
        models=len(nodes(made.inspection["models"])),
        lines=sum(count_lines(path) for path in _calls(made.root / made.package)),
        seconds=round(seconds, 1),
        python=platform.python_version(),
    )
    (made.folder / "numbers.json").write_text(json.dumps(asdict(numbers)))


def _calls(package: Path) -> Iterator[Path]:
    """Modules of a package without those of its models."""
    return (path for path in package.rglob("*.py") if "models" not in path.parts)


def count_lines(path: Path) -> int:
    """Lines of a file that are not blank."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def operations(source: Path) -> set[tuple[str, str]]:
    """Method and path of all operations of a document, by a reading of our own."""
    root = raw(source)
    paths = root.get("paths") or {}
    assert isinstance(paths, dict)
    return {
        (method.upper(), path)
        for path, item in paths.items()
        if isinstance(item, dict) and not path.startswith("x-")
        for method in item
        if method in METHODS
    }


@cache
def raw(source: Path) -> Node:
    """The values of a document, as fast as they can be had."""
    text = source.read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    value: Node = json.loads(text) if source.suffix == ".json" else yaml.load(text, loader)
    return value


def run(*arguments: object, seed: int = 0) -> str:
    """Run the `clientgen` command in a process of its own, and give back what it prints."""
    command = [sys.executable, "-m", "clientgen", *map(str, arguments)]
    # Measuring coverage would double the time, and other tests cover the same lines.
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    environment = {**plain, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr[-4000:]}"
    return done.stdout


def nodes(value: Json) -> list[Node]:
    """A list of mappings, as which most of an inspection comes."""
    assert isinstance(value, list)
    assert all(isinstance(item, dict) for item in value)
    return value  # type: ignore[return-value]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for oneself."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def shared_folder() -> Path:
    """Where outputs are kept: given by CI, else one for each run of the tests."""
    given = os.environ.get("CLIENTGEN_CORPUS_OUTPUT")
    # xdist gives all workers of one run the same name.
    run_name = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"process-{os.getpid()}")
    folder = Path(given or Path(tempfile.gettempdir()) / f"clientgen-corpus-{run_name}")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def table(rows: list[Numbers]) -> str:
    """The numbers of all documents as text, with totals in the last line."""
    head = ("document", "ops", "emitted", "unsupp.", "warn.", "models", "lines/op", "seconds")
    counts = {name: sum(getattr(row, name) for row in rows) for name in _COUNTED}
    seconds = round(sum(row.seconds for row in rows), 1)
    total = Numbers(document=f"{len(rows)} documents", seconds=seconds, python="", **counts)
    cells = [head, *(_cells(row) for row in [*rows, total])]
    return "\n".join(f"{c[0][:42]:42}" + "".join(f"{cell:>9}" for cell in c[1:]) for c in cells)


_COUNTED = ("operations", "emitted", "unsupported", "warnings", "models", "lines")


def _cells(row: Numbers) -> tuple[str, ...]:
    counts = (row.operations, row.emitted, row.unsupported, row.warnings, row.models)
    per_operation = round(row.lines / max(row.emitted, 1))
    return (row.document, *map(str, counts), str(per_operation), str(row.seconds))
