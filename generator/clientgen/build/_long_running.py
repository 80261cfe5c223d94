"""Calls that only start something, which takes longer than they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.load import Json
    from clientgen.resolve.spec import Operation

FLAG = "x-ms-long-running-operation"
OPTIONS = "x-ms-long-running-operation-options"
RESULTS = frozenset({"azure-async-operation", "location", "operation-location", "original-uri"})
"""What documents say of where a result is: `final-state-via`."""

MONITORS = frozenset({"location", "operation-location", "azure-asyncoperation"})
"""Headers of a 202 that lead to the status of what was started (RFC 9110 section 15.3.3)."""

TOLD = "This takes long: `client.poll` waits for what `with_raw_response` has started."


def final_state(extensions: Mapping[str, Json]) -> str | None:
    """Where the result of a call that takes long is; empty when that is not said.

    `None` for a call that is not said to take long.
    """
    if extensions.get(FLAG) is not True:
        return None
    options = extensions.get(OPTIONS)
    said = options.get("final-state-via") if isinstance(options, dict) else None
    return said if isinstance(said, str) and said in RESULTS else ""


def takes_long(operation: Operation) -> bool:
    """Whether a call only starts something: by the extension, or by what its 202 has."""
    return final_state(operation.extensions) is not None or any(
        response.status == "202" and not MONITORS.isdisjoint(map(str.lower, response.headers))
        for response in operation.responses
    )
