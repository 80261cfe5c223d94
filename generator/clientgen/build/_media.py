"""Media types: what is written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from clientgen.resolve._streams import is_events, is_stream
from clientgen.resolve.spec import Alias, Choice, OneOf, Ref, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.resolve.spec import NamedSchema, SchemaId, Shape

Kind: TypeAlias = Literal["json", "lines", "form", "multipart", "xml", "text", "any", "binary"]

TEXTS = {
    "application/graphql",
    "application/javascript",
    "application/jwt",
    "application/sql",
    "application/toml",
    "application/x-yaml",
    "application/yaml",
}
"""Media types that are text though they are not called so."""

JSON_ENDINGS = ("/json", "+json", "-json", ".json")
"""How names of media types of JSON end; those without a plus are older, or made up."""


def essence(media_type: str) -> str:
    """A media type without parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def kind_of(media_type: str) -> Kind:
    """How values are written in a media type (RFC 6839, RFC 7303, RFC 7578)."""
    name = essence(media_type)
    if is_stream(name) and not is_events(name):
        return "lines"
    if name.endswith(JSON_ENDINGS) or name == "json":
        return "json"
    if name.endswith(("/xml", "+xml")):
        return "xml"
    if name == "application/x-www-form-urlencoded":
        return "form"
    if name.startswith("multipart/"):
        return "multipart"
    if name.startswith("text/") or name in TEXTS or name.endswith("+yaml"):
        return "text"
    return "any" if name in {"*/*", "application/*"} else "binary"


def is_yaml(media_type: str) -> bool:
    """Whether a media type carries YAML (RFC 9512), which all JSON is, too."""
    return essence(media_type).endswith(("/yaml", "/x-yaml", "+yaml"))


def is_json(media_type: str) -> bool:
    """Whether a media type carries JSON (RFC 6839, section 3.1); `*/*` is taken to."""
    return kind_of(media_type) in {"json", "any"}


def is_binary(shape: Shape | None) -> bool:
    """Whether a value is bytes as they are."""
    return isinstance(shape, Scalar) and shape.format == "binary"


def is_one_line(shape: Shape | None, schemas: Mapping[SchemaId, NamedSchema]) -> bool:
    """Whether a value can stand in a text: an enumeration, a number, a date, a string."""
    match shape:
        case Ref(identity):
            definition = schemas[identity].definition
            return isinstance(definition, Alias) and is_one_line(definition.shape, schemas)
        case OneOf(members):
            return all(is_one_line(member, schemas) for member in members)
        case _:
            return isinstance(shape, Choice | Scalar) and not is_binary(shape)


def is_structured(shape: Shape | None, schemas: Mapping[SchemaId, NamedSchema]) -> bool:
    """Whether a value has parts, so that XML of it is read and not handed over as text."""
    return shape is not None and not is_binary(shape) and not is_one_line(shape, schemas)
