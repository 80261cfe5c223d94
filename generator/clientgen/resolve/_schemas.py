"""Reading JSON Schema, in all the dialects that OpenAPI has used, into shapes.

An object with properties gets a name and is reached through a `Ref`, as does a choice among
objects and an enumeration that the document names. All else is written where it is used.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from clientgen.diagnostics import Where

from ._enums import explained
from ._families import imply_tags
from ._node import Node, scalar_text
from ._places import component as _component
from ._places import extended as _extended
from ._places import identity as _id
from ._places import named_place as _named_place
from ._shared import CALLED_PROPERTIES, CALLED_SCHEMAS, as_object, called, is_left_out
from ._variants import Variant, variant_names
from ._xml import own_xml, xml_of
from .spec import (
    NULL,
    Alias,
    Anything,
    Choice,
    Component,
    Definition,
    ListOf,
    MapOf,
    NamedSchema,
    OneOf,
    Origin,
    Property,
    Record,
    Ref,
    Scalar,
    SchemaId,
    Shape,
    Tagged,
    TupleOf,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from clientgen.diagnostics import Diagnostics
    from clientgen.load import Json

    from ._refs import Refs

ScalarType = Literal["string", "integer", "number", "boolean", "null"]
NUMBERS: frozenset[ScalarType] = frozenset({"integer", "number"})

SCALARS: dict[str, ScalarType] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    # Names that authors use for the five above.
    "bool": "boolean",
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "date-time": "string",
    "uuid": "string",
    "enum": "string",
}
TYPES = {*SCALARS, "object", "array", "file", "any"}
FORMATTED = {"date": "date", "datetime": "date-time", "date-time": "date-time", "uuid": "uuid"}

OBJECT_WORDS = ("properties", "additionalProperties", "patternProperties", "unevaluatedProperties")
ARRAY_WORDS = ("items", "prefixItems", "minItems", "maxItems", "uniqueItems")
STRING_WORDS = ("pattern", "minLength", "maxLength")
NUMBER_WORDS = ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")

ENCODED = {"base64": "byte", "base64url": "base64url"}
"""Values of `contentEncoding` (RFC 4648), and the formats that mean the same."""

IMPLIED = {
    **dict.fromkeys(("date", "date-time", "time", "duration", "http-date", "uuid"), "string"),
    **dict.fromkeys(("binary", "byte", "base64", "base64url", "uri", "email"), "string"),
    **dict.fromkeys(("int32", "int64"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
}
"""Types of schemas that only give a format."""

DELIMITERS = {
    "commadelimited": ",",
    "spacedelimited": " ",
    "pipedelimited": "|",
    "newlinedelimited": "\n",
    "tabdelimited": "\t",
}
"""Formats of arrays that are written as one text, as TypeSpec's `ArrayEncoding` calls them."""

COLLECTIONS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
"""The same of arrays within arrays (Swagger 2.0, "Items Object")."""

NEVER: tuple[Json, ...] = (False, {"not": {}}, {"not": True})
"""Schemas of what no value fits (JSON Schema 2020-12 section 4.3.2)."""

GROUPS = ("allOf", "oneOf", "anyOf")
SHAPING = {*OBJECT_WORDS, *ARRAY_WORDS, *GROUPS, "enum", "const", "required"}
"""Keywords beside a `$ref` that make it more than a reference."""

MAX_DEPTH = 64
"""Arrays in arrays, and the like, written in one place; deeper ones are read as any value."""


@dataclass(slots=True)
class Draft:
    """Properties of an object while its parts are being put together.

    Attributes:
        properties: What is said about each property by the parts that all hold.
        varying: What variants (`oneOf`, `anyOf`) say about it.
    """

    properties: dict[str, list[Node]] = field(default_factory=dict)
    varying: dict[str, list[Node]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    extra: list[Node] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """All properties, in the order of the document."""
        return list({**self.properties, **self.varying})


class Schemas:
    """Turns schema nodes into shapes and collects the named ones."""

    def __init__(
        self, refs: Refs, diagnostics: Diagnostics, *, version: str, formats: Mapping[str, str]
    ) -> None:
        self.named: dict[SchemaId, NamedSchema] = {}
        self._refs = refs
        self._diagnostics = diagnostics
        self._version = version
        self._formats = {own: "" if form == "none" else form for own, form in formats.items()}
        self._known: dict[SchemaId, Definition | None] = {}
        self._waiting: deque[tuple[SchemaId, list[Node], Origin]] = deque()
        self._nullable: set[SchemaId] = set()
        self._open: list[SchemaId] = []
        self._circular: set[SchemaId] = set()
        self._bases: dict[SchemaId, list[SchemaId]] = {}
        self._stated_tags: dict[SchemaId, str] = {}

    # --- What other modules ask for --------------------------------------------------------

    def shape(self, node: Node | None, origin: Origin) -> Shape:
        """The shape of a schema; inline objects in it are named after `origin`."""
        if node is None:
            return Anything()
        return self._shape(node, _named_place(node) or origin, 0)

    def component(self, node: Node, name: str) -> None:
        """Take in a schema that the document names, whether it is used or not."""
        target = node
        reference = node.mapping.get("$ref")
        if isinstance(reference, str) and not _shapes_beside_ref(node):
            target = self._follow(node)
            if target is not node and _id(target) != _id(node):
                shape = self._reference(target, 0)
                self._define(_id(node), node, Component(name), Alias(shape))
                return
        self._reference(target, 0)
        if _id(target) not in self._known:
            alias = Alias(self._expand(target, Component(name), 0))
            self._define(_id(target), target, Component(name), alias)

    def synthesize(self, node: Node, origin: Origin, record: Record, where: Where) -> Ref:
        """Name an object that the document describes without a schema, such as a 2.0 form."""
        identity = _id(node) + "/requestBody"
        self._known[identity] = record
        self.named[identity] = NamedSchema(identity, origin, record, where)
        return Ref(identity)

    def finish(self) -> None:
        """Read the named schemas that were met and not yet read."""
        while self._waiting:
            self._read(*self._waiting.popleft())
        imply_tags(self.named, self._bases, self._stated_tags)

    # --- Shapes ----------------------------------------------------------------------------

    def _shape(self, node: Node, origin: Origin, depth: int) -> Shape:
        if depth > MAX_DEPTH:
            self._diagnostics.warning(
                "CG214", "nested too deeply; it is read as any value from here", node.where
            )
            return Anything()
        if not isinstance(node.value, dict):
            if not isinstance(node.value, bool):
                self._diagnostics.warning(
                    "CG210", "a schema must be an object; this is read as any value", node.where
                )
            return Anything()
        reference = _bare_reference(node)
        if reference is not None:
            return self._referenced(node, reference, depth)
        return self._inline(node, origin, depth)

    def _referenced(self, node: Node, reference: str, depth: int) -> Shape:
        self._tell_of_odd_words(node)
        target = self._refs.target(node, reference)
        if target is not None:
            target = self._follow(target)
        if target is None or _only_ref(target):
            shape: Shape = Anything()
        else:
            shape = self._reference(target, depth)
        is_null = _says_nullable(node) or "null" in _listed(node, "type")
        return _nullable(shape) if is_null else shape

    def _reference(self, target: Node, depth: int) -> Shape:
        """A schema reached by reference: by name if it deserves one, else as it is."""
        identity = _id(target)
        known = self._known.get(identity)
        is_named = isinstance(known, Alias) and isinstance(known.shape, Choice)
        if isinstance(known, Alias) and not is_named and identity not in self._circular:
            return known.shape
        if identity in self._known:
            return _nullable(Ref(identity)) if identity in self._nullable else Ref(identity)
        if identity in self._open:
            self._circular.add(identity)
            return Ref(identity)
        self._open.append(identity)
        try:
            shape = self._inline(target, _component(target), depth, named=True)
        finally:
            self._open.pop()
        if identity in self._circular and identity not in self._known:
            # A list of itself and the like: it takes a name, which its inside can use.
            members = [member for member in _flat(shape) if member != Ref(identity)]
            self._define(identity, target, _component(target), Alias(_union(members)))
            return Ref(identity)
        if identity in self._known and shape != Ref(identity):
            self._nullable.add(identity)
        return shape

    def _expand(self, node: Node, origin: Origin, depth: int) -> Shape:
        self._open.append(_id(node))
        try:
            return self._shape(node, origin, depth)
        finally:
            self._open.pop()

    def _inline(self, node: Node, origin: Origin, depth: int, *, named: bool = False) -> Shape:
        if not isinstance(node.value, dict):
            return self._shape(node, origin, depth)
        self._tell_of_odd_words(node)
        shape = self._unwrapped(node, origin, depth, named=named)
        return _nullable(shape) if _says_nullable(node) else shape

    def _unwrapped(self, node: Node, origin: Origin, depth: int, *, named: bool) -> Shape:
        wrapped = self._only_part(node)
        if wrapped is not None:
            shape = self._shape(wrapped, origin, depth + 1)
            return _nullable(shape) if self._wraps_null(node) else shape
        if (values := _values(node)) is not None:
            return self._choice(node, values, origin, named=named)
        if self._is_record(node):
            return self._object(node, origin, depth)
        variants = _variants(node)
        if variants:
            return self._one_of(node, variants, origin, depth)
        for part in self._parts(node):
            if part is not node:
                shape = self._shape(part, origin, depth + 1)
                if not isinstance(shape, Anything):
                    return shape
        return _union([self._typed(node, t, origin, depth) for t in self._types(node)])

    def _object(self, node: Node, origin: Origin, depth: int) -> Shape:
        """An object with known properties, and what its schema allows in place of one."""
        others = [self._typed(node, kind, origin, depth) for kind in self._beside_object(node)]
        shape = _union([self._name(node, origin), *others])
        return _nullable(shape) if "null" in self._types(node) else shape

    def _beside_object(self, node: Node) -> list[str]:
        """The types other than an object that an object's schema lists, without null."""
        kinds = self._types(node)
        others = [kind for kind in kinds if kind not in {"object", "null", "any"}]
        return others if "object" in kinds else []

    def _choice(self, node: Node, values: list[Json], origin: Origin, *, named: bool) -> Shape:
        wanted = self._types(node)
        if "array" in wanted and not any(isinstance(value, list) for value in values):
            return ListOf(_choice_of(node, values))
        fitting = [_fit(value, wanted) for value in values]
        shape = _choice_of(node, fitting)
        members = [member for member in _flat(shape) if member != NULL]
        if named and len(members) == 1 and isinstance(members[0], Choice):
            self._define(_id(node), node, origin, Alias(members[0]))
            return _nullable(Ref(_id(node))) if NULL in _flat(shape) else Ref(_id(node))
        return shape

    def _typed(self, node: Node, kind: str, origin: Origin, depth: int) -> Shape:
        """What a node says when it is of one type."""
        form = node.text("format")
        form = self._formats.get(form, form)
        if kind in {"array", "string"} and (delimiter := _delimiter(node)):
            items = node.get("items")
            inner = self._shape(items, _extended(origin, "[]"), depth + 1) if items else None
            return ListOf(inner or Scalar("string"), delimiter)
        if kind == "array":
            return self._array(node, origin, depth)
        if kind == "object":
            return self._map(node, origin, depth)
        if kind == "file":
            if self._version.startswith("3"):
                self._diagnostics.warning(
                    "CG215",
                    "`type: file` is of Swagger 2.0; it is read as binary, "
                    "write `type: string` and `format: binary`",
                    Where(node.where.document, (*node.keys, "type")),
                )
            return Scalar("string", "binary")
        if kind in SCALARS:
            if kind == "string" and not form:
                form = "binary" if _is_binary(node.text("contentMediaType")) else ""
                form = ENCODED.get(node.text("contentEncoding").lower(), form)
            return Scalar(SCALARS[kind], form or FORMATTED.get(kind, ""))
        return Anything()

    def _array(self, node: Node, origin: Origin, depth: int) -> Shape:
        prefix = node.get("prefixItems")
        items = node.get("items")
        if prefix is None and items is not None and isinstance(items.value, list):
            prefix, items = items, node.get("additionalItems")  # the tuples of older drafts
        if prefix is not None:
            places = tuple(
                self._shape(item, _extended(origin, f" {index}"), depth + 1)
                for index, item in enumerate(prefix.items(), 1)
            )
            rest = items is None or items.value is not False
            item = self._shape(items, _extended(origin, "[]"), depth + 1) if items else Anything()
            return TupleOf(places, item if rest else None)
        if items is None:
            return ListOf(Anything())
        return ListOf(self._shape(items, _extended(origin, "[]"), depth + 1))

    def _map(self, node: Node, origin: Origin, depth: int) -> Shape:
        inner = [self._shape(v, _extended(origin, "{}"), depth + 1) for v in _extras(node)]
        return MapOf(_union(inner))

    def _one_of(self, node: Node, variants: list[Node], origin: Origin, depth: int) -> Shape:
        shapes = []
        for variant, name in zip(
            variants, self._variant_names(node, variants, origin), strict=True
        ):
            part = _extended(origin, f" {name}") if name else origin
            shapes.append(self._shape(variant, part, depth + 1))
        kinds = [_flat(shape) for shape in shapes]
        members = _distinct([member for group in kinds for member in group])
        members = [member for member in members if member != Ref(_id(node))]  # it says nothing
        if not self._are_alike(members):
            return _union(members)
        refs = tuple(m for m in members if isinstance(m, Ref) and self._is_object(m))
        others = tuple(m for m in members if m not in refs and m != NULL)
        tag, mapping, default = self._discriminator(node)
        self._define(_id(node), node, origin, Tagged(refs, others, tag, mapping, default))
        shape = Ref(_id(node))
        return _nullable(shape) if NULL in members else shape

    def _are_alike(self, members: list[Shape]) -> bool:
        """Whether it takes more than a look at its JSON type to tell which member a value is."""
        lists = [m for m in members if isinstance(m, ListOf) and self._holds_objects(m)]
        objects = [m for m in members if not isinstance(m, ListOf) and self._holds_objects(m)]
        return len(lists) > 1 or len(objects) > 1

    def _holds_objects(self, shape: Shape) -> bool:
        """Whether a shape is an object, or a list or map of some."""
        match shape:
            case ListOf(inner) | MapOf(inner):
                return self._holds_objects(inner)
            case OneOf(members):
                return any(map(self._holds_objects, members))
            case _:
                return self._is_object(shape)

    def _variant_names(self, node: Node, variants: list[Node], origin: Origin) -> list[str]:
        """What inline variants are called, after the schema that they stand in.

        The only one of its kind needs no name: it is what the schema itself would be.
        """
        kinds = [_kind(variant) for variant in variants]
        if {*kinds} <= {"reference", ""}:
            return [""] * len(kinds)
        objects = kinds.count("object") + kinds.count("reference")
        discriminator = node.get("discriminator")
        tag = discriminator.text("propertyName") if discriminator else ""
        known = variant_names([self._variant(variant) for variant in variants], tag)
        if objects == 1 and origin == Component(_component(node).name):
            # The choice has the name itself.
            return [
                variant.text("title") or "object" if kind == "object" else ""
                for variant, kind in zip(variants, kinds, strict=True)
            ]
        return [
            name if kinds.count(kind) > 1 or (kind == "object" and objects > 1) else ""
            for name, kind in zip(known, kinds, strict=True)
        ]

    def _variant(self, node: Node) -> Variant:
        draft = Draft()
        target = self._follow(node)
        self._gather(target, draft, set(), varies=False)
        fixed = {name: _fixed_text(nodes[-1]) for name, nodes in draft.properties.items()}
        bases = [self._follow(part) for part in _joined_parts(target) if _only_ref(part)]
        return Variant(
            target.text("title"),
            {name: value for name, value in fixed.items() if value},
            _component(bases[0]).name if bases else "",
            tuple(name for name in draft.properties if name in draft.required),
            tuple(draft.properties),
        )

    def _is_object(self, shape: Shape) -> bool:
        if not isinstance(shape, Ref):
            return False
        definition = self._known.get(shape.id)
        return definition is None or isinstance(definition, Record | Tagged)

    def _discriminator(self, node: Node) -> tuple[str, dict[str, Ref], Ref | None]:
        """A property, what its values stand for, and what other values stand for."""
        found = node.get("discriminator")
        if found is None:
            return "", {}, None
        if isinstance(found.value, str):  # Swagger 2.0
            return found.value, {}, None
        given = found.get("mapping")
        told = {value: self._told(target) for value, target in given.entries()} if given else {}
        other = found.get("defaultMapping")
        return (
            found.text("propertyName"),
            {value: ref for value, ref in told.items() if ref is not None},
            self._told(other) if other is not None else None,
        )

    def _told(self, target: Node) -> Ref | None:
        """The object that a discriminator names, whatever else its schema allows."""
        node = self._mapped(target, scalar_text(target.value))
        shape = self._reference(self._follow(node), 0) if node is not None else None
        refs = [member for member in _flat(shape) if isinstance(member, Ref)] if shape else []
        return refs[0] if len(refs) == 1 else None

    def _mapped(self, node: Node, reference: str) -> Node | None:
        """The schema that a discriminator mapping names, by reference or by bare name."""
        if reference and all(c.isalnum() or c in "._-" for c in reference):
            bare = Node(node.document.value, node.document)
            for key in ("components", "schemas", reference):
                inner = bare.child(key)
                if inner is None:
                    break
                bare = inner
            else:
                return bare
        return self._refs.target(node, reference)

    # --- Objects ---------------------------------------------------------------------------

    def _is_record(self, node: Node, seen: frozenset[SchemaId] = frozenset()) -> bool:
        """Whether a node, with its `allOf` parts, is an object with known properties."""
        identity = _id(node)
        if identity in seen:
            return False
        seen |= {identity}
        if _values(node) is not None:
            return False
        if _variants(node) and self._is_choice_of_objects(node):
            return False
        if node.text("type") == "array" and "items" in node.mapping:
            return False  # its properties would be those of an object (JSON Schema, 10.3.2.1)
        if as_object(node.mapping.get("properties")):
            return True
        return any(self._is_record(part, seen) for part in self._parts(node) if part is not node)

    def _is_choice_of_objects(self, node: Node) -> bool:
        """Whether `oneOf`/`anyOf` beside properties lists the objects that this may be.

        With a discriminator it does, when the objects have all that stands beside them. Otherwise
        the variants only say which properties go together, and one class with all of them serves
        users best.
        """
        beside = node.mapping.get("properties")
        if not beside and not node.mapping.get("allOf"):
            return True
        if node.get("discriminator") is None:
            return False
        return all(
            "$ref" in variant.mapping
            and {*as_object(beside)} <= {*self._variant(variant).properties}
            for variant in _variants(node)
        )

    def _parts(self, node: Node) -> list[Node]:
        """A node and what it must meet beside itself: `allOf`, or a `$ref` with siblings."""
        parts = [node]
        if (reference := _reference_of(node)) and _shapes_beside_ref(node):
            target = self._refs.target(node, reference)
            if target is not None:
                parts.insert(0, self._follow(target))
        return parts + [self._follow(part) for part in _joined_parts(node)]

    def _follow(self, node: Node) -> Node:
        """What a schema stands for: the end of its references, or where more is said beside one."""
        return self._refs.follow(node, _bare_reference)

    def _only_part(self, node: Node) -> Node | None:
        """What an `allOf` refers to that is only there to carry a description, or null."""
        if any(key in node.mapping for key in SHAPING - {*GROUPS}):
            return None
        parts = [part for part in _joined_parts(node) if _shapes(part)]
        if len(parts) != 1 or _variants(node) or _reference_of(node):
            return None
        is_wrapper = _only_ref(parts[0]) or self._only_part(parts[0]) is not None
        return parts[0] if is_wrapper else None

    def _wraps_null(self, node: Node) -> bool:
        return "null" in _listed(node, "type") or any(
            _says_nullable(part) for part in _joined_parts(node) if not _only_ref(part)
        )

    def _name(self, node: Node, origin: Origin) -> Ref:
        is_whole = not self._beside_object(node)
        part = origin if is_whole else _extended(origin, " object")
        return self._later(self._record_id(node), [node], part)

    def _record_id(self, node: Node) -> SchemaId:
        """The identity of an object: that of its schema, unless this takes other values, too."""
        return f"{_id(node)}/object" if self._beside_object(node) else _id(node)

    def _later(self, identity: SchemaId, nodes: list[Node], origin: Origin) -> Ref:
        """A record that is read when all else is: so circles end, and nothing recurses deeply."""
        if identity not in self._known:
            self._known[identity] = None
            self._waiting.append((identity, nodes, origin))
        return Ref(identity)

    def _read(self, identity: SchemaId, nodes: list[Node], origin: Origin) -> None:
        self._define(identity, nodes[-1], origin, self._record(identity, nodes))

    def _define(
        self, identity: SchemaId, node: Node, origin: Origin, definition: Definition
    ) -> None:
        self._known[identity] = definition
        is_component = isinstance(origin, Component) and not origin.part
        if stated := node.text("x-ms-discriminator-value"):
            self._stated_tags[identity] = stated
        self.named[identity] = NamedSchema(
            identity,
            origin,
            definition,
            node.where,
            self._text(node) or node.text("title"),
            node.flag("deprecated"),
            own_xml(node),
            asked=called(node, CALLED_SCHEMAS if is_component else (), "type_name"),
        )

    def _record(self, identity: SchemaId, nodes: list[Node]) -> Record:
        base = self._base(nodes[0]) if len(nodes) == 1 else None
        draft = self._drafted(nodes, without=base)
        if base is not None and not self._extends_cleanly(identity, base, draft):
            base, draft = None, self._drafted(nodes)
        tag, subtypes, default = self._family(identity, nodes)
        return Record(
            tuple(self._property(identity, name, draft) for name in draft.names),
            self._name(base, _component(base)) if base is not None else None,
            self._extra_shape(identity, draft),
            tag,
            subtypes,
            default,
        )

    def _extra_shape(self, identity: SchemaId, draft: Draft) -> Shape | None:
        if not draft.extra:
            return None
        return _union([self._shape(node, Within(identity, "value"), 0) for node in draft.extra])

    def _family(
        self, identity: SchemaId, nodes: list[Node]
    ) -> tuple[str, dict[str, Ref], Ref | None]:
        """How an object tells its extensions apart; also notes what it extends itself."""
        if len(nodes) > 1:
            return "", {}, None
        all_of = nodes[0].get("allOf")
        parts = [part for part in (all_of.items() if all_of else ()) if _only_ref(part)]
        self._bases[identity] = [self._record_id(self._unwrapped_target(part)) for part in parts]
        return ("", {}, None) if _variants(nodes[0]) else self._discriminator(nodes[0])

    def _drafted(self, nodes: list[Node], *, without: Node | None = None) -> Draft:
        draft = Draft()
        seen = {_id(without)} if without is not None else set()
        for node in nodes:
            self._gather(node, draft, seen, varies=False)
        return draft

    def _base(self, node: Node) -> Node | None:
        """The object that `allOf` extends: the first reference to one."""
        all_of = node.get("allOf")
        for part in all_of.items() if all_of else ():
            if _only_ref(part):
                target = self._unwrapped_target(part)
                if self._is_record(target) and not self._reaches(target, _id(node)):
                    return target
        return None

    def _unwrapped_target(self, node: Node) -> Node:
        """The schema behind references and behind `allOf`s that hold nothing else."""
        for _ in range(MAX_DEPTH):
            node = self._follow(node)
            inner = self._only_part(node)
            if inner is None:
                break
            node = inner
        return node

    def _reaches(self, node: Node, identity: SchemaId) -> bool:
        """Whether the parts of a node lead to a schema: bases must not go in circles."""
        seen: set[SchemaId] = set()
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if _id(at) == identity:
                return True
            if _id(at) not in seen:
                seen.add(_id(at))
                waiting += [part for part in self._parts(at) if part is not at]
        return False

    def _extends_cleanly(self, identity: SchemaId, base: Node, draft: Draft) -> bool:
        """Whether an object only adds to its base, or narrows what that says.

        What it repeats is taken out of its draft; what it narrows is put together there.
        """
        inherited = self._drafted([base])
        added = draft.required - inherited.required
        for name in inherited.names:
            if name not in draft.names and name not in added:
                continue
            nodes = [*inherited.properties.get(name, ()), *draft.properties.get(name, ())]
            varies = name in inherited.varying or name in draft.varying
            if varies or not all(map(self._is_plain, nodes)):
                return False
            required = draft.required | inherited.required
            wide = self._property(identity, name, inherited)
            narrow = self._property(identity, name, Draft({name: nodes}, required=required))
            if _says_the_same(wide, narrow):
                draft.properties.pop(name, None)
            elif self._narrows(wide.shape, narrow.shape):
                draft.properties[name] = nodes
                draft.required |= inherited.required & {name}
            else:
                return False
        return True

    def _is_plain(self, node: Node) -> bool:
        """Whether a schema needs no name for anything in it."""
        if _reference_of(node):
            return _only_ref(node)
        if self._only_part(node) is not None:
            return True
        items = node.get("items")
        is_nested = any(word in node.mapping for word in (*OBJECT_WORDS, *GROUPS, "prefixItems"))
        return not is_nested and (items is None or self._is_plain(items))

    def _narrows(self, wide: Shape, narrow: Shape) -> bool:
        """Whether type checkers see that each value of a shape is one of another's."""
        if isinstance(wide, Anything):
            return True
        kinds = {kind for member in _flat(wide) for kind in self._open_kinds(member)}
        return all(
            member in _flat(wide) or ((found := self._choice_kinds(member)) and found <= kinds)
            for member in _flat(narrow)
        )

    def _open_kinds(self, shape: Shape) -> set[type]:
        """Types of which a shape takes any value."""
        if isinstance(shape, Scalar) and not shape.format:
            found = {"string": str, "integer": int, "boolean": bool}.get(shape.type)
            return {found} if found else set()
        return self._choice_kinds(shape)

    def _choice_kinds(self, shape: Shape) -> set[type]:
        if isinstance(shape, Ref):
            known = self._known.get(shape.id)
            shape = known.shape if isinstance(known, Alias) else shape
        return {*map(type, shape.values)} if isinstance(shape, Choice) else set()

    def _gather(self, node: Node, draft: Draft, seen: set[SchemaId], *, varies: bool) -> None:
        """Collect the properties of a node and all its parts."""
        identity = _id(node)
        if identity in seen:
            return
        seen.add(identity)
        for part in self._parts(node):
            if part is not node:
                self._gather(part, draft, seen, varies=varies)
        properties = node.get("properties")
        properties = self._refs.follow(properties) if properties else None
        found = draft.varying if varies else draft.properties
        for name, child in properties.entries() if properties else ():
            if not is_left_out(child):
                found.setdefault(name, []).append(child)
        required = node.mapping.get("required")
        if isinstance(required, list) and not varies:
            draft.required |= {name for name in required if isinstance(name, str)}
        draft.extra = _extras(node) or draft.extra
        for variant in [*_variants(node), *_conditional_parts(node)]:
            target = self._follow(variant)
            if not self._reaches(target, identity):
                self._gather(target, draft, seen, varies=True)

    def _property(self, parent: SchemaId, name: str, draft: Draft) -> Property:
        nodes = draft.properties.get(name, [])
        varying = draft.varying.get(name, [])
        shape = self._narrowed(nodes, Within(parent, name))
        if isinstance(shape, Anything) and varying:
            shape = _union([self._shape(node, Within(parent, name), 0) for node in varying])
        nodes = [*varying, *nodes]
        said = [self._annotations(node) for node in reversed(nodes)]
        default = next((node for node in said if "default" in node.mapping), None)
        value = self.fitting_default(default, shape) if default else None
        return Property(
            name,
            shape,
            name in draft.required,
            nodes[-1].where,
            description=next((text for n in said if (text := self._text(n))), ""),
            default=value,
            has_default=value is not None,
            examples=tuple(value for node in said for value in examples(node)),
            read_only=any(node.flag("readOnly") for node in said),
            write_only=any(node.flag("writeOnly") for node in said),
            deprecated=any(node.flag("deprecated") for node in said),
            xml=next((xml for n in reversed(nodes) if (xml := xml_of(n, self._refs))), None),
            asked=next(
                (name for n in reversed(nodes) if (name := called(n, CALLED_PROPERTIES))), ""
            ),
        )

    def _narrowed(self, nodes: list[Node], origin: Origin) -> Shape:
        """What several parts say about one property: objects together, else the last word."""
        if len(nodes) == 1:
            return self._shape(nodes[0], origin, 0)
        targets = {_id(target): target for target in map(self._unwrapped_target, nodes)}
        records = [target for target in targets.values() if self._is_record(target)]
        if len(records) > 1:
            shape: Shape = self._later(f"{_id(nodes[-1])}/allOf", records, origin)
            return _nullable(shape) if any(map(_says_nullable, nodes)) else shape
        shape = Anything()
        for node in reversed(nodes):
            shape = self._shape(node, origin, 0)
            if not isinstance(shape, Anything) and shape != MapOf(Anything()):
                break
        return shape

    def _text(self, node: Node) -> str:
        """A description, and what is said of the values that are listed."""
        texts = (self._refs.text(node, "description"), explained(node))
        return "\n\n".join(text for text in texts if text)

    def _annotations(self, node: Node) -> Node:
        """The node that a property's description stands in: itself, or what it refers to."""
        return self._follow(node) if len(node.mapping) == 1 else node

    def _tell_of_odd_words(self, node: Node) -> None:
        for word in ("not", "if"):
            if word in node.mapping:
                self._diagnostics.warning(
                    "CG216",
                    f"`{word}` is not checked; values are read as the rest of the schema says",
                    Where(node.where.document, (*node.keys, word)),
                )
        # 3.1 took the word out; before, it is how null is allowed.
        if "nullable" in node.mapping and not self._version.startswith(("2", "3.0")):
            self._diagnostics.warning(
                "CG212",
                "`nullable` is of OpenAPI 3.0; it is read as null being allowed, "
                'write `type: [..., "null"]`',
                Where(node.where.document, (*node.keys, "nullable")),
            )

    def fitting_default(self, node: Node, shape: Shape) -> Json:
        """The default that a schema gives, None when there is none that fits it."""
        default = node.mapping.get("default")
        if default is None:
            return None
        if isinstance(shape, Choice):
            default = _fit(default, self._types(node))
        match shape:
            case Scalar(kind) if not _is_of(default, kind):
                problem = f"no {kind}"
            case Scalar("integer") if isinstance(default, float):
                return int(default)  # 1.0 is 1, and is sent so
            case Choice(values):
                if (listed := _listed_as(default, values)) is not None:
                    return listed
                problem = "none of the values that it can have"
            case _:
                return default
        self._diagnostics.warning(
            "CG213",
            f"the default {str(default)[:40]!r} is {problem}; it is left out",
            Where(node.where.document, (*node.keys, "default")),
        )
        return None

    # --- Types -----------------------------------------------------------------------------

    def _types(self, node: Node) -> list[str]:
        """The types a node names, or those that its keywords imply."""
        given = node.mapping.get("type")
        names = given if isinstance(given, list) else [given] if given is not None else []
        known = []
        for name in names:
            text = scalar_text(name).lower() if name is not None else "null"
            if text in TYPES:
                known.append(text)
            else:
                self._diagnostics.warning(
                    "CG211",
                    f"`type: {scalar_text(name)[:40]}` is no JSON Schema type; "
                    "it is read as any value",
                    node.where,
                )
                known.append("any")
        return known or [_implied_type(node)]


# --- Reading single keywords ----------------------------------------------------------------


def _reference_of(node: Node) -> str:
    for key in ("$ref", "$dynamicRef", "$recursiveRef"):
        value = node.mapping.get(key)
        if isinstance(value, str):
            return value
    return ""


def _listed(node: Node, key: str) -> list[Json]:
    value = node.mapping.get(key)
    return value if isinstance(value, list) else []


def _is_binary(media_type: str) -> bool:
    """Whether content of a media type is no text (JSON Schema 2020-12 section 8.4)."""
    name = media_type.partition(";")[0].strip().lower()
    is_text = name.startswith("text/") or name.endswith(("json", "xml", "yaml", "javascript"))
    return bool(name) and not is_text


def _bare_reference(node: Node) -> str | None:
    """The reference that a schema is, None when it says more than that, or something else."""
    return None if _shapes_beside_ref(node) else _reference_of(node) or None


def _only_ref(node: Node) -> bool:
    return _bare_reference(node) is not None


def _shapes_beside_ref(node: Node) -> bool:
    return any(key in SHAPING for key in node.mapping)


def _says_nullable(node: Node) -> bool:
    return node.flag("nullable") or node.flag("x-nullable") or _has_null_member(node)


def _has_null_member(node: Node) -> bool:
    for key in ("oneOf", "anyOf"):
        group = node.get(key)
        if group is not None and any(map(_is_null, group.items())):
            return True
    return False


def _implied_type(node: Node) -> str:
    words = node.mapping
    if any(word in words for word in OBJECT_WORDS):
        return "object"
    if any(word in words for word in ARRAY_WORDS):
        return "array"
    if any(word in words for word in STRING_WORDS):
        return "string"
    if any(word in words for word in NUMBER_WORDS):
        return "number"
    if node.text("contentEncoding") or _is_binary(node.text("contentMediaType")):
        return "string"  # these words are about strings alone
    return IMPLIED.get(node.text("format"), "any")


def _variants(node: Node) -> list[Node]:
    """The schemas under `oneOf` and `anyOf` that say more than which properties go together."""
    found = []
    for key in ("oneOf", "anyOf"):
        members = _members(node, key)
        for variant in members if len(members) > 1 else ():
            if variant.value is not True and variant.value != {} and not _only_constrains(variant):
                found.append(variant)
    return found


def _conditional_parts(node: Node) -> list[Node]:
    """Schemas that hold under conditions, which are not told apart here."""
    parts = [part for key in ("then", "else") if (part := node.get(key)) is not None]
    depending = node.get("dependentSchemas")
    return [*parts, *(part for _, part in depending.entries())] if depending else parts


def _joined_parts(node: Node) -> list[Node]:
    """Schemas that a value must meet, too: `allOf`, and a choice that leaves none."""
    all_of = node.get("allOf")
    found = list(all_of.items()) if all_of else []
    for key in ("oneOf", "anyOf"):
        members = _members(node, key)
        found += members if len(members) == 1 else []
    return found


def _members(node: Node, key: str) -> list[Node]:
    """The schemas of a choice, without null, which `_says_nullable` tells of."""
    group = node.get(key)
    return [member for member in group.items() if not _is_null(member)] if group else []


def _is_null(node: Node) -> bool:
    said = node.mapping.get("type")
    only = said in ("null", ["null"]) or _values(node) == [None]
    return only and not any(key in node.mapping for key in GROUPS)


def _says_the_same(one: Property, other: Property) -> bool:
    return (one.shape, one.required, one.read_only, one.write_only, one.xml) == (
        other.shape,
        other.required,
        other.read_only,
        other.write_only,
        other.xml,
    )


def _shapes(node: Node) -> bool:
    """Whether a part says more than texts, null, and that there is an object."""
    return bool(_reference_of(node)) or _shapes_beside_ref(node)


def _kind(node: Node) -> str:
    """What an inline variant is, as far as names stand in it."""
    if _only_ref(node):
        return "reference"
    if any(word in node.mapping for word in ("properties", *GROUPS)):
        return "object"
    items = node.get("items")
    for word, inside in (("array", [items] if items else []), ("map", _extras(node))):
        if any(_kind(inner) not in {"", "reference"} for inner in inside):
            return word
    return "array" if "prefixItems" in node.mapping else ""


def _fixed_text(node: Node) -> str:
    """The only value that a property can have, as text."""
    values = _values(node)
    return scalar_text(values[0]) if values and len(values) == 1 else ""


def _delimiter(node: Node) -> str:
    """What stands between the items of an array that is written as one text."""
    for key in ("format", "x-array-encoding", "x-encoding"):
        name = node.text(key).rpartition(".")[2].replace("-", "").replace("_", "")
        if name.lower() in DELIMITERS:
            return DELIMITERS[name.lower()]
    is_inner = node.key == "items"  # on a parameter itself it is a style
    return COLLECTIONS.get(node.text("collectionFormat"), "") if is_inner else ""


def _only_constrains(node: Node) -> bool:
    return bool(node.mapping) and set(node.mapping) <= {"required", "not", "title", "description"}


def _extras(node: Node) -> list[Node]:
    """The schemas of properties that are not listed, as far as the document gives them."""
    patterns = node.get("patternProperties")
    found = [child for _, child in patterns.entries()] if patterns else []
    for key in ("additionalProperties", "unevaluatedProperties"):
        extra = node.get(key)
        if extra is not None and isinstance(extra.value, dict) and extra.value not in ({}, *NEVER):
            return [*found, extra]
        if extra is not None and extra.value not in NEVER:
            return []  # any value, as `true` and `{}` say
    return found


def _values(node: Node) -> list[Json] | None:
    """What `enum` or `const` allow; None when neither is there."""
    if "const" in node.mapping:
        return [node.mapping["const"]]
    values = node.mapping.get("enum")
    return values if isinstance(values, list) and values else None


def _fit(value: Json, types: list[str]) -> Json:
    """An enumerated value as the declared type means it: `"1"` is 1 among integers."""
    if isinstance(value, str):
        if "integer" in types and "string" not in types and value.lstrip("-").isdecimal():
            return int(value)
        if types == ["boolean"] and value.lower() in {"true", "false"}:
            return value.lower() == "true"
    elif types == ["string"] and isinstance(value, bool | int | float):
        return scalar_text(value)
    return value


def _listed_as(value: Json, values: Sequence[str | int | bool]) -> str | int | bool | None:
    """The one of some values that another one is: 1.0 is 1, and true is not."""
    is_flag = isinstance(value, bool)
    return next((v for v in values if v == value and isinstance(v, bool) == is_flag), None)


def _choice_of(node: Node, values: list[Json]) -> Shape:
    has_fractions = any(isinstance(value, float) for value in values)
    kinds = str | bool if has_fractions else str | int | bool
    scalars = [value for value in values if isinstance(value, kinds)]
    rest = [value for value in values if not isinstance(value, str | int | bool)]
    members: list[Shape] = []
    if scalars:
        names = node.mapping.get("x-enum-varnames")
        named = tuple(map(str, names)) if isinstance(names, list) else ()
        members.append(Choice(_each_once(scalars), named, "const" in node.mapping))
    if has_fractions:
        members.append(Scalar("number"))
    if any(isinstance(value, list | dict) for value in rest):
        return Anything()
    if None in rest:
        members.append(NULL)
    return _union(members)


def _is_of(value: Json, kind: ScalarType) -> bool:
    """Whether a value is of a JSON Schema type; whole numbers count as integers."""
    match value:
        case bool():
            return kind == "boolean"
        case int():
            return kind in {"integer", "number"}
        case float():
            return kind == "number" or (kind == "integer" and value.is_integer())
        case str():
            return kind == "string"
        case _:
            return False


def _each_once(values: Iterable[str | int | bool]) -> tuple[str | int | bool, ...]:
    """The values without repetitions; 1 and true are equal in Python and not in JSON."""
    return tuple({(type(value), value): value for value in values}.values())


def examples(node: Node) -> Iterator[Json]:
    """Examples that stand in a schema or parameter itself."""
    if "example" in node.mapping:
        yield node.mapping["example"]
    given = node.mapping.get("examples")
    if isinstance(given, list):
        yield from given


# --- Putting shapes together ----------------------------------------------------------------


def _flat(shape: Shape) -> tuple[Shape, ...]:
    return shape.members if isinstance(shape, OneOf) else (shape,)


def _distinct(shapes: Iterable[Shape]) -> list[Shape]:
    found: list[Shape] = []
    for shape in shapes:
        if shape not in found:
            found.append(shape)
    return _without_equals(_with_choices_joined(found))


def _without_equals(shapes: list[Shape]) -> list[Shape]:
    """In Python 1 equals true: a list with the one cannot stand beside the other's type."""
    scalars = {shape.type for shape in shapes if isinstance(shape, Scalar)}
    if scalars.isdisjoint({*NUMBERS, "boolean"}):
        return shapes
    found: dict[Shape, None] = {}
    for shape in shapes:
        opened = _opened(shape, scalars) if isinstance(shape, Choice) else [shape]
        found.update(dict.fromkeys(opened))
    return list(found)


def _opened(choice: Choice, scalars: set[ScalarType]) -> Iterator[Shape]:
    """A choice, and the types of those values that the types beside it have equals of."""
    opened: dict[type, ScalarType] = {}
    if scalars & NUMBERS:
        opened[bool] = "boolean"
    if "boolean" in scalars:
        opened[int] = "integer"
    kept = tuple(value for value in choice.values if type(value) not in opened)
    if kept:
        yield choice if kept == choice.values else Choice(kept)
    yield from (Scalar(opened[type(value)]) for value in choice.values if type(value) in opened)


def _with_choices_joined(shapes: list[Shape]) -> list[Shape]:
    """`anyOf` of constants is an enumeration written another way."""
    choices = [shape for shape in shapes if isinstance(shape, Choice)]
    if len(choices) < 2:
        return shapes
    values = _each_once([value for choice in choices for value in choice.values])
    joined: list[Shape] = []
    for shape in shapes:
        if shape is choices[0]:
            joined.append(Choice(values))
        elif not isinstance(shape, Choice):
            joined.append(shape)
    return joined


def _union(shapes: Iterable[Shape]) -> Shape:
    members = _distinct([member for shape in shapes for member in _flat(shape)])
    if not members or any(isinstance(member, Anything) for member in members):
        return Anything()
    return members[0] if len(members) == 1 else OneOf(tuple(members))


def _nullable(shape: Shape) -> Shape:
    return shape if isinstance(shape, Anything) else _union([shape, NULL])
