"""What generated code imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._auth import Secret
from ._body import FileInput, Upload
from ._client import AsyncClient, AsyncResource, Client, Resource
from ._lazy import exports, lazy
from ._models import ApiModel, OneOf
from ._omit import OMIT, Omit
from ._operation import (
    Api,
    ApiKey,
    Body,
    HttpAuth,
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
from ._settings import ClientOptions, RequestOptions
from ._tagged import TaggedModel
from ._values import (
    Base64,
    Base64Url,
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

if TYPE_CHECKING:
    from ._pages import AsyncPage, AsyncPaginator, Page

__all__ = [
    "OMIT",
    "Api",
    "ApiKey",
    "ApiModel",
    "AsyncClient",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncResource",
    "Base64",
    "Base64Url",
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
    "FileInput",
    "HttpAuth",
    "HttpDate",
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
    "RequestOptions",
    "Resource",
    "Secret",
    "Server",
    "TaggedModel",
    "Time",
    "UnixTime",
    "UnixTimeFraction",
    "Upload",
    "Variable",
    "Xml",
    "exports",
    "lazy",
]


def __getattr__(name: str) -> object:
    # Lists that nobody asks for cost nothing.
    if name in ("AsyncPage", "AsyncPaginator", "Page"):
        from . import _pages

        return getattr(_pages, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
