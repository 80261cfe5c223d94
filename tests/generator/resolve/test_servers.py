"""Servers of documents that came from the network, and from files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader
from clientgen.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from clientgen.resolve.spec import Spec

OPENAPI = """
openapi: 3.1.0
info: {{title: T, version: '1'}}
paths: {{}}
servers: [{{url: '{url}'}}]
"""
SWAGGER = """
swagger: '2.0'
info: {{title: T, version: '1'}}
paths: {{}}
basePath: '{url}'
"""


def fetched(folder: Path, text: str, uri: str | None) -> Spec:
    (folder / "api.yaml").write_text(text, encoding="utf-8")
    loader = Loader()
    document = loader.load(str(folder / "api.yaml"))
    document = replace(document, uri=uri) if uri is not None else document
    return resolve(document, loader, Diagnostics())


@pytest.mark.parametrize("written", [OPENAPI, SWAGGER], ids=["3.1", "2.0"])
@pytest.mark.parametrize(
    ("uri", "url", "server"),
    [
        ("https://api.example/docs/openapi.yaml", "/v1", "https://api.example/v1"),
        ("https://api.example/docs/openapi.yaml", "/", "https://api.example/"),
        (None, "/v1", "/v1"),
    ],
)
def test_a_relative_server_starts_from_where_the_document_was_served(
    tmp_path: Path, written: str, uri: str | None, url: str, server: str
) -> None:
    spec = fetched(tmp_path, written.format(url=url), uri)

    assert [each.url for each in spec.servers] == [server]


AZURE = """
swagger: '2.0'
info: {title: T, version: '1'}
schemes: [https]
basePath: /api
x-ms-parameterized-host:
  hostTemplate: '{account}.{region}.example'
  parameters:
    - {name: account, in: path, required: true, type: string}
    - {name: region, in: path, required: true, type: string, default: eu, enum: [eu, us]}
paths: {}
"""


def test_a_parameterized_host_is_a_server_with_variables(tmp_path: Path) -> None:
    (server,) = fetched(tmp_path, AZURE, None).servers

    assert server.url == "https://{account}.{region}.example/api"
    assert [(v.name, v.default, v.choices) for v in server.variables] == [
        ("account", "", ()),
        ("region", "eu", ("eu", "us")),
    ]


def test_a_templated_server_stays_as_it_is(tmp_path: Path) -> None:
    spec = fetched(tmp_path, OPENAPI.format(url="{host}/v1"), "https://api.example/openapi.yaml")

    assert [each.url for each in spec.servers] == ["{host}/v1"]
