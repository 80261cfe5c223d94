"""Values in the forms that types declare: read, written by models, and written beside types."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from clientgen_runtime._data.looks import look_of
from clientgen_runtime._data.typed import written
from clientgen_runtime._json import dumps
from clientgen_runtime.sdk import (
    ApiModel,
    Base64,
    Base64Url,
    Binary,
    Date,
    DateTime,
    DecimalNumber,
    DecimalText,
    Delimited,
    Duration,
    DurationFraction,
    DurationMilliseconds,
    DurationSeconds,
    HttpDate,
    NumberText,
    OneOf,
    Time,
    UnixTime,
    UnixTimeFraction,
)
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
SECONDS = 1795176000

FORMS: list[tuple[Any, Any, Any]] = [
    (DateTime, NOON, "2026-11-20T12:00:00Z"),
    (Date, date(2026, 11, 20), "2026-11-20"),
    (Time, time(12, 30), "12:30:00"),
    (HttpDate, NOON, "Fri, 20 Nov 2026 12:00:00 GMT"),
    (UnixTime, NOON, SECONDS),
    (UnixTimeFraction, NOON + timedelta(seconds=0.5), SECONDS + 0.5),
    (Duration, -timedelta(days=1, minutes=2), "-P1DT2M"),
    (Duration, timedelta(weeks=1, seconds=0.25), "P7DT0.25S"),
    (DurationSeconds, timedelta(minutes=1), 60),
    (DurationFraction, timedelta(seconds=1.5), 1.5),
    (DurationMilliseconds, timedelta(seconds=1.5), 1500),
    (Base64, b"\xfb\xff", "+/8="),
    (Base64Url, b"\xfb\xff", "-_8"),
    (Binary, b"hi", "aGk="),
    (DecimalText, Decimal("1.10"), "1.10"),
    (NumberText, "9007199254740993", "9007199254740993"),
    (Annotated[list[int], Delimited("|")], [1, 2], "1|2"),
]


class Session(ApiModel):
    ends: UnixTime | None = None
    key: Annotated[Base64Url | None, "beside"] = None


class Note(ApiModel):
    text: str


class Labels(ApiModel):
    __pydantic_extra__: dict[str, HttpDate]


@pytest.mark.parametrize(("kind", "value", "wire"), FORMS)
def test_a_form_is_read_and_written(kind: Any, value: object, wire: object) -> None:
    text = dumps(wire)

    assert dumps(written(kind, value)) == text
    mode: Any = "wire"
    assert dumps(TypeAdapter(kind).dump_python(value, mode=mode)) == text
    if kind is not Binary:  # JSON does not tell what it is
        assert TypeAdapter(kind).validate_json(text) == value


@pytest.mark.parametrize(("kind", "value", "wire"), FORMS)
def test_other_values_are_written_as_they_are(kind: Any, value: object, wire: object) -> None:
    others: tuple[object, ...] = (None, {}, object)

    assert [written(kind, other) for other in others] == [*others]


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        (DateTime, 7),
        (DateTime, "7"),
        (Date, "2026-11-20T00:00:00Z"),
        (Time, "noon"),
        (HttpDate, 7),
        (UnixTime, True),
        (UnixTime, "noon"),
        (UnixTime, 1e30),
        (UnixTime, 10**12),
        (Duration, 7),
        (Duration, "P1M"),
        (Duration, "P9999999999D"),
        (DecimalNumber, "NaN"),
        (Base64, "a"),
    ],
)
def test_a_value_of_another_form_is_refused(kind: Any, wire: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(wire)


@pytest.mark.parametrize(
    ("kind", "value", "wire"),
    [
        (list[UnixTime], [NOON], [SECONDS]),
        (list[UnixTime], (NOON, 3), [SECONDS, 3]),
        (dict[str, list[UnixTime]], {"a": [NOON]}, {"a": [SECONDS]}),
        (tuple[str, UnixTime], ("a", NOON), ["a", SECONDS]),
        (tuple[str, UnixTime], ("a",), ("a",)),
        (UnixTime | list[UnixTime], [NOON], [SECONDS]),
        (UnixTime | Base64Url, b"\xfb\xff", "-_8"),
        (UnixTime | Base64Url, "a", "a"),
        (Session | None, {"ends": NOON, "other": 1}, {"ends": SECONDS, "other": 1}),
        (Session, 7, 7),
        (Labels, {"a": NOON}, {"a": "Fri, 20 Nov 2026 12:00:00 GMT"}),
        (Annotated[Note | Session, OneOf()], {"ends": NOON}, {"ends": SECONDS}),
        (Annotated[Note | Session | UnixTime, OneOf()], NOON, SECONDS),
        (list[int], [1], [1]),
        (tuple[int, str], (1, "a"), (1, "a")),
        (dict[str, int], {"a": 1}, {"a": 1}),
        (int, NOON, NOON),
    ],
)
def test_what_stands_inside_is_written_by_its_type(kind: Any, value: object, wire: object) -> None:
    assert written(kind, value) == wire


@pytest.mark.parametrize(("kind", "value", "wire"), FORMS)
def test_values_of_python_and_of_json_look_alike(kind: Any, value: object, wire: object) -> None:
    look = look_of(kind)

    assert look.rank(value) == look.rank(wire)
    assert look.rank(value)[0]


def test_models_are_left_to_themselves() -> None:
    session = Session(ends=NOON)

    assert written(list[Session], [session]) == [session]
    assert dumps(session) == b'{"ends":%d}' % SECONDS


def test_what_a_model_holds_against_its_type_is_written_as_it_is() -> None:
    session = Session.model_construct(ends=["soon"], key=7)

    assert session.to_dict() == {"ends": ["soon"], "key": 7}
    assert session.to_json() == '{"ends":["soon"],"key":7}'


def test_python_values_stay_in_python() -> None:
    assert Session(ends=NOON, key=b"k").model_dump() == {"ends": NOON, "key": b"k"}


def test_decimals_keep_their_digits(connect: Connect) -> None:
    class Price(ApiModel):
        amount: DecimalNumber

    digits = "0.12345678901234567890123"
    server = Server(httpx.Response(200, text=f'{{"amount": {digits}}}'))

    price = connect(server).get("/price", response_model=Price)
    assert price.amount == Decimal(digits)
    assert price.to_json() == f'{{"amount":{digits}}}'
    assert price.to_json(indent=1) == f'{{\n "amount": {digits}\n}}'
    assert price.to_dict() == {"amount": float(digits)}


# --- Families --------------------------------------------------------------------------------

PACKAGE = {
    "__init__.py": """
from clientgen_runtime.sdk import exports
__getattr__, __dir__ = exports(__name__, {"fish": "Fish Shark Saw Other"})
""",
    "fish.py": """
from __future__ import annotations
from typing import Literal
from clientgen_runtime.sdk import TaggedModel, UnixTime
class Fish(TaggedModel, tag="kind", subtypes={"shark": "Shark", "fish": "Fish"}, default="Other"):
    kind: str | None = None
    friends: list[Fish] | None = None
class Shark(Fish, tag="teeth", subtypes={"3": "Saw"}):
    teeth: int | None = None
class Saw(Shark):
    seen: UnixTime | None = None
class Other(Fish):
    pass
""",
}


@pytest.fixture
def sea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "sea_models"
    folder.mkdir()
    for name, text in PACKAGE.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import sea_models  # type: ignore[import-not-found]

    yield sea_models
    for name in [name for name in sys.modules if name.startswith("sea_models")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"kind": "shark"}, "Shark"),
        ({"kind": "shark", "teeth": 3}, "Saw"),
        ({"kind": "fish"}, "Fish"),
        ({"kind": "eel"}, "Other"),
        ({}, "Other"),
    ],
)
def test_a_base_is_read_as_what_its_tag_says(
    sea: ModuleType, value: dict[str, object], name: str
) -> None:
    base: Any = sea.Fish
    found = [
        base.model_validate(value),
        base.model_validate_json(dumps(value)),
        TypeAdapter(list[base]).validate_python([value])[0],
        base(friends=[value]).friends[0],
    ]

    assert [type(fish).__name__ for fish in found] == [name] * 4


def test_a_base_can_be_made_itself(sea: ModuleType) -> None:
    assert type(sea.Fish(kind="shark")) is sea.Fish


def test_a_mapping_is_written_as_the_member_of_the_family_that_it_is(sea: ModuleType) -> None:
    saw = {"kind": "shark", "teeth": 3, "seen": NOON}

    assert written(sea.Fish, {"friends": [saw]}) == {"friends": [{**saw, "seen": SECONDS}]}


def test_what_is_no_json_is_refused(sea: ModuleType) -> None:
    with pytest.raises(ValidationError):
        sea.Fish.model_validate_json("{")
