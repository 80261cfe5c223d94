"""Judges requests and answers by a document, with openapi-core."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema_path import SchemaPath
from openapi_core import (
    V30RequestValidator,
    V30ResponseValidator,
    V31RequestValidator,
    V31ResponseValidator,
    V32RequestValidator,
    V32ResponseValidator,
)
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.support.document import Bundle, Json, Node, Operation, mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_REQUESTS = {"3.0": V30RequestValidator, "3.1": V31RequestValidator, "3.2": V32RequestValidator}
_ANSWERS = {"3.0": V30ResponseValidator, "3.1": V31ResponseValidator, "3.2": V32ResponseValidator}
# openapi-core does not know the suffix of RFC 6839.
_ALSO_JSON: dict[str, Callable[[bytes], Any]] = {
    "application/problem+json": json.loads,
    "json": json.loads,  # of `dirty.yaml`, which means it so
}


@dataclass(frozen=True)
class Answer:
    """An answer of the test server, before it is sent."""

    status: str
    content: bytes = b""
    media_type: str | None = None


class Judge:
    """Tells what a document forbids about requests and answers.

    openapi-core knows eight methods and finds operations by their path. So each operation gets a
    path of its own there; method and path have been checked by the server's routing already.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._operations = bundle.operations
        self._schemes = mapping(mapping(bundle.root["components"])["securitySchemes"])
        paths: Node = {
            f"/{number}": {"post": _understood(operation, bundle)}
            for number, operation in enumerate(bundle.operations)
        }
        flat: Node = {**bundle.root, "servers": [{"url": "/"}], "paths": paths}
        version = str(bundle.root["openapi"])[:3]
        asked, answered = (
            SchemaPath.from_dict(mapping(_one_way(flat, other, bundle)))
            for other in ("readOnly", "writeOnly")
        )
        self._requests = _REQUESTS[version](asked, extra_media_type_deserializers=_ALSO_JSON)
        self._answers = _ANSWERS[version](answered, extra_media_type_deserializers=_ALSO_JSON)

    def request_problems(
        self, operation: Operation, path: dict[str, str], target: str, headers: Headers, body: bytes
    ) -> list[str]:
        """What is wrong with a request; empty for a good one."""
        query = parse_qsl(urlsplit(target).query, keep_blank_values=True)
        cookies = {key: m.value for key, m in SimpleCookie(headers.get("Cookie", "")).items()}
        request = _Request(
            path=self._path(operation),
            parameters=RequestParameters(
                query=ImmutableMultiDict(query),
                header=headers,
                cookie=ImmutableMultiDict(cookies),
                path=path,
            ),
            content_type=headers.get("Content-Type", ""),
            body=body or None,
        )
        found = [_explained(error) for error in self._requests.iter_errors(request)]
        found += self._undeclared(operation, "query", [name for name, _ in query])
        found += self._undeclared(operation, "cookie", cookies)
        if body and not operation.media_types:
            found.append("there is a body, but none is declared")
        if not body and "Content-Type" in headers:
            found.append("there is a Content-Type, but no body")
        return found

    def answer_problems(self, operation: Operation, answer: Answer) -> list[str]:
        """What is wrong with an answer; empty for a good one."""
        request = _Request(self._path(operation))
        response = _Response(int(answer.status), answer.media_type or "", answer.content or None)
        return [_explained(error) for error in self._answers.iter_errors(request, response)]

    def _path(self, operation: Operation) -> str:
        return f"/{self._operations.index(operation)}"

    def _undeclared(self, operation: Operation, place: str, names: Iterable[str]) -> Iterator[str]:
        """openapi-core does not mind what nobody declared; we do."""
        declared = [node for node in operation.parameters if node["in"] == place]
        if any(_is_spread(self._bundle, node) for node in declared):
            return
        schemes = map(mapping, self._schemes.values())
        known = {str(node["name"]) for node in declared}
        known |= {str(node["name"]) for node in schemes if node.get("in") == place}
        # Some documents write what is fixed into the path.
        known |= {name for name, _ in parse_qsl(urlsplit(operation.path).query)}
        for name in names:
            if name not in known and name.partition("[")[0] not in known:
                yield f"undeclared {place} parameter {name!r}"


@dataclass
class _Request:
    """A request in the shape that openapi-core asks for."""

    path: str
    parameters: RequestParameters = field(default_factory=RequestParameters)
    content_type: str = ""
    body: bytes | None = None
    method: str = "post"
    host_url: str = "http://judge.example"


@dataclass
class _Response:
    """An answer in the shape that openapi-core asks for."""

    status_code: int
    content_type: str
    data: bytes | None
    headers: Headers = field(default_factory=Headers)


def _understood(operation: Operation, bundle: Bundle) -> Node:
    """An operation in words that openapi-core knows.

    It wants one type for a parameter, and no `true` for the schema of a body.
    """
    node = {key: value for key, value in operation.node.items() if key != "servers"}
    node["parameters"] = [
        {**parameter, "schema": _of_one_type(bundle.schema(parameter.get("schema", {})))}
        for parameter in operation.parameters
    ]
    for media in operation.media_types.values():
        if media.get("schema") is True:
            media["schema"] = {}
    return node


def _is_spread(bundle: Bundle, parameter: Node) -> bool:
    """Whether the properties of an object become parameters of their own."""
    schema = bundle.schema(parameter.get("schema", {}))
    is_object = isinstance(schema, dict) and (
        "properties" in schema or schema.get("type") == "object"
    )
    return (
        is_object
        and parameter.get("style", "form") == "form"
        and parameter.get("explode") is not False
    )


def _one_way(node: Json, other: str, bundle: Bundle) -> Json:
    """Schemas that do not ask for properties of the other direction (OpenAPI 3.0, 4.7.24.2)."""
    if isinstance(node, list):
        return [_one_way(each, other, bundle) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "binary" and node.get("type") == "string":
        # openapi-core has bytes for it, which are no `string` to JSON Schema.
        return {"not": {"type": "array"}}
    copy = {key: _one_way(value, other, bundle) for key, value in node.items()}
    properties, required = copy.get("properties"), copy.get("required")
    if isinstance(properties, dict) and isinstance(required, list):
        copy["required"] = [
            name
            for name in required
            if not _goes(bundle.schema(properties.get(str(name), {})), other)
        ]
        if not copy["required"]:
            del copy["required"]
    return copy


def _goes(schema: Json, way: str) -> bool:
    return isinstance(schema, dict) and schema.get(way) is True


def _of_one_type(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    match schema.get("type"):
        case [str(first), "null"]:
            return {**schema, "type": first}
        case None if "anyOf" in schema or "oneOf" in schema:
            return {}  # of several types it takes none out of a text
        case _:
            return schema


def _explained(error: BaseException) -> str:
    """An error of openapi-core with its causes, which say what is really wrong."""
    lines = [f"{type(error).__name__}: {error}"]
    lines += [str(getattr(e, "message", e)) for e in getattr(error, "schema_errors", ())]
    cause = error.__cause__ or error.__context__
    return " <- ".join([*lines, *([_explained(cause)] if cause else [])])
