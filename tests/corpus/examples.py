"""Requests made of the examples in real documents, judged by the documents themselves."""

from __future__ import annotations

import inspect
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationError

from clientgen_runtime import ClientError, ConfigurationError
from clientgen_runtime.sdk import Stream
from tests.support.calls import full_call
from tests.support.document import Bundle, Json, Node, Operation, mapping
from tests.support.generated import Sdk
from tests.support.judge import Answer
from tests.support.server import DocumentServer
from tests.support.values import ImpossibleError, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientgen_runtime import Client
    from tests.corpus.outputs import Output


@dataclass
class Judged:
    """What became of the examples of a document.

    Attributes:
        accepted: Requests that the document allows.
        unfit: Calls whose examples the document itself forbids, or that cannot be sent.
        refused: What the document forbids about other requests.
    """

    accepted: int = 0
    unfit: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def imported(made: Output) -> Sdk:
    """The generated package, to be used in this process."""
    return Sdk(made.root, made.package, made.inspection)


def judged(sdk: Sdk, document: Bundle) -> Judged:
    """Call every operation that has examples, with them."""
    found = Judged()
    server = DocumentServer(document, answer=Answer("204"))
    with server, sdk.client(base_url=server.url, retry=None, **_credentials(sdk.client)) as client:
        for told in map(mapping, _list(sdk.inspection["operations"])):
            _judge(found, told, sdk, server, client)
    return found


def _judge(found: Judged, told: Node, sdk: Sdk, server: DocumentServer, client: Client) -> None:
    key = (str(told["method"]), str(told["path"]))
    operation = next((o for o in server.bundle.operations if (o.method, o.path) == key), None)
    if operation is None or not _has_examples(_asked(operation)):
        return
    name = str(told["call"])
    try:
        call = full_call(told, server.bundle, operation, sdk.module)
    except (ValidationError, ImpossibleError, StopIteration, KeyError, AssertionError) as error:
        found.unfit.append(f"{name}: {error!r}")
        return
    before = len(server.requests)
    try:
        result = call.on(client)
        if isinstance(result, Stream):
            result.close()
    except ConfigurationError as error:
        found.unfit.append(f"{name}: {error}")
        return
    except ClientError as error:
        if len(server.requests) == before:
            found.refused.append(f"{name}: {error!r}")
            return
    sent = server.last
    if not sent.problems:
        found.accepted += 1
    elif sent.content and _is_as_meant(sent.content, operation, server.bundle, told):
        found.unfit.append(f"{name}: the example does not fit: {sent.problems}")
    elif sent.content.startswith(b"--") and all(_NO_TYPE in each for each in sent.problems):
        found.unfit.append(f"{name}: the judge takes parts for text: {sent.problems}")
    else:
        found.refused.append(
            f"{name}: {sent.method} {sent.target} {sent.content!r} {sent.problems}"
        )


_NO_TYPE = "is not of type"


def _is_as_meant(content: bytes, operation: Operation, document: Bundle, told: Node) -> bool:
    """Whether exactly the value that was given was sent, so that the document forbids that."""
    media = operation.media_types[str(mapping(told["body"])["default"])]
    with suppress(ValueError):
        return bool(json.loads(content) == Values(document, "request").of_media_type(media))
    return False


def _asked(operation: Operation) -> Json:
    return [*operation.parameters, operation.node.get("requestBody")]


def _has_examples(node: Json) -> bool:
    if isinstance(node, list):
        return any(map(_has_examples, node))
    if not isinstance(node, dict):
        return False
    return "example" in node or "examples" in node or any(map(_has_examples, node.values()))


def _credentials(client: Callable[..., object]) -> dict[str, str]:
    parameters = inspect.signature(client).parameters.values()
    named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    return {name: f"a-{name}" for name in named if name not in _NO_CREDENTIALS}


_NO_CREDENTIALS = {"base_url", "server", "server_variables", "webhook_secret"}


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list), value
    return value
