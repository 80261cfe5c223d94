"""What documents say of trying again: extensions of other generators, and headers for keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .spec import Idempotency, Parameter, Retry, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clientgen.diagnostics import Diagnostics
    from clientgen.load import Json

    from ._node import Node

SPEAKEASY, FERN = "x-speakeasy-retries", "x-fern-retries"
IDEMPOTENT = ("x-fern-idempotent", "x-speakeasy-idempotent")
KEY_HEADERS = "x-fern-idempotency-headers"

NEVER = Retry(1)
STATUS = re.compile(r"[1-5](\d\d|XX)", re.ASCII)
KEY_HEADER = re.compile(r"idempoten(cy|t)[-_]?(key|token|id)?$", re.IGNORECASE)
"""How the names of headers end that servers know repeated requests by."""

MOST_ATTEMPTS = 1000


def retry(node: Node, diagnostics: Diagnostics) -> Retry | None:
    """When an operation, or a whole document, asks to be tried again; None when it is silent."""
    fern = node.get(FERN)
    if fern is not None and (fern.value is False or fern.flag("disabled")):
        return NEVER
    stated = node.get(SPEAKEASY)
    if stated is None:
        return None
    try:
        return _speakeasy(stated)
    except ValueError as error:
        diagnostics.warning("CG226", f"{SPEAKEASY}: {error}; it is not followed", stated.where)
        return None


def _speakeasy(stated: Node) -> Retry:
    backoff = stated.mapping.get("backoff", {})
    if not isinstance(backoff, dict):
        raise ValueError("`backoff` must be an object")  # noqa: TRY004 - of the document
    first = _number(backoff, "initialInterval", 500) / 1000
    longest = _number(backoff, "maxInterval", 60_000) / 1000
    growth = _number(backoff, "exponent", 1.5)
    if not 1 <= growth <= 100:
        raise ValueError(f"`exponent` must be from 1 to 100, not {growth:g}")
    elapsed: float | None = None
    match stated.text("strategy"):
        case "none":
            return NEVER
        case "backoff":
            elapsed = _number(backoff, "maxElapsedTime", 3_600_000) / 1000
            attempts = _attempts_within(elapsed, first, longest, growth)
        case "attempt-count-backoff":
            attempts = int(_number(stated.mapping, "maxRetries", 2)) + 1
        case other:
            raise ValueError(f"there is no strategy {other[:40]!r}, only `backoff`")
    return Retry(
        attempts,
        tuple(_statuses(stated.mapping.get("statusCodes", []))),
        first,
        longest,
        growth,
        elapsed,
        connection_errors=stated.flag("retryConnectionErrors"),
    )


def _attempts_within(elapsed: float, first: float, longest: float, growth: float) -> int:
    """How many attempts fit into a time, if each fails at once."""
    attempts, wait = 1, first
    while attempts < MOST_ATTEMPTS and (elapsed := elapsed - min(wait, longest)) >= 0:
        attempts += 1
        wait = min(wait * growth, longest)
    return attempts


def _number(given: Mapping[str, Json], name: str, usual: float) -> float:
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise ValueError(f"`{name}` must be a number that is not negative")
    return float(value)


def _statuses(given: Json) -> Iterator[int | str]:
    for status in given if isinstance(given, list) else [given]:
        text = str(status).upper()
        if not STATUS.fullmatch(text):
            raise ValueError(f"{text[:40]!r} in `statusCodes` is no status such as 503 or 5XX")
        yield int(text) if text.isdecimal() else text


def idempotency(
    root: Node, node: Node, parameters: Sequence[Parameter]
) -> tuple[Idempotency | None, list[Parameter]]:
    """How a server knows a request of this operation that it gets again, and other parameters.

    A key that the document requires, and one of an operation that is said to be idempotent, is
    sent with every call. One that may be given is left to the caller.
    """
    key = next((p for p in parameters if _is_key(p)), None)
    others = [parameter for parameter in parameters if parameter is not key]
    if not any(node.flag(extension) for extension in IDEMPOTENT):
        return (Idempotency(key.wire_name, key.required, key) if key else None), others
    declared = root.get(KEY_HEADERS)
    headers = [each for each in declared.items() if each.text("header")] if declared else []
    if key is None and headers:
        first = headers.pop(0)
        known = [p for p in others if p.wire_name.lower() == first.text("header").lower()]
        others = [parameter for parameter in others if parameter not in known]
        key = known[0] if known else _header(first)
    names = {p.wire_name.lower() for p in ([key] if key else []) + others}
    others += [_header(each) for each in headers if each.text("header").lower() not in names]
    return Idempotency(key.wire_name if key else "Idempotency-Key", True, key), others


def _is_key(parameter: Parameter) -> bool:
    is_text = isinstance(parameter.shape, Scalar) and parameter.shape.type == "string"
    is_plain = is_text and parameter.place == "header" and not parameter.content
    return is_plain and KEY_HEADER.search(parameter.wire_name) is not None


def _header(node: Node) -> Parameter:
    """A header that the calls which are idempotent take."""
    name, called, shape = node.text("header"), node.text("name"), Scalar("string")
    return Parameter(name, "header", False, shape, "simple", False, node.where, called=called)
