"""An OpenAPI document as the tests see it: read and bundled without any code of clientgen.

The test server judges what generated clients send, so it must not share a mistake with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import yaml

from tests.support.swagger2 import to_openapi_3

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Node: TypeAlias = dict[str, Json]

STANDARD_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_MAPS_OF_SCHEMAS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
_EXAMPLES = {"example", "examples"}
_PLAIN_WORDS = {"default", "const", "enum", "required", "dependentRequired"}


@dataclass(frozen=True)
class Operation:
    """One operation of a bundled document.

    Attributes:
        method: HTTP method, in upper case.
        path: Path template.
        node: The operation itself.
        parameters: Its parameters, those of its path included.
    """

    method: str
    path: str
    node: Node
    parameters: tuple[Node, ...]

    @property
    def media_types(self) -> dict[str, Node]:
        """What the request body may be, by media type."""
        body = mapping(self.node.get("requestBody", {}))
        return {name: mapping(media) for name, media in mapping(body.get("content", {})).items()}

    @property
    def responses(self) -> dict[str, Node]:
        """What may be answered, by status."""
        return {
            key: mapping(value) for key, value in mapping(self.node.get("responses", {})).items()
        }


@dataclass(frozen=True)
class Bundle:
    """A document in one piece: `$ref`s are left to schemas in `components` only."""

    root: Node

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document."""
        return tuple(
            Operation(method, path, node, _parameters(mapping(item), node))
            for path, item in mapping(self.root.get("paths", {})).items()
            for method, node in _operations(mapping(item))
        )

    def operation(self, method: str, path: str) -> Operation:
        """The operation of this method and path template."""
        return next(o for o in self.operations if (o.method, o.path) == (method, path))

    def schema(self, schema: Json) -> Json:
        """A schema with the `$ref` at its top followed; siblings of the `$ref` are added."""
        while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
            name = str(schema["$ref"]).rpartition("/")[2]
            target = mapping(mapping(self.root["components"])["schemas"])[name]
            siblings = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**target, **siblings} if isinstance(target, dict) and siblings else target
        return schema


def bundle(path: Path) -> Bundle:
    """Read a document with all files that it points at; Swagger 2.0 becomes OpenAPI 3.0."""
    return Bundle(_Bundler(path.resolve()).bundle())


def mapping(value: object) -> Node:
    """The value, which is a mapping."""
    assert isinstance(value, dict), value
    return value


@dataclass
class _Bundler:
    entry: Path
    _files: dict[str, Json] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _schemas: Node = field(default_factory=dict)

    def bundle(self) -> Node:
        root = mapping(read(self.entry))
        if "swagger" in root:
            root = to_openapi_3(root)
        uri = urljoin(self.entry.as_uri(), str(root.get("$self", "")))
        self._files[uri] = root
        components = mapping(root.get("components", {}))
        for name in mapping(components.get("schemas", {})):
            self._name_of(uri, f"/components/schemas/{_escape(name)}")
        return {
            "openapi": root["openapi"],
            "info": root["info"],
            "security": root.get("security", []),
            "paths": self._copy(root.get("paths", {}), uri, in_schema=False),
            "components": {
                "securitySchemes": components.get("securitySchemes", {}),
                "schemas": self._schemas,
            },
        }

    def _copy(self, node: Json, base: str, *, in_schema: bool) -> Json:
        if isinstance(node, list):
            return [self._copy(item, base, in_schema=in_schema) for item in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._follow(node, base, in_schema=in_schema)
        return {key: self._value(key, value, base, in_schema) for key, value in node.items()}

    def _value(self, key: str, value: Json, base: str, in_schema: bool) -> Json:
        if key in _EXAMPLES or (in_schema and key in _PLAIN_WORDS):
            return value
        if in_schema and key == "discriminator":
            # Some documents write the name of the property alone, as Swagger 2.0 did.
            return self._discriminator(mapping(value), base) if isinstance(value, dict) else value
        if in_schema and key in _MAPS_OF_SCHEMAS:
            return {name: self._copy(v, base, in_schema=True) for name, v in mapping(value).items()}
        return self._copy(value, base, in_schema=in_schema or key == "schema")

    def _follow(self, node: Node, base: str, *, in_schema: bool) -> Json:
        uri, fragment = urldefrag(urljoin(base, str(node["$ref"])))
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        if in_schema:
            name = self._name_of(uri, unquote(fragment))
            copied = mapping(self._copy(siblings, base, in_schema=True))
            return {"$ref": f"#/components/schemas/{name}", **copied}
        target = self._copy(self._find(uri, unquote(fragment)), uri, in_schema=False)
        return {**mapping(target), **siblings}

    def _name_of(self, uri: str, fragment: str) -> str:
        """The name under which a schema is kept, which is copied when it is first met."""
        if (uri, fragment) in self._names:
            return self._names[uri, fragment]
        wanted = fragment.rpartition("/")[2]
        free = re.fullmatch(r"[\w.-]+", wanted) and wanted not in self._names.values()
        name = wanted if free else f"S{len(self._names)}"
        self._names[uri, fragment] = name
        self._schemas[name] = None
        self._schemas[name] = self._copy(self._find(uri, fragment), uri, in_schema=True)
        return name

    def _discriminator(self, node: Node, base: str) -> Json:
        def reference(value: str) -> str:
            ref = value if "#" in value or "." in value else f"#/components/schemas/{value}"
            return str(mapping(self._follow({"$ref": ref}, base, in_schema=True))["$ref"])

        mapped = mapping(node.get("mapping", {}))
        return {**node, "mapping": {key: reference(str(value)) for key, value in mapped.items()}}

    def _find(self, uri: str, fragment: str) -> Json:
        node = self._file(uri)
        if fragment and not fragment.startswith("/"):
            return next(s for s in _walk(node) if s.get("$anchor") == fragment)
        for key in fragment.split("/")[1:]:
            key = key.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, list) else mapping(node)[key]
        return node

    def _file(self, uri: str) -> Json:
        if uri not in self._files:
            self._files[uri] = read(Path(unquote(urlsplit(uri).path)))
        return self._files[uri]


def _walk(node: Json) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for item in node:
            yield from _walk(item)


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _operations(item: Node) -> Iterator[tuple[str, Node]]:
    for method in STANDARD_METHODS:
        if method in item:
            yield method.upper(), mapping(item[method])
    for method, node in mapping(item.get("additionalOperations", {})).items():
        yield method, mapping(node)


def _parameters(item: Node, operation: Node) -> tuple[Node, ...]:
    """Parameters of an operation override equal ones of its path (OpenAPI 3.1, 4.8.9)."""
    found: dict[tuple[Json, Json], Node] = {}
    for owner in (item, operation):
        parameters = owner.get("parameters", [])
        assert isinstance(parameters, list)
        for parameter in map(mapping, parameters):
            found[parameter["in"], parameter["name"]] = parameter
    return tuple(found.values())


def read(path: Path) -> Json:
    """The values of a JSON or YAML file."""
    return read_text(path.read_text(encoding="utf-8"))


def read_text(text: str) -> Json:
    """The values of a JSON or YAML text; JSON is read as the YAML that it is."""
    value: Json = _text_keys(yaml.load(text, Loader=_Loader))
    return value


def _text_keys(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _text_keys(item) for key, item in value.items()}
    return [_text_keys(item) for item in value] if isinstance(value, list) else value


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with the types of JSON: no dates, and `on` is a word (YAML 1.2, 10.2)."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?", list("-0123456789")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )
