"""Requests and answers as httpcore has them, which is how httpx sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpcore
import httpx

from .._outgoing import Outgoing

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from .._outgoing import Fields
    from .native import Native


def of_httpcore(
    request: httpcore.Request, body: Iterable[bytes] | AsyncIterable[bytes]
) -> Outgoing:
    """A request of httpcore as our connections take it."""
    url = request.url
    # httpcore types a part of it without saying what is inside.
    found = request.extensions  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
    extensions = cast("dict[str, Any]", found)
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
    outgoing = Outgoing(
        request.method.decode("ascii"),
        (url.scheme.decode("ascii"), url.host.decode("ascii"), url.origin.port),
        url.target.decode("ascii"),
        [f"{name}: {value}" for name, value in fields],
        b"".join(body) if isinstance(body, httpx.ByteStream) else body,
        _stated_length(fields),
        extensions.get("timeout", {}),
    )
    outgoing.server_name = extensions.get("sni_hostname")
    return outgoing


def _stated_length(fields: Fields) -> int | None:
    known = {name.lower(): value for name, value in fields}
    return None if "transfer-encoding" in known else int(known.get("content-length", 0))


def as_httpcore(answer: Native) -> httpcore.Response:
    """An answer as httpcore gives it."""
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.fields]
    return httpcore.Response(
        answer.status_code,
        headers=fields,
        content=answer.stream,
        extensions=dict(answer.extensions),
    )
