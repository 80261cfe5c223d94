"""Schemas of all kinds, and values that fit them, as callers and as servers have them."""

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]


class Value(NamedTuple):
    """A value as a caller gives it, and as JSON has it."""

    given: Any
    sent: Any


class Kind(NamedTuple):
    """A schema, and values that fit it."""

    schema: Schema
    values: st.SearchStrategy[Value]


def same(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Value]:
    """Values that JSON has as they are."""
    return values.map(lambda value: Value(value, value))


def formed(values: st.SearchStrategy[Any], form: Callable[[Any], Any]) -> st.SearchStrategy[Value]:
    """Values that JSON has in a form of its own."""
    return values.map(lambda value: Value(value, form(value)))


def rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def iso_8601(length: timedelta) -> str:
    """A length of time, hours and days told apart."""
    sign, length = ("-", -length) if length < timedelta() else ("", length)
    hours, seconds = divmod(length.seconds, 3600)
    parts = [f"{hours}H" if hours else "", f"{seconds}S" if seconds else ""]
    clock = "T" + "".join(parts) if any(parts) else ""
    text = f"{sign}P{length.days}D{clock}" if length.days else f"{sign}P{clock}"
    return text if text[-1] != "P" else "PT0S"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
ZONES = st.sampled_from([timezone.utc, timezone(timedelta(hours=-9, minutes=-30))])
MOMENTS = st.integers(0, 2**42).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
MOMENTS = st.builds(datetime.astimezone, MOMENTS, ZONES)
SECONDS = MOMENTS.map(lambda moment: moment.replace(microsecond=0))
LENGTHS = st.integers(-10_000, 10_000).map(lambda minutes: timedelta(hours=minutes // 7))
BYTES = st.binary(max_size=9)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=25, min_value=-9, max_value=9)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)

SCALARS = [
    Kind({"type": "string"}, same(TEXTS)),
    Kind({"type": "string", "format": "moon-phase"}, same(TEXTS)),
    Kind({"type": "integer"}, same(st.integers(-(2**70), 2**70))),
    Kind({"type": "integer", "format": "uint64"}, same(st.integers(0, 2**64 - 1))),
    Kind({"type": "string", "format": "int64"}, same(st.integers(-(2**63), 2**63).map(str))),
    Kind({"type": "number"}, same(FLOATS)),
    Kind({"type": "boolean"}, same(st.booleans())),
    Kind({"type": "string", "format": "date-time"}, formed(MOMENTS, rfc3339)),
    Kind({"type": "string", "format": "date"}, formed(st.dates(), date.isoformat)),
    Kind({"type": "string", "format": "time"}, formed(st.times(), time.isoformat)),
    Kind(
        {"type": "string", "format": "http-date"},
        formed(SECONDS, lambda m: format_datetime(m.astimezone(timezone.utc), usegmt=True)),
    ),
    Kind({"type": "integer", "format": "unixtime"}, formed(SECONDS, lambda m: int(m.timestamp()))),
    Kind({"type": "string", "format": "duration"}, formed(LENGTHS, iso_8601)),
    Kind(
        {"type": "integer", "format": "duration"}, formed(LENGTHS, lambda d: int(d.total_seconds()))
    ),
    Kind({"type": "string", "format": "uuid"}, formed(st.uuids(), str)),
    Kind({"type": "number", "format": "decimal"}, same(DECIMALS)),
    Kind({"type": "string", "format": "decimal"}, formed(DECIMALS, lambda d: format(d, "f"))),
    Kind(
        {"type": "string", "format": "byte"}, formed(BYTES, lambda b: base64.b64encode(b).decode())
    ),
    Kind(
        {"type": "string", "format": "base64url"},
        formed(BYTES, lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")),
    ),
    Kind(
        {"type": "string", "format": "ArrayEncoding.pipeDelimited", "items": {"type": "string"}},
        formed(st.lists(st.sampled_from(["a", "b c", "ü"])), "|".join),
    ),
    Kind({"type": ["string", "null"]}, same(st.none() | TEXTS)),
    Kind({"const": "fixed"}, same(st.just("fixed"))),
    Kind({"enum": ["a", "it's", 7]}, same(st.sampled_from(["a", "it's", 7, "new", 8]))),
    Kind(
        {"type": ["integer", "string", "boolean", "null"]},
        same(st.integers() | TEXTS | st.booleans() | st.none()),
    ),
    Kind(
        {},
        same(
            st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, st.lists, max_leaves=3)
        ),
    ),
]

NODE: Schema = {
    "type": "object",
    "properties": {
        "at": {"type": "integer", "format": "unixtime"},
        "twin": {"$ref": "#/components/schemas/Node"},
        "twins": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    },
}
"""An object that holds itself, and that others extend."""

FAMILY: dict[str, Schema] = {
    "Shape": {
        "type": "object",
        "required": ["kind"],
        "discriminator": {"propertyName": "kind"},
        "properties": {
            "kind": {"type": "string"},
            "inside": {"$ref": "#/components/schemas/Shape"},
        },
    },
    "Circle": {
        "allOf": [{"$ref": "#/components/schemas/Shape"}],
        "properties": {"drawn": {"type": "integer", "format": "unixtime"}},
    },
    "Group": {
        "allOf": [{"$ref": "#/components/schemas/Shape"}],
        "properties": {
            "members": {"type": "array", "items": {"$ref": "#/components/schemas/Shape"}}
        },
    },
}
"""Objects that a property tells apart, with a base that names no members."""

NODES = st.recursive(
    st.just(Value({}, {})),
    lambda inner: st.builds(
        lambda at, following, children: joined(
            {"at": Value(at, int(at.timestamp())), "twin": following, "twins": listed(children)}
        ),
        SECONDS,
        inner,
        st.lists(inner, max_size=2),
    ),
    max_leaves=4,
)
CIRCLES = SECONDS.map(
    lambda at: Value(
        {"kind": "Circle", "drawn": at}, {"kind": "Circle", "drawn": int(at.timestamp())}
    )
)
SHAPES = st.recursive(
    CIRCLES | st.just(Value({"kind": "new", "x": [1]}, {"kind": "new", "x": [1]})),
    lambda inner: (
        st.lists(inner, max_size=3).map(
            lambda members: joined({"kind": Value("Group", "Group"), "members": listed(members)})
        )
        | inner.map(lambda shape: joined({"kind": Value("newer", "newer"), "inside": shape}))
    ),
    max_leaves=5,
)
NAMED = [
    Kind({"$ref": "#/components/schemas/Node"}, NODES),
    Kind({"$ref": "#/components/schemas/Shape"}, SHAPES),
]

NAMES = TEXTS | st.sampled_from(["class", "self", "a_b", "a-b", "aB", "json", "date", "None", "_"])


def listed(values: list[Value]) -> Value:
    """A list of values."""
    return Value([value.given for value in values], [value.sent for value in values])


def joined(members: dict[str, Value]) -> Value:
    """An object of values."""
    return Value({k: v.given for k, v in members.items()}, {k: v.sent for k, v in members.items()})


def arrays(item: Kind) -> Kind:
    values = st.lists(item.values, max_size=3).map(listed)
    return Kind({"type": "array", "items": item.schema}, values)


def maps(member: Kind) -> Kind:
    values = st.dictionaries(TEXTS, member.values, max_size=3).map(joined)
    return Kind({"type": "object", "additionalProperties": member.schema}, values)


def nullable(kind: Kind) -> Kind:
    return Kind({"oneOf": [kind.schema, {"type": "null"}]}, kind.values | same(st.none()))


def pairs(first: Kind, second: Kind) -> Kind:
    schema = {"type": "array", "prefixItems": [first.schema, second.schema], "items": False}
    values = st.tuples(first.values, second.values).map(lambda both: listed([*both]))
    return Kind(schema, values)


def tagged(first: Kind, second: Kind) -> list[Kind]:
    """Two objects, told apart by a constant."""

    def one(tag: str, kind: Kind) -> Kind:
        schema = {
            "type": "object",
            "properties": {"tag": {"const": tag}, "value": kind.schema},
            "required": ["tag", "value"],
        }
        return Kind(
            schema, kind.values.map(lambda value: joined({"tag": Value(tag, tag), "value": value}))
        )

    return [one("one", first), one("two", second)]


def variants(first: Kind, second: Kind) -> Kind:
    """A choice of two objects."""
    return choice(tagged(first, second))


def collections(first: Kind, second: Kind) -> Kind:
    """A choice of lists and maps of two objects, which their items tell apart."""
    return choice([of(kind) for of in (arrays, maps) for kind in tagged(first, second)])


def choice(kinds: list[Kind]) -> Kind:
    return Kind({"oneOf": [kind.schema for kind in kinds]}, st.one_of([k.values for k in kinds]))


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Kind]) -> Kind:
    """Objects with required and optional properties, a base, and typed extras."""
    members = draw(st.dictionaries(NAMES, inner, min_size=1, max_size=4))
    needed = [name for name in members if draw(st.booleans())]
    schema: Schema = {
        "type": "object",
        "properties": {name: kind.schema for name, kind in members.items()},
        "required": needed,
    }
    optional = {name: kind.values for name, kind in members.items() if name not in needed}
    values = st.fixed_dictionaries({n: members[n].values for n in needed}, optional=optional)
    extends = draw(st.booleans()) and not {*members} & {*NODE["properties"]}
    if extends:
        schema = {"allOf": [{"$ref": "#/components/schemas/Node"}, schema]}
        return Kind(schema, st.builds(lambda a, b: joined(a | split(b)), values, NODES))
    if draw(st.booleans()):
        extra = draw(inner)
        schema["additionalProperties"] = extra.schema
        extras = st.dictionaries(st.text("xyz", min_size=9, max_size=9), extra.values, max_size=2)
        return Kind(schema, st.builds(lambda a, b: joined(a | b), values, extras))
    return Kind(schema, values.map(joined))


def split(value: Value) -> dict[str, Value]:
    """The members of an object that is a value."""
    return {key: Value(value.given[key], value.sent[key]) for key in value.sent}


def nested(inner: st.SearchStrategy[Kind]) -> st.SearchStrategy[Kind]:
    return st.one_of(
        inner.map(arrays),
        inner.map(maps),
        inner.map(nullable),
        st.builds(pairs, inner, inner),
        st.builds(variants, inner, inner),
        st.builds(collections, inner, inner),
        objects(inner),
    )


KINDS = st.recursive(st.sampled_from([*SCALARS, *NAMED]), nested, max_leaves=5)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Schema, list[Value]]:
    """A schema of an object, and some values that fit it."""
    kind = draw(objects(KINDS))
    return kind.schema, draw(st.lists(kind.values, min_size=2, max_size=5))
