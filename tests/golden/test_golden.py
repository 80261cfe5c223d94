"""What is generated is what was reviewed; `poe golden` takes a change over."""

from difflib import unified_diff

import pytest

from tests.golden import NAMES, generated, kept


@pytest.mark.parametrize("name", NAMES)
def test_the_output_is_the_reviewed_one(name: str) -> None:
    before, after = kept(name), generated(name)

    changes = [
        line
        for path in sorted(before.keys() | after.keys())
        for line in unified_diff(
            before.get(path, "").splitlines(),
            after.get(path, "").splitlines(),
            f"reviewed/{path}",
            f"generated/{path}",
            lineterm="",
        )
    ]
    assert not changes, "\n".join(["run `poe golden` and review:", *changes])
