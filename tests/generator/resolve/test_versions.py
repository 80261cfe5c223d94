"""Each version of OpenAPI says the same things in its own way."""

import pytest

from clientgen.load import LoadError
from tests.generator.resolve.reading import Reading, paths, read

SWAGGER = """
swagger: "2.0"
info: {title: T, version: "1"}
host: api.example
basePath: /v1
schemes: [http, https]
consumes: [application/json]
produces: [application/json, text/csv]
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, type: integer}
    get:
      parameters:
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: ids, in: query, type: array, items: {type: string}}
        - {name: bars, in: query, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: X-Key, in: header, type: string, default: none}
      responses:
        200:
          description: Fine.
          schema: {$ref: '#/definitions/Pet'}
          headers: {X-Rate: {type: integer}}
        404: {description: Gone.}
    put:
      parameters:
        - {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
      responses: {204: {description: Done.}}
    post:
      consumes: [multipart/form-data, application/json]
      parameters:
        - {name: note, in: formData, type: string, required: true}
        - {name: photo, in: formData, type: file}
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: multi}
      responses: {204: {description: Done.}}
definitions:
  Pet: {type: object, properties: {name: {type: string, x-nullable: true}}}
securityDefinitions:
  key: {type: apiKey, in: query, name: key}
  login: {type: basic}
  oauth: {type: oauth2, flow: application, tokenUrl: https://id.example/token, scopes: {}}
"""


@pytest.fixture(scope="module")
def swagger() -> Reading:
    return read(SWAGGER)


def test_a_2_0_document_is_read_without_complaint(swagger: Reading) -> None:
    assert swagger.codes == []


def test_2_0_servers_come_from_host_and_schemes(swagger: Reading) -> None:
    assert [s.url for s in swagger.spec.servers] == [
        "https://api.example/v1",
        "http://api.example/v1",
    ]


def test_2_0_collection_formats_are_styles(swagger: Reading) -> None:
    get = swagger.spec.operations[0]

    assert {p.wire_name: (p.style, p.explode) for p in get.parameters if p.place == "query"} == {
        "tags": ("form", True),
        "ids": ("form", False),
        "bars": ("pipeDelimited", False),
    }


def test_2_0_answers_come_in_what_is_produced(swagger: Reading) -> None:
    fine, gone = swagger.spec.operations[0].responses

    assert [(m.type, swagger.words(m.shape)) for m in fine.content] == [
        ("application/json", "Pet"),
        ("text/csv", "Pet"),
    ]
    assert ({n: swagger.words(h.shape) for n, h in fine.headers.items()}, gone.content) == (
        {"X-Rate": "integer"},
        (),
    )


def test_a_2_0_body_is_a_parameter(swagger: Reading) -> None:
    body = swagger.spec.operations[1].body

    assert body is not None
    assert (body.required, swagger.words(body.content[0].shape)) == (True, "Pet")


def test_2_0_form_fields_are_one_object(swagger: Reading) -> None:
    body = swagger.spec.operations[2].body
    assert body is not None
    (media,) = body.content
    (form,) = (s for s in swagger.spec.schemas.values() if s.id.endswith("/requestBody"))

    shapes = {p.wire_name: swagger.words(p.shape) for p in form.definition.properties}  # type: ignore[union-attr]
    assert (media.type, body.required, shapes) == (
        "multipart/form-data",
        True,
        {"note": "string", "photo": "string:binary", "tags": "[string]"},
    )


def test_2_0_security_schemes_are_those_of_3_0(swagger: Reading) -> None:
    schemes = swagger.spec.schemes

    assert [(s.type, s.place, s.scheme, s.token_url) for s in schemes.values()] == [
        ("apiKey", "query", "", ""),
        ("http", "header", "basic", ""),
        ("oauth2", "header", "", "https://id.example/token"),
    ]


MODERN = """
/stars:
  query:
    requestBody: {content: {application/json: {schema: {type: string}}}}
    responses:
      "200":
        description: Stars.
        content: {application/jsonl: {itemSchema: {$ref: '#/components/schemas/Star'}}}
  additionalOperations:
    COPY: {responses: {"204": {description: Copied.}}}
    notify: {responses: {"204": {description: Told.}}}
  get:
    parameters:
      - {name: filter, in: querystring, content: {application/json: {schema: {type: string}}}}
    responses:
      "200":
        summary: One.
        content:
          application/json:
            schema: {$ref: 'https://stars.example/api#/components/schemas/Star'}
"""


@pytest.fixture(scope="module")
def modern() -> Reading:
    text = MODERN.replace("\n", "\n  ")
    return read(
        'openapi: 3.2.0\n$self: https://stars.example/api\ninfo: {title: T, version: "1"}\n'
        f"paths:{text.rstrip()}\n"
        "components: {schemas: {Star: {properties: {name: {type: string}}}}}\n"
    )


def test_3_2_methods_are_read(modern: Reading) -> None:
    assert [o.method for o in modern.spec.operations] == ["QUERY", "GET", "COPY", "notify"]


def test_3_2_items_of_a_stream_are_read(modern: Reading) -> None:
    media = modern.spec.operations[0].responses[0].content[0]

    assert (media.shape, modern.words(media.item)) == (None, "Star")


def test_a_3_2_document_is_found_under_its_own_name(modern: Reading) -> None:
    (get,) = (o for o in modern.spec.operations if o.method == "GET")

    assert (modern.words(get.responses[0].content[0].shape), modern.codes) == ("Star", [])


def test_a_3_2_query_string_is_one_parameter(modern: Reading) -> None:
    (get,) = (o for o in modern.spec.operations if o.method == "GET")

    assert [(p.place, p.content, modern.words(p.shape)) for p in get.parameters] == [
        ("querystring", "application/json", "string")
    ]


def test_an_operation_inherits_from_its_path() -> None:
    operation = paths("""
      /pets/{id}:
        summary: A pet.
        servers: [{url: 'https://pets.example'}]
        parameters:
          - {name: id, in: path, required: true, schema: {type: integer}}
          - {name: page, in: query, schema: {type: integer}, description: Of all.}
        get:
          parameters: [{name: page, in: query, schema: {type: string}, description: Of this.}]
          responses: {"204": {description: Fine.}}
    """).operation

    assert (
        operation.summary,
        operation.servers[0].url,
        [(p.wire_name, p.description) for p in operation.parameters],
    ) == ("A pet.", "https://pets.example", [("id", ""), ("page", "Of this.")])


def test_parameters_come_in_the_order_of_the_path() -> None:
    operation = paths("""
      /a/{x}/b/{y}:
        get:
          parameters:
            - {name: y, in: path, required: true, schema: {type: string}}
            - {name: x, in: path, required: true, schema: {type: string}}
          responses: {"204": {description: Fine.}}
    """).operation

    assert [p.wire_name for p in operation.parameters] == ["x", "y"]


def test_headers_that_the_specification_reserves_are_no_parameters() -> None:
    operation = paths("""
      /a:
        get:
          parameters:
            - {name: Accept, in: header, schema: {type: string}}
            - {name: content-type, in: header, schema: {type: string}}
            - {name: Authorization, in: header, schema: {type: string}}
            - {name: X-Own, in: header, schema: {type: string}}
          responses: {"204": {description: Fine.}}
    """).operation

    assert [p.wire_name for p in operation.parameters] == ["X-Own"]


@pytest.mark.parametrize(
    ("given", "requirements"),
    [("[]", ()), ("[{}]", ((),)), ("[{a: []}, {b: [], c: []}]", (("a",), ("b", "c")))],
    ids=["none", "optional", "alternatives"],
)
def test_security_alternatives_are_read(given: str, requirements: tuple[object, ...]) -> None:
    read_ = paths(f"""
      /a: {{get: {{security: {given}, responses: {{"204": {{description: Fine.}}}}}}}}
    """)

    assert read_.operation.security == requirements


@pytest.mark.parametrize(
    "text",
    ["openapi: 4.0.0", 'swagger: "1.2"', "name: something else"],
    ids=["too new", "too old", "no OpenAPI"],
)
def test_other_documents_are_refused(text: str) -> None:
    with pytest.raises(LoadError, match=r"OpenAPI|not supported"):
        read(text)
