"""Configurations of other generators become ours, with the names that users know."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.generator.cli.command import Outcome, run
from tests.support.samples import SAMPLES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture(autouse=True)
def documents(folder: Path) -> None:
    shutil.copy(SAMPLES / "pet_store.yaml", folder / "pets.yaml")


def migrate(config: str, *options: str, name: str = "config.yaml") -> Outcome:
    Path(name).write_text(config)
    return run("migrate", name, *options)


def written(path: str = "clientgen.toml") -> dict[str, Any]:
    return tomllib.loads(Path(path).read_text())


def calls(found: dict[str, Any] | None = None) -> dict[str, str]:
    settings = written() if found is None else found
    return {key: told["call"] for key, told in settings["operations"].items() if "call" in told}


def inspected() -> dict[str, Any]:
    told = run("inspect", "--format", "json")
    assert told.code == 0, told.err
    found: dict[str, Any] = json.loads(told.out)
    return found


# --- openapi-python-client ----------------------------------------------------------------------

PYTHON_CLIENT = """\
project_name_override: zoo-client
package_version_override: 1.2
class_overrides:
  Photo: {class_name: Picture, module_name: picture}
"""


def test_functions_of_openapi_python_client_become_methods() -> None:
    told = migrate(PYTHON_CLIENT, "--spec", "pets.yaml")
    found = inspected()

    assert told.code == 0
    assert calls()["GET /pets/{petId}"] == "pets.get_pet"
    assert calls()["GET /health"] == "default.get_health"
    assert {o["call"] for o in found["operations"]} == set(calls().values())
    assert "Picture" in {model["name"] for model in found["models"]}
    assert (found["package"], written()["package_version"]) == ("zoo_client", "1.2")


def test_operations_without_an_id_are_called_as_before() -> None:
    Path("pets.yaml").write_text(Path("pets.yaml").read_text().replace("operationId", "x-id"))
    migrate(PYTHON_CLIENT, "--spec", "pets.yaml")

    assert calls()["GET /pets/{petId}"] == "pets.get_pets_pet_id"
    assert inspected()["operations"][2]["call"] == "pets.get_pets_pet_id"


def test_names_that_clients_have_themselves_give_way() -> None:
    text = Path("pets.yaml").read_text().replace("tags: [pets]", "tags: [credentials]")
    Path("pets.yaml").write_text(text.replace("listPets", "with_raw_response"))
    migrate(PYTHON_CLIENT, "--spec", "pets.yaml")

    assert calls()["GET /pets"] == "credentials_.with_raw_response_"
    assert run("inspect").code == 0


def test_packages_that_were_not_named_keep_their_names() -> None:
    migrate("literal_enums: true", "--spec", "pets.yaml")

    assert (written()["package"], written()["project_name"]) == (
        "pet_store_client",
        "pet-store-client",
    )


def test_what_has_no_counterpart_is_told_with_its_line() -> None:
    told = migrate(PYTHON_CLIENT + "  Dog: {class_name: Hound}\nhttp_timeout: 9\ncolour: red\n")

    first, *notes, last = told.messages
    assert "--spec" in first
    assert [line.partition(": ")[0] for line in notes] == [f"config.yaml:{n}" for n in (4, 6, 7)]
    assert last.startswith("clientgen.toml written from openapi-python-client, 4 notes")
    assert written()["models"]["Dog"] == {"name": "Hound"}


# --- OpenAPI Generator --------------------------------------------------------------------------

GENERATOR = """\
generatorName: python
inputSpec: pets.yaml
outputDir: out/sdk
additionalProperties: {packageName: zoo, projectName: zoo-sdk, library: asyncio}
modelNameMappings: {Photo: Picture}
modelNameSuffix: Dto
nameMappings: {born: birthday, wings: w}
parameterNameMappings: {petId: pet}
operationIdNameMappings: {feedPet: giveFood, flyPet: fly}
"""


def test_methods_and_models_of_openapi_generator_keep_their_names() -> None:
    told = migrate(GENERATOR)
    found = inspected()
    names = {model["name"] for model in found["models"]}

    assert told.code == 0
    assert calls()["POST /pets/{petId}/feed"] == "pets.give_food"
    assert (found["package"], written()["output"]) == ("zoo", "out/sdk")
    assert {"Picture", "PetDto", "KindDto"} <= names
    retrieve = next(o for o in found["operations"] if o["call"] == "pets.get_pet")
    assert retrieve["parameters"][0]["name"] == "pet"
    assert written()["models"]["NewPet"]["fields"] == {"born": "birthday"}


def test_names_that_the_document_lacks_are_told() -> None:
    told = migrate(GENERATOR)

    assert "config.yaml:7: nameMappings.wings: the document has no property 'wings'" in told.err
    assert "flyPet: the document has no operation 'flyPet'" in told.err


@pytest.mark.parametrize(
    ("rule", "setting", "count"),
    [
        ("operationId:listPets|getPet", "include_operation", 2),
        ("tag:photos", "include_tag", 4),
        ("method:get", "include_path", 5),
        ("path:/pets/{petId}/photos", "include_path", 4),
    ],
)
def test_filters_choose_the_same_operations(rule: str, setting: str, count: int) -> None:
    migrate(GENERATOR + f'openapiNormalizer: {{FILTER: "{rule}"}}\n')

    assert setting in written()
    assert len(inspected()["operations"]) == count


def test_the_json_of_the_command_is_read() -> None:
    python = {"generatorName": "python", "inputSpec": "pets.yaml", "output": "sdk"}
    tool = {"version": "7.9.0", "generators": {"py": python, "web": {"generatorName": "dart"}}}
    told = migrate(json.dumps({"generator-cli": tool}, indent=1), name="openapitools.json")

    assert "generators.web: dart is not Python" in told.err
    assert (written()["output"], calls()["GET /pets"]) == ("sdk", "pets.list_pets")
    assert written()["package"] == "openapi_client"


def test_several_packages_become_several_sdks() -> None:
    one = {"generatorName": "python", "inputSpec": "pets.yaml", "output": "one"}
    two = {**one, "output": "two", "additionalProperties": "packageName=zoo,projectName=zoo-sdk"}
    tool = {"generator-cli": {"generators": {"one": one, "two": two}}}
    migrate(json.dumps(tool), name="openapitools.json")

    assert {name: told["package"] for name, told in written()["sdk"].items()} == {
        "one": "openapi_client",
        "two": "zoo",
    }
    assert calls(written()["sdk"]["two"])["GET /pets"] == "pets.list_pets"
    assert run("inspect", "--only", "two").code == 0


def test_paths_of_several_packages_start_from_the_new_file() -> None:
    Path("sub").mkdir()
    one = {"generatorName": "python", "inputSpec": "#{cwd}/pets.yaml", "output": "#{cwd}/gen/one"}
    two = {"generatorName": "python", "output": "gen/two"}
    tool = {"generator-cli": {"generators": {"one": one, "two": two}}}
    migrate(json.dumps(tool), "-o", "sub/clientgen.toml", name="openapitools.json")

    assert written("sub/clientgen.toml")["sdk"] == {
        "one": {"spec": "../pets.yaml", "output": "../gen/one", "package": "openapi_client"},
        "two": {"output": "../gen/two", "package": "openapi_client"},
    }


def test_what_is_null_is_not_given() -> None:
    migrate("project_name_override: zoo\npackage_name_override: null\n")

    assert written() == {"package": "zoo", "project_name": "zoo"}


def test_a_document_that_is_elsewhere_costs_the_names_of_calls_alone() -> None:
    told = migrate("inputSpec: lost.yaml\npackageName: zoo\n")

    assert told.code == 0
    assert "names of calls are not kept, unless --spec names the document" in told.err
    assert written() == {"spec": "lost.yaml", "package": "zoo"}


# --- Stainless ----------------------------------------------------------------------------------

STAINLESS = """\
organization: {name: pet-shop}
targets:
  python: {package_name: pet_shop}
  node: {package_name: pets}
environments: {production: "https://a.example", sandbox: "https://b.example"}
client_settings:
  default_env_prefix: SHOP
  opts:
    api_key: {type: string, read_env: PET_SHOP_API_KEY, auth: {security_scheme: apiKey}}
    keeper: {type: string, auth: {security_scheme: keeperToken}}
resources:
  $shared: {models: {problem: Problem}}
  $client: {methods: {ping: get /health}}
  animals:
    models: {animal: "#/components/schemas/Pet", a_tag: Tag}
    methods:
      list: {endpoint: get /pets, paginated: false}
      find: get /pets/{petId}
      lost: get /lost
      parse: {type: custom}
    subresources:
      pictures:
        models: {animal: Photo}
        methods: {list: "get /pets/{petId}/photos"}
unspecified_endpoints: ["delete /pets/{petId}"]
"""


def test_resources_and_models_of_stainless_stay() -> None:
    told = migrate(STAINLESS, "--spec", "pets.yaml")
    found = inspected()
    by_operation = {f"{o['method']} {o['path']}": o["call"] for o in found["operations"]}

    assert told.code == 0
    assert by_operation["GET /health"] == "ping"
    assert by_operation["GET /pets/{petId}/photos"] == "animals.pictures.list"
    assert "DELETE /pets/{petId}" not in by_operation
    assert (found["package"], found["client"]) == ("pet_shop", "PetShop")
    assert {"Animal", "ATag", "Photo"} <= {model["name"] for model in found["models"]}
    assert found["operations"][0]["pagination"] is None


def test_servers_of_stainless_become_an_overlay() -> None:
    migrate(STAINLESS, "--spec", "pets.yaml")
    run("generate", "--meta", "none", "-o", "out")

    client = Path("out/pet_shop/_client.py").read_text()
    assert 'Server("https://b.example", name="sandbox")' in client


def test_what_stainless_says_elsewhere_is_told_with_its_line() -> None:
    told = migrate(STAINLESS, "--spec", "pets.yaml")
    lines = {line.split(":")[1]: line for line in told.messages if line.startswith("config.yaml:")}

    assert "clientgen writes Python" in lines["4"]
    assert "variables of the environment begin with PET_SHOP_" in lines["7"]
    assert "9" not in lines
    assert "this is token= (PET_SHOP_TOKEN)" in lines["10"]
    assert "the document has no GET /lost" in lines["19"]
    assert "no endpoint" in lines["20"]
    assert "Animal is Pet already" in lines["23"]


CURSOR = """\
pagination:
  - name: cursors
    type: cursor
    request:
      cursor: {type: string, x-stainless-pagination-property: {purpose: next_cursor_param}}
      limit: {type: integer}
    response:
      data: {type: array, items: {}}
      meta:
        type: object
        properties:
          next_cursor:
            type: string
            x-stainless-pagination-property: {purpose: next_cursor_field}
"""
IDS = """\
pagination:
  - name: ids
    type: cursor_id
    request:
      after: {type: string, x-stainless-pagination-property: {purpose: next_cursor_id_param}}
    response:
      data:
        type: array
        items:
          type: object
          properties:
            id: {type: string, x-stainless-pagination-property: {purpose: cursor_item_id}}
"""
OFFSETS = """\
pagination:
  - name: offsets
    type: offset
    request:
      skip: {type: integer, x-stainless-pagination-property: {purpose: offset_count_param}}
    response:
      rows: {type: array, items: {}, x-stainless-pagination-property: {purpose: items}}
      more: {type: array, items: {}}
      all: {type: integer, x-stainless-pagination-property: {purpose: offset_total_count_field}}
"""
PAGE = """\
pagination:
  - name: numbers
    type: page_number
    request:
      page: {type: integer, x-stainless-pagination-property: {purpose: page_number_param}}
    response:
      data: {type: array, items: {}}
      at: {type: integer, x-stainless-pagination-property: {purpose: current_page_number_field}}
      of: {type: integer, x-stainless-pagination-property: {purpose: total_page_count_field}}
"""
INDEX = """\
pagination:
  type: offset
  param_location: body
  request:
    from: {type: integer, x-stainless-pagination-property: {purpose: offset_count_param}}
  response:
    rows: {type: array, items: {}}
    next: {type: integer, x-stainless-pagination-property: {purpose: offset_count_start_field}}
"""
URL = """\
pagination:
  - name: urls
    type: cursor_url
    request: {}
    response:
      rows: {type: array, items: {}}
      next: {type: string, x-stainless-pagination-property: {purpose: cursor_url_field}}
"""
SCHEMES = {
    CURSOR: {"style": "cursor", "items": "data", "request": "cursor", "next": "meta.next_cursor"},
    IDS: {"style": "cursor", "items": "data", "request": "after", "last": "id"},
    OFFSETS: {"style": "offset", "items": "rows", "request": "skip", "total": "all"},
    PAGE: {"style": "page", "items": "data", "request": "page", "more": "of", "current": "at"},
    INDEX: {"style": "cursor", "items": "rows", "request": "from", "next": "next", "place": "body"},
    URL: {"style": "next_url", "items": "rows", "next": "next"},
}
PAGED = "resources: {pets: {methods: {list: {endpoint: get /pets, paginated: true}}}}\n"


@pytest.mark.parametrize(
    ("scheme", "wanted"), SCHEMES.items(), ids=["cursor", "id", "offset", "page", "index", "url"]
)
def test_pagination_schemes_are_taken_over(scheme: str, wanted: dict[str, str]) -> None:
    migrate(PAGED + scheme)

    assert written()["operations"]["GET /pets"]["pagination"] == wanted


def test_what_is_not_for_python_is_left_out() -> None:
    migrate(
        """\
organization: {name: shop}
resources:
  pets:
    methods:
      list: {endpoint: get /pets, skip: [go]}
      create: {endpoint: post /pets, skip: [python]}
      find: {endpoint: "get /pets/{petId}", only: [node]}
  health: {skip: true, methods: {check: get /health}}
"""
    )

    assert written()["exclude_path"] == ["/pets#POST", "/pets/{petId}#GET", "/health#GET"]
    assert calls() == {"GET /pets": "pets.list"}


def test_aliases_are_told() -> None:
    told = migrate(
        """\
resources:
  pets:
    models:
      pet: {type: model, openapi_uri: "#/components/schemas/Animal"}
      beast: {type: alias, to: pet}
    methods:
      list: get /pets
      all: {type: alias, to: list}
"""
    )

    assert written()["models"] == {"Animal": {"name": "Pet"}}
    assert "methods.all: a call has one name; list is that of this one" in told.err
    assert "models.beast: a model has one name; pet is that of this one" in told.err


def test_a_scheme_that_says_too_little_is_left_to_the_document() -> None:
    scheme = "pagination: [{name: p, type: cursor, request: {cursor: {}}, response: {data: {}}}]\n"
    told = migrate(PAGED + scheme)

    assert "pagination" not in written()["operations"]["GET /pets"]
    assert "is found in the document, or not at all" in told.err


def test_schemes_that_could_be_meant_are_left_to_the_document() -> None:
    told = migrate(PAGED + CURSOR + PAGE.partition("\n")[2])

    assert "pagination" not in written()["operations"]["GET /pets"]
    assert "how it goes on is found in the document" in told.err


# --- The command --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        (PYTHON_CLIENT, "openapi-python-client"),
        (GENERATOR, "openapi-generator"),
        (STAINLESS, "stainless"),
    ],
)
def test_it_is_seen_whose_configuration_it_is(config: str, kind: str) -> None:
    assert f"written from {kind}, " in migrate(config).err


def test_a_configuration_that_could_be_anyones_asks_for_from() -> None:
    told = migrate("{}")
    said = migrate("{}", "--from", "stainless")

    assert (told.code, len(told.messages)) == (2, 1)
    assert "say --from openapi-python-client, openapi-generator, stainless" in told.err
    assert said.code == 0


def test_what_is_there_is_not_replaced_unasked() -> None:
    Path("clientgen.toml").write_text("# mine")
    told = migrate(GENERATOR)

    assert (told.code, Path("clientgen.toml").read_text()) == (2, "# mine")
    assert "--force replaces it" in told.err
    assert migrate(GENERATOR, "--force").code == 0


def test_paths_start_from_the_new_file() -> None:
    Path("sub").mkdir()
    migrate(GENERATOR, "-o", "sub/clientgen.toml")

    assert written("sub/clientgen.toml")["spec"] == "../pets.yaml"
    assert run("inspect", "-c", "sub/clientgen.toml").code == 0


def test_what_does_not_work_is_told_at_once() -> None:
    told = migrate(PAGED + CURSOR, "--spec", "pets.yaml")

    assert told.code == 0
    assert "clientgen.toml: mend this before you generate: operations." in told.err


def test_a_broken_configuration_is_one_line() -> None:
    told = migrate("resources: [")

    assert (told.code, len(told.messages)) == (2, 1)
    assert told.messages[0].startswith("error: config.yaml:1:")


def test_a_missing_document_is_told() -> None:
    assert migrate(PYTHON_CLIENT, "--spec", "lost.yaml").code == 3
    assert not Path("clientgen.toml").exists()


def test_a_file_that_cannot_be_written_is_told() -> None:
    Path("config.yaml").write_text("literal_enums: true\n")

    told = run("migrate", "config.yaml", "-o", "nowhere/clientgen.toml")

    assert (told.code, len(told.messages)) == (2, 1)
    assert "cannot write nowhere/clientgen.toml: No such file or directory; nothing" in told.err
