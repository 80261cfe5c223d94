"""What the guide says of outages holds, in small."""

from __future__ import annotations

import pytest

from tests.benchmarks.outage import (
    ALL,
    BREAKER,
    BUDGET,
    CASES,
    NO_RETRIES,
    UNLIMITED,
    Case,
    Result,
    plot,
)

# So that one worker does half as much again, as all of them do for 2,000.
RATE = 33


@pytest.fixture(scope="module")
def found() -> dict[Case, Result]:
    return {case: case.run(RATE) for case in CASES}


def test_retries_without_a_budget_keep_a_server_down_that_has_recovered(
    found: dict[Case, Result],
) -> None:
    assert found[UNLIMITED].recovery == float("inf")


def test_the_budget_has_retries_cost_the_server_little(found: dict[Case, Result]) -> None:
    assert found[BUDGET].reached_in_outage < 1.2 * found[NO_RETRIES].reached_in_outage
    assert found[BUDGET].recovery < float("inf")


def test_all_policies_leave_the_server_in_peace_and_recover_first(
    found: dict[Case, Result],
) -> None:
    assert found[ALL].reached_in_outage < 0.3 * found[NO_RETRIES].reached_in_outage
    assert found[ALL].recovery <= 4 < found[NO_RETRIES].recovery


def test_the_limiter_spares_the_server_the_rush_when_it_is_back(found: dict[Case, Result]) -> None:
    assert found[ALL].recovery < found[BREAKER].recovery


def test_without_an_outage_all_calls_are_served(found: dict[Case, Result]) -> None:
    for one in found.values():
        assert all(one.served[second] == one.begun[second] for second in range(9))


def test_the_plot_has_a_line_for_each(found: dict[Case, Result]) -> None:
    drawn = plot(found)

    assert drawn.count("<polyline") == 2 * len(found)
