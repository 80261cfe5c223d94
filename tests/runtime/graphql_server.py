"""A GraphQL server in memory, which graphql-core runs the operations of."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import graphql
import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = graphql.build_schema(
    """
    scalar Upload
    type Pet { id: ID! name: String! owner: String }
    input NewPet { name: String! tags: [String!] }
    type Query { pet(id: ID!): Pet pets(limit: Int): [Pet!]! }
    type Mutation {
        add(pet: NewPet!): Pet!
        measure(photos: [Upload!]!, cover: Upload): [Int!]!
    }
    type Subscription { born(count: Int!): Pet! }
    """
)
NAMES = {"7": "Rex", "8": "Tom"}


def pet_of(number: str) -> dict[str, object]:
    return {"id": number, "name": NAMES[number], "owner": lambda _: secret()}


def secret() -> str:
    raise graphql.GraphQLError("it is a secret", extensions={"code": "FORBIDDEN"})


class Root:
    """What the fields of the schema give."""

    def __init__(self, server: GraphQLServer) -> None:
        self._server = server
        self.born_now: dict[str, object] | None = None

    def pet(self, _: Any, id: str) -> object:  # noqa: A002
        return pet_of(id) if id in NAMES else None

    def pets(self, _: Any, limit: int = 10) -> object:
        return [pet_of(number) for number in list(NAMES)[:limit]]

    def add(self, _: Any, pet: dict[str, Any]) -> object:
        self._server.added.append(pet)
        return {"id": "9", "name": pet["name"]}

    def measure(self, _: Any, photos: list[bytes], cover: bytes | None = None) -> list[int]:
        return [len(photo) for photo in [*photos, *([cover] if cover else [])]]

    def born(self, _: Any, count: int) -> object:
        return self.born_now


class GraphQLServer:
    """Answers requests as "GraphQL over HTTP" and its relatives have it.

    Attributes:
        statuses: Statuses that the next requests are refused with.
        requests: What was asked.
        added: Pets that were added.
    """

    def __init__(self, *statuses: int, knows_hashes: bool = True) -> None:
        self.statuses = list(statuses)
        self.knows_hashes = knows_hashes
        self.requests: list[httpx.Request] = []
        self.added: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self._documents: dict[str, str] = {}

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.statuses:
            return httpx.Response(self.statuses.pop(0), json={"message": "busy"})
        told = self._told(request)
        if isinstance(told, list):
            return httpx.Response(200, json=[self._run(one) for one in told])
        if request.headers["accept"].startswith("text/event-stream"):
            return self._stream(told)
        answer = self._run(told)
        # A request that cannot be run at all has no data (GraphQL over HTTP, section 6.4).
        status = 200 if "data" in answer or "PersistedQuery" in json.dumps(answer) else 400
        kind = {"Content-Type": "application/graphql-response+json", **self.headers}
        return httpx.Response(status, content=json.dumps(answer), headers=kind)

    def _told(self, request: httpx.Request) -> Any:
        if request.method == "GET":
            members = {k: v[0] for k, v in parse_qs(request.url.query.decode()).items()}
            return {k: v if k == "query" else json.loads(v) for k, v in members.items()}
        if request.headers["content-type"].startswith("multipart/"):
            return uploaded(request)
        return json.loads(request.content)

    def _run(self, told: dict[str, Any], root: Root | None = None) -> dict[str, Any]:
        persisted = told.get("extensions", {}).get("persistedQuery")
        document = told.get("query")
        if persisted is not None:
            if not self.knows_hashes:
                if document is None:
                    return fault("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
            elif document is None:
                document = self._documents.get(persisted["sha256Hash"])
                if document is None:
                    return fault("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
            else:
                assert hashlib.sha256(document.encode()).hexdigest() == persisted["sha256Hash"]
                self._documents[persisted["sha256Hash"]] = document
        result = graphql.graphql_sync(
            SCHEMA,
            document or "",
            root or Root(self),
            variable_values=told.get("variables"),
            operation_name=told.get("operationName"),
        )
        answer: dict[str, Any] = dict(result.formatted)
        if answer.get("data") is None and result.errors and not result.errors[0].path:
            answer.pop("data")
        return answer

    def _stream(self, told: dict[str, Any]) -> httpx.Response:
        checked = self._run({**told, "query": "{ __typename }", "variables": {}})
        errors = graphql.validate(SCHEMA, graphql.parse(told["query"]))
        if errors:
            checked = {"errors": [error.formatted for error in errors]}
            return httpx.Response(400, json=checked)
        root, lines = Root(self), [": welcome\n\n"]
        for number in range(told["variables"]["count"]):
            owner = {"owner": lambda _: secret()} if number == 1 else {}
            root.born_now = {"id": str(number), "name": f"pet {number}", **owner}
            document = graphql.parse(told["query"])
            result = graphql.execute_sync(SCHEMA, document, root, variable_values=told["variables"])
            lines.append(f"event: next\ndata: {json.dumps(result.formatted)}\n\n")
        lines.append("event: complete\ndata:\n\nevent: next\ndata: never\n\n")
        kind = {"Content-Type": "text/event-stream"}
        return httpx.Response(200, content="".join(lines).encode(), headers=kind)


def fault(message: str, code: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def uploaded(request: httpx.Request) -> dict[str, Any]:
    """The operation of a multipart request, with bytes in the places of its files."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message: Any = BytesParser(policy=HTTP).parsebytes(head + request.content)
    contents: dict[str, bytes] = {
        re.findall(r'name="([^"]*)"', part["content-disposition"])[0]: part.get_payload(decode=True)
        for part in message.iter_parts()
    }
    # The order is prescribed, so that servers need not keep files while they wait for the rest.
    assert list(contents)[:2] == ["operations", "map"]
    operation: dict[str, Any] = json.loads(contents["operations"])
    for name, paths in json.loads(contents["map"]).items():
        for path in paths:
            *way, last = path.split(".")
            place: Any = operation
            for step in way:
                place = place[int(step)] if isinstance(place, list) else place[step]
            at = int(last) if isinstance(place, list) else last
            assert place[at] is None
            place[at] = contents[name]
    return operation


@contextmanager
def over_sockets(server: GraphQLServer) -> Iterator[str]:
    """The URL of a server that answers over loopback as this one does in memory."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            url = f"http://{self.headers['host']}{self.path}"
            answer = server(httpx.Request("POST", url, headers=dict(self.headers), content=body))
            self.send_response_only(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}"
    listening.shutdown()
    thread.join()
    listening.server_close()
