from __future__ import annotations

import json

import pytest

from clientgen.diagnostics import Position
from clientgen.load import LoadError, parse_document
from tests.generator.load.reading import line, place, read, refused


def test_values_are_those_of_json() -> None:
    text = '{"a": [1, -2.5, 1e3, true, false, null, "x", {}], "b": ""}'

    assert read(text) == json.loads(text)


def test_integers_are_exact() -> None:
    assert read('{"n": 123456789012345678901234567890}') == {"n": 123456789012345678901234567890}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 5000])
def test_a_number_that_python_cannot_hold_stays_text(number: str) -> None:
    assert read(f'{{"n": {number}}}') == {"n": number}


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_json_does_not_have_is_refused(constant: str) -> None:
    error = refused(f'{{"NaN": "Infinity",\n "a": {constant}}}')

    assert constant in str(error)
    assert place(error) == (2, 7)


def test_a_mistake_is_told_with_its_place() -> None:
    error = refused('{\n  "a": 1\n  "b": 2\n}')

    assert str(error).startswith("api.txt:3:3: error CG104: not valid JSON: ")


def test_the_line_of_a_mistake_can_be_shown() -> None:
    error = refused('{\n  "a": 1\n  "b": 2\n}')

    assert line(error) == '  "b": 2'


def test_a_duplicate_key_names_both_lines() -> None:
    error = refused('{"x": {"a": 1},\n "y": {"a": 1,\n"b": 2,\n  "a": 3}}')

    assert '"a" is given twice, on lines 2 and 4' in str(error)
    assert place(error) == (4, 3)


def test_a_duplicate_key_is_found_in_front_of_broken_text() -> None:
    error = refused('[{"a": 1, "\\u0061": 2}, 1"x]"')

    assert error.diagnostic.code == "CG105"
    assert place(error) == (1, 11)


def test_keys_that_differ_only_in_case_are_two() -> None:
    assert read('{"a": 1, "A": 2}') == {"a": 1, "A": 2}


def test_raw_control_characters_in_text_are_let_through() -> None:
    assert read('{"a": "x\ty\nz"}') == {"a": "x\ty\nz"}


def test_a_missing_quote_is_told_where_its_line_ends() -> None:
    assert place(refused('{"a": "x,\n"b": 1}')) == (1, 10)


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    text = r'{"a": "\ud83d", "b": "\ud83d\ude00", "c": "\\ud83d", "\udc00": 1}'

    assert read(text) == {"a": "\ufffd", "b": "😀", "c": r"\ud83d", "\ufffd": 1}


def test_places_are_right_after_a_mended_surrogate() -> None:
    document = parse_document(rb'{"\ud83d": 1, "b": 2}')

    assert document.position(["b"]) == Position(1, 15)
    assert document.position(["\ufffd"]) == Position(1, 2)


@pytest.mark.parametrize("text", ['{"a": 1,}', "{'a': 1}", '{"a": 1} x', '{"a" 1}', "[", '{"a": "'])
def test_broken_json_is_refused(text: str) -> None:
    document = text.encode()

    with pytest.raises(LoadError, match="error CG104: not valid"):
        parse_document(document, uri="file:///api.json", name="api.json")


@pytest.mark.parametrize("text", ["{a: 1, b: [x, y]}", "{ a: 1, b: [x, y,]}"])
def test_flow_style_yaml_is_read_where_json_fails(text: str) -> None:
    assert read(text) == {"a": 1, "b": ["x", "y"]}


def test_mappings_in_flow_style_may_be_in_a_list() -> None:
    assert read("[{a: 1}]") == [{"a": 1}]


def test_json_with_a_trailing_comma_is_good_enough_in_a_yaml_file() -> None:
    document = parse_document(b'{"a": 1,}', uri="file:///api.yaml")

    assert document.value == {"a": 1}


def test_what_is_clearly_json_gets_the_error_of_json() -> None:
    assert "not valid JSON" in str(refused('{"a": 1,}'))


def test_broken_json_in_a_yaml_file_gets_the_error_of_json() -> None:
    with pytest.raises(LoadError, match="not valid JSON"):
        parse_document(b'{"a": 1]}', uri="file:///api.yaml")


def test_broken_flow_style_gets_the_error_of_yaml() -> None:
    assert "not valid YAML" in str(refused("{a: 1, b: ]"))
