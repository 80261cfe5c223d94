"""Short documents, and what resolving makes of them."""

from __future__ import annotations

import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientgen.diagnostics import Diagnostic, Diagnostics
from clientgen.load import Loader
from clientgen.resolve import resolve
from clientgen.resolve.spec import (
    Alias,
    Component,
    Definition,
    ListOf,
    MapOf,
    NamedSchema,
    OneOf,
    Operation,
    Record,
    Ref,
    Shape,
    Spec,
    Tagged,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Reading:
    """A resolved document.

    Attributes:
        spec: What it means.
        told: What was told about it.
    """

    spec: Spec
    told: tuple[Diagnostic, ...]

    def __getitem__(self, name: str) -> Definition:
        """The schema that the document calls so."""
        return self.schema(name).definition

    def schema(self, name: str) -> NamedSchema:
        """The schema that the document calls so, with all that is known of it."""
        origin = Component(name)
        return next(s for s in self.spec.schemas.values() if s.origin == origin)

    def properties(self, name: str) -> dict[str, str]:
        """An object's own properties, and their shapes in words."""
        record = self[name]
        assert isinstance(record, Record), record
        return {prop.wire_name: self.words(prop.shape) for prop in record.properties}

    def alias(self, name: str) -> str:
        """The shape, in words, of a schema that is no object."""
        definition = self[name]
        assert isinstance(definition, Alias), definition
        return self.words(definition.shape)

    def union(self, name: str) -> Tagged:
        """A schema that is a choice among objects."""
        definition = self[name]
        assert isinstance(definition, Tagged), definition
        return definition

    def words(self, shape: Shape | None) -> str:
        """A shape as one line: `[string]`, `{integer}`, `Pet | null`."""
        match shape:
            case OneOf(members):
                return " | ".join(map(self.words, members))
            case ListOf(item):
                return f"[{self.words(item)}]"
            case MapOf(value):
                return f"{{{self.words(value)}}}"
            case TupleOf(items, rest):
                more = [f"*{self.words(rest)}"] if rest is not None else []
                return f"({', '.join([*map(self.words, items), *more])})"
            case Ref(identity):
                return self.name(identity)
            case None:
                return "nothing"
            case _:
                return _plain(shape)

    def name(self, identity: str) -> str:
        """What a schema is called, places inside others with dots."""
        origin = self.spec.schemas[identity].origin
        match origin:
            case Component(name, part):
                return f"{name}{'.' if part else ''}{part.strip()}"
            case _ if hasattr(origin, "parent"):
                return f"{self.name(origin.parent)}.{origin.part}"
            case _:
                return f"{origin.part}{origin.detail}"

    @property
    def operation(self) -> Operation:
        """The only operation."""
        (operation,) = self.spec.operations
        return operation

    @property
    def codes(self) -> list[str]:
        """Codes of all diagnostics."""
        return [diagnostic.code for diagnostic in self.told]


def _plain(shape: object) -> str:
    values = getattr(shape, "values", None)
    if values is not None:
        return "/".join(map(repr, values))
    form = getattr(shape, "format", "")
    return f"{getattr(shape, 'type', 'any')}{':' if form else ''}{form}"


def read(text: str, files: Mapping[str, str] | None = None) -> Reading:
    """Resolve a document, with other files beside it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in {"api.yaml": text, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content), encoding="utf-8")
        diagnostics, loader = Diagnostics(), Loader()
        spec = resolve(loader.load(str(folder / "api.yaml")), loader, diagnostics)
        for diagnostic in diagnostics:
            assert diagnostic.where is None or diagnostic.where.position
        return Reading(spec, tuple(diagnostics))


def schemas(text: str, version: str = "3.1.0", files: Mapping[str, str] | None = None) -> Reading:
    """Resolve `components/schemas`."""
    head = f'openapi: {version}\ninfo: {{title: T, version: "1"}}\npaths: {{}}\n'
    body = textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")
    return read(f"{head}components:\n  schemas:\n{body}\n", files)


def paths(text: str, version: str = "3.1.0", files: Mapping[str, str] | None = None) -> Reading:
    """Resolve `paths`."""
    head = f'openapi: {version}\ninfo: {{title: T, version: "1"}}\npaths:\n'
    return read(head + textwrap.indent(textwrap.dedent(text).strip("\n"), "  ") + "\n", files)
