"""Importing the package stays cheap."""

from clientgen_runtime.testing import import_cost

MILLISECONDS = 100
"""What importing may take beside the runtime; it takes a few, whatever the size of the API."""


def test_only_what_is_used_is_imported() -> None:
    cost = import_cost("pet_store")

    assert [name for name in cost.modules if name.startswith(("pet_store.models.", "pet_store.resources."))] == []


def test_importing_takes_no_longer_than_it_may() -> None:
    assert import_cost("pet_store").seconds * 1000 < MILLISECONDS
