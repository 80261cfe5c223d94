"""Short words for reading a document in a test."""

from __future__ import annotations

from typing import Any

import pytest

from clientgen.load import LoadError, parse_document


def read(text: str | bytes) -> Any:
    """The value of a document."""
    return parse_document(_bytes(text)).value


def refused(text: str | bytes) -> LoadError:
    """The error of a document that cannot be read; it is always one line."""
    with pytest.raises(LoadError) as caught:
        parse_document(_bytes(text), name="api.txt")
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def place(error: LoadError) -> tuple[int, int]:
    """Line and column of an error."""
    assert error.diagnostic.where is not None
    position = error.diagnostic.where.position
    return position.line, position.column


def line(error: LoadError) -> str:
    """The text that an error is about."""
    where = error.diagnostic.where
    assert where is not None
    return where.document.line(where.position.line)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
