"""Ways to call a method that differ in what is given and what comes back.

Only calls with a choice of media types have them: each names its types for one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._bodies import choices, literal
from ._media import is_json
from ._types import ANY, NONE
from .ir import Annotation, Overload, union

if TYPE_CHECKING:
    from .ir import Body, Payload, Response

MOST = 4
"""Overloads of a method; with more, it takes and returns the union of all."""


@dataclass(frozen=True, slots=True)
class _Given:
    """Media types that take the same body."""

    annotation: Annotation
    has_fields: bool
    content_type: Annotation | None


def success(responses: tuple[Response, ...]) -> list[Response]:
    """The answers that a call is for."""
    good = [response for response in responses if response.status[0] == "2"]
    return good or [response for response in responses if response.status == "default"]


def accepted(responses: tuple[Response, ...]) -> list[str]:
    """The media types that may be asked for by `accept=`; none where there is no choice."""
    payloads = [payload for each in success(responses) for payload in each.payloads]
    names = dict.fromkeys(payload.media_type for payload in payloads if not payload.is_stream)
    return [*names] if len(names) > 1 else []


def overloads(
    body: Body | None, responses: tuple[Response, ...], returns: Annotation
) -> tuple[Overload, ...]:
    """The ways to call a method, that without `content_type=` and `accept=` first."""
    given: list[_Given | None] = [*_given(body)] if body is not None else [None]
    results = _results(responses, returns, MOST // len(given))
    found = [
        Overload(
            each.annotation if each else None,
            each.content_type if each else None,
            accept,
            result,
            has_fields=each is not None and each.has_fields,
            is_picked=each is not given[0],
            is_asked=accept is not results[0][0],
            needs_body=each is not None and not each.has_fields and _needs(body, each, given),
        )
        for each in given
        for accept, result in results
    ]
    return tuple(found) if 1 < len(found) <= MOST else ()


def _needs(body: Body | None, each: _Given, given: list[_Given | None]) -> bool:
    """Whether `body=` must be given: where its media type is picked, or the document says so."""
    return each is not given[0] or (body is not None and body.required)


def _given(body: Body) -> list[_Given]:
    """Media types that take the same, the default one first."""
    groups: dict[tuple[str, bool], list[Payload]] = {}
    for payload in body.payloads:
        text = payload.annotation.text if payload.annotation else ""
        groups.setdefault((text, payload.has_fields), []).append(payload)
    is_open = any("*" in payload.media_type for payload in body.payloads)
    if len(groups) < 2 or is_open or "Any" in body.annotation.members:
        return [_Given(body.annotation, body.style == "fields", body.choices)]
    return [
        _Given(
            union([p.annotation for p in group if p.annotation]),
            group[0].has_fields,
            _one_of(group),
        )
        for group in groups.values()
    ]


def _results(
    responses: tuple[Response, ...], returns: Annotation, most: int
) -> list[tuple[Annotation | None, Annotation]]:
    """Media types of answers that are the same type, with that type; the usual one first."""
    asked = accepted(responses)
    groups: dict[str, tuple[list[str], Annotation]] = {returns.text: ([], returns)}
    for media_type in asked:
        found = result(responses, media_type)
        groups.setdefault(found.text, ([], found))[0].append(media_type)
    usual, *others = groups.values()
    everything = union([returns, *(found for _, found in others)])
    if not others or most < 2 or any("*" in name for name in asked):
        return [(choices(asked), everything)]
    if len(groups) > most:
        names = [name for group, _ in others for name in group]
        others = [(names, union([found for _, found in others]))]
    return [(literal(names), found) for names, found in (usual, *others) if names]


def result(responses: tuple[Response, ...], media_type: str = "") -> Annotation:
    """What a call returns: the union of what its successful answers hold.

    Args:
        responses: The answers that the document declares.
        media_type: What is asked for; without it, JSON is where there is JSON.
    """
    good = success(responses)
    return union([_returned(response, media_type) for response in good] or [NONE])


def _returned(response: Response, media_type: str) -> Annotation:
    if not response.payloads or response.status in {"204", "205"}:
        return NONE
    whole = [p for p in response.payloads if not p.is_stream] or list(response.payloads)
    usual = [p for p in whole if is_json(p.media_type)] or whole
    asked = [p for p in response.payloads if p.media_type == media_type]
    return [*asked, *usual][0].annotation or ANY


def _one_of(payloads: list[Payload]) -> Annotation:
    names = [payload.media_type for payload in payloads]
    return Annotation(("str",)) if any("*" in name for name in names) else literal(names)
