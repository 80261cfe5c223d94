"""Finds documents: files, URLs, standard input, and what documents refer to."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urldefrag, urljoin, urlsplit

from clientgen.load._errors import Code, LoadError, load_error, quoted, without_query
from clientgen.load._limits import MAX_BYTES
from clientgen.load._parse import parse_document, require_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from clientgen.load._document import Document

_STDIN = "stdin:"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OWN_REACH = {
    "http": "a document from a URL reaches no files",
    "https": "a document from a URL reaches no files",
    "file": "only files and http(s) URLs can be read",
}


@dataclass(frozen=True)
class All:
    """Stands for every origin."""


ALL = All()


class Loader:
    """Reads documents, each URI once.

    What the user names is trusted to be read. What a document refers to is not: a document from
    a file reaches other files, and URLs of allowed origins; one from a URL reaches its own
    origin and the allowed ones, and never a file; one from standard input reaches allowed
    origins alone.

    Args:
        allowed_origins: Origins such as `https://example.com` that documents may refer to, or
            `ALL`. None by default.
        timeout: Seconds that a server may stay silent; in all it has ten times as long.
        max_bytes: The longest document that is read.

    Raises:
        ValueError: An allowed origin is not `http(s)://host`, with or without a port.
    """

    def __init__(
        self,
        *,
        allowed_origins: Collection[str] | All = (),
        timeout: float = 30.0,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._allows_all = isinstance(allowed_origins, All)
        self._origins = set()
        if not isinstance(allowed_origins, All):
            self._origins = {_required_origin(url) for url in allowed_origins}
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._known: dict[str, Document | LoadError] = {}
        self._referred: dict[tuple[str, str], Document | LoadError] = {}

    def load(self, source: str) -> Document:
        """Read the document that the user names.

        Args:
            source: A path, an `http(s)` or `file` URL, or `-` for standard input.

        Raises:
            LoadError: It cannot be read, is neither JSON nor YAML, or is no mapping.
        """
        document = self._named(source)
        require_mapping(document)
        return document

    def load_reference(self, uri: str, base: Document) -> Document:
        """Read another document that a document refers to.

        Args:
            uri: A URI reference (RFC 3986 section 4.1), relative to `base` or absolute; a
                fragment is ignored.
            base: The document with the reference.

        Raises:
            LoadError: The reference is not allowed, or the document cannot be read.
        """
        key = (base.uri, uri)
        if key not in self._referred:
            self._referred[key] = _outcome(lambda: self._refer(uri, base))
        return _result(self._referred[key])

    def amend(self, document: Document) -> None:
        """Take this in place of what was read from its URI, wherever that is referred to."""
        self._known[document.uri] = document

    @property
    def documents(self) -> tuple[Document, ...]:
        """All that was read, in this order."""
        from clientgen.load._document import Document

        known = self._known.values()
        return tuple(dict.fromkeys(each for each in known if isinstance(each, Document)))

    def _named(self, source: str) -> Document:
        if source == "-":
            return self._once(_STDIN, self._read_stdin)
        scheme, separator, _ = source.partition("://")
        if not separator:
            return self._file(_absolute(source), source)
        match scheme.lower():
            case "http" | "https":
                return self._given_url(source)
            case "file":
                return self._file(_path(source), source)
            case _:
                message = f"cannot read {quoted(source)}: give a file, an http(s) URL, or -"
                raise load_error(Code.UNREADABLE, message)

    def _given_url(self, source: str) -> Document:
        if _origin(source) is None:
            raise _no_address()
        url = _canonical(source)
        document = self._url(url, lambda target: _origin(target) is not None)
        # The user chose where the document comes from, redirects included.
        self._origins |= {origin for origin in (_origin(url), _origin(document.uri)) if origin}
        return document

    def _refer(self, uri: str, base: Document) -> Document:
        target = _target(uri, base)
        if target == base.uri:
            return base
        scheme = urlsplit(target).scheme
        if scheme in _DEFAULT_PORTS:
            if not self._is_allowed(target):
                raise _origin_not_allowed(target)
            return self._url(target, self._is_allowed)
        own = urlsplit(base.uri).scheme
        if scheme == own == "file":
            return self._referred_file(_path(target))
        reach = _OWN_REACH.get(own, "it has no folder; save it as a file")
        message = f"{base.name} may not refer to {quoted(uri)}: {reach}"
        raise load_error(Code.REFUSED, message)

    def _is_allowed(self, url: str) -> bool:
        origin = _origin(url)
        return origin is not None and (self._allows_all or origin in self._origins)

    def _referred_file(self, path: str) -> Document:
        name = _short_name(path)
        if _is_special(path):
            # To open a pipe or a device may block for ever.
            raise load_error(Code.UNREADABLE, f"cannot read {quoted(name)}: it is no file")
        return self._file(path, name)

    def _file(self, path: str, name: str) -> Document:
        uri = Path(path).as_uri()
        return self._once(uri, lambda: self._read_file(path, uri, name))

    def _url(self, url: str, permits: Callable[[str], bool]) -> Document:
        return self._once(url, lambda: self._read_url(url, permits))

    def _once(self, uri: str, read: Callable[[], Document]) -> Document:
        """Read a URI, unless that has been tried: a failure too is remembered."""
        if uri not in self._known:
            self._known[uri] = _outcome(read)
        return _result(self._known[uri])

    def _read_stdin(self) -> Document:
        try:
            data = sys.stdin.buffer.read(self._max_bytes + 1)
        except (OSError, AttributeError):
            raise load_error(Code.UNREADABLE, "cannot read standard input: it is closed") from None
        return self._parsed(data, _STDIN, "<stdin>")

    def _read_file(self, path: str, uri: str, name: str) -> Document:
        try:
            with Path(path).open("rb") as file:
                data = file.read(self._max_bytes + 1)
        except (OSError, ValueError) as error:
            message = f"cannot read {quoted(name)}: {_plainly(error)}"
            raise load_error(Code.UNREADABLE, message) from None
        return self._parsed(data, uri, name)

    def _read_url(self, url: str, permits: Callable[[str], bool]) -> Document:
        # Most runs need no network, and its modules take a while to import.
        from clientgen.load._fetch import FetchError, fetch

        try:
            fetched = fetch(url, timeout=self._timeout, max_bytes=self._max_bytes, permits=permits)
        except FetchError as error:
            message = f"cannot fetch {without_query(url)}: {error}"
            raise load_error(Code.UNREACHABLE, message) from None
        address, name = _canonical(fetched.url), without_query(url)
        return self._once(address, lambda: self._parsed(fetched.data, address, name))

    def _parsed(self, data: bytes, uri: str, name: str) -> Document:
        if len(data) > self._max_bytes:
            message = f"{quoted(name)} is longer than {self._max_bytes:,} bytes"
            raise load_error(Code.TOO_BIG, f"{message}; check that it is an API document")
        return parse_document(data, uri=uri, name=name)


def _outcome(read: Callable[[], Document]) -> Document | LoadError:
    try:
        return read()
    except LoadError as error:
        return error


def _result(outcome: Document | LoadError) -> Document:
    if isinstance(outcome, LoadError):
        # A new one: an exception that is raised again keeps the traces of all its journeys.
        raise LoadError(outcome.diagnostic)
    return outcome


def _target(uri: str, base: Document) -> str:
    try:
        # No URI holds a backslash; this one is a path from Windows.
        return _canonical(urljoin(base.uri, uri.replace("\\", "/")))
    except ValueError:
        raise load_error(Code.REFUSED, f"{quoted(uri)} is no URI; check the reference") from None


def _canonical(url: str) -> str:
    """One spelling for each URL (RFC 3986 section 6.2.2): no fragment, no default port.

    Raises:
        ValueError: It is no URL.
    """
    parts = urlsplit(urldefrag(url).url)
    if parts.scheme not in _DEFAULT_PORTS:
        return parts.geturl()
    host = parts.netloc.lower().removesuffix(f":{_DEFAULT_PORTS[parts.scheme]}")
    return parts._replace(netloc=host, path=parts.path or "/").geturl()


def _origin(url: str) -> str | None:
    """Scheme, host and port (RFC 6454); none for a URL that has no origin, or has a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _required_origin(url: str) -> str:
    origin = _origin(url)
    if origin is None or urlsplit(url).path not in {"", "/"}:
        raise ValueError(f"{quoted(url)} is no origin; write it like https://example.com")
    return origin


def _path(url: str) -> str:
    """The path that a `file` URL names (RFC 8089)."""
    parts = urlsplit(url)
    if parts.netloc.lower() not in {"", "localhost"}:
        message = f"cannot read {quoted(url)}: it is on another computer; give a path"
        raise load_error(Code.UNREADABLE, message)
    path = os.fsdecode(unquote_to_bytes(parts.path))
    return _absolute(path.lstrip("/") if os.name == "nt" else path)


def _absolute(path: str) -> str:
    # Symbolic links stay: a reference is relative to where its document appears to be.
    return os.path.abspath(path)  # noqa: PTH100


def _short_name(path: str) -> str:
    return path.removeprefix(f"{Path.cwd()}{os.sep}")


def _is_special(path: str) -> bool:
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _no_address() -> LoadError:
    # It may hold a password, so it is not repeated.
    message = "the URL is not valid, or has a user name; give http(s)://host/path, or a file"
    return load_error(Code.UNREACHABLE, message)


def _origin_not_allowed(url: str) -> LoadError:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    message = f"{origin} is not among the allowed origins; allow it, or refer to a file"
    return load_error(Code.REFUSED, message)


def _plainly(error: Exception) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "there is no such file; check the path"
        case IsADirectoryError():
            return "it is a directory; give the document in it"
        case PermissionError():
            return "you may not read it; check its permissions"
        case OSError(strerror=str() as reason):
            return reason
        case _:
            return str(error)
