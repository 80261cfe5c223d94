"""Which version a generated package has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.config import ConfigError
from clientgen.diff import Comparison, compare, restored, surface

if TYPE_CHECKING:
    from clientgen._pipeline import Plan
    from clientgen.config import Config
    from clientgen.diff.compare import Bump
    from clientgen.lock import Lock

_RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def versioned(
    planned: Plan, config: Config, before: Lock | None, *, bump: bool
) -> tuple[Plan, Comparison | None]:
    """The plan with its version, and the changes that ask for it.

    A version that is configured counts; else that of the last run stays, and `bump` raises it.

    Args:
        planned: The SDK.
        config: Its settings.
        before: What the last run left.
        bump: Whether to raise the version as the changes ask for.

    Raises:
        ConfigError: The version is configured, or is none that can be raised.
    """
    is_configured = "package_version" in config.model_fields_set
    if bump and is_configured:
        raise ConfigError(
            "--bump: package_version is configured; remove it, to keep it in the lock"
        )
    if is_configured or before is None or not before.version:
        return planned, None
    if not bump:
        return _with_version(planned, before.version), None
    comparison = compare(restored(before.surface), surface(planned))
    return _with_version(planned, raised(before.version, comparison.bump)), comparison


def raised(version: str, part: Bump) -> str:
    """The next version (Semantic Versioning 2.0.0).

    Below 1.0.0, where anything may change, a breaking change raises the minor version and any
    other one the patch version.

    Raises:
        ConfigError: The version has not three numbers.
    """
    if part == "none":
        return version
    match = _RELEASE.fullmatch(version)
    if match is None:
        raise ConfigError(f"--bump: {version!r} cannot be raised; configure package_version")
    major, minor, patch = map(int, match.groups())
    if major == 0:
        return f"0.{minor + 1}.0" if part == "major" else f"0.{minor}.{patch + 1}"
    following = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0)}
    return ".".join(map(str, following.get(part, (major, minor, patch + 1))))


def _with_version(planned: Plan, version: str) -> Plan:
    project = replace(planned.sdk.project, version=version)
    return replace(planned, sdk=replace(planned.sdk, project=project))
