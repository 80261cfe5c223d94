"""What a shape is called in Python."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from clientgen.resolve.spec import (
    Alias,
    Anything,
    Choice,
    ListOf,
    MapOf,
    NamedSchema,
    OneOf,
    Ref,
    Scalar,
    SchemaId,
    Shape,
    TupleOf,
)

from .ir import Annotation, ModelName, generic, named, union

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY = named("Any")
NONE = Annotation(("None",))

Mode: TypeAlias = Literal["result", "argument", "part", "model"]
"""Where a type stands: what comes back, what is given (in forms also as files), and in models."""

GIVEN = ("argument", "part")

VALUE_TYPES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("string", "date-time"): ("datetime", "DateTime"),
    ("string", "http-date"): ("datetime", "HttpDate"),
    ("string", "date"): ("date", "Date"),
    ("string", "time"): ("time", "Time"),
    ("string", "duration"): ("timedelta", "Duration"),
    ("string", "uuid"): ("UUID", "UUID"),
    ("string", "byte"): ("bytes", "Base64"),
    ("string", "base64"): ("bytes", "Base64"),
    ("string", "base64url"): ("bytes", "Base64Url"),
    ("string", "binary"): ("bytes", "bytes"),
    ("string", "decimal"): ("Decimal", "Decimal"),
    ("string", "decimal128"): ("Decimal", "Decimal"),
    ("number", "decimal"): ("Decimal", "Decimal"),
    ("number", "decimal128"): ("Decimal", "Decimal"),
    ("integer", "unixtime"): ("datetime", "UnixTime"),
    ("integer", "unix-time"): ("datetime", "UnixTime"),
    ("number", "unixtime"): ("datetime", "UnixTime"),
}
"""Types and formats whose values JSON has no form for: the Python type, and the type in models."""

PLAIN_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
BUILTIN = {*PLAIN_TYPES.values(), "bytes"}


@dataclass(frozen=True, slots=True)
class Types:
    """Names of models, and how shapes read with them.

    Attributes:
        names: Names of models by schema.
        schemas: The schemas themselves.
    """

    names: Mapping[SchemaId, ModelName]
    schemas: Mapping[SchemaId, NamedSchema]

    def result(self, shape: Shape) -> Annotation:
        """A type as it comes back: enumerations stay open, since servers add to them."""
        return self._annotate(shape, mode="result")

    def argument(self, shape: Shape) -> Annotation:
        """A type as it is given by a caller: mappings stand for models, too."""
        return self._annotate(shape, mode="argument")

    def part(self, shape: Shape) -> Annotation:
        """A type as it is given for a field of a form: bytes may be files."""
        return self._annotate(shape, mode="part")

    def model(self, shape: Shape) -> Annotation:
        """A type as it stands in models: values that JSON has no form for are the runtime's."""
        return self._annotate(shape, mode="model")

    def alias(self, shape: Shape) -> Annotation:
        """What a named type stands for; where it is used, an enumeration is opened."""
        return _choice(shape, open_=False) if isinstance(shape, Choice) else self.model(shape)

    def _annotate(self, shape: Shape, *, mode: Mode) -> Annotation:
        match shape:
            case Anything():
                return ANY
            case Scalar():
                return _scalar(shape, mode)
            case Choice():
                return _choice(shape, open_=mode not in GIVEN)
            case ListOf(item):
                return self._list(item, mode=mode)
            case TupleOf():
                return self._tuple(shape, mode=mode)
            case MapOf(value):
                return generic("dict[str, {}]", self._annotate(value, mode=mode))
            case OneOf(members):
                return union([self._annotate(member, mode=mode) for member in members])
            case Ref():
                return self._named(shape, mode=mode)

    def _list(self, item: Shape, *, mode: Mode) -> Annotation:
        """An array; one of models is given as a sequence, since `list[Pet]` is no list of more."""
        inner = self._annotate(item, mode=mode)
        if mode in GIVEN and {"Mapping[str, Any]", "FileInput"} & {*inner.members}:
            return replace(generic("Sequence[{}]", inner), names=inner.names | {"Sequence"})
        return generic("list[{}]", inner)

    def _tuple(self, shape: TupleOf, *, mode: Mode) -> Annotation:
        inner = [self._annotate(item, mode=mode) for item in shape.items]
        if shape.rest is None and inner:
            return generic("tuple[{}]", *inner)
        rest = [] if shape.rest is None else [self._annotate(shape.rest, mode=mode)]
        return (
            generic("list[{}]", union(inner + rest)) if inner + rest else generic("list[{}]", ANY)
        )

    def _named(self, shape: Ref, *, mode: Mode) -> Annotation:
        name = self.names[shape.id].name
        model = Annotation((name,), models=frozenset({name}))
        definition = self.schemas[shape.id].definition
        if isinstance(definition, Alias):
            if mode in GIVEN or not isinstance(definition.shape, Choice):
                return model
            return union([model, *_kinds(definition.shape)])
        if mode not in GIVEN:
            return model
        mapping = Annotation(("Mapping[str, Any]",), names=frozenset({"Mapping", "Any"}))
        return union([model, mapping])


def _scalar(shape: Scalar, mode: Mode) -> Annotation:
    plain = PLAIN_TYPES[shape.type]
    python, in_models = VALUE_TYPES.get((shape.type, shape.format), (plain, plain))
    if mode == "part" and shape.format == "binary":
        return union([Annotation(("bytes",)), named("FileInput")])
    name = in_models if mode == "model" else python
    return Annotation((name,)) if name in BUILTIN else named(name)


def _choice(shape: Choice, *, open_: bool) -> Annotation:
    text = f"Literal[{', '.join(map(repr, shape.values))}]"
    literal = Annotation((text,), names=frozenset({"Literal"}))
    if not open_ or shape.fixed or len(shape.values) == 1:
        return literal
    return union([literal, *_kinds(shape)])


def _kinds(shape: Choice) -> list[Annotation]:
    kinds = dict.fromkeys(type(value).__name__ for value in shape.values)
    return [Annotation((kind,)) for kind in kinds]
