"""Kinds of change, each judged as the callers of an SDK feel it.

Rows are: what stands in the document, what stands there afterwards, and what is told. `None` is
told of what callers do not notice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generator.cli.command import run
from tests.generator.test_diff import BREAKING, COMPATIBLE

BASE = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: "https://shop.example"}]
paths:
  /orders:
    get:
      tags: [orders]
      operationId: listOrders
      parameters:
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: sort, in: query, required: true, schema: {type: string}}
        - {name: ids, in: query, schema: {type: array, items: {type: integer}}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - {name: filter, in: query, schema: {oneOf: [{type: string}, {type: integer}]}}
        - {name: color, in: query, schema: {$ref: "#/components/schemas/Color"}}
      responses: {"200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Orders"}}}}}
    post:
      tags: [orders]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses:
        "200": {description: Done., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "400": {description: Bad., content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}
    delete: {tags: [orders], deprecated: true, responses: {"204": {description: Gone.}}}
  /orders/{year}/{number}:
    get:
      tags: [orders]
      parameters:
        - {name: year, in: path, required: true, schema: {type: integer}}
        - {name: number, in: path, required: true, schema: {type: integer}}
      responses: {"200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
  /words:
    put:
      tags: [words]
      requestBody: {content: {text/plain: {schema: {type: string}}}}
      responses: {"200": {description: Text., content: {text/plain: {schema: {type: string}}}}}
    get:
      tags: [words]
      responses: {"200": {description: Either., content: {application/json: {schema: {$ref: "#/components/schemas/Either"}}}}}
components:
  schemas:
    Orders: {type: object, required: [all], properties: {all: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
    Order:
      type: object
      required: [id, status]
      properties:
        id: {type: integer}
        status: {enum: [open, closed]}
        lines: {type: array, items: {$ref: "#/components/schemas/Line"}}
        note: {type: [string, "null"]}
        total: {type: number}
        at: {type: string, format: date-time}
        free: {}
    Line: {type: object, properties: {sku: {type: string}, amount: {type: integer}}}
    Color: {enum: [red, green]}
    Problem: {type: object, properties: {title: {type: string}}}
    Either: {oneOf: [{$ref: "#/components/schemas/Line"}, {$ref: "#/components/schemas/Problem"}]}
"""  # noqa: E501
LINE = "sku: {type: string}, amount: {type: integer}"
TABLE: dict[str, tuple[str, str, str | None]] = {
    # Calls
    "a call gets another name": (
        "operationId: listOrders",
        "operationId: listOrders\n      x-speakeasy-name-override: all",
        "breaking: orders.list is orders.all now",
    ),
    "a call moves to another resource": (
        "tags: [words]\n      requestBody",
        "tags: [texts]\n      requestBody",
        None,
    ),
    "a call has another method": (
        "    delete: {tags: [orders], deprecated: true,",
        "    patch: {tags: [orders], deprecated: true,",
        "breaking: orders.delete is gone",
    ),
    "a call is deprecated no more": (
        "delete: {tags: [orders], deprecated: true,",
        "delete: {tags: [orders],",
        None,
    ),
    "a call has another operationId": ("operationId: listOrders", "operationId: allOrders", None),
    "a call has another text": ("description: Gone.", "description: Away.", None),
    # Arguments
    "a header goes": (
        "        - {name: X-Trace, in: header, schema: {type: string}}\n",
        "",
        "breaking: orders.list(x_trace=) is no argument any more",
    ),
    "a header is needed": (
        "{name: X-Trace, in: header,",
        "{name: X-Trace, in: header, required: true,",
        "breaking: orders.list(x_trace=) has to be given",
    ),
    "an argument may be left out": (
        "{name: sort, in: query, required: true,",
        "{name: sort, in: query,",
        "compatible: orders.list(sort=) may be left out",
    ),
    "an argument has another default": (
        "{name: X-Trace, in: header, schema: {type: string}}",
        "{name: X-Trace, in: header, schema: {type: string, default: none}}",
        None,
    ),
    "an argument that is needed has a default": (
        "required: true, schema: {type: string}}\n        - {name: ids",
        "required: true, schema: {type: string, default: id}}\n        - {name: ids",
        "compatible: orders.list(sort=) may be left out",
    ),
    "an argument moves from the query to the header": (
        "{name: ids, in: query,",
        "{name: ids, in: header,",
        None,
    ),
    "an argument is deprecated": (
        "{name: ids, in: query,",
        "{name: ids, in: query, deprecated: true,",
        "compatible: orders.list(ids=) is deprecated",
    ),
    "an argument is called otherwise in code": (
        "{name: ids, in: query,",
        "{name: ids, x-speakeasy-name-override: order_ids, in: query,",
        "breaking: orders.list(ids=) is called order_ids now",
    ),
    "an argument is no list any more": (
        "schema: {type: array, items: {type: integer}}",
        "schema: {type: integer}",
        "breaking: orders.list(ids=) takes int, no longer list[int]",
    ),
    "items of an argument are of another type": (
        "items: {type: integer}}",
        "items: {type: string}}",
        "breaking: orders.list(ids=) takes list[str], no longer list[int]",
    ),
    "an argument is a date and not a text": (
        "required: true, schema: {type: string}",
        "required: true, schema: {type: string, format: date}",
        "breaking: orders.list(sort=) takes date, no longer str",
    ),
    "an argument is a text and not a date": (
        "schema: {type: string, format: date-time}}",
        "schema: {type: string}}",
        "breaking: orders.list(since=) takes str, no longer datetime",
    ),
    "an argument takes one type less": (
        "oneOf: [{type: string}, {type: integer}]",
        "oneOf: [{type: string}]",
        "breaking: orders.list(filter=) takes str, no longer str | int",
    ),
    "an argument takes one type more": (
        "oneOf: [{type: string}, {type: integer}]",
        "oneOf: [{type: string}, {type: integer}, {type: boolean}]",
        "compatible: orders.list(filter=) takes str | int | bool instead of str | int",
    ),
    "an argument takes anything": (
        "schema: {oneOf: [{type: string}, {type: integer}]}",
        "schema: {}",
        "compatible: orders.list(filter=) takes Any instead of str | int",
    ),
    "an argument takes null, too": (
        "{name: filter, in: query, schema: {oneOf: [{type: string},",
        "{name: filter, in: query, schema: {oneOf: [{type: 'null'}, {type: string},",
        "compatible: orders.list(filter=) takes ",
    ),
    "values of a shared type are fewer": (
        "Color: {enum: [red, green]}",
        "Color: {enum: [red]}",
        "breaking: Color ",
    ),
    "values of a shared type are more": (
        "Color: {enum: [red, green]}",
        "Color: {enum: [red, green, blue]}",
        "compatible: Color ",
    ),
    "an argument is free text instead of a choice": (
        'schema: {$ref: "#/components/schemas/Color"}',
        "schema: {type: string}",
        "compatible: orders.list(color=) takes str instead of ",
    ),
    "places of path parameters change": (
        "/orders/{year}/{number}",
        "/orders/{number}/{year}",
        "breaking: orders.retrieve() takes number, year in this order",
    ),
    "a path parameter comes": (
        "/orders/{year}/{number}:\n    get:\n      tags: [orders]\n      parameters:\n",
        """/orders/{year}/{number}/{part}:
    get:
      tags: [orders]
      parameters:
        - {name: part, in: path, required: true, schema: {type: integer}}
""",
        "breaking: orders.retrieve(part=) is new and has to be given",
    ),
    # Bodies
    "a body becomes another one": (
        'required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}',  # noqa: E501
        'required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Line"}}}',  # noqa: E501
        "breaking: orders.create(id=) is no argument any more",
    ),
    "a body of text is needed": (
        "requestBody: {content: {text/plain",
        "requestBody: {required: true, content: {text/plain",
        "breaking: words.update(body=) has to be given",
    ),
    "a body goes": (
        "      requestBody: {content: {text/plain: {schema: {type: string}}}}\n",
        "",
        "breaking: words.update(body=) is no argument any more",
    ),
    "a body comes": (
        "delete: {tags: [orders], deprecated: true,",
        "delete: {requestBody: {content: {text/plain: {schema: {type: string}}}}, tags: [orders],",
        "compatible: orders.delete(body=) is new",
    ),
    "a property that is sent and comes back is narrower": (
        "total: {type: number}",
        "total: {type: integer}",
        "breaking: orders.create(total=) takes int, no longer float",
    ),
    "a property that is sent and comes back is wider": (
        "total: {type: number}",
        "total: {type: [number, string]}",
        "breaking: Order.total is float | str instead of float",
    ),
    "a property that is sent has to be given": (
        "required: [id, status]",
        "required: [id, status, total]",
        "breaking: orders.create(total=) has to be given",
    ),
    "a property that is sent and comes back goes": (
        "        at: {type: string, format: date-time}\n",
        "",
        "breaking: Order.at is gone",
    ),
    "a property is set by the server alone": (
        "id: {type: integer}\n",
        "id: {type: integer, readOnly: true}\n",
        "breaking: orders.create(id=) is no argument any more",
    ),
    # Results
    "an answer is another model": (
        '{application/json: {schema: {$ref: "#/components/schemas/Orders"}}}',
        '{application/json: {schema: {$ref: "#/components/schemas/Order"}}}',
        "breaking: orders.list() returns Order instead of Orders",
    ),
    "an answer is a list instead of an object": (
        '{schema: {$ref: "#/components/schemas/Orders"}}',
        '{schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}',
        "breaking: orders.list() returns list[Order] instead of Orders",
    ),
    "an answer may be missing": (
        '"200": {description: Done.,',
        '"204": {description: None.}\n        "200": {description: Done.,',
        "breaking: orders.create() returns Order | None instead of Order",
    ),
    "an answer comes where there was none": (
        'deprecated: true, responses: {"204": {description: Gone.}}',
        'deprecated: true, responses: {"200": {description: Gone., content: {text/plain: {schema: {type: string}}}}}',  # noqa: E501
        "breaking: orders.delete() returns str instead of None",
    ),
    "a choice of answers has one more": (
        '{$ref: "#/components/schemas/Problem"}]}',
        '{$ref: "#/components/schemas/Problem"}, {$ref: "#/components/schemas/Order"}]}',
        "breaking: Either ",
    ),
    "a choice of answers has one less": (
        ', {$ref: "#/components/schemas/Problem"}]}',
        "]}",
        "compatible: Either ",
    ),
    "an error has another body": (
        'Bad., content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}',
        'Bad., content: {application/json: {schema: {$ref: "#/components/schemas/Line"}}}',
        None,
    ),
    "an error is documented no more": (
        '        "400": {description: Bad.',
        '        "409": {description: Bad.',
        None,
    ),
    "a stream comes instead of an answer": (
        "text/plain: {schema: {type: string}}}}}\n    get",
        "text/event-stream: {itemSchema: {type: string}}}}}\n    get",
        "breaking: words.update() returns ",
    ),
    # Models
    "a model that is sent and comes back goes": (
        "    Line: {type: object, properties: {sku",
        "    Row: {type: object, properties: {code",
        "breaking: Line is gone",
    ),
    "a model has another name": (
        "    Line: {type",
        "    Row: {type",
        "breaking: Line is Row now",
    ),
    "a property that comes back has another name": (
        LINE,
        LINE.replace("sku", "code"),
        "breaking: Line.sku is gone",
    ),
    "a property that comes back is of another type": (
        LINE,
        LINE.replace("integer", "string"),
        "breaking: Line.amount ",
    ),
    "a property is null no more": (
        'note: {type: [string, "null"]}',
        "note: {type: string}",
        "breaking: orders.create(note=) takes str, no longer str | None",
    ),
    "a property is an object of its own": (
        "free: {}",
        'free: {$ref: "#/components/schemas/Line"}',
        "breaking: orders.create(free=) takes ",
    ),
    "items of a property are of another model": (
        'lines: {type: array, items: {$ref: "#/components/schemas/Line"}}',
        'lines: {type: array, items: {$ref: "#/components/schemas/Problem"}}',
        "breaking: Order.lines ",
    ),
    "a property comes that is needed where it is sent": (
        "required: [id, status]\n      properties:\n",
        "required: [id, status, who]\n      properties:\n        who: {type: string}\n",
        "breaking: Order.who is new and required",
    ),
    "a property comes that comes back only": (
        "Problem: {type: object, properties: {title: {type: string}}}",
        "Problem: {type: object, required: [code], properties: {code: {type: string}, title: {type: string}}}",  # noqa: E501
        "compatible: Problem.code is new",
    ),
    "an object takes further properties": (
        "Problem: {type: object,",
        "Problem: {type: object, additionalProperties: {type: string},",
        None,
    ),
    "a model is an alias now": (
        "Line: {type: object, properties: {sku: {type: string}, amount: {type: integer}}}",
        "Line: {type: array, items: {type: string}}",
        "breaking: Line is list[str] now",
    ),
    "limits of a value change": (
        "total: {type: number}",
        "total: {type: number, minimum: 1, maximum: 9}",
        None,
    ),
    # The package
    "a server is another one": ("https://shop.example", "https://shop.example/v2", None),
    "a credential comes": (
        "components:\n",
        "security: [{key: []}]\ncomponents:\n  securitySchemes: {key: {type: http, scheme: bearer}}\n",  # noqa: E501
        "compatible: Shop(token=) takes a credential",
    ),
    "the title changes": ("title: Shop", "title: Store", "breaking: Shop is the client Store now"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(BASE)


def test_sixty_kinds_of_change_are_judged() -> None:
    assert len({*TABLE, *BREAKING, *COMPATIBLE}) >= 60


@pytest.mark.parametrize(("before", "after", "message"), TABLE.values(), ids=TABLE)
def test_a_change_is_judged_as_callers_feel_it(
    before: str, after: str, message: str | None
) -> None:
    assert BASE.count(before) >= 1, before
    Path("new.yaml").write_text(BASE.replace(before, after, 1))

    told = run("diff", "old.yaml", "new.yaml").out

    if message is None:
        assert told.endswith(
            "no changes: callers notice nothing, so that a patch version is enough\n"
        )
    else:
        assert message in told
        asked = "minor" if ", 0 breaking: " in told else "major"
        assert told.endswith(f"the next version is a {asked} one\n")
