"""Dictionaries that callers give in place of models, as only type checkers need to know them."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from clientgen.resolve.spec import NamedSchema, Record, Ref

from ._bodies import properties
from ._identifiers import local_names
from .ir import Annotation, Input, Inputs, names_in

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
    local = local_names(frozenset().union(*(part.models for part in parts)), taken | NOT_MODELS)
    return Inputs(
        tuple(
            _input(name, found[name], schemas[name], types, local)
            for name in schemas
            if name in found
        ),
        local,
        frozenset().union(*(part.names for part in parts)),
    )


def _content(schema: NamedSchema, types: Types) -> dict[str, Annotation]:
    """Types by key; under an empty one what the type is another name of."""
    if not isinstance(schema.definition, Record):
        return {"": types.mapping(schema.id)}
    return {
        prop.wire_name: types.part(prop.shape)
        for prop in properties(Ref(schema.id), types.schemas)
        if not prop.read_only
    }


def _input(
    name: str,
    content: dict[str, Annotation],
    schema: NamedSchema,
    types: Types,
    local: dict[str, str],
) -> Input:
    texts = {key: annotation.renamed(local) for key, annotation in content.items()}
    if not isinstance(schema.definition, Record):
        return Input(name, alias=texts[""])
    required = {p.wire_name for p in properties(Ref(schema.id), types.schemas) if p.required}
    fields = {
        key: text if key in required else f"NotRequired[{text}]" for key, text in texts.items()
    }
    return Input(name, fields, is_class=_can_be_class(fields))


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
