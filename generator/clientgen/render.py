"""From an SDK to the text of its files. Templates place what `build` decided."""

from __future__ import annotations

import json
import re
import traceback
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)

from clientgen.build._samples import one_line_samples, samples
from clientgen.config import ConfigError
from clientgen.diagnostics import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from clientgen.build import ir
    from clientgen.config import Config

RUNTIME_RANGE = ">=0.1,<0.2"
"""Versions of clientgen-runtime that generated code works with."""

HOMES = {
    "typing": "TYPE_CHECKING Annotated Any Literal TypeAlias overload",
    "collections.abc": "AsyncIterable Iterable Mapping Sequence",
    "datetime": "date datetime time timedelta",
    "uuid": "UUID",
    "decimal": "Decimal",
    "pydantic": "Field",
    "clientgen_runtime.sdk": (
        "ApiModel Base64 Base64Url Binary BinaryInput Date DateTime DecimalNumber DecimalText "
        "Delimited Duration DurationFraction DurationMilliseconds DurationSeconds FROM_SERVER "
        "FileInput HttpDate NumberText OneOf TaggedModel Time UnixTime UnixTimeFraction Xml lazy"
    ),
}
HOME_OF = {name: home for home, names in HOMES.items() for name in names.split()}

UNSAFE_IN_DOCSTRING = re.compile(r'\\|"""')
UNSAFE_AT_ITS_END = re.compile(r'\\|"""|"$')


def render(sdk: ir.Sdk, modules: tuple[ir.ModelModule, ...], config: Config) -> dict[str, str]:
    """Write all files of a package, by their paths in the output folder.

    Raises:
        ConfigError: A template of the user's does not work.
    """
    with _mistakes_in_templates(config.templates):
        return _render(sdk, modules, config)


def _render(sdk: ir.Sdk, modules: tuple[ir.ModelModule, ...], config: Config) -> dict[str, str]:
    environment = _environment(config.templates)
    project = sdk.project
    shared = {
        "project": project,
        "sdk": sdk,
        "modules": modules,
        "runtime_range": RUNTIME_RANGE,
        "clients": ".lib.client" if config.custom_client else "._client",
        "examples": one_line_samples(sdk),
    }
    root = f"src/{project.package}/" if config.meta == "uv" else f"{project.package}/"

    def text(template: str, **values: object) -> str:
        return environment.get_template(template).render(**shared, **values)

    files = {
        f"{root}__init__.py": text("package__init__.py.jinja"),
        f"{root}py.typed": "",
        f"{root}_client.py": text("_client.py.jinja", resource=sdk.root),
        f"{root}resources/__init__.py": text("resources__init__.py.jinja"),
        f"{root}models/__init__.py": text("models__init__.py.jinja"),
        f"{root}testing.py": text("testing.py.jinja"),
        f"{root}testing.json": text("testing.json.jinja"),
    }
    if sdk.inputs.members:
        files[f"{root}models/inputs.py"] = text("models_inputs.py.jinja")
    for resource in sdk.resources:
        files[f"{root}resources/{resource.module}.py"] = text(
            "resource.py.jinja", resource=resource
        )
    for module in modules:
        files[f"{root}models/{module.name}.py"] = text("model.py.jinja", module=module)
    if config.meta == "uv":
        files["pyproject.toml"] = text("pyproject.toml.jinja")
        files["README.md"] = text("README.md.jinja", samples=samples(sdk))
        files["api.md"] = text("api.md.jinja")
        files["tests/test_import.py"] = text("test_import.py.jinja")
        files["tests/test_calls.py"] = text("test_calls.py.jinja")
    return files


def render_once(sdk: ir.Sdk, config: Config) -> dict[str, str]:
    """Write the files that users get once, and that are theirs from then on.

    Raises:
        ConfigError: A template of the user's does not work.
    """
    if not config.custom_client:
        return {}
    with _mistakes_in_templates(config.templates):
        template = _environment(config.templates).get_template("lib_client.py.jinja")
        root = f"src/{sdk.project.package}" if config.meta == "uv" else sdk.project.package
        text = template.render(project=sdk.project)
        return {f"{root}/lib/__init__.py": "", f"{root}/lib/client.py": text}


def _environment(templates: Path | None) -> Environment:
    if templates is None:
        return _own_environment()
    ours = PackageLoader("clientgen_templates", "")
    _refuse_useless(templates, ours.list_templates())
    return _environment_of(ChoiceLoader([FileSystemLoader(templates), ours]))


@cache
def _own_environment() -> Environment:
    # To compile our templates takes as long as all the rest of a small SDK.
    return _environment_of(PackageLoader("clientgen_templates", ""))


def _environment_of(loader: BaseLoader) -> Environment:
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python, TOML and Markdown have their own filters
    )
    environment.filters.update(
        literal=literal,
        line=docstring_line,
        text=docstring_text,
        toml=toml_string,
        json=json_text,
        markdown=markdown_text,
        code=one_line,
        imports=imports,
        in_models=in_models,
    )
    return environment


def _refuse_useless(templates: Path, ours: Iterable[str]) -> None:
    """A folder that replaces no template has been given by mistake."""
    names = [name for name in ours if name.endswith(".jinja")]
    if not templates.is_dir():
        raise ConfigError(f"templates: {templates}: there is no such folder; check the path")
    if not any((templates / name).is_file() for name in names):
        known = ", ".join(names)
        raise ConfigError(f"templates: {templates}: replaces none of our templates: {known}")


@contextmanager
def _mistakes_in_templates(templates: Path | None) -> Iterator[None]:
    """Whatever goes wrong in a template of the user's becomes one line with its place."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        if templates is None:
            raise
        message = f"templates: {_place(error, templates)}: {_reason(error)}"
        raise ConfigError(one_line(message)) from error


def _place(error: Exception, templates: Path) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}"
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = (f"{f.filename}:{f.lineno}" for f in frames if f.filename.endswith(".jinja"))
    return next(places, str(templates))


def _reason(error: Exception) -> str:
    match error:
        case TemplateNotFound():
            return f"there is no template {error.name!r}"
        case TemplateError():
            return str(error.message)
        case UnicodeDecodeError():
            return "a template is not UTF-8; save it as such"
        case _:
            return f"{type(error).__name__}: {error}"


# --- Filters: the only doors through which a document's text enters a file -------------------


def literal(value: object) -> str:
    """A Python literal: text, numbers, and tuples of them."""
    return ascii(value) if _has_odd_characters(value) else repr(value)


def _has_odd_characters(value: object) -> bool:
    return isinstance(value, str) and not value.isprintable()


def docstring_line(value: str) -> str:
    """A line inside a docstring that others follow: it can neither end it nor start an escape."""
    return UNSAFE_IN_DOCSTRING.sub(_escaped, value)


def docstring_text(value: str) -> str:
    """Text inside a docstring that the closing quotes may follow."""
    return UNSAFE_AT_ITS_END.sub(_escaped, value)


def _escaped(found: re.Match[str]) -> str:
    return "".join("\\" + character for character in found[0])


def toml_string(value: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        character if character.isprintable() and character not in '"\\' else _unicode(character)
        for character in value
    )
    return f'"{escaped}"'


def json_text(value: object) -> str:
    """JSON on one line, all of it ASCII."""
    return json.dumps(value, default=str)


def _unicode(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    code = ord(character)
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\U{code:08X}"


def markdown_text(value: str) -> str:
    """Text on one line of Markdown that is read as text."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(value.split()))


def imports(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Modules and what is imported from each, for these names."""
    found: Mapping[str, list[str]] = {home: [] for home in HOMES}
    for name in sorted(names):
        if name in HOME_OF:
            found[HOME_OF[name]].append(name)
    return [(home, sorted(given)) for home, given in found.items() if given]


def in_models(annotation: ir.Annotation) -> str:
    """A type whose models are reached through the package that loads them."""
    return annotation.renamed({model: f"models.{model}" for model in annotation.models})
