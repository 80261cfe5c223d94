"""`AsyncClient` is `Client` plus `await`, and nothing else."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from importlib.util import find_spec

import pytest

from clientgen_runtime import (
    _async_pool,
    _client,
    _connection,
    _connector,
    _network,
    _oauth_steps,
    _pages,
    _pool,
    _raw,
    _streams,
    _transport,
    graphql,
)

PAIRS = [
    (_client.Client, _client.AsyncClient),
    (_client.Resource, _client.AsyncResource),
    (_pages.Page, _pages.AsyncPage),
    (_transport.Transport, _transport.AsyncTransport),
    (_network.Stream, _network.AsyncStream),
    (_network.Backend, _network.AsyncBackend),
    (_connection.Connection, _connection.AsyncConnection),
    (_connector.Connector, _connector.AsyncConnector),
    (_pool.Pool, _async_pool.AsyncPool),
    (_pool.Lease, _async_pool.AsyncLease),
    (_pool.PooledTransport, _async_pool.AsyncPooledTransport),
    (_raw.StreamedCall, _raw.AsyncStreamedCall),
    (_oauth_steps.Performer, _oauth_steps.AsyncPerformer),
    (graphql.GraphQL, graphql.AsyncGraphQL),
    (_raw.StreamedCalls, _raw.AsyncStreamedCalls),
    (_streams.Source, _streams.AsyncSource),
]
if find_spec("h2") is not None:
    from clientgen_runtime import _async_multiplex, _multiplex

    PAIRS += [
        (_multiplex.SharedConnection, _async_multiplex.AsyncSharedConnection),
        (_multiplex.Body, _async_multiplex.AsyncBody),
        (_multiplex.HTTP2Pool, _async_multiplex.AsyncHTTP2Pool),
    ]
RENAMED = {
    "asyncio": "time",
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "handle_async_request": "handle_request",
    "async_transport": "sync_transport",
    "SyncByteStream": "ByteStream",
    "SyncBackend": "Backend",
    "AnyIOBackend": "Backend",
    "open_async_transport": "open_transport",
    "open_async_stream": "open_stream",
    "_async_streamed": "_streamed",
    "open_async_list": "open_list",
    "AsyncPaginator": "Page",
    "aiter_stream": "iter_stream",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "_async_owner": "_owner",
    "async_turns": "turns",
    "_async_turns": "_turns",
    "_async_enter": "_enter",
    "_async_shield": "_shield",
    "_async_wire": "_wire",
    "_async_wait": "_wait",
    "anyio": "threading",
    "asynccontextmanager": "contextmanager",
    "aiter_bytes": "iter_bytes",
    "_aframes": "_frames",
    "afinish": "finish",
    "asave": "save",
    "aiter": "iter",
    "anext": "next",
    "async_settle": "settle",
    "async_sleep": "sleep",
    "renew_async": "renew",
    "async_call": "call",
    "arun": "run",
    "aread": "read",
}
# Examples in docstrings are held equal, too: `(await aclient.get("/pets")).json()`.
AWAITING = re.compile(r"Async|\basync |\(?\bawait |\ba(?=client\b|iter_)|(?<=\))\)(?=\.)")


class RemoveAsync(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if isinstance(value, str):
                renamed = RENAMED.get(value, value)
                setattr(node, name, AWAITING.sub("", renamed))
        visited: ast.AST = super().visit(node)
        return visited

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit(ast.FunctionDef(**dict(ast.iter_fields(node))))

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self.visit(ast.For(**dict(ast.iter_fields(node))))

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        return self.visit(ast.With(**dict(ast.iter_fields(node))))


def members(cls: type) -> list[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    definition = tree.body[0]
    assert isinstance(definition, ast.ClassDef)
    # The docstring of the class may differ: it speaks of threads or of tasks.
    return [
        ast.unparse(ast.fix_missing_locations(RemoveAsync().visit(node)))
        for node in definition.body[1:]
    ]


@pytest.mark.parametrize(("sync", "twin"), PAIRS, ids=lambda cls: cls.__name__)
def test_the_async_class_is_the_sync_class_with_awaits(sync: type, twin: type) -> None:
    assert members(twin) == members(sync)
