"""Names of packages that are loaded when they are asked for (PEP 562).

An SDK may have thousands of models and a program needs a few. This module knows nothing of models,
so that importing an SDK loads none of what makes them.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType


def exports(
    package: str, modules: Mapping[str, str], others: str = "", *, home: str = ""
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package that imports its modules when needed.

    Args:
        package: The package's `__name__`.
        modules: Names of its modules to the names that each defines, separated by blanks.
        others: The module that is asked for names that no other one defines, if there is one.
        home: The `__name__` of what has the names, where that is another module of the package.

    Returns:
        The two functions, to be assigned in the package.

    Example:
        >>> __getattr__, __dir__ = exports("clientgen_runtime", {"_headers": "Headers"})
        >>> __getattr__("Headers").__name__
        'Headers'
    """
    home = home or package
    known: dict[str, str] = {}

    def index() -> dict[str, str]:
        if not known:
            known.update(
                (name, module) for module, names in modules.items() for name in names.split()
            )
        return known

    def get(name: str) -> object:
        module = index().get(name) or (others if not name.startswith("_") else "")
        if not module or (module == others and not hasattr(_module(package, module), name)):
            raise AttributeError(f"module {home!r} has no attribute {name!r}")
        value = getattr(_module(package, module), name)
        setattr(sys.modules[home], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[home]), *index()})

    return get, names


def _module(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")
