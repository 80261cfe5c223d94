from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.generator.load.reading import read, refused

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 500
NESTED = {
    "json": lambda depth: "[" * depth + "]" * depth,
    "json objects": lambda depth: '{"a":' * depth + "1" + "}" * depth,
    "yaml flow": lambda depth: "x: " + "[" * (depth - 1) + "]" * (depth - 1),
    "yaml block": lambda depth: "- " * depth + "x",
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_deep_documents_are_read(nested: Callable[[int], str]) -> None:
    assert read(nested(DEPTH)) is not None


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("depth", [DEPTH + 1, 3_000, 100_000])
def test_documents_that_are_too_deep_are_refused(nested: Callable[[int], str], depth: int) -> None:
    error = refused(nested(depth))

    assert "error CG106: nested deeper than 500 levels" in str(error)


def test_what_is_too_deep_is_told_with_its_place() -> None:
    error = refused('{"[": ["]",\n' + "[" * 600 + "]" * 600 + "]}")

    assert str(error).startswith("api.txt:2:499: ")


def test_deep_text_that_never_ends_is_refused() -> None:
    assert "CG106" in str(refused("[" * 200_000))


def test_aliases_that_expand_too_far_are_refused() -> None:
    levels = "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(9))

    error = refused("a0: &a0 [x]\n" + levels)

    assert "error CG106: aliases expand to more than 2,000,000 nodes" in str(error)


def test_merges_that_expand_too_far_are_refused() -> None:
    wide = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(1500)) + "}\n"
    merges = "".join(f"b{n}: {{<<: *a}}\n" for n in range(1500))

    assert "aliases expand" in str(refused(wide + merges))


def test_aliases_that_nest_too_deep_are_refused() -> None:
    levels = "".join(f"a{n + 1}: &a{n + 1} [*a{n}]\n" for n in range(600))

    assert "nested deeper" in str(refused("a0: &a0 [x]\n" + levels))


def test_many_aliases_of_a_small_node_are_read() -> None:
    text = "a: &a {x: 1}\nb:\n" + "- *a\n" * 50_000

    assert len(read(text)["b"]) == 50_000
