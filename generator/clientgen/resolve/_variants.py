"""What the variants of a choice (`oneOf`, `anyOf`) that have no name are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

LONGEST = 60
"""Longest value that serves as a name, in characters."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What tells a variant from the others.

    Attributes:
        title: Its title.
        fixed: Properties that have one value only, by name, and the value.
        extends: Name of the schema that it extends.
        required: Properties that it must have.
        properties: Properties that it may have.
    """

    title: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    extends: str = ""
    required: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


def variant_names(variants: Sequence[Variant], tag: str = "") -> list[str]:
    """A name for each variant, by the first thing that tells it from all the others.

    Args:
        variants: All of them, those that have names of their own included.
        tag: Wire name of the discriminating property, if there is one.
    """
    found = [""] * len(variants)
    for candidates in _candidates(variants, tag):
        given = [_plain(candidates(variant)) for variant in variants]
        often = Counter(given)
        for index, name in enumerate(given):
            if name and often[name] == 1 and not found[index]:
                found[index] = name
    nameless = found.count("")
    return [
        name or ("other" if nameless == 1 else f"variant {index}")
        for index, name in enumerate(found, 1)
    ]


def _candidates(variants: Sequence[Variant], tag: str) -> Iterator[Callable[[Variant], str]]:
    """Ways to name a variant, the best first."""
    yield lambda variant: variant.title
    tags = [name for variant in variants for name in variant.fixed]
    for name, _ in Counter([tag, *tags]).most_common():
        yield lambda variant, name=name: variant.fixed.get(name, "")  # type: ignore[misc]
    yield lambda variant: variant.extends
    shared = Counter(name for variant in variants for name in variant.properties)
    yield lambda variant: _own(variant.required, shared)
    yield lambda variant: _own(variant.properties, shared)


def _own(names: Sequence[str], shared: Counter[str]) -> str:
    return next((f"with {name}" for name in names if shared[name] == 1), "")


def _plain(name: str) -> str:
    return name.strip() if len(name) <= LONGEST else ""
