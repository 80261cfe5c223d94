"""Every example of the documentation does what its page says.

A page's blocks run in order, in a folder of their own that holds the sample documents:

* `console`: lines after `$ ` are commands of `clientgen`; other lines must be in their output;
* `toml` and `yaml` with a first line like `# clientgen.toml`: written to that file;
* what stands below `<!-- in FILE -->`: its lines must be in that file;
* `python`: run, against a server that serves the pet store and judges requests.

What stands below `<!-- generated: … -->` is generated code, for reading.
"""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.generated import clientgen, generated
from tests.support.samples import ROOT, SAMPLES, sample
from tests.support.server import DocumentServer

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(
    r"(?:<!-- (?P<note>[^>]*) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Block:
    note: str
    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(match["note"] or "", match["kind"], match["text"]) for match in found]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DocumentServer]:
    """A folder with the samples, and a server that the pet store's SDK finds by itself."""
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # where pages generate packages
    with DocumentServer(sample("pet_store.yaml")) as server:
        monkeypatch.setenv("PET_STORE_BASE_URL", server.url)
        yield server


# The guides of the runtime talk to other servers; tests/runtime runs their examples.
@pytest.mark.parametrize("page", [p for p in PAGES if p.parent.name != "runtime"], ids=name)
def test_examples_work(page: Path, shop: DocumentServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(
        generated(SAMPLES / "pet_store.yaml", "--package", "pet_store").folder
    )
    namespace: dict[str, object] = {"__name__": "example"}
    for block in blocks(page):
        match block.kind:
            case "console":
                run_commands(block.text)
            case "toml" | "yaml" if first := re.match(r"# (\S+\.(toml|yaml|yml))\n", block.text):
                Path(first[1]).parent.mkdir(parents=True, exist_ok=True)
                Path(first[1]).write_text(block.text)
            case _ if block.note.startswith("in "):
                written = Path(block.note.removeprefix("in ")).read_text().splitlines()
                assert [line for line in block.text.splitlines() if line not in written] == []
            case "python" if not block.note.startswith("generated"):
                exec(compile(block.text, name(page), "exec"), namespace)

    assert [request.problems for request in shop.requests if request.problems] == []


def run_commands(text: str) -> None:
    """Run the commands of a console block and look for the other lines in their output."""
    out = ""
    for line in text.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line[2:])
            assert program == "clientgen", line
            done = clientgen(*arguments)
            assert done.code == 0, done.err
            out = done.out + done.err
        else:
            assert line.strip() in out


def test_the_first_example_of_the_readme_works() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "docs" / "examples" / "first_call.py"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Pet 7 is Rex, a dog." in done.stdout
    assert "Pet 8: 404" in done.stdout


def test_the_readme_has_the_command_that_ci_runs() -> None:
    commands = [block for block in blocks(ROOT / "README.md") if block.note == "test command"]

    assert [block.text.strip().rpartition(" && ")[2] for block in commands] == ["poe check"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_reference_is_what_the_program_says() -> None:
    program = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    pages: dict[Path, str] = program["pages"]()

    stale = [name(p) for p, text in pages.items() if not p.exists() or p.read_text() != text]
    assert stale == [], "run: python docs/generate.py"
