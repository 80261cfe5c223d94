"""What types say of XML: names, kinds of nodes, and which model an object is."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

from .._operation import Xml
from .lazy import LazyModel, is_model_class
from .looks import name_of, type_of
from .remembered import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ELEMENT = Xml()
"""What stands for a value of which nothing is said."""


class Field(NamedTuple):
    """A property in XML: how it is written, what it holds, and whether it must be there."""

    xml: Xml
    kind: Any
    required: bool


@remembered
def settled(kind: Any) -> tuple[Any, Xml]:
    """A type without what only wraps it, and what is said of it in XML."""
    xml = ELEMENT
    while True:
        if isinstance(kind, LazyModel):
            kind = kind.target()
        elif get_origin(kind) is Annotated:
            kind, *notes = get_args(kind)
            xml = next((note for note in notes if isinstance(note, Xml)), xml)
            if any(hasattr(note, "delimiter") for note in notes):
                kind = str  # an array that is written as one text
        elif len(members := members_of(kind)) == 1 and members[0] is not kind:
            kind = members[0]
        else:
            break
    return kind, own_xml(kind) if xml is ELEMENT else xml


def own_xml(kind: Any) -> Xml:
    """What a model itself says; what its base says is the base's name."""
    own = vars(kind).get("__xml__") if isinstance(kind, type) else None
    return own if isinstance(own, Xml) else ELEMENT


def members_of(kind: Any) -> list[Any]:
    """The members of a union without null; of another type the type itself."""
    if get_origin(kind) not in (Union, UnionType):
        return [kind]
    return [member for member in get_args(kind) if member is not NoneType]


@remembered
def fields_of(model: Any) -> dict[str, Field]:
    """The properties of a model by their wire names."""
    if not model.__pydantic_complete__:
        model.model_rebuild()
    stated: dict[str, Xml] = {}
    for owner in reversed(model.__mro__):
        stated.update(own_xml(owner).fields)
    found: dict[str, Field] = {}
    for name, field in model.model_fields.items():
        wire_name = name_of(field, name)
        xml = stated.get(wire_name, ELEMENT)
        found[wire_name] = Field(xml, type_of(field), field.is_required())
    return found


def names_of(model: Any) -> Iterator[str]:
    """The names of a model's properties on the wire and in XML."""
    for wire_name, field in fields_of(model).items():
        yield wire_name
        if field.xml.name:
            yield field.xml.name
        if field.xml.item is not None and field.xml.item.name:
            yield field.xml.item.name


def item_kind(kind: Any) -> Any:
    """The type of an array's items."""
    return next(iter(get_args(kind)), Any)


@remembered
def as_list(kind: Any) -> Any:
    """The list that a type is or may be, `None` when it is none."""
    for member in members_of(settled(kind)[0]):
        found, _ = settled(member)
        if get_origin(found) is list or found is list:
            return found
    return None


def model_of(kind: Any, given: Mapping[str, Any]) -> Any:
    """The model that an object is, of those that a type names; `None` when it names none.

    Args:
        kind: A model, or a choice of some.
        given: The object, or as much of it as is known: a tag decides, else the names.
    """
    while not is_model_class(kind):
        if isinstance(kind, LazyModel):
            kind = kind.target()
        elif get_origin(kind) is Annotated:
            kind, *notes = get_args(kind)
            choosers = [note.chooser(kind) for note in notes if hasattr(note, "chooser")]
            kind = next((m for c in choosers if (m := c.tagged(given)) is not None), kind)
        else:
            break
    if is_model_class(kind):
        family = getattr(kind, "__family__", None)
        member = family.member(given) if family is not None else None
        return kind if member is None else model_of(member, given)
    members = members_of(kind)
    if members == [kind]:
        return None
    models = [model for member in members if (model := model_of(member, given)) is not None]
    return max(models, key=lambda model: len(given.keys() & {*names_of(model)}), default=None)
