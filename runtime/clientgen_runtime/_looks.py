"""How well an object fits a model, for choices that no property decides."""

from __future__ import annotations

import inspect
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel

from ._lazy import LazyModel, is_model_class, validator_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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


class Look:
    """What values of a model look like.

    Attributes:
        kind: The model, or a named choice among models.
        validate: Makes the model of a value.
    """

    __slots__ = ("_fields", "_inner", "_is_object", "_required", "kind", "validate")

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.validate = validator_of(kind)
        self._fields: dict[str, Any] = {}
        self._required: frozenset[str] = frozenset()
        self._inner: list[Look] = []
        target = settled(kind)
        self._is_object = is_model_class(target) or get_origin(target) in (dict, Annotated)
        if is_model_class(target):
            fields = {name_of(f, name): f for name, f in target.model_fields.items()}
            self._fields = {wire: type_of(field) for wire, field in fields.items()}
            self._required = frozenset(w for w, field in fields.items() if field.is_required())
        elif get_origin(target) is Annotated:  # a choice within a choice
            members = get_args(get_args(target)[0])
            self._inner = [Look(member) for member in members if _may_be_object(member)]

    def rank(self, value: Mapping[str, Any]) -> tuple[bool, int, int]:
        """How well an object fits; compare ranks to find the best.

        Whether all that must be there is; then how few members are of another type; then how many
        are known, constants that are met counting twice.
        """
        if not self._is_object:
            return False, -len(value), 0
        if self._inner:
            return max(look.rank(value) for look in self._inner)
        fits = [fit(self._fields[name], value[name]) for name in self._fields if name in value]
        return self._required <= value.keys(), -fits.count(MISFIT), sum(fits)


def settled(kind: Any) -> Any:
    """The type that a stand-in of models stands for, and any other type itself."""
    return kind.target() if isinstance(kind, LazyModel) else kind


def _may_be_object(kind: Any) -> bool:
    return isinstance(kind, LazyModel) or is_model_class(kind)


_FORMS = {"int": (int,), "float": (int, float), "Decimal": (int, float, str)}
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
    # Dates, UUIDs and the like are texts; any value fits `Any`.
    return kind is Any or isinstance(value, str)
