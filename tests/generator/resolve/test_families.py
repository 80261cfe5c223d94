"""Bases with a discriminator, and the objects that extend them."""

from __future__ import annotations

import pytest

from clientgen.resolve.spec import Record
from tests.generator.resolve.reading import Reading, read, schemas

BASE = """
Pet:
  type: object
  discriminator: {propertyName: kind%s}
  properties: {kind: {type: string}}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]}
Dog:
  allOf: [{$ref: '#/components/schemas/Pet'}]
  properties: {kind: {enum: [hound]}}
Puppy:
  allOf: [{$ref: '#/components/schemas/Dog'}]
  properties: {weeks: {type: integer}}
"""


def family(read: Reading, name: str) -> dict[str, str]:
    """Values of the telling property, and what they stand for."""
    record = read[name]
    assert isinstance(record, Record)
    assert bool(record.tag) is bool(record.subtypes)
    return {value: read.name(ref.id) for value, ref in record.subtypes.items()}


def test_what_extends_a_base_is_told_by_its_constant_or_its_name() -> None:
    assert family(schemas(BASE % ""), "Pet") == {"Cat": "Cat", "hound": "Dog"}


def test_the_mapping_goes_before_names() -> None:
    mapping = ", mapping: {tom: Cat, pup: '#/components/schemas/Puppy'}"

    assert family(schemas(BASE % mapping), "Pet") == {"tom": "Cat", "pup": "Puppy", "hound": "Dog"}


def test_what_stands_between_tells_its_own_extensions() -> None:
    mapping = ", mapping: {pup: Puppy}"

    assert family(schemas(BASE % mapping), "Dog") == {"pup": "Puppy"}


def test_a_base_that_nothing_extends_tells_nothing() -> None:
    read = schemas("Pet: {discriminator: {propertyName: kind}, properties: {kind: {}}}")

    assert family(read, "Pet") == {}


@pytest.mark.parametrize(
    ("stated", "value"), [("x-ms-discriminator-value: tabby,", "tabby"), ("", "Cat")]
)
def test_swagger_names_the_property_alone(stated: str, value: str) -> None:
    spec = read(f"""
    swagger: "2.0"
    info: {{title: T, version: "1"}}
    paths: {{}}
    definitions:
      Pet: {{type: object, discriminator: kind, properties: {{kind: {{type: string}}}}}}
      Cat: {{{stated} allOf: [{{$ref: '#/definitions/Pet'}}], properties: {{a: {{}}}}}}
    """)

    assert family(spec, "Pet") == {value: "Cat"}


def test_a_narrowed_property_may_be_a_wrapped_reference() -> None:
    read = schemas("""
    Kind: {type: string, enum: [a, b]}
    Base: {properties: {kind: {allOf: [{$ref: '#/components/schemas/Kind'}]}}}
    Thing: {allOf: [{$ref: '#/components/schemas/Base'}], properties: {kind: {enum: [a]}}}
    """)

    record = read["Thing"]
    assert isinstance(record, Record)
    assert (record.base is not None, read.properties("Thing")) == (True, {"kind": "'a'"})


def test_a_member_gets_no_tag_that_what_extends_it_has_otherwise() -> None:
    read_ = schemas("""
    Choice:
      oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]
      discriminator: {propertyName: kind}
    One: {type: object, properties: {a: {type: string}}}
    Two: {type: object, properties: {b: {type: string}}}
    More: {allOf: [{$ref: '#/components/schemas/One'}], properties: {kind: {type: integer}}}
    """)

    assert read_.properties("One") == {"a": "string"}
    assert read_.properties("Two") == {"b": "string", "kind": "'Two'"}


@pytest.mark.parametrize("more", ["'null'", "string"])
def test_a_mapping_may_name_objects_that_may_be_something_else(more: str) -> None:
    choice = schemas(f"""
    Choice:
      oneOf: [{{$ref: '#/components/schemas/One'}}, {{$ref: '#/components/schemas/Two'}}]
      discriminator: {{propertyName: kind, mapping: {{1st: One, 2nd: Two}}}}
    One: {{type: [object, {more}], properties: {{a: {{type: string}}}}}}
    Two: {{type: [object, {more}], properties: {{b: {{type: string}}}}}}
    """).union("Choice")

    assert dict(zip(("1st", "2nd"), choice.members, strict=True)) == choice.mapping


@pytest.mark.parametrize("members", [("Base", "Both"), ("Both", "Base")])
def test_members_get_their_tags_in_any_order(members: tuple[str, str]) -> None:
    read_ = schemas(f"""
    Choice:
      oneOf: [{", ".join(f"{{$ref: '#/components/schemas/{name}'}}" for name in members)}]
      discriminator: {{propertyName: kind}}
    Other: {{type: object, properties: {{a: {{type: string}}}}}}
    Base: {{type: object, properties: {{b: {{type: string}}}}}}
    Both: {{allOf: [{{$ref: '#/components/schemas/Other'}}, {{$ref: '#/components/schemas/Base'}}]}}
    """)

    assert read_.properties("Base") == {"b": "string", "kind": "'Base'"}
    assert read_.properties("Both") == {"b": "string", "kind": "'Both'"}
