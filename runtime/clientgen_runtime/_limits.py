"""How many connections a client keeps."""

from __future__ import annotations

from dataclasses import dataclass

from ._errors import ConfigurationError


@dataclass(frozen=True)
class PoolLimits:
    """How many connections there may be.

    Attributes:
        max_connections: Open connections in all; further calls wait for one. `None` for any.
        max_keepalive_connections: Idle ones that are kept; `None` for as many as may be open.
        keepalive_expiry: Seconds that an idle one is kept; `None` for as long as it lasts.

    Raises:
        ConfigurationError: A limit is negative, or no connection is allowed.

    Example:
        >>> limits = PoolLimits(max_connections=500, keepalive_expiry=60)
        >>> with Client("https://api.example.com", limits=limits) as client:
        ...     client.base_url
        'https://api.example.com'
    """

    max_connections: int | None = 100
    max_keepalive_connections: int | None = None
    keepalive_expiry: float | None = 30.0

    def __post_init__(self) -> None:
        if self.max_connections is not None and self.max_connections < 1:
            raise ConfigurationError(f"max_connections is at least 1, not {self.max_connections}")
        for name in ("max_keepalive_connections", "keepalive_expiry"):
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                raise ConfigurationError(f"{name} must not be negative, like {limit}")

    @property
    def kept(self) -> float:
        """How many idle connections are kept.

        Example:
            >>> PoolLimits(max_connections=500).kept
            500
        """
        limits = (self.max_connections, self.max_keepalive_connections)
        return min((limit for limit in limits if limit is not None), default=float("inf"))
