"""TLS settings, made into one `ssl.SSLContext` that all connections share."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Literal, TypeAlias

from .._auth import Secret, reveal
from .._errors import ConfigurationError

Certificate: TypeAlias = (
    str | Path | tuple[str | Path, str | Path] | tuple[str | Path, str | Path, Secret]
)
"""A client certificate: one file, certificate and key, or those and the key's password."""

Verify: TypeAlias = bool | str | Path | ssl.SSLContext
"""Whether to verify the server, or with what: a CA bundle, a folder of them, or a context."""

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True)
class TLSConfig:
    """What `verify_ssl=`, `cert=`, `min_tls_version=` and `trust_store=` say."""

    verify: Verify = True
    cert: Certificate | None = field(default=None, repr=False)  # may have a password in it
    min_version: Literal["1.2", "1.3"] = "1.2"
    trust_store: Literal["certifi", "system"] = "certifi"

    def __post_init__(self) -> None:
        others = (self.cert, self.min_version, self.trust_store)
        if isinstance(self.verify, ssl.SSLContext) and others != (None, "1.2", "certifi"):
            raise ConfigurationError(
                "verify_ssl= is a context with settings of its own: set its certificate, versions "
                "and trust there, not with cert=, min_tls_version= and trust_store="
            )

    def context(self) -> ssl.SSLContext:
        """The context for connections; takes some 20 ms, so make it once.

        Raises:
            ConfigurationError: A file cannot be read, or `truststore` is not installed.
        """
        if isinstance(self.verify, ssl.SSLContext):
            return self.verify
        context = self._trusting_context()
        context.minimum_version = _VERSIONS[self.min_version]
        if self.cert is not None:
            self._load_certificate(context)
        return context

    def _trusting_context(self) -> ssl.SSLContext:
        if self.verify is False:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        if self.verify is not True:
            return _bundle_context(Path(str(self.verify)))
        if self.trust_store == "system":
            return _system_context()
        stated = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
        if stated:
            return _bundle_context(Path(stated))
        import certifi

        return ssl.create_default_context(cafile=certifi.where())

    def _load_certificate(self, context: ssl.SSLContext) -> None:
        parts = self.cert if isinstance(self.cert, tuple) else (self.cert,)
        certificate, key = str(parts[0]), str(parts[1]) if len(parts) > 1 else None
        password = reveal(parts[2]) if len(parts) == 3 else None
        try:
            # An empty password keeps OpenSSL from asking for one on the terminal.
            context.load_cert_chain(certificate, key, password or "")
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"cert= cannot be loaded: {_reason(error)}") from None


def _bundle_context(path: Path) -> ssl.SSLContext:
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=str(path))
        return ssl.create_default_context(cafile=str(path))
    except OSError as error:
        raise ConfigurationError(f"the CA bundle cannot be loaded: {_reason(error)}") from error


def _system_context() -> ssl.SSLContext:
    try:
        truststore = import_module("truststore")
    except ImportError:
        raise ConfigurationError(
            'trust_store="system" needs the extra: clientgen-runtime[truststore]'
        ) from None
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context


def _reason(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
