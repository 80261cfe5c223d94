"""What commands there are: the content of `cli.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Place: TypeAlias = tuple[str, ...]
"""Attribute names that lead from a client to a resource or a call."""

Kind: TypeAlias = Literal[
    "text",
    "integer",
    "number",
    "decimal",
    "boolean",
    "date",
    "datetime",
    "time",
    "duration",
    "uuid",
    "bytes",
    "file",
    "json",
    "value",
]
"""What an argument is; a `value` is JSON where it can be read as such, and a text else."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call.

    Attributes:
        name: Its Python name.
        many: Whether it takes several values.
        required: Whether the command must be given it.
        positional: Whether it has no name on the command line.
        nullable: Whether `null` stands for null.
        choices: Its only values.
    """

    name: str
    kind: Kind = "text"
    many: bool = False
    required: bool = False
    positional: bool = False
    nullable: bool = False
    choices: tuple[str | int | float | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A call.

    Attributes:
        pages: Whether its result comes page by page.
    """

    arguments: tuple[Argument, ...] = ()
    pages: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A command line.

    Attributes:
        name: What it is called.
        credentials: Environment variables by the constructor arguments that they stand for.
        base_url: The environment variable that names the server.
    """

    name: str
    commands: Mapping[Place, Command]
    credentials: Mapping[str, str] = field(default_factory=dict[str, str])
    base_url: str = ""

    def below(self, place: Place) -> list[str]:
        """Names of what a resource has: calls and resources."""
        depth = len(place)
        names = (each[depth] for each in self.commands if each[:depth] == place and each != place)
        return list(dict.fromkeys(names))


def load(path: Path) -> Program:
    """Read what `clientgen-cli` has written."""
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Program(
        name=told["name"],
        commands=dict(_commands(told["commands"])),
        credentials=told.get("credentials", {}),
        base_url=told.get("base_url", ""),
    )


def _commands(told: dict[str, Any]) -> Iterator[tuple[Place, Command]]:
    for call, command in told.items():
        arguments = tuple(map(_argument, command.get("arguments", ())))
        yield tuple(call.split(".")), Command(arguments, command.get("pages", False))


def _argument(told: dict[str, Any]) -> Argument:
    choices = tuple(told.pop("choices", ()))
    return Argument(**told, choices=choices)
