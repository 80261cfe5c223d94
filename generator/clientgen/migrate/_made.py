"""What comes of a configuration, and what all kinds of it need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from clientgen.build import CLIENT_NAMES, RESOURCE_NAMES
from clientgen.build._identifiers import identifier
from clientgen.resolve.spec import Component, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen._pipeline import Plan
    from clientgen.diagnostics import Key
    from clientgen.load import Json

Kind: TypeAlias = Literal["openapi-python-client", "openapi-generator", "stainless"]
Keys: TypeAlias = "tuple[Key, ...]"


@dataclass(frozen=True, slots=True)
class Note:
    """What the user has to know of an entry.

    Attributes:
        keys: The way to the entry.
        text: What came of it, or what to do.
    """

    keys: Keys
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the document.

    Attributes:
        key: Such as `GET /pets/{petId}`, as our configuration writes it.
        call: How it is called when nothing is configured.
        tag: Its first tag; empty without one.
        parameters: Names of arguments by wire names.
    """

    key: str
    call: str
    operation_id: str
    tag: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Api:
    """What has to be known of the document.

    Attributes:
        schemas: Wire names of their properties, by the schemas' names.
        credentials: Names of constructor arguments, by the security schemes.
    """

    title: str
    operations: tuple[Operation, ...]
    schemas: Mapping[str, tuple[str, ...]]
    credentials: Mapping[str, tuple[str, ...]]


def api_of(planned: Plan) -> Api:
    """What has to be known of a document."""
    methods = {method.index: method for _, method in planned.sdk.called}
    operations = []
    for each in planned.spec.operations:
        method = methods[each.index]
        given = (*method.path_arguments, *method.arguments)
        names = {a.wire_name: a.name for a in given if a.place not in ("body", "call")}
        key, tag = f"{each.method.upper()} {each.path}", next(iter(each.tags), "")
        operations.append(Operation(key, method.call, each.operation_id, tag, names))
    return Api(
        planned.sdk.project.title,
        tuple(operations),
        _schemas(planned),
        planned.sdk.credential_names,
    )


def _schemas(planned: Plan) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for schema in planned.spec.schemas.values():
        origin, record = schema.origin, schema.definition
        if isinstance(origin, Component) and not origin.part:
            properties = record.properties if isinstance(record, Record) else ()
            found.setdefault(origin.name, tuple(prop.wire_name for prop in properties))
    return found


@dataclass(slots=True)
class Made:
    """A configuration of ours in the making.

    Attributes:
        given: The other configuration.
        api: The document, when it could be read.
        settings: Our configuration.
        overlay: Actions of an overlay that goes with it.
        notes: What the user has to know.
    """

    given: dict[str, Json]
    api: Api | None
    settings: dict[str, Json] = field(default_factory=dict)
    overlay: list[Json] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, text: str, *keys: Key) -> None:
        """Tell something about an entry."""
        self.notes.append(Note(keys, text))

    def table(self, *path: str) -> dict[str, Json]:
        """A table of our configuration, made when it is not there."""
        found = self.settings
        for key in path:
            inner = found.setdefault(key, {})
            assert isinstance(inner, dict)
            found = inner
        return found

    def call(self, key: str, name: str, *keys: Key) -> None:
        """Name the call of an operation, unless it is called so anyway."""
        usual = {each.key: each.call for each in self.api.operations} if self.api else {}
        if self.api is not None and key not in usual:
            self.note(f"the document has no {key}", *keys)
        elif name in self.calls:
            self.note(f"{name} is {self.calls[name]} already; {key} keeps its usual name", *keys)
        else:
            self.calls[name] = key
            if usual.get(key) != name:
                self.table("operations", key)["call"] = name

    calls: dict[str, str] = field(default_factory=dict)
    """Operations by the names that were given to their calls."""

    def model(self, schema: str, name: str, *keys: Key) -> None:
        """Name the class of a schema, unless it is called so anyway."""
        if self.api is not None and "/" not in schema and schema not in self.api.schemas:
            self.note(f"the document has no schema {schema!r}", *keys)
        elif name in self.models:
            self.note(f"{name} is {self.models[name]} already; give another name", *keys)
        else:
            self.models[name] = schema
            if name != schema:
                self.table("models", schema)["name"] = name

    models: dict[str, str] = field(default_factory=dict)
    """Schemas by the names that were given to their classes."""


def call_name(tag: str, function: str) -> str:
    """A call below its tag, as both generators of Python name it; clashes end in `_` here."""
    group = identifier(tag, "default", reserved=CLIENT_NAMES | RESOURCE_NAMES)
    return f"{group}.{identifier(function, 'call', reserved=RESOURCE_NAMES)}"


def text(value: Json) -> str:
    """A scalar as text: YAML reads versions such as 1.2 as numbers."""
    return str(value) if isinstance(value, str | int | float) else ""


def mapping(value: Json) -> dict[str, Json]:
    """A mapping, empty when the value is none."""
    return value if isinstance(value, dict) else {}


def pairs(value: Json) -> dict[str, str]:
    """A mapping of texts, also written as `a=b,c=d` or as a list of such."""
    if isinstance(value, dict):
        return {name: text(each) for name, each in value.items()}
    written = value if isinstance(value, list) else [value]
    found = [each for entry in written for each in text(entry).split(",")]
    return {name.strip(): other.strip() for name, _, other in (e.partition("=") for e in found)}
