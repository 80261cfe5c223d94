"""What a method takes, gives and raises."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pytest

from clientgen.build import build, ir
from clientgen.config import Config
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve

SCHEMAS = """
components:
  schemas:
    Pet:
      required: [name]
      properties:
        name: {type: string, description: What it listens to.}
        id: {type: integer, readOnly: true}
        tags: {type: array, items: {type: string}}
    Big: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {size: {type: integer}}}]}
    Problem: {properties: {title: {type: string}}}
    Choice: {oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Problem'}]}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""


@dataclass(frozen=True)
class Built:
    """The only method of a document, and what was told about it."""

    method: ir.Method
    codes: list[str]


def built(operation: str, path: str = "/pets/{id}", method: str = "post") -> Built:
    text = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths:\n'
    text += f"  {path}:\n    {method}:\n" + textwrap.indent(textwrap.dedent(operation), " " * 6)
    diagnostics = Diagnostics()
    spec = resolve(parse_document((text + SCHEMAS).encode()), Loader(), diagnostics)
    sdk, _ = build(spec, Config(), diagnostics)
    (found,) = (m for resource in (sdk.root, *sdk.resources) for m in resource.methods)
    return Built(found, [diagnostic.code for diagnostic in diagnostics])


ID = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]\n"
DONE = 'responses: {"204": {description: Done.}}\n'


def body(content: str, more: str = "required: true") -> str:
    return f"{ID}{DONE}requestBody: {{{more}, content: {{{content}}}}}\n"


def json(schema: str) -> str:
    return f"application/json: {{schema: {schema}}}"


PET = "{$ref: '#/components/schemas/Pet'}"

# --- Arguments -------------------------------------------------------------------------------

BODIES = {
    "an object's properties are arguments": (body(json(PET)), "fields", ["name", "tags"]),
    "inherited ones too": (
        body(json("{$ref: '#/components/schemas/Big'}")),
        "fields",
        ["name", "tags", "size"],
    ),
    "those of an object that may be null": (
        body(json(f"{{oneOf: [{PET}, {{type: 'null'}}]}}")),
        "fields",
        ["name", "tags"],
    ),
    "those of a form": (
        body(f"application/x-www-form-urlencoded: {{schema: {PET}}}"),
        "fields",
        ["name", "tags"],
    ),
    "those of files": (
        body("multipart/form-data: {schema: {properties: {file: {type: string, format: binary}}}}"),
        "fields",
        ["file"],
    ),
    "a list is a body": (body(json(f"{{type: array, items: {PET}}}")), "body", []),
    "a choice is a body": (body(json("{$ref: '#/components/schemas/Choice'}")), "body", []),
    "a map is a body": (body(json("{type: object}")), "body", []),
    "a text is a body": (body("text/plain: {schema: {type: string}}"), "body", []),
    "a patch is a body": (body(f"application/json-patch+json: {{schema: {PET}}}"), "body", []),
    "nothing described is a body": (body("application/json: {}"), "body", []),
}


@pytest.mark.parametrize(("operation", "style", "fields"), BODIES.values(), ids=BODIES)
def test_of_bodies(operation: str, style: str, fields: list[str]) -> None:
    method = built(operation).method

    assert method.body is not None
    names = [a.name for a in method.arguments if a.place == "body"]
    assert (method.body.style, names) == (style, fields)


TYPES = {
    "an object": (body(json(PET)), "Pet | PetDict"),
    "several media types": (
        body(f"{json(PET)}, text/plain: {{schema: {{type: string}}}}"),
        "Pet | PetDict | str",
    ),
    "numbers of two kinds": (
        body(f"{json('{type: integer}')}, text/plain: {{schema: {{type: number}}}}"),
        "float",
    ),
    "a form that would be a list": (
        body(f"application/x-www-form-urlencoded: {{schema: {{type: array, items: {PET}}}}}"),
        "Any",
    ),
    "text without a schema": (body("text/csv: {}"), "str"),
    "JSON without a schema": (body("application/json: {}"), "Any"),
    "bytes without a schema": (body("image/png: {}"), "bytes | BinaryInput"),
}


@pytest.mark.parametrize(("operation", "annotation"), TYPES.values(), ids=TYPES)
def test_a_body_is_typed(operation: str, annotation: str) -> None:
    method = built(operation).method

    assert method.body is not None
    assert method.body.annotation.text == annotation


CHOICES = {
    "one media type": (body(json(PET)), None),
    "two": (body(f"{json(PET)}, text/csv: {{}}"), "Literal['application/json', 'text/csv']"),
    "any": (body(f"'*/*': {{schema: {PET}}}"), "str"),
}


@pytest.mark.parametrize(("operation", "choices"), CHOICES.values(), ids=CHOICES)
def test_a_content_type_is_chosen_where_there_is_a_choice(
    operation: str, choices: str | None
) -> None:
    method = built(operation).method

    assert method.body is not None
    assert (method.body.choices.text if method.body.choices else None) == choices


def test_path_arguments_come_in_the_order_of_the_path() -> None:
    operation = """
    parameters:
      - {name: b, in: path, required: true, schema: {type: string}}
      - {name: a, in: path, required: true, schema: {type: integer}}
    """
    method = built(operation + DONE, "/a/{a}/b/{b}").method

    assert [a.name for a in method.path_arguments] == ["a", "b"]


def test_required_arguments_come_first() -> None:
    operation = """
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer}}
      - {name: q, in: query, required: true, schema: {type: string}}
      - {name: X-Trace, in: header, required: true, schema: {type: string}}
    """
    method = built(operation + DONE).method

    assert [(a.name, a.required) for a in method.arguments] == [
        ("q", True),
        ("x_trace", True),
        ("page", False),
    ]


NAMES = {
    "an option": ("query", "timeout", "timeout_"),
    "the instance": ("query", "self", "self_"),
    "the body": ("query", "body", "body_"),
    "a keyword": ("query", "from", "from_"),
    "a path parameter": ("query", "id", "id_2"),
    "a header": ("header", "X-Request-ID", "x_request_id"),
    "brackets": ("query", "filter[name]", "filter_name"),
}


@pytest.mark.parametrize(("place", "wire_name", "name"), NAMES.values(), ids=NAMES)
def test_a_parameter_is_called(place: str, wire_name: str, name: str) -> None:
    operation = f"""
    parameters:
      - {{name: id, in: path, required: true, schema: {{type: string}}}}
      - {{name: '{wire_name}', in: {place}, schema: {{type: string}}}}
    """
    (argument,) = built(operation + DONE).method.arguments

    assert (argument.name, argument.wire_name) == (name, wire_name)


@pytest.mark.parametrize(
    ("field", "name"),
    [("id", "body_id"), ("timeout", "body_timeout"), ("body", "body_body"), ("class", "class_")],
)
def test_a_field_that_clashes_is_one_of_the_body(field: str, name: str) -> None:
    schema = f"{{properties: {{{field}: {{type: string}}}}}}"
    (argument,) = built(body(json(schema))).method.arguments

    assert (argument.name, argument.wire_name) == (name, field)


@pytest.mark.parametrize(
    ("more", "required"), [("required: true", True), ("required: false", False)]
)
def test_a_field_is_required_when_the_body_is(more: str, required: bool) -> None:
    name = next(a for a in built(body(json(PET), more)).method.arguments if a.name == "name")

    assert name.required is required


@pytest.mark.parametrize(
    ("said", "told"), [("The page", "The page."), ('See "Pages."', 'See "Pages."')]
)
def test_a_default_is_told(said: str, told: str) -> None:
    operation = f"""
    parameters:
      - {{name: id, in: path, required: true, schema: {{type: string}}}}
      - {{name: page, in: query, description: '{said}', schema: {{type: integer, default: 1}}}}
    """
    (argument,) = built(operation + DONE).method.arguments

    assert argument.lines == (f"page: {told} The server's default is 1.",)


def test_a_default_that_does_not_fit_is_not_told() -> None:
    operation = """
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer, default: first}}
    """
    found = built(operation + DONE)

    assert (found.method.arguments[0].lines, found.codes) == ((), ["CG213"])


@pytest.mark.parametrize(
    ("schema", "fixed"),
    [
        ("{type: integer, default: 2.0}", "2"),
        ("{type: integer, enum: [1, 2], default: 2.0}", "2"),
        ("{type: string, enum: [1, 2], default: 2}", "'2'"),
        ("{type: string, enum: [a, b], default: c}", "None"),
        ("{enum: [0, 1], default: true}", "None"),
    ],
)
def test_a_default_that_is_always_sent_is_of_the_argument_s_type(schema: str, fixed: str) -> None:
    operation = f"""
    parameters:
      - {{name: id, in: path, required: true, schema: {{type: string}}}}
      - {{name: page, in: query, required: true, schema: {schema}}}
    """
    (argument,) = built(operation + DONE).method.arguments

    assert repr(argument.fixed) == fixed


# --- Results ---------------------------------------------------------------------------------


def answer(schema: str, media_type: str = "application/json") -> str:
    return f"{{description: A., content: {{{media_type}: {{schema: {schema}}}}}}}"


NOTHING = "{description: A.}"
RESULTS = {
    "a model": ({"200": answer(PET)}, "Pet"),
    "a list": ({"200": answer(f"{{type: array, items: {PET}}}")}, "list[Pet]"),
    "a map": ({"200": answer(f"{{additionalProperties: {PET}}}")}, "dict[str, Pet]"),
    "nothing": ({"204": NOTHING}, "None"),
    "no content": ({"200": NOTHING}, "None"),
    "a model or nothing": ({"200": answer(PET), "204": NOTHING}, "Pet | None"),
    "several models": (
        {"200": answer(PET), "201": answer("{$ref: '#/components/schemas/Problem'}")},
        "Pet | Problem",
    ),
    "a range of statuses": ({"2XX": answer(PET)}, "Pet"),
    "a default": ({"default": answer(PET)}, "Pet"),
    "a default beside a success": (
        {"200": answer(PET), "default": answer("{type: string}")},
        "Pet",
    ),
    "text": ({"200": answer("{type: string}", "text/plain")}, "str"),
    "bytes": ({"200": answer("{type: string}", "image/png")}, "bytes"),
    "JSON, or text when it is asked for": (
        {
            "200": "{description: A., content: {text/csv: {}, application/json: {schema: "
            f"{PET}}}}}}}"
        },
        "Pet | str",
    ),
    "anything": ({"200": answer("{}")}, "Any"),
    "JSON of a kind": ({"200": answer(PET, "application/vnd.pets+json")}, "Pet"),
    "what is sent as anything": ({"200": answer(PET, "'*/*'")}, "Pet"),
    "a time": ({"200": answer("{type: string, format: date-time}")}, "datetime"),
    "an enumeration": ({"200": answer("{enum: [a, b]}")}, "Literal['a', 'b'] | str"),
}


@pytest.mark.parametrize(("answers", "returns"), RESULTS.values(), ids=RESULTS)
def test_a_call_returns(answers: dict[str, str], returns: str) -> None:
    told = "".join(f"  '{status}': {given}\n" for status, given in answers.items())

    assert built(f"{ID}responses:\n{told}").method.returns.text == returns


def test_a_call_without_responses_returns_anything() -> None:
    assert built(ID).method.returns.text == "Any"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("400", "BadRequestError"),
        ("404", "NotFoundError"),
        ("418", "ClientResponseError"),
        ("4XX", "ClientResponseError"),
        ("503", "ServerError"),
        ("5XX", "ServerError"),
    ],
)
def test_an_error_is_announced(status: str, error: str) -> None:
    operation = f"{ID}responses: {{'204': {NOTHING}, '{status}': {answer(PET)}}}\n"

    assert [(r.name, r.text) for r in built(operation).method.raises] == [
        (error, "A; `body` is a `Pet`.")
    ]


@pytest.mark.parametrize(("path", "article"), [("/orders/{id}", "an"), ("/users/{id}", "a")])
def test_the_body_of_an_error_has_its_article(path: str, article: str) -> None:
    operation = f"{ID}responses: {{'404': {answer('{properties: {a: {type: string}}}')}}}\n"

    (told,) = built(operation, path).method.raises
    assert f"`body` is {article} `" in told.text


@pytest.mark.parametrize(
    ("said", "told"), [("No", "No."), ("No!", "No!"), ('See "Pets."', 'See "Pets."')]
)
def test_an_announcement_is_a_sentence(said: str, told: str) -> None:
    operation = f"{ID}responses: {{'404': {{description: '{said}'}}}}\n"

    assert [r.text for r in built(operation).method.raises] == [told]


# --- The rest --------------------------------------------------------------------------------


def test_styles_that_are_not_the_default_are_kept() -> None:
    operation = """
    parameters:
      - {name: id, in: path, required: true, style: label, schema: {type: string}}
      - {name: plain, in: query, schema: {type: string}}
      - {name: joined, in: query, explode: false, schema: {type: array}}
      - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object}}
      - {name: where, in: query, content: {application/json: {schema: {type: object}}}}
    """
    styles = built(operation + DONE).method.styles

    assert [style.wire_name for style in styles["path"]] == ["id"]
    assert [style.wire_name for style in styles["query"]] == ["joined", "filter", "where"]


SECURITY = {
    "what the document says": ("", None, []),
    "none": ("security: []", (), []),
    "optional": ("security: [{}, {key: []}]", ((), ("key",)), []),
    "a scheme that is nowhere": ("security: [{lost: []}]", ((),), ["CG231"]),
}


@pytest.mark.parametrize(("written", "security", "codes"), SECURITY.values(), ids=SECURITY)
def test_of_security(written: str, security: object, codes: list[str]) -> None:
    found = built(f"{ID}{DONE}{written}\n")

    assert (found.method.security, found.codes) == (security, codes)


@pytest.mark.parametrize(
    ("written", "summary", "lines"),
    [
        ("summary: Find a pet", "Find a pet.", ()),
        ("description: Finds a pet. Slowly.", "Finds a pet.", ("Slowly.",)),
        ("{summary: Find a pet, description: Slowly.}", "Find a pet.", ("Slowly.",)),
        ("{summary: Find a pet., description: Find a pet}", "Find a pet.", ()),
        ("operationId: findPet", "POST /pets/{id}", ()),
    ],
    ids=["summary", "description", "both", "twice the same", "neither"],
)
def test_a_call_is_described(written: str, summary: str, lines: tuple[str, ...]) -> None:
    inner = written.strip("{}").replace(", description", "\ndescription")
    method = built(f"{ID}{DONE}{inner}\n").method

    assert (method.summary, method.lines) == (summary, lines)
