"""Pagination is found in real documents, against a list made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.corpus.pagination import WHY_SKIPPED, mean, overall, score, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.corpus.pagination import Score

pytestmark = pytest.mark.skipif(not truth(), reason=WHY_SKIPPED)

PRECISION = 0.98
RECALL = 0.9


@pytest.mark.parametrize("average", [overall, mean], ids=["operations", "documents"])
def test_lists_of_pages_are_found(
    average: Callable[[Iterable[Score]], tuple[float, float]],
) -> None:
    precision, recall = average([score(name) for name in truth()])

    assert precision >= PRECISION
    assert recall >= RECALL


@pytest.mark.parametrize("name", ["stripe.json", "github.json", "openai.yaml"])
def test_nothing_is_wrapped_that_is_no_list_of_pages(name: str) -> None:
    assert score(name).wrong == {}
