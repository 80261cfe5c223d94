"""Configuration: flags above `CLIENTGEN_*` above a file above defaults."""

from __future__ import annotations

import os
import sys
from errno import ENOENT
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "clientgen.toml"


class ConfigError(Exception):
    """An option or a configuration file that makes no sense; one line."""


class OperationConfig(BaseModel):
    """What is said of one operation, under `[operations."GET /pets/{petId}"]`.

    Attributes:
        call: Where it is called from a client, such as `pets.find`.
    """

    model_config = ConfigDict(extra="forbid")

    call: str | None = None


class Config(BaseSettings):
    """Everything that can be configured.

    Attributes:
        spec: The document: a file, a URL, or `-` for standard input.
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
        allow_remote_refs: Whether `$ref`s may lead to any URL; or the origins that they may.
        templates: A folder of templates that replace ours by name.
        operations: Settings of single operations, by method and path.
    """

    model_config = SettingsConfigDict(env_prefix="CLIENTGEN_", extra="forbid")

    spec: str | None = None
    output: Path | None = None
    package: str | None = Field(default=None, pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")
    client: str | None = Field(default=None, pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")
    project_name: str | None = Field(
        default=None, pattern=r"^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?$"
    )
    package_version: str = Field(default="0.1.0", pattern=r"^[0-9][0-9A-Za-z.+!_-]*$")
    meta: Literal["uv", "none"] = "uv"
    include_path: tuple[str, ...] = ()
    exclude_path: tuple[str, ...] = ()
    include_tag: tuple[str, ...] = ()
    exclude_tag: tuple[str, ...] = ()
    allow_remote_refs: bool | tuple[str, ...] = False
    templates: Path | None = None
    operations: dict[str, OperationConfig] = Field(default_factory=dict)


def load_config(flags: Mapping[str, Any], file: Path | None = None) -> Config:
    """Put the configuration together.

    Args:
        flags: What the command line gives; entries that are None count as not given.
        file: The configuration file; when None, `clientgen.toml` or the `[tool.clientgen]` table
            of `pyproject.toml` in the current folder, if there is one.

    Raises:
        ConfigError: The file cannot be read, or something in it or elsewhere makes no sense.
    """
    path = file or _found_file()
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return _config_class(path)(**given)
    except ValidationError as error:
        raise ConfigError(_readable(error, path)) from error
    except SettingsError as error:
        raise ConfigError(str(error)) from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"cannot read {path}: {reason}") from error


def _found_file() -> Path | None:
    for name in (FILE_NAME, "pyproject.toml"):
        if Path(name).is_file():
            return Path(name)
    return None


def _config_class(path: Path | None) -> type[Config]:
    """A `Config` that reads this file beside flags and environment."""
    if path is not None and not path.is_file():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
    in_pyproject = path is not None and path.name == "pyproject.toml"
    settings = SettingsConfigDict()
    if in_pyproject:
        settings["pyproject_toml_table_header"] = ("tool", "clientgen")

    class FileConfig(Config):
        model_config = settings

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            if path is None:
                return init_settings, env_settings
            kind = PyprojectTomlConfigSettingsSource if in_pyproject else TomlConfigSettingsSource
            return init_settings, env_settings, kind(settings_cls, path)

    return FileConfig


def _readable(error: ValidationError, path: Path | None) -> str:
    """One line for all that is wrong, with the way to each entry."""
    found = []
    for entry in error.errors():
        place = ".".join(map(str, entry["loc"])) or "configuration"
        found.append(f"{place}: {entry['msg'][0].lower()}{entry['msg'][1:]}")
    source = f" (read {path})" if path else ""
    return "; ".join(found) + source
