"""Bytes to a document: which format it is, and what is told of a text that cannot be used."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from clientgen.diagnostics import Where, one_line
from clientgen.load import _json
from clientgen.load._document import Document, FixedPlace, Json, Places
from clientgen.load._errors import Code, Flaw, load_error
from clientgen.load._text import Text, decode, readable

_NOT_SPACE = re.compile(r"\S")
# In YAML, who writes a brace does so to leave out quotes.
_CLEARLY_JSON = re.compile(r'[\s{\[]*(?:"|$)')
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|!--|\?xml)", re.IGNORECASE)


def parse_document(data: bytes, *, uri: str = "memory:", name: str = "<memory>") -> Document:
    """Read a document from bytes, JSON or YAML by what they look like.

    Args:
        data: The document in UTF-8, UTF-16 or UTF-32.
        uri: Where it came from, absolute.
        name: What diagnostics are to call it.

    Raises:
        LoadError: The bytes are no text, the text is no JSON or YAML, a key is duplicate, or the
            document is empty, too deep, or expands too far.
    """
    name = one_line(name)
    # A checkout may change line ends; the document is the same.
    sha256 = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
    text = ""
    try:
        text = decode(data)
        value, places = _parse(text, uri)
    except Flaw as flaw:
        broken = Text(text or readable(data))
        where = Where(Document(uri, name, None, sha256, broken, FixedPlace(flaw.offset)))
        raise load_error(flaw.code, flaw.message, where) from None
    return Document(uri, name, value, sha256, Text(text), places)


def require_mapping(document: Document) -> None:
    """Refuse a document whose root has no keys.

    Raises:
        LoadError: The root is a list or a scalar.
    """
    match document.value:
        case dict():
            return
        case list():
            found = "a list"
        case None:
            found = "empty"
        case _:
            found = "a single value"
    message = f"the document is {found}, not a mapping; give an OpenAPI document in JSON or YAML"
    raise load_error(Code.WRONG_CONTENT, message, Where(document))


def _parse(text: str, uri: str) -> tuple[Json, Places]:
    first = _NOT_SPACE.search(text)
    if not first:
        raise Flaw(Code.WRONG_CONTENT, "the document is empty")
    if _WEB_PAGE.match(text):
        message = "this is a web page; give the address of the JSON or YAML document itself"
        raise Flaw(Code.WRONG_CONTENT, message)
    if first[0] in "{[":
        return _parse_brackets(text, uri)
    return _parse_yaml(text)


def _parse_brackets(text: str, uri: str) -> tuple[Json, Places]:
    """JSON, or YAML in its flow style."""
    try:
        return _json.parse(text)
    except Flaw as flaw:
        may_be_yaml = flaw.code is Code.SYNTAX and _may_be_yaml(text, uri)
        if not may_be_yaml:
            raise
        json_flaw = flaw
    try:
        return _parse_yaml(text)
    except Flaw:
        if _CLEARLY_JSON.match(text):
            raise json_flaw from None
        raise


def _may_be_yaml(text: str, uri: str) -> bool:
    path = urlsplit(uri).path.lower()
    if path.endswith((".yaml", ".yml")):
        return True
    return not path.endswith(".json") and not _CLEARLY_JSON.match(text)


def _parse_yaml(text: str) -> tuple[Json, Places]:
    # PyYAML is not needed for JSON, and takes a while to import.
    from clientgen.load import _yaml

    return _yaml.parse(text)
