"""From a document to what it means: one model for Swagger 2.0 and OpenAPI 3.0 to 3.2."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.diagnostics import Diagnostic, Diagnostics, Severity, Where
from clientgen.load import Document, Loader, LoadError

from ._node import Node, scalar_text
from ._openapi import OpenApi
from ._refs import Refs
from ._retries import idempotency, retry
from ._schemas import Schemas
from ._shared import TOKEN, fixed_value, is_ignored, is_left_out
from ._swagger import Swagger
from ._webhooks import EVENT, callbacks, event_schema, webhooks
from .spec import Operation, Parameter, Ref, Scalar, Spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["resolve"]

TEMPLATE_NAME = re.compile(r"\{([^{}]*)\}")
_EXPRESSION = re.compile(r"\{([+./;]|\*{1,2}|)([\w-]+)([+*]?)\}")
_EXPRESSION_STYLES = {".": "label", ";": "matrix"}
_QUERY_EXPRESSION = re.compile(r"\{[?&#][\w.,:*%-]+\}")


def resolve(
    document: Document,
    loader: Loader,
    diagnostics: Diagnostics,
    formats: Mapping[str, str] | None = None,
) -> Spec:
    """Read an OpenAPI document.

    Args:
        document: The entry document.
        loader: Opens the documents that it refers to.
        diagnostics: Receives what is odd about it.
        formats: Formats to read as others, or as `none`; as the document has them when None.

    Raises:
        LoadError: It is no OpenAPI document.
    """
    root = Node(document.value, document)
    refs = Refs(loader, diagnostics)
    version = root.text("openapi") or "2.0"
    schemas = Schemas(refs, diagnostics, version=version, formats=formats or {})
    reader: OpenApi | Swagger
    if _is_swagger(root):
        reader = Swagger(root, refs, schemas, diagnostics)
    else:
        reader = OpenApi(root, refs, schemas, diagnostics)
    for name, node in reader.components():
        schemas.component(node, name)
    operations = tuple(_operations(reader))
    _tell_of_repeated_ids(operations, diagnostics)
    events = webhooks(root, refs, schemas)
    schemas.finish()
    if events:
        schemas.named[EVENT] = event_schema(events, root.where, schemas.named)
    info = root.get("info") or Node({}, document)
    return Spec(
        title=info.text("title").strip(),
        version=info.text("version").strip(),
        description=refs.text(info, "description"),
        where=root.where,
        operations=operations,
        schemas=schemas.named,
        servers=reader.servers(root),
        schemes={scheme.name: scheme for scheme in reader.schemes()},
        security=reader.security(root) or (),
        scopes=reader.scopes(root),
        tags=dict(_tags(root, refs)),
        event=Ref(EVENT) if events else None,
        retry=retry(root, diagnostics),
    )


def _is_swagger(root: Node) -> bool:
    """Whether the document is Swagger 2.0; refuses what is neither that nor OpenAPI 3."""
    swagger, openapi = root.text("swagger"), root.text("openapi")
    if openapi.startswith("3"):
        return False
    if swagger.startswith("2") or openapi.startswith("2"):
        return True
    if swagger or openapi:
        message = f"version {swagger or openapi} is not supported; use 2.0, 3.0, 3.1 or 3.2"
    else:
        message = "this is no OpenAPI document: it has no `openapi` or `swagger` version"
    raise LoadError(Diagnostic("CG200", Severity.ERROR, message, root.where))


def _operations(reader: OpenApi | Swagger) -> Iterator[Operation]:
    index = 0
    for path, written in _paths(reader):
        item = reader.follow(written)
        if not isinstance(item.value, dict):
            reader.diagnostics.unsupported(
                "CG240", f"{path}: a path must be an object; it is left out", written.where
            )
            continue
        _tell_of_missing_slash(reader, path, written)
        for method, node in reader.methods(item):
            operation = reader.follow(node)
            if is_left_out(item) or is_left_out(operation):
                continue
            if not TOKEN.fullmatch(method):
                reader.diagnostics.unsupported(
                    "CG245",
                    f"{path}: {method[:40]!r} is no HTTP method; the operation is left out",
                    node.where,
                )
                continue
            if not isinstance(operation.value, dict):
                reader.diagnostics.unsupported(
                    "CG241",
                    f"{method} {path}: an operation must be an object; it is left out",
                    node.where,
                )
                continue
            yield _operation(reader, index, method, path, item, operation)
            index += 1


def _tell_of_missing_slash(reader: OpenApi | Swagger, path: str, written: Node) -> None:
    if _template(path) != _below_server(_template(path)):
        reader.diagnostics.warning(
            "CG244",
            f"{path}: a path must begin with a slash; it is read as {'/' + path!r}",
            written.where,
        )


def _below_server(template: str) -> str:
    """A template that begins with a slash: without one it would change the name of the server."""
    return template if template[:1] in {"", "/", "?", "#"} else f"/{template}"


def _template(path: str) -> str:
    """A path with nothing but names in its braces."""
    return _EXPRESSION.sub(lambda found: "/" * (found[1] == "/") + f"{{{found[2]}}}", path)


def _paths(reader: OpenApi | Swagger) -> Iterator[tuple[str, Node]]:
    """Paths, and what documents of Azure have for those that differ in their query alone."""
    for key in ("paths", "x-ms-paths"):
        paths = reader.root.get(key)
        paths = reader.follow(paths) if paths else None
        for path, written in paths.entries() if paths else ():
            if not path.startswith("x-"):
                yield path, written


def _operation(
    reader: OpenApi | Swagger, index: int, method: str, path: str, item: Node, node: Node
) -> Operation:
    responses = tuple(reader.responses(node, index))
    if not responses:
        reader.diagnostics.warning(
            "CG242",
            f"{method} {path}: no `responses`; whatever comes back is returned",
            node.where,
        )
    given = list(reader.parameters(item, node, index))
    parameters = [parameter for parameter in given if not is_ignored(parameter)]
    fixed = {p.wire_name: value for p in given if is_ignored(p) and (value := fixed_value(p))}
    template, parameters = _matched_to_path(reader, method, path, parameters, node)
    key, parameters = idempotency(reader.root, node, parameters)
    tags = node.mapping.get("tags")
    text = reader.refs.text
    return Operation(
        index=index,
        method=method,
        path=template,
        where=node.where,
        written_path=path,
        operation_id=node.text("operationId"),
        summary=text(node, "summary") or text(item, "summary"),
        description=text(node, "description") or text(item, "description"),
        tags=tuple(filter(None, map(scalar_text, tags))) if isinstance(tags, list) else (),
        deprecated=node.flag("deprecated"),
        parameters=tuple(parameters),
        body=reader.body(node, index),
        responses=responses,
        security=reader.security(node),
        scopes=reader.scopes(node),
        servers=reader.servers(node) or reader.servers(item),
        headers=fixed,
        callbacks=tuple(callbacks(node, reader.refs, reader.schemas)),
        extensions={name: value for name, value in node.mapping.items() if name.startswith("x-")},
        retry=retry(node, reader.diagnostics),
        idempotency=key,
    )


def _matched_to_path(
    reader: OpenApi | Swagger, method: str, path: str, parameters: list[Parameter], node: Node
) -> tuple[str, list[Parameter]]:
    """Make path parameters and the names in the path template agree."""
    path = _without_parameters_twice(path, {p.wire_name for p in parameters if p.place == "query"})
    operators = {name: (before, after) for before, name, after in _EXPRESSION.findall(path)}
    path = _below_server(_template(path))
    wanted = list(dict.fromkeys(TEMPLATE_NAME.findall(path)))
    declared = {p.wire_name: p for p in parameters if p.place == "path"}
    ordered = []
    for name in wanted:
        known = declared.pop(name, None)
        if known is None:
            known = _close_name(name, declared, wanted)
            if known is None:
                known = Parameter(name, "path", True, Scalar("string"), "simple", False, node.where)
                message = f"path parameter {name!r} is not declared; it is taken to be a string"
            else:
                del declared[known.wire_name]
                message = f"path parameter {name!r} is declared as {known.wire_name!r}"
                known = replace(known, wire_name=name)
            reader.diagnostics.warning("CG224", f"{method} {path}: {message}", known.where)
        ordered.append(_expanded(known, *operators.get(name, ("", ""))))
    for parameter in declared.values():
        reader.diagnostics.warning(
            "CG225",
            f"{method} {path}: path parameter {parameter.wire_name!r} is not in the path; "
            "it is left out",
            parameter.where,
        )
    return path, _ending(ordered) + [p for p in parameters if p.place != "path"]


def _ending(ordered: list[Parameter]) -> list[Parameter]:
    """Path parameters of which only those at the end may be left out."""
    last = max((place for place, p in enumerate(ordered) if p.required), default=-1)
    return [replace(p, required=True) for p in ordered[: last + 1]] + ordered[last + 1 :]


def _without_parameters_twice(path: str, queries: set[str]) -> str:
    """The template without what its query says of parameters that are declared as such.

    That is `{?limit}`, as RFC 6570 writes queries, and `limit={limit}`.
    """
    path = _QUERY_EXPRESSION.sub("", path)
    path, mark, query = path.partition("?")
    pairs = [p for p in query.split("&") if not queries.intersection(TEMPLATE_NAME.findall(p))]
    return path + mark + "&".join(pairs) if any(pairs) else path


def _expanded(parameter: Parameter, before: str, after: str) -> Parameter:
    """A path parameter with the operators that the template puts around its name.

    Those of RFC 6570, and what frameworks have for the `+` of it: `{+path}`, `{*path}` and
    `{path+}` take slashes.
    """
    return replace(
        parameter,
        style=_EXPRESSION_STYLES.get(before, parameter.style),
        explode=parameter.explode or after == "*",
        allow_reserved=parameter.allow_reserved or before in {"+", "*", "**"} or after == "+",
    )


def _close_name(name: str, declared: dict[str, Parameter], wanted: list[str]) -> Parameter | None:
    """A declared parameter that differs from a template's name in spelling alone."""
    for known, parameter in declared.items():
        if known not in wanted and _bare(known) == _bare(name):
            return parameter
    return None


def _bare(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _tell_of_repeated_ids(operations: tuple[Operation, ...], diagnostics: Diagnostics) -> None:
    first: dict[str, Operation] = {}
    for operation in operations:
        known = first.setdefault(operation.operation_id, operation)
        if known is not operation and operation.operation_id:
            where = Where(operation.where.document, (*operation.where.keys, "operationId"))
            diagnostics.warning(
                "CG243",
                f"operationId {operation.operation_id[:80]!r} is that of {known.method} "
                f"{known.path}, too; the path decides on the name",
                where,
            )


def _tags(root: Node, refs: Refs) -> Iterator[tuple[str, str]]:
    tags = root.get("tags")
    for tag in map(refs.follow, tags.items()) if tags else ():
        yield tag.text("name"), refs.text(tag, "description")
