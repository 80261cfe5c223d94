"""Dictionaries that callers give in place of models, as only type checkers need to know them."""

from __future__ import annotations

from dataclasses import replace
from keyword import iskeyword
from typing import TYPE_CHECKING

from clientgen.resolve.spec import NamedSchema, Property, Record, Ref

from ._bodies import properties
from .ir import Annotation, Input, Inputs, generic, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._types import Types

NOT_MODELS = frozenset({"NotRequired", "TypeAlias", "TypedDict"})
"""Names that the module imports beside those that all modules may import."""


def inputs(used: Iterable[Annotation], types: Types, taken: frozenset[str]) -> Inputs:
    """Describe the dictionaries that methods take, and those within them.

    Args:
        used: Types of what methods take.
        types: The names of models and dictionaries.
        taken: Names that modules import; a model of such a name is called `…Model` there.
    """
    schemas = {types.inputs[identity]: types.schemas[identity] for identity in types.inputs}
    found: dict[str, dict[str, Annotation]] = {}
    waiting = [name for annotation in used for name in annotation.names if name in schemas]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _content(schemas[name], types)
            inner = (annotation.names for annotation in found[name].values())
            waiting += [each for names in inner for each in names if each in schemas]
    parts = [annotation for content in found.values() for annotation in content.values()]
    models = sorted(frozenset().union(*(part.models for part in parts)))
    local = {m: f"{m}Model" if m in taken | NOT_MODELS else m for m in models}
    return Inputs(
        tuple(_input(name, found[name], schemas[name], local) for name in schemas if name in found),
        local,
        frozenset().union(*(part.names for part in parts)),
    )


def _content(schema: NamedSchema, types: Types) -> dict[str, Annotation]:
    """Types by key; under an empty one what the type is another name of."""
    if not isinstance(schema.definition, Record):
        return {"": types.mapping(schema.id)}
    return {
        prop.wire_name: _field(prop, types)
        for prop in properties(Ref(schema.id), types.schemas)
        if not prop.read_only
    }


def _field(prop: Property, types: Types) -> Annotation:
    annotation = types.part(prop.shape)
    if prop.required:
        return annotation
    return replace(generic("NotRequired[{}]", annotation), names=annotation.names | {"NotRequired"})


def _input(
    name: str, content: dict[str, Annotation], schema: NamedSchema, local: dict[str, str]
) -> Input:
    texts = {key: annotation.renamed(local) for key, annotation in content.items()}
    if isinstance(schema.definition, Record):
        return Input(name, texts, is_class=_can_be_class(texts))
    return Input(name, alias=texts[""])


def _can_be_class(fields: dict[str, str]) -> bool:
    """Whether keys are names, are left as they are, and hide no type that the class uses."""
    types = {name for text in fields.values() for name in names_in(text)}
    return (
        bool(fields)
        and all(
            key.isascii() and key.isidentifier() and not iskeyword(key) and key[:2] != "__"
            for key in fields
        )
        and types.isdisjoint(fields)
    )
