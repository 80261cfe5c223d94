"""What breaks the specification is told once, where it stands, and costs nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.generator.resolve.reading import read

HEAD = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /fine:
    get: {operationId: fine, responses: {"204": {description: Fine.}}}
"""


@dataclass(frozen=True)
class Dirt:
    """A document's end with `<` before what is told about.

    Attributes:
        code: Code of the only diagnostic.
        says: A part of its message.
        text: What follows the head; it goes on in `paths`.
    """

    code: str
    says: str
    text: str


OK = 'responses: {"204": {description: Done.}}'
SCHEMAS = "components:\n  schemas:\n"
DIRT = {
    "a reference to nothing": Dirt(
        "CG201",
        "points at nothing; it is read as any value",
        SCHEMAS + "    A: {properties: {<a: {$ref: '#/nope'}}}",
    ),
    "a missing file": Dirt(
        "CG201", "cannot follow", SCHEMAS + "    A: {properties: {<a: {$ref: lost.yaml}}}"
    ),
    "a reference to itself": Dirt(
        "CG203", "leads back", SCHEMAS + "    <A: {$ref: '#/components/schemas/A'}"
    ),
    "a schema that is none": Dirt(
        "CG210", "must be an object", SCHEMAS + "    A: {properties: {<a: 3}}"
    ),
    "an unknown type": Dirt(
        "CG211", "`type: frob`", SCHEMAS + "    A: {properties: {<a: {type: frob}}}"
    ),
    "nullable in 3.1": Dirt(
        "CG212",
        "write `type:",
        SCHEMAS + "    A: {properties: {a: {type: string, <nullable: true}}}",
    ),
    "a default of another type": Dirt(
        "CG213",
        "'ten' is no integer",
        SCHEMAS + "    A: {properties: {a: {type: integer, <default: ten}}}",
    ),
    "a default that is not listed": Dirt(
        "CG213",
        "'c' is none of the values",
        SCHEMAS + "    A: {properties: {a: {enum: [a, b], <default: c}}}",
    ),
    "a file as a type": Dirt(
        "CG215", "write `type: string`", SCHEMAS + "    A: {properties: {a: {<type: file}}}"
    ),
    "a parameter without a name": Dirt(
        "CG220", "it is left out", f"  /x: {{get: {{parameters: [<{{in: query}}], {OK}}}}}"
    ),
    "a parameter in no place": Dirt(
        "CG220", "it is left out", f"  /x: {{get: {{parameters: [<{{name: a, in: body}}], {OK}}}}}"
    ),
    "a header of a name that none can have": Dirt(
        "CG220",
        "'X Y' cannot be the name of a header",
        f"  /x: {{get: {{parameters: [<{{name: X Y, in: header}}], {OK}}}}}",
    ),
    "a style of another place": Dirt(
        "CG221",
        "'form' is used",
        f"  /x: {{get: {{parameters: [<{{name: a, in: query, style: matrix}}], {OK}}}}}",
    ),
    "no media type": Dirt(
        "CG222",
        "'json' is no media type",
        "  /x: {get: {responses: {'200': {description: A., content: {<json: {}}}}}}",
    ),
    "no status": Dirt(
        "CG223", "'ok' is no status", "  /x: {get: {responses: {<ok: {description: A.}}}}"
    ),
    "a path parameter that is not declared": Dirt(
        "CG224", "taken to be a string", f"  /x/{{id}}: {{<get: {{{OK}}}}}"
    ),
    "a path parameter in another spelling": Dirt(
        "CG224",
        "declared as 'petId'",
        f"  /x/{{pet_id}}: {{get: {{parameters: [<{{name: petId, in: path}}], {OK}}}}}",
    ),
    "a path parameter that is not in the path": Dirt(
        "CG225",
        "it is left out",
        f"  /x: {{get: {{parameters: [<{{name: id, in: path, required: true}}], {OK}}}}}",
    ),
    "an unknown security scheme": Dirt(
        "CG230", "give its header", "components: {securitySchemes: {<a: {type: magic}}}"
    ),
    "a path that is no object": Dirt("CG240", "a path must be an object", "  </x: 3"),
    "an operation that is no object": Dirt(
        "CG241", "an operation must be an object", "  /x: {<get: 3}"
    ),
    "a path without a slash": Dirt("CG244", "read as '/x'", f"  <x: {{get: {{{OK}}}}}"),
    "a method that is none": Dirt(
        "CG245",
        "'A B' is no HTTP method",
        f"  /x: {{additionalOperations: {{<A B: {{{OK}}}}}}}",
    ),
    "no responses": Dirt("CG242", "whatever comes back", "  /x: {<get: {}}"),
    "an ID that comes twice": Dirt(
        "CG243", "that of GET /fine", f"  /x: {{get: {{<operationId: fine, {OK}}}}}"
    ),
}


@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_dirt_is_told_once_where_it_stands(dirt: Dirt) -> None:
    text = HEAD + dirt.text
    place = text.index("<")
    told = read(text.replace("<", "")).told

    assert [d.code for d in told] == [dirt.code]
    assert told[0].where is not None
    position = told[0].where.position
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    assert (position.line, position.column) == (line, column)
    assert dirt.says in told[0].message


@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_dirt_costs_nothing_else(dirt: Dirt) -> None:
    operations = read(HEAD + dirt.text.replace("<", "")).spec.operations

    assert operations[0].operation_id == "fine"


ODD = {
    "no operationId": f"  /x: {{get: {{{OK}}}}}",
    "a relative server": f"  /x: {{servers: [{{url: /v1}}], get: {{{OK}}}}}",
    "a server with variables": "servers: [{url: '//{a}/', variables: {a: {default: b}}}]",
    "a space after a header": f"  /x: {{get: {{parameters: [{{name: 'X ', in: header}}], {OK}}}}}",
    "extensions": "  x-own: {anything: 3}",
    "tags that are not described": f"  /x: {{get: {{tags: [a, b], {OK}}}}}",
    "an unused schema": SCHEMAS + "    A: {type: object}",
    "a parameter that brings its slash": "  '{/x}': "
    f"{{get: {{parameters: [{{name: x, in: path, required: true}}], {OK}}}}}",
    "a query in the path": f"  /x?y=1: {{get: {{{OK}}}}}",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_what_is_odd_but_allowed_is_not_told(text: str) -> None:
    assert read(HEAD + text).codes == []
