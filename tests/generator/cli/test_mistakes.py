"""A user's mistake costs one line that says where it is, what is wrong and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.generator.cli.command import PETS, ordinary_user, run, tree

DONE, DIFFERENT, BAD_USAGE, BAD_DOCUMENT = 0, 1, 2, 3
COMMANDS = ("generate", "inspect", "validate")
EACH_COMMAND = pytest.mark.parametrize("command", COMMANDS)


def assert_refused(code: int, *parts: str, arguments: tuple[object, ...]) -> None:
    """The command ends with this code and one line that has all parts, and writes nothing."""
    before = tree()
    told = run(*arguments)

    assert (told.code, told.out) == (code, "")
    assert len(told.messages) == 1, told.err
    assert [part for part in parts if part not in told.err] == []
    assert tree() == before


# --- The document ----------------------------------------------------------------------------


@EACH_COMMAND
def test_a_document_must_be_named(command: str) -> None:
    assert_refused(BAD_USAGE, "no document", "name a file", arguments=(command,))


@EACH_COMMAND
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (None, ('"api.yaml"', "there is no such file", "check the path")),
        ("", ("api.yaml:1:1:", "empty")),
        ("- 1", ("api.yaml:1:1:", "CG107")),
        ("hello: 1", ("api.yaml:1:1:", "no OpenAPI document", "`openapi`")),
        ("openapi: 4.0.0", ("api.yaml:1:1:", "version 4.0.0", "use 2.0, 3.0, 3.1 or 3.2")),
        ("openapi: 3.1.0\npaths: {", ("api.yaml:2:", "CG104")),
        ("openapi: 3.1.0\nopenapi: 3.1.0", ("api.yaml:2:1:", "openapi")),
    ],
)
def test_a_document_that_cannot_be_read(
    command: str, text: str | None, parts: tuple[str, ...]
) -> None:
    if text is not None:
        Path("api.yaml").write_text(text)

    assert_refused(BAD_DOCUMENT, "error CG", *parts, arguments=(command, "api.yaml"))


@EACH_COMMAND
def test_a_directory_is_no_document(command: str) -> None:
    assert_refused(BAD_DOCUMENT, '"."', "it is a directory", arguments=(command, "."))


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
def test_a_document_that_may_not_be_read(folder: Path) -> None:
    run("validate", "pets.yaml")  # imports what it needs while it surely can
    Path("pets.yaml").chmod(0)
    arguments = ("validate", "pets.yaml")

    with ordinary_user(folder):
        assert_refused(BAD_DOCUMENT, '"pets.yaml"', "check its permissions", arguments=arguments)


# --- The command line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("generate", "pets.yaml", "--frob"), ("--frob", "generate --help")),
        (("generate", "pets.yaml", "--fail-onn=error"), ("--fail-onn", "--fail-on", "--help")),
        (("generate", "pets.yaml", "--meta", "poetry"), ("--meta", "'poetry'", "'uv', 'none'")),
        (("generate", "pets.yaml", "--output"), ("--output", "argument")),
        (("explain", "CG201", "more"), ("more", "explain --help")),
        (("validate", "pets.yaml", "--fail-on", "bug"), ("--fail-on", "'bug'", "'warning'")),
        (("inspect", "pets.yaml", "--format", "xml"), ("--format", "'xml'", "'json'")),
        (("generat", "pets.yaml"), ("'generat'", "'generate'", "--help")),
        (("--frob",), ("--frob", "--help")),
    ],
)
def test_a_wrong_command_line(arguments: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert_refused(BAD_USAGE, "error: ", *parts, arguments=arguments)


def test_the_bare_command_shows_its_help() -> None:
    told = run()

    assert (told.code, "validate" in told.out) == (BAD_USAGE, True)


@pytest.mark.parametrize("command", ["generate", "inspect"])
@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--package", "pet-store", "no package name"),
        ("--package", "größe", "no package name"),
        ("--package", "9lives", "no package name"),
        ("--package", "../x", "no package name"),
        ("--package", "class", "Python keyword"),
        ("--package", "json", "would hide the module"),
        ("--package", "clientgen_runtime", "would hide the module"),
        ("--client", "Pet-Store", "no class name"),
        ("--client", "petStore", "write it like PetStore"),
        ("--client", "_Pets", "no class name"),
        ("--client", "None", "Python keyword"),
        ("--client", "NotFoundError", "write it like NotFoundErrorApi"),
        ("--client", "Client", "write it like ClientApi"),
    ],
)
def test_a_name_that_cannot_be(command: str, option: str, value: str, reason: str) -> None:
    arguments = (command, "pets.yaml", option, value)

    assert_refused(BAD_USAGE, option, repr(value), reason, arguments=arguments)


# --- Settings --------------------------------------------------------------------------------


def test_a_setting_of_the_environment_that_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_PACKAGE", "class")

    assert_refused(BAD_USAGE, "CLIENTGEN_PACKAGE: 'class'", arguments=("inspect", "pets.yaml"))


@pytest.mark.parametrize("name", ["clientgen.toml", "other.toml"])
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("package = [", ("cannot read {name}: ", "write it as TOML")),
        ("package 3", ("cannot read {name}: ", "line 1")),
        ("packge = 'x'", ("{name}: packge: ", "no such setting", "did you mean package?")),
        ("include-path = []", ("{name}: include-path: ", "did you mean include_path?")),
        ("qqq = 1", ("{name}: qqq: ", "did you mean spec, output, package")),
        ("_env_file = '.env'", ("{name}: _env_file: ", "no such setting")),
        ("package = 3", ("{name}: package: ", "give a text")),
        ("include_path = '/pets'", ("{name}: include_path: ", "give a list of texts")),
        ("exclude_tag = [1]", ("{name}: exclude_tag.0: ", "give a text")),
        ("meta = 'poetry'", ("{name}: meta: ", "'poetry'", "give 'uv' or 'none'")),
        ("output = 3", ("{name}: output: ", "give a path")),
        ("package_version = 'x'", ("{name}: package_version: 'x'", "write it like 1.0.0")),
        ("project_name = '-x'", ("{name}: project_name: '-x'", "write it like pet-store")),
        ("allow_remote_refs = 3", ("{name}: allow_remote_refs: ", "a list of origins")),
        ("allow_remote_refs = ['x']", ("allow_remote_refs: ", '"x"', "https://example.com")),
        ("operations = 3", ("{name}: operations: ", "give tables")),
        ("[operations]\n'GET /pets' = 'x'", ('{name}: operations."GET /pets": ', "give a table")),
        ("[operations.'GET /pets']\ncal = 'x'", ('."GET /pets".cal: ', "did you mean call?")),
        ("[operations.'GET /pets']\ncall = 1", ('."GET /pets".call: ', "give a text")),
        ("[operations.pets]\ncall = 'x.y'", ("{name}: operations: 'pets'", "GET /pets/{petId}")),
        (
            "[operations]\n'GET /pets' = {}\n'get  /pets' = {}",
            ("{name}: operations: 'GET /pets' is there twice",),
        ),
    ],
)
def test_a_configuration_file_that_makes_no_sense(
    name: str, text: str, parts: tuple[str, ...]
) -> None:
    Path(name).write_text(text)
    given = () if name == "clientgen.toml" else ("--config", name)
    wanted = [part.replace("{name}", name) for part in parts]

    assert_refused(BAD_USAGE, *wanted, arguments=("inspect", "pets.yaml", *given))


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\nclientgen = 'x'"])
def test_a_pyproject_whose_table_is_none(text: str) -> None:
    Path("pyproject.toml").write_text(text)

    assert_refused(BAD_USAGE, "pyproject.toml", "[tool.clientgen]", arguments=("inspect", "x"))


@pytest.mark.parametrize(("name", "reason"), [("lost.toml", "No such file"), (".", "directory")])
def test_a_configuration_file_that_is_none(name: str, reason: str) -> None:
    arguments = ("inspect", "pets.yaml", "-c", name)

    assert_refused(BAD_USAGE, name, reason, "check --config", arguments=arguments)


@pytest.mark.parametrize(
    ("operation", "call", "parts"),
    [
        ("GET /pet", "pets.find", ('"GET /pet"', "did you mean 'GET /pets'?")),
        ("PATCH /owners", "x.y", ('"PATCH /owners"', "did you mean 'GET /owners'?")),
        ("GET /pets", "pets.class", ("GET /pets", "'class'", "keyword", "'pets.find'")),
        ("GET /pets", "pets.find it", ("GET /pets", "identifier")),
        ("GET /pets", "", ("GET /pets", "identifier")),
        ("GET /pets", "pets._find", ("GET /pets", "private")),
        ("GET /pets", "close", ("GET /pets", "there already")),
    ],
)
def test_a_rename_that_cannot_be(operation: str, call: str, parts: tuple[str, ...]) -> None:
    Path("clientgen.toml").write_text(f"[operations.'{operation}']\ncall = '{call}'")

    assert_refused(BAD_USAGE, *parts, arguments=("inspect", "pets.yaml"))


@pytest.mark.parametrize(
    ("option", "value", "parts"),
    [
        ("--include-path", "/pet", ("include_path", "'/pet'", "did you mean '/pets'?")),
        ("--include-path", "/pets#POST", ("include_path", "'/pets#POST'")),
        ("--include-tag", "Pets", ("include_tag", "'Pets'", "did you mean 'pets'?")),
    ],
)
def test_a_choice_of_operations_that_there_are_none_of(
    option: str, value: str, parts: tuple[str, ...]
) -> None:
    assert_refused(BAD_USAGE, *parts, arguments=("inspect", "pets.yaml", option, value))


# --- Templates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("README.md.jinja", "a\n{% if %}", ("README.md.jinja:2:", "templates: ")),
        ("README.md.jinja", "a\n{{ nothing }}", ("README.md.jinja:2:", "'nothing' is undefined")),
        ("README.md.jinja", "a\n{{ 1 / 0 }}", ("README.md.jinja:2:", "division by zero")),
        ("README.md.jinja", "{% include 'x' %}", ("README.md.jinja:1:", "no template 'x'")),
        ("README.md.jinja", "{% include 'README.md.jinja' %}", ("templates: ", "recursion")),
        ("README.md.jinja", "\udcff", ("templates: mine:", "not UTF-8")),
        ("_client.py.jinja", "class", ("_client.py:1:", "no valid Python; mend your template")),
        ("readme.jinja", "x", ("replaces none of our templates", "README.md.jinja")),
    ],
)
def test_a_template_that_does_not_work(name: str, text: str, parts: tuple[str, ...]) -> None:
    Path("mine").mkdir()
    Path("mine", name).write_text(text, "utf-8", "surrogateescape")

    assert_refused(BAD_USAGE, *parts, arguments=("generate", "pets.yaml", "--templates", "mine"))


def test_a_folder_of_templates_that_is_not_there() -> None:
    arguments = ("generate", "pets.yaml", "--templates", "mine")

    assert_refused(BAD_USAGE, "templates: mine", "no such folder", arguments=arguments)


# --- The output ------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["pets.yaml", "pets.yaml/below"])
@pytest.mark.parametrize("option", ["--check", "--dry-run", "-q"])
def test_a_file_is_no_output_folder(output: str, option: str) -> None:
    arguments = ("generate", "pets.yaml", "-o", output, option)

    assert_refused(BAD_USAGE, "pets.yaml is a file", "--output", arguments=arguments)


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
@pytest.mark.parametrize("before", [("out",), ()])
def test_a_folder_that_may_not_be_written_to(before: tuple[str, ...], folder: Path) -> None:
    run("generate", "pets.yaml", "-o", "out")
    for place in (Path("out"), *Path("out").rglob("*")):
        place.chmod(0o555 if place.is_dir() else 0o444)
    arguments = ("generate", "pets.yaml", "--client", "Zoo", "-q", "-o", *(before or ("out/new",)))

    with ordinary_user(folder):
        assert_refused(
            BAD_USAGE,
            "Permission denied; nothing has changed, check its permissions, or give another",
            arguments=arguments,
        )

    for place in (Path("out"), *Path("out").rglob("*")):
        place.chmod(0o755)


@pytest.mark.parametrize("name", ["pyproject.toml", "README.md", "src/pet_store/__init__.py"])
def test_a_file_of_somebody_else_is_not_written_over(name: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text("mine = true\n")
    arguments = ("generate", "pets.yaml", "-o", ".")

    parts = (f"{name} was not written by clientgen", "--output", "--force")
    assert_refused(BAD_USAGE, *parts, arguments=arguments)


def test_a_document_cannot_command_the_terminal() -> None:
    Path("api.json").write_text('{"openapi": "3.1.0", "paths": {"/a\\u001b[31m\\nb": 7}}')

    told = run("validate", "api.json")

    assert (told.code, "\x1b" in told.err, len(told.messages)) == (DONE, False, 2)


def test_odd_names_of_files_are_told_as_they_are() -> None:
    name = "[red] :smile: pets.yaml"
    Path(name).write_text(PETS)

    assert f"{name}: 3 operations" in run("validate", name).err
