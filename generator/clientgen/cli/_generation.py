"""One run of `clientgen generate`, and what is told of it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from clientgen.telling import Stderr, counted, counts, has_failed, tell, tree

from ._mistakes import DIFFERENT, UnfinishedError, fail, mistakes
from ._scripts import print_for_scripts, printed_together

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.diff import Comparison
    from clientgen.lock import Lock
    from clientgen.update import Update
    from clientgen.write import Changes


@dataclass
class Generation:
    """One run of `generate`, and what it read."""

    check: bool
    looks_only: bool
    force: bool
    bump: bool
    output_format: str
    quiet: bool
    verbose: bool
    sources: list[Path] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def all(self, several: list[Config]) -> None:
        """Generate each SDK, and leave with the worst exit code of them."""
        codes = []
        self.places.clear()
        with printed_together(self.output_format, len(several)):
            for settings in several:
                try:
                    self(settings)
                except typer.Exit as left:
                    codes.append(left.exit_code)
        if codes:
            raise typer.Exit(max(codes))

    def __call__(self, settings: Config) -> None:
        """Generate, and tell what came of it."""
        is_plain = self.output_format == "text" and not (self.force or self.verbose or self.bump)
        if is_plain and not settings.fail_on:
            with mistakes(self.output_format):
                is_unchanged = self._is_unchanged(settings)
            if is_unchanged:
                if not self.quiet:
                    Stderr().print(f"{settings.output}: nothing has changed since the last time")
                return
        from clientgen import _pipeline, lock, progress, write
        from clientgen.bump import versioned
        from clientgen.update import update

        quiet = self.quiet or self.output_format != "text"
        with (
            mistakes(self.output_format),
            progress.shown(quiet=quiet) as report,
            ExitStack() as held,
        ):
            planned = _pipeline.plan(settings.spec, settings, report)
            self.sources += [path for each in planned.documents if (path := each.path)]
            folder = _pipeline.output_folder(planned, settings)
            lock_path = _pipeline.lock_path(planned, settings)
            place = (folder / lock_path).parent
            self._take(place)
            if not self.looks_only:
                held.enter_context(write.alone(place, lambda: self._tell_of_waiting(folder)))
            is_completed = self._complete(folder, place)
            before = lock.read_lock(folder / lock_path)
            planned, comparison = versioned(planned, settings, before, bump=self.bump)
            files = _pipeline.files(planned, settings, report)
            report("write")
            once = _pipeline.files_once(planned, settings)
            found = update(files, before, folder, once=once, force=self.force)
            now = lock.make_lock(planned, settings, files, found.edited(files), once)
            if now != before:  # The same can be compressed to other bytes elsewhere.
                found.texts[lock_path] = now.text()
            failed = has_failed(planned.diagnostics, settings.fail_on)
            looks_only = self.looks_only or failed
            if looks_only:
                changed = write.changes(found.texts, folder, found.removed)
            else:
                changed = write.write(found.texts, folder, found.removed, waiting=place)
        if self.output_format != "text":
            print_for_scripts(
                self.output_format,
                output=str(folder),
                written=not looks_only,
                added=list(changed.added),
                changed=list(changed.changed),
                removed=list(changed.removed),
                kept=list(found.kept),
                merged=list(found.merged),
                edited=list(now.edited),
                conflicts=list(found.conflicts),
                package_version=planned.sdk.project.version,
                diagnostics=planned.diagnostics,
            )
        else:
            tell(planned.diagnostics, settings.fail_on, quiet=self.quiet, verbose=self.verbose)
            if is_completed and not self.quiet:
                Stderr().print(f"{folder}: the last run was cut short; it is completed now")
            if not self.quiet and not failed:
                _tell_of_edits(found, now.edited, before, folder)
                _summary(planned, changed, folder, looks_only=looks_only, as_list=self.check)
            if comparison is not None:
                _tell_of_version(planned, comparison)
        if found.conflicts:
            fail(_conflicts(found, folder, looks_only=looks_only), DIFFERENT)
        if failed or (self.check and changed):
            fail(_why(failed, settings, folder), DIFFERENT)

    def _is_unchanged(self, settings: Config) -> bool:
        """Whether the output is known to be up to date; false when that cannot be told at once."""
        from clientgen import lock, write

        folder = settings.output
        if folder is None:
            return False
        place = folder if settings.meta == "uv" else folder / (settings.package or "")
        if write.has_leftovers(place):
            return False
        sources = lock.current_sources(place / lock.NAME, settings, folder)
        if sources is None:
            return False
        self._take(place)
        self.sources += sources
        return True

    def _take(self, place: Path) -> None:
        """Take a place for one SDK; another one there would remove its files."""
        from clientgen.config import ConfigError

        # A place can be written in several ways.
        real = os.path.realpath(place)
        if real in self.places:
            raise ConfigError(f"{place} is where another SDK goes; give each its own output")
        self.places.add(real)

    def _tell_of_waiting(self, folder: Path) -> None:
        if not self.quiet:
            Stderr().print(f"{folder}: another run is at work there; this one waits for it")

    def _complete(self, folder: Path, place: Path) -> bool:
        """Complete what a killed run has begun; whether there was anything."""
        from clientgen import write

        if not self.looks_only:
            return write.finish(folder, place)
        if write.is_unfinished(place):
            advice = "run clientgen generate, which completes it"
            raise UnfinishedError(f"{folder} is half new: the last run was cut short; {advice}")
        return False


# --- Telling what was done --------------------------------------------------------------------


def _summary(
    planned: Plan, changed: Changes, folder: Path, *, looks_only: bool, as_list: bool
) -> None:
    console = Stderr()
    if looks_only:
        kinds = {"new": changed.added, "changed": changed.changed, "removed": changed.removed}
        files = {path: kind for kind, paths in kinds.items() for path in paths}
        if as_list:
            lines = [f"{kind:<7}  {folder / path}" for path, kind in files.items()]
        else:
            lines = tree(str(folder), files)
        for line in lines:
            console.print(line)
    count = counted(len(planned.spec.operations), "operation")
    done = "would change" if looks_only else "written"
    end = f"{counted(len(changed), 'file')} {done} in" if changed else "up to date in"
    found = f"; {counts(planned.diagnostics)}" if planned.diagnostics else ""
    console.print(f"{planned.sdk.project.package}: {count}, {end} {folder}{found}")


def _tell_of_edits(
    found: Update, edited: Mapping[str, str], before: Lock | None, folder: Path
) -> None:
    console = Stderr()
    known = before.edited if before else {}
    for path in edited:
        if edited[path] != known.get(path) and path not in found.merged:
            console.print(f"edited   {folder / path}: kept as it is")
    for path in found.merged:
        console.print(f"merged   {folder / path}: it was edited, and has changed")
    for path in found.kept:
        console.print(f"kept     {folder / path}: it was edited, and is generated no more")


def _tell_of_version(planned: Plan, comparison: Comparison) -> None:
    from clientgen.diff import as_changelog, count, summary

    # Below 1.0.0 the next version is another one than the changes ask for.
    told = count(comparison) if comparison.changes else summary(comparison)
    Stderr().print(f"version {planned.sdk.project.version}: {told}")
    if comparison.changes:
        typer.echo(as_changelog(comparison))


def _conflicts(found: Update, folder: Path, *, looks_only: bool) -> str:
    places = ", ".join(str(folder / path) for path in found.conflicts)
    if looks_only:
        return f"edits conflict with what would be generated in {places}; generate marks the places"
    return f"edits conflict with what is generated in {places}; mend the marked places"


def _why(failed: bool, settings: Config, folder: Path) -> str:
    if failed:
        return f"--fail-on {settings.fail_on} is met; nothing is written"
    return f"{folder} is not up to date; run clientgen generate without --check"
