"""Markdown and HTML of documents become plain lines of docstrings."""

import pytest

from clientgen.build._docs import (
    WIDTH,
    argument_lines,
    one_line,
    summary_and_rest,
    with_example,
    wrapped,
)

LINES = {
    "tags go": ("<p>One <b>two</b><br>three</p>", ("One two", "three")),
    "links show where they lead": (
        "See [us](https://a.example).",
        ("See us (https://a.example).",),
    ),
    "links may have brackets and titles": (
        'See [us](https://a.example/b_(c)#d "Title").',
        ("See us (https://a.example/b_(c)#d).",),
    ),
    "links within the document do not": ("See [us](#us).", ("See us.",)),
    "callouts are words": ("> [!NOTE]\n> Careful.", ("Note:", "Careful.")),
    "comments go": ("One <!-- two --> three", ("One  three",)),
    "paragraphs stay": ("One.\n\n\nTwo.", ("One.", "", "Two.")),
    "what cannot be seen goes": ("O\u202ene\u0000", ("One",)),
    "lists stay": ("- one\n- two", ("- one", "- two")),
    "what stands for something stays": (
        "`refs/<branch name>`, <owner>/<repo>, `<b>`",
        ("`refs/<branch name>`, <owner>/<repo>, `<b>`",),
    ),
    "tags that nobody knows go": ("<Note>Careful</Note><x-y/><z k=1>.", ("Careful.",)),
    "addresses in brackets stay": ("See <https://a.example/b>.", ("See https://a.example/b.",)),
    "entities are characters": (
        "&quot;&lt;id&gt;&quot;&nbsp;&Ouml;l&#x202e; &x=1",
        ('"<id>" Öl &x=1',),
    ),
    "spaces of any kind are spaces": ("One&#13;two&emsp;three.", ("One two three.",)),
    "nothing is nothing": (" \n ", ()),
}


@pytest.mark.parametrize(("text", "lines"), LINES.values(), ids=LINES)
def test_of_descriptions(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text) == lines


def test_long_lines_are_broken_and_items_indented() -> None:
    lines = wrapped("- " + "word " * 60)

    assert max(map(len, lines)) <= WIDTH
    assert {line[:2] for line in lines[1:]} == {"  "}


LONG = "word " * 30


@pytest.mark.parametrize(
    "line", ["- item", "1. item", "| cell |", "  indented", "```", "> [!NOTE]", "# Title", ""]
)
def test_long_lines_go_on_in_the_next_one_but_not_in_what_is_no_text(line: str) -> None:
    goes_on = wrapped(f"{LONG}\nand the rest.")
    stops = wrapped(f"{LONG}\n{line}\nand the rest.")

    assert (len(goes_on), goes_on[-1].endswith("word and the rest.")) == (2, True)
    assert (len(stops) > 2, stops[-1]) == (True, "and the rest.")


@pytest.mark.parametrize("end", ["<br>", ":", "  "])
def test_breaks_that_are_meant_stay(end: str) -> None:
    assert wrapped(f"{LONG.rstrip()}{end}\nMore.")[-1] == "More."


@pytest.mark.parametrize(
    ("summary", "description", "head", "rest"),
    [
        ("Find", "", "Find.", ()),
        ("Find!", "Slowly.", "Find!", ("Slowly.",)),
        ("", "Finds it. Then more.", "Finds it.", ("Then more.",)),
        ("", "# Title\n\nText.", "Title.", ("Text.",)),
        ("Find it", "Find it.", "Find it.", ()),
        ('Read "The pets."', "", 'Read "The pets."', ()),
        ("", "", "", ()),
    ],
)
def test_a_docstring_has_a_first_line(
    summary: str, description: str, head: str, rest: tuple[str, ...]
) -> None:
    assert summary_and_rest(summary, description) == (head, rest)


def test_a_long_summary_goes_on_below() -> None:
    head, rest = summary_and_rest("word " * 60, "")

    assert (len(head) <= WIDTH, head[-1], len(rest) > 1) == (True, "…", True)


def test_a_long_description_is_cut() -> None:
    _, rest = summary_and_rest("Find.", "\n".join(f"Line {n}." for n in range(20)))

    assert rest[-1].endswith("…")


@pytest.mark.parametrize("last", ["", "Note:"])
def test_a_description_is_not_cut_before_what_is_left_out(last: str) -> None:
    _, rest = summary_and_rest("Find.", f"One.\nTwo.\nThree.\n{last}\nFour.")

    assert rest == ("One.", "Two.", "Three…")


def test_a_heading_is_cut_with_what_is_below_it() -> None:
    _, rest = summary_and_rest("Find.", "One.\nTwo.\n\n## Three\n\nFour.")

    assert rest == ("One.", "Two…")


def test_what_leads_on_is_cut_without_what_is_before_it() -> None:
    _, rest = summary_and_rest("Find.", "One.\nTwo.\nThree.\nFour. For example:\n- Five")

    assert rest == ("One.", "Two.", "Three.", "Four…")


def test_an_argument_is_told_briefly() -> None:
    lines = argument_lines("page", "Which page. " * 40 + "\n\nMore.")

    assert (len(lines), lines[0].startswith("page: Which"), lines[-1][-1]) == (2, True, "…")


@pytest.mark.parametrize(
    ("examples", "told"),
    [
        (("abc",), "Its name (example: `abc`)."),
        ((7, 8), "Its name (example: `7`)."),
        ((True, None, {}, "a`b", "<b>", 'a"b', "x" * 41, "", "y"), "Its name (example: `y`)."),
        (("name",), "Its name."),
        ((), "Its name."),
    ],
)
def test_a_short_example_is_told(examples: tuple[object, ...], told: str) -> None:
    assert with_example("Its name.", examples) == told  # type: ignore[arg-type]


def test_an_example_takes_no_line_of_its_own() -> None:
    text = "word " * 19

    assert argument_lines("page", text, f"{text} (example: `7`)") == argument_lines("page", text)
    assert argument_lines("page", "Which.", "Which (example: `7`).") == (
        "page: Which (example: `7`).",
    )


def test_one_line_is_one_line() -> None:
    assert one_line(" One\n\ntwo <b>three</b> ") == "One two three"
