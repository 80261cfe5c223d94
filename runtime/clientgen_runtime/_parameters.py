"""Parameters in the styles of OpenAPI 3.x, section "Style Values"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ._errors import ConfigurationError
from ._json import dumps
from ._narrow import is_list, is_mapping
from ._omit import Omit
from ._operation import Param
from ._wire import plain, text_of

_Escape: TypeAlias = Callable[[str], str]

_SIMPLE = Param("simple", explode=False)
_FORM = Param("form", explode=True)

_RESERVED = ":/?@!$&'()*+,;=[]"
_ESCAPED_TRIPLE = re.compile(r"%25([0-9A-Fa-f]{2})")
_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


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
        path += _path_value(name, values.get(name), styles.get(name, _SIMPLE)) + literal
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
        return quote(str(value), safe="")
    value = _content(value, param)
    escape = _reserved_escape if param.allow_reserved else _escape
    match param.style:
        case "label":
            between = "." if param.explode else ","
            return "." + between.join(_members(value, param, escape))
        case "matrix":
            return "".join(f";{item}" for item in _pairs(name, value, param, escape, ","))
        case _:
            return ",".join(_members(value, param, escape))


def query_pieces(values: Mapping[str, object], styles: Mapping[str, Param]) -> Iterator[str]:
    """Each `name=value` of a query string, escaped.

    `None` is sent as an empty value, as form encoders do; `OMIT` is left out.
    """
    for name, value in values.items():
        if isinstance(value, Omit):
            continue
        if type(value) is str and name not in styles:
            yield f"{_escape(name)}={_escape(value)}"
            continue
        param = styles.get(name, _FORM)
        value = _content(value, param)  # noqa: PLW2901
        escape = _reserved_escape if param.allow_reserved else _escape
        if param.style == "deepObject":
            yield from _deep(_escape(name), value, escape)
        else:
            yield from _pairs(name, value, param, escape, _DELIMITERS.get(param.style, ","))


def header_values(
    values: Mapping[str, object], styles: Mapping[str, Param]
) -> Iterator[tuple[str, str]]:
    """Header parameters as fields; `None` and `OMIT` are left out."""
    for name, value in values.items():
        if value is None or isinstance(value, Omit):
            continue
        param = styles.get(name, _SIMPLE)
        yield name, ",".join(_members(_content(value, param), param, str))


def cookie_pieces(values: Mapping[str, object], styles: Mapping[str, Param]) -> Iterator[str]:
    """Each `name=value` of a `Cookie` header; `None` and `OMIT` are left out."""
    for name, value in values.items():
        if value is None or isinstance(value, Omit):
            continue
        param = styles.get(name, _FORM)
        yield from _pairs(name, _content(value, param), param, _cookie_escape, ",")


def _escape(text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ConfigurationError(
            "a parameter has a lone surrogate, which is no character"
        ) from None


def _reserved_escape(text: str) -> str:
    # Triples that are escaped already stay (RFC 6570 section 3.2.3).
    return _ESCAPED_TRIPLE.sub(r"%\1", quote(text, safe=_RESERVED))


def _cookie_escape(text: str) -> str:
    return quote(text, safe=_COOKIE_SAFE)


def _content(value: object, param: Param) -> object:
    """The value encoded in the parameter's media type, or taken to its plain form."""
    if param.content is None:
        return plain(value)
    return dumps(value).decode() if "json" in param.content else text_of(value)


def _members(value: object, param: Param, escape: _Escape) -> Iterator[str]:
    match value:
        case _ if is_mapping(value):
            for key, member in _present(value):
                text = escape(text_of(plain(member)))
                if param.explode:
                    yield f"{escape(key)}={text}"
                else:
                    yield from (escape(key), text)
        case _ if is_list(value):
            yield from (escape(text_of(plain(item))) for item in value)
        case _:
            yield escape(text_of(value))


def _pairs(
    name: str, value: object, param: Param, escape: _Escape, delimiter: str
) -> Iterator[str]:
    key = _escape(name)
    match value:
        case _ if param.explode and is_mapping(value):
            yield from _members(value, param, escape)
        case _ if param.explode and is_list(value):
            yield from (f"{key}={escape(text_of(plain(item)))}" for item in value)
        case _ if is_mapping(value) or is_list(value):
            # An empty list without explode has no notation (RFC 6570 section 2.4.1 leaves it out).
            if value:
                yield f"{key}={delimiter.join(_members(value, param, escape))}"
        case _:
            yield f"{key}={escape(text_of(value))}"


def _deep(key: str, value: object, escape: _Escape) -> Iterator[str]:
    """`a[b][c]=1`, and `a[0]=1` for lists, which the specification leaves open."""
    members: Iterable[tuple[str, object]]
    match value:
        case _ if is_mapping(value):
            members = _present(value)
        case _ if is_list(value):
            members = ((str(place), item) for place, item in enumerate(value))
        case _:
            yield f"{key}={escape(text_of(value))}"
            return
    for name, member in members:
        yield from _deep(f"{key}%5B{_escape(name)}%5D", plain(member), escape)


def _present(value: Mapping[Any, object]) -> Iterator[tuple[str, object]]:
    for key, member in value.items():
        if not isinstance(member, Omit):
            yield text_of(key), member
