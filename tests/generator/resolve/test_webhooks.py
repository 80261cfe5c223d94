"""What an API sends to its users."""

from __future__ import annotations

import pytest

from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve
from clientgen.resolve.spec import Alias, Spec, Tagged

SCHEMAS = """
components:
  schemas:
    Born: {required: [type], properties: {type: {const: born}}}
    Sold: {required: [type], properties: {type: {enum: [sold]}}}
    Plain: {properties: {name: {type: string}}}
    Both: {oneOf: [{$ref: '#/components/schemas/Born'}, {$ref: '#/components/schemas/Sold'}]}
"""


def read(webhooks: dict[str, str], section: str = "webhooks") -> Spec:
    entries = "".join(
        f"  {name}: {{post: {{requestBody: {{content: {{application/json: "
        f"{{schema: {schema}}}}}}}}}}}\n"
        for name, schema in webhooks.items()
    )
    text = f'openapi: 3.1.0\ninfo: {{title: T, version: "1"}}\npaths: {{}}\n{section}:\n{entries}'
    return resolve(parse_document((text + SCHEMAS).encode()), Loader(), Diagnostics())


def ref(name: str) -> str:
    return f"{{$ref: '#/components/schemas/{name}'}}"


def union(spec: Spec) -> tuple[list[str], str, dict[str, str]]:
    """The names of the events, the property that tells them apart, and its values."""
    assert spec.event is not None
    definition = spec.schemas[spec.event.id].definition
    assert isinstance(definition, Tagged)
    names = [member.id.rpartition("/")[2] for member in definition.members]
    values = {value: ref.id.rpartition("/")[2] for value, ref in definition.mapping.items()}
    return names, definition.tag, values


@pytest.mark.parametrize("section", ["webhooks", "x-webhooks"])
def test_a_constant_tells_events_apart(section: str) -> None:
    spec = read({"born": ref("Born"), "sold": ref("Sold")}, section)

    assert union(spec) == (["Born", "Sold"], "type", {"born": "Born", "sold": "Sold"})


def test_events_without_a_constant_are_told_apart_by_shape() -> None:
    assert union(read({"born": ref("Born"), "plain": ref("Plain")})) == (["Born", "Plain"], "", {})


def test_a_union_of_events_is_taken_apart() -> None:
    spec = read({"both": ref("Both"), "born": ref("Born")})

    assert union(spec)[0] == ["Born", "Sold"]


def test_a_single_event_is_no_union() -> None:
    spec = read({"born": ref("Born"), "again": ref("Born")})

    assert spec.event is not None
    assert isinstance(spec.schemas[spec.event.id].definition, Alias)


def test_an_inline_event_is_called_after_its_webhook() -> None:
    spec = read({"petBorn": "{properties: {at: {type: string}}}"})

    names = [str(getattr(schema.origin, "name", "")) for schema in spec.schemas.values()]
    assert "petBorn event" in names


def test_a_document_without_webhooks_has_no_events() -> None:
    assert read({}).event is None
