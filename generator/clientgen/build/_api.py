"""Names of the package, and what its client is constructed with."""

from __future__ import annotations

import keyword
import sys
from typing import TYPE_CHECKING

from clientgen.config import USED_PACKAGES, is_used_class

from ._docs import one_line, summary_and_rest
from ._identifiers import Names, class_name, identifier, snake_case
from .ir import Credential, Project, Scheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.config import Config
    from clientgen.resolve.spec import SecurityScheme, Spec

CLIENT_ARGUMENTS = frozenset(
    {
        "self",
        "base_url",
        "server",
        "server_variables",
        "api",
        "credentials",
        "auth",
        "headers",
        "params",
        "cookies",
        "timeout",
        "retry",
        "verify_ssl",
        "cert",
        "http2",
        "follow_redirects",
        "max_redirects",
        "proxy",
        "limits",
        "event_hooks",
        "middleware",
        "cache",
        "circuit_breaker",
        "tracing",
        "metrics",
        "version",
        "versions",
        "rate_limiter",
        "max_response_bytes",
        "raise_for_status",
        "http_client",
        "error_parser",
        "idempotency_keys",
        "json_deserializer",
        "json_serializer",
        "log",
        "min_tls_version",
        "persist_cookies",
        "request_id",
        "trust_store",
        "user_agent",
        "validation",
        "transport",
        "webhook_secret",
        "options",
    }
)
"""Constructor arguments of the runtime's clients that a credential must not be called."""

SHORT_NAMES = {"apiKey": "api_key", "oauth2": "token", "openIdConnect": "token"}
HTTP_NAMES = {"bearer": "token"}
OAUTH_TEXTS = (
    "",
    "Identifies the client where tokens are fetched",
    "Fetches tokens when none is given",
    "Fetches tokens in the name of a user",
)
"""What is said of the arguments of an OAuth scheme after the first, a token."""


def project(spec: Spec, config: Config) -> Project:
    """Names of everything, from the configuration or the document's title."""
    title = one_line(spec.title) or "API"
    bare = _without_api(title)
    package = config.package or _package_name(bare)
    client = config.client or _client_name(bare)
    summary, lines = summary_and_rest("", spec.description)
    return Project(
        name=config.project_name or package.replace("_", "-"),
        package=package,
        client=client,
        async_client=f"Async{client}",
        title=title,
        version=config.package_version,
        api_version=one_line(spec.version) or "0",
        summary=summary or f"Client for {title}.",
        lines=lines,
        env_prefix=package.upper() + "_",
    )


def _client_name(title: str) -> str:
    name = class_name(title, "Api")
    if name.lower() == "api":
        return "ApiClient"
    return f"{name}Api" if is_used_class(name) else name


def _without_api(title: str) -> str:
    """A title without the words that say that it is one of an API."""
    words = title.replace("'", "").split()
    while len(words) > 1 and words[-1].lower().strip(".:") in {"api", "apis", "openapi", "rest"}:
        words.pop()
    return " ".join(words)


def _package_name(title: str) -> str:
    name = "".join(c for c in identifier(title, "api") if c.isascii() and (c.isalnum() or c == "_"))
    name = name.strip("_") or "api"
    if name[0].isdigit():
        return f"api_{name}"
    is_taken = name in sys.stdlib_module_names | USED_PACKAGES or keyword.iskeyword(name)
    return f"{name}_api" if is_taken else name


# --- Credentials ---------------------------------------------------------------------------


def credentials(spec: Spec, env_prefix: str) -> Iterator[Credential]:
    """A constructor argument (two for user name and password) for each security scheme.

    The first scheme of a kind has the name that users expect; others are called after the
    document's name for them.
    """
    names = Names(CLIENT_ARGUMENTS)
    for scheme in spec.schemes.values():
        text = one_line(scheme.description)
        for place, wanted in enumerate(_wanted_names(scheme, names)):
            name = names.take(wanted)
            env = env_prefix + name.upper()
            told = OAUTH_TEXTS[place] if place and scheme.type == "oauth2" else text
            told = f"{told.rstrip('.')}; " if told else ""
            yield Credential(name, scheme.name, env, f"{told}`{env}` when not given.")


def _wanted_names(scheme: SecurityScheme, names: Names) -> tuple[str, ...]:
    if scheme.type == "mutualTLS":
        return ()
    if scheme.token_url or scheme.refresh_url:
        return _oauth_names(scheme, names)
    if scheme.type == "http" and scheme.scheme in {"basic", "digest"}:
        if "username" not in names:
            return "username", "password"
        own = snake_case(scheme.name)
        return f"{own}_username", f"{own}_password"
    return (_credential_name(scheme, names),)


def _oauth_names(scheme: SecurityScheme, names: Names) -> tuple[str, ...]:
    """A token, or what one is fetched with (RFC 6749, sections 4.4 and 6)."""
    needed = ["client_id", "client_secret"]
    if scheme.refresh_url:
        needed.append("refresh_token")
    own = identifier(scheme.name, "credential")
    rest = (f"{own}_{name}" if name in names else name for name in needed)
    return _credential_name(scheme, names), *rest


def fetched_scopes(
    scopes: Mapping[str, tuple[str, ...]], schemes: Mapping[str, SecurityScheme]
) -> dict[str, tuple[str, ...]]:
    """Scopes of the schemes whose tokens the client asks for itself."""
    return {
        name: given
        for name, given in scopes.items()
        if given and name in schemes and schemes[name].token_url
    }


def _credential_name(scheme: SecurityScheme, names: Names) -> str:
    table = HTTP_NAMES if scheme.type == "http" else SHORT_NAMES
    short = table.get(scheme.scheme if scheme.type == "http" else scheme.type)
    if short is not None and short not in names:
        return short
    own = identifier(scheme.name, "credential")
    return own + "_" if own in CLIENT_ARGUMENTS else own


def schemes(spec: Spec) -> Iterator[Scheme]:
    """Security schemes as the runtime's classes."""
    for scheme in spec.schemes.values():
        match scheme.type:
            case "apiKey":
                key = {"name": scheme.parameter, "location": scheme.place}
                yield Scheme(scheme.name, "ApiKey", key)
            case "http":
                yield Scheme(scheme.name, "HttpAuth", {"scheme": scheme.scheme})
            case "oauth2" | "openIdConnect":
                given = {
                    "token_url": scheme.token_url,
                    "refresh_url": scheme.refresh_url,
                }
                yield Scheme(
                    scheme.name, "OAuth2", {key: value for key, value in given.items() if value}
                )
            case "mutualTLS":
                yield Scheme(scheme.name, "MutualTLS", {})
