"""Where an API is told which version of it a call means, so that a client can say it once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.resolve.spec import Alias, Choice, Ref, Scalar

from ._arguments import only_value
from ._docs import argument_line, argument_lines
from .ir import Annotation, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from clientgen.resolve.spec import (
        NamedSchema,
        Parameter,
        SchemaId,
        Server,
        ServerVariable,
        Shape,
        Spec,
    )

    from .ir import Argument, Method

HEADER = re.compile(r"(?:[a-z0-9]+-)*version")
OF_OTHERS = frozenset(
    {"agent", "app", "browser", "client", "content", "data", "device", "document", "entity", "if"}
    | {"max", "mime", "min", "model", "os", "package", "platform", "resource", "schema", "sdk"}
)
"""Words in names of headers whose version is not that of the API."""

SURE = 0.5
"""Share of operations from which on a parameter that says that it is the API's version is that."""

LIKELY = 0.9
"""The same for one that is just called `version`, of which a few calls may mean anything."""

FEWEST = 3
"""Operations that must have such a parameter."""

NOTE = "The client's `version` when not given."


def version_of(spec: Spec) -> Version | None:
    """What takes the version: a parameter of most operations, or a variable of the server's URL."""
    found = Counter(
        (parameter.place, parameter.wire_name)
        for operation in spec.operations
        for parameter in operation.parameters
        if _has_versions(parameter, spec.schemas)
    )
    for (place, name), number in found.most_common():
        if _is_of_api(place, name, number, len(spec.operations)):
            given = [
                parameter
                for operation in spec.operations
                for parameter in operation.parameters
                if (parameter.place, parameter.wire_name) == (place, name)
            ]
            return _of_parameters(given, spec.schemas)
    return _of_servers(spec.servers)


def told_by_client(method: Method, version: Version | None) -> Method:
    """A method whose version, if it takes one, is that of the client when nobody gives it."""
    if version is None:
        return method
    place = (version.place, version.name)
    return replace(
        method,
        arguments=tuple(
            _by_client(a) if (a.place, a.wire_name) == place else a for a in method.arguments
        ),
    )


def _by_client(argument: Argument) -> Argument:
    text = " ".join(argument.lines).removeprefix(f"{argument.name}:").strip()
    return replace(
        argument,
        fixed=None,
        by_client=True,
        lines=argument_lines(argument.name, f"{NOTE} {text}".strip()),
        brief=argument_line(argument.name, NOTE),
    )


def _is_of_api(place: str, name: str, number: int, operations: int) -> bool:
    share = number / operations
    plain = name.lower()
    if place == "header":
        words = plain.split("-")
        return share >= SURE and bool(HEADER.fullmatch(plain)) and OF_OTHERS.isdisjoint(words)
    letters = re.sub(r"[^a-z]", "", plain)
    if letters == "apiversion":
        return share >= SURE
    return letters in {"version", "v"} and share >= LIKELY and number >= FEWEST


def _has_versions(parameter: Parameter, schemas: Mapping[SchemaId, NamedSchema]) -> bool:
    """Whether a parameter outside the path is a text or number, of which there are several."""
    if parameter.place not in {"header", "query"} or parameter.content:
        return False
    shape = _settled(parameter.shape, schemas)
    return (
        isinstance(shape, Choice | Scalar)
        and not (isinstance(shape, Scalar) and shape.type in {"boolean", "null"})
        and only_value(shape, schemas) is None
    )


def _settled(shape: Shape, schemas: Mapping[SchemaId, NamedSchema]) -> Shape:
    """A shape without the names that stand for it."""
    while isinstance(shape, Ref):
        definition = schemas[shape.id].definition
        if not isinstance(definition, Alias):
            return shape
        shape = definition.shape
    return shape


def _of_parameters(given: Sequence[Parameter], schemas: Mapping[SchemaId, NamedSchema]) -> Version:
    shapes = [_settled(parameter.shape, schemas) for parameter in given]
    choices = [shape.values for shape in shapes if isinstance(shape, Choice)]
    is_needed = all(parameter.required for parameter in given)
    defaults = {parameter.default for parameter in given if _is_plain(parameter.default)}
    return Version(
        given[0].wire_name,
        given[0].place,
        _literal(value for values in choices for value in values)
        if len(choices) == len(shapes)
        else Annotation(("str",)),
        # What is not needed is left to the server, whose default the document tells.
        str(next(iter(defaults))) if is_needed and len(defaults) == 1 else None,
        is_needed,
    )


def _is_plain(default: object) -> bool:
    return isinstance(default, str | int | float) and not isinstance(default, bool)


def _of_servers(servers: Iterable[Server]) -> Version | None:
    for variable in (variable for server in servers for variable in server.variables):
        letters = re.sub(r"[^a-z]", "", variable.name.lower())
        if letters in {"version", "apiversion"} and len(variable.choices) != 1:
            return _of_variable(variable)
    return None


def _of_variable(variable: ServerVariable) -> Version:
    known = _literal(variable.choices) if variable.choices else Annotation(("str",))
    return Version(variable.name, "server", known)


def _literal(values: Iterable[object]) -> Annotation:
    texts = dict.fromkeys(map(str, values))
    return Annotation((f"Literal[{', '.join(map(repr, texts))}]",), names=frozenset({"Literal"}))
