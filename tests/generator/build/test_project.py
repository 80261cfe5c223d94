"""Names of packages and clients, and what a client is constructed with."""

from __future__ import annotations

import pytest

from clientgen.build import build, ir
from clientgen.config import Config
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve


def sdk(title: str = "Pets", more: str = "", paths: str = "{}") -> ir.Sdk:
    text = f'openapi: 3.1.0\ninfo: {{title: {title!r}, version: "2"}}\npaths: {paths}\n{more}'
    diagnostics = Diagnostics()
    spec = resolve(parse_document(text.encode()), Loader(), diagnostics)
    return build(spec, Config(), diagnostics)[0]


TITLES = {
    "Pet Store": ("pet-store", "pet_store", "PetStore"),
    "Pet Store API": ("pet-store", "pet_store", "PetStore"),
    "The REST API": ("the", "the", "The"),
    "API": ("api", "api", "ApiClient"),
    "json": ("json-api", "json_api", "Json"),
    "class": ("class-api", "class_api", "Class"),
    "2nd Store": ("api-2nd-store", "api_2nd_store", "Api2ndStore"),
    "Pydantic": ("pydantic-api", "pydantic_api", "Pydantic"),
    "Client": ("client", "client", "ClientApi"),
    "Not Found Error": ("not-found-error", "not_found_error", "NotFoundErrorApi"),
    "Störe's": ("stores", "stores", "Stores"),
    "日本": ("api", "api", "日本"),
    "Raw": ("raw", "raw", "RawApi"),
    "Resource": ("resource-api", "resource_api", "ResourceApi"),  # there is a RawResource
    "Fake Server": ("fake-server", "fake_server", "FakeServerApi"),
    "": ("api", "api", "ApiClient"),
}


@pytest.mark.parametrize("title", TITLES)
def test_a_project_is_called_after_its_title(title: str) -> None:
    project = sdk(title).project

    assert (project.name, project.package, project.client) == TITLES[title]


@pytest.mark.parametrize("model", ["Pets", "AsyncPets", "RawPets"])
def test_a_resource_keeps_clear_of_models(model: str) -> None:
    more = f"components: {{schemas: {{{model}: {{properties: {{a: {{type: string}}}}}}}}}}\n"

    (resource,) = sdk(more=more, paths="{/pets: {get: {}}}").resources

    assert resource.class_name == "PetsResource"


SCHEMES = {
    "a key": ("a: {type: apiKey, in: header, name: X}", ["api_key"]),
    "two keys": (
        "a: {type: apiKey, in: header, name: X}, adminKey: {type: apiKey, in: header, name: Y}",
        ["api_key", "admin_key"],
    ),
    "a bearer": ("a: {type: http, scheme: Bearer}", ["token"]),
    "a login": ("a: {type: http, scheme: basic}", ["username", "password"]),
    "two logins": (
        "a: {type: http, scheme: basic}, b: {type: http, scheme: digest}",
        ["username", "password", "b_username", "b_password"],
    ),
    "another scheme": ("Hoba: {type: http, scheme: hoba}", ["hoba"]),
    "a grant": ("a: {type: oauth2, flows: {}}", ["token"]),
    "a certificate": ("a: {type: mutualTLS}", []),
    "a name that clients have": (
        "a: {type: apiKey, in: header, name: X}, timeout: {type: apiKey, in: header, name: Y}",
        ["api_key", "timeout_"],
    ),
}


@pytest.mark.parametrize(("schemes", "names"), SCHEMES.values(), ids=SCHEMES)
def test_a_client_takes_credentials(schemes: str, names: list[str]) -> None:
    found = sdk(more=f"components: {{securitySchemes: {{{schemes}}}}}").credentials

    assert [credential.name for credential in found] == names


def test_a_credential_has_a_variable_of_the_environment() -> None:
    scheme = "{a: {type: apiKey, in: header, name: X, description: Ask us.}}"
    (key,) = sdk(more=f"components: {{securitySchemes: {scheme}}}").credentials

    assert (key.env, key.text) == ("PETS_API_KEY", "Ask us; `PETS_API_KEY` when not given.")
