"""Texts of the document, made fit for docstrings and comments."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clientgen.load import Json

WIDTH = 110
"""Longest line of generated text, indentation apart."""

BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
CODE_OR_TAG = re.compile(r"`[^`\n]+`|<(/?)([a-zA-Z][\w.-]*)(\s[^<>]{0,200}|/)?>")
CLOSED = re.compile(r"</([a-zA-Z][\w.-]*)\s*>")
AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
HTML = re.compile(
    "a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img"
    "|ins|kbd|li|ol|p|pre|s|samp|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th"
    "|thead|tr|tt|u|ul"
)
"""Elements that texts are marked up with; other words in angle brackets stand for something."""

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,300})\]\(((?:[^()\s]|\([^()\s]{0,100}\)){1,500})(?:\s+\"[^\"\n]{0,200}\")?\)"
)
QUOTE = re.compile(r"^\s*>\s?", re.MULTILINE)
CALLOUT = re.compile(r"^\[!(\w+)\]\s*$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,300})(?<=\S)\*\*")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+", re.MULTILINE)
RULE = re.compile(r"^[ ]{0,3}([-*_=])(?:[ ]?\1){2,}[ ]*$", re.MULTILINE)
ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s")
OWN_LINE = re.compile(r"\s*([-*+|]|\d+[.)]|```| {2}|(Note|Tip|Important|Warning|Caution):$)")
"""How lines start that do not go on with what is before them."""

ENDED = re.compile(r"[.!?…:][\"')\]\u2019\u201d]*$")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def paragraphs(text: str) -> list[str]:
    """Readable plain text of a Markdown or HTML description, a line each."""
    text = BREAK.sub("  \n", printable(text).replace("\r\n", "\n").replace("\r", "\n"))
    text = CALLOUT.sub(_callout, QUOTE.sub("", COMMENT.sub("", text)))
    text = BOLD.sub(r"\1", LINK.sub(_link, _without_tags(text)))
    text = ENTITY.sub(_character, RULE.sub("", HEADING.sub("\n", text)))
    return [line.rstrip() for line in _flowing(text.strip().split("\n"))]


def _flowing(lines: list[str]) -> Iterator[str]:
    """Lines of which those go on that are too long to stand alone, as Markdown reads them."""
    paragraph, is_code = lines[:1], False
    for line in lines[1:]:
        before = paragraph[-1]
        is_code ^= before.lstrip().startswith("```")
        # Two spaces at the end of a line are a break that is meant.
        is_open = not (is_code or before.endswith(("  ", ":")))
        is_long = len(paragraph) > 1 or len(before) > WIDTH
        if is_long and is_open and line.strip() and not OWN_LINE.match(line):
            paragraph.append(line)
        else:
            yield " ".join(map(str.rstrip, paragraph))
            paragraph = [line]
    yield " ".join(map(str.rstrip, paragraph))


def summary_and_rest(summary: str, description: str) -> tuple[str, tuple[str, ...]]:
    """The first line of a docstring, and the lines after it."""
    head = one_line(summary)
    rest = paragraphs(description)
    if len(head) > WIDTH:  # a description that stands in the wrong place
        head, rest = "", [*paragraphs(summary), "", *rest]
    if not head:
        head, rest = _first_sentence(rest)
    elif rest and one_line(" ".join(rest)).rstrip(".") == head.rstrip("."):
        rest = []
    if len(head) > WIDTH:
        first, *others = textwrap.wrap(head, WIDTH - 1)
        head, rest = first + "…", ["…" + " ".join(others), *rest]
    lines = _broken(rest)
    if len(lines) > LONGEST:
        lines = _cut_lines(lines[:LONGEST])
    return _closed(head), lines


def _cut_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The first lines of more; not those that only lead to what is cut."""
    *before, last = lines
    if before and last.endswith(":"):
        last = " ".join(SENTENCE.split(last)[:-1])
    elif before and not before[-1] and len(last) < SHORT and not is_closed(last):
        last = ""  # a heading
    if before and not last:
        return _cut_lines(before)
    return (*before, _cut(last))


def _cut(line: str) -> str:
    return line.rstrip(" .,;:") + "…"


def wrapped(text: str) -> tuple[str, ...]:
    """Lines of a description, those that are too long broken, lists kept."""
    return _broken(paragraphs(text))


def _broken(given: Sequence[str]) -> tuple[str, ...]:
    lines: list[str] = []
    for line in given:
        if not line:
            if lines and lines[-1]:
                lines.append("")
            continue
        item = ITEM.match(line)
        indent = " " * (len(item.group()) if item else len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line,
            max(WIDTH, len(indent) + 20),
            subsequent_indent=indent[:20],
            break_long_words=False,
            break_on_hyphens=False,
        )
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


LONGEST = 4
"""Lines of a description; longer ones are cut, the document has the rest."""

SHORT = WIDTH // 2
"""A line shorter than this that stands alone and is no sentence is a heading."""

LONGEST_ARGUMENT = 2
"""Lines that an argument is told in; the model of a body has the whole text."""


def argument_lines(name: str, text: str, more: str = "") -> tuple[str, ...]:
    """The first paragraph on an argument, as lines after its name.

    Args:
        name: Its name.
        text: What is said of it.
        more: The same with an example, which is taken if it needs no more lines.
    """
    lines, longer = _after(name, text), _after(name, more or text)
    if len(longer) == len(lines):
        lines = longer
    if len(lines) > LONGEST_ARGUMENT:
        lines = [*lines[: LONGEST_ARGUMENT - 1], _cut(lines[LONGEST_ARGUMENT - 1])]
    return tuple(lines)


def _after(name: str, text: str) -> list[str]:
    first = one_line(without_links(text).strip().split("\n\n", 1)[0])
    return textwrap.wrap(first, WIDTH - 8, initial_indent=f"{name}: ", break_long_words=False)


LONGEST_EXAMPLE = 40
"""Longest example that is shown, in characters."""

ODD_IN_EXAMPLES = re.compile(r"[`<>*\[\]\\\"]")
"""What would be taken for Markdown or HTML, or has to be escaped."""


def with_example(sentence: str, examples: Sequence[Json]) -> str:
    """A sentence with the first short example that it does not have itself."""
    for each in examples:
        shown = str(each) if isinstance(each, str | int | float) else ""
        is_short = 0 < len(shown) <= LONGEST_EXAMPLE and not isinstance(each, bool)
        is_plain = shown.isprintable() and not ODD_IN_EXAMPLES.search(shown)
        if is_short and is_plain and shown not in sentence:
            stop = "." if sentence.endswith(".") else ""
            return f"{sentence.removesuffix('.')} (example: `{shown}`){stop}"
    return sentence


def argument_line(name: str, text: str) -> str:
    """An argument in one line: its name and the first sentence on it."""
    lines = argument_lines(name, SENTENCE.split(one_line(text), maxsplit=1)[0])
    return _cut(lines[0]) if len(lines) > 1 else "".join(lines)


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
        if character in "\n\r\t" or not unicodedata.category(character).startswith("C")
    ).replace("\t", "    ")


def without_links(text: str) -> str:
    """Markdown with the labels of its links alone, for places where room is short."""
    return LINK.sub(r"\1", text)


def _callout(found: re.Match[str]) -> str:
    return f"{found[1].capitalize()}:"


def _without_tags(text: str) -> str:
    """Without the tags of HTML; what stands for something, as in `refs/heads/<branch>`, stays."""
    if "<" not in text:
        return text
    closed = {name.lower() for name in CLOSED.findall(text)}

    def shown(found: re.Match[str]) -> str:
        slash, name, more = found.groups()
        name = (name or "").lower()
        is_known = name in closed or HTML.fullmatch(name)
        return "" if slash or is_known or more == "/" or "=" in (more or "") else found[0]

    return CODE_OR_TAG.sub(shown, AUTOLINK.sub(r"\1", text))


def _character(found: re.Match[str]) -> str:
    character = printable(html.unescape(found[0]))
    return " " if character.isspace() else character


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
    return sentence if not sentence or is_closed(sentence) else sentence + "."


def is_closed(sentence: str) -> bool:
    """Whether a text ends as sentences do, be it within quotation marks or brackets."""
    return ENDED.search(sentence) is not None
