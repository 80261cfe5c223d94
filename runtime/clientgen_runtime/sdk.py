"""What generated code imports."""

from __future__ import annotations

from ._auth import Secret
from ._client import AsyncClient, AsyncResource, Client, Resource
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

__all__ = [
    "OMIT",
    "Api",
    "ApiKey",
    "AsyncClient",
    "AsyncResource",
    "Body",
    "Client",
    "ClientOptions",
    "HttpAuth",
    "MutualTLS",
    "OAuth2",
    "Omit",
    "Operation",
    "Param",
    "RequestOptions",
    "Resource",
    "Secret",
    "Server",
    "Variable",
]
