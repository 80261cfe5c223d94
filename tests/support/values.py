"""Values that a schema allows: its examples, else small made-up ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.support.document import Bundle, Json, Node, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_FORMAT: dict[str, Json] = {
    "date": "2024-05-02",
    "date-time": "2024-05-02T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "P1DT2H",
    "uuid": "3c5b1a4e-93a5-4b57-8d3e-0e1d3a6a5f0b",
    "email": "ada@readers.example",
    "uri": "https://values.example/one",
    "uri-reference": "one",
    "byte": "aGVsbG8=",
    "decimal": "12.90",
}
_DEEPEST = 4


class ImpossibleError(Exception):
    """No value meets the schema."""


@dataclass(frozen=True)
class Values:
    """Makes values for one direction: what is `readOnly` is not sent, `writeOnly` not answered."""

    bundle: Bundle
    direction: Literal["request", "response"]

    def of_media_type(self, media: Node) -> Json:
        """The first example of a media type, else a value of its schema."""
        for example in _examples(media):
            return example
        return self.of_schema(media.get("schema", {}))

    def of_parameter(self, parameter: Node) -> Json:
        """The first example of a parameter, else a value of its schema."""
        for example in _examples(parameter):
            return example
        return self.of_schema(parameter.get("schema", {}))

    def of_schema(self, schema: Json, depth: int = 0) -> Json:
        """A value of a schema.

        Raises:
            ImpossibleError: There is none, or none that can be made up.
        """
        schema = self.bundle.schema(schema)
        if schema is True or schema == {}:
            return "anything"
        if schema is False or depth > _DEEPEST:
            raise ImpossibleError
        node = mapping(schema)
        for example in _examples(node):
            return self._one_way(node, example)
        if "const" in node:
            return node["const"]
        if isinstance(node.get("enum"), list):
            return _list(node["enum"])[0]
        for word in ("oneOf", "anyOf"):
            if word in node and "properties" not in node:
                return self._first_possible(_list(node[word]), depth)
        return self._of_type(node, depth)

    def _of_type(self, node: Node, depth: int) -> Json:
        match _type(node):
            case "object":
                return self._of_object(node, depth)
            case "array":
                return self._of_array(node, depth)
            case "integer" | "number":
                return _number(node)
            case "boolean":
                return True
            case "null":
                return None
            case "string":
                return _text(node)
            case other:
                raise AssertionError(f"no value for the type {other!r}")

    def _of_object(self, node: Node, depth: int) -> Json:
        made: Node = {}
        for part in _list(node.get("allOf", [])):
            made |= mapping(self.of_schema(part, depth))
        required = _list(node.get("required", []))
        for name, schema in mapping(node.get("properties", {})).items():
            if not self._goes_this_way(schema):
                continue
            try:
                made[name] = self.of_schema(schema, depth + 1)
            except ImpossibleError:
                if name in required:
                    raise
        more = node.get("additionalProperties")
        if isinstance(more, dict) and not made:
            made["key"] = self.of_schema(more, depth + 1)
        return made

    def _of_array(self, node: Node, depth: int) -> Json:
        items = [self.of_schema(item, depth + 1) for item in _list(node.get("prefixItems", []))]
        try:
            items.append(self.of_schema(node.get("items", {}), depth + 1))
        except ImpossibleError:
            if node.get("minItems"):
                raise
        return list(items)

    def _one_way(self, node: Node, example: Json) -> Json:
        """An example without the properties that do not go this way."""
        if not isinstance(example, dict):
            return example
        properties = self._properties(node)
        return {
            name: value
            for name, value in example.items()
            if self._goes_this_way(properties.get(name, {}))
        }

    def _properties(self, node: Node) -> Node:
        found = dict(mapping(node.get("properties", {})))
        for part in _list(node.get("allOf", [])):
            found |= self._properties(mapping(self.bundle.schema(part)))
        return found

    def _goes_this_way(self, schema: Json) -> bool:
        schema = self.bundle.schema(schema)
        word = "readOnly" if self.direction == "request" else "writeOnly"
        return not (isinstance(schema, dict) and schema.get(word))

    def _first_possible(self, schemas: list[Json], depth: int) -> Json:
        *first, last = schemas
        for schema in first:
            with suppress(ImpossibleError):
                return self.of_schema(schema, depth)
        return self.of_schema(last, depth)


def _examples(node: Node) -> Iterator[Json]:
    """Examples of a schema, parameter or media type, in the ways of all versions."""
    if "example" in node:
        yield node["example"]
    examples = node.get("examples")
    if isinstance(examples, list):
        yield from examples
    elif isinstance(examples, dict):
        for example in map(mapping, examples.values()):
            yield example["dataValue"] if "dataValue" in example else example["value"]


def _type(node: Node) -> Json:
    declared = node.get("type")
    if isinstance(declared, list):
        return declared[0]
    if declared is not None:
        return declared
    if "prefixItems" in node or "items" in node:
        return "array"
    return "object" if "properties" in node or "allOf" in node else "string"


def _number(node: Node) -> Json:
    low = node.get("minimum", node.get("exclusiveMinimum", 0))
    assert isinstance(low, (int, float))
    return int(low) + 1


def _text(node: Node) -> Json:
    assert "pattern" not in node, f"give an example of {node['pattern']!r}"
    if node.get("contentEncoding") == "base64":
        return _BY_FORMAT["byte"]
    made = _BY_FORMAT.get(str(node.get("format")), "text")
    shortest = node.get("minLength", 0)
    assert isinstance(shortest, int)
    return str(made).ljust(shortest, "x")


def _list(value: object) -> list[Json]:
    assert isinstance(value, list), value
    return value
