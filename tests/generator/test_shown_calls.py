"""READMEs and docstrings of packages show calls that users can copy."""

from __future__ import annotations

import re
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest

from clientgen import _pipeline
from clientgen.config import Config
from clientgen.render import render
from clientgen_runtime import Stream
from tests.support.generated import Sdk, generated
from tests.support.samples import DOCUMENTS, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = re.compile(r"^ *>>> (.*)$", re.M)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
WIRE = ("pages", "streams", "servers", "security", "raw")
# One process, so that each package is generated once.
pytestmark = pytest.mark.xdist_group("shown")
NAMES = [*DOCUMENTS, *(f"wire/{name}.yaml" for name in WIRE)]


def readme(document: str | Path, package: str, name: str = "README.md") -> str:
    config = Config(package=package)
    return render(_pipeline.plan(str(document), config).sdk, (), config)[name]


def connected(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A fake server that all clients of a package talk to."""
    module = __import__(f"{sdk.module.__name__}.testing", fromlist=["FakeServer"])
    server = module.FakeServer()
    for name in ("client", "async_client"):
        made = partial(getattr(sdk, name), base_url="https://x.test", transport=server.transport)
        monkeypatch.setattr(sdk.module, str(sdk.inspection[name]), made)
    return server


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_readme_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = generated(SAMPLES / name)
    server = connected(sdk, monkeypatch)
    namespace: dict[str, object] = {}

    for block in PYTHON.findall(readme(SAMPLES / name, sdk.name)):
        exec(compile(block, "README.md", "exec"), namespace)
    assert "" not in {call.call for call in server.calls}
    assert len(server.calls) >= 4


@pytest.mark.parametrize("name", [*DOCUMENTS, "wire/streams.yaml", "wire/raw.yaml"])
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
def test_the_examples_of_docstrings_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk = generated(SAMPLES / name)
    server = connected(sdk, monkeypatch)

    with server.client() as client:
        for call in server.operations:
            for example in EXAMPLE.findall(attrgetter(call)(client).__doc__):
                assert example.startswith(f"client.{call}(")
                finish(eval(example, {"client": client}))
                assert server.calls[-1].call == call
    assert server.calls != []


def finish(result: object) -> None:
    if isinstance(result, Stream):
        result.until_done()


PATHS = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /things/{id}:
    get:
      tags: [things]
      parameters:
        - {name: id, in: path, required: true, schema: {type: %s}, example: %s}
      responses: {"200": {description: Ok}}
"""


@pytest.mark.parametrize(
    ("kind", "example", "shown"),
    [
        ("integer", "7", "retrieve(7)"),
        ("string", "t-1", 'retrieve("t-1")'),
        ("string", '"``` x"', 'retrieve("my-id")'),
        ("integer", "seven", "retrieve(1)"),
        ("boolean", "false", "retrieve(False)"),
    ],
)
def test_calls_have_examples_of_the_document_or_made_up_ones(
    kind: str, example: str, shown: str, tmp_path: Path
) -> None:
    document = tmp_path / "shop.yaml"
    document.write_text(PATHS % (kind, example))

    assert f"client.things.{shown}" in readme(document, "shop")


SECURED = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
security: [{login: []}, {key: []}]
paths:
  /things:
    get:
      tags: [things]
      parameters: [%s]
      responses: {"200": {description: Ok}}
  /admin/things:
    post: {deprecated: true, security: [{admin: []}], responses: {"200": {description: Ok}}}
components:
  securitySchemes:
    login: {type: http, scheme: basic}
    key: {type: http, scheme: bearer}
    admin: {type: apiKey, in: header, name: Admin}
"""


def test_a_readme_gives_the_credentials_that_its_calls_need(tmp_path: Path) -> None:
    document = tmp_path / "shop.yaml"
    document.write_text(SECURED % "")

    assert 'with Shop(token="my-token", base_url=' in readme(document, "shop")


def test_a_readme_tells_how_to_give_credentials_that_the_document_does_not_know(
    tmp_path: Path,
) -> None:
    document = tmp_path / "shop.yaml"
    document.write_text(PATHS % ("integer", "7"))

    assert 'auth=("bearer", "…")' in readme(document, "shop")


def test_a_readme_shows_a_call_even_if_all_need_much(tmp_path: Path) -> None:
    parameter = "{name: %s, in: query, required: true, schema: {type: string}}"
    document = tmp_path / "shop.yaml"
    document.write_text(SECURED % ", ".join(parameter % name for name in "abc"))

    assert 'client.things.list(a="my-a", b="my-b", c="my-c")' in readme(document, "shop")


def test_an_api_without_calls_has_a_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = 'openapi: 3.1.0\ninfo: {title: Shop, version: "1"}\npaths: {}\n'
    path = tmp_path / "shop.yaml"
    path.write_text(document)
    sdk = generated(document)
    connected(sdk, monkeypatch)

    for block in PYTHON.findall(readme(path, sdk.name)):
        exec(compile(block, "README.md", "exec"), {})


def test_the_index_of_calls_names_what_they_take() -> None:
    text = readme(SAMPLES / "pet_store.yaml", "pet_store", "api.md")

    assert "`client.pets.photos.retrieve(pet_id, photo_id)`" in text
    assert "`client.pets.list(…)`" in text
