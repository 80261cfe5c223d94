"""Objects from several parts, and choices among objects."""

import pytest

from clientgen.resolve.spec import Record
from tests.generator.resolve.reading import Reading, schemas

BASE = """
Base: {type: object, required: [id], properties: {id: {type: integer}, kind: {type: string}}}
Other: {type: object, properties: {other: {type: string}}}
"""


def base_of(read: Reading, name: str) -> str | None:
    record = read[name]
    assert isinstance(record, Record)
    return read.words(record.base) if record.base else None


def required(read: Reading, name: str) -> list[str]:
    record = read[name]
    assert isinstance(record, Record)
    return [prop.wire_name for prop in record.properties if prop.required]


ALL_OF = {
    "a reference is the base": (
        "allOf: [{$ref: '#/components/schemas/Base'}, {properties: {x: {type: string}}}]",
        "Base",
        {"x": "string"},
    ),
    "what stands beside counts": (
        "{allOf: [{$ref: '#/components/schemas/Base'}], properties: {x: {type: string}}}",
        "Base",
        {"x": "string"},
    ),
    "the first of two references is the base": (
        "allOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Other'}]",
        "Base",
        {"other": "string"},
    ),
    "inline parts are put together": (
        "allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]",
        None,
        {"a": "string", "b": "integer"},
    ),
    "one inline part is the object itself": (
        "allOf: [{properties: {a: {type: string}}}]",
        None,
        {"a": "string"},
    ),
    "parts of parts count": (
        "allOf: [{allOf: [{allOf: [{properties: {a: {type: string}}}]}]}]",
        None,
        {"a": "string"},
    ),
    "a property of the base may be narrowed": (
        "allOf: [{$ref: '#/components/schemas/Base'}, {properties: {kind: {const: dog}}}]",
        "Base",
        {"kind": "'dog'"},
    ),
    "a property that the base has otherwise ends inheritance": (
        "allOf: [{$ref: '#/components/schemas/Base'}, {properties: {kind: {type: integer}}}]",
        None,
        {"id": "integer", "kind": "integer"},
    ),
    "a property that the base has, too, is its": (
        "allOf: [{$ref: '#/components/schemas/Base'}, {properties: {kind: {type: string}}}]",
        "Base",
        {},
    ),
    "a property may become required": (
        "{allOf: [{$ref: '#/components/schemas/Base'}], required: [kind]}",
        "Base",
        {"kind": "string"},
    ),
    "a reference with siblings extends": (
        "{$ref: '#/components/schemas/Other', properties: {x: {type: string}}}",
        None,
        {"other": "string", "x": "string"},
    ),
    "an object under several parts has the properties of all": (
        (
            "allOf: [{properties: {in: {properties: {a: {}}}}}, "
            "{properties: {in: {properties: {b: {}}}}}]"
        ),
        None,
        {"in": "Thing.in"},
    ),
    "a vague part does not hide a clear one": (
        "allOf: [{properties: {in: {properties: {a: {}}}}}, {properties: {in: {type: object}}}]",
        None,
        {"in": "Thing.in"},
    ),
    "variants beside properties are put together": (
        (
            "{properties: {a: {type: string}}, "
            "oneOf: [{required: [a]}, {properties: {b: {type: string}}}]}"
        ),
        None,
        {"a": "string", "b": "string"},
    ),
    "variants that differ in a property give both types": (
        (
            "{properties: {a: {}}, "
            "oneOf: [{properties: {v: {const: x}}}, {properties: {v: {const: y}}}]}"
        ),
        None,
        {"a": "any", "v": "'x'/'y'"},
    ),
    "variants inside a part are not lost": (
        "allOf: [{properties: {a: {}}}, {oneOf: [{properties: {b: {}}}, {properties: {c: {}}}]}]",
        None,
        {"a": "any", "b": "any", "c": "any"},
    ),
    "a choice of one object is that object": (
        "oneOf: [{properties: {a: {type: string}}}]",
        None,
        {"a": "string"},
    ),
}


@pytest.mark.parametrize(("written", "base", "properties"), ALL_OF.values(), ids=ALL_OF)
def test_of_an_object_in_parts(written: str, base: str | None, properties: dict[str, str]) -> None:
    written = written if written.startswith("{") else f"{{{written}}}"
    read = schemas(f"{BASE}Thing: {written}")

    assert (base_of(read, "Thing"), read.properties("Thing"), read.codes) == (base, properties, [])


def test_an_object_that_may_be_something_else_can_be_extended() -> None:
    read = schemas("""
    Loose: {type: [object, string], properties: {a: {type: string}}}
    Thing: {allOf: [{$ref: '#/components/schemas/Loose'}, {properties: {b: {type: string}}}]}
    """)

    assert (base_of(read, "Thing"), read.properties("Thing")) == ("Loose.object", {"b": "string"})


def test_the_parts_of_a_property_are_merged() -> None:
    read = schemas("""
    Thing:
      allOf:
        - properties: {owner: {properties: {name: {type: string}}}}
        - properties: {owner: {properties: {age: {type: integer}}}}
    """)
    owner = next(s for s in read.spec.schemas.values() if read.name(s.id) == "Thing.owner")

    assert isinstance(owner.definition, Record)
    assert [prop.wire_name for prop in owner.definition.properties] == ["name", "age"]


def test_no_schema_is_made_that_nothing_uses() -> None:
    read = schemas("""
    Thing:
      allOf:
        - properties: {owner: {properties: {name: {type: string}}}}
        - properties: {owner: {type: string}}
    """)

    assert [read.name(identity) for identity in read.spec.schemas] == ["Thing"]


def test_what_only_variants_require_is_optional() -> None:
    read = schemas(
        "Thing: {required: [a], properties: {a: {}}, anyOf: [{required: [b], properties: {b: {}}}, "
        "{required: [c], properties: {c: {}}}]}"
    )

    assert required(read, "Thing") == ["a"]


@pytest.mark.parametrize(
    "written",
    [
        "Thing: {allOf: [{$ref: '#/components/schemas/Thing'}, {properties: {a: {}}}]}",
        """
        Thing: {allOf: [{$ref: '#/components/schemas/Next'}, {properties: {a: {}}}]}
        Next: {allOf: [{$ref: '#/components/schemas/Thing'}]}
        """,
        "Thing: {properties: {a: {$ref: '#/components/schemas/Thing'}}}",
        "Thing: {properties: {a: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}",
        (
            "Thing: {properties: {a: {}}, "
            "oneOf: [{$ref: '#/components/schemas/Thing'}, {required: [a]}]}"
        ),
    ],
    ids=[
        "its own part",
        "a circle of parts",
        "its own property",
        "a list of it",
        "its own variant",
    ],
)
def test_circles_end(written: str) -> None:
    assert "a" in schemas(written).properties("Thing")


ANIMALS = """
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {type: string}, barks: {type: boolean}}}
"""
BOTH = "oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]"

TAGS = {
    "a reference": (
        "mapping: {c: '#/components/schemas/Cat', d: '#/components/schemas/Dog'}",
        {"c": "Cat", "d": "Dog"},
    ),
    "a name": ("mapping: {c: Cat, d: Dog}", {"c": "Cat", "d": "Dog"}),
    "several values": ("mapping: {a: Cat, b: Cat, d: Dog}", {"a": "Cat", "b": "Cat", "d": "Dog"}),
    "a fixed value or the name": ("", {"cat": "Cat", "Dog": "Dog"}),
    "what the mapping leaves out": ("mapping: {c: Cat}", {"c": "Cat", "Dog": "Dog"}),
    "a name that is nowhere": ("mapping: {c: Cat, d: Dog, e: Emu}", {"c": "Cat", "d": "Dog"}),
}


@pytest.mark.parametrize(("mapping", "expected"), TAGS.values(), ids=TAGS)
def test_objects_are_tagged_by(mapping: str, expected: dict[str, str]) -> None:
    read = schemas(f"{ANIMALS}Pet: {{{BOTH}, discriminator: {{propertyName: kind, {mapping}}}}}")

    union = read.union("Pet")
    assert {value: read.words(ref) for value, ref in union.mapping.items()} == expected


UNIONS = {
    "objects": ("oneOf: [{$ref: CAT}, {$ref: DOG}]", "Cat, Dog"),
    "objects and others": (
        "anyOf: [{$ref: CAT}, {type: string}, {$ref: DOG}]",
        "Cat, Dog + string",
    ),
    "null apart": ("oneOf: [{$ref: CAT}, {$ref: DOG}, {type: 'null'}]", "Cat, Dog"),
    "an inline one": (
        "oneOf: [{$ref: CAT}, {title: Fish, properties: {fins: {}}}]",
        "Cat, Pet.Fish",
    ),
    "itself, which says nothing": (
        "oneOf: [{$ref: CAT}, {$ref: DOG}, {$ref: '#/components/schemas/Pet'}]",
        "Cat, Dog",
    ),
    "one in another": ("oneOf: [{$ref: '#/components/schemas/Old'}, {$ref: DOG}]", "Old, Dog"),
    "one with what all have beside it": (
        (
            "{properties: {kind: {}}, discriminator: {propertyName: kind}, "
            "oneOf: [{$ref: CAT}, {$ref: DOG}]}"
        ),
        "Cat, Dog",
    ),
}


@pytest.mark.parametrize(("written", "members"), UNIONS.values(), ids=UNIONS)
def test_a_choice_has_the_members(written: str, members: str) -> None:
    for name in ("CAT", "DOG"):
        written = written.replace(name, f"'#/components/schemas/{name.title()}'")
    written = written if written.startswith("{") else f"{{{written}}}"
    union = (read := schemas(f"{ANIMALS}Old: {{{BOTH}}}\nPet: {written}")).union("Pet")

    told = ", ".join(map(read.words, union.members))
    others = ", ".join(map(read.words, union.others))
    assert told + (f" + {others}" if others else "") == members


def test_what_stands_beside_a_choice_is_not_lost() -> None:
    read = schemas(
        f"{ANIMALS}Pet: {{properties: {{id: {{type: integer}}}}, {BOTH}, "
        "discriminator: {propertyName: kind}}"
    )

    assert [*read.properties("Pet")] == ["id", "kind", "lives", "barks"]
