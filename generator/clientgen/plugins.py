"""Plugins: passes over an SDK before it is written, and further files of it.

A plugin is a class that extends `Plugin`, and that its distribution names in the group
`clientgen.plugins` of its entry points:

    [project.entry-points."clientgen.plugins"]
    cli = "clientgen_cli:CliPlugin"

What is public here, and `clientgen.build.ir`, stays as it is while `API_VERSION` does; new names
and new attributes with defaults may come.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from clientgen.build import ir
from clientgen.config import ConfigError, close_match
from clientgen.diagnostics import one_line
from clientgen.write import RELATIVE_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["API_VERSION", "GROUP", "Output", "Plugin", "PluginError"]

API_VERSION = 1
"""The version of what plugins and clientgen say to each other."""

GROUP = "clientgen.plugins"
"""The group of entry points that names plugins."""


class PluginError(Exception):
    """What a plugin raises when it cannot do what it was asked for; one line for the user."""


@dataclass(frozen=True, slots=True)
class Output:
    """What is about to be written.

    Attributes:
        sdk: The SDK, with the changes of all plugins.
        models: Its models, by module.
        package: The folder of the package in the output, such as `src/pet_store`.
        is_project: Whether there is more than the package: a `pyproject.toml`, a README.
    """

    sdk: ir.Sdk
    models: tuple[ir.ModelModule, ...]
    package: str
    is_project: bool


class Plugin(BaseModel):
    """Base of plugins; its fields are the options that `[plugins.NAME]` takes.

    Attributes:
        api_version: The `API_VERSION` that the plugin was written for; every plugin states it.

    Example:
        >>> class Shout(Plugin):
        ...     api_version = 1
        ...     mark: str = "!"
        ...
        ...     def files(self, output: Output) -> Mapping[str, str]:
        ...         return {"SHOUT.md": output.sdk.project.title + self.mark}
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_version: ClassVar[int]

    def change(self, sdk: ir.Sdk) -> ir.Sdk:
        """The SDK as it is to be written; by default as it is.

        Args:
            sdk: What clientgen and the plugins before this one have decided. It is frozen: use
                `dataclasses.replace`.

        Raises:
            PluginError: The plugin cannot do what it was asked for.
        """
        return sdk

    def files(self, output: Output) -> Mapping[str, str]:
        """Further files, by path in the output folder; by default none.

        They are formatted and locked like all others. A path that is taken is refused.

        Args:
            output: What is about to be written.

        Raises:
            PluginError: The plugin cannot do what it was asked for.
        """
        return {}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin with its options, under the name that the configuration uses."""

    name: str
    plugin: Plugin


# --- Finding them ----------------------------------------------------------------------------


def load(wanted: Mapping[str, Mapping[str, object]]) -> tuple[Loaded, ...]:
    """The plugins that the configuration asks for, in its order.

    Args:
        wanted: Options by the name of the plugin.

    Raises:
        ConfigError: There is no such plugin, it does not work, or its options make no sense.
    """
    return tuple(Loaded(name, _loaded(name, options)) for name, options in wanted.items())


def versions(wanted: Mapping[str, object]) -> dict[str, str]:
    """Distribution and version of each plugin, for the lock file; without loading them."""
    known = installed() if wanted else {}
    return {f"plugin {name}": _origin(known[name]) for name in wanted if name in known}


def installed() -> dict[str, EntryPoint]:
    """The plugins that are installed, by name."""
    # The first one counts, as for modules; a checkout comes before what is installed.
    return {each.name: each for each in reversed([*entry_points(group=GROUP)])}


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _loaded(name: str, options: Mapping[str, object]) -> Plugin:
    entry = _entry(name)
    kind = _class(entry)
    with _told_by_name(name):
        try:
            return kind(**options)
        except ValidationError as error:
            raise ConfigError(_wrong_options(name, kind, error)) from error


def _entry(name: str) -> EntryPoint:
    known = installed()
    if name not in known:
        near = close_match(name, known)
        advice = near or "; install the distribution that has it"
        raise ConfigError(f"plugins: there is no plugin {name!r}{advice}")
    return known[name]


def _class(entry: EntryPoint) -> type[Plugin]:
    place = f"plugin {entry.name} ({_origin(entry)})"
    try:
        found = entry.load()
    except Exception as error:
        told = one_line(f"{type(error).__name__}: {error}")
        raise ConfigError(f"{place}: cannot be imported: {told}") from error
    if not (isinstance(found, type) and issubclass(found, Plugin)):
        raise ConfigError(f"{place}: {entry.value} is no subclass of clientgen.plugins.Plugin")
    stated = getattr(found, "api_version", None)
    if stated != API_VERSION:
        reason = f"states api_version {stated}, and this clientgen has {API_VERSION}"
        raise ConfigError(f"{place}: {reason}; install versions that go together")
    return found


def _wrong_options(name: str, kind: type[Plugin], error: ValidationError) -> str:
    return "; ".join(
        f"plugins.{name}.{'.'.join(map(str, entry['loc']))}: {_told(entry['msg'], kind, entry)}"
        for entry in error.errors()
    )


def _told(message: str, kind: type[Plugin], entry: object) -> str:
    match entry:
        case {"type": "extra_forbidden", "loc": (option, *_)}:
            known = ", ".join(kind.model_fields) or "it takes none"
            near = close_match(str(option), kind.model_fields)
            return f"there is no such option{near or f' ({known})'}"
        case _:
            return message[:1].lower() + message[1:]


# --- Asking them -----------------------------------------------------------------------------


def changed(sdk: ir.Sdk, loaded: tuple[Loaded, ...]) -> ir.Sdk:
    """The SDK after the passes of all plugins, one after the other.

    Raises:
        ConfigError: A plugin fails, or gives something else.
    """
    for each in loaded:
        with _told_by_name(each.name):
            sdk = each.plugin.change(sdk)
        if not isinstance(sdk, ir.Sdk):
            raise ConfigError(f"plugin {each.name}: change() gave no Sdk; report it to its authors")
    return sdk


def further_files(
    output: Output, loaded: tuple[Loaded, ...], taken: Mapping[str, str]
) -> dict[str, str]:
    """The files that plugins add.

    Args:
        output: What is about to be written.
        loaded: The plugins.
        taken: The files that clientgen itself writes.

    Raises:
        ConfigError: A plugin fails, or a file of it cannot be written.
    """
    found: dict[str, str] = {}
    for each in loaded:
        with _told_by_name(each.name):
            given = dict(each.plugin.files(output))
        for path, text in given.items():
            _check(each.name, path, text, {**taken, **found})
        found.update(given)
    return found


def _check(name: str, path: object, text: object, taken: Mapping[str, str]) -> None:
    problem = _problem(path, text, taken)
    if problem:
        raise ConfigError(f"plugin {name}: {path}: {problem}; report it to its authors")


def _problem(path: object, text: object, taken: Mapping[str, str]) -> str:
    if not isinstance(path, str) or not isinstance(text, str):
        return "files() gives texts by paths"
    if not RELATIVE_PATH.fullmatch(path):
        return "no path in the output folder"
    if path in taken:
        return "this file is generated already"
    if path.endswith(".py"):
        try:
            ast.parse(text)
        except (SyntaxError, ValueError) as error:
            return one_line(f"no valid Python: {error}")
    return ""


@contextmanager
def _told_by_name(name: str) -> Iterator[None]:
    """Whatever a plugin raises becomes one line that says whose it is."""
    try:
        yield
    except ConfigError:
        raise
    except PluginError as error:
        raise ConfigError(one_line(f"plugin {name}: {error}")) from error
    except Exception as error:
        told = one_line(f"{type(error).__name__}: {error}")
        raise ConfigError(f"plugin {name}: {told}; report it to its authors") from error
