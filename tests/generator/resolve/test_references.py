"""References lead wherever the specification allows them."""

from clientgen.resolve.spec import Record
from tests.generator.resolve.reading import paths, read, schemas


def test_a_chain_of_references_is_one() -> None:
    text = """
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/C'}
    C: {properties: {c: {}}}
    Thing: {properties: {a: {$ref: '#/components/schemas/A'}}}
    """

    assert schemas(text).properties("Thing") == {"a": "C"}


def test_names_with_odd_characters_are_found() -> None:
    text = """
    a b/c~d%: {type: integer}
    Thing:
      properties:
        x: {$ref: '#/components/schemas/a%20b~1c~0d%25'}
        y: {$ref: '#/components/schemas/a b~1c~0d%25'}
    """

    assert schemas(text).properties("Thing") == {"x": "integer", "y": "integer"}


def test_anchors_and_identifiers_are_found() -> None:
    text = """
    Tree:
      $dynamicAnchor: node
      properties: {children: {type: array, items: {$dynamicRef: '#node'}}}
    Person: {$anchor: person, properties: {name: {type: string}}}
    Remote:
      $id: https://schemas.example/remote
      properties: {x: {type: integer}, y: {$ref: '#/$defs/Own'}}
      $defs: {Own: {properties: {z: {}}}}
    Thing:
      properties:
        anchor: {$ref: '#person'}
        id: {$ref: 'https://schemas.example/remote'}
        inside: {$ref: 'https://schemas.example/remote#/properties/x'}
        def: {$ref: '#/components/schemas/Remote/$defs/Own'}
    """
    read_ = schemas(text)

    assert (read_.properties("Thing"), read_.properties("Tree"), read_.codes) == (
        {"anchor": "Person", "id": "Remote", "inside": "integer", "def": "Own"},
        {"children": "[Tree]"},
        [],
    )
    assert read_.properties("Remote") == {"x": "integer", "y": "Own"}


def test_each_schema_resource_has_anchors_and_definitions_of_its_own() -> None:
    text = """
    One:
      $id: https://schemas.example/one
      properties: {a: {$ref: '#own'}, d: {$ref: '#/$defs/Own'}, r: {$ref: 'two#own'}}
      $defs: {Own: {$anchor: own, type: integer}}
    Two:
      $id: https://schemas.example/two
      properties: {a: {$ref: '#own'}, d: {$ref: '#/$defs/Own'}, r: {$ref: 'one#own'}}
      $defs: {Own: {$anchor: own, type: string}}
    """
    read_ = schemas(text)

    assert read_.properties("One") == {"a": "integer", "d": "integer", "r": "string"}
    assert read_.properties("Two") == {"a": "string", "d": "string", "r": "integer"}
    assert read_.codes == []


def test_what_stands_beside_a_reference_is_kept_where_that_is_referred_to() -> None:
    text = """
    Base: {type: object, properties: {a: {type: string}}}
    More: {$ref: '#/components/schemas/Base', properties: {b: {type: integer}}}
    Chosen: {$ref: '#/components/schemas/Base/properties/a', enum: [x, y]}
    Most: {allOf: [{$ref: '#/components/schemas/More'}, {properties: {c: {type: boolean}}}]}
    Thing:
      properties:
        more: {$ref: '#/components/schemas/More'}
        chosen: {$ref: '#/components/schemas/Chosen'}
        list: {type: array, items: {$ref: '#/components/schemas/More'}}
    """
    read_ = schemas(text)

    assert read_.properties("Thing") == {"more": "More", "chosen": "Chosen", "list": "[More]"}
    assert read_.properties("More") == {"a": "string", "b": "integer"}
    assert read_.properties("Most") == {"c": "boolean"}


def test_a_reference_into_another_schema_is_called_after_its_place() -> None:
    text = """
    Pet: {properties: {owner: {properties: {a: {}}}, tags: {items: {properties: {b: {}}}}}}
    Thing:
      properties:
        x: {$ref: '#/components/schemas/Pet/properties/owner'}
        y: {$ref: '#/components/schemas/Pet/properties/tags/items'}
    """

    assert schemas(text).properties("Thing") == {"x": "Pet.owner", "y": "Pet.tags[]"}


def test_a_reference_into_an_operation_is_followed() -> None:
    read_ = paths("""
      /pets:
        get:
          responses:
            "200":
              description: Fine.
              content: {application/json: {schema: {properties: {a: {}}}}}
      /other:
        get:
          responses:
            "200":
              description: Fine.
              content:
                application/json:
                  schema:
                    $ref: '#/paths/~1pets/get/responses/200/content/application~1json/schema'
    """)
    first, second = (o.responses[0].content[0].shape for o in read_.spec.operations)

    assert (first, read_.codes) == (second, [])


EVERYWHERE = {
    "api.yaml": """
        openapi: 3.1.0
        info: {title: T, version: "1", description: {$ref: texts.yaml#/welcome}}
        tags: [{name: pets, description: {$ref: texts.yaml#/pets}}]
        paths: {$ref: paths/all.yaml}
        """,
    "texts.yaml": "{welcome: Hello., pets: All pets.}",
    "paths/all.yaml": "/pets/{id}: {$ref: pets.yaml}",
    "paths/pets.yaml": """
        parameters: [{$ref: '../shared.yaml#/parameters/Id'}]
        post: {$ref: operations.yaml#/create}
        """,
    "paths/operations.yaml": """
        create:
          description: {$ref: ../texts.yaml#/welcome}
          requestBody: {$ref: '../shared.yaml#/bodies/Pet'}
          responses: {$ref: '../shared.yaml#/answers'}
        """,
    "shared.yaml": """
        parameters: {Id: {name: id, in: path, required: true, schema: {$ref: '#/types/Id'}}}
        types: {Id: {type: integer}, Name: {$ref: models/pet.yaml#/properties/name}}
        headers: {Rate: {schema: {$ref: '#/types/Id'}}}
        examples: {Rex: {value: {name: Rex}}}
        bodies: {Pet: {content: {application/json: {$ref: '#/media/Pet'}}}}
        media: {Pet: {schema: {$ref: models/pet.yaml}, examples: {one: {$ref: '#/examples/Rex'}}}}
        answers:
          "200": {$ref: '#/answer'}
        answer:
          description: Fine.
          headers: {X-Rate: {$ref: '#/headers/Rate'}}
          content: {application/json: {$ref: '#/media/Pet'}}
        """,
    "models/pet.yaml": """
        type: object
        properties:
          name: {type: string}
          owner: {$ref: people/owner.yaml}
          nick: {$ref: ../shared.yaml#/types/Name}
        """,
    "models/people/owner.yaml": """
        type: object
        properties:
          pets: {type: array, items: {$ref: ../pet.yaml}}
          boss: {$ref: owner.yaml}
        """,
}


def test_references_are_followed_everywhere() -> None:
    read_ = read(EVERYWHERE["api.yaml"], EVERYWHERE)
    operation = read_.operation
    (parameter,) = operation.parameters
    (answer,) = operation.responses
    assert operation.body is not None
    media = operation.body.content[0]

    assert (
        read_.codes,
        (operation.method, operation.path, operation.description),
        (parameter.wire_name, read_.words(parameter.shape)),
        (read_.words(media.shape), media.examples),
        {name: read_.words(each.shape) for name, each in answer.headers.items()},
        (read_.spec.description, read_.spec.tags),
    ) == (
        [],
        ("POST", "/pets/{id}", "Hello."),
        ("id", "integer"),
        ("pet", ({"name": "Rex"},)),
        {"X-Rate": "integer"},
        ("Hello.", {"pets": "All pets."}),
    )


def test_files_may_refer_to_each_other_in_circles() -> None:
    read_ = read(EVERYWHERE["api.yaml"], EVERYWHERE)

    assert (read_.properties("pet"), read_.properties("owner")) == (
        {"name": "string", "owner": "owner", "nick": "string"},
        {"pets": "[pet]", "boss": "owner"},
    )


def test_one_schema_of_a_file_is_one_schema() -> None:
    read_ = schemas(
        """
        One: {$ref: pet.yaml}
        Two: {properties: {a: {$ref: ./pet.yaml}, b: {$ref: '../here/pet.yaml#'}}}
        """,
        files={"pet.yaml": "{properties: {name: {}}}"},
    )

    assert read_.properties("Two")["a"] == "pet"


def test_properties_by_reference_are_read() -> None:
    read_ = schemas(
        "Thing: {type: object, properties: {$ref: names.yaml#/all}}",
        files={"names.yaml": "{all: {a: {type: string}, b: {type: integer}}}"},
    )

    assert (read_.properties("Thing"), read_.codes) == ({"a": "string", "b": "integer"}, [])


def test_the_description_beside_a_reference_wins() -> None:
    record = schemas("""
    Pet: {description: A pet., properties: {a: {}}}
    Thing:
      properties:
        x: {$ref: '#/components/schemas/Pet', description: This one.}
        y: {$ref: '#/components/schemas/Pet'}
    """)["Thing"]

    assert isinstance(record, Record)
    assert [prop.description for prop in record.properties] == ["This one.", "A pet."]
