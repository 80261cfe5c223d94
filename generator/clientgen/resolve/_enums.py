"""What documents say about single values of enumerations, for lack of a keyword in extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._node import Node, scalar_text
from ._shared import as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMES = ("x-enum-varnames", "x-enumNames", "x-enum-names", "x-speakeasy-enums")
TEXTS = (
    "x-enum-descriptions",
    "x-enumDescriptions",
    "x-google-enum-descriptions",
    "x-speakeasy-enum-descriptions",
)


def explained(node: Node) -> str:
    """The values that the document explains, as a Markdown list; empty when it explains none."""
    values = node.mapping.get("enum")
    if not isinstance(values, list):
        return ""
    texts = [scalar_text(value) for value in values]
    names = {**_of_microsoft(node, "name"), **_of_fern(node, "name"), **_told(node, NAMES, texts)}
    descriptions = {
        **_of_microsoft(node, "description"),
        **_of_fern(node, "description"),
        **_told(node, TEXTS, texts),
    }
    lines = (_line(text, names.get(text, ""), descriptions.get(text, "")) for text in texts)
    return "\n".join(line for line in lines if line)


def _line(value: str, name: str, description: str) -> str:
    """A value with its name, where that says more, and its description."""
    is_telling = bool(name) and _plain(name) != _plain(value)
    head = f"`{value}` ({name})" if is_telling else f"`{value}`"
    if not (is_telling or description):
        return ""
    return f"- {head}: {' '.join(description.split())}" if description else f"- {head}"


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _told(node: Node, words: Iterable[str], values: list[str]) -> dict[str, str]:
    """An extension's texts by value: a list beside `enum`, or an object."""
    found = next((given for word in words if (given := node.get(word)) is not None), None)
    if found is None:
        return {}
    if isinstance(found.value, list):
        texts = [scalar_text(text) for text in found.value]
        return dict(zip(values, texts, strict=False))
    return {value: scalar_text(text) for value, text in as_object(found.value).items()}


def _of_microsoft(node: Node, word: str) -> dict[str, str]:
    """The same from `x-ms-enum`, which lists values with what is said of each."""
    stated = node.get("x-ms-enum")
    values = stated.get("values") if stated is not None else None
    return dict(_pairs(values, word)) if values is not None else {}


def _of_fern(node: Node, word: str) -> dict[str, str]:
    """The same from `x-fern-enum`, an object by values."""
    stated = node.get("x-fern-enum")
    found = {value: each.text(word) for value, each in stated.entries()} if stated else {}
    return {value: text for value, text in found.items() if text}


def _pairs(values: Node, word: str) -> Iterator[tuple[str, str]]:
    for item in values.items():
        text = item.text(word)
        if text and "value" in item.mapping:
            yield scalar_text(item.mapping["value"]), text
