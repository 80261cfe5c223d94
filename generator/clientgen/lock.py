"""What was generated last time: the lock file of an output folder.

Little is imported here, so that a run which has nothing to do is over at once.

It says what was read, with which settings and which version, and keeps the files as they were
generated, so that what users changed in them is known, kept, and merged.
"""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from os.path import abspath
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from clientgen import __version__
from clientgen.write import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.load import Document, Json

NAME = "clientgen.lock"
VERSION = 1
_ADVICE = "restore it, or delete it and run with --force"


@dataclass(frozen=True, slots=True)
class Lock:
    """What an output folder was made of.

    Attributes:
        sources: Digests of the documents that were read, the entry first; files by their path
            from its folder, others by URL.
        settings: Digest of the configuration and of templates of the user's.
        files: The files as they were generated, by path in the output folder.
        versions: What generated them.
        edited: Digests of files that users changed, as the last run left them.
        version: Version of the generated distribution.
        surface: What callers see of the SDK, for comparing; see `clientgen.diff`.
        once: Files that were generated once, and are the user's.
    """

    sources: Mapping[str, str]
    settings: str
    files: Mapping[str, str]
    versions: Mapping[str, str]
    edited: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    surface: Mapping[str, Json] = field(default_factory=dict)
    once: tuple[str, ...] = ()

    def text(self) -> str:
        """The lock file."""
        kept = {"files": dict(self.files), "surface": dict(self.surface)}
        content = json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()
        told: dict[str, Json] = {
            "about": "Written by clientgen; commit it, and do not edit it.",
            "version": VERSION,
            "versions": dict(self.versions),
            "package_version": self.version,
            "sources": dict(self.sources),
            "settings": self.settings,
            "files": {path: sha256(text) for path, text in sorted(self.files.items())},
            "edited": dict(sorted(self.edited.items())),
            **({"once": [*self.once]} if self.once else {}),
            "generated": base64.b64encode(zlib.compress(content, 9)).decode(),
        }
        return json.dumps(told, indent=1) + "\n"


def read_lock(path: Path) -> Lock | None:
    """The lock of an output folder; None when there is none.

    Raises:
        WriteError: It cannot be read, or a newer clientgen wrote it.
    """
    with _damage_told(path):
        told = _told(path)
        if told is None:
            return None
        kept = json.loads(zlib.decompress(base64.b64decode(told["generated"], validate=True)))
        return Lock(
            sources=dict(told["sources"]),
            settings=str(told["settings"]),
            files={str(name): str(file) for name, file in kept["files"].items()},
            versions=dict(told["versions"]),
            edited=dict(told["edited"]),
            version=str(told["package_version"]),
            surface=dict(kept["surface"]),
            once=tuple(map(str, told.get("once", ()))),
        )


def _told(path: Path) -> dict[str, Any] | None:
    """What a lock says in the open; None when there is none."""
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise WriteError(f"cannot read {path}: {error}; {_ADVICE}") from error
    if text.startswith("<<<<<<< ") or "\n<<<<<<< " in text:
        advice = "take it from either side, such as by git checkout --ours, and generate again"
        raise WriteError(f"{path} has conflicts of a merge; {advice}")
    told: dict[str, Any] = json.loads(text)
    if told["version"] > VERSION:
        newer = told["versions"]["clientgen"]
        raise WriteError(f"{path} is of a newer clientgen; install clientgen {newer}")
    return told


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise WriteError(f"{path} is damaged; {_ADVICE}") from error


def find_lock(place: Path) -> Lock | None:
    """The lock that a user names: the file, or the folder that it stands in; None without one.

    Raises:
        WriteError: As for `read_lock`.
    """
    if place.name == NAME:
        return read_lock(place)
    return read_lock(place / NAME) if place.is_dir() else None


def make_lock(
    planned: Plan,
    config: Config,
    files: Mapping[str, str],
    edited: Mapping[str, str],
    once: Iterable[str] = (),
) -> Lock:
    """What is generated now.

    Args:
        planned: The SDK.
        config: With which settings.
        files: The files as they are generated, by path in the output folder.
        edited: Those that users changed, as they are to be.
        once: Files that are generated once.
    """
    from clientgen.diff import stored, surface

    documents = planned.documents
    return Lock(
        sources={_source_name(each, documents[0]): each.sha256 for each in documents},
        settings=_settings_digest(config),
        files=dict(files),
        versions=_versions(config),
        edited={path: sha256(text) for path, text in edited.items()},
        version=planned.sdk.project.version,
        surface=stored(surface(planned)),
        once=tuple(once),
    )


def current_sources(path: Path, config: Config, output: Path) -> list[Path] | None:
    """What an output was made of, when the same would be generated again, and is there.

    Neither the document is read nor what the lock keeps; only digests are compared. That can be
    done for files alone: a document from elsewhere never counts as the same.

    Args:
        path: The lock file.
        config: The settings of now.
        output: The output folder.

    Returns:
        Where the documents stand, the entry first; None when there is something to do.

    Raises:
        WriteError: As for `read_lock`.
    """
    with _damage_told(path):
        told = _told(path)
        if told is None or not _is_set_alike(told, config):
            return None
        given = [*map(Path, config.spec), *config.overlays]
        entry, names = given[0], [*told["sources"]]
        if names[:1] != [entry.name]:
            return None
        if not all((output / name).exists() for name in told.get("once", ())):
            return None
        sources = [entry, *(entry.parent / name for name in names[1:])]
        # What is given comes first. Another file can be called like one of before.
        if [*map(abspath, sources[: len(given)])] != [*map(abspath, given)]:
            return None
        wanted = [*zip(sources, told["sources"].values(), strict=True)]
        wanted += [
            (output / name, each) for name, each in {**told["files"], **told["edited"]}.items()
        ]
    return sources if all(_digest(each) == digest for each, digest in wanted) else None


def _is_set_alike(told: Mapping[str, Any], config: Config) -> bool:
    if told["versions"] != _versions(config) or told["settings"] != _settings_digest(config):
        return False
    has_version = "package_version" in config.model_fields_set
    return not has_version or told["package_version"] == config.package_version


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""


def sha256(content: str | bytes) -> str:
    """Hexadecimal digest of a text, which is the same with the line ends of any system."""
    given = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(given.replace(b"\r\n", b"\n")).hexdigest()


def _source_name(document: Document, entry: Document) -> str:
    """How a document is called on every machine, without what could be secret in its URL."""
    parts = urlsplit(document.uri)
    if parts.scheme in ("http", "https"):
        return urlunsplit((parts.scheme, parts.hostname or "", parts.path, "", ""))
    if document is entry:
        return unquote(parts.path.rpartition("/")[2]) or "-"
    folder = urlsplit(entry.uri).path.rpartition("/")[0] or "/"
    return unquote(posixpath.relpath(parts.path, folder))


_NO_MATTER = {"spec", "output", "overlays", "templates", "fail_on", "ignore", "package_version"}
"""Settings that are told otherwise, or do not decide on the output."""


def _settings_digest(config: Config) -> str:
    told = config.model_dump(mode="json", exclude=_NO_MATTER)
    if len(config.spec) > 1:
        told["merged"] = [Path(each).name for each in config.spec]
    if config.overlays:
        told["overlays"] = [path.name for path in config.overlays]
    if config.templates is not None:
        told["templates"] = {
            path.relative_to(config.templates).as_posix(): sha256(path.read_bytes())
            for path in sorted(config.templates.rglob("*"))
            if path.is_file()
        }
    return sha256(json.dumps(told, sort_keys=True))


def _versions(config: Config) -> dict[str, str]:
    others = ("datamodel-code-generator", "ruff")
    known = {"clientgen": __version__, **{name: version(name) for name in others}}
    if not config.plugins:
        return known
    from clientgen import plugins

    return {**known, **plugins.versions(config.plugins)}
