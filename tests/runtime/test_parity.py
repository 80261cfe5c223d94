"""`AsyncClient` is `Client` plus `await`, and nothing else."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from importlib.util import find_spec

import pytest

from clientgen_runtime import _client, _pages, _raw, _streams, graphql
from clientgen_runtime._net import async_pool, connection, connector, network, pool, transport
from clientgen_runtime._oauth import steps

PAIRS = [
    (_client.Client, _client.AsyncClient),
    (_client.Resource, _client.AsyncResource),
    (_pages.Page, _pages.AsyncPage),
    (transport.Transport, transport.AsyncTransport),
    (network.Stream, network.AsyncStream),
    (network.Backend, network.AsyncBackend),
    (connection.Connection, connection.AsyncConnection),
    (connector.Connector, connector.AsyncConnector),
    (pool.Pool, async_pool.AsyncPool),
    (pool.Lease, async_pool.AsyncLease),
    (pool.PooledTransport, async_pool.AsyncPooledTransport),
    (_raw.StreamedCall, _raw.AsyncStreamedCall),
    (steps.Performer, steps.AsyncPerformer),
    (graphql.GraphQL, graphql.AsyncGraphQL),
    (_raw.StreamedCalls, _raw.AsyncStreamedCalls),
    (_streams.Source, _streams.AsyncSource),
]
if find_spec("h2") is not None:
    from clientgen_runtime._net import async_multiplex, multiplex

    PAIRS += [
        (multiplex.SharedConnection, async_multiplex.AsyncSharedConnection),
        (multiplex.Body, async_multiplex.AsyncBody),
        (multiplex.HTTP2Pool, async_multiplex.AsyncHTTP2Pool),
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
    "async_is_here": "is_here",
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
