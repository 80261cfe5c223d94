"""What the document shows of its calls: examples for the package's fake server."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from ._bodies import in_order
from .ir import Examples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.load import Json
    from clientgen.resolve.spec import Operation, Response

    from .ir import Method

MAX_EXAMPLE = 2000
"""Characters of an example that is kept; values for larger ones are made up, for the size of it."""


def examples(operation: Operation, method: Method) -> Examples:
    """The first examples of what a call takes and of what it answers with."""
    names = {(a.place, a.wire_name): a.name for a in (*method.path_arguments, *method.arguments)}
    arguments: dict[str, Json] = {}
    for parameter in operation.parameters:
        name = names.get((parameter.place, parameter.wire_name))
        if name is not None and parameter.required:
            arguments |= _shown(name, parameter.examples)
    if operation.body is not None:
        for media in in_order(operation.body).content[:1]:
            arguments |= _shown("body", media.examples)
    return Examples(arguments, dict(_answers(operation.responses)))


def _answers(responses: Iterable[Response]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for response in responses:
        shown: dict[str, Json] = {}
        for media in response.content:
            if media.item is None:
                shown |= _shown(media.type, media.examples)
        if shown:
            yield response.status, shown


def _shown(name: str, given: Iterable[Json]) -> dict[str, Json]:
    """The first example that is small enough, by name."""
    found = (value for value in given if len(json.dumps(value, default=str)) <= MAX_EXAMPLE)
    return {name: value for value in islice(found, 1)}  # noqa: B035 - one at the most
