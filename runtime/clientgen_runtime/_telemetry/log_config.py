"""What is shown in the log: settings, apart from the logging that is slow to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._redact import MASK, redact_text

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class LogConfig:
    """What the log shows beyond method, URL and status.

    Attributes:
        bodies: Whether DEBUG records show bodies.
        body_limit: How many characters of a body.
        secret_patterns: Regular expressions; what they match is masked everywhere.
        slow_after: Seconds after which an answer is told at WARNING; `None` for never.

    Example:
        >>> config = LogConfig(bodies=True, secret_patterns=[r"[0-9]{16}"])
        >>> config.body_limit
        1000
    """

    bodies: bool = False
    body_limit: int = 1000
    secret_patterns: Sequence[str] = ()
    slow_after: float | None = 30.0

    def clean(self, text: str) -> str:
        """The text with all that looks secret masked.

        Args:
            text: What is to be logged.

        Example:
            >>> LogConfig(secret_patterns=[r"[0-9]{4}"]).clean("the code is 1234")
            'the code is ***'
        """
        text = redact_text(text)
        for pattern in self.secret_patterns:
            text = re.sub(pattern, MASK, text)
        return text
