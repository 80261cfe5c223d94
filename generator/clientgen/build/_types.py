"""What a shape is called in Python."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from clientgen.resolve.spec import (
    Alias,
    Anything,
    Choice,
    Definition,
    ListOf,
    MapOf,
    NamedSchema,
    OneOf,
    Record,
    Ref,
    Scalar,
    SchemaId,
    Shape,
    Tagged,
    TupleOf,
)

from ._identifiers import Names
from .ir import Annotation, ModelName, generic, named, union

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ANY = named("Any")
NONE = Annotation(("None",))
ANY_MAPPING = Annotation(("Mapping[str, Any]",), names=frozenset({"Mapping", "Any"}))

Mode: TypeAlias = Literal["result", "argument", "part", "model"]
"""Where a type stands: what comes back, what is given (in forms also as files), and in models."""

GIVEN = ("argument", "part")

NUMBERS = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "long"),
    *("integer", "safeint", "double-int", "number", "float", "double", "numeric"),
    *("bool", "boolean"),
)
"""Formats of numbers and flags, which texts may have as well."""

VALUE_TYPES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("string", "date-time"): ("datetime", "DateTime"),
    ("string", "http-date"): ("datetime", "HttpDate"),
    ("string", "rfc7231"): ("datetime", "HttpDate"),
    ("string", "date-time-rfc1123"): ("datetime", "HttpDate"),
    ("string", "date"): ("date", "Date"),
    ("string", "time"): ("time", "Time"),
    ("string", "duration"): ("timedelta", "Duration"),
    ("integer", "duration"): ("timedelta", "DurationSeconds"),
    ("number", "duration"): ("timedelta", "DurationFraction"),
    ("integer", "seconds"): ("timedelta", "DurationSeconds"),
    ("number", "seconds"): ("timedelta", "DurationFraction"),
    ("integer", "milliseconds"): ("timedelta", "DurationMilliseconds"),
    ("number", "milliseconds"): ("timedelta", "DurationMilliseconds"),
    ("integer", "duration-seconds"): ("timedelta", "DurationSeconds"),
    ("number", "duration-seconds"): ("timedelta", "DurationFraction"),
    ("integer", "duration-milliseconds"): ("timedelta", "DurationMilliseconds"),
    ("number", "duration-milliseconds"): ("timedelta", "DurationMilliseconds"),
    ("string", "uuid"): ("UUID", "UUID"),
    ("string", "byte"): ("bytes", "Base64"),
    ("string", "base64"): ("bytes", "Base64"),
    ("string", "base64url"): ("bytes", "Base64Url"),
    ("string", "binary"): ("bytes", "bytes"),
    ("string", "decimal"): ("Decimal", "DecimalText"),
    ("string", "decimal128"): ("Decimal", "DecimalText"),
    ("number", "decimal"): ("Decimal", "DecimalNumber"),
    ("number", "decimal128"): ("Decimal", "DecimalNumber"),
    ("integer", "unixtime"): ("datetime", "UnixTime"),
    ("integer", "unix-time"): ("datetime", "UnixTime"),
    ("integer", "unixTimestamp"): ("datetime", "UnixTime"),
    ("number", "unixtime"): ("datetime", "UnixTimeFraction"),
    ("number", "unix-time"): ("datetime", "UnixTimeFraction"),
    ("number", "unixTimestamp"): ("datetime", "UnixTimeFraction"),
    **{("string", form): ("str", "NumberText") for form in NUMBERS},
}
"""Types and formats whose values JSON has no form for: the Python type, and the type in models."""

TOLD_BY_VALUE = frozenset(
    ["DateTime", "Date", "Time", "Duration", "UUID", "bytes", "DecimalNumber"]
)
"""Types in models whose Python values are written right wherever they stand.

Base64 is none of them: in multipart forms bytes are files.
"""

PLAIN_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
BUILTIN = {*PLAIN_TYPES.values(), "bytes"}


def has_form(shape: Shape) -> bool:
    """Whether the form of a value is the document's choice, and its Python type does not tell."""
    match shape:
        case Scalar(kind, form):
            _, value = VALUE_TYPES.get((kind, form), ("", "bytes"))
            return value not in TOLD_BY_VALUE
        case ListOf(_, delimiter):
            return bool(delimiter)
        case _:
            return False


def is_base64(shape: Shape) -> bool:
    """Whether a value is bytes that are written as text."""
    return isinstance(shape, Scalar) and VALUE_TYPES.get((shape.type, shape.format), ("", ""))[
        1
    ].startswith("Base64")


def parts(shape: Shape | None) -> Iterator[Shape]:
    """A shape and all that stands in it, without what stands in schemas with names."""
    match shape:
        case ListOf(inner) | MapOf(inner):
            yield from parts(inner)
        case TupleOf(items, rest):
            for each in (*items, rest):
                yield from parts(each)
        case OneOf(members):
            for each in members:
                yield from parts(each)
        case _:
            pass
    if shape is not None:
        yield shape


def schemas_with_forms(schemas: Mapping[SchemaId, NamedSchema]) -> frozenset[SchemaId]:
    """The schemas in which, however deep, values have forms that Python does not tell.

    Choices that add to their members what tells them apart are among them.
    """
    return _with_users(
        schemas,
        {
            identity
            for identity, schema in schemas.items()
            if (isinstance(schema.definition, Tagged) and schema.definition.adds)
            or any(map(has_form, _contents(schema.definition)))
        },
    )


def schemas_with_read_only(schemas: Mapping[SchemaId, NamedSchema]) -> frozenset[SchemaId]:
    """The schemas in which, however deep, there are properties that only servers set."""
    return _with_users(
        schemas,
        {
            identity
            for identity, schema in schemas.items()
            if isinstance(schema.definition, Record)
            and any(prop.read_only for prop in schema.definition.properties)
        },
    )


def schemas_with_models(schemas: Mapping[SchemaId, NamedSchema]) -> frozenset[SchemaId]:
    """The schemas that are objects, or in which objects stand."""
    objects = {i for i, s in schemas.items() if isinstance(s.definition, Record | Tagged)}
    return _with_users(schemas, objects)


def _is_closed(record: Record, schemas: Mapping[SchemaId, NamedSchema]) -> bool:
    """Whether all keys of an object are known: no typed extras, and nothing extends it."""
    at: Definition = record
    keys: list[str] = []
    while isinstance(at, Record):
        if at.extra is not None:
            return False
        keys += (prop.wire_name for prop in at.properties)
        if at.base is None:
            break
        at = schemas[at.base.id].definition
    # Type checkers know no empty keys.
    return bool(keys) and all(keys) and not record.subtypes


def _with_users(
    schemas: Mapping[SchemaId, NamedSchema], found: set[SchemaId]
) -> frozenset[SchemaId]:
    """Some schemas, and all in which, however deep, they stand."""
    if not found:
        return frozenset()
    users: dict[SchemaId, list[SchemaId]] = {}
    for identity, schema in schemas.items():
        for shape in _contents(schema.definition):
            if isinstance(shape, Ref):
                users.setdefault(shape.id, []).append(identity)
    waiting = list(found)
    for at in waiting:
        new = [user for user in users.get(at, ()) if user not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def _contents(definition: Definition) -> Iterator[Shape]:
    match definition:
        case Record():
            for prop in definition.properties:
                yield from parts(prop.shape)
            yield from parts(definition.extra)
            yield from parts(definition.base)
            yield from definition.subtypes.values()
        case Tagged(members, others):
            for shape in (*members, *others):
                yield from parts(shape)
        case Alias(shape):
            yield from parts(shape)


@dataclass(frozen=True, slots=True)
class Types:
    """Names of models, and how shapes read with them.

    Attributes:
        names: Names of models by schema.
        schemas: The schemas themselves.
        inputs: Names of dictionaries that are given in place of models, where their keys are known.
    """

    names: Mapping[SchemaId, ModelName]
    schemas: Mapping[SchemaId, NamedSchema]
    inputs: Mapping[SchemaId, str] = field(init=False)
    _loose: frozenset[str] = field(init=False)
    _with_models: frozenset[SchemaId] = field(init=False)
    _with_forms: frozenset[SchemaId] = field(init=False)
    _with_read_only: frozenset[SchemaId] = field(init=False)

    def __post_init__(self) -> None:
        # Once for all: large documents have thousands of schemas.
        object.__setattr__(self, "_with_models", schemas_with_models(self.schemas))
        object.__setattr__(self, "inputs", self._input_names())
        loose = frozenset({"Mapping[str, Any]", "FileInput", *self.inputs.values()})
        object.__setattr__(self, "_loose", loose)
        object.__setattr__(self, "_with_forms", schemas_with_forms(self.schemas))
        object.__setattr__(self, "_with_read_only", schemas_with_read_only(self.schemas))

    def _input_names(self) -> dict[SchemaId, str]:
        # A schema `Typed` must not hide what its dictionary is made of.
        scope = Names({"TypedDict", *(name.name for name in self.names.values())}, joint="")
        return {
            identity: scope.take(f"{self.names[identity].name}Dict")
            for identity, schema in self.schemas.items()
            if identity in self._with_models
            and (
                not isinstance(schema.definition, Record)
                or _is_closed(schema.definition, self.schemas)
            )
        }

    def has_forms(self, shape: Shape) -> bool:
        """Whether what is sent as a shape must be written with an eye on the document."""
        return any(
            each.id in self._with_forms if isinstance(each, Ref) else has_form(each)
            for each in parts(shape)
        )

    def has_read_only(self, shape: Shape) -> bool:
        """Whether models of a shape have properties that only servers set."""
        return any(
            each.id in self._with_read_only for each in parts(shape) if isinstance(each, Ref)
        )

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
            case ListOf(item, delimiter) if delimiter and mode == "model":
                return _delimited(self._annotate(item, mode=mode), delimiter)
            case ListOf(item):
                return self._list(item, mode=mode)
            case TupleOf():
                return self._tuple(shape, mode=mode)
            case MapOf(value):
                return generic("dict[str, {}]", self._annotate(value, mode=mode))
            case OneOf(members):
                found = union([self._annotate(member, mode=mode) for member in members])
                return without_int(found) if mode in GIVEN else found
            case Ref():
                return self._named(shape, mode=mode)

    def _list(self, item: Shape, *, mode: Mode) -> Annotation:
        """An array; one of models is given as a sequence, since `list[Pet]` is no list of more."""
        inner = self._annotate(item, mode=mode)
        is_loose = any(m in self._loose or m.startswith("Sequence[") for m in inner.members)
        if mode in GIVEN and is_loose:
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
        if mode in GIVEN:
            return union([model, *self._mapping(shape)])
        if isinstance(definition, Alias) and isinstance(definition.shape, Choice):
            return union([model, *_kinds(definition.shape)])
        return model

    def _mapping(self, shape: Ref) -> list[Annotation]:
        """What may be given in place of a model."""
        if shape.id in self.inputs:
            return [named(self.inputs[shape.id])]
        return [ANY_MAPPING] if shape.id in self._with_models else []

    def mapping(self, identity: SchemaId) -> Annotation:
        """What stands for a named type that is no object, with mappings in the places of models."""
        match self.schemas[identity].definition:
            case Tagged(members, others):
                given = [mapping for ref in members for mapping in self._mapping(ref)]
                return union([*given, *(self.part(shape) for shape in others)])
            case Alias(shape):
                return self.part(shape)
            case Record():
                return ANY_MAPPING


def without_int(given: Annotation) -> Annotation:
    """A type of arguments without `int` beside `float`, which takes integers by itself."""
    if not {"int", "float"} <= {*given.members}:
        return given
    return replace(given, members=tuple(m for m in given.members if m != "int"))


def _delimited(item: Annotation, delimiter: str) -> Annotation:
    inner = generic(f"Annotated[list[{{}}], Delimited({delimiter!r})]", item)
    return replace(inner, names=inner.names | {"Annotated", "Delimited"})


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
