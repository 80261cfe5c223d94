"""Parameters in the styles of OpenAPI 3.x, section "Style Values"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ._data.wire import plain, text_of
from ._errors import ConfigurationError
from ._json import dumps
from ._narrow import is_list, is_mapping
from ._omit import Omit
from ._operation import Param

_Escape: TypeAlias = Callable[[str], str]

_SIMPLE = Param("simple", explode=False)
_FORM = Param("form", explode=True)

# RFC 3986 section 2.2, without what would end the query or the path segment's place in it.
_RESERVED_IN_QUERY = ":/?@!$&'()*+,;=[]"
_RESERVED_IN_PATH = ":/@!$&'()*+,;="
_ESCAPED_TRIPLE = re.compile(r"%25([0-9A-Fa-f]{2})")
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def split_template(template: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The literal pieces of a path template, and the names between them.

    Some documents tell operations of one path apart by a fragment, which is not sent.
    """
    pieces = re.split(r"\{([^{}]*)\}", template.partition("#")[0])
    return tuple(quote(piece, safe="/%:@!$&'()*+,;=~?") for piece in pieces[::2]), tuple(
        pieces[1::2]
    )


def expand_path(
    literals: tuple[str, ...],
    names: tuple[str, ...],
    values: Mapping[str, object],
    styles: Mapping[str, Param],
) -> str:
    """Fill a path template.

    Raises:
        ConfigurationError: A value is missing or empty, or would make a `.` or `..` segment,
            which servers read as a step in the path (RFC 3986 section 5.2.4).
    """
    path = literals[0]
    for name, literal in zip(names, literals[1:], strict=True):
        value, param = values.get(name), styles.get(name, _SIMPLE)
        if param.optional and isinstance(value, Omit):
            path = path.removesuffix("/") + literal
        else:
            path += _path_value(name, value, param) + literal
    if names and "." in path and _has_dot_segment(path):
        raise ConfigurationError(f"path parameters make the path {path!r} step out of its place")
    return path


def _has_dot_segment(path: str) -> bool:
    return any(segment in (".", "..") for segment in path.partition("?")[0].split("/"))


def _path_value(name: str, value: object, param: Param) -> str:
    if value is None or isinstance(value, Omit):
        raise ConfigurationError(f"path parameter {name!r} needs a value")
    text = _styled_path_value(name, value, param)
    if not text:
        raise ConfigurationError(f"path parameter {name!r} must not be empty")
    return text


def _styled_path_value(name: str, value: object, param: Param) -> str:
    if type(value) in (str, int) and param is _SIMPLE:
        return _escape(str(value))
    value = _content(value, param)
    escape = _escape_in_path if param.allow_reserved else _escape
    match param.style:
        case "label":
            between = "." if param.explode else ","
            return "." + between.join(_members(value, param, escape))
        case "matrix":
            # RFC 6570 section 3.2.7: what is empty has no equals sign.
            pairs = _pairs(_escape(name), value, param, escape, ",")
            return "".join(f";{pair.removesuffix('=')}" for pair in pairs)
        case _:
            return _delimiter(param, escape).join(_members(value, param, escape))


def query_pieces(values: Mapping[str, object], styles: Mapping[str, Param]) -> Iterator[str]:
    """Each `name=value` of a query string, escaped.

    `None` is sent as an empty value, as form encoders do; `OMIT` is left out.
    """
    for name, value in values.items():
        if isinstance(value, Omit):
            continue
        if type(value) is str and name not in styles:
            yield f"{_escape(name)}={_escape(value)}"
        else:
            yield from _query_pairs(_escape(name), value, styles.get(name, _FORM))


def _query_pairs(key: str, value: object, param: Param) -> Iterator[str]:
    value = _content(value, param)
    escape = _escape_in_query if param.allow_reserved else _escape
    match param.style:
        case "querystring":
            yield _whole_query(value, param)
        case "deepObject":
            yield from _deep(key, value, escape)
        case _:
            yield from _pairs(key, value, param, escape, _delimiter(param, escape))


def _whole_query(value: object, param: Param) -> str:
    """A parameter that is all of the query (OpenAPI 3.2, "Parameter Object", `querystring`)."""
    from ._body import FORM, encode_form, essence

    if essence(param.content or FORM) != FORM:
        return _escape(text_of(value))
    return encode_form(value, param.parts).decode()


def header_values(
    values: Mapping[str, object], styles: Mapping[str, Param]
) -> Iterator[tuple[str, str]]:
    """Header parameters as fields; `None` and `OMIT` are left out."""
    for name, value in values.items():
        if value is None or isinstance(value, Omit):
            continue
        param = styles.get(name, _SIMPLE)
        escape = _escape_json if param.content else str
        yield name, _delimiter(param, str).join(_members(_content(value, param), param, escape))


def cookie_pieces(values: Mapping[str, object], styles: Mapping[str, Param]) -> Iterator[str]:
    """Each `name=value` of a `Cookie` header; `None` and `OMIT` are left out."""
    for name, value in values.items():
        if value is None or isinstance(value, Omit):
            continue
        param = styles.get(name, _FORM)
        escape = _checked_cookie if param.style == "cookie" else _escape_in_cookie
        yield from _pairs(escape(name), _content(value, param), param, escape, ",")


def _delimiter(param: Param, escape: _Escape) -> str:
    # A comma is a delimiter of RFC 6570 itself, and stays; the others are data to it.
    return escape(_DELIMITERS[param.style]) if param.style in _DELIMITERS else ","


def _escape(text: str, safe: str = "") -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise ConfigurationError(
            "a parameter has a lone surrogate, which is no character"
        ) from None


def _escape_in_query(text: str) -> str:
    return _escape_but(text, _RESERVED_IN_QUERY)


def _escape_in_path(text: str) -> str:
    return _escape_but(text, _RESERVED_IN_PATH)


def _escape_but(text: str, reserved: str) -> str:
    # Triples that are escaped already stay (RFC 6570 section 3.2.3).
    return _ESCAPED_TRIPLE.sub(r"%\1", _escape(text, reserved))


def _escape_in_cookie(text: str) -> str:
    return _escape(text, _COOKIE_SAFE)


def _checked_cookie(text: str) -> str:
    # OpenAPI 3.2, style `cookie`: nothing is escaped, and what would need it is the caller's.
    if ";" in text:
        raise ConfigurationError("a cookie's value cannot hold a semicolon: escape it before")
    return text


def _escape_json(text: str) -> str:
    """JSON in ASCII, for headers: other characters stand in strings only."""
    import json

    return re.sub(r"[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], text)


def _content(value: object, param: Param) -> object:
    """The value encoded in the parameter's media type, or taken to its plain form."""
    if param.format is not None:
        from ._data.formats import formatted

        value = formatted(value, param.format)
    if param.content is not None and param.content.partition(";")[0].endswith("json"):
        return dumps(value).decode()
    return plain(value)


def _text(value: object) -> str:
    """A scalar as text; what is nested where a style has no notation for it is JSON."""
    value = plain(value)
    return dumps(value).decode() if is_mapping(value) or is_list(value) else text_of(value)


def _members(value: object, param: Param, escape: _Escape) -> Iterator[str]:
    match value:
        case _ if is_mapping(value):
            for key, member in _present(value):
                text = escape(_text(member))
                if param.explode:
                    yield f"{escape(key)}={text}"
                else:
                    yield from (escape(key), text)
        case _ if is_list(value):
            yield from (escape(_text(item)) for item in value)
        case _:
            yield escape(text_of(value))


def _pairs(key: str, value: object, param: Param, escape: _Escape, delimiter: str) -> Iterator[str]:
    match value:
        case _ if param.explode and is_mapping(value):
            for name, member in _present(value):
                # Lists in such objects repeat their name, as they would by themselves.
                member = plain(member)  # noqa: PLW2901
                for item in member if is_list(member) else [member]:
                    yield f"{escape(name)}={escape(_text(item))}"
        case _ if param.explode and is_list(value):
            yield from (f"{key}={escape(_text(item))}" for item in value)
        case _ if is_mapping(value) or is_list(value):
            # An empty list without explode has no notation (RFC 6570 section 2.4.1 leaves it out).
            if value:
                yield f"{key}={delimiter.join(_members(value, param, escape))}"
        case _:
            yield f"{key}={escape(text_of(value))}"


def _deep(key: str, value: object, escape: _Escape) -> Iterator[str]:
    """`a[b][c]=1`; lists, which the specification leaves open, as most servers read them.

    Those are `a[]=1&a[]=2`, and `a[0][b]=1` where the items have members of their own.
    """
    match value:
        case _ if is_mapping(value):
            for name, member in _present(value):
                yield from _deep(f"{key}%5B{_escape(name)}%5D", plain(member), escape)
        case _ if is_list(value):
            items = [plain(item) for item in value]
            is_nested = any(is_mapping(item) or is_list(item) for item in items)
            for place, item in enumerate(items):
                yield from _deep(f"{key}%5B{place if is_nested else ''}%5D", item, escape)
        case _:
            yield f"{key}={escape(text_of(value))}"


def _present(value: Mapping[Any, object]) -> Iterator[tuple[str, object]]:
    for key, member in value.items():
        if not isinstance(member, Omit):
            yield text_of(key), member
