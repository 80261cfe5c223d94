"""Reading path templates: which segments name something, and which only lead the way.

A path is taken apart into steps, each a name with the parameters that follow it. Prefixes such as
`/api` and versions such as `/v1` name nothing; they stay out of the steps as long as the paths of
the document can be told apart without them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._call_words import plural
from ._identifiers import snake_case, words

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIXES = frozenset({"api", "apis", "rest", "rest_api", "restapi", "rpc", "web_api", "webapi"})
SILENT_SHARE = 2 / 3
"""Share of the paths that a version needs to go without saying beside other versions."""

LONGEST_PATH = 40
"""Segments that are looked at, counted from the end; longer paths are made up."""

GENERIC = frozenset({"id", "ids", "item", "key", "name", "object", "parent", "path", "resource"})
HANDLES = frozenset({"code", "guid", "id", "ids", "key", "name", "number", "slug", "uid", "uuid"})

PARAMETER = re.compile(r"\{[+#./;?&]?([^{}]*?)\*?\}")
# RFC 6570 and OpenAPI leave these around a parameter: `;color={color}`, `('{id}')`.
ORNAMENT = re.compile(r";.*|\([^()]*\)?|=.*")
VERSION = re.compile(
    r"v\d+(?:[._]\d+)*(?:(?:alpha|beta|rc|p|preview)\d*)*|\d+\.\d+(?:\.\d+)*|\d{4}-\d\d(?:-\d\d)?",
    re.IGNORECASE,
)
EXTENSIONS = (
    "aspx?|atom|css|csv|gif|gz|html?|ico|jpe?g|jsonl?|jsp|js|pdf|php|png|rss|svg|tsv|txt|xml"
    "|ya?ml|zip"
)
EXTENSION = re.compile(rf"(?:(?<=\}})\.(?P<any>\w+)|\.(?P<known>{EXTENSIONS})?)$", re.IGNORECASE)
FORMAT = re.compile(r"(?:extension|format|^ext)$", re.IGNORECASE)
CUSTOM_VERB = re.compile(r"(?P<subject>.*[^:/]):(?P<verb>[A-Za-z][\w-]*)")
DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+(?:io|com|org|net|dev|gov|edu|cloud)")
NAMESPACE = re.compile(r"[A-Z]\w*(?:\.[A-Z]\w*)+")
DOTTED_CALL = re.compile(r"[a-z]\w*(?:\.[A-Za-z]\w*)+")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a path that names something, with the parameters that follow it.

    Attributes:
        name: Its name in snake_case; empty for parameters that start the path.
        params: Their names, as the document spells them.
    """

    name: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A path without what leads the way.

    Attributes:
        steps: What it goes through.
        action: The `cancel` of `/orders/{id}:cancel`, the `list` of `/users.list`; else empty.
        hidden: Prefixes and versions that are not among the steps.
        params: All parameters of the path, in order, as the document spells them.
        variant: What a fixed query, a fragment or a file extension says, as in `/objects#acl` and
            `/report.csv`; else empty.
    """

    steps: tuple[Step, ...]
    action: str = ""
    hidden: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    variant: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the steps."""
        return tuple(step.name for step in self.steps if step.name)


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str  # "name", "param", "version", "prefix" or "namespace"
    text: str


@dataclass(frozen=True, slots=True)
class _Parsed:
    parts: tuple[_Part, ...]
    action: str
    params: tuple[str, ...]
    variant: str


def read_paths(paths: Iterable[str]) -> dict[str, Route]:
    """The route of each path; what they hide depends on what the others need to show."""
    parsed = {path: _parse(path) for path in paths}
    versions = _said_versions(parsed.values())
    routes = {path: _route(p, versions, show_prefix=False) for path, p in parsed.items()}
    for path in _ambiguous(routes):
        routes[path] = _route(parsed[path], versions, show_prefix=True)
    return routes


def param_noun(param: str) -> str:
    """What a parameter identifies, in the plural: `petId` is `pets`; empty when it is generic."""
    named = words(param)
    while named and named[-1] in HANDLES:
        named.pop()
    if not named or named[-1] in GENERIC:
        return ""
    return "_".join([*named[:-1], plural(named[-1])])


# --- One path ------------------------------------------------------------------------------


def _parse(path: str) -> _Parsed:
    path, *query = re.split(r"[?#]", path, maxsplit=1)
    *segments, last = [s for s in path.split("/") if s][-LONGEST_PATH:] or [""]
    last, action, kind = _without_ending(last)
    parts: list[_Part] = []
    for segment in (*segments, *last):
        parts.extend(_parts(segment, leading=not any(p.kind in ("name", "param") for p in parts)))
    params = tuple(part.text for part in parts if part.kind == "param")
    return _Parsed(_from_namespace(parts), action, params, _variant(query) or kind)


def _variant(query: list[str]) -> str:
    """`beta` of `?beta=true`, `approve` of `?action=approve`; parameters say nothing."""
    said: list[str] = []
    for pair in re.split(r"[&?#]", "".join(query)):
        name, _, value = pair.partition("=")
        if "{" not in value:
            said.append(name if value in ("", "1", "true") else value)
    return snake_case(" ".join(said))


def _without_ending(segment: str) -> tuple[list[str], str, str]:
    """Take apart the last segment: what it names, the method in it, the file extension.

    Methods are those of Google (`instances:cancel`) and Slack (`users.profile.set`).
    """
    if custom := CUSTOM_VERB.fullmatch(segment):
        return [custom["subject"]], snake_case(custom["verb"]), ""
    if extension := EXTENSION.search(segment):
        stem = segment[: extension.start()]
        kind = extension["any"] or extension["known"] or ""
        return [stem if "{" in stem else stem.replace(".", "-")], "", kind
    if DOTTED_CALL.fullmatch(segment) and not DOMAIN.fullmatch(segment):
        *subject, verb = segment.split(".")
        return subject, snake_case(verb), ""
    return [segment], "", ""


def _parts(segment: str, *, leading: bool) -> list[_Part]:
    if segment.startswith(":") and "{" not in segment:
        return [_Part("param", segment[1:])]
    params = [_Part("param", match[1]) for match in PARAMETER.finditer(segment)]
    if params and segment != f"{{{params[-1].text}}}" and FORMAT.search(params[-1].text):
        params.pop()  # the `{format}` of `/pets.{format}` is no pet
        segment = segment[: segment.rindex("{")].rstrip(".")
    literal = ORNAMENT.sub("", PARAMETER.sub("", segment))
    if params:
        name = snake_case(literal)
        named = [_Part("name", name)] if name else []
        return [*params, *named] if segment.startswith("{") else [*named, *params]
    if VERSION.fullmatch(literal) or (leading and literal.isdecimal() and literal.isascii()):
        return [_Part("version", literal)]
    if NAMESPACE.fullmatch(literal):
        return [_Part("namespace", snake_case(literal))]
    if DOMAIN.fullmatch(literal):
        literal = literal.split(".", 1)[0] if literal.count(".") == 1 else _host(literal)
    name = snake_case(literal)
    if not name:
        return []
    return [_Part("prefix" if leading and name in PREFIXES else "name", name)]


def _host(domain: str) -> str:
    """`rbac.authorization.k8s.io` without the two labels that say whose it is."""
    return "_".join(domain.split(".")[:-2])


def _from_namespace(parts: list[_Part]) -> tuple[_Part, ...]:
    """A provider's namespace starts anew: what is before it only says where it is billed."""
    for number in range(len(parts) - 1, -1, -1):
        if parts[number].kind == "namespace":
            return (_Part("name", parts[number].text), *parts[number + 1 :])
    return tuple(parts)


def _route(parsed: _Parsed, said: set[tuple[Key, str]], *, show_prefix: bool) -> Route:
    steps: list[Step] = []
    hidden: list[str] = []
    scope: Key = ()
    for part in parsed.parts:
        match part.kind:
            case "param":
                last = steps.pop() if steps else Step("")
                steps.append(Step(last.name, (*last.params, part.text)))
            case "version" if (scope, part.text.lower()) in said:
                version = snake_case(part.text)
                version = version if version[0].isalpha() else f"v{version}"
                if steps and not steps[-1].params:
                    steps.append(Step(f"{steps.pop().name}_{version}"))
                else:
                    steps.append(Step(version))
            case "prefix" if show_prefix:
                steps.append(Step(part.text))
            case "version" | "prefix":
                hidden.append(snake_case(part.text))
            case _:
                steps.append(Step(part.text))
                scope = (*scope, part.text)
    return Route(
        _without_tenant(steps), parsed.action, tuple(hidden), parsed.params, parsed.variant
    )


def _without_tenant(steps: list[Step]) -> tuple[Step, ...]:
    """Name the parameters that start a path, where they are more than the tenant's."""
    if not steps or steps[0].name:
        return tuple(steps)
    first, *rest = steps
    noun = param_noun(first.params[-1])
    if noun and (len(first.params) > 1 or not rest):
        return (Step(noun, first.params), *rest)
    return (first, *rest)


# --- All paths -----------------------------------------------------------------------------


def _said_versions(parsed: Iterable[_Parsed]) -> set[tuple[Key, str]]:
    """The versions that must be said, with the names that they stand after.

    One version goes without saying. Of several, one that has most of the paths does.
    """
    counts: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for path in parsed:
        scope: Key = ()
        for part in path.parts:
            if part.kind == "name":
                scope = (*scope, part.text)
            elif part.kind == "version":
                counts[scope][part.text.lower()] += 1
    return {
        (scope, version)
        for scope, versions in counts.items()
        for version, count in versions.items()
        if count < versions.total() * SILENT_SHARE
    }


def _ambiguous(routes: dict[str, Route]) -> list[str]:
    """Paths that repeat others under a prefix (`/api/pets` beside `/pets`): it has to show."""
    by_hidden: defaultdict[Key, dict[str, Key]] = defaultdict(dict)
    for path, route in routes.items():
        if route.steps:
            by_hidden[route.hidden][path] = _key(route)
    seen: set[Key] = set()
    ambiguous: list[str] = []
    for hidden in sorted(by_hidden, key=lambda h: (len(h), -len(by_hidden[h]), h)):
        keys = set(by_hidden[hidden].values())
        if hidden and len(keys & seen) * 2 >= len(keys):
            ambiguous.extend(by_hidden[hidden])
        seen |= keys
    return ambiguous


def _key(route: Route) -> Key:
    marks = (part for step in route.steps for part in (step.name, *("{}" for _ in step.params)))
    return (*marks, f":{route.action}")
