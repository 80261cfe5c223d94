"""Header fields: names in any case, and several values under one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, TypeVar, overload

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from typing_extensions import TypeIs

D = TypeVar("D")

# RFC 9110 sections 5.1 and 5.5: a token; visible ASCII with inner spaces and tabs.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?")


class Headers(MutableMapping[str, str]):
    """Header fields of a request or response.

    Names compare without case. A field that occurs several times reads as its values joined by
    `", "`; `get_list` keeps them apart.

    Args:
        items: A mapping or pairs of name and value.

    Example:
        >>> headers = Headers([("Vary", "Accept"), ("vary", "Cookie")])
        >>> headers["VARY"], headers.get_list("vary")
        ('Accept, Cookie', ['Accept', 'Cookie'])
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = items.items() if _is_mapping(items) else items
        self._items = [(name.lower(), name, value) for name, value in pairs]

    def __getitem__(self, name: str) -> str:
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    # The mixin of `Mapping` raises and catches for each field that is absent, as most are.
    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    @overload
    def get(self, name: str, default: str) -> str: ...
    @overload
    def get(self, name: str, default: D) -> str | D: ...
    def get(self, name: str, default: D | None = None) -> str | D | None:
        """The value of a field, or the default when it is absent.

        Args:
            name: Name of the field, in any case.
            default: What to return when it is absent.

        Example:
            >>> Headers({"Vary": "Accept"}).get("vary"), Headers().get("vary")
            ('Accept', None)
        """
        values = self.get_list(name)
        return ", ".join(values) if values else default

    def __setitem__(self, name: str, value: str) -> None:
        key = name.lower()
        for place, item in enumerate(self._items):
            if item[0] == key:
                self._items[place] = (key, name, value)
                self._items[place + 1 :] = [i for i in self._items[place + 1 :] if i[0] != key]
                return
        self._items.append((key, name, value))

    def __delitem__(self, name: str) -> None:
        key = name.lower()
        kept = [item for item in self._items if item[0] != key]
        if len(kept) == len(self._items):
            raise KeyError(name)
        self._items = kept

    def __contains__(self, name: object) -> bool:
        key = name.lower() if isinstance(name, str) else None
        return any(item[0] == key for item in self._items)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(item[0] for item in self._items))

    def __len__(self) -> int:
        return len({item[0] for item in self._items})

    def __repr__(self) -> str:
        # Values may be secrets.
        return f"Headers({[item[1] for item in self._items]})"

    def add(self, name: str, value: str) -> None:
        """Add a field beside those of the same name.

        Args:
            name: Name of the field, in any case.
            value: Its value.

        Example:
            >>> headers = Headers({"Vary": "Accept"})
            >>> headers.add("Vary", "Cookie")
            >>> headers["vary"]
            'Accept, Cookie'
        """
        self._items.append((name.lower(), name, value))

    def get_list(self, name: str) -> list[str]:
        """All values of a field, in order; empty when it is absent.

        Args:
            name: Name of the field, in any case.

        Example:
            >>> Headers([("Via", "1.1 a"), ("Via", "1.1 b")]).get_list("via")
            ['1.1 a', '1.1 b']
        """
        key = name.lower()
        return [item[2] for item in self._items if item[0] == key]

    def multi_items(self) -> list[tuple[str, str]]:
        """Every field with its name as written, repeated ones too.

        Example:
            >>> Headers([("Via", "1.1 a"), ("via", "1.1 b")]).multi_items()
            [('Via', '1.1 a'), ('via', '1.1 b')]
        """
        return [(item[1], item[2]) for item in self._items]

    def copy(self) -> Headers:
        """An independent copy.

        Example:
            >>> headers = Headers({"Accept": "text/csv"})
            >>> headers.copy() == headers
            True
        """
        # Each call makes one, and asking whether it is given a mapping takes most of the time.
        clone = Headers.__new__(Headers)
        clone._items = self._items.copy()
        return clone


_ENDS = frozenset({"deprecation", "sunset"})


def tells_end(headers: Headers) -> bool:
    """Whether a server says that it will stop to answer such requests (RFC 9745, RFC 8594)."""
    # Each answer is asked, and a set takes half the time of a generator.
    items = headers._items  # pyright: ignore[reportPrivateUsage] - of this module
    return not _ENDS.isdisjoint([item[0] for item in items])


def is_sendable(name: str, value: str) -> bool:
    """Whether a field can be sent; see `check_header`."""
    return _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None


def _is_mapping(
    items: Mapping[str, str] | Iterable[tuple[str, str]],
) -> TypeIs[Mapping[str, str]]:
    return isinstance(items, Mapping)


def check_header(name: str, value: str) -> None:
    """Refuse a field that cannot be sent, without telling its value.

    Raises:
        ConfigurationError: The name is no token, or the value has control characters, outer
            white space or characters outside ASCII (RFC 9110 section 5.5).
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is not a valid header name")
    if not _VALUE.fullmatch(value):
        raise ConfigurationError(
            f"the value of header {name!r} has characters that cannot be sent: "
            "line breaks, control characters, outer spaces or non-ASCII text"
        )
