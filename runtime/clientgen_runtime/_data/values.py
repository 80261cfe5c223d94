"""Types of values that JSON has no form for, as models hold them.

The names are capitalised so that a field may be called `date` and still hold a `Date`. Each form is
read strictly, since a value of another form must come back as it was sent, and written tolerantly,
since a model may hold what a server sent against its document.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from .._errors import ConfigurationError
from .._narrow import is_list, is_tuple
from .wire import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler
    from pydantic_core import core_schema

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Form:
    """How values of a type look in JSON; stands in `Annotated[datetime, Form(…)]`.

    Args:
        read: Makes the Python value of what JSON has; other Python values pass unchanged.
        write: Makes what JSON has of the Python value, and leaves other values alone; not given
            where the usual notation of the type is meant.
        in_dicts: The same for `to_dict`, where JSON values alone do not tell.

    Raises:
        ValueError: By `read`: the value is of no such form.
    """

    __slots__ = ("in_dicts", "read", "write")

    def __init__(
        self,
        read: Callable[[Any], object],
        write: Callable[[Any], object] | None = None,
        in_dicts: Callable[[Any], object] | None = None,
    ) -> None:
        self.read: Callable[[Any], object] = read
        self.write: Callable[[Any], object] | None = write
        self.in_dicts: Callable[[Any], object] | None = in_dicts or write

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        from pydantic_core import core_schema

        written = None
        if self.write is not None:
            written = core_schema.plain_serializer_function_ser_schema(
                self._dumped, info_arg=True, when_used="unless-none"
            )
        return core_schema.no_info_before_validator_function(
            self.read, handler(source), serialization=written
        )

    def _dumped(self, value: Any, info: core_schema.SerializationInfo) -> object:
        write = {"python": None, "json": self.in_dicts}.get(info.mode, self.write)
        if write is None:
            return value
        found = write(value)
        if found is value and not isinstance(value, (str, int, float, Decimal)):
            from pydantic_core import PydanticSerializationUnexpectedValue

            # Of a choice another member may know how to write it; else it goes as it is.
            raise PydanticSerializationUnexpectedValue("a value of another form")
        return found


# --- Points and lengths of time --------------------------------------------------------------


def _looks_like(pattern: str, name: str) -> Callable[[Any], object]:
    """Lets texts pass that look right, and what is no text or number of JSON."""
    matches = re.compile(pattern).match

    def read(value: Any) -> object:
        if isinstance(value, (int, float)) or (isinstance(value, str) and not matches(value)):
            raise ValueError(f"no {name}")
        return value

    return read


_DAY = r"\d{4}-\d\d-\d\d"

DateTime: TypeAlias = Annotated[datetime, Form(_looks_like(_DAY + r"[Tt _]", "RFC 3339 date-time"))]
"""A point in time (RFC 3339, `date-time`).

Example:
    >>> class Visit(ApiModel):
    ...     at: DateTime
    >>> Visit.from_dict({"at": "2026-05-17T09:30:00Z"}).at.hour
    9
"""

Date: TypeAlias = Annotated[date, Form(_looks_like(_DAY + "$", "RFC 3339 full-date"))]
"""A day (RFC 3339, `full-date`).

Example:
    >>> class Pet(ApiModel):
    ...     born: Date
    >>> pet = Pet.from_dict({"born": "2024-05-17"})
    >>> pet.born
    datetime.date(2024, 5, 17)
"""

Time: TypeAlias = Annotated[time, Form(_looks_like(r"\d\d:\d\d", "RFC 3339 time"))]
"""A time of day (RFC 3339, `partial-time` or `full-time`).

Example:
    >>> class Shop(ApiModel):
    ...     opens: Time
    >>> shop = Shop.from_dict({"opens": "09:30:00"})
    >>> shop.opens
    datetime.time(9, 30)
"""

# Longer numbers fit no timedelta; the longest are beyond decimals, too.
_COUNT = r"(\d{1,20}(?:[.,]\d+)?)"
_DURATION = re.compile(
    rf"([+-])?P(?=.)(?:{_COUNT}W)?(?:{_COUNT}D)?"
    rf"(?:T(?=.)(?:{_COUNT}H)?(?:{_COUNT}M)?(?:{_COUNT}S)?)?"
)


def _to_duration(value: Any) -> object:
    if isinstance(value, (int, float)):
        raise ValueError("no ISO 8601 duration")  # noqa: TRY004 - pydantic expects this
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value)
    if found is None:
        # Years and months have no fixed length, so that no `timedelta` is equal to them.
        raise ValueError("no ISO 8601 duration of weeks, days and less")
    sign, *parts = found.groups()
    weeks, days, hours, minutes, seconds = (
        Decimal((part or "0").replace(",", ".")) for part in parts
    )
    total = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
    length = _microseconds(int(total * 1_000_000))
    return -length if sign == "-" else length


def _microseconds(count: int) -> timedelta:
    try:
        return timedelta(microseconds=count)
    except OverflowError:
        raise ValueError("too long for a timedelta") from None


Duration: TypeAlias = Annotated[timedelta, Form(_to_duration)]
"""A length of time (ISO 8601).

Example:
    >>> class Walk(ApiModel):
    ...     length: Duration
    >>> walk = Walk.from_dict({"length": "PT1H30M"})
    >>> walk.length
    datetime.timedelta(seconds=5400)
"""


def _from_number(scale: int) -> Callable[[Any], object]:
    def read(value: Any) -> object:
        number = _number_of(value)
        return value if number is None else _microseconds(_whole(number, scale))

    return read


def _whole(number: Decimal, scale: int) -> int:
    """A number in smaller units, without the digits that only a hostile server has."""
    if number.adjusted() > _MOST_DIGITS:
        raise ValueError("too long for a timedelta")
    return int(number * scale)


# Those of the longest timedelta in milliseconds, and some more.
_MOST_DIGITS = 20


def _number_of(value: Any) -> Decimal | None:
    """A number of JSON, also one in a header; None for values of Python."""
    if isinstance(value, bool):
        raise ValueError("no number")  # noqa: TRY004 - pydantic expects this
    if not isinstance(value, (int, float, str)):
        return None
    return _decimal(value)


def _decimal(value: float | str) -> Decimal:
    from decimal import InvalidOperation

    text = getattr(value, "digits", None) or str(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "_" in text:
        raise ValueError("no number")
    return number


def _as_number(scale: int, *, is_whole: bool) -> Callable[[Any], object]:
    def write(value: Any) -> object:
        if not isinstance(value, timedelta):
            return value
        count = value // timedelta(microseconds=1)
        whole, rest = divmod(count, scale)
        return whole if is_whole or not rest else count / scale

    return write


DurationSeconds: TypeAlias = Annotated[
    timedelta, Form(_from_number(1_000_000), _as_number(1_000_000, is_whole=True))
]
"""A length of time written as whole seconds.

Example:
    >>> class Walk(ApiModel):
    ...     length: DurationSeconds
    >>> walk = Walk.from_dict({"length": 5400})
    >>> walk.length
    datetime.timedelta(seconds=5400)
"""

DurationFraction: TypeAlias = Annotated[
    timedelta, Form(_from_number(1_000_000), _as_number(1_000_000, is_whole=False))
]
"""A length of time written as seconds, fractions of them included.

Example:
    >>> class Walk(ApiModel):
    ...     length: DurationFraction
    >>> walk = Walk.from_dict({"length": 0.5})
    >>> walk.length
    datetime.timedelta(microseconds=500000)
"""

DurationMilliseconds: TypeAlias = Annotated[
    timedelta, Form(_from_number(1_000), _as_number(1_000, is_whole=False))
]
"""A length of time written as milliseconds.

Example:
    >>> class Walk(ApiModel):
    ...     length: DurationMilliseconds
    >>> walk = Walk.from_dict({"length": 1500})
    >>> walk.length
    datetime.timedelta(seconds=1, microseconds=500000)
"""


def _from_timestamp(value: Any) -> object:
    number = _number_of(value)
    if number is None:
        return value
    try:
        return _EPOCH + _microseconds(_whole(number, 1_000_000))
    except OverflowError:
        raise ValueError("too far away for a datetime") from None


def _aware(value: datetime) -> datetime:
    """A naive time is local time, as everywhere in Python."""
    if value.tzinfo is not None:
        return value
    try:
        return value.astimezone()
    except (OverflowError, ValueError):  # the first and the last day have no local time everywhere
        return value.replace(tzinfo=timezone.utc)


def _as_timestamp(*, is_whole: bool) -> Callable[[Any], object]:
    write = _as_number(1_000_000, is_whole=is_whole)

    def timestamp(value: Any) -> object:
        if not isinstance(value, datetime):
            return value
        return write(_aware(value) - _EPOCH)

    return timestamp


UnixTime: TypeAlias = Annotated[datetime, Form(_from_timestamp, _as_timestamp(is_whole=True))]
"""A point in time written as whole seconds since 1970.

Example:
    >>> class Visit(ApiModel):
    ...     at: UnixTime
    >>> visit = Visit.from_dict({"at": 1779010200})
    >>> visit.at.year
    2026
"""

UnixTimeFraction: TypeAlias = Annotated[
    datetime, Form(_from_timestamp, _as_timestamp(is_whole=False))
]
"""A point in time written as seconds since 1970, fractions of them included.

Example:
    >>> class Visit(ApiModel):
    ...     at: UnixTimeFraction
    >>> visit = Visit.from_dict({"at": 1779010200.5})
    >>> visit.at.microsecond
    500000
"""


def _from_http_date(value: Any) -> object:
    if isinstance(value, (int, float)):
        raise ValueError("no HTTP-date")  # noqa: TRY004 - pydantic expects this
    if not isinstance(value, str):
        return value
    from email.utils import parsedate_to_datetime  # rarely needed, and slow to import

    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        raise ValueError("no HTTP-date") from None
    # The obsolete form of asctime names no zone; it is always UTC.
    return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)


def _to_http_date(value: Any) -> object:
    if not isinstance(value, datetime):
        return value
    from email.utils import format_datetime

    try:
        return format_datetime(_aware(value).astimezone(timezone.utc), usegmt=True)
    except OverflowError:  # before the first or after the last day in UTC
        return value


HttpDate: TypeAlias = Annotated[datetime, Form(_from_http_date, _to_http_date)]
"""A point in time as HTTP writes it (RFC 9110, section 5.6.7).

Example:
    >>> class Visit(ApiModel):
    ...     at: HttpDate
    >>> visit = Visit.from_dict({"at": "Sun, 17 May 2026 09:30:00 GMT"})
    >>> visit.at.hour
    9
"""


# --- Bytes -----------------------------------------------------------------------------------


def _decoded(value: Any) -> object:
    if not isinstance(value, str):
        return value
    text = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not Base64") from None
    rest = len(found) % 3
    if rest and not text.endswith(base64.b64encode(found[-rest:]).decode().rstrip("=")):
        # Words look like it, too, and would not come back as they are (RFC 4648, section 3.5).
        raise ValueError("not Base64")
    return found


def _encoded(value: Any) -> object:
    return base64.b64encode(value).decode() if _is_bytes(value) else value


def _url_encoded(value: Any) -> object:
    # RFC 4648, section 3.2: padding may be left out where the length is known.
    return base64.urlsafe_b64encode(value).decode().rstrip("=") if _is_bytes(value) else value


def _is_bytes(value: object) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview))


class ReceivedBytes(bytes):
    """Bytes that came as text, and go back as it: JSON cannot tell what they are.

    Attributes:
        text: The text.
    """

    text: str

    def __new__(cls, text: str) -> ReceivedBytes:
        """Take a text.

        Args:
            text: The text.
        """
        found = super().__new__(cls, text.encode("utf-8", "surrogatepass"))
        found.text = text
        return found

    def __reduce__(self) -> tuple[object, ...]:
        # Copies of bytes are made of bytes, which are no text.
        return ReceivedBytes, (self.text,)


Binary: TypeAlias = Annotated[
    bytes, Form(lambda value: ReceivedBytes(value) if isinstance(value, str) else value)
]
"""Bytes as they are, for files in forms; JSON has Base64 of them."""

Base64: TypeAlias = Annotated[bytes, Form(_decoded, _encoded)]
"""Bytes written as Base64 (RFC 4648, section 4); either alphabet is read.

Example:
    >>> class Photo(ApiModel):
    ...     data: Base64
    >>> photo = Photo.from_dict({"data": "UmV4"})
    >>> photo.data
    b'Rex'
"""

Base64Url: TypeAlias = Annotated[bytes, Form(_decoded, _url_encoded)]
"""Bytes written as URL-safe Base64 without padding (RFC 4648, section 5).

Example:
    >>> class Photo(ApiModel):
    ...     data: Base64Url
    >>> photo = Photo.from_dict({"data": "UmV4"})
    >>> photo.data
    b'Rex'
"""


# --- Numbers ---------------------------------------------------------------------------------


class ExactFloat(float):
    """A number of JSON that remembers all its digits, for models that hold decimals.

    Attributes:
        digits: The number as it was written.
    """

    # Slots, since pydantic takes what has a `__dict__` for a model where it expects one.
    __slots__ = ("digits",)

    digits: str

    def __new__(cls, digits: str) -> ExactFloat:
        """Read a number.

        Args:
            digits: The number as it was written.
        """
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


def _to_decimal(value: Any) -> object:
    number = _number_of(value)
    return value if number is None else number


class _DecimalForm(Form):
    """Decimals; JSON is read in a way that keeps all digits once a model has them."""

    __slots__ = ()

    is_used = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        _DecimalForm.is_used = True
        return super().__get_pydantic_core_schema__(source, handler)


_LONG_FRACTION = re.compile(rb"[0-9]\.[0-9]*0[^0-9]|[0-9.]{17}")


def exact_json(document: bytes) -> tuple[object] | None:
    """JSON with numbers that remember their digits; None where no model in use needs them."""
    if not _DecimalForm.is_used or not _LONG_FRACTION.search(document):
        return None
    import json

    return (json.loads(document, parse_float=ExactFloat),)


def _as_float(value: Any) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _as_text(value: Any) -> object:
    try:
        return text_of(value) if isinstance(value, (int, float, Decimal)) else value
    except ConfigurationError:  # infinity, which some servers write
        return value


def _decimal_text(value: Any) -> object:
    return value if isinstance(value, bool) else _as_text(value)


DecimalNumber: TypeAlias = Annotated[
    Decimal, _DecimalForm(_to_decimal, lambda value: value, _as_float)
]
"""A decimal number, written as a number with all its digits; `to_dict` gives a float.

Example:
    >>> class Price(ApiModel):
    ...     amount: DecimalNumber
    >>> price = Price.from_dict({"amount": 12.50})
    >>> price.amount
    Decimal('12.5')
"""

DecimalText: TypeAlias = Annotated[Decimal, _DecimalForm(_to_decimal, _decimal_text)]
"""A decimal number written as text.

Example:
    >>> class Price(ApiModel):
    ...     amount: DecimalText
    >>> price = Price.from_dict({"amount": "12.50"})
    >>> price.amount
    Decimal('12.50')
"""

NumberText: TypeAlias = Annotated[str, Form(_as_text, _as_text)]
"""A number or flag written as text; it stays text, and numbers and flags are taken for it.

Example:
    >>> class Order(ApiModel):
    ...     number: NumberText
    >>> order = Order.from_dict({"number": 42})
    >>> order.number
    '42'
"""


# --- Arrays ----------------------------------------------------------------------------------


class Delimited(Form):
    """An array that is written as one text; stands in `Annotated[list[str], Delimited(",")]`.

    Args:
        delimiter: What stands between its items.

    Example:
        >>> from typing import Annotated
        >>> class Pet(ApiModel):
        ...     tags: Annotated[list[str], Delimited(",")]
        >>> Pet.from_dict({"tags": "dog,old"}).tags
        ['dog', 'old']
    """

    __slots__ = ("delimiter",)

    def __init__(self, delimiter: str) -> None:
        super().__init__(self._split, self._joined)
        self.delimiter: str = delimiter

    def _split(self, value: Any) -> object:
        if not isinstance(value, str):
            return value
        return value.split(self.delimiter) if value else []

    def _joined(self, value: object) -> object:
        if not (is_list(value) or is_tuple(value)):
            return value
        try:
            return self.delimiter.join(text_of(item) for item in value)
        except ConfigurationError:  # what a server sent against its document
            return value
