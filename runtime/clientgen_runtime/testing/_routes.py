"""Which operation a request is meant for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from ._operations import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import httpx

    from ._operations import Known

VARIABLE = re.compile(r"\{[^{}]*\}")
_URL_START = re.compile(r"^([a-z][a-z0-9+.-]*:|\{[^{}]*\}:)?//[^/]*|[?#].*$", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """An operation and what its requests look like.

    Attributes:
        query: What the query must have.
        marks: What the query or the headers must have: some documents tell operations of one path
            apart by a fragment, such as `/#X-Amz-Target=Service.ListTags`, which is not sent.
        weight: How much its path says; of the routes that fit, the one that says most is meant.
    """

    known: Known
    pattern: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    marks: frozenset[tuple[str, str]]
    weight: tuple[int, int, int]

    def fits(self, request: httpx.Request, path: str) -> bool:
        """Whether a request can be meant for it, but for its marks."""
        operation = self.known.operation
        if request.method != operation.method or not self.pattern.fullmatch(path):
            return False
        headers = operation.headers.items()
        return self.query <= _query(request) and all(
            request.headers.get(n) == v for n, v in headers
        )

    def is_marked(self, request: httpx.Request) -> bool:
        """Whether a request has its marks."""
        missing = self.marks - _query(request)
        return all(request.headers.get(name) == value for name, value in missing)


@cache
def routes(package: str) -> list[Route]:
    """The routes of a package, those that say most first.

    Args:
        package: Its import name.
    """
    found = map(_route, known(package).values())
    return sorted(found, key=lambda route: route.weight, reverse=True)


@cache
def bases(package: str, servers: tuple[str, ...]) -> list[re.Pattern[str]]:
    """What paths begin with where clients talk to the servers of a document, longest first.

    Args:
        package: Import name of an SDK.
        servers: URLs of the servers of its document, with variables in braces.
    """
    own = (server.url for each in known(package).values() for server in each.operation.servers)
    found = {_URL_START.sub("", url).strip("/") for url in (*servers, *own)}
    paths = sorted(filter(None, found), key=lambda path: (-path.count("/"), path))
    return [
        re.compile("/" + "[^/]+".join(map(re.escape, VARIABLE.split(p))) + "(?=/|$)") for p in paths
    ]


def find(
    among: Sequence[Route],
    request: httpx.Request,
    expected: str,
    below: Iterable[re.Pattern[str]] = (),
) -> Known | None:
    """The operation that a request is meant for.

    Args:
        among: The routes that there are.
        request: What was sent.
        expected: The call that is meant where several fit, as in some documents several do.
        below: What paths may begin with that is no part of those of operations.
    """
    raw = request.url.raw_path.decode("ascii").partition("?")[0]
    inner = (raw[start.end() :] or "/" for each in below if (start := each.match(raw)))
    found = (_find(among, request, path, expected) for path in (*inner, raw))
    return next(filter(None, found), None)


def _find(among: Iterable[Route], request: httpx.Request, raw: str, expected: str) -> Known | None:
    # A slash within a segment is part of a value.
    path = "/".join(unquote(segment).replace("/", "\0") for segment in raw.split("/"))
    fitting = [route for route in among if route.fits(request, path)]
    marked = [route for route in fitting if route.is_marked(request)]
    # Some documents tell operations apart by what is in no request: then only who asks knows.
    candidates = marked if any(route.marks for route in marked) else [*marked, *fitting]
    meant = [route.known for route in candidates if route.known.call == expected]
    return next(iter([*meant, *(route.known for route in marked)]), None)


def _route(known: Known) -> Route:
    operation = known.operation
    # Not `urlsplit`, which takes what follows `//` for a host.
    before, _, fragment = operation.path.partition("#")
    path, _, written = before.partition("?")
    params = operation.path_params
    reserved = any(param.allow_reserved for param in params.values())
    hole = ".+?" if reserved else "[^/]+"
    pieces = [re.escape(unquote(piece)) for piece in VARIABLE.split(path)]
    pattern = hole.join(pieces)
    if any(param.optional for param in params.values()):
        pattern = pattern.replace(f"/{hole}", f"(?:/{hole})?") + "/?"
    query, marks = _pairs(written), _pairs(fragment)
    weight = (len(operation.headers) + len(marks), len(query), sum(map(len, pieces)))
    return Route(known, re.compile(pattern, re.DOTALL), query, marks, weight)


def _query(request: httpx.Request) -> set[tuple[str, str]]:
    return {*parse_qsl(request.url.query.decode(), keep_blank_values=True)}


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    pairs = parse_qsl(text, keep_blank_values=True)
    return frozenset((name, value) for name, value in pairs if value and "{" not in name + value)
