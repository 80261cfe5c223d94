"""What the testing kit needs beside the runtime."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def needs(extra: str, library: str) -> Generator[None]:
    """Tell what to install when an import fails.

    Args:
        extra: The extra of clientgen-runtime that brings it.
        library: What is imported.

    Raises:
        ConfigurationError: It is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise ConfigurationError(
            f"{library} is not installed; install clientgen-runtime[{extra}]"
        ) from error
