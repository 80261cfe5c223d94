"""How the members of a choice are told apart: by the document's discriminator, or by constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build._bodies import properties
from clientgen.resolve.spec import Choice, Component, Ref, Tagged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.resolve.spec import NamedSchema, SchemaId


def telling_property(
    tagged: Tagged, schemas: Mapping[SchemaId, NamedSchema]
) -> tuple[str, dict[str, Ref]]:
    """The property that tells the members apart, and the member for each of its values.

    Without a discriminator, a property will do that is a constant in each member, and another
    one in each. So only the model that a value needs is loaded.
    """
    if tagged.tag:
        return tagged.tag, {**_implicit(tagged, schemas), **tagged.mapping}
    constants = [_constants(member, schemas) for member in tagged.members]
    for name in constants[0] if constants else ():
        values = [found[name] for found in constants if name in found]
        if len(set(values)) == len(tagged.members):
            return name, dict(zip(values, tagged.members, strict=True))
    return "", {}


def _implicit(tagged: Tagged, schemas: Mapping[SchemaId, NamedSchema]) -> dict[str, Ref]:
    """A discriminator's values are names of schemas, too (OpenAPI 3, "Discriminator Object")."""
    mapped = set(tagged.mapping.values())
    origins = {member: schemas[member.id].origin for member in tagged.members}
    return {
        origin.name: member
        for member, origin in origins.items()
        if isinstance(origin, Component) and member not in mapped
    }


def _constants(member: Ref, schemas: Mapping[SchemaId, NamedSchema]) -> dict[str, str]:
    """Text properties of a member that can only have one value."""
    return {
        prop.wire_name: value
        for prop in properties(member, schemas)
        if isinstance(prop.shape, Choice) and len(prop.shape.values) == 1
        for value in prop.shape.values
        if isinstance(value, str)
    }
