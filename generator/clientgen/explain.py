"""What each diagnostic means; a page a code, in `explanations`."""

from __future__ import annotations

import sys
from functools import cache
from importlib.resources import files


@cache
def pages() -> dict[str, str]:
    """The Markdown of each page, by code."""
    folder = files("clientgen") / "explanations"
    found = {page.name.removesuffix(".md"): page for page in folder.iterdir()}
    return {code: found[code].read_text("utf-8") for code in sorted(found)}


def titles() -> dict[str, str]:
    """What each code is about, in a few words."""
    return {
        code: text.partition("\n")[0].removeprefix(f"# {code}: ") for code, text in pages().items()
    }


def explanation(code: str) -> str:
    """The page of a code.

    Args:
        code: Such as `CG201`, in any case.

    Raises:
        KeyError: There is no such code; its argument says so in words.
    """
    text = pages().get(code.upper())
    if text is None:
        raise KeyError(f"there is no diagnostic {code!r}")
    return text


def show_explanation(text: str) -> None:
    """Print a page: laid out on a terminal, as it is elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        sys.stdout.write(text)
