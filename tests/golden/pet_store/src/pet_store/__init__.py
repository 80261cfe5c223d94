"""Keeps the pets of a small shop.

Made by clientgen from the description of Pet Store, version 1.0.0.
"""

from clientgen_runtime import (
    AuthenticationError,
    BadRequestError,
    CircuitOpenError,
    ClientError,
    ClientResponseError,
    ConfigurationError,
    ConflictError,
    ConnectionError,
    ConnectTimeoutError,
    DecodeError,
    ForbiddenError,
    HTTPError,
    LoginFailedError,
    NotFoundError,
    OperationFailedError,
    PoolTimeoutError,
    ProxyError,
    RateLimitError,
    ReadTimeoutError,
    ResponseError,
    ResponseTooLargeError,
    ServerError,
    StreamError,
    TimeoutError,
    TLSError,
    TotalTimeoutError,
    TruncatedResponseError,
    UnprocessableEntityError,
    ValidationError,
    WebhookVerificationError,
    WriteTimeoutError,
)
from clientgen_runtime.sdk import OMIT, Omit

from . import models
from ._client import AsyncPetStore, PetStore

__version__ = "0.1.0"

__all__ = [
    "OMIT",
    "AsyncPetStore",
    "AuthenticationError",
    "BadRequestError",
    "CircuitOpenError",
    "ClientError",
    "ClientResponseError",
    "ConfigurationError",
    "ConflictError",
    "ConnectTimeoutError",
    "ConnectionError",
    "DecodeError",
    "ForbiddenError",
    "HTTPError",
    "LoginFailedError",
    "NotFoundError",
    "Omit",
    "OperationFailedError",
    "PetStore",
    "PoolTimeoutError",
    "ProxyError",
    "RateLimitError",
    "ReadTimeoutError",
    "ResponseError",
    "ResponseTooLargeError",
    "ServerError",
    "StreamError",
    "TLSError",
    "TimeoutError",
    "TotalTimeoutError",
    "TruncatedResponseError",
    "UnprocessableEntityError",
    "ValidationError",
    "WebhookVerificationError",
    "WriteTimeoutError",
    "models",
]
