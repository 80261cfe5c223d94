"""Call paths that the configuration gives."""

from __future__ import annotations

import unicodedata
from keyword import iskeyword
from typing import TYPE_CHECKING

from ._call_types import Call, CallSite, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read_overrides(
    sites: Sequence[CallSite],
    overrides: Mapping[str, str],
    reserved_root: frozenset[str],
    reserved_resource: frozenset[str],
) -> dict[int, Call]:
    """The configured call of each operation that has one, by its number."""
    by_operation = {_operation_key(key): (key, call) for key, call in overrides.items()}
    fixed: dict[int, Call] = {}
    owner: dict[Resource, str] = {}
    for number, site in enumerate(sites):
        key, call = by_operation.get(_operation_key(f"{site.method} {site.path}"), ("", ""))
        if not key:
            continue
        parts = _call_path(key, call, reserved_root, reserved_resource)
        if parts in owner:
            raise ValueError(f"{key}: call {call!r} is already that of {owner[parts]}")
        owner[parts] = key
        fixed[number] = Call(parts[:-1], parts[-1], "config", "configured")
    _no_method_is_a_resource(fixed, owner)
    return fixed


def _operation_key(text: str) -> str:
    method, _, path = text.strip().partition(" ")
    return f"{method.upper()} {path.strip()}"


def _call_path(
    key: str, call: str, reserved_root: frozenset[str], reserved_resource: frozenset[str]
) -> Resource:
    # Python compares names in this form.
    parts = tuple(unicodedata.normalize("NFKC", call).split("."))
    for number, part in enumerate(parts):
        if flaw := _flaw(part, reserved_resource if number else reserved_root):
            raise ValueError(f"{key}: call {call!r}: {part!r} {flaw}; write it like 'pets.find'")
    return parts


def _flaw(part: str, reserved: frozenset[str]) -> str:
    if not part.isidentifier():
        return "is no Python identifier"
    if iskeyword(part):
        return "is a Python keyword"
    if part.startswith("_"):
        return "starts with '_', which is for private names"
    return "is an attribute that is there already" if part in reserved else ""


def _no_method_is_a_resource(fixed: Mapping[int, Call], owner: Mapping[Resource, str]) -> None:
    for call in fixed.values():
        path = (*call.resource, call.method)
        for depth in range(1, len(path)):
            if other := owner.get(path[:depth]):
                outer = ".".join(path[:depth])
                raise ValueError(f"{owner[path]}: {outer!r} is a method already, that of {other}")
