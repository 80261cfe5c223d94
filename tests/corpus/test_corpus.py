"""Real documents: all operations, on this interpreter, the same twice, and typed."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from tests.corpus.checks import (
    Check,
    a_small_change_stays_small,
    everything_imports_and_binds,
    nothing_is_missing,
    twice_is_the_same,
    types_are_right,
    with_a_new_field,
)
from tests.corpus.examples import imported, judged
from tests.corpus.outputs import WHY_SKIPPED, Numbers, documents, output, table
from tests.support.document import bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.document import Node

DOCUMENTS = documents()
# All of a document's tests go to one worker, which then finds the output made.
EACH = pytest.mark.parametrize(
    "source",
    [
        pytest.param(path, id=name, marks=pytest.mark.xdist_group(name))
        for name, path in DOCUMENTS.items()
    ]
    or [pytest.param(None, marks=pytest.mark.skip(reason=WHY_SKIPPED))],
)
LARGEST = 4_000_000
"""Bytes up to which a document is generated twice more for a small change."""


def only_once(source: Path) -> None:
    """Skip what the run on another interpreter has shown already, on the same output."""
    made_by = output(source).numbers.python
    if made_by != platform.python_version():
        pytest.skip(f"shown by the run on Python {made_by}, which made this output")


@EACH
@pytest.mark.parametrize("check", [nothing_is_missing, everything_imports_and_binds])
def test_every_operation_can_be_called(source: Path, check: Check) -> None:
    assert check(output(source)) == []


@EACH
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")  # of openapi-core, for HTTP schemes
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_documents_accept_the_requests_that_their_examples_make(
    source: Path, record_property: Callable[[str, object], None]
) -> None:
    only_once(source)

    found = judged(imported(output(source)), bundle(source))

    record_property("examples", (found.accepted, len(found.unfit)))
    assert found.refused == []


@EACH
def test_generating_twice_gives_the_same_bytes(source: Path) -> None:
    only_once(source)

    assert twice_is_the_same(output(source)) == []


@EACH
def test_a_new_field_changes_only_lines_about_it(source: Path) -> None:
    only_once(source)
    if source.stat().st_size > LARGEST or source.parent.name == "digitalocean":
        pytest.skip("too large to be generated twice more, or in many files")

    assert a_small_change_stays_small(output(source)) == []


@pytest.mark.skipif(not DOCUMENTS, reason=WHY_SKIPPED)
@pytest.mark.xdist_group("types")
def test_all_packages_pass_mypy_in_strict_mode() -> None:
    outputs = [output(source) for source in DOCUMENTS.values()]
    only_once(next(iter(DOCUMENTS.values())))

    assert types_are_right(outputs) == []


def test_a_new_field_is_put_into_the_first_object() -> None:
    root: Node = {"definitions": {"A": {"type": "string"}, "B": {"properties": {"b": {}}}}}

    assert with_a_new_field(root) != root


def test_the_table_ends_with_totals() -> None:
    row = Numbers("a.json", 2, 1, 1, 0, 3, 40, 1.5, "3.13.0")

    assert table([row, row]).splitlines()[-1].split()[:5] == ["2", "documents", "4", "2", "2"]
