"""What callers of an SDK see of it, so that two versions can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from clientgen.build.ir import NAME_OR_QUOTED
from clientgen.resolve.spec import Alias, ListOf, MapOf, OneOf, Record, Ref, Tagged, TupleOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from clientgen._pipeline import Plan
    from clientgen.build import ir
    from clientgen.diagnostics import Where
    from clientgen.resolve.spec import Definition, NamedSchema, Property, Shape


@dataclass(frozen=True, slots=True)
class Type:
    """A type as the members of the union that it is.

    Attributes:
        written: The members as they are written.
        members: The same with literals standing singly.
    """

    written: tuple[str, ...]
    members: frozenset[str]

    @property
    def text(self) -> str:
        """The type as Python writes it."""
        return " | ".join(self.written)

    def admits(self, other: Type) -> bool:
        """Whether each value of the other type is one of this."""
        return "Any" in self.members or all(map(self._has, other.members))

    def _has(self, member: str) -> bool:
        if member in self.members:
            return True
        if member == "int":
            return "float" in self.members
        # `Literal['a']` is a `str`.
        return member[:1] in "'\"" and "str" in self.members


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call."""

    name: str
    place: str
    wire_name: str
    required: bool
    type: Type
    deprecated: bool
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A method, as it is called."""

    operation: str
    path: str
    positional: tuple[str, ...]
    arguments: Mapping[str, Argument]
    returns: Type
    deprecated: bool
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a model."""

    required: bool
    type: Type
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its fields, or what its name stands for."""

    fields: Mapping[str, Field]
    type: Type | None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """An SDK as its callers see it.

    Attributes:
        package: Import package.
        client: Client class.
        credentials: Constructor arguments that hold credentials.
        calls: Methods, by HTTP method and path, such as `GET /pets`.
        models: Models by name.
        given: Models that callers hand in.
        received: Models that come back.
        sha256: Digest of the document.
    """

    package: str
    client: str
    credentials: frozenset[str]
    calls: Mapping[str, Call]
    models: Mapping[str, Model]
    given: frozenset[str] = field(default=frozenset())
    received: frozenset[str] = field(default=frozenset())
    sha256: str = ""


def surface(planned: Plan) -> Surface:
    """What callers see of a planned SDK."""
    sdk, types = planned.sdk, planned.types
    methods = [m for resource in (sdk.root, *sdk.resources) for m in resource.methods]
    names = {identity: name.name for identity, name in types.names.items()}
    models = {names[schema.id]: _model(schema, planned) for schema in planned.spec.schemas.values()}
    uses = {
        names[schema.id]: {names[ref.id] for ref in _refs(schema.definition)}
        for schema in planned.spec.schemas.values()
    }
    given = [a.annotation for m in methods for a in (*m.path_arguments, *m.arguments)]
    given += [m.body.annotation for m in methods if m.body]
    received = [m.returns for m in methods] + ([sdk.event] if sdk.event else [])
    received += [
        payload.annotation
        for m in methods
        for response in m.responses
        for payload in response.payloads
        if payload.annotation
    ]
    return Surface(
        package=sdk.project.package,
        client=sdk.project.client,
        credentials=frozenset(credential.name for credential in sdk.credentials),
        calls={f"{m.http_method} {m.path}": _call(m) for m in methods},
        models=models,
        given=_reached(given, uses),
        received=_reached(received, uses),
        sha256=_digest([document.sha256 for document in planned.documents]),
    )


def opened(surface: Surface) -> Surface:
    """The surface with what names of choices and aliases stand for, for comparing types."""
    aliases = {name: model.type for name, model in surface.models.items() if model.type}

    def opened_type(given: Type) -> Type:
        members = {*given.members}
        names = [*members & aliases.keys()]
        for name in names:
            further = aliases[name].members - members
            members |= further
            names += further & aliases.keys()
        return replace(given, members=frozenset(members - aliases.keys()))

    return _changed(surface, opened_type)


def with_names(surface: Surface, names: Mapping[str, str]) -> Surface:
    """The surface with other names of models."""
    if not names:
        return surface
    changed = _changed(surface, lambda given: _named(given, names))
    return replace(
        changed,
        models={names.get(name, name): model for name, model in changed.models.items()},
        given=frozenset(names.get(name, name) for name in changed.given),
        received=frozenset(names.get(name, name) for name in changed.received),
    )


def model_with_names(model: Model, names: Mapping[str, str]) -> Model:
    """A model with other names of models in its types."""
    return _changed_model(model, lambda given: _named(given, names))


def _named(given: Type, names: Mapping[str, str]) -> Type:
    # Dictionaries that stand for models are called after them.
    names = {**names, **{f"{old}Dict": f"{new}Dict" for old, new in names.items()}}

    def named(text: str) -> str:
        return NAME_OR_QUOTED.sub(lambda found: names.get(found[0], found[0]), text)

    return Type(tuple(map(named, given.written)), frozenset(map(named, given.members)))


def _changed(surface: Surface, change: Callable[[Type], Type]) -> Surface:
    """The surface with all types changed."""

    def changed_call(call: Call) -> Call:
        arguments = {n: replace(a, type=change(a.type)) for n, a in call.arguments.items()}
        return replace(call, arguments=arguments, returns=change(call.returns))

    return replace(
        surface,
        calls={key: changed_call(call) for key, call in surface.calls.items()},
        models={name: _changed_model(model, change) for name, model in surface.models.items()},
    )


def _changed_model(model: Model, change: Callable[[Type], Type]) -> Model:
    fields = {n: replace(f, type=change(f.type)) for n, f in model.fields.items()}
    return Model(fields, change(model.type) if model.type else None, model.where)


def _digest(digests: Sequence[str]) -> str:
    """One digest for all documents that were read."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _call(method: ir.Method) -> Call:
    arguments = [_argument(a) for a in (*method.path_arguments, *method.arguments)]
    if method.body is not None and method.body.style == "body":
        body = method.body
        arguments.append(
            Argument(
                "body",
                "body",
                "",
                body.required,
                _type(body.annotation),
                deprecated=False,
                where=method.where,
            )
        )
    return Call(
        operation=f"{method.http_method} {method.path}",
        path=method.call,
        positional=tuple(a.name for a in method.path_arguments),
        arguments={a.name: a for a in arguments},
        returns=_type(method.received),
        deprecated=method.deprecated,
        where=method.where,
    )


def _argument(argument: ir.Argument) -> Argument:
    return Argument(
        name=argument.name,
        place=argument.place,
        wire_name=argument.wire_name,
        required=argument.required,
        type=_type(argument.annotation),
        deprecated=argument.deprecated,
        where=argument.where,
    )


def _model(schema: NamedSchema, planned: Plan) -> Model:
    types, definition = planned.types, schema.definition
    if isinstance(definition, Alias):
        return Model({}, _type(types.alias(definition.shape)), schema.where)
    if isinstance(definition, Tagged):
        members = [types.result(ref) for ref in (*definition.members, *definition.others)]
        return Model({}, type_of([member.text for member in members]), schema.where)
    fields = {
        prop.wire_name: Field(prop.required, _type(types.result(prop.shape)), prop.where)
        for prop in _properties(definition, planned)
    }
    return Model(fields, None, schema.where)


def _properties(record: Record, planned: Plan) -> Iterator[Property]:
    if record.base is not None:
        base = planned.spec.schemas[record.base.id].definition
        if isinstance(base, Record):
            yield from _properties(base, planned)
    yield from record.properties


def _type(annotation: ir.Annotation) -> Type:
    return type_of(annotation.members)


def type_of(members: Sequence[str]) -> Type:
    """The union of these types."""
    single: list[str] = []
    for member in members:
        if member.startswith("Literal["):
            single += NAME_OR_QUOTED.findall(member)[1:]
        else:
            single.append(member)
    return Type(tuple(members), frozenset(single))


def _reached(
    annotations: Iterable[ir.Annotation], uses: Mapping[str, Iterable[str]]
) -> frozenset[str]:
    """Models in these types, and those that they hold."""
    found: set[str] = set()
    waiting = [name for annotation in annotations for name in annotation.models]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(uses.get(name, ()))
    return frozenset(found)


def _refs(definition: Definition) -> Iterator[Ref]:
    match definition:
        case Alias(shape):
            yield from _refs_in(shape)
        case Tagged():
            yield from definition.members
            for shape in definition.others:
                yield from _refs_in(shape)
        case Record():
            if definition.base is not None:
                yield definition.base
            for prop in definition.properties:
                yield from _refs_in(prop.shape)
            if definition.extra is not None:
                yield from _refs_in(definition.extra)
            yield from definition.subtypes.values()


def _refs_in(shape: Shape) -> Iterator[Ref]:
    match shape:
        case Ref():
            yield shape
        case ListOf(inner) | MapOf(inner):
            yield from _refs_in(inner)
        case OneOf(inners):
            for inner in inners:
                yield from _refs_in(inner)
        case TupleOf(inners, rest):
            for inner in inners if rest is None else (*inners, rest):
                yield from _refs_in(inner)
        case _:
            pass
