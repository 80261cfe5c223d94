"""How calls say which version of an API they mean; loaded by clients that say it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .._call import beside
from .._errors import ConfigurationError
from .._headers import Headers, check_header
from .._omit import Omit
from .._operation import NOTHING
from .._parameters import query_pieces
from .._servers import api_base_url, origin_of
from .._settings import CLIENT_OPTIONS, SHARED, refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._operation import Operation
    from .._settings import ClientOptions, Settings
    from .._version_param import VersionParam


@dataclass(frozen=True)
class Versions:
    """Where calls say which version of the API they mean, and what else a version changes.

    Attributes:
        default: The version of a client that states none; `None` sends none.
        header: Name of the header that takes it, such as `Accept-Version`.
        query: Name of the query parameter that takes it.
        path: What goes between base URL and path, with `{version}` in it, such as `/v{version}`.
        media_type: What takes the place of `application/json` in `Accept`, with `{version}` in it,
            such as `application/vnd.acme.{version}+json`.
        options: Further arguments of the client, by the version that they are for.

    Raises:
        ConfigurationError: No place takes the version, or one is no place.
        TypeError: A version has an option that clients have not.

    Example:
        >>> versions = Versions("2026-01-01", header="Accept-Version")
        >>> with Client("https://api.example.com", versions=versions) as client:
        ...     client.with_version("2025-06-01")
        <Client https://api.example.com>
        >>> versions = Versions(path="/v{version}", options={"1": {"timeout": 60}})
        >>> with Client("https://api.example.com", versions=versions, version="1") as client:
        ...     client.base_url
        'https://api.example.com/v1'
    """

    default: str | None = None
    header: str | None = None
    query: str | None = None
    path: str | None = None
    media_type: str | None = None
    options: Mapping[str, ClientOptions] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        if not (self.header or self.query or self.path or self.media_type or self.options):
            raise ConfigurationError(
                "Versions says where a version goes: header=, query=, path=, media_type=, or what "
                "options= it changes"
            )
        for name in ("path", "media_type"):
            template = getattr(self, name)
            if template is not None and "{version}" not in template:
                raise ConfigurationError(f"{name}={template!r} of Versions lacks {{version}}")
        if self.header is not None:
            check_header(self.header, "")
        for version, options in self.options.items():
            refuse_unknown(options, CLIENT_OPTIONS - SHARED, f"Versions.options[{version!r}]")
            if check_version(version) != version:
                raise ConfigurationError(f"versions are texts, not {version!r}")


def versions_of(given: object) -> Versions | None:
    """What `versions=` means.

    Raises:
        ConfigurationError: It is neither `Versions` nor `None`.
    """
    if given is None or isinstance(given, Versions):
        return given
    raise ConfigurationError(f"versions= takes Versions or None, not {given!r}")


def of_version(settings: Settings, version: object) -> Settings:
    """Settings for calls that mean a version; what an earlier one changed is undone.

    Args:
        settings: Those of a client or a variant of it.
        version: The version, `None` for calls that state none.

    Raises:
        ConfigurationError: It cannot be sent, or nobody has said where versions go.
    """
    from .._base import change_settings

    plain = settings.unversioned or settings
    if version is None:
        return replace(plain, unversioned=plain)
    text = check_version(version)
    versions, declared = plain.versions, plain.api.version_param if plain.api else None
    if versions is None and declared is None:
        raise ConfigurationError(
            "version= needs versions=Versions(...), which says where the version goes"
        )
    found = plain
    if versions is not None:
        found = _placed(change_settings(found, versions.options.get(text, {})), versions, text)
    if declared is not None and declared.place == "server":
        found = _on_server(found, declared.name, text)
    return replace(found, version=text, unversioned=plain)


def check_version(version: object) -> str:
    """A version as it is sent.

    Raises:
        ConfigurationError: It is no text or number, or has characters that cannot be sent.
    """
    text = str(version) if isinstance(version, str | int | float) else ""
    if text in ("", ".", "..", "True", "False"):
        raise ConfigurationError(f"a version is a text such as '2026-01-01', not {version!r}")
    check_header("version", text)
    return text


def _placed(settings: Settings, versions: Versions, version: str) -> Settings:
    """Settings that put a version where it goes."""
    query = beside(settings.query, in_query(versions, version))
    changes: dict[str, Any] = {"query": tuple(query)}
    if versions.header is not None:
        headers = Headers(settings.headers)
        headers[versions.header] = version
        changes["headers"] = tuple(headers.multi_items())
    if versions.path is not None:
        path = versions.path.strip("/").replace("{version}", quote(version, safe=""))
        changes["base_url"] = f"{settings.base_url}/{path}"
    if versions.media_type is not None:
        changes["accept"] = versions.media_type.replace("{version}", version)
    return replace(settings, **changes)


def in_query(versions: Versions | None, version: str | None) -> list[str]:
    """The version as it stands in the query of calls, if it goes there."""
    if versions is None or versions.query is None or version is None:
        return []
    return [*query_pieces({versions.query: version}, {})]


def _on_server(settings: Settings, name: str, version: str) -> Settings:
    """Settings for the server that a variable of its URL chooses; a stated URL stays."""
    variables = {**settings.server_variables, name: version}
    if settings.stated_base_url:
        return settings
    url = api_base_url(settings.api, settings.server, variables)
    origins = frozenset({origin_of(url)})
    return replace(settings, base_url=url, origins=origins, server_variables=variables)


def accepting(accept: str, versioned: str) -> str:
    """Media types of which the one that has versions takes the place of JSON."""
    kinds = (kind.strip() for kind in accept.split(","))
    return ", ".join(versioned if kind in ("application/json", "*/*") else kind for kind in kinds)


def filled(
    settings: Settings,
    param: VersionParam,
    operation: Operation[Any],
    query: Mapping[str, object],
    headers: Mapping[str, object],
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Arguments of a call with the version of the client, where none is given.

    Args:
        settings: Those of the client.
        param: The parameter that takes the version.
        operation: What is called.
        query: Query parameters by wire name, `OMIT` where they are not given.
        headers: Header parameters, likewise.

    Raises:
        ConfigurationError: The API needs a version, and there is none.
    """
    given = query if param.place == "query" else headers
    if not isinstance(given.get(param.name), Omit):
        return query, headers
    version = settings.version or param.default
    if version is None:
        if param.required:
            raise ConfigurationError(
                f"{operation.method} {operation.path} needs a version: give version= to the "
                f"client, or {param.name!r} to the call"
            )
        return query, headers
    changed = {**given, param.name: version}
    return (changed, headers) if param.place == "query" else (query, changed)
