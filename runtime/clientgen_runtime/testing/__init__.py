"""What tests of programs that use an SDK are made of; the extra `testing` brings what it needs."""

from __future__ import annotations

from ._fake import FakeCall, FakeServer, FakeTransport
from ._imports import ImportCost, import_cost

__all__ = ["FakeCall", "FakeServer", "FakeTransport", "ImportCost", "import_cost"]
