"""JSON with orjson beside JSON without it, both as calls write and read it.

python -m tests.benchmarks.json_speed
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel

from clientgen_runtime import _json
from tests.benchmarks._measure import Table
from tests.benchmarks._rounds import compare

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 15


class Pet(BaseModel):
    id: int
    name: str
    born: datetime | None = None


@dataclass
class Point:
    x: float
    y: float


NOW = datetime(2026, 1, 2, tzinfo=timezone.utc)
PLAIN = {"id": 7, "name": "Rex", "tags": ["a", "b"], "ok": True, "weight": 1.5}
VALUES: dict[str, tuple[object, int]] = {
    "small object": (PLAIN, 5000),
    "with nulls": ({**PLAIN, "born": None}, 5000),
    "large list": ([PLAIN] * 1000, 20),
    "large list with nulls": ([{**PLAIN, "born": None}] * 1000, 20),
    "model": (Pet(id=7, name="Rex", born=NOW), 2000),
    "models": ([Pet(id=7, name="Rex", born=NOW)] * 100, 40),
    "dates, ids, decimals": ([[NOW, UUID(int=7), Decimal("1.10")]] * 100, 40),
    "ids of 19 digits": ([{"id": 10**18 + n, "name": "Rex"} for n in range(1000)], 20),
    "dataclasses": ([Point(1.5, 2.5)] * 100, 100),
}
LONG_NUMBERS = {"ids": [10**20 + n for n in range(1000)], "names": ["Rex"] * 5000}


def _times(count: int, work: Callable[[Any], object], value: object) -> Callable[[], None]:
    def repeat() -> None:
        for _ in range(count):
            work(value)

    return repeat


def _with(orjson: Any, work: Callable[[], None]) -> Callable[[], None]:
    def switched() -> None:
        _json.orjson = orjson
        work()

    return switched


def main() -> None:
    """Measure and compare with the bar."""
    orjson = import_module("orjson")
    table = Table()
    for name, (value, count) in VALUES.items():
        _compare(table, f"write {name}", orjson, _times(count, _json.dumps, value))
        text = _json.dumps(value)
        _compare(table, f"read {name}", orjson, _times(count, _json.loads, text))
    text = _json.dumps(LONG_NUMBERS)
    # Numbers beyond 64 bits are rare. The standard library reads them in both cases, and with
    # orjson they have to be found before.
    _compare(table, "read long numbers", orjson, _times(20, _json.loads, text), 1.25)
    table.close()


def _compare(
    table: Table, name: str, orjson: Any, work: Callable[[], None], limit: float = 1.0
) -> None:
    taken = compare(ROUNDS, without=_with(None, work), fast=_with(orjson, work))
    table.row(f"{name}: with orjson / without", taken["fast"] / taken["without"], limit)


if __name__ == "__main__":
    main()
