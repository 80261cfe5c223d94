"""What examples do where an extra of the runtime is not installed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from clientgen_runtime import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = {"opentelemetry", "prometheus_client"}
"""What guides show the runtime with, and tests of the runtime alone do without."""


@contextmanager
def skip_without_extra() -> Iterator[None]:
    """Skip the test when what runs asks for an extra, or a tool, that is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in TOOLS:
            raise
        pytest.skip(str(error))
    except ConfigurationError as error:
        if "clientgen-runtime[" not in str(error):
            raise
        pytest.skip(str(error))
