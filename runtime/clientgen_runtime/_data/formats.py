"""Parameters whose Python type does not tell how the document wants them written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, get_args

from .._narrow import is_list, is_mapping
from . import values
from .wire import plain, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._operation import Format


DELIMITERS = (",", " ", "|", "\t", "\n")


def formatted(value: object, form: Format) -> object:
    """A value with what is in it written in the form that the document states.

    What does not fit its form is left for the server to judge.

    Args:
        value: What the caller gave, such as a moment, a list of them, or an object with some.
        form: The type that it has in models; for objects, those of their members by wire name;
            for lists of lists, what stands between items of the inner ones.
    """
    value = plain(value)
    if is_list(value) and form in DELIMITERS:
        return [_joined(item, str(form)) for item in value]
    if is_list(value):
        return [formatted(item, form) for item in value]
    if is_mapping(value):
        return {name: _member(name, member, form) for name, member in value.items()}
    return _writer(form)(value) if isinstance(form, str) else value


def _joined(value: object, delimiter: str) -> object:
    """A list within a list as text (Swagger 2.0, "Items Object", `collectionFormat`)."""
    value = plain(value)
    return delimiter.join(map(text_of, value)) if is_list(value) else value


def _member(name: object, value: object, form: Format) -> object:
    if isinstance(form, str):
        return formatted(value, form)
    return formatted(value, form[name]) if isinstance(name, str) and name in form else value


@cache
def _writer(form: str) -> Callable[[object], object]:
    for argument in get_args(getattr(values, form, None))[1:]:
        if isinstance(argument, values.Form) and argument.write is not None:
            return argument.write
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value
