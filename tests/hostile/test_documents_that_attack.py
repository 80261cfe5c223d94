"""No text of a document becomes code, nor a file outside the output folder."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.hostile.attacks import ATTACKS
from tests.hostile.document import Text, document, tame
from tests.hostile.output import Output
from tests.hostile.shape import called, foreign_names, imported, shape, statements

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS)


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> object:
    @cache
    def output(attack: str, *, in_paths: bool = False) -> Output:
        text = Text(lambda _: ATTACKS[attack], in_paths=in_paths)
        return Output(tmp_path_factory.mktemp("hostile"), document(text) if attack else tame())

    return output


@pytest.fixture
def ours(outputs: object) -> Output:
    """The output for the tame document."""
    return outputs("")  # type: ignore[operator, no-any-return]


@pytest.fixture
def theirs(outputs: object, attack: str) -> Output:
    """The output for the document that attacks."""
    return outputs(attack)  # type: ignore[operator, no-any-return]


@pytest.fixture
def theirs_in_paths(outputs: object, attack: str) -> Output:
    """The output for the document that attacks in path templates, too."""
    return outputs(attack, in_paths=True)  # type: ignore[operator, no-any-return]


@EACH_ATTACK
def test_every_module_does_what_that_of_a_tame_document_does(ours: Output, theirs: Output) -> None:
    assert sorted(map(shape, theirs.modules.values())) == sorted(map(shape, ours.modules.values()))


@EACH_ATTACK
def test_every_statement_has_its_like_in_the_output_of_a_tame_document(
    ours: Output, theirs_in_paths: Output
) -> None:
    known = set().union(*map(statements, ours.modules.values()))
    new = {s: f for f, text in theirs_in_paths.modules.items() for s in statements(text) - known}

    assert new == {}


@EACH_ATTACK
def test_nothing_is_called_or_imported_that_templates_do_not_name(
    ours: Output, theirs: Output, theirs_in_paths: Output
) -> None:
    tame_code = ours.modules.values()
    code = [*theirs.modules.values(), *theirs_in_paths.modules.values()]

    assert called(code) <= called(tame_code)
    assert imported(code) <= imported(tame_code)
    assert foreign_names(code) <= foreign_names(tame_code)


@EACH_ATTACK
def test_no_file_lies_outside_the_output(theirs_in_paths: Output) -> None:
    assert theirs_in_paths.strays == set()
    assert not Path("/canary").exists()


@EACH_ATTACK
def test_file_names_are_plain(theirs_in_paths: Output) -> None:
    files = map(Path, theirs_in_paths.modules)
    names = {part for file in files for part in file.with_suffix("").parts}

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
def test_every_module_imports_and_runs_nothing_of_the_document(theirs_in_paths: Output) -> None:
    program = (
        "import builtins, importlib, sys\n"
        "def canary(*a, **k): raise SystemExit('the canary sang')\n"
        "builtins.canary = canary\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "import the_sdk\n"
        "for name in dir(the_sdk.models): getattr(the_sdk.models, name)\n"
    )
    source = theirs_in_paths.folder / "src"
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

    assert done.returncode == 0, done.stderr


@EACH_ATTACK
def test_the_terminal_gets_no_control_characters(theirs: Output) -> None:
    assert {c for c in theirs.told if c != "\n" and not c.isprintable()} == set()


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
