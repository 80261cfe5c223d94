"""What `tracing=` takes; the spans themselves need OpenTelemetry, and are in `_spans`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._errors import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from .watch import Watcher


@dataclass(frozen=True)
class TracingConfig:
    """Where spans and metrics of calls go, with the extra `tracing`.

    Attributes:
        tracer_provider: Makes the tracer; `None` for the global one.
        meter_provider: Makes the meter; `None` for the global one.
        propagate: Whether headers tell the server of the span, by the global propagators, so that
            its own spans belong to the same trace.

    Example:
        >>> TracingConfig().propagate
        True
    """

    tracer_provider: TracerProvider | None = None
    meter_provider: MeterProvider | None = None
    propagate: bool = True


def tracing_of(given: object) -> Watcher | None:
    """What `tracing=` means.

    Raises:
        ConfigurationError: It is neither a bool, a `TracingConfig` nor `None`, or the extra is
            missing.
    """
    if given is None or given is False:
        return None
    config = TracingConfig() if given is True else given
    if not isinstance(config, TracingConfig):
        raise ConfigurationError(
            f"tracing= takes True, False, None or TracingConfig, not {given!r}"
        )
    try:
        from .spans import Tracing
    except ImportError as error:
        raise ConfigurationError("tracing= needs the extra clientgen-runtime[tracing]") from error
    return Tracing(config)
