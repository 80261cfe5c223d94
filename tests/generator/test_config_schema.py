"""The JSON Schema of the configuration agrees with the program that reads it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from clientgen.config import ConfigError, load_configs
from clientgen.init import Answers, configuration
from tests.support.samples import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCHEMA = json.loads((ROOT / "docs" / "reference" / "clientgen.schema.json").read_text("utf-8"))

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
EXAMPLES = [
    pytest.param(found, id=f"{page.name}:{number}")
    for page in GUIDES
    for number, found in enumerate(
        re.findall(r"^```toml\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    )
    if not found.startswith("[project.")  # which is about another file
]


@pytest.fixture(autouse=True)
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def agrees(text: str) -> bool:
    return bool(Draft7Validator(SCHEMA).is_valid(tomllib.loads(text)))


def is_read(text: str) -> bool:
    Path("clientgen.toml").write_text(text, "utf-8")
    try:
        load_configs({})
    except ConfigError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_guides_agree(text: str) -> None:
    assert (agrees(text), is_read(text)) == (True, True)


def test_what_init_writes_agrees() -> None:
    text = configuration(Answers("api.yaml", "pets", "Pets", "./pets", "none"))

    assert (agrees(text), is_read(text)) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "[operations.'GET /pets']\npagination = false",
        "[operations.'GET /pets']\npagination = {style = 'link', items = 'data'}",
        "[models]\nPet = 'Animal'\n[models.Dog]\nfields = {a = 'b'}",
        "allow_remote_refs = true",
        "allow_remote_refs = ['https://a.example']",
        "spec = ['a.yaml', 'b.yaml']\nignore = ['CG240']\ncustom_client = true",
        "[models.Pet]\ntypes = { age = 'decimal' }\n[operations.'GET /a'.types]\nb = 'any'",
        "[sdk.shop]\nexclude_deprecated = true\n[sdk.zoo.models]\nPet = 'Animal'",
    ],
)
def test_every_way_to_write_a_setting_agrees(text: str) -> None:
    assert (agrees(text), is_read(text)) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "pakage = 'x'",
        "meta = 'poetry'",
        "package_version = 'one'",
        "include_path = '/pets'",
        "formats = {money = 'coins'}",
        "models = {Pet = 7}",
        "models = {Pet = {field = {}}}",
        "[operations.'GET /pets']\ncal = 'x'",
        "[operations.'GET /pets']\npagination = true",
        "[operations.'GET /pets']\npagination = {style = 'pages'}",
        "[sdk.shop]\npakage = 'x'",
        "[sdk.shop.sdk.shop]\nspec = 'x'",
        "sdk = 7",
    ],
)
def test_mistakes_are_seen_by_both(text: str) -> None:
    assert (agrees(text), is_read(text)) == (False, False)
