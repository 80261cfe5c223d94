"""What a command prints."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import TYPE_CHECKING, cast

from .._errors import ClientError, HTTPError
from .._json import exact_dumps

if TYPE_CHECKING:
    from collections.abc import Iterable


def show(result: object, *, is_all: bool, limit: int | None) -> None:
    """Print what a call returned.

    Args:
        result: A value, bytes, the first page of a list, or a stream.
        is_all: Whether items of all pages are wanted.
        limit: Most items that are wanted, over all pages.
    """
    from .._pages import Page
    from .._streams import Stream

    match result:
        case None:
            return
        case bytes():
            sys.stdout.buffer.write(result)
            sys.stdout.buffer.flush()
        case Stream():
            with cast("Stream[object]", result) as items:
                for item in items:
                    _line(exact_dumps(item))
        case Page():
            page = cast("Page[object]", result)
            if is_all or limit is not None:
                _array(islice(page, limit))
            else:
                _value(page.items)
        case _:
            _value(result)


def _value(value: object) -> None:
    # What programs read is on one line, whatever is in it.
    _line(exact_dumps(value, 2 if sys.stdout.isatty() else None))


def _array(items: Iterable[object]) -> None:
    """A JSON array whose items are printed as they come."""
    end = "["
    for item in items:
        sys.stdout.write(end)
        _line(exact_dumps(item))
        end = ","
    _line(b"[]" if end == "[" else b"]")


def _line(text: bytes) -> None:
    told = text.decode()
    sys.stdout.write((harmless(told) if sys.stdout.isatty() else told) + "\n")
    sys.stdout.flush()


def harmless(text: str) -> str:
    """A text without what commands a terminal, which a server may have put into it."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def copy(chunks: Iterable[bytes]) -> None:
    """Print a body as it came."""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def show_error(error: ClientError) -> None:
    """Tell what went wrong, with what the server says of it."""
    sys.stderr.write(harmless(f"error: {error}\n"))
    if isinstance(error, HTTPError) and error.body not in (None, "", b""):
        sys.stderr.write(harmless(exact_dumps(error.body, 2).decode()) + "\n")
