from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from clientgen_runtime import ConfigurationError
from clientgen_runtime._json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Mapping


class Pet(BaseModel):
    tag_id: int = Field(alias="tagId")
    name: str = "unset"


@dataclass
class Point:
    x: int


class Size(IntEnum):
    SMALL = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"ä": [1, None, True]}, '{"ä":[1,null,true]}'),
        (Pet(tagId=7), '{"tagId":7}'),
        ([Point(1)], '[{"x":1}]'),
        ({"s": Size.SMALL, "set": {1}}, '{"s":1,"set":[1]}'),
        (MappingProxyType({"a": OrderedDict(b=1)}), '{"a":{"b":1}}'),
        (datetime(2026, 1, 2, tzinfo=timezone.utc), '"2026-01-02T00:00:00Z"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\xff", '"/w=="'),
        ([Decimal("1.10"), Decimal("1E+2"), "1.10"], '[1.10,1E+2,"1.10"]'),
        (10**40, "1" + "0" * 40),
    ],
)
def test_values_are_written_exactly(value: object, text: str) -> None:
    assert dumps(value).decode() == text


def test_many_decimals_are_written_in_linear_time() -> None:
    assert dumps([Decimal(n) for n in range(20_000)]).count(b",") == 19_999


def deep() -> Mapping[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(200_000):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "value", [float("nan"), Decimal("Infinity"), object(), {object(): 1}, "\ud800", deep()]
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ConfigurationError):
        dumps(value)


@pytest.mark.parametrize("text", [b"", b"{", b"[1] x", b"[" * 100_000, b"9" * 5000, b"\xff"])
def test_what_is_no_json_is_one_kind_of_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        loads(text)
