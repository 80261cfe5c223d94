"""Every operation of every sample document works, against a server that judges requests."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import TypeAdapter

import clientgen_runtime
from clientgen_runtime import HTTPError
from clientgen_runtime._pages import BasePage
from tests.support.calls import Call, evaluated, full_call
from tests.support.document import Node, mapping
from tests.support.generated import Sdk, generated
from tests.support.samples import DOCUMENTS, SAMPLES, sample
from tests.support.server import DocumentServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


OPERATIONS = [
    pytest.param(
        name, operation.method, operation.path, id=f"{name} {operation.method} {operation.path}"
    )
    for name in DOCUMENTS
    for operation in sample(name).operations
]
EVERY = pytest.mark.parametrize(("name", "method", "path"), OPERATIONS)

# Deprecated operations are called, too.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, DocumentServer]]:
    running = {name: DocumentServer(sample(name)) for name in DOCUMENTS}
    for server in running.values():
        server.__enter__()
    yield running
    for server in running.values():
        server.__exit__(None, None, None)


def told(sdk: Sdk, method: str, path: str) -> Node:
    operations = sdk.inspection["operations"]
    assert isinstance(operations, list)
    return next(o for o in map(mapping, operations) if (o["method"], o["path"]) == (method, path))


def sdk_and_call(name: str, method: str, path: str) -> tuple[Sdk, Call, str]:
    sdk = generated(SAMPLES / name)
    operation = told(sdk, method, path)
    document = sample(name)
    call = full_call(operation, document, document.operation(method, path), sdk.module)
    return sdk, call, str(operation["returns"])


def credentials(client: Callable[..., object]) -> dict[str, str]:
    """A value for every credential that the client's constructor takes."""
    parameters = inspect.signature(client).parameters.values()
    named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "base_url"]
    return {name: f"a-{name}" for name in named if name not in {"server", "server_variables"}}


def error_class(status: int) -> type[HTTPError]:
    """The class of an error, by the table of the runtime's documentation."""
    named = {
        400: "BadRequestError",
        401: "AuthenticationError",
        403: "ForbiddenError",
        404: "NotFoundError",
        409: "ConflictError",
        422: "UnprocessableEntityError",
        429: "RateLimitError",
    }
    other = "ServerError" if status >= 500 else "ClientResponseError"
    found: type[HTTPError] = getattr(clientgen_runtime, named.get(status, other))
    return found


def check(server: DocumentServer, result: object, returns: str, sdk: Sdk) -> None:
    assert server.last.problems == ()
    kind = evaluated(returns, sdk.module)
    if isinstance(result, BasePage):
        item, *body = get_args(kind)
        for each in result.items:
            TypeAdapter(item).validate_python(each, strict=True)
        kind, result = body[0] if body else Any, result.body
    TypeAdapter(kind).validate_python(result, strict=True)


@EVERY
def test_a_sync_call_is_accepted_and_returns_the_declared_type(
    servers: dict[str, DocumentServer], name: str, method: str, path: str
) -> None:
    sdk, call, returns = sdk_and_call(name, method, path)

    with sdk.client(base_url=servers[name].url, **credentials(sdk.client)) as client:
        result = call.on(client)

    check(servers[name], result, returns, sdk)


@EVERY
def test_an_async_call_is_accepted_and_returns_the_declared_type(
    servers: dict[str, DocumentServer], name: str, method: str, path: str
) -> None:
    sdk, call, returns = sdk_and_call(name, method, path)

    async def do() -> object:
        async with sdk.async_client(
            base_url=servers[name].url, **credentials(sdk.async_client)
        ) as client:
            return await call.on(client)

    check(servers[name], asyncio.run(do()), returns, sdk)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_operation_is_missing(name: str) -> None:
    operations = generated(SAMPLES / name).inspection["operations"]
    assert isinstance(operations, list)
    emitted = {(o["method"], o["path"]) for o in map(mapping, operations)}

    assert emitted == {(o.method, o.path) for o in sample(name).operations}


ERRORS = [
    pytest.param(name, o.method, o.path, status, id=f"{name} {o.method} {o.path} {status}")
    for name in DOCUMENTS
    for o in sample(name).operations
    for status in o.responses
    if not status.startswith("2")
]


@pytest.mark.parametrize(("name", "method", "path", "status"), ERRORS)
def test_a_declared_error_is_raised_with_its_declared_body(
    name: str, method: str, path: str, status: str
) -> None:
    sdk, call, _ = sdk_and_call(name, method, path)
    declared = mapping(mapping(told(sdk, method, path)["responses"])[status])
    body = next(iter(declared.values()), "None")

    with DocumentServer(sample(name), status=status) as server:
        options = {"base_url": server.url, "retry": None, **credentials(sdk.client)}
        with sdk.client(**options) as client, pytest.raises(HTTPError) as raised:
            call.on(client)

    assert type(raised.value) is error_class(raised.value.status_code)
    check(server, raised.value.body, str(body), sdk)
