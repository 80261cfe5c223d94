"""Do what the tests inside generated packages do, for real documents, and print the share.

CLIENTGEN_CORPUS=../shared/specs python -m tests.corpus.generated_tests [DOCUMENT…]
"""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.corpus.outputs import documents

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST = 0.99


@dataclass
class Tried:
    """What became of the calls of a package, each tried twice."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of calls that work."""
        return self.passed / max(self.passed + len(self.failed), 1)


def tried(server: Callable[[], Any]) -> Tried:
    """Check every call of a package, sync and async, as its own tests do."""
    found = Tried()
    for call in server().operations:
        for way, check in (("sync", server().check), ("async", _waiting(server().acheck))):
            try:
                check(call)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is counted
                found.failed.append(f"{call} ({way}): {type(error).__name__}: {error}")
            else:
                found.passed += 1
    return found


def _waiting(check: Any) -> Callable[[str], None]:
    return lambda call: asyncio.run(check(call))


def _server(source: Path, folder: Path) -> Callable[[], Any]:
    package = f"t_{abs(hash(source.name))}"
    shape = ("-o", folder, "--meta", "none", "--package", package, "-q")
    subprocess.run([sys.executable, "-m", "clientgen", "generate", source, *shape], check=True)
    sys.path.append(str(folder))
    server: Callable[[], Any] = importlib.import_module(f"{package}.testing").FakeServer
    return server


def main() -> None:
    """Try the documents that are named, or all, and print a line for each."""
    warnings.simplefilter("ignore", DeprecationWarning)
    wanted = sys.argv[1:] or [*documents()]
    totals: Counter[str] = Counter()
    for name in wanted:
        source = documents().get(name) or Path(name)
        with tempfile.TemporaryDirectory() as folder:
            server = _server(source, Path(folder))
            started = time.perf_counter()
            found = tried(server)
            seconds = time.perf_counter() - started
        totals += Counter(passed=found.passed, failed=len(found.failed))
        print(
            f"{name:50} {found.passed:6} {len(found.failed):5} {found.share:7.2%} {seconds:6.1f} s"
        )
        for line in found.failed[:8]:
            print("    " + line.replace("\n", " ")[:300])
        sys.stdout.flush()
    share = totals["passed"] / max(totals.total(), 1)
    print(f"{share:.2%} of {totals.total()} tests pass; the bar is {LEAST:.0%}")
    sys.exit(share < LEAST)


if __name__ == "__main__":
    main()
