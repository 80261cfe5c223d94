"""The JSON Schema of `clientgen.toml`, made from the class that reads it.

It says no more than draft 07 knows, which is what editors of TOML understand.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from clientgen import config

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema


def text() -> str:
    """The schema as a file."""
    found = config.Config.model_json_schema(schema_generator=_ForToml)
    settings = _told(found, config.Config)
    kinds = {name: _told(each, getattr(config, name)) for name, each in found["$defs"].items()}
    one = {name: {"$ref": f"#/properties/{name}"} for name in settings["properties"]}
    several = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Sdk"}}
    several["description"] = "Several SDKs, by name; what stands above them is for all."
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "clientgen.toml",
        "description": settings["description"],
        "type": "object",
        "properties": {**settings["properties"], "sdk": several},
        "additionalProperties": False,
        "$defs": {
            **kinds,
            "Sdk": {"type": "object", "properties": one, "additionalProperties": False},
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


class _ForToml(GenerateJsonSchema):
    """Without nulls, which TOML does not have, and without titles, which repeat the names."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {key: each for key, each in found.items() if (key, each) != ("default", None)}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {6,}.+)*)", re.M)


def _told(schema: JsonSchemaValue, kind: type) -> JsonSchemaValue:
    """A schema with what the docstring of its class says of it and of each setting."""
    summary, _, attributes = (inspect.getdoc(kind) or "").partition("\n\nAttributes:\n")
    meanings = {name: " ".join(told.split()) for name, told in ATTRIBUTE.findall(attributes)}
    properties = {
        name: {"description": meanings[name], **each} for name, each in schema["properties"].items()
    }
    kept = {key: each for key, each in schema.items() if key not in {"title", "$defs"}}
    return {**kept, "description": " ".join(summary.split()), "properties": properties}
