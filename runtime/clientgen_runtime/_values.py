"""Types of values that JSON has no form for, as models hold them.

The names are capitalised so that a field may be called `date` and still hold a `Date`.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import PlainSerializer, WrapValidator

if TYPE_CHECKING:
    from pydantic_core import core_schema

DateTime: TypeAlias = datetime
"""A point in time (RFC 3339)."""

Date: TypeAlias = date
"""A day (RFC 3339, `full-date`)."""

Time: TypeAlias = time
"""A time of day (RFC 3339, `partial-time` or `full-time`)."""

Duration: TypeAlias = timedelta
"""A length of time (ISO 8601)."""


def _decoded(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(value, str):
        return handler(value)
    text = value.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error


Base64: TypeAlias = Annotated[
    bytes,
    WrapValidator(_decoded),
    PlainSerializer(lambda value: base64.b64encode(value).decode(), when_used="json-unless-none"),
]
"""Bytes written as Base64 (RFC 4648, section 4); either alphabet is read."""

Base64Url: TypeAlias = Annotated[
    bytes,
    WrapValidator(_decoded),
    PlainSerializer(
        lambda value: base64.urlsafe_b64encode(value).decode().rstrip("="),
        when_used="json-unless-none",
    ),
]
"""Bytes written as URL-safe Base64 without padding (RFC 4648, section 5)."""


def _from_timestamp(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, timezone.utc)
    return handler(value)


UnixTime: TypeAlias = Annotated[
    datetime,
    WrapValidator(_from_timestamp),
    PlainSerializer(lambda value: int(value.timestamp()), when_used="json-unless-none"),
]
"""A point in time written as seconds since 1970."""


def _from_http_date(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, str):
        from email.utils import parsedate_to_datetime  # rarely needed, and slow to import

        try:
            return parsedate_to_datetime(value)
        except ValueError:
            return handler(value)
    return handler(value)


def _to_http_date(value: datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(value.astimezone(timezone.utc), usegmt=True)


HttpDate: TypeAlias = Annotated[
    datetime,
    WrapValidator(_from_http_date),
    PlainSerializer(_to_http_date, when_used="json-unless-none"),
]
"""A point in time as HTTP writes it (RFC 9110, section 5.6.7)."""
