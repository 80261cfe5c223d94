"""The whole program, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientgen import plugins, write
from clientgen.build import build, ir
from clientgen.config import Config, ConfigError
from clientgen.diagnostics import Diagnostics
from clientgen.join import joined, refuse_twice
from clientgen.load import ALL, Loader
from clientgen.lock import NAME as LOCK
from clientgen.models import models
from clientgen.overlay import overlaid
from clientgen.progress import silent
from clientgen.rename import renamed
from clientgen.render import render, render_once
from clientgen.resolve import resolve
from clientgen.retype import retyped
from clientgen.select import about_selected, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clientgen.build._types import Types
    from clientgen.load import Document
    from clientgen.progress import Report
    from clientgen.resolve.spec import Spec


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be generated, before any text is written."""

    spec: Spec
    sdk: ir.Sdk
    types: Types
    diagnostics: Diagnostics
    documents: tuple[Document, ...]
    plugins: tuple[plugins.Loaded, ...] = ()


def plan(sources: str | Sequence[str], config: Config, report: Report = silent) -> Plan:
    """Read a document, or several, and decide on the SDK; tells `report` of its stages.

    Raises:
        LoadError: The document cannot be read, or is no OpenAPI document.
        ConfigError: A setting does not fit the document, or a plugin fails.
    """
    loaded = plugins.load(config.plugins)
    report("read")
    found, diagnostics = Diagnostics(config.ignore), Diagnostics(config.ignore)
    loader = _loader(config)
    documents = [loader.load(each) for each in ([sources] if isinstance(sources, str) else sources)]
    if config.overlays:
        overlays = [loader.load(str(path)) for path in config.overlays]
        documents = overlaid(documents, overlays, diagnostics)
        for document in documents:
            loader.amend(document)
    report("resolve")
    whole = joined([resolve(each, loader, found, config.formats) for each in documents], found)
    report("build")
    spec = renamed(retyped(select(whole, config), whole, config), whole, config)
    refuse_twice(spec.operations)
    for diagnostic in about_selected(found, whole, spec, config):
        diagnostics.add(diagnostic)
    sdk, types = build(spec, config, diagnostics)
    sdk = plugins.changed(sdk, loaded)
    return Plan(spec, sdk, types, diagnostics, loader.documents, loaded)


def files(planned: Plan, config: Config, report: Report = silent) -> dict[str, str]:
    """The files of the SDK, by path in the output folder; tells `report` of its stages.

    Raises:
        ConfigError: A template of the user's does not work, or a plugin fails.
        WriteError: A template gave no valid Python.
    """
    report("models")
    modules = models(planned.spec, planned.types, planned.diagnostics)
    report("render")
    texts = render(planned.sdk, modules, config)
    is_project, package = config.meta == "uv", planned.sdk.project.package
    folder = f"src/{package}" if is_project else package
    output = plugins.Output(planned.sdk, modules, folder, is_project)
    further = plugins.further_files(output, planned.plugins, texts)
    report("format")
    return write.formatted({**texts, **further})


def files_once(planned: Plan, config: Config) -> dict[str, str]:
    """Files that are written when they are not there, and are the user's from then on.

    Raises:
        ConfigError: A template of the user's does not work.
        WriteError: A template gave no valid Python.
    """
    files = render_once(planned.sdk, config)
    return write.formatted(files) if files else {}


def output_folder(planned: Plan, config: Config) -> Path:
    """Where the SDK goes."""
    return config.output or Path(planned.sdk.project.name)


def lock_path(planned: Plan, config: Config) -> str:
    """Where the lock file stands in the output folder."""
    return LOCK if config.meta == "uv" else f"{planned.sdk.project.package}/{LOCK}"


def _loader(config: Config) -> Loader:
    allowed = config.allow_remote_refs
    origins = allowed if isinstance(allowed, tuple) else ALL if allowed else ()
    try:
        return Loader(allowed_origins=origins)
    except ValueError as error:
        raise ConfigError(f"allow_remote_refs: {error}") from error
