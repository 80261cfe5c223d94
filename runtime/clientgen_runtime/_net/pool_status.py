"""How full the pools of a client are, for those who ask."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .transport import AsyncTransport, Transport


@dataclass(frozen=True)
class PoolStatus:
    """How full the pools of a client are; variants share the pools.

    Attributes:
        busy: Requests under way, each on a connection of its own but with HTTP/2.
        idle: Connections that wait to be used again.
        waiting: Calls that wait for a connection.

    Example:
        >>> PoolStatus(busy=3, idle=1, waiting=0).busy
        3
    """

    busy: int = 0
    idle: int = 0
    waiting: int = 0


def pool_status(transport: Transport | AsyncTransport) -> PoolStatus:
    """The sum over all routes; transports of users have no pools that are known."""
    opened = list(transport._opened.values())
    pools: list[Any] = [getattr(each, "_pool", None) for each in opened]
    ours = [pool for pool in pools if hasattr(pool, "_slots")]
    return PoolStatus(
        busy=sum(pool.busy for pool in ours),
        idle=sum(pool._slots.idle for pool in ours),
        waiting=sum(pool._slots.waiting for pool in ours),
    )
