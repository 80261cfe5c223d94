"""Names that are loaded when they are needed: exports of packages and references of models.

An SDK may have thousands of models and a program needs a few. A package lists what it exports and
imports a module when a name of it is asked for (PEP 562). A model that refers to another one holds
a stand-in, and the other is loaded when the first value of it arrives.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType
    from typing import TypeGuard

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler


def exports(
    package: str, modules: Mapping[str, str], others: str = ""
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package that imports its modules when needed.

    Args:
        package: The package's `__name__`.
        modules: Names of its modules to the names that each defines, separated by blanks.
        others: The module that is asked for names that no other one defines, if there is one.

    Returns:
        The two functions, to be assigned in the package.

    Example:
        >>> __getattr__, __dir__ = exports("clientgen_runtime", {"_headers": "Headers"})
        >>> __getattr__("Headers").__name__
        'Headers'
    """
    homes: dict[str, str] = {}

    def index() -> dict[str, str]:
        if not homes:
            homes.update(
                (name, module) for module, names in modules.items() for name in names.split()
            )
        return homes

    def get(name: str) -> object:
        module = index().get(name) or (others if not name.startswith("_") else "")
        if not module or (module == others and not hasattr(_module(package, module), name)):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(_module(package, module), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *index()})

    return get, names


def _module(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")


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
    return TypeAdapter(kind).validate_python
