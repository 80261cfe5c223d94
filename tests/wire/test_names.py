"""Names for which Python, the runtime or generated code has another use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.support.document import mapping
from tests.wire.calls import parameters_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "names.yaml"
covers = pytest.mark.covers


@covers("names: of parameters")
def test_each_parameter_reaches_its_wire_name(wire: Wire) -> None:
    for parameter in parameters_of(wire, "words_all"):
        sent = request_of(wire, "words_all", **{str(parameter["name"]): "ok"})

        assert sent.query == f"{quote(str(parameter['wire_name']), safe='')}=ok"


@covers("names: of parameters")
def test_all_parameters_can_be_given_at_once(wire: Wire) -> None:
    parameters = parameters_of(wire, "words_all")
    given = {str(parameter["name"]): str(place) for place, parameter in enumerate(parameters)}

    sent = request_of(wire, "words_all", **given)

    assert len(given) == len((sent.query or "").split("&")) == len(parameters)


@covers("names: a parameter keeps its own")
def test_what_is_a_python_name_stays_as_it_is(wire: Wire) -> None:
    names = {each["wire_name"]: each["name"] for each in parameters_of(wire, "words_all")}

    assert [names[name] for name in ("a_b", "id", "type", "print", "path", "cls")] == [
        "a_b",
        "id",
        "type",
        "print",
        "path",
        "cls",
    ]
    assert [names[name] for name in ("class", "self", "timeout")] == ["class_", "self_", "timeout_"]


@covers("names: of operations and resources")
def test_each_operation_can_be_called(wire: Wire) -> None:
    operations = wire.sdk.inspection["operations"]
    assert isinstance(operations, list)
    plain = [each for each in map(mapping, operations) if "{" not in str(each["path"])]

    for operation in plain:
        sent = request_of(wire, str(operation["operation_id"]))

        assert sent.target == operation["path"]


@covers("names: of resources that types of values have")
def test_a_resource_may_be_called_like_what_it_gives(wire: Wire) -> None:
    wire.answer('["PT1H"]')

    assert wire.call("duration.list") == [timedelta(hours=1)]


@covers("names: in paths")
def test_odd_names_in_a_path_are_positional(wire: Wire) -> None:
    assert request_of(wire, "paths_odd", "x", "y", "z").target == "/paths/x/y/z"
    named = request_of(wire, "paths_odd", a_b="z", class_="x", self_="y")
    assert named.target == "/paths/x/y/z"


@covers("names: of headers")
def test_headers_that_differ_in_case_or_are_no_arguments(wire: Wire) -> None:
    names = {each["wire_name"]: each["name"] for each in parameters_of(wire, "headers_odd")}
    assert names == {
        "User-Agent": "user_agent",
        "Timeout": "timeout_",
        "If-Match": "if_match_2",
        "if_match": "if_match",
    }

    sent = request_of(wire, "headers_odd", user_agent="me", timeout_="5", if_match_2='"a"')

    assert (sent.header("User-Agent"), sent.header("Timeout")) == ("me", "5")
    assert (sent.header("If-Match"), sent.header("Accept")) == ('"a"', "application/json")
