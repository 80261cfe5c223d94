"""What the runtime offers to users, as its docstrings tell it: the page of the reference."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import clientgen_runtime
from clientgen_runtime import cli, graphql, sdk, testing

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(str(clientgen_runtime.__file__)).parent
PUBLIC: dict[str, Any] = {
    name: getattr(module, name)
    for module in (clientgen_runtime, sdk, testing, cli, graphql)
    for name in module.__all__
    if not name.startswith("_")
}
Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

# Where names are told of, by the modules that define them; others come last.
CHAPTERS = {
    "Clients": "_client _base _settings _omit",
    "Requests and responses": "_request _response _headers _body _progress",
    "Streams, pages and whole responses": "_framing _streams _pages _raw",
    "Errors": "_errors",
    "Middleware, circuit breaker, rate limiter": (
        "_policies.middleware _policies.breaker _policies.limiter _policies.redis_sharing"
    ),
    "Cache": "_cache.cache _cache.stores",
    "GraphQL": "graphql",
    "Traces, metrics, versions": (
        "_telemetry.tracing _telemetry.metrics _net.pool_status _policies.versions"
    ),
    "Credentials": "_auth _tokens _oauth.auth _oauth.server _oauth.grants _oauth.stores",
    "Configuration": (
        "_timeout _policies.retry _policies.redirects _limits _net.proxies _telemetry.log_config "
        "_telemetry.log"
    ),
    "Webhooks": "_webhooks",
    "Command lines": "cli._run",
    "Tests": (
        "testing._fake testing._fixture testing._faults testing._cassettes testing._respx "
        "testing._imports"
    ),
    "What generated code is made of": (
        "_operation _version_param _exports _data.lazy _data.models _data.tagged _data.values"
    ),
}
REST = "More"
INTRODUCTION = """
# The runtime

All names are in `clientgen_runtime`, those that generated code is made of in
`clientgen_runtime.sdk`, those for tests in `clientgen_runtime.testing`, those of GraphQL in
`clientgen_runtime.graphql`, that of command lines in `clientgen_runtime.cli`. Examples are written
as at the prompt of `python -m asyncio`, where `await` works. In them `client` and `aclient` are
clients of a small SDK, `PetStore` and `AsyncPetStore`, for `https://api.example.com`, and `Pet` is
a model with `id` and `name`.
"""


# --- Docstrings ----------------------------------------------------------------------------


def docstrings() -> dict[str, str]:
    """The docstring of each public name, and of each member of a class as `Class.member`."""
    aliases = dict(_alias_docstrings())
    found: dict[str, str] = {}
    for name, value in PUBLIC.items():
        if _is_ours(value, name):
            found[name] = inspect.getdoc(value) or ""
            found.update(_members(value))
        else:
            found[name] = aliases.get(name, "")
    return found


def _is_ours(value: object, name: str) -> bool:
    """Whether a name is that of a class or function here, not of a constant or type alias."""
    return (
        (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__.startswith("clientgen_runtime")
        and value.__name__ == name
    )


def _members(value: object) -> Iterator[tuple[str, str]]:
    """Methods and properties with what is inherited inside the runtime, each once."""
    if not isinstance(value, type):
        return
    for base in value.__mro__:
        if base.__module__.startswith("clientgen_runtime"):
            # What a private base has belongs to each of its public heirs.
            owner = base.__name__ if base.__name__ in PUBLIC else value.__name__
            for name, member in vars(base).items():
                if name[0] != "_" and _is_routine(member) and hasattr(value, name):
                    yield f"{owner}.{name}", inspect.getdoc(getattr(base, name)) or ""


def _is_routine(member: object) -> bool:
    kinds = (property, cached_property, classmethod, staticmethod)
    return inspect.isfunction(member) or isinstance(member, kinds)


def _alias_docstrings() -> Iterator[tuple[str, str]]:
    """The string below an assignment, which no object keeps."""
    for tree in _modules().values():
        for assigned, told in pairwise(tree.body):
            match assigned, told:
                case (
                    ast.AnnAssign(target=ast.Name(id=name))
                    | ast.Assign(targets=[ast.Name(id=name)]),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield name, inspect.cleandoc(text)


def _modules() -> dict[str, ast.Module]:
    """The syntax trees of the runtime, by name below it, such as `testing._fake`."""
    return {
        ".".join(path.relative_to(SOURCES).with_suffix("").parts): ast.parse(
            path.read_text("utf-8")
        )
        for path in sorted(SOURCES.rglob("*.py"))
    }


def arguments() -> dict[str, list[str]]:
    """The names of what each public class, function and method takes."""
    definitions = _definitions()
    found: dict[str, list[str]] = {}
    for name in docstrings():
        defined = _defined_as(name)
        node = definitions.get(f"{defined}.__init__", definitions.get(defined))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _is_property(node):
            given = node.args
            every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
            named = [argument.arg for argument in every if argument is not None]
            found[name] = [argument for argument in named if argument not in ("self", "cls")]
    return found


def _defined_as(name: str) -> str:
    """Module and name under which something is defined: what is inherited, those of the base."""
    owner, _, member = name.partition(".")
    value = PUBLIC[owner]
    if not _is_ours(value, owner):
        return ""
    home: type = next(cls for cls in value.__mro__ if member in vars(cls)) if member else value
    module = home.__module__.removeprefix("clientgen_runtime.")
    return f"{module}.{home.__name__}.{member}" if member else f"{module}.{owner}"


# --- The page ------------------------------------------------------------------------------


def page() -> str:
    """The page of the reference, in Markdown."""
    places, definitions = _places(), _definitions()
    chapters: dict[str, list[str]] = {title: [] for title in (*CHAPTERS, REST)}
    told = docstrings()
    for name in sorted(told, key=lambda name: (places[_owner(name)][1], "." in name)):
        if not _is_twin(name):
            parts = (_heading(name), _code(name, definitions), markdown(told[name]))
            chapters[places[_owner(name)][0]].append("\n\n".join(filter(None, parts)))
    written = (f"## {title}\n\n" + "\n\n".join(texts) for title, texts in chapters.items() if texts)
    return "\n\n".join([INTRODUCTION.strip(), *written]) + "\n"


def _owner(name: str) -> str:
    return name.partition(".")[0]


def _places() -> dict[str, tuple[str, int]]:
    """The chapter of each name and its place there: that of its definition."""
    modules = _modules()
    chapters = {module: title for title, named in CHAPTERS.items() for module in named.split()}
    found: dict[str, tuple[str, int]] = {}
    for module in (*chapters, *modules):
        for node in modules[module].body:
            found.setdefault(_name(node), (chapters.get(module, REST), len(found)))
    return found


def _name(node: ast.stmt) -> str:
    """What a statement defines, if anything."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return ""


def _is_twin(name: str) -> bool:
    """Whether this is a method of an async class that is told of with the sync one."""
    owner, _, member = name.partition(".")
    sync = getattr(clientgen_runtime, owner.removeprefix("Async"), None)
    return owner.startswith("Async") and hasattr(sync, member)


def _heading(name: str) -> str:
    return f"{'####' if '.' in name else '###'} `{name}`"


def _definitions() -> dict[str, Definition]:
    """Classes and functions by module and name; of overloads the one that is run."""
    found: dict[str, Definition] = {}
    for module, tree in _modules().items():
        for node in tree.body:
            if isinstance(node, Definition):
                found[f"{module}.{node.name}"] = node
            if isinstance(node, ast.ClassDef):
                found.update(
                    (f"{module}.{node.name}.{member.name}", member)
                    for member in _statements(node.body)
                    if isinstance(member, Definition)
                )
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a class, also those that stand in an `if`."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse])


def _code(name: str, definitions: dict[str, Definition]) -> str:
    """How something is called, or what fields it has."""
    defined = _defined_as(name)
    node = definitions.get(defined)
    match node:
        case ast.ClassDef():
            maker = definitions.get(f"{defined}.__init__")
            if isinstance(maker, ast.FunctionDef):
                return _block([_call(name, maker)])
            stated = [part for part in node.body if isinstance(part, ast.AnnAssign)]
            stated = [part for part in stated if not _name(part).startswith("_")]
            # Python 3.10 writes `lambda :`.
            lines = (ast.unparse(each).replace("lambda :", "lambda:") for each in stated)
            fields = [line for line in lines if ": ClassVar[" not in line]
            bases = ", ".join(map(ast.unparse, (*node.bases, *node.keywords)))
            return _block([f"class {name}({bases}):" if bases else f"class {name}:", *fields])
        case ast.FunctionDef() | ast.AsyncFunctionDef() if not _is_property(node):
            return _block([_call(name.rpartition(".")[2], node)])
        case _:
            return ""


def _block(lines: list[str]) -> str:
    return "```py\n" + "\n    ".join(lines) + "\n```"


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(d) in ("property", "cached_property") for d in node.decorator_list)


def _call(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = [text for text in _arguments(node.args) if text not in ("self", "cls")]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns and name == node.name else ""
    called = f"async {name}" if isinstance(node, ast.AsyncFunctionDef) else name
    line = f"{called}({', '.join(arguments)}){returns}"
    if len(line) <= 100:
        return line
    return f"{called}(\n" + "".join(f"    {text},\n" for text in arguments) + f"){returns}"


def _arguments(given: ast.arguments) -> Iterator[str]:
    plain = [*given.posonlyargs, *given.args]
    without = len(plain) - len(given.defaults)
    yield from map(_argument, plain[:without])
    yield from map(_argument, plain[without:], given.defaults)
    if given.vararg:
        yield f"*{_argument(given.vararg)}"
    elif given.kwonlyargs:
        yield "*"
    yield from map(_argument, given.kwonlyargs, given.kw_defaults)
    if given.kwarg:
        yield f"**{_argument(given.kwarg)}"


def _argument(argument: ast.arg, default: ast.expr | None = None) -> str:
    typed = f": {ast.unparse(argument.annotation)}" if argument.annotation else ""
    equals = " = " if typed else "="
    return f"{argument.arg}{typed}{equals + ast.unparse(default) if default else ''}"


SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Example):\n((?:(?: {4}.*)?\n?)+)", re.M)
TITLES = {"Args": "Arguments"}


def markdown(told: str) -> str:
    """A Google-style docstring as Markdown."""
    return SECTION.sub(_section, told).strip()


def _section(found: re.Match[str]) -> str:
    kind, text = found[1], textwrap.dedent(found[2]).strip()
    if kind == "Example":
        return f"```pycon\n{text}\n```\n"
    if kind == "Returns":
        return f"**Returns**: {text}\n\n"
    entries = re.sub(r"^(\S+?):", r"* `\1`:", text, flags=re.M)
    return f"**{TITLES.get(kind, kind)}**\n\n{entries}\n\n"
