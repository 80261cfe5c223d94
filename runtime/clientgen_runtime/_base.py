"""What both clients share: settling the configuration and making calls of it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ._auth import Credentials, auth_handlers
from ._call import Plan, beside
from ._errors import ConfigurationError
from ._headers import Headers, check_header
from ._ids import ulid, uuid4
from ._json import dump_with, load_with
from ._limits import PoolLimits
from ._narrow import is_mapping
from ._net.decoding import known_codings
from ._omit import Omit
from ._operation import NOTHING, Api, Operation
from ._parameters import cookie_pieces, query_pieces
from ._policies.redirects import redirect_config
from ._policies.retry import retry_config
from ._servers import api_base_url, origin_of, stated_base_url
from ._settings import (
    CLIENT_OPTIONS,
    SHARED,
    ClientOptions,
    EnvOverrides,
    Hooks,
    Settings,
    refuse_unknown,
)
from ._timeout import timeout_config
from ._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self, Unpack

    from ._cache.cache import HTTPCache
    from ._net.pool_status import PoolStatus
    from ._net.tls import TLSConfig
    from ._net.transport import TransportConfig
    from ._policies.limiter import RateLimitStatus


def make_settings(
    base_url: str | None,
    api: Api | None,
    credentials: Mapping[str, object] | None,
    version: str | None,
    options: ClientOptions,
) -> Settings:
    """The settings that a client's arguments mean.

    Raises:
        ConfigurationError: An argument makes no sense.
    """
    server, variables = options.get("server"), options.get("server_variables", {})
    stated = stated_base_url(base_url, api, server)
    url = stated or api_base_url(api, server, variables)
    settings = Settings(
        base_url=url,
        stated_base_url=stated is not None,
        server=server,
        server_variables=variables,
        origins=frozenset({origin_of(url)}),
        api=api,
        credentials=_credentials(api, credentials, options) if api is not None else None,
        headers=_default_headers(api),
    )
    if api is not None and not isinstance(api.retry, Omit):
        settings = replace(settings, retry=api.retry)
    settings = change_settings(settings, options)
    if version is None:
        return settings
    from ._policies.versions import of_version

    return of_version(settings, version)


def _credentials(
    api: Api, given: Mapping[str, object] | None, options: ClientOptions
) -> Credentials:
    # Of what connects instead of us nobody knows whether it has a certificate.
    connecting = {"cert", "verify_ssl", "transport", "http_client"}
    return Credentials(api, given or {}, has_certificate=not connecting.isdisjoint(options))


def change_settings(settings: Settings, options: ClientOptions) -> Settings:
    """Settings with these options in place of what they had.

    Raises:
        ConfigurationError: An option makes no sense.
        TypeError: There is no such option.
    """
    refuse_unknown(options, CLIENT_OPTIONS, "the client")
    # Wrappers hand on `None` for what they are not given, whatever the types say.
    given: Any = {n: v for n, v in options.items() if v is not None or n not in _MAPPINGS}
    changed = _changed(settings, given)
    plain = settings.unversioned
    if plain is not None:
        plain = _changed(plain, given)
    if "versions" not in options:
        if plain is None:
            return changed
        from ._policies.versions import in_query

        query = beside(in_query(settings.versions, settings.version), changed.query)
        return replace(changed, unversioned=plain, query=tuple(query))
    from ._policies.versions import of_version, versions_of

    versions = versions_of(options["versions"])
    default = versions.default if versions is not None else None
    return of_version(replace(plain or changed, versions=versions), default)


_MAPPINGS = frozenset(("cookies", "event_hooks", "headers", "params"))


def _changed(settings: Settings, options: ClientOptions) -> Settings:
    changes: dict[str, Any] = {
        name: value
        for name, value in options.items()
        if name
        in (
            "raise_for_status",
            "max_response_bytes",
            "validation",
            "error_parser",
            "idempotency_keys",
            "log",
        )
    }
    if is_mapping(raising := changes.get("raise_for_status")):
        changes["raise_for_status"] = dict(raising)
    if "auth" in options:
        changes["auth"] = auth_handlers(options["auth"])
    if "timeout" in options:
        changes["timeout"] = timeout_config(options["timeout"], settings.timeout)
    if "retry" in options:
        changes["retry"] = retry_config(options["retry"])
        changes["stated_retry"] = True
    if "headers" in options or options.get("user_agent"):
        changes["headers"] = _merged_headers(settings.headers, _headers_in(options))
    if "params" in options:
        changes["query"] = tuple(query_pieces(options["params"], NO_STYLES))
    if "follow_redirects" in options or "max_redirects" in options:
        known = settings.redirects
        changes["redirects"] = redirect_config(
            options.get("follow_redirects", known is not None), options.get("max_redirects"), known
        )
    if "event_hooks" in options:
        changes["hooks"] = _hooks(options["event_hooks"])
    if "circuit_breaker" in options:
        from ._policies.breaker import breaker_of

        changes["breaker"] = breaker_of(options["circuit_breaker"])
    if "cache" in options:
        from ._cache.cache import cache_of

        changes["cache"] = cache_of(options["cache"])
    if "rate_limiter" in options:
        from ._policies.limiter import limiter_of

        changes["limiter"] = limiter_of(options["rate_limiter"])
    if "tracing" in options or "metrics" in options:
        from ._telemetry.watch import watchers_of

        changes["watchers"] = watchers_of(options, settings.watchers)
    if "middleware" in options:
        from ._policies.middleware import stack_of

        changes["middleware"] = stack_of(options["middleware"])
    if "persist_cookies" in options:
        from ._cookies import Cookies

        changes["session"] = Cookies() if options["persist_cookies"] else None
    if "json_serializer" in options:
        changes["dump"] = dump_with(options["json_serializer"])
    if "json_deserializer" in options:
        changes["load"] = load_with(options["json_deserializer"])
    if "request_id" in options:
        changes["new_id"] = _id_maker(options["request_id"])
    if "cookies" in options:
        changes["cookies"] = tuple(cookie_pieces(options["cookies"], NO_STYLES))
    return replace(settings, **changes)


NO_STYLES: Mapping[str, Any] = NOTHING


def _hooks(given: Mapping[Any, Any]) -> Hooks:
    unknown = set(given) - {"request", "response"}
    if unknown:
        names = ", ".join(map(repr, sorted(unknown)))
        raise ConfigurationError(f'event_hooks= takes "request" and "response", not {names}')
    return Hooks(tuple(given.get("request", ())), tuple(given.get("response", ())))


def _id_maker(request_id: object) -> Callable[[], str] | None:
    match request_id:
        case None:
            return None
        case "uuid4":
            return uuid4
        case "ulid":
            return ulid
        case _ if callable(request_id):
            return lambda: str(request_id())
        case _:
            raise ConfigurationError('request_id= takes "uuid4", "ulid", a function or None')


def transport_config(options: ClientOptions) -> TransportConfig:
    """How a client with these options connects.

    Raises:
        ConfigurationError: An option makes no sense.
    """
    proxies = None
    if "proxy" in options:
        from ._net.proxies import proxies_of

        proxies = proxies_of(options["proxy"])
    # Imported here: connections need much that importing an SDK should not wait for.
    from ._net.transport import TransportConfig

    return TransportConfig(
        tls=_tls_config(options),
        limits=options.get("limits") or PoolLimits(),
        http2=options.get("http2", False) and _has_http2(),
        proxies=proxies,
    )


def _tls_config(options: ClientOptions) -> TLSConfig | None:
    if {"verify_ssl", "cert", "min_tls_version", "trust_store"}.isdisjoint(options):
        return None
    from ._net.tls import TLSConfig

    verify = options.get("verify_ssl", True)
    if verify is False:
        import logging

        logging.getLogger("clientgen_runtime").warning(
            "verify_ssl=False: anyone between here and the server can read and change traffic"
        )
    return TLSConfig(
        verify,
        options.get("cert"),
        options.get("min_tls_version", "1.2"),
        options.get("trust_store", "certifi"),
    )


def _has_http2() -> bool:
    from importlib.util import find_spec

    if find_spec("h2") is not None:
        return True
    warnings.warn(
        "http2=True needs the extra clientgen-runtime[http2]; HTTP/1.1 is used instead",
        RuntimeWarning,
        stacklevel=5,
    )
    return False


def _default_headers(api: Api | None) -> tuple[tuple[str, str], ...]:
    return (("User-Agent", _user_agent(api)), ("Accept-Encoding", ", ".join(known_codings())))


def _headers_in(options: ClientOptions) -> Mapping[str, str]:
    """The headers that options state; `user_agent=` is short for one of them."""
    agent = options.get("user_agent")
    headers = options.get("headers", {})
    return {"User-Agent": agent, **headers} if agent else headers


def _merged_headers(
    known: tuple[tuple[str, str], ...], given: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    merged = Headers(known)
    for name, value in given.items():
        check_header(name, value)
        merged[name] = value
    return tuple(merged.multi_items())


def _user_agent(api: Api | None) -> str:
    ours = f"clientgen-runtime/{__version__}"
    if api is None:
        return ours
    version = "".join(c for c in api.version if c.isascii() and (c.isalnum() or c in ".-_+"))
    return f"{api.package}/{version or '0'} {ours}"


class BaseClient:
    """Configuration, and the calls that are made of it; sending them is the subclasses' part."""

    _settings: Settings
    _plans: dict[Operation[Any], Plan]

    @property
    def base_url(self) -> str:
        """The URL that relative paths are below, without its final slash.

        Example:
            >>> client.base_url
            'https://api.example.com'
        """
        return self._settings.base_url

    @property
    def rate_limits(self) -> Mapping[str, RateLimitStatus]:
        """What the client's rate limiter knows, by its keys; empty when there is none.

        Example:
            >>> client.rate_limits
            {}
        """
        limiter = self._settings.limiter
        return limiter.status if limiter is not None else {}

    @property
    def cache(self) -> HTTPCache | None:
        """What keeps the client's answers, `None` when nothing does.

        Example:
            >>> client.cache is None
            True
        """
        return self._settings.cache

    @property
    def pool_status(self) -> PoolStatus:
        """How full the client's pools are; nothing is known of transports that users give.

        Example:
            >>> client.pool_status
            PoolStatus(busy=0, idle=0, waiting=0)
        """
        from ._net.pool_status import pool_status

        # Each client declares a kind of its own.
        return pool_status(self.__dict__["_transport"])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url}>"

    def __setattr__(self, name: str, value: object) -> None:
        if name in CLIENT_OPTIONS:
            raise AttributeError(
                f"the configuration of a client never changes; make a variant of it: "
                f"client.with_options({name}=...)"
            )
        super().__setattr__(name, value)

    @classmethod
    def from_env(
        cls, prefix: str, *, env_file: str | None = ".env", **overrides: Unpack[EnvOverrides]
    ) -> Self:
        """A client configured by environment variables.

        Reads `BASE_URL`, `API_KEY`, `TOKEN`, `USERNAME`, `PASSWORD`, `TIMEOUT`, `RETRY`, `PROXY`,
        `VERIFY_SSL` and `LOG` (a level, at which the log goes to standard error), each with the
        prefix in front. An SDK reads credentials from variables that are called like its
        arguments.

        Args:
            prefix: What the names begin with, such as `ACME_`.
            env_file: A file of `NAME=value` lines; the environment wins over it.
            **overrides: Arguments of the client; they win over both.

        Raises:
            ConfigurationError: A variable has a value that makes no sense, or there is no base
                URL.

        Example:
            >>> import os
            >>> os.environ["ACME_BASE_URL"] = "https://api.example.com"
            >>> with Client.from_env("ACME_", env_file=None) as client:
            ...     client.base_url
            'https://api.example.com'
        """
        from ._environment import environment_options

        return cls(**environment_options(cls, prefix, env_file, dict(overrides)))

    def _plan(self, operation: Operation[Any]) -> Plan:
        plan = self._plans.get(operation)
        if plan is None:
            plan = self._plans[operation] = Plan(self._settings, operation)
        return plan

    def with_version(self, version: str | None) -> Self:
        """A client for another version of the API that shares the connections of this one.

        Args:
            version: The version that its calls mean; `None` states none.

        Returns:
            The new client, with what `Versions.options` has for the version.

        Raises:
            ConfigurationError: It cannot be sent, or nobody has said where versions go.

        Example:
            >>> versions = Versions("2026-01-01", header="Accept-Version")
            >>> newest = client.with_options(versions=versions)
            >>> newest.with_version("2025-06-01").get("/pets/7").request.headers["Accept-Version"]
            '2025-06-01'
        """
        from ._policies.versions import of_version

        clone = self._variant({})
        clone._settings = of_version(self._settings, version)
        return clone

    def _variant(self, options: ClientOptions) -> Self:
        """A client with other settings on the same connections.

        Raises:
            ConfigurationError: An option makes no sense, or would need other connections.
        """
        if not SHARED.isdisjoint(options):
            names = ", ".join(f"{name}=" for name in options if name in SHARED)
            raise ConfigurationError(
                f"with_options() keeps the connections of its client; {names} is for a new client"
            )
        clone = type(self).__new__(type(self))
        # Resources that were looked up before belong to this client, not to its variant.
        clone.__dict__.update(
            (name, value)
            # A copy, since another thread may look a resource up meanwhile.
            for name, value in self.__dict__.copy().items()
            if not isinstance(getattr(type(self), name, None), cached_property)
        )
        clone._settings = change_settings(self._settings, options)
        clone._plans = {}
        return clone
