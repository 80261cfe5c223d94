"""Fake servers as fixtures of pytest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._fake import FakeServer

S = TypeVar("S", bound="FakeServer[Any, Any]")


def server_fixture(kind: type[S]) -> Callable[[], Iterator[S]]:
    """A fixture of pytest that gives each test a fake server of its own.

    Packages have one as `pet_store.testing.fake_server`; outside of pytest it is nothing but a
    function.

    Args:
        kind: The class of the server.

    Example:
        >>> fake_server = server_fixture(FakeServer)
    """

    def fake_server() -> Iterator[S]:
        with kind() as server:
            yield server

    # Programs that are no tests need no pytest; one that runs is there.
    pytest: Any = sys.modules.get("pytest")
    return fake_server if pytest is None else pytest.fixture(fake_server)
