"""Rules that a real document breaks are met with a warning at the line that breaks them."""

import pytest

from tests.support.document import mapping
from tests.support.generated import generated
from tests.support.samples import SAMPLES

TEXT = (SAMPLES / "dirty.yaml").read_text(encoding="utf-8")
MARKED = {
    number: line.partition("# dirt: ")[2]
    for number, line in enumerate(TEXT.splitlines(), start=1)
    if "# dirt: " in line
}


def warned_lines() -> set[object]:
    diagnostics = generated(SAMPLES / "dirty.yaml").inspection["diagnostics"]
    assert isinstance(diagnostics, list)
    return {mapping(d)["line"] for d in diagnostics if mapping(d)["severity"] == "warning"}


@pytest.mark.parametrize("number", MARKED, ids=MARKED.__getitem__)
def test_a_broken_rule_makes_a_warning_where_it_is_broken(number: int) -> None:
    assert number in warned_lines()


def test_what_is_not_marked_makes_no_warning() -> None:
    assert warned_lines() - set(MARKED) == set()
