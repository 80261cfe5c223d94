"""Write what is taken from the program into the documentation: `python docs/generate.py`.

These are the pages of the reference, and the generated code that the README shows.
"""

from __future__ import annotations

import ast
import inspect
import re
import runpy
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from typer.models import ArgumentInfo

from clientgen import _pipeline, cli, explain
from clientgen.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typer.models import ParameterInfo

DOCS = Path(__file__).parent
TAKEN = "<!-- Written by docs/generate.py. -->"


def pages() -> dict[Path, str]:
    """Text of each page that has something taken from the program."""
    reference, readme = DOCS / "reference", DOCS.parent / "README.md"
    return {
        reference / "cli.md": command_line(),
        reference / "diagnostics.md": diagnostics(),
        **{reference / "diagnostics" / f"{code}.md": f"{TAKEN}\n{t}" for code, t in explained()},
        reference / "runtime.md": runtime(),
        reference / "clientgen.schema.json": configuration(),
        readme: with_generated_code(readme.read_text(encoding="utf-8")),
    }


# --- The runtime ---------------------------------------------------------------------------


def runtime() -> str:
    """All public names of the runtime; a program of its own tells of them, to tests as well."""
    program = runpy.run_path(str(DOCS / "runtime_api.py"))
    return f"{TAKEN}\n{program['page']()}"


def configuration() -> str:
    """What editors know of `clientgen.toml`."""
    program = runpy.run_path(str(DOCS / "config_schema.py"))
    return str(program["text"]())


# --- Generated code ------------------------------------------------------------------------

SHOWN = re.compile(r"(<!-- generated: (\S+) (.*?) -->\n```python\n).*?(?=```)", re.DOTALL)


def with_generated_code(text: str) -> str:
    """A page with the current code of the pet store's SDK in its marked blocks."""
    config = Config(meta="none", package="pet_store")
    planned = _pipeline.plan(str(DOCS.parent / "sample_specs" / "pet_store.yaml"), config)
    files = _pipeline.files(planned, config)

    def shown(found: re.Match[str]) -> str:
        source = files[f"pet_store/{found[2]}"]
        return found[1] + "\n\n".join(_definition(source, name) for name in found[3].split())

    return SHOWN.sub(shown, text)


def _definition(source: str, name: str) -> str:
    """A definition of a module, or a method with the head of its class."""
    owner, _, member = name.rpartition(".")
    body = ast.parse(source).body
    if not owner:
        return _lines(source, next(node for node in body if _name(node) == member))
    (holder,) = (n for n in body if isinstance(n, ast.ClassDef) and n.name == owner)
    method = next(node for node in holder.body if _name(node) == member)
    head = source.splitlines()[holder.lineno - 1 : holder.body[0].end_lineno]
    return "\n".join([*head, "", _lines(source, method)])


def _lines(source: str, node: ast.stmt) -> str:
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno]) + "\n"


def _name(node: ast.stmt) -> str:
    target = node.target if isinstance(node, ast.AnnAssign) else node
    return str(getattr(target, "name", None) or getattr(target, "id", None))


# --- The command line ----------------------------------------------------------------------


def command_line() -> str:
    """All commands with their options."""
    parts = [f"{TAKEN}\n# Command line"]
    for command in cli.app.registered_commands:
        function = command.callback
        assert function is not None
        summary = (inspect.getdoc(function) or "").partition("\n\n")[0]
        parts += [f"## `clientgen {command.name or function.__name__}`", " ".join(summary.split())]
        parts.append("| option | meaning |\n|---|---|\n" + "\n".join(_options(function)))
    codes = (
        "| code | meaning |\n|---|---|\n"
        "| 0 | done |\n"
        "| 1 | `--check` found a difference, or `--fail-on` was met |\n"
        "| 2 | bad arguments or configuration |\n"
        "| 3 | the document cannot be read or is no OpenAPI document |"
    )
    return "\n\n".join([*parts, "## Exit codes", codes]) + "\n"


def _options(function: Callable[..., object]) -> Iterator[str]:
    for parameter in inspect.signature(function, eval_str=True).parameters.values():
        plain, told = typing.get_args(parameter.annotation)
        written = ", ".join(f"`{name}`" for name in _names(parameter.name, told))
        choices = ", ".join(f"`{choice}`" for choice in _choices(plain))
        meaning = f"{_markdown(told.help)}{f' One of {choices}.' if choices else ''}"
        yield f"| {written} | {meaning} |"


def _names(name: str, told: ParameterInfo) -> list[str]:
    """How a parameter is written; typer takes the first name for a default until it runs."""
    if told.metavar and isinstance(told, ArgumentInfo):
        return [told.metavar]
    given = [str(part) for part in (told.default, *(told.param_decls or ()))]
    return [part for part in given if part.startswith("-")] or [f"--{name.replace('_', '-')}"]


def _choices(hint: object) -> Iterator[str]:
    for part in (hint, *typing.get_args(hint)):
        if typing.get_origin(part) is Literal:
            yield from typing.get_args(part)


# --- Diagnostics ---------------------------------------------------------------------------


def explained() -> Iterable[tuple[str, str]]:
    """The page of each code; `clientgen explain` prints the same."""
    return explain.pages().items()


def diagnostics() -> str:
    """All codes with their severity and what they are about."""
    severities = {code: text.split("**")[1] for code, text in explained()}
    rows = "".join(
        f"\n| [`{code}`](diagnostics/{code}.md) | {severities[code]} | {_markdown(title)} |"
        for code, title in explain.titles().items()
    )
    return (
        f"{TAKEN}\n# Diagnostics\n\n"
        "Each is told with file, line and column. An **error** ends the run. What is "
        "**unsupported** is left out, and everything else is generated. A **warning** says that "
        "the document breaks a rule and that its obvious meaning was taken. "
        "`clientgen explain CODE` prints the page of one.\n\n"
        f"| code | severity | |\n|---|---|---|{rows}\n\n"
        "```{toctree}\n:hidden:\n:glob:\n\ndiagnostics/*\n```\n"
    )


def _markdown(text: str) -> str:
    """Text for a cell of a table; code in backticks stays as it is."""
    plain = text.replace("\\[", "[").replace("|", "\\|")
    return re.sub(r"<([\w-]+)>", r"`<\1>`", plain)


if __name__ == "__main__":
    for page, text in pages().items():
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, encoding="utf-8")
