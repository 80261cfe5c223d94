"""Models are called what a reader would call them."""

from __future__ import annotations

import textwrap

import pytest

from clientgen.build import build
from clientgen.config import Config
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve

PET = "{type: object, properties: {a: {type: string}}}"


def names(text: str) -> dict[str, str]:
    """Names of all models of a document, by the JSON Pointer of each."""
    text = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n' + textwrap.dedent(text)
    diagnostics = Diagnostics()
    spec = resolve(parse_document(text.encode()), Loader(), diagnostics)
    _, types = build(spec, Config(), diagnostics)
    return {spec.schemas[i].where.pointer: name.name for i, name in types.names.items()}


def of_schemas(text: str) -> list[str]:
    """Names of models of `components/schemas`, sorted."""
    body = textwrap.indent(textwrap.dedent(text), "    ")
    return sorted(names(f"paths: {{}}\ncomponents:\n  schemas:\n{body}").values())


def thing(inner: str) -> list[str]:
    """Names of what stands inside the schema Thing, without Thing, Cat and Dog."""
    found = of_schemas(f"""
    Thing: {inner}
    Cat: {PET}
    Dog: {PET}
    """)
    return [name for name in found if name not in {"Thing", "Cat", "Dog"}]


INSIDE = {
    "a property": (f"{{properties: {{owner: {PET}}}}}", ["ThingOwner"]),
    "an item": (f"{{properties: {{owners: {{items: {PET}}}}}}}", ["ThingOwner"]),
    "an item beside one of the same name": (
        f"{{properties: {{owner: {PET}, owners: {{items: {PET}}}}}}}",
        ["ThingOwner", "ThingOwnersItem"],
    ),
    "a value": (f"{{properties: {{x: {{additionalProperties: {PET}}}}}}}", ["ThingX"]),
    "an item of a named list": (f"{{type: array, items: {PET}}}", ["ThingItem"]),
    "a value of a named map": (f"{{type: object, additionalProperties: {PET}}}", ["ThingValue"]),
    "words that end one and start the other": (
        f"{{properties: {{thing_owner: {PET}}}}}",
        ["ThingOwner"],
    ),
    "the same word again": (f"{{properties: {{thing: {PET}}}}}", ["ThingThing"]),
    "what may be null": (
        f"{{properties: {{x: {{anyOf: [{PET}, {{type: 'null'}}]}}}}}}",
        ["ThingX"],
    ),
    "the only object of a choice": (
        f"{{properties: {{x: {{anyOf: [{PET}, {{type: string}}]}}}}}}",
        ["ThingX"],
    ),
    "an object beside a list of them": (
        f"{{properties: {{owners: {{anyOf: [{PET}, {{items: {PET}}}]}}}}}}",
        ["ThingOwner", "ThingOwners"],
    ),
    "the object of a named choice": (f"{{oneOf: [{PET}, {{type: string}}]}}", ["ThingObject"]),
    "one that may be null itself": (f"{{oneOf: [{PET}, {{type: 'null'}}]}}", []),
    "one part": (f"{{allOf: [{PET}]}}", []),
    "one choice": (f"{{anyOf: [{PET}]}}", []),
}


@pytest.mark.parametrize(("inner", "expected"), INSIDE.values(), ids=INSIDE)
def test_what_stands_inside_is_called_after_its_place(inner: str, expected: list[str]) -> None:
    assert thing(inner) == expected


VARIANTS = {
    "title": (
        "[{title: Big one, properties: {a: {}}}, {title: Small one, properties: {a: {}}}]",
        ["ThingBigOne", "ThingSmallOne"],
    ),
    "fixed value": (
        "[{properties: {t: {const: a.b}}}, {properties: {t: {enum: [c]}}}]",
        ["ThingAB", "ThingC"],
    ),
    "base": (
        (
            "[{allOf: [{$ref: '#/components/schemas/Cat'}, {properties: {b: {}}}]}, "
            "{allOf: [{$ref: '#/components/schemas/Dog'}, {properties: {b: {}}}]}]"
        ),
        ["ThingCat", "ThingDog"],
    ),
    "own required property": (
        "[{required: [z], properties: {y: {}, z: {}}}, {required: [x], properties: {x: {}}}]",
        ["ThingWithX", "ThingWithZ"],
    ),
    "own property": (
        "[{properties: {a: {}, b: {}}}, {properties: {a: {}}}]",
        ["ThingOther", "ThingWithB"],
    ),
    "number, when nothing tells them apart": (
        "[{properties: {a: {}}}, {properties: {a: {type: string}}}]",
        ["ThingVariant1", "ThingVariant2"],
    ),
}


@pytest.mark.parametrize(("variants", "expected"), VARIANTS.values(), ids=VARIANTS)
def test_variants_are_called_after_their(variants: str, expected: list[str]) -> None:
    assert thing(f"{{oneOf: {variants}}}") == expected


@pytest.mark.parametrize(
    ("others", "name"), [("", "Answer"), (f"answer: {PET}", "AnswersItem")], ids=["free", "taken"]
)
def test_an_item_of_a_named_list_is_one_of_what_it_lists(others: str, name: str) -> None:
    found = of_schemas(f"answers: {{type: array, items: {PET}}}\n{others}")

    assert name in found


def test_the_discriminator_comes_before_other_fixed_values() -> None:
    inner = """{discriminator: {propertyName: kind}, oneOf: [
        {properties: {a: {const: x}, kind: {const: one}}},
        {properties: {a: {const: y}, kind: {const: two}}}]}"""

    assert thing(inner) == ["ThingOne", "ThingTwo"]


NAMED = {
    "namespaces go": (["com.acme.pets.v1.Pet", "com.acme.Owner"], ["Owner", "Pet"]),
    "namespaces that tell apart stay": (
        ["io.k.core.v1.Event", "io.k.events.v1.Event", "io.k.core.v1.Pod"],
        ["CoreV1Event", "EventsV1Event", "Pod"],
    ),
    "dots of other names stay": (["issuing.card", "card"], ["Card", "IssuingCard"]),
    "a prefix that all have goes": (["acme.pet", "acme.owner"], ["Owner", "Pet"]),
    "what is a class name keeps it": (["snake_case", "SnakeCase"], ["SnakeCase", "SnakeCase2"]),
    "what models import is not hidden": (
        ["Any", "Field", "Date"],
        ["AnyModel", "DateModel", "FieldModel"],
    ),
    "keywords are none": (["None", "class"], ["Class", "None_"]),
    "digits do not lead": (["2fa"], ["Model2fa"]),
    "what has no letters is a model": (["!!!", "Model"], ["Model", "Model2"]),
}


@pytest.mark.parametrize(("given", "expected"), NAMED.values(), ids=NAMED)
def test_of_names_that_the_document_gives(given: list[str], expected: list[str]) -> None:
    assert of_schemas("\n".join(f"'{name}': {PET}" for name in given)) == expected


OPERATIONS = f"""
paths:
  /pets:
    get:
      parameters:
        - {{name: filter, in: query, style: deepObject, schema: {PET}}}
      responses:
        "200": {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
        "207": {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
        "404": {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
        default: {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
    post:
      requestBody:
        content:
          application/json: {{schema: {{properties: {{owner: {PET}}}}}}}
      responses:
        default: {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
  /shared:
    get:
      responses:
        "404": {{$ref: '#/components/responses/Missing'}}
components:
  responses:
    Missing: {{description: A., content: {{application/json: {{schema: {PET}}}}}}}
"""


def test_what_stands_in_an_operation_is_called_after_its_call() -> None:
    assert sorted(names(OPERATIONS).values()) == [
        "MissingResponse",
        "PetCreateRequest",
        "PetCreateRequestOwner",
        "PetCreateResponse",
        "PetListError",
        "PetListError404",
        "PetListFilter",
        "PetListResponse",
        "PetListResponse207",
    ]
