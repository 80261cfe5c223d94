"""Values whose Python type does not tell how the document wants them written."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ._errors import ConfigurationError
from ._narrow import is_binary, is_list, is_mapping
from ._wire import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._operation import Format


def formatted(value: object, form: Format) -> object:
    """A value with what is in it written in the form that the document states.

    What does not fit its form is left for the server to judge.

    Args:
        value: What the caller gave, such as a moment, a list of them, or an object with some.
        form: The form; for objects, those of their members by wire name.

    Raises:
        ConfigurationError: A moment without a time zone cannot be told as a point in time.
    """
    value = plain(value)
    if is_list(value):
        return [formatted(item, form) for item in value]
    if is_mapping(value):
        return {name: _member(name, member, form) for name, member in value.items()}
    return _FORMS[form](value) if isinstance(form, str) and form in _FORMS else value


def _member(name: object, value: object, form: Format) -> object:
    if isinstance(form, str):
        return formatted(value, form)
    return formatted(value, form[name]) if isinstance(name, str) and name in form else value


def _unix_time(value: object) -> object:
    return int(_aware(value).timestamp()) if isinstance(value, datetime) else value


def _http_date(value: object) -> object:
    if not isinstance(value, datetime):
        return value
    from email.utils import format_datetime  # rarely needed, and slow to import

    return format_datetime(_aware(value).astimezone(timezone.utc), usegmt=True)


def _base64_url(value: object) -> object:
    if not is_binary(value):
        return value
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _seconds(value: object) -> object:
    return _in_units(value, timedelta(seconds=1))


def _milliseconds(value: object) -> object:
    return _in_units(value, timedelta(milliseconds=1))


def _in_units(value: object, unit: timedelta) -> object:
    if not isinstance(value, timedelta):
        return value
    return value // unit if not value % unit else value / unit


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ConfigurationError(f"{moment} needs a time zone to be sent as a point in time")
    return moment


# RFC 9110 section 5.6.7; RFC 4648 section 5, without padding; the others count from 1970 or zero.
_FORMS: Mapping[str, Callable[[object], object]] = {
    "unixtime": _unix_time,
    "http-date": _http_date,
    "base64url": _base64_url,
    "seconds": _seconds,
    "milliseconds": _milliseconds,
}
