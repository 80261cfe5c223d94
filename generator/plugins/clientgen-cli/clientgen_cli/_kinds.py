"""What a command line makes of Python types."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build import ir

KINDS = {
    "str": "text",
    "int": "integer",
    "float": "number",
    "Decimal": "decimal",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "timedelta": "duration",
    "UUID": "uuid",
    "bytes": "bytes",
    "FileInput": "file",
    "BinaryInput": "file",
    "Any": "value",
}
LISTS = {"list", "List", "Sequence", "Iterable"}


@dataclass(slots=True)
class Shape:
    """What a type allows.

    Attributes:
        kinds: Kinds of single values, as `clientgen_runtime.cli` knows them.
        choices: Values of a `Literal`.
        items: What is in the list that it may be.
    """

    kinds: set[str] = field(default_factory=set)
    choices: list[object] = field(default_factory=list)
    nullable: bool = False
    items: Shape | None = None

    @property
    def kind(self) -> str:
        """The one kind that stands for all."""
        kinds = self.kinds | ({"json"} if self.items else set())
        match sorted(kinds):
            case []:
                return "text" if all(isinstance(each, str) for each in self.choices) else "integer"
            case [kind]:
                return "value" if self.choices else kind
            case _ if "file" in kinds:
                return "file"
            case _ if kinds <= TEXTS and not self.choices:
                return "text"
            case _:
                return "value"


TEXTS = {"text", "date", "datetime", "time", "duration", "uuid"}
"""Kinds that stand in JSON as texts; a choice among them is sent as it is given."""


def aliases(modules: tuple[ir.ModelModule, ...]) -> dict[str, str]:
    """Types that models stand for which are no classes, by name."""
    found: dict[str, str] = {}
    for module in modules:
        for model in module.models:
            annotation = getattr(model, "annotation", None)
            if annotation is not None and not hasattr(model, "tag"):
                found[model.name] = annotation.text
    return found


def shape(annotation: str, known: Mapping[str, str]) -> Shape:
    """What a type allows.

    Args:
        annotation: The type, as Python writes it.
        known: Other names of types.
    """
    found = Shape()
    _collect(ast.parse(annotation, mode="eval").body, known, found, ())
    return found


def _collect(
    node: ast.expr, known: Mapping[str, str], found: Shape, inside: tuple[str, ...]
) -> None:
    match node:
        case ast.BinOp(left=left, right=right):
            _collect(left, known, found, inside)
            _collect(right, known, found, inside)
        case ast.Constant(value=None):
            found.nullable = True
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            given = ast.literal_eval(values)
            choices = given if isinstance(given, tuple) else (given,)
            found.nullable = found.nullable or None in choices
            found.choices += [choice for choice in choices if choice is not None]
        case ast.Subscript(value=ast.Name(id=name), slice=item) if name in LISTS:
            found.items = found.items or Shape()
            _collect(item, known, found.items, inside)
        case ast.Name(id=name) if name in known and name not in inside:
            alias = ast.parse(known[name], mode="eval").body
            _collect(alias, known, found, (*inside, name))
        case ast.Name(id=name):
            found.kinds.add(KINDS.get(name, "json"))
        case _:
            found.kinds.add("json")
