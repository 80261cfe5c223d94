"""What the runtime offers to users, as its docstrings tell it: the page of the reference."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import clientgen_runtime
from clientgen_runtime import sdk

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(str(clientgen_runtime.__file__)).parent


def docstrings() -> dict[str, str]:
    """The docstring of each public name, and of each member of a class as `Class.member`."""
    aliases = dict(_alias_docstrings())
    found: dict[str, str] = {}
    for module in (clientgen_runtime, sdk):
        for name in filter(_is_public, module.__all__):
            value = getattr(module, name)
            if _is_ours(value, name):
                found[name] = inspect.getdoc(value) or ""
                found.update(_members(value))
            else:
                found[name] = aliases.get(name, "")
    return found


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def _is_ours(value: object, name: str) -> bool:
    """Whether a name is that of a class or function here, not of a constant or type alias."""
    home = getattr(value, "__module__", None) or ""
    return home.startswith("clientgen_runtime") and getattr(value, "__name__", None) == name


def _members(value: object) -> Iterator[tuple[str, str]]:
    """Methods and properties with what is inherited inside the runtime, each once."""
    if not isinstance(value, type):
        return
    for base in value.__mro__:
        if base.__module__.startswith("clientgen_runtime"):
            # What a private base has belongs to each of its public heirs.
            owner = value.__name__ if _is_private(base) else base.__name__
            for name, member in vars(base).items():
                if _is_public(name) and _is_routine(member) and hasattr(value, name):
                    yield f"{owner}.{name}", inspect.getdoc(getattr(base, name)) or ""


def _is_private(cls: type) -> bool:
    return cls.__name__ not in (*clientgen_runtime.__all__, *sdk.__all__)


def _is_routine(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, (property, classmethod, staticmethod))


def _alias_docstrings() -> Iterator[tuple[str, str]]:
    """The string below an assignment, which no object keeps."""
    for path in sorted(SOURCES.glob("*.py")):
        for assigned, told in pairwise(ast.parse(path.read_text(encoding="utf-8")).body):
            match assigned, told:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield name, inspect.cleandoc(text)
