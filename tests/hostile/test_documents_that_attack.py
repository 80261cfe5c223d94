"""No text of a document becomes code, nor a file outside the output folder."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.attacks import ATTACKS
from tests.hostile.document import Text, as_text, document, tame
from tests.hostile.shape import called, foreign_names, imported, shape
from tests.support.generated import clientgen

if TYPE_CHECKING:
    from tests.support.document import Node

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS)


class Output:
    """The files of a generated project."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.parent = folder
        self.folder = folder / "deep" / "er" / "out"
        self.folder.mkdir(parents=True)
        spec = folder / "spec.json"
        spec.write_text(as_text(node))
        self.before = self._all_files()
        names = ("--package", "the_sdk", "--client", "TheSdk")
        self.done = clientgen("generate", str(spec), "-o", str(self.folder), *names)
        assert self.done.code == 0, self.done.err

    def _all_files(self) -> set[Path]:
        return {path for path in self.parent.rglob("*") if path.is_file()}

    @property
    def new_files(self) -> set[Path]:
        return self._all_files() - self.before

    @property
    def modules(self) -> dict[str, str]:
        found = sorted(self.folder.rglob("*.py"))
        return {str(p.relative_to(self.folder)): p.read_text(encoding="utf-8") for p in found}

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> object:
    @cache
    def output(attack: str) -> Output:
        hostile = document(Text(lambda _: ATTACKS[attack])) if attack else tame()
        return Output(tmp_path_factory.mktemp("hostile"), hostile)

    return output


@pytest.fixture
def ours(outputs: object) -> Output:
    """The output for the tame document."""
    return outputs("")  # type: ignore[operator, no-any-return]


@pytest.fixture
def theirs(outputs: object, attack: str) -> Output:
    """The output for the document that attacks."""
    return outputs(attack)  # type: ignore[operator, no-any-return]


@EACH_ATTACK
def test_every_module_does_what_that_of_a_tame_document_does(ours: Output, theirs: Output) -> None:
    assert sorted(map(shape, theirs.modules.values())) == sorted(map(shape, ours.modules.values()))


@EACH_ATTACK
def test_nothing_is_called_or_imported_that_templates_do_not_name(
    ours: Output, theirs: Output
) -> None:
    tame_code, code = ours.modules.values(), theirs.modules.values()

    assert called(code) <= called(tame_code)
    assert imported(code) <= imported(tame_code)
    assert foreign_names(code) <= foreign_names(tame_code)


@EACH_ATTACK
def test_no_file_lies_outside_the_output(theirs: Output) -> None:
    assert {path for path in theirs.new_files if theirs.folder not in path.parents} == set()
    assert not Path("/canary").exists()


@EACH_ATTACK
def test_file_names_are_plain(theirs: Output) -> None:
    names = {part for file in theirs.modules for part in Path(file).with_suffix("").parts}

    assert {name for name in names if not name.isidentifier() or len(name) > 100} == set()


@EACH_ATTACK
def test_text_stays_inside_its_value_of_the_project_file(ours: Output, theirs: Output) -> None:
    def keys(value: object) -> object:
        return {k: keys(v) for k, v in value.items()} if isinstance(value, dict) else None

    def project(output: Output) -> object:
        return keys(tomllib.loads(output.text("pyproject.toml")))

    assert project(theirs) == project(ours)


@EACH_ATTACK
@pytest.mark.parametrize("name", ["README.md", "api.md"])
def test_text_stays_text_in_markdown(ours: Output, theirs: Output, name: str) -> None:
    assert markdown_shape(theirs.text(name)) == markdown_shape(ours.text(name))


@EACH_ATTACK
def test_every_module_imports_and_runs_nothing_of_the_document(theirs: Output) -> None:
    program = (
        "import builtins, importlib, sys\n"
        "def canary(*a, **k): raise SystemExit('the canary sang')\n"
        "builtins.canary = canary\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "import the_sdk\n"
        "for name in the_sdk.models.__all__: getattr(the_sdk.models, name)\n"
    )
    source = theirs.folder / "src"
    names = [
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(source.rglob("*.py"))
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *names],
        env={"PYTHONPATH": ":".join([str(source), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@EACH_ATTACK
def test_the_terminal_gets_no_control_characters(theirs: Output) -> None:
    told = theirs.done.out + theirs.done.err

    assert {c for c in told if c != "\n" and not c.isprintable()} == set()


def test_the_document_has_an_attack_in_every_slot() -> None:
    slots: set[str] = set()
    document(Text(lambda slot: slots.add(slot)))

    assert len(slots) > 80


def test_a_shape_tells_code_from_text() -> None:
    assert shape("x = 'a'") == shape("y = 'b()'")
    assert shape("x = 'a'") != shape("x = b()")
    assert called(["x = canary()"]) == {"canary"}
    assert ast.parse("x")


def markdown_shape(text: str) -> list[object]:
    """The kinds of blocks and inlines of a Markdown text; runs of plain text count as one."""
    from markdown_it import MarkdownIt

    kinds: list[object] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        kinds.append((token.type, token.tag))
        inline = (child.type for child in token.children or ())
        kinds += [kind for kind in inline if kind not in {"text", "softbreak", "text_special"}]
    return kinds
