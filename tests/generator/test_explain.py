"""Each diagnostic has a page that says what it means, and whose example gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import clientgen
from clientgen.explain import pages
from tests.generator.cli.command import run

NO_EXAMPLE = {
    **dict.fromkeys(["CG101", "CG102", "CG103", "CG108"], "it is about files and places"),
    **dict.fromkeys(["CG106", "CG214"], "it would be too long"),
    "CG250": "no document is known that gives it",
    **dict.fromkeys(["CG109", "CG260"], "it is about an overlay"),
    **dict.fromkeys(["CG261", "CG262"], "it takes two documents"),
}
EXAMPLE = r"\A(?:(?!## What to do).)*?```(?:yaml|text)\n(.*?)```"
EXAMPLES = {
    code: found[1]
    for code, text in pages().items()
    if (found := re.search(EXAMPLE, text, re.DOTALL))
}


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    sources = Path(clientgen.__file__).parent.rglob("*.py")
    codes = {code for path in sources for code in re.findall(r'"(CG\d+)"', path.read_text("utf-8"))}

    assert set(pages()) == codes


def test_each_page_has_an_example_where_there_can_be_one() -> None:
    assert set(pages()) - set(EXAMPLES) == set(NO_EXAMPLE)


@pytest.mark.parametrize("code", pages())
def test_a_page_has_title_severity_and_advice(code: str) -> None:
    text = pages()[code]

    assert re.match(rf"# {code}: \S.*\n\n\*\*(error|unsupported|warning)\*\*\n\n", text)
    assert "\n## What to do\n\n" in text


@pytest.mark.parametrize(("code", "example"), EXAMPLES.items())
def test_the_example_of_a_page_gives_its_code_and_severity(
    code: str, example: str, tmp_path: Path
) -> None:
    (tmp_path / "api.yaml").write_text(example)

    told = run("validate", tmp_path / "api.yaml").err

    severity = pages()[code].split("**")[1]
    assert set(re.findall(r"(\w+) (CG\d+):", told)) == {(severity, code)}


def test_a_code_is_explained() -> None:
    assert run("explain", "cg201").out == pages()["CG201"]


def test_all_codes_are_listed() -> None:
    lines = run("explain").out.splitlines()

    assert len(lines) == len(pages())
    assert "CG201  a reference leads nowhere" in lines


def test_an_unknown_code_is_a_mistake() -> None:
    told = run("explain", "CG999")

    assert (told.code, "clientgen explain lists all" in told.err) == (2, True)
