"""What would be generated, as JSON that scripts can rely on (version 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientgen._pipeline import Plan
    from clientgen.build import ir
    from clientgen.diagnostics import Diagnostic, Where
    from clientgen.load import Json

VERSION = 1


def describe(planned: Plan) -> dict[str, Json]:
    """The plan of an SDK as JSON values."""
    project = planned.sdk.project
    resources = (planned.sdk.root, *planned.sdk.resources)
    methods = [method for resource in resources for method in resource.methods]
    methods.sort(key=lambda method: method.index)
    return {
        "version": VERSION,
        "package": project.package,
        "client": project.client,
        "async_client": project.async_client,
        "operations": [_operation(each) for each in methods],
        "retry": _retry(planned.sdk.retry),
        "models": list(_models(planned)),
        "diagnostics": [describe_diagnostic(each) for each in planned.diagnostics],
    }


def describe_diagnostic(diagnostic: Diagnostic) -> dict[str, Json]:
    """A diagnostic as JSON values; its place is null when it has none."""
    where = diagnostic.where
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **describe_place(where),
        "pointer": where.pointer if where else None,
    }


def describe_place(where: Where | None) -> dict[str, Json]:
    """File, line and column as JSON values; null where there is no place."""
    position = where.position if where else None
    return {
        "file": where.document.name if where else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
    }


def _operation(method: ir.Method) -> dict[str, Json]:
    key = method.key.argument if method.key else None
    everything = (*method.path_arguments, *method.arguments, *((key,) if key else ()))
    parameters = [a for a in everything if a.place not in {"body", "call"}]
    return {
        "method": method.http_method,
        "path": method.written_path,
        "operation_id": method.operation_id or None,
        "call": method.call,
        "parameters": [
            {
                "name": argument.name,
                "wire_name": argument.wire_name,
                "in": argument.place,
                "required": argument.required,
                "annotation": _annotation(argument),
                "pointer": argument.where.pointer,
            }
            for argument in parameters
        ],
        "body": _body(method),
        "responses": {
            response.status: dict(_content(response.payloads)) for response in method.responses
        },
        "returns": method.returns_text,
        "pagination": _pagination(method.pages),
        "stream": method.stream.kind if method.stream else None,
        "retry": _retry(method.retry),
        "idempotency": _idempotency(method.key),
        "deprecated": method.deprecated,
        "named_by": method.named_by,
    }


def _retry(retry: ir.Retry | None) -> Json:
    """Arguments of the runtime's `RetryConfig`; one attempt when it is never tried again."""
    if retry is None:
        return None
    told: dict[str, Json] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in retry.arguments.items()
    }
    return told or {"max_attempts": 1}


def _idempotency(key: ir.Key | None) -> Json:
    return {"header": key.header, "always": key.always} if key else None


def _pagination(pages: ir.Pages | None) -> Json:
    """How a list goes on: what the contract of `inspect` has, and all that the runtime is told."""
    if pages is None:
        return None
    told: dict[str, Json] = {"items": "", "request": None, **pages.arguments}
    return {
        **told,
        "next": pages.next,
        "reason": pages.reason,
        "confidence": pages.confidence,
    }


def _annotation(argument: ir.Argument) -> str:
    text = argument.annotation.text
    is_always_sent = argument.required or argument.fixed is not None
    return text if is_always_sent else f"{text} | Omit"


def _body(method: ir.Method) -> Json:
    body = method.body
    if body is None:
        return None
    fields: list[Json] = [_field(each) for each in method.arguments if each.place == "body"]
    return {
        "required": body.required,
        "default": body.payloads[0].media_type,
        "content": {
            payload.media_type: {"style": "fields", "fields": fields}
            if payload.has_fields
            else {"style": "body", "fields": []}
            for payload in body.payloads
        },
    }


def _field(argument: ir.Argument) -> dict[str, Json]:
    return {
        "name": argument.name,
        "wire_name": argument.wire_name,
        "required": argument.required,
        "annotation": _annotation(argument),
        "pointer": argument.where.pointer,
    }


def _content(payloads: Iterable[ir.Payload]) -> Iterator[tuple[str, Json]]:
    for payload in payloads:
        yield payload.media_type, payload.annotation.text if payload.annotation else "Any"


def _models(planned: Plan) -> Iterator[Json]:
    for identity, name in planned.types.names.items():
        yield {"name": name.name, "pointer": planned.spec.schemas[identity].where.pointer}
