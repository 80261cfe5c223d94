"""Models of data that does not fit them: what fits is typed, the rest is kept as received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

from .._narrow import is_list, is_mapping
from .lazy import is_model_class, validator_of
from .looks import MISFIT, extra_type, fit, names_on_the_wire, settled, type_of
from .tagged import settled_model

_ARGUMENTS = ("cls", "_fields_set")
"""Names that `model_construct` cannot take for those of members."""


def construct(kind: Any, value: object) -> Any:
    """The nearest that a JSON value comes to a type, without ever failing.

    Args:
        kind: A model class or any other type that pydantic knows.
        value: What was received.

    Returns:
        The validated value where it fits. Models are built field by field, lists and mappings
        item by item, and what fits nowhere is returned as it is.
    """
    kind = settled(kind)
    try:
        try:
            return validator_of(kind)(value)
        except (ValidationError, PydanticUserError, PydanticUndefinedAnnotation):
            return _piecewise(kind, value)
    except RecursionError:
        # Deeper than models can be built.
        return value


def _piecewise(kind: Any, value: object) -> Any:
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Annotated:
            return _annotated(arguments[0], arguments[1:], value)
        case origin if origin in (Union, UnionType):
            return _nearest_member(arguments, value)
        case origin if origin is list and is_list(value):
            return [construct(arguments[0], item) for item in value]
        case origin if origin is tuple and is_list(value):
            return _places(arguments, value)
        case origin if origin in (dict, Mapping) and is_mapping(value):
            return {key: construct(arguments[1], item) for key, item in value.items()}
        case _ if is_model_class(kind) and kind.__pydantic_root_model__:
            return _root(kind, value)
        case _ if is_model_class(kind) and is_mapping(value):
            return _model(settled_model(kind, value), value)
        case _:
            return value


def _places(kinds: tuple[Any, ...], value: list[object]) -> object:
    """A tuple, place by place; a list of another length than it has stays one."""
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        return value
    return tuple(construct(kind, item) for kind, item in zip(kinds, value, strict=True))


def _annotated(kind: Any, beside: Sequence[Any], value: object) -> Any:
    for each in beside:
        if hasattr(each, "chooser"):
            found = each.chooser(kind).choose(value)
            if found is not None:
                return _piecewise(settled(found), value)
        if hasattr(each, "read"):  # a form of its own, which the value does not have
            return value
    return construct(kind, value)


def _root(kind: Any, value: object) -> BaseModel:
    """A model that is nothing but a value of some type."""
    model: BaseModel = kind.model_construct(construct(type_of(kind.model_fields["root"]), value))
    return model


def _model(kind: type[BaseModel], value: Mapping[str, object]) -> BaseModel:
    by_wire_name = names_on_the_wire(kind)
    extra = extra_type(kind)
    known: dict[str, Any] = {}
    for wire_name, member in value.items():
        name = by_wire_name.get(wire_name)
        if name is not None:
            known[name] = construct(type_of(kind.model_fields[name]), member)
        else:
            known[wire_name] = member if extra is None else construct(extra, member)
    clashing = {name: known.pop(name) for name in _ARGUMENTS if name in known}
    model = kind.model_construct({*known, *clashing}, **known)
    for name, member in clashing.items():
        members = vars(model) if name in kind.model_fields else model.model_extra
        if members is not None:
            members[name] = member
    return model


def _nearest_member(members: Sequence[Any], value: object) -> Any:
    """The member that shares the most names with an object; an object fits no scalar."""
    best: Any = None
    shared = -1
    for member in map(settled, members):
        if is_model_class(member) and is_mapping(value):
            count = len(names_on_the_wire(member).keys() & value.keys())
            if count > shared:
                best, shared = member, count
        elif not is_model_class(member) and get_args(member) and fit(member, value) != MISFIT:
            return construct(member, value)
    return value if best in (None, NoneType) else _piecewise(best, value)
