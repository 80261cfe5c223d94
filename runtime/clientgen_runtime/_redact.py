"""What may be shown of a request."""

from __future__ import annotations

import re

MASK = "***"

_SECRET_NAME = re.compile(
    r"(?i)(?:^|[-_.])?(?:authorization|auth|cookie|token|secret|password|passwd|pwd|signature|sig"
    r"|credential|session|sid|jwt|api[-_]?key|access[-_]?key|private[-_]?key|key)s?(?:$|[-_.])"
    r"|(?:token|secret|password|apikey)$"
)
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#@]*@")


def is_secret_name(name: str) -> bool:
    """Whether a header, parameter or field of this name usually holds a secret."""
    return _SECRET_NAME.search(name) is not None


def redact_url(url: str) -> str:
    """A URL without user info, fragment, and values of parameters that look secret."""
    url = _USERINFO.sub(r"\1", url.partition("#")[0])
    address, mark, query = url.partition("?")
    if not mark:
        return address
    return f"{address}?{'&'.join(_redact_pair(pair) for pair in query.split('&'))}"


def _redact_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={MASK}" if value and is_secret_name(name) else f"{name}{equals}{value}"
