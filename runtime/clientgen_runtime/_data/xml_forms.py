"""XML bodies as models (OpenAPI 3.2, "XML Object").

The parser is Python's own expat. It is never asked for more than elements, attributes and text: a
document type is refused, and with it entities, which is what attacks by XML are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args, get_origin
from xml.parsers import expat

from .._errors import ConfigurationError
from .._narrow import is_list, is_mapping
from .._omit import Omit
from .lazy import is_model_class
from .wire import plain, text_of
from .xml_types import (
    ELEMENT,
    Field,
    as_list,
    fields_of,
    item_kind,
    members_of,
    model_of,
    names_of,
    own_xml,
    settled,
)

if TYPE_CHECKING:
    from .._operation import Xml

MAX_DEPTH = 200
"""Elements in elements; deeper documents are refused."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TEXT_KEY = "#text"
"""Where text goes that stands beside elements or attributes, when no model has a place for it."""

# Some documents write the prefix into the name, such as `xml:base`.
_NAME = re.compile(r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Scope: TypeAlias = Mapping[str, str]
"""Prefixes that are bound, to their namespaces."""


# --- Writing ---------------------------------------------------------------------------------


def write_xml(value: object, kind: Any = None) -> bytes:
    """A value as an XML document in UTF-8.

    Args:
        value: A model, mapping, list or scalar.
        kind: The type that the document declares; it names the root and says how to write.

    Raises:
        ConfigurationError: Something in the value has no place in XML.
    """
    declared, xml = settled(kind)
    if is_model_class(type(value)):
        kind = type(value)
    model = declared
    if not is_model_class(declared):
        model = model_of(kind, value) if is_mapping(value) else settled(kind)[0]
        xml = own_xml(model) if xml is ELEMENT else xml
    name = xml.name or (model.__name__ if is_model_class(model) else "root")
    if is_list(value) and not xml.name:
        item = settled(item_kind(as_list(declared)))[0]
        if is_model_class(item) and not xml.item:
            xml = xml._replace(item=ELEMENT._replace(name=item.__name__))
    return _element(name, xml, value, kind, {}).encode()


def _element(name: str, xml: Xml, value: object, kind: Any, scope: Scope) -> str:
    """One element with all that is in it."""
    tag, declared = _qualified(name, xml, scope)
    attributes: list[str] = []
    inside = ""
    value = plain(value)
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
    field: Field
    value: object


def _members_of(value: Mapping[str, object], kind: Any) -> Iterator[_Member]:
    """What is inside the element of an object; the members of `none` stand in its place."""
    mapping, _ = settled(kind)
    is_free = get_origin(mapping) is dict
    rest = get_args(mapping)[1] if is_free else Any
    model = None if is_free else model_of(kind, value)
    fields = fields_of(model) if model is not None else {}
    # In the order of the document, which servers that check sequences ask for.
    ordered = {name: value[name] for name in fields if name in value}
    for wire_name, member in {**ordered, **value}.items():
        if isinstance(member, Omit):
            continue
        field = fields.get(wire_name) or Field(ELEMENT, rest, required=False)
        inner = plain(member) if field.xml.kind == "none" else None
        if is_mapping(inner):
            yield from _members_of(inner, field.kind)
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


def _elements(name: str, field: Field, value: object, scope: Scope) -> Iterator[str]:
    """The element of a property, or those of its items where an array is not wrapped."""
    value = plain(value)
    if is_list(value) and not field.xml.wrapped:
        yield from _items(name, field.xml, value, field.kind, scope)
    else:
        yield _element(name, field.xml, value, field.kind, scope)


def _items(name: str, xml: Xml, value: Iterable[object], kind: Any, scope: Scope) -> Iterator[str]:
    """An element for each item of an array."""
    inner = item_kind(as_list(kind))
    own = settled(inner)[1]
    item = xml.item or (own if own.name else xml._replace(wrapped=False))
    for each in value:
        yield _element(item.name or name, item, each, inner, scope)


def _qualified(name: str, xml: Xml, scope: Scope) -> tuple[str, dict[str, str]]:
    """A name with its prefix, and the declaration that it needs here."""
    if not _NAME.fullmatch(str(name)):  # keys of mappings may be anything
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
    # A parser makes a line feed of a carriage return that is not escaped (XML section 2.11).
    text = text.replace("\r", "]]>&#13;<![CDATA[")
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


def read_xml(data: bytes, kind: Any = None, charset: str | None = None) -> object:
    """An XML document as plain data by wire names, for a model to be made of.

    Args:
        data: The document.
        kind: The type that is expected; plain data by the document's own names without it.
        charset: What its transport says that it is encoded in (RFC 7303 section 3); the document
            itself says so without it.

    Raises:
        ValueError: It is not XML, has a document type, or is nested too deeply.
    """
    return _value(_parsed(data, charset), kind)


def _parsed(data: bytes, charset: str | None) -> _Node:
    parser = expat.ParserCreate(charset, namespace_separator=" ")
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
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from error
    return top.children[0]


def _value(node: _Node, kind: Any) -> object:
    """What an element holds."""
    if node.is_null:
        return None
    declared = kind
    kind, xml = settled(kind)
    if (listed := as_list(kind)) is not None:
        return [_value(child, item_kind(listed)) for child in _wrapped(node, xml)]
    if get_origin(kind) is dict:
        return _mapping(node, get_args(kind)[1])
    if is_model_class(kind) or node.children or node.attributes:
        model = model_of(declared, _seen(node))
        if model is not None:
            return _object(node, model)
    if node.children or (node.attributes and kind in (None, Any, dict)):
        return _mapping(node, Any)
    return _scalar(node.text, kind)


def _wrapped(node: _Node, xml: Xml) -> list[_Node]:
    """The items of a wrapped array: those of its name, else all there are."""
    if xml.item is not None and xml.item.name:
        return [child for child in node.children if child.name == xml.item.name] or node.children
    return node.children


def _seen(node: _Node) -> dict[str, str]:
    """What an element shows at first sight, for a model to be chosen by."""
    attributes = {_split(key)[1]: text for key, text in node.attributes.items()}
    return {**attributes, **{child.name: child.text for child in node.children}}


def _mapping(node: _Node, kind: Any) -> dict[str, object]:
    """An object with free keys; elements that come again are lists."""
    found: dict[str, object] = {_split(key)[1]: text for key, text in node.attributes.items()}
    listed = as_list(kind)
    inner = kind if listed is None else item_kind(listed)
    for name, group in _grouped(node.children).items():
        values = [_value(child, inner) for child in group]
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
    fields = sorted(fields_of(model).items(), key=lambda item: not item[1].xml.namespace)
    for wire_name, field in fields:
        _take(wire_name, field, node, rest, found)
    for wire_name, field in fields:
        # Servers forget about other names of elements.
        if wire_name not in found and field.xml.name not in ("", wire_name):
            named = field._replace(xml=field.xml._replace(name=wire_name))
            _take(wire_name, named, node, rest, found)
    return found


def _take(wire_name: str, field: Field, node: _Node, rest: _Node, found: dict[str, object]) -> None:
    """Find the value of one property."""
    xml = field.xml
    # What stands before a colon is a prefix, for which parsers give a namespace.
    _, has_prefix, name = (xml.name or wire_name).rpartition(":")
    listed = as_list(field.kind)
    match xml.kind:
        case "attribute":
            key = f"{xml.namespace} {name}" if xml.namespace else name
            if has_prefix:
                key = next((each for each in rest.attributes if _split(each)[1] == name), key)
            if (text := rest.attributes.pop(key, None)) is not None:
                found[wire_name] = text.split() if listed is not None else _scalar(text, field.kind)
        case "text" | "cdata":
            found[wire_name] = _scalar(_without_layout(node), field.kind)
        case "none" if is_model_class(inner := settled(field.kind)[0]):
            found[wire_name] = _known(node, inner, rest)
        case _ if listed is not None:
            nodes = _list_nodes(name, xml, item_kind(listed), rest)
            if nodes is not None:
                found[wire_name] = [_value(child, item_kind(listed)) for child in nodes]
            elif any(child.is_null for child in _claimed(rest, name, xml.namespace)):
                found[wire_name] = None
            elif field.required and not xml.wrapped:
                found[wire_name] = []
        case _:
            if nodes := _claimed(rest, name, xml.namespace):
                found[wire_name] = _value(nodes[-1], field.kind)


def _list_nodes(name: str, xml: Xml, kind: Any, rest: _Node) -> list[_Node] | None:
    """The items of an array, `None` without any; servers wrap them or not, whatever is declared."""
    item = xml.item or settled(kind)[1]
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
    inner, _ = settled(kind)
    if is_declared:
        return bool(node.children) or not node.text.strip()
    if not is_model_class(inner):
        return bool(node.children) and inner in (str, int, float, bool)
    known = {*names_of(inner)}
    if not node.children and not node.attributes and not node.text.strip():
        return any(field.required for field in fields_of(inner).values())
    return len({child.name for child in node.children}) == 1 and not known & _seen(node).keys()


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
    members = [settled(member)[0] for member in members_of(kind)]
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
