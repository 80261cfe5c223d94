"""Swagger 2.0 written as OpenAPI 3.0, as far as our own documents need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.document import Json, Node

_SCHEMA_WORDS = (
    *("type", "format", "items", "enum", "default", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "pattern", "minLength", "maxLength"),
)
_OF_REFERENCES = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}


def to_openapi_3(root: Node) -> Node:
    """The same API as an OpenAPI 3.0 document; knows what `sample_specs` uses, not more."""
    media = [str(item) for item in _list(root.get("consumes", ["application/json"]))]
    produced = [str(item) for item in _list(root.get("produces", ["application/json"]))]
    converted: Node = {
        "openapi": "3.0.3",
        "info": root["info"],
        "security": root.get("security", []),
        "paths": {
            path: {
                key: _parameters(_list(value))
                if key == "parameters"
                else _operation(_dict(value), media, produced, root)
                for key, value in _dict(item).items()
            }
            for path, item in _dict(root["paths"]).items()
        },
        "components": {
            "schemas": root.get("definitions", {}),
            "parameters": {
                name: _parameter(_dict(value))
                for name, value in _dict(root.get("parameters", {})).items()
            },
            "responses": {
                name: _response(_dict(value), produced)
                for name, value in _dict(root.get("responses", {})).items()
            },
            "securitySchemes": {
                name: _scheme(_dict(value))
                for name, value in _dict(root.get("securityDefinitions", {})).items()
            },
        },
    }
    return _dict(_renamed(converted))


def _operation(node: Node, media: list[str], produced: list[str], root: Node) -> Node:
    shared = _dict(root.get("parameters", {}))
    parameters = [_dict(item) for item in _list(node.get("parameters", []))]
    seen = [
        _dict(shared[str(p["$ref"]).rpartition("/")[2]]) if "$ref" in p else p for p in parameters
    ]
    media = [str(item) for item in _list(node.get("consumes", list(media)))]
    produced = [str(item) for item in _list(node.get("produces", list(produced)))]
    converted: Node = {
        **{key: value for key, value in node.items() if key not in {"consumes", "produces"}},
        "parameters": _parameters(
            [
                p
                for p, s in zip(parameters, seen, strict=True)
                if s["in"] not in {"body", "formData"}
            ]
        ),
        "responses": {
            status: _response(_dict(value), produced)
            for status, value in _dict(node["responses"]).items()
        },
    }
    body = [p for p in seen if p["in"] == "body"]
    form = [p for p in seen if p["in"] == "formData"]
    if body:
        content: Node = {name: {"schema": body[0]["schema"]} for name in media}
        converted["requestBody"] = {"required": body[0].get("required", False), "content": content}
    if form:
        content = {name: {"schema": _form(form)} for name in media}
        converted["requestBody"] = {
            "required": any(p.get("required") for p in form),
            "content": content,
        }
    return converted


def _form(fields: list[Node]) -> Node:
    return {
        "type": "object",
        "required": [field["name"] for field in fields if field.get("required")],
        "properties": {str(field["name"]): _schema(field) for field in fields},
    }


def _parameters(nodes: list[Json]) -> Json:
    return [_parameter(_dict(node)) for node in nodes]


def _parameter(node: Node) -> Node:
    if "$ref" in node:
        return node
    kept = {"name", "in", "required", "description"}
    converted: Node = {key: value for key, value in node.items() if key in kept}
    converted["schema"] = _schema(node)
    if "x-example" in node:
        converted["example"] = node["x-example"]
    if node.get("type") == "array" and node["in"] == "query":
        converted["explode"] = node.get("collectionFormat", "csv") == "multi"
    return converted


def _schema(node: Node) -> Node:
    kept = {key: node[key] for key in _SCHEMA_WORDS if key in node}
    return {**kept, "example": node["x-example"]} if "x-example" in node else kept


def _response(node: Node, produced: list[str]) -> Node:
    if "$ref" in node or "schema" not in node:
        return {key: value for key, value in node.items() if key != "headers"}
    examples = _dict(node.get("examples", {}))
    content: Node = {}
    for media in produced:
        example: Node = {"example": examples[media]} if media in examples else {}
        content[media] = {"schema": node["schema"], **example}
    return {"description": node["description"], "content": content}


def _scheme(node: Node) -> Node:
    return {"type": "http", "scheme": "basic"} if node["type"] == "basic" else node


def _renamed(node: Json) -> Json:
    """References and vendor words as OpenAPI 3.0 writes them."""
    if isinstance(node, list):
        return [_renamed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        "nullable" if key == "x-nullable" else key: _moved(value)
        if key == "$ref"
        else _renamed(value)
        for key, value in node.items()
    }


def _moved(reference: Json) -> Json:
    text = str(reference)
    for old, new in _OF_REFERENCES.items():
        text = text.replace(old, new)
    return text


def _dict(value: object) -> Node:
    assert isinstance(value, dict), value
    return value


def _list(value: object) -> list[Json]:
    assert isinstance(value, list), value
    return value
