"""Schemas of all dialects become the same few shapes."""

import pytest

from clientgen.resolve.spec import Record
from tests.generator.resolve.reading import schemas

SHAPES = {
    "any value": ("{}", "any"),
    "true": ("true", "any"),
    "false": ("false", "any"),
    "a string": ("{type: string}", "string"),
    "a format": ("{type: string, format: date-time}", "string:date-time"),
    "null": ("{type: 'null'}", "null"),
    "a list of types": ("{type: [string, integer]}", "string | integer"),
    "one type in a list": ("{type: [string]}", "string"),
    "types that share keywords": (
        "{type: [string, array], items: {type: number}}",
        "string | [number]",
    ),
    "a list": ("{type: array, items: {type: string}}", "[string]"),
    "a list of anything": ("{type: array}", "[any]"),
    "a list without a type": ("{items: {type: string}}", "[string]"),
    "a list of nothing": ("{type: array, items: false}", "[any]"),
    "a map": ("{type: object, additionalProperties: {type: integer}}", "{integer}"),
    "a free map": ("{type: object, additionalProperties: true}", "{any}"),
    "an object that is not described": ("{type: object}", "{any}"),
    "an object with nothing": ("{type: object, properties: {}}", "{any}"),
    "a map by pattern": ("{type: object, patternProperties: {^x: {type: string}}}", "{string}"),
    "a map by patterns": (
        "{type: object, patternProperties: {^x: {type: string}, ^y: {type: integer}}}",
        "{string | integer}",
    ),
    "a format of texts without a type": ("{format: duration}", "string:duration"),
    "a format of numbers without a type": ("{format: int64}", "integer:int64"),
    "a map without a type": ("{additionalProperties: {type: string}}", "{string}"),
    "unevaluated properties": ("{type: object, unevaluatedProperties: {type: string}}", "{string}"),
    "a tuple": (
        "{prefixItems: [{type: string}, {type: integer}], items: false}",
        "(string, integer)",
    ),
    "a tuple with a rest": (
        "{type: array, prefixItems: [{type: string}], items: {type: integer}}",
        "(string, *integer)",
    ),
    "an open tuple": ("{type: array, prefixItems: [{type: string}]}", "(string, *any)"),
    "a tuple of older drafts": (
        "{type: array, items: [{type: string}, {type: integer}], additionalItems: false}",
        "(string, integer)",
    ),
    "bytes as base64": ("{type: string, contentEncoding: base64}", "string:byte"),
    "bytes": ("{type: string, contentMediaType: application/octet-stream}", "string:binary"),
    "a string by its keywords": ("{minLength: 1}", "string"),
    "a number by its keywords": ("{minimum: 1}", "number"),
    "a list in a list": (
        "{type: array, items: {type: array, items: {type: boolean}}}",
        "[[boolean]]",
    ),
    "an alias by reference": ("{$ref: '#/components/schemas/Other'}", "[string]"),
    "one wrapped in allOf": ("{allOf: [{$ref: '#/components/schemas/Other'}]}", "[string]"),
    "one written in allOf": ("{allOf: [{type: string, format: uuid}]}", "string:uuid"),
    "a choice of one": ("{oneOf: [{type: integer}]}", "integer"),
    "a choice of scalars": ("{anyOf: [{type: string}, {type: integer}]}", "string | integer"),
    "a choice with repetitions": ("{anyOf: [{type: string}, {type: string}]}", "string"),
    "a choice of anything": ("{anyOf: [{type: string}, {}]}", "string"),
    "an object or something else": (
        "{type: [object, string, 'null'], properties: {a: {}}}",
        "Thing.object | string | null",
    ),
    "a reference with its type": (
        "{allOf: [{$ref: '#/components/schemas/Other', type: [array, 'null']}]}",
        "[string] | null",
    ),
    "listed numbers and a flag, which are equal in Python": (
        "{anyOf: [{type: integer, enum: [0, 1]}, {type: boolean}]}",
        "integer | boolean",
    ),
    "listed flags and a number": (
        "{anyOf: [{type: integer}, {enum: [a, true]}]}",
        "integer | 'a' | boolean",
    ),
}


@pytest.mark.parametrize(("written", "shape"), SHAPES.values(), ids=SHAPES)
def test_a_schema_is_read_as(written: str, shape: str) -> None:
    read = schemas(f"""
    Thing: {written}
    Other: {{type: array, items: {{type: string}}}}
    """)

    assert (read.alias("Thing"), read.codes) == (shape, [])


ENUMS = {
    "strings": ("{enum: [a, b]}", "'a'/'b'"),
    "integers": ("{type: integer, enum: [1, 2]}", "1/2"),
    "booleans": ("{enum: [true, false]}", "True/False"),
    "one value": ("{type: string, enum: [a]}", "'a'"),
    "a constant": ("{const: 7}", "7"),
    "null": ("{const: null}", "null"),
    "values of several types": ("{enum: [1, one, 2]}", "1/'one'/2"),
    "values that Python takes for equal": ("{enum: [1, true]}", "1/True"),
    "fractions": ("{type: number, enum: [1, 2.5]}", "number"),
    "values that come twice": ("{enum: [a, b, a]}", "'a'/'b'"),
    "odd characters": (
        r"""{enum: ["", "it's", "a\nb", "é", "\\"]}""",
        r"""''/"it's"/'a\nb'/'é'/'\\'""",
    ),
    "digits among integers": ("{type: integer, enum: ['1', '2']}", "1/2"),
    "numbers among strings": ("{type: string, enum: [1, true]}", "'1'/'true'"),
    "words among booleans": ("{type: boolean, enum: ['true']}", "True"),
    "a list of values": ("{type: array, items: {enum: [a, b]}}", "['a'/'b']"),
    "values beside the list that they are of": ("{type: array, enum: [a, b]}", "['a'/'b']"),
    "no values": ("{type: string, enum: []}", "string"),
    "objects": ("{enum: [{a: 1}]}", "any"),
    "constants in a choice": ("{oneOf: [{const: a}, {const: b}]}", "'a'/'b'"),
    "constants beside any text": ("{anyOf: [{type: string}, {enum: [a]}]}", "string | 'a'"),
}


@pytest.mark.parametrize(("written", "shape"), ENUMS.values(), ids=ENUMS)
def test_listed_values_are_read_as(written: str, shape: str) -> None:
    assert schemas(f"Thing: {written}").alias("Thing") == shape


NULLABLE = {
    "3.0": ("3.0.3", "{type: string, nullable: true}", "string | null"),
    "3.0 as text": ("3.0.3", "{type: string, nullable: 'true'}", "string | null"),
    "not so": ("3.0.3", "{type: string, nullable: false}", "string"),
    "before 3.0": ("3.0.3", "{type: string, x-nullable: true}", "string | null"),
    "a reference": ("3.0.3", "{$ref: '#/components/schemas/Pet', nullable: true}", "Pet | null"),
    "a wrapped reference": (
        "3.0.3",
        "{allOf: [{$ref: '#/components/schemas/Pet'}], nullable: true}",
        "Pet | null",
    ),
    "inside the wrapper": (
        "3.0.3",
        "{allOf: [{$ref: '#/components/schemas/Pet'}, {nullable: true}]}",
        "Pet | null",
    ),
    "values": ("3.0.3", "{type: string, enum: [a, null], nullable: true}", "'a' | null"),
    "3.1": ("3.1.0", "{type: [string, 'null']}", "string | null"),
    "a type in a choice": ("3.1.0", "{anyOf: [{type: string}, {type: 'null'}]}", "string | null"),
    "a reference in a choice": (
        "3.1.0",
        "{oneOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}",
        "Pet | null",
    ),
    "an enumeration of null": (
        "3.1.0",
        "{oneOf: [{$ref: '#/components/schemas/Pet'}, {enum: [null]}]}",
        "Pet | null",
    ),
    "a wrapper with types": (
        "3.1.0",
        "{type: [object, 'null'], allOf: [{$ref: '#/components/schemas/Pet'}]}",
        "Pet | null",
    ),
    "a type alone": ("3.1.0", "{type: [object, 'null'], properties: {a: {}}}", "Thing.x | null"),
    "a named schema that is null itself": (
        "3.1.0",
        "{$ref: '#/components/schemas/Maybe'}",
        "Maybe | null",
    ),
    "a list of it": (
        "3.1.0",
        "{type: array, items: {$ref: '#/components/schemas/Maybe'}}",
        "[Maybe | null]",
    ),
}


@pytest.mark.parametrize(("version", "written", "shape"), NULLABLE.values(), ids=NULLABLE)
def test_null_is_allowed_in_every_spelling(version: str, written: str, shape: str) -> None:
    read = schemas(
        f"""
        Thing: {{type: object, properties: {{x: {written}, again: {written}}}}}
        Pet: {{type: object, properties: {{name: {{type: string}}}}}}
        Maybe: {{anyOf: [{{type: object, properties: {{a: {{}}}}}}, {{type: 'null'}}]}}
        """,
        version,
    )

    assert read.properties("Thing")["x"] == shape


def test_an_enumeration_with_null_is_null_where_it_is_used() -> None:
    read = schemas("""
    Kind: {enum: [a, b, null]}
    Thing: {properties: {x: {$ref: '#/components/schemas/Kind'}}}
    """)

    assert (read.alias("Kind"), read.properties("Thing")) == ("'a'/'b'", {"x": "Kind | null"})


@pytest.mark.parametrize("order", [1, -1], ids=["before its use", "after its use"])
def test_an_alias_reads_the_same_wherever_it_stands(order: int) -> None:
    written = [
        "Names: {type: array, items: {type: string}}",
        "Thing: {properties: {x: {$ref: '#/components/schemas/Names'}}}",
    ]

    assert schemas("\n".join(written[::order])).properties("Thing") == {"x": "[string]"}


def test_the_words_of_a_property_are_kept() -> None:
    record = schemas("""
    Pet:
      required: [name]
      properties:
        name: {type: string, description: What it listens to., default: Rex, examples: [Bo]}
        id: {type: integer, readOnly: true, deprecated: true}
        secret: {type: string, writeOnly: true}
    """)["Pet"]

    assert isinstance(record, Record)
    name, number, secret = record.properties
    assert (name.required, name.description, name.default, name.examples) == (
        True,
        "What it listens to.",
        "Rex",
        ("Bo",),
    )
    assert (number.read_only, number.deprecated, secret.write_only) == (True, True, True)


def test_names_are_kept_as_they_are_written() -> None:
    names = ["class", "$ref", "@type", "", "2fa", "naïve", "a b", "_id"]
    listed = ", ".join(f"{name!r}: {{type: string}}" for name in names)

    assert [*schemas(f"Thing: {{properties: {{{listed}}}}}").properties("Thing")] == names


def test_extra_properties_are_told_beside_known_ones() -> None:
    record = schemas("Thing: {properties: {a: {}}, additionalProperties: {type: integer}}")["Thing"]

    assert isinstance(record, Record)
    assert getattr(record.extra, "type", "") == "integer"


@pytest.mark.parametrize("key", ["additionalProperties", "unevaluatedProperties"])
def test_extra_properties_that_nothing_fits_are_none(key: str) -> None:
    read = schemas(f"Thing: {{properties: {{a: {{}}}}, {key}: {{not: {{}}}}}}")

    record = read["Thing"]
    assert isinstance(record, Record)
    assert (record.extra, read.codes) == (None, [])


def test_lists_that_are_too_deep_end_in_anything() -> None:
    read = schemas("Thing: " + "{type: array, items: " * 100 + "{}" + "}" * 100)

    assert (read.alias("Thing").count("["), read.codes) == (65, ["CG214"])


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("{type: array, items: {$ref: '#/components/schemas/Thing'}}", "[Thing]"),
        ("{additionalProperties: {$ref: '#/components/schemas/Thing'}}", "{Thing}"),
        (
            "{oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Thing'}}]}",
            "string | [Thing]",
        ),
        ("{anyOf: [{type: string}, {$ref: '#/components/schemas/Thing'}]}", "string"),
        ("{$ref: '#/components/schemas/Thing'}", "any"),
    ],
)
def test_what_stands_within_itself_has_a_name(written: str, shape: str) -> None:
    assert schemas(f"Thing: {written}").alias("Thing") == shape
