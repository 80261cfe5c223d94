"""Options from environment variables and `.env` files."""

from __future__ import annotations

import logging
from inspect import signature
from typing import Any

from pydantic import SecretStr, ValidationError, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict

from ._errors import ConfigurationError


class _Variables(BaseSettings):
    """What `from_env` reads, each with the prefix in front; what is empty is not there."""

    model_config = SettingsConfigDict(
        extra="ignore", env_file_encoding="utf-8", env_ignore_empty=True
    )

    base_url: str | None = None
    api_key: SecretStr | None = None
    token: SecretStr | None = None
    username: str | None = None
    password: SecretStr | None = None
    timeout: float | None = None
    retry: int | None = None
    proxy: str | None = None
    verify_ssl: bool | None = None
    log: str | None = None


def environment_options(
    client: type[object], prefix: str, env_file: str | None, given: dict[str, Any]
) -> dict[str, Any]:
    """Arguments of a client; those that are given win over the environment.

    Args:
        client: The client's class; that of an SDK has arguments for its credentials.
        prefix: What the names begin with, such as `ACME_`.
        env_file: A file of `NAME=value` lines; the environment wins over it.
        given: Arguments that the caller states.

    Raises:
        ConfigurationError: A variable has a value that makes no sense, or there is no base URL.
    """
    credentials = _credential_arguments(client)
    found = _read(prefix, env_file, credentials)
    if found.log is not None:
        _set_up_log(prefix, found.log)
    options: dict[str, Any] = {
        name: value
        for name in ("base_url", "timeout", "retry", "proxy", "verify_ssl")
        if (value := getattr(found, name)) is not None
    }
    if credentials:
        options |= {name: getattr(found, name) for name in credentials}
    elif auth := _auth(found):
        options["auth"] = auth
    return {**options, **given}


def _credential_arguments(client: type[object]) -> list[str]:
    """The constructor's own arguments for credentials; the runtime's clients have none."""
    others = {"base_url", "api", "credentials", "version"}
    parameters = signature(client).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in others]


def _read(prefix: str, env_file: str | None, credentials: list[str]) -> _Variables:
    fields: Any = dict.fromkeys(credentials, (SecretStr | None, None))
    model = create_model("Variables", __base__=_Variables, **fields) if fields else _Variables
    try:
        where: dict[str, Any] = {"_env_prefix": prefix, "_env_file": env_file}
        return model(**where)
    except ValidationError as error:
        # The values are not told: any of them may be a secret.
        names = ", ".join(f"{prefix}{str(entry['loc'][0]).upper()}" for entry in error.errors())
        raise ConfigurationError(f"environment variables with unusable values: {names}") from None


def _auth(found: _Variables) -> list[tuple[object, ...]]:
    handlers: list[tuple[object, ...]] = []
    if found.api_key is not None:
        handlers.append(("api_key", found.api_key))
    if found.token is not None:
        handlers.append(("bearer", found.token))
    elif found.username is not None and found.password is not None:
        handlers.append(("basic", found.username, found.password))
    return handlers


def _set_up_log(prefix: str, level: str) -> None:
    logger = logging.getLogger("clientgen_runtime")
    try:
        logger.setLevel(level.upper())
    except ValueError:
        raise ConfigurationError(f"{prefix}LOG is a level such as debug or info") from None
    if not logger.hasHandlers():
        logger.addHandler(logging.StreamHandler())
