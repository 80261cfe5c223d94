"""What must hold of the output for any document; each check gives back what is wrong."""

from __future__ import annotations

import copy
import difflib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tests.corpus.outputs import Output, nodes, operations, raw

if TYPE_CHECKING:
    from tests.support.document import Node

Check: TypeAlias = Callable[[Output], list[str]]
FIELD = "zebra"
"""A property that no document has."""


def nothing_is_missing(made: Output) -> list[str]:
    """Every operation is emitted, or an `unsupported` diagnostic points at it."""
    emitted = Counter(
        (str(o["method"]), str(o["path"])) for o in nodes(made.inspection["operations"])
    )
    told = {
        str(d["pointer"])
        for d in nodes(made.inspection["diagnostics"])
        if d["severity"] == "unsupported"
    }
    missing = [
        f"{method} {path} is missing"
        for method, path in sorted(operations(made.source))
        if (method, path) not in emitted and _pointer(method, path) not in told
    ]
    calls = Counter(str(o["call"]) for o in nodes(made.inspection["operations"]))
    return missing + [f"{call} is there twice" for call, count in calls.items() if count > 1]


def _pointer(method: str, path: str) -> str:
    return f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method.lower()}"


def everything_imports_and_binds(made: Output) -> list[str]:
    """All modules import on this interpreter, and every call takes the listed arguments."""
    probe = Path(__file__).with_name("probe.py")
    command = [sys.executable, probe, made.root, made.package, made.folder / "inspect.json"]
    # This interpreter's caches stay out of the folder, which another interpreter may use next.
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    environment = {**plain, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return [done.stderr[-2000:]]
    found: list[str] = json.loads(done.stdout)
    return found


def twice_is_the_same(made: Output) -> list[str]:
    """Generating again gives the same bytes, whatever the order of hashes is."""
    once, again = _files(made.root), _files(made.generate(made.source, "again", seed=1))
    return [f"{path} differs" for path in once.keys() | again if once.get(path) != again.get(path)]


def _files(folder: Path) -> dict[Path, bytes]:
    found = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return {path.relative_to(folder): path.read_bytes() for path in found}


def a_small_change_stays_small(made: Output) -> list[str]:
    """A new property changes nothing but lines that tell of it."""
    changed = with_a_new_field(raw(made.source))
    if changed is None:
        return []
    source = made.folder / "changed.json"
    source.write_text(json.dumps(changed, default=str), encoding="utf-8")
    before, after = made.root, made.generate(source, "after")
    names = {p.relative_to(d) for d in (before, after) for p in d.rglob("*.py")}
    return [
        f"{name}: {line}"
        for name in sorted(names)
        for line in _unrelated(_lines(before / name), _lines(after / name))
    ]


def with_a_new_field(root: Node) -> Node | None:
    """The document with one more property in the first schema that has some; None if none has."""
    changed = copy.deepcopy(root)
    components = changed.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    schemas = schemas if isinstance(schemas, dict) else changed.get("definitions")
    for schema in schemas.values() if isinstance(schemas, dict) else ():
        properties = schema.get("properties") if isinstance(schema, dict) else None
        if isinstance(properties, dict) and properties:
            properties[FIELD] = {"type": "string", "description": f"A {FIELD}."}
            return changed
    return None


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _unrelated(before: list[str], after: list[str]) -> Iterator[str]:
    """Changed blocks of lines that do not tell of the new property."""
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and FIELD not in "\n".join(after[c:d]).lower():
            yield f"{a + 1}: {' '.join(before[a:b])[:200]} -> {' '.join(after[c:d])[:200]}"


def types_are_right(outputs: list[Output]) -> list[str]:
    """`mypy --strict` is silent; one process for all packages, since they share the runtime."""
    packages = [part for made in outputs for part in ("-p", made.package)]
    runtime = Path(__file__).parents[2] / "runtime"
    cache = outputs[0].folder.parent / "mypy-cache"
    folders = [str(made.root) for made in outputs]
    environment = {**os.environ, "MYPYPATH": ":".join([*folders, str(runtime)])}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.10"),
            *(f"--cache-dir={cache}", "--no-error-summary", *packages),
        ],
        env=environment,
        cwd=outputs[0].folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).splitlines()
