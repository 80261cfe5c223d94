"""How much is told, to whom, in what form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientgen import __version__
from clientgen.explain import titles
from tests.generator.cli.command import BROKEN, run

PATHS = "".join(f"  /lost{number}: 7\n" for number in range(9))
LOST = BROKEN + PATHS
UNSUPPORTED = "unsupported CG240"


@pytest.fixture(autouse=True)
def lost() -> None:
    """`lost.yaml` has ten paths that cannot be generated."""
    Path("lost.yaml").write_text(LOST)


def test_diagnostics_of_a_kind_are_told_thrice() -> None:
    told = run("inspect", "lost.yaml").err

    assert told.count(UNSUPPORTED) == 3
    assert "… and 7 more like these; -v tells all" in told


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_the_curious_are_told_all(option: str) -> None:
    assert run("inspect", "lost.yaml", option).err.count(UNSUPPORTED) == 10


@pytest.mark.parametrize("option", ["-q", "--quiet"])
@pytest.mark.parametrize("command", ["generate", "validate"])
def test_the_quiet_hear_nothing_when_nothing_goes_wrong(command: str, option: str) -> None:
    told = run(command, "lost.yaml", option)

    assert (told.code, told.out, told.err) == (0, "", "")


def test_the_quiet_hear_why_a_run_fails() -> None:
    told = run("generate", "lost.yaml", "-q", "-v", "--fail-on", "unsupported")

    assert (told.code, told.err.count(UNSUPPORTED)) == (1, 10)


def test_the_quiet_hear_that_a_check_fails() -> None:
    told = run("generate", "pets.yaml", "-q", "--check")

    assert (told.code, len(told.err.splitlines())) == (1, 1)


def test_the_table_is_for_searching_in() -> None:
    told = run("inspect", "pets.yaml", env={"COLUMNS": "20"})

    assert told.out.splitlines() == [
        "call           operation          named by",
        "pets.list      GET /pets          GET of a collection",
        "pets.retrieve  GET /pets/{petId}  GET of one item",
        "owners.list    GET /owners        GET of a collection",
    ]


@pytest.mark.parametrize("command", ["generate", "inspect", "validate"])
def test_scripts_find_diagnostics_in_one_place(command: str) -> None:
    told = run(command, "lost.yaml", "--format", "json")

    assert (told.code, told.err) == (0, "")
    assert json.loads(told.out)["diagnostics"][0] == {
        "code": "CG240",
        "severity": "unsupported",
        "message": "/lost: a path must be an object; it is left out",
        "file": "lost.yaml",
        "line": 17,
        "column": 3,
        "pointer": "/paths/~1lost",
    }


@pytest.mark.parametrize("command", ["generate", "inspect", "validate"])
def test_scripts_find_what_ends_a_run_in_the_same_place(command: str) -> None:
    told = run(command, "missing.yaml", "--format", "json")

    facts = json.loads(told.out)
    assert (told.code, told.err, list(facts)) == (3, "", ["version", "diagnostics"])
    assert facts["diagnostics"][0]["code"] == "CG101"


# --- Validate --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "code"), [("warning", 1), ("unsupported", 1), ("error", 0), (None, 0)]
)
def test_validate_tells_all_and_fails_on_errors_only(limit: str | None, code: int) -> None:
    told = run("validate", "lost.yaml", *(("--fail-on", limit) if limit else ()))

    assert (told.code, told.err.count(UNSUPPORTED)) == (code, 10)
    assert told.err.endswith("lost.yaml: 3 operations, 10 unsupported parts\n")


def test_validate_says_that_all_is_well() -> None:
    assert run("validate", "pets.yaml").err == "pets.yaml: 3 operations, nothing is wrong\n"


def test_validate_writes_nothing(folder: Path) -> None:
    run("validate", "pets.yaml")

    assert {path.name for path in folder.iterdir()} == {"lost.yaml", "pets.yaml"}


def test_inspect_can_fail_too() -> None:
    assert run("inspect", "lost.yaml", "--fail-on", "unsupported").code == 1


# --- Ignoring --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["generate", "inspect", "validate"])
def test_what_is_ignored_is_not_told_and_makes_no_run_fail(command: str) -> None:
    told = run(command, "lost.yaml", "--ignore", "cg240", "--fail-on", "warning")

    assert (told.code, "CG240" in told.err) == (0, False)


def test_what_is_ignored_can_be_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("clientgen.toml").write_text('ignore = ["CG240"]')
    assert "nothing is wrong" in run("validate", "lost.yaml").err

    Path("clientgen.toml").unlink()
    monkeypatch.setenv("CLIENTGEN_IGNORE", "CG240,CG242")
    assert "nothing is wrong" in run("validate", "lost.yaml").err


def test_errors_are_told_even_so() -> None:
    told = run("validate", "missing.yaml", "--ignore", "CG101")

    assert (told.code, "error CG101" in told.err) == (3, True)


def test_a_code_that_there_is_none_of_is_refused() -> None:
    told = run("validate", "lost.yaml", "--ignore", "CG24")

    assert (told.code, "there is no diagnostic 'CG24'; did you mean" in told.err) == (2, True)


# --- Help ------------------------------------------------------------------------------------


def test_the_version_is_told() -> None:
    told = run("--version")

    assert (told.code, told.out) == (0, f"clientgen {__version__}\n")


@pytest.mark.parametrize("command", ["", "generate", "inspect", "validate"])
def test_help_has_an_example(command: str) -> None:
    told = run(*filter(None, [command]), "--help")

    assert (told.code, f"Example: clientgen {command}".strip() in told.out) == (0, True)


# --- Excerpts --------------------------------------------------------------------------------


def excerpt_of(document: str) -> list[str]:
    Path("api.yaml").write_text(document)
    told = run("validate", "api.yaml").err.splitlines()
    return [line for line in told if line[:2] == "  " and line[:4] != "  = "]


def test_a_diagnostic_shows_its_line_and_place() -> None:
    assert excerpt_of(BROKEN) == ["  17 |   /lost: 7", "     |   ^"]


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    paths = ", ".join(f'"/path{number}": 7' for number in range(9))

    line, caret = excerpt_of(f'{{"openapi": "3.1.0", "info": {{}}, "paths": {{{paths}}}}}')[8:10]

    assert (line[:7], line[-1]) == ("  1 | …", "…")
    assert line[caret.index("^") :].startswith('"/path4": 7')


def test_a_caret_stands_right_below_wide_letters() -> None:
    line, caret = excerpt_of("openapi: 3.1.0\ninfo: {title: 猫}\npaths: {/猫猫: 7, /b: {}}\n")

    assert line.index("/猫猫") == caret.index("^")


def test_a_document_that_cannot_be_parsed_shows_where() -> None:
    Path("api.yaml").write_text("openapi: 3.1.0\npaths: {a: ]}\n")

    assert run("validate", "api.yaml").err.splitlines()[1:] == [
        "  2 | paths: {a: ]}",
        "    |            ^",
    ]


# --- SARIF -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["generate", "inspect", "validate"])
def test_code_scanning_reads_sarif(command: str) -> None:
    log = json.loads(run(command, "lost.yaml", "--format", "sarif").out)

    results = log["runs"][0]["results"]
    assert (log["version"], len(results)) == ("2.1.0", 10)
    assert results[0]["level"] == "error"
    rule = log["runs"][0]["tool"]["driver"]["rules"][results[0]["ruleIndex"]]
    assert (rule["id"], rule["shortDescription"]) == ("CG240", {"text": titles()["CG240"]})
    assert "## What to do" in rule["help"]["markdown"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "lost.yaml"}
    assert place["region"] == {"startLine": 17, "startColumn": 3}


def test_sarif_names_documents_from_where_it_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def uri(name: object) -> str:
        log = json.loads(run("validate", name, "--format", "sarif").out)
        place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        return str(place["artifactLocation"]["uri"])

    Path("sub").mkdir()
    for name in ("lost file.yaml", "../other.yaml"):
        (folder / "sub" / name).write_text(Path("lost.yaml").read_text())
    monkeypatch.chdir("sub")

    assert uri(folder / "sub/lost file.yaml") == "lost%20file.yaml"
    assert uri("../other.yaml") == "../other.yaml"
    assert uri(folder / "other.yaml") == (folder / "other.yaml").as_uri()


def test_sarif_tells_what_ends_a_run() -> None:
    told = run("validate", "nowhere.yaml", "--format", "sarif")

    assert told.code == 3
    assert json.loads(told.out)["runs"][0]["results"][0]["ruleId"] == "CG101"
