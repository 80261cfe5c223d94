"""The runtime that every generated SDK runs on, and a client for APIs without one.

Names load when they are first used (PEP 562), so that importing an SDK stays cheap.
"""

# The error tree is named after the built-ins that it extends.
# ruff: noqa: A004

from __future__ import annotations

from typing import TYPE_CHECKING

from ._exports import exports

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._auth import ApiKeyAuth, Auth, BasicAuth, BearerAuth, Secret
    from ._cache.cache import CacheMode, CacheStats, HTTPCache, NotCachedError
    from ._cache.stores import CacheStore, DiskCacheStore, MemoryCacheStore, RedisCacheStore
    from ._client import AsyncClient, AsyncResource, Client, Resource
    from ._errors import (
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
    from ._framing import ServerSentEvent
    from ._headers import Headers
    from ._limits import PoolLimits
    from ._net.pool_status import PoolStatus
    from ._net.proxies import ProxyConfig
    from ._oauth.auth import OAuth2Auth
    from ._oauth.grants import (
        AuthorizationCode,
        DeviceCode,
        DevicePrompt,
        Grant,
        JWTBearer,
        SigningKey,
    )
    from ._oauth.server import OAuth2Server
    from ._oauth.stores import (
        FileTokenStore,
        KeyringTokenStore,
        MemoryTokenStore,
        Tokens,
        TokenStore,
    )
    from ._omit import OMIT, Omit
    from ._operation import Pages
    from ._pages import AsyncPage, AsyncPaginator, Page
    from ._policies.breaker import CircuitBreaker, CircuitChange, CircuitStatus
    from ._policies.limiter import RateLimiter, RateLimitStatus, SlidingWindow, TokenBucket
    from ._policies.middleware import (
        AroundCall,
        AroundSend,
        AsyncCallNext,
        AsyncMiddleware,
        CallNext,
        Middleware,
    )
    from ._policies.redirects import RedirectConfig
    from ._policies.redis_sharing import RedisSharing
    from ._policies.retry import Attempt, RetryConfig
    from ._policies.versions import Versions
    from ._progress import ProgressBar
    from ._raw import (
        AsyncStreamedCall,
        AsyncStreamedResponse,
        RawResponse,
        StreamedCall,
        StreamedResponse,
    )
    from ._request import Request
    from ._response import Response, Validation
    from ._settings import CallOptions, ClientOptions, PageOptions, RequestOptions
    from ._streams import AsyncStream, Stream
    from ._telemetry.log import JSONFormatter
    from ._telemetry.log_config import LogConfig
    from ._telemetry.metrics import MetricsCollector
    from ._telemetry.tracing import TracingConfig
    from ._timeout import TimeoutConfig
    from ._tokens import TokenAuth
    from ._version import __version__ as __version__
    from ._webhooks import Webhooks

__all__ = [
    "OMIT",
    "ApiKeyAuth",
    "AroundCall",
    "AroundSend",
    "AsyncCallNext",
    "AsyncClient",
    "AsyncMiddleware",
    "AsyncPage",
    "AsyncPaginator",
    "AsyncResource",
    "AsyncStream",
    "AsyncStreamedCall",
    "AsyncStreamedResponse",
    "Attempt",
    "Auth",
    "AuthenticationError",
    "AuthorizationCode",
    "BadRequestError",
    "BasicAuth",
    "BearerAuth",
    "CacheMode",
    "CacheStats",
    "CacheStore",
    "CallNext",
    "CallOptions",
    "CircuitBreaker",
    "CircuitChange",
    "CircuitOpenError",
    "CircuitStatus",
    "Client",
    "ClientError",
    "ClientOptions",
    "ClientResponseError",
    "ConfigurationError",
    "ConflictError",
    "ConnectTimeoutError",
    "ConnectionError",
    "DecodeError",
    "DeviceCode",
    "DevicePrompt",
    "DiskCacheStore",
    "FileTokenStore",
    "ForbiddenError",
    "Grant",
    "HTTPCache",
    "HTTPError",
    "Headers",
    "JSONFormatter",
    "JWTBearer",
    "KeyringTokenStore",
    "LogConfig",
    "LoginFailedError",
    "MemoryCacheStore",
    "MemoryTokenStore",
    "MetricsCollector",
    "Middleware",
    "NotCachedError",
    "NotFoundError",
    "OAuth2Auth",
    "OAuth2Server",
    "Omit",
    "OperationFailedError",
    "Page",
    "PageOptions",
    "Pages",
    "PoolLimits",
    "PoolStatus",
    "PoolTimeoutError",
    "ProgressBar",
    "ProxyConfig",
    "ProxyError",
    "RateLimitError",
    "RateLimitStatus",
    "RateLimiter",
    "RawResponse",
    "ReadTimeoutError",
    "RedirectConfig",
    "RedisCacheStore",
    "RedisSharing",
    "Request",
    "RequestOptions",
    "Resource",
    "Response",
    "ResponseError",
    "ResponseTooLargeError",
    "RetryConfig",
    "Secret",
    "ServerError",
    "ServerSentEvent",
    "SigningKey",
    "SlidingWindow",
    "Stream",
    "StreamError",
    "StreamedCall",
    "StreamedResponse",
    "TLSError",
    "TimeoutConfig",
    "TimeoutError",
    "TokenAuth",
    "TokenBucket",
    "TokenStore",
    "Tokens",
    "TotalTimeoutError",
    "TracingConfig",
    "TruncatedResponseError",
    "UnprocessableEntityError",
    "Validation",
    "ValidationError",
    "Versions",
    "WebhookVerificationError",
    "Webhooks",
    "WriteTimeoutError",
    "__version__",
]

_HOMES = {
    "_auth": "ApiKeyAuth Auth BasicAuth BearerAuth Secret",
    "_policies.breaker": "CircuitBreaker CircuitChange CircuitStatus",
    "_cache.cache": "CacheMode CacheStats HTTPCache NotCachedError",
    "_cache.stores": "CacheStore DiskCacheStore MemoryCacheStore RedisCacheStore",
    "_client": "AsyncClient AsyncResource Client Resource",
    "_errors": (
        "AuthenticationError BadRequestError CircuitOpenError ClientError "
        "ClientResponseError ConfigurationError ConflictError ConnectTimeoutError "
        "ConnectionError DecodeError ForbiddenError HTTPError LoginFailedError NotFoundError "
        "OperationFailedError PoolTimeoutError ProxyError RateLimitError ReadTimeoutError "
        "ResponseError ResponseTooLargeError ServerError StreamError TLSError TimeoutError "
        "TotalTimeoutError TruncatedResponseError UnprocessableEntityError ValidationError "
        "WebhookVerificationError WriteTimeoutError"
    ),
    "_framing": "ServerSentEvent",
    "_headers": "Headers",
    "_policies.limiter": "RateLimitStatus RateLimiter SlidingWindow TokenBucket",
    "_limits": "PoolLimits",
    "_telemetry.log": "JSONFormatter",
    "_telemetry.log_config": "LogConfig",
    "_telemetry.metrics": "MetricsCollector",
    "_policies.middleware": (
        "AroundCall AroundSend AsyncCallNext AsyncMiddleware CallNext Middleware"
    ),
    "_oauth.auth": "OAuth2Auth",
    "_oauth.grants": "AuthorizationCode DeviceCode DevicePrompt Grant JWTBearer SigningKey",
    "_oauth.server": "OAuth2Server",
    "_omit": "OMIT Omit",
    "_operation": "Pages",
    "_pages": "AsyncPage AsyncPaginator Page",
    "_net.pool_status": "PoolStatus",
    "_progress": "ProgressBar",
    "_net.proxies": "ProxyConfig",
    "_raw": "AsyncStreamedCall AsyncStreamedResponse RawResponse StreamedCall StreamedResponse",
    "_policies.redirects": "RedirectConfig",
    "_policies.redis_sharing": "RedisSharing",
    "_request": "Request",
    "_response": "Response Validation",
    "_policies.retry": "Attempt RetryConfig",
    "_settings": "CallOptions ClientOptions PageOptions RequestOptions",
    "_streams": "AsyncStream Stream",
    "_timeout": "TimeoutConfig",
    "_oauth.stores": "FileTokenStore KeyringTokenStore MemoryTokenStore TokenStore Tokens",
    "_tokens": "TokenAuth",
    "_telemetry.tracing": "TracingConfig",
    "_version": "__version__",
    "_policies.versions": "Versions",
    "_webhooks": "Webhooks",
}
__getattr__: Callable[[str], object] = exports(__name__, _HOMES)[0]


def __dir__() -> list[str]:
    return sorted(__all__)
