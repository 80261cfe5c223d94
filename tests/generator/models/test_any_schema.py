"""Whatever a document describes, its package imports and its values come back unchanged."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.generated import generated

Pair = tuple[dict[str, Any], Any]
"""A schema, and a value that fits it."""

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=0, max_size=8
) | st.sampled_from(["class", "self", "a_b", "a-b", "aB", "json", "date", "None", "_", "$ref"])
SCALARS: list[Pair] = [
    ({"type": "string"}, "text"),
    ({"type": "string", "format": "date"}, "2024-02-29"),
    ({"type": "string", "format": "date-time"}, "2024-02-29T01:02:03Z"),
    ({"type": "string", "format": "byte"}, "aGk="),
    ({"type": "integer"}, 2**70),
    ({"type": "number"}, 2.5),
    ({"type": "boolean"}, True),
    ({"type": ["string", "null"]}, None),
    ({"const": 7}, 7),
    ({"enum": ["a", "it's", 'a "b"\n']}, "it's"),
    ({}, {"any": [1, None]}),
    ({"$ref": "#/components/schemas/Tree"}, {"children": [{"children": []}, {}]}),
]


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    members = draw(st.dictionaries(NAMES, inner, min_size=1, max_size=4))
    required = [name for name in members if draw(st.booleans())]
    given_ = [name for name in members if name in required or draw(st.booleans())]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: schema for name, (schema, _) in members.items()},
        "required": required,
    }
    if draw(st.booleans()):
        schema = {"allOf": [{"$ref": "#/components/schemas/Tree"}, schema]}
    return schema, {name: members[name][1] for name in given_}


def containers(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return st.one_of(
        inner.map(lambda pair: ({"type": "array", "items": pair[0]}, [pair[1]])),
        inner.map(
            lambda pair: ({"type": "object", "additionalProperties": pair[0]}, {"k": pair[1]})
        ),
        inner.map(lambda pair: ({"anyOf": [pair[0], {"type": "null"}]}, pair[1])),
        objects(inner),
    )


SHAPES = st.recursive(st.sampled_from(SCALARS), containers, max_leaves=6)
TREE = {
    "type": "object",
    "properties": {
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
    },
}


# Each example is a whole package: many objects go into one, and making a failing one smaller would
# take minutes.
@given(st.lists(objects(SHAPES), min_size=6, max_size=12))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_values_come_back_unchanged(pairs: list[Pair]) -> None:
    schemas = {f"Thing{number}": schema for number, (schema, _) in enumerate(pairs)}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Any", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Tree": TREE, **schemas}},
    }
    models = generated(yaml.safe_dump(document, allow_unicode=True, sort_keys=False)).module.models

    for number, (_, value) in enumerate(pairs):
        assert getattr(models, f"Thing{number}").from_dict(value).to_dict() == value
