"""Models that are loaded when the first value of them arrives.

An SDK may have thousands of models and a program needs a few: a model that refers to another one
holds a stand-in for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic_core import core_schema

from .remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeGuard

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler


class LazyModel(type):
    """The class of stand-ins; a class, so that `Owner | None` and `list[Owner]` work on them."""

    package: str
    target_name: str
    _validate: Callable[[Any], Any] | None

    def target(cls) -> Any:
        """The model or alias that this stands for."""
        return getattr(importlib.import_module(cls.package), cls.target_name)

    def validate(cls, value: Any) -> Any:
        """Validate a value as the model; loads it the first time."""
        if cls._validate is None:
            cls._validate = validator_of(cls.target())
        return cls._validate(value)

    def __repr__(cls) -> str:
        return cls.target_name

    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.validate)

    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"title": cls.target_name}


def lazy(package: str, *names: str) -> Any:
    """Stand-ins for models of a package, used in annotations of other models.

    Args:
        package: The package that exports the models.
        names: Names of the models.

    Returns:
        One stand-in, or a tuple of them when several names are given.

    Example:
        >>> Owner = lazy("pet_store.models", "Owner")
        >>> Owner
        Owner
    """
    found = tuple(_stand_in(package, name) for name in names)
    return found[0] if len(found) == 1 else found


def _stand_in(package: str, name: str) -> LazyModel:
    members = {"package": package, "target_name": name, "_validate": None, "__module__": package}
    return LazyModel(name, (), members)


def is_model_class(kind: object) -> TypeGuard[type[BaseModel]]:
    """Whether this is a class of models."""
    # Python 3.10 takes `list[int]` for a class.
    return isinstance(kind, type) and not get_args(kind) and issubclass(kind, BaseModel)


def validator_of(kind: Any) -> Callable[[Any], Any]:
    """The function that validates Python values as a model or any other type."""
    if isinstance(kind, LazyModel):
        return kind.validate
    if is_model_class(kind):
        if family := getattr(kind, "__family__", None):
            return family.validate  # type: ignore[no-any-return]
        if not kind.__pydantic_complete__:
            kind.model_rebuild()
        return kind.__pydantic_validator__.validate_python
    return _adapted(kind)


@remembered
def _adapted(kind: Any) -> Callable[[Any], Any]:
    # To make one takes longer than to use it a hundred times.
    return TypeAdapter(kind).validate_python
