"""How well a value fits a type, for choices that no property decides."""

from __future__ import annotations

import inspect
from decimal import Decimal
from functools import cached_property
from itertools import islice
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel

from .._narrow import is_array, is_mapping
from .lazy import LazyModel, is_model_class

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

MISFIT, FITS, EQUALS = 0, 1, 2


def names_on_the_wire(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model by the names that JSON has for them."""
    return {name_of(field, name): name for name, field in model.model_fields.items()}


def name_of(field: FieldInfo, name: str) -> str:
    """The name that JSON has for a field; it may be empty."""
    return name if field.alias is None else field.alias


def type_of(field: FieldInfo) -> Any:
    """The type of a field, with what stands beside it in `Annotated`."""
    kind: Any = field.annotation
    for beside in field.metadata:
        kind = Annotated[kind, beside]
    return kind


def extra_type(model: type[BaseModel]) -> Any:
    """The declared type of what a model holds beside its fields, None when there is none."""
    for base in model.__mro__:
        written = inspect.get_annotations(base).get("__pydantic_extra__")
        if written is not None and base.__module__ != BaseModel.__module__:
            holder = type(
                "Holder", (), {"__annotations__": {"extra": written}, "__module__": base.__module__}
            )
            return get_args(get_type_hints(holder, include_extras=True)["extra"])[1]
    return None


Rank: TypeAlias = tuple[bool, int, int]
"""How well a value fits; the best is the greatest.

Whether all that must be there is; then how few members are of another type; then how many are
known, constants that are met counting twice.
"""

NO_FIT: Rank = (False, -1, 0)

_SURE = 1000
"""What counts for a value that is known to be of a type: it is a model of it, or a tag names it."""

_HEAD = 100
"""Items of a list or map that are looked at; the rest is like them."""


class Look:
    """What values of a type look like; of a scalar, unless a subclass says more.

    Attributes:
        kind: The type.
    """

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def takes(self, value: object) -> bool:
        """Whether a value is an object or array as those of this type are."""
        return False

    def rank(self, value: object) -> Rank:
        """How well a value fits; compare ranks to find the best."""
        fits = fit(self.kind, value) != MISFIT
        return fits, 0 if fits else -1, 0


def look_of(kind: Any) -> Look:
    """What values of a model look like, of a choice among some, or of a list or map of them."""
    target = settled(kind)
    if is_model_class(target):
        return _ModelLook(kind, target)
    origin = get_origin(target)
    if origin in (list, dict):
        return _ItemsLook(kind, target)
    has_form = origin is Annotated and any(hasattr(note, "read") for note in get_args(target)[1:])
    is_choice = origin in (Union, UnionType, Annotated) and not has_form
    return (_ChoiceLook if is_choice else Look)(kind)


class _ModelLook(Look):
    """What objects of a model look like."""

    def __init__(self, kind: Any, model: type[BaseModel]) -> None:
        super().__init__(kind)
        fields = {name_of(field, name): field for name, field in model.model_fields.items()}
        self._model = model
        self._family: Any = getattr(model, "__family__", None) or None
        self._fields = {wire: type_of(field) for wire, field in fields.items()}
        self._required = frozenset(w for w, field in fields.items() if field.is_required())

    def takes(self, value: object) -> bool:
        return is_mapping(value)

    def rank(self, value: object) -> Rank:
        if not is_mapping(value):
            return (True, 0, _SURE) if isinstance(value, self._model) else NO_FIT
        if self._family is not None and self._family.names(value):
            return True, 0, _SURE
        fits = [fit(self._fields[name], value[name]) for name in self._fields if name in value]
        return self._required <= value.keys(), -fits.count(MISFIT), sum(fits)


class _ItemsLook(Look):
    """What lists and maps look like: as their first items do."""

    def __init__(self, kind: Any, container: Any) -> None:
        super().__init__(kind)
        self._item_kind = get_args(container)[-1]
        self._is_list = get_origin(container) is list

    @cached_property
    def _item(self) -> Look:
        # When it is first needed: types may stand within themselves.
        return look_of(self._item_kind)

    def takes(self, value: object) -> bool:
        return is_array(value) if self._is_list else is_mapping(value)

    def rank(self, value: Any) -> Rank:
        if not self.takes(value):
            return NO_FIT
        values = value if self._is_list else value.values()
        ranks = [self._item.rank(each) for each in islice(values, _HEAD)]
        return all(r[0] for r in ranks), sum(r[1] for r in ranks), sum(r[2] for r in ranks)


class _ChoiceLook(Look):
    """What values of a union look like: as those of the member that fits best."""

    @cached_property
    def _members(self) -> list[Look]:
        return [look_of(member) for member in members_of(_bare(settled(self.kind)))]

    @cached_property
    def _chooser(self) -> Any:
        kind = settled(self.kind)
        union, *notes = get_args(kind) if get_origin(kind) is Annotated else (kind,)
        return next((each.chooser(union) for each in notes if hasattr(each, "chooser")), None)

    def takes(self, value: object) -> bool:
        return any(look.takes(value) for look in self._members)

    def rank(self, value: object) -> Rank:
        return max(self._told(value), *(look.rank(value) for look in self._members))

    def _told(self, value: object) -> Rank:
        """The rank of a value whose tag names a member."""
        chooser = self._chooser
        if chooser is None or not is_mapping(value) or not chooser.names(value):
            return NO_FIT
        return look_of(chooser.tagged(value)).rank(value)[0], 0, _SURE


def is_chosen(kind: Any) -> bool:
    """Whether values of a type are told by what they look like: models, and what holds some."""
    if isinstance(kind, LazyModel) or is_model_class(kind):
        return True
    if get_origin(kind) in (list, dict):
        return is_chosen(get_args(kind)[-1])
    members = members_of(_bare(kind))
    return members != (kind,) and any(map(is_chosen, members))


def _bare(kind: Any) -> Any:
    """A type without what stands beside it in `Annotated`."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def members_of(union: object) -> tuple[Any, ...]:
    """The types that a union is of; a type that is no union alone."""
    return get_args(union) if get_origin(union) in (Union, UnionType) else (union,)


def settled(kind: Any) -> Any:
    """The type that a stand-in of models stands for, and any other type itself."""
    return kind.target() if isinstance(kind, LazyModel) else kind


_FORMS = {"int": (int,), "float": (int, float), "Decimal": (int, float, str, Decimal)}
_JSON = {"str", "bool", "list", "dict"}


def fit(kind: Any, value: object) -> int:
    """How well a JSON value fits a type at first sight, without a look inside."""
    origin = get_origin(kind)
    arguments = get_args(kind)
    if origin is Annotated:
        return _fit_form(arguments[0], arguments[1:], value)
    if origin in (Union, UnionType):
        return max(fit(member, value) for member in arguments)
    if origin is Literal:
        same = any(type(value) is type(each) and value == each for each in arguments)
        return EQUALS if same else MISFIT
    return FITS if _is_of(origin or kind, value) else MISFIT


def _fit_form(kind: Any, beside: tuple[object, ...], value: object) -> int:
    """Values that have a form of their own fit when they can be read."""
    for each in beside:
        read = getattr(each, "read", None)
        if read is not None:
            try:
                is_read = read(value) is not value
            except ValueError:
                return MISFIT
            return FITS if is_read else fit(kind, value)
    return fit(kind, value)


def _is_of(kind: Any, value: object) -> bool:
    if kind is NoneType or kind is None:
        return value is None
    if isinstance(kind, LazyModel):
        # It may be an enumeration or a list; it is not worth loading for a first look.
        return value is not None
    if is_model_class(kind):
        return isinstance(value, dict)
    name = getattr(kind, "__name__", "")
    if name in _FORMS:
        return isinstance(value, _FORMS[name]) and not isinstance(value, bool)
    if name in _JSON:
        return isinstance(value, kind)
    if kind is tuple:
        return isinstance(value, list)
    # Dates, UUIDs and the like are texts, or what callers give; any value fits `Any`.
    return kind is Any or isinstance(value, str | kind if isinstance(kind, type) else str)
