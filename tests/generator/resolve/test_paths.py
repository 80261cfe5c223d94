"""Path templates that hold more than a path."""

from __future__ import annotations

import pytest

from tests.generator.resolve.reading import read

PATHS = {
    "a fixed query": ("/a?kind=dog", "/a?kind=dog"),
    "a query that names a parameter": ("/a?q={q}&kind=dog", "/a?kind=dog"),
    "nothing but the parameter": ("/a?q={q}", "/a"),
    "a query of RFC 6570": ("/a{?q,r}", "/a"),
    "a fragment, which tells apart": ("/a#1", "/a#1"),
}


DOCUMENT = """
openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  '{path}':
    get:
      parameters: [{{name: q, in: query, schema: {{type: string}}}}]
      responses: {{'204': {{description: done}}}}
"""


@pytest.mark.parametrize(("written", "taken"), PATHS.values(), ids=PATHS)
def test_a_query_in_a_path_stays_but_for_declared_parameters(written: str, taken: str) -> None:
    reading = read(DOCUMENT.format(path=written))

    assert [operation.path for operation in reading.spec.operations] == [taken]
    assert not reading.told


def test_paths_that_differ_in_their_query_may_stand_in_an_extension() -> None:
    more = "x-ms-paths:\n  /a?comp=b: {put: {responses: {}}}"

    reading = read(DOCUMENT.format(path="/a") + more)

    found = [(each.method, each.path) for each in reading.spec.operations]
    assert found == [("GET", "/a"), ("PUT", "/a?comp=b")]


TEMPLATES = {
    "{+q}": ("/a/{q}", "simple", True),
    "{*q}": ("/a/{q}", "simple", True),
    "{q+}": ("/a/{q}", "simple", True),
    "{q*}": ("/a/{q}", "simple", False),
    "{.q}": ("/a/{q}", "label", False),
    "{;q}": ("/a/{q}", "matrix", False),
}


@pytest.mark.parametrize(("written", "taken"), TEMPLATES.items(), ids=TEMPLATES)
def test_an_operator_in_a_path_says_how_a_parameter_is_written(
    written: str, taken: tuple[str, str, bool]
) -> None:
    reading = read(DOCUMENT.format(path=f"/a/{written}").replace("in: query", "in: path"))

    operation = reading.spec.operations[0]
    parameter = operation.parameters[0]
    assert (operation.path, parameter.style, parameter.allow_reserved) == taken


@pytest.mark.parametrize("written", ["a/{q}", "{q}", "@a.example/{q}"])
def test_a_path_without_a_slash_does_not_change_the_server(written: str) -> None:
    (operation,) = read(
        DOCUMENT.format(path=written).replace("in: query", "in: path")
    ).spec.operations

    assert (operation.path, operation.written_path) == (f"/{written}", written)
