"""Configuration: flags above `CLIENTGEN_*` above a file above defaults."""

from __future__ import annotations

import keyword
import re
import sys
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails
    from typing_extensions import Self

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "clientgen.toml"
ENV_PREFIX = "CLIENTGEN_"

USED_PACKAGES = frozenset({"clientgen_runtime", "httpx", "pydantic", "typing_extensions"})
"""Packages that a generated one needs; it must not hide them."""

USED_CLASSES = frozenset(
    [
        "API",
        "Annotated",
        "Any",
        "Api",
        "ApiKey",
        "AsyncClient",
        "AsyncIterable",
        "AsyncPaginator",
        "AsyncRaw",
        "AsyncStream",
        "AsyncStreamed",
        "AuthenticationError",
        "BadRequestError",
        "BinaryInput",
        "Body",
        "CircuitOpenError",
        "Client",
        "ClientError",
        "ClientOptions",
        "ClientResponseError",
        "ConfigurationError",
        "ConflictError",
        "ConnectTimeoutError",
        "ConnectionError",
        "Decimal",
        "DecodeError",
        "EventTypes",
        "FakeServer",
        "FileInput",
        "ForbiddenError",
        "HTTPError",
        "HttpAuth",
        "Idempotency",
        "Iterable",
        "List",
        "Literal",
        "LoginFailedError",
        "Mapping",
        "MutualTLS",
        "NotFoundError",
        "OAuth2",
        "OMIT",
        "Omit",
        "Operation",
        "OperationFailedError",
        "Page",
        "Pages",
        "Param",
        "Part",
        "PoolTimeoutError",
        "ProxyError",
        "RateLimitError",
        "Raw",
        "RawKind",
        "RawMethod",
        "RawOverloads",
        "RawPage",
        "RawResource",
        "RawStream",
        "ReadTimeoutError",
        "RequestOptions",
        "ResponseError",
        "ResponseTooLargeError",
        "RetryConfig",
        "Secret",
        "Sequence",
        "Server",
        "ServerError",
        "Stream",
        "StreamError",
        "Streamed",
        "TLSError",
        "TYPE_CHECKING",
        "TimeoutError",
        "TotalTimeoutError",
        "TruncatedResponseError",
        "UUID",
        "Unpack",
        "UnprocessableEntityError",
        "ValidationError",
        "Variable",
        "VersionParam",
        "WebhookVerificationError",
        "Webhooks",
        "WriteTimeoutError",
        "Xml",
    ]
)
"""Names of classes and constants that modules of clients have beside them."""


def is_used_class(name: str) -> bool:
    """Whether a client may not have this name, since it or what is made of it hides another."""
    return not USED_CLASSES.isdisjoint({name, f"Async{name}", f"Raw{name}"})


class ConfigError(Exception):
    """An option or a configuration file that makes no sense; one line."""


def close_match(wanted: str, known: Iterable[str]) -> str:
    """What was probably meant, for the end of a message; empty when nothing is near."""
    # In order, so that equally close ones do not take turns.
    found = get_close_matches(wanted, sorted(known), 1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


# --- What entries must look like -------------------------------------------------------------


def _package(name: str) -> str:
    if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name):
        raise ValueError(f"{name!r} is no package name; write it like pet_store")
    if keyword.iskeyword(name):
        raise ValueError(f"{name!r} is a Python keyword; write it like {name}_api")
    if name in sys.stdlib_module_names | USED_PACKAGES:
        raise ValueError(f"{name!r} would hide the module of this name; write it like {name}_api")
    return name


def _client(name: str) -> str:
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", name):
        raise ValueError(f"{name!r} is no class name; write it like PetStore")
    if keyword.iskeyword(name):
        raise ValueError(f"{name!r} is a Python keyword; write it like PetStore")
    if not name[0].isupper():
        raise ValueError(f"{name!r} is no class name; write it like {name[0].upper()}{name[1:]}")
    if is_used_class(name):
        raise ValueError(f"every package has a class {name!r} already; write it like {name}Api")
    return name


def _origins(value: object) -> object:
    if isinstance(value, int) and value in {0, 1}:  # as variables of the environment say it
        return bool(value)
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ValueError("give true, false, or a list of origins such as https://example.com")


def _documents(value: object) -> object:
    """`spec = "api.yaml"`, as a list."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise ValueError("give a file or a URL, or a list of them")


def _codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of diagnostics, in capitals."""
    from clientgen.explain import titles

    for code in codes:
        if code.upper() not in titles():
            close = close_match(code.upper(), titles())
            raise ValueError(f"there is no diagnostic {code!r}{close}")
    return tuple(code.upper() for code in codes)


def _operations(operations: dict[str, OperationConfig]) -> dict[str, OperationConfig]:
    """Settings by `METHOD /path`, the method in capitals."""
    found = {}
    for written, settings in operations.items():
        method, _, path = written.strip().partition(" ")
        key = f"{method.upper()} {path.strip()}"
        if not path.strip():
            raise ValueError(f"{written!r} is no operation; write it like 'GET /pets/{{petId}}'")
        if key in found:
            raise ValueError(f"{key!r} is there twice; remove one")
        found[key] = settings
    return found


def _name(value: object) -> object:
    """`Pet = "Animal"`, as a table."""
    return {"name": value} if isinstance(value, str) else value


def _plugins(value: object) -> object:
    """`plugins = ["cli"]`, as tables of options."""
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return {name: {} for name in value}
    if isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
        return value
    raise ValueError("give a list of names, or tables such as [plugins.cli]")


def _switch(value: object) -> object:
    """`pagination = false`, as a table."""
    return {"style": "none"} if value is False else value


class PaginationConfig(BaseModel):
    """How the list goes on that an operation answers with.

    Paths are names on the wire with dots between them, such as `meta.next_cursor`.

    Attributes:
        style: `cursor`, `offset`, `page`, `link`, `next_url`, `token_body`; or `none`, which
            `pagination = false` stands for.
        items: Path of the items in the body; empty when the body is the list.
        request: Parameter that takes the next position, or path of the field in the body.
        next: Path of the next position or URL in the body, or the name of a header that has it.
        place: Where `request` is.
        next_in: Where `next` is.
        last: Path in the last item of what is the next position, such as `id`.
        more: Path of a flag that is false on the last page; with `!` in front, one that is true
            there. For `page`, also of the number of the last page.
        total: Path of the number of items on all pages.
        start: The number of the first page; 1 for `page` and 0 for `offset` when not given.
        current: Path of the number of this page in the body, for requests that do not state it.
        verb: The method that a next URL is asked for with; that of the first page when empty.
    """

    model_config = ConfigDict(extra="forbid")

    style: Literal["cursor", "offset", "page", "link", "next_url", "token_body", "none"]
    items: str = ""
    request: str = ""
    next: str = ""
    place: Literal["query", "header", "body"] = "query"
    next_in: Literal["body", "header"] = "body"
    last: str = ""
    more: str = ""
    total: str = ""
    start: int | None = None
    current: str = ""
    verb: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        takes = self.style in {"cursor", "token_body", "offset", "page"}
        if takes and not self.request:
            raise ValueError(f"pagination of style {self.style!r} needs request")
        gives = self.style in {"cursor", "token_body"} and not self.last
        if (gives or self.style == "next_url") and not self.next:
            raise ValueError(f"pagination of style {self.style!r} needs next")
        return self


Format = Literal[
    "none",
    "base64",
    "base64url",
    "binary",
    "byte",
    "date",
    "date-time",
    "decimal",
    "duration",
    "http-date",
    "milliseconds",
    "seconds",
    "time",
    "unixtime",
    "uuid",
]
"""Formats whose values are of Python types; `none` leaves them as JSON has them."""


TypeName = Literal[Format, "any", "string", "integer", "number", "boolean"]
"""Types that values can be given: a format of theirs, or a type of JSON in place of theirs."""


class ModelConfig(BaseModel):
    """What is said of one schema, under `[models.Pet]`.

    Attributes:
        name: The name of its class.
        fields: Names of attributes and arguments, by the names of properties on the wire.
        types: Types of properties, by their names on the wire.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    types: dict[str, TypeName] = Field(default_factory=dict)


class OperationConfig(BaseModel):
    """What is said of one operation, under `[operations."GET /pets/{petId}"]`.

    Attributes:
        call: Where it is called from a client, such as `pets.find`.
        parameters: Names of arguments, by the names of parameters on the wire; `header:id` where
            parameters in several places have one name.
        types: Types of parameters, by the same names.
        pagination: How its list goes on, or false when it is no list of pages; found by names
            and types when not given.
    """

    model_config = ConfigDict(extra="forbid")

    call: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)
    types: dict[str, TypeName] = Field(default_factory=dict)
    pagination: Annotated[
        PaginationConfig | None,
        BeforeValidator(_switch, json_schema_input_type=PaginationConfig | Literal[False]),
    ] = None


class Config(BaseSettings):
    """Everything that can be configured.

    Attributes:
        spec: The document: a file, a URL, or `-` for standard input; or a list of documents that
            become one SDK.
        output: Where the project goes; `./<project-name>` when not given.
        package: Import package; from the document's title when not given.
        client: Client class; from the document's title when not given.
        project_name: Distribution name; from the package's name when not given.
        package_version: Version of the generated distribution.
        meta: `uv` for a publishable project, `none` for the package alone.
        include_path: Globs of paths to take, such as `/pets/**` or `/pets#GET`; all when empty.
        exclude_path: Globs of paths to leave out.
        include_tag: Tags to take; all when empty.
        exclude_tag: Tags to leave out.
        include_operation: Globs of `operationId`s to take, such as `list*`; all when empty.
        exclude_operation: Globs of `operationId`s to leave out.
        include_schema: Globs of names of schemas, to take only operations that use one of them.
        exclude_schema: Globs of names of schemas that become no models: their values are any.
        exclude_deprecated: Whether operations are left out that the document calls deprecated.
        overlays: OpenAPI Overlay 1.0 files that change the document before it is read.
        allow_remote_refs: Whether `$ref`s may lead to any URL; or the origins that they may.
        templates: A folder of templates that replace ours by name.
        custom_client: Whether the clients come from `lib/client.py` of the package, where you
            extend them; that file is written once.
        fail_on: The mildest diagnostic that makes a run fail; none does when not given.
        ignore: Codes of diagnostics that are not told and make no run fail; errors are told.
        pagination: Whether lists are looked for that come page by page.
        operations: Settings of single operations, by method and path.
        formats: Formats to read as others that clientgen knows, such as `money` as `decimal`.
        models: Names of models and their fields, by the schema's name or JSON Pointer.
        plugins: Names of plugins, or tables of their options by name.
    """

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_ignore_empty=True, extra="forbid")

    spec: Annotated[
        tuple[str, ...], BeforeValidator(_documents, json_schema_input_type=str | list[str])
    ] = ()
    output: Path | None = None
    package: Annotated[str, AfterValidator(_package)] | None = None
    client: Annotated[str, AfterValidator(_client)] | None = None
    project_name: str | None = Field(
        default=None, pattern=r"^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?$"
    )
    package_version: str = Field(default="0.1.0", pattern=r"^[0-9][0-9A-Za-z.+!_-]*$")
    meta: Literal["uv", "none"] = "uv"
    include_path: tuple[str, ...] = ()
    exclude_path: tuple[str, ...] = ()
    include_tag: tuple[str, ...] = ()
    exclude_tag: tuple[str, ...] = ()
    include_operation: tuple[str, ...] = ()
    exclude_operation: tuple[str, ...] = ()
    include_schema: tuple[str, ...] = ()
    exclude_schema: tuple[str, ...] = ()
    exclude_deprecated: bool = False
    overlays: tuple[Path, ...] = ()
    allow_remote_refs: Annotated[
        bool | tuple[str, ...],
        BeforeValidator(_origins, json_schema_input_type=bool | list[str]),
    ] = False
    templates: Path | None = None
    custom_client: bool = False
    fail_on: Literal["warning", "unsupported", "error"] | None = None
    ignore: Annotated[tuple[str, ...], AfterValidator(_codes)] = ()
    pagination: bool = True
    operations: Annotated[dict[str, OperationConfig], AfterValidator(_operations)] = Field(
        default_factory=dict
    )
    formats: dict[str, Format] = Field(default_factory=dict)
    models: dict[
        str,
        Annotated[ModelConfig, BeforeValidator(_name, json_schema_input_type=str | ModelConfig)],
    ] = Field(default_factory=dict)
    plugins: Annotated[
        dict[str, dict[str, Any]],
        BeforeValidator(_plugins, json_schema_input_type=list[str] | dict[str, dict[str, Any]]),
    ] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given and nothing else: `load_config` decides on the order of sources."""
        return (init_settings,)


class _Environment(EnvSettingsSource):
    """`CLIENTGEN_*`; a list may be JSON, or texts with commas between them."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        with suppress(ValueError):
            decoded = super().decode_complex_value(field_name, field, value)
            # A tag may be called `2024` or `true`, which are JSON, too.
            if isinstance(decoded, list | dict) or field_name == "allow_remote_refs":
                return decoded
        if field_name == "spec":  # URLs may have commas
            return value
        return [part for part in map(str.strip, value.split(",")) if part]


# --- Where entries come from -----------------------------------------------------------------


def load_config(
    flags: Mapping[str, object], file: Path | None = None, only: str | None = None
) -> Config:
    """Put the configuration of one SDK together.

    Args:
        flags: What the command line gives; entries that are None count as not given.
        file: The configuration file; when None, `clientgen.toml` or the `[tool.clientgen]` table
            of `pyproject.toml` in the current folder, if there is one. Paths in it start from
            its folder.
        only: Name of the SDK, where the file has several.

    Raises:
        ConfigError: The file cannot be read, or something in it or elsewhere makes no sense.
    """
    configs = load_configs(flags, file, only)
    if len(configs) > 1:
        raise ConfigError(f"there are several SDKs; choose one with --only: {', '.join(configs)}")
    return next(iter(configs.values()))


def load_configs(
    flags: Mapping[str, object], file: Path | None = None, only: str | None = None
) -> dict[str, Config]:
    """Put the configurations of all SDKs together, by their names in the file.

    Args:
        flags: As for `load_config`.
        file: As for `load_config`.
        only: The one to take.

    Raises:
        ConfigError: As for `load_config`; or options that are for one SDK meet several.
    """
    path = file or _found_file()
    common, tables = _read(path) if path else ({}, {})
    if only is not None:
        if not tables:
            raise ConfigError(f"--only: there is no [sdk.{only}], nor another SDK; leave it out")
        if only not in tables:
            close = get_close_matches(only, tables, 1) or [", ".join(tables)]
            raise ConfigError(f"--only: there is no [sdk.{only}]; did you mean {close[0]}?")
        tables = {only: tables[only]}
    given = {key: value for key, value in flags.items() if value is not None}
    if len(tables) > 1:
        _refuse_what_is_for_one(given, f"{path} has several SDKs", ", ".join(tables))
    return {
        name: _config(given, {**common, **table}, f"{path}: sdk.{name}" if name else f"{path}: ")
        for name, table in (tables or {"": {}}).items()
    }


def _refuse_what_is_for_one(flags: Mapping[str, object], why: str, names: str) -> None:
    for key in ("spec", "output", "package", "client"):
        if key in flags:
            raise ConfigError(f"{why}; choose one with --only: {names}")
        if key in _Environment(Config)():
            variable = f"{ENV_PREFIX}{key.upper()}"
            raise ConfigError(f"{why}, and {variable} is for one; choose it with --only: {names}")


def check_flags(flags: Mapping[str, object]) -> None:
    """Look at what the command line gives, and at nothing else.

    Raises:
        ConfigError: Something in it makes no sense.
    """
    _config(dict(flags), {}, "")


def _config(in_flags: dict[str, Any], in_file: dict[str, Any], place: str) -> Config:
    in_environment = _Environment(Config)()

    def source(key: str) -> str:
        if key in in_flags:
            return "SPEC" if key == "spec" else f"--{key.replace('_', '-')}"
        if key in in_environment:
            return f"{ENV_PREFIX}{key.upper()}"
        return f"{place}{'' if place.endswith(' ') else '.'}{key}"

    given: dict[str, Any] = {**in_file, **in_environment, **in_flags}
    if "plugins" in in_flags:
        configured = {**in_file, **in_environment}.get("plugins", {})
        given["plugins"] = _with_options(in_flags["plugins"], configured)
    try:
        return Config(**given)
    except ValidationError as error:
        raise ConfigError(_readable(error, source)) from error


def _with_options(asked: Iterable[str], configured: object) -> object:
    """Plugins that `--plugin` asks for, beside those that are configured, with their options."""
    try:
        known = _plugins(configured)
    except ValueError:
        return configured  # which is told with its place
    return {**{name: {} for name in asked}, **known} if isinstance(known, dict) else known


def _found_file() -> Path | None:
    # A folder that may not be searched has none, as far as we can know.
    with suppress(OSError):
        return next((Path(n) for n in (FILE_NAME, "pyproject.toml") if Path(n).is_file()), None)
    return None


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The settings of a file, and those of each SDK where it has several."""
    try:
        # Editors on Windows start a file with a byte order mark, which TOML does not know.
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}; check --config") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"cannot read {path}: it is not UTF-8; save it as such") from error
    except tomllib.TOMLDecodeError as error:
        message = str(error)[:1].lower() + str(error)[1:]
        raise ConfigError(f"cannot read {path}: {message}; write it as TOML") from error
    if path.name == "pyproject.toml":
        content = _table(_table(content, "tool", path), "clientgen", path)
    tables = _table(content, "sdk", path)
    named = {name: _settings(_table(tables, name, path), f"sdk.{name}.", path) for name in tables}
    common = {key: value for key, value in content.items() if key != "sdk"}
    return _settings(common, "", path), named


def _settings(content: dict[str, Any], place: str, path: Path) -> dict[str, Any]:
    for key in content:
        # Not left to pydantic: its settings take some names that start with `_` for their own.
        if key not in Config.model_fields:
            raise ConfigError(f"{path}: {place}{_toml_key(key)}: {_no_such_setting((key,))}")
    return {key: _from_its_folder(key, value, path) for key, value in content.items()}


def _table(content: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    found = content.get(key, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: {key}: give a table, as in [tool.clientgen]")
    return found


def _from_its_folder(key: str, value: object, file: Path) -> object:
    """A path that a file gives, so that it means the same wherever the command is run."""
    if key == "overlays" and isinstance(value, list):
        return [_from_its_folder("templates", each, file) for each in value]
    if key == "spec" and isinstance(value, list):
        return [_from_its_folder(key, each, file) for each in value]
    is_path = key in {"output", "templates"} or (key == "spec" and value != "-")
    if not is_path or not isinstance(value, str) or "://" in value:
        return value
    return str(file.parent / value)


# --- What is wrong, in one line --------------------------------------------------------------

ADVICE = {
    "bool_type": "give true or false",
    "dict_type": 'give tables such as [operations."GET /pets"]',
    "model_type": 'give a table such as { call = "pets.find" }',
    "path_type": "give a path",
    "string_type": "give a text",
    "tuple_type": "give a list of texts",
}
"""What to do about the kinds of mistakes that pydantic finds."""


def _readable(error: ValidationError, source: Callable[[str], str]) -> str:
    """One line for all that is wrong, with the way to each entry."""
    found = []
    for entry in error.errors():
        key, *rest = map(str, entry["loc"])
        place = ".".join([source(key), *map(_toml_key, rest)])
        found.append(f"{place}: {_told(entry)}")
    return "; ".join(found)


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'


def _told(entry: ErrorDetails) -> str:
    given, context = entry["input"], entry.get("ctx", {})
    match entry["type"]:
        case "extra_forbidden":
            return _no_such_setting(entry["loc"])
        case "value_error":
            return str(context["error"])
        case "literal_error":
            # Of long lists only what is near is of use.
            known = re.findall("'(.*?)'", context["expected"])
            near = close_match(str(given), known)
            return f"{given!r} is no choice{near or '; give ' + context['expected']}"
        case "string_pattern_mismatch":
            return f"{given!r} is not {EXAMPLES[str(entry['loc'][0])]}"
        case "dict_type" if table := TABLES.get(str(entry["loc"][-1])):
            return f"give a table such as {table}"
        case "model_type" if entry["loc"][0] == "models":
            return 'give a name, or a table such as { name = "Pet" }'
        case "model_type" if entry["loc"][-1] == "pagination":
            return 'give false, or a table such as { style = "link" }'
        case kind:
            return ADVICE.get(kind) or entry["msg"][:1].lower() + entry["msg"][1:]


TABLES = {
    "fields": '{ petName = "name" }',
    "formats": '{ money = "decimal" }',
    "models": '{ Pet = "Animal" }',
    "parameters": '{ petId = "pet" }',
    "types": '{ price = "decimal" }',
}

EXAMPLES = {
    "project_name": "the name of a distribution; write it like pet-store",
    "package_version": "a version; write it like 1.0.0",
}


def _no_such_setting(place: tuple[int | str, ...]) -> str:
    match place:
        case (_,):
            known = Config.model_fields
        case (*_, "pagination", _):
            known = PaginationConfig.model_fields
        case ("models", *_):
            known = ModelConfig.model_fields
        case _:
            known = OperationConfig.model_fields
    wanted = str(place[-1]).replace("-", "_").lower()
    close = get_close_matches(wanted, known, 1) or [", ".join(known)]
    return f"there is no such setting; did you mean {close[0]}?"
