"""The runtime's tests in environments of their own: `python -m tests.lanes httpx2 oldest core`.

httpx2  httpx2 in the place of httpx
oldest  the oldest version of each dependency that has a build for this Python
core    the runtime without any of its extras
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What tests of more than one lane use.
TOOLS = (
    *("pytest>=8.3", "hypothesis>=6.100", "markdown-it-py>=3", "pyyaml>=6", "respx>=0.22"),
    *("trio>=0.26", "typer>=0.15"),
)
OPTIONS: dict[str, tuple[str, ...]] = {
    # The plugin of an anyio that goes with them is older than the pytest that runs it.
    "oldest": ("-W", "ignore::pytest.PytestRemovedIn10Warning"),
    "httpx2": ("-p", "tests.runtime.alias"),
    "core": (),
}


def requirements(lane: str) -> list[str]:
    """What is installed for a lane."""
    runtime = str(ROOT / "runtime")
    match lane:
        case "httpx2":
            return [f"{runtime}[fast,http2,progress,socks]", "httpx2>=2.9.1", "trustme>=1.1"]
        case "oldest":
            return [f"{runtime}[fast,http2]", *oldest(), "trustme>=1.1"]
        case _:
            return [runtime]


def oldest() -> list[str]:
    """The lower ends of the runtime's dependencies."""
    pins = ["httpx==0.27.*", "httpcore==1.0.9", "tenacity==8.2.*"]
    if sys.version_info < (3, 12):
        # Their builds are older than Python 3.12.
        pins += ["pydantic==2.7.*", "pydantic-settings==2.3.*", "typing-extensions==4.12.*"]
    return pins


def install(lane: str, folder: Path) -> str | None:
    """Make the environment of a lane; its interpreter, `None` when it cannot be installed."""
    venv.create(folder, with_pip=True)
    interpreter = str(folder / "bin" / "python")
    done = subprocess.run(
        [interpreter, "-m", "pip", "install", "-q", *TOOLS, *requirements(lane)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return interpreter
    print(done.stderr[-2000:], file=sys.stderr)
    return None


def run(lane: str, folder: Path) -> bool:
    """Run the tests of a lane; whether none failed."""
    started = time.monotonic()
    interpreter = install(lane, folder / lane)
    if interpreter is None:
        print(f"== lane {lane}: skipped, it cannot be installed here", flush=True)
        return True
    print(f"== lane {lane}", flush=True)
    command = [interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OPTIONS[lane]]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*command, "tests/runtime", "tests/faults"], cwd=ROOT, env=environment, check=False
    )
    print(f"== lane {lane}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def main() -> None:
    """Run the lanes that the command line names."""
    lanes = sys.argv[1:]
    if not lanes or not set(lanes) <= set(OPTIONS):
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        passed = [run(lane, Path(folder)) for lane in lanes]
    raise SystemExit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
