"""Texts of the document, made fit for docstrings and comments."""

from __future__ import annotations

import re
import textwrap
import unicodedata

WIDTH = 100
"""Longest line of generated text, indentation apart."""

BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
LINK = re.compile(r"(?<!!)\[([^\[\]]{1,300})\]\(([^()\s]{1,500})\)")
ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def paragraphs(text: str) -> list[str]:
    """Readable plain text of a Markdown or HTML description, a line each."""
    text = BREAK.sub("\n", printable(text).replace("\r\n", "\n").replace("\r", "\n"))
    text = LINK.sub(_link, TAG.sub("", text))
    return [line.rstrip() for line in text.strip().split("\n")]


def summary_and_rest(summary: str, description: str) -> tuple[str, tuple[str, ...]]:
    """The first line of a docstring, and the lines after it."""
    head = one_line(summary)
    rest = paragraphs(description)
    if not head:
        head, rest = _first_sentence(rest)
    elif rest and one_line(" ".join(rest)).rstrip(".") == head.rstrip("."):
        rest = []
    if len(head) > WIDTH:
        first = textwrap.wrap(head, WIDTH - 1)[0]
        rest = [head, "", *rest]
        head = first + "…"
    return _closed(head), wrapped("\n".join(rest))


def wrapped(text: str, width: int = WIDTH) -> tuple[str, ...]:
    """Lines of a description, those that are too long broken, lists kept."""
    lines: list[str] = []
    for line in paragraphs(text):
        if not line:
            if lines and lines[-1]:
                lines.append("")
            continue
        item = ITEM.match(line)
        indent = " " * (len(item.group()) if item else len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line,
            max(width, len(indent) + 20),
            subsequent_indent=indent[:20],
            break_long_words=False,
            break_on_hyphens=False,
        )
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(" ".join(paragraphs(text)).split())


def printable(text: str) -> str:
    """The text without control, direction and unassigned characters, which can deceive a reader."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in "\n\r\t"
        or not unicodedata.category(character).startswith("C")
    ).replace("\t", "    ")


def _link(found: re.Match[str]) -> str:
    label, target = found.groups()
    if target.startswith(("http://", "https://")) and label not in target:
        return f"{label} ({target})"
    return target if target.startswith(("http://", "https://")) else label


def _first_sentence(lines: list[str]) -> tuple[str, list[str]]:
    """The first sentence of a text, and what follows it."""
    paragraph: list[str] = []
    lines = list(lines)
    while lines and lines[0] and not (paragraph and ITEM.match(lines[0])):
        paragraph.append(lines.pop(0).strip().lstrip("# "))
    parts = SENTENCE.split(" ".join(paragraph), maxsplit=1)
    rest = parts[1:] + lines
    while rest and not rest[0]:
        rest.pop(0)
    return parts[0].strip(), rest


def _closed(sentence: str) -> str:
    return sentence if not sentence or sentence[-1] in ".!?…:" else sentence + "."
