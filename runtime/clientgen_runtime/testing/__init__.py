"""What tests of programs that use an SDK are made of; the extra `testing` brings what it needs."""

from __future__ import annotations

from ._cassettes import Cassette, Mode
from ._fake import FakeCall, FakeServer, FakeTransport
from ._faults import Delay, Fault, FaultTransport, Reset, Status, Truncate
from ._fixture import server_fixture
from ._imports import ImportCost, import_cost
from ._respx import respx_router

__all__ = [
    "Cassette",
    "Delay",
    "FakeCall",
    "FakeServer",
    "FakeTransport",
    "Fault",
    "FaultTransport",
    "ImportCost",
    "Mode",
    "Reset",
    "Status",
    "Truncate",
    "import_cost",
    "respx_router",
    "server_fixture",
]
