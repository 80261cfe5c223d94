"""The operations of a package, by call: what a fake server knows of an API."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import typing
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from .._body import is_json
from .._data.lazy import validator_of
from .._omit import Omit
from .._operation import content_of, contents_of
from ._made import ImpossibleError, Maker

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from .._operation import Content, Operation

DATA = "testing.json"
"""File beside the generated `testing.py` that lists the operations and their examples."""


@dataclass(frozen=True)
class Known:
    """An operation and what the document shows of it.

    Attributes:
        call: Attribute path from a client, such as `pets.retrieve`.
        package: Import name of the SDK.
        module: Its module in there, such as `resources.pets`.
        constant: Name of its `Operation` in that module.
        owner: Class that has its method.
        arguments: Examples of arguments by name, as JSON has them.
        answers: Examples of answers by status and media type.
    """

    call: str
    package: str
    module: str
    constant: str
    owner: str
    arguments: Mapping[str, object]
    answers: Mapping[str, Mapping[str, object]]

    @cached_property
    def operation(self) -> Operation[Any]:
        """What describes the call on the wire."""
        found: Operation[Any] = getattr(self._home, self.constant)
        return found

    @cached_property
    def responses(self) -> Mapping[str, Content]:
        """What may be answered, by status and media type."""
        return contents_of(self.operation)

    def arguments_for(self, maker: Maker) -> tuple[tuple[object, ...], dict[str, object]]:
        """Values for a call: positional ones, and those by name.

        Args:
            maker: What makes up those of which the document has no fitting example.

        Raises:
            ImpossibleError: One that is needed cannot be made up.
        """
        method = getattr(getattr(self._home, self.owner), self.call.rpartition(".")[2])
        names = _names(self._home)
        positional: list[object] = []
        named: dict[str, object] = {}
        for parameter in list(inspect.signature(method).parameters.values())[1:]:
            if parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
                continue
            if parameter.name == "body":
                continue
            kind = eval(parameter.annotation, {}, names)  # noqa: S307 - the package's own code
            value = self._argument(parameter.name, kind, maker)
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                positional.append(value)
            else:
                named[parameter.name] = value
        return tuple(positional), {**named, **self._body(maker)}

    def _argument(self, name: str, kind: Any, maker: Maker) -> object:
        if name in self.arguments:
            try:
                return fitting(kind, self.arguments[name])
            except ImpossibleError:
                pass
        return maker.make(kind)

    def _body(self, maker: Maker) -> dict[str, object]:
        accepted = self.operation.body
        if accepted is None:
            return {}
        media_type, declared = next(iter(content_of(accepted.content).items()), ("", None))
        kind = declared() if declared is not None else None
        if "body" in self.arguments:
            try:
                return {"body": fitting(kind, self.arguments["body"])}
            except ImpossibleError:
                pass
        if kind is None:
            return {"body": {} if is_json(media_type) else b"{}"}
        return {"body": maker.make(kind)}

    @cached_property
    def _home(self) -> ModuleType:
        return importlib.import_module(f"{self.package}.{self.module}")


def fitting(kind: Any, value: object) -> Any:
    """A value of JSON as a type has it.

    Raises:
        ImpossibleError: It does not fit.
    """
    if kind is None:
        return value
    try:
        return validator_of(_without_omit(kind))(value)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ImpossibleError(str(error)) from error


def _without_omit(kind: Any) -> Any:
    members = typing.get_args(kind)
    union: Any = getattr(typing, "Union")  # noqa: B009  (checkers know no union of a tuple)
    return union[tuple(m for m in members if m is not Omit)] if Omit in members else kind


@cache
def known(package: str) -> dict[str, Known]:
    """All operations of a package, by call.

    Args:
        package: Its import name.
    """
    text = files(package).joinpath(DATA).read_text(encoding="utf-8")
    return {
        call: Known(
            call,
            package,
            told["module"],
            told["constant"],
            told["owner"],
            told.get("arguments", {}),
            told.get("answers", {}),
        )
        for call, told in json.loads(text).items()
    }


@cache
def _names(module: ModuleType) -> _Names:
    return _Names(module)


class _Names(dict[str, Any]):
    """What names in the annotations of a module mean; most are imported for type checkers only."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(List=list)
        self._module = module
        tree = ast.parse(inspect.getsource(module))
        self._imports = {
            alias.asname or alias.name: (node, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def __missing__(self, name: str) -> Any:
        if hasattr(self._module, name):
            return getattr(self._module, name)
        node, original = self._imports[name]
        home = "." * node.level + (node.module or "")
        found = getattr(importlib.import_module(home, self._module.__package__), original)
        # What stands for a union is a text, which not every type can be joined with.
        return typing.NoReturn if isinstance(found, str) else found
