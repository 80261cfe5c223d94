"""Names of models: what the document calls them, else where they stand."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from clientgen.resolve.spec import Component, NamedSchema, Payload, SchemaId, Within

from ._identifiers import Names, class_name, identifier, pascal_case
from .ir import ModelName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._calls import Call

RESERVED = frozenset(
    [
        "Annotated",
        "Any",
        "ApiModel",
        "Base64",
        "Base64Url",
        "Date",
        "DateTime",
        "Decimal",
        "Duration",
        "Field",
        "HttpDate",
        "Literal",
        "OneOf",
        "TYPE_CHECKING",
        "Time",
        "TypeAlias",
        "UUID",
        "UnixTime",
        "lazy",
    ]
)
"""Names that modules of models import; a schema of such a name becomes `…Model`."""

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
        self._modules = Names(ignore_case=True)
        self._given: dict[SchemaId, ModelName] = {}
        self._prefix = _common_prefix(
            [s.origin.name for s in schemas.values() if isinstance(s.origin, Component)]
        )

    def names(self) -> dict[SchemaId, ModelName]:
        for kind in (Component, Payload, Within):
            for schema in self._schemas.values():
                if isinstance(schema.origin, kind):
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
        wanted = class_name(self._wanted(schema), "Model")
        name = self._classes.take(f"{wanted}Model" if wanted in RESERVED else wanted)
        origin = schema.origin
        if isinstance(origin, Within) and origin.parent in self._given:
            return ModelName(name, self._given[origin.parent].module)
        module = self._modules.take(identifier(name, "model", reserved=("init",)))
        return ModelName(name, module)

    def _wanted(self, schema: NamedSchema) -> str:
        match schema.origin:
            case Component(name):
                return _joined("", name.removeprefix(self._prefix))
            case Within(parent, part):
                outer = self._given[parent].name if parent in self._given else ""
                return _joined(outer, part)
            case Payload(operation, part, detail):
                return self._of_call(self._calls[operation], part, detail)

    def _of_call(self, call: Call, part: str, detail: str) -> str:
        *outer, last = call.resource or ("",)
        subject = "".join(map(pascal_case, [*map(singular, outer), singular(last)]))
        base = subject + pascal_case(call.method)
        if part == "param":
            return _joined(base, detail)
        if part == "error":
            status = detail[: len(detail) - len(detail.lstrip(ALPHANUMERIC))]
            return _joined(f"{base}Error{pascal_case(status)}", detail[len(status) :])
        return _joined(base + STATUS_SUFFIX[part], detail)


def _joined(base: str, part: str) -> str:
    """A name with the place inside it: `[]` are items, `{}` are values."""
    if part.startswith(("[]", "{}")):
        part = (" item" if part.startswith("[]") else " value") + part[2:]
    for mark in ("[]", "{}"):
        while mark in part:
            head, _, tail = part.partition(mark)
            part = singular(head) + tail
    return base + pascal_case(part)


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
