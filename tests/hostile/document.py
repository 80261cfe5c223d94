"""A document with a slot for text in every place where OpenAPI has text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.document import Json, Node

UNSAFE_IN_PATHS = dict.fromkeys(map(ord, "/{}?#"), "-")
"""Characters that make another path, and so another API, of a path template."""


@dataclass(frozen=True)
class Text:
    """Fills the slots of the document.

    Attributes:
        of: Text for a slot; `None` keeps it tame.
        in_paths: Whether path templates are filled, too. What a path says decides on resources,
            so that no tame document has quite the same structure.
    """

    of: Callable[[str], str | None]
    in_paths: bool = False

    def prose(self, slot: str) -> str:
        """Text for people; blank text would rightly leave no docstring behind."""
        text = self.of(slot)
        return text if text and text.strip() else f"Tame text of {slot}."

    def name(self, slot: str) -> str:
        """A name, unlike all other ones and no identifier."""
        text = self.of(slot)
        return f"Tame {slot}" if text is None else f"{text} {slot}"

    def segment(self, slot: str) -> str:
        """A name inside a path template."""
        return self.name(slot).translate(UNSAFE_IN_PATHS) if self.in_paths else f"tame-{slot}"

    def media_type(self, slot: str) -> str:
        """A media type of JSON."""
        # A semicolon begins parameters (RFC 9110, 8.3.1), a star makes a range (12.5.1).
        return f"application/vnd.{self.name(slot).translate({ord(';'): '-', ord('*'): '-'})}+json"


def tame() -> Node:
    """The document as an honest author would write it."""
    return document(Text(lambda _: None))


def as_text(node: Node) -> str:
    """JSON that keeps every character, NUL and lone surrogates too."""
    return json.dumps(node)


def document(text: Text) -> Node:
    """An API that uses most of OpenAPI; its structure never depends on the text."""
    return {
        "openapi": "3.1.0",
        "info": _info(text),
        "x-root": text.prose("x-root"),
        "servers": _servers(text),
        "security": [{text.name("scheme-key"): []}, {text.name("scheme-basic"): []}],
        "tags": [
            {
                "name": text.name("tag"),
                "description": text.prose("tag.description"),
                "externalDocs": {"url": text.prose("docs.url")},
            }
        ],
        "paths": {
            f"/{text.segment('things')}": _things(text),
            f"/{text.segment('things')}/{{{text.segment('id')}}}": _thing(text),
            f"/{text.segment('rpc')}.{text.segment('call')}": _rpc(text),
            f"/{text.segment('watch')}": _watch(text),
            f"/{text.segment('files')}": _files(text),
        },
        "webhooks": _webhooks(text),
        "components": {"securitySchemes": _schemes(text), "schemas": _schemas(text)},
    }


def _info(text: Text) -> Node:
    return {
        "title": text.prose("title"),
        "summary": text.prose("info.summary"),
        "description": text.prose("info.description"),
        "version": text.prose("version"),
        "termsOfService": text.prose("terms"),
        "contact": {"name": text.prose("contact"), "email": text.prose("email")},
        "license": {"name": text.prose("license"), "identifier": text.prose("spdx")},
    }


def _servers(text: Text) -> Json:
    variable = text.segment("variable")
    return [
        {
            "url": f"https://api.example/{{{variable}}}",
            "description": text.prose("server.description"),
            "variables": {
                variable: {
                    "default": text.prose("variable.default"),
                    "enum": [text.prose("variable.default"), text.name("variable.enum")],
                    "description": text.prose("variable.description"),
                }
            },
        },
        {"url": f"https://second.example/{text.segment('server')}", "name": text.name("server")},
    ]


def _things(text: Text) -> Node:
    return {
        "summary": text.prose("path.summary"),
        "description": text.prose("path.description"),
        "get": {
            "operationId": text.name("list"),
            "tags": [text.name("tag")],
            "summary": text.prose("list.summary"),
            "description": text.prose("list.description"),
            "x-operation": {text.prose("x-key"): text.prose("x-value")},
            "parameters": [
                _parameter(text, "query", "filter"),
                _parameter(text, "header", "header"),
                _parameter(text, "cookie", "cookie"),
                _choice(text),
                *_sent_anyway(text),
            ],
            "responses": {
                "200": {
                    "description": text.prose("list.200"),
                    "headers": {text.name("X-Reply"): {"schema": {"type": "string"}}},
                    "content": {
                        text.media_type("reply"): {
                            "schema": {"type": "array", "items": _reference(text, "Thing")},
                            "example": [text.prose("reply.example")],
                        }
                    },
                },
                "404": _failure(text, "404"),
                "4XX": _failure(text, "4XX"),
                "default": _failure(text, "default"),
            },
        },
        "post": {
            "operationId": text.name("create"),
            "deprecated": True,
            "security": [
                {text.name("scheme-bearer"): [text.name("scope")]},
                {text.name("scheme-oauth"): [text.name("scope")]},
            ],
            "servers": _servers(text),
            "requestBody": {
                "description": text.prose("body.description"),
                "required": True,
                "content": {
                    "application/json": {"schema": _reference(text, "Thing")},
                    text.media_type("other"): {"schema": _reference(text, "Other")},
                },
            },
            "responses": {"201": {"description": text.prose("create.201")}},
        },
    }


def _thing(text: Text) -> Node:
    return {
        "parameters": [
            {
                "name": text.segment("id"),
                "in": "path",
                "required": True,
                "description": text.prose("id.description"),
                "schema": {"type": "integer"},
            }
        ],
        "get": {
            "responses": {
                "200": {
                    "description": text.prose("get.200"),
                    "content": {"application/json": {"schema": _reference(text, "Union")}},
                }
            }
        },
        "delete": {"responses": {"204": {"description": text.prose("delete.204")}}},
    }


def _rpc(text: Text) -> Node:
    fields: Node = {text.name("field"): {"type": "string", "description": text.prose("field")}}
    return {
        "post": {
            "operationId": text.name("rpc"),
            "requestBody": {
                "content": {
                    "application/json": {"schema": {"type": "object", "properties": fields}}
                }
            },
            "callbacks": {text.name("callback"): {text.name("expression"): {}}},
            "responses": {
                text.name("status"): {"description": text.prose("status.description")},
                "200": {
                    "description": text.prose("rpc.200"),
                    "links": {text.name("link"): {"operationId": text.prose("link.operation")}},
                    "content": {
                        "application/json": {
                            "schema": {
                                "title": text.prose("inline.title"),
                                "type": "object",
                                "properties": {text.name("inline"): {"type": "boolean"}},
                            }
                        }
                    },
                },
            },
        }
    }


def _watch(text: Text) -> Node:
    payload: Node = {"contentMediaType": "application/json"}
    branches: list[Json] = [
        {
            "properties": {
                "event": {"const": text.name(f"event.{name}")},
                "data": {**payload, "contentSchema": _reference(text, name)},
            }
        }
        for name in ("Other", "Third")
    ]
    branches.append({"properties": {"data": {"const": text.prose("event.end")}}})
    return {
        "get": {
            "operationId": text.name("watch"),
            "responses": {
                "200": {
                    "description": text.prose("watch.200"),
                    "headers": {text.name("X-Count"): {"schema": {"type": "integer"}}},
                    "content": {"text/event-stream": {"itemSchema": {"oneOf": branches}}},
                }
            },
        }
    }


def _files(text: Text) -> Node:
    field, xml = text.name("file"), _xml(text, "root")
    form: Node = {
        "schema": {"type": "object", "properties": {field: {"type": "string", "format": "binary"}}},
        "encoding": {
            field: {
                "contentType": text.prose("file.type"),
                "style": text.prose("file.style"),
                "headers": {text.name("X-Part"): {"schema": {"const": text.prose("part.value")}}},
            }
        },
    }
    listed: Node = {"type": "array", "xml": xml, "items": _reference(text, "Marked")}
    return {
        "put": {
            "operationId": text.name("upload"),
            "requestBody": {"content": {"multipart/form-data": form}},
            "responses": {
                "200": {
                    "description": text.prose("upload.200"),
                    "content": {"application/xml": {"schema": listed}},
                }
            },
        }
    }


def _xml(text: Text, slot: str) -> Node:
    return {
        "name": text.name(f"xml.{slot}"),
        "namespace": text.prose(f"namespace.{slot}"),
        "prefix": text.prose(f"prefix.{slot}"),
    }


def _webhooks(text: Text) -> Node:
    inline: Node = {"type": "object", "properties": {text.name("happened"): {"type": "string"}}}
    schemas: dict[str, Node] = {"hook": _reference(text, "Other"), "inline-hook": inline}
    return {
        text.name(name): {
            "post": {
                "summary": text.prose(name),
                "requestBody": {"content": {"application/json": {"schema": schema}}},
                "responses": {},
            }
        }
        for name, schema in schemas.items()
    }


def _parameter(text: Text, place: str, slot: str) -> Node:
    return {
        # Headers with other names are left out.
        "name": f"tame-{slot}" if place == "header" else text.name(slot),
        "in": place,
        "description": text.prose(f"{slot}.description"),
        "style": text.prose(f"{slot}.style"),
        "schema": {"type": "string", "default": text.prose(f"{slot}.default")},
        "example": text.prose(f"{slot}.example"),
    }


def _choice(text: Text) -> Node:
    values: list[Json] = [text.name("choice.one"), text.name("choice.two")]
    return {
        "name": text.name("choice"),
        "in": "query",
        "x-fern-parameter-name": text.name("x-parameter"),
        "schema": {"enum": values},
    }


def _sent_anyway(text: Text) -> list[Json]:
    """What is required and has a value already, and values of a form that the name tells."""
    one, moments = text.name("fixed"), text.name("moments")
    moment: Node = {"type": "integer", "format": "unixtime"}
    return [
        {"name": one, "in": "query", "required": True, "schema": {"const": text.name("const")}},
        {
            "name": "tame-preset",
            "in": "header",
            "required": True,
            "deprecated": True,
            "schema": {"type": "string", "default": text.prose("preset.default")},
        },
        {
            "name": moments,
            "in": "query",
            "deprecated": True,
            "schema": {"type": "object", "properties": {text.name("moment"): moment}},
        },
    ]


def _failure(text: Text, slot: str) -> Node:
    content: Node = {"application/json": {"schema": _reference(text, "Failure")}}
    return {"description": text.prose(slot), "content": content}


def _reference(text: Text, slot: str) -> Node:
    name = text.name(slot).replace("~", "~0").replace("/", "~1")
    # A URI reference has no blanks, quotes or control characters (RFC 3986, 2).
    fragment = "".join(quote(c, safe="~") if c.isascii() else c for c in name)
    return {"$ref": f"#/components/schemas/{fragment}"}


def _schemes(text: Text) -> Node:
    prose = text.prose("scheme.description")
    return {
        text.name("scheme-key"): {
            "type": "apiKey",
            "in": "header",
            "name": text.name("X-Key"),
            "description": prose,
        },
        text.name("scheme-basic"): {"type": "http", "scheme": "basic", "description": prose},
        text.name("scheme-bearer"): {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": text.prose("bearer"),
        },
        text.name("scheme-http"): {"type": "http", "scheme": text.name("http")},
        text.name("scheme-oauth"): {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": text.prose("token.url"),
                    "refreshUrl": text.prose("refresh.url"),
                    "scopes": {text.name("scope"): text.prose("scope.description")},
                }
            },
        },
        text.name("scheme-unknown"): {"type": text.prose("scheme.type")},
    }


def _schemas(text: Text) -> Node:
    kind, plain = text.name("kind"), {"type": "string"}
    return {
        text.name("Marked"): {
            "type": "object",
            "xml": _xml(text, "Marked"),
            "properties": {
                text.name("mark"): {**plain, "xml": {**_xml(text, "mark"), "attribute": True}}
            },
        },
        text.name("Thing"): {
            "title": text.prose("Thing.title"),
            "description": text.prose("Thing.description"),
            "type": "object",
            "required": [text.name("required")],
            "properties": {
                text.name("required"): {**plain, "description": text.prose("required")},
                text.name("enum"): {"enum": [text.name("enum.one"), text.name("enum.two")]},
                text.name("default"): {**plain, "default": text.prose("default")},
                text.name("format"): {**plain, "format": text.prose("format")},
                text.name("pattern"): {**plain, "pattern": text.prose("pattern")},
                text.name("nested"): {
                    "type": "object",
                    "properties": {text.name("deep"): {"type": "integer"}},
                },
                text.name("parent"): _reference(text, "Thing"),
                text.name("type"): {"type": text.prose("type")},
                text.name("lost"): {"$ref": text.prose("lost")},
                text.name("anchor"): {"$anchor": text.prose("anchor"), "$id": text.prose("id")},
            },
            "examples": [{text.name("required"): text.prose("Thing.example")}],
            "x-schema": text.prose("x-schema"),
        },
        text.name("Other"): {
            "type": "object",
            "properties": {kind: {"const": text.name("other")}, text.name("size"): {}},
            "required": [kind],
        },
        text.name("Third"): {
            "type": "object",
            "properties": {kind: {"const": text.name("third")}},
            "required": [kind],
            "additionalProperties": {"description": text.prose("more"), "type": "integer"},
        },
        text.name("Union"): {
            "oneOf": [_reference(text, "Other"), _reference(text, "Third")],
            "discriminator": {
                "propertyName": kind,
                "mapping": {
                    text.name("other"): _reference(text, "Other")["$ref"],
                    text.name("third"): _reference(text, "Third")["$ref"],
                },
            },
        },
        text.name("Failure"): {
            "type": "object",
            "x-fern-type-name": text.name("x-type"),
            "properties": {
                text.name("reason"): {**plain, "description": text.prose("reason")},
                text.name("renamed"): {
                    **plain,
                    "x-fern-property-name": text.name("x-property"),
                    "description": text.prose("renamed"),
                    "example": text.prose("renamed.example"),
                },
            },
        },
        text.name("Choice"): {
            "description": text.prose("Choice"),
            "enum": [text.name("x"), text.name("y")],
            "x-enum-varnames": [text.name("x-name"), text.name("y-name")],
            "x-enum-descriptions": [text.prose("x-description"), text.prose("y-description")],
        },
    }
