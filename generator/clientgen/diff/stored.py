"""A surface as JSON, so that a lock file can hold it; places in documents are not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .surface import Argument, Call, Field, Model, Surface, Type, type_of

if TYPE_CHECKING:
    from clientgen.load import Json


def stored(surface: Surface) -> dict[str, Json]:
    """The surface as JSON values."""
    return {
        "package": surface.package,
        "client": surface.client,
        "credentials": [*sorted(surface.credentials)],
        "calls": {key: _call(call) for key, call in surface.calls.items()},
        "models": {name: _model(model) for name, model in surface.models.items()},
        "given": [*sorted(surface.given)],
        "received": [*sorted(surface.received)],
        "sha256": surface.sha256,
    }


def restored(told: Any) -> Surface:
    """The surface that `stored` has written.

    Raises:
        KeyError, TypeError, ValueError: These are no such values.
    """
    return Surface(
        package=str(told["package"]),
        client=str(told["client"]),
        credentials=frozenset(told["credentials"]),
        calls={key: _restored_call(key, call) for key, call in told["calls"].items()},
        models={name: _restored_model(model) for name, model in told["models"].items()},
        given=frozenset(told["given"]),
        received=frozenset(told["received"]),
        sha256=str(told["sha256"]),
    )


def _call(call: Call) -> Json:
    arguments: list[Json] = [
        [a.name, a.place, a.wire_name, a.required, _type(a.type), a.deprecated]
        for a in call.arguments.values()
    ]
    return [call.path, list(call.positional), arguments, _type(call.returns), call.deprecated]


def _restored_call(key: str, told: Any) -> Call:
    path, positional, arguments, returns, deprecated = told
    found = [
        Argument(name, place, wire_name, required, type_of(kind), old)
        for name, place, wire_name, required, kind, old in arguments
    ]
    by_name = {argument.name: argument for argument in found}
    return Call(key, path, tuple(positional), by_name, type_of(returns), deprecated)


def _model(model: Model) -> Json:
    fields: dict[str, Json] = {
        name: [field.required, _type(field.type)] for name, field in model.fields.items()
    }
    return [fields, None if model.type is None else _type(model.type)]


def _restored_model(told: Any) -> Model:
    fields, kind = told
    found = {name: Field(required, type_of(each)) for name, (required, each) in fields.items()}
    return Model(found, None if kind is None else type_of(kind))


def _type(given: Type) -> Json:
    return list(given.written)
