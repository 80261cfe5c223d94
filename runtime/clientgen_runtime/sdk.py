"""What generated code imports."""

from __future__ import annotations

from ._auth import Secret
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
    Param,
    Server,
    Variable,
)
from ._settings import ClientOptions, RequestOptions
from ._values import Base64, Base64Url, Date, DateTime, Duration, HttpDate, Time, UnixTime

__all__ = [
    "OMIT",
    "Api",
    "ApiKey",
    "ApiModel",
    "AsyncClient",
    "AsyncResource",
    "Base64",
    "Base64Url",
    "Body",
    "Client",
    "ClientOptions",
    "Date",
    "DateTime",
    "Duration",
    "HttpAuth",
    "HttpDate",
    "MutualTLS",
    "OAuth2",
    "Omit",
    "OneOf",
    "Operation",
    "Param",
    "RequestOptions",
    "Resource",
    "Secret",
    "Server",
    "Time",
    "UnixTime",
    "Variable",
    "exports",
    "lazy",
]
