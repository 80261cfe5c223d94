from __future__ import annotations

import json
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen.diagnostics import Position, Where
from clientgen.load import LoadError, _json, _yaml, parse_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
MAPPINGS = st.dictionaries(TEXTS, VALUES, max_size=5)
RANDOMS = st.randoms(use_true_random=False)
Keys = tuple[Any, ...]


class Writer:
    """Writes a document and notes where it puts each node."""

    def __init__(self, random: Random) -> None:
        self.text = ""
        self.places: dict[Keys, Position] = {}
        self._random = random
        self.line_end = random.choice(["\n", "\r\n"])

    def note(self, keys: Keys) -> None:
        lines = self.text.split(self.line_end)
        self.places[keys] = Position(len(lines), len(lines[-1]) + 1)

    def space(self) -> str:
        return self._random.choice(["", "", " ", self.line_end, "  " + self.line_end + "\t"])

    def json(self, value: object, keys: Keys) -> None:
        """JSON with white space wherever it may be."""
        for token in self._json(value, keys):
            self.text += token + self.space()

    def _json(self, value: object, keys: Keys) -> Iterator[str]:
        if isinstance(value, dict):
            yield "{"
            for number, (key, child) in enumerate(value.items()):
                if number:
                    yield ","
                self.note((*keys, key))
                yield self._string(key)
                yield ":"
                yield from self._json(child, (*keys, key))
            yield "}"
        elif isinstance(value, list):
            yield "["
            for number, child in enumerate(value):
                if number:
                    yield ","
                self.note((*keys, number))
                yield from self._json(child, (*keys, number))
            yield "]"
        else:
            yield self._string(value)

    def yaml(self, value: object, keys: Keys, indent: int) -> None:
        """YAML in block style, with flow style here and there; the cursor is where it begins."""
        if value and isinstance(value, (dict, list)) and self._random.random() < 0.8:
            self._block(value, keys, indent)
        else:
            self._flow(value, keys)

    def _block(self, value: object, keys: Keys, indent: int) -> None:
        if isinstance(value, dict):
            for number, (key, child) in enumerate(value.items()):
                self._next_line(number, indent)
                self.note((*keys, key))
                self.text += self._key(key) + ":"
                self._below(child, (*keys, key), indent)
        elif isinstance(value, list):
            for number, child in enumerate(value):
                self._next_line(number, indent)
                self.text += "- "
                self.note((*keys, number))
                self.yaml(child, (*keys, number), indent + 2)

    def _below(self, child: object, keys: Keys, indent: int) -> None:
        """The value of a key: in the lines below it, or after it."""
        if child and isinstance(child, (dict, list)) and self._random.random() < 0.8:
            deeper = indent + (2 if isinstance(child, dict) else self._random.choice([0, 2]))
            self._next_line(1, deeper)
            self._block(child, keys, deeper)
        else:
            self.text += " "
            self._flow(child, keys)

    def _flow(self, value: object, keys: Keys) -> None:
        for token in self._json(value, keys):
            self.text += token + ("" if token[0] in '"[{]}' else " ")

    def _next_line(self, number: int, indent: int) -> None:
        if number:
            comment = self._random.choice(["", "", "  # note", self.line_end])
            self.text += comment + self.line_end + " " * indent

    def _key(self, key: str) -> str:
        if key.isascii() and key.isalnum() and self._random.random() < 0.5:
            return key
        return "'" + key.replace("'", "''") + "'"

    def _string(self, value: object) -> str:
        return json.dumps(value, ensure_ascii=self._random.random() < 0.1)


def as_json(value: object, random: Random) -> Writer:
    writer = Writer(random)
    writer.text = writer.space()
    writer.note(())
    writer.json(value, ())
    return writer


def as_yaml(value: object, random: Random) -> Writer:
    writer = Writer(random)
    writer.text = "# first" + writer.line_end
    writer.note(())
    writer.yaml(value, (), 0)
    return writer


@pytest.mark.parametrize("write", [as_json, as_yaml])
@settings(deadline=None)
@given(value=MAPPINGS, random=RANDOMS)
def test_each_node_is_where_it_was_written(
    write: Callable[[object, Random], Writer], value: object, random: Random
) -> None:
    writer = write(value, random)
    document = parse_document(writer.text.encode())

    assert document.value == value
    assert {keys: document.position(keys) for keys in writer.places} == writer.places


@settings(deadline=None)
@given(value=VALUES)
def test_json_and_yaml_agree(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)

    assert _yaml.parse(text)[0] == _json.parse(text)[0] == value


@settings(deadline=None)
@given(text=st.text(max_size=40) | st.text(alphabet="{}[]\":,-&*<|>'#% \n\t\\ax1", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse_document(text.encode("utf-8", "replace"))
    except LoadError as error:
        where = error.diagnostic.where
    else:
        where = Where(document, ("a", 0))

    assert where is not None
    assert where.position.line >= 1


@pytest.mark.parametrize("text", ['{"a": {"b": [1]}}', "a: {b: [1]}"])
def test_keys_that_lead_nowhere_mean_the_last_node_on_the_way(text: str) -> None:
    document = parse_document(text.encode())
    item = document.position(["a", "b", 0])

    assert document.position(["a", "b", 0, "x", "y"]) == item
    assert document.position(["a", "b", "0"]) == item
    for stray in (1, -1, "x", "-1", "1" * 5000):
        assert document.position(["a", "b", stray]) == document.position(["a", "b"])


def test_a_number_finds_the_key_of_that_text() -> None:
    document = parse_document(b"responses:\n  200: {}\n")

    assert document.position(["responses", 200]) == Position(2, 3)


@pytest.mark.parametrize("indent", [None, 1])
def test_many_questions_about_a_large_document_are_cheap(indent: int | None) -> None:
    value = {f"k{n}": {"items": [{"x": [n, "a"]}] * 20} for n in range(2_000)}
    document = parse_document(json.dumps(value, indent=indent).encode())
    questions = [(f"k{n}", "items", 19, "x", 1) for n in range(2_000)]
    document.position(questions[0])

    start = process_time()
    found = {document.position(keys) for keys in questions}

    assert len(found) == len(questions)
    assert process_time() - start < 2
