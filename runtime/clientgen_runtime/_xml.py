"""XML bodies as models (OpenAPI 3.2, "XML Object").

The parser is Python's own expat. It is never asked for more than elements, attributes and text: a
document type is refused, and with it entities, which is what attacks by XML are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin
from xml.parsers import expat

from ._errors import ConfigurationError
from ._narrow import is_list, is_mapping
from ._omit import Omit
from ._operation import Xml
from ._wire import plain, text_of

MAX_DEPTH = 200
"""Elements in elements; deeper documents are refused."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TEXT_KEY = "#text"
"""Where text goes that stands beside elements or attributes, when no model has a place for it."""

_NAME = re.compile(r"[^\W\d][\w.-]*")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT = Xml()

Scope: TypeAlias = Mapping[str, str]
"""Prefixes that are bound, to their namespaces."""


# --- What a type says ------------------------------------------------------------------------


class _Field(NamedTuple):
    """A property in XML: how it is written, what it holds, and whether it must be there."""

    xml: Xml
    kind: Any
    required: bool


def _settled(kind: Any) -> tuple[Any, Xml]:
    """A type without what only wraps it, and what is said of it in XML."""
    xml = _ELEMENT
    while True:
        if hasattr(kind, "target_name"):  # a model that loads when it is needed
            kind = kind.target()
        elif get_origin(kind) is Annotated:
            kind, *notes = get_args(kind)
            xml = next((note for note in notes if isinstance(note, Xml)), xml)
        elif len(members := _members(kind)) == 1 and members[0] is not kind:
            kind = members[0]
        else:
            break
    return kind, _own_xml(kind) if xml is _ELEMENT else xml


def _own_xml(kind: Any) -> Xml:
    """What a model itself says; what its base says is the base's name."""
    own = vars(kind).get("__xml__") if isinstance(kind, type) else None
    return own if isinstance(own, Xml) else _ELEMENT


def _members(kind: Any) -> list[Any]:
    """The members of a union without null; of another type the type itself."""
    if get_origin(kind) not in (Union, UnionType):
        return [kind]
    return [member for member in get_args(kind) if member is not NoneType]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "model_fields")


def _fields(model: Any) -> dict[str, _Field]:
    """The properties of a model by their wire names."""
    if not model.__pydantic_complete__:
        model.model_rebuild()
    stated: dict[str, Xml] = {}
    for owner in reversed(model.__mro__):
        stated.update(_own_xml(owner).fields)
    found: dict[str, _Field] = {}
    for name, field in model.model_fields.items():
        wire_name = field.alias or name
        xml = stated.get(wire_name, _ELEMENT)
        found[wire_name] = _Field(xml, field.annotation, field.is_required())
    return found


def _item_kind(kind: Any) -> Any:
    return next(iter(get_args(kind)), Any)


def _as_list(kind: Any) -> Any:
    """The list that a type is or may be, `None` when it is none."""
    for member in _members(kind):
        settled, _ = _settled(member)
        if get_origin(settled) is list or settled is list:
            return settled
    return None


def _fitting(kind: Any, names: Iterable[str]) -> Any:
    """Of a choice the model that shares the most names with a value; `None` without a model."""
    wanted = set(names)
    models = [settled for member in _members(kind) if _is_model(settled := _settled(member)[0])]
    return max(models, key=lambda model: len(wanted & {*_wire_and_xml_names(model)}), default=None)


def _wire_and_xml_names(model: Any) -> Iterator[str]:
    for wire_name, field in _fields(model).items():
        yield wire_name
        if field.xml.name:
            yield field.xml.name


# --- Writing ---------------------------------------------------------------------------------


def write_xml(value: object, kind: Any = None) -> bytes:
    """A value as an XML document in UTF-8.

    Args:
        value: A model, mapping, list or scalar.
        kind: The type that the document declares; it names the root and says how to write.

    Raises:
        ConfigurationError: Something in the value has no place in XML.
    """
    declared, xml = _settled(kind)
    used = _model_of(value, declared) or declared
    if xml is _ELEMENT and not _is_model(declared):
        xml = _own_xml(used)
    called = declared if _is_model(declared) else used
    name = xml.name or (called.__name__ if _is_model(called) else "root")
    return _element(name, xml, value, used, {}).encode()


def _model_of(value: object, kind: Any) -> Any:
    """The model that a value is, or that a mapping among the members of a choice stands for."""
    if _is_model(type(value)):
        return type(value)
    return _fitting(kind, value) if is_mapping(value) else None


def _element(name: str, xml: Xml, value: object, kind: Any, scope: Scope) -> str:
    """One element with all that is in it."""
    tag, declared = _qualified(name, xml, scope)
    attributes: list[str] = []
    inside = ""
    value = plain(value)
    kind, _ = _settled(kind)
    if value is None:
        declared["xsi"] = XSI
        attributes.append('xsi:nil="true"')
    elif is_mapping(value):
        members = list(_members_of(value, kind))
        attributes = list(_attributes(members, scope, declared))
        inside = "".join(_contents(members, {**scope, **declared}))
    elif is_list(value):
        inside = "".join(_items(name, xml, value, kind, {**scope, **declared}))
    else:
        inside = _text(value)
    head = " ".join([tag, *map(_declaration, declared.items()), *attributes])
    return f"<{head}>{inside}</{tag}>" if inside else f"<{head}/>"


class _Member(NamedTuple):
    """A member of an object that is being written."""

    name: str
    field: _Field
    value: object


def _members_of(value: Mapping[str, object], kind: Any) -> Iterator[_Member]:
    """What is inside the element of an object; the members of `none` stand in its place."""
    if not _is_model(kind) and get_origin(kind) is not dict:
        kind = _fitting(kind, value)
    fields = _fields(kind) if kind is not None and _is_model(kind) else {}
    rest = get_args(kind)[1] if get_origin(kind) is dict else Any
    for wire_name, member in value.items():
        if isinstance(member, Omit):
            continue
        field = fields.get(wire_name) or _Field(_ELEMENT, rest, required=False)
        inner = plain(member) if field.xml.kind == "none" else None
        if is_mapping(inner):
            yield from _members_of(inner, _settled(field.kind)[0])
        else:
            yield _Member(field.xml.name or wire_name, field, member)


def _attributes(
    members: Iterable[_Member], scope: Scope, declared: dict[str, str]
) -> Iterator[str]:
    """The attributes of an element; the namespaces that they need are added to its own."""
    for name, field, value in members:
        if field.xml.kind == "attribute" and value is not None:
            tag, needed = _qualified(name, field.xml, {**scope, **declared})
            declared.update(needed)
            yield f'{tag}="{_attribute_text(value)}"'


def _contents(members: Iterable[_Member], scope: Scope) -> Iterator[str]:
    for name, field, value in members:
        match field.xml.kind:
            case "attribute":
                continue
            case "text":
                yield _text(value)
            case "cdata":
                yield _cdata(value)
            case _:
                yield from _elements(name, field, value, scope)


def _elements(name: str, field: _Field, value: object, scope: Scope) -> Iterator[str]:
    """The element of a property, or those of its items where an array is not wrapped."""
    value = plain(value)
    if is_list(value) and not field.xml.wrapped:
        yield from _items(name, field.xml, value, field.kind, scope)
    else:
        yield _element(name, field.xml, value, field.kind, scope)


def _items(name: str, xml: Xml, value: Iterable[object], kind: Any, scope: Scope) -> Iterator[str]:
    """An element for each item of an array."""
    item_kind = _item_kind(_as_list(kind))
    own = _settled(item_kind)[1]
    item = xml.item or (own if own.name else xml._replace(wrapped=False))
    for each in value:
        yield _element(item.name or name, item, each, item_kind, scope)


def _qualified(name: str, xml: Xml, scope: Scope) -> tuple[str, dict[str, str]]:
    """A name with its prefix, and the declaration that it needs here."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} cannot be the name of an XML element or attribute")
    if xml.namespace:
        tag = f"{xml.prefix}:{name}" if xml.prefix else name
        known = scope.get(xml.prefix) == xml.namespace
        return tag, {} if known else {xml.prefix: xml.namespace}
    return (f"{xml.prefix}:{name}" if xml.prefix in scope and xml.prefix else name), {}


def _declaration(namespace: tuple[str, str]) -> str:
    prefix, uri = namespace
    return f'xmlns{":" + prefix if prefix else ""}="{_attribute_text(uri)}"'


def _text(value: object) -> str:
    text = _checked(text_of(plain(value)))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def _attribute_text(value: object) -> str:
    value = plain(value)
    text = " ".join(map(_text, value)) if is_list(value) else _text(value)
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _cdata(value: object) -> str:
    text = _checked(text_of(plain(value))).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def _checked(text: str) -> str:
    if found := _NO_XML.search(text):
        raise ConfigurationError(f"XML has no way to write the character {found[0]!r}")
    return text


# --- Reading ---------------------------------------------------------------------------------


class _Node:
    """An element as it was received."""

    __slots__ = ("attributes", "children", "is_null", "name", "namespace", "pieces")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.namespace, self.name = _split(name)
        self.is_null = attributes.get(f"{XSI} nil") in ("true", "1")
        self.attributes = {
            key: value for key, value in attributes.items() if not key.startswith(XSI)
        }
        self.children: list[_Node] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition(" ")
    return namespace, local


def read_xml(data: bytes, kind: Any = None) -> object:
    """An XML document as plain data by wire names, for a model to be made of.

    Args:
        data: The document.
        kind: The type that is expected; plain data by the document's own names without it.

    Raises:
        ValueError: It is not XML, has a document type, or is nested too deeply.
    """
    return _value(_parsed(data), kind)


def _parsed(data: bytes) -> _Node:
    parser = expat.ParserCreate(namespace_separator=" ")
    top = _Node("", {})
    open_nodes = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > MAX_DEPTH:
            raise ValueError("it is nested too deeply")
        node = _Node(name, attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(_: str) -> None:
        open_nodes.pop()

    def text(piece: str) -> None:
        open_nodes[-1].pieces.append(piece)

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which is not read")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return top.children[0]


def _value(node: _Node, kind: Any) -> object:
    """What an element holds."""
    if node.is_null:
        return None
    kind, xml = _settled(kind)
    if (listed := _as_list(kind)) is not None:
        return [_value(child, _item_kind(listed)) for child in _wrapped(node, xml)]
    if get_origin(kind) is dict:
        return _mapping(node, get_args(kind)[1])
    model = kind if _is_model(kind) else _fitting(kind, _names(node))
    if model is not None and (_is_model(kind) or node.children or node.attributes):
        return _object(node, model)
    if node.children or (node.attributes and kind in (None, Any, dict)):
        return _mapping(node, Any)
    return _scalar(node.text, kind)


def _wrapped(node: _Node, xml: Xml) -> list[_Node]:
    """The items of a wrapped array: those of its name, else all there are."""
    if xml.item is not None and xml.item.name:
        return [child for child in node.children if child.name == xml.item.name] or node.children
    return node.children


def _names(node: _Node) -> list[str]:
    return [*(child.name for child in node.children), *(_split(key)[1] for key in node.attributes)]


def _mapping(node: _Node, kind: Any) -> dict[str, object]:
    """An object with free keys; elements that come again are lists."""
    found: dict[str, object] = {_split(key)[1]: text for key, text in node.attributes.items()}
    listed = _as_list(kind)
    item_kind = kind if listed is None else _item_kind(listed)
    for name, group in _grouped(node.children).items():
        values = [_value(child, item_kind) for child in group]
        found[name] = values if len(values) > 1 or listed is not None else values[0]
    if kind is Any and node.text.strip():
        found[TEXT_KEY] = node.text
    return found


def _grouped(nodes: Iterable[_Node]) -> dict[str, list[_Node]]:
    groups: dict[str, list[_Node]] = {}
    for node in nodes:
        groups.setdefault(node.name, []).append(node)
    return groups


def _object(node: _Node, model: Any) -> dict[str, object]:
    """The properties of a model; what it does not know is kept under the document's names."""
    rest = _Node(node.name, node.attributes)
    rest.children = list(node.children)
    found = _known(node, model, rest)
    for name, value in _mapping(rest, Any).items():
        found.setdefault(name, value)
    return found


def _known(node: _Node, model: Any, rest: _Node) -> dict[str, object]:
    """The properties that a model knows; what they are read from is taken out of the rest."""
    found: dict[str, object] = {}
    # Those with a namespace first: without one, any element of the name fits.
    fields = sorted(_fields(model).items(), key=lambda item: not item[1].xml.namespace)
    for wire_name, field in fields:
        _take(wire_name, field, node, rest, found)
    return found


def _take(
    wire_name: str, field: _Field, node: _Node, rest: _Node, found: dict[str, object]
) -> None:
    """Find the value of one property."""
    xml = field.xml
    name = xml.name or wire_name
    listed = _as_list(field.kind)
    match xml.kind:
        case "attribute":
            key = f"{xml.namespace} {name}" if xml.namespace else name
            if (text := rest.attributes.pop(key, None)) is not None:
                found[wire_name] = text.split() if listed is not None else _scalar(text, field.kind)
        case "text" | "cdata":
            found[wire_name] = _scalar(_without_layout(node), field.kind)
        case "none" if _is_model(inner := _settled(field.kind)[0]):
            found[wire_name] = _known(node, inner, rest)
        case _ if listed is not None:
            nodes = _list_nodes(name, xml, _item_kind(listed), rest)
            if nodes is not None:
                found[wire_name] = [_value(child, _item_kind(listed)) for child in nodes]
            elif any(child.is_null for child in _claimed(rest, name, xml.namespace)):
                found[wire_name] = None
            elif field.required and not xml.wrapped:
                found[wire_name] = []
        case _:
            if nodes := _claimed(rest, name, xml.namespace):
                found[wire_name] = _value(nodes[-1], field.kind)


def _list_nodes(name: str, xml: Xml, kind: Any, rest: _Node) -> list[_Node] | None:
    """The items of an array, `None` without any; servers wrap them or not, whatever is declared."""
    item = xml.item or _settled(kind)[1]
    nodes = [] if xml.wrapped else _claimed(rest, item.name or name, item.namespace)
    nodes = nodes or _claimed(rest, name, xml.namespace)
    if not nodes or (xml.wrapped and nodes[0].is_null):
        rest.children += nodes
        return None
    if len(nodes) == 1 and _is_wrapper(nodes[0], kind, is_declared=xml.wrapped):
        return _wrapped(nodes[0], xml)
    return nodes


def _is_wrapper(node: _Node, kind: Any, *, is_declared: bool) -> bool:
    """Whether an element holds the items of an array, rather than being one of them."""
    settled = _settled(kind)[0]
    if is_declared:
        return bool(node.children) or not node.text.strip()
    if not _is_model(settled):
        return bool(node.children) and settled in (str, int, float, bool)
    known = {*_wire_and_xml_names(settled)}
    if not node.children and not node.attributes and not node.text.strip():
        return any(field.required for field in _fields(settled).values())
    return len({child.name for child in node.children}) == 1 and not known & {*_names(node)}


def _claimed(rest: _Node, name: str, namespace: str) -> list[_Node]:
    """The elements of a name, those of its namespace if there are any; they are used up."""
    same = [node for node in rest.children if node.name == name]
    claimed = [node for node in same if node.namespace == namespace] or same
    if claimed:
        used = {*map(id, claimed)}
        rest.children = [node for node in rest.children if id(node) not in used]
    return claimed


def _without_layout(node: _Node) -> str:
    """The text of an element; between other elements, blanks are layout."""
    return node.text.strip() if node.children else node.text


def _scalar(text: str, kind: Any) -> object:
    """Text as the simplest value that a type may mean; the model's validation does the rest."""
    members = [_settled(member)[0] for member in _members(kind)]
    for member in members:
        if get_origin(member) is Literal:
            for value in get_args(member):
                if text_of(value) == text.strip():
                    return value
    if any(m in (str, bytes, Any, None) or get_origin(m) is Literal for m in members):
        return _number_or_text(text, members)
    return text.strip() or None


def _number_or_text(text: str, members: list[Any]) -> object:
    """Text where a choice has text and other scalars, which are told apart by their form."""
    if bool in members and text in ("true", "false"):
        return text == "true"
    for number in (int, float):
        if number in members:
            try:
                return number(text)
            except ValueError:
                continue
    return text
