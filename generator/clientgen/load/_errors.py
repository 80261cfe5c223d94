"""How loading fails."""

from __future__ import annotations

from enum import Enum

from clientgen.diagnostics import Diagnostic, Severity, Where, one_line

_LONGEST_QUOTE = 80


class Code(str, Enum):
    """The codes of the load stage."""

    UNREADABLE = "CG101"
    """The file or standard input cannot be read."""
    UNREACHABLE = "CG102"
    """The URL cannot be fetched."""
    NOT_TEXT = "CG103"
    """The bytes are no Unicode text."""
    SYNTAX = "CG104"
    """The text is neither JSON nor YAML."""
    DUPLICATE_KEY = "CG105"
    """A mapping has the same key twice."""
    TOO_BIG = "CG106"
    """The document is too deep, too long, or its aliases expand too far."""
    WRONG_CONTENT = "CG107"
    """The document is empty, a web page, or no mapping."""
    REFUSED = "CG108"
    """A document refers to a place that it may not reach."""


class LoadError(Exception):
    """A document cannot be loaded.

    Attributes:
        diagnostic: What is wrong, with the place in the document when there is one.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(one_line(str(diagnostic)))
        self.diagnostic = diagnostic


class Flaw(Exception):  # noqa: N818 - it becomes a LoadError as soon as its document is known
    """What is wrong with a text, and at which character."""

    def __init__(self, code: Code, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset


def load_error(code: Code, message: str, where: Where | None = None) -> LoadError:
    """The error that tells this."""
    return LoadError(Diagnostic(code.value, Severity.ERROR, one_line(message), where))


def quoted(text: str) -> str:
    """A piece of a document, fit for a message: quoted, and cut when long."""
    cut = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
    return f'"{one_line(cut)}"'


def without_query(url: str) -> str:
    """A URL, fit for a message: what follows the question mark can be a secret."""
    address, mark, _ = url.partition("?")
    return f"{address}?..." if mark else address
