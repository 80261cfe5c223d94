"""All that is Python about an SDK: resources, methods, arguments, types, names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from keyword import iskeyword
from typing import TYPE_CHECKING

from clientgen.config import Config, ConfigError
from clientgen.resolve.spec import Alias, ListOf, Operation, Record, Ref, Server, Shape, Spec

from . import _api
from ._calls import Call, CallSite, name_calls
from ._docs import is_closed, one_line
from ._extensions import asked_group, asked_name
from ._identifiers import Names, identifier, local_names, module_name, pascal_case
from ._inputs import inputs
from ._media import is_json
from ._methods import known_requirements, method, server
from ._model_names import name_models
from ._page_types import paged
from ._retries import retry
from ._testing import examples
from ._types import VALUE_TYPES, Types
from ._uses import uses
from ._versions import told_by_client, version_of
from .ir import Annotation, Child, Examples, Method, Resource, Sdk, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from clientgen.diagnostics import Diagnostics

    from ._page_fields import Found

__all__ = ["build"]

CLIENT_NAMES = frozenset(
    [
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "request",
        "stream",
        "sse",
        "close",
        "aclose",
        "download",
        "from_env",
        "paginate",
        "poll",
        "with_options",
        "with_version",
        "with_raw_response",
        "with_streaming_response",
        "base_url",
        "timeout",
        "rate_limits",
        "pool_status",
        "cache",
        "graphql",
        "webhooks",
        "server",
        "api",
        "credentials",
    ]
)
"""Attributes that a client has; resources and methods at the top must not take them."""

RESOURCE_NAMES = frozenset(
    [
        "with_raw_response",
        "with_streaming_response",
        "bool",
        "bytes",
        "cached_property",
        "date",
        "datetime",
        "dict",
        "float",
        "int",
        "object",
        "overload",
        "str",
        "time",
        "timedelta",
        "tuple",
    ]
)
"""Attributes of resources, and names that the bodies of their classes use."""

MODULE_NAMES = frozenset(
    [
        "API",
        "Any",
        "AsyncResource",
        "AsyncClient",
        "Webhooks",
        "RawStream",
        "RawPage",
        "RawOverloads",
        "RawMethod",
        "RawKind",
        "Streamed",
        "RawResource",
        "Raw",
        "AsyncStreamed",
        "AsyncRaw",
        "EventTypes",
        "Stream",
        "AsyncStream",
        "BinaryInput",
        "Body",
        "Client",
        "Decimal",
        "List",
        "AsyncIterable",
        "Iterable",
        "Literal",
        "Mapping",
        "Sequence",
        "Annotated",
        "FileInput",
        "OMIT",
        "Omit",
        "AsyncPaginator",
        "Operation",
        "Page",
        "Pages",
        "Param",
        "Part",
        "RequestOptions",
        "Resource",
        "RetryConfig",
        "Idempotency",
        "Server",
        "TYPE_CHECKING",
        "UUID",
        "Unpack",
        "Xml",
        "overload",
        "Variable",
        "VersionParam",
        "Api",
        "ApiKey",
        "ClientOptions",
        "HttpAuth",
        "MutualTLS",
        "OAuth2",
        "Secret",
        "Delimited",
        *(name for _, name in VALUE_TYPES.values()),
    ]
)
"""Names that modules of resources import; a model of such a name is called `…Model` there."""

CONSTANT_NAMES = frozenset(name for name in MODULE_NAMES if name.isupper())
"""Those that an operation's constant would hide."""


def build(spec: Spec, config: Config, diagnostics: Diagnostics) -> tuple[Sdk, Types]:
    """Decide on everything that the templates write down.

    Returns:
        The SDK, and the names and types of its models.
    """
    project = _api.project(spec, config)
    calls = _calls(spec, config)
    names = name_models(spec.schemas, calls)
    types = Types(names, spec.schemas)
    groups = _grouped(spec.operations, calls)
    taken = {name.name for name in names.values()} | {*types.inputs.values()}
    classes = _class_names(groups, taken, project.client)
    lists = paged(spec, config)
    version = version_of(spec)
    builder = _Resources(spec, calls, types, classes, groups, lists, version, taken, diagnostics)
    root, *resources = builder.build()
    methods = [each for resource in (root, *resources) for each in resource.methods]
    return Sdk(
        project=project,
        root=root,
        resources=tuple(resources),
        servers=tuple(map(server, spec.servers or _first_servers(spec.operations))),
        schemes=tuple(_api.schemes(spec)),
        version=version,
        event=types.result(spec.event) if spec.event else None,
        inputs=inputs(_annotations(methods), types, MODULE_NAMES),
        has_xml=bool(uses(spec).in_xml),
        retry=retry(spec.retry),
        credentials=tuple(_api.credentials(spec, project.env_prefix)),
        security=known_requirements(spec.security, spec.schemes, spec.where, diagnostics) or (),
        scopes=_api.fetched_scopes(spec.scopes, spec.schemes),
        examples=_examples(spec.operations, (root, *resources)),
    ), types


def _examples(
    operations: Iterable[Operation], resources: Iterable[Resource]
) -> dict[int, Examples]:
    """What the document shows of each call, by the operation's index."""
    by_index = {operation.index: operation for operation in operations}
    return {
        m.index: examples(by_index[m.index], m) for resource in resources for m in resource.methods
    }


def _first_servers(operations: Iterable[Operation]) -> tuple[Server, ...]:
    """Servers of the first operation that has some, for documents that have none at the top."""
    return next((operation.servers for operation in operations if operation.servers), ())


def _calls(spec: Spec, config: Config) -> dict[int, Call]:
    """Names of calls, by the operation's index."""
    sites = [_site(operation, spec) for operation in spec.operations]
    overrides = {
        " ".join((key.split(None, 1)[0].upper(), *key.split(None, 1)[1:])): value.call
        for key, value in config.operations.items()
        if value.call is not None
    }
    try:
        calls = name_calls(
            sites,
            overrides=overrides,
            reserved_root=CLIENT_NAMES | RESOURCE_NAMES,
            reserved_resource=RESOURCE_NAMES,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return {operation.index: call for operation, call in zip(spec.operations, calls, strict=True)}


def _site(operation: Operation, spec: Spec) -> CallSite:
    return CallSite(
        operation.method,
        operation.path,
        operation.operation_id or None,
        operation.tags,
        _returns_list(operation, spec),
        asked_group(operation.extensions),
        asked_name(operation.extensions),
    )


def _returns_list(operation: Operation, spec: Spec) -> bool | None:
    """Whether the answer is an array, or an object that plainly wraps one."""
    for response in operation.responses:
        if response.status[0] == "2":
            for media in response.content:
                if is_json(media.type) and media.shape is not None:
                    return _is_list(media.shape, spec)
    return None


LIST_NAMES = {"data", "items", "results", "value", "values", "records", "entries"}
"""What the list in an answer that wraps one is usually called."""

MOST_BESIDE_A_LIST = 6
"""Properties of an object that still plainly wraps its only list."""


def _is_list(shape: Shape, spec: Spec) -> bool:
    if isinstance(shape, ListOf):
        return True
    if not isinstance(shape, Ref):
        return False
    definition = spec.schemas[shape.id].definition
    if isinstance(definition, Alias):
        return isinstance(definition.shape, ListOf)
    if not isinstance(definition, Record):
        return False
    lists = [prop for prop in definition.properties if isinstance(prop.shape, ListOf)]
    if any(prop.wire_name.lower() in LIST_NAMES for prop in lists):
        return True
    return len(lists) == 1 and len(definition.properties) <= MOST_BESIDE_A_LIST


# --- Resources -----------------------------------------------------------------------------

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    class_name: str
    module: str


def _grouped(
    operations: Sequence[Operation], calls: Mapping[int, Call]
) -> dict[Path, list[Operation]]:
    """Operations by resource, parents before what is below them, in the order of the document."""
    groups: dict[Path, list[Operation]] = {(): []}
    for operation in operations:
        call = calls[operation.index]
        for depth in range(len(call.resource)):
            groups.setdefault(call.resource[: depth + 1], [])
        groups[call.resource].append(operation)
    return groups


def _class_names(groups: Iterable[Path], models: set[str], client: str) -> dict[Path, _Name]:
    taken = {*MODULE_NAMES, *models, *_taken_with(client)}
    modules = Names(ignore_case=True)
    found: dict[Path, _Name] = {(): _Name(client, "_client")}
    for path in groups:
        if path:
            wanted = "".join(map(pascal_case, path))
            while iskeyword(wanted) or _taken_with(wanted) & (models | MODULE_NAMES):
                wanted += "Resource"
            name = next(n for n in _numbered(wanted) if not _taken_with(n) & taken)
            taken |= _taken_with(name)
            found[path] = _Name(name, modules.take(module_name("_".join(path), "resource")))
    return found


def _numbered(name: str) -> Iterator[str]:
    """A name, and what it is called when that is taken."""
    yield name
    yield from (f"{name}_{number}" for number in count(2))


def _taken_with(name: str) -> set[str]:
    """The names that a resource of a name takes in its module."""
    return {name, f"Async{name}", f"Raw{name}"}


class _Resources:
    """Builds the classes with methods."""

    def __init__(
        self,
        spec: Spec,
        calls: Mapping[int, Call],
        types: Types,
        classes: Mapping[Path, _Name],
        groups: Mapping[Path, list[Operation]],
        lists: Mapping[int, Found],
        version: Version | None,
        models: Iterable[str],
        diagnostics: Diagnostics,
    ) -> None:
        self._spec = spec
        self._calls = calls
        self._types = types
        self._classes = classes
        self._groups = groups
        self._lists = lists
        self._version = version
        self._diagnostics = diagnostics
        self._inputs = frozenset(types.inputs.values())
        self._upper = {model for model in models if model.isupper()}
        self._children: dict[Path, list[Path]] = {path: [] for path in groups}
        for path in groups:
            if path:
                self._children[path[:-1]].append(path)
        self._tags = {identifier(name, ""): text for name, text in spec.tags.items() if text}

    def build(self) -> list[Resource]:
        """All resources, the client first."""
        return [self._resource(path) for path in self._groups]

    def _resource(self, path: Path) -> Resource:
        name = self._classes[path]
        own = _taken_with(name.class_name)
        constants = Names(CONSTANT_NAMES | own | self._upper)
        methods = tuple(
            told_by_client(
                method(
                    operation,
                    self._calls[operation.index],
                    constants.take(self._calls[operation.index].method.upper()),
                    self._types,
                    self._spec.schemes,
                    self._diagnostics,
                    self._lists.get(operation.index),
                ),
                self._version,
            )
            for operation in self._groups[path]
        )
        used = list(_annotations(methods))
        models = local_names(frozenset().union(*(a.models for a in used)), MODULE_NAMES | own)
        renames = {model: local for model, local in models.items() if model != local}
        return Resource(
            path=path,
            class_name=name.class_name,
            module=name.module,
            summary=self._summary(path),
            methods=methods,
            children=tuple(map(self._child, self._children[path])),
            models=models,
            inputs=tuple(sorted(self._inputs & {name for a in used for name in a.names})),
            renames={**renames, **self._list_name(path)},
            names=frozenset().union(*(a.names for a in used)),
            value_names=frozenset().union(*(a.names for a in _values(methods)))
            | _decorators(methods),
        )

    def _list_name(self, path: Path) -> dict[str, str]:
        """Another name for the type `list` where the class has a member of that name."""
        methods = {self._calls[operation.index].method for operation in self._groups[path]}
        children = {child[-1] for child in self._children[path]}
        return {"list": "List"} if "list" in methods | children else {}

    def _child(self, path: Path) -> Child:
        name = self._classes[path]
        return Child(path[-1], name.class_name, name.module, self._summary(path))

    def _summary(self, path: Path) -> str:
        text = one_line(self._tags.get("_".join(path), "")) if path else ""
        if 0 < len(text) <= 90:
            return text if is_closed(text) else text + "."
        return f"Calls under `{'.'.join(path)}`."


def _values(methods: Iterable[Method]) -> Iterable[Annotation]:
    for each in methods:
        bodies = each.body.payloads if each.body else ()
        answers = (payload for response in each.responses for payload in response.payloads)
        for payload in (*bodies, *answers, *each.response_headers.values()):
            if payload.value is not None:
                yield payload.value
            yield from payload.events.values()


def _decorators(methods: Iterable[Method]) -> frozenset[str]:
    return frozenset({"overload"} if any(each.overloads for each in methods) else ())


def _annotations(methods: Iterable[Method]) -> Iterable[Annotation]:
    for each in methods:
        yield each.returns
        yield from (argument.annotation for argument in each.path_arguments)
        yield from (argument.annotation for argument in each.arguments)
        if each.body is not None:
            yield each.body.annotation
        for way in (each.signature, *each.overloads):
            yield way.returns
            chosen = (way.body, way.content_type, way.accept, way.switch)
            yield from (found for found in chosen if found is not None)
