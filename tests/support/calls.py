"""Call a method of a generated client as `clientgen inspect` says that it can be called."""

from __future__ import annotations

import builtins
import datetime as dt
import decimal
import json
import types
import typing
import uuid
from collections import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typing_extensions
from pydantic import TypeAdapter

from clientgen_runtime import sdk
from clientgen_runtime.sdk import OMIT, Omit
from tests.support.document import Bundle, Json, Node, Operation, mapping
from tests.support.values import Values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


@dataclass(frozen=True)
class Call:
    """A call of one operation.

    Attributes:
        path: Attribute path from a client, such as `pets.retrieve`.
        positional: Path parameters.
        named: All other arguments.
    """

    path: str
    positional: tuple[object, ...]
    named: Mapping[str, object]

    def on(self, client: object) -> Any:
        """Do it; for an asynchronous client, the result is to be awaited."""
        return attribute(client, self.path)(*self.positional, **self.named)


def attribute(owner: object, path: str) -> Any:
    """What a dotted path leads to."""
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner


def full_call(told: Node, document: Bundle, operation: Operation, module: ModuleType) -> Call:
    """A call with every argument that the document gives a value for."""
    values = Values(document, "request")
    positional: list[object] = []
    named: dict[str, object] = {}
    for parameter in map(mapping, _list(told["parameters"])):
        node = _parameter(operation, parameter)
        value = typed(str(parameter["annotation"]), values.of_parameter(node), module)
        if parameter["in"] == "path":
            positional.append(value)
        else:
            named[str(parameter["name"])] = value
    if told.get("body"):
        named |= _body(mapping(told["body"]), operation, values, module)
    return Call(str(told["call"]), tuple(positional), named)


def _parameter(operation: Operation, told: Node) -> Node:
    key = (told["in"], told["wire_name"])
    return next(p for p in operation.parameters if (p["in"], p["name"]) == key)


def _body(
    told: Node, operation: Operation, values: Values, module: ModuleType
) -> dict[str, object]:
    media_type = str(told["default"])
    shape = mapping(mapping(told["content"])[media_type])
    example = values.of_media_type(operation.media_types[media_type])
    if shape["style"] == "body":
        return {"body": example}
    fields = {mapping(f)["wire_name"]: mapping(f) for f in _list(shape["fields"])}
    given = mapping(example)
    return {
        str(fields[wire]["name"]): typed(str(fields[wire]["annotation"]), value, module)
        for wire, value in given.items()
    }


def typed(annotation: str, value: Json, module: ModuleType) -> object:
    """A JSON value as the annotation of an argument wants it: a `date`, not its text."""
    members = [a for a in _members(evaluated(annotation, module)) if a is not Omit]
    plain: Any = typing.Union.__getitem__(tuple(members))
    return TypeAdapter(plain).validate_json(json.dumps(value))


def evaluated(annotation: str, module: ModuleType) -> Any:
    """The type that an annotation of `inspect` means in a generated package."""
    return eval(annotation, _Names(module))  # our own output, which hostile tests check


class _Names(dict[str, object]):
    """Names that annotations use: of the package's models, and of the standard library."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(
            {"OMIT": OMIT, "Omit": Omit, "UUID": uuid.UUID, "Any": typing.Any, "FileInput": bytes}
        )
        self._models = module.models

    def __missing__(self, name: str) -> object:
        for owner in (builtins, dt, decimal, abc, typing, sdk):
            if hasattr(owner, name):
                return getattr(owner, name)
        found = getattr(self._models, name)
        # The types of its keys are known to type checkers alone; a union of some is a text.
        is_dictionary = typing_extensions.is_typeddict(found) or isinstance(found, str)
        return dict[str, typing.Any] if is_dictionary else found


def _members(target: object) -> tuple[object, ...]:
    is_union = typing.get_origin(target) in (typing.Union, types.UnionType)
    return typing.get_args(target) if is_union else (target,)


def _list(value: object) -> list[Json]:
    assert isinstance(value, list), value
    return value
