"""What generated code imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._auth import Secret
from ._body import BinaryInput, FileInput
from ._client import AsyncClient, AsyncResource, Client, Resource
from ._exports import exports
from ._omit import OMIT, Omit
from ._operation import (
    Api,
    ApiKey,
    Body,
    EventTypes,
    HttpAuth,
    Idempotency,
    MutualTLS,
    OAuth2,
    Operation,
    Pages,
    Param,
    Part,
    Server,
    Variable,
    Xml,
)
from ._policies.retry import RetryConfig
from ._settings import ClientOptions, RequestOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._data.lazy import lazy
    from ._data.models import FROM_SERVER, ApiModel, OneOf
    from ._data.tagged import TaggedModel
    from ._data.values import (
        Base64,
        Base64Url,
        Binary,
        Date,
        DateTime,
        DecimalNumber,
        DecimalText,
        Delimited,
        Duration,
        DurationFraction,
        DurationMilliseconds,
        DurationSeconds,
        HttpDate,
        NumberText,
        Time,
        UnixTime,
        UnixTimeFraction,
    )
    from ._pages import AsyncPage, AsyncPaginator, Page
    from ._raw import (
        AsyncRaw,
        AsyncStreamed,
        Raw,
        RawKind,
        RawMethod,
        RawOverloads,
        RawPage,
        RawResource,
        RawStream,
        Streamed,
    )
    from ._streams import AsyncStream, Stream
    from ._version_param import VersionParam
    from ._webhooks import Webhooks

__all__ = [
    "FROM_SERVER",
    "OMIT",
    "Api",
    "ApiKey",
    "ApiModel",
    "AsyncClient",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncRaw",
    "AsyncResource",
    "AsyncStream",
    "AsyncStreamed",
    "Base64",
    "Base64Url",
    "Binary",
    "BinaryInput",
    "Body",
    "Client",
    "ClientOptions",
    "Date",
    "DateTime",
    "DecimalNumber",
    "DecimalText",
    "Delimited",
    "Duration",
    "DurationFraction",
    "DurationMilliseconds",
    "DurationSeconds",
    "EventTypes",
    "FileInput",
    "HttpAuth",
    "HttpDate",
    "Idempotency",
    "MutualTLS",
    "NumberText",
    "OAuth2",
    "Omit",
    "OneOf",
    "Operation",
    "Page",
    "Pages",
    "Param",
    "Part",
    "Raw",
    "RawKind",
    "RawMethod",
    "RawOverloads",
    "RawPage",
    "RawResource",
    "RawStream",
    "RequestOptions",
    "Resource",
    "RetryConfig",
    "Secret",
    "Server",
    "Stream",
    "Streamed",
    "TaggedModel",
    "Time",
    "UnixTime",
    "UnixTimeFraction",
    "Variable",
    "VersionParam",
    "Webhooks",
    "Xml",
    "exports",
    "lazy",
]

# A client needs none of them until it is called, and models bring all of pydantic.
_LATER = {
    "_data.lazy": "lazy",
    "_data.models": "FROM_SERVER ApiModel OneOf",
    "_pages": "AsyncPage AsyncPaginator Page",
    "_raw": (
        "AsyncRaw AsyncStreamed Raw RawKind RawMethod RawOverloads RawPage RawResource RawStream "
        "Streamed"
    ),
    "_streams": "AsyncStream Stream",
    "_data.tagged": "TaggedModel",
    "_data.values": (
        "Base64 Base64Url Binary Date DateTime DecimalNumber DecimalText Delimited Duration "
        "DurationFraction DurationMilliseconds DurationSeconds HttpDate NumberText Time UnixTime "
        "UnixTimeFraction"
    ),
    "_version_param": "VersionParam",
    "_webhooks": "Webhooks",
}
__getattr__: Callable[[str], object] = exports("clientgen_runtime", _LATER, home=__name__)[0]
