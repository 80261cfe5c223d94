"""What may be shown of a request."""

from __future__ import annotations

import re
from base64 import b64decode
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = "***"
SHORTEST_SECRET = 6

_WORDS = (
    "authorization|auth|cookie|token|secret|password|passwd|pwd|signature|sig|credential"
    "|session|sessionid|sid|jwt|api[-_]?key|access[-_]?key|private[-_]?key|key"
)
# Words stand alone, between separators, or at the end of a name: `X-Api-Key`, `accessToken`.
_SECRET_NAME = re.compile(
    rf"(?i)(?:^|[-_.\[])(?:{_WORDS})s?(?:$|[-_.\]])|(?:token|secret|password|apikey|signature)s?$"
)
# In paths `key` and `session` name things that are no secrets.
_SECRET_IN_PATH = re.compile(
    r"(?i)(?:token|secret|password|passwd|credential|jwt|signature|api[-_]?key|access[-_]?key)s?$"
)
# Bounded, since a long text of letters alone would be read to its end from each of them.
_USERINFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}://)[^/?#\s@]*@")
_SCHEME_VALUE = re.compile(r"(?i)\b(bearer|basic|digest)\s+[A-Za-z0-9._~+/=-]{4,}")
_JSON_MEMBER = re.compile(r'"([^"\\]{1,64})"(\s*:\s*)"(?:[^"\\]|\\.)*"')
_NAME = r"([?&;\s]|^)([A-Za-z0-9_.%\[\]-]{1,64})="
_PAIR = re.compile(_NAME + r"(<?[^&;\s<>]*[^&;\s:,.<>])")
# Where the pair is in a text of JSON, it ends with that; what is masked should be JSON still.
_PAIR_IN_JSON = re.compile(
    _NAME + r'((?:<|\\?"(?![\s,:}\]]))?(?:[^&;\s<>"\\]|\\[/\\u])*(?:[^&;\s:,.<>"\\]|\\[/\\u]))'
)
# A field of a multipart form that is no file.
_FORM_FIELD = re.compile(
    r'(; name="([^"\r\n]{1,64})"\r\n(?:[^\r\n]{1,200}\r\n){0,8}\r\n)(.*?)(?=\r\n--|\Z)', re.DOTALL
)


def is_secret_name(name: str) -> bool:
    """Whether a header, parameter or field of this name usually holds a secret."""
    return _SECRET_NAME.search(name) is not None


def is_secret_in_path(name: str) -> bool:
    """Whether a parameter of a path usually holds a secret, as in `/bot{token}`."""
    return _SECRET_IN_PATH.search(name) is not None


def redact_url(url: str) -> str:
    """A URL without user info, fragment, and values of parameters that look secret."""
    url = _USERINFO.sub(r"\1", url.partition("#")[0])
    address, mark, query = url.partition("?")
    if not mark:
        return address
    return f"{address}?{'&'.join(_redact_pair(pair) for pair in query.split('&'))}"


def redact_text(text: str) -> str:
    """A text without what looks secret in it: members, fields, parameters, credentials."""
    text = redact_fields(text)
    text = _USERINFO.sub(r"\1", text)
    text = _SCHEME_VALUE.sub(rf"\1 {MASK}", text)
    text = _JSON_MEMBER.sub(_redact_member, text)
    pair = _PAIR_IN_JSON if '":' in text else _PAIR
    return pair.sub(_redact_match, text)


def redact_fields(text: str) -> str:
    """A multipart form without the values of fields that look secret; other texts as they are."""
    return _FORM_FIELD.sub(_redact_field, text)


def secrets_of(headers: Iterable[tuple[str, str]], queries: Iterable[str]) -> Iterator[str]:
    """Values in headers and queries whose names say that they are secret."""
    for name, value in headers:
        if is_secret_name(name):
            yield value
            yield from (part.rpartition("=")[2] for part in value.split())
            yield from _password_of(value)
    for pair in queries:
        name, _, value = pair.partition("=")
        if is_secret_name(name):
            yield value
            yield unquote(value)


def _password_of(value: str) -> Iterator[str]:
    """The password in a header of basic authentication (RFC 7617), which hides nothing."""
    scheme, _, pair = value.partition(" ")
    if scheme.lower() == "basic":
        with suppress(ValueError):
            yield b64decode(pair).decode().partition(":")[2]


def mask(text: str, values: Iterable[str]) -> str:
    """A text without what looks secret in it, nor any of these values."""
    for value in sorted(set(values), key=len, reverse=True):
        # Shorter ones are words that occur everywhere.
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, MASK)
    return redact_text(text)


def _redact_member(match: re.Match[str]) -> str:
    name, between = match[1], match[2]
    return f'"{name}"{between}"{MASK}"' if is_secret_name(name) else match[0]


def _redact_field(match: re.Match[str]) -> str:
    return f"{match[1]}{MASK}" if is_secret_name(match[2]) else match[0]


def _redact_match(match: re.Match[str]) -> str:
    return f"{match[1]}{_redact_pair(f'{match[2]}={match[3]}')}"


def _redact_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={MASK}" if value and is_secret_name(name) else f"{name}{equals}{value}"
