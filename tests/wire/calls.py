"""Calling generated methods by the operation that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.document import mapping

if TYPE_CHECKING:
    from tests.support.document import Node
    from tests.support.recorder import Sent
    from tests.wire.conftest import Wire


def operation_of(wire: Wire, operation_id: str) -> Node:
    """What `inspect` says of an operation."""
    operations = wire.sdk.inspection["operations"]
    assert isinstance(operations, list)
    return next(o for o in map(mapping, operations) if o["operation_id"] == operation_id)


def method_of(wire: Wire, operation_id: str) -> str:
    """The attribute path of an operation's method."""
    return str(operation_of(wire, operation_id)["call"])


def parameters_of(wire: Wire, operation_id: str) -> list[dict[str, Any]]:
    """What `inspect` says of an operation's parameters."""
    parameters = operation_of(wire, operation_id)["parameters"]
    assert isinstance(parameters, list)
    return [dict(mapping(each)) for each in parameters]


def request_of(wire: Wire, operation_id: str, /, *arguments: object, **named: object) -> Sent:
    """Call an operation that answers nothing, and see what it sent."""
    wire.answer(status=204)
    wire.call(method_of(wire, operation_id), *arguments, **named)
    return wire.sent


def echo_of(
    wire: Wire, operation_id: str, content: bytes, media_type: str | None, /, **named: object
) -> Any:
    """What an operation makes of an answer; its body is given by name."""
    wire.answer(content, media_type)
    return wire.call(method_of(wire, operation_id), **named)


def body_of(wire: Wire, operation_id: str) -> dict[str, Any]:
    """What `inspect` says of an operation's body."""
    operations = wire.sdk.inspection["operations"]
    assert isinstance(operations, list)
    found = next(o for o in map(mapping, operations) if o["operation_id"] == operation_id)
    return dict(mapping(found["body"]))
