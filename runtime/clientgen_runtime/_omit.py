"""The value of an argument that was not given."""

from __future__ import annotations

from typing import Final, Literal


class Omit:
    """The type of `OMIT`, which tells "not given" apart from `None` (JSON null).

    Example:
        >>> bool(OMIT), OMIT
        (False, OMIT)
    """

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "OMIT"

    def __reduce__(self) -> str:
        # Copies and pickles stay the one OMIT, since it is compared by identity.
        return "OMIT"


OMIT: Final = Omit()
"""Leave this argument out of the request.

Example:
    >>> limit: int | Omit = OMIT
    >>> "not given" if isinstance(limit, Omit) else limit
    'not given'
"""
