"""What only servers set is left out of requests (OpenAPI 3, "Schema Object", `readOnly`)."""

from __future__ import annotations

from functools import cache
from typing import Any

from .._narrow import is_dict, is_list, is_mapping
from .looks import name_of
from .wire import is_model, plain


def without_read_only(value: object) -> object:
    """A body without the read-only properties of the models in it.

    What stands in a mapping is sent: who writes it down means it.

    Args:
        value: A model, or mappings and lists that may hold some.
    """
    if is_model(value):
        data = plain(value)
        _leave_out(value, data)
        return data
    if is_mapping(value):
        return {key: without_read_only(member) for key, member in value.items()}
    return [without_read_only(item) for item in value] if is_list(value) else value


def _leave_out(value: object, data: object) -> None:
    """Take read-only properties out of what a value was dumped to."""
    if is_model(value) and is_dict(data):
        for wire_name, member in _members(value).items():
            _leave_out(member, data.get(wire_name))
        for wire_name in _read_only(type(value)):
            data.pop(wire_name, None)
    elif is_list(value) and is_list(data):
        for item, item_data in zip(value, data, strict=False):
            _leave_out(item, item_data)
    elif is_mapping(value) and is_mapping(data):
        for key, member in value.items():
            _leave_out(member, data.get(key))


def _members(model: Any) -> dict[str, object]:
    """Values of a model's fields and extras by wire name."""
    fields: dict[str, Any] = model.__class__.model_fields
    values: dict[str, Any] = model.__dict__
    given = {name_of(fields[name], name): value for name, value in values.items()}
    return {**given, **(model.model_extra or {})}


@cache
def _read_only(model: type) -> frozenset[str]:
    """Wire names of a model's read-only properties, with those of its bases."""
    return frozenset(
        name for owner in model.__mro__ for name in vars(owner).get("__read_only__", ())
    )
