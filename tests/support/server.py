"""A server that answers as a document says, on a real socket, and judges every request by it."""

from __future__ import annotations

import json
import re
import traceback
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.datastructures import Headers

from tests.support.document import Bundle, Json, Operation, mapping
from tests.support.judge import Answer, Judge
from tests.support.values import Values

if TYPE_CHECKING:
    from types import TracebackType

_ACTUAL = {"default": "500", "5XX": "503", "4XX": "418", "2XX": "202"}


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire.

    Attributes:
        method: HTTP method.
        target: Path and query, still percent-encoded.
        headers: Header fields, names in any case.
        content: The body's bytes.
        operation: What the document calls it; `None` when it knows no such request.
        problems: What the document forbids about it; empty for a good request.
    """

    method: str
    target: str
    headers: Headers
    content: bytes
    operation: Operation | None
    problems: tuple[str, ...]

    @property
    def json(self) -> Json:
        """The body, read as JSON."""
        value: Json = json.loads(self.content)
        return value

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values of the query, decoded, in the order of the request."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


@dataclass
class DocumentServer:
    """Serves a document on a free port of the loopback interface while its `with` block runs.

    Attributes:
        bundle: The document.
        requests: All requests so far, the newest last.
        status: Answer with this declared status, such as `404`, instead of the first 2xx.
        answer: Answer this whatever the document declares.
    """

    bundle: Bundle
    requests: list[Received] = field(default_factory=list)
    status: str | None = None
    answer: Answer | None = None

    def __enter__(self) -> DocumentServer:
        handler = type("Handler", (_Handler,), {"served": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        # Closing must not wait for a client that keeps its connection open.
        self._http.block_on_close = False
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where the server is found; the paths of the document begin there."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def last(self) -> Received:
        """The newest request."""
        return self.requests[-1]

    def receive(self, method: str, target: str, headers: Headers, content: bytes) -> Answer:
        """Judge a request and answer it; a bad one gets a 418 that says what is wrong."""
        operation, path = self._route(method, target)
        problems = [f"the document has no {method} {target}"]
        if operation is not None:
            problems = self._judged(operation, path, target, headers, content)
        self.requests.append(Received(method, target, headers, content, operation, tuple(problems)))
        if operation is None or problems:
            complaint = json.dumps({"problems": problems}).encode()
            return Answer("418", complaint, "application/json")
        return self.answer or declared_answer(self.bundle, operation, self.status)

    def _judged(self, *request: Any) -> list[str]:
        try:
            return self._judge.request_problems(*request)
        except Exception:  # noqa: BLE001 - the test has to hear of it, not the client's retries
            return [traceback.format_exc()]

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.bundle)

    def _route(self, method: str, target: str) -> tuple[Operation | None, dict[str, str]]:
        """The operation whose path template matches and is most concrete (OpenAPI 3.1, 4.8.8).

        Some documents write a query into the path, with fixed values or with parameters.
        """
        path, _, query = target.partition("?")
        sent = dict(parse_qsl(query, keep_blank_values=True))
        for operation in self._most_concrete_first:
            template, _, stated = operation.path.partition("?")
            match = operation.method == method and _template(template).fullmatch(path)
            pairs = dict(parse_qsl(stated))
            if match and all(sent.get(k) == v or v.startswith("{") for k, v in pairs.items()):
                names = re.findall(r"\{([^{}]*)\}", template)
                found = dict(zip(names, map(unquote, match.groups()), strict=True))
                in_query = {v[1:-1]: sent[k] for k, v in pairs.items() if v[0] == "{" and k in sent}
                return operation, found | in_query
        return None, {}

    @cached_property
    def _most_concrete_first(self) -> list[Operation]:
        operations = self.bundle.operations
        return sorted(operations, key=lambda o: (o.path.count("{"), -o.path.count("=")))


def declared_answer(bundle: Bundle, operation: Operation, status: str | None = None) -> Answer:
    """The answer that a document declares for a status, else for its first 2xx one."""
    chosen = status or next((s for s in operation.responses if s.startswith("2")), "200")
    content = mapping(operation.responses.get(chosen, {}).get("content", {}))
    code = _ACTUAL.get(chosen, chosen)
    for media_type, media in content.items():
        value = Values(bundle, "response").of_media_type(mapping(media))
        text = value if media_type.startswith("text/") else json.dumps(value, ensure_ascii=False)
        return Answer(code, str(text).encode(), media_type)
    return Answer(code)


def _template(path: str) -> re.Pattern[str]:
    """What a path template matches in a request; a parameter holds no raw slash."""
    return re.compile(r"([^/?#]+)".join(map(_literal, re.split(r"\{[^{}]*\}", path))))


def _literal(text: str) -> str:
    """Literal text, each character of which may come percent-encoded."""
    codes = ("".join(f"%{byte:02X}" for byte in character.encode()) for character in text)
    pairs = zip(text, codes, strict=True)
    return "".join(f"(?:{re.escape(raw)}|(?i:{code}))" for raw, code in pairs)


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[DocumentServer]
    protocol_version = "HTTP/1.1"
    # Headers and body are two packets; Nagle's algorithm would hold the second back for 40 ms.
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> object:
        """Any method, `QUERY` and `COPY` too."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = Headers(list(self.headers.items()))
        answer = self.served.receive(self.command, self.path, headers, content)
        self.send_response(int(answer.status))
        if answer.media_type:
            self.send_header("Content-Type", answer.media_type)
        if answer.status != "204":
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Tests speak for themselves."""
