"""How Python values are written in requests."""

from __future__ import annotations

import base64
import dataclasses
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Protocol, TypeGuard

from .._errors import ConfigurationError
from .._narrow import is_array, is_binary, is_mapping


class DumpsModel(Protocol):
    """What a pydantic v2 model can do; asked for by shape, so that pydantic loads late."""

    def model_dump(
        self, *, mode: str = ..., by_alias: bool = ..., exclude_unset: bool = ...
    ) -> dict[str, object]: ...


def is_model(value: object) -> TypeGuard[DumpsModel]:
    """Whether the value is an instance of a pydantic model."""
    return hasattr(value, "model_dump") and not isinstance(value, type)


def plain(value: object) -> object:
    """The mapping, list or scalar that a value stands for, one level deep."""
    if value is None or isinstance(value, (str, int, float)):
        return value.value if isinstance(value, Enum) else value
    if is_mapping(value):
        return value if isinstance(value, dict) else dict(value)
    if is_array(value):
        return list(value)
    if is_model(value):
        wire = getattr(value, "__wire__", None)  # models of SDKs know what JSON lacks
        return wire() if wire else value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    return value


def text_of(value: object) -> str:
    """A scalar as text, for paths, queries, headers, cookies and forms.

    Raises:
        ConfigurationError: The value is no scalar that has an agreed notation.
    """
    match value:
        case str():
            return value.value if isinstance(value, Enum) else value
        case bool():
            return "true" if value else "false"
        case Enum():
            return text_of(value.value)
        case None:
            return ""
        case int():
            return str(value)
        case float() | Decimal():
            return number_text(value)
        case _:
            return special_text(value)


def number_text(number: float | Decimal) -> str:
    """A number as text, without an exponent where people would write none.

    Servers that read `1e-05` or `1E+3` are rarer than those that read `0.00001` and `1000`. As in
    JavaScript, floats get an exponent from 1e21 and below 1e-6 on; decimals hardly ever do.

    Raises:
        ConfigurationError: It is infinite or no number, for which there is no notation.
    """
    if isinstance(number, Decimal):
        return _decimal_text(number)
    if not isfinite(number):
        raise _no_notation(number)
    text = str(number)
    return format(Decimal(text), "f") if "e" in text and 1e-6 <= abs(number) < 1e21 else text


def _decimal_text(number: Decimal) -> str:
    # Not asked by `isfinite`, since decimals may be larger than floats.
    if not number.is_finite():
        raise _no_notation(number)
    # Nobody writes out a number that would fill pages, or the memory.
    return format(number, "f") if abs(number.adjusted()) < _PAGE else str(number)


_PAGE = 2000


def _no_notation(number: object) -> ConfigurationError:
    return ConfigurationError(f"{number} cannot be sent: there is no notation for it")


def special_text(value: object) -> str:
    """A value that JSON has no type for, as the string that stands for it.

    Raises:
        ConfigurationError: The value has no agreed notation.
    """
    match value:
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case time():
            return _with_z(value.isoformat())
        case timedelta():
            return iso_duration(value)
        case _ if is_binary(value):
            # Bytes that came as text in JSON go back as that.
            return getattr(value, "text", None) or base64.b64encode(value).decode()
        case _ if type(value).__module__ in _TEXTUAL_MODULES:
            return str(value)
        case _:
            raise ConfigurationError(
                f"a {type(value).__name__} cannot be sent: it has no agreed notation"
            )


# UUID, IPv4Address, Path and pydantic's URL types, without importing any of them.
_TEXTUAL_MODULES = frozenset(
    {"uuid", "ipaddress", "pathlib", "pathlib._local", "pydantic.networks"}
)


def rfc3339(moment: datetime) -> str:
    """A moment in the notation of RFC 3339; UTC ends in `Z`.

    Without a time zone it is sent without one: some servers ask for just that, and which one is
    meant nobody but the caller knows.
    """
    return _with_z(moment.isoformat())


def _with_z(text: str) -> str:
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def iso_duration(duration: timedelta) -> str:
    """A duration in the notation of ISO 8601, such as `P1DT2H` or `-PT0.5S`."""
    sign = "-" if duration < timedelta() else ""
    duration = abs(duration)
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{duration.microseconds:06d}".rstrip("0") if duration.microseconds else ""
    days = f"{duration.days}D" if duration.days else ""
    clock = "".join(
        (
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or fraction else "",
        )
    )
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' + clock if clock else ''}"
