"""Reading OpenAPI 3.0, 3.1 and 3.2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ._encodings import encodings
from ._node import Node, scalar_text
from ._schemas import examples
from ._shared import (
    Reader,
    answer_origin,
    auth_scheme,
    called,
    is_left_out,
    is_required,
    looks_like_media_type,
    main_status,
    name_of,
    server_url,
)
from ._streams import Items, is_events, is_stream, stream_items
from ._xml import root_xml
from .spec import (
    Anything,
    Header,
    Media,
    Parameter,
    Payload,
    Place,
    RequestBody,
    Response,
    SecurityScheme,
    Server,
    ServerVariable,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clientgen.load import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
PLACES: dict[str, Place] = {
    "path": "path",
    "query": "query",
    "header": "header",
    "cookie": "cookie",
    "querystring": "querystring",
}
DEFAULT_STYLES: dict[Place, str] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
    "querystring": "form",
}
STYLES: dict[str, set[str]] = {
    "path": {"simple", "label", "matrix"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form", "cookie"},
}


USER_FLOWS = ("authorizationCode", "deviceAuthorization", "password")
"""OAuth flows that may hand out refresh tokens (RFC 6749, section 6; RFC 8628)."""


class OpenApi(Reader):
    """Reads the parts of a document that are written as OpenAPI 3 says."""

    def components(self) -> Iterator[tuple[str, Node]]:
        """Schemas that the document names."""
        components = self.root.get("components")
        schemas = components.get("schemas") if components else None
        return self.follow(schemas).entries() if schemas else iter(())

    def servers(self, node: Node) -> tuple[Server, ...]:
        """Servers of a document, path or operation."""
        given = node.get("servers")
        return tuple(map(self._server, given.items())) if given else ()

    def _server(self, node: Node) -> Server:
        variables = node.get("variables")
        return Server(
            server_url(node.text("url").strip(), node),
            node.text("name"),
            self.refs.text(node, "description"),
            tuple(
                ServerVariable(
                    name,
                    variable.text("default"),
                    tuple(scalar_text(item.value) for item in choices.items())
                    if (choices := variable.get("enum"))
                    else (),
                    self.refs.text(variable, "description"),
                )
                for name, variable in (variables.entries() if variables else ())
            ),
        )

    def schemes(self) -> Iterator[SecurityScheme]:
        """Security schemes by their names."""
        components = self.root.get("components")
        given = components.get("securitySchemes") if components else None
        for name, written in given.entries() if given else ():
            scheme = self._scheme(name, self.follow(written))
            if scheme is not None:
                yield scheme

    def _scheme(self, name: str, node: Node) -> SecurityScheme | None:
        description = self.refs.text(node, "description")
        match node.text("type"):
            case "apiKey":
                places: dict[str, Literal["header", "query", "cookie"]] = {
                    "header": "header",
                    "query": "query",
                    "cookie": "cookie",
                }
                place = places.get(node.text("in"), "header")
                key = name_of(node, place) or name
                return SecurityScheme(name, "apiKey", node.where, description, key, place)
            case "http":
                return SecurityScheme(
                    name,
                    "http",
                    node.where,
                    description,
                    scheme=auth_scheme(node.text("scheme") or "bearer"),
                )
            case "oauth2":
                return self._oauth2(name, node)
            case "openIdConnect":
                return SecurityScheme(name, "openIdConnect", node.where, description)
            case "mutualTLS":
                return SecurityScheme(name, "mutualTLS", node.where, description)
            case other:
                self.warn_of_unknown_scheme(other, node)
                return None

    def _oauth2(self, name: str, node: Node) -> SecurityScheme:
        flows = node.get("flows")
        found = dict(flows.entries()) if flows else {}
        client = found.get("clientCredentials")
        users = [found[flow] for flow in USER_FLOWS if flow in found]
        urls = (flow.text("refreshUrl") or flow.text("tokenUrl") for flow in users)
        return SecurityScheme(
            name,
            "oauth2",
            node.where,
            self.refs.text(node, "description"),
            token_url=client.text("tokenUrl") if client else "",
            refresh_url=next(filter(None, urls), ""),
        )

    def methods(self, item: Node) -> Iterator[tuple[str, Node]]:
        """The operations of a path, by method in upper case."""
        for key, node in item.entries():
            if key.lower() in METHODS:
                yield key.upper(), node
        more = item.get("additionalOperations")
        for key, node in more.entries() if more else ():
            yield key, node

    # --- Parameters ------------------------------------------------------------------------

    def parameters(self, item: Node, operation: Node, index: int) -> Iterator[Parameter]:
        """The parameters of an operation and its path; the operation's own win."""
        found: dict[tuple[str, str], Parameter] = {}
        for owner in (item, operation):
            given = owner.get("parameters")
            given = self.follow(given) if given else None
            for written in given.items() if given else ():
                node = self.follow(written)
                parameter = None if is_left_out(node) else self._parameter(node, index)
                if parameter is not None:
                    found[parameter.place, parameter.wire_name] = parameter
        return iter(found.values())

    def _parameter(self, node: Node, index: int) -> Parameter | None:
        place = PLACES.get(node.text("in"))
        name = name_of(node, place)
        if not name or place is None:
            self.diagnostics.warning(
                "CG220",
                "a parameter needs a `name` and an `in` of path, query, header or cookie; "
                "it is left out",
                node.where,
            )
            return None
        if not self.can_be_sent(name, place, node):
            return None
        if node.get("content") is not None:
            media = next(self._content(node, Payload(index, "param", name)), None)
            shape: Shape = (media.shape if media else None) or Anything()
            content = media.type if media else "application/json"
            styled = self._styled(node, name, place, shape, content)
            return replace(styled, encoding=media.encoding) if media else styled
        shape = self.schemas.shape(node.get("schema"), Payload(index, "param", name))
        return self._styled(node, name, place, shape, "")

    def _styled(self, node: Node, name: str, place: Place, shape: Shape, content: str) -> Parameter:
        style = node.text("style") or DEFAULT_STYLES[place]
        if style not in STYLES.get(place, {style}):
            self.diagnostics.warning(
                "CG221",
                f"style {style!r} does not exist for {place} parameters; "
                f"{DEFAULT_STYLES[place]!r} is used",
                node.where,
            )
            style = DEFAULT_STYLES[place]
        schema = node.get("schema")
        explode = node.flag("explode") if "explode" in node.mapping else style in {"form", "cookie"}
        default = self.schemas.fitting_default(schema, shape) if schema else None
        return Parameter(
            name,
            place,
            is_required(node, place),
            shape,
            style,
            explode,
            node.where,
            allow_reserved=node.flag("allowReserved") or node.flag("x-ms-skip-url-encoding"),
            content=content,
            allow_empty=node.flag("allowEmptyValue") and place == "query",
            called=called(node),
            description=self.refs.text(node, "description")
            or (self.refs.text(schema, "description") if schema else ""),
            default=default,
            has_default=default is not None,
            examples=tuple(self._examples(node)) or (tuple(examples(schema)) if schema else ()),
            deprecated=node.flag("deprecated"),
        )

    def _examples(self, node: Node) -> Iterator[Json]:
        if "example" in node.mapping:
            yield node.mapping["example"]
        given = node.get("examples")
        for _, written in given.entries() if given else ():
            example = self.follow(written)
            for key in ("dataValue", "value"):
                if key in example.mapping:
                    yield example.mapping[key]
                    break

    # --- Bodies and responses --------------------------------------------------------------

    def body(self, operation: Node, index: int) -> RequestBody | None:
        """The request body, if the operation takes one."""
        written = operation.get("requestBody")
        if written is None:
            return None
        node = self.follow(written)
        content = tuple(self._content(node, Payload(index, "request")))
        if not content:
            return None
        return RequestBody(
            content, node.flag("required"), node.where, self.refs.text(node, "description")
        )

    def responses(self, operation: Node, index: int) -> Iterator[Response]:
        """The answers that the document declares."""
        given = operation.get("responses")
        given = self.follow(given) if given else None
        found = [(key, node, self.follow(node)) for key, node in given.entries()] if given else []
        found = [each for each in found if not each[0].startswith("x-")]
        main = main_status([status for status, _, node in found if node.get("content")])
        for status, written, node in found:
            yield Response(
                self.status(status, written),
                self.refs.text(node, "description"),
                tuple(self._content(node, answer_origin(index, status, main))),
                node.where,
                dict(self._headers(node, index)),
            )

    def _headers(self, node: Node, index: int) -> Iterator[tuple[str, Header]]:
        given = node.get("headers")
        for name, written in given.entries() if given else ():
            yield name, self._header(self.follow(written), Payload(index, "param", name))

    def _header(self, node: Node, origin: Payload) -> Header:
        """A header by its schema, or by the one media type that its `content` has."""
        if node.get("content") is None:
            return Header(self.schemas.shape(node.get("schema"), origin))
        media = next(self._content(node, origin), None)
        return Header((media.shape if media else None) or Anything(), media.type if media else "")

    def _content(self, node: Node, origin: Payload) -> Iterator[Media]:
        content = node.get("content")
        content = self.follow(content) if content else None
        for name, written in content.entries() if content else ():
            if not looks_like_media_type(name):
                self.diagnostics.warning(
                    "CG222", f"{name[:60]!r} is no media type; it is sent as it is", written.where
                )
            media = self.follow(written)
            schema, item = media.get("schema"), media.get("itemSchema")
            event = Payload(origin.operation, "event")
            items = Items(self.schemas.shape(item, event) if item else None)
            if is_stream(name):
                items = stream_items(name, media, self.refs, self.schemas, event)
            yield Media(
                name.strip(),
                self.schemas.shape(schema, origin) if schema and not is_events(name) else None,
                media.where,
                items.item,
                encodings(media, self.refs),
                tuple(self._examples(media)),
                root_xml(schema, self.refs) if schema else None,
                items.by_event,
                items.ends,
            )
