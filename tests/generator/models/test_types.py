"""The types that signatures print are those that models have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.document import mapping
from tests.support.generated import generated

# Schema, argument of a call, field of a model (without the null of what may be absent).
TYPES = {
    "a": ("tuple[float, M | MDict]", "tuple[float, M]"),
    "b": ("list[tuple[str | None, date]]", "list[tuple[str | None, Date]]"),
    "c": ('list[Literal["x", "y"] | int | str]', 'list[Literal["x", "y"] | str | int]'),
    "d": ("list[Any]", "list[Any]"),
    "f": ('Literal["x"] | None', 'Literal["x"]'),
    "g": ('Literal["x", "y", 1]', 'Literal["x", "y", 1] | str | int'),
    "h": ("dict[str, list[int]]", "dict[str, list[int]]"),
    "i": ("str | list[str]", "str | list[str]"),
    "j": ("M | MDict | str", "M | str"),
    "k": ("Any", "Any"),
    "l": ("float | str", "int | float | str"),
    "m": ('Literal["x"]', 'Literal["x"]'),
    "n": ("timedelta", "Duration"),
    "o": ("list[E | None]", "list[E | str | None]"),
    "q": ("list[str | None]", "list[str | None]"),
    "s": ("bytes", "Binary"),
    "t": ("Decimal", "DecimalNumber"),
    "u": ("dict[str, Any]", "dict[str, Any]"),
    "v": ("Sequence[M | MDict]", "list[M]"),
    "x": ("Literal[True]", "Literal[True]"),
    "y": ('int | Literal["auto"]', 'int | Literal["auto"]'),
}
DOCUMENT = Path(__file__).with_name("types.yaml")


@pytest.mark.parametrize("name", TYPES)
def test_an_argument_has_the_type(name: str) -> None:
    operations = generated(DOCUMENT).inspection["operations"]
    assert isinstance(operations, list)
    (operation,) = operations
    content = mapping(mapping(mapping(operation)["body"])["content"])
    fields = mapping(content["application/json"])["fields"]
    assert isinstance(fields, list)
    printed = {f["name"]: f["annotation"] for f in map(mapping, fields)}

    assert str(printed[name]).replace("'", '"') == f"{TYPES[name][0]} | Omit"


@pytest.mark.parametrize("name", TYPES)
def test_a_field_has_the_type(name: str) -> None:
    sdk = generated(DOCUMENT)
    text = (sdk.folder / sdk.name / "models" / "t.py").read_text(encoding="utf-8")
    found = re.search(rf"^    {name}: (.*?)(?: \| None)? = None$", text, re.MULTILINE)

    assert found is not None
    assert found[1] == TYPES[name][1]
