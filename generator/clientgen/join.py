"""Several documents as one API."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, TypeVar

from clientgen.build._identifiers import pascal_case
from clientgen.diagnostics import Diagnostic, Severity
from clientgen.load import LoadError
from clientgen.resolve._webhooks import EVENT, event_schema
from clientgen.resolve.spec import Alias, Component, NamedSchema, Payload, Ref, Tagged, Within
from clientgen.substitute import substituted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clientgen.diagnostics import Diagnostics, Where
    from clientgen.resolve.spec import Operation, Requirement, SchemaId, Shape, Spec

Value = TypeVar("Value")

RENAMED = "CG261"
TWICE = "CG262"

_PARAMETER = re.compile(r"\{[^{}]*\}")
_WORDS = frozenset({"where", "description", "examples"})
"""Attributes in which two schemas may differ and mean the same."""


def joined(specs: Sequence[Spec], diagnostics: Diagnostics) -> Spec:
    """One API of several documents; the first has the say where there can be one only.

    What two documents describe alike under one name is one thing. Where they differ, that of the
    later document gets a name with the document's title in front. Servers and credentials stay
    those of each document.

    Args:
        specs: What the documents say, each read by itself.
        diagnostics: Receives what is renamed.
    """
    return reduce(lambda first, second: _with(first, second, diagnostics), specs)


def refuse_twice(operations: Sequence[Operation]) -> None:
    """Refuse operations that two documents describe.

    Raises:
        LoadError: There is one; names both places.
    """
    known: dict[tuple[str, str], Operation] = {}
    for operation in operations:
        key = operation.method, _PARAMETER.sub("{}", operation.path)
        other = known.setdefault(key, operation)
        if other.where.document is not operation.where.document:
            message = (
                f"{operation.method} {operation.path} is described in {other.where}, too; "
                "remove one of them, for example by an overlay that extends this document"
            )
            raise LoadError(Diagnostic(TWICE, Severity.ERROR, message, operation.where))


def _with(first: Spec, second: Spec, diagnostics: Diagnostics) -> Spec:
    second = substituted(_shifted(second, _next_index(first)), dict(_same(first, second)))
    second = _renamed(first, second, diagnostics)
    second = _settled(first, second)
    schemas = _further(first.schemas, second.schemas)
    events = [*_events(first), *_events(second)]
    if events:
        schemas[EVENT] = event_schema(tuple(events), first.where, schemas)
    return replace(
        first,
        operations=(*first.operations, *second.operations),
        schemas=schemas,
        schemes=_further(first.schemes, second.schemes),
        tags=_further(first.tags, second.tags),
        event=Ref(EVENT) if events else None,
    )


def _further(first: Mapping[str, Value], second: Mapping[str, Value]) -> dict[str, Value]:
    """The entries of both, in the order of the documents; the first has the say."""
    return {**first, **{key: value for key, value in second.items() if key not in first}}


def _events(spec: Spec) -> Iterator[Shape]:
    if spec.event is None:
        return
    match spec.schemas[spec.event.id].definition:
        case Tagged(members, others):
            yield from (*members, *others)
        case Alias(shape):
            yield shape
        case _:
            yield spec.event


# --- Operations have numbers, which tell where inline schemas belong -------------------------


def _next_index(spec: Spec) -> int:
    return max((operation.index for operation in spec.operations), default=-1) + 1


def _shifted(spec: Spec, by: int) -> Spec:
    return replace(
        spec,
        operations=tuple(replace(each, index=each.index + by) for each in spec.operations),
        schemas={identity: _moved(schema, by) for identity, schema in spec.schemas.items()},
    )


def _moved(schema: NamedSchema, by: int) -> NamedSchema:
    match schema.origin:
        case Payload(operation) as origin:
            return replace(schema, origin=replace(origin, operation=operation + by))
        case _:
            return schema


# --- What is described twice alike -----------------------------------------------------------


def _same(first: Spec, second: Spec) -> Mapping[SchemaId, SchemaId]:
    """Schemas of the second document that the first one has, too, with all they refer to."""
    known = {place: schema for schema in first.schemas.values() if (place := _place(schema, first))}
    same = {
        schema.id: known[place].id
        for schema in second.schemas.values()
        if (place := _place(schema, second)) in known and schema.id not in first.schemas
    }
    while True:
        unlike = [
            mine
            for mine, theirs in same.items()
            if _meaning(second.schemas[mine], same) != _meaning(first.schemas[theirs], {})
        ]
        if not unlike:
            return same
        for identity in unlike:
            del same[identity]


def _place(schema: NamedSchema, spec: Spec) -> tuple[object, ...]:
    """Where a schema stands among the components of its document, in any version of OpenAPI."""
    keys = schema.where.keys if schema.where.document is spec.where.document else ()
    match keys[:1]:
        case ("components",):
            return keys[1:]
        case ("definitions",):
            return "schemas", *keys[1:]
        case ("responses" | "parameters",):
            return keys
        case _:
            return ()


def _meaning(value: object, same: Mapping[SchemaId, SchemaId]) -> object:
    """A part of a document without places and texts, for comparing."""
    match value:
        case Ref(identity):
            return "ref", same.get(identity, identity)
        case Within(parent, part):
            return "within", same.get(parent, parent), part
        case NamedSchema():
            return _meaning((value.origin, value.definition, value.deprecated, value.xml), same)
        case tuple():
            return tuple(_meaning(each, same) for each in value)
        case dict():
            return {key: _meaning(each, same) for key, each in value.items()}
        case _ if is_dataclass(value):
            told = [getattr(value, each.name) for each in fields(value) if each.name not in _WORDS]
            return type(value).__name__, _meaning(tuple(told), same)
        case _:
            return value


# --- What is called alike and is not ---------------------------------------------------------


def _renamed(first: Spec, second: Spec, diagnostics: Diagnostics) -> Spec:
    """The second document with names of its own for what the first one calls alike."""
    prefix = _prefix(first, second)
    schemas = dict(_with_own_names(first, second, prefix, diagnostics))
    schemes = _clashing_schemes(first, second, prefix)
    for name, called in schemes.items():
        message = _told("security scheme", name, first.schemes[name].where, called)
        diagnostics.warning(RENAMED, message, second.schemes[name].where)
    return _with_schemes(replace(second, schemas=schemas), schemes)


def _with_own_names(
    first: Spec, second: Spec, prefix: str, diagnostics: Diagnostics
) -> Iterator[tuple[SchemaId, NamedSchema]]:
    known = {_component(schema): schema.where for schema in [*first.schemas.values()][::-1]}
    for identity, schema in second.schemas.items():
        name = _component(schema)
        if not name or name not in known or identity in first.schemas:
            yield identity, schema
            continue
        called = _led(prefix, name)
        part = schema.origin.part if isinstance(schema.origin, Component) else ""
        if not part:
            message = _told("schema", name, known[name], called)
            diagnostics.warning(RENAMED, message, schema.where)
        yield identity, replace(schema, origin=Component(called, part))


def _clashing_schemes(first: Spec, second: Spec, prefix: str) -> dict[str, str]:
    """New names of security schemes that the first document has otherwise."""
    taken = {*first.schemes, *second.schemes}
    found: dict[str, str] = {}
    for name, scheme in second.schemes.items():
        if name in first.schemes and _meaning(scheme, {}) != _meaning(first.schemes[name], {}):
            called = _led(prefix, name)
            while called in taken:
                called += "_"
            taken.add(called)
            found[name] = called
    return found


def _with_schemes(spec: Spec, names: Mapping[str, str]) -> Spec:
    """The document with other names of security schemes."""

    def requirements(given: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
        return tuple(tuple(names.get(name, name) for name in each) for each in given)

    def named(given: Mapping[str, Value]) -> dict[str, Value]:
        return {names.get(name, name): value for name, value in given.items()}

    return replace(
        spec,
        schemes={n: replace(scheme, name=n) for n, scheme in named(spec.schemes).items()},
        security=requirements(spec.security),
        scopes=named(spec.scopes),
        operations=tuple(
            replace(
                each,
                security=None if each.security is None else requirements(each.security),
                scopes=named(each.scopes),
            )
            for each in spec.operations
        ),
    )


def _component(schema: NamedSchema) -> str:
    return schema.origin.name if isinstance(schema.origin, Component) else ""


def _prefix(first: Spec, second: Spec) -> str:
    """What tells names of the second document apart: its title, else the name of its file."""
    for wanted in (second.title, second.where.document.name.rpartition("/")[2].partition(".")[0]):
        name = pascal_case(re.sub(r"\bAPI\b", " ", wanted, flags=re.IGNORECASE))
        if name and wanted != first.title:
            return name
    return "Other"


def _told(what: str, name: str, first: Where, called: str) -> str:
    return f"{first.document.name} has another {what} {name!r}; this one is called {called!r}"


def _led(prefix: str, name: str) -> str:
    """A name with another one in front, as the document would write it."""
    return prefix + name if name[:1].isupper() else f"{prefix}_{name}"


# --- What holds for all of a document --------------------------------------------------------


def _settled(first: Spec, second: Spec) -> Spec:
    """The second document with its servers and security at each operation, where they differ."""
    operations = second.operations
    if second.servers and second.servers != first.servers:
        operations = tuple(replace(o, servers=o.servers or second.servers) for o in operations)
    if (second.security, second.scopes) != (first.security, first.scopes):
        operations = tuple(
            replace(o, security=second.security, scopes=second.scopes) if o.security is None else o
            for o in operations
        )
    return replace(second, operations=operations)
