"""The commands of an SDK, as `clientgen_runtime.cli` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._kinds import aliases, shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clientgen.build import ir
    from clientgen.plugins import Output

Told = dict[str, object]


def commands(output: Output) -> dict[str, Told]:
    """What each call takes, by its path from a client."""
    known = aliases(output.models)
    return {method.call: _command(method, known) for _, method in output.sdk.called}


def _command(method: ir.Method, known: Mapping[str, str]) -> Told:
    told: Told = {}
    arguments = [*_arguments(method, known)]
    if arguments:
        told["arguments"] = arguments
    if method.pages is not None:
        told["pages"] = True
    return told


def _arguments(method: ir.Method, known: Mapping[str, str]) -> Iterator[Told]:
    for argument in method.path_arguments:
        yield _path_argument(argument, known)
    for argument in method.arguments:
        # The whole body may be given in place of its fields.
        required = argument.required and argument.place != "body" and argument.fixed is None
        yield _argument(argument.name, argument.annotation, known, required=required)
    body = method.body
    if body is not None:
        yield _body(body, known)
        if body.choices is not None:
            yield _argument("content_type", body.choices, known)
    if method.accept is not None:
        yield _argument("accept", method.accept, known)


def _path_argument(argument: ir.Argument, known: Mapping[str, str]) -> Told:
    told = _argument(argument.name, argument.annotation, known)
    if told.pop("many", False):
        # Only one argument could take several values; JSON has them all.
        told["kind"] = "json"
    told["positional"] = True
    if argument.fixed is None:
        told["required"] = True
    return told


def _argument(
    name: str, annotation: ir.Annotation, known: Mapping[str, str], *, required: bool = False
) -> Told:
    found = shape(annotation.text, known)
    told: Told = {"name": name}
    if found.items is not None and not found.kinds and not found.choices:
        told["many"] = True
        found.items.nullable = found.nullable or found.items.nullable
        found = found.items
    if found.kind != "text":
        told["kind"] = found.kind
    if found.choices:
        told["choices"] = found.choices
    if found.nullable and found.kind != "boolean":  # a switch is on or off
        told["nullable"] = True
    if required:
        told["required"] = True
    return told


def _body(body: ir.Body, known: Mapping[str, str]) -> Told:
    found = shape(body.annotation.text, known)
    told: Told = {"name": "body", "kind": "json" if found.items else found.kind}
    if body.must_be_given:
        told["required"] = True
    return told
