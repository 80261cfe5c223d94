"""Reading another configuration, and telling what became of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from clientgen.config import Config, ConfigError, load_configs
from clientgen.load import Loader, LoadError

from . import _openapi_generator, _openapi_python_client, _stainless
from ._made import Made, api_of, mapping, text
from ._toml import as_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clientgen.load import Document, Json

    from ._made import Api, Kind

KINDS: Mapping[Kind, Callable[[Made], None]] = {
    "openapi-python-client": _openapi_python_client.migrate,
    "openapi-generator": _openapi_generator.migrate,
    "stainless": _stainless.migrate,
}
"""What reads each kind of configuration."""

MARKS: Mapping[Kind, frozenset[str]] = {
    "openapi-python-client": _openapi_python_client.MARKS,
    "openapi-generator": _openapi_generator.MARKS,
    "stainless": _stainless.MARKS,
}
"""Settings that tell whose configuration it is."""

OVERLAY = "clientgen.overlay.yaml"
"""What an overlay is called that goes with the configuration."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What came of a configuration.

    Attributes:
        files: Texts of the files to write, by path.
        notes: What the user has to know, as lines with the places that they are about.
    """

    kind: Kind
    files: Mapping[Path, str]
    notes: tuple[str, ...]


def migration(config: Path, kind: Kind | None, spec: str | None, output: Path) -> Migration:
    """Read the configuration of another generator.

    Args:
        config: The file.
        kind: Whose it is; found out when None.
        spec: The OpenAPI document; the one that the configuration names when None.
        output: Where ours is to go.

    Raises:
        LoadError: The document cannot be read.
        ConfigError: The configuration cannot be read, or nobody knows whose it is.
    """
    document = _configuration(config)
    given = _settings(document)
    known = kind or _kind(given, config)
    notes: list[str] = []
    place = spec if spec is not None else _document(given, known)
    api = _api(place, notes, is_asked=spec is not None) if place else None
    made = Made(given, api)
    if place:
        made.settings["spec"] = place
    KINDS[known](made)
    for settings in (made.settings, *map(mapping, mapping(made.settings.get("sdk")).values())):
        for key in {"spec", "output"} & settings.keys():
            settings[key] = _from_folder(text(settings[key]), output.parent)
    if not place:
        notes.append(
            "name the OpenAPI document with --spec: it is read to keep names, and goes into spec"
        )
    lines = [(document.position(each.keys).line if each.keys else 1, each) for each in made.notes]
    for line, note in sorted(lines, key=lambda told: told[0]):
        notes.append(f"{config}:{line}: {'.'.join(map(str, note.keys[-2:]))}: {note.text}")
    return Migration(known, dict(_files(made, output)), tuple(notes))


def problem(output: Path) -> str:
    """What is wrong with a configuration that was written; empty when it works."""
    from clientgen import _pipeline

    try:
        for settings in load_configs({}, output).values():
            for document in settings.spec[:1]:
                _pipeline.plan(document, settings)
    except ConfigError as error:
        return str(error)
    except LoadError as error:
        return error.diagnostic.message
    return ""


def _configuration(config: Path) -> Document:
    try:
        return Loader().load(str(config))
    except LoadError as error:
        where = error.diagnostic.where
        place = f"{where}: " if where else ""
        raise ConfigError(f"{place}{error.diagnostic.message}") from error


def _settings(document: Document) -> dict[str, Json]:
    return document.value if isinstance(document.value, dict) else {}


def _kind(given: Mapping[str, Json], config: Path) -> Kind:
    found = {kind: len(marks & given.keys()) for kind, marks in MARKS.items()}
    best = max(found, key=lambda kind: found[kind])
    if not found[best]:
        choices = ", ".join(KINDS)
        raise ConfigError(
            f"{config}: nothing tells whose configuration this is; say --from {choices}"
        )
    return best


def _document(given: dict[str, Json], kind: Kind) -> str:
    return _openapi_generator.document_of(given) if kind == "openapi-generator" else ""


def _api(spec: str, notes: list[str], *, is_asked: bool) -> Api | None:
    from clientgen import _pipeline

    try:
        return api_of(_pipeline.plan(spec, Config()))
    except LoadError as error:
        if is_asked:
            raise
        told = error.diagnostic.message
        notes.append(f"{told}; names of calls are not kept, unless --spec names the document")
        return None


def _from_folder(path: str, folder: Path) -> str:
    """A document or a folder as the configuration names it: paths start from its folder."""
    return path if "://" in path else Path(os.path.relpath(path, folder)).as_posix()


def _files(made: Made, output: Path) -> Mapping[Path, str]:
    settings, files = made.settings, {}
    if made.overlay:
        settings["overlays"] = [OVERLAY]
        told = {
            "overlay": "1.0.0",
            "info": {"title": "What was configured elsewhere", "version": "1"},
            "actions": made.overlay,
        }
        files[output.parent / OVERLAY] = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
    order = [*Config.model_fields, "sdk"]
    files[output] = as_toml({key: settings[key] for key in order if key in settings})
    return files
