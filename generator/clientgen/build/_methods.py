"""From operations to methods."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from clientgen.resolve._streams import is_stream

from ._api import fetched_scopes
from ._arguments import arguments
from ._bodies import choices, xml_value
from ._docs import is_closed, one_line, summary_and_rest
from ._long_running import TOLD, final_state, takes_long
from ._media import essence, is_binary, is_one_line, is_structured, kind_of
from ._overloads import accepted, overloads, result
from ._page_types import pages
from ._retries import retry
from ._streaming import only_streamed, stream_of, stream_payload, streamed
from ._styles import PLACES, styles
from ._types import ANY, Types
from .ir import (
    Annotation,
    Method,
    Payload,
    Raises,
    Server,
    ServerVariable,
    Stream,
    union,
)
from .ir import Response as IrResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.diagnostics import Diagnostics, Where
    from clientgen.resolve import spec
    from clientgen.resolve.spec import Header, Media, Operation, Requirement, Response, Shape

    from ._calls import Call
    from ._page_fields import Found

ERRORS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "ForbiddenError",
    404: "NotFoundError",
    409: "ConflictError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
}


def method(
    operation: Operation,
    call: Call,
    constant: str,
    types: Types,
    schemes: Mapping[str, spec.SecurityScheme],
    diagnostics: Diagnostics,
    found: Found | None = None,
) -> Method:
    """The method that makes an operation's call; `found` is how the list goes on, if it is one."""
    given = arguments(operation, types)
    # Answers to HEAD have no bodies, whatever the document says (RFC 9110 section 9.3.2).
    has_bodies = operation.method != "HEAD"
    responses = tuple(_response(r, types, has_bodies=has_bodies) for r in operation.responses)
    summary, lines = summary_and_rest(operation.summary, operation.description)
    for told in _told(operation):
        lines = (*lines, *([""] if lines else []), told)
    usual = _returns(responses)
    stream = stream_of(operation, responses, given.keywords, types)
    ways = overloads(given.body, responses, usual)
    made = Method(
        index=operation.index,
        name=call.method,
        constant=constant,
        http_method=operation.method,
        path=operation.path,
        written_path=operation.written_path,
        operation_id=operation.operation_id,
        path_arguments=given.path,
        arguments=given.keywords,
        body=given.body,
        responses=responses,
        returns=union([usual, *(result(responses, name) for name in accepted(responses))]),
        styles={place: tuple(styles(operation, place, types.schemas)) for place in PLACES},
        security=known_requirements(operation.security, schemes, operation.where, diagnostics),
        scopes=fetched_scopes(operation.scopes, schemes),
        servers=tuple(map(server, operation.servers)),
        headers=operation.headers,
        summary=summary or one_line(f"{operation.method} {operation.path}"),
        lines=lines,
        raises=tuple(_raises(responses)),
        deprecated=operation.deprecated,
        call=".".join([*call.resource, call.method]),
        named_by=call.named_by,
        reason=call.reason,
        where=operation.where,
        accept=choices(accepted(responses)),
        overloads=ways,
        response_headers=dict(_headers(operation, types)),
        retry=retry(operation.retry, operation.method),
        key=given.key,
        final_state=final_state(operation.extensions),
    )
    if stream is not None:
        return _streamed(made, stream)
    return made if found is None else _paged(made, found, usual if ways else made.returns, types)


def _told(operation: Operation) -> Iterator[str]:
    """What is said of a call beside its description."""
    if takes_long(operation):
        yield TOLD
    if operation.deprecated:
        yield "Deprecated."


def _paged(method: Method, found: Found, body: Annotation, types: Types) -> Method:
    """The method of a call that answers with one page of a list."""
    how = pages(found, body, types)
    ways = tuple(how.wrapped(way) for way in method.overloads)
    return replace(method, overloads=ways, pages=how)


def _streamed(method: Method, stream: Stream) -> Method:
    """The method of a call that can stream, or can do nothing else."""
    if stream.switch is None:
        ways = tuple(only_streamed(way, stream) for way in method.overloads)
        return replace(method, returns=stream.item, overloads=ways, stream=stream)
    others = tuple(a for a in method.arguments if a.name != stream.switch.name)
    place = next((i for i, a in enumerate(method.arguments) if a not in others), len(others))
    arguments = (*others[:place], stream.switch, *others[place:])
    ways = streamed(method.overloads or (method.signature,), stream)
    return replace(method, arguments=arguments, overloads=ways, stream=stream)


def known_requirements(
    given: tuple[Requirement, ...] | None,
    schemes: Mapping[str, spec.SecurityScheme],
    where: Where,
    diagnostics: Diagnostics,
) -> tuple[Requirement, ...] | None:
    """Security alternatives without schemes that the document does not define."""
    if given is None:
        return None
    for name in dict.fromkeys(name for requirement in given for name in requirement):
        if name not in schemes:
            diagnostics.warning(
                "CG231", f"security scheme {name!r} is not defined; it is left out", where
            )
    return tuple(tuple(name for name in requirement if name in schemes) for requirement in given)


def server(given: spec.Server) -> Server:
    """A server as the templates write it."""
    return Server(
        given.url,
        given.name,
        tuple(ServerVariable(v.name, v.default, v.choices) for v in given.variables),
    )


# --- Results -------------------------------------------------------------------------------


def _response(response: Response, types: Types, *, has_bodies: bool) -> IrResponse:
    return IrResponse(
        response.status,
        tuple(_payload(media, types) for media in response.content if has_bodies),
        one_line(response.description),
    )


def _payload(media: Media, types: Types) -> Payload:
    if is_stream(media.type):
        return stream_payload(media, types)
    shape = media.shape
    match kind_of(media.type):
        case "json" | "any" if shape is None:
            return Payload(media.type, None, None)
        case "json" | "any" if shape is not None:
            return Payload(media.type, types.result(shape), types.model(shape))
        case "form" if shape is not None and is_structured(shape, types.schemas):
            return Payload(media.type, types.result(shape), types.model(shape))
        case "xml" if shape is not None and is_structured(shape, types.schemas):
            return Payload(media.type, types.result(shape), xml_value(media, shape, types))
        case "text" if shape is not None and _is_typed_text(media, shape, types):
            return Payload(media.type, types.result(shape), types.model(shape))
        case "text" | "xml" if not is_binary(shape):
            raw = Annotation(("str",))
        case _:
            raw = Annotation(("bytes",))
    return Payload(media.type, raw, raw)


def _is_typed_text(media: Media, shape: Shape, types: Types) -> bool:
    """Whether a text is a value: one in a line, or JSON that its author calls plain text."""
    is_plain = essence(media.type) == "text/plain" and is_structured(shape, types.schemas)
    return is_plain or is_one_line(shape, types.schemas)


def _headers(operation: Operation, types: Types) -> Iterator[tuple[str, Payload]]:
    """Headers of the answers that are not texts; those of successes win."""
    in_turn = sorted(operation.responses, key=lambda response: response.status[0] == "2")
    for response in in_turn:
        for name, header in response.headers.items():
            found = _header(header, types)
            if found is not None:
                yield name.lower(), found


def _header(header: Header, types: Types) -> Payload | None:
    """How a header is read; None where it is a text."""
    kind = types.model(header.shape)
    if kind_of(header.content) == "json":
        return Payload(header.content, kind, None if kind == ANY else kind)
    is_text = header.content or kind.models or kind.text in {"str", "Any"}
    return None if is_text else Payload("", kind, kind)


def _returns(responses: tuple[IrResponse, ...]) -> Annotation:
    """What a call returns when it asks for nothing special."""
    return result(responses) if responses else ANY


def _raises(responses: tuple[IrResponse, ...]) -> Iterator[Raises]:
    for response in responses:
        body = next((p.annotation for p in response.payloads if p.annotation is not None), None)
        name = error_name(response.status)
        if response.status == "default" and body is not None and len(responses) > 1:
            name = "HTTPError"
        if name is None:
            continue
        text = response.description or _phrase(response.status)
        if body is not None and body.models:
            article = "an" if body.text[0] in "AEIO" else "a"
            text = f"{text.rstrip('.')}; `body` is {article} `{body.text}`."
        yield Raises(name, text if is_closed(text) else text + ".")


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Another status" if status == "default" else f"Status {status}"


def error_name(status: str) -> str | None:
    """The class of errors that a status raises; None for successes and `default`."""
    if status[0] not in "45":
        return None
    code = int(status) if status.isdecimal() else 0
    return ERRORS.get(code, "ClientResponseError" if status[0] == "4" else "ServerError")
