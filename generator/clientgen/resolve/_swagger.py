"""Reading Swagger 2.0 as what OpenAPI 3 would call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ._node import Node, scalar_text
from ._schemas import examples
from ._shared import (
    Reader,
    answer_origin,
    as_object,
    called,
    is_left_out,
    is_required,
    main_status,
    name_of,
    server_url,
)
from ._streams import is_stream, stream_items
from ._xml import root_xml
from .spec import (
    Encoding,
    Header,
    Media,
    Parameter,
    Payload,
    Place,
    Property,
    Record,
    RequestBody,
    Response,
    SecurityScheme,
    Server,
    ServerVariable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientgen.load import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
PLACES: dict[str, Place] = {"path": "path", "query": "query", "header": "header"}
COLLECTION_STYLES = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
"""`collectionFormat` (Swagger 2.0, "Parameter Object") as style and explode."""


class Swagger(Reader):
    """Reads the parts of a document that are written as Swagger 2.0 says."""

    def components(self) -> Iterator[tuple[str, Node]]:
        """Schemas that the document names."""
        definitions = self.root.get("definitions")
        return self.follow(definitions).entries() if definitions else iter(())

    def servers(self, node: Node) -> tuple[Server, ...]:
        """`schemes`, `host` and `basePath` as servers, https first."""
        if node.parent is not None:
            return ()
        template = node.get("x-ms-parameterized-host")
        host = template.text("hostTemplate") if template else node.text("host")
        base = node.text("basePath")
        if not host:
            return (Server(server_url(base, node)),) if base else ()
        variables = tuple(self._host_variables(template)) if template else ()
        if template and template.mapping.get("useSchemePrefix") is False:
            return (Server(host + base.rstrip("/"), variables=variables),)
        given = node.mapping.get("schemes")
        names = [scalar_text(scheme) for scheme in given] if isinstance(given, list) else []
        schemes = sorted(names or ["https"], key=lambda scheme: scheme != "https")
        path = base if base.startswith("/") or not base else "/" + base
        urls = [f"{scheme}://{host}{path.rstrip('/')}" for scheme in schemes]
        return tuple(Server(url, variables=variables) for url in urls)

    def _host_variables(self, template: Node) -> Iterator[ServerVariable]:
        """What documents of Azure have in the place of a host's name."""
        given = template.get("parameters")
        for node in map(self.follow, given.items()) if given else ():
            choices = node.get("enum")
            yield ServerVariable(
                node.text("name"),
                node.text("default"),
                tuple(scalar_text(item.value) for item in choices.items()) if choices else (),
                self.refs.text(node, "description"),
            )

    def schemes(self) -> Iterator[SecurityScheme]:
        """Security schemes by their names."""
        given = self.root.get("securityDefinitions")
        for name, node in given.entries() if given else ():
            scheme = self._scheme(name, node)
            if scheme is not None:
                yield scheme

    def _scheme(self, name: str, node: Node) -> SecurityScheme | None:
        description = self.refs.text(node, "description")
        match node.text("type"):
            case "basic":
                return SecurityScheme(name, "http", node.where, description, scheme="basic")
            case "apiKey":
                place: Literal["header", "query"] = (
                    "query" if node.text("in") == "query" else "header"
                )
                key = name_of(node, place) or name
                return SecurityScheme(name, "apiKey", node.where, description, key, place)
            case "oauth2":
                flow, url = node.text("flow"), node.text("tokenUrl")
                return SecurityScheme(
                    name,
                    "oauth2",
                    node.where,
                    description,
                    token_url=url if flow == "application" else "",
                    refresh_url=url if flow in {"accessCode", "password"} else "",
                )
            case other:
                self.warn_of_unknown_scheme(other, node)
                return None

    def methods(self, item: Node) -> Iterator[tuple[str, Node]]:
        """The operations of a path, by method in upper case."""
        for key, node in item.entries():
            if key.lower() in METHODS:
                yield key.upper(), node

    # --- Parameters and bodies -------------------------------------------------------------

    def parameters(self, item: Node, operation: Node, index: int) -> Iterator[Parameter]:
        """The parameters of an operation and its path, those of the body left out."""
        for node in self._written(item, operation):
            place = PLACES.get(node.text("in"))
            name = name_of(node, place)
            if place is not None and name:
                if self.can_be_sent(name, place, node):
                    yield self._parameter(node, name, place, index)
            elif node.text("in") not in {"body", "formData"}:
                self.diagnostics.warning(
                    "CG220",
                    "a parameter needs a `name` and an `in` of path, query, header, formData "
                    "or body; it is left out",
                    node.where,
                )

    def _written(self, item: Node, operation: Node) -> list[Node]:
        found: dict[tuple[str, str], Node] = {}
        for owner in (item, operation):
            given = owner.get("parameters")
            for written in given.items() if given else ():
                node = self.follow(written)
                if is_left_out(node):
                    continue
                found[node.text("in"), node.text("name")] = node
        return list(found.values())

    def _parameter(self, node: Node, name: str, place: Place, index: int) -> Parameter:
        shape = self.schemas.shape(_schema_of(node), Payload(index, "param", name))
        default = self.schemas.fitting_default(node, shape)
        style, explode = _collection(node)
        if place != "query" and style == "form":
            style, explode = "simple", False
        return Parameter(
            name,
            place,
            is_required(node, place),
            shape,
            style,
            explode,
            node.where,
            allow_reserved=node.flag("x-ms-skip-url-encoding"),
            allow_empty=node.flag("allowEmptyValue") and place == "query",
            called=called(node),
            description=self.refs.text(node, "description"),
            default=default,
            has_default=default is not None,
            examples=_examples(node),
            deprecated=node.flag("deprecated"),
        )

    def body(self, operation: Node, index: int) -> RequestBody | None:
        """The request body: the `body` parameter, or the `formData` ones together."""
        item = operation.parent
        written = self._written(item, operation) if item else []
        for node in written:
            if node.text("in") == "body":
                schema = node.get("schema")
                shape = self.schemas.shape(schema, Payload(index, "request"))
                xml = root_xml(schema, self.refs) if schema else None
                types = self._media_types(operation, "consumes") or ["application/json"]
                return RequestBody(
                    tuple(
                        Media(name, shape, node.where, examples=_examples(node), xml=xml)
                        for name in types
                    ),
                    node.flag("required"),
                    node.where,
                    self.refs.text(node, "description"),
                )
        fields = [node for node in written if node.text("in") == "formData" and node.text("name")]
        return self._form(operation, fields, index) if fields else None

    def _form(self, operation: Node, fields: list[Node], index: int) -> RequestBody:
        properties = tuple(
            Property(
                node.text("name"),
                self.schemas.shape(
                    _schema_of(node), Payload(index, "request", " " + node.text("name"))
                ),
                node.flag("required"),
                node.where,
                self.refs.text(node, "description"),
                examples=_examples(node),
            )
            for node in fields
        )
        shape = self.schemas.synthesize(
            operation, Payload(index, "request"), Record(properties), fields[0].where
        )
        has_file = any(map(_is_file, fields))
        wanted = [
            name
            for name in self._media_types(operation, "consumes")
            if "form" in name and (not has_file or "multipart" in name)
        ]
        has_bytes = has_file or any(map(_is_binary, fields))
        fallback = "multipart/form-data" if has_bytes else "application/x-www-form-urlencoded"
        encoding = {
            node.text("name"): Encoding(style=style, explode=explode)
            for node in fields
            if node.text("type") == "array" and not _is_file(node) and not _is_binary(node)
            for style, explode in [_collection(node)]
        }
        return RequestBody(
            tuple(
                Media(name, shape, fields[0].where, encoding=encoding)
                for name in wanted or [fallback]
            ),
            any(node.flag("required") for node in fields),
            fields[0].where,
        )

    # --- Responses -------------------------------------------------------------------------

    def responses(self, operation: Node, index: int) -> Iterator[Response]:
        """The answers that the document declares."""
        given = operation.get("responses")
        types = self._media_types(operation, "produces") or ["application/json"]
        given = self.follow(given) if given else None
        found = [(key, node, self.follow(node)) for key, node in given.entries()] if given else []
        found = [each for each in found if not each[0].startswith("x-")]
        main = main_status([status for status, _, node in found if node.get("schema")])
        for status, written, node in found:
            yield Response(
                self.status(status, written),
                self.refs.text(node, "description"),
                self._content(node, types, answer_origin(index, status, main)),
                node.where,
                {
                    name: Header(self.schemas.shape(header, Payload(index, "param", name)))
                    for name, header in self._headers(node)
                },
            )

    def _content(self, node: Node, types: list[str], origin: Payload) -> tuple[Media, ...]:
        schema = node.get("schema")
        if schema is None:
            return ()
        shape = self.schemas.shape(schema, origin)
        given = as_object(node.mapping.get("examples"))
        xml = root_xml(schema, self.refs)
        event = Payload(origin.operation, "event")
        return tuple(
            Media(
                name,
                shape,
                node.where,
                stream_items(name, node, self.refs, self.schemas, event).item
                if is_stream(name)
                else None,
                examples=(given[name],) if name in given else (),
                xml=xml,
            )
            for name in types
        )

    def _headers(self, node: Node) -> Iterator[tuple[str, Node]]:
        given = node.get("headers")
        return given.entries() if given else iter(())

    def _media_types(self, operation: Node, key: str) -> list[str]:
        given = operation.mapping.get(key, self.root.mapping.get(key))
        return [scalar_text(name) for name in given if name] if isinstance(given, list) else []


def _schema_of(node: Node) -> Node:
    """A parameter is its own schema in 2.0; some authors write a `schema` as in 3.x."""
    return node.get("schema") or node


def _is_file(node: Node) -> bool:
    """Whether a field is a file, or a list of some, as many authors have it."""
    return node.text("type") == "file" or any(map(_is_file, _items(node)))


def _is_binary(node: Node) -> bool:
    return node.text("format") == "binary" or any(map(_is_binary, _items(node)))


def _items(node: Node) -> tuple[Node, ...]:
    items = node.get("items")
    return () if items is None else (items,)


def _collection(node: Node) -> tuple[str, bool]:
    return COLLECTION_STYLES.get(node.text("collectionFormat"), ("form", False))


def _examples(node: Node) -> tuple[Json, ...]:
    given: Json = node.mapping.get("x-example")
    return tuple(examples(node)) + (() if given is None else (given,))
