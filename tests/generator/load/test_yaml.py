from __future__ import annotations

import pytest
import yaml

from clientgen.diagnostics import Position
from clientgen.load import LoadError, _events, parse_document
from tests.generator.load.reading import read, refused


@pytest.fixture(params=["CBaseLoader", "BaseLoader"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: libyaml's, and the one in Python for where that is missing."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(_events, "_Parser", getattr(yaml, request.param))


TEXTS = """
    on off yes no On y n nUll tRUE 2024-01-01 2024-01-01T00:00:00Z 12:30 1:2:3
    0755 0o14 0x1F 0b1 1_000 1,000 +1 +15551234567 1e 1.2.3 -- . = ٣ 1e999
    .inf -.inf .nan .NaN NaN Infinity
"""


@pytest.mark.parametrize("text", TEXTS.split())
def test_what_is_no_number_and_no_word_stays_text(text: str) -> None:
    assert read(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("12", 12),
        ("-7", -7),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1.10", 1.1),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("Null", None),
        ("~", None),
        ("", None),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    read_value = read(f"a: {text}\n")["a"]

    assert (read_value, type(read_value)) == (value, type(value))


@pytest.mark.parametrize("text", ["true", "null", "12", "1.5", "<<", ""])
def test_quotes_make_text(text: str) -> None:
    assert read(f"a: '{text}'\nb: \"{text}\"") == {"a": text, "b": text}


def test_keys_are_the_text_that_is_written() -> None:
    text = "200: a\non: b\nnull: c\n~: d\n1.10: e\ntrue: f\n'404': g\n"

    assert list(read(text)) == ["200", "on", "null", "~", "1.10", "true", "404"]


def test_block_scalars_are_text() -> None:
    assert read("a: |\n  1\n  2\nb: >-\n  x\n  y\n") == {"a": "1\n2\n", "b": "x y"}


@pytest.mark.parametrize(
    ("tagged", "value"),
    [
        ("!!str 5", "5"),
        ("! 12", "12"),
        ("!!int '5'", 5),
        ("!!int 0o17", 15),
        ("!!int 0x1F", 31),
        ("!!int 010", 10),
        ("!!float 1", 1.0),
        ("!!float .inf", ".inf"),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!binary |\n  aGVs\n  bG8=", "aGVsbG8="),
        ("!!timestamp 2024-01-01", "2024-01-01"),
        ("!!set {x, y}", {"x": None, "y": None}),
        ("!Sub '${x}'", "${x}"),
        ("!!python/object/apply:os.system ['echo no']", ["echo no"]),
        ("!!python/name:os.system ''", ""),
    ],
)
def test_tags_give_plain_values(tagged: str, value: object) -> None:
    read_value = read(f"a: {tagged}\n")["a"]

    assert (read_value, type(read_value)) == (value, type(value))


@pytest.mark.parametrize(
    "tagged", ["!!int abc", "!!int 0o9", "!!float x", "!!bool yes", "!!null x"]
)
def test_a_tag_that_does_not_fit_is_refused(tagged: str) -> None:
    assert str(refused(f"a: {tagged}")).startswith("api.txt:1:4: error CG104: ")


def test_aliases_repeat_what_is_anchored() -> None:
    text = "a: &x {b: 1}\nc: *x\nd: &k key\n*k : *k\n"

    assert read(text) == {"a": {"b": 1}, "c": {"b": 1}, "d": "key", "key": "key"}


def test_an_anchor_may_be_on_a_key_and_be_given_again() -> None:
    assert read("&x a: &y 1\nb: *x\nc: &y 2\nd: *y\n") == {"a": 1, "b": "a", "c": 2, "d": 2}


def test_own_keys_win_over_merged_ones() -> None:
    text = "a: &a {x: 1, y: 1}\nb:\n  y: 2\n  <<: *a\n  z: 3\n"

    assert read(text)["b"] == {"x": 1, "y": 2, "z": 3}


def test_the_first_of_several_merged_mappings_wins() -> None:
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\nd:\n  <<: *b\n  <<: *a\n"

    value = read(text)

    assert (value["c"], value["d"]) == ({"x": 1, "y": 2}, {"x": 2, "y": 2})


def test_merges_reach_through_merges() -> None:
    text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, !!merge m: {z: 3}}\n"

    assert read(text)["c"] == {"x": 1, "y": 2, "z": 3}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert read("'<<': 1\n") == {"<<": 1}


@pytest.mark.parametrize("value", ["1", "[1]", "null"])
def test_only_mappings_are_merged(value: object) -> None:
    assert "the merge key << takes a mapping" in str(refused(f"<<: {value}\n"))


def test_a_merged_node_is_where_it_is_written() -> None:
    text = "a: &a\n  x: {y: 1}\nb:\n  <<: [*a]\n  z: 2\nc: *a\n"
    document = parse_document(text.encode())

    assert document.position(["b", "x", "y"]) == Position(2, 7)
    assert document.position(["b", "z"]) == Position(5, 3)
    assert document.position(["c"]) == Position(6, 1)
    assert document.position(["c", "x"]) == Position(2, 3)


def test_a_duplicate_key_names_both_lines() -> None:
    error = refused("x:\n  a: 1\n  b: 2\n  'a': 3\n")

    assert str(error).startswith("api.txt:4:3: error CG105: ")
    assert '"a" is given twice, on lines 2 and 4' in str(error)


def test_a_long_or_wild_key_is_cut_in_messages() -> None:
    key = '"\\e[31m' + "x" * 500 + '"'

    message = str(refused(f"{key}: 1\n{key}: 2\n"))

    assert "\x1b" not in message
    assert len(message) < 250


def test_an_alias_without_anchor_is_refused() -> None:
    assert "no anchor before the alias" in str(refused("a: *x\nb: &x 1\n"))


def test_an_alias_within_its_own_anchor_is_refused() -> None:
    assert "stands inside what it refers to" in str(refused("a: &x [1, *x]\n"))


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\n", "{{{ name }}: 1}", "a: &x []\n*x : 1"])
def test_a_key_that_is_no_text_is_refused(text: str) -> None:
    assert "a key must be text" in str(refused(text))


def test_a_second_document_is_refused() -> None:
    error = refused("a: 1\n---\nb: 2\n")

    assert str(error).startswith("api.txt:2:1: error CG104: a second YAML document begins here")


@pytest.mark.parametrize("text", ["%YAML 1.2\n---\na: 1\n...\n", "# x\n--- # y\na: 1\n"])
def test_markers_around_the_only_document_are_no_matter(text: str) -> None:
    assert read(text) == {"a": 1}


def test_a_tab_that_indents_is_refused() -> None:
    error = refused("a:\n\tb: 1\n")

    assert str(error).startswith("api.txt:2:1: error CG104: not valid YAML: a tab")


def test_tabs_that_indent_nothing_are_let_through() -> None:
    text = "a: 1\n\t\nb: 2\n  \t # comment\nc: |\n  x\n\t\n  y\n"
    document = parse_document(text.encode())

    assert document.value == {"a": 1, "b": 2, "c": "x\n\ny\n"}
    assert document.position(["c"]) == Position(5, 1)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_unicode_separators_are_text(separator: str) -> None:
    text = f"a: |\n  x{separator}y\nb: x{separator}y\n'c{separator}': 1\n"

    assert read(text) == {
        "a": f"x{separator}y\n",
        "b": f"x{separator}y",
        f"c{separator}": 1,
    }


def test_unicode_separators_are_told_from_private_characters() -> None:
    assert read('{a: "\ue000\u2028\ue001\x85"}') == {"a": "\ue000\u2028\ue001\x85"}


def test_json_escapes_beyond_the_basic_plane_are_understood() -> None:
    text = 'a: "\\ud83d\\ude00 \\ud83d"\nb: \\ud83d\n'

    assert read(text) == {"a": "😀 \ufffd", "b": "\\ud83d"}


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: `x`", "1:4", "a value that begins with ` must be in quotes"),
        ("a: b: c", "1:5", "mapping values are not allowed"),
        ("a: [1\nb: 2", "2:2", "while parsing a flow sequence that begins on line 1"),
        ("a: 'x\nb: c\n", "3:1", "while scanning a quoted scalar that begins on line 1"),
        ("a: x\x07", "1:5", "the character U+0007 may not occur"),
        ("- a\nb: 1", "2:1", "while parsing a block collection that begins on line 1"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str, problem: str) -> None:
    message = str(refused(text))

    assert message.startswith(f"api.txt:{place}: error CG104: not valid YAML: ")
    assert problem in message


def test_comments_alone_are_an_empty_value() -> None:
    assert read("# nothing\n") is None


def test_a_mistake_may_be_in_the_first_character() -> None:
    with pytest.raises(LoadError, match="api:1:1: error CG104"):
        parse_document(b"@", name="api")
