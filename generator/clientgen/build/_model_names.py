"""Names of models: what the document calls them, else where they stand."""

from __future__ import annotations

import string
from collections import Counter
from typing import TYPE_CHECKING

from clientgen.resolve.spec import (
    Component,
    NamedSchema,
    Payload,
    Record,
    SchemaId,
    Tagged,
    Within,
)

from ._identifiers import Names, class_name, module_name, pascal_case
from .ir import ModelName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._calls import Call

RESERVED = frozenset(
    [
        "Annotated",
        "Any",
        "ApiModel",
        "AsyncIterable",
        "Base64",
        "Base64Url",
        "Binary",
        "BinaryInput",
        "Date",
        "DateTime",
        "Decimal",
        "DecimalNumber",
        "DecimalText",
        "Delimited",
        "Duration",
        "DurationFraction",
        "DurationMilliseconds",
        "DurationSeconds",
        "FROM_SERVER",
        "Field",
        "FileInput",
        "HttpDate",
        "Iterable",
        "Literal",
        "Mapping",
        "NumberText",
        "OneOf",
        "Sequence",
        "TYPE_CHECKING",
        "TaggedModel",
        "Time",
        "TypeAlias",
        "UUID",
        "UnixTime",
        "UnixTimeFraction",
        "Xml",
        "lazy",
    ]
)
"""Names that annotations use; a schema of such a name becomes `…Model`."""

ALPHANUMERIC = string.ascii_letters + string.digits
STATUS_SUFFIX = {"request": "Request", "response": "Response", "event": "Event", "error": "Error"}


def name_models(
    schemas: Mapping[SchemaId, NamedSchema], calls: Mapping[int, Call]
) -> dict[SchemaId, ModelName]:
    """Give each schema a class name and a module; those that the document names come first."""
    return _ModelNamer(schemas, calls).names()


class _ModelNamer:
    def __init__(self, schemas: Mapping[SchemaId, NamedSchema], calls: Mapping[int, Call]) -> None:
        self._schemas = schemas
        self._calls = calls
        self._classes = Names(RESERVED, ignore_case=True, joint="")
        self._modules = Names({"inputs"}, ignore_case=True)
        self._given: dict[SchemaId, ModelName] = {}
        self._short = _short_names(
            [s.origin.name for s in schemas.values() if isinstance(s.origin, Component)]
        )

    def names(self) -> dict[SchemaId, ModelName]:
        for schema in self._schemas.values():
            if schema.called:
                self._classes.take(schema.called)
        for kind in (_is_exact, _is_named, _is_payload, _is_inside):
            for schema in self._schemas.values():
                if kind(schema) and schema.id not in self._given:
                    self._name(schema)
        return {identity: self._given[identity] for identity in self._schemas}

    def _name(self, schema: NamedSchema) -> ModelName:
        """Names go from the outside in: a parent before what stands in it."""
        chain = [schema]
        while isinstance(chain[-1].origin, Within):
            parent = self._schemas.get(chain[-1].origin.parent)
            if parent is None or parent.id in self._given or parent in chain:
                break
            chain.append(parent)
        for member in reversed(chain):
            if member.id not in self._given:
                self._given[member.id] = self._choose(member)
        return self._given[schema.id]

    def _choose(self, schema: NamedSchema) -> ModelName:
        name = schema.called or self._free_name(schema)
        origin = schema.origin
        if isinstance(origin, Within) and origin.parent in self._given:
            return ModelName(name, self._given[origin.parent].module)
        module = self._modules.take(module_name(name, "model"))
        return ModelName(name, module)

    def _free_name(self, schema: NamedSchema) -> str:
        wishes = [self._allowed(wish) for wish in self._wishes(schema)]
        return self._classes.take(next((w for w in wishes if w not in self._classes), wishes[0]))

    def _allowed(self, wanted: str) -> str:
        name = class_name(wanted, "Model")
        return f"{name}Model" if name in RESERVED else name

    def _wishes(self, schema: NamedSchema) -> Iterator[str]:
        """Names for a schema, the best first."""
        if schema.asked:
            yield schema.asked
        match schema.origin:
            case Component(name, part):
                base = pascal_case(self._short.get(name, name))
                if part.startswith("[]") and singular(base) != base:
                    yield _joined(singular(base), part[2:])
            case Within(parent, part):
                base = self._given[parent].name if parent in self._given else ""
            case Payload(operation, kind, detail):
                base, part = self._of_call(self._calls[operation], kind, detail)
        yield _joined(base, part)
        if isinstance(schema.origin, Payload):
            plural, _ = self._of_call(self._calls[operation], kind, detail, in_plural=True)
            yield _joined(plural, part)
        if part:
            yield _joined(base, _spelled_out(part))
            yield _joined(base, part) + _kind(schema)

    def _of_call(
        self, call: Call, part: str, detail: str, *, in_plural: bool = False
    ) -> tuple[str, str]:
        """What stands in an operation is called after its call: the name, and the place inside."""
        resource = call.resource if in_plural else map(singular, call.resource)
        subject = "".join(map(pascal_case, resource))
        base = subject + pascal_case(call.method)
        if part == "param":
            return base, detail
        if part == "error":
            status = detail[: len(detail) - len(detail.lstrip(ALPHANUMERIC))]
            return f"{base}Error{pascal_case(status)}", detail[len(status) :]
        return base + STATUS_SUFFIX[part], detail


def _is_exact(schema: NamedSchema) -> bool:
    """Whether the document's name is a class name already, which others must not take."""
    return _is_named(schema) and schema.origin == Component(class_name(_name(schema), "Model"))


def _name(schema: NamedSchema) -> str:
    return schema.origin.name if isinstance(schema.origin, Component) else ""


def _is_named(schema: NamedSchema) -> bool:
    return isinstance(schema.origin, Component) and not schema.origin.part


def _is_payload(schema: NamedSchema) -> bool:
    return isinstance(schema.origin, Payload)


def _is_inside(schema: NamedSchema) -> bool:
    return not _is_named(schema) and not _is_payload(schema)


def _kind(schema: NamedSchema) -> str:
    """What a schema is, for one whose name another one has."""
    match schema.definition:
        case Record():
            return "Object"
        case Tagged():
            return "Union"
        case _:
            return "Type"


# --- Places inside a schema as names ---------------------------------------------------------

MARKS = {"[]": " item", "{}": " value"}


def _joined(base: str, part: str) -> str:
    """A name with the place inside it: `[]` are items, `{}` are values.

    Words that end the name and start the place are written once.
    """
    for step in part.split():
        inner = pascal_case(_singular_place(step))
        if base.endswith(inner):
            inner = pascal_case(_spelled_out(step))
        base += inner[_overlap(base, inner) :]
    return base


def _overlap(base: str, inner: str) -> int:
    """Length of the longest start of `inner`, in words and not all of it, that ends `base`."""
    for length in range(min(len(base), len(inner) - 1), 1, -1):
        whole = inner[length].isupper() and not inner[length - 1].isupper()
        if whole and base.endswith(inner[:length]) and not base[: -length or None][-1:].isupper():
            return length
    return 0


def _singular_place(part: str) -> str:
    if part.startswith(tuple(MARKS)):
        part = MARKS[part[:2]] + part[2:]
    for mark in MARKS:
        while mark in part:
            head, _, tail = part.partition(mark)
            part = singular(head) + tail
    return part


def _spelled_out(part: str) -> str:
    """The place with `item` and `value` in words."""
    for mark, word in MARKS.items():
        part = part.replace(mark, word)
    return part


def singular(text: str) -> str:
    """One of what a plural names, by the common English rules; other texts stay."""
    lower = text.lower()
    if lower.endswith(("ss", "us", "is", "news")) or len(text) < 4:
        return text
    if lower.endswith("ies") and len(text) > 4:
        return text[:-3] + "y"
    if lower.endswith(("ches", "shes", "xes", "sses", "zes")):
        return text[:-2]
    return text[:-1] if lower.endswith("s") else text


def _short_names(names: Iterable[str]) -> dict[str, str]:
    """What names with dots are called: without the namespaces that tell nothing apart.

    A type in a namespace, such as `com.acme.pets.v1.Pet`, needs as many of its last segments as
    make it unique. Other names lose the prefix that they all share.
    """
    distinct = list(dict.fromkeys(names))
    segments = {name: name.split(".") for name in distinct}
    spaced = {name: parts for name, parts in segments.items() if _is_namespaced(parts)}
    ends = Counter(end for parts in segments.values() for end in {*_ends(parts)})
    found = {
        name: next((end for end in _ends(parts) if ends[end] == 1), name)
        for name, parts in spaced.items()
    }
    prefix = _common_prefix([name for name in distinct if name not in spaced])
    return found | {name: name.removeprefix(prefix) for name in distinct if name not in spaced}


def _is_namespaced(parts: list[str]) -> bool:
    return len(parts) > 2 and parts[-1][:1].isupper()


def _ends(parts: list[str]) -> list[str]:
    """A dotted name's ends, the shortest first, as class names."""
    return [pascal_case(".".join(parts[start:])) for start in range(len(parts) - 1, -1, -1)]


def _common_prefix(names: list[str]) -> str:
    """The dotted prefix that all names share, such as `io.k8s.`."""
    if len(names) < 2 or not all("." in name for name in names):
        return ""
    parts = [name.split(".")[:-1] for name in names]
    shared = []
    for group in zip(*parts, strict=False):
        if len(set(group)) > 1:
            break
        shared.append(group[0])
    return ".".join([*shared, ""]) if shared else ""
