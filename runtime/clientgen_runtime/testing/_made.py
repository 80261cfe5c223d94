"""Valid values of the types that SDKs declare, made up with Faker.

Types are walked, since stand-ins of models and forms of values are ours; what the leaves hold is
Faker's. The same seed makes the same values.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from .._data.lazy import LazyModel, is_model_class
from .._data.looks import settled, type_of
from .._data.models import OneOf
from .._data.values import Delimited, NumberText
from .._omit import Omit
from ._extra import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from faker import Faker
    from pydantic.fields import FieldInfo

    from .._data.tagged import Family

DEEPEST = 12
"""Types within types, before a type is taken to have no end."""

FILLED_TO = 2
"""Models within models whose optional plain fields are filled, too."""

_NUMERIC: Any = NumberText
_BYTES = (bytes, IO, Iterable, AsyncIterable)


class ImpossibleError(Exception):
    """No value of a type can be made up."""


class Maker:
    """Makes up values.

    Args:
        seed: What the values follow from.
        wanted: Names on the wire of optional fields of the outer models that are filled anyway.
    """

    def __init__(self, seed: object, wanted: Collection[str] = ()) -> None:
        self._wanted = wanted
        self._faker = _faker()
        self._faker.seed_instance(repr(seed))

    def make(self, kind: Any, depth: int = 0) -> Any:
        """A value of a type: a model, or what else Python has for it.

        Args:
            kind: The type, as annotations have it.
            depth: How many models it stands in.

        Raises:
            ImpossibleError: There is none, or none that ends.
        """
        if depth > DEEPEST:
            raise ImpossibleError(repr(kind))
        kind = settled(kind)
        if is_model_class(kind):
            return self._model(kind, depth)
        arguments = get_args(kind)
        origin = get_origin(kind) or kind
        if origin is Annotated:
            return self._annotated(kind, depth)
        if origin in (Union, UnionType):
            return self._first_of(arguments, depth)
        if origin is Literal:
            # An empty one is refused in paths.
            return next((value for value in arguments if value != ""), arguments[0])
        if origin in (list, Sequence):
            return self._list(arguments[:1] or (Any,), depth)
        if origin is tuple:
            return tuple(self.make(item, depth) for item in arguments if item is not Ellipsis)
        if origin in (dict, Mapping):
            return self._mapping(arguments[1] if arguments else Any, depth)
        return self._leaf(origin)

    def _annotated(self, kind: Any, depth: int) -> Any:
        inner, *beside = get_args(kind)
        if kind == _NUMERIC:
            return str(self._faker.random_int())
        for each in beside:
            if isinstance(each, OneOf):
                return self._tagged(inner, each, depth)
            if isinstance(each, Delimited):
                return self._list(get_args(inner)[:1] or (str,), depth)
        return self.make(inner, depth)

    def _tagged(self, union: Any, choice: OneOf, depth: int) -> Any:
        """A member of a choice, with the tag that names it."""
        by_name = {repr(m) if isinstance(m, LazyModel) else m.__name__: m for m in _members(union)}
        for value, name in choice.mapping.items():
            target = settled(by_name.get(name))
            if is_model_class(target):
                return self._model(target, depth, {choice.tag: value})
        return self._first_of(_members(union), depth)

    def _first_of(self, members: Iterable[Any], depth: int) -> Any:
        """A value of the first member that has one; null and what has models come last."""
        wanted = sorted((m for m in members if m is not Omit), key=_rank)
        for member in wanted:
            try:
                return self.make(member, depth)
            except ImpossibleError:
                continue
        raise ImpossibleError

    def _list(self, items: Sequence[Any], depth: int) -> list[Any]:
        try:
            return [self.make(item, depth + 1) for item in items]
        except ImpossibleError:
            return []

    def _mapping(self, value: Any, depth: int) -> dict[str, Any]:
        try:
            return {self._faker.word(): self.make(value, depth + 1)}
        except ImpossibleError:
            return {}

    def _model(self, model: Any, depth: int, stated: Mapping[str, str] | None = None) -> Any:
        family: Family | None = getattr(model, "__family__", None)
        if family and stated is None:
            value, member = next(iter(family._members.items()))
            return self._model(settled(member) if member else model, depth, {family._tag: value})
        given: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            wire = field.alias if field.alias is not None else name
            if stated and wire in stated:
                given[wire] = _tag(field, stated[wire])
            elif field.is_required() or (depth < FILLED_TO and self._fills(wire, field)):
                given[wire] = self._field(field, depth)
        return _built(model, given)

    def _fills(self, wire: str, field: FieldInfo) -> bool:
        return wire in self._wanted or _is_plain(field.annotation)

    def _field(self, field: FieldInfo, depth: int) -> Any:
        try:
            return self.make(type_of(field), depth + 1)
        except ImpossibleError:
            if field.is_required():
                raise
            return field.default

    def _leaf(self, kind: Any) -> Any:
        fake = self._faker
        makers: dict[Any, Callable[[], Any]] = {
            str: fake.word,
            int: fake.random_int,
            float: lambda: fake.random_int() / 4,
            Decimal: lambda: Decimal(fake.random_int()) / 4,
            bool: fake.pybool,
            UUID: lambda: UUID(fake.uuid4()),
            date: fake.date_object,
            datetime: lambda: fake.date_time(tzinfo=timezone.utc),
            time: fake.time_object,
            timedelta: lambda: timedelta(minutes=fake.random_int(1, 999)),
            NoneType: lambda: None,
            None: lambda: None,
        }
        if kind in _BYTES:
            return fake.sentence().encode()
        make = makers.get(kind, fake.word if kind in (Any, object) else None)
        if make is None:
            raise ImpossibleError(repr(kind))
        return make()


@cache
def _faker() -> Faker:
    # One for all: it takes longer to make than all values of a test.
    with needs("testing", "Faker"):
        import faker
    return faker.Faker("en_US")


def _members(union: Any) -> tuple[Any, ...]:
    return get_args(union) or (union,)


def _rank(kind: Any) -> int:
    if kind in (None, NoneType):
        return 3
    if kind is bytes:
        return 0
    return 1 if _is_plain(kind) else 2


def _is_plain(kind: Any) -> bool:
    """Whether no model is in a type."""
    if isinstance(kind, LazyModel) or is_model_class(kind):
        return False
    return all(_is_plain(inner) for inner in get_args(kind) if get_origin(kind) is not Literal)


def _tag(field: FieldInfo, value: str) -> object:
    """The value of a tag as its field has it, which may be a number."""
    kind = field.annotation
    if kind is int:
        return int(value)
    members = (kind, *get_args(kind))
    listed = (v for m in members if get_origin(m) is Literal for v in get_args(m))
    return next((each for each in listed if str(each) == value), value)


def _built(model: Any, given: Mapping[str, Any]) -> Any:
    from .._data.tagged import own_validator

    try:
        return own_validator(model)(given)
    except ValueError as error:
        raise ImpossibleError(f"{model.__name__}: {error}") from error
