"""Text of a document enters a file through a few filters that make it harmless."""

from __future__ import annotations

import ast
import sys

from hypothesis import given
from hypothesis import strategies as st

from clientgen.render import HOME_OF, docstring_line, docstring_text, imports, literal, toml_string

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ANY_TEXT = st.text(st.characters() | st.sampled_from("\"'\\\n\r\t{}%#\0\u2028"))
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\"'\\"))
VALUES = st.recursive(
    ANY_TEXT | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)


@given(VALUES)
def test_a_literal_is_its_value(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(VALUES)
def test_a_literal_can_be_stored(value: object) -> None:
    text = literal(value)

    assert "\n" not in text
    assert text.encode()


@given(LINES)
def test_a_line_of_a_docstring_is_what_it_was(text: str) -> None:
    source = f'"""x\n{docstring_line(text)}\n"""'

    assert ast.literal_eval(source) == f"x\n{text}\n"


@given(LINES)
def test_the_end_of_a_docstring_is_what_it_was(text: str) -> None:
    source = f'"""x {docstring_text(text)}"""'

    assert ast.literal_eval(source) == f"x {text}"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_in_toml_is_what_it_was(text: str) -> None:
    assert tomllib.loads(f"a = {toml_string(text)}") == {"a": text}


@given(st.text())
def test_text_in_toml_can_always_be_stored(text: str) -> None:
    assert tomllib.loads(f"a = {toml_string(text)}".encode().decode())


@given(st.permutations(["Any", "UUID", "Decimal", "Literal", "Pet", "str"]))
def test_imports_do_not_depend_on_an_order(names: list[str]) -> None:
    assert imports(names) == [
        ("typing", ["Any", "Literal"]),
        ("uuid", ["UUID"]),
        ("decimal", ["Decimal"]),
    ]


def test_every_name_has_one_home() -> None:
    assert sum(len(names) for _, names in imports(HOME_OF)) == len(HOME_OF)
