"""What documents say about single values of enumerations."""

from __future__ import annotations

import pytest

from tests.generator.resolve.reading import schemas

SAYINGS = {
    "names": ("enum: [1, 2], x-enum-varnames: [Low, High]", "- `1` (Low)\n- `2` (High)"),
    "names that are the values": ("enum: [low, HIGH], x-enum-varnames: [Low, High]", ""),
    "descriptions": ("enum: [a, b], x-enum-descriptions: [First, '']", "- `a`: First"),
    "descriptions by value": ("enum: [a, b], x-enum-descriptions: {b: Last}", "- `b`: Last"),
    "both": (
        "enum: [1], x-enum-varnames: [Low], x-enum-descriptions: [Not much]",
        "- `1` (Low): Not much",
    ),
    "Microsoft's": (
        "enum: [a, b], x-ms-enum: {name: M, values: [{value: b, name: Bee, description: A b}]}",
        "- `b` (Bee): A b",
    ),
    "Fern's": (
        "enum: [a, b], x-fern-enum: {b: {name: Bee, description: A b}, c: {}}",
        "- `b` (Bee): A b",
    ),
    "Speakeasy's": (
        "enum: [1], x-speakeasy-enums: [Low], x-speakeasy-enum-descriptions: {1: Not much}",
        "- `1` (Low): Not much",
    ),
    "beside a description": (
        "description: A level., enum: [1], x-enum-varnames: [Low]",
        "A level.\n\n- `1` (Low)",
    ),
    "too few": ("enum: [1, 2], x-enum-varnames: [Low]", "- `1` (Low)"),
    "what is no list": ("enum: [1], x-enum-varnames: 7, x-ms-enum: x", ""),
}


@pytest.mark.parametrize(("written", "text"), SAYINGS.values(), ids=SAYINGS)
def test_values_are_explained(written: str, text: str) -> None:
    read = schemas(
        f"Thing: {{type: object, properties: {{level: {{{written}}}}}}}\nLevel: {{{written}}}"
    )

    record = read["Thing"]
    assert [prop.description for prop in record.properties] == [text]  # type: ignore[union-attr]
    assert read.schema("Level").description == text
