"""Where requests go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "servers.yaml"
covers = pytest.mark.covers


@covers("server: base_url= replaces it")
def test_a_base_url_replaces_the_server_of_the_document(wire: Wire) -> None:
    wire.answer(status=204)

    assert wire.call("status.retrieve") is None
    assert (wire.sent.method, wire.sent.target) == ("GET", "/status")
